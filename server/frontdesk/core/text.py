"""Text at the border: NUL and lone surrogates out, NFC, cut to the field's length."""

import unicodedata


def clean(text: str, most: int) -> str:
    """`text` as we keep it: at most `most` characters.

    >>> clean("e\\u0301\\x00", 10) == "é"
    True
    """
    if text.isascii():
        return text.replace("\x00", "")[:most]
    sound = text.encode("utf-8", "ignore").decode().replace("\x00", "")
    return unicodedata.normalize("NFC", sound)[:most]
