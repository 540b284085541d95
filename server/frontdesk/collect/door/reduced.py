"""What an item says and is not kept of it, or not whole: its sender is told. Pure.

The usual item is short and flat: of that one only the shape is looked at.
"""

from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from frontdesk.collect.door.draft import Draft
from frontdesk.collect.door.page import LONGEST_TITLE, cut_of
from frontdesk.collect.door.parse import LONGEST_LOCALE, LONGEST_NAME, Parsed, properties_of
from frontdesk.collect.door.wire import WireCampaign
from frontdesk.collect.refusals import LeftOut, Reduced
from frontdesk.core.text import LONGEST_KEY, LONGEST_TEXT, MOST_KEYS, SURELY_WHOLE, clean, cut
from frontdesk.people.traits import Reader
from frontdesk.people.unkept import RESERVED, shortened, wrong

_SHORT = 1_500  # bytes: nothing so short has 257 keys in one object
_LONGEST_FIELD = 200
_CAMPAIGN = dict(zip(WireCampaign.__struct_fields__, WireCampaign.__struct_encode_fields__, strict=True))
Object = dict[str, Any]
Found = list[tuple[Reduced, str]]


def with_left_out(draft: Draft, item: Parsed) -> Parsed:
    """The item of this draft, with what it does not hold of it, or not whole: each field once."""
    found: Found = []
    reserved = RESERVED.get(item.type)
    told = draft.traits if reserved else {}  # of other calls none are kept
    for where, given in (("properties", properties_of(draft.call)), ("traits", told)):
        if given and not (len(draft.raw) < _SHORT and _plain(given)):
            _in_object(found, where, given)
    if _full(item):
        found += ((Reduced.TEXT_CUT, field) for field in _cut_beside(draft))
    if reserved:
        found += _reserved(item.traits, reserved)
    return replace(item, left_out=_by_code(item.message_id, found)) if found else item


def _plain(given: Object) -> bool:
    """Whether no key is long, and nothing in it has keys of its own."""
    return max(map(len, given)) <= SURELY_WHOLE and _NESTED.isdisjoint(map(type, given.values()))


def _in_object(found: Found, where: str, given: Object) -> None:
    for number, (key, value) in enumerate(given.items()):
        if number >= MOST_KEYS:
            found.append((Reduced.TOO_MANY_KEYS, _field(where, key)))
            continue
        if len(key) > SURELY_WHOLE and cut(key, LONGEST_KEY):
            found.append((Reduced.KEY_CUT, _field(where, key)))
        if type(value) in _READ:
            _READ[type(value)](found, where, key, value)


def _in_list(found: Found, where: str, given: list[Any]) -> None:
    for number, value in enumerate(given):
        if type(value) in _READ:
            _READ[type(value)](found, where, str(number), value)


def _text(found: Found, where: str, name: str, value: str) -> None:
    if cut(value, LONGEST_TEXT):
        found.append((Reduced.TEXT_CUT, _field(where, name)))


def _object(found: Found, where: str, name: str, value: Object) -> None:
    _in_object(found, f"{where[:_LONGEST_FIELD]}.{name}", value)


def _list(found: Found, where: str, name: str, value: list[Any]) -> None:
    _in_list(found, f"{where[:_LONGEST_FIELD]}.{name}", value)


_READ: dict[type, Callable[[Found, str, str, Any], None]] = {str: _text, dict: _object, list: _list}
_NESTED = {dict, list}


def _field(where: str, name: str) -> str:
    return clean(f"{where}.{name}", _LONGEST_FIELD)


def _full(item: Parsed) -> bool:
    """Whether there is a text beside properties and traits that is as long as it may be; or a campaign."""
    page = item.page
    return (
        bool(item.campaign)
        or (item.name is not None and len(item.name) >= LONGEST_NAME)
        or (item.locale is not None and len(item.locale) >= LONGEST_LOCALE)
        or (item.timezone is not None and len(item.timezone) >= LONGEST_LOCALE)
        or (page is not None and len(page.url) + len(page.title or "") + len(page.referrer or "") >= LONGEST_TITLE)
    )


def _cut_beside(draft: Draft) -> Iterator[str]:
    """Fields beside properties and traits; what the batch says for all of its items, each of them says."""
    own, shared = draft.own, draft.shared
    page, campaign = own.page or shared.page, own.campaign or shared.campaign
    for field, text, most in (
        ("event", draft.call.event, LONGEST_NAME),
        ("context.locale", own.locale or shared.locale, LONGEST_LOCALE),
        ("context.timezone", own.timezone or shared.timezone, LONGEST_LOCALE),
    ):
        if text and cut(text, most):
            yield field
    yield from cut_of(page, draft.properties, is_page=draft.call.kind == "page")
    said = ((name, getattr(campaign, attribute, None)) for attribute, name in _CAMPAIGN.items())
    yield from (f"context.campaign.{name}" for name, text in said if text and cut(text, LONGEST_NAME))


def _reserved(traits: Object, reserved: dict[str, Reader]) -> Iterator[tuple[Reduced, str]]:
    for code, named in ((Reduced.WRONG_KIND, wrong), (Reduced.TEXT_CUT, shortened)):
        yield from ((code, _field("traits", name)) for name in named(traits, reserved))


def _by_code(message_id: str, found: Found) -> tuple[LeftOut, ...]:
    fields: dict[Reduced, dict[str, None]] = {}
    for code, field in found:
        fields.setdefault(code, {})[field] = None
    return tuple(LeftOut(message_id, code, tuple(named)) for code, named in fields.items())
