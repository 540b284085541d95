"""Actions that the person sees. Texts are unrendered templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from frontdesk_rules.language.actions import cut
from frontdesk_rules.words import Localised, Words, same

NO_TEXT: Final = Localised()


@dataclass(frozen=True, slots=True)
class Message:
    """A message on the page: its own text, or the key of a saved template. `sender` is the name shown (None: the
    workspace decides). `title` and `link` are for posts, banners and modals."""

    name: ClassVar[Literal["message"]] = "message"
    shown: ClassVar[bool] = True
    text: Localised = NO_TEXT
    kind: str = "chat"
    message_class: str = "marketing"
    sender: str | None = None
    reply_label: Localised | None = None
    template: str | None = None
    title: Localised | None = None
    link: str | None = None

    def to_tree(self) -> dict[str, object]:
        tree: dict[str, object] = {
            "kind": self.kind,
            "class": self.message_class,
            "from": {"name": self.sender} if self.sender else None,
            "template": self.template,
            "title": self.title.to_tree() if self.title else None,
            "text": self.text.to_tree() or None,
            "link": self.link,
            "reply_label": self.reply_label.to_tree() if self.reply_label else None,
        }
        return {self.name: {key: value for key, value in tree.items() if value is not None}}

    def words(self) -> Words:
        if self.template:
            return Words("say “{t}”", "发送“{t}”").fill_all(t=same(self.template))
        text = self.text.words()
        return Words(f"say “{cut(text.en)}”", f"发送“{cut(text.zh)}”")


@dataclass(frozen=True, slots=True)
class Email:
    """A letter: subject and text, or the key of a saved template."""

    name: ClassVar[Literal["email"]] = "email"
    shown: ClassVar[bool] = True
    subject: Localised | None = None
    text: Localised | None = None
    template: str | None = None
    message_class: str = "marketing"

    def to_tree(self) -> dict[str, object]:
        tree: dict[str, object] = {
            "class": self.message_class,
            "template": self.template,
            "subject": self.subject.to_tree() if self.subject else None,
            "text": self.text.to_tree() if self.text else None,
        }
        return {self.name: {key: value for key, value in tree.items() if value is not None}}

    def words(self) -> Words:
        if self.subject is None:
            return Words("send the e-mail {t}", "发送邮件 {t}").fill_all(t=same(self.template or ""))
        subject = self.subject.words()
        return Words(f"send the e-mail “{cut(subject.en)}”", f"发送邮件“{cut(subject.zh)}”")


@dataclass(frozen=True, slots=True)
class Survey:
    """A question: NPS (0–10), CSAT (1–5), or the key of a saved form."""

    name: ClassVar[Literal["survey"]] = "survey"
    shown: ClassVar[bool] = True
    kind: str = "form"
    question: Localised | None = None
    template: str | None = None
    message_class: str = "support"

    def to_tree(self) -> dict[str, object]:
        tree: dict[str, object] = {
            "kind": self.kind,
            "class": self.message_class,
            "template": self.template,
            "question": self.question.to_tree() if self.question else None,
        }
        return {self.name: {key: value for key, value in tree.items() if value is not None}}

    def words(self) -> Words:
        named = {"nps": Words("ask how likely they are to recommend us", "询问推荐意愿（NPS）"),
                 "csat": Words("ask how satisfied they are", "询问满意度（CSAT）")}  # fmt: skip
        form = Words("show the form {t}", "显示表单 {t}").fill_all(t=same(self.template or ""))
        return named.get(self.kind, form)


@dataclass(frozen=True, slots=True)
class Guide:
    """A saved tour, hint or checklist, by its key."""

    name: str
    template: str
    message_class: str = "onboarding"
    shown: ClassVar[bool] = True

    def to_tree(self) -> dict[str, object]:
        if self.message_class == "onboarding":
            return {self.name: self.template}
        return {self.name: {"template": self.template, "class": self.message_class}}

    def words(self) -> Words:
        return GUIDES[self.name].fill_all(t=same(self.template))


SURVEYS: Final = ("nps", "csat", "form")
GUIDES: Final = {
    "tour": Words("start the tour {t}", "启动导览 {t}"),
    "hint": Words("show the hint {t}", "显示提示 {t}"),
    "checklist": Words("show the checklist {t}", "显示清单 {t}"),
}
