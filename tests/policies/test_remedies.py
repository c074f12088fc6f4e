"""行政复议法 20, 23, 29, 30, 34, 78; 行政诉讼法 26, 44-46, 85 — each end of a remedy, to the word and the day.

Rules R169, R170, R171, R215 and R216. The days alone, and what hangs on them, are in test_periods.py.
"""

from __future__ import annotations

from datetime import date

import pytest

from policies.period import ROLLS, NoPeriod, Period
from policies.remedies import (
    REMEDIES,
    REVIEW_FIRST,
    End,
    Remedy,
    over_on,
    remedies_end,
    review,
    suit,
)
from tests.policies.builders import CALENDAR, LAW, a_service, changed, on, on_spot, served

ORDINARY = served()
"""Served on Monday 20 January 2025: sixty days end on 21 March, six months on Sunday 20 July."""

ON_SPOT = on_spot()
"""Handed over on Thursday 16 January 2025: sixty days end on 17 March."""


def untold(case):
    contents = tuple(c for c in case.decision.contents if c not in (REMEDIES, REVIEW_FIRST))
    return changed(case, decision=changed(case.decision, contents=contents))


def handed_over(case, day):
    return changed(case, services=(a_service(served_on=day),))


def a_review(ended="upheld", received="2025-04-30", **other):
    return Remedy("review", on("2025-02-10"), ended, received and on(received), **other)


def a_suit(ended="upheld", received="2025-08-29", **other):
    return Remedy("suit", on("2025-02-10"), ended, received and on(received), **other)


REVIEWING, SUING = a_review("", None), a_suit("", None)


def asked(question, *remedies, case=ORDINARY, told_later=None):
    later = told_later and on(told_later)
    return question(case, LAW, CALENDAR, remedies=remedies, told_later=later)


# — why there is no period ————————————————————————————————————————————————————————————————

REVIEW, SUIT = ("review", "申请复议"), ("suit", "提起诉讼")
COURT = ("court_window", "申请法院强制执行")
ANOTHER = "复议机关已经改变或者撤销原决定，不服的以复议机关为被告。"
ELSEWHERE = "变更的复议决定和复议调解书由复议机关执行或者申请执行，不由本机关申请。"
ALI = "《最高人民法院关于适用行政诉讼法的解释》"


@pytest.mark.parametrize(
    ("question", "case", "remedy", "name", "why", "cite"),
    [
        (review, ORDINARY, SUING, REVIEW, "已于 2025-02-10 起诉，人民法院受理之后不能再申请复议。",
         "《行政复议法》第二十九条"),
        (review, ORDINARY, a_review(), REVIEW, "已于 2025-02-10 申请复议。", "《行政复议法》第三十条"),
        (suit, ORDINARY, SUING, SUIT, "已于 2025-02-10 起诉。", "《行政诉讼法》第四十四条"),
        (suit, ORDINARY, REVIEWING, SUIT, "复议还没有终结，期间不能起诉。", "《行政复议法》第二十九条"),
        (suit, ORDINARY, a_review("changed"), SUIT, ANOTHER, "《行政诉讼法》第二十六条"),
        (suit, ORDINARY, a_review("revoked"), SUIT, ANOTHER, "《行政诉讼法》第二十六条"),
        (suit, ORDINARY, a_review("mediated"), SUIT, ANOTHER, "《行政诉讼法》第二十六条"),
        (suit, ON_SPOT, None, SUIT, "当场处罚必须先申请行政复议，对复议决定不服才能起诉。",
         "《行政复议法》第二十三条第一款第（一）项"),
        (remedies_end, ORDINARY, REVIEWING, COURT, "复议还没有终结，申请执行的期限没有起算。",
         "《行政强制法》第五十三条"),
        (remedies_end, ORDINARY, SUING, COURT, "诉讼还没有终结，申请执行的期限没有起算。",
         "《行政强制法》第五十三条"),
        (remedies_end, ORDINARY, a_suit("revoked"), COURT,
         "处罚决定已在诉讼中被撤销、确认违法或者无效，没有可以申请执行的内容。", f"{ALI}第一百五十五条"),
        (remedies_end, ORDINARY, a_review("changed"), COURT, ELSEWHERE, "《行政复议法》第七十八条"),
        (remedies_end, ORDINARY, a_review("mediated"), COURT, ELSEWHERE, "《行政复议法》第七十八条"),
        (remedies_end, handed_over(ON_SPOT, "2023-12-31"), None, COURT,
         "法律登记簿没有 2023-12-31 的“review.period”，无法计算。", ""),
    ],
)  # fmt: skip
def test_a_way_that_is_shut_says_why_and_by_which_article(question, case, remedy, name, why, cite):
    found = asked(question, *((remedy,) if remedy else ()), case=case)
    assert found == NoPeriod(*name, why, cite)


def test_a_suit_that_the_court_refused_leaves_the_six_months():
    found = asked(suit, a_suit("refused", "2025-03-03"))
    assert isinstance(found, Period)
    assert found.ends == on("2025-07-21")


# — how long each of them stays open ——————————————————————————————————————————————————————

TOLD = "自送达（知道处罚决定）之日起"
UNTOLD = "决定书没有告知救济途径和期限，自知道决定内容之日起最长一年"
LATE = "决定书没有告知，当事人 {} 才知道救济途径和期限，自该日起"


@pytest.mark.parametrize(
    ("question", "case", "remedy", "ends", "why", "cite"),
    [
        (review, ORDINARY, None, "2025-03-21", TOLD, "《行政复议法》第二十条第一款"),
        (suit, ORDINARY, None, "2025-07-21", TOLD, "《行政诉讼法》第四十六条第一款"),
        (suit, ORDINARY, a_review(), "2025-05-15", "自收到复议决定之日起",
         "《行政诉讼法》第四十五条"),
        (suit, ORDINARY, a_review("unanswered"), "2025-05-15", "自复议期满之日起",
         "《行政诉讼法》第四十五条"),
        (suit, ORDINARY, a_review("refused", "2025-07-14"), "2025-07-29",
         "自收到复议决定之日起", "《行政诉讼法》第四十五条"),
        (suit, ON_SPOT, a_review(), "2025-05-15", "自收到复议决定之日起",
         "《行政诉讼法》第四十五条"),
        (suit, ON_SPOT, a_review("refused"), "2025-05-15", "自收到复议决定之日起",
         "《行政复议法》第三十四条"),
        (suit, ON_SPOT, a_review("unanswered"), "2025-05-15", "自复议期满之日起",
         "《行政复议法》第三十四条"),
        # fifteen days that end on Saturday 17 May
        (suit, ORDINARY, a_review("upheld", "2025-05-02"), "2025-05-19", "自收到复议决定之日起",
         "《行政诉讼法》第四十五条"),
    ],
)  # fmt: skip
def test_a_way_that_is_open_says_from_when_by_which_article_and_moves_off_a_day_of_rest(
    question, case, remedy, ends, why, cite
):
    found = asked(question, *((remedy,) if remedy else ()), case=case)
    assert (str(found.ends), found.why, found.cite) == (ends, f"{why}；{ROLLS}。", cite)


@pytest.mark.parametrize(
    ("question", "served_on", "told_later", "ends", "why"),
    [
        (review, "2025-01-20", None, "2026-01-20", UNTOLD),
        (suit, "2025-01-20", None, "2026-01-20", UNTOLD),
        (suit, "2025-01-18", None, "2026-01-19", UNTOLD),  # the year ends on a Sunday
        (review, "2025-01-20", "2025-05-05", "2025-07-04", LATE),
        (review, "2025-01-20", "2025-05-07", "2025-07-07", LATE),  # the 6th of July is a Sunday
        (suit, "2025-01-20", "2025-05-05", "2025-11-05", LATE),
        (suit, "2025-01-20", "2025-05-08", "2025-11-10", LATE),  # the 8th of November is a Saturday
        # the number for the year is held from 8 February 2018 on, that for six months before it
        (suit, "2018-02-07", "2018-03-05", "2018-09-05", LATE),
    ],
)
def test_whom_the_decision_did_not_inform_has_his_time_from_knowing_and_at_most_a_year(
    question, served_on, told_later, ends, why
):
    case = handed_over(untold(ORDINARY), served_on)
    found = asked(question, case=case, told_later=told_later)
    assert (str(found.ends), found.why) == (ends, f"{why.format(told_later)}；{ROLLS}。")


def test_a_review_refused_leaves_the_uninformed_party_the_time_from_its_knowing():
    """Six months from 5 May, not a year from January: what was told later counts here too."""
    found = asked(
        suit, a_review("refused", "2025-03-03"), case=untold(ORDINARY), told_later="2025-05-05"
    )
    assert str(found.ends) == "2025-11-05"


# — when nobody can attack the decision any more ——————————————————————————————————————————

WAS_LATER = "与原来的期限相比以较晚的为准"
REFUSED = f"不予受理或者被驳回，其后的期限{WAS_LATER}"


@pytest.mark.parametrize(
    ("remedies", "ends", "why", "judgment"),
    [
        ((), "2025-07-21", "提起诉讼的期限届满之日", False),
        ((a_review(),), "2025-05-15", "复议之后起诉的期限届满之日", False),
        ((a_review("withdrawn"),), "2025-07-21",
         f"复议已准予撤回（{ALI}第五十八条），{WAS_LATER}", False),
        ((a_review("refused"),), "2025-07-21", f"复议{REFUSED}", False),
        ((a_suit(),), "2025-09-15", "一审裁判上诉期限届满之日", False),
        ((a_suit(final=True),), "2025-08-29", "终审裁判送达之日", False),
        ((a_suit("withdrawn"),), "2025-08-29", f"诉讼已准予撤回（{ALI}第六十条），{WAS_LATER}", False),
        ((a_suit("refused"),), "2025-09-08", f"诉讼{REFUSED}", False),
        ((a_suit("changed"),), "2025-09-15", "一审判决上诉期限届满之日", True),
        ((a_suit("changed", final=True),), "2025-08-29", "裁判文书送达生效之日", True),
        ((a_suit("mediated"),), "2025-08-29", "裁判文书送达生效之日", True),
        ((a_review(), a_suit("changed")), "2025-09-15", "一审判决上诉期限届满之日", True),
    ],
)  # fmt: skip
def test_each_end_of_a_remedy_names_the_day_and_what_ended(remedies, ends, why, judgment):
    assert asked(remedies_end, *remedies) == End(on(ends), why, False, judgment)


def test_on_the_spot_the_review_alone_is_what_has_to_pass():
    assert asked(remedies_end, case=ON_SPOT) == End(on("2025-03-17"), "申请复议的期限届满之日")


@pytest.mark.parametrize(
    ("case", "told_later", "ends"),
    [
        (ORDINARY, None, "2026-01-20"),
        (ORDINARY, "2025-05-05", "2025-11-05"),  # six months to sue are longer than sixty days
        (ON_SPOT, None, "2026-01-16"),
        (ON_SPOT, "2025-05-05", "2025-07-04"),
    ],
)
def test_the_end_for_whom_the_decision_did_not_inform_hangs_on_when_he_knew(case, told_later, ends):
    found = asked(remedies_end, case=untold(case), told_later=told_later)
    assert found.on == on(ends)


@pytest.mark.parametrize(
    ("remedy", "provisional"),
    [
        (a_review("withdrawn", "2026-08-03"), True),  # the six months end in January 2027
        (a_review("refused", "2026-08-03"), True),
        (a_review("upheld", "2026-08-03"), False),
        (a_review("upheld", "2026-12-21"), True),  # fifteen days that end in January 2027
        (a_suit("upheld", "2026-12-21"), True),
        (a_suit("upheld", "2026-12-21", final=True), False),
        (a_suit("changed", "2026-12-21"), True),
        (a_suit("changed", "2026-08-03"), False),
    ],
)
def test_an_end_in_a_year_without_its_holidays_is_provisional_and_one_before_it_is_not(
    remedy, provisional
):
    """Served on 1 July 2026; the holidays are known to the end of that year."""
    assert CALENDAR.published_through == 2026
    found = asked(remedies_end, remedy, case=handed_over(ORDINARY, "2026-07-01"))
    assert found.provisional is provisional


@pytest.mark.parametrize(
    ("remedy", "over"),
    [
        (REVIEWING, None),
        (a_review(), date(2025, 4, 30)),
        (a_suit(), date(2025, 9, 15)),
        (a_suit(final=True), date(2025, 8, 29)),
        (a_suit("refused"), date(2025, 9, 8)),
        (a_suit("withdrawn"), date(2025, 8, 29)),
        (a_suit("mediated"), date(2025, 8, 29)),
        # a judgment of the time before the edition that is held: no number for its appeal
        (a_suit("upheld", "2017-06-30"), date(2017, 6, 30)),
    ],
)
def test_a_remedy_is_over_when_no_appeal_can_come_any_more(remedy, over):
    assert over_on(remedy, LAW, CALENDAR) == over
