"""Files to import: CSV or JSON lines, gzip or plain, read one record at a time, however large they are."""

import codecs
import gzip
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from io import BufferedReader, TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, Self, cast

from frontdesk.collect.imports import STDIN
from frontdesk.collect.imports.columns import Columns
from frontdesk.collect.imports.records import Record, json_lines, rows
from frontdesk.core.errors import Invalid

_ENDINGS = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl"}
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_LOOKED_AT = 4_096  # of a file's beginning
_EXCEL = "This is a workbook of Excel: save it as “CSV UTF-8”, and import that."
_FAULTS: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (lambda head: head[:4] in {b"PK\x03\x04", b"\xd0\xcf\x11\xe0"}, _EXCEL),
    (lambda head: head[:2] in {b"\xff\xfe", b"\xfe\xff"}, "This file is UTF-16; save it as UTF-8."),
    (lambda head: b"\x00" in head, "This file is no text, or UTF-16: save it as UTF-8."),
)
_FAULTS_OF_JSON: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (lambda head: head[:1] == b"[", "This is one JSON list; JSON lines are an object a line: jq -c '.[]' makes them."),
    (
        lambda head: head.split(b"\n")[0].strip() == b"{",
        "This is JSON over several lines; JSON lines are an object a line: jq -c . makes them.",
    ),
    (
        lambda head: not _is_utf8(head.split(b"\n")[0]),
        "This file is not UTF-8, but perhaps GBK, GB18030 or UTF-16: save it as UTF-8.",
    ),
)


class File:
    """An opened file. `done` bytes of its `size` were read so far; the size of standard input is None."""

    def __init__(self, stream: BinaryIO, size: int | None, form: str | None) -> None:
        self.size = size
        self._stream = stream
        packed = BufferedReader(cast(Any, stream))
        # not buffered once more: where a packed file is cut, a second buffer would keep what came before
        self._text: Any = gzip.GzipFile(fileobj=packed) if packed.peek(2)[:2] == _GZIP else packed
        self._form = form
        self._letters: TextIOWrapper | None = None

    @classmethod
    def opened(cls, name: str, form: str | None) -> Self:
        """Open the file of this name, or standard input for `-`; OSError where it is not to be had."""
        if name == STDIN:
            return cls(sys.stdin.buffer, None, form)
        endings = [ending for ending in Path(name).suffixes if ending != ".gz"]
        return cls(
            Path(name).open("rb", buffering=0),
            Path(name).stat().st_size,
            form or _ENDINGS.get("".join(endings[-1:]).lower()),
        )

    @property
    def done(self) -> int:
        return self._stream.tell() if self.size is not None else 0

    def records(self, columns: Callable[[Sequence[str]], Columns]) -> Iterator[Record]:
        """The records in order, those of CSV by `columns` of its header; none of a file that is empty.

        Invalid at once where the file as a whole is none, and later where it cannot be read to its end.
        """
        with _Unreadable():
            if self._head()[: len(_BOM)] == _BOM:
                self._text.read(len(_BOM))
            head = self._head().lstrip()
            form = self._form or ("jsonl" if head[:1] in {b"{", b"["} else "csv")
            _refuse(head, _FAULTS + _FAULTS_OF_JSON if form == "jsonl" else _FAULTS)
            return self._readable(self._found(form, columns))

    def close(self) -> None:
        self._text.close()
        self._stream.close()

    def _head(self) -> bytes:
        found: bytes = self._text.peek(_LOOKED_AT)[:_LOOKED_AT]
        return found

    def _found(self, form: str, columns: Callable[[Sequence[str]], Columns]) -> Iterator[Record]:
        if form == "jsonl":
            return json_lines(self._text)
        # kept, for whoever lets go of it closes the file
        self._letters = TextIOWrapper(self._text, "utf-8", "surrogateescape", newline="")
        return rows(self._letters, columns)

    @staticmethod
    def _readable(records: Iterator[Record]) -> Iterator[Record]:
        with _Unreadable():
            yield from records


class _Unreadable:
    """A gzip file that is cut short, or a disk that fails, is Invalid."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: object, _trace: object) -> None:
        if isinstance(error, OSError | EOFError | zlib.error):
            raise Invalid(f"The file cannot be read on: {error}") from error


def _refuse(head: bytes, faults: Sequence[tuple[Callable[[bytes], bool], str]]) -> None:
    for holds, sentence in faults:
        if holds(head):
            raise Invalid(sentence)


def _is_utf8(line: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(line)  # which may end within a character
    except UnicodeDecodeError:
        return False
    return True


def hash_of(path: str) -> str:
    """What tells this file from all others, whatever its name."""
    digest = blake2b(digest_size=20)
    with Path(path).open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
