"""What a batch says for all its items, as it is kept beside each of them that is refused, and read again with it."""

from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import asdict, replace

from frontdesk.collect.door.device import LONGEST_USER_AGENT
from frontdesk.collect.door.filters import ANALYTICS
from frontdesk.collect.door.wire import WireCampaign, WireContext, WirePage
from frontdesk.collect.refusals import without_keys
from frontdesk.core.client_ip import masked
from frontdesk.core.text import clean
from frontdesk_rules.language.actions import MESSAGE_CLASSES

# it is kept once for each refused item of its batch; a probe's has some 500 bytes
_MOST_BYTES: Final = 8 * 1024
_ADDRESS, _SHORT = 2_000, LONGEST_USER_AGENT
_READ: Final = ANALYTICS | frozenset(MESSAGE_CLASSES)
S = TypeVar("S", bound=Struct)


def written(context: WireContext | None) -> str | None:
    """What is read of it, as JSON without keys, its address masked; None where it says nothing.

    Page and campaign are whole, so that an item is known by its content as its sender's resend is. Beyond 8 KB they
    are cut to what an event keeps of them.
    """
    if context is None or context == WireContext():
        return None
    kept = replace(
        context,
        traits=None,
        ip=masked(context.ip) or None if context.ip else None,
        consent=_consent(context.consent),
        **{name: _cut(getattr(context, name)) for name in ("locale", "timezone", "user_agent")},
    )
    text = msgspec.json.encode(kept)
    if len(text) > _MOST_BYTES:
        text = msgspec.json.encode(replace(kept, page=_page(kept.page), campaign=_campaign(kept.campaign)))
    return without_keys(text.decode())


def read(text: str | None) -> WireContext | None:
    """What `written` wrote."""
    return _decode(text) if text else None


def _consent(given: dict[str, Any] | None) -> dict[str, Any] | None:
    """The yes and no to what we ask about, and to nothing else."""
    stated = given.get("categoryPreferences") if given else None
    if not isinstance(stated, dict):
        return None
    said = {name: value for name, value in stated.items() if name.lower() in _READ and isinstance(value, bool)}
    return {"categoryPreferences": said}


def _page(given: WirePage | None) -> WirePage | None:
    return _with_texts_cut(given, _ADDRESS) if given else None


def _campaign(given: WireCampaign | None) -> WireCampaign | None:
    return _with_texts_cut(given, _SHORT) if given else None


def _with_texts_cut(given: S, most: int) -> S:
    return replace(given, **{name: clean(text, most) for name, text in asdict(given).items() if isinstance(text, str)})


def _cut(text: str | None) -> str | None:
    return clean(text, _SHORT) if text else None


_decode = msgspec.json.Decoder(WireContext).decode
