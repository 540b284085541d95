"""The workspace that a test is played in: its caps, its quiet hours, its zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from frontdesk_rules.facts.zones import zone_named
from frontdesk_rules.findings import Place
from frontdesk_rules.language.gates import DEFAULT_POLICY, Cap, Policy, Quiet
from frontdesk_rules.language.rule import TestPlace
from frontdesk_rules.reading import gate_schema
from frontdesk_rules.reading.gates import read_caps, read_quiet

DEFAULT: Final = "default"
_KEYS: Final = ("caps", "quiet", "zone")


def read_workspace(tree: object, place: Place) -> TestPlace:
    """`default`, with the gates of a new workspace, or `{caps, quiet, zone}`: each gate `default`, as in a rule, or, if
    left out, none."""
    if tree == DEFAULT:
        return TestPlace(DEFAULT, DEFAULT_POLICY)
    given = place.mapping(tree, f"{DEFAULT}, or {{caps: …, quiet: …, zone: Asia/Shanghai}}, is needed here")
    place.only(given, _KEYS)
    caps: tuple[Cap, ...] | None = _gate(given, "caps", place, read_caps)
    quiet: Quiet | None = _gate(given, "quiet", place, read_quiet)
    zone = given.get("zone")
    if zone is not None and not (isinstance(zone, str) and zone_named(zone)):
        place.at("zone").refuse("the name of a zone such as Asia/Shanghai is needed here")
    return TestPlace(given, Policy(caps or (), quiet), str(zone) if zone else None)


def _gate(given: Mapping[str, object], name: str, place: Place, read: Callable[[object, Place], Any]) -> Any:
    if name not in given:
        return None
    return getattr(DEFAULT_POLICY, name) if given[name] == DEFAULT else read(given[name], place.at(name))


def schema() -> dict[str, Any]:
    gates = {"caps": gate_schema.caps(), "quiet": gate_schema.quiet()}
    rows = {name: {"oneOf": [{"const": DEFAULT}, gate]} for name, gate in gates.items()}
    zone = {"$ref": "#/$defs/zone"}
    whole = {"type": "object", "properties": rows | {"zone": zone}, "additionalProperties": False}
    return {"oneOf": [{"const": DEFAULT}, whole]}
