"""What a site takes, and what was counted of it."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Filled in before its first release."""
