"""Stages as the office sets them, who hears them at which hour, and cards that somebody answers for."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from policies.office import Office
from tests.builders import a_case, document_of, office_at, sample_office, set_clock, take
from workflow import cards, errors, models, offices, queries
from workflow.database import reading
from workflow.deliveries import drain
from workflow.program import Fashen
from workflow.sweep import sweep
from workflow.times import BEIJING


def an_office(**alerts: Any) -> Office:
    made = sample_office()
    body = made.model_dump(mode="json", by_alias=True)
    roster = alerts.pop("roster", ())
    return Office.model_validate(body | {"alerts": alerts, "duty_roster": list(roster)})


def with_office(office: Office) -> Fashen:
    fashen = office_at()
    offices.load(fashen, office)
    return fashen


def told(fashen: Fashen, stage: str) -> set[str]:
    drain(fashen)
    n = models.inbox.c
    with reading(fashen.engine) as tx:
        return set(tx.execute(sa.select(n.person_id).where(n.stage == stage)).scalars())


def at_day(fashen: Fashen, case: str, clock: str, days: int, hour: int = 9) -> None:
    """So many days after the end of this clock."""
    ends = document_of(fashen, case)["clocks"][clock]["ends"]
    on = date.fromisoformat(ends) + timedelta(days=days)
    set_clock(fashen, datetime(on.year, on.month, on.day, hour, tzinfo=BEIJING))


# — when —


@pytest.mark.parametrize(("days", "raised"), [(-11, []), (-10, ["decision.yellow"])])
def test_the_office_says_how_long_before_the_end_a_stage_comes(days: int, raised: list[str]):
    fashen = with_office(an_office(stages={"decision": {"yellow": "-10d"}}))
    case = a_case(fashen, "investigating")
    at_day(fashen, case, "decision", days)
    assert [alert for _, alert in sweep(fashen).alerts] == raised


def test_a_stage_that_was_told_is_not_told_again_when_the_office_moves_it():
    fashen = office_at()
    case = a_case(fashen, "investigating")
    at_day(fashen, case, "decision", -15)
    sweep(fashen)
    offices.load(fashen, an_office(stages={"decision": {"yellow": "-10d"}}))
    at_day(fashen, case, "decision", -10)
    assert sweep(fashen).alerts == []


def test_a_stage_that_the_office_sets_earlier_is_told_at_once():
    fashen = office_at()
    case = a_case(fashen, "investigating")
    at_day(fashen, case, "decision", -40)
    assert sweep(fashen).alerts == []
    offices.load(fashen, an_office(stages={"decision": {"blue": "-50d", "yellow": "-15d"}}))
    assert sweep(fashen).alerts == [(case, "decision.blue")]


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        ({"decision": {"yellow": "3d"}}, "-3d"),
        ({"decision": {"yellow": "0d"}}, "-3d"),
        ({"decision": {"yellow": "-24h"}}, "-3d"),
        ({"decision": {"yellow": "soon"}}, "无法识别"),
        ({"decision": {"red": "-3d"}}, "red"),
        ({"decision": {"blue": "-3d", "yellow": "-3d"}}, "blue 要早于 yellow"),
        ({"no_such_clock": {"yellow": "-3d"}}, "no_such_clock"),
    ],
)
def test_offsets_that_cannot_be_meant_are_refused(stages: dict[str, dict[str, str]], said: str):
    with pytest.raises((ValueError, errors.FashenError), match=said):
        with_office(an_office(stages=stages))


# — who —


def test_red_is_heard_by_whoever_is_on_duty_at_that_hour():
    roster = [
        {"person": "chair", "from": "2025-01-01T08:00", "until": "2026-01-01T20:00"},
        {"person": "counsel", "from": "2025-01-01T20:00", "until": "2025-01-02T08:00"},
    ]
    fashen = with_office(an_office(roster=roster))
    case = a_case(fashen, "investigating")
    at_day(fashen, case, "decision", -1)
    sweep(fashen)
    assert "chair" not in told(fashen, "yellow")
    at_day(fashen, case, "decision", 3)
    sweep(fashen)
    assert {"chair", "inspector", "head", "wang", "zhang", "li"} == told(fashen, "red")


def test_the_office_says_who_hears_a_stage():
    fashen = with_office(an_office(hears={"yellow": ["counsel"]}))
    case = a_case(fashen, "investigating")
    at_day(fashen, case, "decision", -1)
    sweep(fashen)
    assert told(fashen, "yellow") == {"zhang", "li", "counsel"}


@pytest.mark.parametrize("people", [["nobody"], ["zhang", "nobody"]])
def test_a_roster_of_strangers_is_refused(people: list[str]):
    roster = [
        {"person": p, "from": "2025-03-03T08:00", "until": "2025-03-03T20:00"} for p in people
    ]
    with pytest.raises(ValueError, match="nobody"):
        an_office(roster=roster)


def test_a_duty_that_ends_before_it_begins_is_refused():
    roster = [{"person": "li", "from": "2025-03-03T20:00", "until": "2025-03-03T08:00"}]
    with pytest.raises(ValueError, match="不晚于"):
        an_office(roster=roster)


# — cards —


def hung(fashen: Fashen, case: str) -> dict[str, str]:
    view = queries.case_row(fashen, "sample", case)
    return {d.clock: d.stage for d in view.deadlines if d.stage in ("yellow", "red")}


def test_a_card_that_was_answered_for_hangs_no_more_and_its_clock_runs_on():
    fashen = office_at()
    case = a_case(fashen, "investigating")
    at_day(fashen, case, "decision", -15)
    assert hung(fashen, case) == {"decision": "yellow"}
    take(fashen, "wang", "take_down_card", case, clock="decision", reason="等鉴定意见，下周一到")
    assert hung(fashen, case) == {}
    assert "decision" in document_of(fashen, case)["clocks"]
    at_day(fashen, case, "decision", 3)
    assert hung(fashen, case) == {"decision": "red"}
    assert sweep(fashen).alerts[-1] == (case, "decision.red")


def test_a_red_card_that_was_taken_down_leaves_no_yellow_one():
    fashen = office_at()
    case = a_case(fashen, "investigating")
    at_day(fashen, case, "decision", 3)
    take(fashen, "head", "take_down_card", case, clock="decision", reason="本周内决定")
    assert hung(fashen, case) == {}


@pytest.mark.parametrize(
    ("by", "clock", "said"),
    [
        ("wang", "payment", "decision（办案）"),
        ("wang", "", "没有填写|clock"),
        ("wang", "decision:x", "没有挂牌"),
    ],
)
def test_only_a_card_that_hangs_is_taken_down(by: str, clock: str, said: str):
    fashen = office_at()
    case = a_case(fashen, "investigating")
    at_day(fashen, case, "decision", -15)
    with pytest.raises(errors.Malformed, match=said):
        take(fashen, by, "take_down_card", case, clock=clock, reason="理由")


def test_before_its_day_there_is_no_card_to_take_down():
    fashen = office_at()
    case = a_case(fashen, "investigating")
    at_day(fashen, case, "decision", -16)
    with pytest.raises(errors.Malformed, match="（无）"):
        take(fashen, "wang", "take_down_card", case, clock="decision", reason="理由")


def test_whoever_has_the_case_in_hand_does_not_answer_for_its_card():
    fashen = office_at()
    case = a_case(fashen, "investigating")
    at_day(fashen, case, "decision", -15)
    with pytest.raises(errors.NotYourMove):
        take(fashen, "zhang", "take_down_card", case, clock="decision", reason="理由")
    take(fashen, "wang", "assign_officers", case, officers=["wang", "li"])
    with pytest.raises(errors.Malformed, match="承办人和与其有委托关系的人不能摘本案的牌"):
        take(fashen, "wang", "take_down_card", case, clock="decision", reason="理由")


def test_a_clock_that_is_counted_anew_shows_its_card_again():
    fashen = office_at()
    case = a_case(fashen, "investigating")
    at_day(fashen, case, "decision", -15)
    take(fashen, "wang", "take_down_card", case, clock="decision", reason="理由")
    office, today = sample_office(), fashen.clock().date()
    document = queries.case_row(fashen, "sample", case).case
    moved = document.clocks["decision"].model_copy(update={"ends": today + timedelta(days=3)})
    again = document.model_copy(update={"clocks": {**document.clocks, "decision": moved}})
    assert cards.hanging(document, office, fashen.calendar, today) == {}
    assert cards.hanging(again, office, fashen.calendar, today) == {"decision": "yellow"}
