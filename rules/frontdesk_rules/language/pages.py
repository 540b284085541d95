"""Triggers of a page: opened, seen for a while, scrolled, about to be left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, Literal, TypeAlias

from frontdesk_rules.facts.moments import Moment
from frontdesk_rules.urls import globbed, normal_path
from frontdesk_rules.words import Words, glob_words, joined, same, span

Paths: TypeAlias = tuple[str, ...]
LONGEST_DWELL_S: Final = 86_400  # a session ends after a day at most, and visible time counts within one
DEEPEST_SCROLL: Final = 100


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
        return {self.kind: {"path": paths_written(self.paths)} if self.paths else {}}

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
        return {self.kind: {**_path_of(self.paths), "seconds": self.seconds}}

    def words(self) -> Words:
        said = (
            Words("After {t} on {p}", "在 {p} 停留 {t}后")
            if self.paths
            else Words("After {t} on a page", "在任意页面停留 {t}后")
        )
        return said.fill_all(t=span(self.threshold_ms), p=path_words(self.paths))


@dataclass(frozen=True, slots=True)
class ScrollTrigger:
    """A page was seen down to so many percent of its height: once for each crossing."""

    kind: ClassVar[Literal["scroll"]] = "scroll"
    by_key: ClassVar[bool] = False
    percent: int
    paths: Paths = ()

    @property
    def key(self) -> str:
        return self.kind

    def matches(self, moment: Moment) -> bool:
        return (
            moment.kind == self.kind
            and reached(self.percent, moment.scroll_before, moment.scroll or 0)
            and self.concerns(moment.path)
        )

    def concerns(self, path: str | None) -> bool:
        return on_path(self.paths, path)

    def to_tree(self) -> dict[str, object]:
        return {self.kind: {**_path_of(self.paths), "percent": self.percent}}

    def words(self) -> Words:
        page = path_words(self.paths) if self.paths else Words("a page", "任意页面")
        said = Words("When someone scrolls {n} % down {p}", "当有人在 {p} 滚动到 {n}%")
        return said.fill_all(n=same(str(self.percent)), p=page)


@dataclass(frozen=True, slots=True)
class ExitIntentTrigger:
    """The pointer left for the tab bar, or the hand for the back gesture: about to leave the page."""

    kind: ClassVar[Literal["exit_intent"]] = "exit_intent"
    paths: Paths = ()

    @property
    def key(self) -> str:
        return self.kind

    @property
    def by_key(self) -> bool:
        return not self.paths

    def matches(self, moment: Moment) -> bool:
        return moment.kind == self.kind and self.concerns(moment.path)

    def concerns(self, path: str | None) -> bool:
        return on_path(self.paths, path)

    def to_tree(self) -> dict[str, object]:
        return {self.kind: _path_of(self.paths)}

    def words(self) -> Words:
        page = path_words(self.paths) if self.paths else Words("a page", "页面")
        return Words("When someone is about to leave {p}", "当有人准备离开 {p}").fill_all(p=page)


def reached(threshold: float, before: float, now: float) -> bool:
    """Whether visible time, or scroll depth, crossed a threshold just now."""
    return before < threshold <= now


def on_path(patterns: Paths, path: str | None) -> bool:
    """Whether one of the globs matches; no globs match any page."""
    if not patterns or path is None:
        return not patterns
    here = normal_path(path)
    for pattern in patterns:  # noqa: SIM110  asked of each candidate of each moment: a generator costs more than it
        if globbed(pattern)(here):
            return True
    return False


def path_words(paths: Paths) -> Words:
    return joined([glob_words(path) for path in paths], Words(" or ", " 或 "))


def paths_written(paths: Paths) -> object:
    return paths[0] if len(paths) == 1 else list(paths)


def _path_of(paths: Paths) -> dict[str, object]:
    return {"path": paths_written(paths)} if paths else {}
