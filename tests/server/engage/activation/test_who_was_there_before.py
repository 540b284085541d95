"""Rules that wait for something, when they go live over people who were there before."""

from datetime import timedelta
from functools import partial

import pytest

from frontdesk.engage.activation import steps, ticking
from frontdesk.engage.activation.beginning import progress
from frontdesk.engage.rules import saving
from frontdesk.engage.rules.versions import Edit
from tests.server.engage.activation.town import DAY, SECOND, STORY_A, Town, many
from tests.server.engage.timers.desk import STORY_B

HOUR = timedelta(hours=1)
GUIDE = ["Shall we build your first project together?"]
WEEKLY = """
rule: weekly
trigger: {schedule: {cron: '0 9 * * mon', zone: person}}
repeat: {every: 6d}
do: [{tag: weekly}]
"""


def test_who_registered_an_hour_before_is_waited_for_too(town: Town) -> None:
    town.do("Registered", who="anna")
    town.do("Registered", who="ben")
    town.do("Project Created", who="ben")
    town.clock.advance(HOUR)
    town.save(STORY_B)
    town.tick(5)
    assert len(town.pending()) == 1
    town.clock.advance(23 * HOUR - 6 * SECOND)
    town.tick(2)
    assert town.told("anna") == []
    town.tick(3)
    assert town.told("anna") == GUIDE
    assert town.told("ben") == []


def test_who_registered_longer_ago_than_it_waits_for_is_left_alone(town: Town) -> None:
    town.do("Registered", who="anna")
    town.clock.advance(25 * HOUR)
    town.save(STORY_B)
    town.tick(5)
    assert town.pending() == []
    assert town.decisions() == []


def test_a_project_after_the_rule_went_live_cancels_what_it_set(town: Town) -> None:
    town.do("Registered", who="anna")
    town.clock.advance(HOUR)
    town.save(STORY_B)
    town.tick(5)
    town.do("Project Created", who="anna")
    assert town.pending() == []


def test_a_schedule_is_set_for_everybody_in_their_zone(town: Town) -> None:
    town.register("berlin")
    town.register("shanghai")
    town.identify("shanghai", who="browser-shanghai", timezone="Asia/Shanghai")
    town.save(WEEKLY)
    town.tick(5)
    assert [at.isoformat() for at in town.pending()] == ["2026-03-09T01:00:00+00:00", "2026-03-09T09:00:00+00:00"]
    town.clock.advance(7 * DAY)
    town.tick()
    assert town.tagged("weekly") == {"berlin", "shanghai"}
    assert [at.isoformat() for at in town.pending()] == ["2026-03-16T01:00:00+00:00", "2026-03-16T09:00:00+00:00"]


def test_after_a_crash_it_goes_on_where_it_was(town: Town) -> None:
    _settle(town, 1_200)
    rule_id = town.rule(STORY_A)
    town.clock.advance(2 * SECOND)
    town.step()
    half = town.activation(rule_id)
    assert (half.state, half.asked, half.cursor) == ("running", 500, "con_000499")
    restarted = town.restart()
    ticking.tick(restarted.runtime.db, restarted.clock)
    done = town.activation(rule_id)
    assert (done.state, done.asked, done.armed, len(town.timers())) == ("done", 1_200, 1_200, 1_200)


def test_a_step_that_another_process_has_taken_is_not_taken_twice(town: Town) -> None:
    _settle(town, 600)
    rule_id = town.rule(STORY_A)
    town.clock.advance(2 * SECOND)
    step, came = town.read_step()
    stored = [town.runtime.db.write(partial(steps.store, step=step, came=came, now=town.clock())) for _ in range(2)]
    assert stored == [True, False]
    assert (town.activation(rule_id).asked, len(town.timers())) == (500, 500)


def _settle(town: Town, count: int) -> None:
    attributes = {"plan": "free"}
    town.runtime.db.write(
        lambda session: many(session, town.home.id, count, town.clock(), attributes=attributes, tags=[])
    )


def test_it_waits_until_every_process_has_the_rule(town: Town) -> None:
    town.register("loyal", days_ago=400)
    town.save(STORY_A)
    town.run("activation")
    assert town.timers() == []
    town.clock.advance(2 * SECOND)
    town.run("activation")
    assert len(town.timers()) == 1


def test_a_version_that_was_archived_meanwhile_asks_nobody(town: Town) -> None:
    town.register("loyal", days_ago=400)
    rule_id = town.save(STORY_A)
    town.archive(rule_id)
    town.tick(5)
    assert (town.activation(rule_id).state, town.timers()) == ("stopped", [])


def test_a_rule_that_is_paused_goes_on_when_it_is_resumed(town: Town) -> None:
    town.register("loyal", days_ago=400)
    rule_id = town.save(STORY_A)
    town.pause(rule_id)
    town.tick(5)
    assert (town.activation(rule_id).state, town.timers()) == ("running", [])
    town.resume(rule_id)
    town.tick(5)
    assert town.tagged() == {"loyal"}


def test_nobody_is_asked_again_when_a_rule_is_resumed(town: Town) -> None:
    town.register("loyal", days_ago=400)
    town.register("paying", days_ago=400, plan="pro")
    rule_id = town.save(STORY_A)
    town.tick(5)
    town.pause(rule_id)
    town.resume(rule_id)
    town.tick(5)
    assert (town.activation(rule_id).armed, town.outcomes()) == (0, ["acted"])


def test_another_version_asks_those_whom_the_one_before_did_not_want(town: Town) -> None:
    town.register("loyal", days_ago=400)
    town.register("paying", days_ago=400, plan="pro")
    town.save(STORY_A)
    town.tick(5)
    town.save(STORY_A.replace("contact.plan: free", "contact.plan: [free, pro]"))
    town.tick(5)
    assert town.tagged() == {"loyal", "paying"}
    assert town.outcomes() == ["acted", "acted"]


def test_another_trigger_waits_for_something_else(town: Town) -> None:
    town.register("soon", days_ago=364)
    town.save(STORY_A)
    town.tick(5)
    town.save(STORY_A.replace("365d", "30d"))
    town.tick(5)
    assert (town.pending(), town.tagged()) == ([], {"soon"})


def test_a_trial_run_in_the_shadow_takes_nothing_from_the_real_one(town: Town) -> None:
    town.register("loyal", days_ago=400)
    draft = saving.drafts(STORY_A)
    edit = Edit(town.home.id, town.clock())
    town.runtime.db.write(lambda session: saving.put(session, edit, draft, saving.Wanted("shadow")))
    town.tick(5)
    assert (town.tagged(), [row.shadow for row in town.decisions()]) == (set(), [True])
    town.save(STORY_A)
    town.tick(5)
    assert town.tagged() == {"loyal"}


def test_a_version_that_cannot_be_read_fails_alone(town: Town) -> None:
    town.register("loyal", days_ago=400)
    broken = town.save(STORY_A.replace("trial-for-the-loyal", "broken"))
    town.break_version(broken)
    town.clock.advance(SECOND)
    fine = town.save(STORY_A)
    town.tick(5)
    assert (town.activation(broken).state, town.activation(fine).state) == ("failed", "done")
    assert town.tagged() == {"loyal"}


@pytest.mark.parametrize("trigger", ["page", "{event: Opened}", "{change: contact.plan}"])
def test_a_rule_that_no_clock_brings_asks_nobody(town: Town, trigger: str) -> None:
    rule_id = town.save(f"rule: a\ntrigger: {trigger}\ndo: [{{tag: a}}]")
    assert town.activation(rule_id).rule_id is None


def test_how_far_it_is_can_be_told(town: Town) -> None:
    town.register("loyal", days_ago=400)
    rule_id = town.save(STORY_A)
    town.tick(5)
    told = town.runtime.db.read(lambda session: progress(session, [rule_id]))
    assert told[rule_id, 1] == {
        "state": "done",
        "asked": 1,
        "armed": 1,
        "due": 1,
        "set_aside": [],
        "started_at": "2026-03-02T10:00:00.000Z",
        "finished_at": "2026-03-02T10:00:02.000Z",
    }
