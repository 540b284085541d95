"""Somebody who writes rules over the public API."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse


@dataclass(frozen=True)
class Author:
    app: Flask
    key: str

    def ask(self, method: str, path: str, body: Any = None) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.key}"}
        return self.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, json=body)

    def get(self, path: str) -> Any:
        answer = self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json

    def post(self, path: str, **body: Any) -> Any:
        answer = self.ask("POST", path, body)
        assert answer.status_code == 200, answer.text
        return answer.json

    def refused(self, method: str, path: str, **body: Any) -> Any:
        """The problem: it has a code and says in words why."""
        answer = self.ask(method, path, body)
        assert answer.status_code >= 400, answer.text
        return answer.json

    def save(self, text: str, state: str = "live") -> Any:
        (rule,) = self.post("/rules", yaml=text, state=state)["data"]
        return rule

    def state(self, rule: Any, number: int, state: str) -> Any:
        return self.post(f"/rules/{rule['id']}/versions/{number}/state", state=state)
