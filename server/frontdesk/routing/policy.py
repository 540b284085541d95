"""Who answers, decided purely."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A teammate who could answer. `open`: conversations they have; `assigned_at`: when they last got one."""

    id: str
    name: str
    online: bool
    open: int
    assigned_at: datetime | None


_NEVER = datetime.min.replace(tzinfo=UTC)


def least_busy(candidates: Sequence[Candidate]) -> Candidate | None:
    """One of those online with the fewest open conversations: the one who has waited longest for a new one."""
    online = [each for each in candidates if each.online]
    return min(online, key=lambda each: (each.open, each.assigned_at or _NEVER, each.id), default=None)


def choose(members: Sequence[Candidate], has_it: str | None) -> tuple[Candidate | None, str]:
    """One of a team's `members` and the code of the reason. Who has the conversation and is online keeps it."""
    online = [each for each in members if each.online]
    keeper = next((each for each in online if each.id == has_it), None)
    if keeper:
        return keeper, "has_it"
    return least_busy(online), _HOW_MANY.get(len(online), "least_busy")


_HOW_MANY = {0: "nobody_online", 1: "only_one"}

Reason = dict[str, str]

_REASONS = {
    "least_busy": ("{name} had the fewest open ({open})", "{name} 手上的对话最少（{open}）"),
    "only_one": ("Only {name} of {team} is online", "{team} 中只有 {name} 在线"),
    "has_it": ("{name} of {team} already has it", "{team} 的 {name} 已在接待"),
    "asked_for": ("The rule asks for {name}", "规则指定由 {name} 接待"),
    "nobody_online": ("Nobody of {team} is online", "{team} 无人在线"),
    "teammate_offline": ("{name} is not online", "{name} 不在线"),
    "queue": ("Waits in the queue of {team}", "在 {team} 的队列中等待"),
    "unassigned": ("Waits for whoever is free", "等待有空的同事接待"),
    "unknown_team": ("There is no team “{team}”", "没有团队“{team}”"),
    "unknown_teammate": ("Nobody here is “{name}”", "没有同事“{name}”"),
}
"""code → what the assignment says of itself, in both languages."""


def reason(code: str, **names: object) -> Reason:
    """{code, text_en, text_zh}, as an assignment part carries it.

    >>> reason("asked_for", name="Li Na")["text_en"]
    'The rule asks for Li Na'
    """
    english, chinese = _REASONS[code]
    return {"code": code, "text_en": english.format(**names), "text_zh": chinese.format(**names)}
