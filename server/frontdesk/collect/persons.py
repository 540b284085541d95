"""Whose events these are: visitors, contacts and companies of a group, and what identify says of them."""

from collections.abc import Iterable, Set
from datetime import datetime, timedelta

from msgspec.structs import replace
from sqlalchemy.orm import Session as Db

from frontdesk.collect.browsers import act, be_present, keep_device, same_device
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.known import Known
from frontdesk.collect.naming import named, second_users, word_of
from frontdesk.collect.ports import Talks, nobody_talks
from frontdesk.collect.requests import Request
from frontdesk.core.ids import derived_secret, fingerprint, new_id
from frontdesk.core.limits import network_of
from frontdesk.people import changes
from frontdesk.people.claims import state
from frontdesk.people.consents import Consents
from frontdesk.people.identities import describe_company, describe_contact, describe_visitor
from frontdesk.people.policy import Recognised, Word
from frontdesk.people.roster import Roster, Wanted
from frontdesk.people.rows import CompanyRow, ContactRow, VisitorRow
from frontdesk.people.shelf import Key
from frontdesk.people.stand_ins import stand_in
from frontdesk.people.traits import Traits, of_company, of_contact
from frontdesk.people.trust import counts

GIVEN_AGAIN = timedelta(minutes=30)
_TIMED = len("vis_0123456789")  # of an id: its prefix, and its milliseconds
_APART = frozenset({Recognised.SOMEBODY_ELSE, Recognised.TOLD_APART})


class Persons:
    """The people of a group of requests, loaded together."""

    def __init__(self, session: Db, now: datetime, secret: str, talks: Talks = nobody_talks) -> None:
        self._session = session
        self._secret = secret
        self._talks = talks
        self._now = now
        self._roster = Roster(session, now)
        self._touched: dict[str, Parsed] = {}
        self.consents = Consents(session, now)

    def load(self, items: list[tuple[Request, Parsed]], requests: Iterable[Request]) -> None:
        """Load or make everyone that the items name, and everyone whose token came with a sign of presence."""
        tokens = (request.sender.token for request in requests if request.presence)
        wanted = named(items, self._secret)
        wanted.token_hashes |= {fingerprint(token) for token in tokens if token}
        self._roster.load(wanted)
        if wanted.said:
            self._roster.load(second_users(items, self._roster, self._secret))

    def visitors(self) -> Iterable[VisitorRow]:
        """The loaded visitors."""
        return self._roster.loaded

    @property
    def anew(self) -> Set[str]:
        """The ids of those who are new with this group, and of visitors that it recognised."""
        return self._roster.anew

    @property
    def made(self) -> Set[str]:
        """The ids of those who did not exist before this group."""
        return self._roster.made

    def store(self) -> None:
        """Write all that was learnt of these people."""
        self._roster.store()
        self.consents.store()

    def present(self, request: Request) -> Known | None:
        """Whose sign of presence this is, by token; None for anybody else's and for requests with events."""
        if request.presence is None or request.sender.token is None:
            return None
        visitor = self._roster.by_token.get(fingerprint(request.sender.token))
        if visitor is None or visitor.workspace_id != request.sender.workspace_id:
            return None
        if not request.hidden:
            be_present(visitor, request.presence, self._now)
        return Known(visitor, self._contact_behind(visitor), verified=False)

    def of(self, request: Request, item: Parsed) -> Known:
        """Whom `item` is of, after it was recognised and described."""
        workspace, verified = request.sender.workspace_id, request.sender.verified
        contact = self._roster.contacts[workspace, item.user_id] if item.user_id else None
        browser = self._roster.visitors[workspace, item.anonymous_id] if item.anonymous_id else None
        owner = browser
        if contact and (browser or not verified):
            owner, contact = self._recognise(browser, contact, item, word_of(request))
        visitor, stands = owner if browser else None, owner if owner is not browser else None
        if visitor:
            self._touch(visitor, item)
        elif stands:
            self._roster.see(stands, item.occurred_at)
        known = self._known(visitor, contact, stands, verified=verified)
        if known.contact:
            self._roster.see(known.contact, item.occurred_at)
        if item.type == "identify":
            return self._identify(known, contact, item, verified=verified)
        if item.type == "group" and item.group_id:
            return self._group(known, self._roster.companies[workspace, item.group_id], item, verified=verified)
        return known

    def mint_token(self, visitor: VisitorRow, request: Request) -> str | None:
        """The token of a browser that has not shown it yet; never for a backend, never once it was shown.

        It is the same one each time: of two tabs that ask at once, neither may lock the other out. It is given again
        only to who asked first, by its network and its browser: the anonymousId that it is given for is no secret. If
        nobody has shown it after half an hour, its answer was lost: then who asks gets a new one, for a visitor with no
        conversation, so that nothing of anybody is read. Whom a server knows by now gets it no second time; and what a
        server said before anybody asked was said of a name: until it says so again it is a claim.
        """
        token = request.sender.token
        if token and visitor.token_hash == fingerprint(token):
            visitor.token_presented = True
        if visitor.token_presented or request.sender.verified or not _names_itself(visitor, request):
            return None
        client = request.client
        asker = f"{visitor.id}\0{network_of(client.ip or '')}\0{client.user_agent or ''}"
        minted = derived_secret("vt", self._secret, asker)
        if visitor.token_hash is None:
            self._roster.meet(visitor)
            visitor.token_hash = fingerprint(minted)
            return minted
        if visitor.contact_verified:
            return None
        if visitor.token_hash != fingerprint(minted):
            # ids sort by when they were made; what it did may be older
            lately = visitor.id >= new_id("vis", self._now - GIVEN_AGAIN)[:_TIMED]
            if lately or self._talks(self._session, visitor.id):
                return None
            visitor.token_hash = fingerprint(minted)
        return minted

    def _recognise(
        self, browser: VisitorRow | None, contact: ContactRow, item: Parsed, word: Word
    ) -> tuple[VisitorRow, ContactRow | None]:
        """Whom the event is of: the browser, or who stands in for it; and the contact, where the two are one."""
        owner, said = browser, Recognised.SOMEBODY_ELSE
        if owner:
            said = self._roster.link(owner, contact, item.type, word)
        if owner is None or said is Recognised.SOMEBODY_ELSE:
            owner = self._stand_in((contact.workspace_id, stand_in(self._secret, item.anonymous_id, contact.user_id)))
            said = self._roster.link(owner, contact, item.type, word)
        return owner, None if said in _APART else contact

    def _stand_in(self, key: Key) -> VisitorRow:
        if key not in self._roster.visitors:
            self._roster.load(Wanted(visitors={key}, said={key: True}))
        return self._roster.visitors[key]

    def _known(
        self, visitor: VisitorRow | None, contact: ContactRow | None, stands: VisitorRow | None, *, verified: bool
    ) -> Known:
        # a server that names only a browser says nothing of the contact that this browser claims to be
        named = contact is not None or bool(visitor and visitor.contact_verified)
        return Known(visitor, contact or self._contact_behind(stands or visitor), verified and named, stands)

    def _identify(self, known: Known, named: ContactRow | None, item: Parsed, *, verified: bool) -> Known:
        """Apply what the item says of its person; whom it is of, as far as that has told."""
        visitor, claimed, traits = known.visitor, known.claimed, of_contact(item.traits)
        was = changes.of_visitor(visitor), changes.of_contact(claimed)
        left_out: tuple[str, ...] = ()
        if visitor and not known.verified:
            left_out = describe_visitor(visitor, traits, verified=verified, at=self._said(item)).left_out
        if claimed:
            left_out += self._describe(known, claimed, traits, self._said(item))
        holder = claimed if known.verified else visitor
        if verified and holder and traits.columns.get("email"):
            self._roster.match(holder)
            known = self._known(visitor, named, known.stand_in, verified=verified)
        now = changes.of_visitor(visitor), changes.of_contact(known.contact)
        if known.contact is not claimed:  # nobody spoke of this one, or of none that counts
            was = was[0], now[1]
        return replace(known, changes=changes.between("contact", was, now), left_out=tuple(dict.fromkeys(left_out)))

    def _describe(self, known: Known, contact: ContactRow, traits: Traits, at: datetime) -> tuple[str, ...]:
        """Apply what is said of a contact; what only a browser says can be taken back. The attributes left out."""
        before = state(contact)
        described = describe_contact(contact, traits, verified=known.verified, at=at)
        if described.first:
            self._roster.clear_claims(contact)
        elif known.owner and not known.verified:
            self._roster.claim(known.owner, contact, before)
        return described.left_out

    def _group(self, known: Known, company: CompanyRow, item: Parsed, *, verified: bool) -> Known:
        """Apply what the item says of the company of its person; of a member's, what that changed."""
        if counts(company, verified=verified):
            self._roster.see(company, item.occurred_at)
        was = changes.of_company(company)
        described = describe_company(company, of_company(item.traits), verified=verified, at=self._said(item))
        if described.first:
            self._roster.clear_claims(company)
        member, sure = known.claimed, counts(company, verified=verified)
        named = verified and bool(member and member.user_id == item.user_id)
        if sure and known.owner and not named:
            self._roster.members.say(known.owner, company, verified=verified)
        told = changes.between("company", [was], [changes.of_company(company)])
        if told or described.left_out:
            news = (company.id, tuple(change.field for change in told)) if told else None
            known = replace(known, company=news, left_out=described.left_out)
        if not (sure and member and counts(member, verified=known.verified)):
            return known
        self._roster.members.join(company, member, verified=verified and known.verified, named=named)
        return replace(known, changes=told)

    def _said(self, item: Parsed) -> datetime:
        """When its words were said: nothing was said after we heard it, however far ahead the sender's clock is."""
        return min(item.occurred_at, self._now)

    def _touch(self, visitor: VisitorRow, item: Parsed) -> None:
        """Keep what the browser says of itself."""
        before = self._touched.get(visitor.id)
        if before is None or not same_device(before, item):
            self._touched[visitor.id] = item
            keep_device(visitor, item)
        self._roster.see(visitor, item.occurred_at)
        act(visitor, item, self._now)

    def _contact_behind(self, visitor: VisitorRow | None) -> ContactRow | None:
        return self._roster.contact(visitor.contact_id) if visitor and visitor.contact_id else None


def _names_itself(visitor: VisitorRow, request: Request) -> bool:
    """Whether the request comes from who goes by this name, and does not only speak of it, as an alias does."""
    return any(item.anonymous_id == visitor.anonymous_id for item in request.items)
