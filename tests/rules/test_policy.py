"""Gates of a whole workspace, in the trees of the language."""

import pytest

from frontdesk_rules import DEFAULT_POLICY, Policy, RuleErrors, parse_policy


def test_the_default_policy_reads_back_from_its_own_tree() -> None:
    assert parse_policy(DEFAULT_POLICY.to_tree()) == DEFAULT_POLICY
    assert DEFAULT_POLICY.to_tree() == {
        "caps": [{"per": "person", "class": "marketing", "limit": 2, "window": "1d"}],
        "quiet": {
            "allow": "09:00-21:00",
            "zone": "person",
            "otherwise": "defer",
            "classes": ["marketing", "onboarding"],
        },
    }


@pytest.mark.parametrize("tree", [{}, {"caps": []}, {"caps": None, "quiet": None}])
def test_what_is_left_out_holds_nothing(tree: dict[str, object]) -> None:
    assert parse_policy(tree) == Policy()


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ([], ""),
        ({"cap": []}, "cap"),
        ({"caps": [{"limit": 0, "window": "1d"}]}, "caps[0].limit"),
        ({"caps": [{"limit": 2, "window": "1d"}, {"limit": 1}]}, "caps[1].window"),
        ({"quiet": {"allow": "9-21"}}, "quiet.allow"),
        ({"quiet": {"allow": "09:00-21:00", "zone": "Mars/Base"}}, "quiet.zone"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_path(tree: object, path: str) -> None:
    with pytest.raises(RuleErrors) as refused:
        parse_policy(tree)
    assert [found.path for found in refused.value.findings] == [path]
