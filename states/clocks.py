"""期限的起点与条件 — from which day a clock runs, how long, and when it runs at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from policies.calendar import Span
from policies.extension import decision_span
from policies.facts import Facts
from policies.lawbook import LawBook


def found(facts: Facts) -> date | None:
    """The day of discovery; the 核查 clock starts there."""
    return facts.case.lead.found_on if facts.case.lead else None


def filed(facts: Facts) -> date | None:
    """The day of approval; the ninety days start there (住建程序规定 15, 行政处罚法 60)."""
    return facts.case.filing.approved_on if facts.case.filing else None


def step(facts: Facts) -> date | None:
    """The day of the step itself."""
    return facts.as_of


def received(facts: Facts) -> date | None:
    """The day on which the reviewer got the whole package, as recorded now; else the day of the step."""
    sent = facts.case.submissions[-1] if facts.case.submissions else None
    was = facts.was.submissions[-1] if facts.was.submissions else None
    return sent.received_on if sent and sent != was and sent.received_on else facts.as_of


def on_the_desk(facts: Facts) -> bool:
    """Whether the reviewer's days start (anew): not for a file received with something missing, and not
    for a pass that is taken back while the party's windows or the hearing still run."""
    sent = facts.case.submissions[-1] if facts.case.submissions else None
    return not (sent and sent.missing) and facts.state not in ("notified", "hearing")


def decision_days(facts: Facts, law: LawBook) -> Span:
    """Ninety days, and what was lawfully added (行政处罚法 60)."""
    return decision_span(facts.case, law, facts.as_of)


def told(facts: Facts) -> date | None:
    """The day on which the notice was served."""
    return facts.case.notice.served_on if facts.case.notice else None


def dated(facts: Facts) -> date | None:
    """The date on the decision document (行政处罚法 59), or on the one not to penalise."""
    made = facts.case.decision or facts.case.no_penalty
    return made.date if made else None


def served(facts: Facts) -> date | None:
    """The day on which the party received the decision (行政处罚法 67)."""
    return facts.case.decision_served.served_on if facts.case.decision_served else None


def on_the_spot(facts: Facts) -> date | None:
    return facts.case.summary.at.date() if facts.case.summary else None


def defence_days(facts: Facts, law: LawBook) -> Span:
    """What the notice told the party, else the office's number; the statute gives none."""
    notice = facts.case.notice
    if notice and notice.defence_days is not None:
        return Span(notice.defence_days, "wd")
    return law.on(facts.as_of)["statement_defence.period"].span


def validly_told(facts: Facts) -> bool:
    return not facts.irregular


def hearing_offered(facts: Facts) -> bool:
    return validly_told(facts) and bool(facts.case.notice and facts.case.notice.hearing_told)


def fined(facts: Facts) -> bool:
    return bool(facts.case.decision and facts.case.decision.fine)


def paid_up(facts: Facts) -> bool:
    """The payment clock stops when the whole fine is paid, not at the first instalment; or the case is closed."""
    decision = facts.case.decision
    if facts.case.closing:
        return True
    paid = sum((p.amount for p in facts.case.payments), Decimal(0))
    return decision is None or paid >= decision.fine
