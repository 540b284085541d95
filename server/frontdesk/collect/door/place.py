"""Where an address is: its country by the bundled public-domain file; region and city by a file that you configure."""

from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, cast

import maxminddb
import structlog
from msgspec import Struct

from frontdesk.core.assets import COUNTRIES

if TYPE_CHECKING:
    from geoip2.database import Reader

log = structlog.get_logger(__name__)


class Place(Struct, frozen=True):
    """`country`: ISO 3166 code; `timezone`: the IANA's name. Others in English. None for private, unknown and broken
    addresses."""

    country: str | None = None
    region: str | None = None
    city: str | None = None
    timezone: str | None = None


NOWHERE = Place()


class Places:
    """Looks addresses up; they are not kept. `city_file`: a City database in MaxMind's format, read with geoip2.

    Nothing that is wrong with that file reaches a caller: it is logged, and the country is the bundled file's.
    """

    def __init__(self, city_file: Path | None = None) -> None:
        self._cities = _opened(city_file) if city_file else None
        self.of = lru_cache(maxsize=4096)(self._of)

    def _of(self, ip: str | None) -> Place:
        if not ip:
            return NOWHERE
        return (_city(self._cities, ip) if self._cities else None) or Place(country_of(ip))


def city_file_refusal(path: Path) -> str | None:
    """Why regions and cities cannot be looked up in this file; None where they can."""
    if path.is_dir():
        return "it is a folder"
    try:
        with maxminddb.open_database(path) as file:
            kind = file.metadata().database_type
    except OSError as error:
        return (error.strerror or str(error)).lower()
    except (maxminddb.InvalidDatabaseError, ValueError):  # the second: an empty file, which cannot be mapped
        return "it is not a database in MaxMind's format"
    return None if "City" in kind else f"it is a {kind or 'nameless'} database, not a City database"


def _opened(city_file: Path) -> "Reader | None":
    from geoip2.database import Reader

    try:
        return Reader(city_file)
    except Exception:  # a file that went away since the start: a worker that was born again does without
        log.exception("city_file_unreadable", path=str(city_file))
        return None


def _city(cities: "Reader", ip: str) -> Place | None:
    from geoip2.errors import AddressNotFoundError

    try:
        found = cities.city(ip)
    except (AddressNotFoundError, ValueError):
        return None
    except Exception:  # whatever a file of somebody else holds must not cost an event
        log.exception("city_lookup_failed")
        return None
    region = found.subdivisions.most_specific.name
    return Place(found.country.iso_code, region, found.city.name, found.location.time_zone)


@lru_cache(maxsize=1)
def _countries() -> maxminddb.Reader:
    return maxminddb.open_database(COUNTRIES)


def country_of(ip: str | None) -> str | None:
    """ISO 3166 code of the country; None for private, unknown and broken addresses."""
    try:
        found = _countries().get(ip_address(ip or ""))
    except ValueError:
        return None
    return cast("dict[str, str]", found).get("country_code") if found else None
