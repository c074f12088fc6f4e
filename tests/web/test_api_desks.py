"""The desks by /api/v1: what waits for an approver, a reviewer and the clerk, and what a reviewer needs of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from policies.review import ITEMS
from tests.builders import (
    PEOPLE,
    a_case,
    a_delegation,
    a_photo,
    day,
    document_of,
    everything,
    office_at,
    sample_office,
    state_of,
    take,
    version_of,
)
from workflow import offices, tokens
from workflow.deliveries import drain
from workflow.program import Fashen
from workflow.web.app import make_app

PLAIN = "当事人露天焚烧秸秆约五平方米"


class Api:
    def __init__(self, fashen: Fashen, client: TestClient) -> None:
        self.fashen, self.client = fashen, client

    def ask(self, method: str, path: str, by: str, office: str = "sample", **more: Any) -> Any:
        token = tokens.issue(self.fashen, office, by)
        headers = {"authorization": f"Bearer {token}", **more.pop("headers", {})}
        return self.client.request(method, f"/api/v1{path}", headers=headers, **more)

    def get(self, path: str, by: str, status: int = 200, **asked: Any) -> Any:
        answer = self.ask("GET", path, by, params=asked)
        assert answer.status_code == status, answer.text
        return answer.json()

    def do(self, case: str, verb: str, by: str, **told: Any) -> Any:
        version = {"if-match": f'"{version_of(self.fashen, case)}"'}
        return self.ask("POST", f"/cases/{case}/{verb}", by, json=told, headers=version)


@pytest.fixture
def call() -> Iterator[Api]:
    fashen = office_at(now=day(2026, 5, 4))
    offices.load(fashen, sample_office().model_copy(update={"office": "next", "name": "邻街道"}))
    with TestClient(make_app(fashen), raise_server_exceptions=False) as client:
        yield Api(fashen, client)


# — 待我审批 ——————————————————————————————————————————————————————————————————————————————


def test_each_approver_sees_what_waits_and_answers_it_by_its_verb(call: Api):
    case = a_case(call.fashen, "filing")
    a_case(call.fashen, "unit_review")
    [head], [unit] = (call.get("/approvals", by)["items"] for by in ("head", "wang"))
    assert (head["yes"], head["case"]["id"]) == ("approve_filing", case)
    assert set(head["backs"]) == {"return_filing", "decline_filing"}
    assert unit["question"] == "同意送法制审核？"
    for by in ("zhang", "admin", "counsel", "clerk"):
        assert call.get("/approvals", by)["total"] == 0
    assert call.ask("GET", "/approvals", "head", "next").json()["total"] == 0

    assert call.do(case, head["yes"], "head").status_code == 200
    assert state_of(call.fashen, case) == "investigating"
    assert call.get("/approvals", "head")["total"] == 0


def test_what_lies_beside_a_case_says_about_which_thing_it_is(call: Api):
    case = a_case(call.fashen, "investigating")
    take(call.fashen, "clerk", "ask_recusal", case, person="deputy", reason="与举报人是亲属")
    [one] = call.get("/approvals", "head")["items"]
    assert (one["yes"], one["backs"]) == ("grant_recusal", ["refuse_recusal"])
    assert one["item"]


def test_a_delegate_hears_for_whom_he_may_answer(call: Api):
    a_delegation(call.fashen, "wang", "li", "submit_review")
    a_case(call.fashen, "unit_review")
    [one] = call.get("/approvals", "wang")["items"]
    assert one["through"] == []
    [one] = call.get("/approvals", "li")["items"]
    assert one["through"] == ["王立新"]


# — 法制审核 ——————————————————————————————————————————————————————————————————————————————


def test_the_queue_says_how_far_each_file_is_and_why_not(call: Api):
    case = a_case(call.fashen, "under_review")
    [one] = call.get("/review", "shen")["items"]
    assert (one["case"]["id"], one["round"], one["failed"], one["why"]) == (case, 1, 0, "")
    assert one["passed"] > 10
    assert "由法制审核员审核" in call.get("/review", "zhang")["items"][0]["why"]
    for by in ("admin", "counsel"):
        assert "不查看全机关的案件" in call.get("/review", by, 403)["detail"]


def test_the_total_of_the_queue_holds_whatever_page_is_asked_for(call: Api):
    cases = [a_case(call.fashen, "under_review") for _ in range(3)]
    first = call.get("/review", "shen", limit=2)
    assert (first["total"], first["next"]) == (3, 2)
    rest = call.get("/review", "shen", limit=2, offset=2)
    assert (rest["total"], rest["next"]) == (3, None)
    assert {i["case"]["id"] for i in (*first["items"], *rest["items"])} == set(cases)


def test_a_file_comes_with_all_that_an_opinion_needs_and_is_passed(call: Api):
    case = a_case(call.fashen, "under_review")
    told = call.get(f"/cases/{case}/review", "shen")
    assert [i["name"] for i in told["items"]] == list(ITEMS)
    checks = [c for i in told["items"] for c in i["checks"]]
    assert {c["rests"] for c in checks} == {"据勾选", "据文书"}
    assert told["why"] == ""
    assert told["since"]["changes"] == []
    opinion = {"opinion": "同意", "items": dict.fromkeys(ITEMS, "认可"), "digest": told["digest"]}
    opinion["items"]["是否涉嫌犯罪"] = "不涉嫌犯罪"
    answer = call.do(case, "pass_review", "shen", **opinion)
    assert answer.status_code == 200, answer.text


def test_an_opinion_on_another_content_is_not_taken(call: Api):
    case = a_case(call.fashen, "under_review")
    items = dict.fromkeys(ITEMS, "认可") | {"是否涉嫌犯罪": "不涉嫌犯罪"}
    answer = call.do(case, "pass_review", "shen", opinion="同意", items=items, digest="0" * 64)
    assert answer.status_code in (409, 422)
    assert state_of(call.fashen, case) == "under_review"


def test_what_changed_since_the_return_is_told_with_who_did_it(call: Api):
    case = a_case(call.fashen, "under_review", fine=1500)
    take(call.fashen, "shen", "return_case", case, opinion="退", points=["裁量理由不符"])
    back = version_of(call.fashen, case)
    assert call.get(f"/cases/{case}/changes", "shen", since=back)["changes"] == []
    take(call.fashen, "zhang", "add_evidence", case, **a_photo(name="复查照片"))
    told = call.get(f"/cases/{case}/changes", "shen", since=back)
    assert told["seq"] == back
    [by] = told["changes"][0]["by"]
    assert by["name"] == "张衡"
    sheet = call.get(f"/cases/{case}/review", "shen")
    assert sheet["returned"]["points"][0]["text"] == "裁量理由不符"
    assert sheet["since"]["changes"] == told["changes"]


@pytest.mark.parametrize(
    ("since", "status", "said"),
    [(0, 422, "不小于 1"), (10**12, 422, "不大于"), (999, 404, "没有第 999 步")],
)
def test_a_step_that_never_was_is_said(call: Api, since: int, status: int, said: str):
    case = a_case(call.fashen, "under_review")
    told = call.get(f"/cases/{case}/changes", "shen", status, since=since)
    assert said in told["detail"]


def test_the_texts_of_a_file_are_for_those_who_recognise_the_party(call: Api):
    case = a_case(call.fashen, "under_review")
    for path in (f"/cases/{case}/review", f"/cases/{case}/changes?since=1"):
        for person in PEOPLE:
            answer = call.ask("GET", path, person)
            able = sample_office().person(person)
            assert able
            known = able.has(
                "officer", "unit_head", "head", "deputy_head", "reviewer", "clerk", "inspector"
            )
            assert (answer.status_code == 200) is known, (person, answer.text)
            assert known or "杜某" not in answer.text
        assert call.ask("GET", path, "shen", "next").status_code == 404


# — 公示 ——————————————————————————————————————————————————————————————————————————————————


def test_what_waits_for_publication_moves_from_step_to_step(call: Api):
    case = a_case(call.fashen, after="serve_decision")

    def steps(**asked: Any) -> list[str]:
        found = call.get("/publication", "clerk", **asked)["items"]
        assert {line["case"]["id"] for line in found} <= {case}
        return [line["step"] for line in found]

    assert steps() == ["unchosen"]
    answer = call.do(case, "choose_publication", "clerk", reason="有一定社会影响", facts=PLAIN)
    assert answer.status_code == 200, answer.text
    assert steps() == ["unreviewed"]
    assert steps(step="unchosen") == []
    take(call.fashen, "shen", "review_publication", case)
    drain(call.fashen)
    assert set(steps()) == {"settled"}
    for by in ("admin", "counsel"):
        call.get("/publication", by, 403)
    assert call.ask("GET", "/publication", "clerk", "next").json()["total"] == 0


def test_the_platform_s_list_is_laid_beside_ours_and_nothing_is_kept(call: Api):
    case = a_case(call.fashen, after="serve_decision")
    take(call.fashen, "clerk", "choose_publication", case, reason="有一定社会影响", facts=PLAIN)
    take(call.fashen, "shen", "review_publication", case)
    drain(call.fashen)
    number = document_of(call.fashen, case)["decision"]["number"]
    before = everything(call.fashen, without=("token", "access_log"))
    theirs = f"文号\n{number}\n别的〔2026〕1号\n".encode()

    def compare(by: str = "clerk", body: bytes = theirs, **asked: str) -> Any:
        return call.ask("POST", "/publication/reconcile", by, content=body, params=asked)

    told = compare(name="list.csv").json()
    assert (told["agrees"], told["both"]) == (False, [number])
    assert told["only_there"] == ["别的〔2026〕1号"]
    for name, body, said in (
        ("list.exe", theirs, "只认 csv"),
        ("list.csv", b"\xff\xfe\x00", "不是 UTF-8"),
        ("list.csv", b'"' + b"x" * 200_000, "读不成表格"),
        ("list.json", b"[" * 200_000, "不是完整的 JSON"),
    ):
        answer = compare(name=name, body=body)
        assert answer.status_code == 422
        assert said in answer.json()["detail"]
    assert "name：没有填写" in compare().json()["detail"]
    assert "只有" in compare(name="list.json", platform="no").json()["detail"]
    assert compare("counsel", name="list.json").status_code == 403
    assert everything(call.fashen, without=("token", "access_log")) == before


# — the workbench —————————————————————————————————————————————————————————————————————————


def test_the_numbers_of_the_workbench_are_those_of_its_lists(call: Api):
    a_case(call.fashen, "filing")
    a_case(call.fashen, after="serve_decision")
    for by in ("head", "zhang", "clerk"):
        told = call.get("/workbench", by)
        for tab in ("todo", "done", "mine", "supervised", "alerts"):
            assert told["tabs"][tab] == call.get("/cases", by, tab=tab)["total"], (by, tab)
    waits = call.get("/workbench", "clerk")["tiles"]["publish"]
    assert waits == call.get("/cases", "clerk", only="publish")["total"] == 1
