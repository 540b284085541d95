"""Where visitors are: countries of the bundled file; regions and cities of a file in MaxMind's format."""

from pathlib import Path
from typing import Any

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from frontdesk.collect.door.place import NOWHERE, Place, Places, city_file_refusal
from frontdesk.collect.endpoint import Collect
from frontdesk.collect.store import Store
from frontdesk.core.assets import COUNTRIES
from frontdesk.core.clock import MovableClock
from frontdesk.core.config import Settings
from frontdesk.core.db import Database
from frontdesk.core.runtime import Runtime
from frontdesk.core.signals import Bus
from frontdesk.people.models import Visitor
from tests.server.collect.conftest import Post, Rules
from tests.server.collect.senders import rows
from tests.server.conftest import Home

MUNICH, NOT_LISTED, PRIVATE = "91.0.0.1", "8.8.8.8", "10.0.0.1"
BAVARIA: dict[str, Any] = {
    "country": {"iso_code": "DE", "names": {"en": "Germany"}},
    "subdivisions": [{"iso_code": "BY", "names": {"en": "Bavaria", "de": "Bayern"}}],
    "city": {"names": {"en": "Munich", "de": "München"}},
    "location": {"time_zone": "Europe/Berlin"},
}


def database(path: Path, kind: str, record: object = BAVARIA) -> Path:
    """A file in MaxMind's format that knows one network."""
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True, database_type=kind)
    writer.insert_network(IPSet(["91.0.0.0/16"]), record)
    writer.to_db_file(str(path))
    return path


@pytest.fixture
def cities(tmp_path: Path) -> Path:
    return database(tmp_path / "cities.mmdb", "GeoLite2-City")


def test_a_city_file_tells_region_and_city(cities: Path) -> None:
    assert city_file_refusal(cities) is None
    assert Places(cities).of(MUNICH) == Place("DE", "Bavaria", "Munich", "Europe/Berlin")


def test_an_address_that_the_city_file_does_not_know_has_its_country(cities: Path) -> None:
    places = Places(cities)
    assert places.of(NOT_LISTED) == Place("US")
    assert [places.of(ip) for ip in (PRIVATE, "rubbish", "", None)] == [NOWHERE] * 4


def test_without_a_city_file_there_are_countries() -> None:
    assert Places().of(MUNICH) == Place("DE")


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        ("GeoLite2-Country", BAVARIA),
        ("GeoLite2-City", {"country": "Germany"}),
        ("GeoLite2-City", {"subdivisions": 7}),
        ("GeoLite2-City", "Munich"),
    ],
)
def test_a_file_that_holds_something_else_still_leaves_the_country(tmp_path: Path, kind: str, record: object) -> None:
    assert Places(database(tmp_path / "strange.mmdb", kind, record)).of(MUNICH) == Place("DE")


def test_a_file_that_went_away_leaves_the_country(tmp_path: Path) -> None:
    assert Places(tmp_path / "gone.mmdb").of(MUNICH) == Place("DE")


def test_a_file_that_cannot_be_used_is_refused_with_the_reason(tmp_path: Path, cities: Path) -> None:
    for name, content in (("empty", b""), ("text", b"Munich"), ("half", cities.read_bytes()[:200])):
        (tmp_path / name).write_bytes(content)
        assert city_file_refusal(tmp_path / name) == "it is not a database in MaxMind's format"
    assert city_file_refusal(tmp_path / "none") == "no such file or directory"
    assert city_file_refusal(tmp_path) == "it is a folder"
    assert city_file_refusal(COUNTRIES) == "it is a country ipvAll database, not a City database"
    country = database(tmp_path / "country.mmdb", "GeoLite2-Country")
    assert city_file_refusal(country) == "it is a GeoLite2-Country database, not a City database"


@pytest.fixture(params=["GeoLite2-City", "GeoLite2-Country"])
def collect(
    request: pytest.FixtureRequest, db: Database, clock: MovableClock, bus: Bus, rules: Rules, tmp_path: Path
) -> Collect:
    """A server with a file of this kind."""
    file = database(tmp_path / "configured.mmdb", request.param)
    settings = Settings(tmp_path, "", None, None, 0, file, "secret")
    return Collect(Runtime(db, clock, bus, settings), Store(rules, "secret"), lambda _e, _s: [])


def test_an_event_is_stored_whatever_the_configured_file_is(
    request: pytest.FixtureRequest, post: Post, collect: Collect, db: Database, workspace: Home
) -> None:
    page = {"type": "page", "anonymousId": "ana", "context": {"page": {"url": "https://shop.example/"}}}
    answered = post("batch", {"writeKey": workspace.site_key, "batch": [page]}, REMOTE_ADDR=MUNICH)
    assert (answered.status, answered.body["accepted"]) == (200, 1)
    (visitor,) = rows(db, Visitor)
    seen = (visitor.country, visitor.region, visitor.city)
    asked_for_cities = "City" in request.node.callspec.params["collect"]
    assert seen == (("DE", "Bavaria", "Munich") if asked_for_cities else ("DE", None, None))
