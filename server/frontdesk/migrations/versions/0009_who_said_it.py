"""Who said what of whom, and when: companies of browsers, what browsers claim of contacts, the moment of each trait."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "visitor_company",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("company_id", sa.String(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_visitor_company_company_id"),
        sa.PrimaryKeyConstraint("person_id", "company_id", name="pk_visitor_company"),
    )
    op.create_table(
        "claim",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("said", _JSON, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_claim_contact_id"),
        sa.PrimaryKeyConstraint("person_id", "contact_id", name="pk_claim"),
    )
    with op.batch_alter_table("claim") as batch_op:
        batch_op.create_index("ix_claim_contact_id", ["contact_id"], unique=False)
    # who belonged to a company until now was named by nobody knows whom: it stays
    op.add_column("company_member", sa.Column("named", sa.Boolean(), nullable=False, server_default=sa.true()))
    for table in ("visitor", "contact"):
        op.add_column(table, sa.Column("said_at", _JSON, nullable=True))
