"""提醒规则 — what an office may say about its alerts, and what holds where it says nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from policies.alerting import Alerting, Duty, Quiet, Watch, uncovered
from tests.builders import day
from tests.policies.builders import OFFICE, on
from workflow.times import BEIJING


@pytest.mark.parametrize(
    ("hour", "on"), [("07:59", False), ("08:00", True), ("19:59", True), ("20:00", False)]
)
def test_a_duty_begins_with_its_first_minute_and_ends_before_its_last(hour: str, on: bool):
    duty = Duty.model_validate(
        {"person": "li", "from": "2025-03-03T08:00", "until": "2025-03-03T20:00"}
    )
    at = datetime.fromisoformat(f"2025-03-03T{hour}").replace(tzinfo=BEIJING)
    assert duty.covers(at) is on


def test_hours_without_anybody_on_duty_are_found():
    def duty(since: str, until: str) -> Duty:
        return Duty.model_validate({"person": "li", "from": since, "until": until})

    roster = (
        duty("2025-03-03T08:00", "2025-03-03T20:00"),
        duty("2025-03-03T12:00", "2025-03-03T18:00"),
        duty("2025-03-03T22:00", "2025-03-05T08:00"),
    )
    since = datetime.fromisoformat("2025-03-03T06:00")
    gaps = uncovered(roster, since, since + timedelta(days=1))
    assert [f"{a:%H}-{b:%H}" for a, b in gaps] == ["06-08", "20-22"]
    assert uncovered((), since, since + timedelta(hours=1)) == [(since, since + timedelta(hours=1))]


# — quiet —


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2025-03-03T20:59", None),
        ("2025-03-03T21:00", "2025-03-04T07:30"),
        ("2025-03-04T00:00", "2025-03-04T07:30"),
        ("2025-03-04T07:29", "2025-03-04T07:30"),
        ("2025-03-04T07:30", None),
    ],
)
def test_quiet_goes_over_midnight(at: str, until: str | None):
    moment = datetime.fromisoformat(at).replace(tzinfo=BEIJING)
    over = until and datetime.fromisoformat(until).replace(tzinfo=BEIJING)
    assert Quiet().until(moment) == over


def test_quiet_within_a_day():
    noon = Quiet.model_validate({"start": "12:00", "end": "14:00"})
    assert noon.until(day(2025, 3, 3).replace(hour=11)) is None
    assert noon.until(day(2025, 3, 3).replace(hour=12)) == day(2025, 3, 3).replace(hour=14)
    assert noon.until(day(2025, 3, 3).replace(hour=14)) is None


# — what an office may say —


def test_an_office_says_nothing_and_has_the_defaults():
    usual = Alerting()
    assert usual.offsets("decision", (("blue", "-30d"),)) == (("blue", "-30d"),)
    assert usual.hearers("red") == ("unit_head", "head", "duty", "inspector")
    assert usual.quiet == Quiet()


@pytest.mark.parametrize("on", ["13-01", "02-30", "1-1"])
def test_a_day_of_the_year_that_does_not_exist_is_refused(on: str):
    with pytest.raises(ValueError, match=r"study_from|一年中的一天"):
        Watch(study_from=on)


USUAL: Any = (("blue", "-30d"), ("yellow", "-15d"))


@pytest.mark.parametrize(
    ("own", "offsets"),
    [
        ({}, USUAL),
        ({"payment": {"yellow": "-1d"}}, USUAL),
        ({"decision": {}}, ()),
        ({"decision": {"yellow": "-3wd"}}, (("yellow", "-3wd"),)),
        ({"decision": {"yellow": "-1wd", "blue": "-20d"}}, (("blue", "-20d"), ("yellow", "-1wd"))),
    ],
)
def test_what_the_office_says_of_a_clock_stands_in_place_of_what_is_usual(own: Any, offsets: Any):
    assert Alerting(stages=own).offsets("decision", USUAL) == offsets


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        ({"yellow": "0d"}, "decision 的 yellow：写成届满之前多少天，例如 -3d 或者 -2wd"),
        ({"blue": "-24h"}, "decision 的 blue：写成届满之前多少天"),
        ({"blue": "-3d", "yellow": "-4d"}, "decision：blue 要早于 yellow"),
        ({"blue": "-3d", "yellow": "-3d"}, "decision：blue 要早于 yellow"),
    ],
)
def test_an_offset_lies_before_the_end_and_blue_before_yellow(stages: Any, said: str):
    with pytest.raises(ValueError, match=said):
        Alerting(stages={"decision": stages})


@pytest.mark.parametrize(
    "stages", [{"blue": "-4d", "yellow": "-3d"}, {"blue": "-3wd", "yellow": "-3d"}]
)
def test_offsets_that_can_be_meant_are_kept(stages: Any):
    assert Alerting(stages={"decision": stages}).stages == {"decision": stages}


def test_the_defaults_are_those_that_the_sample_office_shows():
    assert OFFICE.alerts == Alerting()
    watch = OFFICE.alerts.watch
    assert (watch.certificate, watch.study_hours, watch.study_from, watch.idle) == (
        60,
        40,
        "10-01",
        30,
    )
    assert OFFICE.alerts.digest_to == ("unit_head", "head", "deputy_head")
    assert f"{OFFICE.alerts.digest_at:%H:%M}" == "08:30"


@pytest.mark.parametrize(("stage", "hears"), [("blue", ()), ("yellow", ("unit_head",))])
def test_who_hears_where_the_office_says_nothing_of_a_stage(stage: Any, hears: Any):
    assert Alerting(hears={"red": ("head",)}).hearers(stage) == hears
    assert Alerting(hears={stage: ("clerk",)}).hearers(stage) == ("clerk",)


@pytest.mark.parametrize(
    ("today", "due"), [("2025-09-30", False), ("2025-10-01", True), ("2025-12-31", True)]
)
def test_hours_of_study_are_asked_for_from_the_day_on(today: str, due: bool):
    assert Watch().study_due(on(today)) is due


@pytest.mark.parametrize("until", ["2025-03-03T08:00", "2025-03-03T07:59"])
def test_a_duty_ends_after_it_began(until: str):
    with pytest.raises(ValueError, match=r"li 的值班到 .* 为止，不晚于开始的"):
        Duty.model_validate({"person": "li", "from": "2025-03-03T08:00", "until": until})


def test_at_one_hour_everybody_with_the_role_or_on_duty_hears_once():
    roster = [
        {"person": "head", "from": "2025-03-03T08:00", "until": "2025-03-03T20:00"},
        {"person": "li", "from": "2025-03-03T20:00", "until": "2025-03-04T08:00"},
    ]
    body = OFFICE.model_dump(mode="json", by_alias=True) | {"duty_roster": roster}
    office = type(OFFICE).model_validate(body)
    noon = datetime(2025, 3, 3, 12, tzinfo=BEIJING)

    def heard(at: datetime) -> list[str]:
        return [p.id for p in office.hearing(("head", "duty", "handlers", "clerk"), at)]

    assert heard(noon) == ["head", "clerk"]
    assert heard(noon + timedelta(hours=8)) == ["head", "li", "clerk"]
    assert heard(noon + timedelta(hours=20)) == ["head", "clerk"]


@pytest.mark.parametrize(
    ("sends", "stage", "channels"),
    [
        (None, "blue", ()),
        (None, "yellow", ("email", "wecom")),
        (None, "red", ("email", "wecom")),
        (None, "tell", ()),
        ({"red": ["wecom"]}, "red", ("wecom",)),
        ({"red": ["wecom"]}, "yellow", ()),
        ({"tell": ["email"]}, "tell", ("email",)),
    ],
)
def test_on_which_channels_a_person_hears(sends: Any, stage: str, channels: Any):
    body = OFFICE.people[0].model_dump(mode="json") | {
        "reach": {"email": "a", "wecom": "1"},
        "sends": sends,
    }
    assert type(OFFICE.people[0]).model_validate(body).channels(stage) == channels


@pytest.mark.parametrize("moment", ["2025-03-03T08:00+08:00", "2025-03-03T00:00Z"])
def test_a_roster_is_written_in_beijing_time_without_a_zone(moment: str):
    with pytest.raises(ValueError, match="写北京时间，不写时区"):
        Duty.model_validate({"person": "li", "from": moment, "until": "2025-03-04T08:00"})


def test_quiet_ends_to_the_second_and_holds_at_no_hour_where_it_has_none():
    half_past = Quiet.model_validate({"start": "21:00", "end": "07:30:30"})
    assert half_past.until(datetime(2025, 3, 4, 7, 30, 29, tzinfo=BEIJING)) is not None
    assert half_past.until(datetime(2025, 3, 4, 7, 30, 30, tzinfo=BEIJING)) is None
    none = Quiet.model_validate({"start": "08:00", "end": "08:00"})
    assert none.until(datetime(2025, 3, 4, 8, 0, tzinfo=BEIJING)) is None
    assert none.until(datetime(2025, 3, 4, 3, 0, tzinfo=BEIJING)) is None
