"""行政处罚法 60 — the ninety days grow or stand still only where a text of the item says so (R153, R154, R155)."""

import pytest

from policies import standstill
from policies.calendar import Span
from policies.casefile import Clock
from policies.checklists import DECISION
from policies.core import Doubt, Level
from policies.office import ClockProfile, Extension, Pausable
from tests.policies.builders import (
    CALENDAR,
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    LAW,
    NEEDS_JUDGEMENT,
    OFFICE,
    a_filing,
    a_suspension,
    ask,
    changed,
    facts,
    office_with,
    on,
    ready,
    silent,
)

FILED = on("2025-01-06")


def an_office(**rule):
    """The sample office with a made-up rule for the item of the case."""
    made = {
        "name": "r", "title": "某领域时限", "source": "某规章第二十条", "confirmed": True,
        "extensions": (Extension(days=30, approved_by="head"),),
        "pausable": (Pausable(reason="鉴定", proof="委托书和鉴定意见"),),
    }  # fmt: skip
    profile = ClockProfile.model_validate({**made, **rule})
    item = OFFICE.power("SL-AIR-01-OLD")
    assert item is not None
    with_rule = item.model_copy(update={"clock_profile": "r"})
    return office_with(clock_profiles=(profile,), power_list=(with_rule,))


def a_running_clock(span="90d"):
    counted = CALENDAR.count(FILED, Span.parse(span))
    return Clock(
        start=FILED, span=span, due=counted.due, rolled=counted.rolled, ends=counted.due,
        provisional=counted.provisional, calendar=CALENDAR.version,
    )  # fmt: skip


def running(**parts):
    return changed(ready(**parts), clocks={"decision": a_running_clock()})


# — extension —————————————————————————————————————————————————————————————————————————


def allowed(office=OFFICE, case=None):
    return ask(standstill.allowed, facts(case or ready(), office=office))


def test_without_a_rule_of_the_item_the_ninety_days_are_not_extended():
    assert allowed().outcome is FAILS
    assert allowed(an_office()).outcome is HOLDS
    assert allowed(an_office(extensions=())).outcome is FAILS
    assert standstill.allowed.level is Level.BLOCK


def test_a_rule_that_nobody_has_confirmed_extends_nothing_yet():
    said = allowed(an_office(confirmed=False))
    assert said.outcome is FAILS
    assert "确认" in said.remedy
    assert said.by == "沈知远、何守一"  # the reviewer and the administrator


def test_a_published_text_need_not_say_on_what_it_was_extended():
    said = allowed(case=silent(power="SL-AIR-01-OLD"))
    assert (said.outcome, said.doubt) == (NEEDS_JUDGEMENT, Doubt.UNSTATED)


@pytest.mark.parametrize(("day", "outcome"), [("2025-04-06", HOLDS), ("2025-04-07", FAILS)])
def test_more_time_is_given_on_the_ninetieth_day_and_not_after_it(day, outcome):
    """The strict reading: the ninetieth day is a Sunday, and the end does not roll."""
    assert ask(standstill.before_the_end, facts(running(), at=day)).outcome is outcome


def test_without_a_running_clock_there_is_nothing_to_extend():
    assert ask(standstill.before_the_end, facts(ready())).outcome is FAILS
    said = ask(standstill.before_the_end, facts(silent()))
    assert (said.outcome, said.doubt) == (NEEDS_JUDGEMENT, Doubt.UNSTATED)


# — standing still ————————————————————————————————————————————————————————————————————


def test_while_the_investigation_stands_still_nobody_decides():
    def over(*suspensions):
        return ask(standstill.over, facts(ready(suspensions=suspensions))).outcome

    assert over() is DOES_NOT_APPLY
    assert over(a_suspension()) is FAILS
    assert over(a_suspension(until=on("2025-01-15"))) is DOES_NOT_APPLY
    assert over(a_suspension(until=on("2025-01-15")), a_suspension(id="p2")) is FAILS
    assert standstill.over in DECISION


def counts(office=OFFICE, **how):
    case = ready(suspensions=(a_suspension(**how),))
    return ask(standstill.counts, facts(case, office=office, item="p1"))


def test_the_clock_stops_only_for_a_reason_that_a_confirmed_rule_names():
    assert counts().outcome is FAILS
    assert counts(an_office()).outcome is HOLDS
    assert counts(an_office(confirmed=False)).outcome is FAILS
    assert counts(an_office(), reason="等待领导研究").outcome is FAILS


def test_the_days_between_count_unless_a_document_proves_both_ends():
    over = {"until": on("2025-02-10")}
    assert counts(an_office(), **over).outcome is FAILS
    assert counts(an_office(), **over, proof="鉴定意见").outcome is HOLDS


def test_a_stop_is_a_fact_and_is_noted_whatever_the_clock_does():
    assert standstill.counts.level is Level.NOTE
    assert ask(standstill.counts, facts(ready())).outcome is DOES_NOT_APPLY


# — how much time there is ————————————————————————————————————————————————————————————


def test_the_days_run_from_the_approval_and_there_are_none_before_it():
    assert standstill.time_to_decide(facts(ready(filing=a_filing(None))), LAW) is None
    counted = standstill.time_to_decide(facts(ready()), LAW)
    assert counted
    assert counted.due == on("2025-04-06")


def test_a_clock_that_stood_still_knows_its_own_days():
    case = changed(ready(), clocks={"decision": a_running_clock("120d")})
    counted = standstill.time_to_decide(facts(case), LAW)
    assert counted
    assert counted.due == on("2025-05-06")
