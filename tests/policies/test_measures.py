"""强制措施与先行登记保存 — approved when, by which steps, for how long, ended how (罚56, 强16–28)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from policies import measures
from policies.core import Doubt, Level, Policy, Verdict
from policies.measures import SCOPE, STEPS, WITNESS
from policies.things import Interval, Measure
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    LAW,
    a_measure,
    ask,
    facts,
    moment,
    on,
    ready,
)

TAKEN = moment("2026-03-02 10:00")


def registered(**other: Any) -> Measure:
    return a_measure(kind="先行登记保存", basis="", number="", steps=(), **other)


def asked(
    policy: Policy,
    measure: Measure,
    at: str = "2026-03-02 10:00",
    was: Measure | None = None,
    silent: bool = False,
) -> Verdict:
    case = ready(measures=(measure,), silent=silent)
    before = ready(measures=(was or measure,), silent=silent)
    return ask(policy, facts(case, was=before, at=at, item="m1", item_was="measure.held"))


# — power and approval ————————————————————————————————————————————————————————————————————


def test_a_seizure_names_the_statute_that_gives_the_power_and_a_registration_needs_none():
    assert asked(measures.power, a_measure()).outcome is HOLDS
    assert asked(measures.power, a_measure(basis="")).outcome is FAILS
    assert asked(measures.power, registered()).outcome is DOES_NOT_APPLY


@pytest.mark.parametrize(
    ("by", "how", "reason"),
    [
        ("head", "", "顾明事前书面批准。"),
        ("deputy", "电话", "陆承泽事前电话批准。"),
        ("", "", "负责人事前书面批准。"),
    ],
)
def test_who_approved_and_how_is_told_by_name(by: str, how: str, reason: str):
    assert asked(measures.approved, a_measure(approved_by=by, approved_how=how)).reason == reason


@pytest.mark.parametrize("made", [a_measure, registered])
def test_approval_comes_before_the_act_by_telephone_too(made: Any):
    assert asked(measures.approved, made(approved_at=TAKEN, approved_how="电话")).outcome is HOLDS
    assert asked(measures.approved, made(approved_at=TAKEN + timedelta(minutes=1))).outcome is FAILS
    assert asked(measures.approved, made(approved_at=None)).outcome is FAILS


def test_what_is_urgent_is_approved_within_twenty_four_hours():
    urgent = a_measure(urgent=True, approved_at=None)
    assert asked(measures.approved, urgent).outcome is HOLDS
    assert asked(measures.approved, urgent, at="2026-03-03 10:00").outcome is HOLDS
    assert asked(measures.approved, urgent, at="2026-03-03 10:01").outcome is FAILS
    for minutes, outcome in ((0, HOLDS), (1, FAILS)):
        late = a_measure(urgent=True, approved_at=TAKEN + timedelta(hours=24, minutes=minutes))
        assert asked(measures.approved, late).outcome is outcome


def test_urgency_helps_a_seizure_and_not_a_registration():
    assert asked(measures.approved, registered(urgent=True, approved_at=None)).outcome is FAILS


# — on the spot ———————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("missing", STEPS)
def test_each_step_on_the_spot_is_asked_for(missing: str):
    said = asked(measures.steps_taken, a_measure(steps=tuple(s for s in STEPS if s != missing)))
    assert said.outcome is FAILS
    assert missing in said.reason


def test_a_witness_stands_in_for_a_party_who_is_not_there():
    steps = tuple(s for s in STEPS if s != "听取陈述和申辩")
    assert asked(measures.steps_taken, a_measure(steps=steps)).outcome is FAILS
    assert asked(measures.steps_taken, a_measure(steps=(*steps, WITNESS))).outcome is HOLDS


def test_decision_and_inventory_are_handed_over_there_and_then():
    assert asked(measures.documents, a_measure()).outcome is HOLDS
    assert "决定书" in asked(measures.documents, a_measure(number="")).reason
    assert "清单" in asked(measures.documents, a_measure(list_handed_over=False)).reason


@pytest.mark.parametrize(
    ("policy", "left_out", "unstated"),
    [
        (measures.steps_taken, {"steps": STEPS[2:]}, f"来源未载明{STEPS[0]}、{STEPS[1]}。"),
        (measures.scope, {"scope": SCOPE[2:]}, f"来源未载明扣押的物品是否{SCOPE[0]}、{SCOPE[1]}。"),
        (measures.documents, {"number": "", "list_handed_over": False}, "来源未载明扣押决定书、清单。"),
    ],
)  # fmt: skip
def test_a_published_text_that_tells_only_a_part_of_a_seizure_breaks_nothing(
    policy: Policy, left_out: dict[str, Any], unstated: str
):
    said = asked(policy, a_measure(**left_out), silent=True)
    assert said.doubt is Doubt.UNSTATED
    assert said.reason == unstated
    assert asked(policy, a_measure(), silent=True).outcome is HOLDS


def test_an_inventory_of_what_is_registered_is_a_habit_and_not_a_text():
    assert measures.inventory.level is Level.WARN
    assert asked(measures.inventory, registered(list_handed_over=False)).outcome is FAILS
    assert asked(measures.inventory, registered()).outcome is HOLDS


# — how long ——————————————————————————————————————————————————————————————————————————————


def test_thirty_days_once_thirty_more_and_testing_on_top():
    plain, longer = a_measure(), a_measure(extended_on=on("2026-03-30"))
    tested = a_measure(
        testing=(
            Interval(since=on("2026-03-10"), until=on("2026-03-14"), proof="告知书"),
            Interval(
                since=on("2026-03-13"), until=on("2026-03-15"), proof="告知书"
            ),  # two days more
            Interval(since=on("2026-03-20"), until=on("2026-03-25")),  # not told to anybody
            Interval(since=on("2026-03-26"), proof="告知书"),  # without an end
        )
    )
    step = facts(ready(), at="2026-03-20")
    kept = [str(measures.longest(step, m, LAW)) for m in (plain, longer, tested)]
    assert kept == ["30d", "60d", "36d"]
    assert str(measures.longest(step, registered(), LAW)) == "7wd"


@pytest.mark.parametrize(
    ("day", "last"), [("2026-04-01", "2026-05-01"), ("2026-04-02", "2026-04-01")]
)
def test_only_what_was_extended_in_time_may_be_kept_longer(day: str, last: str):
    step = facts(ready(), at="2026-03-20")
    assert str(measures.last_day(step, a_measure(extended_on=on(day)), LAW)) == last


def test_thirty_days_do_not_roll_over_a_holiday():
    january = a_measure(taken_at=moment("2026-01-20 10:00"))  # the thirtieth day lies in 春节
    assert str(measures.last_day(facts(ready()), january, LAW)) == "2026-02-19"


def test_it_is_extended_once_before_it_runs_out():
    now = a_measure(extended_on=on("2026-04-01"))
    assert asked(measures.extension, now, at="2026-04-01", was=a_measure()).outcome is HOLDS
    assert asked(measures.extension, now, at="2026-04-02", was=a_measure()).outcome is FAILS
    again = a_measure(extended_on=on("2026-03-20"))
    assert asked(measures.extension, now, at="2026-04-01", was=again).outcome is FAILS
    assert asked(measures.extension, registered(), at="2026-03-03").outcome is FAILS


def test_late_disposal_is_answered_for_and_never_blocked():
    assert measures.ended_in_time.level is Level.WARN
    for day, outcome in (("2026-04-01", HOLDS), ("2026-04-02", FAILS)):
        ended = a_measure(ended_on=on(day), ended_as="没收")
        assert asked(measures.ended_in_time, ended, at=day).outcome is outcome
    for day, outcome in (("2026-03-11", HOLDS), ("2026-03-12", FAILS)):
        ended = registered(ended_on=on(day), ended_as="退还")
        assert asked(measures.ended_in_time, ended, at=day).outcome is outcome


def test_no_case_is_closed_over_things_that_nobody_decided_about():
    assert ask(measures.settled, facts(ready())).outcome is DOES_NOT_APPLY
    assert ask(measures.settled, facts(ready(measures=(a_measure(),)))).outcome is FAILS
    ended = a_measure(ended_on=on("2026-03-20"))
    assert ask(measures.settled, facts(ready(measures=(ended,)))).outcome is DOES_NOT_APPLY


# — what may be taken (强23, R103) ——————————————————————————————————————————————————————————


@pytest.mark.parametrize("left_out", SCOPE)
def test_each_limit_of_a_seizure_is_made_sure_of_or_answered_for(left_out: str):
    some = tuple(s for s in SCOPE if s != left_out)
    said = asked(measures.scope, a_measure(scope=some))
    assert said.outcome is FAILS
    assert left_out in said.reason
    assert asked(measures.scope, a_measure(scope=SCOPE)).outcome is HOLDS
    assert measures.scope.level is Level.WARN


def test_the_limits_are_those_of_a_seizure_and_not_of_a_registration():
    assert asked(measures.scope, registered(scope=())).outcome is DOES_NOT_APPLY


# — testing (强25(3), R088) ————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("proof", "until", "last"),
    [
        ("检测期间告知书", on("2026-03-14"), "2026-04-11"),
        ("", on("2026-03-14"), "2026-04-01"),
        ("检测期间告知书", None, "2026-04-01"),
    ],
)
def test_days_of_testing_are_left_out_only_when_they_are_definite_and_told_in_writing(
    proof: str, until: Any, last: str
):
    tested = Interval(since=on("2026-03-05"), until=until, proof=proof)
    measure = a_measure(testing=(tested,))
    step = facts(ready(measures=(measure,)), at="2026-03-20", item="m1")
    assert str(measures.last_day(step, measure, LAW)) == last
