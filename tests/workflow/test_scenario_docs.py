"""docs/scenarios.md is true: every block of it runs as it says, and every key stands in its tables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workflow import scenario_file

PAGE = Path(__file__).parents[2] / "docs" / "scenarios.md"
TEXT = PAGE.read_text("utf-8")
BLOCKS = re.findall(r"^```(yaml|yaml unmet)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def blocks(kind: str) -> list[str]:
    return [text for found, text in BLOCKS if found == kind]


@pytest.mark.parametrize("text", blocks("yaml"), ids=lambda text: text.split("\n")[0][7:])
def test_each_example_runs_as_it_tells(command, text):
    ran = command("scenario", command.file("story.yaml", text))

    assert ran.code == 0, ran.said


def test_the_page_has_a_refusal_and_a_deadline_and_one_that_goes_wrong():
    told = blocks("yaml")
    assert any("refused:" in text for text in told)
    assert any("deadlines:" in text for text in told)
    assert len(blocks("yaml unmet")) == 1


def test_the_report_on_the_page_is_the_report_that_is_printed(command):
    (text,) = blocks("yaml unmet")
    (shown,) = re.findall(r"^```text\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    ran = command("scenario", command.file("story.yaml", text))

    assert ran.code == 1
    assert ran.out.strip() == shown.strip()


@pytest.mark.parametrize("keys", [scenario_file.TOP, scenario_file.STEP, scenario_file.EXPECT])
def test_every_key_stands_in_a_table(keys):
    rows = re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)

    assert set(keys) <= set(rows)
    assert set(rows) <= {
        *scenario_file.TOP,
        *scenario_file.STEP,
        *scenario_file.EXPECT,
    }


def test_every_command_that_the_page_names_is_there(command):
    told = re.findall(r"^    (\w+)  ", command("--help").out, re.MULTILINE)

    assert set(re.findall(r"fashen ([a-z]+)", TEXT)) <= set(told)


def test_every_person_of_the_sample_office_is_named():
    from tests.builders import PEOPLE

    for person in PEOPLE:
        assert f"`{person}`" in TEXT
