"""What a page is asked to show: each kind with its content, in the person's language, in the browser they have."""

from typing import Any

import pytest

from frontdesk.core.errors import NotFound
from frontdesk.engage.deciding.showing import MOST_AT_ONCE, Showing
from frontdesk.engage.doing.deliveries import Waiter, words
from frontdesk.engage.models import Template
from frontdesk.engage.rules.live import LiveRules
from frontdesk.people.models import Visitor
from tests.server.engage.doing.stage import Stage

SHOWN = [
    ("{message: {text: {en: Hello}}}", "chat", "marketing", {"text": "Hello"}),
    (
        "{message: {kind: banner, class: support, title: {en: 'For {{ contact.name }}'}, text: {en: Go}, link: /news}}",
        "banner",
        "support",
        {"title": "For Li Na", "text": "Go", "link": "/news"},
    ),
    (
        "{message: {kind: modal, template: saved-message}}",
        "modal",
        "marketing",
        {"text": "Hi Li Na", "title": "News", "link": "/news"},
    ),
    (
        "{message: {kind: post, template: saved-message, title: {en: Read this}, reply_label: {en: Ask}}}",
        "post",
        "marketing",
        {"text": "Hi Li Na", "title": "Read this", "link": "/news", "reply_label": "Ask"},
    ),
    (
        "{tour: saved-tour}",
        "tour",
        "onboarding",
        {"title": "Start", "steps": [{"text": "Click here", "target": "#new"}]},
    ),
    ("{hint: {template: saved-hint, class: support}}", "hint", "support", {"text": "Look", "target": "#new"}),
    (
        "{checklist: saved-checklist}",
        "checklist",
        "onboarding",
        {"title": "To do", "items": [{"key": "first", "text": "Make a project", "event": "Project Created"}]},
    ),
    (
        "{survey: saved-survey}",
        "survey",
        "support",
        {"survey": "form", "questions": [{"key": "why", "kind": "text", "text": "Why, Li Na?"}], "thanks": "Thanks"},
    ),
    (
        "{survey: {kind: csat, question: {en: 'Good, {{ contact.name }}?'}}}",
        "survey",
        "support",
        {
            "survey": "csat",
            "questions": [
                {"key": "score", "kind": "csat", "text": "Good, Li Na?", "low": "Not at all", "high": "Very much"}
            ],
        },
    ),
]


@pytest.mark.parametrize(("action", "kind", "message_class", "content"), SHOWN)
def test_each_kind_is_a_delivery_with_its_class_and_content(
    stage: Stage, action: str, kind: str, message_class: str, content: dict[str, Any]
) -> None:
    stage.do(action)
    row = stage.delivery()
    assert (row.kind, row.message_class, row.content) == (kind, message_class, content)
    assert (row.person_id, row.visitor_id, row.conversation_id, row.state) == ("vis_1", "vis_1", "cnv_1", "queued")


def test_nps_asks_in_the_person_s_language(stage: Stage) -> None:
    stage.met_as(visitor={"language": "zh-CN"})
    stage.do("{survey: nps}")
    [question] = stage.delivery().content["questions"]
    assert (question["kind"], question["text"]) == ("nps", "你有多大可能向朋友或同事推荐我们？")
    assert stage.delivery().locale == "zh"


@pytest.mark.parametrize(
    ("language", "locale", "text"), [("zh-TW", "zh", "你好"), ("de", "en", "Hello"), ("en", "en", "Hello")]
)
def test_a_saved_text_is_said_in_the_language_that_fits(stage: Stage, language: str, locale: str, text: str) -> None:
    [row] = [row for row in stage.rows(Template) if row.kind == "message"]
    stage.change(Template, row.id, content={"en": {"text": "Hello"}, "zh": {"text": "你好"}})
    stage.met_as(visitor={"language": language})
    stage.do("{message: {template: saved-message}}")
    assert (stage.delivery().locale, stage.delivery().content) == (locale, {"text": text})


def test_a_saved_text_that_is_gone_says_so(stage: Stage) -> None:
    with pytest.raises(NotFound, match="There is no saved tour gone"):
        stage.do("{tour: gone}")


@pytest.mark.parametrize(("name", "sender"), [(None, "Bellshop"), ("Sam", "Sam"), ("The team", "The team")])
def test_who_speaks_is_named(stage: Stage, name: str | None, sender: str) -> None:
    said = f", from: {{name: {name}}}" if name else ""
    stage.do(f"{{message: {{text: {{en: Hello}}{said}}}}}")
    assert stage.delivery().sender == {"name": sender, "avatar": None}


def shown_to(stage: Stage, visitor_id: str, contact_id: str | None) -> list[str]:
    waiter, showing = Waiter(visitor_id, "ses_1", contact_id), Showing(LiveRules(stage.db))
    given = stage.db.write(lambda session: showing.hand_over(session, [waiter], set(), stage.now))
    return [each["content"].get("text", "") for each in given.get(visitor_id, [])]


def alone(stage: Stage) -> None:
    """The contact is known to a server only."""
    stage.change(Visitor, "vis_1", contact_id=None, contact_verified=False)
    stage.met_as(person_id="con_1", visitor_id=None, visitor={}, session=None)
    stage.conversation_id = None


def test_a_contact_without_a_browser_gets_it_in_the_first_one_that_it_comes_with(stage: Stage) -> None:
    alone(stage)
    stage.do("{message: {text: {en: Hello}}}")
    assert (stage.delivery().visitor_id, stage.delivery().person_id) == (None, "con_1")
    assert shown_to(stage, "vis_2", None) == []
    assert shown_to(stage, "vis_2", "con_1") == ["Hello"]
    assert stage.delivery().visitor_id == "vis_2"
    assert shown_to(stage, "vis_1", "con_1") == []  # which still is in a conversation, and not the one that has it


def test_a_letter_is_not_shown_in_a_page(stage: Stage) -> None:
    alone(stage)
    stage.do("{email: {subject: {en: Hello}, text: {en: There}}}")
    assert shown_to(stage, "vis_2", "con_1") == []
    assert stage.delivery().visitor_id is None


def test_who_is_known_by_no_browser_and_no_name_is_shown_nothing(stage: Stage) -> None:
    stage.met_as(visitor_id=None, contact_id=None, person_id="vis_2")
    stage.do("{message: {text: {en: Hello}}}")
    assert stage.delivery().visitor_id == "vis_2"  # met by its id


def test_what_a_messenger_cannot_draw_keeps_nothing_else_out(stage: Stage) -> None:
    stage.met_as(person_id="vis_2", visitor_id="vis_2", contact_id=None)
    for number in range(MOST_AT_ONCE + 1):
        stage.do("{tour: saved-tour}", key=f"tour {number}")
    stage.do("{message: {text: {en: Hello}}}", key="hello")
    assert sorted(shown_to(stage, "vis_2", None)) == ["", "", "", "Hello"]


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("{message: {text: {en: Hello}}}", "Hello"),
        ("{survey: nps}", "How likely are you to recommend us to a friend or colleague?"),
        ("{checklist: saved-checklist}", "To do"),
        ("{tour: saved-tour}", "Start"),
    ],
)
def test_what_was_said_stands_in_the_conversation_that_answers_it(stage: Stage, action: str, said: str) -> None:
    stage.do(action)
    assert words(stage.delivery()) == said


def test_what_no_browser_was_the_moment_of_is_said_in_whichever_the_contact_comes_with(stage: Stage) -> None:
    stage.conversation_id = None
    stage.do("{message: {text: {en: Hello}}}", page=None)
    assert stage.delivery().visitor_id == "vis_1"  # the one seen last, which may have a socket open
    assert shown_to(stage, "vis_2", "con_1") == ["Hello"]
    assert shown_to(stage, "vis_1", "con_1") == []


def test_what_is_meant_for_a_page_is_said_in_its_browser(stage: Stage) -> None:
    stage.conversation_id = None
    stage.do("{message: {text: {en: Hello}}}")
    assert shown_to(stage, "vis_2", "con_1") == []
    assert stage.delivery().visitor_id == "vis_1"
