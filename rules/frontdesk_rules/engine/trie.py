"""Path prefixes as a tree of segments: a page asks only along its own path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Trie(Generic[T]):
    """Built once, then only read."""

    here: list[T] = field(default_factory=list)
    below: dict[str, Trie[T]] = field(default_factory=dict)

    def add(self, path: str, value: T) -> None:
        """`path` is a normal one: `/` or `/docs/install`."""
        node = self
        for segment in _segments(path):
            node = node.below.setdefault(segment, Trie())
        node.here.append(value)

    def along(self, path: str) -> Iterator[list[T]]:
        """What was added for the path and for every path above it."""
        node = self
        if node.here:
            yield node.here
        for segment in _segments(path) if node.below else ():
            found = node.below.get(segment)
            if found is None:
                return
            node = found
            if node.here:
                yield node.here


def _segments(path: str) -> list[str]:
    return path[1:].split("/") if len(path) > 1 else []
