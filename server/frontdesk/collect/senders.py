"""Whom events came from, when they come again without their key: from a dead letter or from a file."""

from sqlalchemy.orm import Session

from frontdesk.accounts import queries
from frontdesk.accounts.models import Site
from frontdesk.collect.requests import Sender


def server_of(session: Session, workspace_id: str) -> Sender:
    """A server of the workspace, as with an API key of it."""
    return Sender(workspace_id, verified=True, rules=queries.rules_of_servers(session, workspace_id))


def page_of_site(session: Session, workspace_id: str, site_id: str | None) -> Sender | None:
    """A page with the key of this site; where that is gone, with that of the workspace's first one.

    None where no site is left: nobody can say then what a page may send, and with whose consent.
    """
    site = session.get(Site, site_id) if site_id else None
    if site is None or site.workspace_id != workspace_id:
        site = next(iter(queries.sites(session, workspace_id)), None)
    return Sender(workspace_id, verified=False, site_id=site.id, rules=queries.rules_of(site)) if site else None
