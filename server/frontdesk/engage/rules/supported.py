"""What this release can carry out of the rule language. A rule that asks for more is refused when it is saved."""

from typing import Final

from frontdesk_rules import Supported

SUPPORTED: Final = Supported(
    triggers=frozenset(
        {
            "page",
            "dwell",
            "scroll",
            "exit_intent",
            "event",
            "call",
            "conversation",
            "waiting",
            "change",
            "segment",
            "absence",
            "reaches",
            "schedule",
        }
    ),
    actions=frozenset(
        {
            "message",
            "post",
            "banner",
            "modal",
            "template",
            "survey",
            "tour",
            "hint",
            "checklist",
            "email",
            "assign",
            "tag",
            "untag",
            "set",
            "webhook",
            "notify",
            "task",
            "segment",
            "emit",
            "close",
        }
    ),
    sources=frozenset(
        {"moment", "session", "visitor", "contact", "company", "conversation", "deliveries", "segments", "workspace"}
    ),
    gates=frozenset({"caps", "goal", "holdout", "max_lateness", "quiet", "variants"}),
    history=True,
)
