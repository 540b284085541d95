"""Whole rules, conditions and facts as hypothesis draws them, from the same tables that the library reads."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from frontdesk_rules import FIELDS, NO_HISTORY, FieldType, History, PastEvent, RememberedHistory
from frontdesk_rules.language.aggregates import ABOUT_PROPERTY, AGGREGATES, MAYBE_PROPERTY, Aggregate, Step
from frontdesk_rules.language.operators import LOCAL, OPERATORS, Operator, Shape, literal_of

SEGMENTS = ("a", "b", "pricing", "docs", "价格")
PATHS = st.lists(st.sampled_from(SEGMENTS), max_size=3).map(lambda parts: "/" + "/".join(parts))
GLOBS = st.lists(st.sampled_from((*SEGMENTS, "*", "**", "pri*")), max_size=4).map(lambda parts: "/" + "/".join(parts))
WORDS = st.sampled_from(("a", "b", "A", "spring", "pro", "é"))
NUMBERS = st.integers(-3, 3) | st.sampled_from((0.5, 1.0, -0.0))
SCALARS = WORDS | NUMBERS | st.booleans()
LITERALS = {
    "text": WORDS,
    "number": NUMBERS,
    "flag": st.booleans(),
    "any": SCALARS,
    "duration": st.sampled_from(("0s", "1s", "60s", "1.5m", "24h", "14d")),
    "path": PATHS,
    "glob": GLOBS,
    "host": st.sampled_from(("shop.example", "www.shop.example")),
    "pair": st.sampled_from(("plan=pro", "q=a b")),
    "regex": st.sampled_from(("^a", "pro$", "(?i)A|b", "s.*g")),
    "instant": st.sampled_from(("2026-03-01", "2026-03-02T12:00", "2026-03-02T12:00Z", "2026-03-29T02:30")),
    "clock": st.sampled_from(("00:00", "09:00", "12:00", "21:00", "24:00")),
    "weekday": st.sampled_from(("Mon", "Tue", "Sun")),
    "version": st.sampled_from(("1", "1.0.0", "v2.1", "2.1.0-rc.1")),
    "key": st.sampled_from(("vip", "staff")),
    "bounds": st.integers(0, 3) | st.fixed_dictionaries({"gte": st.integers(0, 2)}, optional={"lt": st.integers(1, 4)}),
    "share": st.integers(1, 100).map(lambda to: {"salt": "a", "from": 0, "to": to}),
}
ZONES = st.sampled_from(("workspace", "Asia/Shanghai", "Europe/Berlin", "America/New_York"))
NAMES = st.sampled_from((*FIELDS, "event.total", "event.plan", "contact.plan", "company.seats"))
TIMES = st.datetimes(datetime(2026, 3, 1), datetime(2026, 3, 30), timezones=st.just(UTC))  # noqa: DTZ001 - made aware
ACTUALS = (
    st.none()
    | SCALARS
    | PATHS
    | TIMES
    | st.integers(0, 200_000)
    | st.lists(SCALARS, max_size=3)
    | st.sampled_from((
        "https://shop.example/pricing?plan=pro", "?plan=pro", "spring sale", "2.1.0", "1.0", "2026-03-02T11:00Z",
        "Asia/Shanghai", ["vip"], "2026-03-02", "2026/3/2 20:00", "2026年3月3日", 1_772_450_000, 1_772_450_000_000,
    ))
)  # fmt: skip
FACTS = st.dictionaries(NAMES, ACTUALS, max_size=12)
EVENTS = ("Paid", "Project Created", "Registered")
STEPS = st.sampled_from(EVENTS) | st.fixed_dictionaries(
    {"event": st.sampled_from(EVENTS)}, optional={"where": st.just({"event.total": {"gte": 1}})}
)
PAST = st.lists(
    st.tuples(st.sampled_from(EVENTS), TIMES, st.fixed_dictionaries({}, optional={"total": SCALARS})), max_size=8
)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Nobody's, one that is all there, or one of somebody whom we know since lately."""
    if draw(st.integers(0, 5)) == 0:
        return NO_HISTORY
    history = RememberedHistory(draw(st.none() | TIMES))
    for name, at, properties in draw(PAST):
        history.add(name, PastEvent(at, properties))
    return history


@st.composite
def comparisons(draw: st.DrawFn, names: st.SearchStrategy[str] = NAMES) -> dict[str, Any]:
    name = draw(names)
    kind = FIELDS[name].type if name in FIELDS else FieldType.ANY
    row = OPERATORS[draw(st.sampled_from([op for op, row in OPERATORS.items() if kind in row.types]))]
    tree: dict[str, Any] = {"field": name, "op": row.name}
    return valued(draw, tree, row, kind)


def valued(draw: st.DrawFn, tree: dict[str, Any], row: Operator, kind: FieldType) -> dict[str, Any]:
    """With a value and, where one may stand, a zone."""
    one = LITERALS[literal_of(row, kind)]
    if row.shape is not Shape.NONE:
        several = {Shape.MANY: (1, 3), Shape.PAIR: (2, 2)}.get(row.shape)
        tree["value"] = draw(st.lists(one, min_size=several[0], max_size=several[1]) if several else one)
    if row.name in LOCAL and draw(st.booleans()):
        tree["zone"] = draw(ZONES)
    return tree


WINDOW = st.sampled_from((
    {}, {"ever": True}, {"within": "1d"}, {"within": "30d"}, {"calendar": "today"}, {"calendar": "last_month"},
    {"calendar": "this_week", "zone": "Asia/Shanghai"}, {"since": "2026-03-01"}, {"since": "contact.registered_at"},
))  # fmt: skip


@st.composite
def aggregates(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(AGGREGATES))
    complete = draw(st.sampled_from(({}, {"assume_complete": True})))
    if kind == "sequence":
        tree = {"first": draw(STEPS), "then": draw(STEPS), "within": draw(st.sampled_from(("1h", "5d")))}
        return {kind: tree | complete, **draw(st.sampled_from(({}, {"op": "eq", "value": False}, {"exists": True})))}
    step = draw(STEPS)
    tree = (step if isinstance(step, dict) else {"event": step}) | draw(WINDOW) | complete
    about = kind in ABOUT_PROPERTY or (kind in MAYBE_PROPERTY and draw(st.booleans()))
    of_type = Aggregate(kind, Step(""), about="total" if about else None).type
    row = OPERATORS[draw(st.sampled_from([op for op, row in OPERATORS.items() if of_type in row.types]))]
    return valued(draw, {kind: tree | ({"property": "total"} if about else {}), "op": row.name}, row, of_type)


def grouped(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(inner, min_size=1, max_size=3)
    groups = st.tuples(st.sampled_from(("all", "any", "none")), several).map(lambda pair: {pair[0]: pair[1]})
    counted = several.flatmap(lambda of: st.integers(1, len(of)).map(lambda count: {"at_least": count, "of": of}))
    return groups | counted | inner.map(lambda one: {"not": one})


def conditions(names: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Over these fields only, or over any field and the past."""
    leaves = comparisons(NAMES) | aggregates() if names is None else comparisons(names)
    return st.recursive(leaves, grouped, max_leaves=8)


PATTERNS = GLOBS | st.lists(GLOBS, min_size=1, max_size=2)
TRIGGERS = st.one_of(
    st.just({"page": {}}),
    PATTERNS.map(lambda path: {"page": {"path": path}}),
    st.tuples(PATTERNS, st.sampled_from((1, 2.5, 60))).map(lambda two: {"dwell": {"path": two[0], "seconds": two[1]}}),
    st.sampled_from(("Order Completed", "Project Created")).map(lambda name: {"event": name}),
    conditions(st.sampled_from(("event.total", "event.plan"))).map(lambda where: {"event": "Paid", "where": where}),
    st.sampled_from(("started", "replied", "closed")).map(lambda change: {"conversation": change}),
    st.just({"conversation": "waiting", "after": "5m"}),
    st.tuples(PATTERNS, st.integers(1, 100)).map(lambda two: {"scroll": {"path": two[0], "percent": two[1]}}),
    st.sampled_from(("exit_intent", {"exit_intent": {"path": "/a"}}, {"call": "demo"})),
    st.sampled_from(
        ({"change": "contact.plan"}, {"change": {"attribute": "contact.plan", "from": "free", "to": ["pro"]}})
    ),
    st.sampled_from(({"segment": {"enters": "vip"}}, {"segment": {"leaves": "vip"}})),
    st.tuples(STEPS, STEPS).map(lambda two: {"absence": {"of": two[0], "after": two[1], "within": "24h"}}),
    st.just({"absence": {"of": "Paid", "after": "Registered", "within": "1h", "key": "order"}}),
    st.just({"absence": {"of": "Paid", "after": "Paid", "within": "14d", "by": "company"}}),
    st.sampled_from(
        (
            {"reaches": {"field": "contact.registered_at", "plus": "365d"}},
            {"reaches": {"field": "contact.renews_at", "minus": "30d"}},
        )
    ),
    st.sampled_from(({"schedule": "0 9 * * mon"}, {"schedule": {"cron": "*/5 0-6 1,15 * *", "zone": "person"}})),
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30)
LOCALISED = st.fixed_dictionaries({"en": TEXTS}, optional={"zh": TEXTS})
ACTIONS = st.one_of(
    st.fixed_dictionaries(
        {"text": LOCALISED},
        optional={
            "kind": st.just("chat"),
            "class": st.sampled_from(("marketing", "onboarding", "support", "transactional")),
            "from": st.fixed_dictionaries({"name": TEXTS}),
            "reply_label": LOCALISED,
        },
    ).map(lambda message: {"message": message}),
    st.fixed_dictionaries(
        {"team": st.sampled_from(("sales", "experts"))},
        optional={"strategy": st.just("least_busy"), "fallback": st.just("experts")},
    ).map(lambda assign: {"assign": assign}),
    st.just({"assign": {"teammate": "lin@shop.example"}}),
    st.sampled_from(("vip", "价格 页")).flatmap(lambda tag: st.sampled_from(({"tag": tag}, {"untag": tag}))),
    LOCALISED.map(lambda text: {"message": {"kind": "banner", "title": text, "text": text, "link": "/trial"}}),
    LOCALISED.map(lambda text: {"email": {"subject": text, "text": text}}),
    LOCALISED.map(lambda text: {"survey": {"kind": "csat", "question": text}}),
    LOCALISED.map(lambda text: {"notify": {"owner": True, "text": text}}),
    LOCALISED.map(lambda text: {"task": {"team": "sales", "title": text, "due": "2d"}}),
    st.sampled_from(
        (
            {"message": {"kind": "post", "template": "trial-14d"}},
            {"email": "trial"},
            {"survey": "nps"},
            {"survey": "exit-form"},
            {"tour": "first-project"},
            {"hint": {"template": "new", "class": "support"}},
            {"checklist": "start"},
            {"set": {"contact.stage": "active", "company.seats": 3, "contact.old": None}},
            {"webhook": "https://x.example/h"},
            {"webhook": {"url": "https://x.example/h", "include": ["contact.email"]}},
            {"segment": {"add": "vip"}},
            {"emit": "Nudged"},
            {"emit": {"event": "Nudged", "properties": {"step": 1}}},
            {"close": {}},
            {"close": True},
        )
    ),
)
TESTS = st.just(
    {
        "name": "a test",
        "given": [{"at": "0s", "page": "/pricing", "facts": {"contact.plan": "pro"}}, {"at": "1m", "dwell": "61s"}],
        "expect": [{"at": "60s", "tag": "vip"}],
    }
)
DO = st.lists(ACTIONS, min_size=1, max_size=3)
VARIANTS = st.tuples(DO, DO).map(
    lambda two: [{"name": "a", "share": "30%", "do": two[0]}, {"name": "b", "share": "70%", "do": two[1]}]
)
DONE = DO.map(lambda do: {"do": do}) | VARIANTS.map(lambda variants: {"variants": variants})
BARE_RULES = st.fixed_dictionaries(
    {"rule": st.sampled_from(("a", "b-2", "c_3")), "trigger": TRIGGERS},
    optional={
        "name": LOCALISED,
        "priority": st.integers(0, 100),
        "exclusive": st.just("chat-routing"),
        "when": conditions(),
        "repeat": st.sampled_from(({"per": "person"}, {"per": "session"}, {"every": "7d"})),
        "tests": st.lists(TESTS, min_size=1, max_size=2),
        "moment": st.just("first-value"),
        "holdout": st.sampled_from(("10%", "0.5%")),
        "goal": st.sampled_from(
            ({"event": "Paid", "within": "14d", "value": "total"}, {"event": "Paid", "within": "1d"})
        ),
        "caps": st.just(
            [{"limit": 2, "window": "1d"}, {"per": "session", "limit": 1, "window": "7d", "otherwise": "defer"}]
        ),
        "quiet": st.sampled_from(
            (
                {"allow": "Mon-Fri 09:00-18:00"},
                {
                    "allow": ["09:00-21:00", "Sat 10:00-14:00"],
                    "zone": "Asia/Shanghai",
                    "otherwise": "hold",
                    "classes": ["marketing"],
                },
                {"allow": "22:00-06:00", "zone": "person", "otherwise": "defer", "at_most": "12h", "recheck": True},
            )
        ),
        "max_lateness": st.just("2h"),
    },
)
RULES = (
    st.tuples(BARE_RULES, DONE)
    .map(lambda two: {**two[0], **two[1]})
    .filter(
        lambda tree: (
            tree.get("repeat") != {"per": "session"} or not {"schedule", "reaches", "absence"} & set(tree["trigger"])
        )
    )
)
