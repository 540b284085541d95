"""Over real WebSockets: what is written over HTTP reaches the right sockets, and no others."""

import pytest
from socketio.exceptions import ConnectionError as Refused
from sqlalchemy import delete

from frontdesk.accounts.models import LoginSession
from frontdesk.core.db import Database
from tests.server.realtime.wire import Server


def test_what_a_visitor_writes_arrives_at_the_console_and_the_answer_at_the_visitor(server: Server) -> None:
    console, messenger = server.console(), server.messenger()
    conversation = server.started("Do you ship to Norway?")
    assert console.next("part")["body"] == "Do you ship to Norway?"
    assert console.next("conversation", id=conversation)["person"]["label"]
    server.replies(conversation, "Yes, in four days.")
    answer = messenger.next("part", body="Yes, in four days.")
    assert answer["author"] == {"kind": "teammate", "id": "tmt_lina_1", "name": "Li Na", "avatar": None}


def test_another_visitor_hears_nothing(server: Server) -> None:
    other = server.messenger("b_1")
    conversation = server.started("For me alone")
    server.replies(conversation, "Of course")
    server.started("My own", as_="b_1")
    heard = other.until("part")
    assert [payload["body"] for event, payload in heard if event == "part"] == ["My own"]
    assert all(payload.get("id") != conversation for _, payload in heard)


def test_another_workspace_hears_nothing(server: Server) -> None:
    other = server.console("lina_2")
    server.started("For workspace 1")
    server.started("For workspace 2", as_="a_2")
    assert [payload["body"] for event, payload in other.until("part") if event == "part"] == ["For workspace 2"]


def test_a_note_reaches_teammates_and_never_the_visitor(server: Server) -> None:
    conversation = server.started()
    console, messenger = server.console("tom_1"), server.messenger()
    server.replies(conversation, "She pays late", kind="note")
    server.replies(conversation, "Hello!")
    assert console.next("part", kind="note")["body"] == "She pays late"
    heard = messenger.until("part")
    assert heard[-1][1]["body"] == "Hello!"
    assert "late" not in str(heard)


def test_an_assignment_is_told_to_teammates_as_a_part_and_to_the_visitor_as_a_face(server: Server) -> None:
    conversation = server.started()
    console, messenger = server.console("tom_1"), server.messenger()
    server.teammate(f"/conversations/{conversation}/assign", {"teammate": "tmt_tom_1", "team": None})
    assert console.next("part", kind="assignment")["detail"]["teammate"] == {"id": "tmt_tom_1", "name": "Tom"}
    heard = messenger.until("conversation")
    assert [event for event, _ in heard] == ["conversation"]
    assert heard[-1][1]["assignee"]["name"] == "Tom"


def test_pushes_of_one_conversation_come_in_order(server: Server) -> None:
    console = server.console()
    conversation = server.started("0")
    for number in range(1, 20):
        server.says(conversation, str(number))
    heard = console.until("part", body="19")
    assert [payload["seq"] for event, payload in heard if event == "part"] == list(range(1, 21))


def test_reading_is_told_to_the_other_side(server: Server) -> None:
    conversation = server.started()
    console, messenger = server.console(), server.messenger()
    server.teammate(f"/conversations/{conversation}/read", {"seq": 1})
    assert messenger.next("read") == {"conversation": conversation, "seq": 1, "by": "teammate"}
    server.replies(conversation, "Hello")
    server.visitor(f"/conversations/{conversation}/read", {"seq": 3})
    assert console.next("read") == {"conversation": conversation, "seq": 3, "by": "visitor"}


def test_typing_is_told_to_the_other_side(server: Server) -> None:
    conversation = server.started()
    console, messenger = server.console(), server.messenger()
    messenger.says("typing", {"conversation": conversation})
    assert console.next("typing")["by"] == "visitor"
    console.says("typing", {"conversation": conversation})
    assert messenger.next("typing") == {"conversation": conversation, "name": "Li Na"}


def test_typing_in_the_conversation_of_another_is_told_to_nobody(server: Server) -> None:
    foreign, own = server.started(as_="a_1"), server.started(as_="b_1")
    console, intruder = server.console(), server.messenger("b_1")
    intruder.says("typing", {"conversation": foreign})
    server.says(own, "Fence", as_="b_1")
    assert "typing" not in [event for event, _ in console.until("part", body="Fence")]


def test_nonsense_is_ignored_and_the_socket_lives_on(server: Server) -> None:
    conversation = server.started()
    messenger, console = server.messenger(), server.console()
    for event in ("typing", "viewing", "shout", "connect"):
        for said in (None, 7, "x", [], {"conversation": 7}, {"conversation": "é" * 50}):
            messenger.says(event, said)
            console.says(event, said)
        messenger.says(event, 1, 2, 3)
        console.says(event, 1, 2, 3)
    server.replies(conversation, "Still there?")
    assert messenger.next("part", body="Still there?")
    assert console.next("part", body="Still there?")


@pytest.mark.parametrize("token", [None, "", "vt_nobody", 7, {"a": 1}, "ls_lina_1"])
def test_the_messenger_wants_the_token_of_a_visitor(server: Server, token: object) -> None:
    with pytest.raises(Refused):
        server.messenger_with({"token": token})


def test_the_console_wants_a_log_in(server: Server) -> None:
    with pytest.raises(Refused):
        server.console("nobody")


def test_the_console_refuses_a_page_of_another_origin(server: Server) -> None:
    with pytest.raises(Refused):
        server.console(origin="https://evil.example")


def test_polling_is_not_offered(server: Server) -> None:
    assert server.status("/socket.io/?EIO=4&transport=polling") == 400


def test_a_log_out_drops_the_sockets_of_that_log_in_alone(server: Server) -> None:
    leaving, staying = server.console("ada_1"), server.console("tom_1")
    server.teammate("/session", None, as_="ada_1", method="DELETE")
    leaving.next("disconnect")
    server.started("Anybody?")
    assert staying.next("part")["body"] == "Anybody?"


def test_a_log_in_that_ended_elsewhere_loses_its_sockets(server: Server, elsewhere: Database) -> None:
    console = server.console("eve_1")
    elsewhere.write(
        lambda session: session.execute(delete(LoginSession).where(LoginSession.teammate_id == "tmt_eve_1"))
    )
    console.next("disconnect")


def test_colleagues_see_a_teammate_come_and_go(server: Server) -> None:
    watching = server.console("tom_1")
    first, second = server.console("lina_1"), server.console("lina_1")
    assert watching.next("teammate", id="tmt_lina_1")["online"] is True
    first.close()
    second.close()
    assert watching.next("teammate", id="tmt_lina_1", online=False)


def test_colleagues_see_who_looks_at_a_conversation(server: Server) -> None:
    conversation = server.started()
    watching, looking = server.console("tom_1"), server.console("lina_1")
    looking.says("viewing", {"conversation": conversation})
    assert watching.next("viewing") == {
        "conversation": conversation,
        "teammates": [{"id": "tmt_lina_1", "name": "Li Na"}],
    }
    looking.close()
    assert watching.next("viewing") == {"conversation": conversation, "teammates": []}
