"""`fashen explain` and `fashen law` — what a person at the command line sees of law that changed."""

import json
from pathlib import Path

import pytest

from workflow.cli import main as fashen

SAMPLES = Path(__file__).parents[2] / "workflow" / "sample" / "scenarios"
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


def test_statutes_are_listed_as_they_stand_on_a_day(told):
    def keys(day):
        return {row["key"] for row in json.loads(told("law", "show", "--on", day, "--json")[1])}

    before, after = keys("2026-08-14"), keys("2026-08-15")
    assert before - after == {"APPL-AIR", "NOISE", "SOLID"}
    assert after - before == {"EEC"}
    assert told("law", "show", "--on", "昨天")[0] == 2


def test_an_article_says_what_it_is_cited_for_and_until_when(told):
    code, page = told("law", "show", "SOLID", "111")
    assert code == 0
    assert "罚则，处罚违反第 49 条、第 55 条、第 57 条、第 63 条" in page
    assert "2026-08-15 废止，由《生态环境法典》取代" in page
    assert "义务条款，罚则是第 1128 条" in told("law", "show", "EEC", "240")[1]
    assert told("law", "show", "EEC", "--on", "2026-08-14")[0] == 1
    assert told("law", "show", "EEC", "--on", "2026-08-15")[0] == 0


def test_the_check_names_what_a_case_cites_and_nobody_holds_without_calling_it_wrong(told):
    published = SAMPLES / "5-published-wuhan.yaml"
    assert told("scenario", str(published), "--keep")[0] == 0
    code, out = told("law", "check", "--json")
    found = json.loads(out)
    assert (code, found["ok"], found["wrong"]) == (0, True, [])
    assert any("城市建筑垃圾管理规定" in line for line in found["not_imported"])


def test_the_check_names_what_a_case_cites_wrongly(told, tmp_path):
    text = (SAMPLES / "5-published-wuhan.yaml").read_text("utf-8")
    wrong = text.replace(
        "{statute: 城市建筑垃圾管理规定, article: 22,", "{statute: ROAD, article: 42,"
    )
    assert wrong != text
    (tmp_path / "story.yaml").write_text(wrong, "utf-8")
    assert told("scenario", str(tmp_path / "story.yaml"), "--keep")[0] == 0
    code, page = told("law", "check")
    assert code == 1
    assert "《城市道路管理条例》第四十二条第二款是罚则，不是当事人违反的义务条款" in page
