"""A token says what it is for: the interface, or one person's calendar."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "token", sa.Column("purpose", sa.String(10), nullable=False, server_default="api")
    )


def downgrade() -> None:
    op.drop_column("token", "purpose")
