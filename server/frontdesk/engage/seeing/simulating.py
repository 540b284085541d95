"""What a rule would have done: the engine of the server, over what was stored."""

import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from frontdesk.core.clock import iso
from frontdesk.core.errors import Invalid
from frontdesk.engage.deciding.decisions import rule_name
from frontdesk.engage.deciding.words import reasons_in_words
from frontdesk.engage.facts.addresses import writes
from frontdesk.engage.seeing.asked import Asked, rule_tree
from frontdesk.engage.seeing.beforehand import theirs
from frontdesk.engage.seeing.recorded import Recording
from frontdesk.engage.seeing.wanted import Times, wanted_of
from frontdesk_rules import LiveRule, Question, Simulation, Words, needs, simulate
from frontdesk_rules.engine.ready import compile_rule
from frontdesk_rules.facts.catalogue import label_of
from frontdesk_rules.facts.cron import cron_of
from frontdesk_rules.language.edges import ChangeTrigger, SegmentTrigger
from frontdesk_rules.language.timed import ScheduleTrigger
from frontdesk_rules.language.triggers import Trigger
from frontdesk_rules.trying.simulate import SILENT, Listeners
from frontdesk_rules.words import joined, same

_ADDRESS: Final = frozenset({"contact.email"})
_RARELY: Final = (100_000, 50, 1_000)


@dataclass(frozen=True, slots=True)
class Window:
    """Rules are asked about what happened from `since` to `until`, as the database knows it at `now`."""

    since: datetime
    until: datetime
    now: datetime


def simulated(
    session: Session, workspace_id: str, asked: Asked, window: Window, told: Listeners = SILENT
) -> Simulation:
    """The rule among the live ones but for those `left_out`, as though it had gone live when the window begins."""
    if window.since >= window.until:
        raise Invalid("It must begin before it ends.", field="since")
    live = [one for one in asked.live if one not in left_out(asked)]
    wanted = wanted_of([asked.rule, *live], asked.policy)
    times = Times(window.since - wanted.ahead, window.since, window.until, window.now)
    recording = Recording(session, workspace_id, wanted, times, told.progress)
    question = Question(asked.rule, live, asked.policy, window.since, window.until)
    with rarely_collecting():
        return simulate(question, recording, recording.people.known, told)


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """For a process that does nothing else: what is made here in great numbers has no cycles, and to look through it
    again and again costs a third."""
    before = gc.get_threshold()
    gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def report(asked: Asked, window: Window, found: Simulation) -> dict[str, Any]:
    """A simulation as JSON: the same database and window make the same, to the byte."""
    others = {one.rule.key: rule_name(one) for one in asked.live}
    return {
        "rule": rule_tree(asked.rule),
        "since": iso(window.since),
        "until": iso(window.until),
        **found.to_tree(),
        "names": {key: others[key] for key in sorted({*found.overlap, *found.displaced})},
        "reasons": reasons_in_words(found.held),
        "notes": [{"code": code, "text_en": text.en, "text_zh": text.zh} for code, text in notes(asked, found)],
    }


_AS_OF_NOW: Final = Words(
    "Known only as of now, and taken to have been so all the time: {f}",
    "仅知当前值，并视为一直如此：{f}",
)
_CHANGES: Final = Words(
    "Changes of attributes are not kept: an attribute counts as set when the person was first known",
    "属性的变更不会保留：以用户首次被识别时视为设定",
)
_SEGMENTS: Final = Words(
    "Who has left a segment since is not kept: people count as members from the day on which they entered",
    "此后退出分群的记录不会保留：自进入之日起视为成员",
)


_LEFT_OUT: Final = Words(
    "Left out, for their schedules run more often than once an hour: {r}",
    "以下规则的计划每小时运行多于一次，未参与模拟：{r}",
)
_CUT: Final = Words(
    "Schedules are played until {t} only: they bring too many moments",
    "计划触发的次数过多，仅模拟至 {t}",
)


def left_out(asked: Asked) -> list[LiveRule]:
    """Other live rules that come by the clock more often than hourly: to play them takes longer than all the rest."""
    return [one for one in asked.live if one.id != asked.rule.id and _often(one.rule.trigger)]


def _often(trigger: Trigger) -> bool:
    return isinstance(trigger, ScheduleTrigger) and len(cron_of(trigger.cron).minutes) > 1


def notes(asked: Asked, found: Simulation) -> list[tuple[str, Words]]:
    """What was not played, and what the past does not say of what this rule asks."""
    told, without = [], [same(one.rule.key) for one in left_out(asked)]
    if without:
        told.append(("left_out", _LEFT_OUT.fill_all(r=joined(without, Words(", ", "、")))))
    if found.cut:
        told.append(("cut", _CUT.fill_all(t=same(iso(found.cut)))))
    return told + _unknown(asked.rule)


def _unknown(live: LiveRule) -> list[tuple[str, Words]]:
    fields, trigger = theirs(needs([compile_rule(live)])), live.rule.trigger
    told = as_of_now(live)
    if isinstance(trigger, ChangeTrigger):
        told.append(("changes", _CHANGES))
    if isinstance(trigger, SegmentTrigger) or "contact.segments" in fields:
        told.append(("segments", _SEGMENTS))
    return told


def as_of_now(live: LiveRule, known: Collection[str] = ()) -> list[tuple[str, Words]]:
    """The fields of people that it asks for, whose past nobody knows, or not whoever asks: but for those `known`; a
    letter asks for the address."""
    fields = theirs(needs([compile_rule(live)]) | (_ADDRESS if writes(live.rule) else frozenset()))
    lasting = [name for name in fields if name not in ("contact.segments", "visitor.known", "person.id", *known)]
    if not lasting:
        return []
    return [("as_of_now", _AS_OF_NOW.fill_all(f=joined([label_of(name) for name in lasting], Words(", ", "、"))))]
