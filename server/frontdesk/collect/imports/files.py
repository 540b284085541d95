"""Files to import: CSV or JSON lines, gzip or plain, read one record at a time, however large they are."""

import csv
import gzip
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from io import BufferedReader, TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, Self, cast

import orjson

from frontdesk.collect.imports.columns import Columns
from frontdesk.core.errors import Invalid

STDIN = "-"
FORMATS = ("csv", "jsonl")
LONGEST_LINE = 128 * 1024
_ENDINGS = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl"}
_DELIMITERS = ",;\t"
_GZIP = b"\x1f\x8b"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Record:
    """What stands at `line` of the file: a call as it was written, and the bytes that tell it from others.

    `wrong` says why there is none: too large, or unreadable.
    """

    line: int
    content: bytes
    call: dict[str, Any] | None = None
    too_large: bool = False
    wrong: str | None = None


class File:
    """An opened file. `done` bytes of its `size` were read so far; the size of standard input is None."""

    def __init__(self, stream: BinaryIO, size: int | None, form: str | None) -> None:
        self.size = size
        self._stream = stream
        packed = BufferedReader(cast(Any, stream))
        head = packed.peek(2)[:2]
        self._text = BufferedReader(cast(Any, gzip.GzipFile(fileobj=packed))) if head == _GZIP else packed
        self.form = form or self._sniffed()

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
        """The records in order, those of CSV by `columns` of its header. Invalid where the file as a whole is none."""
        try:
            if self._head(2) in _UTF16:
                raise Invalid("This file is UTF-16; save it as UTF-8.")
            if self._head(3) == _BOM:
                self._text.read(3)
            yield from self._json_lines() if self.form == "jsonl" else self._rows(columns)
        except (OSError, EOFError) as error:  # a gzip file that is cut short, a disk that fails
            raise Invalid(f"The file cannot be read on: {error}") from error

    def close(self) -> None:
        self._text.close()
        self._stream.close()

    def _head(self, length: int) -> bytes:
        return self._text.peek(length)[:length]

    def _sniffed(self) -> str:
        return "jsonl" if self._head(64).lstrip(_BOM + b" \r\n\t").startswith(b"{") else "csv"

    def _json_lines(self) -> Iterator[Record]:
        number = 0
        while line := self._text.readline(LONGEST_LINE + 1):
            number += 1
            too_long = len(line) > LONGEST_LINE
            rest = line
            while too_long and not rest.endswith(b"\n") and rest:
                rest = self._text.readline(LONGEST_LINE)
            content = line.strip()
            if content:
                yield (
                    Record(number, content[:LONGEST_LINE], too_large=True)
                    if too_long
                    else _json_record(number, content)
                )

    def _rows(self, columns: Callable[[Sequence[str]], Columns]) -> Iterator[Record]:
        # bytes that are no UTF-8 become lone surrogates, so that they spoil their own row only
        text = TextIOWrapper(self._text, "utf-8", "surrogateescape", newline="")
        first = text.readline(LONGEST_LINE)
        if not first.strip():
            raise Invalid("The file is empty: the first line names the columns.")
        delimiter = max(_DELIMITERS, key=first.count)
        header = next(csv.reader([first], delimiter=delimiter))
        places = columns(header)
        rows = csv.reader(text, delimiter=delimiter)
        line = 2
        cells: list[str] | None = []
        while cells is not None:
            try:
                cells = next(rows, None)
                if cells and any(cells):
                    yield _row_record(line, cells, places)
            except csv.Error as error:
                yield Record(line, str(error).encode(), wrong=f"This row cannot be read: {error}.")
            line = rows.line_num + 2
        text.detach()  # or it would close the file, which is not its own


def hash_of(path: str) -> str:
    """What tells this file from all others, whatever its name."""
    digest = blake2b(digest_size=20)
    with Path(path).open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _json_record(number: int, content: bytes) -> Record:
    try:
        call = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        return Record(number, content, wrong=f"This line is not JSON: {error}.")
    if not isinstance(call, dict):
        return Record(number, content, wrong="This line is not a JSON object.")
    return Record(number, content, call)


def _row_record(line: int, cells: list[str], columns: Columns) -> Record:
    content = "\x1f".join(cells).encode("utf-8", "surrogateescape")
    expected = len(columns.places)
    if len(cells) != expected:
        return Record(line, content, wrong=f"This row has {len(cells)} cells, the header {expected}.")
    try:
        content.decode()
    except UnicodeDecodeError:
        return Record(line, content, wrong="This row is not UTF-8 text.")
    return Record(line, content, columns.call(cells))
