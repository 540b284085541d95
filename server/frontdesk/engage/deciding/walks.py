"""A walk through the members of a company, as the rows that carry it on have it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import Any, Final, Protocol

from frontdesk.engage.timers.claims import MOST_TRIES
from frontdesk.engage.timers.lookings import Looking

FEW: Final = 100  # members of a transaction: some 20 ms of a writer on which requests wait


@dataclass(frozen=True, slots=True)
class Walk:
    """Through the members of a company behind `after`, because these fields of it changed, the last of them `at`.

    `silent`: we heard of it late, so that nobody is told who enters a segment by it. `step` is how many at once did
    well before, `tries` how often it has failed since.
    """

    workspace_id: str
    company_id: str
    at: datetime
    fields: frozenset[str]
    silent: bool = False
    after: str = ""
    step: int = FEW
    tries: int = 0

    @property
    def few(self) -> int:
        """How many to ask at once: where it failed fewer and fewer, so that in the end it fails for one alone."""
        return max(1, self.step >> 3 * self.tries)

    @property
    def stuck(self) -> bool:
        """Whether the next member is to be left out: nothing helped."""
        return self.tries == MOST_TRIES - 1

    def behind(self, person_id: str) -> "Walk":
        """The rest of it."""
        return replace(self, after=person_id, step=FEW if self.stuck else min(FEW, 2 * self.few), tries=0)

    def and_also(self, other: "Walk") -> "Walk":
        """One that does for both, of one company."""
        return replace(
            self,
            at=max(self.at, other.at),
            fields=self.fields | other.fields,
            silent=self.silent and other.silent,
            after=min(self.after, other.after),
            step=min(self.step, other.step),
            tries=max(self.tries, other.tries),
        )


class Kept(Protocol):
    """A row that carries a walk on."""

    @property
    def workspace_id(self) -> str: ...
    @property
    def rule_id(self) -> str: ...
    @property
    def anchor_at(self) -> datetime: ...
    @property
    def payload(self) -> dict[str, Any]: ...
    @property
    def tries(self) -> int: ...


def joined(walks: Iterable[Walk]) -> Walk:
    """One that does for all of these, of one company."""
    return reduce(Walk.and_also, walks)


def in_turn(walks: Sequence[Walk]) -> list[Walk]:
    """The one to carry on, and the one that begins after it, if any: what has begun comes to its end first, or whoever
    comes last would not be reached as long as anything changes."""
    begun, new = [walk for walk in walks if walk.after], [walk for walk in walks if not walk.after]
    return [joined(some) for some in (begun, new) if some]


def read(row: Kept) -> Walk:
    """What `written` wrote."""
    told = row.payload
    return Walk(
        row.workspace_id, row.rule_id, row.anchor_at, frozenset(told["fields"]), told["silent"], told["after"],
        told["step"], row.tries,
    )  # fmt: skip


def written(walk: Walk) -> Looking:
    """As a row that is looked at next."""
    told = {"fields": sorted(walk.fields), "silent": walk.silent, "after": walk.after, "step": walk.step}
    return Looking(walk.workspace_id, walk.company_id, walk.at, payload=told)
