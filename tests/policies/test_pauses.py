"""行政处罚法 art. 60, rules R154 and R155 — when the ninety days stand still, and when they do not."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from policies.calendar import Calendar, Notice, Span
from policies.casefile import Clock
from policies.office import ClockProfile, Extension, Pausable
from policies.pauses import Grant, Pause, paused, recounted
from tests.policies.builders import CALENDAR, OFFICE, office_with, on

PROFILE = ClockProfile(
    name="sample",
    title="示例时限",
    source="《示例规章》第六十四条",
    confirmed=True,
    extensions=(Extension(days=30, approved_by="head"), Extension(approved_by="collective")),
    pausable=(
        Pausable(reason="鉴定", proof="委托书和鉴定意见"),
        Pausable(reason="公告", proof="公告"),
    ),
)


def a_clock(start="2025-01-06", span="90d", calendar=CALENDAR, *, rolls=False):
    """Filed on Monday 6 January 2025: day 90 is Sunday 6 April, the working day after it the 7th."""
    counted = calendar.count(on(start), Span.parse(span))
    ends = counted.rolled if rolls else counted.due
    return Clock(
        start=counted.start, span=span, due=counted.due, rolled=counted.rolled, ends=ends,
        provisional=counted.provisional, calendar=calendar.version,
    )  # fmt: skip


def a_pause(first="2025-02-03", last="2025-02-13", reason="鉴定", proof="委托书、鉴定意见"):
    return Pause(reason, on(first), last and on(last), proof)


def stand(*pauses, clock=None, profile=PROFILE, grants=(), as_of="2025-03-01", **other):
    return paused(
        clock or a_clock(), pauses, profile, CALENDAR, as_of=on(as_of), grants=grants, **other
    )


def due(*pauses, **other):
    return str(stand(*pauses, **other).clock.due)


def reasons(found):
    return [n.why for n in found.not_counted]


# — what counts ———————————————————————————————————————————————————————————————————————


def test_a_clock_with_nothing_on_record_ends_where_it_always_ended():
    assert stand().clock == a_clock()
    assert stand().explanation == (
        "自 2025-01-06 起 90 个自然日（起算之日不计入），至 2025-04-06；"
        "该日是休息日，其后第一个工作日是 2025-04-07。"
    )


def test_ten_days_of_expertise_move_the_end_by_ten_days_from_the_start_not_from_a_date():
    found = stand(a_pause())
    assert (found.stood, str(found.clock.due), found.standing) == (10, "2025-04-16", False)
    assert (found.clock.start, found.clock.span) == (on("2025-01-06"), "90d")
    assert "扣除 10 日（《示例规章》第六十四条）" in found.explanation


def test_a_day_that_two_pauses_share_is_counted_once():
    assert due(a_pause(), a_pause("2025-02-08", "2025-02-18", "公告")) == "2025-04-21"
    assert due(a_pause(), a_pause("2025-02-05", "2025-02-10", "公告")) == "2025-04-16"
    assert due(a_pause(), a_pause("2025-02-13", "2025-02-14", "公告")) == "2025-04-17"


def test_days_before_the_clock_started_do_not_count():
    assert due(a_pause("2024-12-27", "2025-01-06")) == "2025-04-06"
    assert due(a_pause("2024-12-27", "2025-01-07")) == "2025-04-07"


def test_a_pause_that_still_stands_moves_the_end_on_with_every_day():
    found = stand(a_pause(last=None), as_of="2025-02-04")
    assert (found.standing, found.stood) == (True, 1)
    assert due(a_pause(last=None), as_of="2025-02-05") == "2025-04-08"


def test_a_clock_in_working_days_stands_still_for_working_days_only():
    review = a_clock("2025-01-24", "5wd")  # over the Spring Festival, until Friday 7 February
    # A Friday, and two days later a Sunday that is worked for the holiday.
    found = stand(a_pause("2025-01-24", "2025-01-26"), clock=review)
    assert (str(review.due), found.stood) == ("2025-02-07", 1)
    assert str(found.clock.due) == "2025-02-08"  # a Saturday, worked


def test_the_end_that_binds_follows_the_kind_of_the_clock():
    assert str(stand(rolls=True).clock.ends) == "2025-04-07"
    assert str(stand(rolls=False).clock.ends) == "2025-04-06"


# — what does not, and why ————————————————————————————————————————————————————————————


def test_without_a_profile_nothing_stops_the_ninety_days_and_nothing_extends_them():
    found = stand(a_pause(), profile=None, grants=[Grant(30, "head", on("2025-03-01"))])
    assert found.clock == a_clock()
    assert all("第六十条" in why for why in reasons(found))
    assert len(found.not_counted) == 2


def test_a_profile_that_nobody_confirmed_counts_as_none():
    doubtful = PROFILE.model_copy(update={"confirmed": False})
    found = stand(a_pause(), profile=doubtful, grants=[Grant(30, "head", on("2025-03-01"))])
    assert found.clock == a_clock()
    assert all("还没有人确认" in why for why in reasons(found))


def test_a_pause_without_proof_is_named_with_the_document_that_would_prove_it():
    found = stand(a_pause(proof=""), a_pause("2025-03-03", "2025-03-04"))
    assert (found.stood, str(found.clock.due)) == (1, "2025-04-07")
    assert found.not_counted[0].what == "鉴定（2025-02-03 至 2025-02-13）"
    assert reasons(found) == ["没有证明文书，应当有委托书和鉴定意见"]


def test_a_reason_that_the_profile_does_not_know_stops_nothing():
    found = stand(a_pause(reason="等待领导意见"))
    assert found.clock == a_clock()
    assert "没有规定扣除“等待领导意见”" in reasons(found)[0]


def test_a_pause_may_begin_on_the_last_day_but_not_after_it():
    assert due(a_pause("2025-04-06", "2025-04-16")) == "2025-04-16"
    late = stand(a_pause("2025-04-07", "2025-04-17"))
    assert str(late.clock.due) == "2025-04-06"
    assert "届满" in reasons(late)[0]


def test_a_pause_after_the_first_end_counts_when_an_earlier_one_moved_that_end():
    assert due(a_pause(), a_pause("2025-04-16", "2025-04-20")) == "2025-04-20"
    assert due(a_pause(), a_pause("2025-04-17", "2025-04-20")) == "2025-04-16"


def test_a_pause_that_ends_before_it_begins_cannot_be_written_down():
    with pytest.raises(ValueError, match="早于开始之日"):
        a_pause("2025-02-03", "2025-02-02")


# — extensions ————————————————————————————————————————————————————————————————————————


def test_an_extension_is_as_long_as_the_profile_gives_and_no_longer():
    assert due(grants=[Grant(30, "head", on("2025-03-01"))]) == "2025-05-06"
    over = stand(grants=[Grant(31, "head", on("2025-03-01"))])
    assert (over.extended, str(over.clock.due)) == (0, "2025-04-06")
    assert reasons(over) == ["第 1 次延长不得超过 30 日"]


def test_an_extension_is_approved_on_the_last_day_at_the_latest():
    assert due(grants=[Grant(30, "head", on("2025-04-06"))]) == "2025-05-06"
    assert due(grants=[Grant(30, "head", on("2025-04-07"))]) == "2025-04-06"


def test_the_second_extension_is_for_the_collective_discussion_and_there_is_no_third():
    first = Grant(30, "head", on("2025-03-01"))
    assert due(grants=[first, Grant(20, "collective", on("2025-04-20"))]) == "2025-05-26"
    alone = stand(grants=[first, Grant(20, "head", on("2025-04-20"))])
    assert reasons(alone) == ["第 2 次延长应当由负责人集体讨论批准"]
    third = stand(
        grants=[first, *(Grant(20, "collective", on(d)) for d in ("2025-04-20", "2025-05-20"))]
    )
    assert reasons(third) == ["《示例规章》第六十四条只允许延长 2 次"]


def test_pauses_and_extensions_add_up_in_any_order():
    grant = Grant(30, "head", on("2025-02-05"))
    both = due(a_pause(), a_pause("2025-03-10", "2025-03-15", "公告"), grants=[grant])
    other = due(a_pause("2025-03-10", "2025-03-15", "公告"), a_pause(), grants=[grant])
    assert both == other == "2025-05-21"


def test_what_does_not_count_is_named_with_the_day_it_is_about():
    late = stand(grants=[Grant(30, "head", on("2025-04-07"))])
    assert [n.what for n in late.not_counted] == ["延长 30 日（2025-04-07 批准）"]
    wrong = stand(grants=[Grant(31, "head", on("2025-03-01"))])
    assert [n.what for n in wrong.not_counted] == ["延长 31 日（2025-03-01 批准）"]


def test_pauses_and_extensions_are_both_told_and_where_they_come_from():
    found = stand(a_pause(), grants=[Grant(30, "head", on("2025-03-01"))])
    assert found.explanation == (
        "自 2025-01-06 起 90 个自然日（起算之日不计入），扣除 10 日，延长 30 日"
        "（《示例规章》第六十四条），至 2025-05-16。"
    )


def test_the_days_that_stood_are_added_where_the_months_end():
    """Three months from 6 January end on 6 April; ten days of expertise and thirty more lead to 16 May."""
    months = a_clock(span="3mo")
    assert str(months.due) == "2025-04-06"
    assert due(a_pause(), clock=months) == "2025-04-16"
    assert (
        due(a_pause(), clock=months, grants=[Grant(30, "head", on("2025-03-01"))]) == "2025-05-16"
    )


# — a newer calendar ——————————————————————————————————————————————————————————————————


NEWER = Calendar.published(
    [
        Notice.from_json(
            json.dumps(
                {
                    "year": 2027,
                    "days": [
                        {"date": f"2027-01-0{n}", "name": "元旦", "isOffDay": True} for n in (1, 4)
                    ],
                }
            )
        )
    ]
)


def test_a_clock_of_the_same_calendar_is_left_alone():
    assert recounted(a_clock(), CALENDAR, rolls=False) is None


def test_a_newer_calendar_moves_a_clock_that_reached_the_unpublished_year_and_makes_it_sure():
    old = a_clock("2026-12-30", "2wd")
    new = recounted(old, NEWER, rolls=False)
    assert (str(old.due), old.provisional) == ("2027-01-04", True)
    assert new is not None
    assert (str(new.due), new.provisional, new.calendar) == ("2027-01-05", False, NEWER.version)
    assert (new.start, new.span) == (old.start, old.span)
    assert recounted(new, NEWER, rolls=False) is None


def test_a_recounted_clock_rolls_when_its_kind_does_and_only_then():
    old = a_clock("2026-12-20", "15d", rolls=True)  # Monday 4 January 2027
    assert str(old.ends) == "2027-01-04"
    for rolls, ends in ((True, "2027-01-05"), (False, "2027-01-04")):
        new = recounted(old, NEWER, rolls=rolls)
        assert new is not None
        assert str(new.ends) == ends


def test_a_clock_that_the_new_calendar_does_not_move_only_takes_its_name():
    old = a_clock()
    assert recounted(old, NEWER, rolls=False) == old.model_copy(update={"calendar": NEWER.version})


# — the office's file —————————————————————————————————————————————————————————————————


def test_the_sample_office_has_no_profile_so_nothing_of_its_items_stops():
    assert OFFICE.clock_profiles == ()
    assert OFFICE.clock_profile(OFFICE.power_list[0].code) is None
    assert OFFICE.clock_profile("不存在") is None


def test_an_item_may_name_a_profile_of_the_file_and_no_other():
    named = OFFICE.power_list[0].model_copy(update={"clock_profile": "sample"})
    with pytest.raises(ValidationError, match="没有时限规则“sample”"):
        office_with(power_list=(named,))
    office = office_with(power_list=(named,), clock_profiles=(PROFILE,))
    assert office.clock_profile(named.code) == PROFILE


def test_two_profiles_of_one_name_are_refused():
    with pytest.raises(ValidationError, match="sample 出现了两次"):
        office_with(clock_profiles=(PROFILE, PROFILE))


# — what always holds —————————————————————————————————————————————————————————————————

FIRST = on("2025-01-06")
stretches = st.builds(
    lambda first, n: Pause(
        "鉴定", FIRST + timedelta(days=first), FIRST + timedelta(days=first + n), "委托书"
    ),
    st.integers(-20, 120),
    st.integers(0, 40),
)


@given(st.lists(stretches, max_size=5))
def test_the_end_moves_by_exactly_the_days_that_stood(pauses):
    found = stand(*pauses)
    assert (found.clock.due - a_clock().due).days == found.stood


@given(st.lists(stretches, max_size=4), stretches)
def test_one_more_pause_never_brings_the_end_nearer(pauses, another):
    assert stand(*pauses).clock.due <= stand(*pauses, another).clock.due


@given(st.lists(stretches, max_size=4))
def test_writing_a_pause_down_twice_changes_nothing(pauses):
    assert stand(*pauses).clock == stand(*pauses, *pauses).clock
