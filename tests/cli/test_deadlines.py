"""`fashen deadlines` — the clocks that run, the nearest first."""

from __future__ import annotations

import pytest

from tests.builders import a_case, row_of


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
