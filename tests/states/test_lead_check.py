"""住建程序规定 15, 市监程序规定 18 — the 核查 clock: its length, and when it is counted anew."""

from datetime import date

from policies.calendar import Span
from policies.casefile import CheckExtension, Clock, Lead
from policies.office import ClockProfile
from states import clocks
from states.case import ORDINARY
from tests.policies.builders import LAW, OFFICE, a_filing, changed, facts, office_with, on, ready

TERM = ORDINARY.term("lead_check")
LONGER = CheckExtension(on=on("2025-01-20"), by="head", reason="情况复杂")


def running(**parts):
    """A case under check, with its clock."""
    clock = Clock(
        start=on("2025-01-06"), span="15d", due=on("2025-01-21"), rolled=on("2025-01-21"),
        ends=on("2025-01-21"), provisional=False, calendar="",
    )  # fmt: skip
    lead = Lead(source="巡查", found_on=on("2025-01-06"))
    return ready(lead=lead, clocks={"lead_check": clock}, **{"filing": None, **parts})


def turned(verb, was, case, *, office=OFFICE):
    """The clocks that a step opens and closes."""
    step = facts(case, was=was, office=office)
    return ORDINARY.clocks(ORDINARY.verbs[verb], step, LAW)


def by_profile(profile):
    item = OFFICE.power("SL-AIR-01-OLD").model_copy(update={"clock_profile": profile})
    rule = ClockProfile(name=profile, title=profile, source="某规章")
    return office_with(power_list=(item, *OFFICE.power_list[3:]), clock_profiles=(rule,))


def test_an_extension_counts_the_clock_anew_from_the_same_day():
    was = running()
    opened, closed = turned("extend_check", was, changed(was, check_extended=LONGER))
    assert opened["lead_check"].ends == date(2025, 1, 31)
    assert opened["lead_check"].start == date(2025, 1, 6)
    assert closed == ("lead_check",)


def test_describing_the_act_leaves_the_clock_alone_unless_its_profile_is_another():
    was = running(power="")
    assert turned("describe_act", was, changed(was, power="SL-AIR-01-OLD")) == ({}, ())
    other = changed(was, power="SL-AIR-01-OLD")
    opened, closed = turned("describe_act", was, other, office=by_profile("SAMR"))
    assert opened["lead_check"].span == "15wd"
    assert closed == ("lead_check",)


def test_once_the_case_is_filed_nothing_counts_the_check_again():
    was = running(power="", filing=a_filing("2025-01-06"))
    case = changed(was, power="SL-AIR-01-OLD", check_extended=LONGER)
    assert not clocks.check_counted_anew(facts(case, was=was, office=by_profile("SAMR")))


def test_the_length_is_the_general_number_or_the_profiles_own():
    assert TERM.span(facts(running()), LAW) == Span(15, "d")
    assert TERM.span(facts(running(), office=by_profile("SAMR")), LAW) == Span(15, "wd")
    longer = running(check_extended=LONGER)
    assert TERM.span(facts(longer), LAW) == Span(25, "d")
    assert TERM.span(facts(longer, office=by_profile("SAMR")), LAW) == Span(30, "wd")
