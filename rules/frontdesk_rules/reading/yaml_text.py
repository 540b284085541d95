"""YAML 1.2 to JSON trees with line numbers, and back.

`no` and `21:00` are text, and so is a date. Custom tags, duplicate keys and documents that unfold beyond a limit are
refused.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from ruamel.yaml.tokens import DocumentStartToken

from frontdesk_rules.findings import Finding, Path, RuleErrors, spelled
from frontdesk_rules.full_width import colon_of_key, named

Lines: TypeAlias = dict[Path, int]

LONGEST_TEXT: Final = 512_000
MOST_NODES: Final = 50_000
WIDTH: Final = 110
# Anything else is quoted by us: the emitter leaves a leading `?` bare within brackets, which no parser takes back.
_PLAIN: Final = re.compile(r"[\w/][\w/*.…+=() -]*")

_TAG: Final = "tag:yaml.org,2002:"
_SCALARS: Final[dict[str, Callable[[str], object]]] = {
    "null": lambda _: None,
    "bool": lambda text: text.lower() == "true",
    "int": lambda text: int(text.replace("_", ""), 0 if text.lstrip("+-")[:2].lower() in ("0x", "0o") else 10),
    "float": lambda text: _finite(float(text.replace("_", ""))),
    "str": str,
    "timestamp": str,
}
# What others take for a number would lose its first digit: a postcode, a telephone.
_NUMBERS: Final = (_SCALARS["int"], _SCALARS["float"])
_ZERO_FIRST: Final = re.compile(r"[-+]?0[0-9_]")


def documents(text: str) -> Iterator[tuple[object, Lines]]:
    """Each document that is not empty. Raises RuleErrors where the text is no YAML."""
    if len(text) > LONGEST_TEXT:
        raise RuleErrors([Finding("", f"{LONGEST_TEXT} characters at most")])
    try:
        for node in YAML(typ="safe", pure=True).compose_all(io.StringIO(text)):
            if node is not None and node.tag != _TAG + "null":
                unfolding = _Unfolding()
                yield unfolding.tree(node, ()), unfolding.lines
    except MarkedYAMLError as error:
        raise RuleErrors([_broken(error, text)]) from None
    except YAMLError as error:
        raise RuleErrors([Finding("", f"this is not YAML: {error}")]) from None
    except RecursionError:
        raise RuleErrors([Finding("", "this is nested too deeply")]) from None


def _broken(error: MarkedYAMLError, text: str) -> Finding:
    """Where the parser stopped, and why; or where it lost its way, if what stands there tells."""
    lines = text.splitlines()
    marks = [mark.line for mark in (error.context_mark, error.problem_mark) if mark and mark.line < len(lines)]
    for line in marks:
        if colon_of_key(lines[line]):
            return Finding("", f"this is not YAML: {named(lines[line])}", line + 1)
    hint = named(lines[marks[-1]]) if marks else None
    reason = f"this is not YAML: {error.problem}" + (f"; {hint}" if hint else "")
    return Finding("", reason, error.problem_mark.line + 1 if error.problem_mark else None)


def separators(text: str) -> set[int]:
    """The lines, counted from 1, on which a `---` begins a document."""
    tokens = YAML(typ="safe", pure=True).scan(io.StringIO(text))
    return {token.start_mark.line + 1 for token in tokens if isinstance(token, DocumentStartToken)}


class _Unfolding:
    """One document on its way from nodes to a tree; counts, because aliases can unfold without end."""

    def __init__(self) -> None:
        self.lines: Lines = {}
        self.count = 0

    def tree(self, node: Node, path: Path) -> object:
        self.count += 1
        if self.count > MOST_NODES:
            raise self._refused(node, path, "this unfolds to too much")
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.tree(item, (*path, n)) for n, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, object]:
        tree: dict[str, object] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                raise self._refused(key_node, path, "a key must be text")
            key = str(key_node.value)
            if key in tree:
                raise self._refused(key_node, (*path, key), "this key stands here twice")
            tree[key] = self.tree(value_node, (*path, key))
            self.lines[(*path, key)] = key_node.start_mark.line + 1
        return tree

    def _scalar(self, node: Node, path: Path) -> object:
        read = _SCALARS.get(str(node.tag).removeprefix(_TAG))
        if read is None:
            raise self._refused(node, path, f"the tag {node.tag} means nothing here")
        if read in _NUMBERS and _ZERO_FIRST.match(node.value):
            raise self._refused(
                node, path, "this begins with 0: write it in quotes, or without the 0 if it is a number"
            )
        try:
            return read(node.value)
        except ValueError:
            raise self._refused(node, path, "this number is out of range") from None

    def _refused(self, node: Node, path: Path, reason: str) -> RuleErrors:
        return RuleErrors([Finding(spelled(path), reason, node.start_mark.line + 1)])


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError(number)
    return number


def yaml_of(tree: object, opened: frozenset[Path] = frozenset()) -> str:
    """A tree as YAML, keys in their order; what fits on a line and holds no lists of mappings is written in one, unless
    it is to be opened up."""
    writer = YAML()
    writer.width = 4096  # no folding: a message keeps its lines
    writer.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    writer.dump(_styled(tree, (), opened), out)
    return out.getvalue()


def _styled(tree: object, path: Path, opened: frozenset[Path]) -> Any:
    if isinstance(tree, dict):
        node: Any = CommentedMap({key: _styled(value, (*path, key), opened) for key, value in tree.items()})
    elif isinstance(tree, list):
        node = CommentedSeq([_styled(value, (*path, n), opened) for n, value in enumerate(tree)])
    elif isinstance(tree, str) and not _PLAIN.fullmatch(tree):
        return DoubleQuotedScalarString(tree)
    else:
        return tree
    if path not in opened and _fits_a_line(tree):
        node.fa.set_flow_style()
    return node


def _fits_a_line(tree: object) -> bool:
    """Leaves, and mappings of leaves, that are short."""
    inner = list(tree.values()) if isinstance(tree, dict) else tree if isinstance(tree, list) else []
    flat = all(not isinstance(value, dict | list) or _fits_a_line(value) for value in inner)
    return flat and len(str(tree)) <= WIDTH - 20
