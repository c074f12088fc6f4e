"""Every list of /api/v1 comes in pages in one way: what `limit` and `offset` may be, what `total` and `next` say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.builders import a_case, office_at
from tests.supervision import a_year
from workflow import models, tokens
from workflow.program import Fashen
from workflow.web.api.paging import MOST, Paging, page
from workflow.web.app import make_app


def _described() -> dict[str, Any]:
    found: dict[str, Any] = make_app(office_at()).openapi()["paths"]
    return found


GETS = {
    path.removeprefix("/api/v1"): {p["name"] for p in told["get"].get("parameters", ())}
    for path, told in _described().items()
    if "get" in told
}
LISTS = sorted(path for path, asked in GETS.items() if "limit" in asked)

WHOLE = {
    "/cases/{case}/moves": "everything from here, of one version of the case",
    "/cases/{case}/ledger": "a chain is proved as a whole",
    "/cases/{case}/review": "one file; its lists are bounded",
    "/supervision/draws/{id}/{case}": "one sheet with the items of the form",
}
"""Answers that hold lists and are no list themselves."""


class Api:
    def __init__(self, fashen: Fashen, client: TestClient) -> None:
        self.fashen, self.client, self.tokens = fashen, client, dict[str, str]()
        self.case = a_case(fashen, "investigating")

    def get(self, path: str, by: str = "", **asked: Any) -> Any:
        usual = "inspector" if path.startswith(("/supervision", "/access-log")) else "head"
        where = f"/api/v1{path.replace('{case}', self.case)}"
        return self.client.get(where, headers=self.bearing(by or usual), params=asked)

    def post(self, path: str, by: str, told: Any = None) -> Any:
        return self.client.post(f"/api/v1{path}", headers=self.bearing(by), json=told)

    def bearing(self, person: str) -> dict[str, str]:
        if person not in self.tokens:
            self.tokens[person] = tokens.issue(self.fashen, "sample", person)
        return {"authorization": f"Bearer {self.tokens[person]}"}


@pytest.fixture(scope="module")
def call() -> Iterator[Api]:
    """A year of cases, and of each thing that a supervisor keeps more than one."""
    fashen = office_at()
    a_year(fashen)
    with TestClient(make_app(fashen)) as client:
        made = Api(fashen, client)
        for seed in ("1", "2", "3"):
            drawn = {"since": "2026-01-01", "until": "2026-12-31", "wanted": 2, "seed": seed}
            assert made.post("/supervision/draws", "inspector", drawn).status_code == 201
            assert made.post("/supervision/checks", "inspector", {}).status_code == 201
        yield made


def test_the_lists_are_found():
    assert {"/cases", "/inbox", "/deadlines", "/approvals", "/review", "/verbs"} <= set(LISTS)
    assert len(LISTS) >= 18


@pytest.mark.parametrize("path", sorted(GETS))
def test_whatever_answers_with_items_is_a_list(call: Api, path: str):
    if "{id}" in path or "{file}" in path or "{item}" in path or path.endswith((".jsonl", "}")):
        return
    answer = call.get(path)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    if path in LISTS:
        assert {"items", "total", "next"} <= set(told)
    else:
        assert "items" not in told or path in WHOLE, path


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"limit": 0}, "limit：不小于 1，请改正"),
        ({"limit": MOST + 1}, "limit：不大于 200，请改正"),
        ({"limit": "all"}, "limit：要写成整数，请改正"),
        ({"offset": -1}, "offset：不小于 0，请改正"),
        ({"offset": 10**12}, "offset：不大于 1000000000，请改正"),
        ({"page": 2}, "page：地址里没有这个参数"),
    ],
)
def test_an_edge_that_is_crossed_is_said(call: Api, path: str, asked: dict[str, Any], said: str):
    answer = call.get(path, **asked)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


@pytest.mark.parametrize("path", LISTS)
def test_the_edges_themselves_are_taken_and_beyond_the_end_is_nothing(call: Api, path: str):
    for limit in (1, MOST):
        assert call.get(path, limit=limit).status_code == 200
    total = call.get(path).json()["total"]
    beyond = call.get(path, offset=10**9).json()
    assert (beyond["items"], beyond["total"], beyond["next"]) == ([], total, None)


@pytest.mark.parametrize("path", LISTS)
def test_page_by_page_it_is_the_whole_list_once(call: Api, path: str):
    call.get(path)  # its token is taken
    whole = call.get(path, limit=MOST).json()
    assert whole["next"] is None
    size = max(1, len(whole["items"]) // 2)
    found, offset = [], 0
    while offset is not None:
        told = call.get(path, limit=size, offset=offset).json()
        assert len(told["items"]) <= size
        found += told["items"]
        offset = told["next"]
    assert found == whole["items"]
    assert len(found) == whole["total"]


def test_next_is_null_on_the_last_page_and_not_before():
    def after(items: int, total: int, offset: int = 0, **more: Any) -> Any:
        made = page(["x"] * items, total, Paging(limit=10, offset=offset), **more)
        return json.loads(bytes(made.body))["next"]

    assert after(10, 11) == 10
    assert after(10, 10) is None
    assert after(1, 11, 10) is None
    assert after(10, 10, more=True) == 10
    assert after(0, 11, 20) is None


def test_notices_come_in_pages_and_are_read_one_by_one_or_all(call: Api):
    with call.fashen.engine.begin() as tx:
        for n in range(3):
            row = {"dedup": f"n{n}", "office_id": "sample", "person_id": "zhang", "case_id": call.case,
                   "stage": "tell", "text": f"第 {n} 件", "created_at": call.fashen.clock()}  # fmt: skip
            tx.execute(models.inbox.insert(), row)

    def texts(**asked: Any) -> list[str]:
        return [n["text"] for n in call.get("/inbox", "zhang", **asked).json()["items"]]

    assert texts(limit=2) == ["第 2 件", "第 1 件"]
    first = call.get("/inbox", "zhang", limit=1).json()
    assert (first["total"], first["next"]) == (3, 1)
    one = f"/inbox/{first['items'][0]['id']}/read"
    assert call.post(one, "zhang").status_code == 204
    assert texts(unread=True) == ["第 1 件", "第 0 件"]
    assert call.post("/inbox/read", "zhang").status_code == 204
    assert texts(unread=True) == []
    assert len(texts()) == 3
