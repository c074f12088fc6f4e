"""文号 — the next number of a sequence that the office has begun."""

from __future__ import annotations

import re

import sqlalchemy as sa

from workflow.database import reading
from workflow.models import document_number
from workflow.program import Fashen

_N = document_number.c


def next_number(fashen: Fashen, office: str, kind: str, pattern: str) -> str:
    """The number after the highest that stands in the register: of `示街罚当〔2026〕{}号` the 038th after the 037th.

    It is a proposal: whether the number is still free is asked again when it is used.
    """
    before, _, after = pattern.partition("{}")
    with reading(fashen.engine) as tx:
        given = tx.execute(
            sa.select(_N.number).where(
                _N.office_id == office,
                _N.kind == kind,
                _N.number.startswith(before, autoescape=True),
            )
        ).scalars()
        form = re.compile(f"{re.escape(before)}(\\d+){re.escape(after)}")
        used = [int(found[1]) for number in given if (found := form.fullmatch(number))]
    return pattern.format(f"{max(used, default=0) + 1:03d}")
