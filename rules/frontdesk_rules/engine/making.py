"""The compiled rules of a set: made anew where they are new, taken over from the set before where they are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from frontdesk_rules.engine.anchors import Anchors, anchors_of
from frontdesk_rules.engine.compile import Sharing
from frontdesk_rules.engine.ready import CompiledRule, compile_rule
from frontdesk_rules.language.gates import Policy
from frontdesk_rules.language.rule import LiveRule

Version: TypeAlias = tuple[str, int]
"""The id of a rule, and the number of one of its versions."""

# To generate code takes about 0.3 ms a rule: a set that is compiled as a whole must stay far below a second.
MOST_GENERATED: Final = 500


@dataclass(frozen=True, slots=True)
class Making:
    """How the rules of a set are made: under which policy, and the ids of those that are asked often (`hot`). `sharing`
    goes from one set to the next, so that what is new shares its comparisons with what was there."""

    policy: Policy
    hot: frozenset[str] = frozenset()
    sharing: Sharing = field(default_factory=Sharing)

    def compiled(self, ranked: Iterable[LiveRule], known: Mapping[Version, CompiledRule]) -> Iterator[CompiledRule]:
        """In the order given; `known` are those of the set before, under this policy."""
        left = MOST_GENERATED
        for live in ranked:
            rule = known.get((live.id, live.version))
            anchors = rule.anchors if rule else anchors_of(live.rule)
            hot = live.id in self.hot or (anchors is None and left > 0)
            left -= anchors is None
            if rule is None or rule.hot is not hot or rule.live != live:
                yield self._made(live, anchors, hot=hot)
            else:
                yield rule

    def _made(self, live: LiveRule, anchors: Anchors | None, *, hot: bool) -> CompiledRule:
        return compile_rule(live, self.policy, self.sharing, anchors=anchors, hot=hot)
