"""What was decided and waits for the person to come: what keeps it from being shown now, if anything does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, TypeAlias

from frontdesk_rules.engine.held import Held
from frontdesk_rules.engine.past import Memory, Whom
from frontdesk_rules.engine.ready import CompiledRule
from frontdesk_rules.engine.stages import RECHECKED, SHOWN_ORDER, Asking, Stage, first_no
from frontdesk_rules.facts.known import Facts
from frontdesk_rules.facts.moments import Moment, View

Life: TypeAlias = Literal["queued", "sent", "seen"]

# Which stages are asked of it: all that may have changed since it was decided. What was sent counts for its cap
# already; what the person has seen is theirs, unless they do not want such messages, or the rule is stopped.
_ASKED: Final[Mapping[Life, frozenset[str]]] = {
    "queued": frozenset({"active", "trigger", "when", "consent", "conversation", "caps", "quiet"}),
    "sent": frozenset({"active", "trigger", "when", "consent", "conversation", "quiet"}),
    "seen": frozenset({"active", "consent"}),
}
_STAGES: Final[tuple[Stage, ...]] = (*RECHECKED, *SHOWN_ORDER)

# What will not change back, or not so that what was said would still be meant: it is never shown. For other reasons it
# waits: until the rule goes on, the conversation is closed, the cap lets one more through, the night is over.
FOR_GOOD: Final = frozenset({Held.NO_CONSENT, Held.OVERTAKEN, Held.NOT_MATCHED, Held.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that a rule has said. `moment`: the one at which it was decided, where that is still known; without it,
    neither what the rule waited for nor its condition is asked again."""

    rule: CompiledRule
    message_class: str
    life: Life
    now: datetime
    moment: Moment | None = None

    @property
    def stages(self) -> tuple[Stage, ...]:
        asked = _ASKED[self.life]
        if self.moment is None:
            asked -= {"trigger", "when"}
        elif self.rule.quiet is None or not self.rule.quiet.recheck:
            asked -= {"when"}
        return tuple([stage for stage in _STAGES if stage[0] in asked])


def showing(waiting: Waiting, facts: Facts, memory: Memory, whom: Whom) -> Held | None:
    """The first reason not to show it now, or None. The caps count what was really shown, so `memory` knows no more."""
    moment = waiting.moment or Moment(kind="page", at=waiting.now)
    view = View(replace(moment, at=waiting.now), facts, whom.person)
    asking = Asking(waiting.rule, view, waiting.rule.key, memory, whom)
    asking.begin(waiting.rule)
    asking.message_class = waiting.message_class
    return first_no(waiting.stages, asking)
