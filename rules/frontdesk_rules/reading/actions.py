"""From a tree to an action, a row each. Adding an action is a class in `language` and a row of `ACTIONS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from frontdesk_rules.findings import Place
from frontdesk_rules.language.actions import Action
from frontdesk_rules.language.deeds import Tag, Untag
from frontdesk_rules.language.messages import GUIDES
from frontdesk_rules.reading import deeds, messages
from frontdesk_rules.reading.texts import Templates


@dataclass(frozen=True, slots=True)
class ActionRow:
    read: Callable[[object, Place, Templates], Action | None]
    schema: dict[str, object]


def _guide(name: str, tree: object, place: Place, _templates: Templates) -> Action | None:
    return messages.read_guide(name, tree, place)


ACTIONS: Final = {
    "message": ActionRow(messages.read_message, messages.MESSAGE_SCHEMA),
    "survey": ActionRow(messages.read_survey, messages.SURVEY_SCHEMA),
    **{name: ActionRow(partial(_guide, name), messages.GUIDE_SCHEMA) for name in GUIDES},
    "email": ActionRow(messages.read_email, messages.EMAIL_SCHEMA),
    "assign": ActionRow(deeds.read_assign, deeds.ASSIGN_SCHEMA),
    "tag": ActionRow(deeds.tag_reader(Tag), deeds.TAG_SCHEMA),
    "untag": ActionRow(deeds.tag_reader(Untag), deeds.TAG_SCHEMA),
    "set": ActionRow(deeds.read_set, deeds.SET_SCHEMA),
    "webhook": ActionRow(deeds.read_webhook, deeds.WEBHOOK_SCHEMA),
    "notify": ActionRow(deeds.read_notify, deeds.NOTIFY_SCHEMA),
    "task": ActionRow(deeds.read_task, deeds.TASK_SCHEMA),
    "segment": ActionRow(deeds.read_segment, deeds.SEGMENT_SCHEMA),
    "emit": ActionRow(deeds.read_emit, deeds.EMIT_SCHEMA),
    "close": ActionRow(deeds.read_close, deeds.CLOSE_SCHEMA),
}


def read_action(tree: object, place: Place, templates: Templates) -> Action | None:
    """One entry of `do:`: a mapping with one key, the action's."""
    given = place.mapping(tree, "an action is needed here, such as {assign: {team: sales}}")
    place.only(given, tuple(ACTIONS))
    if len(given) > 1:
        place.refuse("one action an entry; give each its own")
    name = next((key for key in given if key in ACTIONS), None)
    return ACTIONS[name].read(given[name], place.at(name), templates) if name else None
