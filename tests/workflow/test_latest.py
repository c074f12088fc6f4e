"""行政处罚法 art. 60 — `fashen explain` says by when each remaining step must be taken."""

import json
from datetime import date

import pytest

from policies.casefile import CaseFile
from tests.builders import OFFICE, a_case, day, document_of, office_at, set_clock
from workflow.cli import latest, main
from workflow.latest import latest_of


@pytest.fixture
def fashen(sqlite_url):
    return office_at(sqlite_url)


def told(fashen, case, today):
    file = CaseFile.model_validate(document_of(fashen, case))
    return latest.lines(latest_of(fashen, OFFICE, file), today)


def test_the_section_lists_the_steps_with_the_next_one_first(fashen):
    case = a_case(fashen, "investigating")
    set_clock(fashen, day(2025, 1, 10))
    said = told(fashen, case, date(2025, 1, 10))

    assert said[0] == "最迟日（从办案期限 2025-04-06 往前推，顺延的算法至 2025-04-07）："
    assert [line.split()[:2] for line in said[1:3]] == [
        ["2025-03-04", "送法制审核"],
        ["2025-03-11", "审核通过"],
    ]
    assert said[-1].split()[:2] == ["2025-04-06", "作出处罚决定"]
    assert "是休息日，前一个工作日 2025-04-03；按顺延的算法 2025-04-07" in said[-1]


def test_a_day_that_has_passed_is_marked_and_one_between_both_readings_is_marked_as_such(fashen):
    case = a_case(fashen, "investigating")
    for today, mark in ((6, ""), (7, "已过从严的一日"), (8, "已过")):
        last = told(fashen, case, date(2025, 4, today))[-1].split()
        assert last[2] == mark if mark else not last[2].startswith("已过")


def test_a_case_that_is_not_filed_or_is_decided_has_no_such_section(fashen):
    assert told(fashen, a_case(fashen, "checking"), date(2025, 1, 10)) == []
    assert told(fashen, a_case(fashen, "decided"), date(2025, 1, 10)) == []


def test_explain_prints_it_and_its_machine_form_has_both_readings(
    fashen, sqlite_url, monkeypatch, capsys, tmp_path
):
    case = a_case(fashen, "investigating")
    monkeypatch.chdir(tmp_path)
    for name, value in (
        ("DATA_DIR", str(tmp_path)), ("DATABASE_URL", sqlite_url), ("SECRET_KEY", "k" * 32),
    ):  # fmt: skip
        monkeypatch.setenv(f"FASHEN_{name}", value)

    assert main(["explain", case]) == 0
    assert "最迟日（从办案期限 2025-04-06 往前推" in capsys.readouterr().out
    assert main(["explain", case, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["latest"]
    assert found[-1]["step"] == "decide"
    assert (found[-1]["strict"], found[-1]["rolled"]) == ("2025-04-06", "2025-04-07")
