"""欠缴 — what is owed on a case's fine today, from its document and what stands beside it."""

from __future__ import annotations

from datetime import date

from policies.articles import APL
from policies.calendar import Calendar
from policies.casefile import CaseFile
from policies.late_penalty import Exempt, LatePenalty, late_penalty
from policies.lawbook import LawBook
from policies.period import Period
from policies.periods import NOTHING_BESIDE, Beside, payment
from policies.remedies import over_on

_FREE = {
    "review": f"行政复议期间（{APL(73, '第三款').text}）",
    "suit": f"行政诉讼期间（{APL(73, '第三款').text}）",
}


def arrears(
    case: CaseFile,
    law: LawBook,
    calendar: Calendar,
    *,
    as_of: date,
    beside: Beside = NOTHING_BESIDE,
) -> LatePenalty | None:
    """The fine's addition and what is owed; None where no fine has been served.

    A remedy frees the days from its application until it is over, whatever it ended in (R210).
    """
    period = payment(case, law, calendar)
    if case.decision is None or not isinstance(period, Period):
        return None
    return late_penalty(
        case.decision.fine,
        period.ends,
        case.payments,
        law,
        as_of=as_of,
        announced=case.decision.late_penalty_told,
        exempt=[
            Exempt(_FREE[taken.kind], taken.began, over_on(taken, law, calendar))
            for taken in beside.remedies
        ],
        plan=beside.plan,
    )
