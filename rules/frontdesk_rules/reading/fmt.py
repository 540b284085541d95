"""`frontdesk rules fmt`: every rule in canonical form, its comments kept."""

from __future__ import annotations

from frontdesk_rules.reading.parse import parse_rules
from frontdesk_rules.reading.render import render_yaml


def fmt(text: str) -> str:
    """The canonical form of a YAML text; formatting that again changes nothing. Raises RuleErrors.

    >>> print(fmt("rule: a\\ntrigger: page # any\\nwhen: {page.path: /a}\\ndo: [tag: x]\\n"), end="")
    rule: a
    trigger: {page: {}}  # any
    when: {field: page.path, op: eq, value: /a}
    do: [tag: x]
    """
    parse_rules(text)
    return "---\n".join(_formatted(part) for part in documents(text))


def _formatted(text: str) -> str:
    from frontdesk_rules.reading.carrying import Source, opened, written
    from frontdesk_rules.reading.comments import comments_of
    from frontdesk_rules.reading.yaml_text import documents as read

    (rule,) = parse_rules(text)
    ((_, lines),) = read(text)
    ((_, canonical),) = read(render_yaml(rule))
    source = Source(text, lines, canonical)
    placed = [source.placed(comment) for comment in comments_of(text)]
    rendered = render_yaml(rule, opened(placed))
    ((_, target),) = read(rendered)
    return written(placed, rendered, target)


def documents(text: str) -> list[str]:
    """The text of each document that is not empty, with its comments; those before the first `---` belong to it."""
    from frontdesk_rules.reading.yaml_text import separators

    lines = text.splitlines(keepends=True)
    parts: list[list[str]] = [[]]
    marks = separators(text)
    for number, line in enumerate(lines, start=1):
        if number in marks:
            rest = line[3:].lstrip()
            parts.append([rest] if rest else [])
        else:
            parts[-1].append(line)
    return _joined(["".join(part) for part in parts])


def _joined(parts: list[str]) -> list[str]:
    """Parts without a rule, which hold comments at most, go to the rule after them, or the last."""
    found: list[str] = []
    waiting = ""
    for part in parts:
        if _holds_a_rule(part):
            found.append(waiting + part)
            waiting = ""
        else:
            waiting += part
    if waiting.strip() and found:
        found[-1] += waiting
    return found


def _holds_a_rule(text: str) -> bool:
    lines = (line.strip() for line in text.splitlines())
    return any(line and not line.startswith("#") for line in lines)
