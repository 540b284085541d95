"""Calls that are refused before anybody could ask what is in them: what may be told of them, and what may be kept."""

from typing import Any

import msgspec
from msgspec import Struct

from frontdesk.collect.door.draft import Draft
from frontdesk.collect.door.filters import consents
from frontdesk.collect.door.mending import UNREADABLE
from frontdesk.collect.refusals import Refusal, Rejected
from frontdesk.core.text import clean

_MOST_OF_AN_ID = 200


class Glimpse(Struct, rename="camel"):
    """What can be seen of a call that is not as it should be."""

    message_id: Any = None
    context: Any = None


_glimpse = msgspec.json.Decoder(Glimpse).decode


def unread(draft: Draft, code: Rejected, field: str | None, detail: str, *, step: str = "parse") -> Refusal:
    """The refusal of a call that was not read. Its body is kept where its person's consent is beyond doubt."""
    seen = _seen(draft.raw)
    body = draft.raw if _beyond_doubt(draft, seen) else b""
    return Refusal(_message_id(seen), code, field, detail, body, step)


def _seen(raw: bytes) -> Glimpse | None:
    try:
        return _glimpse(raw)
    except UNREADABLE:
        return None


def _message_id(seen: Glimpse | None) -> str | None:
    found = seen.message_id if seen else None
    return clean(str(found), _MOST_OF_AN_ID) or None if type(found) in {str, int} else None


def _beyond_doubt(draft: Draft, seen: Glimpse | None) -> bool:
    """A call that says nothing legible may hold a no; where nobody was asked before, that is none of a yes."""
    client, shared = draft.received.client, draft.shared.consent
    if seen is None:
        shown = consents(shared, client.rules, gpc=client.gpc)
        return shown and consents(None, client.rules, gpc=client.gpc)
    context = seen.context if isinstance(seen.context, dict) else {}
    own = context.get("consent")
    return consents(own if isinstance(own, dict) else None, client.rules, gpc=client.gpc, shared=shared)
