"""Who turns out to be one person is asked as one from then on; nothing is done to them twice, and no arm changes."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from frontdesk.engage.models import DecisionRow
from frontdesk.people import queries
from frontdesk_rules.facts.hashing import among
from tests.server.engage.moments.site import Site, tags

HOUR = timedelta(hours=1)


def merge(site: Site, who: str, user_id: str) -> str:
    """A teammate says that this browser is this contact; the merge's id."""
    answer = site.client.post(
        "/api/v1/merges",
        json={"visitor": site.visitor_id(who), "contact": site.contact_id(user_id)},
        headers={"Authorization": f"Bearer {site.home.api_key}"},
    )
    assert answer.status_code == 200, answer.json
    return str((answer.json or {})["id"])


def undo(site: Site, merge_id: str) -> None:
    path = f"/api/v1/merges/{merge_id}/undo"
    assert site.client.post(path, headers={"Authorization": f"Bearer {site.home.api_key}"}).status_code == 200


RECOGNISED: dict[str, Callable[[Site], object]] = {
    "a server identifies": lambda site: site.server("identify", userId="u1", anonymousId="anna"),
    "a server aliases": lambda site: site.server("alias", userId="u1", previousId="anna"),
    "a server gives the e-mail": lambda site: site.server("identify", anonymousId="anna", traits={"email": "a@b.ch"}),
    "a teammate merges": lambda site: merge(site, "anna", "u1"),
}


@pytest.mark.parametrize("how", RECOGNISED)
def test_rules_see_the_contact_from_then_on(site: Site, how: str) -> None:
    site.server("identify", userId="u1", traits={"plan": "pro", "email": "a@b.ch"})
    site.save(tags("{event: Asked}", "when: {contact.plan: pro}"))
    site.page("track", event="Asked")
    assert site.acted() == []
    RECOGNISED[how](site)
    site.page("track", event="Asked")
    assert site.acted() == ["asked"]


def test_what_was_done_to_the_visitor_is_not_done_to_the_contact_again(site: Site) -> None:
    site.save(tags("{event: Asked}"))
    site.page("track", event="Asked")
    site.server("identify", userId="u1", anonymousId="anna")
    for who in ("anna", "phone"):
        site.page("page", who=who)  # a server can confirm a browser once it has been met
        site.server("identify", userId="u1", anonymousId=who)
        site.page("track", event="Asked", who=who)
    site.server("track", event="Asked", userId="u1")
    assert site.acted() == ["asked"]


def test_a_merge_that_is_undone_makes_two_of_them_again(site: Site) -> None:
    site.server("identify", userId="u1", traits={"plan": "pro"})
    site.page("page")
    undo(site, merge(site, "anna", "u1"))
    site.save(tags("{event: Asked}", "when: {contact.plan: pro}"))
    site.page("track", event="Asked")
    assert site.acted() == []


UNPAID = tags("{absence: {of: Paid, after: Ordered, within: 1h}}", key="unpaid")


def test_a_timer_follows_its_person_through_a_merge(site: Site) -> None:
    site.save(UNPAID)
    site.page("track", event="Ordered")
    site.server("identify", userId="u1", anonymousId="anna")
    site.server("track", event="Paid", userId="u1")
    assert site.pending() == []


def test_two_who_waited_for_the_same_and_turn_out_to_be_one_are_told_once(site: Site) -> None:
    site.save(UNPAID)
    for who in ("anna", "phone"):
        site.page("track", event="Ordered", who=who)
    for who in ("anna", "phone"):
        site.server("identify", userId="u1", anonymousId=who)
    site.wait(2 * HOUR)
    assert site.acted() == ["unpaid"]


BROWSERS, USERS = st.sampled_from(["laptop", "phone"]), st.sampled_from(["u1", "u2"])
STEP = st.one_of(
    st.tuples(st.just("asks"), BROWSERS, st.none()),
    st.tuples(st.just("is heard of"), st.none(), USERS),
    st.tuples(st.just("claims"), BROWSERS, USERS),
    st.tuples(st.just("is known"), BROWSERS, USERS),
)
STORY = st.lists(STEP, min_size=2, max_size=8)
_NUMBERS = count()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(story=STORY)
def test_whatever_merges_no_one_changes_arm_and_nothing_is_done_twice(site: Site, story: list) -> None:
    once = site.save(tags("{event: Asked}", key="once"))
    split = site.save(tags("{event: Asked}", "holdout: 50%", "repeat: {every: 1s}", key="split"))
    number = next(_NUMBERS)
    for step, browser, user in story:
        site.clock.advance(timedelta(seconds=2))
        before = site.decisions()
        who, user_id = f"{browser}.{number}", f"{user}.{number}"
        _STEPS[step](site, who, user_id)
        if step in ("asks", "is heard of"):
            ids = known_as(site, site.visitor_id(who) if browser else site.contact_id(user_id))
            told = {row.person_id for row in before if row.rule_id == once and row.outcome == "acted"}
            new = [row for row in site.decisions() if row.id not in {old.id for old in before}]
            assert ("acted" in outcomes(new, once)) == told.isdisjoint(ids)
            held_out = among(f"holdout:{split}", ids[0], 0, 50)
            assert [row.arm for row in new if row.rule_id == split] == ["held_out" if held_out else "treated"]


_STEPS: dict[str, Callable[[Site, str, str], object]] = {
    "asks": lambda site, who, _: site.page("track", who, event="Asked"),
    "is heard of": lambda site, _, user_id: site.server("track", event="Asked", userId=user_id),
    "claims": lambda site, who, user_id: site.page("identify", who, userId=user_id),
    "is known": lambda site, who, user_id: site.server("identify", anonymousId=who, userId=user_id),
}


def known_as(site: Site, person_id: str) -> list[str]:
    """All ids of this person, the one seen first in front."""

    def asked(session: Session) -> list[str]:
        return queries.event_person_ids(session, queries.person(session, site.home.id, person_id))

    return sorted(site.runtime.db.read(asked), key=lambda known: known.partition("_")[2])


def outcomes(rows: list[DecisionRow], rule_id: str) -> set[str]:
    return {row.outcome for row in rows if row.rule_id == rule_id}
