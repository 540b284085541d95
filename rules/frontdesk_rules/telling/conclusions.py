"""What a rule concluded, read aloud: that it acts, what it leaves out or puts off, or what holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from frontdesk_rules.engine.held import HELD_WORDS, Held
from frontdesk_rules.words import Words, joined, same

# What can be left out: what a person is shown or sent, and what is done to a conversation.
_NAMES: Final = {
    "message": Words("the message", "消息"),
    "email": Words("the letter", "邮件"),
    "survey": Words("the survey", "问卷"),
    "tour": Words("the tour", "导览"),
    "hint": Words("the hint", "提示"),
    "checklist": Words("the checklist", "清单"),
    "assign": Words("the assignment", "对话分配"),
    "close": Words("closing the conversation", "关闭对话"),
}
_COMMA: Final = Words(", ", "，")
_WITHOUT: Final = Words("without {a} ({r})", "但不含{a}（{r}）")
_LATER: Final = Words("the rest is put off until {t} ({r})", "其余推迟到 {t}（{r}）")
# as it stands, and as it was
_ACTS: Final = (Words("It acts", "会执行"), Words("It acted", "已执行"))
_PUT_OFF: Final = (
    Words("It is put off until {t}: {r}", "推迟到 {t}：{r}"),
    Words("It was put off until {t}: {r}", "曾推迟到 {t}：{r}"),
)
_OTHERWISE: Final = Words("{r}: {t}", "{r}：{t}")
_UNTIL: Final = Words("until {t}", "直到 {t}")
_OVER: Final = Words("{t}; its moment does not come again", "{t}；该时机不会再来")
_GATES: Final = frozenset(
    {Held.NO_CONSENT, Held.NO_ADDRESS, Held.CONVERSATION_OPEN, Held.NO_CONVERSATION, Held.CAPPED, Held.QUIET}
)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """`left_out`: actions that a rule which acts does not do, by name, and why. `until`: when what holds it is over, as
    it is to be read. `otherwise`: what would have to be different, or who went first. `comes_once`: whether a message
    that is held at this moment is lost. `past`: whether it was concluded then, and not now."""

    outcome: str
    reason: Held | None
    left_out: Sequence[tuple[str, Held]] = ()
    until: str | None = None
    deferred: bool = False
    otherwise: Words | None = None
    comes_once: bool = False
    past: bool = False

    @property
    def words(self) -> Words:
        if self.reason is None or self.outcome == "acted":
            return joined([_ACTS[self.past], *self._rest()], _COMMA)
        if self.outcome == "deferred":
            told = _PUT_OFF[self.past].fill_all(t=same(self.until or ""), r=HELD_WORDS[self.reason])
            return joined([told, *self._without()], _COMMA)
        return self._held(self.reason)

    def _held(self, reason: Held) -> Words:
        tail = self.otherwise or (_UNTIL.fill_all(t=same(self.until)) if self.until else None)
        told = _OTHERWISE.fill_all(r=HELD_WORDS[reason], t=tail) if tail else HELD_WORDS[reason]
        return _OVER.fill_all(t=told) if self.comes_once and reason in _GATES else told

    def _rest(self) -> list[Words]:
        """What is not done at once of a rule that acts."""
        later = []
        if self.deferred and self.reason and self.until:
            later = [_LATER.fill_all(t=same(self.until), r=HELD_WORDS[self.reason])]
        return [*self._without(), *later]

    def _without(self) -> list[Words]:
        return [
            _WITHOUT.fill_all(a=_NAMES.get(name, same(name)), r=HELD_WORDS[reason]) for name, reason in self.left_out
        ]
