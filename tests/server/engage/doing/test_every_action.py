"""What holds for every action of the language: it is carried out here, and the same key does nothing twice."""

import pytest

from frontdesk.app import ACTIONS
from frontdesk.engage.rules.supported import SUPPORTED
from frontdesk_rules.reading.actions import ACTIONS as LANGUAGE
from tests.server.engage.doing.stage import Stage, parsed

EACH = {
    "message": "{message: {kind: post, title: {en: News}, text: {en: Hello}, link: /news}}",
    "survey": "{survey: nps}",
    "tour": "{tour: saved-tour}",
    "hint": "{hint: saved-hint}",
    "checklist": "{checklist: saved-checklist}",
    "email": "{email: {subject: {en: Hello}, text: {en: How are you?}}}",
    "assign": "{assign: {team: sales}}",
    "tag": "{tag: vip}",
    "untag": "{untag: new}",
    "set": "{set: {contact.plan: pro, company.tier: gold}}",
    "webhook": "{webhook: {url: 'https://hooks.example.com/a', include: [contact.name]}}",
    "notify": "{notify: {team: sales, text: {en: Look}}}",
    "task": "{task: {owner: true, title: {en: Call}, due: 2d}}",
    "segment": "{segment: {add: vip}}",
    "emit": "{emit: {event: Greeted, properties: {how: well}}}",
    "close": "{close: {}}",
}


def test_every_action_of_the_language_is_carried_out_and_tried_here() -> None:
    assert set(LANGUAGE) == set(ACTIONS) == set(EACH)
    assert set(LANGUAGE) <= SUPPORTED.actions


@pytest.mark.parametrize("name", EACH)
def test_the_same_key_does_nothing_twice(stage: Stage, name: str) -> None:
    assert parsed(EACH[name]).name == name
    if name == "untag":
        stage.do("{tag: new}", key="before")
    before = stage.everything()
    stage.do(EACH[name])
    once = stage.everything()
    assert once != before
    assert stage.do(EACH[name]) == []
    assert stage.everything() == once


@pytest.mark.parametrize("name", sorted(set(EACH) - {"assign", "tag", "untag", "set", "segment", "close"}))
def test_another_key_does_it_again(stage: Stage, name: str) -> None:
    stage.do(EACH[name], key="one")
    once = stage.everything()
    stage.do(EACH[name], key="two")
    assert stage.everything() != once
