"""The segments whose comings and goings a live rule waits for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.engage.rules.live import LiveRules
from frontdesk.engage.segments.compiled import CompiledSegment, SegmentSet, load
from frontdesk.people.models import Segment
from frontdesk_rules import Moment, Rule, RuleSet
from frontdesk_rules.language.edges import SegmentTrigger

FILLING: Final = "filling"
SETTLING: Final = "settling"
KEPT: Final = "kept"
IDLE: Final = "idle"
NOT_FILLED: Final = (IDLE, FILLING)
NO_SEGMENTS: Final = SegmentSet({})


@dataclass(frozen=True, slots=True)
class Watched:
    """Those by condition that rules of `rules` watch, of `known` ones.

    `filling`: some did not hold everybody yet when this was read; the rules are swapped when they do.
    """

    rules: RuleSet
    segments: tuple[CompiledSegment, ...] = ()
    known: SegmentSet = NO_SEGMENTS
    filling: bool = False

    def touched(self, moment: Moment) -> tuple[CompiledSegment, ...]:
        """Those whose answer may be another after this moment."""
        return tuple(segment for segment in self.segments if segment.touched(moment))


class LiveSegments:
    """In memory, swapped with the rules: whoever changes a segment moves the revision of its workspace's rules."""

    def __init__(self, live: LiveRules) -> None:
        self.live = live
        self._watched: dict[str, Watched] = {}

    def get(self, session: Session, workspace_id: str) -> Watched:
        """Asks the database only where the rules were swapped, and one of them watches a segment."""
        rules = self.live.get(session, workspace_id)
        known = self._watched.get(workspace_id)
        if known is None or known.rules is not rules:
            known = self._watched[workspace_id] = _watched(session, workspace_id, rules)
        return known


def watched_by(rules: Iterable[Rule]) -> frozenset[str]:
    """The keys of the segments whose comings and goings these rules wait for."""
    return frozenset(rule.trigger.segment for rule in rules if isinstance(rule.trigger, SegmentTrigger))


def _watched(session: Session, workspace_id: str, rules: RuleSet) -> Watched:
    keys = watched_by(rule.live.rule for rule in rules.rules if rule.live.active)
    if not keys:
        return Watched(rules)
    known = load(session, workspace_id)
    found = known.by_key
    segments = tuple(found[key] for key in sorted(keys & found.keys()) if found[key].condition)
    states = select(Segment.state).where(Segment.id.in_([segment.id for segment in segments]))
    return Watched(rules, segments, known, any(state in NOT_FILLED for state in session.scalars(states)))
