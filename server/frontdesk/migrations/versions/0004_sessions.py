"""Where an event came from, so that sessions can be cut again."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Filled in before its first release."""
