"""What is wrong with a rule as written: each finding says where, why, and on which line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from frontdesk_rules.full_width import named

Step: TypeAlias = str | int
Path: TypeAlias = tuple[Step, ...]

NOT_YET = "not supported yet: "


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason to refuse a rule. `path` reads like `when.all[1].page.dwell`; `line` counts from 1."""

    path: str
    reason: str
    line: int | None = None
    rule: str | None = None

    def __str__(self) -> str:
        at = f"line {self.line}: " if self.line else ""
        return f"{at}{self.path or 'rule'}: {self.reason}"


class RuleErrors(ValueError):  # noqa: N818 - several findings at once, and the public name says so
    """The rules are refused; `findings` is never empty and in the order of the text."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


def spelled(path: Path) -> str:
    """`("when", "all", 1, "page.dwell")` as `when.all[1].page.dwell`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in the tree being read, and where to put what is wrong there."""

    path: Path = ()
    lines: Mapping[Path, int] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)

    def at(self, *steps: Step) -> Place:
        return Place((*self.path, *steps), self.lines, self.found)

    def refuse(self, reason: str) -> None:
        """Add a finding here."""
        line = next((self.lines[p] for p in self._outwards() if p in self.lines), None)
        self.found.append(Finding(spelled(self.path), reason, line))

    def _outwards(self) -> Iterable[Path]:
        return (self.path[:n] for n in range(len(self.path), -1, -1))

    def mapping(self, tree: object, reason: str = "a mapping is needed here") -> dict[str, object]:
        """The tree as a mapping, or a finding and an empty one."""
        if isinstance(tree, dict):
            return tree
        self.refuse(reason)
        return {}

    def unfolded(self, tree: object, key: str, reason: str = "a mapping is needed here") -> dict[str, object]:
        """A mapping; a text alone is short for `{key: text}`."""
        return {key: tree} if isinstance(tree, str) else self.mapping(tree, reason)

    def sequence(self, tree: object, reason: str = "a list is needed here") -> list[object]:
        if isinstance(tree, list) and tree:
            return tree
        self.refuse(reason if not isinstance(tree, list) else "this list is empty")
        return []

    def text(self, tree: object, reason: str = "text is needed here") -> str | None:
        if isinstance(tree, str) and tree.strip():
            return tree
        self.refuse(reason + in_quotes(tree))
        return None

    def only(self, tree: Mapping[str, object], known: Iterable[str], later: Iterable[str] = ()) -> None:
        """A finding for each key that is not known here; those of a later stage say so."""
        for key in tree:
            if key in known:
                continue
            words = NOT_YET + key if key in later else f"unknown key; known are {', '.join(known)}"
            self.at(key).refuse(named(key) or words)


def in_quotes(value: object) -> str:
    """What to say besides where text is needed and this is a number, as YAML reads `13800138000`."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f': write "{value}" in quotes' if number else ""
