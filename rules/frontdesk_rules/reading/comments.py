"""Comments of a YAML text: found by where they stand, and put where the same thing stands in another text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from frontdesk_rules.findings import Path

Lines: TypeAlias = dict[Path, int]


@dataclass(frozen=True, slots=True)
class Comment:
    """`text` with its `#`, on a line that counts from 1. `alone`: nothing stands before it on its line."""

    line: int
    text: str
    alone: bool


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
            found.append(Comment(number, line[column:].rstrip(), alone=not line[:column].strip()))
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


def carried(comments: list[Comment], source: Lines, text: str, target: Lines) -> str:
    """The text with the comments of another that says the same: each before, or at the end of, the line on which
    stands what it is about; or if that has no line of its own here, what holds it."""
    lines = text.splitlines()
    before: dict[int, list[str]] = {}
    behind: dict[int, list[str]] = {}
    for comment in comments:
        spot = _subject(comment, source)
        line = len(lines) + 1 if spot is None else _line(spot, source, target)
        (before if comment.alone or line > len(lines) else behind).setdefault(line, []).append(comment.text)
    out: list[str] = []
    for number, written in enumerate(lines, start=1):
        indent = written[: len(written) - len(written.lstrip())]
        out += [indent + words for words in before.get(number, ())]
        out.append("  ".join([written, *behind.get(number, ())]))
    return "\n".join([*out, *before.get(len(lines) + 1, ())]) + "\n"


def _subject(comment: Comment, source: Lines) -> Path | None:
    """What a comment is about: the outermost thing that begins on its line, or on the next one after it."""
    starts: dict[int, Path] = {}
    for path, line in source.items():
        if path and (line not in starts or len(path) < len(starts[line])):
            starts[line] = path
    if not comment.alone:
        lines = [line for line in starts if line <= comment.line]
        return starts[max(lines)] if lines else None
    lines = [line for line in starts if line > comment.line]
    return starts[min(lines)] if lines else None


def _line(path: Path, source: Lines, target: Lines) -> int:
    """Where the same thing stands in canonical form, in which a list of conditions, and several beside each other, are
    an `all`."""
    here: Path = ()
    for n, step in enumerate(path):
        number = step if isinstance(step, int) else _rank(path[: n + 1], source)
        found = next((spot for spot in ((*here, step), (*here, "all", number)) if spot in target), None)
        if found is None:
            break
        here = found
    return target.get(here, 1)


def _rank(path: Path, source: Lines) -> int:
    """The how-manieth of its mapping it is."""
    beside = [other for other in source if len(other) == len(path) and other[:-1] == path[:-1]]
    return beside.index(path)
