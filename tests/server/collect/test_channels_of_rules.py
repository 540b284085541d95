"""The words for channels in the ready-made rules are those that are kept with a session."""

from typing import Any

from frontdesk.collect.sources.channels import CHANNELS
from frontdesk.core.assets import PLAYBOOKS
from frontdesk_rules import parse_rules


def channels_named(tree: Any) -> set[str]:
    """Every channel that a rule asks for, in its conditions and in the facts of its tests."""
    if isinstance(tree, list):
        return {one for part in tree for one in channels_named(part)}
    if not isinstance(tree, dict):
        return set()
    asked = [tree.get("value") if str(tree.get("field")).endswith("channel") else None]
    asked += [value for key, value in tree.items() if str(key).endswith("channel")]
    named = {one for value in asked for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)}
    return named | channels_named(list(tree.values()))


def test_the_ready_made_rules_name_channels_as_they_are_kept() -> None:
    rules = [rule for file in sorted(PLAYBOOKS.glob("*.yaml")) for rule in parse_rules(file.read_text("utf-8"))]
    named = {one for rule in rules for one in channels_named(rule.to_tree())}
    assert {"organic_search", "paid_search"} <= named <= {channel.key for channel in CHANNELS}
