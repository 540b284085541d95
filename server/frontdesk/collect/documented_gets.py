"""What pages, load balancers and Prometheus ask for, in the OpenAPI document: these routes are plain Flask."""

from typing import Any, Final

from apispec import APISpec
from werkzeug.routing import Map, Rule

from frontdesk.core.openapi import PROBLEM, ProblemSchema

_TEXT: Final = {"type": "string"}
_TEXTS: Final = {"type": "object", "additionalProperties": _TEXT}
_SETTINGS: Final = {
    "key": _TEXT,
    "host": {**_TEXT, "description": "The origin that paths are relative to."},
    "launcher": _TEXT,
    "messenger": _TEXT,
    "locales": _TEXTS,
    "look": {
        "type": "object",
        "properties": {"color": _TEXT, "corner": _TEXT},
        "required": ["color", "corner"],
    },
    "language": {"type": ["string", "null"]},
    "consent": {"enum": ["granted", "pending"]},
    "name": _TEXT,
}
SHAPES: Final[dict[str, Any]] = {
    "ProbeSettings": {
        "type": "object",
        "properties": _SETTINGS,
        "required": list(_SETTINGS),
        "additionalProperties": False,
    },
    "Health": {"type": "object", "properties": {"status": {"enum": ["ok", "ready"]}}, "required": ["status"]},
}
_KEY: Final = {"name": "key", "in": "query", "required": True, "schema": {"type": "string", "examples": ["pk_…"]}}


def _answer(description: str, content_type: str, schema: Any) -> dict[str, Any]:
    return {"description": description, "content": {content_type: {"schema": schema}}}


def _get(operation_id: str, summary: str, found: dict[str, Any], **more: Any) -> dict[str, Any]:
    operation = {
        "operationId": operation_id,
        "summary": summary,
        "tags": ["collect" if "script" in operation_id or "settings" in operation_id else "health"],
        "security": [],
        "responses": {"200": found, "default": {"$ref": "#/components/responses/DEFAULT_ERROR"}},
    }
    return {"get": operation | more}


def _paths() -> dict[str, dict[str, Any]]:
    """Path as Flask writes it → operations. Made anew each time, for the document writes into it."""
    probe = _answer("The probe with its site's settings", "text/javascript", _TEXT)
    settings = _answer("The settings", "application/json", {"$ref": "#/components/schemas/ProbeSettings"})
    health = {"$ref": "#/components/schemas/Health"}
    figures = _answer("Prometheus's text format", "text/plain", _TEXT)
    figures["content"]["application/openmetrics-text"] = {"schema": _TEXT}
    ready = _get("ready", "Whether this process can do its work.", _answer("It can", "application/json", health))
    ready["get"]["responses"]["503"] = _answer("The database does not answer", PROBLEM, ProblemSchema) | {
        "headers": {"Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 1}}}
    }
    return {
        "/js/<key>.js": _get("probe_script", "The script for the pages of a site.", probe),
        "/v1/settings": _get("probe_settings", "What that script carries, as JSON.", settings, parameters=[_KEY]),
        "/healthz": _get("alive", "Whether this process answers.", _answer("It does", "application/json", health)),
        "/readyz": ready,
        "/metrics": _get(
            "metrics",
            "What this process counts. Open to this machine and private networks, else with `FRONTDESK_METRICS_TOKEN`, "
            "an API key or an admin's session.",
            figures,
            security=[{}, {"api_key": []}, {"session": []}],
        ),
    }


def describe_gets(spec: APISpec) -> None:
    """Put these paths and their shapes into the document."""
    for name, shape in SHAPES.items():
        spec.components.schema(name, shape)
    for path, operations in _paths().items():
        (rule,) = Map([Rule(path, defaults={})]).iter_rules()  # bound to a map of its own: parameters are read off it
        spec.path(rule=rule, operations=operations)
