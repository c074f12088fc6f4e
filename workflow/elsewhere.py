"""The facts of other cases that a step's questions need, and nothing more."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.casefile import CaseFile
from policies.facts import NAMED, Elsewhere
from workflow import models
from workflow.database import Plain
from workflow.program import Bureau
from workflow.publication.looked_over import looked_over

_C, _N = models.cases.c, models.document_number.c

_SAME_NUMBER = Plain(
    sa.select(_C.number, _C.id)
    .join(models.document_number, _N.case_id == _C.id)
    .where(
        _N.office_id == sa.bindparam("office"),
        _N.kind == sa.bindparam("kind"),
        _N.number == sa.bindparam("number"),
    )
)
_SAME_ACT = Plain(
    sa.select(_C.number, _C.id)
    .where(
        _C.office_id == sa.bindparam("office"),
        _C.party_key == sa.bindparam("party"),
        _C.act_on == sa.bindparam("act_on"),
        _C.power == sa.bindparam("power"),
        _C.id != sa.bindparam("case"),
    )
    .order_by(_C.ordinal.desc())
    .limit(NAMED + 1)
)
_PUBLISHING = Plain(
    sa.select(models.publication.c.key).where(models.publication.c.case_id == sa.bindparam("case"))
)


def gather(
    tx: Connection,
    office: str,
    case_id: str | None,
    case: CaseFile,
    *,
    wanted: Collection[str],
    bureau: Bureau,
    number: tuple[str, str] | None = None,
) -> Elsewhere:
    """Fetch what the checklist's policies said they need (`Policy.gathers`)."""
    same_number: tuple[str, ...] = ()
    same_act: tuple[str, ...] = ()
    if number and "same_number" in wanted:
        same = {"office": office, "kind": number[0], "number": number[1]}
        rows = _SAME_NUMBER.all(tx, same)
        same_number = tuple(r.number or r.id for r in rows if r.id != case_id)
    if "same_act" in wanted and case.act and case.act.began and case.power and party_key(case):
        rows = _SAME_ACT.all(
            tx,
            {
                "office": office,
                "party": party_key(case),
                "act_on": case.act.began.isoformat(),
                "power": case.power,
                "case": case_id or "",
            },
        )
        same_act = tuple(r.number or r.id for r in rows)
    publishing = "publishing" in wanted and _PUBLISHING.first(tx, {"case": case_id}) is not None
    identifying, record = looked_over(tx, case, bureau, wanted)
    if same_number or same_act or publishing or identifying or record:
        return Elsewhere(same_number, same_act, publishing, identifying, record)
    return _NOTHING


_NOTHING = Elsewhere()


def party_key(case: CaseFile) -> str:
    """By what the same party is recognised: its number's digest, else its name (sealed or not)."""
    party = case.party
    return (party.number or party.name)[:80] if party else ""
