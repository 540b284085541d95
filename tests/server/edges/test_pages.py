"""Which paths are the console's, which are the demo's, and which are nobody's."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from frontdesk.app import compose
from frontdesk.core.runtime import Runtime


@pytest.mark.parametrize(
    "path",
    ["/metrics/x", "/api", "/api/", "/api/x", "/api/v1/x", "/v1", "/v1/x", "/messenger", "/messenger/v1/x", "/sdk",
     "/js/x", "/console", "/console/x", "/demo", "/demo/", "/demo/pricing/", "/favicon.ico", "/readyz/x"],
)  # fmt: skip
def test_a_reserved_name_is_a_problem_not_the_console(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("path", ["/demo/", "/demo/pricing/", "/demo/zh/"])
def test_the_shop_is_open_in_a_demo_only(runtime: Runtime, path: str) -> None:
    demo = replace(runtime, settings=replace(runtime.settings, demo=True))
    answer = compose(demo).app.test_client().get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
