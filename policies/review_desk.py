"""审核台 — questions without a return, the closing check, whose file it is, and how often and how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from policies.articles import APL
from policies.calendar import Calendar
from policies.casefile import CaseFile, Review
from policies.core import Level, Verdict, does_not_apply, fails, holds, policy
from policies.facts import Facts
from policies.lawbook import LawBook
from policies.officers import reviewer_of


@policy(
    "review.questions_answered",
    title="审核人的询问已答复",
    rules=["R121"],
    cites=[APL(58)],
    level=Level.WARN,
    own_rule=True,
)
def questions_answered(facts: Facts, law: LawBook) -> Verdict:
    """Who passes a file over an unanswered question of his own says why."""
    round_ = len(facts.case.submissions)
    open_ = [
        str(n)
        for n, q in enumerate(facts.case.questions, 1)
        if q.submission == round_ and not q.answer
    ]
    if not open_:
        return does_not_apply("没有待答复的询问。")
    return fails(
        f"第 {'、'.join(open_)} 个询问，承办人还没有答复。",
        remedy="等承办人答复；不等的，写明理由。",
        by=facts.handlers,
    )


@policy(
    "review.missing_supplied",
    title="收件时缺的材料已补齐",
    rules=["R116"],
    cites=[APL(58)],
    level=Level.WARN,
    own_rule=True,
)
def missing_supplied(facts: Facts, law: LawBook) -> Verdict:
    """What the reviewer noted as missing when the file came in is there before it passes."""
    submission = facts.case.submissions[-1] if facts.case.submissions else None
    if submission is None or not submission.received_on:
        return does_not_apply("没有登记收件。")
    if not submission.missing:
        return holds(f"{submission.received_on} 收齐送审材料。")
    return fails(
        f"{submission.received_on} 收件时缺：{'、'.join(submission.missing)}，没有登记收齐。",
        remedy="补齐后登记收齐；不影响审核的，写明理由。",
        by=facts.handlers,
    )


@policy(
    "reviewer.assigned",
    title="由指定的审核人审核",
    rules=["R047", "R048"],
    cites=[APL(58)],
    level=Level.WARN,
    own_rule=True,
)
def assigned(facts: Facts, law: LawBook) -> Verdict:
    """Where a head has named the reviewer, another one says why the file is on his desk."""
    named = facts.case.reviewer
    if not named:
        return does_not_apply("没有另行指定审核人。")
    reviewer = reviewer_of(facts.actor, facts.case.borrowed, facts.on_behalf_of)
    person = facts.office.person(named)
    name = person.name if person else named
    if reviewer.id == named:
        return holds(f"由指定的审核人{name}审核。")
    if facts.on_behalf_of is not None and facts.on_behalf_of.id == named:
        return holds(f"由{reviewer.name}受指定的审核人{name}委托审核。")
    return fails(
        f"本案指定由{name}审核，不是{reviewer.name}。",
        remedy="由指定的人审核，或者由负责人改派；确需他人审核的，写明理由。",
        by=facts.who("head", "deputy_head"),
    )


@policy(
    "review.closing_check",
    title="复核之后，审核人核对了后续程序",
    rules=["R117", "R123"],
    cites=[APL(58)],
    level=Level.NOTE,
    own_rule=True,
)
def closing_check(facts: Facts, law: LawBook) -> Verdict:
    """A pass that said "not happened yet" is followed by a short look once the defence was answered."""
    review = facts.case.review
    replied = [s.replied_on for s in facts.case.statements if s.replied_on]
    if review is None or not review.counts or not replied:
        return does_not_apply("没有审核之后的复核。")
    if not any("尚未发生" in text for text in review.items.values()):
        return does_not_apply("审核意见没有留待以后核对的事项。")
    if max(replied) < review.at.date():
        return does_not_apply("复核在审核之前，审核时已经看到。")
    check = review.closing_check
    if check and check.at.date() >= max(replied):
        return holds(f"{check.name}于 {check.at.date()} 核对：{check.opinion}")
    return fails(
        f"审核意见有“尚未发生”的事项，{max(replied)} 的复核之后还没有核对。",
        remedy="由审核人核对告知、申辩和复核，写一句意见。",
        by=facts.who("reviewer"),
    )


@dataclass(frozen=True, slots=True)
class Round:
    """One stay of the file on the reviewer's desk; `until` is empty while it lies there."""

    since: date
    until: date | None
    outcome: str
    working_days: int


@dataclass(frozen=True, slots=True)
class DeskRecord:
    """How often a file came, went back and stayed, for whoever answers for the time.

    A pass that was taken back opens another round of what was `sent` once.
    """

    sent: int
    rounds: tuple[Round, ...]
    returned: int
    withdrawn: int
    questions: int
    unanswered: int

    @property
    def working_days(self) -> int:
        return sum(r.working_days for r in self.rounds)

    def as_dict(self) -> dict[str, Any]:
        """For machines; no round means that the file was never sent."""
        return {
            "returned": self.returned,
            "withdrawn": self.withdrawn,
            "questions": self.questions,
            "unanswered": self.unanswered,
            "working_days": self.working_days,
            "rounds": [
                {
                    "since": r.since.isoformat(),
                    "until": r.until.isoformat() if r.until else None,
                    "outcome": r.outcome,
                    "working_days": r.working_days,
                }
                for r in self.rounds
            ],
        }

    @property
    def words(self) -> str:
        """One line for a page; empty when the file was never sent."""
        if not self.rounds:
            return ""
        told = (
            f"送审 {self.sent} 次，退回 {self.returned} 次，在审核人处 {self.working_days} 个工作日"
        )
        more = [f"撤回通过 {self.withdrawn} 次"] if self.withdrawn else []
        more += [f"询问 {self.questions} 个（{self.unanswered} 个未答）"] if self.questions else []
        return "，".join([told, *more])


def desk_record(case: CaseFile, calendar: Calendar, today: date) -> DeskRecord:
    """Every stay on the reviewer's desk, from receipt to opinion, in working days.

    A file counts from the day on which it was received complete, else from the day it was sent; after
    a pass was taken back, from that day.
    """
    rounds = [
        _round(sent.received_on or sent.at.date(), _opinion(case, n), calendar, today)
        for n, sent in enumerate(case.submissions, 1)
    ]
    for n, review in enumerate(case.reviews):
        after = case.reviews[n + 1] if n + 1 < len(case.reviews) else None
        again = after is not None and after.submission == review.submission
        if review.withdrawn_at and again:
            rounds.append(_round(review.withdrawn_at.date(), after, calendar, today))
    return DeskRecord(
        sent=len(case.submissions),
        rounds=tuple(rounds),
        returned=sum(not r.passed for r in case.reviews),
        withdrawn=sum(r.withdrawn_at is not None for r in case.reviews),
        questions=len(case.questions),
        unanswered=sum(not q.answer for q in case.questions),
    )


def _opinion(case: CaseFile, submission: int) -> Review | None:
    """The first opinion on the n-th submission."""
    return next((r for r in case.reviews if r.submission == submission), None)


def _round(since: date, review: Review | None, calendar: Calendar, today: date) -> Round:
    until = review.at.date() if review else None
    outcome = "" if review is None else "通过" if review.passed else "退回"
    return Round(since, until, outcome, calendar.workdays_between(since, until or today))
