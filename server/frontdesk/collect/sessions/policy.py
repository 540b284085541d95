"""What a session is held to."""

from datetime import timedelta
from typing import Final

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=24)
MOST_PATHS: Final = 256  # whose visible time a session keeps
MOST_EVENTS: Final = 5_000  # of one stretch of activity that are folded again for one that came late
MOST_SESSIONS: Final = 5_000  # of one person; of whom has more, nothing is cut again
