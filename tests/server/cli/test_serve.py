"""`frontdesk serve` as a real process on each database: the first start, rules beside it, its end, the next start."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from tests.running import free_port, until

FRONTDESK = str(Path(sys.executable).with_name("frontdesk"))
RULE = """rule: hello
trigger: {page: /pricing}
do:
  - message: {kind: chat, class: transactional, text: {en: Hello, zh: 你好}}
"""
OWNER = {"workspace": "Acme", "name": "Olga", "email": "olga@acme.example", "password": "a long password"}


@pytest.fixture(params=["sqlite", "postgres"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """Of a new installation: an empty folder, or an empty database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FRONTDESK_")}
    kept["FRONTDESK_DATA"] = str(tmp_path / "data")
    if request.param == "postgres":
        template: str = request.getfixturevalue("postgres")
        with psycopg.connect(template.format("postgres"), autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS served_alone WITH (FORCE)")
            connection.execute("CREATE DATABASE served_alone")
        kept["FRONTDESK_DATABASE_URL"] = template.format("served_alone")
    return kept


@contextmanager
def served(environment: dict[str, str], log: Path, *, host: str = "127.0.0.1") -> Iterator[tuple[str, Any]]:
    """The server's address and its process, once it answers."""
    port = free_port()
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    with log.open("w") as said, log.with_suffix(".err").open("w") as complained:
        command = [FRONTDESK, "serve", "--host", host, "--port", str(port)]
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=complained, start_new_session=True)
    try:
        assert until(lambda: process.poll() is not None or f"runs at {url}" in log.read_text(), within=60)
        assert process.poll() is None, log.with_suffix(".err").read_text()
        yield url, process
        process.terminate()
        assert process.wait(20) == 0
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def visit(url: str, key: str, number: int) -> dict[str, Any]:
    """Somebody new opens the pricing page; what collect answers."""
    page = {"type": "page", "anonymousId": f"ana-{number}", "messageId": f"m-{number}",
            "context": {"page": {"url": "https://acme.example/pricing", "path": "/pricing"}}}  # fmt: skip
    answer = requests.post(f"{url}/v1/batch", json={"writeKey": key, "batch": [page]}, timeout=10)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_the_first_start_hands_out_the_link_and_rules_become_live_beside_it(
    environment: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "first.log"
    with served(environment, log) as (url, _):
        link = re.search(rf"{url}/setup\?token=(\w+)", log.read_text())
        assert link
        asked = requests.post(f"{url}/api/v1/setup", json=OWNER | {"token": link[1]}, timeout=10)
        assert asked.status_code == 200
        key = asked.json()["site"]["key"]
        assert requests.get(f"{url}/api/v1/setup", {"token": link[1]}, timeout=10).json() == {"valid": False}
        assert requests.get(f"{url}/demo/", timeout=10).status_code == 404
        assert visit(url, key, 0)["deliveries"] == []
        (tmp_path / "hello.yaml").write_text(RULE, encoding="utf-8")
        applied = subprocess.run(
            [FRONTDESK, "rules", "apply", tmp_path / "hello.yaml"],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (applied.returncode, applied.stdout) == (0, "+ hello  new\n1 new\n1 rule is live.\n"), applied.stderr
        numbers = iter(range(1, 1000))
        assert until(lambda: visit(url, key, next(numbers))["deliveries"])
    log = tmp_path / "second.log"
    with served(environment, log) as (url, _):
        assert "token=" not in log.read_text()
        login = {"email": OWNER["email"], "password": OWNER["password"]}
        assert requests.post(f"{url}/api/v1/session", json=login, timeout=10).status_code == 200
        assert visit(url, key, 2000)["deliveries"]


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_it_listens_on_ipv6(tmp_path: Path) -> None:
    environment = {**os.environ, "FRONTDESK_DATA": str(tmp_path / "data")}
    with served(environment, tmp_path / "log", host="::1") as (url, _):
        assert requests.get(f"{url}/healthz", timeout=10).json() == {"status": "ok"}
