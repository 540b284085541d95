"""The rule language of Frontdesk: parse, lint, index, decide, explain, simulate. Pure: no clock, no chance, no I/O.

    rules = parse_rules(yaml_text)                         # RuleErrors(findings) with path, reason and line
    rule_set = RuleSet.compile([LiveRule("rul_1", 1, rules[0])], DEFAULT_POLICY)   # immutable; swap the whole

    moment = Moment(kind="conversation", name="started", at=now, path="/pricing", dwell_ms=61_000, id=event_id)
    candidates = rule_set.candidates(moment)               # with a View of the facts, fewer
    names, past = needs(candidates), looks_back(candidates[0])   # gather only these fields, and events of these names
    facts = KnownFacts({"session.campaign": "spring"}, history)  # or anything with `get(name)` and `history`
    for decision in decide(moment, candidates, facts, memory, Whom(person, session, conversation)):
        for planned in decision.actions:                   # planned.key is the idempotency key
            carry_out(planned.action)                      # by `action.name`; `action.shown` is what the person sees
        if decision.counted:
            remember(decision.rule.id, decision.repeat_key, moment.at)
        if decision.deferred:                              # at decision.until: release(Deferred(rule, moment, now), …)
            put_off(decision.deferred, decision.until)

The ports: `Facts` (fields, and the `History` behind windows), `Memory` (what rules did, what was shown, consent),
`Templates` (which texts are refused). Values: durations in ms (`page.dwell`), times aware UTC, lists as list or tuple.
What the moment knows goes before what was gathered. `Whom.person` is the id first seen.

The clock: for each moment, `arm(rule.live, View(moment, facts), whom)` for the rules of `rule_set.armed_by[moment_key]`
says which timers to cancel and to set; `armed(…)` which one a rule wants for somebody as they are, when it goes live;
`timer.moment(now)` is the moment that it is when it fires. `flips_at(condition, view)` is when time alone may change a
verdict. `rule_set.watch(path)` is what the probe must report on a page.

To see what it does: `lint_text`, `run_tests`, `fmt`, `why` (the stage that said no, and what would have to be
different), `simulate(Question(rule, live), recorded)`. `Supported` refuses by name what a server cannot carry out.
"""

from collections.abc import Iterable

from frontdesk_rules.doubting.cost import cost_ns
from frontdesk_rules.doubting.lint import lint, lint_text
from frontdesk_rules.doubting.remarks import Doubt, Remark
from frontdesk_rules.engine.decide import Decision, Deferred, PlannedAction, decide, release
from frontdesk_rules.engine.flips import flips_at
from frontdesk_rules.engine.held import HELD_WORDS, Held
from frontdesk_rules.engine.index import RuleSet, Watch
from frontdesk_rules.engine.past import Memory, Shown, Whom
from frontdesk_rules.engine.ready import CompiledRule, looks_back
from frontdesk_rules.engine.timers import arm, armed, due_of
from frontdesk_rules.engine.waits import Arming, Cancel, Timer
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
from frontdesk_rules.language.rule import LiveRule, Repeat, Rule, rule_of, timer_id
from frontdesk_rules.language.triggers import moment_key
from frontdesk_rules.reading.fmt import fmt
from frontdesk_rules.reading.gates import parse_policy
from frontdesk_rules.reading.parse import lines_of, parse_rules, parse_tree
from frontdesk_rules.reading.render import render_yaml
from frontdesk_rules.reading.supported import Supported
from frontdesk_rules.reading.texts import Templates
from frontdesk_rules.telling.explain import Explanation, Reason
from frontdesk_rules.telling.sentences import sentence
from frontdesk_rules.trying.golden import TestResult, run_tests
from frontdesk_rules.trying.people import Someone
from frontdesk_rules.trying.recorded import Recorded
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
    "cost_ns",
    "decide",
    "due_of",
    "explain",
    "field_of",
    "flips_at",
    "fmt",
    "lines_of",
    "lint",
    "lint_text",
    "looks_back",
    "moment_key",
    "needs",
    "parse_policy",
    "parse_rules",
    "parse_tree",
    "release",
    "render_yaml",
    "rule_of",
    "run_tests",
    "sentence",
    "simulate",
    "spelled",
    "timer_id",
    "why",
]
