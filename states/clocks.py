"""期限的起点与条件 — from which day a clock runs, how long, and when it runs at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from policies import measures
from policies.calendar import Span
from policies.facts import Facts
from policies.lawbook import LawBook
from policies.things import Measure


def found(facts: Facts) -> date | None:
    """The day of discovery; the 核查 clock starts there."""
    return facts.case.lead.found_on if facts.case.lead else None


def filed(facts: Facts) -> date | None:
    """The day of approval; the ninety days start there (住建程序规定 15, 行政处罚法 60)."""
    return facts.case.filing.approved_on if facts.case.filing else None


def step(facts: Facts) -> date | None:
    """The day of the step itself."""
    return facts.as_of


def told(facts: Facts) -> date | None:
    """The day on which the notice was served."""
    return facts.case.notice.served_on if facts.case.notice else None


def dated(facts: Facts) -> date | None:
    """The date on the decision document (行政处罚法 59)."""
    return facts.case.decision.date if facts.case.decision else None


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


def ordered_anew(facts: Facts) -> date | None:
    """The day on which the office was told to decide anew (行政诉讼法 71, 行政复议法 77)."""
    return facts.case.anew.ordered_on if facts.case.anew else None


def with_an_end(facts: Facts) -> bool:
    return bool(facts.case.anew and facts.case.anew.until)


def anew_days(facts: Facts, law: LawBook) -> Span:
    """Until the day that the judgment or the review decision set."""
    anew = facts.case.anew
    assert anew is not None
    assert anew.until is not None  # `with_an_end`
    return Span((anew.until - anew.ordered_on).days, "d")


def hand_over_days(facts: Facts, law: LawBook) -> Span:
    """The twenty-four hours of 移送规定 5 as days; `transfer.handed_over_in_time` counts the hours."""
    hours = int(law.on(facts.as_of)["criminal_transfer.hand_over"].value)
    return Span(-(-hours // 24), "d")


def _measure(facts: Facts) -> Measure:
    measure = measures.measure_of(facts)
    assert measure is not None  # these clocks are turned only by steps about a measure
    return measure


def kept_since(facts: Facts) -> date | None:
    """The day on which things were registered, sealed or taken (行政处罚法 56, 行政强制法 25)."""
    return _measure(facts).taken_at.date()


def may_be_kept(facts: Facts, law: LawBook) -> Span:
    return measures.longest(_measure(facts), law)


def registered(facts: Facts) -> bool:
    return not _measure(facts).seizure


def seized(facts: Facts) -> bool:
    return _measure(facts).seizure


def unapproved(facts: Facts) -> bool:
    """Taken on the spot because it was urgent: the approval follows within a day (行政强制法 19)."""
    return seized(facts) and _measure(facts).approved_at is None


def a_day(facts: Facts, law: LawBook) -> Span:
    """The twenty-four hours of 行政强制法 19 as days; `measure.approved` counts the hours themselves."""
    hours = int(law.on(facts.as_of)["seizure.emergency_report"].value)
    return Span(-(-hours // 24), "d")
