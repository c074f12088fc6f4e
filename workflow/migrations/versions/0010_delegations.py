"""委托: who signs for whom, for how long and for what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.models import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delegation",
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("principal", sa.String(64), nullable=False),
        sa.Column("delegate", sa.String(64), nullable=False),
        sa.Column("verbs", sa.Text(), nullable=False),
        sa.Column("cases", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("proof", sa.String(200), nullable=False),
        sa.Column("given_by", sa.String(64), nullable=False),
        sa.Column("given_at", Moment(timezone=True), nullable=False),
        sa.Column("revoked_at", Moment(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(64), nullable=True),
        sa.Column("revoked_because", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_delegation_office_id"),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_delegation"),
    )
    op.create_index("ix_delegation_office_id_until_on", "delegation", ["office_id", "until_on"])


def downgrade() -> None:
    op.drop_table("delegation")
