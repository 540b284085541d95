"""The Flask example, driven through its pages, tells a receiver everything it promises."""

import importlib.util
import sys
from pathlib import Path

import pytest

from frontdesk_sdk import Client
from tests.sdk_python.receiver import DEADLINE, Receiver

SOURCE = Path(__file__).parents[2] / "examples" / "flask_app" / "app.py"


@pytest.fixture
def example(monkeypatch):
    spec = importlib.util.spec_from_file_location("flask_app_example", SOURCE)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)  # Flask finds its templates beside the module's file
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def receiver():
    return Receiver()


@pytest.fixture
def frontdesk(receiver):
    with receiver.serving() as host, Client("sk_test", host) as client:
        yield client
        client.close()


def test_the_journey_of_a_customer_arrives_in_order(example, frontdesk, receiver):
    browser = example.create_app(frontdesk).test_client()

    for path, form in [
        ("/sign-up", {"name": "Mara Quill", "email": "mara@lantern.example", "company": "Lantern Books"}),
        ("/projects", {"name": "Autumn catalogue"}),
        ("/orders", {"plan": "team"}),
    ]:
        page = browser.post(path, data=form, follow_redirects=True)
        assert page.status_code == 200

    assert "Autumn catalogue" in page.text
    assert frontdesk.flush(DEADLINE)
    identified, registered, grouped, created, ordered = receiver.events
    assert len({event["userId"] for event in receiver.events}) == 1
    assert identified["traits"] == {"name": "Mara Quill", "email": "mara@lantern.example"}
    assert (registered["event"], created["event"], ordered["event"]) == (
        "Registered",
        "Project Created",
        "Order Completed",
    )
    assert (grouped["type"], grouped["groupId"], grouped["traits"]) == (
        "group",
        "lantern books",
        {"name": "Lantern Books"},
    )
    assert created["properties"] == {"name": "Autumn catalogue", "number": 1}
    assert {key: ordered["properties"][key] for key in ("plan", "revenue", "currency")} == {
        "plan": "team",
        "revenue": 29.0,
        "currency": "EUR",
    }


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/sign-up", {"name": " ", "email": "a@b.example"}),
        ("/projects", {"name": "Sail"}),
        ("/orders", {"plan": "team"}),
    ],
)
def test_what_did_not_happen_is_not_told(path, form, example, frontdesk, receiver):
    answer = example.create_app(frontdesk).test_client().post(path, data=form)

    assert answer.status_code in {302, 400}
    assert frontdesk.flush(DEADLINE)
    assert receiver.events == []


def test_the_page_carries_the_script_tag_and_names_the_member(example, frontdesk):
    browser = example.create_app(frontdesk, "pk_site", "https://desk.example").test_client()

    assert '<script async src="https://desk.example/js/pk_site.js"></script>' in browser.get("/").text
    browser.post("/sign-up", data={"name": "</script><b>", "email": "a@b.example"})
    page = browser.get("/").text
    assert 'frontdesk("identify", "user-' in page
    assert "</script><b>" not in page
    assert 'frontdesk("reset")' in browser.post("/sign-out", follow_redirects=True).text


def test_without_keys_the_application_works_all_the_same(example, monkeypatch):
    monkeypatch.delenv("FRONTDESK_API_KEY", raising=False)
    monkeypatch.delenv("FRONTDESK_SITE_KEY", raising=False)
    browser = example.from_environment().test_client()

    page = browser.post("/sign-up", data={"name": "Mara", "email": "a@b.example"}, follow_redirects=True)

    assert page.status_code == 200
    assert "/js/" not in page.text
