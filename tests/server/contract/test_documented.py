"""What the document promises of collect and of the plain routes, beyond what generated calls can see."""

from typing import Any

import jsonschema_rs
import pytest

from frontdesk.cli.openapi import document
from frontdesk.collect.endpoint import ROUTES
from tests.server.contract.callers import URL, World

DOCUMENT = document()
SHAPES = DOCUMENT["components"]["schemas"]


def conforms(name: str, value: Any) -> None:
    shape = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    jsonschema_rs.Draft202012Validator(shape).validate(value)


# `/v1/m` takes whatever it is sent and keeps nothing
@pytest.mark.parametrize("path", [path for path in ROUTES if path != "/v1/m"])
def test_collect_says_how_it_declines_and_when_to_come_again(path: str) -> None:
    call = DOCUMENT["paths"][path]["post"]
    assert set(call["responses"]) >= {"200", "400", "401", "403", "413", "429", "503", "default"}
    later = {status for status, response in call["responses"].items() if "Retry-After" in response.get("headers", {})}
    assert later == {"429", "503"}
    assert "gzip" in call["requestBody"]["description"]


def test_a_delivery_is_what_the_document_says(worlds: list[World]) -> None:
    for world in worlds:
        page = {"type": "page", "anonymousId": "documented", "context": {"page": {"url": URL}}}
        said = {"writeKey": world.home.site_key, "batch": [page]}
        answer = world.app.test_client().post("/v1/batch", json=said).json
        (delivery,) = answer["deliveries"]
        conforms("CollectAnswer", answer)
        conforms("Delivery", delivery)
        with pytest.raises(jsonschema_rs.ValidationError):
            conforms("Delivery", delivery | {"class": "other"})


def test_a_site_has_every_field_that_the_document_names(worlds: list[World]) -> None:
    headers = {"Authorization": f"Bearer {worlds[0].home.api_key}"}
    site = worlds[0].app.test_client().get("/api/v1/sites", headers=headers).json["data"][0]
    assert set(SHAPES["WholeSite"]["required"]) == set(SHAPES["WholeSite"]["properties"]) == set(site)


@pytest.mark.parametrize("path", ["/v1/settings", "/js/{key}.js", "/healthz", "/readyz", "/metrics"])
def test_what_is_asked_for_without_a_key_is_documented(path: str) -> None:
    call = DOCUMENT["paths"][path]["get"]
    assert not call["security"] or {} in call["security"]


def test_settings_that_the_document_names_are_those_of_a_site(worlds: list[World]) -> None:
    answer = worlds[0].app.test_client().get("/v1/settings", query_string={"key": worlds[0].home.site_key})
    conforms("ProbeSettings", answer.json)
