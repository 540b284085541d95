"""The country of an IP address, from the bundled public-domain database."""

from functools import lru_cache
from ipaddress import ip_address
from typing import cast

import maxminddb

from frontdesk.core.assets import COUNTRIES


@lru_cache(maxsize=1)
def _countries() -> maxminddb.Reader:
    return maxminddb.open_database(COUNTRIES)


def country_of(ip: str | None) -> str | None:
    """ISO 3166 code of the country; None for private, unknown and broken addresses. The address is not kept."""
    try:
        found = _countries().get(ip_address(ip or ""))
    except ValueError:
        return None
    return cast("dict[str, str]", found).get("country_code") if found else None
