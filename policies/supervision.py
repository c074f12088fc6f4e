"""督促 — papers of those who supervise the office, and until when each must be answered."""

from __future__ import annotations

from datetime import date

from policies.articles import ALL, APL, ARL
from policies.calendar import Span
from policies.core import Level, Verdict, does_not_apply, fails, holds, policy
from policies.facts import Facts
from policies.lawbook import LawBook
from policies.things import Supervision


def supervision_of(facts: Facts) -> Supervision | None:
    """The paper that the step is about."""
    return next((s for s in facts.case.supervisions if s.id == facts.item), None)


def span(paper: Supervision, law: LawBook) -> Span:
    """Sixty days for 行政复议意见书 (行政复议法 76); for every other paper, as long as it says itself.

    No text that is held gives the others a length, so the day that stands in the paper is entered with it;
    督办 gives working days (行政处罚法 85).
    """
    if paper.workdays is not None:
        return Span(paper.workdays, "wd")
    if paper.due is not None:
        return Span((paper.due - paper.received).days, "d")
    return law.on(paper.received)["review.opinion_report"].span


def last_day(paper: Supervision, facts: Facts, law: LawBook) -> date:
    """A last day on a holiday gives way to the next working day (民事诉讼法 85, by 行政复议法 88)."""
    return facts.calendar.count(paper.received, span(paper, law)).rolled


@policy(
    "supervision.answered_in_time",
    title="按期报送督促文书的办理情况",
    rules=["R306"],
    cites=[ARL(76), APL(75)],
    level=Level.WARN,
    needs_form=True,
)
def answered_in_time(facts: Facts, law: LawBook) -> Verdict:
    """A late answer is given all the same, and says why it is late."""
    paper = supervision_of(facts)
    if paper is None or paper.answered_on is None:
        return does_not_apply("还没有答复。")
    last = last_day(paper, facts, law)
    if paper.answered_on <= last:
        return holds(f"{paper.received} 收到{paper.kind}，至 {last} 报送。")
    return fails(
        f"{paper.kind}应当在 {last} 前报送办理情况，{paper.answered_on} 才报送。",
        remedy="写明逾期的原因，报送发文机关。",
        by=facts.who("head"),
    )


@policy(
    "supervision.answered",
    title="督促文书都已答复",
    rules=["R306"],
    cites=[ARL(77), APL(75), ALL(25, "第四款")],
    level=Level.WARN,
)
def answered(facts: Facts, law: LawBook) -> Verdict:
    """A file is not closed over a paper that nobody has answered, or says why."""
    open_ones = [s for s in facts.case.supervisions if s.answered_on is None]
    if not open_ones:
        return does_not_apply("没有待答复的督促文书。")
    return fails(
        f"还没有答复：{'；'.join(s.told for s in open_ones)}。",
        remedy="办理并报送之后结案，或者写明先行结案的理由。",
        by=facts.who("head"),
    )
