"""Bytes in, sound requests out: size, compression, JSON, key."""

import base64
import binascii
import zlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qs

import msgspec

from frontdesk.collect.door.wire import Envelope, Presence, Single
from frontdesk.core.errors import Malformed, TooLarge

MOST_BYTES = 500 * 1024
MOST_ITEMS = 1000

Environ = Mapping[str, Any]
T = TypeVar("T")

_envelope = msgspec.json.Decoder(Envelope)
_single = msgspec.json.Decoder(Single)
_presence = msgspec.json.Decoder(Presence)


def read_body(environ: Environ) -> bytes:
    """The body, unpacked if it was packed; TooLarge beyond 500 KB either way."""
    if int(environ.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise TooLarge("A request has at most 500 KB.")
    body: bytes = environ["wsgi.input"].read(MOST_BYTES + 1)
    if environ.get("HTTP_CONTENT_ENCODING", "").lower() == "gzip":
        body = _unpacked(body)
    if len(body) > MOST_BYTES:
        raise TooLarge("A request has at most 500 KB.")
    return body


def _unpacked(body: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(body, MOST_BYTES + 1)
    except zlib.error as error:
        raise Malformed("The body says gzip and is not.") from error


def read_envelope(body: bytes) -> Envelope:
    """The batch; its items are not yet looked at."""
    envelope = _decode(_envelope, body)
    if len(envelope.batch) > MOST_ITEMS:
        raise TooLarge(f"A batch has at most {MOST_ITEMS} items.")
    return envelope


def read_single(body: bytes) -> Single:
    return _decode(_single, body)


def read_presence(body: bytes) -> Presence:
    return _decode(_presence, body)


def _decode(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        detail, _, path = str(error).partition(" - at `$.")
        raise Malformed(detail, field=path.rstrip("`") or None) from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Malformed(f"The body is not JSON: {error}") from error


def key_of(environ: Environ, in_body: str | None) -> str | None:
    """The key: user name of Basic, Bearer, `writeKey` in the body, or `?key=`; the first that is there."""
    scheme, _, given = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    readers: dict[str, Callable[[str], str | None]] = {"basic": _basic_user, "bearer": str.strip}
    reader = readers.get(scheme.lower())
    from_query = parse_qs(environ.get("QUERY_STRING", "")).get("key", [None])[0]
    return (reader(given) if reader else None) or in_body or from_query


def _basic_user(given: str) -> str | None:
    try:
        return base64.b64decode(given, validate=False).decode().partition(":")[0] or None
    except (binascii.Error, UnicodeDecodeError):
        return None
