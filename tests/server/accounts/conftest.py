from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from flask_smorest import Api

from frontdesk.accounts.api import session_api
from frontdesk.accounts.auth import identify_caller
from frontdesk.accounts.sites_api import sites_api
from frontdesk.core import border, http
from frontdesk.core.runtime import Runtime


@pytest.fixture
def room(runtime: Runtime, tmp_path: Path) -> FlaskClient:
    """A browser in front of this room alone: signing in, and sites."""
    app = Flask("accounts")
    app.config |= {"API_TITLE": "t", "API_VERSION": "1", "OPENAPI_VERSION": "3.1.0"}
    app.extensions["frontdesk"] = runtime
    api = Api(app)
    api.register_blueprint(session_api)
    api.register_blueprint(sites_api)
    border.install(app)
    app.before_request(lambda: identify_caller() if request.path.startswith("/api/v1") else None)
    http.install(app)
    return app.test_client()
