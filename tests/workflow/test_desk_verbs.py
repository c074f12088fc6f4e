"""The steps of the review desk, the hearing room and the counter, as they are taken on a real case."""

import json

import pytest

from tests.builders import (
    DECISION_SAYS,
    JUDGED,
    OFFICERS,
    a_case,
    a_notice,
    day,
    document_of,
    office_at,
    row_of,
    state_of,
    take,
)
from workflow import errors
from workflow.oracle import check_all

LENT = {
    "name": "解文", "office": "示例区司法局", "letter": "函〔2025〕3 号", "licence": "示B2019",
    "no_interest": True,
}  # fmt: skip
OPINION = {"opinion": "同意", "items": JUDGED}


@pytest.fixture
def fashen():
    made = office_at()
    yield made
    assert check_all(made) == []


def clocks(fashen, case):
    return {name: clock["ends"] for name, clock in document_of(fashen, case)["clocks"].items()}


# — 法制审核 ——————————————————————————————————————————————————————————————————————————


def test_a_pass_taken_back_before_the_notice_brings_the_file_back_to_the_desk_with_its_days(fashen):
    case = a_case(fashen, "noticing")

    take(fashen, "shen", "withdraw_pass", case, at=day(2025, 1, 8), reason="照片有疑问")

    assert state_of(fashen, case) == "under_review"
    assert clocks(fashen, case)["legal_review"] == "2025-01-15"
    take(fashen, "shen", "pass_review", case, **OPINION)
    assert state_of(fashen, case) == "noticing"


def test_a_pass_taken_back_while_the_party_may_speak_leaves_its_windows_alone(fashen):
    case = a_case(fashen, "notified", after="serve_notice")
    before = clocks(fashen, case)

    take(fashen, "shen", "withdraw_pass", case, reason="照片有疑问")

    assert state_of(fashen, case) == "notified"
    assert clocks(fashen, case) == before
    with pytest.raises(errors.Malformed):
        take(fashen, "shen", "withdraw_pass", case, reason="再撤一次")


def test_only_where_a_reviewer_is_borrowed_may_the_clerk_enter_an_opinion_and_it_is_the_borrowed_ones(
    fashen,
):
    case = a_case(fashen, "under_review")
    with pytest.raises(errors.NotYourMove):
        take(fashen, "clerk", "pass_review", case, **OPINION)

    take(fashen, "head", "borrow_reviewer", case, **LENT)
    take(fashen, "clerk", "pass_review", case, **OPINION)

    review = document_of(fashen, case)["reviews"][-1]
    assert (review["by"], review["name"], review["entered_by"]) == (
        "borrowed:解文",
        "解文",
        "clerk",
    )
    assert state_of(fashen, case) == "noticing"


def test_a_reviewer_who_withdraws_cannot_pass_and_the_named_one_makes_way(fashen):
    case = a_case(fashen, "under_review")
    take(fashen, "head", "assign_reviewer", case, reviewer="shen")

    take(fashen, "shen", "recuse_reviewer", case, reason="当事人是近亲属")

    assert "reviewer" not in document_of(fashen, case)
    with pytest.raises(errors.Blocked):
        take(fashen, "shen", "pass_review", case, **OPINION)
    with pytest.raises(errors.Malformed):
        take(fashen, "head", "assign_reviewer", case, reviewer="zhang")


def test_a_package_is_not_received_before_it_was_sent_and_one_that_lacks_something_starts_no_days(
    fashen,
):
    case = a_case(fashen, "under_review")
    before = clocks(fashen, case)["legal_review"]
    with pytest.raises(errors.Malformed):
        take(fashen, "shen", "receive_package", case, received_on="2025-01-05")

    take(fashen, "shen", "receive_package", case, at=day(2025, 1, 7), missing=["程序材料"])
    assert clocks(fashen, case)["legal_review"] == before
    take(fashen, "shen", "receive_package", case, at=day(2025, 1, 8))
    assert clocks(fashen, case)["legal_review"] == "2025-01-15"


def test_a_question_is_answered_by_its_number(fashen):
    case = a_case(fashen, "under_review")
    take(fashen, "shen", "ask_officer", case, text="何时拍摄？")
    with pytest.raises(errors.Malformed):
        take(fashen, "zhang", "answer_question", case, no=2, answer="九时")
    take(fashen, "zhang", "answer_question", case, no=1, answer="九时")
    assert document_of(fashen, case)["questions"][0]["answered_by"] == "zhang"


# — 陈述申辩、听证 ————————————————————————————————————————————————————————————————————


def test_more_answers_than_points_are_refused(fashen):
    case = a_case(fashen, "notified", after="serve_notice")
    take(fashen, "clerk", "record_statement", case, text="申辩", pleas=["面积不大", "初次"])
    with pytest.raises(errors.Malformed):
        take(fashen, "li", "reply_statement", case, adopted=False, reply="复核", answers=["一"] * 3)
    take(fashen, "li", "reply_statement", case, adopted=False, reply="复核", answers=["一", "二"])
    pleas = document_of(fashen, case)["statements"][0]["pleas"]
    assert [p["answer"] for p in pleas] == ["一", "二"]


ARRANGED = {"chair": "chair", "place": "会议室"}
HELD = {"record": "双方质证、辩论", "officers": OFFICERS}


def arranged(fashen):
    """A hearing asked for on Monday 6 January and set for Friday the 17th."""
    case = a_case(fashen, "hearing", after="request_hearing")
    take(fashen, "clerk", "arrange_hearing", case, held_on="2025-01-17", **ARRANGED)
    return case


def test_a_hearing_is_public_but_for_the_three_reasons_of_the_statute(fashen):
    """R141 (行政处罚法 64(3))."""
    case = a_case(fashen, "hearing", after="request_hearing")
    form = {"held_on": "2025-01-17", **ARRANGED}
    with pytest.raises(errors.Malformed):
        take(fashen, "clerk", "arrange_hearing", case, closed_because="领导要求", **form)
    take(fashen, "clerk", "arrange_hearing", case, closed_because="个人隐私", **form)
    assert document_of(fashen, case)["hearing"]["closed_because"] == "个人隐私"


def test_an_interrupted_hearing_goes_on_only_after_everybody_was_told_of_the_new_day(fashen):
    case = arranged(fashen)
    with pytest.raises(errors.Malformed):
        take(fashen, "chair", "resume_hearing", case, held_on="2025-02-07")
    take(fashen, "chair", "suspend_hearing", case, at=day(2025, 1, 17), reason="通知新的证人")
    for verb, form in (("suspend_hearing", {"reason": "再"}), ("hold_hearing", HELD)):
        with pytest.raises(errors.Malformed):
            take(fashen, "chair", verb, case, **form)
    with pytest.raises(errors.Blocked):
        take(fashen, "chair", "resume_hearing", case, held_on="2025-01-24")

    take(fashen, "chair", "resume_hearing", case, held_on="2025-02-07")
    take(fashen, "chair", "hold_hearing", case, at=day(2025, 2, 7), **HELD)

    assert document_of(fashen, case)["hearing"]["suspended"][0]["resumed_on"] == "2025-02-07"


def test_a_third_party_stands_sealed_and_must_be_told_of_the_hearing(fashen):
    case = a_case(fashen, "hearing", after="request_hearing")
    take(fashen, "clerk", "add_third_party", case, name="邻居某某", interest="房屋共有人")
    assert "邻居某某" not in row_of(fashen, case)["doc"]
    form = {"held_on": "2025-01-17", **ARRANGED}
    with pytest.raises(errors.Blocked):
        take(fashen, "clerk", "arrange_hearing", case, **form)
    take(fashen, "clerk", "arrange_hearing", case, others_told=True, **form)


def test_a_request_taken_back_leads_on_without_a_hearing_and_without_a_second_review(fashen):
    case = arranged(fashen)
    take(fashen, "clerk", "withdraw_hearing", case, proof="当事人签名的撤回申请")
    assert state_of(fashen, case) == "deciding"
    form = {"number": "示街罚决〔2025〕900号", "contents": DECISION_SAYS}
    take(fashen, "head", "decide", case, at=day(2025, 1, 20), **form)


# — 决定、送达 ————————————————————————————————————————————————————————————————————————


def test_a_decision_carries_the_remedies_of_the_table(fashen):
    case = a_case(fashen, "decided")
    told = document_of(fashen, case)["decision"]["remedy"]
    assert (told["review_body"], told["court"]) == ("示例区人民政府", "示例区人民法院")
    spot = a_case(fashen, after="decide_on_spot", procedure="summary")
    assert document_of(fashen, spot)["decision"]["remedy"]["review_first"] is True


def test_a_slip_put_right_changes_neither_digest_nor_amount_nor_clock(fashen):
    case = a_case(fashen, after="serve_decision")
    before = document_of(fashen, case)

    take(fashen, "head", "correct_decision", case, what="文字", wrong="焚绕", right="焚烧")

    after = document_of(fashen, case)
    slip = after["decision"].pop("rectified")
    assert slip[0]["right"] == "焚烧"
    assert after == before


def test_a_decision_not_to_penalise_ends_every_clock_but_that_of_its_service(fashen):
    case = a_case(fashen, "notified", after="serve_notice")
    form = {"number": "示街不罚〔2025〕1号", "ground": "not_established", "reasons": "证据不足"}

    take(fashen, "head", "decide_no_penalty", case, **form)

    assert (state_of(fashen, case), set(clocks(fashen, case))) == ("no_penalty", {"service"})
    with pytest.raises(errors.NotFromHere):
        take(fashen, "clerk", "record_payment", case, amount=1)
    with pytest.raises(errors.Blocked):
        take(fashen, "head", "close_without_penalty", case)
    take(fashen, "zhang", "serve_no_penalty", case, receiver="本人", officers=OFFICERS)
    take(fashen, "head", "close_without_penalty", case)
    with pytest.raises(errors.Malformed):
        take(fashen, "head", "correct_decision", case, what="文字", wrong="甲", right="乙")


def test_a_decision_posted_in_time_turns_no_card_red(fashen):
    case = a_case(fashen, "decided")
    assert "service" in clocks(fashen, case)
    take(fashen, "clerk", "begin_service", case, method="邮寄送达", proof="EMS 1")
    assert "service" not in clocks(fashen, case)
    form = {"method": "邮寄送达", "proof": "EMS 1 回执"}
    take(fashen, "zhang", "serve_decision", case, at=day(2025, 2, 20), **form)
    assert state_of(fashen, case) == "in_effect"


def test_an_unlawful_extension_is_recorded_and_gives_no_time(fashen):
    case = a_case(fashen, "investigating")
    before = clocks(fashen, case)["decision"]
    asked = {"days": 30, "reason": "等待鉴定"}
    with pytest.raises(errors.Blocked):
        take(fashen, "zhang", "ask_extension", case, **asked)
    take(fashen, "zhang", "ask_extension", case, irregular="已申请", **asked)
    granted = {"item": "t1", "why": "等待鉴定"}
    take(fashen, "head", "grant_extension", case, irregular="已批准", **granted)
    assert clocks(fashen, case)["decision"] == before


def test_an_address_and_its_electronic_form_stand_sealed_and_carry_the_consent(fashen):
    """R188 (行政处罚法 61(2))."""
    case = a_case(fashen, "noticing")
    form = {"proof": "确认书", "address": "示例区某号", "electronic": "someone@example.org"}
    take(fashen, "clerk", "record_address", case, **form)
    kept = json.dumps(document_of(fashen, case)["address"], ensure_ascii=False)
    assert "someone" not in kept
    notice = a_notice("示街罚告〔2025〕901号", method="电子送达", proof="邮件已到达")
    take(fashen, "zhang", "serve_notice", case, **notice)
    assert state_of(fashen, case) == "notified"
