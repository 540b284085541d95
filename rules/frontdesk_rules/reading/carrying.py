"""Comments put where the same thing stands in canonical form, which is opened up as far as they need lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from frontdesk_rules.findings import Path
from frontdesk_rules.reading.comments import Comment

Lines: TypeAlias = dict[Path, int]


@dataclass(frozen=True, slots=True)
class Placed:
    """A comment, and what it is about in canonical form. It goes above that; `behind` it, on its line; or below all of
    it, if it `closes` what holds it. Without a path: to the end of the text."""

    comment: Comment
    path: Path = ()
    behind: bool = False
    closes: bool = False


@dataclass(frozen=True)
class Source:
    """A text with comments: where in it each thing stands, and in which canonical form."""

    text: str
    lines: Lines
    canonical: Lines

    def placed(self, comment: Comment) -> Placed:
        if not comment.alone:
            return self._behind(comment)
        after = [line for line in self._outermost if line > comment.line]
        inner = comment.indent and comment.indent > (self._indent(min(after)) if after else -1)
        if inner and (beside := self._beside(comment)):
            return Placed(comment, beside, closes=True)
        return Placed(comment, self._next(comment.line))

    def _behind(self, comment: Comment) -> Placed:
        """What begins last on its line, or above; it may say what canonical form leaves out, as it goes without
        saying."""
        above = [line for line in self._outermost if line <= comment.line]
        path = self.mapped(self._outermost[max(above)]) if above else ()
        return Placed(comment, path, behind=True) if path else Placed(comment, self._next(comment.line))

    def _next(self, line: int) -> Path:
        """The outermost thing that begins on the next line of which canonical form says anything."""
        later = sorted(number for number in self._outermost if number > line)
        return next(filter(None, (self.mapped(self._outermost[number]) for number in later)), ())

    def _beside(self, comment: Comment) -> Path:
        """The last thing above that begins as far in as the comment, or less."""
        above = sorted((line for line in self._outermost if line < comment.line), reverse=True)
        fits = (line for line in above if self._indent(line) <= comment.indent)
        return next(filter(None, (self.mapped(self._outermost[line]) for line in fits)), ())

    @cached_property
    def _outermost(self) -> dict[int, Path]:
        starts: dict[int, Path] = {}
        for path, line in self.lines.items():
            if path and (line not in starts or len(path) < len(starts[line])):
                starts[line] = path
        return starts

    @cached_property
    def _indents(self) -> list[int]:
        return _indents(self.text)

    def _indent(self, line: int) -> int:
        return self._indents[line - 1]

    def mapped(self, path: Path) -> Path:
        """The same thing in canonical form, in which a list of conditions, and several beside each other, are an
        `all`; or what holds it."""
        here: Path = ()
        for n, step in enumerate(path):
            number = step if isinstance(step, int) else self._rank(path[: n + 1])
            found = next((spot for spot in ((*here, step), (*here, "all", number)) if spot in self.canonical), None)
            if found is None:
                break
            here = found
        return here

    def _rank(self, path: Path) -> int:
        """The how-manieth of its mapping it is."""
        beside = [other for other in self.lines if len(other) == len(path) and other[:-1] == path[:-1]]
        return beside.index(path)


def opened(placed: Iterable[Placed]) -> frozenset[Path]:
    """What must have its parts on lines of their own, so that each comment has a place."""
    return frozenset(one.path[:n] for one in placed for n in range(len(one.path)))


def written(placed: Iterable[Placed], text: str, lines: Lines) -> str:
    """The canonical text with the comments."""
    out, indents = text.splitlines(), _indents(text)
    above: dict[int, list[str]] = {}
    below: dict[int, list[str]] = {}
    for one in placed:
        line = lines[one.path] if one.path else len(out)
        words = " " * (indents[line - 1] if one.path else 0) + one.comment.text
        if one.behind:
            out[line - 1] += f"  {one.comment.text}"
        elif one.path and not one.closes:
            above.setdefault(line, []).append(words)
        else:
            last = max(at for path, at in lines.items() if path[: len(one.path)] == one.path)
            below.setdefault(last, []).append(words)
    return "".join(
        f"{words}\n" for n, line in enumerate(out, 1) for words in (*above.get(n, ()), line, *below.get(n, ()))
    )


def _indents(text: str) -> list[int]:
    return [len(line) - len(line.lstrip()) for line in text.splitlines()]
