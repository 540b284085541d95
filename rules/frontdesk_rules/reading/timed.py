"""From a tree to the triggers that a clock brings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from frontdesk_rules.durations import PATTERN as DURATION
from frontdesk_rules.durations import is_duration, needed
from frontdesk_rules.facts.catalogue import FieldType, Source, field_of
from frontdesk_rules.facts.cron import CronRefused, cron_of
from frontdesk_rules.findings import Place
from frontdesk_rules.language.timed import COMPANY, AbsenceTrigger, ReachesTrigger, ScheduleTrigger
from frontdesk_rules.language.triggers import Trigger
from frontdesk_rules.reading.aggregates import read_step
from frontdesk_rules.reading.conditions import read_condition
from frontdesk_rules.reading.values import read_zone

_DEFAULT_ZONE: Final = "workspace"


def _read_absence(tree: dict[str, object], place: Place) -> Trigger | None:
    spot = place.at("absence")
    given = spot.mapping(tree["absence"], "{of: …, after: …, within: 24h} is needed here")
    spot.only(given, ("of", "after", "within", "key", "by"))
    if given.get("by", COMPANY) != COMPANY:
        spot.at("by").refuse("company is needed here, or nothing for the person alone")
    of, after = (read_step(given.get(key), spot.at(key), read_condition) for key in ("of", "after"))
    within = given.get("within")
    if not is_duration(within):
        spot.at("within").refuse(needed("24h", within))
    key = spot.at("key").text(given["key"], "a property of both events is needed here") if "key" in given else None
    if of is None or after is None or not is_duration(within):
        return None
    return AbsenceTrigger(of, after, str(within), key, by_company="by" in given)


def _read_reaches(tree: dict[str, object], place: Place) -> Trigger | None:
    spot = place.at("reaches")
    given = spot.mapping(tree["reaches"], "{field: contact.registered_at, plus: 365d} is needed here")
    spot.only(given, ("field", "plus", "minus"))
    name = given.get("field")
    row = field_of(name) if isinstance(name, str) else None
    if row is None or row.type not in (FieldType.TIME, FieldType.ANY) or row.name.startswith(("event.", "time.")):
        spot.at("field").refuse("a field that holds a time is needed here, such as contact.registered_at")
        return None
    if row.source == Source.DELIVERIES:
        spot.at("field").refuse(
            f"nothing says when {name} becomes another: write {{schedule: 0 9 * * *}}, and in when: "
            f"{{{name}: {{older_than: 7d}}}}"
        )
        return None
    offsets = [key for key in ("plus", "minus") if key in given]
    if len(offsets) > 1:
        spot.refuse("either plus or minus is needed here")
        return None
    offset = given[offsets[0]] if offsets else "0s"
    if not is_duration(offset):
        spot.at(offsets[0]).refuse(needed("365d", offset))
        return None
    return ReachesTrigger(row.name, str(offset), before=offsets == ["minus"])


def _read_schedule(tree: dict[str, object], place: Place) -> Trigger | None:
    spot = place.at("schedule")
    given = spot.unfolded(tree["schedule"], "cron")
    spot.only(given, ("cron", "zone"))
    cron = spot.at("cron").text(given.get("cron"), "a cron expression such as 0 9 * * mon is needed here")
    zone = read_zone(given.get("zone", _DEFAULT_ZONE), spot.at("zone"))
    if cron is None:
        return None
    try:
        cron_of(cron)
    except CronRefused as refused:
        spot.at("cron").refuse(str(refused))
        return None
    return ScheduleTrigger(cron, zone)


def _closed(properties: dict[str, object], *required: str) -> dict[str, object]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


_DURATION: Final = {"type": "string", "pattern": DURATION}
_NAME: Final = {"type": "string", "pattern": r"\S"}
_STEP: Final = {"$ref": "#/$defs/step"}
_CRON: Final = {"type": "string", "pattern": r"^\s*\S+(\s+\S+){4}\s*$"}
_REACHES: Final = {
    **_closed({"field": _NAME, "plus": _DURATION, "minus": _DURATION}, "field"),
    "not": {"required": ["plus", "minus"]},
}
_ABSENCE: Final = _closed(
    {"of": _STEP, "after": _STEP, "within": _DURATION, "key": _NAME, "by": {"const": COMPANY}}, "of", "after", "within"
)
_SCHEDULE: Final = {"anyOf": [_CRON, _closed({"cron": _CRON, "zone": {"$ref": "#/$defs/zone"}}, "cron")]}

Read = Callable[[dict[str, object], Place], Trigger | None]
TIMED: Final[dict[str, tuple[Read, dict[str, object]]]] = {
    "absence": (_read_absence, {"absence": _ABSENCE}),
    "reaches": (_read_reaches, {"reaches": _REACHES}),
    "schedule": (_read_schedule, {"schedule": _SCHEDULE}),
}
