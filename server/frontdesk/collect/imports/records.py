"""The records of a text: JSON lines, or rows of CSV. One that cannot be read spoils no other."""

import csv
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, TextIO

import orjson

from frontdesk.collect.door.mending import UNREADABLE, loosely, soundly
from frontdesk.collect.imports.columns import Columns
from frontdesk.core.errors import Invalid

LONGEST_LINE = 128 * 1024  # of a row of several lines too: what is longer is no event, but a quote that never ends
_DELIMITERS = ",;\t"
_NO_UTF8 = "This file is not UTF-8, but perhaps GBK, GB18030 or Windows-1252: save it as “CSV UTF-8”."
_OPEN_QUOTE = "unexpected end of data"


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


def json_lines(stream: BinaryIO) -> Iterator[Record]:
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        too_long = len(line) > LONGEST_LINE
        rest = line
        while too_long and not rest.endswith(b"\n") and rest:
            rest = stream.readline(LONGEST_LINE)
        content = line.strip()
        if content:
            yield Record(number, content[:LONGEST_LINE], too_large=True) if too_long else _json_record(number, content)


def rows(text: TextIO, columns: Callable[[Sequence[str]], Columns]) -> Iterator[Record]:
    """The rows of a CSV text whose bytes that are no UTF-8 are lone surrogates: they spoil their own row only.

    Invalid at once where its header is none.
    """
    lines = _Lines(text)
    first = next(filter(str.strip, lines), "")
    given = _separator(first)
    header = next(filter(str.strip, lines), "") if given else first
    if not _is_text(header):
        raise Invalid(_NO_UTF8)
    if not header:
        return iter(())
    delimiter = given or max(_DELIMITERS, key=header.count)
    return _rows(lines, delimiter, columns(next(csv.reader([header], delimiter=delimiter))))


def _separator(line: str) -> str | None:
    """What Excel writes above the header, to tell itself how to read its own file."""
    told = line.strip()
    return told[4:] if told[:4].lower() == "sep=" and len(told) == len("sep=;") else None


class _Lines:
    """The lines of a text, one after another; those of a row that turns out to be none can be read again."""

    def __init__(self, text: TextIO) -> None:
        self.number = 1  # of the line with which the row begins
        self.row: list[str] = []
        self._length = 0
        self._again: deque[str] = deque()
        self._text = text

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        if not line or (self.row and self._length + len(line) > LONGEST_LINE):
            self._again.appendleft(line)
            raise StopIteration
        self.row.append(line)
        self._length += len(line)
        return line

    @property
    def too_long(self) -> bool:
        return len(self.row[0]) > LONGEST_LINE

    def begin_row(self) -> None:
        self.number += len(self.row)
        self.row, self._length = [], 0

    def unread(self) -> None:
        """Keep only the first line of this row: the others are lines of their own."""
        self._again.extendleft(reversed(self.row[1:]))
        del self.row[1:]

    def _read(self) -> str:
        line = rest = self._text.readline(LONGEST_LINE + 1)
        while len(rest) > LONGEST_LINE and not rest.endswith("\n"):
            rest = self._text.readline(LONGEST_LINE + 1)
        return line


def _rows(lines: _Lines, delimiter: str, places: Columns) -> Iterator[Record]:
    # strict: a quote that was never closed would end at the next one that opens, and swallow what lies between
    found = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin_row()
        try:
            cells = next(found, None)
        except csv.Error as error:
            record = _broken(lines, error)
        else:
            if cells is None:
                return
            if not any(cells):
                continue
            record = _row_record(lines, cells, places)
        if record.call is None:
            lines.unread()
        yield record


def _broken(lines: _Lines, error: csv.Error) -> Record:
    content = lines.row[0].encode("utf-8", "surrogateescape")
    if lines.too_long:
        return Record(lines.number, content, too_large=True)
    several = len(lines.row) > 1 or str(error) == _OPEN_QUOTE
    why = "a quote opens here and does not end where a cell does" if several else error
    return Record(lines.number, content, wrong=f"This row cannot be read: {why}.")


def _json_record(number: int, content: bytes) -> Record:
    try:
        call = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        try:
            call = orjson.loads(soundly(loosely(content)))  # half an emoji is taken out, as at the front door
        except UNREADABLE:
            return Record(number, content, wrong=f"This line is not JSON: {error}.")
    if not isinstance(call, dict):
        return Record(number, content, wrong="This line is not a JSON object.")
    return Record(number, content, call)


def _row_record(lines: _Lines, cells: list[str], columns: Columns) -> Record:
    line, content = lines.number, "\x1f".join(cells).encode("utf-8", "surrogateescape")
    expected = len(columns.places)
    if lines.too_long:
        return Record(line, content, too_large=True)
    if len(cells) != expected:
        return Record(line, content, wrong=f"This row has {len(cells)} cells, the header {expected}.")
    if not all(map(_is_text, cells)):
        return Record(line, content, wrong="This row is not UTF-8 text.")
    return Record(line, content, columns.call(cells))


def _is_text(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)
