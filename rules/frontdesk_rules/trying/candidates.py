"""Which rules can act at a moment that is played: of page views, by far the most frequent, found once for each page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from frontdesk_rules.engine.index import RuleSet
from frontdesk_rules.engine.ready import CompiledRule
from frontdesk_rules.facts.moments import Moment
from frontdesk_rules.urls import normal_path

_MOST_PAGES: Final = 10_000


@dataclass(slots=True)
class Candidates:
    """`unasked`: the pages that no rule is about."""

    rules: RuleSet
    unasked: set[str] = field(default_factory=set)
    _on_page: dict[str, tuple[CompiledRule, ...]] = field(default_factory=dict)

    def of(self, moment: Moment) -> tuple[CompiledRule, ...]:
        if moment.kind != "page":
            return self.rules.candidates(moment)
        path = normal_path(moment.path or "/")
        found = self._on_page.get(path)
        if found is None:
            found = self.rules.candidates(moment)
            if len(self._on_page) < _MOST_PAGES:
                self._on_page[path] = found
        return found

    def leave_out(self, moment: Moment) -> None:
        """From now on nobody is asked about the page of this moment."""
        if len(self.unasked) < _MOST_PAGES:
            self.unasked.add(normal_path(moment.path or "/"))
