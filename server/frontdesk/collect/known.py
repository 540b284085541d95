"""Whom an item of a sender is of, once that is known."""

from msgspec import Struct

from frontdesk.people.changes import Change
from frontdesk.people.rows import ContactRow, VisitorRow
from frontdesk.people.trust import counts


class Known(Struct, frozen=True):
    """Whom an item is of, and what it changed of them. `person_id` is the id that its event is stored under.

    `claimed` is the contact that the sender named, or that the browser is linked to; `verified` whether that is a
    verified sender's word, or only an unverified one's, who may name anybody.
    A `stand_in` has the event in the place of a browser; where the item names one, it is the `visitor` as well.
    `company` is the one that it told something new of, and the fields. For the attributes `left_out` there was no room.
    """

    visitor: VisitorRow | None
    claimed: ContactRow | None
    verified: bool
    stand_in: VisitorRow | None = None
    changes: tuple[Change, ...] = ()
    company: tuple[str, tuple[str, ...]] | None = None
    left_out: tuple[str, ...] = ()

    @property
    def browser(self) -> VisitorRow | None:
        """The visitor, where it is the very browser: a stand-in holds no token, and nothing reaches it."""
        return None if self.stand_in else self.visitor

    @property
    def owner(self) -> VisitorRow | None:
        """Whom the item is of, where that is no contact: a browser, or who stands in for one."""
        return self.stand_in or self.visitor

    @property
    def contact(self) -> ContactRow | None:
        """The contact that rules may speak of: never one that is merely claimed."""
        verified = self.visitor.contact_verified if self.visitor else self.verified
        return self.claimed if self.claimed and counts(self.claimed, verified=verified) else None

    @property
    def person_id(self) -> str:
        owner = self.owner or self.claimed
        if owner is None:
            raise LookupError("an event is of a visitor or a contact")
        return owner.id
