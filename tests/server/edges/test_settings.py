"""What an installation is told by its environment, and what it keeps of itself: its secret."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from frontdesk.core.config import NAMES, database_of, load_settings
from frontdesk.core.environment import SettingsRefused, unknown


@pytest.fixture(autouse=True)
def _nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("FRONTDESK_")]:
        monkeypatch.delenv(name)


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = load_settings(tmp_path).secret
    assert len(first) == 64
    assert load_settings(tmp_path).secret == first
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_an_empty_secret_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "secret").touch()
    assert len(load_settings(tmp_path).secret) == 64


def test_of_many_that_start_together_all_take_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: load_settings(tmp_path).secret, range(32)))
    assert len(found) == 1


LONG = "a secret that nobody will ever guess"
TAKEN = [
    ("TRUSTED_PROXIES", "2", "trusted_proxies", 2),
    ("PUBLIC_URL", "https://chat.example.com/", "public_url", "https://chat.example.com"),
    ("PUBLIC_URL", "http://[::1]:8000", "public_url", "http://[::1]:8000"),
    ("PUBLIC_URL", "", "public_url", None),
    ("REDIS_URL", "", "redis_url", None),
    ("SECRET", LONG, "secret", LONG),
]


@pytest.mark.parametrize(("name", "value", "field", "read"), TAKEN)
def test_a_setting_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, field: str, read: object
) -> None:
    monkeypatch.setenv(f"FRONTDESK_{name}", value)
    assert getattr(load_settings(tmp_path), field) == read


ADDRESS = "An address is written https://chat.example.com, without a path."
REFUSED = [
    ("TRUSTED_PROXIES", "-1", "Must be greater than or equal to 0."),
    ("TRUSTED_PROXIES", "one", "Not a valid integer."),
    ("RETENTION_EVENTS_DAYS", "0", "Must be greater than or equal to 1 and less than or equal to 36500."),
    ("SECRET", "changeme", "A secret has at least 32 characters."),
    *(
        ("PUBLIC_URL", value, ADDRESS)
        for value in (
            "chat.example.com", "ftp://chat.example.com", "https://", "https://chat.example.com/desk", "//chat",
            "https://me@chat.example.com", "https://chat.example.com?a=1", "https://chat.example.com:port",
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "told"), REFUSED)
def test_a_setting_that_cannot_be_is_named_and_nothing_is_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(f"FRONTDESK_{name}", value)
    with pytest.raises(SettingsRefused) as refused:
        load_settings(tmp_path / "data")
    assert str(refused.value) == f"FRONTDESK_{name}: {told}"
    assert not (tmp_path / "data").exists()


def test_all_that_is_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in (("TRUSTED_PROXIES", "x"), ("SECRET", "short"), ("RETENTION_SESSIONS_DAYS", "1")):
        monkeypatch.setenv(f"FRONTDESK_{name}", value)
    with pytest.raises(SettingsRefused) as refused:
        load_settings(tmp_path)
    for name in ("TRUSTED_PROXIES: Not a", "SECRET: A secret has", "RETENTION_SESSIONS_DAYS: Must be"):
        assert f"FRONTDESK_{name}" in str(refused.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("RETENTION_EVENT_DAYS", "RETENTION_EVENTS_DAYS"),
        ("RETENTION_EVENTS", "RETENTION_EVENTS_DAYS"),
        ("RETENTION_MESSAGES_DAYS", "RETENTION_MESSAGE_IDS_DAYS"),
        ("DATABSE_URL", "DATABASE_URL"),
        ("REDIS", "REDIS_URL"),
        ("TRUST_PROXIES", "TRUSTED_PROXIES"),
    ],
)
def test_a_misspelt_setting_is_refused_with_the_one_that_was_meant(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, written: str, meant: str
) -> None:
    monkeypatch.setenv(f"FRONTDESK_{written}", "30")
    told = f"FRONTDESK_{written}: There is no such setting; FRONTDESK_{meant} was meant?"
    for read in (load_settings, database_of):
        with pytest.raises(SettingsRefused) as refused:
            read(tmp_path)
        assert str(refused.value) == told


OF_OTHERS = {
    "FRONTDESK_API_KEY": "sk_1",
    "FRONTDESK_SITE_KEY": "pk_1",
    "FRONTDESK_SERVICE_HOST": "10.0.0.1",
    "FRONTDESK_SERVICE_PORT": "8000",
    "FRONTDESK_SERVICE_PORT_HTTP": "8000",
    "FRONTDESK_PORT": "tcp://10.0.0.1:8000",
    "FRONTDESK_PORT_8000_TCP": "tcp://10.0.0.1:8000",
    "FRONTDESK_PORT_8000_TCP_ADDR": "10.0.0.1",
    "FRONTDESK_DATA_SERVICE_HOST": "10.0.0.2",
}


def test_what_others_put_into_the_environment_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in OF_OTHERS.items():
        monkeypatch.setenv(name, value)
    assert load_settings(tmp_path).trusted_proxies == 0
    assert unknown(os.environ, NAMES) == {}


def test_a_name_that_is_like_none_of_ours_is_told_with_the_nearest() -> None:
    environ = {"FRONTDESK_DEBUG": "1", "FRONTDESK_PORT": "8000", "FRONTDESK_DATA": ".", "HOME": "/"}
    found = unknown(environ, NAMES)
    assert set(found) == {"FRONTDESK_DEBUG", "FRONTDESK_PORT"}
    assert set(found.values()) <= {f"FRONTDESK_{name}" for name in NAMES}
