"""Files of rules: read one by one, so that every finding names its file and line."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from frontdesk.engage.rules.refused import RulesRefused
from frontdesk.engage.rules.saving import Draft, drafts
from frontdesk_rules import Finding, RuleErrors, lines_of, spelled

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Written:
    """A rule that can go live, and on which line each of its spots stands: path → line, "" for its start."""

    draft: Draft
    lines: Mapping[str, int]


def written(text: str) -> list[Written]:
    """The rules of a YAML text; raises RulesRefused as `drafts` does."""
    found = zip(drafts(text), lines_of(text), strict=True)
    return [Written(draft, {spelled(path): line for path, line in lines.items()}) for draft, lines in found]


def read(files: Sequence[Path], parse: Callable[[str], list[T]]) -> tuple[list[tuple[Path, T]], list[str]]:
    """What `parse` makes of each sound file, and a line `file:line: path: reason` for each thing that is wrong."""
    sound: list[tuple[Path, T]] = []
    wrong: list[str] = []
    for file in files:
        try:
            sound += [(file, rule) for rule in parse(file.read_text(encoding="utf-8"))]
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            wrong.append(_told(file, Finding("", "this is not UTF-8 text", line)))
        except (RuleErrors, RulesRefused) as errors:
            wrong += [_told(file, finding) for finding in errors.findings]
    return sound, wrong


def twins(rules: Iterable[tuple[Path, Written]]) -> list[str]:
    """Rules that two files name alike."""
    first: dict[str, Path] = {}
    wrong = []
    for file, rule in rules:
        key = rule.draft.rule.key
        other = first.setdefault(key, file)
        if other != file:
            wrong.append(_told(file, Finding("rule", f"{other} has a rule named {key} too", rule.lines[""])))
    return wrong


def traced(findings: Iterable[Finding], rules: Iterable[tuple[Path, Written]]) -> list[str]:
    """Findings that know their rule and not where it is written, with file and line."""
    homes = {rule.draft.rule.key: (file, rule.lines) for file, rule in rules}
    wrong = []
    for finding in findings:
        file, lines = homes[finding.rule or ""]
        line = lines.get(finding.path, lines[""])  # the rule's start, where the spot was written in a shorter way
        wrong.append(_told(file, Finding(finding.path, finding.reason, line)))
    return wrong


def _told(file: Path, finding: Finding) -> str:
    return f"{file}:{finding.line or 1}: {finding.path or 'rule'}: {finding.reason}"
