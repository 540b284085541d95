"""Files of rules: read one by one, so that every finding names its file and line."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from frontdesk.engage.rules.refused import RulesRefused, tree_of
from frontdesk.engage.rules.saving import Draft, drafts
from frontdesk_rules import Finding, RuleErrors, lines_of, spelled

T = TypeVar("T")
ENDINGS = (".yaml", ".yml")
_MANY = 20  # files from which on somebody may wait


@dataclass(frozen=True, slots=True)
class Written:
    """A rule that can go live, and on which line each of its spots stands: path → line, "" for its start."""

    draft: Draft
    lines: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A finding, and the file that it is in."""

    file: Path
    finding: Finding

    def __str__(self) -> str:
        found = self.finding
        return f"{self.file}:{found.line or 1}: {found.path or 'rule'}: {found.reason}"

    def to_tree(self) -> dict[str, Any]:
        return {"file": str(self.file), **tree_of(self.finding)}


def expanded(named: Iterable[Path]) -> list[Path]:
    """The files that are named, and all that end like rules in the folders that are; each once, in order."""
    found: dict[Path, None] = {}
    for path in named:
        inside = sorted(one for one in path.rglob("*") if one.suffix in ENDINGS) if path.is_dir() else [path]
        found |= dict.fromkeys(inside)
    return list(found)


def some(named: Sequence[Path]) -> list[Path]:
    """As `expanded`; ends the command where that is no file at all."""
    if files := expanded(named):
        return files
    raise click.ClickException(f"There are no rules in {', '.join(map(str, named))}: no file ends in .yaml or .yml.")


def written(text: str) -> list[Written]:
    """The rules of a YAML text; raises RulesRefused as `drafts` does."""
    found = zip(drafts(text), lines_of(text), strict=True)
    return [Written(draft, {spelled(path): line for path, line in lines.items()}) for draft, lines in found]


def read(files: Sequence[Path], parse: Callable[[str], list[T]]) -> tuple[list[tuple[Path, T]], list[Wrong]]:
    """What `parse` makes of each sound file, and everything that is wrong."""
    sound: list[tuple[Path, T]] = []
    wrong: list[Wrong] = []
    for file in watched(files):
        try:
            sound += [(file, rule) for rule in parse(file.read_text(encoding="utf-8"))]
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            wrong.append(Wrong(file, Finding("", "this is not UTF-8 text", line)))
        except (RuleErrors, RulesRefused) as errors:
            wrong += [Wrong(file, finding) for finding in errors.findings]
    return sound, wrong


def watched(files: Sequence[Path]) -> Iterator[Path]:
    """The files, with a progress bar on a terminal if they are many."""
    if len(files) < _MANY:
        yield from files
        return
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        yield from progress.track(files, description="files")


def twins(rules: Iterable[tuple[Path, Written]]) -> list[Wrong]:
    """Rules that two files name alike."""
    first: dict[str, Path] = {}
    wrong = []
    for file, rule in rules:
        key = rule.draft.rule.key
        other = first.setdefault(key, file)
        if other != file:
            wrong.append(Wrong(file, Finding("rule", f"{other} has a rule named {key} too", rule.lines[""], key)))
    return wrong


def traced(findings: Iterable[Finding], rules: Iterable[tuple[Path, Written]]) -> list[Wrong]:
    """Findings that know their rule and not where it is written, with file and line."""
    homes = {rule.draft.rule.key: (file, rule.lines) for file, rule in rules}
    wrong = []
    for finding in findings:
        file, lines = homes[finding.rule or ""]
        wrong.append(Wrong(file, Finding(finding.path, finding.reason, _line(finding.path, lines), finding.rule)))
    return wrong


def _line(path: str, lines: Mapping[str, int]) -> int:
    """Of the spot, or of what holds it: a short form has fewer spots than the canonical one."""
    while path not in lines and path:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines[path]


def refuse(wrong: Sequence[Wrong], *, as_json: bool) -> None:
    """End the command where anything is wrong, before anything was done."""
    if not wrong:
        return
    if as_json:
        from frontdesk.cli.printing import print_json

        print_json({"findings": [one.to_tree() for one in wrong]})
        raise SystemExit(1)
    raise click.ClickException("\n".join(["nothing was done:", *map(str, wrong)]))
