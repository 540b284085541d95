"""Where events are kept: by month on PostgreSQL."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Filled in before its first release."""
