"""Bytes in, sound requests out: size, compression, JSON, key."""

import base64
import codecs
import zlib
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

import msgspec

from frontdesk.collect.door.mending import UNREADABLE, fitting, fitting_context
from frontdesk.collect.door.spans import Cut
from frontdesk.collect.door.wire import Envelope, Presence, Single
from frontdesk.core.errors import Declined, Malformed, TooLarge

MOST_BYTES = 500 * 1024
MOST_ITEMS = 2500  # as Segment
_MOST_MEMBERS = 100

Environ = Mapping[str, Any]


class UnknownEncoding(Declined):
    """The body is packed in a way that we cannot undo."""

    code = "unsupported_type"


_envelope = msgspec.json.Decoder(Envelope)
_single = msgspec.json.Decoder(Single)
_presence = msgspec.json.Decoder(Presence)


def read_body(environ: Environ) -> bytes:
    """The body, unpacked if it was packed; TooLarge beyond 500 KB either way."""
    if int(environ.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise TooLarge("A request has at most 500 KB.")
    unpacked = _ENCODINGS.get(environ.get("HTTP_CONTENT_ENCODING", "").strip().lower())
    if unpacked is None:
        raise UnknownEncoding("A body is sent as it is, or by gzip.")
    body = unpacked(environ["wsgi.input"].read(MOST_BYTES + 1))
    if len(body) > MOST_BYTES:
        raise TooLarge("A request has at most 500 KB.")
    return body.removeprefix(codecs.BOM_UTF8)


def _unpacked(body: bytes) -> bytes:
    """The members of a gzip file, up to a byte more than we take."""
    whole = b""
    for _ in range(_MOST_MEMBERS):
        member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            whole += member.decompress(body, MOST_BYTES + 1 - len(whole))
        except zlib.error as error:
            raise Malformed("The body says gzip and is not.") from error
        body = member.unused_data.lstrip(b"\x00")  # some fill up blocks
        if len(whole) > MOST_BYTES or (member.eof and not body):
            return whole
        if not member.eof:
            raise Malformed("The gzip body is cut short.")
    raise Malformed(f"A gzip body has at most {_MOST_MEMBERS} members.")


def read_envelope(body: bytes) -> Envelope | None:
    """The batch; its items are not yet looked at, nor counted. None where it must be read slowly."""
    try:
        return _envelope.decode(body)
    except UNREADABLE:
        return None


def read_slowly(body: bytes) -> Envelope:
    """The batch of which not all is as it should be. What does not fit beside its items counts as absent."""
    cut = Cut(body)
    items, found = cut.items(MOST_ITEMS), cut.beside(Envelope)
    said = fitting(Envelope, found) | {"context": fitting_context(found.get("context"))}
    return Envelope(batch=items, **said)


def read_single(body: bytes) -> Single:
    """What a call of its own says beside its item; what does not fit counts as absent."""
    try:
        return _single.decode(body)
    except UNREADABLE:
        return Single(**fitting(Single, Cut(body).beside(Single)))


def read_presence(body: bytes) -> Presence:
    """A sign of presence; what does not fit beside its token counts as absent."""
    try:
        return _presence.decode(body)
    except UNREADABLE as error:
        found = fitting(Presence, Cut(body).beside(Presence))
        if "token" not in found:
            raise Malformed("A sign of presence names its visitor's token.", field="token") from error
        return Presence(**found)


def key_of(environ: Environ, in_body: str | None) -> str | None:
    """The key: user name of Basic, Bearer, `writeKey` in the body, or `?key=`; the first that is there."""
    scheme, _, given = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    reader = _KEY_IN.get(scheme.lower()) if scheme else None
    return (reader(given) if reader else None) or in_body or _key_in_query(environ.get("QUERY_STRING", ""))


def _key_in_query(query: str) -> str | None:
    return parse_qs(query).get("key", [None])[0] if query else None


def _basic_user(given: str) -> str | None:
    try:
        return base64.b64decode(given, validate=False).decode().partition(":")[0] or None
    except ValueError:  # no base64, not even ASCII, or no text
        return None


_KEY_IN: dict[str, Callable[[str], str | None]] = {"basic": _basic_user, "bearer": str.strip}
_ENCODINGS: dict[str, Callable[[bytes], bytes]] = {"": bytes, "identity": bytes, "gzip": _unpacked, "x-gzip": _unpacked}
