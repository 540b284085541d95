"""Connections that go where they were allowed to go: the name is resolved once, and the address found is the one used.

Runs on native threads: it waits for DNS and for the network.
"""

import errno
import socket
import ssl
from collections.abc import Callable, Collection
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from ipaddress import ip_address
from time import monotonic
from typing import Any, Final

from gevent.monkey import get_original

from frontdesk.channels.addresses import AddressRefused, Target, is_public

Resolve = Callable[[str, int], list[str]]
"""A host and port → its addresses. Raises OSError where it has none."""

_MOST_TRIED: Final = 3


def resolve(host: str, port: int) -> list[str]:
    """By the system's own resolver, unpatched: this thread may wait for it, the hub may not."""
    look_up: Callable[..., list[Any]] = get_original("socket", "getaddrinfo")
    found = look_up(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment by which all of it must be over; a peer that sends a byte a second gains nothing."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        return cls(monotonic() + seconds)

    def left(self) -> float:
        """Seconds until then; TimeoutError where there are none."""
        seconds = self.at - monotonic()
        if seconds <= 0:
            raise TimeoutError(errno.ETIMEDOUT, "it took too long")
        return seconds


@dataclass(frozen=True, slots=True)
class Network:
    """How we get out: what resolves names, which private hosts are open, and whom we believe over TLS."""

    private_hosts: Collection[str] = ()
    resolve: Resolve = resolve
    tls: ssl.SSLContext | None = None

    def connect(self, target: Target, deadline: Deadline) -> socket.socket:
        """A socket to `target`, with TLS where its scheme says so. AddressRefused where none of its addresses is open.

        OSError where nobody answers.
        """
        plain = self._connect_to(self._open(target), target.port, deadline)
        if target.scheme != "https":
            return plain
        try:
            plain.settimeout(deadline.left())
            context = self.tls or ssl.create_default_context()
            return context.wrap_socket(plain, server_hostname=target.host)
        except BaseException:
            plain.close()
            raise

    def _open(self, target: Target) -> list[str]:
        found = self.resolve(target.host, target.port)
        if target.host in self.private_hosts:
            return found
        addresses = [address for address in found if is_public(ip_address(address.partition("%")[0]))]
        if not addresses:
            raise AddressRefused(f"{target.host} leads into a network of its own, where we do not connect to")
        return addresses

    @staticmethod
    def _connect_to(addresses: list[str], port: int, deadline: Deadline) -> socket.socket:
        error: OSError = OSError(errno.EHOSTUNREACH, "there is no address")
        for address in addresses[:_MOST_TRIED]:
            try:
                return _connected(address, port, deadline)
            except OSError as failure:
                error = failure
        raise error


def _connected(address: str, port: int, deadline: Deadline) -> socket.socket:
    """To a number, which nobody resolves again; unpatched, for this thread waits alone."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    native: type[socket.socket] = get_original("socket", "socket")
    peer = native(family, socket.SOCK_STREAM)
    try:
        peer.settimeout(deadline.left())
        peer.connect((address, port))
    except BaseException:
        peer.close()
        raise
    return peer


@dataclass(frozen=True, slots=True)
class Told:
    """What `http.client` reads an answer from: a peer that must have spoken by the deadline."""

    peer: socket.socket
    deadline: Deadline

    def makefile(self, _mode: str) -> BufferedReader:
        return BufferedReader(_Reading(self.peer, self.deadline))


class _Reading(RawIOBase):
    def __init__(self, peer: socket.socket, deadline: Deadline) -> None:
        self._peer = peer
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        self._peer.settimeout(self._deadline.left())
        return self._peer.recv_into(buffer)
