"""What was uploaded to a case as evidence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.models import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False, server_default=""),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(80), nullable=False, server_default=""),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("declared", sa.String(80), nullable=False, server_default=""),
        sa.Column("uploaded_by", sa.String(64), nullable=False),
        sa.Column("uploaded_at", Moment(timezone=True), nullable=False),
        sa.Column("seen_at", Moment(timezone=True), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("key", sa.String(200), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False, server_default=""),
        sa.Column("checked_at", Moment(timezone=True), nullable=True),
        sa.Column("fault", sa.String(200), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_file_office_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_file_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_file"),
        sa.UniqueConstraint(
            "office_id", "uploaded_by", "key", name="uq_file_office_id_uploaded_by_key"
        ),
    )
    for columns in (["case_id"], ["sha256"], ["state", "seen_at"], ["state", "checked_at"]):
        op.create_index(f"ix_file_{'_'.join(columns)}", "file", columns)


def downgrade() -> None:
    op.drop_table("file")
