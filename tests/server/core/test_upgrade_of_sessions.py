"""Sessions of the first version can be cut again after the upgrade: they know their events and their sources."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from frontdesk.collect.models import Event, Touchpoint
from frontdesk.collect.models import Session as Run
from frontdesk.collect.sessions.policy import IDLE
from frontdesk.collect.sessions.written import marks_of, runs_since
from frontdesk.core.clock import to_ms
from frontdesk.migrations.upgrade import upgrade
from tests.server.core.test_upgrade_of_events import first_version

__all__ = ["first_version"]
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TOUCHES = {
    "ses_1": {"channel": "email", "source": "letter", "campaign": "spring", "landing_url": "https://shop.example/"},
    "ses_2": {"channel": "referral", "source": "blog.example", "medium": "referral"},
    "ses_3": {"channel": "direct", "landing_url": "https://shop.example/"},
}


@pytest.fixture
def upgraded(first_version: Engine) -> Engine:
    with first_version.begin() as connection:
        for hour, (session_id, touch) in enumerate(TOUCHES.items()):
            at = to_ms(NOON + timedelta(hours=hour))
            told = {"id": session_id, "touch": json.dumps(touch), "at": at, "number": hour + 1}
            connection.execute(
                text(
                    "INSERT INTO session (id, workspace_id, person_id, number, touch, landing_path, page_views, dwell,"
                    " started_at, last_at) VALUES (:id, 'wsp_1', 'vis_1', :number, :touch, '/', 1, '{}', :at, :at)"
                ),
                told,
            )
            connection.execute(
                text("INSERT INTO touchpoint VALUES (:old, 'wsp_1', 'vis_1', :id, 'x', :touch, :at)"),
                {name: told[name] for name in ("id", "touch", "at")} | {"old": f"tch_old{hour}"},
            )
            for later in range(2):
                connection.execute(
                    text(
                        "INSERT INTO event VALUES (:event, 'wsp_1', 'vis_1', :id, 'page', NULL, '{}',"
                        " 'https://shop.example/', '/', NULL, false, :event, :at, 5)"
                    ),
                    {"event": f"{session_id}-{later}", "id": session_id, "at": at + later},
                )
    upgrade(first_version)
    return first_version


def test_sessions_know_their_events_and_touchpoints_again(upgraded: Engine) -> None:
    with Session(upgraded) as session:
        runs = list(session.scalars(select(Run).order_by(Run.number)))
        assert [(run.id, run.events, run.landed_at == run.started_at) for run in runs] == [
            (session_id, 2, True) for session_id in TOUCHES
        ]
        touchpoints = {touch.id: touch.session_id for touch in session.scalars(select(Touchpoint))}
        assert touchpoints == {f"tch_{number}": f"ses_{number}" for number in (1, 2, 3)}
        events = {event.id: event.touch for event in session.scalars(select(Event)) if event.session_id}
        assert events["ses_1-0"] == {**TOUCHES["ses_1"], "via": "utm"}
        assert events["ses_2-0"] == {**TOUCHES["ses_2"], "via": "referrer"}
        assert {events[name] for name in ("ses_1-1", "ses_2-1", "ses_3-0")} == {None}
        loaded = runs_since(session, ["vis_1"], NOON - IDLE)["vis_1"]
        assert {name: len(marks) for name, marks in marks_of(session, loaded).items()} == dict.fromkeys(TOUCHES, 2)
    upgraded.dispose()
