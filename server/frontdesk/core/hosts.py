"""The names of hosts as browsers and resolvers spell them: in ASCII."""


def in_ascii(label: str) -> str:
    """One part of a host's name; UnicodeError where no host has it.

    >>> in_ascii("straße"), in_ascii("Shop")
    ('xn--strae-oqa', 'Shop')
    """
    if label.isascii():
        return label.encode("idna").decode()
    import idna  # its tables are large, and few names need them

    try:
        return idna.encode(label, uts46=True).decode()
    except idna.IDNAError:
        return label.encode("idna").decode()  # what is newer than its rules, such as emoji, has a name all the same
