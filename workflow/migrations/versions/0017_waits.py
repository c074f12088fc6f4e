"""For whom a case waits besides its next step; every case's line is made again, which now shows it too."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from policies.calendar import Calendar
from policies.office import Office
from workflow import lines

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_wait",
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("verb", sa.String(40), nullable=False),
        sa.Column("item", sa.String(40), nullable=False),
        sa.Column("mark", sa.String(100), nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_wait_case_id"),
        sa.PrimaryKeyConstraint("case_id", "verb", "item", "mark", name="pk_case_wait"),
    )
    rows = op.get_bind().execute(
        sa.text(
            "SELECT o.id, v.body FROM office o"
            " JOIN office_version v ON v.office_id = o.id AND v.version = o.version"
        )
    )
    offices = {id: Office.model_validate(json.loads(body)) for id, body in rows}
    lines.rebuild(op.get_bind(), offices, Calendar.published())
    columns = ["office_id", "mark", "from_on", "verb", "case_id"]
    op.create_index(f"ix_case_wait_{'_'.join(columns)}", "case_wait", columns)
    op.create_index("ix_case_line_office_id_next_verb", "case_line", ["office_id", "next_verb"])


def downgrade() -> None:
    op.drop_index("ix_case_line_office_id_next_verb", "case_line")
    op.drop_table("case_wait")
