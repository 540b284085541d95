"""A real server for the socket tests: the inbox, log-ins and sockets under gunicorn. `python serve.py URL FOLDER`."""

import sys
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication


class Served(BaseApplication):
    """One gevent worker, as `frontdesk serve` has it; prints its port once it answers."""

    def __init__(self, url: str, folder: str) -> None:
        self._url, self._folder = url, folder
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": "127.0.0.1:0",
            "worker_class": "gevent",
            "workers": 1,
            "loglevel": "error",
            "post_worker_init": _say_port,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        from frontdesk import schedule
        from frontdesk.core.clock import system_clock
        from frontdesk.core.db import open_database
        from frontdesk.core.signals import Bus
        from frontdesk.realtime.sockets import mount
        from frontdesk.schedule import Job
        from tests.server.inbox.desk import open_desk

        bus = Bus()
        desk = open_desk(open_database(self._url, bus, server=True), system_clock, bus, Path(self._folder))
        sockets = mount(desk.app, desk.app.extensions["frontdesk"])
        schedule.start([Job(beat.name, beat.every, beat.run) for beat in sockets.jobs])
        return desk.app


def _say_port(worker: Any) -> None:
    print(worker.sockets[0].getsockname()[1], flush=True)  # noqa: T201  the test reads it


if __name__ == "__main__":
    Served(*sys.argv[1:]).run()
