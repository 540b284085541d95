"""An item on its way through the door, and what its request says of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec import Struct

from frontdesk.accounts.site_rules import SiteRules
from frontdesk.collect.door.checks import Call
from frontdesk.collect.door.device import Device
from frontdesk.collect.door.place import NOWHERE, Place
from frontdesk.collect.door.times import Happened
from frontdesk.collect.door.wire import WireContext
from frontdesk.collect.ports import PageSeen


class Client(Struct, frozen=True):
    """Who sent the request, as far as it speaks for its events: of a browser, what its headers and address say.

    A backend's own say nothing of its people, so that there only `rules` are filled in.
    """

    rules: SiteRules = SiteRules()
    ip: str | None = None
    place: Place = NOWHERE
    user_agent: str | None = None
    gpc: bool = False


NOBODY = Client()
_NOTHING = WireContext()


@dataclass(frozen=True, slots=True)
class Received:
    """What the request says of all its items: when it came, by the sender's clock and by ours.

    `historic` ones are imported: taken at any age, and never acted on.
    """

    now: datetime
    sent_at: datetime | None
    kind: str | None
    context: WireContext | None
    backend: bool
    historic: bool = False
    client: Client = NOBODY
    integrations: dict[str, Any] | None = None


@dataclass(slots=True)
class Draft:
    """An item, and what the steps have made of it so far. `sound` is it once mended, where it had to be.

    `told` is what was sent, where an import has written more into `raw`.
    """

    raw: bytes
    received: Received
    told: bytes = b""
    sound: bytes = b""
    call: Call = None  # type: ignore[assignment]  # there from `parse` on, before which nothing asks
    happened: Happened = None  # type: ignore[assignment]  # there from `clock` on
    page: PageSeen | None = None
    device: Device | None = None
    place: Place = NOWHERE

    @property
    def own(self) -> WireContext:
        return self.call.item.context or _NOTHING

    @property
    def shared(self) -> WireContext:
        """The context that a batch has for all its items."""
        return self.received.context or _NOTHING

    @property
    def properties(self) -> dict[str, Any]:
        return self.call.item.properties or {}

    @property
    def traits(self) -> dict[str, Any]:
        return self.call.item.traits or self.own.traits or {}

    @property
    def user_agent(self) -> str | None:
        return self.own.user_agent or self.shared.user_agent or self.received.client.user_agent

    @property
    def ip(self) -> str | None:
        """Where the person is: as a backend says, or where the browser's request came from."""
        if self.call.backend:
            return self.own.ip or self.shared.ip
        return self.received.client.ip
