"""督察 by /api/v1: what a supervisor's program reads of the offices below, and the few things that it does there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from policies.scoring import ITEMS
from tests.builders import (
    OFFICE,
    PEOPLE,
    a_case,
    day,
    document_of,
    everything,
    office_at,
    take,
    verbs_taken,
    version_of,
)
from tests.supervision import DISTRICT, a_year, add_district
from workflow import accounts, models, tokens
from workflow.desk import COMMANDS
from workflow.program import Fashen
from workflow.web.app import make_app

ABOVE = ("he", DISTRICT)
LISTS = ("red", "numbers", "cases", "orders", "trail", "draws", "checks")


class Api:
    """A program of one supervisor after another; `he` sits in the district above."""

    def __init__(self, fashen: Fashen, client: TestClient) -> None:
        self.fashen, self.client = fashen, client

    def ask(self, method: str, path: str, by: tuple[str, str] = ABOVE, **more: Any) -> Any:
        token = tokens.issue(self.fashen, by[1], by[0])
        headers = {"authorization": f"Bearer {token}", **more.pop("headers", {})}
        return self.client.request(method, f"/api/v1{path}", headers=headers, **more)

    def get(self, path: str, by: tuple[str, str] = ABOVE, status: int = 200, **asked: Any) -> Any:
        answer = self.ask("GET", path, by, params=asked)
        assert answer.status_code == status, answer.text
        return answer.json()

    def post(self, path: str, told: Any, by: tuple[str, str] = ABOVE, status: int = 200) -> Any:
        answer = self.ask("POST", path, by, json=told)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
def call() -> Iterator[Api]:
    fashen = office_at(now=day(2026, 1, 5))
    add_district(fashen)
    with TestClient(make_app(fashen), raise_server_exceptions=False) as client:
        yield Api(fashen, client)


@pytest.mark.parametrize("name", LISTS)
def test_it_is_for_inspectors_and_heads_alone(call: Api, name: str):
    for person in PEOPLE:
        status = 200 if person in ("inspector", "head") else 403
        call.get(f"/supervision/{name}", (person, OFFICE), status)


def test_a_case_is_read_from_above_and_from_nowhere_else(call: Api):
    case = a_year(call.fashen)["early"]
    for path in ("", "/moves", "/ledger", "/proof", "/review", "/files", "/ledger.jsonl"):
        assert call.ask("GET", f"/cases/{case}{path}").status_code == 200, path
        for office, person in (("town", "inspector"), (DISTRICT, "head"), (DISTRICT, "zhang")):
            status = 403 if person == "zhang" and path in ("/proof", "/ledger.jsonl") else 404
            call.get(f"/cases/{case}{path}", (person, office), status)


def test_from_above_nothing_is_done_but_supervision_s_own(call: Api):
    case = a_case(call.fashen, "deciding")
    for by in (ABOVE, ("inspector", OFFICE)):
        before = everything(call.fashen, without=("refusal", "token", "access_log"))
        version = {"if-match": f'"{version_of(call.fashen, case)}"'}
        for verb in sorted(set(COMMANDS) - {"open_supervision"}):
            answer = call.ask("POST", f"/cases/{case}/{verb}", by, json={}, headers=version)
            assert answer.status_code in (403, 404, 409, 422), verb
        assert everything(call.fashen, without=("refusal", "token", "access_log")) == before


def test_an_order_is_opened_below_and_read_until_it_is_answered(call: Api):
    case = a_year(call.fashen)["late"]
    told = {"content": "说明超期原因", "to": "head", "workdays": 5, "about": ["legal_review"]}
    version = {"if-match": f'"{version_of(call.fashen, case)}"'}
    path = f"/cases/{case}/open_supervision"
    assert call.ask("POST", path, json=told, headers=version).status_code == 200
    assert verbs_taken(call.fashen, case)[-1] == ("he@district", "open_supervision")

    [one] = call.get("/supervision/orders")["items"]
    assert (one["content"], one["ends"], one["open"]) == ("说明超期原因", "2026-11-30", True)
    assert call.get(f"/supervision/orders/{case}/{one['item']}") == one
    assert call.get("/supervision/orders", person="head")["total"] == 1
    assert call.get("/supervision/orders", person="zhang")["total"] == 0
    call.get(f"/supervision/orders/{case}/{one['item']}", ("inspector", "town"), 404)
    [line] = call.get("/supervision/red", rule="legal_review")["items"]
    assert line["orders"] == [one["item"]]

    take(call.fashen, "head", "answer_supervision", case, answer="已补办")
    [one] = call.get("/supervision/orders")["items"]
    assert (one["answer"], one["open"]) == ("已补办", False)


def test_the_red_list_and_its_numbers_are_those_of_the_page(call: Api):
    cases = a_year(call.fashen)
    found = call.get("/supervision/red", group="window", year=2026)
    assert {line["case"] for line in found["items"]} == {cases["early"]}
    assert found["cases"] == 1
    assert "第六十四条" in found["items"][0]["cite"]
    assert "杜某" not in str(call.get("/supervision/red"))
    numbers = call.get("/supervision/numbers", year=2026)
    assert sum(numbers["rules"].values()) == numbers["offices"][OFFICE] == 2
    assert numbers["groups"]["window"] == found["total"] == 2
    running = [i for i in call.get("/supervision/red")["items"] if i["kind"] == "running"]
    assert numbers["running"] == call.get("/supervision/numbers")["running"] == len(running)
    assert call.get("/supervision/red", year=2025)["total"] == 0


def test_an_office_that_is_not_below_is_not_found(call: Api):
    a_year(call.fashen)
    by = ("inspector", "town")
    for name in ("red", "numbers", "cases", "orders", "trail"):
        told = call.get(f"/supervision/{name}", by, 404, office=OFFICE)
        assert "不在您监督的范围之内" in told["detail"]
        assert OFFICE not in str(call.get(f"/supervision/{name}", by))
    call.get(f"/supervision/ledger/{OFFICE}", by, 404)
    call.post("/supervision/checks", {"office": OFFICE}, by, 404)
    told = {"since": "2026-01-01", "until": "2026-12-31", "wanted": 1, "office": OFFICE}
    call.post("/supervision/draws", told, by, 404)


def test_the_cases_below_are_listed_and_searched(call: Api):
    cases = a_year(call.fashen)
    assert call.get("/supervision/cases")["total"] == 0  # the district has none
    found = call.get("/supervision/cases", office=OFFICE)
    assert {row["id"] for row in found["items"]} == set(cases.values())
    closed = call.get("/supervision/cases", office=OFFICE, state="archived", limit=1)
    assert (closed["total"], closed["next"]) == (2, 1)
    told = call.get("/supervision/cases", status=422, state="close")
    assert "最接近的是“closed”" in told["detail"]


def test_the_trail_says_who_and_why(call: Api):
    case = a_year(call.fashen)["early"]
    [line] = call.get("/supervision/trail", kind="irregular")["items"]
    assert (line["case_id"], line["label"]) == (case, "不合规登记")
    assert "未等听证期满即已发出" in str(line)
    answer = call.ask("POST", f"/cases/{case}/decide", ("zhang", OFFICE), json={},
                      headers={"if-match": f'"{version_of(call.fashen, case)}"'})  # fmt: skip
    assert answer.status_code == 409
    [line] = call.get("/supervision/trail", kind="refused", person="zhang")["items"]
    assert line["verb"] == "作出处罚决定"


# — proof —————————————————————————————————————————————————————————————————————————————————


def test_a_case_is_proved_and_a_change_is_found(call: Api):
    case = a_case(call.fashen, "investigating")
    assert call.get(f"/cases/{case}/proof")["holds"] is True
    with call.fashen.engine.begin() as tx:
        tx.execute(sa.update(models.cases).where(models.cases.c.id == case).values(state="closed"))
    told = call.get(f"/cases/{case}/proof")
    assert (told["holds"], told["broken"] > 0) == (False, True)
    assert told["faults"]


def test_an_office_is_checked_and_the_check_is_asked_again(call: Api):
    a_year(call.fashen)
    answer = call.ask("POST", "/supervision/checks", json={"office": OFFICE})
    assert answer.status_code == 201
    told = call.get(answer.headers["location"].removeprefix("/api/v1"))
    assert told == answer.json()
    assert (told["offices"], told["cases"], told["proof"]["holds"]) == ([OFFICE], 4, True)
    assert call.get("/supervision/checks")["items"] == [told]
    call.get(f"/supervision/checks/{told['id']}", ("inspector", "town"), 404)


def test_the_ledger_is_taken_away_as_lines(call: Api):
    cases = a_year(call.fashen)
    answer = call.ask("GET", f"/supervision/ledger/{OFFICE}")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert {line["stands"] for line in lines if "stands" in line} == set(cases.values())
    one = call.ask("GET", f"/cases/{cases['good']}/ledger.jsonl").text
    assert set(one.splitlines()) < set(answer.text.splitlines())


# — dossiers ——————————————————————————————————————————————————————————————————————————————

DRAWN = {"since": "2026-01-01", "until": "2026-12-31", "wanted": 2, "seed": "s1"}


def test_dossiers_are_drawn_scored_and_kept_and_the_case_stays(call: Api):
    case = a_year(call.fashen)["good"]
    answer = call.ask("POST", "/supervision/draws", json=DRAWN)
    assert answer.status_code == 201
    path = answer.headers["location"].removeprefix("/api/v1")
    made = call.get(path)
    assert made == answer.json()
    assert (made["same"], made["drawn"]) == (True, 2)
    assert case in {d["case_id"] for d in made["dossiers"]}
    before = document_of(call.fashen, case), version_of(call.fashen, case)

    item = next(i for i in ITEMS if not i.voids)
    sheet = call.get(f"{path}/{case}")
    assert sheet["sheet"] is None
    assert item.id in {i["id"] for i in sheet["items"]}
    lost = {item.id: {"points": 1, "reason": "缺一页"}}
    kept = call.post(f"{path}/{case}", {"lost": lost, "remark": "尚可"})["sheet"]
    assert (kept["round"], kept["total"], kept["remark"]) == (1, 99, "尚可")
    assert call.get(f"{path}/{case}")["sheet"] == kept
    assert (document_of(call.fashen, case), version_of(call.fashen, case)) == before
    call.get(f"{path}/unknown", status=404)
    call.get(path, ("inspector", "town"), 404)
    call.get(path, ("inspector", OFFICE), 404)  # it is the district's draw


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        ({"no_such_item": {"points": 1, "reason": "x"}}, "没有“no_such_item”这一项"),
        ({"subject": {"points": 5, "reason": "x"}}, "是否决项，扣 0 分或者 100 分"),
        ({"filing": {"points": 6, "reason": "x"}}, "扣 0 至 5 分"),
        ({"filing": {"points": 1}}, "请写明理由"),
        ({"filing": {"points": -1, "reason": "x"}}, "filing.points"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused(call: Api, lost: Any, said: str):
    case = a_year(call.fashen)["good"]
    path = f"/supervision/draws/{call.post('/supervision/draws', DRAWN, status=201)['id']}/{case}"
    assert said in call.post(path, {"lost": lost}, status=422)["detail"]
    assert call.get(path)["sheet"] is None


def test_a_head_looks_and_does_not_draw(call: Api):
    a_year(call.fashen)
    by = ("head", OFFICE)
    assert "由监督员办理" in call.post("/supervision/draws", DRAWN, by, 403)["detail"]
    assert call.get("/supervision/draws", by)["total"] == 0
    told = call.post("/supervision/draws", {**DRAWN, "wanted": 201}, status=422)
    assert "wanted" in told["detail"]


# — who came in ————————————————————————————————————————————————————————————————————————————


def test_the_log_is_for_the_auditor_and_the_inspector(call: Api):
    accounts.give_initial(call.fashen, OFFICE, "zhang", by="security")
    for person in ("auditor", "inspector"):
        found = call.get("/access-log", (person, OFFICE), what="initial")
        assert [(i["person"], i["by"]) for i in found["items"]] == [("zhang", "security")]
        assert found["items"][0]["label"] == "发给初始密码"
    for person in ("head", "zhang", "admin", "security"):
        call.get("/access-log", (person, OFFICE), 403)
    call.get("/access-log", ("inspector", OFFICE), person="li")
    assert call.get("/access-log", ("inspector", "town"), what="initial")["total"] == 0
