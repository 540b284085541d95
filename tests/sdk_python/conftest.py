"""A receiver, and clients that point at it and are closed after the test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from frontdesk_sdk import Client, Problem
from tests.sdk_python.receiver import Receiver


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def host(receiver: Receiver) -> Iterator[str]:
    with receiver.serving() as address:
        yield address


@pytest.fixture
def problems() -> list[Problem]:
    """What `on_error` was told by the clients of `connect`."""
    return []


@pytest.fixture
def connect(host: str, problems: list[Problem], receiver: Receiver) -> Iterator[Callable[..., Client]]:
    """`connect(**options)`: a client of the receiver that sends at once."""
    with ExitStack() as stack:

        def make(key: str = "sk_test", **options: object) -> Client:
            settings = {"host": host, "flush_interval": 0.0, "on_error": problems.append, **options}
            return stack.enter_context(closing(Client(key, **settings)))

        yield make
        receiver.open.set()
