"""行政处罚法 58 — who must be reviewed and why, receipt, questions, a pass taken back, whose desk, how long.

Rules R111, R112, R113, R115, R116, R117, R121, R123 and R147.
"""

import pytest

from policies import officers, review, review_desk
from policies.core import Level
from policies.office import ReviewPolicy
from policies.parts import Borrowed, ClosingCheck
from policies.review_desk import desk_record
from tests.policies.builders import (
    CALENDAR,
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    a_hearing,
    a_proposal,
    a_question,
    a_review,
    a_statement,
    a_submission,
    ask,
    changed,
    facts,
    moment,
    office_with,
    on,
    ready,
)

CASE = ready()
OWN = "《示例街道办事处重大执法决定法制审核办法》"


def unreviewed(**parts):
    return changed(ready(**parts), reviews=())


# — who must be reviewed, and who says so ——————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("parts", "item"),
    [
        ({"proposal": a_proposal(must_review=("public_interest",))}, "第（一）项"),
        ({"hearing": a_hearing()}, "第（二）项"),
        ({"proposal": a_proposal(must_review=("complex",))}, "第（三）项"),
        ({"proposal": a_proposal(grave=True)}, "第（三）项"),
        ({"proposal": a_proposal(must_review=("other_law",))}, "第（四）项"),
    ],
)
def test_in_the_four_classes_the_statute_is_cited_whatever_the_offices_rule_says(parts, item):
    never = office_with(review_policy=ReviewPolicy(document=OWN, every_case=False))
    said = ask(review.review_passed, facts(unreviewed(**parts), office=never))
    assert said.outcome is FAILS
    assert item in said.cite
    assert "本机关规则" not in said.cite


def test_in_every_other_case_the_offices_own_document_is_cited():
    said = ask(review.review_passed, facts(unreviewed()))
    assert said.outcome is FAILS
    assert said.cite.startswith(f"本机关规则{OWN}")


def test_an_office_without_that_rule_owes_no_review_outside_the_four_classes():
    never = office_with(review_policy=ReviewPolicy(document=OWN, every_case=False))
    assert ask(review.review_passed, facts(unreviewed(), office=never)).outcome is DOES_NOT_APPLY
    returned = changed(CASE, reviews=(a_review(CASE, passed=False),))
    assert ask(review.review_passed, facts(returned, office=never)).outcome is FAILS


# — a pass taken back —————————————————————————————————————————————————————————————————


def test_a_pass_that_was_taken_back_does_not_count_and_the_one_before_it_does_not_come_back():
    gone = {"withdrawn_at": moment("2025-01-10"), "withdrawal": "照片有疑问"}
    for reviews in ((a_review(CASE, **gone),), (a_review(CASE), a_review(CASE, **gone))):
        given = facts(changed(CASE, reviews=reviews))
        said = ask(review.review_passed, given)
        assert said.outcome is FAILS
        assert "照片有疑问" in said.reason
        assert ask(review.amount_covered, given).outcome is DOES_NOT_APPLY
    assert ask(review.review_passed, facts(CASE)).outcome is HOLDS


def test_after_a_hearing_a_pass_that_was_taken_back_is_no_second_review():
    for withdrawn, outcome in ((None, HOLDS), (moment("2025-01-25"), FAILS)):
        passed = a_review(CASE, "2025-01-24 10:00", after_hearing=True, withdrawn_at=withdrawn)
        case = changed(CASE, hearing=a_hearing(), reviews=(passed,))
        assert ask(review.after_hearing, facts(case)).outcome is outcome


# — receipt ———————————————————————————————————————————————————————————————————————————


def test_what_was_missing_at_the_receipt_is_supplied_before_the_pass():
    def received(**how):
        sent = a_submission(**how)
        return ask(review_desk.missing_supplied, facts(changed(CASE, submissions=(sent,)))).outcome

    assert received(received_on=on("2025-01-07")) is HOLDS
    assert received(received_on=on("2025-01-07"), missing=("程序材料",)) is FAILS
    assert received() is DOES_NOT_APPLY
    assert review_desk.missing_supplied.level is Level.WARN


# — questions —————————————————————————————————————————————————————————————————————————


def asked(answer="", submission=1):
    return a_question(answer=answer, submission=submission)


@pytest.mark.parametrize(
    ("questions", "outcome"),
    [
        ((), DOES_NOT_APPLY),
        ((asked(),), FAILS),
        ((asked("当日九时"),), DOES_NOT_APPLY),
        ((asked(submission=0),), DOES_NOT_APPLY),
    ],
)
def test_a_question_of_this_round_is_answered_before_the_pass_or_the_reviewer_says_why(
    questions, outcome
):
    case = changed(CASE, questions=questions)
    assert ask(review_desk.questions_answered, facts(case, actor="shen")).outcome is outcome


def test_the_open_questions_are_told_by_their_numbers():
    case = changed(CASE, questions=(asked(), asked("当日九时"), asked()))
    said = ask(review_desk.questions_answered, facts(case, actor="shen"))
    assert said.reason == "第 1、3 个询问，承办人还没有答复。"


# — whose desk ————————————————————————————————————————————————————————————————————————


def lent(**other):
    made = {"name": "解文", "office": "示例区司法局", "licence": "示B2019", "letter": "函〔2025〕3 号",
            "approved_by": "head", "on": on("2025-01-07"), "no_interest": True}  # fmt: skip
    return Borrowed(**{**made, **other})


def entered_by_the_clerk(borrowed):
    return facts(changed(CASE, borrowed=borrowed), actor="clerk")


def test_a_borrowed_reviewer_is_judged_by_his_own_qualification_and_not_by_whoever_types():
    held = ask(officers.reviewer_qualified, entered_by_the_clerk(lent()))
    assert held.outcome is HOLDS
    assert held.reason == "解文（示例区司法局，函〔2025〕3 号）具备法制审核资格。"
    early = lent(licence="", began_before_2018=True)
    assert ask(officers.reviewer_qualified, entered_by_the_clerk(early)).outcome is HOLDS
    said = ask(officers.reviewer_qualified, entered_by_the_clerk(lent(licence="")))
    assert said.outcome is FAILS
    assert "解文" in said.reason
    assert ask(officers.reviewer_qualified, entered_by_the_clerk(None)).outcome is FAILS


def test_a_borrowed_reviewer_declares_that_he_has_no_interest_and_did_not_investigate():
    separated = officers.reviewer_not_officer
    assert ask(separated, entered_by_the_clerk(lent())).outcome is HOLDS
    assert ask(separated, entered_by_the_clerk(lent(no_interest=False))).outcome is FAILS
    assert ask(separated, entered_by_the_clerk(lent(name="张衡"))).outcome is FAILS


def test_a_borrowed_reviewer_who_declared_an_interest_in_the_case_does_not_review_it():
    """He has no number in the office's file: he goes by one of his own."""
    case = changed(CASE, borrowed=lent(), recusal_needed=("borrowed:解文",))
    said = ask(officers.reviewer_not_officer, facts(case, actor="clerk"))
    assert said.outcome is FAILS
    assert said.reason.startswith("解文声明与本案有利害关系")


def test_the_offices_own_reviewer_signs_for_himself_even_where_one_is_borrowed():
    given = facts(changed(CASE, borrowed=lent(licence="")), actor="shen")
    assert ask(officers.reviewer_qualified, given).outcome is HOLDS


def test_another_than_the_named_reviewer_says_why():
    for named, outcome, told in (
        ("", DOES_NOT_APPLY, "没有另行指定审核人。"),
        ("shen", HOLDS, "由指定的审核人沈知远审核。"),
        ("counsel", FAILS, "本案指定由许言笃审核，不是沈知远。"),
        ("left", FAILS, "本案指定由left审核，不是沈知远。"),  # no longer in the office's file
    ):
        said = ask(review_desk.assigned, facts(changed(CASE, reviewer=named), actor="shen"))
        assert said.outcome is outcome
        assert said.reason == told
        assert said.by == ("顾明、陆承泽" if outcome is FAILS else "")
    borrowed = changed(CASE, reviewer="shen", borrowed=lent())
    said = ask(review_desk.assigned, facts(borrowed, actor="clerk"))
    assert said.reason == "本案指定由沈知远审核，不是解文。"
    assert review_desk.assigned.level is Level.WARN


# — the closing check —————————————————————————————————————————————————————————————————


def after_the_defence(answer="认可；以后的程序尚未发生", replied="2025-01-10", check=None, **other):
    items = {**a_review(CASE).items, "程序": answer}
    passed = a_review(CASE, items=items, closing_check=check, **other)
    said = a_statement(replied_on=replied and on(replied))
    return facts(changed(CASE, reviews=(passed,), statements=(said,)))


def test_what_had_not_happened_at_the_review_is_looked_at_after_the_defence_was_answered():
    def looked(day):
        return ClosingCheck(at=moment(day), by="shen", name="沈知远", opinion="程序合法")

    closing = review_desk.closing_check
    assert ask(closing, after_the_defence()).outcome is FAILS
    assert ask(closing, after_the_defence(check=looked("2025-01-09"))).outcome is FAILS
    assert ask(closing, after_the_defence(check=looked("2025-01-10"))).outcome is HOLDS
    assert ask(closing, after_the_defence(answer="认可")).outcome is DOES_NOT_APPLY
    assert ask(closing, after_the_defence(replied="2025-01-07")).outcome is DOES_NOT_APPLY
    assert ask(closing, after_the_defence(replied="2025-01-08")).outcome is FAILS  # the same day
    assert ask(closing, after_the_defence(replied=None)).outcome is DOES_NOT_APPLY
    gone = after_the_defence(withdrawn_at=moment("2025-01-09"), withdrawal="照片有疑问")
    assert ask(closing, gone).outcome is DOES_NOT_APPLY
    assert ask(closing, facts(CASE)).outcome is DOES_NOT_APPLY
    assert closing.level is Level.NOTE


# — how often, how long ———————————————————————————————————————————————————————————————


def test_the_record_counts_each_stay_on_the_desk_in_working_days():
    sent = (
        a_submission(at=moment("2025-01-07")),
        a_submission(at=moment("2025-01-10"), received_on=on("2025-01-13")),
    )
    back = a_review(CASE, "2025-01-08 11:00", passed=False, submission=1)
    passed = a_review(CASE, "2025-01-15 11:00", submission=2)
    case = changed(CASE, submissions=sent, reviews=(back, passed), questions=(asked(),))
    record = desk_record(case, CALENDAR, on("2025-06-30"))

    assert [(r.outcome, r.working_days) for r in record.rounds] == [("退回", 1), ("通过", 2)]
    assert (record.returned, record.working_days, record.unanswered) == (1, 3, 1)
    assert record.words == "送审 2 次，退回 1 次，在审核人处 3 个工作日，询问 1 个（1 个未答）"


def test_a_file_still_on_the_desk_counts_until_today_and_one_taken_back_lies_there_again():
    waiting = changed(CASE, submissions=(a_submission(at=moment("2025-01-24")),), reviews=())
    # 26 January is a worked Sunday, then the Spring Festival until 4 February.
    assert desk_record(waiting, CALENDAR, on("2025-02-05")).working_days == 3
    assert desk_record(waiting, CALENDAR, on("2025-02-05")).rounds[0].until is None

    gone = a_review(CASE, "2025-01-08 11:00", submission=1, withdrawn_at=moment("2025-01-13"))
    again = a_review(CASE, "2025-01-15 11:00", submission=1)
    record = desk_record(changed(CASE, reviews=(gone, again)), CALENDAR, on("2025-06-30"))
    assert [r.working_days for r in record.rounds] == [1, 2]
    assert record.withdrawn == 1
    assert record.words == "送审 1 次，退回 0 次，在审核人处 3 个工作日，撤回通过 1 次"
    asked_once = changed(CASE, reviews=(gone, again), questions=(asked("当日九时"),))
    assert desk_record(asked_once, CALENDAR, on("2025-06-30")).words.endswith(
        "，撤回通过 1 次，询问 1 个（0 个未答）"
    )


def test_a_pass_taken_back_and_not_renewed_on_the_same_submission_opens_no_round_of_its_own():
    """A new submission has its own round; a second opinion on one that nobody took back is none."""
    gone = a_review(CASE, "2025-01-08 11:00", submission=1, withdrawn_at=moment("2025-01-13"))
    plain = a_review(CASE, "2025-01-08 11:00", submission=1)
    sent = (a_submission(), a_submission(at=moment("2025-01-14")))
    anew = a_review(CASE, "2025-01-15 11:00", submission=2)
    for submissions, reviews, days in (
        (sent[:1], (gone,), [1]),
        (sent, (gone, anew), [1, 1]),
        (sent[:1], (plain, changed(plain, at=moment("2025-01-15"))), [1]),
    ):
        case = changed(CASE, submissions=submissions, reviews=reviews)
        record = desk_record(case, CALENDAR, on("2025-06-30"))
        assert [r.working_days for r in record.rounds] == days


def test_each_of_three_opinions_on_one_submission_follows_the_one_before_it():
    first = a_review(CASE, "2025-01-08 11:00", submission=1, withdrawn_at=moment("2025-01-09"))
    second = a_review(CASE, "2025-01-10 11:00", submission=1, withdrawn_at=moment("2025-01-13"))
    third = a_review(CASE, "2025-01-16 11:00", submission=1)
    case = changed(CASE, reviews=(first, second, third))
    rounds = desk_record(case, CALENDAR, on("2025-06-30")).rounds
    assert [(str(r.since), str(r.until)) for r in rounds] == [
        ("2025-01-07", "2025-01-08"),
        ("2025-01-09", "2025-01-10"),
        ("2025-01-13", "2025-01-16"),
    ]


def test_the_record_for_machines_has_every_stay_with_its_days():
    sent = (a_submission(at=moment("2025-01-07")), a_submission(at=moment("2025-01-10")))
    back = a_review(CASE, "2025-01-08 11:00", passed=False, submission=1)
    case = changed(CASE, submissions=sent, reviews=(back,), questions=(asked(), asked("九时")))
    assert desk_record(case, CALENDAR, on("2025-01-14")).as_dict() == {
        "returned": 1,
        "withdrawn": 0,
        "questions": 2,
        "unanswered": 1,
        "working_days": 3,
        "rounds": [
            {"since": "2025-01-07", "until": "2025-01-08", "outcome": "退回", "working_days": 1},
            {"since": "2025-01-10", "until": None, "outcome": "", "working_days": 2},
        ],
    }


def test_a_file_that_was_never_sent_has_nothing_to_tell():
    record = desk_record(changed(CASE, submissions=(), reviews=()), CALENDAR, on("2025-01-07"))
    assert record.words == ""
    assert record.as_dict()["rounds"] == []
