"""Whole rules, conditions and facts as hypothesis draws them, from the same tables that the library reads."""

from typing import Any

from hypothesis import strategies as st

from frontdesk_rules import FIELDS, FieldType
from frontdesk_rules.language.operators import OPERATORS, Shape, literal_of

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
}
NAMES = st.sampled_from((*FIELDS, "event.total", "event.plan", "contact.plan", "company.seats"))
ACTUALS = (
    st.none()
    | SCALARS
    | PATHS
    | st.integers(0, 200_000)
    | st.lists(SCALARS, max_size=3)
    | st.sampled_from(("https://shop.example/pricing?plan=pro", "?plan=pro", "spring sale"))
)
FACTS = st.dictionaries(NAMES, ACTUALS, max_size=12)


@st.composite
def comparisons(draw: st.DrawFn, names: st.SearchStrategy[str] = NAMES) -> dict[str, Any]:
    name = draw(names)
    kind = FIELDS[name].type if name in FIELDS else FieldType.ANY
    row = OPERATORS[draw(st.sampled_from([op for op, row in OPERATORS.items() if kind in row.types]))]
    one = LITERALS[literal_of(row, kind)]
    tree: dict[str, Any] = {"field": name, "op": row.name}
    if row.shape is not Shape.NONE:
        several = {Shape.MANY: (1, 3), Shape.PAIR: (2, 2)}.get(row.shape)
        tree["value"] = draw(st.lists(one, min_size=several[0], max_size=several[1]) if several else one)
    return tree


def grouped(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(inner, min_size=1, max_size=3)
    groups = st.tuples(st.sampled_from(("all", "any", "none")), several).map(lambda pair: {pair[0]: pair[1]})
    counted = several.flatmap(lambda of: st.integers(1, len(of)).map(lambda count: {"at_least": count, "of": of}))
    return groups | counted | inner.map(lambda one: {"not": one})


def conditions(names: st.SearchStrategy[str] = NAMES) -> st.SearchStrategy[dict[str, Any]]:
    return st.recursive(comparisons(names), grouped, max_leaves=8)


PATTERNS = GLOBS | st.lists(GLOBS, min_size=1, max_size=2)
TRIGGERS = st.one_of(
    st.just({"page": {}}),
    PATTERNS.map(lambda path: {"page": {"path": path}}),
    st.tuples(PATTERNS, st.sampled_from((1, 2.5, 60))).map(lambda two: {"dwell": {"path": two[0], "seconds": two[1]}}),
    st.sampled_from(("Order Completed", "Project Created")).map(lambda name: {"event": name}),
    conditions(st.sampled_from(("event.total", "event.plan"))).map(lambda where: {"event": "Paid", "where": where}),
    st.sampled_from(("started", "replied", "closed")).map(lambda change: {"conversation": change}),
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
)
TESTS = st.just({
    "name": "a test",
    "given": [{"at": "0s", "page": "/pricing", "facts": {"contact.plan": "pro"}}, {"at": "1m", "dwell": "61s"}],
    "expect": [{"at": "60s", "tag": "vip"}],
})  # fmt: skip
RULES = st.fixed_dictionaries(
    {
        "rule": st.sampled_from(("a", "b-2", "c_3")),
        "trigger": TRIGGERS,
        "do": st.lists(ACTIONS, min_size=1, max_size=3),
    },
    optional={
        "name": LOCALISED,
        "priority": st.integers(0, 100),
        "exclusive": st.just("chat-routing"),
        "when": conditions(),
        "repeat": st.sampled_from(({"per": "person"}, {"per": "session"}, {"every": "7d"})),
        "tests": st.lists(TESTS, min_size=1, max_size=2),
    },
)
