from collections.abc import Iterator

import pytest

from tests.server.channels.receivers import MailServer, Receiver, Vouched, vouched


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Vouched:
    return vouched(tmp_path_factory.mktemp("certificate"))
