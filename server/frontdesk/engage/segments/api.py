"""Saved conditions over people, and lists kept by hand: /api/v1/segments."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from frontdesk.accounts.auth import caller
from frontdesk.core.border import Blueprint
from frontdesk.core.http import json_response, problem
from frontdesk.core.paging import PageQuery, listed
from frontdesk.core.runtime import runtime
from frontdesk.engage.deciding.engine import Engine
from frontdesk.engage.segments import by_hand, saving, schemas, seeing
from frontdesk.engage.segments.saving import Change, SegmentRefused
from frontdesk.people import queries
from frontdesk.people import segments as people


def blueprint(engine: Engine) -> Blueprint:
    """The routes of segments; whoever is added or removed may be whom a rule waits for."""
    blp = Blueprint("segments", __name__, url_prefix="/api/v1", description="Segments of people.")
    blp.register_error_handler(SegmentRefused, _answer_refused)
    _add_segments(blp)
    _add_one(blp)
    _add_members(blp, engine)
    return blp


def _answer_refused(error: SegmentRefused) -> Response:
    """The problem, with every finding: `errors: [{path, reason, line}]`."""
    status, body = problem(error)
    found = [{"path": finding.path, "reason": finding.reason, "line": finding.line} for finding in error.findings]
    return json_response(body | {"errors": found}, status, mimetype="application/problem+json")


def _add_segments(blp: Blueprint) -> None:
    @blp.route("/segments")
    @blp.response(200, schemas.SegmentList)
    def list_segments() -> dict[str, Any]:
        """All segments with their sizes, by key."""
        workspace_id = caller().workspace_id
        return runtime().db.read(lambda session: listed(seeing.dump(session, people.segments(session, workspace_id))))

    @blp.route("/segments", methods=["POST"])
    @blp.arguments(schemas.NewSegment)
    @blp.response(201, schemas.SegmentSchema)
    def create_segment(body: dict[str, Any]) -> dict[str, Any]:
        """Make a segment. A condition is refused with path and reason, a key that is taken with `conflict`."""
        workspace_id, now = caller().workspace_id, runtime().clock()

        def job(session: Session) -> dict[str, Any]:
            row = saving.create(session, workspace_id, body["key"], _change(body), now)
            return seeing.dump(session, [row])[0]

        return runtime().db.write(job)


def _add_one(blp: Blueprint) -> None:
    @blp.route("/segments/<segment_id>")
    @blp.response(200, schemas.SegmentSchema)
    def show_segment(segment_id: str) -> dict[str, Any]:
        """One segment with its size."""
        workspace_id = caller().workspace_id

        def query(session: Session) -> dict[str, Any]:
            return seeing.dump(session, [people.segment(session, workspace_id, segment_id)])[0]

        return runtime().db.read(query)

    @blp.route("/segments/<segment_id>", methods=["PATCH"])
    @blp.arguments(schemas.SegmentChange)
    @blp.response(200, schemas.SegmentSchema)
    def change_segment(body: dict[str, Any], segment_id: str) -> dict[str, Any]:
        """Call it otherwise, or ask otherwise; what is not named stays. Nobody enters or leaves by a new condition."""
        workspace_id, now = caller().workspace_id, runtime().clock()

        def job(session: Session) -> dict[str, Any]:
            row = people.segment(session, workspace_id, segment_id)
            saving.change(session, row, _change(body), now)
            return seeing.dump(session, [row])[0]

        return runtime().db.write(job)

    @blp.route("/segments/<segment_id>", methods=["DELETE"])
    @blp.response(204)
    def delete_segment(segment_id: str) -> None:
        """Delete it with its members. Refused with `conflict` while a rule at work or another segment names it."""
        workspace_id = caller().workspace_id
        runtime().db.write(lambda session: saving.delete(session, people.segment(session, workspace_id, segment_id)))


def _add_members(blp: Blueprint, engine: Engine) -> None:
    @blp.route("/segments/<segment_id>/members")
    @blp.arguments(PageQuery, location="query")
    @blp.response(200, schemas.MemberList)
    def list_members(asked: dict[str, Any], segment_id: str) -> dict[str, Any]:
        """Who is in it. Those of a condition that no live rule watches are asked now, a page may then hold fewer."""
        workspace_id, now = caller().workspace_id, runtime().clock()

        def query(session: Session) -> dict[str, Any]:
            row = people.segment(session, workspace_id, segment_id)
            return seeing.members(session, row, (asked["limit"], asked["cursor"]), now)

        return runtime().db.read(query)

    @blp.route("/segments/<segment_id>/members", methods=["POST"])
    @blp.arguments(schemas.NewMember)
    @blp.response(200, schemas.MemberSchema)
    def add_member(body: dict[str, str], segment_id: str) -> dict[str, Any]:
        """Add a person by hand; refused with `conflict` where a condition says who is in it."""
        return runtime().db.write(_moving(partial(by_hand.put, engine=engine), segment_id, body["person"]))

    @blp.route("/segments/<segment_id>/members/<person_id>", methods=["DELETE"])
    @blp.response(204)
    def remove_member(segment_id: str, person_id: str) -> None:
        """Remove a person, under all ids that it goes by; refused as adding one is."""
        runtime().db.write(_moving(partial(by_hand.take, engine=engine), segment_id, person_id))


def _moving(move: Callable[..., None], segment_id: str, person_id: str) -> Callable[[Session], dict[str, Any]]:
    """A job that adds or removes this person."""
    workspace_id, now = caller().workspace_id, runtime().clock()

    def job(session: Session) -> dict[str, Any]:
        row = people.segment(session, workspace_id, segment_id)
        person = queries.person(session, workspace_id, person_id)
        move(session, row=row, person=person, now=now)
        return person.brief(now)

    return job


def _change(body: dict[str, Any]) -> Change:
    return Change(**{key: value for key, value in body.items() if key != "key"})
