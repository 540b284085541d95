"""What is known of people, and how they were merged."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Filled in before its first release."""
