"""What must be said beside an answer: what was assumed, what nobody knows any more, what is not live."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from frontdesk.collect.models import Session as Run
from frontdesk.collect.ports import SessionSeen
from frontdesk.engage.deciding.words import clock_words
from frontdesk.engage.seeing.asked import Asked
from frontdesk.engage.seeing.heard import KNOWN_THEN
from frontdesk.engage.seeing.latest import Found
from frontdesk.engage.seeing.simulating import as_of_now
from frontdesk_rules import Held, Words
from frontdesk_rules.engine.stages import ORDER, SHOWN_ORDER
from frontdesk_rules.language.pages import DwellTrigger
from frontdesk_rules.urls import normal_path
from frontdesk_rules.words import same, span

STAGES: Final[dict[Held, str]] = {
    Held.NOT_TRIGGERED: "trigger",
    Held.LATE: "trigger",
    Held.EXPIRED: "trigger",
    Held.LOOP: "trigger",
    Held.OVERTAKEN: "trigger",
    Held.PAUSED: "active",
    Held.NOT_MATCHED: "when",
    Held.UNKNOWN: "when",
    Held.NO_SUBJECT: "repeat",
    Held.REPEATED: "repeat",
    Held.HELD_OUT: "holdout",
    Held.LOST_TO: "exclusive",
    Held.NO_CONSENT: "consent",
    Held.NO_ADDRESS: "address",
    Held.CONVERSATION_OPEN: "conversation",
    Held.NO_CONVERSATION: "conversation",
    Held.CAPPED: "caps",
    Held.QUIET: "quiet",
}
"""Reason → the stage of a decision that says it."""
STAGE_WORDS: Final[dict[str, Words]] = {
    "trigger": Words("trigger", "触发"),
    "active": Words("state of the rule", "规则状态"),
    "when": Words("condition", "条件"),
    "repeat": Words("repeat", "执行频次"),
    "holdout": Words("hold-out", "对照组"),
    "exclusive": Words("exclusive group", "互斥组"),
    "consent": Words("consent", "用户同意"),
    "address": Words("address", "收件地址"),
    "conversation": Words("conversation", "对话"),
    "caps": Words("frequency caps", "频率上限"),
    "quiet": Words("quiet hours", "免打扰时段"),
}
ALL_STAGES: Final = tuple(name for name, _ in (*ORDER, *SHOWN_ORDER))

_ASSUMED: Final = Words(
    "Nothing like its trigger is stored of this person: it is asked as though it happened now",
    "未记录到该用户的对应触发：按此刻发生来判断",
)
MOVED: Final = Words(
    "Asked as of {a}; its timer is due at {d}, so this is what it concludes then",
    "询问的时间为 {a}；定时器在 {d} 到期，以下为届时的判断",
)
FIRED: Final = Words("Its timer has fired at {t}: {o}", "定时器已于 {t} 触发：{o}")
_STATES: Final = {
    "draft": Words("a draft", "草稿"),
    "shadow": Words("in shadow", "影子运行"),
    "paused": Words("paused", "已暂停"),
    "archived": Words("archived", "已归档"),
}
_NEW: Final = Words("new", "尚未保存")
_NOT_LIVE: Final = Words("The rule is {s}: it is asked as though it were live", "规则状态：{s}；按运行中来判断")
_NOT_DUE: Final = Words("It is due at {t}", "将于 {t} 到期")
_DWELT: Final = Words("{t} more on {p}, and its trigger is reached", "在 {p} 再停留 {t}即可触发")


def notes_of(
    asked: Asked, found: Found, then: datetime | None, seen: SessionSeen | None, session: Session
) -> list[dict[str, str]]:
    """`then`: the time in the past that is asked about, if it is one, or an event."""
    told: list[tuple[str, Words]] = []
    if asked.state != "live":
        told.append(("not_live", _NOT_LIVE.fill_all(s=_STATES.get(asked.state or "", _NEW))))
    if found.assumed:
        told.append(("assumed", _ASSUMED))
        told += _lacking(asked, seen, session)
    if found.moment.kind in ("absence", "reaches") and found.moment.received_at:
        told.append(("due", _NOT_DUE.fill_all(t=same(clock_words(found.moment.at)))))
    if then is not None:
        told += as_of_now(asked.rule, KNOWN_THEN)
    return [{"code": code, "text_en": text.en, "text_zh": text.zh} for code, text in told]


def _lacking(asked: Asked, seen: SessionSeen | None, session: Session) -> list[tuple[str, Words]]:
    """How much longer somebody would have had to stay, of the pages on which they stayed too short."""
    trigger: Any = asked.rule.rule.trigger
    run = session.get(Run, seen.id) if seen and isinstance(trigger, DwellTrigger) else None
    stays = [(ms, path) for path, ms in run.dwell.items() if trigger.concerns(path)] if run else []
    if not stays:
        return []
    ms, path = max(stays)
    lacking = max(trigger.threshold_ms - ms, 0)
    said = _DWELT.fill_all(t=span(lacking, exact=lacking % 1000 != 0), p=same(normal_path(path)))
    return [("trigger", said)] if lacking else []
