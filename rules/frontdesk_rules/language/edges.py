"""Triggers that are not about a page: events, calls, conversations, changes, segments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from frontdesk_rules.durations import milliseconds
from frontdesk_rules.facts.catalogue import FieldType, field_of, label_of
from frontdesk_rules.facts.known import KnownFacts
from frontdesk_rules.facts.moments import Moment, View
from frontdesk_rules.language.asking import one_of
from frontdesk_rules.language.conditions import Condition, evaluate
from frontdesk_rules.language.literals import Scalar
from frontdesk_rules.words import Words, joined, same, span


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
        return self.where is None or evaluate(self.where, View(moment, _NOTHING_ELSE)) is True

    def to_tree(self) -> dict[str, object]:
        return {self.kind: self.name} | ({"where": self.where.to_tree()} if self.where else {})

    def words(self) -> Words:
        return Words("When “{e}” happens", "当发生“{e}”").fill_all(e=same(self.name))


_NOTHING_ELSE: Final = KnownFacts({})


@dataclass(frozen=True, slots=True)
class CallTrigger:
    """Code of the customer asked for it by name, in a page or on a server. Its arguments are `event.*`."""

    kind: ClassVar[Literal["call"]] = "call"
    by_key: ClassVar[bool] = True
    name: str

    @property
    def key(self) -> str:
        return f"call:{self.name}"

    def matches(self, moment: Moment) -> bool:
        return moment.kind == self.kind and moment.name == self.name

    def to_tree(self) -> dict[str, object]:
        return {self.kind: self.name}

    def words(self) -> Words:
        return Words("When the code calls “{n}”", "当代码调用“{n}”").fill_all(n=same(self.name))


@dataclass(frozen=True, slots=True)
class ConversationTrigger:
    """A conversation was started, replied to by the person, left waiting for so long, or closed."""

    kind: ClassVar[Literal["conversation"]] = "conversation"
    by_key: ClassVar[bool] = True
    change: str
    after: str | None = None  # how long it waits; for `waiting` only

    @property
    def key(self) -> str:
        return f"conversation:{self.change}"

    def matches(self, moment: Moment) -> bool:
        return moment.kind == self.kind and moment.name == self.change

    def to_tree(self) -> dict[str, object]:
        return {self.kind: self.change} | ({"after": self.after} if self.after else {})

    def words(self) -> Words:
        waited = span(milliseconds(self.after)) if self.after else same("")
        return CHANGES[self.change].fill_all(t=waited)


@dataclass(frozen=True, slots=True)
class ChangeTrigger:
    """An attribute or field of a contact or company got another value. Empty `before` or `after`: whatever it was.

    Of a list, `after` are values of which one was added, `before` values of which one was taken out.
    """

    kind: ClassVar[Literal["change"]] = "change"
    field: str
    before: tuple[Scalar, ...] = ()
    after: tuple[Scalar, ...] = ()

    @property
    def key(self) -> str:
        return f"change:{self.field}"

    @property
    def by_key(self) -> bool:
        return not self.before and not self.after

    def matches(self, moment: Moment) -> bool:
        return (
            moment.kind == self.kind
            and moment.name == self.field
            and _got(moment.after, moment.before, self.after)
            and _got(moment.before, moment.after, self.before)
        )

    def to_tree(self) -> dict[str, object]:
        ends = {"from": self.before, "to": self.after}
        return {self.kind: {"attribute": self.field, **{key: _written(end) for key, end in ends.items() if end}}}

    def words(self) -> Words:
        row = field_of(self.field)
        becomes, ceases = _LISTED if row and row.type is FieldType.LIST else _PLAIN
        said = becomes if self.after else ceases if self.before else Words("When {f} changes", "当{f}发生变化")
        values = joined([same(str(value)) for value in self.after or self.before], Words(" or ", " 或 "))
        return said.fill_all(f=label_of(self.field), v=values)


_PLAIN: Final = (
    Words("When {f} becomes {v}", "当{f}变为 {v}"),
    Words("When {f} is no longer {v}", "当{f}不再为 {v}"),
)
_LISTED: Final = (
    Words("When {v} is added to {f}", "当{f}新增 {v}"),
    Words("When {v} is taken out of {f}", "当{f}移除 {v}"),
)


@dataclass(frozen=True, slots=True)
class SegmentTrigger:
    """Somebody entered or left a segment."""

    kind: ClassVar[Literal["segment"]] = "segment"
    by_key: ClassVar[bool] = False
    change: str
    segment: str

    @property
    def key(self) -> str:
        return f"segment:{self.segment}"

    def matches(self, moment: Moment) -> bool:
        return moment.kind == self.kind and moment.name == self.segment and moment.after is (self.change == ENTERS)

    def to_tree(self) -> dict[str, object]:
        return {self.kind: {self.change: self.segment}}

    def words(self) -> Words:
        said = {
            ENTERS: Words("When someone enters the segment {s}", "当有人进入分群 {s}"),
            LEAVES: Words("When someone leaves the segment {s}", "当有人离开分群 {s}"),
        }
        return said[self.change].fill_all(s=same(self.segment))


ENTERS: Final = "enters"
LEAVES: Final = "leaves"

WAITING: Final = "waiting"
CHANGES: Final = {
    "started": Words("When someone opens a chat", "当有人发起对话"),
    "replied": Words("When someone replies in a chat", "当有人在对话中回复"),
    WAITING: Words("When someone waits {t} for an answer", "当有人等待回复 {t}"),
    "closed": Words("When a chat is closed", "当对话关闭"),
}


def _got(value: object, other: object, wanted: tuple[Scalar, ...]) -> bool:
    """Whether one of these is the value; of lists, whether one is in this list and not in the other."""
    if not wanted or not isinstance(value, _LISTS):
        return not wanted or one_of(value, wanted)
    rest = other if isinstance(other, _LISTS) else (other,)
    return any(one_of(one, value) and not one_of(one, rest) for one in wanted)


_LISTS: Final = (list, tuple, set, frozenset)


def _written(values: tuple[Scalar, ...]) -> object:
    return values[0] if len(values) == 1 else list(values)
