"""Old records stay readable: ledgers as earlier versions exported them, read with today's code.

`tests/golden/VERSION/*.jsonl` are made once per version by `tests/golden/make.py`. When one of these
tests fails, it is the change of the code that is wrong: such ledgers stand in offices.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from policies.casefile import CaseFile
from states.case import FLOWS
from workflow import __version__
from workflow.cli import main
from workflow.record import Entry, Standing, apply, fold

GOLDEN = Path(__file__).parents[1] / "golden"
FILES = sorted(GOLDEN.glob("*/*.jsonl"))


@dataclass
class Ledger:
    """One exported file: the entries of its case, and where they said that it stands."""

    entries: list[Entry]
    stands: Standing

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(entry.body) for entry in self.entries]


@pytest.fixture(params=FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def file(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture
def ledger(file: Path) -> Ledger:
    lines = [json.loads(line) for line in file.read_text("utf-8").split("\n")[:-1]]
    *entries, last = lines
    return Ledger(
        [Entry(n["case"], n["seq"], n["prev"], n["hash"], n["body"]) for n in entries],
        Standing(last["flow"], last["state"], last["version"], last["head"], last["document"]),
    )


def test_this_version_has_a_golden_ledger_of_each_demonstration():
    told = resources.files("workflow.sample").joinpath("scenarios").iterdir()
    made = [file.stem for file in FILES if file.parent.name == __version__]

    assert made == sorted(Path(story.name).stem for story in told), "run tests/golden/make.py"


def test_an_old_ledger_still_verifies(file: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["ledger", "verify", str(file)]) == 0, capsys.readouterr().out


def test_an_old_ledger_still_folds_to_where_its_case_stood(ledger: Ledger):
    assert fold(ledger.entries) == (ledger.stands, [])


def test_an_old_document_can_still_be_read_after_each_of_its_steps(ledger: Ledger):
    document: dict[str, Any] = {}
    for body in ledger.bodies:
        document = apply(document, body["change"])
        case = CaseFile.model_validate(document)
        kept = case.model_dump(mode="json", exclude_unset=True)
        assert list(kept) != []
        assert set(document) <= set(kept)  # no field of it was passed over in silence
    assert document == ledger.stands.document


def test_the_flow_that_an_old_case_runs_in_is_still_there(ledger: Ledger):
    assert ledger.stands.flow in FLOWS
    assert {body["flow"] for body in ledger.bodies} <= set(FLOWS)
    flow = FLOWS[ledger.stands.flow]
    assert flow.state(ledger.stands.state)
    for clock in ledger.stands.document.get("clocks", ()):
        assert flow.term(clock)


def test_each_step_of_an_old_case_is_still_a_move_of_its_flow(ledger: Ledger):
    flow = FLOWS[ledger.bodies[0]["flow"]]
    for body in ledger.bodies:
        verb, before, after = body["verb"], body["from"], body["to"]
        move = flow.opening(verb) if body["seq"] == 1 else flow.move(before, verb)
        assert move, f"{flow}: {verb} from {before}"
        assert after == (move.dest.value if move.dest else before)
        flow = FLOWS[body["flow"]]
