"""行政处罚法 58 — no penalty in the ordinary procedure without a passed review of what is decided."""

import pytest

from policies import review
from policies.casefile import Point
from policies.core import Doubt, Level
from policies.office import ReviewPolicy
from policies.review import ITEMS, MATERIALS
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    a_decision,
    a_hearing,
    a_notice,
    a_payment,
    a_proposal,
    a_review,
    a_scene,
    a_service,
    a_statement,
    a_submission,
    an_inquiry,
    ask,
    changed,
    decided,
    facts,
    moment,
    office_with,
    on,
    ready,
    silent,
)

CASE = ready()


def reviewed(**opinion):
    return facts(changed(CASE, reviews=(a_review(CASE, **opinion),)))


# — the report ————————————————————————————————————————————————————————————————————————


def test_two_officers_of_the_case_sign_the_report_and_one_or_a_stranger_is_not_enough():
    def signed(*people):
        return ask(
            review.proposal_signed, facts(ready(proposal=a_proposal(signed_by=people)))
        ).outcome

    assert signed("zhang", "li") is HOLDS
    assert signed("zhang") is FAILS
    assert signed("zhang", "zhang") is FAILS
    assert signed("zhang", "wang") is FAILS
    assert ask(review.proposal_signed, facts(ready(proposal=None))).outcome is FAILS


# — the package ———————————————————————————————————————————————————————————————————————


def test_an_incomplete_package_may_be_received_with_the_reason_on_record():
    for missing in MATERIALS:
        rest = tuple(m for m in MATERIALS if m != missing)
        case = changed(CASE, submissions=(a_submission(materials=rest),))
        said = ask(review.package_complete, facts(case))
        assert said.outcome is FAILS
        assert missing in said.reason
        assert "《示例街道办事处重大执法决定法制审核办法》" in said.reason
    assert review.package_complete.level is Level.WARN
    assert ask(review.package_complete, facts(CASE)).outcome is HOLDS
    assert (
        ask(review.package_complete, facts(changed(CASE, submissions=()))).outcome is DOES_NOT_APPLY
    )


def test_every_point_of_a_return_is_answered():
    points = (Point(no=1, text="补数量", answer="已补"), Point(no=2, text="补签名"))
    returned = {"passed": False, "points": points}
    said = ask(review.points_answered, reviewed(**returned))
    assert said.outcome is FAILS
    assert "第 2 条" in said.reason
    answered = tuple(p.model_copy(update={"answer": "已补"}) for p in points)
    assert ask(review.points_answered, reviewed(passed=False, points=answered)).outcome is HOLDS
    assert ask(review.points_answered, facts(CASE)).outcome is DOES_NOT_APPLY


# — the opinion ———————————————————————————————————————————————————————————————————————


def test_an_opinion_judges_each_of_the_nine_items():
    assert ask(review.nine_items_judged, facts(CASE)).outcome is HOLDS
    assert len(ITEMS) == 9
    for item in ITEMS:
        said = ask(
            review.nine_items_judged, reviewed(items=dict.fromkeys(ITEMS, "认可") | {item: " "})
        )
        assert said.outcome is FAILS
        assert item in said.reason


def test_what_has_not_happened_yet_may_be_said_so_and_an_objection_cannot_pass():
    def answer(text):
        return reviewed(items=dict.fromkeys(ITEMS, "认可") | {"程序": text})

    assert ask(review.nine_items_judged, answer("尚未发生")).outcome is HOLDS
    assert ask(review.nine_items_judged, answer("有意见：没有告知")).outcome is FAILS


def test_an_opinion_typed_in_on_another_day_says_why():
    assert ask(review.not_backdated, facts(CASE, at="2025-01-08 17:00")).outcome is HOLDS
    late = facts(CASE, at="2025-01-08 17:00", entered="2025-01-09 08:00")
    assert ask(review.not_backdated, late).outcome is FAILS
    assert review.not_backdated.level is Level.WARN


# — passed ————————————————————————————————————————————————————————————————————————————


def test_without_a_review_there_is_no_decision_and_the_offices_own_document_is_named():
    said = ask(review.review_passed, facts(changed(CASE, reviews=())))
    assert said.outcome is FAILS
    assert "《示例街道办事处重大执法决定法制审核办法》" in said.reason


def test_after_a_hearing_or_in_a_grave_case_the_law_itself_asks_for_the_review():
    heard = changed(CASE, reviews=(), hearing=a_hearing())
    grave = changed(CASE, reviews=(), proposal=a_proposal(grave=True))
    for case in (heard, grave):
        assert "法定审核范围" in ask(review.review_passed, facts(case)).reason


def test_a_returned_case_has_not_passed():
    assert ask(review.review_passed, reviewed(passed=False)).outcome is FAILS


@pytest.mark.parametrize(
    "adverse",
    [
        {"facts": "焚烧秸秆二十平方米"},
        {"elements": ("焚烧秸秆",)},
        {"evidence": ("e1",)},
        {"kinds": ("罚款", "没收违法所得")},
        {"confiscation": 100},
        {"violated": a_proposal(power="SL-AIR-01").violated},
        {"basis": a_proposal(power="SL-AIR-01").basis},
    ],
)
def test_a_pass_lapses_when_what_was_reviewed_changes(adverse):
    case = changed(CASE, proposal=a_proposal(**adverse))
    said = ask(review.review_passed, facts(case))
    assert said.outcome is FAILS
    assert "已失效" in said.reason


@pytest.mark.parametrize(
    "harmless",
    [
        {"statements": (a_statement(),)},
        {"services": (a_service(),)},
        {"payments": (a_payment(),)},
        {"notices": (a_notice(CASE.proposal, defence_days=3),)},
        {"evidence": (*CASE.evidence, a_scene("e9"))},
        {"proposal": a_proposal(discretion="面积很小")},
    ],
)
def test_a_receipt_a_payment_or_a_paper_that_nobody_relies_on_does_not_touch_it(harmless):
    assert ask(review.review_passed, facts(changed(CASE, **harmless))).outcome is HOLDS


def test_a_file_exchanged_under_the_same_name_is_another_evidence():
    swapped = (a_scene(digest="a" * 64), an_inquiry())
    assert ask(review.review_passed, facts(changed(CASE, evidence=swapped))).outcome is FAILS


# — the amount ————————————————————————————————————————————————————————————————————————


def amount(fine, *, confirmed=None, **opinion):
    case = changed(CASE, reviews=(a_review(CASE, **opinion),), reduction_confirmed=confirmed)
    return ask(review.amount_covered, facts(changed(case, decision=a_decision(case, fine=fine))))


def test_the_amount_that_passed_and_not_a_yuan_more():
    assert amount(1000).outcome is HOLDS
    said = amount(1001)
    assert said.outcome is FAILS
    assert "1001" in said.reason
    assert "1000" in said.reason


def test_a_lighter_fine_needs_the_reviewers_confirmation_of_that_very_sum():
    assert amount(999).outcome is FAILS
    assert amount(999, confirmed=999).outcome is HOLDS
    assert amount(998, confirmed=999).outcome is FAILS


def test_a_pass_with_a_cap_lets_any_sum_up_to_it_and_none_above():
    assert amount(800, cap=800).outcome is HOLDS
    assert amount(700, cap=800).outcome is HOLDS
    assert amount(801, cap=800).outcome is FAILS
    assert amount(1001, cap=2000).outcome is FAILS  # more than was proposed was never reviewed


def test_without_a_pass_the_amount_is_nobodys_question():
    case = changed(CASE, reviews=())
    assert ask(review.amount_covered, facts(case)).outcome is DOES_NOT_APPLY


# — the order of steps ————————————————————————————————————————————————————————————————


def test_after_a_hearing_that_took_place_a_second_review_is_needed():
    heard = changed(CASE, hearing=a_hearing())
    assert ask(review.after_hearing, facts(heard)).outcome is FAILS
    again = a_review(CASE, at="2025-01-24", after_hearing=True)
    twice = changed(heard, reviews=(*CASE.reviews, again))
    assert ask(review.after_hearing, facts(twice)).outcome is HOLDS


def test_a_hearing_that_the_party_stayed_away_from_needs_no_second_review():
    away = changed(CASE, hearing=a_hearing(ended_as="party_absent"))
    assert ask(review.after_hearing, facts(away)).outcome is DOES_NOT_APPLY
    assert ask(review.after_hearing, facts(CASE)).outcome is DOES_NOT_APPLY


def test_the_office_may_ask_for_the_review_after_the_notice():
    not_yet = facts(changed(CASE, reviews=()))
    assert ask(review.before_notice, not_yet).outcome is FAILS
    rule = ReviewPolicy(document="《内部规程》", before_notice=False)
    later = facts(changed(CASE, reviews=()), office=office_with(review_policy=rule))
    assert ask(review.before_notice, later).outcome is DOES_NOT_APPLY


def test_a_notice_of_the_day_of_the_review_follows_it_and_one_of_the_day_before_does_not():
    was = changed(CASE, notices=())

    def told(day):
        case = changed(CASE, services=(a_service(served_on=day, document="告知书"),))
        return ask(review.before_notice, facts(case, was=was, at="2025-01-09"))

    assert told("2025-01-08").outcome is HOLDS
    said = told("2025-01-07")
    assert said.outcome is FAILS
    assert "2025-01-07" in said.reason
    assert "2025-01-08" in said.reason


def test_a_review_after_the_notice_leads_to_the_decision_only_if_the_notice_says_it_all():
    assert ask(review.notice_still_fits, facts(CASE)).outcome is HOLDS
    other = changed(CASE, proposal=a_proposal(facts="焚烧秸秆二十平方米"))
    assert ask(review.notice_still_fits, facts(other)).outcome is FAILS


def test_a_published_text_need_not_tell_of_the_review():
    bare = facts(silent(proposal=a_proposal(), hearing=a_hearing(ended_as="held")))
    for policy in (review.review_passed, review.after_hearing, review.before_notice):
        assert ask(policy, bare).doubt is Doubt.UNSTATED
    unsigned = facts(silent(proposal=a_proposal(signed_by=())))
    assert ask(review.proposal_signed, unsigned).doubt is Doubt.UNSTATED
    assert (
        ask(review.amount_covered, facts(changed(decided(), reviews=()))).outcome is DOES_NOT_APPLY
    )


def test_a_published_text_need_not_tell_what_was_sent_answered_and_judged():
    opinion = {"passed": False, "points": (Point(no=1, text="补数量"),), "items": {}}
    case = silent(
        proposal=a_proposal(),
        submissions=(a_submission(materials=MATERIALS[:3]),),
        reviews=(a_review(CASE, **opinion),),
    )
    for policy, what in (
        (review.package_complete, "送审材料中的执法依据、程序材料"),
        (review.points_answered, "对退回意见的答复"),
        (review.nine_items_judged, "审核意见对各项的判断：" + "、".join(ITEMS)),
    ):
        said = ask(policy, facts(case))
        assert (said.doubt, said.reason) == (Doubt.UNSTATED, f"来源未载明{what}。")
    bare = ask(review.proposal_signed, facts(silent()))
    assert (bare.doubt, bare.reason) == (Doubt.UNSTATED, "来源未载明调查终结报告。")


# — the findings, in full —————————————————————————————————————————————————————————————————

DOCUMENT = "《示例街道办事处重大执法决定法制审核办法》"
OWN = f"本机关规则{DOCUMENT}（参照《行政处罚法》第五十八条）"
OFFICERS, REVIEWERS = "张衡、李薇", "王立新、沈知远"


@pytest.mark.parametrize(
    ("parts", "remedy", "by"),
    [
        ({"reviews": ()}, "送法制审核，通过后再办。", REVIEWERS),
        ({"reviews": (a_review(CASE, passed=False),)}, "按退回意见补正后重新送审。", OFFICERS),
        (
            {
                "reviews": (
                    a_review(CASE, withdrawn_at=moment("2025-01-09"), withdrawal="照片有误。"),
                )
            },
            "重新送审，通过后再办。",
            REVIEWERS,
        ),
        (
            {"proposal": a_proposal(facts="焚烧秸秆二十平方米")},
            "就变更后的处罚意见重新送审。",
            REVIEWERS,
        ),
    ],
)
def test_what_lacks_a_pass_is_cured_by_whoever_sends_it_under_the_rule_that_asks_for_it(
    parts, remedy, by
):
    """In a plain case the office's document asks for the review; after a hearing the article itself does."""
    said = ask(review.review_passed, facts(changed(CASE, **parts)))
    assert (said.outcome, said.remedy, said.by, said.cite) == (FAILS, remedy, by, OWN)
    heard = ask(review.review_passed, facts(changed(CASE, hearing=a_hearing(), **parts)))
    assert (heard.outcome, heard.cite) == (FAILS, "《行政处罚法》第五十八条第一款第（二）项")


def test_the_amount_and_the_second_review_are_cured_by_those_who_send_or_review():
    assert amount(1001).by == REVIEWERS
    assert amount(999).by == "沈知远"
    said = ask(review.after_hearing, facts(changed(CASE, hearing=a_hearing())))
    assert (said.remedy, said.by) == ("附听证笔录和听证报告再次送审。", REVIEWERS)


@pytest.mark.parametrize("grave", [True, False])
def test_a_complex_case_is_one_class_of_the_article_however_often_it_is_said(grave):
    case = changed(CASE, proposal=a_proposal(grave=grave, must_review=("complex",)))
    duty = review.review_duty(facts(case))
    assert duty == review.Duty(
        True,
        "情况疑难复杂、涉及多个法律关系，属于法定审核范围",
        "《行政处罚法》第五十八条第一款第（三）项",
    )


def test_where_neither_the_article_nor_the_office_asks_for_it_no_review_is_owed():
    rule = ReviewPolicy(document="《内部规程》", every_case=False)
    plain = facts(changed(CASE, reviews=()), office=office_with(review_policy=rule))
    assert review.review_duty(plain) == review.Duty(
        False, "不属于法定审核范围，本机关也没有要求审核。"
    )
    assert ask(review.review_passed, plain).outcome is DOES_NOT_APPLY


def test_a_package_that_was_received_whole_later_is_complete_from_that_day():
    part = a_submission(materials=MATERIALS[:3], received_on=on("2025-01-08"))
    said = ask(review.package_complete, facts(changed(CASE, submissions=(part,))))
    assert (said.outcome, said.reason) == (HOLDS, "2025-01-08 收齐送审材料。")


def test_points_of_an_opinion_that_passed_wait_for_no_answer():
    points = (Point(no=1, text="补数量"),)
    assert ask(review.points_answered, reviewed(points=points)).outcome is DOES_NOT_APPLY
    assert ask(review.points_answered, reviewed(passed=False)).outcome is DOES_NOT_APPLY


def test_a_pass_over_a_point_that_its_reviewer_finds_unsettled_needs_a_reason():
    def said(**parts):
        case = changed(ready(), reviews=(a_review(ready(), **parts),))
        return ask(review.points_settled, facts(case))

    assert said().outcome is DOES_NOT_APPLY
    assert said(settled=(1, 2)).outcome is HOLDS
    over = said(settled=(1,), unsettled=(2,))
    assert over.outcome is FAILS
    assert "第 2 条" in over.reason
    assert said(passed=False, unsettled=(2,)).outcome is HOLDS  # he returns it again
