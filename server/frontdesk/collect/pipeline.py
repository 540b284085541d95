"""The way of an item: named steps, each of which passes it on or says why it goes no further.

`DOOR` is what can be said of an item alone, on the hub, before anything waits for the database. What needs the database
is `GROUP` in `store`, where the items of many requests go together. A step that is not passed is counted by its name
and reason; an item that passes all of both is stored.
"""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec
import orjson
import structlog

from frontdesk.collect.checks import Call, call_of, what_is_wrong
from frontdesk.collect.parse import Parsed, parsed
from frontdesk.collect.refusals import Drop, Dropped, Refusal, Rejected
from frontdesk.collect.times import LATE, Happened, happened
from frontdesk.collect.wire import WireContext, WireItem
from frontdesk.core.text import clean

MOST_BYTES_OF_AN_EVENT = 32 * 1024
_MOST_OF_AN_ID = 200  # what an answer repeats of an id that is too long
_US = "Frontdesk"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Received:
    """What the request says of all its items: when it came, by the sender's clock and by ours.

    `historic` ones are imported: taken at any age, and never acted on.
    """

    now: datetime
    sent_at: datetime | None
    kind: str | None
    context: WireContext | None
    backend: bool
    historic: bool = False


@dataclass(slots=True)
class Draft:
    """An item on its way through the door. `parse` fills in the call, `clock` when it happened."""

    raw: bytes
    received: Received
    call: Call = None  # type: ignore[assignment]  # there from `parse` on, as nothing asks before
    happened: Happened = None  # type: ignore[assignment]  # there from `clock` on


No = Refusal | Drop
Step = Callable[[Draft], No | None]


def size(draft: Draft) -> No | None:
    if len(draft.raw) <= MOST_BYTES_OF_AN_EVENT:
        return None
    kept = draft.raw[:MOST_BYTES_OF_AN_EVENT]
    return Refusal(None, Rejected.TOO_LARGE, None, "An event has at most 32 KB.", kept, "size")


def parse(draft: Draft) -> No | None:
    try:
        item = _decode_item(draft.raw)
    except msgspec.ValidationError as error:
        detail, _, path = str(error).partition(" - at `$.")
        return Refusal(_message_id(draft.raw), Rejected.INVALID, path.rstrip("`") or None, detail, draft.raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        return Refusal(None, Rejected.MALFORMED, None, str(error), draft.raw)
    draft.call = call_of(item, draft.received.kind or item.type, backend=draft.received.backend)
    wrong = what_is_wrong(draft.call)
    return _refused(draft, *wrong, step="parse") if wrong else None


def clock(draft: Draft) -> No | None:
    received = draft.received
    draft.happened = happened(draft.call.item.timestamp, received.sent_at, received.now)
    if received.historic:
        draft.happened = Happened(draft.happened.at, draft.happened.clock, live=False)
    elif draft.happened.at < received.now - LATE:
        late = "Events are taken up to 7 days late; older ones come in by import."
        return _refused(draft, Rejected.TOO_LATE, "timestamp", late, step="clock")
    return None


def integrations(draft: Draft) -> No | None:
    """Segment's way to say for whom an event is meant; every destination but those named, or none but those."""
    meant = draft.call.item.integrations
    if not meant or meant.get(_US, meant.get("All", True)) is not False:
        return None
    return Drop("integrations", Dropped.NOT_FOR_US)


DOOR: tuple[tuple[str, Step], ...] = (
    ("size", size),
    ("parse", parse),
    ("clock", clock),
    ("integrations", integrations),
)


def parse_item(raw: bytes, received: Received) -> Parsed | No:
    """The event in `raw`, or why there is none. Never raises: one bad item must not sink its batch."""
    draft = Draft(raw, received)
    try:
        for _, step in DOOR:
            no = step(draft)
            if no is not None:
                return no
        return parsed(draft.call, draft.happened, received.context, raw)
    except Exception as error:  # noqa: BLE001  what we did not foresee in one item
        where = traceback.extract_tb(error.__traceback__)[-1]
        # an error's own words may repeat the item's, which stay out of the log
        log.error("item_unreadable", error=type(error).__name__, at=f"{where.name}:{where.lineno}")  # noqa: TRY400
        return Refusal(None, Rejected.MALFORMED, None, "This item cannot be read.", raw)


_decode_item = msgspec.json.Decoder(WireItem).decode


def _refused(draft: Draft, code: Rejected, field: str, detail: str, *, step: str) -> Refusal:
    message_id = draft.call.message_id
    return Refusal(message_id[:_MOST_OF_AN_ID] if message_id else None, code, field, detail, draft.raw, step)


def _message_id(raw: bytes) -> str | None:
    try:
        found = orjson.loads(raw).get("messageId")
    except (orjson.JSONDecodeError, AttributeError):
        return None
    return clean(found, _MOST_OF_AN_ID) if isinstance(found, str) else None
