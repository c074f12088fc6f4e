"""行政处罚法 54; 住建程序规定 15 — the filing standard and the time for checking a lead."""

import pytest

from policies import filing
from policies.core import Doubt, Level
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    a_check,
    ask,
    facts,
    ready,
    silent,
)


def test_a_case_is_filed_when_all_four_tests_are_answered_yes():
    assert ask(filing.standard_met, facts(ready())).outcome is HOLDS


@pytest.mark.parametrize("test", filing.TESTS)
def test_one_no_or_one_blank_among_the_four_tests_refuses_and_names_it(test):
    for answer in (False, None):
        said = ask(filing.standard_met, facts(ready(check=a_check(**{test: answer}))))
        assert said.outcome is FAILS
        assert filing.TESTS[test] in said.reason


def test_without_a_check_there_is_no_filing():
    assert ask(filing.standard_met, facts(ready(check=None))).outcome is FAILS


def test_a_published_text_need_not_tell_of_the_check():
    assert ask(filing.standard_met, facts(silent())).doubt is Doubt.UNSTATED
    half = silent(check=a_check(prima_facie=None))
    assert ask(filing.standard_met, facts(half)).doubt is Doubt.UNSTATED


def test_the_fifteenth_day_is_in_time_and_the_sixteenth_is_only_noted():
    assert ask(filing.check_in_time, facts(ready(), at="2025-01-21")).outcome is HOLDS
    late = ask(filing.check_in_time, facts(ready(), at="2025-01-22"))
    assert late.outcome is FAILS
    assert "2025-01-21" in late.reason
    assert filing.check_in_time.level is Level.NOTE


def test_the_length_of_the_check_is_the_offices_number_and_says_that_nobody_confirmed_it():
    case = facts(ready(), at="2025-01-26")
    assert "未确认" in ask(filing.check_in_time, case).reason
    assert ask(filing.check_in_time, case, {"lead_check.default": 20}).outcome is HOLDS


def test_a_case_without_a_lead_has_no_time_to_check():
    assert ask(filing.check_in_time, facts(ready(lead=None))).outcome is DOES_NOT_APPLY
