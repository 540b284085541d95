"""What a call says of messages that its person wants: Segment's `context.consent`, where a category is a class of ours.

Consent managers stamp every event with it; it is read where somebody says who they are, and of the event by which
Segment tells that preferences changed.
"""

from collections.abc import Mapping
from typing import Any, Final

from frontdesk_rules.language.actions import MESSAGE_CLASSES

UPDATED: Final = "Segment Consent Preference Updated"
_SAYS_NOTHING: Final[dict[str, bool]] = {}


def preferences(kind: str | None, name: str | None, *stated: Mapping[str, Any] | None) -> dict[str, bool]:
    """Class → yes or no, of the first of `stated` that says anything.

    >>> preferences("identify", None, {"categoryPreferences": {"marketing": False, "Advertising": True}})
    {'marketing': False}
    """
    if kind != "identify" and name != UPDATED:
        return _SAYS_NOTHING
    said = (_of(consent) for consent in stated if consent)
    return next(filter(None, said), _SAYS_NOTHING)


def _of(consent: Mapping[str, Any]) -> dict[str, bool]:
    given = consent.get("categoryPreferences")
    if not isinstance(given, dict):
        return _SAYS_NOTHING
    return {
        name.lower(): value
        for name, value in given.items()
        if name.lower() in MESSAGE_CLASSES and isinstance(value, bool)
    }
