"""What rules are asked about: one moment of one person, and the rules whose trigger it is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from frontdesk.collect.ports import Arrival, PageSeen, StoredEvent
from frontdesk.engage.ports import Subject
from frontdesk_rules import CompiledRule, Moment, RuleSet, View, moment_key

DWELLED = "Page Dwell"
_LONGEST_DWELL_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Case:
    """One moment, and everything at hand about it. `delivery_id`: the auto-message that the conversation answers.

    The `candidates` are found among `rules`, once there is a view of the facts: few can match it, of a thousand.
    """

    subject: Subject
    moment: Moment
    candidates: tuple[CompiledRule, ...]
    page: PageSeen | None
    conversation_id: str | None = None
    delivery_id: str | None = None
    rules: RuleSet | None = None

    @property
    def run(self) -> str:
        """What held decisions are counted in: one row for each reason in a conversation, a session, or else a day."""
        session = self.subject.session
        return self.conversation_id or (session.id if session else self.moment.at.date().isoformat())

    def narrowed(self, view: View) -> "Case":
        """With the candidates that can match this view."""
        return self if self.rules is None else replace(self, candidates=self.rules.candidates(self.moment, view))


def cases_of(arrival: Arrival, rules: RuleSet) -> Iterator[Case]:
    """The live events of an arrival at which a rule is to be asked, in order.

    None of what anybody could have said of a contact for whom only servers speak.
    """
    if not rules.rules or (arrival.visitor_id is None and arrival.contact_id is None):
        return
    subject = None
    for event in arrival.events:
        moment = _moment(event) if event.live else None
        if moment and moment_key(moment) in rules.buckets:
            subject = subject or subject_of(arrival)
            yield Case(subject, moment, (), event.page or arrival.page, rules=rules)


def subject_of(arrival: Arrival) -> Subject:
    return Subject(
        workspace_id=arrival.workspace_id,
        person_id=arrival.person_id,
        visitor_id=arrival.visitor_id,
        contact_id=arrival.contact_id,
        visitor=arrival.visitor,
        session=arrival.session,
        locale=arrival.locale,
    )


def _moment(event: StoredEvent) -> Moment | None:
    """The moment that an event is, if it is one."""
    if event.type == "track" and event.name == DWELLED:
        return _dwell(event)
    make = _MOMENTS.get(event.type)
    return make(event) if make else None


def _page(event: StoredEvent) -> Moment:
    return Moment(kind="page", at=event.occurred_at, id=event.id, path=_path(event), properties=event.properties)


def _named(event: StoredEvent) -> Moment:
    return Moment(
        kind="event",
        at=event.occurred_at,
        id=event.id,
        name=event.name,
        path=_path(event),
        properties=event.properties,
    )


_MOMENTS: Mapping[str, Callable[[StoredEvent], Moment]] = {"page": _page, "track": _named}


def _dwell(event: StoredEvent) -> Moment | None:
    """Visible time crossed a threshold that the server had named; properties are the browser's word for it."""
    path, dwell_ms = event.properties.get("path"), whole_ms(event.properties.get("dwell_ms"))
    path = path if isinstance(path, str) else _path(event)
    if path is None or dwell_ms is None:
        return None
    return Moment(
        kind="dwell",
        at=event.occurred_at,
        id=event.id,
        path=path,
        dwell_ms=dwell_ms,
        dwell_before_ms=event.dwell_before_ms,
    )


def whole_ms(claimed: object) -> int | None:
    """A duration as a browser claims it: whole milliseconds, at most a day; None for anything else."""
    if isinstance(claimed, bool) or not isinstance(claimed, int | float) or not 0 <= claimed <= _LONGEST_DWELL_MS:
        return None
    return int(claimed)


def _path(event: StoredEvent) -> str | None:
    return event.page.path if event.page else None
