"""The seven published cases: what is really wrong in them is found, and silence is never a breach."""

import json
from importlib import resources
from types import SimpleNamespace

import pytest

from workflow import scenario
from workflow.cli import published
from workflow.settings import Settings

FOLDER = resources.files("workflow.sample").joinpath("scenarios")
FILES = {f.name: f for f in FOLDER.iterdir() if published.MARK in f.name}

WRONG = {
    "1-published.yaml": ["hearing.request_window_closed"],
    "5-published-guangzhou.yaml": [],
    "5-published-putian.yaml": ["publication.red"],
    "5-published-wuhan.yaml": [],
    "5-published-xiqing.yaml": [],
    "5-published-yazhou.yaml": ["evidence.dates_possible"],
    "5-published-yiyang.yaml": [],
}
NOT_HELD = {
    "1-published.yaml": ["天津市大气污染防治条例"],
    "5-published-putian.yaml": ["城市建筑垃圾管理规定"],
    "5-published-wuhan.yaml": ["城市建筑垃圾管理规定"],
    "5-published-xiqing.yaml": ["2018-07-09 时的《行政处罚法》", "烟草专卖法实施条例"],
    "5-published-yazhou.yaml": ["2017-02-10 时的《行政处罚法》", "固体废物污染环境防治法（2016 年修正）"],
}  # fmt: skip


@pytest.fixture(scope="module")
def rows():
    made = {}
    for name, file in FILES.items():
        text = file.read_text("utf-8")
        result = scenario.run(name, Settings(_env_file=None), text=text)
        assert result.ok, (name, result.problems, [s.problems for s in result.steps])
        made[name] = published.row(scenario.read(name, text), result)
    return made


def test_all_seven_are_told():
    assert set(FILES) == set(WRONG)


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_found_and_nothing_else_is_called_wrong(rows, name):
    assert [b.id for b in rows[name].breaches] == WRONG[name]
    assert all(b.cite and b.rules and b.stopped for b in rows[name].breaches)


@pytest.mark.parametrize("name", WRONG)
def test_a_law_that_is_not_held_is_said_once_and_judges_nobody(rows, name):
    said = rows[name].no_law
    assert len(said) == len(set(said)) == len(NOT_HELD.get(name, ()))
    for words, reason in zip(NOT_HELD.get(name, ()), said, strict=True):
        assert words in reason


def test_where_the_program_would_have_stopped_it_is_the_first_step_that_asks(rows):
    stopped = {b.id: b.stopped for row in rows.values() for b in row.breaches}
    assert stopped["hearing.request_window_closed"] == "不能办理“期限届满”"
    assert stopped["evidence.dates_possible"] == "不能办理“送法制审核”"
    assert "红牌" in stopped["publication.red"]


def test_a_report_that_is_no_decision_is_not_recorded_as_one(rows):
    assert "提出拟处罚意见" in rows["5-published-yazhou.yaml"].done
    assert "最迟 2023-09-13 决定" in rows["5-published-putian.yaml"].done


def test_nobody_is_named_in_full():
    for name, file in FILES.items():
        body = scenario.read(name, file.read_text("utf-8"))
        for form in (s["with"] for s in body["steps"] if s.get("do") == "name_party"):
            assert "某" in form["name"], name
            assert not {"number", "address", "phone"} & set(form), name


def test_the_table_has_a_block_a_case_and_says_what_silence_means(rows):
    text = "\n".join(published.lines(list(rows.values())))
    assert text.count("做了什么") == 7
    assert text.count("没有发现违反规则之处") == 4
    assert "未载明的不算违反" in text


def test_the_rows_are_plain_data_for_programs(rows):
    told = json.loads(json.dumps([r.as_dict() for r in rows.values()], ensure_ascii=False))
    assert {"case", "done", "breaches", "unstated", "no_law", "judgement"} == set(told[0])


def test_what_only_a_person_can_say_is_told_apart():
    finding = {"outcome": "needs_judgement", "doubt": "需人工判断", "title": "甲", "reason": "乙"}
    told = SimpleNamespace(findings=[finding])
    assert list(published._doubts(told, published.Doubt.JUDGEMENT)) == ["乙"]
    assert list(published._doubts(told, published.Doubt.UNSTATED)) == []
