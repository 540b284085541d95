"""Where a rule loses the moments that it might act at."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from frontdesk.engage.seeing.nobody import why_nobody
from frontdesk.engage.seeing.simulating import Window
from tests.server.engage.seeing.street import Street

DEAR = """
rule: dear
trigger: {page: [/pricing, /docs]}
when: {all: [{page.path: /pricing}, {session.page_views: {gte: 3}}]}
do: [{message: {class: support, text: {en: Hello}}}]
"""


def why(street: Street, key: str = "dear") -> dict[str, Any]:
    now = street.clock()

    def read(session: Session) -> dict[str, Any]:
        window = Window(now - timedelta(days=30), now, now)
        return why_nobody(session, street.home.id, street.asked(session, key), window)

    return street.runtime.db.read(read)


def walk(street: Street, *paths: str, who: str = "anna") -> None:
    for path in paths:
        street.opened(who, path)
        street.clock.advance(timedelta(seconds=20))


def test_each_stage_counts_what_it_lets_through(street: Street) -> None:
    street.save(DEAR)
    walk(street, "/", "/pricing", "/docs", "/pricing", "/pricing")
    walk(street, "/pricing", "/docs", who="ben")
    found = why(street)
    assert (found["events"], found["heard"], found["triggered"], found["acted"]) == (7, 7, 6, 1)
    stages = {one["stage"]: (one["moments"], one["lost"]) for one in found["stages"]}
    assert stages["when"] == (6, {"not_matched": 4})
    assert (stages["repeat"], stages["quiet"]) == ((2, {"repeated": 1}), (1, {}))
    assert found["stored"] == {"acted": 1, "repeated": 1}


def test_the_largest_loss_is_named_in_words(street: Street) -> None:
    street.save(DEAR)
    walk(street, "/pricing", who="ben")
    walk(street, "/pricing", "/pricing")
    found = why(street)
    assert (found["largest"]["stage"], found["largest"]["lost"]) == ("when", 3)
    assert found["largest"]["text_en"].startswith("3 of 3: The condition does not hold; most often")
    assert found["conditions"] == [
        {"text_en": "Number of pages seen is at least 3", "text_zh": "本次浏览页数不少于 3", "lost": 3}
    ]


def test_an_event_that_nobody_sends_is_told_with_the_one_that_was_meant(street: Street) -> None:
    street.save("rule: dear\ntrigger: {event: Order Complete}\ndo: [{tag: x}]")
    street.did("anna", "Order Completed")
    largest = why(street)["largest"]
    assert largest["text_en"] == "There is no “Order Complete”; there is “Order Completed”"


def test_an_absence_that_never_comes_says_of_how_many(street: Street) -> None:
    street.save("rule: dear\ntrigger: {absence: {of: Made, after: Registered, within: 1h}}\ndo: [{tag: x}]")
    street.did("anna", "Registered")
    street.clock.advance(timedelta(minutes=5))
    street.did("anna", "Made")
    street.wait(hours=2)
    found = why(street)
    assert (found["heard"], found["triggered"]) == (1, 0)
    assert found["largest"]["text_en"] == "Of 1 moments of its kind none fits its trigger"


def test_over_the_api_a_child_answers(street: Street) -> None:
    rule_id = street.save(DEAR)
    walk(street, "/pricing")
    street.save(DEAR.replace("gte: 3", "gte: 1"))
    since = {"since": "2026-03-01T00:00:00Z", "version": "1"}
    answer = street.api("GET", f"/rules/{rule_id}/why-nobody", query_string=since)
    assert answer.status_code == 200, answer.json
    assert (answer.json or {})["rule"]["version"] == 1
    assert ((answer.json or {})["triggered"], (answer.json or {})["largest"]["stage"]) == (1, "when")


def test_live_rules_of_every_minute_are_left_out_and_named(street: Street) -> None:
    street.save(DEAR)
    street.save("rule: ticks\ntrigger: {schedule: '* * * * *'}\ndo: [{tag: ticks}]\nrepeat: {every: 1s}\n")
    walk(street, "/pricing")
    (note,) = [one for one in why(street)["notes"] if one["code"] == "left_out"]
    assert "ticks" in note["text_en"]
    assert "ticks" in note["text_zh"]
