"""Who belongs together in a simulation: what everybody of a company did, for rules that ask about all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from operator import attrgetter
from typing import Final, Protocol

from frontdesk_rules.facts.history import NO_HISTORY, History, PastEvent, RememberedHistory, Span

COMPANY: Final = "company.id"


class Member(Protocol):
    """Somebody, as a simulation knows them."""

    @property
    def id(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, object]: ...
    @property
    def history(self) -> RememberedHistory: ...


@dataclass(slots=True)
class Companies:
    """By the id of each, whoever was ever seen in it; who left it since is left out when somebody asks."""

    _seen: dict[object, dict[str, Member]] = field(default_factory=dict)

    def note(self, member: Member) -> None:
        """After something else is known of somebody."""
        company = member.facts.get(COMPANY)
        if isinstance(company, str):
            self._seen.setdefault(company, {})[member.id] = member

    def past_of(self, member: Member) -> History:
        company = member.facts.get(COMPANY)
        if not isinstance(company, str):
            return NO_HISTORY
        members = {**self._seen.get(company, {}), member.id: member}.values()
        return Together([one.history for one in members if one.facts.get(COMPANY) == company])


@dataclass(frozen=True, slots=True)
class Together:
    """Several pasts as one."""

    pasts: Sequence[RememberedHistory]
    known_since: None = None  # one of them may have come yesterday

    def events(self, name: str, span: Span, /) -> Sequence[PastEvent]:
        each: Iterable[Sequence[PastEvent]] = (past.events(name, span) for past in self.pasts)
        return list(merge(*each, key=attrgetter("at")))

    def count(self, name: str, span: Span, /) -> int:
        return sum(past.count(name, span) for past in self.pasts)
