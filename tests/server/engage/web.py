"""Engage over HTTP, and nothing else: its two blueprints on a bare app."""

from pathlib import Path
from typing import Any

from flask import Flask, request
from flask_smorest import Api
from werkzeug.test import TestResponse

from frontdesk.accounts.auth import identify_caller
from frontdesk.core import http
from frontdesk.core.config import load_settings
from frontdesk.core.runtime import Runtime
from frontdesk.core.signals import Bus
from frontdesk.engage.api import rules_api
from frontdesk.engage.doing.messenger_api import deliveries_api
from frontdesk.engage.rules.api import texts_api
from tests.server.engage.shop import Browser, Shop


class Web:
    def __init__(self, shop: Shop, bus: Bus, folder: Path) -> None:
        self.app = app = Flask("engage")
        app.config |= {"API_TITLE": "t", "API_VERSION": "1", "OPENAPI_VERSION": "3.1.0"}
        app.extensions["frontdesk"] = Runtime(shop.db, shop.clock, bus, load_settings(folder))
        http.install(app)

        @app.before_request
        def identify() -> None:
            if request.path.startswith("/api/v1"):
                identify_caller()

        self.api = Api(app)
        self.api.register_blueprint(rules_api)
        self.api.register_blueprint(texts_api)
        self.api.register_blueprint(deliveries_api)

    def server(self, api_key: str, path: str, body: Any = None, **query: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {api_key}"}
        client, url = self.app.test_client(), f"/api/v1{path}"
        if body is None:
            return client.get(url, headers=headers, query_string=query)
        return client.post(url, headers=headers, json=body)

    def report(self, browser: Browser, delivery_id: str, state: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {browser.token}"}
        return self.app.test_client().post(f"/messenger/v1/deliveries/{delivery_id}/{state}", headers=headers)
