"""Rules in files, and what stands on the server after them."""

import json
from typing import Any

from click.testing import Result

from frontdesk.core.clock import system_clock
from frontdesk.core.db import Database
from frontdesk.engage.rules import queries, saving
from frontdesk.engage.rules.versions import Edit
from tests.server.conftest import Home

HELLO = """# why we greet
rule: hello
trigger: {dwell: {path: /pricing, seconds: 60}}
do: [tag: greeted]  # so that sales knows
"""
BYE = "rule: bye\ntrigger: {event: Left}\ndo: [tag: gone]\n"
LETTER = "rule: letter\ntrigger: {event: Paid}\ndo: [{email: {subject: {en: Hello}, text: {en: Hi}}}]\n"
STRANGE = "rule: strange\ntrigger: {conversation: started}\ndo:\n  - assign: {team: nobody}\n"


def told(answer: Result, code: int = 0) -> Any:
    assert answer.exit_code == code, answer.output
    return json.loads(answer.stdout)


def printed(answer: Result) -> list[str]:
    """The lines that a command ends well with."""
    assert answer.exit_code == 0, answer.output
    return answer.output.splitlines()


def plan(answer: Result, code: int = 0) -> dict[str, tuple[str, str]]:
    return {one["rule"]: (one["change"], one["after"]) for one in told(answer, code)["plan"]}


def rules(db: Database, home: Home) -> dict[str, tuple[str, int, str]]:
    found = db.read(lambda session: queries.rules(session, home.id))
    return {rule["key"]: (rule["state"], rule["version"], rule["origin"]) for rule in found}


def set_state(db: Database, home: Home, key: str, state: str) -> None:
    found = {rule["key"]: rule["id"] for rule in db.read(lambda session: queries.rules(session, home.id))}
    db.write(lambda session: saving.set_state(session, home.id, found[key], state, system_clock()))


def save(db: Database, home: Home, text: str) -> None:
    edit = Edit(home.id, system_clock())
    db.write(lambda session: saving.put(session, edit, saving.drafts(text)))
