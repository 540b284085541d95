"""What people asks of the rooms above it."""

from collections.abc import Callable, Collection, Mapping

from sqlalchemy.orm import Session

CountConversations = Callable[[Session, Collection[str]], Mapping[str, int]]
"""Visitor ids → how many conversations each has had; absent means none. One query."""
