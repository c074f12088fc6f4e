"""What the workbench shows and searches of each case, who took part in it, and saved filters."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from policies.calendar import Calendar
from policies.office import Office
from workflow import lines
from workflow.models import Moment, Serial

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_line",
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("party", sa.String(200), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("opened_at", Moment(timezone=True), nullable=False),
        sa.Column("moved_at", Moment(timezone=True), nullable=False),
        sa.Column("next_verb", sa.String(40), nullable=False),
        sa.Column("waits_for", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("warned_on", sa.Date(), nullable=True),
        sa.Column("red_on", sa.Date(), nullable=True),
        sa.Column("publish_by", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("supervised_by", sa.Date(), nullable=True),
        sa.Column("review", sa.String(40), nullable=False),
        sa.Column("publication", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_line_case_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_line"),
    )
    op.create_table(
        "case_person",
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("part", sa.String(10), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("verb", sa.String(40), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_person_case_id"),
        sa.PrimaryKeyConstraint("case_id", "person_id", name="pk_case_person"),
    )
    op.create_table(
        "saved_filter",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("query", sa.String(500), nullable=False),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_filter"),
        sa.UniqueConstraint(
            "office_id", "person_id", "name", name="uq_saved_filter_office_id_person_id_name"
        ),
    )
    lines.rebuild(op.get_bind(), _offices(), Calendar.published())
    _index()  # after the rows: an index is made faster than it is kept


def _offices() -> dict[str, Office]:
    rows = op.get_bind().execute(
        sa.text(
            "SELECT o.id, v.body FROM office o"
            " JOIN office_version v ON v.office_id = o.id AND v.version = o.version"
        )
    )
    return {id: Office.model_validate(json.loads(body)) for id, body in rows}


def _index() -> None:
    for table, columns in (
        ("case_line", ["office_id", "moved_at"]),
        ("case_line", ["office_id", "state", "moved_at"]),
        ("case_line", ["office_id", "due_on"]),
        ("case_line", ["office_id", "warned_on", "red_on"]),
        ("case_line", ["office_id", "red_on"]),
        ("case_line", ["office_id", "publish_by"]),
        ("case_line", ["office_id", "decided_on", "flow"]),
        ("case_line", ["office_id", "supervised_by"]),
        ("case_person", ["office_id", "person_id", "part", "case_id"]),
        ("case_person", ["office_id", "person_id", "at", "case_id"]),
    ):
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
    waiting = sa.text("next_verb <> ''")
    op.create_index(
        "ix_case_line_waiting",
        "case_line",
        ["office_id", "waits_for", "case_id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def downgrade() -> None:
    op.drop_table("saved_filter")
    op.drop_table("case_person")
    op.drop_table("case_line")
