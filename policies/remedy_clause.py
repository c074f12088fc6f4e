"""救济告知 — what a decision must tell about 复议 and suit, from a table; how long they stay open is in remedies.py."""

from __future__ import annotations

from datetime import date

from policies.articles import APL, ARL
from policies.calendar import Span
from policies.core import Verdict, does_not_apply, fails, holds, policy
from policies.facts import Facts
from policies.lawbook import LawBook
from policies.office import Office
from policies.parts import RemedyClause


def remedy(office: Office, law: LawBook, day: date, *, on_spot: bool) -> RemedyClause:
    """The clause for a decision of this day: to whom, to which court, within what time.

    Against a penalty on the spot 复议 comes first and suit after it (行政复议法 23); against every other
    the party may choose.
    """
    review = _span(law, day, "review.period", Span(60, "d"))
    after = ("suit.after_review", Span(15, "d")) if on_spot else ("suit.period", Span(6, "mo"))
    suit = _span(law, day, *after)
    body, court = office.superior.review_body, office.superior.court
    first = f"自收到本决定书之日起{_words(review)}内向{body}申请行政复议"
    if on_spot:
        text = f"应当先{first}；对复议决定不服的，自收到复议决定书之日起{_words(suit)}内向{court}起诉。"
    else:
        text = f"可以{first}，也可以自收到本决定书之日起{_words(suit)}内直接向{court}起诉。"
    return RemedyClause(
        review_first=on_spot, review_body=body, review=str(review), court=court,
        suit=str(suit), text=text,
    )  # fmt: skip


def _span(law: LawBook, day: date, key: str, before: Span) -> Span:
    """The law of the day; before the editions that are held the number was the same."""
    found = law.on(day).find(key)
    return found.span if found else before


def _words(span: Span) -> str:
    return f"{span.n}个月" if span.unit == "mo" else f"{span.n}日"


@policy(
    "decision.remedy_told",
    title="告知的复议机关、法院和期限正确",
    rules=["R169", "R170", "R250"],
    cites=[APL(59), ARL(23), ARL(24)],
    needs_form=True,
)
def remedy_told(facts: Facts, law: LawBook) -> Verdict:
    """Body, court, periods and order are those of the table, whatever a paper form once printed."""
    decision = facts.case.decision
    if decision is None or decision.remedy is None:
        return does_not_apply("没有登记告知的救济途径。")
    told = decision.remedy
    due = remedy(facts.office, law, decision.date, on_spot=facts.case.summary is not None)
    wrong = [
        f"{what}写的是{_told(got)}，应当是{_told(want)}"
        for what, got, want in (
            ("复议机关", told.review_body, due.review_body),
            ("法院", told.court, due.court),
            ("复议期限", told.review, due.review),
            ("起诉期限", told.suit, due.suit),
            ("是否先行复议", told.review_first, due.review_first),
        )
        if got != want
    ]
    if wrong:
        return fails(
            "；".join(wrong) + "。",
            remedy="按救济途径表改正；已送达的，书面更正告知。",
            by=facts.handlers,
        )
    return holds(f"告知：{due.text}")


def _told(value: str | bool) -> str:
    if isinstance(value, bool):
        return "先行复议" if value else "自由选择"
    return _words(Span.parse(value)) if value[:1].isdigit() else f"“{value}”"
