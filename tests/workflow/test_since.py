"""What is different in a file since the last opinion, by whom and when, read from the ledger alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from policies.casefile import CaseFile
from policies.review import MATERIALS
from tests.builders import (
    OFFICE,
    a_case,
    a_photo,
    a_proposal,
    day,
    document_of,
    entries_of,
    office_at,
    take,
)
from workflow import reviewing, since
from workflow.errors import NotFound
from workflow.since import BOOKKEEPING, NAMES, diff


@pytest.fixture
def fashen():
    return office_at(now=day(2026, 9, 1))


NAMED = {"kind": "自然人", "name": "杜某", "paper": "护照"}


def returned(fashen, points=("裁量理由与裁量档不符",), fine=1500):
    case = a_case(fashen, "under_review", fine=fine)
    take(fashen, "shen", "return_case", case, opinion="退回", points=list(points))
    return case


def sent_again(fashen, case, **proposal):
    take(fashen, "zhang", "conclude", case, **a_proposal(**proposal))
    for point in range(1, len(last_points(fashen, case)) + 1):
        take(fashen, "zhang", "answer_point", case, no=point, answer="已改")
    take(fashen, "zhang", "submit_to_unit", case)
    take(fashen, "wang", "submit_review", case, materials=list(MATERIALS))


def last_points(fashen, case):
    return document_of(fashen, case)["reviews"][-1]["points"]


def now(fashen, case):
    """The comparison that the reviewer sees."""
    seq = since.last_opinion(entries_of(fashen, case))
    found = reviewing.changed_since(fashen, OFFICE, case, seq)
    assert found is not None
    return found


def told(found):
    return {c.what: (c.how, c.was, c.now) for c in found.changes}


# — which step one looks back to ——————————————————————————————————————————————————————————


def test_before_the_first_opinion_one_looks_back_to_the_submission(fashen):
    case = a_case(fashen, "under_review")
    found = now(fashen, case)
    assert found.verb == "submit_review"
    assert found.changes == ()


def test_nothing_was_sent_and_nothing_can_be_compared(fashen):
    case = a_case(fashen, "concluded")
    assert since.last_opinion(entries_of(fashen, case)) == 0
    assert reviewing.changed_since(fashen, OFFICE, case, 99) is None


def test_sent_again_unchanged_says_that_nothing_changed(fashen):
    case = returned(fashen)
    sent_again(fashen, case, fine=1500)
    assert now(fashen, case).changes == ()


def test_on_the_third_return_only_what_came_after_the_second_shows(fashen):
    case = returned(fashen)
    sent_again(fashen, case, fine=1400)
    take(fashen, "shen", "return_case", case, opinion="再退", points=["甲", "乙"])
    sent_again(fashen, case, fine=1400, discretion="面积小，主动熄灭，初次违法")
    assert list(told(now(fashen, case))) == ["裁量理由"]
    take(fashen, "shen", "return_case", case, opinion="三退", points=["丙"])
    sent_again(fashen, case, fine=1300, discretion="面积小，主动熄灭，初次违法")
    assert told(now(fashen, case)) == {"罚款金额": ("changed", "1,400 元", "1,300 元")}


def test_a_change_after_the_pass_shows_against_the_pass(fashen):
    case = a_case(fashen, "noticing", fine=1500)
    take(fashen, "zhang", "reopen_investigation", case, reason="补充证据")
    take(
        fashen,
        "zhang",
        "conclude",
        case,
        **a_proposal(1600, facts="当事人露天焚烧秸秆约二十平方米"),
    )
    found = now(fashen, case)
    assert found.verb == "pass_review"
    assert set(told(found)) == {"查明的事实", "罚款金额"}


# — what changed —————————————————————————————————————————————————————————————————————————


def test_each_change_says_who_made_it_when_and_by_which_step(fashen):
    case = returned(fashen)
    later = fashen.clock() + timedelta(days=1)
    take(fashen, "li", "conclude", case, at=later, **a_proposal(1400))
    change = now(fashen, case).changes[0]
    assert [by.words for by in change.by] == [f"李薇　{later:%m-%d %H:%M}　调查终结"]


def test_a_change_entered_on_another_day_says_so(fashen):
    case = returned(fashen)
    happened = fashen.clock() + timedelta(minutes=5)
    fashen.clock = lambda: happened + timedelta(days=2)
    take(fashen, "zhang", "conclude", case, at=happened, **a_proposal(1400))
    assert "（09-03 录入）" in now(fashen, case).changes[0].by[0].words


def test_what_was_changed_and_changed_back_is_no_change_but_is_told(fashen):
    case = returned(fashen)
    sent_again(fashen, case, fine=1600)
    found = now(fashen, case)
    assert list(told(found)) == ["罚款金额"]

    take(fashen, "shen", "return_case", case, opinion="退", points=["甲"])
    take(fashen, "zhang", "conclude", case, **a_proposal(1200))
    take(fashen, "zhang", "reopen_investigation", case, reason="重新核算")
    take(fashen, "zhang", "conclude", case, **a_proposal(1600))

    found = now(fashen, case)
    assert found.changes == ()
    assert [(c.what, c.how, len(c.by)) for c in found.back] == [("罚款金额", "back", 2)]


def test_new_evidence_is_shown_as_new_and_replaced_evidence_as_no_longer_relied_on(fashen):
    case = returned(fashen)
    take(fashen, "zhang", "add_evidence", case, **a_photo(name="复查照片", digest="a" * 64))
    take(fashen, "zhang", "conclude", case, **a_proposal(1500, evidence=["e1", "e3"]))
    found = told(now(fashen, case))
    how, was, text = found["证据 e3　复查照片"]
    assert (how, was) == ("new", "")
    assert "aaaaaaaaaaaaaaaa" in text
    assert found["引用的证据"] == ("changed", "e1、e2", "e1、e3")


def test_of_an_item_of_evidence_only_the_changed_fields_are_told(fashen):
    case = returned(fashen)
    take(fashen, "zhang", "add_evidence", case, **a_photo(name="复查照片"))
    take(fashen, "zhang", "conclude", case, **a_proposal(1500))
    take(fashen, "zhang", "submit_to_unit", case)
    take(fashen, "zhang", "answer_point", case, no=1, answer="已改")
    take(fashen, "wang", "return_to_officers", case, reason="查证")
    seq = len(entries_of(fashen, case))
    take(fashen, "li", "verify_evidence", case)
    found = reviewing.changed_since(fashen, OFFICE, case, seq)
    assert found is not None
    changed = {c.key: c for c in found.changes}
    assert changed["evidence.e3"].now == "查证人 李薇；查证日期 2026-09-01"


def test_another_identity_number_is_a_change_although_both_look_alike_when_masked(fashen):
    case = a_case(fashen, "investigating")
    take(fashen, "zhang", "name_party", case, number="1101AAAA21", **NAMED)
    seq = len(entries_of(fashen, case))
    take(fashen, "zhang", "name_party", case, number="1101BBBB21", **NAMED)
    found = reviewing.changed_since(fashen, OFFICE, case, seq)
    assert found is not None
    (change,) = found.changes
    assert change.key == "party.number"
    assert change.was == "1101****21"
    assert change.now == "1101****21（内容有变更，这里不显示）"


def test_a_judgement_is_a_change_with_its_rule_in_words(fashen):
    case = a_case(fashen, "under_review")
    take(
        fashen,
        "head",
        "judge",
        case,
        policy="duplicate.same_act",
        holds=True,
        reasons="不是同一行为",
    )
    changed = now(fashen, case).changes
    assert [(c.what, c.now) for c in changed] == [
        ("书面判断　同一行为没有另案处罚", "顾明：符合。不是同一行为")
    ]


def test_the_reviewers_own_papers_are_no_change_of_the_file(fashen):
    case = a_case(fashen, "under_review")
    take(fashen, "shen", "receive_package", case)
    take(fashen, "shen", "ask_officer", case, text="何时拍摄？")
    take(fashen, "zhang", "answer_question", case, no=1, answer="九时")
    assert now(fashen, case).changes == ()


def test_everything_in_a_case_file_has_a_name_here_or_is_said_to_be_bookkeeping():
    assert set(CaseFile.model_fields) == BOOKKEEPING | NAMES.keys()
    assert not BOOKKEEPING & NAMES.keys()


def test_a_foreign_offices_case_is_not_found(fashen):
    case = a_case(fashen, "under_review")
    with pytest.raises(NotFound):
        reviewing.changed_since(fashen, "elsewhere", case, 1)


# — word by word ————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("was", "now", "runs"),
    [
        ("同样", "同样", [("same", "同样")]),
        ("罚款 30000 元", "罚款 25000 元",
         [("same", "罚款 "), ("out", "30000"), ("in", "25000"), ("same", " 元")]),
        ("属于一般情节，罚款", "属于较轻情节，罚款",
         [("same", "属于"), ("out", "一般"), ("in", "较轻"), ("same", "情节，罚款")]),
        ("", "新写", [("in", "新写")]),
        ("删去", "", [("out", "删去")]),
        # one character that is the same by chance does not cut a change into crumbs
        ("甲乙的丙丁", "子丑的寅卯", [("out", "甲乙的丙丁"), ("in", "子丑的寅卯")]),
    ],
)  # fmt: skip
def test_texts_are_compared_by_words_and_put_together_again(was, now, runs):
    assert diff(was, now) == runs
    assert "".join(text for kind, text in diff(was, now) if kind != "in") == was
    assert "".join(text for kind, text in diff(was, now) if kind != "out") == now
