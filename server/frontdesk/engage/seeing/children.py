"""Simulations are carried out by processes of their own: on the hub they would hold up everybody.

A child is `frontdesk rules simulate … --json`, with the least claim to the processor. It tells on standard error how
far it is, and its result on standard output; both go to files, so that nobody has to wait to read them. It ends when
its parent is gone.
"""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any, Final

import orjson
import structlog

from frontdesk.core.clock import Clock, iso
from frontdesk.core.db import Database
from frontdesk.core.errors import Invalid, Unavailable
from frontdesk.core.ids import new_secret
from frontdesk.core.jobs import Job
from frontdesk.engage.seeing import simulations
from frontdesk.engage.seeing.simulations import Claimed

log = structlog.get_logger(__name__)
LONGEST: Final = timedelta(minutes=30)
MOST_AT_ONCE: Final = 1  # of one server: it has visitors to answer
_BEAT: Final = timedelta(seconds=2)
_LAST_WORDS: Final = 4_096
_MOST_SAID: Final = 500
_PATIENCE_S: Final = 60
_NICE: Final = 10  # only what the server leaves


@dataclass(slots=True)
class _Child:
    claimed: Claimed
    process: "subprocess.Popen[bytes]"
    out: IO[bytes]
    err: IO[bytes]
    began: datetime
    told: datetime

    def said(self) -> list[str]:
        """The last lines of its standard error."""
        size = self.err.seek(0, os.SEEK_END)
        self.err.seek(max(size - _LAST_WORDS, 0))
        return self.err.read().decode("utf-8", "replace").splitlines()

    def progress(self) -> float:
        told = [line for line in self.said() if line.startswith('{"progress"') and line.endswith("}")]
        return float(orjson.loads(told[-1])["progress"]) if told else 0

    def reason(self) -> str:
        """What it says that it cannot do; of a fault of ours, the last line of the trace."""
        self.out.seek(0)
        if refused := _refused(self.out.read()):
            return refused[:_MOST_SAID]
        words = [line for line in self.said() if line and not line.startswith('{"progress"')]
        return words[-1].removeprefix("Error: ")[:_MOST_SAID] if words else "It ended without a word."

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.out.close()
        self.err.close()


@dataclass(slots=True)
class Simulations:
    """Call `tick` each second and `close` at the end: they look after the children of this server, and never wait."""

    db: Database
    clock: Clock
    data: Path
    runner: str = field(default_factory=partial(new_secret, "run"))
    _children: list[_Child] = field(default_factory=list)

    @property
    def jobs(self) -> tuple[Job, ...]:
        return (
            Job("simulations", timedelta(seconds=1), self.tick),
            Job("simulations-forget", timedelta(hours=1), self._forget),
        )

    def tick(self) -> None:
        """See what has become of the children, and begin what waits."""
        for child in list(self._children):
            self._look_after(child)
        if len(self._children) < MOST_AT_ONCE and self.db.read(simulations.any_waits):
            claimed = self.db.write(partial(simulations.claim, runner=self.runner, now=self.clock()))
            if claimed:
                self._children.append(self._begin(claimed))

    def close(self) -> None:
        """End the children; another server, or this one when it starts again, takes up what they had begun."""
        for child in self._children:
            child.end()
            self.db.write(partial(simulations.put_back, simulation_id=child.claimed.id, runner=self.runner))
        self._children = []

    @property
    def pids(self) -> list[int]:
        return [child.process.pid for child in self._children]

    def _look_after(self, child: _Child) -> None:
        now, code = self.clock(), child.process.poll()
        whose: dict[str, Any] = {"simulation_id": child.claimed.id, "runner": self.runner, "now": now}
        if code is not None:
            self._ended(child, code, whose)
        elif now - child.began > LONGEST:
            self.db.write(partial(simulations.fail, **whose, error="It took longer than half an hour."))
        elif now - child.told < _BEAT:
            return
        elif self.db.write(partial(simulations.go_on, **whose, progress=child.progress())):
            child.told = now
            return
        self._children.remove(child)
        child.end()

    def _ended(self, child: _Child, code: int, whose: dict[str, Any]) -> None:
        if code == 0:
            child.out.seek(0)
            self.db.write(partial(simulations.finish, **whose, result=orjson.loads(child.out.read())))
            return
        log.warning("simulation_failed", simulation=child.claimed.id, code=code)
        self.db.write(partial(simulations.fail, **whose, error=child.reason()))

    def _begin(self, claimed: Claimed) -> _Child:
        now = self.clock()
        out, err = (tempfile.TemporaryFile() for _ in range(2))  # noqa: SIM115  closed when the child has ended
        with tempfile.TemporaryFile() as text:
            text.write(str(claimed.question.get("yaml") or "").encode())
            text.seek(0)
            process = subprocess.Popen(  # noqa: S603  our own command, and no shell
                _command(claimed),
                stdin=text,
                stdout=out,
                stderr=err,
                env=_environment(self.db, self.data),
            )
        os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)
        return _Child(claimed, process, out, err, now, now)

    def _forget(self) -> None:
        self.db.write(partial(simulations.forget, now=self.clock()))


def _command(claimed: Claimed) -> list[str]:
    question = claimed.question
    version = ["--version", str(question["version"])] if question.get("version") else []
    ends = ["--since", question["since"], "--until", question["until"]]
    return _rules("simulate", question.get("rule") or "-", *version, *ends, "--workspace", claimed.workspace_id)


def _rules(*words: str) -> list[str]:
    return [sys.executable, "-m", "frontdesk", "rules", *words, "--json", "--progress", "json"]


def _environment(db: Database, data: Path) -> dict[str, str]:
    url = db.engines.reader.url.render_as_string(hide_password=False)
    return {**os.environ, "FRONTDESK_DATABASE_URL": url, "FRONTDESK_DATA": str(data)}


def _refused(out: bytes) -> str | None:
    """Why `frontdesk rules … --json` does not do what was asked, as it stands on its standard output."""
    try:
        return "; ".join(one["reason"] for one in orjson.loads(out)["findings"])
    except (orjson.JSONDecodeError, KeyError):
        return None


_asking = BoundedSemaphore(2)


def answered(db: Database, data: Path, *words: str) -> dict[str, Any]:
    """What `frontdesk rules …` says, for one who waits for it; others go on meanwhile. Invalid where it refuses,
    Unavailable where two wait already, or it takes long."""
    if not _asking.acquire(blocking=False):
        raise Unavailable("Others ask such things just now.")
    try:
        done = subprocess.run(  # noqa: S603  our own command, and no shell
            _rules(*words), capture_output=True, env=_environment(db, data), timeout=_PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unavailable("This takes too long: ask about fewer days.") from error
    finally:
        _asking.release()
    try:
        found: dict[str, Any] = orjson.loads(done.stdout)
    except orjson.JSONDecodeError:
        log.exception("child_failed", said=done.stderr[-_LAST_WORDS:].decode("utf-8", "replace"))
        raise
    if done.returncode and (refused := _refused(done.stdout)):
        raise Invalid(refused)
    return found


def question_of(asked: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What is kept of it: ends that stay the same whenever it is begun."""
    ends = {"since": iso(asked["since"] or now - timedelta(days=30)), "until": iso(asked["until"] or now)}
    return {key: value for key, value in {**asked, **ends}.items() if value is not None}
