"""What may be said in the log of an error of ours, whose own words may repeat what people wrote."""

import traceback
from typing import Final

_OURS: Final = "frontdesk"


def place_of(error: BaseException) -> str:
    """Where in our own code it was raised, or called what raised it: function and line."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _OURS in frame.filename] or list(frames)
    return f"{ours[-1].name}:{ours[-1].lineno}" if ours else "nowhere"
