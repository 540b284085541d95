"""The way of an item: named steps, each of which passes it on or says why it goes no further.

`DOOR` is what can be said of an item alone, on the hub, before anything waits for the database. What needs the database
is `GROUP` in `store`, where the items of many requests go together. A step that is not passed is counted by its name
and reason; an item that passes all of both is stored.
"""

import traceback
from collections.abc import Callable

import msgspec
import orjson
import structlog

from frontdesk.collect.door.checks import call_of, what_is_wrong
from frontdesk.collect.door.device import device_of
from frontdesk.collect.door.draft import Draft, Received
from frontdesk.collect.door.filters import consents, ignored, is_bot
from frontdesk.collect.door.page import page_of
from frontdesk.collect.door.parse import Parsed, parsed
from frontdesk.collect.door.place import Place, country_of
from frontdesk.collect.door.times import LATE, Happened, happened
from frontdesk.collect.door.wire import WireItem
from frontdesk.collect.refusals import Drop, Dropped, Refusal, Rejected
from frontdesk.core.text import clean

MOST_BYTES_OF_AN_EVENT = 32 * 1024
_MOST_OF_AN_ID = 200  # what an answer repeats of an id that is too long
_US = "Frontdesk"
log = structlog.get_logger(__name__)


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


def bot(draft: Draft) -> No | None:
    """Whoever wants to count them keeps them; else what nobody sits before is left out."""
    if draft.received.client.rules.bots == "keep" or not is_bot(draft.user_agent, webdriver=draft.own.webdriver):
        return None
    return Drop("bot", Dropped.BOT)


def consent(draft: Draft) -> No | None:
    client = draft.received.client
    if consents(draft.own.consent or draft.shared.consent, client.rules, gpc=client.gpc):
        return None
    return Drop("consent", Dropped.NO_CONSENT)


def page(draft: Draft) -> No | None:
    """Where it happened."""
    where = draft.own.page or draft.shared.page
    draft.page = page_of(where, draft.properties, is_page=draft.call.kind == "page")
    return None


def ignore(draft: Draft) -> No | None:
    """What the site does not want of certain addresses and pages. Our own people are known later, in the group."""
    reason = ignored(draft.ip, draft.page.path if draft.page else None, draft.received.client.rules)
    return Drop("ignore", reason) if reason else None


def device(draft: Draft) -> No | None:
    draft.device = device_of(draft.user_agent) if draft.user_agent else None
    return None


def place(draft: Draft) -> No | None:
    draft.place = Place(country_of(draft.ip)) if draft.call.backend else draft.received.client.place
    return None


DOOR: tuple[tuple[str, Step], ...] = (
    ("size", size),
    ("parse", parse),
    ("clock", clock),
    ("integrations", integrations),
    ("bot", bot),
    ("consent", consent),
    ("page", page),
    ("ignore", ignore),
    ("device", device),
    ("place", place),
)


def parse_item(raw: bytes, received: Received) -> Parsed | No:
    """The event in `raw`, or why there is none. Never raises: one bad item must not sink its batch."""
    draft = Draft(raw, received)
    try:
        for _, step in DOOR:
            no = step(draft)
            if no is not None:
                return no
        return parsed(draft)
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
