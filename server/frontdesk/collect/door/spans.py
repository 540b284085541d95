"""A body that is not quite JSON, cut into the parts that we ask for, each as it was sent.

Numbers that are none and halves of an emoji stop a reader wherever they stand. They are painted over first, each by as
many bytes, so that all parts are where they were; and each part is then read, mended or refused by itself.
"""

from typing import Any, Final

import msgspec
from msgspec import Raw, Struct

from frontdesk.collect.door.mending import UNREADABLE, loosely, soundly
from frontdesk.core.errors import Malformed, TooLarge

MOST_BYTES_BESIDE: Final = 32 * 1024  # as of an event


class _Spans(Struct, rename="camel"):
    """What is asked for of any body; empty where it is not there."""

    batch: Raw = Raw()
    write_key: Raw = Raw()
    token: Raw = Raw()
    sent_at: Raw = Raw()
    context: Raw = Raw()
    integrations: Raw = Raw()
    page: Raw = Raw()
    visible: Raw = Raw()


_spans = msgspec.json.Decoder(_Spans).decode
_items = msgspec.json.Decoder(list[Raw]).decode
_PAINT: Final = ((b"NaN", b"111"), (b"Infinity", b"11111111"), (b"\\ud", b"\\u0"), (b"\\uD", b"\\u0"))


class Cut:
    """A body, cut. Malformed where it is no JSON object even so."""

    def __init__(self, body: bytes) -> None:
        painted = body
        for odd, plain in _PAINT:
            painted = painted.replace(odd, plain)
        self._body, self._painted = body, painted
        try:
            self._found = _spans(self._painted)
        except msgspec.ValidationError as error:
            raise Malformed("The body is a JSON object.") from error
        except UNREADABLE as error:
            raise Malformed(f"The body is not JSON: {error}") from error

    def beside(self, kind: type[Struct]) -> dict[str, Any]:
        """What stands beside the items of what `kind` asks for, by its names on the wire, without lone surrogates.

        What cannot be read is absent. TooLarge beyond what anybody has to say there.
        """
        read: dict[str, Any] = {}
        for field in msgspec.structs.fields(kind):
            span = b"" if field.name == "batch" else bytes(getattr(self._found, field.name))
            if len(span) > MOST_BYTES_BESIDE:
                raise TooLarge("What is said beside the calls has at most 32 KB.", field=field.encode_name)
            try:
                if span:
                    read[field.encode_name] = loosely(soundly(loosely(self._as_sent(span), "surrogateescape")))
            except UNREADABLE:
                continue
        return read

    def items(self, most: int) -> list[Raw]:
        """The items of the batch as they were sent; of more than `most`, only how many they are is right."""
        batch = bytes(self._found.batch)
        try:
            found = _items(batch)
        except UNREADABLE as error:
            raise Malformed("A batch is an object with a list of calls.", field="batch") from error
        if len(found) > most:
            return found
        whole, at, sent = self._as_sent(batch), 0, list[Raw]()
        for item in found:
            at = batch.index(item, at)  # between two items stands nothing that one could begin with
            sent.append(Raw(whole[at : at + len(item)]))
            at += len(item)
        return sent

    def _as_sent(self, span: bytes) -> bytes:
        at = self._painted.index(span)
        return self._body[at : at + len(span)]
