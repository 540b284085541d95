"""The way of an item: named steps, each of which passes it on or says why it goes no further.

`DOOR` is what can be said of an item alone, on the hub, before anything waits for the database. What needs the database
is `GROUP` in `store`, where the items of many requests go together. A step that is not passed is counted by its name
and reason; an item that passes all of both is stored.
"""

from collections.abc import Callable, Sequence

import gevent
import msgspec
import structlog
from msgspec.structs import replace

from frontdesk.collect.door.checks import call_of, what_is_wrong
from frontdesk.collect.door.device import device_of
from frontdesk.collect.door.draft import Draft, Received
from frontdesk.collect.door.filters import consents, ignored, is_bot
from frontdesk.collect.door.mending import UNREADABLE, mended
from frontdesk.collect.door.page import page_of, path_of
from frontdesk.collect.door.parse import Parsed, parsed
from frontdesk.collect.door.place import Place, country_of
from frontdesk.collect.door.reduced import with_left_out
from frontdesk.collect.door.times import LATE, Happened, happened
from frontdesk.collect.door.unread import unread
from frontdesk.collect.door.wire import WireItem
from frontdesk.collect.refusals import Drop, Dropped, Refusal, Rejected
from frontdesk.core.faults import place_of

MOST_BYTES_OF_AN_EVENT = 32 * 1024
_MOST_OF_AN_ID = 200  # what an answer repeats of an id that is too long
_AT_ONCE = 200  # items, of which each takes some 50 µs
_US = "Frontdesk"
log = structlog.get_logger(__name__)


No = Refusal | Drop
Step = Callable[[Draft], No | None]


def size(draft: Draft) -> No | None:
    if len(draft.raw) <= MOST_BYTES_OF_AN_EVENT:
        return None
    no = unread(draft, Rejected.TOO_LARGE, None, "An event has at most 32 KB.", step="size")
    return replace(no, body=no.body[:MOST_BYTES_OF_AN_EVENT])


def parse(draft: Draft) -> No | None:
    draft.sound = draft.raw
    try:
        item = _decode_item(draft.raw)
    except UNREADABLE as at_first:
        if not draft.raw.lstrip().startswith(b"{"):  # nothing to mend, and thousands of it fit into a body
            return _unreadable(draft, at_first)
        try:
            draft.sound = mended(draft.raw)
            item = _decode_item(draft.sound)
        except UNREADABLE as error:
            return _unreadable(draft, error if isinstance(error, msgspec.ValidationError) else at_first)
    draft.call = call_of(item, draft.received.kind or item.type, backend=draft.received.backend)
    return None


def integrations(draft: Draft) -> No | None:
    """Segment's way to say for whom an event is meant; every destination but those named, or none but those."""
    meant = draft.call.item.integrations or draft.received.integrations
    if not meant or meant.get(_US, meant.get("All", True)) is not False:
        return None
    return Drop("integrations", Dropped.NOT_FOR_US)


def bot(draft: Draft) -> No | None:
    """Whoever wants to count them keeps them; else what nobody sits before is left out."""
    if draft.received.client.rules.bots == "keep":
        return None
    marked = draft.shared.webdriver if draft.own.webdriver is None else draft.own.webdriver
    if not is_bot(draft.user_agent, webdriver=marked):
        return None
    return Drop("bot", Dropped.BOT)


def consent(draft: Draft) -> No | None:
    client = draft.received.client
    if consents(draft.own.consent, client.rules, gpc=client.gpc, shared=draft.shared.consent):
        return None
    return Drop("consent", Dropped.NO_CONSENT)


def page(draft: Draft) -> No | None:
    """Where it happened."""
    where = draft.own.page or draft.shared.page
    draft.page = page_of(where, draft.properties, is_page=draft.call.kind == "page")
    return None


def ignore(draft: Draft) -> No | None:
    """What the site does not want of certain addresses and pages. Our own people are known later, in the group."""
    rules = draft.received.client.rules
    reason = ignored(draft.ip, _path(draft) if rules.ignore_paths else None, rules)
    return Drop("ignore", reason) if reason else None


def check(draft: Draft) -> No | None:
    """What is wrong with the call. Asked of those only whom we may know, as a refused call is kept."""
    wrong = what_is_wrong(draft.call)
    return _refused(draft, *wrong, step="check") if wrong else None


def clock(draft: Draft) -> No | None:
    received = draft.received
    draft.happened = happened(draft.call.item.timestamp, received.sent_at, received.now)
    if received.historic:
        draft.happened = Happened(draft.happened.at, draft.happened.clock, live=False)
    elif draft.happened.at < received.now - LATE:
        late = "Events are taken up to 7 days late; older ones come in by import."
        return _refused(draft, Rejected.TOO_LATE, "timestamp", late, step="clock")
    return None


def device(draft: Draft) -> No | None:
    draft.device = device_of(draft.user_agent) if draft.user_agent else None
    return None


def place(draft: Draft) -> No | None:
    draft.place = Place(country_of(draft.ip)) if draft.call.backend else draft.received.client.place
    return None


DOOR: tuple[tuple[str, Step], ...] = (
    ("size", size),
    ("parse", parse),
    ("integrations", integrations),
    ("bot", bot),
    ("consent", consent),
    ("page", page),
    ("ignore", ignore),
    ("check", check),
    ("clock", clock),
    ("device", device),
    ("place", place),
)


def parse_item(raw: bytes, received: Received, told: bytes = b"") -> Parsed | No:
    """The event in `raw`, or why there is none. Never raises: one bad item must not sink its batch.

    Where `raw` was completed, `told` is what was sent: by that it is known again.
    """
    draft = Draft(raw, received, told)
    try:
        for _, step in DOOR:
            no = step(draft)
            if no is not None:
                return no
        return with_left_out(draft, parsed(draft))
    except Exception as error:  # noqa: BLE001  what we did not foresee in one item
        # an error's own words may repeat the item's, which stay out of the log
        log.error("item_unreadable", error=type(error).__name__, at=place_of(error))  # noqa: TRY400  its words may repeat the item's
        return unread(draft, Rejected.MALFORMED, None, "This item cannot be read.")


def parse_items(raws: Sequence[bytes], received: Received) -> list[Parsed | No]:
    """The same of all items of a request; others on the hub have their turn in between."""
    found: list[Parsed | No] = []
    for at in range(0, len(raws), _AT_ONCE):
        if at:
            gevent.sleep(0)
        found += [parse_item(raw, received) for raw in raws[at : at + _AT_ONCE]]
    return found


_decode_item = msgspec.json.Decoder(WireItem).decode


def _unreadable(draft: Draft, error: Exception) -> Refusal:
    if not isinstance(error, msgspec.ValidationError):
        return unread(draft, Rejected.MALFORMED, None, str(error))
    detail, _, path = str(error).partition(" - at `$.")
    return unread(draft, Rejected.INVALID, path.rstrip("`") or None, detail)


def _refused(draft: Draft, code: Rejected, field: str, detail: str, *, step: str) -> Refusal:
    message_id = draft.call.message_id
    return Refusal(message_id[:_MOST_OF_AN_ID] if message_id else None, code, field, detail, draft.raw, step)


def _path(draft: Draft) -> str | None:
    """The page's path; of one that has no address, the path that it tells by itself."""
    if draft.page:
        return draft.page.path
    where = draft.own.page or draft.shared.page
    told = (where.path if where else None) or (draft.properties.get("path") if draft.call.kind == "page" else None)
    return path_of(told) if isinstance(told, str) and told else None
