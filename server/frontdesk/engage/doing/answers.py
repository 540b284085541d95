"""What people answer to surveys: an event of theirs, so that rules, segments and counts can ask for it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from frontdesk.collect import emitted
from frontdesk.collect.emitted import Emitted
from frontdesk.core.errors import Conflict, Invalid
from frontdesk.core.text import clean
from frontdesk.engage.doing import deliveries
from frontdesk.engage.models import Delivery
from frontdesk_rules import Moment

ANSWERED: Final = "Survey Answered"
LONGEST: Final = 2_000


def answer(session: Session, row: Delivery, answers: Mapping[str, Any], now: datetime) -> Moment | None:
    """Note what the person answered to a locked delivery; the moment that this is, None where it was answered before.

    Conflict where nothing was asked, Invalid with its field where an answer is not one to its question.
    """
    if row.kind != "survey":
        raise Conflict("Nothing was asked here.")
    said = _read(row.content["questions"], answers)
    if "answered" not in deliveries.MOVES[row.state]:
        return None
    deliveries.move(session, row, "answered", now)
    properties = said | {"delivery": row.id, "rule": row.rule_id, "survey": row.content["survey"]}
    new = Emitted(
        workspace_id=row.workspace_id,
        person_id=row.visitor_id or row.person_id or "",
        session_id=row.session_id,
        name=ANSWERED,
        properties=properties,
        page=None,
        key=f"{row.id}:answered",
        cause=None,
    )
    event_id = emitted.store(session, new, now)
    return Moment(kind="event", at=now, id=event_id, name=ANSWERED, properties=properties) if event_id else None


def _read(questions: list[dict[str, Any]], answers: Mapping[str, Any]) -> dict[str, Any]:
    asked = {question["key"]: question for question in questions}
    for key in answers.keys() - asked.keys():
        raise Invalid("This was not asked.", field=f"answers.{key}")
    said = {}
    for key, question in asked.items():
        if key in answers:
            said[key] = _ANSWERS[question["kind"]](answers[key], question)
        if said.get(key) is None and (key in answers or not question.get("optional")):
            raise Invalid("This is no answer to the question.", field=f"answers.{key}")
    return said


def _whole(value: Any, numbers: range) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value in numbers else None


def _text(value: Any) -> str | None:
    return clean(value, LONGEST).strip() or None if isinstance(value, str) else None


_ANSWERS: Final[Mapping[str, Callable[[Any, dict[str, Any]], Any]]] = {
    "nps": lambda value, _question: _whole(value, range(11)),
    "csat": lambda value, _question: _whole(value, range(1, 6)),
    "choice": lambda value, question: value if value in question.get("choices", ()) else None,
    "text": lambda value, _question: _text(value),
}
"""Kind of a question → the answer as it is kept; None where it is none."""
