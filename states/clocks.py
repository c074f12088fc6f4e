"""期限的起点与条件 — from which day a clock runs, how long, and when it runs at all."""

from __future__ import annotations

from datetime import date

from policies import alongside, dues, enforcement, measures, periods, relief, supervision
from policies.calendar import Span
from policies.casefile import Clock
from policies.facts import Facts
from policies.lawbook import LawBook
from policies.pauses import paused
from policies.period import NoPeriod, Period
from policies.things import Measure, RemedyTaken, Supervision


def found(facts: Facts, law: LawBook) -> date | None:
    """The day of discovery; the 核查 clock starts there."""
    return facts.case.lead.found_on if facts.case.lead else None


def check_counted_anew(facts: Facts) -> bool:
    """The 核查 clock starts with the lead, and again when its length changes: another profile, or more days."""
    case, was = facts.case, facts.was
    if case.filing and case.filing.approved_on:
        return False
    if "lead_check" not in was.clocks:
        return True
    profiles = {
        p.clock_profile if (p := facts.office.power(c.power)) else None for c in (case, was)
    }
    return case.check_extended != was.check_extended or len(profiles) > 1


def filed(facts: Facts, law: LawBook) -> date | None:
    """The day of approval; the ninety days start there (住建程序规定 15, 行政处罚法 60)."""
    return facts.case.filing.approved_on if facts.case.filing else None


def step(facts: Facts, law: LawBook) -> date | None:
    """The day of the step itself."""
    return facts.as_of


def received(facts: Facts, law: LawBook) -> date | None:
    """The day on which the reviewer got the whole package, as recorded now; else the day of the step."""
    sent = facts.case.submissions[-1] if facts.case.submissions else None
    was = facts.was.submissions[-1] if facts.was.submissions else None
    return sent.received_on if sent and sent != was and sent.received_on else facts.as_of


def on_the_desk(facts: Facts) -> bool:
    """Whether the reviewer's days start (anew): not for a file received with something missing, and not
    for a pass that is taken back while the party's windows or the hearing still run."""
    sent = facts.case.submissions[-1] if facts.case.submissions else None
    return not (sent and sent.missing) and facts.state not in ("notified", "hearing")


def told(facts: Facts, law: LawBook) -> date | None:
    """The day on which the notice was served."""
    return facts.case.notice.served_on if facts.case.notice else None


def dated(facts: Facts, law: LawBook) -> date | None:
    """The date on the decision document (行政处罚法 59), or on the one not to penalise."""
    made = facts.case.decision or facts.case.no_penalty
    return made.date if made else None


def served(facts: Facts, law: LawBook) -> date | None:
    """The day on which the party received the decision (行政处罚法 67)."""
    return facts.case.decision_served.served_on if facts.case.decision_served else None


def on_the_spot(facts: Facts, law: LawBook) -> date | None:
    return facts.case.summary.at.date() if facts.case.summary else None


def defence_days(facts: Facts, law: LawBook) -> Span:
    """What the notice told the party, else the office's number; the statute gives none."""
    notice = facts.case.notice
    if notice and notice.defence_days is not None:
        return Span(notice.defence_days, "wd")
    return law.on(facts.as_of)["statement_defence.period"].span


def regular(facts: Facts) -> bool:
    """A step against the rules tells nobody anything and gives nobody time: it starts no clock."""
    return not facts.irregular


def hearing_offered(facts: Facts) -> bool:
    return regular(facts) and bool(facts.case.notice and facts.case.notice.hearing_told)


def fined(facts: Facts) -> bool:
    return bool(facts.case.decision and facts.case.decision.fine)


def paid_up(facts: Facts) -> bool:
    """The payment clock stops when the whole fine is paid, not at the first instalment; or the case is closed."""
    return bool(facts.case.closing) or not dues.unpaid(facts.case)


def ordered_anew(facts: Facts, law: LawBook) -> date | None:
    """The day on which the office was told to decide anew (行政诉讼法 71, 行政复议法 77)."""
    return facts.case.anew.ordered_on if facts.case.anew else None


def anew_days(facts: Facts, law: LawBook) -> Span:
    """Until the day that the judgment or the review decision set, else sixty days (复议法实施条例 49)."""
    anew = facts.case.anew
    assert anew is not None  # the clock starts there
    if anew.until is None:
        return law.on(anew.ordered_on)["anew.default"].span
    return Span((anew.until - anew.ordered_on).days, "d")


def hand_over_days(facts: Facts, law: LawBook) -> Span:
    """The twenty-four hours of 移送规定 5 as days; `transfer.handed_over_in_time` counts the hours."""
    hours = int(law.on(facts.as_of)["criminal_transfer.hand_over"].value)
    return Span(-(-hours // 24), "d")


def _measure(facts: Facts) -> Measure:
    measure = measures.measure_of(facts)
    assert measure is not None  # these clocks are turned only by steps about a measure
    return measure


def kept_since(facts: Facts, law: LawBook) -> date | None:
    """The day on which things were registered, sealed or taken (行政处罚法 56, 行政强制法 25)."""
    return _measure(facts).taken_at.date()


def may_be_kept(facts: Facts, law: LawBook) -> Span:
    return measures.longest(facts, _measure(facts), law)


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


def decision_days(facts: Facts, law: LawBook) -> Span:
    """Ninety days, and what the rule of the item lets stand still or be added (行政处罚法 60)."""
    filed_on = filed(facts, law)
    assert filed_on is not None  # the clock starts there
    base = law.on(filed_on)["decision.deadline"].span
    profile = facts.office.clock_profile(facts.case.power)
    stops, longer = alongside.pauses(facts.case), alongside.grants(facts.case)
    if profile is None or not (stops or longer):
        return base
    counted = facts.calendar.count(filed_on, base)
    plain = Clock(
        start=filed_on, span=str(base), due=counted.due, rolled=counted.rolled, ends=counted.due,
        provisional=counted.provisional, calendar=facts.calendar.version,
    )  # fmt: skip
    over = tuple(s for s in stops if s.last)  # what still stands is reckoned with when it is over
    made = paused(plain, over, profile, facts.calendar, as_of=facts.as_of, grants=longer)
    return Span(base.n + made.stood + made.extended, base.unit)


def payment_days(facts: Facts, law: LawBook) -> Span:
    """Fifteen days from receipt, or until the last date of an approved plan (行政处罚法 66, 67)."""
    served_on = served(facts, law)
    assert served_on is not None  # the clock starts there
    plan = alongside.plan(facts.case)
    if plan is not None and plan.ends > served_on:
        return Span((plan.ends - served_on).days, "d")
    return law.on(served_on)["payment.due"].span


def over_for_good(facts: Facts, law: LawBook) -> date | None:
    """The day on which nobody can attack the decision any more, or a plan ends; asking the court starts there."""
    window = _court_window(facts, law)
    return window.start if isinstance(window, Period) else None


def court_days(facts: Facts, law: LawBook) -> Span:
    """Three months; for what a judgment put in the decision's place, two years (行政强制法 53, 诉解 153)."""
    window = _court_window(facts, law)
    assert isinstance(window, Period)  # the clock starts there
    return window.span


def _court_window(facts: Facts, law: LawBook) -> Period | NoPeriod | None:
    beside = alongside.beside(facts.case, law)
    return periods.court_window(facts.case, law, facts.calendar, beside=beside)


def _remedy(facts: Facts) -> RemedyTaken:
    remedy = relief.remedy_of(facts)
    assert remedy is not None  # these clocks are turned only by steps about a remedy
    return remedy


def copy_received(facts: Facts, law: LawBook) -> date | None:
    return _remedy(facts).copy_received


def to_be_answered(facts: Facts) -> bool:
    return _remedy(facts).copy_received is not None


def answer_span(facts: Facts, law: LawBook) -> Span:
    remedy = _remedy(facts)
    return law.on(remedy.copy_received or facts.as_of)[relief.answer_key(remedy)].span


def _paper(facts: Facts) -> Supervision:
    paper = supervision.supervision_of(facts)
    assert paper is not None  # this clock is turned only by steps about such a paper
    return paper


def supervised_since(facts: Facts, law: LawBook) -> date | None:
    return _paper(facts).received


def supervised_for(facts: Facts, law: LawBook) -> Span:
    return supervision.span(_paper(facts), law)


def demanded(facts: Facts, law: LawBook) -> date | None:
    made = enforcement.enforcement_of(facts)
    return made.demanded_on if made else None


def agreed_days(facts: Facts, law: LawBook) -> Span:
    """Until the last day that the agreement with the party sets (行政强制法 42)."""
    made = enforcement.enforcement_of(facts)
    assert made is not None
    assert made.agreed_until is not None  # the form asks for it
    return Span((made.agreed_until - facts.as_of).days, "d")


def nothing_to_wait_for(facts: Facts) -> bool:
    """A demand is over by a step about it, or when nothing is owed any more."""
    case = facts.case
    owed = dues.unpaid(case) or enforcement.uncorrected(case)
    return bool(facts.item) or case.closing is not None or not owed


def fallen_on(facts: Facts, law: LawBook) -> date | None:
    """The day on which the change of a published decision stands (行政处罚法 48(2))."""
    return relief.fallen_on(facts, law)


def published_and_fallen(facts: Facts) -> bool:
    choice = facts.case.publication
    return bool(choice and choice.shown) and any(r.falls for r in facts.case.remedies)


def publication_stands_still(facts: Facts) -> bool:
    """It starts with the decision, and again where one that was withheld is chosen after all."""
    return "publication" not in facts.was.clocks


def answered_everywhere(facts: Facts) -> bool:
    """Every platform to which it goes has answered for what stands now, or nothing is published."""
    choice = facts.case.publication
    if choice is None or not choice.publish:
        return True
    return not choice.unanswered


def down_everywhere(facts: Facts) -> bool:
    """Withdrawn, and every platform that had it has said that it is down (行政处罚法 48(2))."""
    choice = facts.case.publication
    return choice is not None and not choice.still_up


def display_days(facts: Facts, law: LawBook) -> Span:
    """From the date of the decision to the 公示截止期 that was reviewed (R239)."""
    choice, start = facts.case.publication, dated(facts, law)
    assert choice is not None
    assert choice.until is not None
    assert start is not None
    return Span((choice.until - start).days, "d")


def displayed(facts: Facts) -> bool:
    choice = facts.case.publication
    return bool(choice and choice.shown and choice.until)


def not_displayed(facts: Facts) -> bool:
    choice = facts.case.publication
    return not (choice and choice.shown)


def settled(facts: Facts) -> bool:
    """The court is asked, or there is nothing left to ask for."""
    return paid_up(facts) or any(e.decided_on for e in facts.case.enforcements)
