"""Pure decisions about who is who.

Two user ids never share a visitor: a link that counts is never moved to another contact. A mere claim gives
way to what a server says of the same visitor: else one who has only heard of its name could take it away for good.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Link:
    """Whom a visitor is recognised as; `verified` where more than its own browser says so."""

    contact_id: str | None = None
    verified: bool = False


NOBODY = Link()


class Word(StrEnum):
    """On whose word a visitor is to be recognised as a contact."""

    CLAIM = "claim"  # its browser's, which may name anybody
    MATCH = "match"  # ours: a verified sender gave both the same e-mail
    SERVER = "server"  # a verified sender's, which named both
    TEAMMATE = "teammate"


class Recognised(StrEnum):
    """What became of it."""

    LINKED = "linked"
    CONFIRMED = "confirmed"
    MOVED = "moved"  # to whom a server names; the claim that it was somebody else is undone
    KNOWN = "known"
    SOMEBODY_ELSE = "somebody_else"
    TOLD_APART = "told_apart"


CHANGES = frozenset({Recognised.LINKED, Recognised.CONFIRMED, Recognised.MOVED})
_OVERRULES = frozenset({Word.SERVER, Word.TEAMMATE})


def recognise(link: Link, contact_id: str, word: Word, *, apart: bool) -> Recognised:
    """What becomes of a visitor with this link when `word` says that it is this contact.

    `apart`: a teammate undid a merge of the two. The claim that had made it then counts no more, nor does an e-mail
    that both have; a verified sender that names both does.

    >>> recognise(NOBODY, "con_1", Word.CLAIM, apart=False).value
    'linked'
    >>> recognise(Link("con_1"), "con_2", Word.TEAMMATE, apart=False).value
    'somebody_else'
    >>> recognise(Link("con_1"), "con_2", Word.SERVER, apart=False).value
    'moved'
    """
    if link.contact_id is None:
        return Recognised.TOLD_APART if apart and word not in _OVERRULES else Recognised.LINKED
    if link.contact_id != contact_id:
        gives_way = word is Word.SERVER and not link.verified
        return Recognised.MOVED if gives_way else Recognised.SOMEBODY_ELSE
    return Recognised.KNOWN if link.verified or word is Word.CLAIM else Recognised.CONFIRMED


def linked(contact_id: str, word: Word) -> Link:
    """The link that `word` makes or confirms."""
    return Link(contact_id, verified=word is not Word.CLAIM)


def met(link: Link) -> Link:
    """What is left of a visitor's link when a browser asks for the first token of that name: a claim.

    Whatever was said of it before was said of a name, which others may know as well.
    """
    return Link(link.contact_id)
