"""复议与诉讼的期间 — how long the party may seek a remedy, and when nobody can any more.

The office's window to ask the court hangs on that day (行政强制法 53). Where the texts do not say what a remedy
that ended without an answer does to the periods open before it, it never shortens them (I).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from policies.articles import AEL, ALI, ALL, ARL
from policies.calendar import Calendar
from policies.casefile import CaseFile
from policies.lawbook import LawBook
from policies.period import NoPeriod, Period, later, run

REMEDIES = "复议、诉讼的途径和期限"
REVIEW_FIRST = "先申请行政复议的途径和期限"
"""What a decision carries that tells the remedies: in the ordinary procedure, and on the spot."""

_REVIEW = "review", "申请复议"
_SUIT = "suit", "提起诉讼"
_WINDOW = "court_window", "申请法院强制执行"


@dataclass(frozen=True, slots=True)
class Remedy:
    """A 复议 or a suit against the decision, as far as it has gone.

    `ended` is empty while it goes on, also during an appeal. `received` is the day on which the party
    received what ended it (of `unanswered`: the last day of the review period); `final`, that no appeal
    lies against it.

    upheld 维持、驳回诉讼请求 · changed 变更 · revoked 撤销、确认违法或者无效 · mediated 调解书 · withdrawn 准予撤回 ·
    refused 不予受理、驳回申请、不予立案、驳回起诉 · unanswered 复议期满没有决定
    """

    kind: Literal["review", "suit"]
    began: date
    ended: Literal[
        "", "upheld", "changed", "revoked", "mediated", "withdrawn", "refused", "unanswered"
    ] = ""
    received: date | None = None
    final: bool = False

    def __post_init__(self) -> None:
        if bool(self.ended) is not bool(self.received):
            raise ValueError("复议、诉讼的结果和收到之日要么都写，要么都不写。")


@dataclass(frozen=True, slots=True)
class End:
    """The day on which nobody can attack the decision any more; `judgment`: a judgment replaced it."""

    on: date
    why: str
    provisional: bool = False
    judgment: bool = False


def review(
    case: CaseFile,
    law: LawBook,
    calendar: Calendar,
    *,
    remedies: Sequence[Remedy] = (),
    told_later: date | None = None,
) -> Period | NoPeriod | None:
    """Sixty days to apply for 复议; for a party whom nobody informed, at most a year (R169, R171)."""
    served = _served(case)
    if served is None:
        return None
    for taken in remedies:
        if taken.kind == "suit" and taken.ended != "refused":
            why = f"已于 {taken.began} 起诉，人民法院受理之后不能再申请复议。"
            return NoPeriod(*_REVIEW, why, ARL(29).text)
        if taken.kind == "review" and taken.ended != "refused":
            return NoPeriod(*_REVIEW, f"已于 {taken.began} 申请复议。", ARL(30).text)
    if _untold(case):
        caps = "review.period", "not_informed.cap"
        return _untold_period(_REVIEW, caps, served, told_later, law, calendar)
    why = "自送达（知道处罚决定）之日起"
    return run(*_REVIEW, "review.period", served, law, calendar, why=why, rolls=True)


def suit(
    case: CaseFile,
    law: LawBook,
    calendar: Calendar,
    *,
    remedies: Sequence[Remedy] = (),
    told_later: date | None = None,
) -> Period | NoPeriod | None:
    """Six months to sue, fifteen days after a review; on the spot only after one (R170, R215, R216)."""
    served = _served(case)
    if served is None:
        return None
    for taken in remedies:
        if taken.kind == "suit" and taken.ended != "refused":
            return NoPeriod(*_SUIT, f"已于 {taken.began} 起诉。", ALL(44).text)
    asked = [r for r in remedies if r.kind == "review"]
    last = asked[-1] if asked else None
    if last is not None and not last.ended:
        return NoPeriod(*_SUIT, "复议还没有终结，期间不能起诉。", ARL(29).text)
    if last is not None and last.ended in ("changed", "revoked", "mediated"):
        why = "复议机关已经改变或者撤销原决定，不服的以复议机关为被告。"
        return NoPeriod(*_SUIT, why, ALL(26).text)
    if last is not None and last.ended != "withdrawn":
        after = _after_review(case, last, law, calendar)
        if case.summary is not None or last.ended != "refused":
            return after
        return later(after, _six_months(case, served, told_later, law, calendar))
    if case.summary is not None:
        why = "当场处罚必须先申请行政复议，对复议决定不服才能起诉。"
        return NoPeriod(*_SUIT, why, ARL(23, "第一款第（一）项").text)
    return _six_months(case, served, told_later, law, calendar)


def remedies_end(
    case: CaseFile,
    law: LawBook,
    calendar: Calendar,
    *,
    remedies: Sequence[Remedy] = (),
    told_later: date | None = None,
) -> End | NoPeriod | None:
    """The end of both periods from service; each remedy taken puts its own in their place (R215, R216)."""
    if _served(case) is None:
        return None
    end = _nobody_sought(case, law, calendar, told_later)
    for taken in remedies:
        if isinstance(end, NoPeriod):
            return end
        end = _after(taken, end, case, law, calendar)
    return end


def over_on(taken: Remedy, law: LawBook, calendar: Calendar) -> date | None:
    """The day on which a remedy was over; a judgment that can be appealed, when that period has passed."""
    if taken.received is None or taken.kind == "review" or taken.final:
        return taken.received
    if taken.ended in ("withdrawn", "mediated"):
        return taken.received
    appeal = _appeal(taken, law, calendar)
    return appeal.ends if isinstance(appeal, Period) else taken.received


def _nobody_sought(
    case: CaseFile, law: LawBook, calendar: Calendar, told_later: date | None
) -> End | NoPeriod:
    """The later of both periods; on the spot the review's alone, since no suit comes before it."""
    found = review(case, law, calendar, told_later=told_later)
    assert found is not None
    if case.summary is None:
        other = suit(case, law, calendar, told_later=told_later)
        assert other is not None
        found = later(found, other)
    if isinstance(found, NoPeriod):
        return NoPeriod(*_WINDOW, found.why, found.cite)
    return End(found.ends, f"{found.label}的期限届满之日", found.provisional)


def _after(
    taken: Remedy, before: End, case: CaseFile, law: LawBook, calendar: Calendar
) -> End | NoPeriod:
    what = "复议" if taken.kind == "review" else "诉讼"
    if taken.received is None:
        return NoPeriod(*_WINDOW, f"{what}还没有终结，申请执行的期限没有起算。", AEL(53).text)
    if taken.ended == "revoked":
        why = f"处罚决定已在{what}中被撤销、确认违法或者无效，没有可以申请执行的内容。"
        return NoPeriod(*_WINDOW, why, ALI(155).text)
    if taken.ended in ("changed", "mediated"):
        if taken.kind == "review":
            why = "变更的复议决定和复议调解书由复议机关执行或者申请执行，不由本机关申请。"
            return NoPeriod(*_WINDOW, why, ARL(78).text)
        return _judged(taken, law, calendar)
    if taken.ended == "withdrawn":
        text = ALI(58).text if taken.kind == "review" else ALI(60).text
        why = f"{what}已准予撤回（{text}），与原来的期限相比以较晚的为准"
        return End(max(before.on, taken.received), why, before.provisional)
    over = _open_until(taken, case, law, calendar)
    if isinstance(over, NoPeriod):
        return over
    if taken.ended == "refused":
        why = f"{what}不予受理或者被驳回，其后的期限与原来的期限相比以较晚的为准"
        return End(max(before.on, over.on), why, over.provisional or before.provisional)
    return over


def _open_until(taken: Remedy, case: CaseFile, law: LawBook, calendar: Calendar) -> End | NoPeriod:
    """Until when the party can take the next step after an answer."""
    assert taken.received is not None
    if taken.final:
        return End(taken.received, "终审裁判送达之日")
    if taken.kind == "review":
        after = _after_review(case, taken, law, calendar)
        why = "复议之后起诉的期限届满之日"
    else:
        after = _appeal(taken, law, calendar)
        why = "一审裁判上诉期限届满之日"
    if isinstance(after, NoPeriod):
        return NoPeriod(*_WINDOW, after.why, after.cite)
    return End(after.ends, why, after.provisional)


def _judged(taken: Remedy, law: LawBook, calendar: Calendar) -> End | NoPeriod:
    """A judgment or a 调解书 stands in the place of the decision: it is what would be enforced."""
    assert taken.received is not None
    if taken.final or taken.ended == "mediated":
        return End(taken.received, "裁判文书送达生效之日", judgment=True)
    appeal = _appeal(taken, law, calendar)
    if isinstance(appeal, NoPeriod):
        return appeal
    return End(appeal.ends, "一审判决上诉期限届满之日", appeal.provisional, judgment=True)


def _appeal(taken: Remedy, law: LawBook, calendar: Calendar) -> Period | NoPeriod:
    """Fifteen days against a judgment, ten against a ruling (行政诉讼法 85)."""
    assert taken.received is not None
    key = "suit.appeal_ruling" if taken.ended == "refused" else "suit.appeal_judgment"
    return run(*_WINDOW, key, taken.received, law, calendar, why="自裁判送达之日起", rolls=True)


def _after_review(
    case: CaseFile, taken: Remedy, law: LawBook, calendar: Calendar
) -> Period | NoPeriod:
    """Fifteen days from the answer, or from the day on which the review should have answered."""
    assert taken.received is not None
    first = case.summary is not None and taken.ended in ("refused", "unanswered")
    key = "review.suit_after_refusal" if first else "suit.after_review"
    why = f"自{'复议期满' if taken.ended == 'unanswered' else '收到复议决定'}之日起"
    return run(*_SUIT, key, taken.received, law, calendar, why=why, rolls=True)


def _six_months(
    case: CaseFile, served: date, told_later: date | None, law: LawBook, calendar: Calendar
) -> Period | NoPeriod:
    if _untold(case):
        keys = "suit.period", "not_informed.cap.suit"
        return _untold_period(_SUIT, keys, served, told_later, law, calendar)
    why = "自送达（知道处罚决定）之日起"
    return run(*_SUIT, "suit.period", served, law, calendar, why=why, rolls=True)


def _untold_period(
    name: tuple[str, str],
    keys: tuple[str, str],
    served: date,
    told_later: date | None,
    law: LawBook,
    calendar: Calendar,
) -> Period | NoPeriod:
    """From the day the party learned of its remedy, at most a year from the day it knew the decision."""
    period, cap = keys
    why = "决定书没有告知救济途径和期限，自知道决定内容之日起最长一年"
    at_most = run(*name, cap, served, law, calendar, why=why, rolls=True)
    if told_later is None:
        return at_most
    why = f"决定书没有告知，当事人 {told_later} 才知道救济途径和期限，自该日起"
    found = run(*name, period, told_later, law, calendar, why=why, rolls=True)
    both = isinstance(found, Period) and isinstance(at_most, Period)
    return at_most if both and at_most.ends < found.ends else found  # type: ignore[union-attr]


def _served(case: CaseFile) -> date | None:
    return case.decision_served.served_on if case.decision and case.decision_served else None


def _untold(case: CaseFile) -> bool:
    """Whether the document did not tell the remedies; where a published text is silent, it is taken to have."""
    told = REMEDIES if case.summary is None else REVIEW_FIRST
    return case.decision is not None and not case.silent and told not in case.decision.contents
