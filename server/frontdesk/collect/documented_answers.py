"""How collect declines a request, and what a delivery is: for the OpenAPI document."""

from typing import Any, Final

from frontdesk.core.openapi import PROBLEM, ProblemSchema
from frontdesk_rules.language.actions import MESSAGE_CLASSES, MESSAGE_KINDS
from frontdesk_rules.language.messages import GUIDES

_LATER: Final = {
    "Retry-After": {"description": "After how many seconds to send it again.", "required": True,
                    "schema": {"type": "integer", "minimum": 1}}
}  # fmt: skip
_DECLINED: Final = {
    "400": "The body, or a call of its own, cannot be read. Sending it again is in vain.",
    "401": "Nobody here has this key or token.",
    "403": "Not from this origin; or an API key that came from a page.",
    "409": "A call of its own whose `messageId` was sent before with other content.",
    "413": "More than 500 KB, packed or unpacked; or more calls, or a larger one, than we take.",
    "415": "Packed in a way other than gzip.",
    "429": "Too much at once; nothing was stored.",
    "503": "Not now; nothing was stored.",
}
_AGAIN: Final = {"429", "503"}
SENT_AS: Final = (
    "As it is, or by gzip with `Content-Encoding: gzip`; as `text/plain` too, which browsers send without a preflight."
)


def refusals() -> dict[str, dict[str, Any]]:
    """Status → response: problem documents; with Retry-After where asking again may help."""
    return {
        status: {"description": text, "content": {PROBLEM: {"schema": ProblemSchema}}}
        | ({"headers": _LATER} if status in _AGAIN else {})
        for status, text in _DECLINED.items()
    }


def _text(description: str) -> dict[str, str]:
    return {"type": "string", "description": description}


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


SHOWN_KINDS: Final = (*MESSAGE_KINDS, "survey", *GUIDES)
"""What a page may be asked to show. Whoever cannot draw one leaves it, and does not report it as seen."""

DELIVERY: Final = _object(
    {
        "id": _text("`dlv_…`; a delivery that was not seen yet comes again with the next answer, with the same id."),
        "rule": _text("The rule that says it."),
        "kind": {"enum": list(SHOWN_KINDS)},
        "class": {"enum": list(MESSAGE_CLASSES)},
        "from": _object(
            {
                "name": {"type": ["string", "null"]},
                "avatar": {"type": ["string", "null"], "description": "An address; null: show initials."},
            },
            ["name", "avatar"],
        ),
        "locale": _text("The language of `content`."),
        "content": {
            "type": "object",
            "description": (
                "Ready to be shown, as plain text. chat: `text`, `reply_label` · post, banner, modal: `title`, `text`, "
                "`link`, `reply_label` · survey: `survey` (nps, csat, form), `title`, `questions` of `key`, `kind` "
                "(nps, csat, choice, text), `text`, `low`, `high`, `choices`, `optional`, then `thanks` · tour: "
                "`title`, `steps` of `title`, `text`, `target`, `path` · hint: `title`, `text`, `target`, `path` · "
                "checklist: "
                "`title`, `items` of `key`, `text`, `link`, `event`."
            ),
        },
        "expires_at": {"type": "string", "format": "date-time"},
    },
    ["id", "rule", "kind", "class", "from", "locale", "content", "expires_at"],
)
