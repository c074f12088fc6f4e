"""行政处罚法 54; 住建程序规定 15 — the filing standard and the time for checking a lead."""

import pytest

from policies import filing
from policies.casefile import CheckExtension, Lead
from policies.core import Doubt, Level
from policies.lawbook import Parameter
from policies.office import ClockProfile
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    LAW,
    OFFICE,
    a_check,
    a_filing,
    a_scene,
    an_anew,
    ask,
    facts,
    office_with,
    on,
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


# — how long a lead may be checked (R061, R062) ———————————————————————————————————————————


def by_profile(profile):
    item = OFFICE.power("SL-AIR-01-OLD").model_copy(update={"clock_profile": profile})
    rule = ClockProfile(name=profile, title=profile, source="某规章")
    return office_with(power_list=(item,), clock_profiles=(rule,))


def checked(at, *, office=OFFICE, **parts):
    case = ready(lead=Lead(source="巡查", found_on=on("2025-01-06")), **parts)
    return ask(filing.check_in_time, facts(case, at=at, office=office)).outcome


def test_without_a_profile_a_lead_has_fifteen_natural_days():
    assert checked("2025-01-21") is HOLDS
    assert checked("2025-01-22") is FAILS


def test_the_market_regulators_profile_has_fifteen_working_days():
    office = by_profile("SAMR")
    assert (
        checked("2025-01-26", office=office) is HOLDS
    )  # the fifteenth, a Sunday worked to make up
    assert checked("2025-01-27", office=office) is FAILS
    assert checked("2025-01-21", office=by_profile("HPR")) is HOLDS  # no number of its own
    assert checked("2025-01-22", office=by_profile("HPR")) is FAILS


def test_an_approved_extension_adds_its_days():
    longer = {"check_extended": CheckExtension(on=on("2025-01-20"), by="head", reason="情况复杂")}
    assert checked("2025-01-31", **longer) is HOLDS
    assert checked("2025-02-01", **longer) is FAILS


def test_an_extension_is_approved_while_the_period_runs():
    def said(day):
        longer = CheckExtension(on=on(day), by="head", reason="情况复杂")
        lead = Lead(source="巡查", found_on=on("2025-01-06"))
        return ask(filing.extension_in_time, facts(ready(lead=lead, check_extended=longer))).outcome

    assert said("2025-01-21") is HOLDS
    assert said("2025-01-22") is FAILS
    assert filing.extension_in_time.level is Level.WARN
    assert ask(filing.extension_in_time, facts(ready())).outcome is DOES_NOT_APPLY


# — approval (R065) ———————————————————————————————————————————————————————————————————————


def test_an_ordinary_case_is_filed_with_the_approval_of_the_head():
    assert ask(filing.approved, facts(ready())).outcome is HOLDS
    assert ask(filing.approved, facts(ready(filing=a_filing(None)))).outcome is FAILS
    assert ask(filing.approved, facts(ready(filing=None))).outcome is FAILS
    assert ask(filing.approved, facts(silent())).doubt is Doubt.UNSTATED


def test_what_is_ordered_to_be_decided_anew_is_not_filed_a_second_time():
    unfiled = ready(filing=a_filing(None))
    assert ask(filing.approved, facts(unfiled)).outcome is FAILS
    ordered = ready(filing=a_filing(None), anew=an_anew())
    assert ask(filing.approved, facts(ordered)).outcome is HOLDS


# — urgent (R069) —————————————————————————————————————————————————————————————————————————


def urgent(filed, *, yes=True):
    """Investigated on Monday 6 January; seven working days end on the 15th."""
    case = ready(check=a_check(urgent=yes), filing=a_filing(filed))
    return ask(filing.urgent_in_time, facts(case)).outcome


def test_what_could_not_wait_is_filed_within_seven_working_days():
    assert urgent("2025-01-15") is HOLDS
    assert urgent("2025-01-16") is FAILS
    assert urgent("2025-01-16", yes=False) is DOES_NOT_APPLY
    assert filing.urgent_in_time.level is Level.WARN


# — who reported it, and why it is not filed (R064, R070) —————————————————————————————————


@pytest.mark.parametrize(
    ("source", "outcome"), [("12345", FAILS), ("投诉举报", FAILS), ("巡查", DOES_NOT_APPLY)]
)
def test_whoever_reported_an_act_hears_what_became_of_it(source, outcome):
    lead = Lead(source=source, found_on=on("2025-01-06"))
    assert ask(filing.complainant_answered, facts(ready(lead=lead))).outcome is outcome
    answered = lead.model_copy(update={"answered_on": on("2025-01-08")})
    assert ask(filing.complainant_answered, facts(ready(lead=answered))).outcome is not FAILS
    assert filing.complainant_answered.level is Level.NOTE
    assert ask(filing.complainant_answered, facts(silent(lead=lead))).outcome is not FAILS


def test_a_case_that_is_not_filed_says_on_which_ground():
    assert ask(filing.decline_grounded, facts(ready())).outcome is FAILS
    given = ready(declined="当事人证明没有主观过错")
    assert ask(filing.decline_grounded, facts(given)).outcome is HOLDS
    failed = ready(check=a_check(within_limitation=False))
    assert ask(filing.decline_grounded, facts(failed)).outcome is HOLDS
    assert ask(filing.decline_grounded, facts(silent())).doubt is Doubt.UNSTATED


# — the findings, in full —————————————————————————————————————————————————————————————————

LONGER = CheckExtension(on=on("2025-01-20"), by="head", reason="情况复杂")


@pytest.mark.parametrize(("longer", "last"), [(None, "2025-01-21"), (LONGER, "2025-01-31")])
def test_a_check_tells_its_last_day_and_whether_it_was_extended(longer, last):
    cite = LAW.on(on("2025-01-06"))["lead_check.default"].cite
    told = f"（{cite}{'，经批准延长' if longer else ''}）"
    case = ready(lead=Lead(source="巡查", found_on=on("2025-01-06")), check_extended=longer)
    said = ask(filing.check_in_time, facts(case, at="2025-01-20"))
    assert said.reason == f"线索登记于 2025-01-06，核查期限至 {last}{told}。"
    late = ask(filing.check_in_time, facts(case, at="2025-02-03"))
    assert late.reason == f"线索登记于 2025-01-06，核查期限已于 {last} 届满{told}。"


def test_the_length_of_a_check_is_that_of_the_day_of_discovery_else_of_the_step():
    book = LAW.with_local(
        [Parameter("lead_check.default", 20, "d", on("2025-01-10"), "本测试设定", True)]
    )
    for lead, days in ((Lead(source="巡查", found_on=on("2025-01-06")), 15), (None, 20)):
        step = facts(ready(lead=lead), at="2025-01-16")
        assert filing.check_period(step, book).value == days


@pytest.mark.parametrize(
    ("policy", "case"),
    [
        (filing.approved, ready(filing=None)),
        (filing.decline_grounded, ready()),
    ],
)
def test_a_filing_and_its_refusal_are_for_the_heads(policy, case):
    said = ask(policy, facts(case))
    assert (said.outcome, said.by) == (FAILS, "顾明、陆承泽")


@pytest.mark.parametrize("lacks", [{"filing": None}, {"evidence": ()}, {"check": None}])
def test_without_a_filing_or_a_first_inquiry_nothing_was_urgent(lacks):
    case = ready(**{"check": a_check(urgent=True), **lacks})
    assert ask(filing.urgent_in_time, facts(case)).outcome is DOES_NOT_APPLY


def test_before_the_office_had_a_number_an_urgent_case_had_no_last_day():
    early = a_scene(taken_on="2019-01-07")
    case = ready(check=a_check(urgent=True), evidence=(early,))
    said = ask(filing.urgent_in_time, facts(case))
    assert (said.outcome, said.reason) == (DOES_NOT_APPLY, "没有登记补办立案的期限。")
