"""Run the server: gunicorn with one gevent worker, in this process. gevent must have patched it before."""

import gc
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import click
import gevent
from gunicorn.app.base import BaseApplication

from frontdesk.cli.apart import NotDoneError
from frontdesk.cli.logs import log_to_stderr
from frontdesk.cli.unused import HOLLOW, UNUSED, without
from frontdesk.core.clock import system_clock
from frontdesk.core.config import Settings

if TYPE_CHECKING:
    from frontdesk.core.db import Database

# an idle socket costs 60 KB; HTTP needs room beside 10,000 of them
CONNECTIONS = 12_000


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{shown}:{self.port}"


def refuse_taken(at: Listening) -> None:
    """One clear sentence when something else listens there."""
    family = socket.AF_INET6 if ":" in at.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((at.host, at.port))
        except OSError as error:
            raise click.ClickException(
                f"Cannot listen on {at.host}:{at.port} ({error.strerror}); choose another with --port."
            ) from error


Prepared = Callable[[Callable[[], None]], str | None]
"""Waits until all is prepared and answers something for `when_ready`; calls what it is given while it waits."""


def run(
    settings: Settings, at: Listening, when_ready: Callable[[str | None], None], prepared: Prepared = lambda _beat: None
) -> None:
    """Serve until stopped. `when_ready` is called once, as soon as the server answers requests.

    Standard output is for what a command says of the server; logs go to standard error.
    """
    log_to_stderr()
    _Server(settings, at, when_ready, prepared).run()


def _begin_alone(db: "Database") -> None:
    """Have SQLAlchemy do at once, on this thread, what it does the first time it is used.

    It holds a lock meanwhile, and that is one of gevent's, which native threads may wait for and never be woken: of
    the first requests of a busy site one would wait for ever, and a reader's thread with it.
    """
    from sqlalchemy.orm import configure_mappers

    configure_mappers()
    if db.engines.sqlite:
        for engine in (db.engines.writer, db.engines.reader):
            engine.connect().close()


def _spare_the_collector() -> None:
    """What a start makes stays: the collector need not walk it again, nor come with every second request.

    Tens of thousands of compiled rules and mapped columns cost it an eighth of all processor time under load.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn is untyped
    def __init__(
        self, settings: Settings, at: Listening, when_ready: Callable[[str | None], None], prepared: Prepared
    ) -> None:
        self._settings = settings
        self._at = at
        self._when_ready = when_ready
        self._prepared = prepared
        self._answer: str | None = None
        self._beat: Callable[[], None] = lambda: None
        self._stop: Callable[[], None] = lambda: None
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": self._at.url.removeprefix("http://"),
            "workers": 1,
            "worker_class": "gevent",
            "worker_connections": CONNECTIONS,
            "timeout": 60,
            "graceful_timeout": 10,
            "keepalive": 30,
            # with no proxy of ours in front, nobody may say that a request came by https
            "forwarded_allow_ips": "*" if self._settings.trusted_proxies else "",
            "loglevel": "warning",
            "proc_name": "frontdesk",
            "post_fork": self._forked,
            "post_worker_init": self._begun,
            "worker_exit": lambda _arbiter, _worker: self._stop(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """In the worker: open the database, compose the house, start the clock edge."""
        with without(*UNUSED, *HOLLOW, *(() if self._settings.redis_url else ("redis",))):
            from frontdesk import schedule
            from frontdesk.app import compose
        self._wait_until_prepared()
        from frontdesk.core.db import open_database
        from frontdesk.core.runtime import Runtime
        from frontdesk.core.signals import Bus

        bus = Bus()
        db = open_database(self._settings.database_url, bus, server=True)
        _begin_alone(db)
        house = compose(Runtime(db, system_clock, bus, self._settings))
        stop_ticking = schedule.start(house.jobs)
        _spare_the_collector()

        def stop() -> None:
            stop_ticking()
            house.close()

        self._stop = stop
        return house.app

    def _forked(self, _arbiter: Any, worker: Any) -> None:
        self._beat = worker.notify

    def _wait_until_prepared(self) -> None:
        """By now everything is loaded. Where there is nothing to serve, the whole program ends, quietly."""
        try:
            self._answer = self._prepared(self._beat)
        except NotDoneError:
            os.kill(os.getppid(), signal.SIGTERM)
            os._exit(0)

    def _begun(self, worker: Any) -> None:
        """Say so once: not again for a worker that took the place of one that died."""
        if worker.age == 1:
            gevent.spawn(self._announce)

    def _announce(self) -> None:
        while not self._answers():
            gevent.sleep(0.02)
        self._when_ready(self._answer)

    def _answers(self) -> bool:
        connection = HTTPConnection(self._at.host, self._at.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200  # noqa: PLR2004  OK
        except OSError:
            return False
        finally:
            connection.close()
