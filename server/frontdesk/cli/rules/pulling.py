"""Rules written to a folder and taken out of it, and never over what somebody changed there."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from frontdesk.cli.rules.files import expanded
from frontdesk_rules import Rule, RuleErrors, fmt, parse_rules

if TYPE_CHECKING:
    from frontdesk.engage.rules.queries import Fallen

Outcome = Literal["written", "unchanged", "kept", "removed"]


@dataclass(frozen=True, slots=True)
class Pulled:
    """What became of the file of one rule."""

    rule: str
    state: str
    file: Path
    outcome: Outcome

    def to_tree(self) -> dict[str, Any]:
        return {"rule": self.rule, "state": self.state, "file": str(self.file), "outcome": self.outcome}


@dataclass(frozen=True, slots=True)
class _Here:
    """A file of the folder and the rules in it; `texts`: each as it is written there."""

    file: Path
    rules: dict[str, Rule]
    texts: dict[str, str]


class Folder:
    """A folder of rules, as it was when it was opened."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = list(_read(folder))
        self._of_rule = {key: here for here in self._files for key in here.rules}

    @property
    def keys(self) -> frozenset[str]:
        """The rules that stand in it."""
        return frozenset(self._of_rule)

    def pull(self, key: str, source: str, past: Callable[[str], Iterable[str]], *, force: bool) -> tuple[Path, Outcome]:
        """Write a rule, unless a file says the same already or something that is in none of its `past` texts."""
        text = canonical(source)
        here = self._of_rule.get(key)
        file = here.file if here else self._folder / f"{key}.yaml"
        if here is not None and _same(here.rules[key], text):
            return file, "unchanged"
        if not (_free(file, key, past) or (force and self._alone(key))):
            return file, "kept"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file, "written"

    def _alone(self, key: str) -> bool:
        """Writing a rule must not cost another one that stands in the same file."""
        return key not in self._of_rule or len(self._of_rule[key].rules) == 1

    def clear(self, fallen: "Mapping[str, Fallen]", *, force: bool) -> Iterator[Pulled]:
        """Remove the files of rules that do not stand any more, where they say what is archived and nothing else.

        Of a rule that is archived altogether, a file that says anything else is kept, and told of; one that is being
        tried as a draft or shadow has its file left alone.
        """
        for here in self._files:
            down = {key: fallen[key] for key in here.rules if key in fallen}
            over = [key for key in down if down[key].over]
            said = all(_said(here.texts[key], one.texts) for key, one in down.items())
            goes = len(down) == len(here.rules) and (said or (force and over == list(down) and self._alone(over[0])))
            if goes:
                here.file.unlink()
            for key in down if goes else over:
                yield Pulled(key, "archived", here.file, "removed" if goes else "kept")


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
    return not file.exists() or _said(file.read_text(encoding="utf-8", errors="replace"), past(key))


def _said(text: str, past: Iterable[str]) -> bool:
    trimmed = text.strip("\n") + "\n"  # as the server keeps it
    return any(trimmed in (source, canonical(source)) for source in past)


def _read(folder: Path) -> Iterable[_Here]:
    """The files that can be read; what others say is nobody's rule."""
    from frontdesk.engage.rules.saving import sources

    for file in expanded([folder]) if folder.is_dir() else ():
        try:
            text = file.read_text(encoding="utf-8")
            rules = parse_rules(text)
        except (RuleErrors, UnicodeDecodeError):
            continue
        keys = [rule.key for rule in rules]
        texts = [text] if len(keys) == 1 else sources(text)
        yield _Here(file, dict(zip(keys, rules, strict=True)), dict(zip(keys, texts, strict=True)))
