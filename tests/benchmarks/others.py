"""The same rule in other rule languages: what each needs to be ready, and then to be asked.

All are asked about the same person: on /pricing for 61 s, on the plan `free`, on the third page.
"""

import json
import warnings
from collections.abc import Callable
from typing import Any

Ask = Callable[[], object]
FACTS: dict[str, object] = {"path": "/pricing", "dwell": 61_000, "plan": "free", "views": 3}


def rule_engine() -> Ask:
    import rule_engine as lib

    rule = lib.Rule('path == "/pricing" and dwell > 60000 and plan in ["free", "trial"] and views >= 3')
    return lambda: rule.matches(FACTS)


def json_logic() -> Ask:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from json_logic import jsonLogic as ask  # noqa: N813 - its name

    def var(name: str) -> dict[str, str]:
        return {"var": name}

    rule = {
        "and": [
            {"==": [var("path"), "/pricing"]},
            {">": [var("dwell"), 60_000]},
            {"in": [var("plan"), ["free", "trial"]]},
            {">=": [var("views"), 3]},
        ]
    }
    return lambda: ask(rule, FACTS)


_CEL = 'path == "/pricing" && dwell > 60000 && plan in ["free", "trial"] && views >= 3'


def celpy() -> Ask:
    """Interpreted: its compiling runner fails on this rule."""
    import celpy as lib

    environment = lib.Environment()
    program = environment.program(environment.compile(_CEL))
    activation: Any = {name: lib.json_to_cel(value) for name, value in FACTS.items()}
    return lambda: program.evaluate(activation)


def cel_in_rust(*, ready: bool) -> Ask:
    import cel as lib

    if ready:
        program = lib.compile(_CEL)
        context = lib.Context(variables=FACTS)
        return lambda: program.execute(context)
    return lambda: lib.evaluate(_CEL, FACTS)


def growthbook() -> Ask:
    from growthbook.core import evalCondition as ask  # noqa: N813 - its name

    condition = {"path": "/pricing", "dwell": {"$gt": 60_000}, "plan": {"$in": ["free", "trial"]}, "views": {"$gte": 3}}
    return lambda: ask(FACTS, condition)


def cel_of(tree: dict[str, Any]) -> str:
    """A canonical condition as CEL, for the operators that the benchmark uses; dots in names become underscores."""
    for op, sign in (("all", " && "), ("any", " || ")):
        if op in tree:
            return "(" + sign.join(cel_of(part) for part in tree[op]) + ")"
    name, value = tree["field"].replace(".", "_"), json.dumps(tree.get("value"))
    signs = {"eq": "==", "neq": "!=", "gt": ">", "gte": ">="}
    if tree["op"] == "missing":
        return f'{name} == ""'
    if tree["op"] == "has":
        return f"{value} in {name}"
    if tree["op"] in ("in", "not_in"):
        return f"{'!' if tree['op'] == 'not_in' else ''}({name} in {value})"
    return f"{name} {signs[tree['op']]} {value}"


def many_in_cel(conditions: list[dict[str, Any]], facts: dict[str, object]) -> Callable[[str], int]:
    """The fastest of them over many rules: every rule is asked, for there is no index. Answers how many hold."""
    import cel as lib

    programs = [lib.compile(cel_of(tree)) for tree in conditions]
    names = {name.replace(".", "_"): value for name, value in facts.items()}

    def ask(path: str) -> int:
        context = lib.Context(variables={**names, "page_path": path})
        return sum(program.execute(context) is True for program in programs)

    return ask


OTHERS: dict[str, Callable[[], Ask]] = {
    "rule_engine": rule_engine,
    "json_logic": json_logic,
    "celpy": celpy,
    "cel_rust": lambda: cel_in_rust(ready=True),
    "cel_rust_from_text": lambda: cel_in_rust(ready=False),
    "growthbook": growthbook,
}
