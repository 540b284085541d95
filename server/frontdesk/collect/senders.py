"""Whom events came from, when they come again without their key: from a dead letter or from a file."""

from sqlalchemy.orm import Session as Db

from frontdesk.accounts import queries
from frontdesk.accounts.models import Site
from frontdesk.collect.requests import Sender


def server_of(session: Db, workspace_id: str) -> Sender:
    """A server of the workspace, as with an API key of it."""
    rules = queries.rules_of(queries.first_site(session, workspace_id)).for_servers()
    return Sender(workspace_id, verified=True, rules=rules)


def page_of_site(session: Db, workspace_id: str, site_id: str | None) -> Sender:
    """A page with the key of this site; where that is gone, with that of the workspace's first one."""
    site = session.get(Site, site_id) if site_id else None
    if site is None or site.workspace_id != workspace_id:
        site = queries.first_site(session, workspace_id)
    return Sender(workspace_id, verified=False, site_id=site.id, rules=queries.rules_of(site))
