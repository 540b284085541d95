"""The JSON Schema that ships with the library: made from the tables, and of one mind with the parser."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from ruamel.yaml import YAML

from frontdesk_rules.reading.schema import schema
from tests.rules.test_refusals import REFUSED

SHIPPED = json.loads(files("frontdesk_rules").joinpath("schema.json").read_text("utf-8"))
VALID = jsonschema_rs.validator_for(SHIPPED)
PLAYBOOKS = sorted((Path(__file__).parents[2] / "rules" / "playbooks").glob("*.yaml"))
# What takes two places in the tree to tell, the parser alone refuses.
BEYOND_THE_SCHEMA = {
    "when.at_least",
    "trigger.where.contact.x",
    "when.count.where.contact.x",
    "when.page.path.regex",
    "when.contact.registered_at.after",
    "when.time.now.zone",
    "when.contact.plan.zone",
    "when.bucket",
    "when.count.since",
    "trigger.schedule.zone",
    "trigger.reaches.field",
}
BEYOND_REASONS = ("conversation trigger", "is no hour", "needs how long", "only waiting", "in a session")


def test_the_schema_that_ships_is_the_one_the_tables_make() -> None:
    assert schema() == SHIPPED


def test_the_schema_is_one() -> None:
    jsonschema_rs.meta.validate(SHIPPED)


@pytest.mark.parametrize("file", PLAYBOOKS, ids=lambda file: file.stem)
def test_the_schema_accepts_the_ready_made_rules_as_they_are_written(file: Path) -> None:
    VALID.validate(YAML(typ="safe").load(file.read_text("utf-8")))


@pytest.mark.parametrize(("tree", "path", "reason"), REFUSED)
def test_the_schema_refuses_what_the_parser_refuses(tree: dict[str, Any], path: str, reason: str) -> None:
    whole = {"rule": "a", "trigger": "page", "do": [{"tag": "x"}], **tree}
    beyond = path in BEYOND_THE_SCHEMA or any(words in reason for words in BEYOND_REASONS)
    assert VALID.is_valid(whole) is beyond
