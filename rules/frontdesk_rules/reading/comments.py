"""Comments of a YAML text, found by where they stand."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode


@dataclass(frozen=True, slots=True)
class Comment:
    """`text` with its `#`, on a line that counts from 1. `alone`: nothing but `indent` stands before it on its line."""

    line: int
    text: str
    alone: bool
    indent: int = 0


def comments_of(text: str) -> list[Comment]:
    """All comments of a YAML text that can be read, in their order."""
    inside = [False] * (len(text) + 1)
    for node in YAML(typ="safe", pure=True).compose_all(io.StringIO(text)):
        for start, end in _scalars(node, text):
            inside[start:end] = [True] * (end - start)
    found, at = [], 0
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        column = _column(line, inside[at : at + len(line)])
        if column is not None:
            alone = not line[:column].strip()
            found.append(Comment(number, line[column:].rstrip(), alone, indent=column if alone else 0))
        at += len(line)
    return found


def _column(line: str, inside: list[bool]) -> int | None:
    """Where a comment begins: at a `#` outside of any value, at the start or after a space."""
    for column, character in enumerate(line):
        if character == "#" and not inside[column] and (column == 0 or line[column - 1] in " \t"):
            return column
    return None


def _scalars(node: Node | None, text: str) -> Iterator[tuple[int, int]]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield from _scalars(key, text)
            yield from _scalars(value, text)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            yield from _scalars(item, text)
    elif isinstance(node, ScalarNode) and node.start_mark is not None:
        start, end = node.start_mark.index, node.end_mark.index
        # A block of text ends where the next thing begins: what follows its last line is not in it.
        yield start, start + len(text[start:end].rstrip()) if node.style in ("|", ">") else end
