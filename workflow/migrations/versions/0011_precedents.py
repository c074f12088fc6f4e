"""What decided cases came to can be found by 案由, for whoever weighs the next one."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "precedent",
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("power", sa.String(64), nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_precedent_case_id_cases"),
        sa.PrimaryKeyConstraint("case_id", name="pk_precedent"),
    )
    op.create_index(
        "ix_precedent_office_id_power_side_decided_on_fen_stands",
        "precedent",
        ["office_id", "power", "side", "decided_on", "fen", "stands"],
    )
    bind = op.get_bind()
    cases = sa.table("cases", *(sa.column(n) for n in ("id", "office_id", "doc")))
    asked = sa.select(cases.c.id, cases.c.office_id, cases.c.doc).where(
        cases.c.doc.contains('"decision":{')
    )
    found = [made for row in bind.execute(asked) if (made := _row(*row))]
    for start in range(0, len(found), 1000):
        bind.execute(sa.insert(table), found[start : start + 1000])


def _row(id: str, office: str, body: str) -> dict[str, object] | None:
    """The row of a case that was decided; the document as version 0.1 writes it."""
    doc = json.loads(body)
    decision, party = doc.get("decision"), doc.get("party")
    if not decision or not party or not doc.get("power") or decision.get("irregular"):
        return None
    if doc.get("silent"):
        return None
    fallen = any(
        r.get("final") and r.get("ended") in ("changed", "revoked") for r in doc.get("remedies", ())
    )
    return {
        "case_id": id,
        "office_id": office,
        "power": doc["power"],
        "side": "org" if party["kind"] == "法人及非法人组织" else "citizen",
        "decided_on": date.fromisoformat(decision["date"]),
        "fen": int(Decimal(decision.get("fine", "0")) * 100),
        "stands": not fallen,
    }


def downgrade() -> None:
    op.drop_table("precedent")
