"""Accounts with a password and a second factor, sessions on the server, and a log of both."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.models import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(200), nullable=False),
        sa.Column("initial", sa.Boolean(), nullable=False),
        sa.Column("changed_at", Moment(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("rests_until", Moment(timezone=True), nullable=True),
        sa.Column("factors", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("factor_on", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("last_step", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("recovery", sa.Text(), nullable=False, server_default="[]"),
        sa.PrimaryKeyConstraint("office_id", "person_id", name="pk_account"),
    )
    op.create_table(
        "session",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("csrf", sa.String(40), nullable=False),
        sa.Column("began_at", Moment(timezone=True), nullable=False),
        sa.Column("seen_at", Moment(timezone=True), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_session"),
    )
    op.create_index("ix_session_office_id_person_id", "session", ["office_id", "person_id"])
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "access_log",
        sa.Column("id", serial, nullable=False, autoincrement=True),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_log"),
    )
    op.create_index("ix_access_log_office_id_at", "access_log", ["office_id", "at"])
    op.create_index("ix_access_log_address_what_at", "access_log", ["address", "what", "at"])


def downgrade() -> None:
    for table in ("access_log", "session", "account"):
        op.drop_table(table)
