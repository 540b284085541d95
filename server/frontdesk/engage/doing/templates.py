"""Texts with fields of the person in them: Liquid with an allow-list, nothing else.

No loops, no assignments and no filter that makes a text longer than its input by more than a constant, so the work is
bounded by the length of the template. Output is plain text: who shows it, escapes it.
"""

import re
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache

from liquid import Environment
from liquid.builtin import content, illegal, output
from liquid.builtin.filters.misc import default
from liquid.builtin.filters.string import capitalize, downcase, strip, truncate, upcase
from liquid.builtin.tags import case_tag, comment_tag, if_tag, unless_tag
from liquid.exceptions import LiquidError
from liquid.template import BoundTemplate

from frontdesk_rules import TEMPLATE_FIELDS

_KNOWN = frozenset(TEMPLATE_FIELDS)
_FAMILIES = frozenset(name.partition(".")[0] for name in TEMPLATE_FIELDS)
LONGEST = 2_000
MOST_TAGS = 50
_TAGS = (
    content.Literal,
    output.Output,
    illegal.Illegal,
    comment_tag.CommentTag,
    if_tag.IfTag,
    unless_tag.UnlessTag,
    case_tag.CaseTag,
)
_FILTERS = {
    "default": default,
    "capitalize": capitalize,
    "downcase": downcase,
    "upcase": upcase,
    "strip": strip,
    "truncate": truncate,
}


class _Environment(Environment):
    """Liquid with nothing in it but what stands in the two tables."""

    block_nesting_limit = 5
    output_stream_limit = 40_000  # bytes: far above any message, far below what would hurt

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:  # noqa: ARG002  the library's signature
        for tag in _TAGS:
            self.add_tag(tag)
        for name, apply in _FILTERS.items():
            self.add_filter(name, apply)


_ENVIRONMENT = _Environment()


class LiquidTemplates:
    """The rule library's port to the template language: why a text is refused, in plain words."""

    def refusals(self, text: str, /) -> list[str]:
        """Nothing, if `render` can be trusted with it."""
        if len(text) > LONGEST:
            return []  # the reader of the rule says so itself
        if hostile := next((reason for found, reason in _HOSTILE if found(text)), None):
            return [hostile]
        try:
            filters = _parsed(text).filter_names(include_partials=False)
            refused = _unknown("field", _asked(text), TEMPLATE_FIELDS) + _unknown("filter", filters, _FILTERS)
            if not refused:
                render(text, lambda _name: "x")
        except LiquidError as error:
            return [f"this is not a template that we know: {error.message or 'it cannot be read'}"]
        return refused


def _deep(text: str) -> bool:
    return len(_OPENING.findall(text)) > MOST_TAGS


_OPENING = re.compile(r"\{[{%]")
# What is refused before Liquid's own lexer sees it: that takes a third of a second for 2,000 braces.
_HOSTILE = (
    (lambda text: "{{{" in text, "three braces in a row are one too many"),
    (_deep, f"{MOST_TAGS} fields and tags at most"),
    (re.compile(r"\{[{%][^}]*\[").search, "name a field with a dot, as in contact.name, not with brackets"),
)


def _unknown(kind: str, asked: Iterable[str], known: Collection[str]) -> list[str]:
    there = ", ".join(known)
    return [f"there is no {kind} {name} for templates; there are {there}" for name in sorted(set(asked) - set(known))]


def render(text: str, ask: Callable[[str], object]) -> str:
    """`text` with its fields as `ask(name)` answers them, for only those it names; what is no text is left empty.

    Raises LiquidError only for a text that `refusals` would have refused.

    >>> render("Hello {{ contact.name | default: 'there' }}!", lambda name: None)
    'Hello there!'
    """
    if "{" not in text:
        return text
    tree: dict[str, dict[str, str | None]] = {family: {} for family in _FAMILIES}
    for name in _asked(text) & _KNOWN:
        family, _, leaf = name.partition(".")
        value = ask(name)
        tree[family][leaf] = value if isinstance(value, str) else None
    return _parsed(text).render(tree)


@lru_cache(maxsize=2_048)
def _parsed(text: str) -> BoundTemplate:
    return _ENVIRONMENT.from_string(text)


@lru_cache(maxsize=2_048)
def _asked(text: str) -> frozenset[str]:
    """The fields that a text names, as `contact.name`."""
    named = _parsed(text).variable_segments(include_partials=False)
    return frozenset(".".join(map(str, segments)) for segments in named)
