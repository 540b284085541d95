"""A site, its server and its browsers in front of the whole house, and a teammate who looks and sets right."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.server.conftest import Home

_numbers = count(1)


def identify(**said: Any) -> dict[str, Any]:
    return {"type": "identify", **said}


def track(event: str = "Asked", **said: Any) -> dict[str, Any]:
    return {"type": "track", "event": event, **said}


def group(group_id: str, **said: Any) -> dict[str, Any]:
    return {"type": "group", "groupId": group_id, **said}


def alias(previous_id: str, **said: Any) -> dict[str, Any]:
    return {"type": "alias", "previousId": previous_id, **said}


@dataclass
class Site:
    client: FlaskClient
    home: Home

    def page(self, *items: dict[str, Any], token: str | None = None) -> Any:
        """A browser of the site says something of itself."""
        return self._send(self.home.site_key, items, token)

    def server(self, *items: dict[str, Any]) -> Any:
        """The site's own server says something."""
        return self._send(self.home.api_key, items, None)

    def _send(self, key: str, items: tuple[dict[str, Any], ...], token: str | None) -> Any:
        batch = [{"messageId": f"m{next(_numbers)}", **item} for item in items]
        answer = self.client.post("/v1/batch", json={"writeKey": key, "token": token, "batch": batch}).json
        assert answer["rejected"] == []
        return answer

    def get(self, path: str, **query: Any) -> Any:
        answer = self.client.get(f"/api/v1{path}", headers=self._bearer, query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.json

    def post(self, path: str, body: Any = None) -> TestResponse:
        """As a server with an API key."""
        return self.client.post(f"/api/v1{path}", headers=self._bearer, json=body)

    def as_sam(self, path: str, body: Any = None) -> TestResponse:
        """As a teammate."""
        login = {"email": "sam@bellshop.example", "password": "sam-password"}
        assert self.client.post("/api/v1/session", json=login).status_code == 200
        answer = self.client.post(f"/api/v1{path}", headers={"Sec-Fetch-Site": "same-origin"}, json=body)
        self.client.delete("/api/v1/session", headers={"Sec-Fetch-Site": "same-origin"})
        return answer

    def person(self, person_id: str) -> Any:
        return self.get(f"/people/{person_id}")

    def merges(self, person_id: str) -> Any:
        return self.get("/merges", person=person_id)["data"]

    def events(self, person_id: str) -> list[str | None]:
        """Names of what this person did, calls by their type, sorted."""
        return sorted(row["name"] or row["type"] for row in self.get("/events", person=person_id)["data"])

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.home.api_key}"}
