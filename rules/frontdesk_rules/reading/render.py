"""A rule as YAML in canonical form: what `fmt` writes and the builder saves."""

from __future__ import annotations

from frontdesk_rules.findings import Path
from frontdesk_rules.language.rule import Rule


def render_yaml(rule: Rule, opened: frozenset[Path] = frozenset()) -> str:
    """Canonical YAML; parsing it gives the same rule, and rendering that the same text. Each part of what is `opened`
    stands on a line of its own, and so does each key of the rule."""
    from frontdesk_rules.reading.yaml_text import yaml_of  # as in `parse`: only who writes YAML loads its machinery

    return yaml_of(rule.to_tree(), opened | {()})
