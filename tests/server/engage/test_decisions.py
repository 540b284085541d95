"""What rules concluded: which decisions are kept, and what they say."""

from datetime import timedelta

from msgspec.structs import replace
from sqlalchemy.orm import Session

from frontdesk.people.models import Company, CompanyMember
from tests.server.conftest import Home
from tests.server.engage.rule_texts import FOR_THE_FREE, HELLO
from tests.server.engage.shop import Shop
from tests.server.engage.web import Web

GREETINGS = """
rule: greet-first
exclusive: greeting
priority: 90
trigger: {page: /}
repeat: {per: session}
do: [{tag: first}]
---
rule: greet-second
exclusive: greeting
trigger: {page: /}
do: [{tag: second}]
"""


def test_a_decision_that_acted_says_why_and_what(shop: Shop) -> None:
    shop.save(HELLO)
    shop.visitor().stay("/pricing", 61)
    [decision] = shop.decisions()
    assert (decision.outcome, decision.reason, decision.rule_version) == ("acted", None, 1)
    assert decision.detail["reasons"] == [
        {"code": "dwell", "text_en": "61 s on /pricing", "text_zh": "在 /pricing 停留 61 秒"}
    ]
    assert [list(action) for action in decision.detail["actions"]] == [["message"]]
    assert decision.detail["moment"]["dwell_ms"] == 61_000


def test_who_loses_the_slot_of_a_group_is_held_and_told_by_whom(shop: Shop) -> None:
    winner, loser = shop.save(GREETINGS)
    shop.visitor().look("/")
    assert {row.rule_id: (row.outcome, row.reason) for row in shop.decisions()} == {
        winner: ("acted", None),
        loser: ("held", "lost_to"),
    }
    assert [row.detail.get("lost_to") for row in shop.decisions() if row.rule_id == loser] == [winner]


def test_a_reason_is_told_once_in_a_session_and_again_in_the_next(shop: Shop) -> None:
    shop.save(GREETINGS)
    visitor = shop.visitor()
    for _ in range(5):
        visitor.look("/")
    assert sorted(map(str, shop.held())) == ["lost_to", "repeated", "repeated"]
    visitor.come_back_later()
    visitor.look("/")
    assert sorted(map(str, shop.held())) == ["lost_to", "repeated", "repeated", "repeated"]


def test_a_condition_that_does_not_hold_on_a_page_or_event_leaves_no_row(shop: Shop) -> None:
    shop.save(FOR_THE_FREE)
    shop.visitor(attributes={"plan": "pro"}).do("Project Created")
    shop.visitor().do("Project Created")
    assert shop.decisions() == []


def test_an_action_that_fails_is_noted_and_undoes_nothing_else(shop: Shop) -> None:
    shop.save(HELLO + "  - tag: warm\n")
    shop.unstaffed = True
    assert len(shop.visitor().stay("/pricing", 61).deliveries) == 1
    [decision] = shop.decisions()
    assert decision.detail["failed"] == [{"action": "tag", "error": "LookupError"}]


def test_an_event_that_is_not_live_asks_no_rule(shop: Shop) -> None:
    shop.save(GREETINGS)
    visitor = shop.visitor()
    shop.arrive([visitor.arrival(replace(visitor.event("page", None, "/"), live=False))])
    assert shop.decisions() == []


def test_a_dwell_that_is_no_duration_is_no_moment(shop: Shop) -> None:
    shop.save(HELLO)
    visitor = shop.visitor()
    odd = [
        visitor.event("track", "Page Dwell", "/pricing", {"path": "/pricing", "dwell_ms": claimed})
        for claimed in (None, "61000", True, -1, float("nan"), 1e12, [61_000])
    ]
    assert shop.arrive([visitor.arrival(*odd)])[0].deliveries == []


FACTS = (
    "contact.plan: free",
    "contact.name: Anna",
    "contact.tags: {has: vip}",
    "company.name: Acme",
    "company.seats: {gt: 4}",
    "visitor.country: DE",
    "visitor.known: true",
    "session.is_first: true",
    "session.campaign: spring",
    "session.landing_path: /",
    "page.host: shop.example",
    "page.query: {query_eq: plan=pro}",
    "page.title: Pricing",
    "page.locale: en",
    "event.total: {gt: 100}",
    "event.cart.items: 3",
    "team.online: false",
)


def test_a_rule_may_ask_for_what_is_known(shop: Shop) -> None:
    shop.save(
        "---\n".join(
            f"rule: asks-{n}\ntrigger: {{event: Ordered}}\nwhen:\n  {condition}\ndo: [{{tag: '{condition}'}}]\n"
            for n, condition in enumerate(FACTS)
        )
    )
    anna = shop.contact(name="Anna", attributes={"plan": "free"}, tags=["vip"])
    _employ(shop, anna)
    visitor = shop.visitor(contact_id=anna, country="DE")
    visitor.touch = {"channel": "email", "campaign": "spring"}
    ordered = visitor.event("track", "Ordered", "/app?plan=pro", {"total": 120, "cart": {"items": 3}})
    shop.arrive([visitor.arrival(ordered)])
    assert {action.tag for action, _ in shop.done} == set(FACTS)


def _employ(shop: Shop, contact_id: str) -> None:
    now = shop.clock()

    def job(session: Session) -> None:
        session.add(
            Company(
                id="cmp_1",
                workspace_id=shop.workspace_id,
                group_id="acme",
                name="Acme",
                attributes={"seats": 5},
                created_at=now,
                seen_at=now,
            )
        )
        session.flush()
        session.add(CompanyMember(company_id="cmp_1", contact_id=contact_id))

    shop.db.write(job)


def test_a_rule_may_ask_at_a_reply_and_which_message_was_answered(shop: Shop) -> None:
    shop.save(HELLO)
    shop.save(
        "rule: second-thoughts\ntrigger: {conversation: replied}\n"
        "when: {conversation.delivery_rule: pricing-hello}\nrepeat: {per: conversation}\ndo: [{tag: keen}]"
    )
    visitor = shop.visitor()
    [delivery] = visitor.stay("/pricing", 61).deliveries
    conversation = visitor.open_chat("/pricing", 61_000, delivery["id"])
    visitor.write_again(conversation.id)
    visitor.write_again(conversation.id)
    assert [(action.tag, context.conversation_id) for action, context in shop.done] == [("keen", conversation.id)]


def test_a_rule_may_ask_when_a_conversation_is_closed(shop: Shop) -> None:
    shop.save("rule: done\ntrigger: {conversation: closed}\nrepeat: {per: conversation}\ndo: [{tag: served}]")
    visitor = shop.visitor()
    conversation = visitor.open_chat("/pricing", 1_000)
    assert shop.done == []
    visitor.is_answered(conversation.id)
    assert [(action.tag, context.conversation_id) for action, context in shop.done] == [("served", conversation.id)]


def test_what_a_server_reports_of_a_contact_is_said_in_the_browser_it_used_last(shop: Shop) -> None:
    shop.save(HELLO.replace("trigger: {dwell: {path: /**/pricing, seconds: 60}}", "trigger: {event: Signed Up}"))
    anna = shop.contact(name="Anna")
    old = shop.visitor(contact_id=anna)
    shop.clock.advance(timedelta(days=1))
    new = shop.visitor(contact_id=anna)
    event = new.event("track", "Signed Up", "/")
    by_server = replace(new.arrival(event), person_id=anna, visitor_id=None, visitor={}, session=None)
    assert shop.arrive([replace(by_server, token_held=False)])[0].deliveries == []
    assert old.beat().deliveries == []
    assert [delivery["content"]["text"] for delivery in new.beat().deliveries] == ["Comparing plans, Anna?"]


def test_what_is_not_known_makes_no_rule_act(shop: Shop) -> None:
    shop.save("rule: asks\ntrigger: {event: Order Completed}\nwhen: {contact.plan: {neq: free}}\ndo: [{tag: x}]\n")
    shop.visitor().do("Order Completed")
    assert shop.done == []


def test_the_console_lists_decisions_by_rule_and_by_person_page_by_page(
    web: Web, shop: Shop, workspace: Home, other_workspace: Home
) -> None:
    first, second = shop.save(GREETINGS)
    anna = shop.contact(name="Anna")
    visitor, stranger = shop.visitor(contact_id=anna), shop.visitor()
    visitor.look("/")
    shop.clock.advance(timedelta(seconds=1))
    stranger.look("/")
    listed = web.server(workspace.api_key, "/decisions", rule=first).json["data"]
    assert [(row["person"], row["outcome"]) for row in listed] == [(stranger.id, "acted"), (visitor.id, "acted")]
    mine = web.server(workspace.api_key, "/decisions", person=anna).json["data"]
    assert {(row["person"], row["rule"]) for row in mine} == {(visitor.id, first), (visitor.id, second)}
    page = web.server(workspace.api_key, "/decisions", limit=3).json
    rest = web.server(workspace.api_key, "/decisions", limit=3, cursor=page["next_cursor"]).json
    assert (len(page["data"]), len(rest["data"]), rest["next_cursor"]) == (3, 1, None)
    assert web.server(other_workspace.api_key, "/decisions").json["data"] == []
    assert web.server(other_workspace.api_key, "/decisions", person=anna).status_code == 404
