"""Where an address is: its country by the bundled public-domain file; region and city by a file that you configure."""

from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import cast

import maxminddb
from msgspec import Struct

from frontdesk.core.assets import COUNTRIES


class Place(Struct, frozen=True):
    """`country`: ISO 3166 code. Names in English. None for private, unknown and broken addresses."""

    country: str | None = None
    region: str | None = None
    city: str | None = None


NOWHERE = Place()


class Places:
    """Looks addresses up; they are not kept. `city_file`: a City database in MaxMind's format, read with geoip2."""

    def __init__(self, city_file: Path | None = None) -> None:
        self._cities = _opened(city_file) if city_file else None
        self.of = lru_cache(maxsize=4096)(self._of)

    def _of(self, ip: str | None) -> Place:
        if not ip:
            return NOWHERE
        return (self._city(ip) if self._cities else None) or Place(country_of(ip))

    def _city(self, ip: str) -> Place | None:
        from geoip2.errors import AddressNotFoundError

        try:
            found = self._cities.city(ip)  # type: ignore[union-attr]  # asked for by `_of`
        except (AddressNotFoundError, ValueError):
            return None
        return Place(found.country.iso_code, found.subdivisions.most_specific.name, found.city.name)


def _opened(city_file: Path) -> "geoip2.database.Reader":  # type: ignore[name-defined]  # noqa: F821  loaded when used
    from geoip2.database import Reader

    return Reader(city_file)


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
