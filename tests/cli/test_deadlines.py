"""`fashen deadlines` — the clocks that run, the nearest first."""

from __future__ import annotations

import pytest

from tests.builders import a_case, day, row_of
from workflow import program


@pytest.fixture
def today(monkeypatch):
    """Sets the day on which the commands are typed."""
    start = program.start

    def stand_at(*date: int) -> None:
        def started(*asked, **rest):
            fashen = start(*asked, **rest)
            fashen.clock = lambda: day(*date)
            return fashen

        monkeypatch.setattr(program, "start", started)

    return stand_at


def test_no_case_no_clock(office, command):
    assert command("deadlines").out == "没有正在计算的期限。\n"
    assert command("deadlines", "--json").json == []


def test_json_has_each_clock_with_both_ends_and_what_is_left(office, command):
    case = a_case(office, after="serve_decision")
    a_case(office, "investigating")
    rows = command("deadlines", "--json").json

    assert [r["ends"] for r in rows] == sorted(r["ends"] for r in rows)
    payment = next(r for r in rows if r["clock"] == "payment")
    assert payment["case"] == case
    assert payment["number"] == row_of(office, case)["number"]
    assert {"label", "start", "span", "due", "rolled", "left", "stage", "provisional"} <= set(
        payment
    )
    assert {r["clock"] for r in rows} >= {"payment", "decision"}


def test_one_case_alone(office, command):
    case = a_case(office, "investigating")
    a_case(office, "investigating")

    assert [r["case"] for r in command("deadlines", "--case", case, "--json").json] == [case]


def test_in_words_overdue_clocks_are_marked(office, command):
    a_case(office, "investigating")
    ran = command("deadlines")

    assert ran.code == 0
    assert "2025-04-06" in ran.out
    assert "超期" in ran.out
    assert "红牌" in ran.out
    assert "办案" in ran.out


@pytest.mark.parametrize("name", ["nope", "%"])
def test_an_unknown_case_is_said(office, command, name):
    ran = command("deadlines", "--case", name)

    assert ran.code == 1
    assert f"没有编号为“{name}”的案件" in ran.err


# — whose, and how soon ———————————————————————————————————————————————————————————————————


def test_json_says_whose_they_are_and_of_which_office(office, command):
    case = a_case(office, "under_review")
    rows = command("deadlines", "--json").json

    assert {r["clock"]: r["holders"] for r in rows} == {
        "legal_review": ["shen"], "decision": ["zhang", "li"],
    }  # fmt: skip
    assert {(r["office"], r["case"]) for r in rows} == {("sample", case)}


def test_one_persons_clocks(office, command):
    a_case(office, "under_review")

    def clocks(by):
        return [r["clock"] for r in command("deadlines", "--person", by, "--json").json]

    assert clocks("shen") == ["legal_review"]
    assert clocks("li") == ["decision"]
    assert command("deadlines", "--person", "zhao").out == "没有正在计算的期限。\n"
    ran = command("deadlines", "--person", "shne")
    assert (ran.code, ran.out) == (1, "")
    assert "最接近的是“shen”" in ran.err


@pytest.mark.parametrize(
    ("window", "found"), [("30d", []), ("31d", ["decision"]), ("31", ["decision"]), ("20wd", [])]
)
def test_what_ends_on_the_last_day_of_the_window_is_in_it(command, office, today, window, found):
    """The ninety days end on Sunday 6 April, a month and six days after 6 March."""
    a_case(office, "investigating")
    today(2025, 3, 6)

    rows = command("deadlines", "--due-within", window, "--json").json
    assert [r["clock"] for r in rows] == found


def test_nothing_due_says_until_when_it_looked(command, office, today):
    a_case(office, "investigating")
    today(2025, 3, 6)

    assert command("deadlines", "--due-within", "5wd").out == "到 2025-03-13 没有届满的期限。\n"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["--due-within", "soon"], "--due-within 要写成 14d（自然日）、5wd（工作日）或者 1mo（月），写的是“soon”"),
        (["--due-within", "24h"], "要写成 14d"),
        (["--due-within", "400d"], "最多往后看一年（366d）"),
        (["--due-within"], "--due-within 后面要写一个值"),
        (["--forecast", "x"], "--forecast 要写成 14d"),
        (["--forecast", "--due-within", "3d"], "--forecast 和 --due-within 只写一个"),
    ],
)  # fmt: skip
def test_wrong_usage_says_what_to_write(office, command, typed, said):
    ran = command("deadlines", *typed)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


# — what will be told —————————————————————————————————————————————————————————————————————


def test_a_forecast_stands_by_day_with_who_hears(command, office, today):
    a_case(office, "investigating")
    today(2025, 3, 20)

    ran = command("deadlines", "--forecast")
    assert ran.code == 0
    assert ran.out == (
        "2025-03-20（周四）\n"
        "  提醒  办案  示街罚案〔2025〕001号  2025-04-06 届满  通知张衡、李薇\n"
        "2025-03-22（周六）\n"
        "  黄牌  办案  示街罚案〔2025〕001号  2025-04-06 届满  通知张衡、李薇、王立新\n"
    )


@pytest.mark.parametrize(("span", "stages"), [("1d", ["blue"]), ("2d", ["blue", "yellow"])])
def test_a_forecast_goes_as_far_as_it_is_told(command, office, today, span, stages):
    case = a_case(office, "investigating")
    today(2025, 3, 20)

    rows = command("deadlines", "--forecast", span, "--json").json
    assert [r["stage"] for r in rows] == stages
    assert rows[-1]["case"] == case
    assert {"day", "word", "office", "number", "clock", "label", "ends", "hearers"} <= set(rows[0])
    assert command("deadlines", "--forecast", span, "--person", "zhao", "--json").json == []


def test_a_quiet_fortnight_says_so(command, office, today):
    today(2025, 3, 20)

    assert command("deadlines", "--forecast").out == "到 2025-04-03 没有要提醒的期限。\n"
