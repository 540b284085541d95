"""Letters to people without an address: what was held for it is said in words, wherever somebody looks."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from frontdesk.core.mailing import read_mail
from frontdesk.core.runtime import Runtime
from frontdesk.engage.seeing.nobody import why_nobody
from frontdesk.engage.seeing.simulating import Window
from tests.server.conftest import Home
from tests.server.engage.seeing.street import Street

LETTER = "{email: {class: support, subject: {en: Welcome}, text: {en: Hi}}}"
ALONE = f"rule: welcome\ntrigger: {{event: Signed Up}}\ndo: [{LETTER}]\n"
BESIDE = f"rule: welcome\ntrigger: {{event: Signed Up}}\ndo: [{{tag: new}}, {LETTER}]\n"
SAID = "There is no address that a letter may be sent to"


@pytest.fixture
def street(runtime: Runtime, workspace: Home) -> Street:
    """One with a mail server, on which Ben has an address and Anna has none."""
    mail = read_mail("smtp://mail.example", "Bellshop <hello@bellshop.example>")
    street = Street(replace(runtime, settings=replace(runtime.settings, mail=mail)), workspace)
    for who in ("anna", "ben"):
        street.opened(who)
    street.server("identify", userId="u-ben", anonymousId="ben", traits={"email": "ben@example.com"})
    return street


def signed_up(street: Street, text: str) -> str:
    """Both sign up under this rule; its id."""
    saved = street.api("POST", "/rules", json={"yaml": text, "state": "live"})
    assert saved.status_code == 200, saved.json
    street.clock.advance(timedelta(minutes=1))
    for who in ("anna", "ben"):
        street.did(who, "Signed Up")
    street.clock.advance(timedelta(minutes=1))
    return str((saved.json or {})["data"][0]["id"])


def explained(street: Street, rule_id: str, who: str) -> dict[str, Any]:
    answer = street.api("GET", f"/rules/{rule_id}/explain", query_string={"person": street.visitor_id(who)})
    return dict(answer.json or {})


def played(street: Street) -> dict[str, Any]:
    now = street.clock()

    def read(session: Session) -> dict[str, Any]:
        window = Window(now - timedelta(hours=1), now, now)
        return why_nobody(session, street.home.id, street.asked(session, "welcome"), window)

    return street.runtime.db.read(read)


def test_of_a_letter_that_is_all_a_rule_does(street: Street) -> None:
    rule_id = signed_up(street, ALONE)
    found = explained(street, rule_id, "anna")
    assert (found["reason"], found["stage"], found["text_en"]) == ("no_address", "address", SAID)
    assert found["stored"][0]["text_en"] == SAID
    assert explained(street, rule_id, "ben")["reason"] == "repeated"
    nobody = played(street)
    assert {one["stage"]: one["lost"] for one in nobody["stages"]}["address"] == {"no_address": 1}
    assert nobody["largest"]["text_en"] == f"1 of 2: {SAID}"
    funnel = street.api("GET", f"/rules/{rule_id}/funnel").json or {}
    assert (funnel["all"]["held"], funnel["all"]["acted"]) == ({"no_address": 1}, 1)
    assert funnel["reasons"]["no_address"]["en"] == SAID


def test_of_a_letter_beside_something_else(street: Street) -> None:
    rule_id = signed_up(street, BESIDE)
    (stored,) = explained(street, rule_id, "anna")["stored"]
    assert stored["text_en"] == f"It acted, without the letter ({SAID})"
    assert stored["text_zh"] == "已执行，但不含邮件（没有可以发送邮件的地址）"
    nobody = played(street)
    assert (nobody["acted"], nobody["left_undone"]) == (2, {"no_address": 1})
    assert nobody["reasons"]["no_address"]["en"] == SAID
    funnel = street.api("GET", f"/rules/{rule_id}/funnel").json or {}
    assert (funnel["all"]["acted"], funnel["all"]["left_undone"]) == (2, {"no_address": 1})
    assert funnel["reasons"].keys() == {"no_address"}


def test_a_simulation_knows_who_has_an_address_and_that_it_knows_it_as_of_now(street: Street) -> None:
    signed_up(street, ALONE)
    found = street.would_do("welcome", street.clock() - timedelta(hours=1))
    assert (found["people"], found["held"]) == (1, {"no_address": 1})
    assert found["reasons"]["no_address"]["en"] == SAID
    assert ["e-mail" in note["text_en"] for note in found["notes"]] == [True]
