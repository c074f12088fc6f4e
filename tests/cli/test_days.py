"""`fashen days` — counting, shown day by day."""

from __future__ import annotations

import re

import pytest


@pytest.mark.parametrize(
    ("start", "span", "due", "rolled", "provisional"),
    [
        ("2026-09-24", "+5wd", "2026-10-09", "2026-10-09", False),
        ("2026-07-03", "+90d", "2026-10-01", "2026-10-08", False),
        ("2025-04-07", "+6mo", "2025-10-07", "2025-10-09", False),
        ("2026-12-20", "+20wd", "2027-01-18", "2027-01-18", True),
    ],
)
def test_json_has_the_day_and_every_day_counted(command, start, span, due, rolled, provisional):
    told = command("days", start, span, "--json").json

    assert (told["due"], told["rolled"], told["provisional"]) == (due, rolled, provisional)
    assert told["counted"]


def test_hours_are_counted_from_a_moment(command):
    assert (
        command("days", "2026-09-24T15:30", "+24h", "--json")
        .json["due"]
        .startswith("2026-09-25T15:30")
    )


def test_in_words_each_day_says_why_it_counts_or_not(command):
    ran = command("days", "2026-09-24", "+5wd")

    assert ran.code == 0
    assert re.search(r"2026-09-25\s+周五\s+不计\s+中秋节", ran.out)
    assert "届满：2026-10-09" in ran.out
    assert "暂定" in command("days", "2026-12-20", "+20wd").out


@pytest.mark.parametrize(
    ("start", "span", "words"),
    [
        ("not-a-date", "+5wd", "“not-a-date”不是日期"),
        ("2026-02-30", "+5wd", "“2026-02-30”不是日期"),
        ("2026-09-24", "+5x", "期限“+5x”无法识别"),
        ("2026-09-24", "five", "期限“five”无法识别"),
        ("25:00", "+24h", "“25:00”不是时间"),
    ],
)
def test_what_cannot_be_counted_is_wrong_usage(command, start, span, words):
    ran = command("days", start, span)

    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert "。。" not in ran.err
