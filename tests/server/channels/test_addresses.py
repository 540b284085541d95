"""Where we do not connect to, however it is spelled: at save by its spelling, at send by what it resolves to."""

import socket

import pytest

from frontdesk.channels.addresses import AddressRefused, read
from frontdesk.channels.connecting import Deadline, Network
from tests.server.channels.receivers import Receiver, Vouched

# Spellings of our own machine and network, in the ways in which resolvers and URL parsers read them.
HOSTS = [
    "127.0.0.1", "127.1", "127.0.1", "127.127.127.127", "0177.0.0.1", "0177.1", "017700000001", "0x7f.0.0.1", "0x7f.1",
    "0x7f000001", "0X7F000001", "2130706433", "0", "0.0.0.0", "0x0", "10.0.0.5", "10.5", "012.0.0.5", "167772165",
    "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.1", "0xc0a80001", "3232235521", "169.254.169.254",
    "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1",
    "198.51.100.7", "203.0.113.7", "192.88.99.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "127.0.0.1.",
    "１２７.０.０.１", "127。0。0。1", "①②⑦.⓪.⓪.①", "localhost", "LocalHost", "localhost.", "shop.localhost",
    "ｌｏｃａｌｈｏｓｔ",
    "localhost.localdomain", "printer.local", "db.internal", "metadata.google.internal", "wiki.corp", "nas.home.arpa",
    "intranet", "db", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[::ffff:169.254.169.254]", "[::127.0.0.1]", "[::7f00:1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::]", "[2001:0:53aa:64c:0:0:80ff:fffe]", "[fe80::1]",
    "[fe80::1%25eth0]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[2001:db8::1]", "[3fff::1]", "[5f00::1]",
    "[100::1]",
]  # fmt: skip
UNREADABLE = [
    "", "hook", "ftp://shop.example", "file:///etc/passwd", "gopher://shop.example", "javascript:alert(1)",
    "//shop.example", "https://", "https:///hook", "https://me:secret@shop.example", "https://shop.example@127.0.0.1",
    "https://shop.example:0", "https://shop.example:99999", "https://shop.example:port", "https://shop example",
    "https://shop.example\r\nHost: a", "https://shop.example\\@127.0.0.1", "https://256.1.1.1", "https://1.2.3.4.5",
    "https://0x1ffffffff", "https://08.8.8.8", "https://shop..example", "https://-shop.example",
    f"https://{'a' * 64}.example", "https://shop.example/hök", "https://[::1", "https://[::g]",
]  # fmt: skip
OPEN = [
    ("https://hooks.example.com", "https://hooks.example.com:443", "/"),
    ("https://HOOKS.example.com:8443/a?b=c", "https://hooks.example.com:8443", "/a?b=c"),
    ("http://93.184.216.34/a", "http://93.184.216.34:80", "/a"),
    ("http://0x5db8d822/", "http://93.184.216.34:80", "/"),
    ("https://[2606:2800:220:1::1]/", "https://[2606:2800:220:1::1]:443", "/"),
    ("https://[::ffff:93.184.216.34]/", "https://[::ffff:5db8:d822]:443", "/"),
    ("https://bücher.example/", "https://xn--bcher-kva.example:443", "/"),
    ("https://店.例子/", "https://xn--hxt.xn--fsqu00a:443", "/"),
]  # fmt: skip


def test_there_are_sixty_spellings() -> None:
    assert len(set(HOSTS)) >= 60


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("form", ["http://{}/", "https://{}:8443/hook?a=1#b"])
def test_our_own_network_is_refused_in_every_spelling(host: str, form: str) -> None:
    with pytest.raises(AddressRefused, match="of its own"):
        read(form.format(host))


@pytest.mark.parametrize("url", UNREADABLE)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        read(url)


@pytest.mark.parametrize(("url", "origin", "path"), OPEN)
def test_an_address_of_the_world_is_read(url: str, origin: str, path: str) -> None:
    target = read(url)
    assert (target.origin, target.path) == (origin, path)


def test_a_private_host_is_open_where_the_operator_says_so() -> None:
    assert read("http://127.1:9000/", {"127.0.0.1"}).netloc == "127.0.0.1:9000"
    assert read("http://hooks.intern/", {"hooks.intern"}).host == "hooks.intern"
    with pytest.raises(AddressRefused):
        read("http://127.0.0.2/", {"127.0.0.1"})


@pytest.mark.parametrize("address", [
    "127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",
    "fe80::1%eth0",
])  # fmt: skip
def test_a_name_that_leads_into_our_network_is_refused_at_send(address: str) -> None:
    network = Network(resolve=lambda _host, _port: [address, address])
    with pytest.raises(AddressRefused, match="leads into a network of its own"):
        network.connect(read("https://hooks.example/"), Deadline.after(5))


class Rebinding:
    """A name that is one thing when it is looked at, and another when it is used."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    def __call__(self, _host: str, _port: int) -> list[str]:
        return self.answers.pop(0)


def test_the_address_that_was_looked_at_is_the_one_that_is_used(receiver: Receiver) -> None:
    names = Rebinding(["127.0.0.1"], ["127.0.0.2"])
    network = Network(private_hosts={"hooks.example"}, resolve=names)
    with network.connect(read(f"http://hooks.example:{receiver.port}/", {"hooks.example"}), Deadline.after(5)) as peer:
        assert peer.getpeername() == ("127.0.0.1", receiver.port)
    assert names.answers == [["127.0.0.2"]]


def test_of_several_addresses_the_private_ones_are_left_out() -> None:
    closed = Network(resolve=lambda _host, _port: ["10.0.0.1", "2606:2800:220:1::1", "::1"])
    assert closed._open(read("https://hooks.example/")) == ["2606:2800:220:1::1"]


def test_the_next_address_is_tried_where_nobody_answers(receiver: Receiver) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.2", receiver.port))  # bound, and not listening
        network = Network({"hooks.example"}, lambda _host, _port: ["127.0.0.2", "127.0.0.1"])
        target = read(f"http://hooks.example:{receiver.port}/", {"hooks.example"})
        with network.connect(target, Deadline.after(5)) as peer:
            assert peer.getpeername()[0] == "127.0.0.1"


def test_a_certificate_must_be_of_the_name_and_not_of_the_address(certificate: Vouched) -> None:
    with Receiver(certificate.server()) as receiver:
        hosts = {"hooks.example", "other.example"}
        network = Network(hosts, lambda _host, _port: ["127.0.0.1"], certificate.client())
        network.connect(read(f"https://hooks.example:{receiver.port}/", hosts), Deadline.after(5)).close()
        with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
            network.connect(read(f"https://other.example:{receiver.port}/", hosts), Deadline.after(5))
