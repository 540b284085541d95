"""One kept-alive HTTP connection to the server. Raises what sockets raise; the delivery decides."""

import encodings.idna  # noqa: F401 - getaddrinfo imports it late; a fork in mid-import leaves the child its lock
import gzip
import http.client
import ssl
from dataclasses import dataclass

from frontdesk_sdk.settings import Settings
from frontdesk_sdk.version import __version__

_WORTH_COMPRESSING = 1024  # below it the gzip header eats the gain
_MAX_ANSWER = 1 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    retry_after: str | None
    body: bytes


class Transport:
    """Posts batches. Belongs to one thread; `close` when it ends."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._path = f"{settings.address.path}/v1/batch"
        self._connection: http.client.HTTPConnection | None = None

    def post(self, body: bytes) -> Answer:
        """Send one request and read its answer.

        Raises OSError or http.client.HTTPException. A server that has hung up on an idle connection is
        asked once more on a new one: message ids make that safe.
        """
        reused = self._connection is not None
        try:
            return self._exchange(body)
        except ConnectionError:
            if not reused:
                raise
        return self._exchange(body)

    def close(self) -> None:
        """Hang up; the next post connects anew."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _exchange(self, body: bytes) -> Answer:
        finished = False
        try:
            answer = self._ask(body)
            finished = True
            return answer
        finally:
            if not finished:
                self.close()

    def _ask(self, body: bytes) -> Answer:
        if self._connection is None:
            self._connection = self._connect()
        headers = {
            "Authorization": self._settings.authorization,
            "Content-Type": "application/json",
            "User-Agent": f"frontdesk-python/{__version__}",
        }
        if self._settings.gzip and len(body) >= _WORTH_COMPRESSING:
            body, headers["Content-Encoding"] = gzip.compress(body, compresslevel=6), "gzip"
        self._connection.request("POST", self._path, body=body, headers=headers)
        response = self._connection.getresponse()
        answer = Answer(response.status, response.getheader("Retry-After"), response.read(_MAX_ANSWER))
        if not response.isclosed():
            self.close()
        return answer

    def _connect(self) -> http.client.HTTPConnection:
        address, timeout = self._settings.address, self._settings.timeout
        host = address.hostname or ""
        if address.scheme == "https":
            return http.client.HTTPSConnection(
                host, address.port, timeout=timeout, context=ssl.create_default_context()
            )
        return http.client.HTTPConnection(host, address.port, timeout=timeout)
