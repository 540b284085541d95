"""The one door: a client that never raises into its host and never makes it wait."""

from collections.abc import Mapping
from types import TracebackType
from typing import Self, TypeAlias, Unpack
from uuid import UUID

from frontdesk_sdk.events import CallOptions, Refused, build
from frontdesk_sdk.ledger import Ledger, Stats, log
from frontdesk_sdk.problems import Dropped, Problem
from frontdesk_sdk.settings import Options, parse
from frontdesk_sdk.worker import Worker

Identifier: TypeAlias = str | int | UUID | None
Facts: TypeAlias = Mapping[str, object] | None

_DETAILS = {
    Dropped.QUEUE_FULL: "the queue is full: the server is away or slower than this process",
    Dropped.CLOSED: "the client was closed before this call",
}


class Client:
    """Sends what people do to Frontdesk, in the background.

    Every verb returns at once: True when the event is queued, False when it was refused (why goes to
    ``on_error`` and, once a reason, to the log ``frontdesk_sdk``). Nothing here raises. One client a process
    is enough; it may be used from every thread, and stays usable in the children of a fork.
    """

    def __init__(self, key: str, host: str = "http://127.0.0.1:8000", **options: Unpack[Options]) -> None:
        settings, wrong = parse(key, host, options)
        on_error = options.get("on_error")
        self._enabled = settings.enabled
        self._ledger = Ledger(on_error if callable(on_error) else None)
        self._worker = Worker(settings, self._ledger)
        for sentence in wrong:
            self._ledger.report(Problem(Dropped.BAD_SETTINGS, sentence))

    def identify(self, user_id: Identifier = None, traits: Facts = None, **options: Unpack[CallOptions]) -> bool:
        """Say who a person is: ``traits`` such as name, email, createdAt."""
        return self._send("identify", {"userId": user_id, "traits": traits}, options)

    def track(
        self,
        user_id: Identifier = None,
        event: str = "",
        properties: Facts = None,
        **options: Unpack[CallOptions],
    ) -> bool:
        """Say what a person did, such as ``"Order Completed"`` with ``revenue`` and ``currency``."""
        return self._send("track", {"userId": user_id, "event": event, "properties": properties}, options)

    def call(
        self,
        user_id: Identifier = None,
        name: str = "",
        args: Facts = None,
        **options: Unpack[CallOptions],
    ) -> bool:
        """Ask the rules that wait for ``name`` about a person; they see ``args`` as ``event.…``."""
        return self._send("call", {"userId": user_id, "name": name, "args": args}, options)

    def page(
        self,
        user_id: Identifier = None,
        name: str | None = None,
        properties: Facts = None,
        **options: Unpack[CallOptions],
    ) -> bool:
        """Say which page a person saw: ``properties`` such as url, path, title, referrer."""
        return self._send("page", {"userId": user_id, "name": name, "properties": properties}, options)

    def group(
        self,
        user_id: Identifier = None,
        group_id: Identifier = None,
        traits: Facts = None,
        **options: Unpack[CallOptions],
    ) -> bool:
        """Say which company a person belongs to; ``traits`` are the company's."""
        return self._send("group", {"userId": user_id, "groupId": group_id, "traits": traits}, options)

    def alias(self, previous_id: Identifier = None, user_id: Identifier = None, **options: Unpack[CallOptions]) -> bool:
        """Say that ``previous_id``, until now an anonymous id, is the person ``user_id``."""
        return self._send("alias", {"previousId": previous_id, "userId": user_id}, options)

    @property
    def stats(self) -> Stats:
        """What became of the events of this process so far."""
        return self._ledger.stats(self._worker.waiting)

    def flush(self, timeout: float = 5.0) -> bool:
        """Send now what is queued, waiting at most ``timeout`` seconds. True when all of it is settled."""
        return self._worker.flush(timeout)

    def close(self, timeout: float = 5.0) -> bool:
        """Flush within ``timeout`` seconds, then stop for good. True when all was sent.

        Later calls are refused. The end of the process does this by itself, within ``exit_timeout``.
        """
        return self._worker.close(timeout)

    shutdown = close

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _send(self, kind: str, fields: Mapping[str, object], options: CallOptions) -> bool:
        if not self._enabled:
            return False
        try:
            event = build(kind, fields, options)
            refused = self._worker.submit(event)
        except Refused as refusal:
            problem = refusal.problem
        except Exception as error:  # noqa: BLE001 - an SDK is a guest: whatever this was, the host goes on
            log.debug("%s() failed", kind, exc_info=True)
            problem = Problem(Dropped.INTERNAL, f"{kind}() failed: {type(error).__name__}")
        else:
            if refused is None:
                self._ledger.count("accepted")
                return True
            problem = Problem(refused, _DETAILS[refused], event.message_id)
        self._ledger.report(problem)
        return False
