"""What may be said in the log of an error of ours, whose own words may repeat what people wrote."""

from traceback import walk_tb
from typing import Final

_OURS: Final = "frontdesk"


def place_of(error: BaseException) -> str:
    """Where in our own modules it was raised, or called what raised it: function and line.

    >>> place_of(ValueError("never raised"))
    'nowhere'
    """
    frames = [
        (frame.f_globals.get("__name__", ""), frame.f_code.co_name, line)
        for frame, line in walk_tb(error.__traceback__)
    ]
    ours = [frame for frame in frames if frame[0].startswith(_OURS)] or frames
    return f"{ours[-1][1]}:{ours[-1][2]}" if ours else "nowhere"
