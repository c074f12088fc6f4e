"""Every scenario that lawyers read runs as it tells, on SQLite in memory and on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import office_at
from tests.scenarios.told import FILES, SHIPPED, told, written
from workflow import scenario
from workflow.scenario import OwnHands, Result


def unmet(result: Result) -> list[str]:
    """What did not come as told, with the step's line."""
    of_steps = [f"{s.line}: {problem}" for s in result.steps for problem in s.problems]
    return [*of_steps, *result.problems]


@pytest.mark.parametrize("file", [*FILES, *SHIPPED], ids=lambda f: f.stem)
def test_it_runs_as_it_tells_in_memory(file: Path):
    result = told(file)

    assert unmet(result) == []
    assert result.ok


@pytest.mark.parametrize("file", [*FILES, *SHIPPED], ids=lambda f: f.stem)
def test_it_runs_as_it_tells_on_postgresql(file: Path, postgresql_url: str):
    fashen = office_at(postgresql_url)

    result = scenario.replay(file, None, fashen, OwnHands(fashen))

    assert unmet(result) == []
    assert result.ok


def test_there_are_scenarios_and_each_says_what_it_is_about():
    assert len(FILES) >= 38
    for file in FILES:
        body = written(file)
        assert body.get("title"), f"{file.name} has no title"
        assert body.get("source"), f"{file.name} does not say where its facts come from"
