"""The edges at which a rule is asked, a class each; `read_triggers` has the row that reads it.

`key` is what a trigger shares with `moment_key` of its moments; `by_key`: all moments of that key are its moments.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, Literal, TypeAlias

from frontdesk_rules.facts.catalogue import KnownFacts
from frontdesk_rules.facts.moments import Moment, View
from frontdesk_rules.language.conditions import Condition, evaluate
from frontdesk_rules.urls import globbed, normal_path
from frontdesk_rules.words import Words, glob_words, joined, same, span

Paths: TypeAlias = tuple[str, ...]
LONGEST_DWELL_S: Final = 86_400  # a session ends after a day at most, and visible time counts within one


@dataclass(frozen=True, slots=True)
class PageTrigger:
    """A page was opened; without paths, any page."""

    kind: ClassVar[Literal["page"]] = "page"
    paths: Paths = ()

    @property
    def key(self) -> str:
        return self.kind

    @property
    def by_key(self) -> bool:
        return not self.paths

    def matches(self, moment: Moment) -> bool:
        return moment.kind == self.kind and on_path(self.paths, moment.path)

    def to_tree(self) -> dict[str, object]:
        return {self.kind: {"path": _written(self.paths)} if self.paths else {}}

    def words(self) -> Words:
        if not self.paths:
            return Words("When someone opens a page", "当有人打开任意页面")
        return Words("When someone opens {p}", "当有人打开 {p}").fill_all(p=path_words(self.paths))


@dataclass(frozen=True, slots=True)
class DwellTrigger:
    """Visible time on a path reached so many seconds: once for each crossing."""

    kind: ClassVar[Literal["dwell"]] = "dwell"
    by_key: ClassVar[bool] = False
    seconds: float
    paths: Paths = ()

    @property
    def key(self) -> str:
        return self.kind

    @property
    def threshold_ms(self) -> int:
        return round(self.seconds * 1000)

    def matches(self, moment: Moment) -> bool:
        return (
            moment.kind == self.kind
            and reached(self.threshold_ms, moment.dwell_before_ms, moment.dwell_ms or 0)
            and self.concerns(moment.path)
        )

    def concerns(self, path: str | None) -> bool:
        """Whether time on this page counts for this trigger."""
        return on_path(self.paths, path)

    def to_tree(self) -> dict[str, object]:
        path = {"path": _written(self.paths)} if self.paths else {}
        return {self.kind: {**path, "seconds": self.seconds}}

    def words(self) -> Words:
        said = (
            Words("After {t} on {p}", "在 {p} 停留 {t}后")
            if self.paths
            else Words("After {t} on a page", "在任意页面停留 {t}后")
        )
        return said.fill_all(t=span(self.threshold_ms), p=path_words(self.paths))


@dataclass(frozen=True, slots=True)
class EventTrigger:
    """A custom event came in, whose properties fit `where`."""

    kind: ClassVar[Literal["event"]] = "event"
    name: str
    where: Condition | None = None

    @property
    def key(self) -> str:
        return f"event:{self.name}"

    @property
    def by_key(self) -> bool:
        return self.where is None

    def matches(self, moment: Moment) -> bool:
        if moment.kind != self.kind or moment.name != self.name:
            return False
        return self.where is None or evaluate(self.where, View(moment, KnownFacts({}))) is True

    def to_tree(self) -> dict[str, object]:
        return {self.kind: self.name} | ({"where": self.where.to_tree()} if self.where else {})

    def words(self) -> Words:
        return Words("When “{e}” happens", "当发生“{e}”").fill_all(e=same(self.name))


@dataclass(frozen=True, slots=True)
class ConversationTrigger:
    """A conversation was started, replied to by the person, or closed."""

    kind: ClassVar[Literal["conversation"]] = "conversation"
    by_key: ClassVar[bool] = True
    change: str

    @property
    def key(self) -> str:
        return f"conversation:{self.change}"

    def matches(self, moment: Moment) -> bool:
        return moment.kind == self.kind and moment.name == self.change

    def to_tree(self) -> dict[str, object]:
        return {self.kind: self.change}

    def words(self) -> Words:
        return CHANGES[self.change]


Trigger: TypeAlias = PageTrigger | DwellTrigger | EventTrigger | ConversationTrigger

CHANGES: Final = {
    "started": Words("When someone opens a chat", "当有人发起对话"),
    "replied": Words("When someone replies in a chat", "当有人在对话中回复"),
    "closed": Words("When a chat is closed", "当对话关闭"),
}


def moment_key(moment: Moment) -> str:
    """The `key` that the triggers of such a moment have."""
    return f"{moment.kind}:{moment.name}" if moment.kind in ("event", "conversation") else moment.kind


def reached(threshold_ms: int, before_ms: int, now_ms: int) -> bool:
    """Whether visible time crossed a threshold just now."""
    return before_ms < threshold_ms <= now_ms


def on_path(patterns: Paths, path: str | None) -> bool:
    """Whether one of the globs matches; no globs match any page."""
    if not patterns:
        return True
    return path is not None and any(globbed(pattern)(normal_path(path)) for pattern in patterns)


def path_words(paths: Paths) -> Words:
    return joined([glob_words(path) for path in paths], Words(" or ", " 或 "))


def _written(paths: Paths) -> object:
    return paths[0] if len(paths) == 1 else list(paths)
