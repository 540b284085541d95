"""Whom a test of people looks at, by the ids that senders use."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from frontdesk.core.db import Database
from frontdesk.people.models import Contact, Visitor
from tests.server.conftest import Home
from tests.server.people.site import Site

IdOf = Callable[[str], str]


@pytest.fixture
def site(client: FlaskClient, workspace: Home) -> Site:
    return Site(client, workspace)


@pytest.fixture
def visitor(db: Database) -> IdOf:
    """Anonymous id → the visitor's id."""
    return lambda own: db.read(lambda session: session.scalars(select(Visitor.id).filter_by(anonymous_id=own)).one())


@pytest.fixture
def contact(db: Database) -> IdOf:
    """User id → the contact's id."""
    return lambda own: db.read(lambda session: session.scalars(select(Contact.id).filter_by(user_id=own)).one())
