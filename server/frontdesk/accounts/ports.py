"""What accounts asks of the rooms above it."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class OpenCounts:
    """How many open conversations each teammate and each team has, by id."""

    teammates: dict[str, int]
    teams: dict[str, int]


CountOpen = Callable[[Session, str], OpenCounts]
"""`count_open(session, workspace_id)`."""
