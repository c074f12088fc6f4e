"""最迟日 of a stored case — the office's turnarounds, its order of review and notice, today."""

from __future__ import annotations

from policies.casefile import CaseFile
from policies.facts import Facts
from policies.hearing import right_reason
from policies.latest import Latest, latest_days
from policies.office import SYSTEM
from workflow.database import reading
from workflow.program import Bureau, Fashen
from workflow.times import beijing


def latest_of(fashen: Fashen, office: str, case: CaseFile) -> Latest | None:
    """By when each remaining step must be taken, seen from today; None where no ninety days run."""
    with reading(fashen.engine) as tx:
        bureau = fashen.bureau(tx, office)
    return latest_days(
        case,
        bureau.law,
        fashen.calendar,
        as_of=beijing(fashen.clock()).date(),
        hearing=_hearing_possible(fashen, bureau, case),
        review_first=bureau.office.review_policy.before_notice,
    )


def _hearing_possible(fashen: Fashen, bureau: Bureau, case: CaseFile) -> bool:
    """Whether the party will have to be told of a hearing; before a proposal is made, to be safe, yes."""
    now = beijing(fashen.clock())
    facts = Facts(
        case=case,
        was=case,
        state="",
        at=now,
        entered=now,
        actor=SYSTEM,
        office=bureau.office,
        calendar=fashen.calendar,
        has_form=False,
    )
    told = case.notice is not None and case.notice.hearing_told
    return case.proposal is None or told or right_reason(facts, bureau.law) is not None
