"""What rules concluded is carried out: all of a group at once, and only where that fails, each action alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from frontdesk.core.db.failures import unavailable
from frontdesk.core.db.savepoints import undone_if_it_fails
from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.deciding.decisions import Concluded, detail, rule_name
from frontdesk.engage.doing.deliveries import NewDelivery, queue
from frontdesk.engage.facts.case_facts import CaseFacts
from frontdesk.engage.models import DecisionRow
from frontdesk.engage.ports import ActionContext, Actions
from frontdesk_rules import MISSING, History, Moment, PlannedAction

log = structlog.get_logger(__name__)

Made = tuple[Case, Moment]
"""What an action made happen, and to whom."""


def act(session: Session, concluded: Sequence[Concluded], actions: Actions, now: datetime) -> list[Made]:
    """Carry out what was planned; what that made happen. An action that fails is undone alone and noted.

    What an action left undone, without failing, is noted, too. The rule has acted all the same: its repeat counts.
    """
    if not any(one.decision.actions for one in concluded):
        return []
    doing = _Doing(session, actions, now)
    try:
        with undone_if_it_fails(session):
            done = [doing.do_all(one) for one in concluded]
            queue(session, [new for each in done for new in each.shown], now)
            return [made for each in done for made in each.made]
    except Exception as error:  # whatever it was, it comes again below, and is told there
        if unavailable(error):
            raise  # the whole group is tried again, and nothing that was to be done is left out
        return [made for one in concluded for made in doing.do_each(one)]


@dataclass(slots=True)
class _Done:
    """What came of actions: what they made happen, what they left undone, and what they want to have shown."""

    made: list[Made] = field(default_factory=list)
    left: list[dict[str, str]] = field(default_factory=list)
    shown: list[NewDelivery] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Doing:
    session: Session
    actions: Actions
    now: datetime

    def do_all(self, one: Concluded) -> _Done:
        done = _Done()
        for planned in one.decision.actions:
            self._do(one, planned, done)
        self._note(one, done.left)
        return done

    def do_each(self, one: Concluded) -> list[Made]:
        """Each action alone: the visitor's event or message must be stored, whatever a rule wants done."""
        failed: list[dict[str, str]] = []
        left: list[dict[str, str]] = []
        made: list[Made] = []
        for planned in one.decision.actions:
            done = _Done()
            try:
                with undone_if_it_fails(self.session):
                    self._do(one, planned, done)
                    queue(self.session, done.shown, self.now)
            except Exception as error:
                if unavailable(error):
                    raise
                log.exception("action_failed", action=planned.action.name, rule=one.decision.rule.id)
                failed.append({"action": planned.action.name, "error": type(error).__name__})
            else:
                made, left = made + done.made, left + done.left
        self._note(one, left, failed)
        return made

    def _do(self, one: Concluded, planned: PlannedAction, done: _Done) -> None:
        context, name = _context(one, planned.key, self.now), planned.action.name
        made = self.actions[name](self.session, context, planned.action) or ()
        done.made += [(one.case, each) for each in made]
        done.left += [{"action": name, "reason": reason} for reason in context.left_undone]
        done.shown += context.shown

    def _note(self, one: Concluded, left: list[dict[str, str]], failed: Sequence[dict[str, str]] = ()) -> None:
        if left or failed:
            known = detail(one)
            told = {"left_undone": [*known.get("left_undone", ()), *left], "failed": list(failed)}
            noted = update(DecisionRow).where(DecisionRow.id == one.id)
            self.session.execute(noted.values(detail=known | {key: said for key, said in told.items() if said}))


def _context(one: Concluded, key: str, now: datetime) -> ActionContext:
    return ActionContext(
        subject=one.case.subject,
        conversation_id=one.case.conversation_id,
        rule_id=one.decision.rule.id,
        rule_name=rule_name(one.decision.rule),
        decision_id=one.id,
        reasons=one.reasons,
        key=key,
        facts=_AtTheMoment(one.case.moment, one.facts),
        page=one.case.page,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class _AtTheMoment:
    """Facts as conditions see them: what the moment knows goes before what was gathered."""

    moment: Moment
    facts: CaseFacts

    @property
    def history(self) -> History:
        return self.facts.history

    def get(self, name: str, /) -> object:
        told = self.moment.fact(name)
        return self.facts.get(name) if told is MISSING else told
