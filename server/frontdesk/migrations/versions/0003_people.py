"""What is known of people, and how they were merged."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_NAMED: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), sa.text("email IS NOT NULL"))


def upgrade() -> None:
    op.add_column("visitor", sa.Column("email_verified", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("visitor", sa.Column("identified_at", sa.BigInteger(), nullable=True))
    op.add_column("contact", sa.Column("identified_at", sa.BigInteger(), nullable=True))
    op.add_column("contact", sa.Column("registered_said", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(_REGISTERED_BEFORE)
    op.create_index("ix_visitor_workspace_email", "visitor", ["workspace_id", "email", "email_verified"], **_NAMED)
    op.create_index("ix_contact_workspace_email", "contact", ["workspace_id", "email", "verified", "id"], **_NAMED)
    op.add_column("company_member", sa.Column("verified", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(_MEMBERS_OF_VERIFIED)
    with op.batch_alter_table("merge") as batch_op:
        batch_op.add_column(sa.Column("verified", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("before_contact_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("before_verified", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("merged_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("undone_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("undone_at", sa.BigInteger(), nullable=True))
        batch_op.create_foreign_key("fk_merge_before_contact_id", "contact", ["before_contact_id"], ["id"])
        batch_op.create_foreign_key("fk_merge_merged_by", "teammate", ["merged_by"], ["id"])
        batch_op.create_foreign_key("fk_merge_undone_by", "teammate", ["undone_by"], ["id"])
    op.execute(_VERIFIED_LINKS)


# what was said before this version is known of the two, not of what joins them
_MEMBERS_OF_VERIFIED = """
UPDATE company_member SET verified = true
WHERE contact_id IN (SELECT id FROM contact WHERE verified) AND company_id IN (SELECT id FROM company WHERE verified)
"""
# what was not said was taken from the first identify, which made the contact or came after
_REGISTERED_BEFORE = "UPDATE contact SET registered_said = true WHERE registered_at < created_at"
_VERIFIED_LINKS = """
UPDATE merge SET verified = true WHERE visitor_id IN (SELECT id FROM visitor WHERE contact_verified)
"""
