"""What the person does not see: attributes, tags, events, webhooks, notices; and what they make happen."""

from datetime import timedelta

import pytest

from frontdesk.channels.models import OutboxRow
from frontdesk.collect.models import Event
from frontdesk.core.errors import NotFound
from frontdesk.inbox.models import Conversation, Notification, Part
from frontdesk.people.identities import MOST_BYTES
from frontdesk.people.models import Company, Contact, Visitor
from tests.server.engage.doing.stage import Stage


def test_set_gives_the_contact_and_its_company_their_values_and_says_what_changed(stage: Stage) -> None:
    stage.change(Contact, "con_1", attributes={"plan": "free", "seats": 3})
    made = stage.do("{set: {contact.plan: pro, contact.seats: null, company.tier: gold}}")
    assert [row.attributes for row in stage.rows(Contact)] == [{"plan": "pro"}]
    assert [row.attributes for row in stage.rows(Company)] == [{"tier": "gold"}]
    assert [(one.kind, one.name, str(one.before), str(one.after)) for one in made] == [
        ("change", "contact.seats", "3", "Missing.MISSING"),
        ("change", "contact.plan", "free", "pro"),
        ("change", "company.tier", "Missing.MISSING", "gold"),
    ]
    assert len({one.id for one in made}) == 3


def test_of_a_visitor_without_a_name_set_changes_the_visitor(stage: Stage) -> None:
    stage.met_as(person_id="vis_2", visitor_id="vis_2", contact_id=None)
    [made] = stage.do("{set: {contact.plan: pro, company.tier: gold}}")
    assert made.name == "contact.plan"
    assert {row.id: row.attributes for row in stage.rows(Visitor)} == {"vis_1": {}, "vis_2": {"plan": "pro"}}
    assert [row.attributes for row in stage.rows(Company)] == [{}]


def test_what_would_not_fit_is_left_out(stage: Stage) -> None:
    stage.change(Contact, "con_1", attributes={"much": "x" * (MOST_BYTES - 30)})
    assert stage.do(f"{{set: {{contact.more: {'y' * 40}}}}}") == []


def test_tags_say_what_changed_and_the_conversation_has_them_too(stage: Stage) -> None:
    [made] = stage.do("{tag: vip}")
    assert (made.name, made.after) == ("contact.tags", ["vip"])
    assert [row.tags for row in stage.rows(Contact)] == [["vip"]]
    assert [row.tags for row in stage.rows(Conversation)] == [["vip"]]
    [gone] = stage.do("{untag: vip}", key="another")
    assert (gone.name, gone.before) == ("contact.tags", ["vip"])
    assert stage.do("{untag: vip}", key="a third") == []


def test_an_emitted_event_is_stored_with_its_cause_and_is_a_moment(stage: Stage) -> None:
    [made] = stage.do("{emit: {event: Greeted, properties: {how: well}}}")
    [row] = stage.rows(Event)
    assert (row.id, row.name, row.properties, row.cause) == (made.id, "Greeted", {"how": "well"}, "dec_1")
    assert (row.person_id, row.session_id, row.path, row.verified) == ("vis_1", "ses_1", "/pricing", False)
    assert (made.kind, made.name, made.at, made.properties) == ("event", "Greeted", stage.now, {"how": "well"})


def test_close_closes_once_and_says_so(stage: Stage) -> None:
    [made] = stage.do("{close: {}}")
    assert (made.kind, made.name, made.path) == ("conversation", "closed", "/a")
    assert [row.state for row in stage.rows(Conversation)] == ["closed"]
    assert [(part.kind, part.detail["by"]) for part in stage.rows(Part)] == [
        ("change", {"kind": "rule", "name": "A rule"})
    ]


@pytest.mark.parametrize("action", ["{close: {}}", "{assign: {team: sales}}"])
def test_without_a_conversation_there_is_nothing_to_do(stage: Stage, action: str) -> None:
    stage.conversation_id = None
    before = stage.everything()
    assert stage.do(action) == []
    assert stage.everything() == before


def told(stage: Stage) -> list[str]:
    names = {teammate_id: name for name, teammate_id in stage.home.teammates.items()}
    return sorted(names[row.teammate_id] for row in stage.rows(Notification))


@pytest.mark.parametrize(
    ("whom", "who"),
    [
        ("team: sales", ["li", "sam"]),
        ("team: experts", ["emma"]),
        ("teammate: emma@bellshop.example", ["emma"]),
        ("owner: true", ["sam"]),
    ],
)
def test_notify_tells_those_who_are_meant(stage: Stage, whom: str, who: list[str]) -> None:
    stage.change(Contact, "con_1", owner_id=stage.home.teammates["sam"])
    stage.do(f"{{notify: {{{whom}, text: {{en: 'Look at {{{{ contact.name }}}}', zh: 看看}}}}}}")
    assert told(stage) == who
    for row in stage.rows(Notification):
        assert row.text == {"en": "Look at Li Na", "zh": "看看"}
        assert (row.person_id, row.conversation_id, row.rule_id) == ("con_1", "cnv_1", "rul_1")


def test_where_nobody_owns_the_person_the_workspace_s_owner_hears_of_it(stage: Stage) -> None:
    stage.do("{notify: {owner: true, text: {en: Look}}}")
    assert told(stage) == ["olivia"]


@pytest.mark.parametrize("whom", ["team: gone", "teammate: gone@bellshop.example"])
def test_who_is_not_here_any_more_is_not_told(stage: Stage, whom: str) -> None:
    with pytest.raises(NotFound):
        stage.do(f"{{notify: {{{whom}, text: {{en: Look}}}}}}")


def test_a_webhook_takes_what_the_rule_includes_along(stage: Stage) -> None:
    stage.facts |= {"contact.plan": "pro", "contact.tags": ("a", "b"), "contact.registered_at": stage.now}
    stage.do(
        "{webhook: {url: 'https://hooks.example.com:8443/a?b=c',"
        " include: [contact.plan, contact.tags, contact.registered_at, contact.phone]}}"
    )
    [parcel] = stage.rows(OutboxRow)
    assert (parcel.channel, parcel.endpoint) == ("webhook", "https://hooks.example.com:8443")
    assert parcel.payload == {
        "url": "https://hooks.example.com:8443/a?b=c",
        "body": {
            "id": "key_1",
            "type": "rule.acted",
            "at": "2026-03-02T10:00:00.000Z",
            "workspace": stage.home.id,
            "rule": {"id": "rul_1", "name": {"en": "A rule", "zh": "规则"}},
            "decision": "dec_1",
            "person": {"id": "con_1", "user_id": "42"},
            "conversation": "cnv_1",
            "fields": {
                "contact.plan": "pro",
                "contact.tags": ["a", "b"],
                "contact.registered_at": "2026-03-02T10:00:00.000Z",
                "contact.phone": None,
            },
        },
    }


def test_two_rules_at_once_each_put_their_tag_on(stage: Stage) -> None:
    stage.do("{tag: one}", key="one")
    stage.do("{tag: two}", key="two", now=stage.now + timedelta(seconds=1))
    assert [row.tags for row in stage.rows(Contact)] == [["one", "two"]]
