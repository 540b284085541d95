"""What this server can carry out of the rule language. A rule that asks for more is refused when it is saved."""

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
    actions=frozenset({"message", "assign", "tag", "untag", "segment"}),
    sources=frozenset({"moment", "session", "visitor", "contact", "company", "conversation", "segments", "workspace"}),
    gates=frozenset({"caps", "goal", "holdout", "max_lateness", "quiet", "variants"}),
    history=True,
    lacking=frozenset(
        {
            "session.number",
            "visitor.region_timezone",
            "visitor.first_seen_at",
            "person.id",
            "contact.rfm.class",
            "conversation.state",
            "conversation.team",
            "conversation.waiting",
        }
    ),
)
