"""What a request brought of one person, in the form in which the rules take it."""

from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.known import Known
from frontdesk.collect.ports import Arrival, PageSeen, SessionSeen, StoredEvent
from frontdesk.collect.requests import Request
from frontdesk.collect.reserved import PAGE_LEFT
from frontdesk.collect.sessions.fold import Run
from frontdesk.collect.sessions.runs import Runs
from frontdesk.collect.sources.touches import Touch
from frontdesk.core.ids import fingerprint
from frontdesk.people.rows import VisitorRow

_COLUMNS = (
    "browser",
    "os",
    "device",
    "language",
    "timezone",
    "country",
    "region",
    "city",
    "region_timezone",
    "name",
    "email",
    "tags",
    "attributes",
    "contact_id",
    "first_seen_at",
)


@dataclass(slots=True)
class Stored:
    """A new item, whom it is of, and where it went."""

    item: Parsed
    known: Known
    event_id: str
    session_id: str | None = None
    dwell_before_ms: int = 0
    touch: Touch | None = None


def arrival(request: Request, known: Known, own: list[Stored], runs: Runs, *, minted: bool) -> Arrival:
    """The arrival of `known` with its `own` events.

    Whoever is handed a newly `minted` token in this very answer holds it. A stand-in has no browser to be spoken to:
    where it counts as its contact, rules speak to that.
    """
    visitor, browser, contact = known.visitor, known.browser, known.contact
    run = runs.current(visitor) if visitor else None
    return Arrival(
        workspace_id=request.sender.workspace_id,
        person_id=contact.id if contact and known.stand_in else known.person_id,
        visitor_id=browser.id if browser else None,
        contact_id=contact.id if contact else None,
        visitor=_columns(visitor),
        session=_session_seen(run) if run else None,
        events=tuple(_event(one, run, verified=request.sender.verified) for one in own),
        page=_page(request, own, run),
        locale=(visitor.language if visitor else None) or "en",
        token_held=minted or holds(request, browser),
    )


def holds(request: Request, visitor: VisitorRow | None) -> bool:
    """Whether the request came with this visitor's token."""
    token = request.sender.token
    return bool(visitor and token and visitor.token_hash == fingerprint(token))


def _columns(visitor: VisitorRow | None) -> dict[str, Any]:
    return {name: getattr(visitor, name) for name in _COLUMNS} if visitor else {}


def _session_seen(run: Run) -> SessionSeen:
    return SessionSeen(run.id, run.number, run.page_views, run.landing_path, run.touch)


def _event(stored: Stored, run: Run | None, *, verified: bool) -> StoredEvent:
    item = stored.item
    return StoredEvent(
        id=stored.event_id,
        type=item.type,
        name=item.name,
        properties=item.properties,
        page=_with_dwell(item.page, run),
        occurred_at=item.occurred_at,
        verified=verified,
        live=item.live,
        dwell_before_ms=stored.dwell_before_ms,
        changes=stored.known.changes,
        company=stored.known.company,
    )


def _page(request: Request, own: list[Stored], run: Run | None) -> PageSeen | None:
    """The page that the person is on now: the last one that was not left."""
    seen = [one.item.page for one in own if one.item.page and one.item.name != PAGE_LEFT]
    return _with_dwell(request.presence or (seen[-1] if seen else None), run)


def _with_dwell(page: PageSeen | None, run: Run | None) -> PageSeen | None:
    """Visible time on this path in this session, in all tabs: the most that any of them reported."""
    known = run.dwell.get(page.path, 0) if page and run else 0
    if page is None or known <= page.dwell_ms:
        return page
    return replace(page, dwell_ms=known)
