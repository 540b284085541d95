"""Who writes and is not answered waits: the clock runs from the first word that nobody answered."""

from datetime import timedelta

from tests.server.engage.moments.site import Site, tags

WAITS = tags("{conversation: waiting, after: 5m}", "repeat: {per: conversation}", key="waits")
MINUTE = timedelta(minutes=1)


def arrive(site: Site) -> str:
    site.save(WAITS)
    site.page("page")
    return site.start_chat()


def test_whoever_is_not_answered_in_time_has_waited(site: Site) -> None:
    arrive(site)
    site.wait(4 * MINUTE)
    assert site.acted() == []
    site.wait(MINUTE)
    assert site.acted() == ["waits"]


def test_whoever_is_answered_waits_no_longer(site: Site) -> None:
    chat = arrive(site)
    site.wait(4 * MINUTE)
    site.answer(chat)
    site.wait(60 * MINUTE)
    assert (site.acted(), site.pending()) == ([], [])


def test_whoever_is_told_that_all_is_done_waits_no_longer(site: Site) -> None:
    chat = arrive(site)
    site.close_chat(chat)
    site.wait(60 * MINUTE)
    assert site.acted() == []


def test_writing_again_while_waiting_begins_no_new_wait(site: Site) -> None:
    chat = arrive(site)
    site.wait(4 * MINUTE)
    site.write_again(chat)
    site.wait(MINUTE)
    assert site.acted() == ["waits"]


def test_writing_again_after_an_answer_begins_a_new_wait(site: Site) -> None:
    chat = arrive(site)
    site.answer(chat)
    site.wait(60 * MINUTE)
    site.write_again(chat)
    site.wait(5 * MINUTE)
    assert site.acted() == ["waits"]


def test_an_answer_that_is_sent_again_ends_no_later_wait(site: Site) -> None:
    chat = arrive(site)
    site.answer(chat, client_id="once")
    site.write_again(chat)
    site.answer(chat, client_id="once")
    site.wait(5 * MINUTE)
    assert site.acted() == ["waits"]


def test_one_conversation_is_answered_and_the_other_waits(site: Site) -> None:
    chat = arrive(site)
    site.start_chat()
    site.answer(chat)
    site.wait(5 * MINUTE)
    assert site.acted() == ["waits"]
