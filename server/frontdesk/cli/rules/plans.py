"""A plan as it is read on a terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

    from frontdesk.engage.rules.planning import Change

# kind → its sign, the colour of its line, and what is said of it
_SIGNS = {
    "new": ("+", "green", "new"),
    "changed": ("~", "yellow", "changed"),
    "moved": (">", "yellow", "moved"),
    "revived": ("+", "green", "revived"),
    "adopted": ("~", "yellow", "managed by git from now on"),
    "released": ("~", "yellow", "free of git from now on"),
    "unchanged": (" ", "dim", "unchanged"),
    "archived": ("-", "red", "archived"),
}
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def tell(changes: "Sequence[Change]") -> None:
    """Each rule with what becomes of it, those that stay as they are last; and how many there are of each."""
    from rich.console import Console
    from rich.text import Text

    if not any(change.changes or _buried(change) for change in changes):
        return
    console = Console(highlight=False, soft_wrap=True)
    for change in sorted(changes, key=lambda one: not one.changes):
        sign, colour, _ = _SIGNS[change.kind]
        console.print(Text(f"{sign} {change.key}  {_said(change)}", style=colour))
        for line in change.diff.splitlines() if change.kind != "new" else ():
            console.print(_coloured(line))
    told = [f"{number} {said}" for said, number in _counts(changes).items()]
    console.print(Text(", ".join(told)))


def _said(change: "Change") -> str:
    said = _SIGNS[change.kind][2]
    if change.kind in ("changed", "moved", "revived") and change.before:
        said += f" ({change.before} {change.version} → {change.after})"
    elif _buried(change):
        said += ", stays archived; --revive brings it back"
    elif change.after == "paused":
        said += ", stays paused"
    return said


def _buried(change: "Change") -> bool:
    return change.kind == "unchanged" and change.after == "archived"


def _counts(changes: "Sequence[Change]") -> dict[str, int]:
    said = [_SIGNS[change.kind][2] for change in changes]
    paused = sum(change.after == "paused" for change in changes)
    buried = sum(map(_buried, changes))
    counts = {word: said.count(word) for _, _, word in _SIGNS.values() if word in said}
    return counts | ({"paused": paused} if paused else {}) | ({"still archived": buried} if buried else {})


def _coloured(line: str) -> "Text":
    from rich.text import Text

    return Text(f"    {line}", style=_COLOURS.get(line[:1], ""))
