"""Where an event came from, so that sessions can be cut again; what a session was made of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("event", sa.Column("touch", _JSON, nullable=True))
    op.add_column("event", sa.Column("clock", sa.String(), nullable=True))
    op.add_column("session", sa.Column("landed_at", sa.BigInteger(), nullable=True))
    op.add_column("session", sa.Column("events", sa.Integer(), nullable=False, server_default="0"))
    # the newest is found by its number, and no index changes while a session goes on
    op.drop_index("ix_session_person", "session")
    op.create_index("ix_session_person", "session", ["person_id", "number"])
    op.execute("UPDATE session SET landed_at = started_at WHERE landing_path IS NOT NULL")
    op.execute(
        "UPDATE session SET events = counted.events FROM"
        " (SELECT session_id, count(*) AS events FROM event GROUP BY session_id) AS counted"
        " WHERE counted.session_id = session.id"
    )
    # a session has one touchpoint, whose id is told by the session's from now on
    op.execute("UPDATE touchpoint SET id = 'tch' || substr(session_id, 4)")
    _tell_sources()


def _tell_sources() -> None:
    """The source that began a session is its first event's, and a campaign where only a campaign brings it."""
    named = op.get_bind().dialect.name == "postgresql" and "jsonb_set({}, '{{via}}', '\"{}\"')"
    with_via = named or "json_set({}, '$.via', '{}')"
    unnamed = "touch ->> 'campaign' IS NULL AND touch ->> 'channel' IN ('referral', 'organic_search', 'organic_social')"
    for via, which in (("referrer", unnamed), ("utm", f"NOT ({unnamed})")):
        touch = with_via.format("session.touch", via)
        op.execute(
            f"UPDATE event SET touch = {touch} FROM session"  # noqa: S608  our own words
            " WHERE session.id = event.session_id AND session.started_at = event.occurred_at"
            f" AND session.touch ->> 'channel' != 'direct' AND {which.replace('touch ->', 'session.touch ->')}"
        )
