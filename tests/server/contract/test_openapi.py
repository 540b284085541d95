"""The server and its OpenAPI document say the same, for sound calls and for unsound ones, on each database.

Generated from the document, the same calls each time; never our fault, always as documented.
"""

from http import HTTPStatus
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from frontdesk.cli.openapi import document
from frontdesk.collect.endpoint import ROUTES
from tests.server.contract.callers import World

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Where an unsound call is not declined: a bad item of a batch is refused alone, and named in an answer 200; and what
# senders are known to write in another way (a time as a number, `[]` for an empty object) is read as it is meant.
LENIENT = tuple(route for route in ROUTES if route != "/v1/presence")
# What a schema cannot say of a sound call to collect: its words are more than spaces, and it is not of long ago.
SAID: dict[str, Any] = {
    "event": "Bell Rung",
    "userId": "u-1",
    "anonymousId": "a-1",
    "groupId": "g-1",
    "previousId": "a-2",
    "messageId": None,
    "timestamp": None,
}
# What no generated call can bring off: it needs a password, a one-time link, a rule that was thought about, strangers.
NEVER_SOUND = {
    "POST /api/v1/session",
    "GET /api/v1/setup",
    "POST /api/v1/setup",
    "POST /api/v1/rules",
    "POST /api/v1/simulations",
    "POST /api/v1/rules/plan",
    "POST /api/v1/rules/test",
    "POST /api/v1/rules/fmt",
    "POST /api/v1/rules/audience",
    "POST /api/v1/merges",
    "DELETE /api/v1/segments/{segment_id}",
    "POST /messenger/v1/deliveries/{delivery_id}/answered",
    "POST /api/v1/templates",
    "PUT /api/v1/templates/{template_id}",
    "DELETE /api/v1/templates/{template_id}",
}
SETTINGS = settings(
    max_examples=6,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def without_security(document: Any) -> dict[str, Any]:
    """Who calls is said by the tests: nobody guesses a key."""
    for path in document["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict):  # a list: the path's parameters
                operation.pop("security", None)
    return document


SCHEMA = schemathesis.openapi.from_dict(without_security(document()))
OPERATIONS = {operation.label: operation for operation in (found.ok() for found in SCHEMA.get_all_operations())}


def answers(worlds: list[World], case: Case) -> list[int]:
    """Make the call on each database as everyone who may, check what comes back, and return the statuses."""
    sound = case.meta is not None and case.meta.generation.mode.is_positive
    lenient = sound or case.path in LENIENT
    statuses = []
    for world in worlds:
        _name_what_is_there(case, world.known, sound=sound)
        for caller in world.callers(case.path):
            response = case.call(app=world.app, headers=caller.headers, cookies=caller.cookies)
            # 413 is a refusal, too, of which the check does not know
            accepted = lenient or response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            checks = CHECKS if accepted else [*CHECKS, negative_data_rejection]
            case.validate_response(response, checks=checks, headers=caller.headers)
            statuses.append(response.status_code)
    return statuses


def _name_what_is_there(case: Case, known: dict[str, str], *, sound: bool) -> None:
    """Put ids of this world where the call names something; in unsound calls, into the path only."""
    case.path_parameters = {name: known.get(name, value) for name, value in case.path_parameters.items()}
    if sound:
        case.query = {name: known.get(name, value) for name, value in case.query.items()}
        if isinstance(case.body, dict):
            told = SAID if case.path in LENIENT else {}
            case.body = {name: told.get(name, known.get(name, value)) for name, value in case.body.items()}


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_call_is_answered_as_documented(worlds: list[World], label: str) -> None:
    operation = OPERATIONS[label]
    seen: set[int] = set()
    negatable = operation.query or operation.body
    for mode in GenerationMode if negatable else [GenerationMode.POSITIVE]:
        given(case=operation.as_strategy(generation_mode=mode))(
            SETTINGS(lambda case: seen.update(answers(worlds, case)))
        )()
    assert label in NEVER_SOUND or min(seen) < 300, seen


def test_collect_stands_in_the_tables_that_all_calls_stand_in(worlds: list[World]) -> None:
    routed = {rule.rule for rule in worlds[0].app.url_map.iter_rules()}
    assert set(ROUTES) <= routed
    assert set(ROUTES) <= set(SCHEMA.raw_schema["paths"])


def test_every_call_has_a_name_of_its_own_and_says_who_may_make_it() -> None:
    paths = document()["paths"].values()
    operations = [path[method] for path in paths for method in path if method != "parameters"]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names)) > 40
    assert all("security" in operation for operation in operations)
