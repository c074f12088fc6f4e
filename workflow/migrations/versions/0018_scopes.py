"""A token says for which areas of the work it is; one without scopes keeps what it could."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("token", sa.Column("scopes", sa.String(200), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("token", "scopes")
