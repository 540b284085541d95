"""What cannot be read as rules or gates: every finding, in one refusal."""

from collections.abc import Iterable
from typing import Any

from frontdesk.core.errors import Invalid
from frontdesk_rules import Finding


class Refused(Invalid):
    """`findings` says where and why, and nothing was saved."""

    code = "refused"

    def __init__(self, findings: Iterable[Finding], field: str | None = None) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(map(str, self.findings)), field=field)


class RulesRefused(Refused):
    """The text holds no rules that can go live."""

    code = "rules_refused"


class GatesRefused(Refused):
    """What was sent are no caps or quiet hours."""

    code = "gates_refused"


def tree_of(finding: Finding) -> dict[str, Any]:
    return {"path": finding.path, "reason": finding.reason, "line": finding.line, "rule": finding.rule}
