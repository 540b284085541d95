"""What can be asked about a text of rules without saving it. The database only says who works here."""

from typing import Any, Final

from sqlalchemy.orm import Session

from frontdesk.accounts.queries import workspace
from frontdesk.engage.rules.refused import RulesRefused, tree_of
from frontdesk.engage.rules.saving import Draft, drafts, impossible
from frontdesk.engage.rules.supported import SUPPORTED
from frontdesk.engage.rules.versions import Edit
from frontdesk_rules import FIELDS, TEMPLATE_FIELDS, Field, Rule, cost_ns, lint_text, run_tests
from frontdesk_rules.facts.catalogue import OPEN_FAMILIES
from frontdesk_rules.language.operators import OPERATORS

SILENT: Final[dict[str, Any]] = {"remarks": [], "costs": []}


def linted(session: Session, edit: Edit, text: str) -> dict[str, Any]:
    """`{findings, remarks, costs}`: what is wrong, or else what speaks against the rules and what asking costs."""
    try:
        found = drafts(text)
    except RulesRefused as error:
        return {"findings": [tree_of(finding) for finding in error.findings], **SILENT}
    wrong = impossible(session, edit, [draft.rule for draft in found])
    return {"findings": [tree_of(finding) for finding in wrong], **remarked(session, edit, text, found)}


def remarked(session: Session, edit: Edit, text: str, found: list[Draft]) -> dict[str, Any]:
    """`{remarks, costs}` of rules that can be read."""
    language = workspace(session, edit.workspace_id).language
    return {
        "remarks": [remark.to_tree() for remark in lint_text(text, language)],
        "costs": [{"rule": draft.rule.key, "ns": cost_ns(draft.rule)} for draft in found],
    }


def tested(rules: list[Rule]) -> dict[str, Any]:
    """`{passed, data}`: every test of these rules, on a fake clock."""
    results = [
        {
            "rule": rule.key,
            "name": result.name,
            "passed": result.passed,
            "expected": list(result.expected),
            "actual": list(result.actual),
        }
        for rule in rules
        for result in run_tests(rule)
    ]
    return {"passed": all(result["passed"] for result in results), "data": results}


def catalogue() -> list[dict[str, Any]]:
    """What a rule may ask about, in the order of the library's table."""
    return [_told(field) for field in FIELDS.values()]


def families() -> list[dict[str, str]]:
    """Where the customer names the fields: `contact.plan`, `event.revenue`."""
    return [{"family": family, "source": str(source)} for family, source in OPEN_FAMILIES.items()]


def _told(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "type": str(field.type),
        "label": field.label.to_tree(),
        "source": field.source,
        "personal": field.personal,
        "in_templates": field.name in TEMPLATE_FIELDS,
        "supported": field.source in SUPPORTED.sources and field.name not in SUPPORTED.lacking,
        "operators": [name for name, operator in OPERATORS.items() if field.type in operator.types],
    }
