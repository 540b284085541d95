"""What rules cost, beside other rule languages in the same run: `python -m tests.benchmarks.rules --json`.

Read ratios, not times: the machine may be doing other work. Each figure is the best of several rounds, in microseconds
of one asking or one event, by the processor's own clock; the others need
`pip install -e '.[bench]'`, and are left out where they are not installed.

    --quick   fewer rounds
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any

from frontdesk_rules import (
    KnownFacts,
    LiveRule,
    Moment,
    Question,
    Recorded,
    RuleSet,
    Shown,
    View,
    Whom,
    decide,
    parse_tree,
    simulate,
)
from frontdesk_rules.engine.compile import compiled
from frontdesk_rules.engine.generate import generated
from frontdesk_rules.findings import Place
from frontdesk_rules.language.conditions import Condition, evaluate
from frontdesk_rules.reading.conditions import read_condition
from tests.benchmarks.others import FACTS, OTHERS, many_in_cel

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
NAMES = {"path": "page.path", "dwell": "page.dwell", "plan": "contact.plan", "views": "session.page_views"}
CONDITION = {
    "all": [
        {"page.path": "/pricing"},
        {"page.dwell": {"gt": "60s"}},
        {"contact.plan": ["free", "trial"]},
        {"session.page_views": {"gte": 3}},
    ]
}
BARS = {
    "one_rule_us": 1.0,
    "thousand_rules_us": 50.0,
    "ten_thousand_selective_us": 50.0,
    "times_faster_than_the_best": 10.0,
    "simulate_events_s": 20_000.0,
}
_AT_LEAST = {"times_faster_than_the_best", "simulate_events_s"}


def best_us(ask: Callable[[], object], rounds: int, least_s: float = 0.05) -> float:
    """The best round, in µs for one call."""
    number = 1
    while _took(ask, number) < least_s:
        number *= 2
    return min(_took(ask, number) for _ in range(rounds)) / number * 1e6


def _took(ask: Callable[[], object], number: int) -> float:
    start = time.process_time()
    for _ in range(number):
        ask()
    return time.process_time() - start


def condition() -> Condition:
    read = read_condition(CONDITION, Place())
    if read is None:
        raise SystemExit("the condition of this benchmark cannot be read")
    return read


def one_rule(rounds: int) -> dict[str, float]:
    """One condition of four comparisons, all of which hold."""
    moment = Moment(kind="page", at=NOW, path="/pricing", dwell_ms=61_000)
    view = View(moment, KnownFacts({NAMES[name]: value for name, value in FACTS.items()}))
    asked = condition()
    ready = {"closures": compiled(asked), "generated": generated(asked)}
    found = {f"{name}_us": best_us(lambda test=test: test(view), rounds) for name, test in ready.items()}  # type: ignore[misc]  # the test of this round
    return {**found, "interpreter_us": best_us(lambda: evaluate(asked, view), rounds)}


def others(rounds: int) -> dict[str, float]:
    found = {}
    for name, make in OTHERS.items():
        try:
            ask = make()
        except ImportError:
            continue
        if not ask():
            raise SystemExit(f"{name} does not come to the same verdict")
        found[f"{name}_us"] = best_us(ask, rounds)
    return found


class Nothing:
    """A memory of somebody to whom nothing was done."""

    conversation_open = False

    def acted(self, _rule_id: str, _key: str, /) -> None:
        return None

    def refuses(self, _message_class: str, /) -> bool:
        return False

    def shown(self, _since: datetime, /) -> list[Shown]:
        return []

    def taken(self, _group: str, _at: datetime, /) -> None:
        return None


def rule(key: int, **tree: Any) -> LiveRule:
    whole = {"rule": f"rule-{key}", "trigger": "page", "do": [{"tag": "x"}], **tree}
    return LiveRule(f"rul_{key:05}", 1, parse_tree(whole))


# What rules ask that name no page: by turns, and each with values of its own.
def pageless(n: int) -> dict[str, Any]:
    shapes: list[dict[str, Any]] = [
        {"all": [{"session.campaign": f"campaign-{n}"}, {"session.is_first": True}]},
        {"all": [{"contact.plan": f"plan-{n % 7}"}, {"session.page_views": {"gte": 2 + n % 20}}]},
        {"all": [{"visitor.country": ["CN", "SG"]}, {"contact.seats": {"gt": n}}]},
        {"all": [{"session.page_views": {"gte": 2 + n % 50}}, {"contact.stage": {"neq": "won"}}]},
        {"any": [{"contact.email": {"missing": True}}, {"contact.tags": {"has": f"tag-{n}"}}]},
        {"all": [{"contact.stage": {"neq": "trial"}}, {"contact.plan": {"not_in": ["a", f"plan-{n}"]}}]},
    ]
    return shapes[n % len(shapes)]


def paged(n: int) -> dict[str, Any]:
    return {"all": [{"page.path": f"/page-{n}"}, {"session.page_views": {"gte": 2}}, {"contact.plan": "free"}]}


PERSON: dict[str, object] = {
    "contact.plan": "plan-3",
    "contact.stage": "trial",
    "contact.tags": ["new"],
    "contact.email": "a@shop.example",
    "contact.seats": 12,
    "visitor.country": "DE",
    "session.campaign": "campaign-35",
    "session.is_first": True,
    "session.page_views": 3,
}


def many_rules(rules: list[LiveRule], paths: int, rounds: int, *, decided: bool = True) -> float:
    """One page view: which rules hold, and (`decided`) what becomes of them in the order of a decision."""
    rule_set, memory, whom = RuleSet.compile(rules), Nothing(), Whom("vis_1", "ses_1")
    facts = KnownFacts(PERSON)
    moments = cycle([Moment(kind="page", at=NOW, path=f"/page-{n}", id=str(n)) for n in range(paths)])

    def ask() -> None:
        moment = next(moments)
        view = View(moment, facts, whom.person)
        matching = [one for one in rule_set.candidates(moment, view) if one.test is None or one.test(view)]
        if matching and decided:
            decide(moment, matching, view, memory, whom)

    return best_us(ask, rounds)


def many_in_cel_us(rules: list[LiveRule], rounds: int) -> float:
    """The same page views and rules in the library that is fastest on one rule."""
    trees = [one.rule.when.to_tree() for one in rules if one.rule.when]
    ask = many_in_cel(trees, PERSON)
    paths = cycle([f"/page-{n}" for n in range(len(rules))])
    return best_us(lambda: ask(next(paths)), rounds)


def simulated(count: int) -> float:
    """Events a second of a simulation among twenty live rules."""
    people, pages = 500, 40
    events = [
        Recorded(at=NOW + timedelta(seconds=n), person=f"vis_{n % people}", kind="page", path=f"/page-{n % pages}")
        for n in range(count)
    ]
    live = [rule(n, trigger={"page": f"/page-{n}"}, repeat={"every": "1h"}) for n in range(20)]
    asked = rule(99, trigger={"page": "/page-7"}, when={"session.page_views": {"gte": 2}}, repeat={"every": "1d"})
    start = time.process_time()
    simulate(Question(asked, live), events)
    return count / (time.process_time() - start)


def measure(rounds: int, events: int) -> dict[str, Any]:
    one, other = one_rule(rounds), others(rounds)
    mixed = [rule(n, when=pageless(n // 10 * 3 + n % 10) if n % 10 < 3 else paged(n)) for n in range(1_000)]
    selective = [rule(n, when=paged(n)) for n in range(10_000)]
    found: dict[str, Any] = {
        "one_rule_us": one["generated_us"],
        "thousand_rules_us": many_rules(mixed, 1_000, rounds),
        "ten_thousand_selective_us": many_rules(selective, 10_000, rounds),
        "simulate_events_s": simulated(events),
        "ways": one,
        "others": other,
    }
    if "cel_rust_us" in other:
        found["thousand_rules_in_cel_rust_us"] = many_in_cel_us(mixed, rounds)
        # Both say which rules hold; only we go on to decide what becomes of them.
        found["thousand_rules_matched_us"] = many_rules(mixed, 1_000, rounds, decided=False)
        found["times_faster_than_the_best"] = (
            found["thousand_rules_in_cel_rust_us"] / found["thousand_rules_matched_us"]
        )
    return found


def kept(found: dict[str, Any]) -> dict[str, bool]:
    """Whether each bar is held."""
    told = {name: found[name] for name in BARS if name in found}
    return {name: value >= BARS[name] if name in _AT_LEAST else value <= BARS[name] for name, value in told.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    found = measure(3, 20_000) if asked.quick else measure(9, 100_000)
    found["bars"] = kept(found)
    text = json.dumps(_rounded(found), indent=None if asked.json else 2)
    sys.stdout.write(text + "\n")


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return round(value, 3) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
