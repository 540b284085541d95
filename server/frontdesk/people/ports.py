"""What people asks of the rooms above it."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

CountConversations = Callable[[Session, Collection[str]], Mapping[str, int]]
"""Visitor ids → how many conversations each has had; absent means none. One query."""

Joined = Callable[[Session, str, Collection[str], datetime], None]
"""`joined(session, workspace_id, person_ids, now)`, in the transaction of a merge or of its undoing: somebody is more,
or less, than before. The ids are the person's, as it was and as it is."""
