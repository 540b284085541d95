"""How the rows of people are made and written: one `Kind` for each table of the hot path."""

from datetime import timedelta
from typing import cast

from sqlalchemy import Table

from frontdesk.people.models import Company, Contact, Visitor
from frontdesk.people.rows import CompanyRow, ContactRow, VisitorRow
from frontdesk.people.shelf import Kind

VISITORS = Kind(
    VisitorRow,
    cast(Table, Visitor.__table__),
    "vis",
    "anonymous_id",
    facets=(
        ("seen_at", "present_until", "page", "page_views"),
        ("sessions", "first_touch", "last_touch"),
        ("token_hash", "token_presented"),
        ("browser", "os", "device", "language", "timezone", "country", "region", "city", "region_timezone"),
        ("contact_id", "contact_verified"),
        ("email", "email_verified", "name", "attributes", "identified_at", "said_at"),
        ("first_seen_at",),
    ),
    slack={"seen_at": timedelta(seconds=5), "present_until": timedelta(seconds=5)},
    born=("first_seen_at", "seen_at"),
)
_MINUTE = {"seen_at": timedelta(minutes=1)}  # the browser's row knows to the second
CONTACTS = Kind(
    ContactRow,
    cast(Table, Contact.__table__),
    "con",
    "user_id",
    facets=(
        ("seen_at",),
        ("created_at",),
        (
            "name",
            "email",
            "phone",
            "attributes",
            "verified",
            "registered_at",
            "registered_said",
            "identified_at",
            "said_at",
        ),
    ),
    slack=_MINUTE,
)
COMPANIES = Kind(
    CompanyRow,
    cast(Table, Company.__table__),
    "cmp",
    "group_id",
    # its members say the same of it time and again: then only when is written, and not all that is known
    facets=(("seen_at",), ("name", "attributes", "verified"), ("identified_at", "said_at")),
    slack=_MINUTE,
)
