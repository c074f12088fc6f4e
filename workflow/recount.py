"""重算期限 — when a notice of holidays is loaded, every clock that runs is counted by it, with an entry that says so.

A process that has an older calendar than the one a clock was counted by leaves that clock alone.
"""

from __future__ import annotations

import logging

import sqlalchemy as sa

from workflow import models
from workflow.database import reading
from workflow.order import Order
from workflow.program import Fashen
from workflow.times import beijing
from workflow.work import perform

log = logging.getLogger(__name__)

_D = models.deadline.c

AT_ONCE = 500
"""Cases in one sweep, so that alerts do not wait for all of a large office; the next sweep goes on."""


def recount(fashen: Fashen) -> list[str]:
    """Recount the clocks that another calendar counted; returns the cases. One bad case does not stop the others."""
    done = []
    for office, case, counted_by in _behind(fashen):
        # Two processes whose folders differ would go on for ever; so each way once a day.
        today = beijing(fashen.clock()).date()
        key = f"recount:{case}:{counted_by}:{fashen.calendar.version}:{today}"
        try:
            if not perform(
                fashen,
                Order(office=office, actor="system", verb="recount_clocks", case=case, key=key),
            ).repeated:
                done.append(case)
        except Exception:
            log.exception("the clocks of case %s could not be recounted", case)
    return done


def _behind(fashen: Fashen) -> list[tuple[str, str, str]]:
    """Cases with a running clock that a calendar of the same notices or fewer counted otherwise."""
    version, later = fashen.calendar.version, fashen.calendar.next_edition
    with reading(fashen.engine) as tx:
        rows = tx.execute(
            sa.select(_D.office_id, _D.case_id, sa.func.min(_D.calendar))
            .where(
                _D.state == "open",
                sa.or_(_D.calendar < version, sa.and_(_D.calendar > version, _D.calendar < later)),
            )
            .group_by(_D.office_id, _D.case_id)
            .order_by(_D.case_id)
            .limit(AT_ONCE)
        )
        return [(office, case, counted_by) for office, case, counted_by in rows]
