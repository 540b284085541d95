"""Several versions of a rule that goes live over people who were there before: each is asked for itself."""

from sqlalchemy import update

from frontdesk.core.clock import iso
from frontdesk.engage.models import TimerRow
from frontdesk.engage.rules import saving
from frontdesk.engage.rules.versions import Edit
from tests.server.engage.activation.town import DAY, STORY_A, Town


def test_a_trial_run_beside_the_real_one_is_asked_about_everybody_by_itself(town: Town) -> None:
    town.register("soon", days_ago=364)
    town.save(STORY_A)
    draft = saving.drafts(STORY_A.replace("365d", "30d"))
    edit = Edit(town.home.id, town.clock())
    town.runtime.db.write(lambda session: saving.put(session, edit, draft, saving.Wanted("shadow")))
    town.tick(5)
    assert (town.tagged(), [row.shadow for row in town.decisions()]) == (set(), [True])
    town.clock.advance(DAY)
    town.tick()
    assert (town.tagged(), [row.shadow for row in town.decisions()]) == ({"soon"}, [True, False])


def test_what_a_process_with_older_rules_has_set_is_put_right(town: Town) -> None:
    town.save(STORY_A)
    other = town.restart()
    other.do("Opened")
    town.save(STORY_A.replace("365d", "30d"))
    other.identify("loyal", who="browser-loyal", createdAt=iso(town.clock()), plan="free")
    at = town.clock()
    assert town.pending() == [at + 365 * DAY]
    town.tick(5)
    assert town.pending() == [at + 30 * DAY]


def test_a_version_that_is_paused_before_anybody_was_asked_still_asks_whom_another_has_met(town: Town) -> None:
    rule_id = town.save(STORY_A.replace("contact.plan: free", "contact.plan: pro"))
    town.register("soon", days_ago=364)
    town.clock.advance(DAY)
    town.tick()
    assert (town.pending(), town.outcomes()) == ([], ["not_matched"])
    town.save(STORY_A)
    town.pause(rule_id)
    town.runtime.db.write(lambda session: saving.set_state(session, town.home.id, rule_id, "live", town.clock()))
    town.tick(5)
    assert town.tagged() == {"soon"}


def test_whoever_was_given_up_for_another_version_is_asked_again(town: Town) -> None:
    town.register("soon", days_ago=364)
    town.save(STORY_A)
    town.tick(5)
    town.runtime.db.write(lambda session: session.execute(update(TimerRow).values(state="failed")) and None)
    town.save(STORY_A.replace("trial-14d", "trial-30d"))
    town.tick(5)
    assert len(town.pending()) == 1
