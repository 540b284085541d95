"""Whom the items of a group of requests name, so that all of them are loaded together."""

from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.requests import Request
from frontdesk.people.policy import CHANGES, Link, Recognised, Word, linked, recognise
from frontdesk.people.roster import Roster, Wanted
from frontdesk.people.shelf import Key
from frontdesk.people.stand_ins import stand_in
from frontdesk.people.traits import email_of


def named(items: list[tuple[Request, Parsed]], secret: str) -> Wanted:
    """Whom these items name, in one pass: most name a browser and nobody else."""
    wanted = Wanted()
    for request, item in items:
        workspace, verified = request.sender.workspace_id, request.sender.verified
        if item.user_id:
            wanted.contacts.add((workspace, item.user_id))
        if item.type == "group" and item.group_id:
            wanted.companies.add((workspace, item.group_id))
        if item.anonymous_id:
            _name_browser(wanted, (workspace, item.anonymous_id), item, verified=verified)
        elif item.user_id and not verified:
            _name_browser(wanted, (workspace, stand_in(secret, None, item.user_id)), item, verified=False)
        if verified and item.type == "identify" and (email := email_of(item.traits)):
            wanted.emails.add((workspace, email))
    return wanted


def _name_browser(wanted: Wanted, browser: Key, item: Parsed, *, verified: bool) -> None:
    wanted.visitors.add(browser)
    if item.user_id or (verified and item.type == "identify"):
        wanted.said[browser] = verified or wanted.said.get(browser, False)


def second_users(items: list[tuple[Request, Parsed]], roster: Roster, secret: str) -> Wanted:
    """Who stands in for browsers that these items name with another contact than their own, as far as one can foresee,
    once the browsers and contacts themselves are loaded."""
    wanted, links = Wanted(), dict[str, Link]()
    for request, item in items:
        if item.user_id and item.anonymous_id:
            workspace, verified = request.sender.workspace_id, request.sender.verified
            visitor = roster.visitors[workspace, item.anonymous_id]
            contact = roster.contacts[workspace, item.user_id]
            link = links.get(visitor.id, Link(visitor.contact_id, visitor.contact_verified))
            word = word_of(request)
            said = recognise(link, contact.id, word, apart=False)
            if said is Recognised.SOMEBODY_ELSE:
                name = stand_in(secret, item.anonymous_id, item.user_id)
                _name_browser(wanted, (workspace, name), item, verified=verified)
            elif said in CHANGES:
                links[visitor.id] = linked(contact.id, word)
    return wanted


def word_of(request: Request) -> Word:
    """On whose word whom it names are one."""
    return Word.SERVER if request.sender.verified else Word.CLAIM
