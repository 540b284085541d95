"""How much the actions of rules may cause: rules that answer each other multiply, step by step, until depth ends it."""

from collections import Counter
from collections.abc import Iterable

import structlog

from frontdesk.engage.deciding.cases import Case

log = structlog.get_logger(__name__)
MOST_CAUSED = 200


class Share:
    """What one person's doings have caused so far; nobody else's share is touched by it."""

    def __init__(self) -> None:
        self._caused: Counter[str] = Counter()

    def within(self, cases: Iterable[Case]) -> list[Case]:
        """Those that are asked: `MOST_CAUSED` for each person."""
        return [case for case in cases if self._counts(case)]

    def _counts(self, case: Case) -> bool:
        person_id = case.subject.person_id
        self._caused[person_id] += 1
        if self._caused[person_id] == MOST_CAUSED + 1:
            log.error("rules_multiply", workspace=case.subject.workspace_id, person=person_id, most=MOST_CAUSED)
        return self._caused[person_id] <= MOST_CAUSED
