"""The closed set of reasons for which a rule does not act, and how they are said."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from frontdesk_rules.words import Words


class Held(StrEnum):
    """Every "no" there is."""

    NOT_TRIGGERED = "not_triggered"
    LATE = "late"
    EXPIRED = "expired"
    LOOP = "loop"
    OVERTAKEN = "overtaken"
    PAUSED = "paused"
    NOT_MATCHED = "not_matched"
    UNKNOWN = "unknown"
    NO_SUBJECT = "no_subject"
    REPEATED = "repeated"
    HELD_OUT = "held_out"
    LOST_TO = "lost_to"
    NO_CONSENT = "no_consent"
    NO_ADDRESS = "no_address"
    CONVERSATION_OPEN = "conversation_open"
    NO_CONVERSATION = "no_conversation"
    CAPPED = "capped"
    QUIET = "quiet"


# A rule that has the slot of its group keeps it, whatever of these holds it.
SLOT_KEPT: Final = frozenset(
    {
        Held.HELD_OUT,
        Held.NO_CONSENT,
        Held.NO_ADDRESS,
        Held.CONVERSATION_OPEN,
        Held.NO_CONVERSATION,
        Held.CAPPED,
        Held.QUIET,
    }
)

HELD_WORDS: Final = {
    Held.NOT_TRIGGERED: Words("The trigger is another one", "触发条件不符"),
    Held.LATE: Words("We heard of it too late", "收到得太晚"),
    Held.EXPIRED: Words("It is overdue", "已过期"),
    Held.LOOP: Words("Rules would call each other without end", "规则之间循环触发"),
    Held.OVERTAKEN: Words("What it waited for has come, or the time has moved", "等待的事已发生，或时间已变更"),
    Held.PAUSED: Words("The rule is paused", "规则已暂停"),
    Held.NOT_MATCHED: Words("The condition does not hold", "条件不成立"),
    Held.UNKNOWN: Words("The condition asks for something that is not known", "条件所需的信息未知"),
    Held.NO_SUBJECT: Words("There is no session or conversation to count by", "没有可用于计次的会话或对话"),
    Held.REPEATED: Words("It has acted already", "此前已执行过"),
    Held.HELD_OUT: Words("The person is in the hold-out", "该用户属于对照组"),
    Held.LOST_TO: Words("Another rule of its group went first", "同组的另一条规则优先"),
    Held.NO_CONSENT: Words("The person has not agreed to such messages", "用户未同意接收此类消息"),
    Held.NO_ADDRESS: Words("There is no address that a letter may be sent to", "没有可以发送邮件的地址"),
    Held.CONVERSATION_OPEN: Words("A conversation is going on", "正在对话中"),
    Held.NO_CONVERSATION: Words("There is no conversation at hand", "当前没有对话"),
    Held.CAPPED: Words("The person has had enough messages", "已达到消息频率上限"),
    Held.QUIET: Words("It is not the time for messages", "当前为免打扰时段"),
}
