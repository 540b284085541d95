"""Collect's calls in the tables that everything else is in: Flask's URL map, and through it the OpenAPI document.

They are answered by `endpoint.Collect`, which is mounted before Flask; what stands here is never called.
"""

from typing import Any, NoReturn

import msgspec
from apispec import APISpec

from frontdesk.collect.documented_answers import DELIVERY, SENT_AS, refusals
from frontdesk.collect.documented_gets import describe_gets
from frontdesk.collect.door.wire import OTHER_NAMES, TYPES, Envelope, Presence, Single, WireItem
from frontdesk.collect.refusals import Dropped, Reduced, Rejected
from frontdesk.collect.reserved import RESERVED
from frontdesk.core.border import Blueprint
from frontdesk.core.errors import NotFound

collect_calls = Blueprint(
    "collect", __name__, url_prefix="/v1", description="Send events: the Segment HTTP API, and presence."
)
_REF = "#/components/schemas/{name}"
_CONTENT_TYPES = ("application/json", "text/plain")  # browsers send the second without a preflight
_TEXTS = {
    "batch": "Up to 2,500 calls in at most 500 KB. A bad one is refused alone and named in the answer; "
    "what does not fit beside them, as a sentAt that is no time, counts as absent. One that is refused as `failed` "
    "met a fault of ours: it is kept, to be stored once that is mended, and need not be sent again.",
    "presence": "Still here, on this page: brings deliveries, and evaluates no rules.",
    "identify": "Who this person is.",
    "track": "What this person did.",
    "page": "Which page this person opened.",
    "screen": "Which screen of an app this person opened.",
    "group": "Which company this person is of.",
    "alias": "That two ids are of one person; two user ids are never merged.",
}


_MORE = {
    "track": "Events of these names mean something to the rules, whoever sends them:\n\n"
    + "\n".join(f"- `{name}`: {text}" for name, text in RESERVED.items())
}
_NEEDED = {"track": "event", "group": "groupId", "alias": "userId"}


def describe(spec: APISpec) -> None:
    """Name the shapes of the calls and of their answers in the document, and what is asked for beside them."""
    _, shapes = msgspec.json.schema_components([WireItem, Single, Envelope, Presence], ref_template=_REF)
    shapes["Envelope"]["properties"]["batch"]["items"] = _ref("WireItem")
    shapes["Call"] = {
        "allOf": [_ref("Single"), _ref("WireItem")],
        "anyOf": [{"required": ["userId"]}, {"required": ["anonymousId"]}],
    }
    for kind, field in _NEEDED.items():
        shapes[_call(kind)] = {"allOf": [_ref("Call")], "required": [field]}
    for name, shape in {**shapes, **_ANSWERS}.items():
        spec.components.schema(name, shape)
    describe_gets(spec)


def _call(kind: str) -> str:
    """The name of the shape of a call of its own."""
    return f"{kind.title()}Call" if kind in _NEEDED else "Call"


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _REF.format(name=name)}


def _register(name: str, body: str, *, text: str) -> None:
    document: dict[str, Any] = {
        "summary": text,
        "requestBody": {
            "required": True,
            "description": SENT_AS,
            "content": {content_type: {"schema": _ref(body)} for content_type in _CONTENT_TYPES},
        },
        "responses": {
            "200": {
                "description": "Stored, durably",
                "content": {"application/json": {"schema": _ref("CollectAnswer")}},
            },
            **refusals(),
            "default": {"$ref": "#/components/responses/DEFAULT_ERROR"},
        },
    }
    if name in _MORE:
        document["description"] = _MORE[name]
    collect_calls.route(f"/{name}", endpoint=name, methods=["POST"])(collect_calls.doc(**document)(_never_called))


def _never_called() -> NoReturn:
    raise NotFound("Collect is not mounted.")


_SHAPES = {"batch": "Envelope", "presence": "Presence", **{kind: _call(kind) for kind in TYPES}}
for _name, _body in _SHAPES.items():
    _register(_name, _body, text=_TEXTS[_name])
for _other, _name in OTHER_NAMES.items():
    _register(_other, _SHAPES[_name], text=f"The same as `/v1/{_name}`: some of Segment's libraries call it so.")
_measured: dict[str, Any] = {
    "summary": "What analytics.js measures of itself: taken, so that it is at peace, and not kept.",
    "responses": {
        "200": {"description": "Overlooked", "content": {"application/json": {"schema": _ref("Overlooked")}}}
    },
}
collect_calls.route("/m", endpoint="m", methods=["POST"])(collect_calls.doc(**_measured)(_never_called))

_TEXT_OR_NULL = {"type": ["string", "null"]}
_COUNT = {"type": "integer", "minimum": 0}


def _shape(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    """An object that has these and nothing else."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


_ANSWERS: dict[str, dict[str, Any]] = {
    "CollectAnswer": _shape(
        {
            "success": {"const": True},
            "accepted": {
                **_COUNT,
                "description": "Calls that are stored now, those that had been sent before included.",
            },
            "rejected": {"type": "array", "items": _ref("RejectedCall")},
            "dropped": {
                "type": "object",
                "description": "Calls that the site's settings or the person's wish keep out, by reason.",
                "propertyNames": {"enum": [reason.value for reason in Dropped]},
                "additionalProperties": _COUNT,
            },
            "left_out": {
                "type": "array",
                "items": _ref("LeftOut"),
                "description": "Calls that are stored without some of their values, or with their beginnings: keys "
                "beyond 256 of an object, keys and texts that are too long, reserved traits of a wrong kind, and "
                "attributes for which there is no room.",
            },
            "visitor_token": {"type": "string", "description": "Proves who this browser is; keep it."},
            "deliveries": {"type": "array", "items": _ref("Delivery")},
            "watch": _ref("Watch"),
            "next_ms": {**_COUNT, "description": "When to send the next sign of presence."},
            "unread": _COUNT,
        },
        "dropped",
        "left_out",
        "visitor_token",
    ),
    "Delivery": DELIVERY,
    "RejectedCall": _shape(
        {
            "messageId": _TEXT_OR_NULL,
            "code": {"enum": [code.value for code in Rejected]},
            "field": _TEXT_OR_NULL,
            "detail": {"type": "string"},
        }
    ),
    "LeftOut": _shape(
        {
            "messageId": {"type": "string"},
            "code": {"enum": [code.value for code in Reduced]},
            "field": {"type": "string"},
            "detail": {"type": "string"},
        }
    ),
    "Overlooked": _shape({"success": {"const": True}}),
    "Watch": _shape(
        {
            "dwell_ms": {"type": "array", "items": _COUNT, "description": "Tell `Page Dwell` beyond each."},
            "scroll": {"type": "array", "items": _COUNT, "description": "Percent: tell `Page Scroll` beyond each."},
            "exit_intent": {"type": "boolean", "description": "Whether to tell `Exit Intent`."},
        }
    ),
}
