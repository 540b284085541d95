"""An activation begins in the transaction that sets its version live, and waits there for whoever carries it on."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from frontdesk.core.clock import iso
from frontdesk.engage.activation.models import Activation, SetAside
from frontdesk.engage.models import RuleVersion
from frontdesk_rules.language.edges import WAITING, ConversationTrigger
from frontdesk_rules.language.timed import AbsenceTrigger, ReachesTrigger, ScheduleTrigger

RUNNING: Final = "running"
ASKING: Final = ("live", "shadow")
_ASKED: Final = select(RuleVersion.tree).where(
    RuleVersion.rule_id == bindparam("rule_id"),
    RuleVersion.version == bindparam("version"),
    RuleVersion.state != "archived",
)
_BY_CLOCK: Final = frozenset({ReachesTrigger.kind, AbsenceTrigger.kind, ScheduleTrigger.kind})


def begin(  # noqa: PLR0913 - what names a version, and when
    session: Session, workspace_id: str, rule_id: str, version: int, now: datetime, *, resumed: bool = False
) -> bool:
    """Ask this version about everybody from now on, if a clock brings its trigger; whether it will be asked.

    Call it in the transaction in which the version goes live, or into shadow, or on after a pause (`resumed`). Begun
    again, it starts anew. A version that was paused before all were asked is as fresh as it was.
    """
    asked = session.execute(_ASKED, {"rule_id": rule_id, "version": version}).first()
    if asked is None or not _by_clock(asked.tree["trigger"]):
        return False
    row = session.get(Activation, (rule_id, version), with_for_update=True)
    if row is None:
        row = Activation(rule_id=rule_id, version=version, workspace_id=workspace_id, fresh=not resumed)
        session.add(row)
    else:
        row.fresh = not resumed or (row.fresh and row.finished_at is None)
    row.state, row.cursor, row.started_at, row.finished_at = RUNNING, "", now, None
    row.asked = row.armed = row.due = 0
    session.execute(delete(SetAside).where(SetAside.rule_id == rule_id, SetAside.version == version))
    session.flush()
    return True


def _by_clock(trigger: Mapping[str, Any]) -> bool:
    """Whether a clock brings it, so that those who are there already wait for it, too."""
    return trigger.get(ConversationTrigger.kind) == WAITING or not _BY_CLOCK.isdisjoint(trigger)


def begin_for_the_imported(session: Session, workspace_id: str, now: datetime) -> int:
    """Ask all rules that a clock brings about everybody again, for an import stores people without asking any.

    Who was asked before is left as it is. Returns how many rules are.
    """
    standing = select(RuleVersion.rule_id, RuleVersion.version).where(
        RuleVersion.workspace_id == workspace_id, RuleVersion.state.in_(ASKING)
    )
    versions = session.execute(standing).all()
    return sum(begin(session, workspace_id, rule_id, version, now, resumed=True) for rule_id, version in versions)


def progress(session: Session, rule_ids: Collection[str]) -> dict[tuple[str, int], dict[str, Any]]:
    """(rule id, version) → how far its activation is, as on the wire; whom it set aside, oldest first."""
    told: dict[tuple[str, int], dict[str, Any]] = {
        (row.rule_id, row.version): {
            "state": row.state,
            "asked": row.asked,
            "armed": row.armed,
            "due": row.due,
            "started_at": iso(row.started_at),
            "finished_at": iso(row.finished_at) if row.finished_at else None,
            "set_aside": [],
        }
        for row in session.scalars(select(Activation).where(Activation.rule_id.in_(rule_ids)))
    }
    left_out = select(SetAside).where(SetAside.rule_id.in_(rule_ids)).order_by(SetAside.at, SetAside.person_id)
    for row in session.scalars(left_out):
        one = {"person": row.person_id, "error": row.error, "at": iso(row.at)}
        told[row.rule_id, row.version]["set_aside"].append(one)
    return told
