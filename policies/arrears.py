"""欠缴 — what is owed on a case's fine today, from its document and what stands beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from policies.articles import APL
from policies.calendar import Calendar
from policies.casefile import CaseFile
from policies.dues import standing_fine
from policies.late_penalty import Exempt, Instalment, LatePenalty, Plan, late_penalty
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
    """The fine's addition and what is owed; None where no fine has been served, or none is left.

    A changed fine is counted as if it had been so from the start.
    A remedy frees the days from its application until it is over, whatever it ended in (R210).
    What an agreement drops is owed again when the party does not keep it (行政强制法 42).
    """
    period = payment(case, law, calendar)
    fine = standing_fine(case)
    if case.decision is None or not isinstance(period, Period) or not fine:
        return None
    return late_penalty(
        fine,
        period.ends,
        case.payments,
        law,
        as_of=as_of,
        announced=case.decision.late_penalty_told,
        exempt=[
            Exempt(_FREE[taken.kind], taken.began, over_on(taken, law, calendar))
            for taken in beside.remedies
        ],
        plan=beside.plan and _fitted(beside.plan, fine, case),
        waived=sum((e.waived for e in case.enforcements if not e.broken_on), Decimal(0)),
    )


def _fitted(plan: Plan, fine: Decimal, case: CaseFile) -> Plan:
    """The plan as approved; where its parts no longer make up what was unpaid, all of that on its last date.

    What was paid on the very day of the approval is a part that was due on it.
    A fine that was changed later, or a payment entered late, unsettles the parts. No text says how they
    are then split, so nothing is counted as late before the plan ends (I).
    """
    before = sum((p.amount for p in case.payments if p.on < plan.since), Decimal(0))
    on_it = sum((p.amount for p in case.payments if p.on == plan.since), Decimal(0))
    total = sum((part.amount for part in plan.instalments), Decimal(0))
    unpaid = max(fine - before, Decimal(0))
    if total == unpaid:
        return plan
    if total + on_it == unpaid:
        return Plan(plan.since, (Instalment(plan.since, on_it), *plan.instalments))
    return Plan(plan.since, (Instalment(plan.ends, unpaid),))
