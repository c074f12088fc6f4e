"""What a step learns of other cases."""

from __future__ import annotations

import sqlalchemy as sa

from policies.casefile import CaseFile
from policies.facts import NAMED
from tests.builders import a_case, office_at
from workflow import models
from workflow.elsewhere import gather


def test_cases_for_the_same_act_are_named_newest_first_but_never_the_case_itself(database_url: str):
    """However many there are, no more are read than a reason names, and one that shows there are more."""
    fashen = office_at(database_url)
    case_id = a_case(fashen, "investigating")
    with fashen.engine.begin() as tx:
        row = dict(tx.execute(sa.select(models.cases)).mappings().one())
        last = NAMED + 5
        others = [
            row | {"id": f"other-{n}", "ordinal": n, "number": f"案{n}"} for n in range(2, last + 1)
        ]
        tx.execute(models.cases.insert(), others)
    case = CaseFile.model_validate_json(row["doc"])
    with fashen.engine.begin() as tx:
        bureau = fashen.bureau(tx, "sample")
        found = gather(tx, "sample", case_id, case, wanted={"same_act"}, bureau=bureau)
        before = gather(tx, "sample", None, case, wanted={"same_act"}, bureau=bureau)
    assert found.same_act == tuple(f"案{n}" for n in range(last, last - NAMED - 1, -1))
    assert len(before.same_act) == NAMED + 1
