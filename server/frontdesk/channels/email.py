"""E-mail: one letter to one person by the SMTP server of the settings; text, and the same as plain HTML.

The headers sent are exactly those meant. Python's own guard is not enough: 3.11 reads an encoded word in a subject and
writes the line break in it as one, and so a `Bcc:` of somebody else's choice. So every header is one line of ours, an
address is only what `is_address` knows, and any subject that could be read as an encoded word is encoded whole.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from typing import Any, Final

from frontdesk.channels.outbox import Claimed, NotSent, Parcel
from frontdesk.core.clock import Clock
from frontdesk.core.mailing import Mail, is_address

CHANNEL: Final = "email"
SECONDS: Final = 10.0  # for each word of the talk; the server is the operator's own
LONGEST_SUBJECT: Final = 200
_LONGEST_LINE: Final = 76
_PERMANENT: Final = range(500, 600)
_ON_THE_WIRE: Final = compat32.clone(linesep="\r\n")  # and not one that reads encoded words
_LINK: Final = re.compile(r"https?://[^\s<>\"'，。；！？）】」』]+[^\s<>\"'.,;:!?)\]，。；！？）】」』]")


@dataclass(frozen=True, slots=True)
class Letter:
    """What to say to whom. `subject` and `text` are plain text as rendered; `locale` is `en` or `zh`."""

    to: str
    subject: str
    text: str
    locale: str


def parcel(workspace_id: str, letter: Letter, key: str) -> Parcel:
    """To send the letter. ValueError where its address is none."""
    if not is_address(letter.to):
        raise ValueError("this is not an address that a letter can be sent to")
    payload = {"to": letter.to, "subject": letter.subject, "text": letter.text, "locale": letter.locale}
    return Parcel(workspace_id, CHANNEL, "smtp", key, payload)  # there is one server: it is dead or alive as a whole


@dataclass(frozen=True, slots=True)
class Email:
    """The channel. Without `mail` nothing can be sent."""

    mail: Mail | None
    clock: Clock

    def __call__(self, one: Claimed) -> NotSent | None:
        """Hand it to the server; None where that took it."""
        if self.mail is None:
            return NotSent("FRONTDESK_SMTP_URL is not set")
        try:
            letter = Letter(**one.parcel.payload)
            message = compose(letter, self.mail, one.parcel.key, self.clock())
            with _server(self.mail) as server:
                server.sendmail(self.mail.sender_address, [letter.to], message.as_bytes(policy=_ON_THE_WIRE))
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            return NotSent(_told(code, said), final=code in _PERMANENT)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            return NotSent(_told(error.smtp_code, error.smtp_error), final=error.smtp_code in _PERMANENT)
        except smtplib.SMTPResponseException as error:  # log-in, greeting: the operator may mend it
            return NotSent(_told(error.smtp_code, error.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            return NotSent(f"the mail server does not answer: {error or type(error).__name__}")
        return None


def compose(letter: Letter, mail: Mail, key: str, now: datetime) -> Message:
    """The letter with its headers. The same `key` makes the same Message-ID, by which receivers know a resent one."""
    message = MIMEMultipart("alternative")
    domain = mail.sender_address.rpartition("@")[2]
    for name, value in (
        ("From", _sender(mail)),
        ("To", letter.to),
        ("Subject", header(letter.subject, "Subject")),
        ("Date", format_datetime(now)),
        ("Message-ID", f"<{sha256(key.encode()).hexdigest()[:40]}@{domain}>"),
        ("Content-Language", "zh-CN" if letter.locale == "zh" else "en"),
        ("Auto-Submitted", "auto-generated"),  # so that no out-of-office note answers
    ):
        message[name] = value
    message.attach(MIMEText(letter.text, "plain", "utf-8"))
    message.attach(MIMEText(as_html(letter.text, letter.locale), "html", "utf-8"))
    return message


def header(text: str, name: str) -> str:
    """Text as the value of a header: one line, and encoded whole unless it is plain ASCII without encoded words.

    >>> header("Hi =?utf-8?q?x=0ABcc:_a?=\\r\\nBcc: b", "Subject").count("Bcc")
    0
    """
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())[:LONGEST_SUBJECT]
    plain = line.isascii() and "=?" not in line and len(line) + len(name) + 2 <= _LONGEST_LINE
    return line if plain else Header(line, "utf-8", header_name=name, maxlinelen=_LONGEST_LINE).encode()


def as_html(text: str, locale: str) -> str:
    """The text as a page that every reader of mail shows alike: paragraphs, line breaks, and addresses as links."""
    paragraphs = [part.strip("\n") for part in re.split(r"\n\s*\n", text.strip())]
    body = "\n".join(f'<p style="margin:0 0 1em">{_lines(part)}</p>' for part in paragraphs)
    return _PAGE.format(language="zh-CN" if locale == "zh" else "en", body=body)


_PAGE: Final = (
    '<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"></head>\n'
    '<body style="margin:0;padding:24px;font:16px/1.5 -apple-system,Segoe UI,Roboto,PingFang SC,Noto Sans SC,'
    'Microsoft YaHei,sans-serif;color:#1d1f24;background:#ffffff"><div style="max-width:36em;margin:0 auto">\n'
    "{body}\n</div></body></html>\n"
)


def _lines(text: str) -> str:
    return "<br>\n".join(_linked(line) for line in text.split("\n"))


def _linked(line: str) -> str:
    parts, end = [], 0
    for found in _LINK.finditer(line):
        link = escape(found[0])
        parts += [escape(line[end : found.start()]), f'<a href="{link}" style="color:#0e7c6b">{link}</a>']
        end = found.end()
    return "".join([*parts, escape(line[end:])])


def _sender(mail: Mail) -> str:
    if mail.sender_name is None:
        return mail.sender_address
    name = header(mail.sender_name, "From")
    quoted = name if name.startswith("=?") else '"{}"'.format(name.replace("\\", "\\\\").replace('"', '\\"'))
    return f"{quoted} <{mail.sender_address}>"


def _told(code: int, said: Any) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return f"the mail server said {code} {text}"


@contextmanager
def _server(mail: Mail) -> Iterator[smtplib.SMTP]:
    """A connection on which letters may be sent; encrypted, unless the settings say otherwise."""
    context = ssl.create_default_context(cafile=mail.ca)
    if mail.tls == "implicit":
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=SECONDS)
    with server:
        if mail.tls == "starttls":
            server.starttls(context=context)  # SMTPNotSupportedError where the server has none: then nothing is sent
        if mail.user is not None:
            server.login(mail.user, mail.password or "")
        yield server
