"""Actions that the person does not see: who takes care, what is noted, what others are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from frontdesk_rules.language.actions import cut, titled
from frontdesk_rules.language.literals import Scalar
from frontdesk_rules.words import Localised, Words, joined, same


@dataclass(frozen=True, slots=True)
class Assign:
    """Puts the conversation with a team or a teammate; `fallback` is the team that takes it when nobody there can."""

    name: ClassVar[Literal["assign"]] = "assign"
    shown: ClassVar[bool] = False
    team: str | None = None
    teammate: str | None = None
    strategy: str | None = None
    fallback: str | None = None

    def to_tree(self) -> dict[str, object]:
        keys = ("team", "teammate", "strategy", "fallback")
        return {self.name: {key: value for key in keys if (value := getattr(self, key)) is not None}}

    def words(self) -> Words:
        en, zh = (
            f"assign to {titled(self.team or self.teammate)}",
            f"指派给 {titled(self.team or self.teammate)}",
        )
        if self.fallback is None:
            return Words(en, zh)
        return Words(f"{en} (else {titled(self.fallback)})", f"{zh}（无人时转 {titled(self.fallback)}）")


@dataclass(frozen=True, slots=True)
class Tag:
    """Puts a tag on the person, and on the conversation if there is one."""

    name: ClassVar[Literal["tag"]] = "tag"
    shown: ClassVar[bool] = False
    tag: str

    def to_tree(self) -> dict[str, object]:
        return {self.name: self.tag}

    def words(self) -> Words:
        return Words("tag {t}", "打上标签 {t}").fill_all(t=same(self.tag))


@dataclass(frozen=True, slots=True)
class Untag:
    """Takes a tag off again."""

    name: ClassVar[Literal["untag"]] = "untag"
    shown: ClassVar[bool] = False
    tag: str

    def to_tree(self) -> dict[str, object]:
        return {self.name: self.tag}

    def words(self) -> Words:
        return Words("remove the tag {t}", "移除标签 {t}").fill_all(t=same(self.tag))


@dataclass(frozen=True, slots=True)
class Set:
    """Gives attributes of the contact or company their values; None takes one away."""

    name: ClassVar[Literal["set"]] = "set"
    shown: ClassVar[bool] = False
    values: tuple[tuple[str, Scalar | None], ...]

    def to_tree(self) -> dict[str, object]:
        return {self.name: dict(self.values)}

    def words(self) -> Words:
        said = Words("set {n} to {v}", "将 {n} 设为 {v}")
        gone = Words("clear {n}", "清除 {n}")
        told = [(gone if value is None else said, name, _written(value)) for name, value in self.values]
        each = [words.fill_all(n=same(name), v=same(value)) for words, name, value in told]
        return joined(each, Words(" and ", "，并"))


def _written(value: Scalar | None) -> str:
    """As its author writes it.

    >>> _written(True), _written("pro"), _written(3)
    ('true', 'pro', '3')
    """
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Tells another system, at least once, with the idempotency key. `include` names the fields that go along."""

    name: ClassVar[Literal["webhook"]] = "webhook"
    shown: ClassVar[bool] = False
    url: str
    include: tuple[str, ...] = ()

    def to_tree(self) -> dict[str, object]:
        return {self.name: {"url": self.url} | ({"include": list(self.include)} if self.include else {})}

    def words(self) -> Words:
        return Words("call {u}", "调用 {u}").fill_all(u=same(cut(self.url)))


@dataclass(frozen=True, slots=True)
class Notify:
    """Tells teammates: a team, one of them, or the owner of the contact."""

    name: ClassVar[Literal["notify"]] = "notify"
    shown: ClassVar[bool] = False
    text: Localised
    to: Whom

    def to_tree(self) -> dict[str, object]:
        return {self.name: {**self.to.to_tree(), "text": self.text.to_tree()}}

    def words(self) -> Words:
        return Words("notify {t}", "通知 {t}").fill_all(t=self.to.words())


@dataclass(frozen=True, slots=True)
class Task:
    """Something for a teammate to do, due so long after."""

    name: ClassVar[Literal["task"]] = "task"
    shown: ClassVar[bool] = False
    title: Localised
    to: Whom
    due: str | None = None

    def to_tree(self) -> dict[str, object]:
        tree = {**self.to.to_tree(), "title": self.title.to_tree()}
        return {self.name: tree | ({"due": self.due} if self.due else {})}

    def words(self) -> Words:
        title = self.title.words()
        said = Words("create the task “{t}” for {w}", "为 {w} 创建任务“{t}”")
        return said.fill_all(t=Words(cut(title.en), cut(title.zh)), w=self.to.words())


@dataclass(frozen=True, slots=True)
class Whom:
    """Who among us: a team, a teammate, or (neither) the owner of the contact or company."""

    team: str | None = None
    teammate: str | None = None

    def to_tree(self) -> dict[str, object]:
        if self.team:
            return {"team": self.team}
        return {"teammate": self.teammate} if self.teammate else {"owner": True}

    def words(self) -> Words:
        return same(titled(self.team or self.teammate)) if self.team or self.teammate else Words("the owner", "负责人")


@dataclass(frozen=True, slots=True)
class Segment:
    """Adds the person to a segment that is kept by hand, or removes them from it."""

    name: ClassVar[Literal["segment"]] = "segment"
    shown: ClassVar[bool] = False
    change: str
    segment: str

    def to_tree(self) -> dict[str, object]:
        return {self.name: {self.change: self.segment}}

    def words(self) -> Words:
        added = Words("add to the segment {s}", "加入分群 {s}")
        removed = Words("remove from the segment {s}", "移出分群 {s}")
        return (added if self.change == "add" else removed).fill_all(s=same(self.segment))


@dataclass(frozen=True, slots=True)
class Emit:
    """Makes an event of its own, which may trigger other rules; it carries its cause, so that no loop is endless."""

    name: ClassVar[Literal["emit"]] = "emit"
    shown: ClassVar[bool] = False
    event: str
    properties: tuple[tuple[str, Scalar], ...] = ()

    def to_tree(self) -> dict[str, object]:
        if not self.properties:
            return {self.name: self.event}
        return {self.name: {"event": self.event, "properties": dict(self.properties)}}

    def words(self) -> Words:
        return Words("emit “{e}”", "产生事件“{e}”").fill_all(e=same(self.event))


@dataclass(frozen=True, slots=True)
class Close:
    """Closes the conversation."""

    name: ClassVar[Literal["close"]] = "close"
    shown: ClassVar[bool] = False

    def to_tree(self) -> dict[str, object]:
        return {self.name: {}}

    def words(self) -> Words:
        return Words("close the chat", "关闭对话")
