"""What a rule does: frozen values, carried out by whoever holds the database. `read_actions` has their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, Literal, TypeAlias

from frontdesk_rules.words import Localised, Words, same

MESSAGE_CLASSES: Final = ("marketing", "onboarding", "support", "transactional")
STRATEGIES: Final = ("least_busy",)
NAME_PATTERN: Final = r"^[a-z0-9][a-z0-9_-]{0,62}$"
TAG_PATTERN: Final = r"^\S(.{0,62}\S)?$"
LONGEST_MESSAGE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Message:
    """A chat message. `sender` is the name shown (None: the workspace decides); texts are unrendered templates."""

    name: ClassVar[Literal["message"]] = "message"
    shown: ClassVar[bool] = True
    text: Localised
    kind: str = "chat"
    message_class: str = "marketing"
    sender: str | None = None
    reply_label: Localised | None = None

    def to_tree(self) -> dict[str, object]:
        tree: dict[str, object] = {"kind": self.kind, "class": self.message_class}
        if self.sender:
            tree["from"] = {"name": self.sender}
        tree["text"] = self.text.to_tree()
        if self.reply_label:
            tree["reply_label"] = self.reply_label.to_tree()
        return {self.name: tree}

    def words(self) -> Words:
        text = self.text.words()
        return Words(f"say “{_cut(text.en)}”", f"发送“{_cut(text.zh)}”")


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
            f"assign to {_titled(self.team or self.teammate)}",
            f"指派给 {_titled(self.team or self.teammate)}",
        )
        if self.fallback is None:
            return Words(en, zh)
        return Words(f"{en} (else {_titled(self.fallback)})", f"{zh}（无人时转 {_titled(self.fallback)}）")


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


Action: TypeAlias = Message | Assign | Tag | Untag


def _titled(name: str | None) -> str:
    words = (name or "").replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59].rstrip() + "…"  # noqa: PLR2004 - a line of a list
