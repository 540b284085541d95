"""Those who get what leaves the house: a real web server and a real mail server on loopback, and their certificate."""

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Got:
    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """Answers every POST with `status`, or, while `silent`, not at all; keeps what came."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.status = 204
        self.location: str | None = None
        self.got: list[Got] = []
        self.silent = False
        self.speak = Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = False
        if context:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port: int = self._server.server_address[1]
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?a=1"

    def __enter__(self) -> "Receiver":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.speak.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(Got(self.path, dict(self.headers.items()), body))
                if receiver.silent:
                    receiver.speak.wait()
                    return
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_said: Any) -> None:
                return

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:  # the sender did not wait
                    return

        return Handler


@dataclass
class Delivered:
    sender: str
    recipients: list[str]
    message: Message
    raw: bytes


class _Controller(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # the one that was free
        super()._trigger_server()


@dataclass
class MailServer:
    """Takes every letter, or answers `refusal` to its recipient or its text; `options` are those of aiosmtpd."""

    refusal: str | None = None
    refuse_text: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    implicit: ssl.SSLContext | None = None
    letters: list[Delivered] = field(default_factory=list)
    log_ins: list[tuple[bytes, bytes]] = field(default_factory=list)
    port: int = 0

    def __enter__(self) -> "MailServer":
        self._controller = _Controller(self, hostname="127.0.0.1", port=0, ssl_context=self.implicit, **self.options)
        self._controller.start()
        self.port = self._controller.port
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name for it
        raw = bytes(envelope.content or b"")  # type: ignore[arg-type]  # bytes, unless decode_data was asked for
        if self.refuse_text:
            return self.refuse_text
        letter = Delivered(envelope.mail_from or "", list(envelope.rcpt_tos), message_from_bytes(raw), raw)
        self.letters.append(letter)
        return "250 OK"

    def log_in(self, _server: SMTP, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        self.log_ins.append((data.login, data.password))
        return AuthResult(success=data.password == b"right")


@dataclass(frozen=True)
class Vouched:
    """A certificate of 127.0.0.1 and hooks.example, which vouches for itself."""

    file: Path
    key: Path

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        return context

    def client(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.file)


def vouched(folder: Path) -> Vouched:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    names = [x509.IPAddress(IPv4Address("127.0.0.1")), x509.DNSName("hooks.example")]
    now = datetime.now(UTC)  # noqa: TID251  TLS goes by the clock
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    found = Vouched(folder / "certificate.pem", folder / "key.pem")
    found.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    found.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return found
