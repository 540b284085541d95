"""What rules did to a person, whichever id it was known by: repeats, caps, consent."""

from datetime import timedelta
from typing import Any

import pytest

from frontdesk.engage.facts.memory import PersonMemory
from frontdesk.people.models import Consent
from frontdesk_rules import KnownFacts, Shown, Whom, decide
from tests.server.engage.facts.world import World

DAY = timedelta(days=1)
CAPPED = {"caps": [{"per": "person", "class": "marketing", "limit": 2, "window": "1d"}]}
MESSAGE = {"do": [{"message": {"class": "marketing", "text": {"en": "Hi", "zh": "你好"}}}]}


@pytest.fixture
def one(world: World) -> World:
    """A person of two browsers, one of which was there before the contact was."""
    world.contact("con_5")
    world.visitor("vis_3", contact_id="con_5")
    world.visitor("vis_7", contact_id="con_5")
    world.visitor("vis_8")
    return world


@pytest.mark.parametrize(
    ("columns", "counts"),
    [
        ({"outcome": "acted"}, True),
        ({"outcome": "deferred"}, True),
        ({"outcome": "held", "reason": "held_out"}, True),
        ({"outcome": "held", "reason": "capped"}, False),
    ],
)
def test_what_acted_was_put_off_or_held_out_counts_for_repeat(
    one: World, columns: dict[str, Any], *, counts: bool
) -> None:
    rules = one.rule("a")
    one.decided("rul_a", "vis_8", **columns)
    case = one.case(one.subject("vis_8"), rules)
    assert (one.memory(case, lambda memory: memory.acted("rul_a", "vis_8")) is not None) is counts


def test_it_acted_at_the_moment_that_it_was_about_and_not_when_it_was_concluded(one: World) -> None:
    rules = one.rule("a")
    one.decided("rul_a", "vis_8", at=one.now, occurred_at=one.now - DAY)
    one.decided("rul_a", "vis_8", at=one.now - 3 * DAY, occurred_at=None)
    case = one.case(one.subject("vis_8"), rules)
    assert one.memory(case, lambda memory: memory.acted("rul_a", "vis_8")) == one.now - DAY


@pytest.mark.parametrize("prefix", ["", "shadow:"])
@pytest.mark.parametrize("known_as", ["vis_3", "con_5", "vis_7"])
def test_after_a_merge_all_that_was_done_counts_under_the_id_first_seen(one: World, known_as: str, prefix: str) -> None:
    rules = one.rule("a")
    one.decided("rul_a", known_as, repeat_key=f"{prefix}{known_as}")
    case = one.case(one.subject("vis_7", "con_5"), rules)
    live, shadow = one.memory(case, lambda memory: [memory.acted("rul_a", key) for key in ("vis_3", "shadow:vis_3")])
    assert ((live if not prefix else shadow), (shadow if not prefix else live)) == (one.now, None)


def test_who_only_claims_to_be_the_contact_is_somebody_else(one: World) -> None:
    rules = one.rule("a")
    one.decided("rul_a", "con_5")
    case = one.case(one.subject("vis_7"), rules)
    assert one.memory(case, lambda memory: (memory.ids, memory.acted("rul_a", "vis_7"))) == (["vis_7"], None)


def test_a_session_s_or_conversation_s_key_is_nobody_s_id(one: World) -> None:
    rules = one.rule("a")
    one.decided("rul_a", "vis_3", repeat_key="ses_1")
    case = one.case(one.subject("vis_7", "con_5"), rules)
    assert one.memory(case, lambda memory: memory.acted("rul_a", "ses_1")) == one.now
    assert one.memory(case, lambda memory: memory.acted("rul_a", "ses_2")) is None


def test_what_was_shown_counts_under_every_id_and_of_every_kind(one: World) -> None:
    rules = one.rule("a", **CAPPED)
    one.delivered("rul_a", "vis_3", session_id="ses_9", conversation_id="cnv_2")
    one.delivered("rul_a", "con_5", message_class="support", state="clicked")
    one.delivered("rul_a", "vis_8")
    case = one.case(one.subject("vis_7", "con_5"), rules)
    shown = one.memory(case, lambda memory: list(memory.shown(one.now - DAY)))
    assert shown == [Shown(one.now, "marketing", "ses_9", "cnv_2"), Shown(one.now, "support")]


@pytest.mark.parametrize(
    ("columns", "counts"),
    [
        ({"state": "queued", "sent_at": None}, True),
        ({"state": "queued", "sent_at": None, "created_at": -DAY}, False),
        ({"state": "sent", "created_at": -9 * DAY}, True),  # it waited until its browser came
        ({"state": "sent", "created_at": -9 * DAY, "sent_at": -DAY}, False),
        ({"state": "seen", "sent_at": None, "seen_at": timedelta(0), "created_at": -2 * DAY}, True),
        ({"state": "dismissed", "sent_at": -DAY / 2}, True),
        ({"state": "expired", "sent_at": None}, False),
        ({"state": "expired", "sent_at": -DAY / 2}, True),
        ({"state": "held", "sent_at": None}, False),
    ],
)
def test_a_message_counts_from_when_it_reached_the_person(one: World, columns: dict[str, Any], *, counts: bool) -> None:
    rules = one.rule("a", **CAPPED)
    at = {name: one.now + value if isinstance(value, timedelta) else value for name, value in columns.items()}
    one.delivered("rul_a", "vis_8", **at)
    case = one.case(one.subject("vis_8"), rules)
    assert len(one.memory(case, lambda memory: list(memory.shown(one.now - DAY)))) == counts


def test_a_longer_look_back_than_any_cap_of_the_candidates_is_answered_all_the_same(one: World) -> None:
    rules = one.rule("a", **CAPPED)
    one.delivered("rul_a", "vis_8", created_at=one.now - 60 * DAY, sent_at=one.now - 60 * DAY)
    case = one.case(one.subject("vis_8"), rules)
    counts = one.memory(case, lambda memory: [len(list(memory.shown(one.now - days * DAY))) for days in (1, 90, 2)])
    assert counts == [0, 1, 0]


def test_what_a_rule_says_at_one_moment_counts_at_the_next_of_the_same_group(one: World) -> None:
    rules = one.rule("a", repeat={"every": "0s"}, **CAPPED, **MESSAGE)
    cases = [one.case(one.subject(person), rules) for person in ("vis_8", "vis_8", "vis_8", "vis_3")]

    def outcomes(memories: list[PersonMemory]) -> list[str]:
        said = []
        for case, memory in zip(cases, memories, strict=True):
            [decision] = decide(case.moment, case.candidates, KnownFacts({}), memory, Whom(case.subject.person_id))
            memory.remember(decision, case)
            said.append(str(decision.reason or decision.outcome))
        return said

    assert one.memories(cases, outcomes) == ["acted", "acted", "capped", "acted"]


def refuse(world: World, person_id: str, *, granted: bool, after: timedelta = timedelta(0)) -> None:
    at = world.now + after
    row = {"person_id": person_id, "message_class": "marketing", "granted": granted, "at": at}
    world.add(Consent(workspace_id=world.workspace_id, **row))


def test_without_a_word_nothing_is_refused(one: World) -> None:
    case = one.case(one.subject("vis_8"))
    assert one.memory(case, lambda memory: memory.refuses("marketing")) is False


def test_a_no_holds_for_its_class_under_every_id_and_the_newest_word_counts(one: World) -> None:
    refuse(one, "vis_3", granted=False)
    refuse(one, "con_5", granted=True, after=-DAY)
    refuse(one, "vis_8", granted=True)
    cases = [one.case(one.subject("vis_7", "con_5")), one.case(one.subject("vis_8"))]
    refused = one.memories(
        cases, lambda memories: [(who.refuses("marketing"), who.refuses("support")) for who in memories]
    )
    assert refused == [(True, False), (False, False)]


def test_of_two_words_at_once_the_no_counts(one: World) -> None:
    refuse(one, "vis_3", granted=False)
    refuse(one, "con_5", granted=True)
    case = one.case(one.subject("vis_7", "con_5"))
    assert one.memory(case, lambda memory: memory.refuses("marketing")) is True
