"""A site's settings: who may change them, and how they are kept."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from frontdesk.accounts import queries
from frontdesk.accounts.models import Site
from frontdesk.accounts.signals import SiteChanged
from frontdesk.accounts.site_rules import checked
from frontdesk.core.signals import announce


def change(session: Session, workspace_id: str, site_id: str, settings: Mapping[str, Any]) -> Site:
    """Set those of `SiteRules` that `settings` names, all or none; SettingsRefused tells each bad entry.

    Collect remembers a key for 5 seconds; after those the change holds everywhere. Scripts in pages are kept for
    5 minutes, but what they send is judged by the new settings.
    """
    site = queries.site(session, workspace_id, site_id)
    for name, value in checked(settings).items():
        setattr(site, name, value)
    announce(session, SiteChanged(workspace_id, site.id))
    return site
