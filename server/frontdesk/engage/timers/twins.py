"""Waits by one key that began in two browsers which are one person by now: of these, too, the first counts."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from frontdesk.core.db import bulk
from frontdesk.engage.timers.claims import Due, one_by_all_ids
from frontdesk.engage.timers.keys import KEY, TABLE, Key
from frontdesk_rules import RuleSet
from frontdesk_rules.language.timed import AbsenceTrigger

_ASKED = (*KEY, "anchor_at", "due_at")


class _Other(NamedTuple):
    """A timer of the same key and person under another id, whether it has fired or not."""

    anchor_at: datetime
    person_id: str
    due_at: datetime


def overtaken(session: Session, timers: Sequence[Due], rules: RuleSet) -> set[Key]:
    """Those of these that began while another of their key waited already, under another id of their person."""
    keyed = [due for due in timers if _by_key(due, rules)]
    if not keyed:
        return set()
    whom = one_by_all_ids(session, {due.person_id for due in keyed})
    ids: dict[str, list[str]] = {}
    for one, person in whom.items():
        ids.setdefault(person, []).append(one)
    others = {
        (due.rule_id, other, due.anchor)
        for due in keyed
        for other in ids[whom[due.person_id]]
        if other != due.person_id
    }
    found: dict[tuple[str, str, str], list[_Other]] = {}
    for rule_id, person_id, anchor, began_at, due_at in bulk.find(session, TABLE, _ASKED, {KEY: sorted(others)}):
        found.setdefault((rule_id, whom[person_id], anchor), []).append(_Other(began_at, person_id, due_at))
    return {due.key for due in keyed if _behind(due, found.get((due.rule_id, whom[due.person_id], due.anchor), ()))}


def _by_key(due: Due, rules: RuleSet) -> bool:
    at_work = rules.by_id.get(due.rule_id, ())
    trigger = at_work[0].live.rule.trigger if at_work else None
    return due.kind == "absence" and isinstance(trigger, AbsenceTrigger) and trigger.key_property is not None


def _behind(due: Due, others: Sequence[_Other]) -> bool:
    own = due.anchor_at, due.person_id
    return any((other.anchor_at, other.person_id) < own and other.due_at >= due.anchor_at for other in others)
