"""Who may see and touch what: everything else looks as if it did not exist, and stays as it was."""

import pytest

from tests.server.inbox.desk import Desk

GET = None
VISITOR_ROUTES = [
    ("/conversations/{id}", GET),
    ("/conversations/{id}/parts", GET),
    ("/conversations/{id}/parts", {"client_id": "c-x", "body": "Mine"}),
    ("/conversations/{id}/read", {"seq": 1}),
    ("/conversations/{id}/typing", {}),
]
TEAMMATE_ROUTES = [
    ("/conversations/{id}", GET),
    ("/conversations/{id}/parts", GET),
    ("/conversations/{id}/parts", {"client_id": "c-x", "body": "Mine", "kind": "message"}),
    ("/conversations/{id}/parts", {"client_id": "c-x", "body": "Mine", "kind": "note"}),
    ("/conversations/{id}/assign", {"teammate": None, "team": None}),
    ("/conversations/{id}/close", {}),
    ("/conversations/{id}/reopen", {}),
    ("/conversations/{id}/read", {"seq": 1}),
    ("/conversations/{id}/typing", {}),
]


def routes_with_an_id(desk: Desk, prefix: str) -> set[str]:
    rules = [rule.rule for rule in desk.app.url_map.iter_rules() if rule.rule.startswith(prefix) and rule.arguments]
    return {rule.removeprefix(prefix).replace("<conversation_id>", "{id}") for rule in rules}


def test_the_tables_below_name_every_route_that_takes_an_id(desk: Desk) -> None:
    assert routes_with_an_id(desk, "/messenger/v1") == {path for path, _ in VISITOR_ROUTES}
    assert routes_with_an_id(desk, "/api/v1") == {path for path, _ in TEAMMATE_ROUTES}


@pytest.mark.parametrize("as_", ["b_1", "a_2"], ids=["another visitor", "a visitor of another workspace"])
@pytest.mark.parametrize(("path", "body"), VISITOR_ROUTES)
def test_a_visitor_s_conversation_does_not_exist_for_other_visitors(
    desk: Desk, path: str, body: dict[str, object] | None, as_: str
) -> None:
    conversation = desk.started()
    before = desk.parts_seen_by_teammates(conversation), desk.summary(conversation), len(desk.heard)
    answer = desk.visitor(path.format(id=conversation), as_=as_, body=body)
    unknown = desk.visitor(path.format(id="cnv_unknown"), as_=as_, body=body)
    assert (answer.status_code, answer.json) == (404, unknown.json)
    assert (desk.parts_seen_by_teammates(conversation), desk.summary(conversation), len(desk.heard)) == before


@pytest.mark.parametrize(("path", "body"), TEAMMATE_ROUTES)
def test_a_conversation_does_not_exist_for_another_workspace(
    desk: Desk, path: str, body: dict[str, object] | None
) -> None:
    conversation = desk.started()
    before = desk.parts_seen_by_teammates(conversation), desk.summary(conversation), len(desk.heard)
    answer = desk.teammate(path.format(id=conversation), as_="lina_2", body=body)
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert (desk.parts_seen_by_teammates(conversation), desk.summary(conversation), len(desk.heard)) == before


def test_a_person_of_another_workspace_cannot_be_written_to(desk: Desk) -> None:
    body = {"person": "vis_a_2", "body": "Hello", "client_id": "c"}
    assert desk.teammate("/conversations", body=body).status_code == 404


def test_lists_show_one_s_own_alone(desk: Desk) -> None:
    mine, others, foreign = desk.started(), desk.started(as_="b_1"), desk.started(as_="a_2")
    assert [each["id"] for each in desk.visitor("/conversations").json["data"]] == [mine]
    assert [each["id"] for each in desk.visitor("/home").json["conversations"]] == [mine]
    assert {each["id"] for each in desk.teammate("/conversations").json["data"]} == {mine, others}
    assert {each["id"] for each in desk.teammate("/conversations", as_="tom_2").json["data"]} == {foreign}


@pytest.mark.parametrize("token", [None, "vt_nobody", "ls_lina_1", "pk_1", ""])
@pytest.mark.parametrize("path", ["/home", "/conversations", "/conversations/cnv_1", "/conversations/cnv_1/parts"])
def test_without_a_visitor_s_token_the_messenger_says_so(desk: Desk, path: str, token: str | None) -> None:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    answer = desk.app.test_client().get("/messenger/v1" + path, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (401, "unknown_token")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(("path", "body"), [*TEAMMATE_ROUTES, ("/inbox/views", GET), ("/conversations", GET)])
def test_without_a_log_in_the_console_says_so(desk: Desk, path: str, body: dict[str, object] | None) -> None:
    assert desk.teammate(path.format(id=desk.started()), as_="nobody", body=body).status_code == 401


@pytest.mark.parametrize(("path", "body"), [row for row in TEAMMATE_ROUTES if row[1] is not None])
def test_a_viewer_reads_and_changes_nothing(desk: Desk, path: str, body: dict[str, object]) -> None:
    conversation = desk.started()
    assert desk.teammate(path.format(id=conversation), as_="eve_1", body=body).status_code == 403
    assert desk.teammate(f"/conversations/{conversation}", as_="eve_1").status_code == 200


def test_a_page_of_any_origin_may_ask_and_asks_once_a_day(desk: Desk) -> None:
    answer = desk.app.test_client().options(
        "/messenger/v1/conversations",
        headers={"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"},
    )
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    assert answer.headers["Access-Control-Max-Age"] == "86400"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_answers_to_visitors_are_not_kept_by_caches(desk: Desk) -> None:
    assert desk.visitor("/home").headers["Cache-Control"] == "no-store"
