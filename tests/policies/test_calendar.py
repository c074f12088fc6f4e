"""民事诉讼法 art. 85, 行政处罚法 art. 85, 行政强制法 art. 69 — how a period is counted."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.calendar import Calendar, Day, Notice, Ruling, Span, count_hours

CALENDAR = Calendar.published()
HOLIDAYS = Path(__file__).resolve().parents[3] / "shared" / "data" / "holidays"
ONE_DAY = timedelta(days=1)

beside_the_shared_folder = pytest.mark.skipif(
    not HOLIDAYS.is_dir(), reason=f"cross-check only: {HOLIDAYS} is not beside this checkout"
)


def day(text):
    return date.fromisoformat(text)


def count(start, span, calendar=CALENDAR):
    return calendar.count(day(start), Span.parse(span))


def due(start, span):
    return str(count(start, span).due)


def rolled(start, span):
    return str(count(start, span).rolled)


def notice(year, **days):
    """A notice in the holiday-cn form: _0101="元旦" is a day off, _1226="元旦上班" a day worked."""
    rows = [
        {
            "date": f"{year - (key[1:3] == '12')}-{key[1:3]}-{key[3:]}",
            "name": name.removesuffix("上班"),
            "isOffDay": not name.endswith("上班"),
        }
        for key, name in days.items()
    ]
    return Notice.from_json(json.dumps({"year": year, "days": rows}))


# --- The vectors of rules.md §0.1 ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2026-09-24", "+5wd", "2026-10-09"),
        ("2026-09-24", "+7wd", "2026-10-12"),
        ("2026-09-30", "+7wd", "2026-10-15"),
        ("2026-02-13", "+5wd", "2026-02-27"),
        ("2026-02-13", "+7wd", "2026-03-02"),
        ("2026-04-30", "+3wd", "2026-05-08"),
        ("2026-11-20", "+7wd", "2026-12-01"),
        ("2026-11-20", "+20wd", "2026-12-18"),
        ("2026-09-22", "+10wd", "2026-10-13"),
        ("2026-10-01", "+5wd", "2026-10-13"),  # from a day off; chinese_calendar itself says 10-14
    ],
)
def test_working_days_end_where_the_state_councils_notice_ends_them(start, span, end):
    found = count(start, span)
    assert (str(found.due), found.rolled, found.provisional) == (end, found.due, False)


@pytest.mark.parametrize(
    ("start", "span", "strict", "moved"),
    [
        ("2026-09-18", "+15d", "2026-10-03", "2026-10-08"),
        ("2026-07-03", "+90d", "2026-10-01", "2026-10-08"),
        ("2025-04-07", "+6mo", "2025-10-07", "2025-10-09"),  # 国庆 and 中秋 lasted eight days
    ],
)
def test_calendar_days_and_months_give_the_strict_end_and_the_rolled_one(
    start, span, strict, moved
):
    assert (due(start, span), rolled(start, span)) == (strict, moved)


# --- Against the notices themselves ----------------------------------------------------------------


@beside_the_shared_folder
def test_every_stored_working_day_vector_holds():
    vectors = json.loads((HOLIDAYS / "workday-vectors.json").read_text("utf-8"))["vectors"]
    found = [due(v["start"], f"{v['working_days']}wd") for v in vectors]
    assert found == [v["end"] for v in vectors]
    assert len(found) > 30


@beside_the_shared_folder
def test_every_day_from_2018_to_2026_agrees_with_holiday_cn():
    ruled = {}
    for year in range(2018, 2027):  # in this order: file 2019 has the last word on December 2018
        file = json.loads((HOLIDAYS / f"holiday-cn-{year}.json").read_text("utf-8"))
        ruled |= {d["date"]: d["isOffDay"] for d in file["days"]}

    days = [day("2018-01-01") + i * ONE_DAY for i in range(9 * 365 + 2)]
    assert str(days[-1]) == "2026-12-31"
    assert not [d for d in days if CALENDAR.is_workday(d) is ruled.get(str(d), d.weekday() >= 5)]


@beside_the_shared_folder
@pytest.mark.parametrize("order", [1, -1])
def test_notices_imported_in_any_order_change_no_day(order):
    files = [HOLIDAYS / f"holiday-cn-{year}.json" for year in range(2018, 2027)][::order]
    again = Calendar.published(Notice.from_json(file.read_text("utf-8")) for file in files)

    days = [day("2017-12-01") + i * ONE_DAY for i in range(3317)]
    assert [again.is_workday(d) for d in days] == [CALENDAR.is_workday(d) for d in days]
    assert again.published_through == 2026


@beside_the_shared_folder
def test_the_file_of_2018_alone_does_not_forget_the_december_that_file_2019_ruled():
    alone = Notice.from_json((HOLIDAYS / "holiday-cn-2018.json").read_text("utf-8"))
    calendar = Calendar.published([alone])
    assert calendar.is_workday(day("2018-12-29"))  # a Saturday, worked for 元旦 2019
    assert not calendar.is_workday(day("2018-12-31"))


@beside_the_shared_folder
def test_the_empty_file_of_a_year_not_yet_published_is_refused():
    with pytest.raises(ValueError, match="2027 年放假通知没有任何日期"):
        Notice.from_json((HOLIDAYS / "holiday-cn-2027.json").read_text("utf-8"))


# --- Holidays and the days worked for them ---------------------------------------------------------


def test_a_period_over_the_national_holiday_ends_on_the_worked_saturday_or_the_monday_after():
    assert due("2026-09-30", "2wd") == "2026-10-09"  # Friday
    assert due("2026-09-30", "3wd") == "2026-10-10"  # Saturday, worked
    assert due("2026-09-30", "4wd") == "2026-10-12"  # Monday
    assert rolled("2026-09-30", "10d") == "2026-10-10"  # a worked Saturday does not roll
    assert rolled("2026-09-30", "11d") == "2026-10-12"


def test_a_worked_sunday_before_the_national_holiday_counts():
    assert due("2026-09-18", "1wd") == "2026-09-20"  # Friday → the Sunday worked
    assert rolled("2026-09-18", "1d") == "2026-09-20"  # Saturday 09-19 rolls to it
    assert rolled("2026-09-18", "2d") == "2026-09-20"


def test_spring_festival_starts_after_a_worked_saturday_and_ends_before_another():
    assert due("2026-02-13", "1wd") == "2026-02-14"  # Saturday, worked
    assert due("2026-02-14", "1wd") == "2026-02-24"  # nine days off
    assert due("2026-02-27", "1wd") == "2026-02-28"  # Saturday, worked
    assert [rolled("2026-02-13", f"{n}d") for n in (1, 2, 10, 11)] == [
        "2026-02-14",
        "2026-02-24",
        "2026-02-24",
        "2026-02-24",
    ]


def test_the_start_never_counts_whether_worked_or_not():
    assert due("2026-09-30", "1wd") == due("2026-10-04", "1wd") == "2026-10-08"
    assert due("2026-10-08", "1wd") == "2026-10-09"
    assert due("2026-10-04", "0wd") == "2026-10-04"


def test_a_day_off_has_its_holidays_name_and_a_worked_saturday_none():
    assert CALENDAR.day_name(day("2026-10-03")) == "国庆节"
    assert CALENDAR.day_name(day("2026-09-25")) == "中秋节"
    assert CALENDAR.day_name(day("2026-10-10")) is None
    assert CALENDAR.day_name(day("2026-10-11")) is None
    assert CALENDAR.day_name(day("2012-05-02")) is None  # a holiday by statute since 2025 only


# --- Months ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2026-01-31", "1mo", "2026-02-28"),
        ("2026-01-28", "1mo", "2026-02-28"),
        ("2028-01-31", "1mo", "2028-02-29"),
        ("2024-02-29", "12mo", "2025-02-28"),
        ("2024-02-29", "48mo", "2028-02-29"),
        ("2025-08-31", "6mo", "2026-02-28"),
        ("2026-02-28", "1mo", "2026-03-28"),
        ("2026-05-31", "1mo", "2026-06-30"),
        ("2025-12-15", "1mo", "2026-01-15"),
        ("2026-03-31", "-1mo", "2026-02-28"),
        ("2026-01-15", "-1mo", "2025-12-15"),
    ],
)
def test_a_month_ends_on_the_same_number_or_on_the_last_day(start, span, end):
    assert due(start, span) == end


def test_calendar_days_pass_through_the_29th_of_february_only_in_a_leap_year():
    assert due("2024-02-28", "2d") == "2024-03-01"
    assert due("2026-02-28", "2d") == "2026-03-02"


# --- Years without a notice ------------------------------------------------------------------------


def test_the_last_day_of_the_published_year_is_sure_and_the_next_is_not():
    assert CALENDAR.published_through == 2026
    assert count("2026-12-24", "5wd").due == day("2026-12-31")
    assert not count("2026-12-24", "5wd").provisional
    assert count("2026-12-24", "6wd").provisional
    assert not count("2026-12-30", "1d").provisional
    assert count("2026-12-30", "2d").provisional
    assert not count("2026-11-30", "1mo").provisional
    assert count("2026-12-01", "1mo").provisional


def test_counting_back_is_provisional_only_when_it_touches_the_unpublished_year():
    assert not count("2027-01-01", "-1wd").provisional
    assert count("2027-01-05", "-1wd").provisional
    assert count("2027-01-05", "-30d").provisional


def test_a_roll_into_the_unpublished_year_is_provisional_though_the_strict_end_is_not():
    calendar = Calendar.published([notice(2027, _0101="元旦"), notice(2028, _0101="元旦")])
    found = count("2028-12-29", "1d", calendar)
    assert (str(found.due), str(found.rolled)) == ("2028-12-30", "2029-01-02")
    assert found.provisional
    assert not count("2028-12-28", "1d", calendar).provisional


def test_the_end_of_december_rolls_by_the_notice_of_the_next_year():
    assert (due("2022-12-30", "1d"), rolled("2022-12-30", "1d")) == ("2022-12-31", "2023-01-03")


def test_an_unpublished_year_has_weekends_and_the_thirteen_statutory_days():
    days = [day("2027-01-01") + i * ONE_DAY for i in range(365)]
    named = {str(d): CALENDAR.day_name(d) for d in days if CALENDAR.day_name(d)}
    assert named == {
        "2027-01-01": "元旦",
        "2027-02-05": "春节",
        "2027-02-06": "春节",
        "2027-02-07": "春节",
        "2027-02-08": "春节",
        "2027-04-05": "清明节",
        "2027-05-01": "劳动节",
        "2027-05-02": "劳动节",
        "2027-06-09": "端午节",
        "2027-09-15": "中秋节",
        "2027-10-01": "国庆节",
        "2027-10-02": "国庆节",
        "2027-10-03": "国庆节",
    }
    assert [d for d in days if CALENDAR.is_workday(d)] == [
        d for d in days if d.weekday() < 5 and str(d) not in named
    ]


def test_beyond_the_lunar_table_only_fixed_holidays_are_known_and_nothing_raises():
    assert CALENDAR.day_name(day("2035-02-07")) == "春节"
    assert CALENDAR.day_name(day("2036-10-01")) == "国庆节"
    assert due("2036-09-30", "1wd") == "2036-10-06"  # Thursday and Friday off, Saturday a weekend
    assert count("2099-04-30", "3wd").provisional
    assert CALENDAR.is_workday(day("9000-06-04"))


def test_years_before_the_data_are_refused_and_the_first_year_is_not():
    assert due("2004-01-01", "1wd") == "2004-01-02"
    for question in (CALENDAR.is_workday, CALENDAR.day_name, CALENDAR.next_workday):
        with pytest.raises(ValueError, match="自 2004 年起"):
            question(day("2003-12-31"))
    for start, span in (("2003-12-31", "1wd"), ("2004-01-02", "-1wd"), ("2004-01-02", "-1mo")):
        with pytest.raises(ValueError, match="自 2004 年起"):
            count(start, span)


def test_a_moment_is_refused_where_a_date_is_meant():
    with pytest.raises(TypeError, match="take its date in Beijing"):
        CALENDAR.is_workday(datetime(2026, 10, 1, tzinfo=UTC))


# --- Importing a notice ----------------------------------------------------------------------------


def test_a_new_notice_makes_its_year_sure_and_rules_the_december_before():
    calendar = Calendar.published(
        [notice(2027, _1226="元旦上班", _1231="元旦", _0101="元旦", _0205="春节", _0204="春节")]
    )
    assert calendar.published_through == 2027
    assert calendar.is_workday(day("2026-12-26"))
    assert not calendar.is_workday(day("2026-12-31"))
    assert count("2026-12-25", "4wd").due == day("2026-12-31")
    assert count("2026-12-25", "4wd", calendar).due == day("2026-12-30")
    assert not count("2026-12-30", "5wd", calendar).provisional
    assert calendar.is_workday(day("2027-06-09"))  # the notice rules its year, the guess is gone


def test_a_later_notice_of_the_same_year_replaces_the_earlier():
    first, second = notice(2027, _0101="元旦", _0104="元旦"), notice(2027, _0101="元旦")
    assert not Calendar.published([first]).is_workday(day("2027-01-04"))
    assert Calendar.published([first, second]).is_workday(day("2027-01-04"))


def test_the_next_years_notice_has_the_last_word_on_december_in_any_order():
    december = day("2027-12-31")
    own = Notice(2027, {december: Ruling(True, "元旦")})
    following = Notice(2028, {december: Ruling(False, "元旦")})
    for notices in ([own, following], [following, own]):
        assert Calendar.published(notices).is_workday(december)


def test_a_notice_beyond_a_missing_year_leaves_the_years_after_the_gap_provisional():
    calendar = Calendar.published([notice(2028, _0101="元旦")])
    assert calendar.published_through == 2026
    assert count("2028-03-01", "5wd", calendar).provisional


def test_the_version_changes_with_the_data_and_only_with_it():
    with_notice = Calendar.published([notice(2027, _0101="元旦")])
    corrected = Calendar.published([notice(2027, _0101="元旦", _0102="元旦")])
    assert CALENDAR.version.startswith("cn-2026+")
    assert with_notice.version.startswith("cn-2027+")
    assert len({CALENDAR.version, with_notice.version, corrected.version}) == 3
    assert Calendar.published() == CALENDAR != with_notice


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"year": 2027, "days": []}', "2027 年放假通知没有任何日期"),
        ("<html>", "应为 holiday-cn 格式"),
        ("[]", "应为 holiday-cn 格式"),
        ('{"year": 2027}', "应为 holiday-cn 格式"),
        ('{"year": 2027, "days": [{"date": "2027-13-01", "isOffDay": true}]}', "holiday-cn"),
        (
            '{"year": 2027, "days": [{"date": "2027-01-01", "name": "元旦", "isOffDay": 1}]}',
            "isOff",
        ),
        ('{"year": 2027, "days": [{"date": "2026-10-01", "name": "", "isOffDay": true}]}', "12 月"),
        ('{"year": 2027, "days": [{"date": "2028-01-01", "name": "", "isOffDay": true}]}', "12 月"),
    ],
)
def test_a_notice_that_cannot_be_right_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        Notice.from_json(text)


def test_a_notice_names_its_own_holidays():
    extra = Calendar.published([notice(2026, _0104="特别假日", _0911="抗战纪念")])
    named = [extra.day_name(day(d)) for d in ("2026-01-04", "2026-09-11")]
    assert named == ["特别假日", "抗战纪念"]
    assert extra.why(day("2026-09-11")) == "抗战纪念"


def test_a_notice_that_rules_a_day_twice_is_refused():
    row = '{"date": "2027-01-01", "name": "元旦", "isOffDay": true}'
    with pytest.raises(ValueError, match="日期重复"):
        Notice.from_json(f'{{"year": 2027, "days": [{row}, {row}]}}')


# --- Spans, hours, and the days of a count ---------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "short", "label"),
    [
        ("+5wd", "5wd", "5 个工作日"),
        ("5wd", "5wd", "5 个工作日"),
        ("15d", "15d", "15 个自然日"),
        ("6mo", "6mo", "6 个月"),
        ("24h", "24h", "24 小时"),
        ("-2wd", "-2wd", "前 2 个工作日"),
    ],
)
def test_a_span_is_read_and_written(text, short, label):
    assert (str(Span.parse(text)), Span.parse(text).label) == (short, label)
    assert Span.parse(short) == Span.parse(text)


def test_a_span_of_no_days_ends_where_it_starts_and_rolls_forward_like_any_other():
    assert Span(0, "d").label == "0 个自然日"
    for span in ("0d", "0mo"):
        assert (due("2026-09-12", span), rolled("2026-09-12", span)) == ("2026-09-12", "2026-09-14")
    first = count(f"{CALENDAR.published_through + 1}-01-01", "0d")
    assert first.provisional


@pytest.mark.parametrize("text", ["", "5", "wd", "5 wd", "5w", "1.5d", "++5d", "5wd, 3d", "99999d"])
def test_anything_else_is_refused_with_what_is_accepted(text):
    with pytest.raises(ValueError, match=r"无法识别.*wd（工作日）.*如 \+5wd"):
        Span.parse(text)


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="只接受 wd、d、mo、h"):
        Span(5, "yuan")


def test_hours_run_through_nights_and_holidays_and_are_not_counted_in_days():
    seized = datetime(2026, 9, 30, 17, 20, tzinfo=UTC)
    assert count_hours(seized, 24) == CALENDAR.count_hours(seized, 24)
    assert count_hours(seized, 24) == datetime(2026, 10, 1, 17, 20, tzinfo=UTC)
    with pytest.raises(ValueError, match="24 小时须从具体时刻起算"):
        count("2026-09-30", "24h")


def test_a_count_of_working_days_shows_every_day_and_why():
    assert count("2026-10-07", "3wd").counted == (
        Day(day("2026-10-08"), True, "工作日"),
        Day(day("2026-10-09"), True, "工作日"),
        Day(day("2026-10-10"), True, "调休上班"),
    )
    assert count("2026-10-10", "-2wd").counted == (
        Day(day("2026-10-09"), True, "工作日"),
        Day(day("2026-10-08"), True, "工作日"),
    )
    skipped = [d.why for d in count("2026-09-24", "5wd").counted if not d.counts]
    assert skipped == ["中秋节"] * 3 + ["国庆节"] * 7
    assert [d.why for d in count("2026-11-20", "1wd").counted] == ["周末", "周末", "工作日"]


def test_a_count_of_calendar_days_shows_its_ends_and_the_days_rolled_over():
    assert count("2026-11-02", "3d").counted == (
        Day(day("2026-11-02"), False, "起算日"),
        Day(day("2026-11-05"), True, "届满日，工作日"),
    )
    assert count("2026-09-20", "15d").counted == (
        Day(day("2026-09-20"), False, "起算日"),
        Day(day("2026-10-05"), True, "届满日，国庆节"),
        Day(day("2026-10-06"), False, "国庆节"),
        Day(day("2026-10-07"), False, "国庆节"),
        Day(day("2026-10-08"), True, "工作日"),
    )


# --- Backwards -------------------------------------------------------------------------------------


def test_a_negative_span_is_the_nth_working_day_before_and_does_not_roll():
    assert due("2026-10-12", "-2wd") == "2026-10-09"
    assert due("2026-10-11", "-2wd") == "2026-10-09"
    assert due("2026-10-08", "-1wd") == "2026-09-30"
    assert (due("2026-10-18", "-15d"), rolled("2026-10-18", "-15d")) == ("2026-10-03", "2026-10-03")


@pytest.mark.parametrize(
    ("end", "span", "start"),
    [
        ("2026-10-15", "7wd", "2026-10-07"),  # from 09-30 as well, but the latest is wanted
        ("2026-10-16", "7wd", "2026-10-08"),
        ("2026-10-11", "3wd", "2026-10-07"),  # a Sunday: over on the Saturday worked
        ("2026-10-01", "90d", "2026-07-03"),
        ("2026-02-28", "1mo", "2026-01-31"),
        ("2026-03-30", "1mo", "2026-02-28"),
        ("2026-06-15", "1mo", "2026-05-15"),
        ("2026-10-15", "0wd", "2026-10-15"),
    ],
)
def test_the_last_day_from_which_a_period_is_over_in_time(end, span, start):
    assert str(CALENDAR.back(day(end), Span.parse(span))) == start


def test_working_days_between_leave_out_the_first_day_and_take_in_the_last():
    def between(a, b):
        return CALENDAR.workdays_between(day(a), day(b))

    assert between("2026-09-30", "2026-10-07") == 0
    assert between("2026-09-30", "2026-10-08") == 1
    assert between("2026-10-08", "2026-10-08") == 0
    assert between("2026-10-08", "2026-10-11") == 2
    assert between("2026-10-11", "2026-10-08") == 0


# --- What holds for every day ----------------------------------------------------------------------

dates = st.dates(day("2006-01-01"), day("2045-12-31"))
lengths = st.integers(-90, 90)
spans = st.one_of(
    st.builds(Span, lengths, st.sampled_from(["wd", "d"])),
    st.builds(Span, st.integers(-20, 20), st.just("mo")),
)


@given(dates, dates, spans)
def test_a_later_start_never_ends_earlier(a, b, span):
    early, late = CALENDAR.count(min(a, b), span), CALENDAR.count(max(a, b), span)
    assert early.due <= late.due
    assert early.rolled <= late.rolled


@given(dates, st.integers(0, 90), st.sampled_from(["wd", "d", "mo"]))
def test_one_more_never_ends_earlier(start, n, unit):
    one_more = CALENDAR.count(start, Span(n + 1, unit))
    assert CALENDAR.count(start, Span(n, unit)).due < one_more.due <= one_more.rolled


@given(dates, spans)
def test_back_is_the_latest_start_that_is_in_time(due, span):
    start = CALENDAR.back(due, span)
    assert CALENDAR.count(start, span).due <= due < CALENDAR.count(start + ONE_DAY, span).due


@given(dates, spans)
def test_counting_and_going_back_never_loses_a_day(start, span):
    assert CALENDAR.back(CALENDAR.count(start, span).due, span) >= start


@given(dates, st.integers(1, 90))
def test_n_working_days_later_lie_n_working_days(start, n):
    counted = CALENDAR.count(start, Span(n, "wd"))
    assert CALENDAR.is_workday(counted.due)
    assert CALENDAR.workdays_between(start, counted.due) == n
    assert sum(d.counts for d in counted.counted) == n


@given(dates)
def test_rolling_twice_is_rolling_once(due):
    moved = CALENDAR.roll(due)
    assert due <= moved <= due + 14 * ONE_DAY
    assert CALENDAR.is_workday(moved)
    assert CALENDAR.roll(moved) == moved == CALENDAR.next_workday(due)


@given(dates)
def test_a_day_is_worked_unless_a_reason_says_otherwise(someday):
    worked = CALENDAR.why(someday) in ("工作日", "调休上班")
    assert worked is CALENDAR.is_workday(someday)
    assert not (worked and CALENDAR.day_name(someday))


@given(spans)
def test_a_span_survives_being_written_and_read(span):
    assert Span.parse(str(span)) == span


def test_the_next_edition_begins_after_every_version_of_this_one():
    """A sweep takes a clock that a later notice counted for one that it must leave alone."""
    assert CALENDAR.next_edition == f"cn-{CALENDAR.published_through + 1}"
    assert CALENDAR.version < CALENDAR.next_edition
