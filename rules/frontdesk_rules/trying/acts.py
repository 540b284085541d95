"""What a rule would have done, one time after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from frontdesk_rules.language.actions import Action
from frontdesk_rules.telling.phrases import capital
from frontdesk_rules.telling.sentences import actions_words
from frontdesk_rules.words import Words


@dataclass(frozen=True, slots=True)
class Act:
    """One time that the rule acted: for whom, when, and what it did."""

    at: datetime
    person: str
    variant: str | None
    actions: tuple[dict[str, object], ...]
    words: Words

    def to_tree(self) -> dict[str, object]:
        return {
            "at": self.at.isoformat(),
            "person": self.person,
            "variant": self.variant,
            "actions": list(self.actions),
            "text_en": self.words.en,
            "text_zh": self.words.zh,
        }


def act_of(at: datetime, person: str, variant: str | None, actions: Sequence[Action]) -> Act:
    trees = tuple(action.to_tree() for action in actions)
    return Act(at, person, variant, trees, capital(actions_words(actions)))
