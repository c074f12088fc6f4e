"""The nine items with their machine checks, and what each answer rests on."""

import pytest

from policies import checklists as ask
from policies.core import POLICIES, Outcome
from policies.nine_items import CHECKS, Rests, nine_items
from policies.review import ITEMS
from tests.policies.builders import LAW, a_citizen, a_photo, a_scene, facts, ready

PLACED = [check for checks in CHECKS.values() for check in checks]
ABOUT_THE_OPINION = {p.id for p in POLICIES.values() if p.needs_form}


def item(case, name):
    return next(i for i in nine_items(facts(case, actor="shen"), LAW) if i.name == name)


def test_the_nine_are_those_of_the_form_in_its_order():
    assert tuple(CHECKS) == ITEMS


def test_whatever_the_law_asks_of_the_file_at_submission_and_review_stands_under_one_item():
    placed = [check.policy.id for check in PLACED]
    assert len(placed) == len(set(placed))
    asked = {p.id for p in (*ask.SUBMISSION, *ask.REVIEW, *ask.FINAL_REVIEW)}
    assert asked - ABOUT_THE_OPINION <= set(placed)
    assert not ABOUT_THE_OPINION & set(placed)  # nobody can answer those before the form


@pytest.mark.parametrize("check", PLACED, ids=lambda c: c.policy.id)
def test_each_check_says_on_whose_tick_or_which_paper_it_rests(check):
    assert check.rests in Rests
    assert check.on
    assert ("选" in check.on or "声明" in check.on) == (check.rests is Rests.TICK)


def test_an_item_rests_on_a_tick_as_soon_as_one_of_its_passed_checks_does():
    assert item(ready(), "主体与职权").rests is Rests.DOCUMENT
    assert item(ready(), "证据").rests is Rests.TICK
    assert item(ready(evidence=()), "文书").rests is Rests.TICK


def test_what_failed_does_not_count_as_resting_on_anything():
    bare = ready(evidence=(a_scene(verified_by=""),))
    failed = [s.check.policy.id for s in item(bare, "证据").failed]
    assert "evidence.verified_and_lawful" in failed
    assert all(s.passed for s in item(bare, "证据").passed)


def test_a_doubt_is_neither_passed_nor_failed():
    early = ready(evidence=(a_scene(), a_photo("e2", taken_on="2025-01-05")))
    named = item(early, "事实")
    assert [s.check.policy.id for s in named.open] == ["evidence.dates_possible"]
    assert "evidence.dates_possible" not in {s.check.policy.id for s in named.failed + named.passed}


def test_before_the_notice_its_checks_are_not_asked_but_said_to_come_later():
    before = item(ready(notices=()), "程序")
    asked = {s.check.policy.id for s in before.seen}
    assert before.later
    assert "notice.served" not in asked
    after = item(ready(), "程序")
    assert not after.later
    assert "notice.served" in {s.check.policy.id for s in after.seen}


def test_what_does_not_apply_is_left_out():
    names = {s.check.policy.id for i in nine_items(facts(ready()), LAW) for s in i.seen}
    assert "decision.child_spared" not in names
    child = ready(party=a_citizen(age="under_14"))
    assert [s.finding.outcome for s in item(child, "事实").failed] == [Outcome.FAILS]
