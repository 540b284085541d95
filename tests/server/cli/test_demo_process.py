"""`frontdesk demo` as a real process: what it prints, that it answers, that it ends, that it comes back the same."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

ROOT = Path(__file__).resolve().parents[3]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def demo(data: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "frontdesk", "demo", "--json", "--no-history", f"--port={port}", f"--data={data}"]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'server'}:{ROOT / 'rules'}"}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def first_line(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        pytest.fail(process.communicate()[1])
    found: dict[str, Any] = json.loads(line)
    return found


def sign_in(url: str, login: dict[str, str]) -> dict[str, Any]:
    body = json.dumps({"email": login["email"], "password": login["password"]}).encode()
    asked = Request(f"{url}/api/v1/session", body, {"Content-Type": "application/json"})
    with urlopen(asked, timeout=10) as answer:
        me: dict[str, Any] = json.load(answer)
        return me


def nobody_left(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def test_json_then_service_then_the_same_keys_again(tmp_path: Path) -> None:
    port = free_port()
    with demo(tmp_path, port) as process:
        said = first_line(process)
        assert set(said) == {"url", "site_key", "api_key", "identity_secret", "teammates"}
        assert said["url"] == f"http://127.0.0.1:{port}"
        assert (said["site_key"][:3], said["api_key"][:3]) == ("pk_", "sk_")
        for login in said["teammates"]:
            assert set(login) == {"email", "password", "role"}
            assert sign_in(said["url"], login)["teammate"]["role"] == login["role"]
        asked = Request(f"{said['url']}/api/v1/rules", headers={"Authorization": f"Bearer {said['api_key']}"})
        with urlopen(asked, timeout=10) as answer:
            assert {rule["state"] for rule in json.load(answer)["data"]} == {"live"}
        with pytest.raises(HTTPError, match="401"):
            sign_in(said["url"], {**said["teammates"][0], "password": "not-the-password"})
        process.terminate()
        rest, _ = process.communicate(timeout=30)
        assert rest == ""
        assert nobody_left(process.pid)
    with demo(tmp_path, port) as process:
        assert first_line(process) == said


def test_a_taken_port_is_refused_in_one_sentence_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with demo(tmp_path / "never", taken.getsockname()[1]) as process:
            said, complained = process.communicate(timeout=20)
    assert said == ""
    assert complained.startswith("Error: Cannot listen on 127.0.0.1:")
    assert len(complained.strip().splitlines()) == 1
    assert not (tmp_path / "never").exists()
