"""Bodies that nobody sends by accident, for collect: whole requests, items of a batch, and fields of each type."""

import gzip
import json
from dataclasses import dataclass, field
from typing import Any

KEY = "@site-key@"  # stands for the workspace's own
GOOD = {"type": "track", "event": "Bell Rung", "anonymousId": "ana"}


@dataclass(frozen=True)
class Body:
    """What is sent, and what must come back: the status; and where it is 200, the codes of what was refused."""

    raw: bytes
    status: int
    refused: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    def with_key(self, key: str) -> bytes:
        return self.raw.replace(KEY.encode(), key.encode())


def batch(item: str | bytes, *, more: str = "") -> bytes:
    """A batch of one, in which the item stands as it is written here."""
    raw = item if isinstance(item, bytes) else item.encode()
    return f'{{"writeKey":"{KEY}"{more},"batch":['.encode() + raw + b"]}"


def item(**more: Any) -> str:
    return json.dumps(GOOD | more)


def spelled(name: str, value: str) -> str:
    """A good item with one more field, whose value is spelled out."""
    return f'{json.dumps(GOOD)[:-1]}, "{name}": {value}}}'


def _deep(depth: int, opening: str = '{"a":', inside: str = "1", closing: str = "}") -> str:
    return opening * depth + inside + closing * depth


_PACKED = {"Content-Encoding": "gzip"}
_GOOD = batch(item())
WHOLE = {
    "nothing": Body(b"", 400),
    "blanks": Body(b" \n\t", 400),
    "a number": Body(b"1", 400),
    "a list": Body(b"[]", 400),
    "null": Body(b"null", 400),
    "half a body": Body(_GOOD[:-5], 400),
    "more than a body": Body(_GOOD + b"{}", 400),
    "a body twice": Body(_GOOD + _GOOD, 400),
    "a comment": Body(b"/* hello */" + _GOOD, 400),
    "single quotes": Body(_GOOD.replace(b'"', b"'"), 400),
    "UTF-16": Body(_GOOD.decode().encode("utf-16"), 400),
    "a raw NUL": Body(_GOOD.replace(b"ana", b"a\x00a"), 400),
    "a raw line feed in text": Body(_GOOD.replace(b"ana", b"a\na"), 400),
    "lists without end": Body(b"[" * 200_000, 400),
    "objects without end": Body(b'{"a":' * 90_000, 400),
    "a batch of lists without end": Body(f'{{"writeKey":"{KEY}","batch":'.encode() + b"[" * 200_000, 400),
    "an unknown field, very deep": Body(batch(item(), more=',"x":' + _deep(50_000)), 400),
    "a batch that is none": Body(f'{{"writeKey":"{KEY}","batch":{{}}}}'.encode(), 400),
    "no batch": Body(f'{{"writeKey":"{KEY}"}}'.encode(), 400),
    "too many items": Body(batch(b",".join([b"{}"] * 2501)), 413),
    "too many bytes": Body(_GOOD + b" " * 512_000, 413),
    "50,000 fields beside the batch": Body(batch("", more="".join(f',"k{n}":0' for n in range(50_000))), 413),
    "30,000 fields, and no batch": Body(b"{" + b",".join(b'"k%d":0' % n for n in range(30_000)) + b"}", 400),
    "too many items that are no numbers": Body(batch(b",".join([b"NaN"] * 100_000)), 413),
    "items that are no numbers, of nobody": Body(
        gzip.compress(b'{"batch":[' + b",".join([b"NaN"] * 125_000) + b"]}"), 401, headers=_PACKED
    ),
    "2,500 items that are no numbers, of nobody": Body(b'{"batch":[' + b",".join([b"NaN"] * 2_500) + b"]}", 401),
    "halves of emojis, of nobody": Body(b'{"batch":["' + b"\\ud83d" * 80_000 + b'"]}', 401),
    "too much beside the batch": Body(
        batch(item(), more=',"context":{"locale":7,"x":[' + "[]," * 130_000 + "1]}"), 413
    ),
    "480 KB cut short": Body(b'{"batch":[' + b'{"a":1,"b":"xx"},' * 28_000, 400),
    "480 KB cut short, and no numbers": Body(b'{"batch":[NaN,' + b'{"a":1,"b":"xx"},' * 28_000, 400),
    "a bomb": Body(gzip.compress(b" " * 50_000_000 + _GOOD), 413, headers=_PACKED),
    "a bomb of many members": Body(gzip.compress(b" " * 100_000) * 400, 413, headers=_PACKED),
    "members without end": Body(gzip.compress(b"") * 20_000, 400, headers=_PACKED),
    "half a package": Body(gzip.compress(_GOOD)[:-20], 400, headers=_PACKED),
    "no package": Body(_GOOD, 400, headers=_PACKED),
    "packed twice": Body(gzip.compress(gzip.compress(_GOOD)), 400, headers=_PACKED),
}
ITEMS = {
    "a byte order mark": Body(b"\xef\xbb\xbf" + _GOOD, 200),
    "not a number": Body(batch(spelled("properties", '{"x":NaN}')), 200, ("malformed",)),
    "infinity": Body(batch(spelled("properties", '{"x":-Infinity}')), 200, ("malformed",)),
    "half an emoji": Body(batch(spelled("properties", '{"x\\ude00":"\\ud83d"}')), 200),
    "half an emoji, and a number of 5,000 digits": Body(
        batch(spelled("properties", '{"x":"\\ud83d","y":' + "9" * 5_000 + "}")), 200, ("malformed",)
    ),
    "nothing but braces": Body(batch("{}"), 200, ("invalid",)),
    "null": Body(batch("null"), 200, ("invalid",)),
    "a list": Body(batch("[]"), 200, ("invalid",)),
    "text": Body(batch('"track"'), 200, ("invalid",)),
    "too many bytes": Body(batch(item(properties={"x": "y" * 33_000})), 200, ("too_large",)),
    "50,000 properties": Body(batch(item(properties={f"k{n}": 0 for n in range(40_000)})), 200, ("too_large",)),
    "2,500 properties": Body(batch(item(properties={f"k{n}": 0 for n in range(2_500)})), 200),
    "properties, rather deep": Body(batch(spelled("properties", _deep(900))), 200, ("invalid",)),
    "a list, rather deep": Body(
        batch(item(properties={"x": json.loads(_deep(200, "[", "1", "]"))})), 200, ("invalid",)
    ),
    "an unknown field, rather deep": Body(batch(spelled("unknown", _deep(900))), 200),
    "a number of 400 digits": Body(batch(item(properties={"x": 10**400})), 200),
    "a number beyond all numbers": Body(batch(spelled("properties", '{"x":1e999}')), 200, ("invalid",)),
    "a number of 5,000 digits": Body(batch(spelled("properties", '{"x":' + "9" * 5_000 + "}")), 200, ("invalid",)),
    "NUL in names and values": Body(
        batch(spelled("properties", r'{"\u0000":"\u0000","a\u0000b":[{"\u0000":null}]}')), 200
    ),
    "bytes that are no text": Body(
        batch(item(event="Bell X").encode().replace(b"X", b"\xff\xfe")), 200, ("malformed",)
    ),
    "the same field twice": Body(batch(item()[:-1] + ', "event": "Bell", "event": "Rung"}'), 200),
    "the same property twice": Body(batch(spelled("properties", '{"x":1,"x":{"x":2}}')), 200),
    "a name of 20,000 letters": Body(batch(item(properties={"k" * 20_000: 1})), 200),
    "an event of 20,000 letters": Body(batch(item(event="e" * 20_000)), 200),
    "a moment that is none": Body(batch(item(timestamp="2026-13-45T99:99:99Z")), 200, ("invalid",)),
    "a moment before all moments": Body(batch(item(timestamp="0000-01-01T00:00:00Z")), 200, ("invalid",)),
}
# A value of each type for each field: taken where it fits, refused alone where it does not; never a fault of ours.
VALUES = ("null", "true", "0", "-1", "1.5", "9" * 30, '""', '"x"', '"\\u0000"', "[]", "[[]]", "{}", '{"x":{"y":[1]}}')
FIELDS = (
    "type", "messageId", "anonymousId", "userId", "groupId", "previousId", "event", "name", "category", "properties",
    "traits", "integrations", "context", "timestamp", "sentAt", "writeKey", "token",
)  # fmt: skip
INNER = {
    "context": ("page", "campaign", "locale", "timezone", "userAgent", "ip", "traits", "consent", "webdriver"),
    "page": ("url", "path", "title", "referrer", "dwell_ms"),
    "campaign": ("source", "medium", "name", "term", "content"),
    "traits": ("name", "email", "phone", "createdAt", "firstName", "address", "company"),
}


def of_each_type() -> dict[str, str]:
    """Items by what is odd about them: every field, and every field of a field, with a value of every type."""
    found = {f"{name}: {value[:12]}": spelled(name, value) for name in FIELDS for value in VALUES}
    for outer, names in INNER.items():
        for name in names:
            for value in VALUES:
                inner = f'{{"{name}": {value}}}'
                whole = f'{{"{outer}": {inner}}}' if outer in {"page", "campaign"} else inner
                place = "context" if outer in {"page", "campaign", "context"} else "traits"
                kind = item(type="identify", userId="u-1")[:-1] if place == "traits" else item(type="page")[:-1]
                found[f"{outer}.{name}: {value[:12]}"] = f'{kind}, "{place}": {whole}}}'
    return found
