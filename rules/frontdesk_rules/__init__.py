"""The rule language of Frontdesk: parse, index, decide, explain. Pure: no clock, no chance, no I/O.

    rules = parse_rules(yaml_text)                         # RuleErrors(findings) with path, reason and line
    rule_set = RuleSet.compile([LiveRule("rul_1", 1, rules[0])])   # immutable; swap the whole

    moment = Moment(kind="conversation", name="started", at=now, path="/pricing", dwell_ms=61_000, id=event_id)
    candidates = rule_set.candidates(moment)
    names = needs(candidates)                              # gather only these
    facts = KnownFacts({"session.campaign": "spring"})     # or anything with get(name) -> value | MISSING
    for decision in decide(moment, candidates, facts, memory, Whom(person, session, conversation)):
        if decision.outcome == "acted":
            for planned in decision.actions:               # planned.key is the idempotency key
                carry_out(planned.action)                  # Message | Assign | Tag | Untag, by `action.name`
            remember(decision.rule.id, decision.repeat_key, moment.at)

`memory` has `conversation_open: bool` and `acted(rule_id, repeat_key) -> datetime | None`: when this rule last *acted*
(not: was held) under that key. Values: durations in ms (`page.dwell`), times aware UTC, lists as list or tuple.
`page.path`, `page.dwell`, `event.*` and `time.now` come from the moment when it has them, else from the facts.
`decision.reasons[n].to_tree()` is `{"code", "text_en", "text_zh"}`; `decision.explanation.to_tree()` the condition with
expected, actual and verdict. `rule_set.watch(path).dwell_ms` is what the probe must report on that page.
"""

from collections.abc import Iterable

from frontdesk_rules.doubting.lint import lint, lint_text
from frontdesk_rules.doubting.remarks import Doubt, Remark
from frontdesk_rules.engine.decide import Decision, Deferred, PlannedAction, decide, release
from frontdesk_rules.engine.flips import flips_at
from frontdesk_rules.engine.held import HELD_WORDS, Held
from frontdesk_rules.engine.index import RuleSet, Watch
from frontdesk_rules.engine.past import Memory, Shown, Whom
from frontdesk_rules.engine.ready import CompiledRule, looks_back
from frontdesk_rules.engine.timers import Arming, Cancel, Timer, arm, armed
from frontdesk_rules.engine.why import Why, explain, why
from frontdesk_rules.facts.catalogue import FIELDS, TEMPLATE_FIELDS, Field, FieldType, field_of
from frontdesk_rules.facts.history import NO_HISTORY, History, PastEvent, RememberedHistory, Span
from frontdesk_rules.facts.known import MISSING, Facts, KnownFacts
from frontdesk_rules.facts.moments import Moment, View
from frontdesk_rules.findings import Finding, RuleErrors, spelled
from frontdesk_rules.language.actions import Action
from frontdesk_rules.language.deeds import Assign, Tag, Untag
from frontdesk_rules.language.gates import DEFAULT_POLICY, Policy
from frontdesk_rules.language.messages import Message
from frontdesk_rules.language.rule import LiveRule, Repeat, Rule
from frontdesk_rules.reading.fmt import fmt
from frontdesk_rules.reading.parse import lines_of, parse_rules, parse_tree
from frontdesk_rules.reading.render import render_yaml
from frontdesk_rules.reading.supported import Supported
from frontdesk_rules.reading.texts import Templates
from frontdesk_rules.telling.explain import Explanation, Reason
from frontdesk_rules.telling.sentences import sentence
from frontdesk_rules.trying.golden import TestResult, run_tests
from frontdesk_rules.trying.people import Recorded, Someone
from frontdesk_rules.trying.simulate import Question, Simulation, simulate
from frontdesk_rules.words import Localised, Words


def needs(candidates: Iterable[CompiledRule]) -> frozenset[str]:
    """All fields that these rules may ask for."""
    return frozenset().union(*(rule.needs for rule in candidates))


__all__ = [
    "DEFAULT_POLICY",
    "FIELDS",
    "HELD_WORDS",
    "MISSING",
    "NO_HISTORY",
    "TEMPLATE_FIELDS",
    "Action",
    "Arming",
    "Assign",
    "Cancel",
    "CompiledRule",
    "Decision",
    "Deferred",
    "Doubt",
    "Explanation",
    "Facts",
    "Field",
    "FieldType",
    "Finding",
    "Held",
    "History",
    "KnownFacts",
    "LiveRule",
    "Localised",
    "Memory",
    "Message",
    "Moment",
    "PastEvent",
    "PlannedAction",
    "Policy",
    "Question",
    "Reason",
    "Recorded",
    "Remark",
    "RememberedHistory",
    "Repeat",
    "Rule",
    "RuleErrors",
    "RuleSet",
    "Shown",
    "Simulation",
    "Someone",
    "Span",
    "Supported",
    "Tag",
    "Templates",
    "TestResult",
    "Timer",
    "Untag",
    "View",
    "Watch",
    "Whom",
    "Why",
    "Words",
    "arm",
    "armed",
    "decide",
    "explain",
    "field_of",
    "flips_at",
    "fmt",
    "lines_of",
    "lint",
    "lint_text",
    "looks_back",
    "needs",
    "parse_rules",
    "parse_tree",
    "release",
    "render_yaml",
    "run_tests",
    "sentence",
    "simulate",
    "spelled",
    "why",
]
