"""Lines and columns: a Chinese character takes two, and no line breaks where it may not."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from workflow.cli import layout

ROOT = Path(__file__).parents[2]
LONG = "1. 告知书于 2025-01-06 送达，听证申请期限至 2025-01-13（《行政处罚法》第六十四条第（一）项），还没有届满。"


@pytest.mark.parametrize(
    ("text", "columns"), [("", 0), ("abc", 3), ("法审", 4), ("法 a", 4), ("，", 2), ("é", 1)]
)
def test_width_counts_columns_and_not_characters(text, columns):
    assert layout.width(text) == columns
    assert layout.width(layout.pad(text, 9)) == 9


def test_a_table_has_its_columns_under_each_other():
    lines = layout.table([["张衡", "登记线索", "x"], ["zhang", "立案", "y"]], "  ")

    assert lines == ["  张衡   登记线索  x", "  zhang  立案      y"]
    assert layout.table([["a", ""], ["", "b"]]) == ["a", "   b"]


@pytest.mark.parametrize("columns", [40, 41, 60, 80])
def test_a_line_is_broken_within_the_columns_and_nothing_is_lost(columns):
    lines = layout.wrap("     " + LONG, columns)

    assert all(layout.width(line) <= columns for line in lines)
    assert "".join(line.strip() for line in lines).replace(" ", "") == LONG.replace(" ", "")
    assert all(line.startswith(" " * 8) for line in lines[1:]), "the text stays under itself"


@pytest.mark.parametrize("columns", range(40, 80))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one_or_cuts_a_date(columns):
    lines = [line.strip() for line in layout.wrap(LONG, columns)]

    assert not any(line[0] in "，。、；：）》”" for line in lines)
    assert not any(line[-1] in "（《“" for line in lines)
    assert sum(line.count("2025-01-06") + line.count("2025-01-13") for line in lines) == 2


def test_a_line_that_fits_or_a_terminal_that_is_too_narrow_is_left_alone():
    assert layout.wrap("短", 40) == ["短"]
    assert layout.wrap(LONG, 39) == [LONG]


def test_only_a_terminal_gets_broken_lines(command):
    shell = [sys.executable, "-c", "import sys; from workflow.cli import main; sys.exit(main())"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "50"}

    piped = subprocess.run(
        [*shell, "policies"], cwd=command.folder, env=env, capture_output=True, text=True
    )
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*shell, "policies"], cwd=command.folder, env=env, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            read = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not read:
            break
        shown += read
    process.wait()
    os.close(ours)

    assert max(map(layout.width, piped.stdout.splitlines())) > 50
    assert max(map(layout.width, shown.decode().splitlines())) <= 50
