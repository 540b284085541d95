"""URL patterns; `rules/cases/urls.json` says what they answer.

A *path* is compared without scheme, host, query string, fragment, doubled leading and any trailing slashes, and with
the percent escapes of characters beyond ASCII decoded (`/%E4%BB%B7` is `/价`; what is no UTF-8 stays). Case counts.

A *path glob* is matched segment by segment: `*` stands for any run of characters within one segment (also for none),
`**` as a whole segment for zero or more segments. So `/**/pricing` matches `/pricing` and `/demo/zh/pricing`;
`/docs/**` matches `/docs` and everything below. Nothing else is special, and no pattern backtracks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, unquote

_ORIGIN: Final = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)")
_AFTER_PATH: Final = re.compile(r"[?#]")
_ESCAPES: Final = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")


@lru_cache(maxsize=4096)
def normal_path(url: str) -> str:
    """The path of a URL or path as it is compared.

    >>> normal_path("https://shop.example/pricing/?plan=pro#top")
    '/pricing'
    """
    path = _AFTER_PATH.split(_ORIGIN.sub("", url), maxsplit=1)[0]
    return "/" + _decoded(path).strip("/")


def _decoded(path: str) -> str:
    """Only what is not ASCII is decoded, so that a path stays the same when it is made normal twice."""
    return _ESCAPES.sub(_unescaped, path) if "%" in path else path


def _unescaped(run: re.Match[str]) -> str:
    try:
        return unquote(run.group(), errors="strict")
    except UnicodeDecodeError:
        return run.group()


@lru_cache(maxsize=4096)
def host_of(url: str) -> str:
    """Host in lower case, without user and port; empty if the URL names none."""
    origin = _ORIGIN.match(url)
    if origin is None:
        return ""
    return re.sub(r":[0-9]*$", "", origin.group(1).rpartition("@")[2]).lower()


def query_pairs(url: str) -> list[tuple[str, str]]:
    """The decoded parameters of a URL, or of a query string with or without its `?`."""
    before, mark, query = url.partition("#")[0].partition("?")
    return parse_qsl(query if mark else before, keep_blank_values=True)


def path_eq(url: str, pattern: str) -> bool:
    return normal_path(url) == normal_path(pattern)


def path_prefix(url: str, pattern: str) -> bool:
    """`/docs` is a prefix of `/docs` and `/docs/a`, not of `/docsearch`."""
    path, prefix = normal_path(url), normal_path(pattern)
    return prefix in ("/", path) or path.startswith(prefix + "/")


def path_glob(url: str, pattern: str) -> bool:
    return globbed(pattern)(normal_path(url))


def host_eq(url: str, host: str) -> bool:
    return host_of(url) == host.lower()


def query_eq(url: str, pair: str) -> bool:
    """The URL carries this `name=value`."""
    return all(wanted in query_pairs(url) for wanted in query_pairs(pair))


def text_glob(text: str, pattern: str) -> bool:
    """`*` stands for any run of characters; the whole text must match."""
    pieces = pattern.split("*")
    if len(pieces) == 1:
        return text == pattern
    first, *middle, last = pieces
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    return _in_order(text[len(first) : len(text) - len(last)], middle)


def _in_order(text: str, pieces: list[str]) -> bool:
    at = 0
    for piece in pieces:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def glob_refusal(pattern: str) -> str | None:
    """Why this is no path glob, or None."""
    if not pattern.startswith("/"):
        return "a path begins with /"
    if any("**" in segment and segment != "**" for segment in pattern.split("/")):
        return "** must stand alone between slashes"
    return "a path has no query string" if _AFTER_PATH.search(pattern) else None


@lru_cache(maxsize=4096)
def globbed(pattern: str) -> Callable[[str], bool]:
    """A path glob as a function of a normal path."""
    if "*" not in pattern:
        return normal_path(pattern).__eq__
    runs = _runs(_segments(normal_path(pattern)))
    return lambda path: _runs_match(_segments(path), runs)


def _segments(path: str) -> list[str]:
    inner = path.strip("/")
    return inner.split("/") if inner else []


def _runs(segments: list[str]) -> list[list[str]]:
    """The pattern cut at each `**`: the first run is tied to the start, the last to the end."""
    runs: list[list[str]] = [[]]
    for segment in segments:
        if segment == "**":
            runs.append([])
        else:
            runs[-1].append(segment)
    return runs


def _runs_match(path: list[str], runs: list[list[str]]) -> bool:
    first, last = runs[0], runs[-1]
    if len(runs) == 1:
        return len(path) == len(first) and _fits(path, first, 0)
    end = len(path) - len(last)
    if end < len(first) or not _fits(path, first, 0) or not _fits(path, last, end):
        return False
    at = len(first)
    for run in runs[1:-1]:
        # The leftmost fit leaves the most room for the rest, so no other needs to be tried.
        found = next((n for n in range(at, end - len(run) + 1) if _fits(path, run, n)), None)
        if found is None:
            return False
        at = found + len(run)
    return True


def _fits(path: list[str], run: list[str], at: int) -> bool:
    return all(text_glob(path[at + n], segment) for n, segment in enumerate(run))
