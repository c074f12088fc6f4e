"""最迟日 — counted back from the last of the ninety days: by when each remaining step must be taken.

One pass from the end: the decision after the windows, the windows after the notice, the hearing seven
working days after its own notice, each review as long before as the office takes for it. Twice: from day
90 as it stands, the safe one, and from the working day that it would roll to, which is disputed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from policies.calendar import ONE_DAY, Calendar, Span
from policies.casefile import CaseFile, Hearing
from policies.facts import grounds_digest, proposal_digest
from policies.lawbook import LawBook, Parameter
from policies.period import NoPeriod
from policies.periods import decision


@dataclass(frozen=True, slots=True)
class LatestDay:
    """The last day for one step, by its verb. `worked` is the last working day not after `strict`."""

    step: str
    label: str
    strict: date
    rolled: date
    worked: date
    why: str

    def standing(self, today: date) -> str:
        """`missed` after both readings, `disputed` between them, else empty."""
        if today > self.rolled:
            return "missed"
        return "disputed" if today > self.strict else ""


@dataclass(frozen=True, slots=True)
class Latest:
    """The remaining steps in order, and the end that they are counted back from."""

    days: tuple[LatestDay, ...]
    due: date
    rolled: date
    provisional: bool

    def day(self, step: str) -> LatestDay | None:
        return next((d for d in self.days if d.step == step), None)


def latest_days(
    case: CaseFile,
    law: LawBook,
    calendar: Calendar,
    *,
    as_of: date,
    hearing: bool,
    review_first: bool = True,
) -> Latest | None:
    """By when each remaining step of a filed case must be taken; None before filing and after the decision.

    `hearing`: the party must be told that it can ask for one, so one is reckoned with until nobody can
    ask any more. `review_first`: the office reviews before it gives notice.
    """
    end = decision(case, law, calendar)
    if end is None or isinstance(end, NoPeriod) or case.decision is not None:
        return None
    way = _Way(case, law, calendar, as_of, hearing, review_first)
    strict, rolled = way.back_from(end.due), way.back_from(end.rolled)
    days = [
        LatestDay(step, label, day, other, _worked(calendar, day), why)
        for (step, label, day, why), (_, _, other, _) in zip(strict, rolled, strict=True)
    ]
    in_order = sorted(reversed(days), key=lambda latest: latest.strict)
    return Latest(tuple(in_order), end.due, end.rolled, end.provisional)


_Step = tuple[str, str, date, str]


class _Way:
    """What still lies between the case and its decision."""

    def __init__(
        self,
        case: CaseFile,
        law: LawBook,
        calendar: Calendar,
        as_of: date,
        hearing: bool,
        review_first: bool,
    ) -> None:
        on = law.on(as_of)
        self.calendar = calendar
        self.turnaround = on["legal_review.turnaround"]
        self.notice_before = on["hearing.notice_before"]
        self.request = on["hearing.request"]
        self.defence = on["statement_defence.period"]
        self.told = _told(case)
        self.passed = _passed(case)
        self.submitted = _with_the_reviewer(case)
        self.review_first = review_first
        self.hearing = _asked_for(case) if self.told else None
        self.coming = self.hearing is not None and not _over(self.hearing)
        self.may_come = hearing and self.hearing is None and self._can_ask(case, as_of)
        held = self.hearing is not None and self.hearing.ended_as == "held"
        reviewed = self.passed and case.review is not None and case.review.after_hearing
        self.again = self.coming or self.may_come or (held and not reviewed)

    def _can_ask(self, case: CaseFile, as_of: date) -> bool:
        if not self.told or case.notice is None:
            return True
        waived = case.waived("hearing")
        if not case.notice.hearing_told or (waived and waived.on >= case.notice.served_on):
            return False
        return as_of <= self.calendar.count(case.notice.served_on, self.request.span).due

    def back_from(self, end: date) -> list[_Step]:
        """The remaining steps, the last one first."""
        steps = [("decide", "作出处罚决定", end, "办案期限的最后一日")]
        day = end
        if self.again:
            day = self._reviewed(day, steps, "听证之后必须再次审核", again=True)
        if self.coming or self.may_come:
            day = self._heard(day, steps)
        if not self.told:
            day = self._noticed(day, end, steps)
        if self.passed:
            return steps
        if self.review_first and not self.told:
            self._reviewed(day, steps, "先审核，后告知（本机关规则）")
        elif not self.again:
            self._reviewed(end, steps, "在决定之前")
        return steps

    def _reviewed(self, day: date, steps: list[_Step], why: str, *, again: bool = False) -> date:
        """The review passed on this day at the latest, and what it takes to get there."""
        if again:
            passing, sending = (
                ("pass_final_review", "再次审核通过"),
                ("submit_final_review", "再次送审"),
            )
        else:
            passing, sending = ("pass_review", "审核通过"), ("submit_review", "送法制审核")
        steps.append((*passing, day, why))
        day = self.calendar.back(day, self.turnaround.span)
        if not self.submitted:
            steps.append((*sending, day, f"审核需要 {_long(self.turnaround)}"))
        return day

    def _heard(self, day: date, steps: list[_Step]) -> date:
        assumed = "当事人要求听证的话，" if self.may_come else ""
        if self.hearing is None or not self.hearing.record:
            why = f"{assumed}当日写出报告并再次送审"
            steps.append(("hold_hearing", "举行听证", day, why))
        if self.hearing is None or self.hearing.notified_on is None:
            day = self.calendar.back(day, self.notice_before.span)
            why = f"{assumed}听证之前 {_long(self.notice_before)}通知"
            steps.append(("arrange_hearing", "安排听证", day, why))
        return day

    def _noticed(self, day: date, end: date, steps: list[_Step]) -> date:
        """Whoever must wait for a window decides on the day after it; a hearing is arranged on its last day."""
        windows = [(self.calendar.back(end - ONE_DAY, self.defence.span), self.defence, "陈述申辩")]
        if self.may_come:
            windows.append((self.calendar.back(day, self.request.span), self.request, "要求听证"))
        served, length, what = min(windows, key=lambda window: window[0])
        why = f"当事人{what}的期限 {_long(length)}，从送达的次日起算"
        steps.append(("serve_notice", "送达告知书", served, why))
        return served


def _told(case: CaseFile) -> bool:
    """Whether a valid notice stands that still says what is proposed, or more."""
    notice, proposal = case.notice, case.proposal
    if notice is None:
        return False
    return proposal is None or (
        notice.grounds == grounds_digest(proposal) and proposal.fine <= notice.fine
    )


def _passed(case: CaseFile) -> bool:
    """Whether the latest review passed what is proposed now."""
    review = case.review
    return review is not None and review.counts and review.digest == proposal_digest(case)


def _with_the_reviewer(case: CaseFile) -> bool:
    """Whether a package lies with the reviewer and has not been answered."""
    if not case.submissions:
        return False
    return case.review is None or case.review.at < case.submissions[-1].at


def _asked_for(case: CaseFile) -> Hearing | None:
    """The hearing that the party asked for on the latest notice; an earlier one is not about it."""
    hearing, notice = case.hearing, case.notice
    if hearing is None or notice is None or hearing.requested_on < notice.served_on:
        return None
    return hearing


def _over(hearing: Hearing) -> bool:
    return hearing.reported_on is not None or hearing.ended_as == "party_absent"


def _long(length: Parameter) -> str:
    span: Span = length.span
    return f"{span.label}（{length.cite}）"


def _worked(calendar: Calendar, day: date) -> date:
    while not calendar.is_workday(day):
        day -= ONE_DAY
    return day
