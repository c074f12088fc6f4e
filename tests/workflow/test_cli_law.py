"""`fashen explain` and `fashen law` — what a person at the command line sees of law that changed."""

import json
from pathlib import Path

import pytest

from workflow.cli import main as fashen

STORY = Path(__file__).parents[1] / "scenarios" / "17-milder-law.yaml"


@pytest.fixture
def told(tmp_path, monkeypatch, capsys):
    """Run a command in an office of its own; returns its exit code and what it printed."""
    monkeypatch.setenv("FASHEN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FASHEN_SECRET_KEY", "k" * 32)
    monkeypatch.chdir(tmp_path)

    def run(*argv):
        code = fashen(list(argv))
        return code, capsys.readouterr().out

    return run


def test_a_case_that_the_change_of_law_lies_in_the_middle_of_is_explained_with_both_laws(told):
    assert told("scenario", str(STORY), "--keep")[0] == 0

    code, page = told("explain", "示街罚案〔2026〕117号")
    assert code == 0
    assert "罚款上限：旧 500 元｜新 1000 元　旧法较轻" in page
    assert "结论：旧法较轻，适用行为时的旧法" in page

    table = json.loads(told("explain", "示街罚案〔2026〕117号", "--json")[1])["old_and_new_law"][0]
    assert (table["old"], table["new"]) == ("SL-WST-01-OLD", "SL-WST-01")
    assert (table["act"], table["decided"]) == ("2026-07-01", "2026-09-10")

    plain = json.loads(told("explain", "示街罚案〔2026〕118号", "--json")[1])
    assert plain["old_and_new_law"] == []  # an act of the first day of the new law
