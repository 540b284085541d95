"""What is said of a version wherever rules are listed. It never changes, so that it is read once."""

from typing import Any

from frontdesk.engage.models import RuleVersion
from frontdesk_rules import RuleErrors, parse_tree, sentence

_MOST_KEPT = 10_000
_kept: dict[tuple[str, int], dict[str, Any]] = {}


def summary(row: RuleVersion) -> dict[str, Any]:
    """Name, sentence and priority of a version; of one that this release cannot read, its key."""
    key = (row.rule_id, row.version)
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        found = _kept[key] = _read(row.tree)
    return found


def _read(tree: dict[str, Any]) -> dict[str, Any]:
    key = str(tree.get("rule"))
    try:
        rule = parse_tree(tree)
    except RuleErrors:
        return {"name": {"en": key, "zh": key}, "sentence": {"en": "", "zh": ""}, "priority": 0}
    name = rule.name.words().to_tree() if rule.name else {"en": key, "zh": key}
    return {"name": name, "sentence": sentence(rule), "priority": rule.priority}
