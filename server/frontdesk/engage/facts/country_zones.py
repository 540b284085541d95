"""The time zone of a country, where there is one for nearly everybody in it.

From the tables of the IANA (package `tzdata`): the only zone of a country, or its first (the most populous) where all
of them show the same time. For countries of which all but few live in one zone, that one, by `primaryZones` of CLDR.
"""

from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

_PRIMARY: Final = {
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "MH": "Pacific/Majuro",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}
_MONTHS: Final = tuple(datetime(2026, month, 1, tzinfo=UTC) for month in range(1, 13))


@lru_cache(maxsize=512)
def country_zone(country: str) -> str | None:
    """The zone of an ISO 3166 code; None where there are several that matter, and where nobody knows the country.

    >>> country_zone("JP"), country_zone("AR"), country_zone("US")
    ('Asia/Tokyo', 'America/Argentina/Buenos_Aires', None)
    """
    if country in _PRIMARY:
        return _PRIMARY[country]
    zones = _zones().get(country, [])
    clocks = {tuple(at.astimezone(ZoneInfo(zone)).utcoffset() for at in _MONTHS) for zone in zones}
    return zones[0] if len(clocks) == 1 else None


@lru_cache(maxsize=1)
def _zones() -> dict[str, list[str]]:
    """Country → its zones, the most populous first."""
    zones: dict[str, list[str]] = {}
    for line in files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            zones.setdefault(country, []).append(zone)
    return zones
