"""API keys `sk_…` of a workspace: made, shown once, and ended."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from frontdesk.accounts.models import ApiKey
from frontdesk.core.errors import Invalid
from frontdesk.core.ids import fingerprint, new_id, new_secret
from frontdesk.core.text import clean

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made. `key` is `sk_…`, to be shown once: only its fingerprint is kept."""

    row: ApiKey
    key: str


def make(session: Session, workspace_id: str, name: str, now: datetime) -> NewKey:
    """A new key; `name` says what uses it, and need not be the only one of its kind. Invalid for an empty name."""
    name = clean(name, LONGEST_NAME).strip()
    if not name:
        raise Invalid("Name the key after what will use it.", field="name")
    key = new_secret("sk")
    row = ApiKey(id=new_id("key", now), workspace_id=workspace_id, name=name, key_hash=fingerprint(key), created_at=now)
    session.add(row)
    session.flush()
    return NewKey(row, key)


def revoke(session: Session, row: ApiKey) -> None:
    """End the key: for the API at once, for collect, which remembers keys, within 5 seconds."""
    session.execute(delete(ApiKey).where(ApiKey.id == row.id))  # by whomever else it was ended meanwhile
