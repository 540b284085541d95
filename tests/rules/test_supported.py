"""What a server cannot carry out is refused by name, never half done."""

from typing import Any

import pytest

from frontdesk_rules import RuleErrors, Supported, parse_rules, parse_tree

ABLE = Supported(
    triggers=frozenset({"page", "conversation"}),
    actions=frozenset({"message", "tag"}),
    sources=frozenset({"moment", "contact"}),
    lacking=frozenset({"page.scroll"}),
)


@pytest.mark.parametrize(
    ("tree", "path", "name"),
    [
        ({"trigger": {"scroll": 50}}, "trigger.scroll", "scroll"),
        ({"trigger": {"conversation": "waiting", "after": "5m"}}, "trigger.conversation", "waiting"),
        ({"do": [{"tag": "x"}, {"survey": "nps"}]}, "do[1].survey", "survey"),
        ({"do": [{"message": {"kind": "banner", "text": {"en": "a"}}}]}, "do[0].message.kind", "banner"),
        ({"do": [{"message": {"template": "a"}}]}, "do[0].message.template", "template"),
        ({"when": {"history.sent": 1}}, "when", "history.sent"),
        ({"when": {"in_segment": "vip"}}, "when", "contact.segments"),
        ({"when": {"page.scroll": {"gt": 50}}}, "when", "page.scroll"),
        ({"when": {"count": "Paid", "gte": 1}}, "when", "count"),
        ({"holdout": "10%"}, "holdout", "holdout"),
        ({"caps": [{"limit": 1, "window": "1d"}]}, "caps", "caps"),
        ({"quiet": {"allow": "09:00-18:00"}}, "quiet", "quiet"),
        ({"goal": {"event": "Paid", "within": "1d"}}, "goal", "goal"),
    ],
)
def test_what_cannot_be_carried_out_is_refused_by_name(tree: dict[str, Any], path: str, name: str) -> None:
    whole = {"rule": "a", "trigger": "page", "do": [{"tag": "x"}], **tree}
    parse_tree(whole)
    with pytest.raises(RuleErrors) as refused:
        parse_tree(whole, supported=ABLE)
    (finding,) = refused.value.findings
    assert (finding.path, finding.reason) == (path, f"not supported yet: {name}")


def test_the_finding_knows_its_line() -> None:
    with pytest.raises(RuleErrors) as refused:
        parse_rules("rule: a\ntrigger: page\ndo:\n  - tag: x\n  - survey: nps\n", supported=ABLE)
    assert [(finding.line, finding.rule) for finding in refused.value.findings] == [(5, "a")]


def test_what_can_be_carried_out_is_taken() -> None:
    parse_tree({"rule": "a", "trigger": "page", "when": {"contact.plan": "pro"}, "do": [{"tag": "x"}]}, supported=ABLE)
