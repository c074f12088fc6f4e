"""/api/v1/deadlines and /forecast — what a program reads of the days ahead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.builders import a_case, day, office_at, sample_office, set_clock
from workflow import offices, tokens
from workflow.program import Fashen
from workflow.web.app import make_app


@dataclass
class Api:
    """A program that asks for one person after another."""

    fashen: Fashen
    client: TestClient

    def get(self, path: str, by: str = "zhang", office: str = "sample", **query: Any) -> Any:
        token = tokens.issue(self.fashen, office, by)
        return self.client.get(
            f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"}, params=query
        )

    def clocks(self, by: str = "zhang", office: str = "sample", **query: Any) -> list[str]:
        answer = self.get("/deadlines", by, office, **query)
        assert answer.status_code == 200, answer.text
        return [item["clock"] for item in answer.json()["items"]]


@pytest.fixture
def call() -> Iterator[Api]:
    """An office with a neighbour of the same people, on a Monday."""
    fashen = office_at(now=day(2025, 1, 6))
    offices.load(fashen, sample_office().model_copy(update={"office": "next", "name": "邻街道"}))
    with TestClient(make_app(fashen), raise_server_exceptions=False) as client:
        yield Api(fashen, client)


def test_each_clock_comes_with_its_office_and_its_holders(call):
    case = a_case(call.fashen, "under_review")
    told = call.get("/deadlines").json()

    assert told["total"] == 2
    assert told["items"][0] == {
        "office": "sample", "case": case, "number": "示街罚案〔2025〕001号", "clock": "legal_review",
        "label": "法制审核", "start": "2025-01-06", "span": "5wd", "due": "2025-01-13",
        "rolled": "2025-01-13", "ends": "2025-01-13", "provisional": False, "left": 7, "stage": "",
        "holders": ["shen"],
    }  # fmt: skip


def test_the_filters(call):
    case = a_case(call.fashen, "under_review")
    other = a_case(call.fashen, "investigating")

    assert call.clocks() == ["legal_review", "decision", "decision"]
    assert call.clocks(case=other) == ["decision"]
    assert call.clocks(person="shen") == ["legal_review"]
    assert call.clocks(person="shen", case=other) == []
    assert call.clocks(due_within="6d") == []
    assert call.clocks(due_within="7d") == call.clocks(due_within="5wd") == ["legal_review"]
    assert call.clocks(due_within="7", case=case) == ["legal_review"]
    assert call.clocks(limit=1, offset=1) == ["decision"]
    assert call.get("/deadlines", person="zhang", limit=1).json()["total"] == 2


def test_the_neighbours_clocks_are_not_there_and_its_cases_are_not_found(call):
    case = a_case(call.fashen, "investigating")

    assert call.clocks(office="next") == []
    assert call.get("/forecast", office="next", days=366).json()["items"] == []
    for path in ("/deadlines", "/forecast"):
        answer = call.get(path, office="next", case=case)
        assert answer.status_code == 404
        assert f"没有编号为“{case}”的案件" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/deadlines", "/forecast"])
@pytest.mark.parametrize("person", ["nobody", "system"])
def test_a_stranger_is_not_found(call, path, person):
    answer = call.get(path, person=person)
    assert answer.status_code == 404
    assert f"没有“{person}”这个人，只有：zhang（张衡）" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "query", "said"),
    [
        ("/deadlines", {"due_within": "soon"}, "要写成 14d（自然日）、5wd（工作日）或者 1mo（月）"),
        ("/deadlines", {"due_within": "9999d"}, "最多往后看一年"),
        ("/deadlines", {"due_with": "14d"}, "地址里没有这个参数"),
        ("/deadlines", {"case": "a\x00b"}, "含有控制字符"),
        ("/deadlines", {"limit": 0}, "不小于 1"),
        ("/forecast", {"days": -1}, "不小于 0"),
        ("/forecast", {"days": 367}, "不大于 366"),
        ("/forecast", {"days": "x"}, "要写成整数"),
        ("/forecast", {"person": "a\nb"}, "含有控制字符"),
    ],
)
def test_what_cannot_be_read_is_answered_field_by_field(call, path, query, said):
    answer = call.get(path, **query)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


def test_the_forecast_goes_to_its_last_day_and_no_further(call):
    case = a_case(call.fashen, "investigating")
    set_clock(call.fashen, day(2025, 3, 20))

    assert [i["stage"] for i in call.get("/forecast", days=1).json()["items"]] == ["blue"]
    told = call.get("/forecast").json()
    assert told["until"] == "2025-04-03"
    assert told["items"][1] == {
        "day": "2025-03-22", "stage": "yellow", "word": "黄牌", "office": "sample", "case": case,
        "number": "示街罚案〔2025〕001号", "clock": "decision", "label": "办案",
        "ends": "2025-04-06", "provisional": False, "hearers": ["zhang", "li", "wang"],
    }  # fmt: skip
    assert call.get("/forecast", person="zhao").json()["items"] == []
    assert len(call.get("/forecast", person="wang", case=case).json()["items"]) == 1
