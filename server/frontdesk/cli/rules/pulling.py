"""Rules written to a folder, and never over what somebody changed there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from frontdesk.cli.rules.files import expanded
from frontdesk_rules import Rule, RuleErrors, fmt, parse_rules

Outcome = Literal["written", "unchanged", "kept"]


@dataclass(frozen=True, slots=True)
class Pulled:
    rule: str
    file: Path
    outcome: Outcome

    def to_tree(self) -> dict[str, Any]:
        return {"rule": self.rule, "file": str(self.file), "outcome": self.outcome}


@dataclass(frozen=True, slots=True)
class _Here:
    """A file of the folder and the rules in it."""

    file: Path
    text: str
    rules: dict[str, Rule]


class Folder:
    """A folder of rules, as it was when it was opened."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._of_rule = {key: here for here in _read(folder) for key in here.rules}

    def pull(self, key: str, source: str, past: Callable[[str], Iterable[str]], *, force: bool) -> Pulled:
        """Write a rule, unless a file says the same already or something that is in none of its `past` texts."""
        text = canonical(source)
        here = self._of_rule.get(key)
        file = here.file if here else self._folder / f"{key}.yaml"
        if here is not None and _same(here.rules[key], text):
            return Pulled(key, file, "unchanged")
        if not (_free(file, key, past) or (force and self._alone(here))):
            return Pulled(key, file, "kept")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return Pulled(key, file, "written")

    def _alone(self, here: _Here | None) -> bool:
        """Writing a rule must not cost another one that stands in the same file."""
        return here is None or len(here.rules) == 1


def canonical(source: str) -> str:
    """As `fmt` writes it; of a text that this release cannot read, the text."""
    try:
        return fmt(source)
    except RuleErrors:
        return source


def _same(rule: Rule, text: str) -> bool:
    try:
        (other,) = parse_rules(text)
    except RuleErrors:
        return False
    return rule.to_tree() == other.to_tree()


def _free(file: Path, key: str, past: Callable[[str], Iterable[str]]) -> bool:
    """Whether nothing is lost by writing: there is no file, or it says what the rule once said here."""
    if not file.exists():
        return True
    text = file.read_text(encoding="utf-8", errors="replace")
    return any(text in (source, canonical(source)) for source in past(key))


def _read(folder: Path) -> Iterable[_Here]:
    """The files that can be read; what others say is nobody's rule."""
    for file in expanded([folder]) if folder.is_dir() else ():
        try:
            text = file.read_text(encoding="utf-8")
            yield _Here(file, text, {rule.key: rule for rule in parse_rules(text)})
        except (RuleErrors, UnicodeDecodeError):
            continue
