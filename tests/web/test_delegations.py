"""委托 on its page, on a case's page and in the interface: given, offered, signed with both names, ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from tests.builders import (
    OFFICE,
    a_case,
    a_delegation,
    day,
    entries_of,
    office_at,
    sample_office,
    set_clock,
    state_of,
)
from tests.web.test_reading import Reader, hidden
from workflow import delegations, offices, tokens
from workflow.oracle import check_all
from workflow.web.app import make_app

NOW = day(2026, 9, 1)
FORM = {
    "principal": "wang", "delegate": "li", "verbs": ["submit_review"], "from_on": "2026-09-01",
    "until_on": "2026-09-14", "reason": "外出培训", "proof": "", "cases": "",
}  # fmt: skip
MATERIALS = ["调查终结报告", "拟处罚意见", "证据材料", "执法依据", "程序材料"]


@pytest.fixture
def reader() -> Iterator[Reader]:
    with TestClient(make_app(office_at(now=NOW))) as client:
        made = Reader(client)
        yield made
        assert check_all(made.fashen) == []


def send(reader: Reader, by: str, path: str, page: str, **told: object):
    """A form of a page, as its owner sends it."""
    csrf = hidden(reader.page(page, by), "csrf")
    return reader.client.post(path, data={**told, "csrf": csrf}, follow_redirects=False)


# — the page ——————————————————————————————————————————————————————————————————————————————


def test_it_is_given_on_the_page_and_both_see_it(reader: Reader):
    sent = send(reader, "wang", "/delegations", "/delegations", **FORM)
    assert sent.status_code == 303
    done = reader.client.get(sent.headers["location"]).text
    assert 'role="status"' in done
    for who in ("wang", "li", "head"):
        page = reader.page("/delegations", who)
        assert "李薇（受 王立新 委托）" in page
        assert "共 14 个自然日" in page
        assert "送法制审核" in page
    assert "李薇（受 王立新 委托）" not in reader.page("/delegations", "zhang")


def test_what_is_wrong_stands_beside_its_field_and_the_input_stays(reader: Reader):
    sent = send(reader, "wang", "/delegations", "/delegations",
                **{**FORM, "from_on": "2026-08-30", "cases": "示街罚案〔2026〕9号", "reason": "讲座"})  # fmt: skip
    assert sent.status_code == 422
    assert "没有编号为“示街罚案〔2026〕9号”的案件" in sent.text
    assert 'value="讲座"' in sent.text
    assert re.search(r'value="submit_review" checked', sent.text)
    sent = send(
        reader, "wang", "/delegations", "/delegations", **{**FORM, "until_on": "2027-01-01"}
    )
    assert "最多 90 日" in sent.text
    assert (
        'id="until_on" name="until_on" type="date" value="2027-01-01" required aria-invalid="true"'
        in sent.text
    )
    assert delegations.every(reader.fashen, OFFICE) == []


def test_nobody_gives_for_another_by_changing_the_form(reader: Reader):
    """The page of whoever is no administrator is about his own power, whatever comes back."""
    sent = send(reader, "zhang", "/delegations", "/delegations", **FORM)
    assert sent.status_code == 422
    assert "不是张衡自己的职权" in sent.text


def test_the_administrator_chooses_for_whom_and_names_the_order(reader: Reader):
    assert "登记委托" not in reader.page("/delegations", "admin")
    page = reader.page("/delegations?principal=wang", "admin")
    assert "王立新委托他人" in page
    path = "/delegations?principal=wang"
    assert "书面决定的文号" in send(reader, "admin", "/delegations", path, **FORM).text
    sent = send(reader, "admin", "/delegations", path, **{**FORM, "proof": "示街办〔2026〕6号"})
    assert sent.status_code == 303


def test_who_has_nothing_to_pass_on_sees_only_the_list(reader: Reader):
    page = reader.page("/delegations", "counsel")
    assert "没有可以委托的事项" in page
    assert "登记委托" not in page


def test_what_may_not_be_passed_on_stands_there_with_its_article(reader: Reader):
    page = reader.page("/delegations", "head")
    assert "集体讨论由负责人本人参加（《行政处罚法》第五十七条第二款）" in page


def test_it_is_revoked_on_the_page_with_a_reason(reader: Reader):
    made = a_delegation(reader.fashen, "wang", "li", "submit_review")
    path = f"/delegations/{made.id}/revoke"
    assert send(reader, "wang", path, "/delegations").status_code == 422
    assert send(reader, "zhang", path, "/delegations", reason="x").status_code == 403
    assert send(reader, "wang", path, "/delegations", reason="提前回来").status_code == 303
    page = reader.page("/delegations", "li")
    assert "已撤销" in page
    assert "提前回来" in page
    assert send(reader, "wang", path, "/delegations", reason="再撤").status_code == 409


# — a case ————————————————————————————————————————————————————————————————————————————————


def test_the_case_offers_it_and_the_form_signs_with_both_names(reader: Reader):
    case = a_case(reader.fashen, "unit_review")
    assert f"/cases/{case}/do/submit_review" not in reader.case(case, "li")
    a_delegation(reader.fashen, "wang", "li", "submit_review")

    page = reader.case(case, "li")
    assert "由您办（受 王立新 委托）" in page
    path = f"/cases/{case}/do/submit_review"
    form = reader.page(path, "li")
    assert 'name="on_behalf_of" value="wang" checked' in form
    told = {name: hidden(form, name) for name in ("csrf", "version", "key", "shown_at")}
    sent = reader.client.post(
        path,
        data={**told, "on_behalf_of": "wang", "f.materials": MATERIALS},
        follow_redirects=False,
    )
    assert sent.status_code == 303, sent.text
    assert state_of(reader.fashen, case) == "under_review"
    assert "李薇（受 王立新 委托）" in reader.case(case, "zhang")


def test_what_waits_for_who_is_away_waits_for_the_delegate(reader: Reader):
    case = a_case(reader.fashen, "unit_review")
    assert f"/cases/{case}" not in reader.page("/?tab=todo", "clerk")
    a_delegation(reader.fashen, "wang", "clerk", "submit_review")
    assert f"/cases/{case}" in reader.page("/?tab=todo", "clerk")
    late = NOW + timedelta(days=14)
    assert f"/cases/{case}" not in reader.page("/?tab=todo", "clerk", at=late)


def test_a_case_is_opened_for_another_from_the_workbench_with_both_names(reader: Reader):
    fashen = reader.fashen
    assert "/cases/do/register_lead" not in reader.page("/", "chair")
    a_delegation(fashen, "clerk", "chair", "register_lead")
    assert "/cases/do/register_lead" in reader.page("/", "chair")
    assert "/cases/do/start_on_spot" not in reader.page("/", "chair")
    path = "/cases/do/register_lead"
    form = reader.page(path, "chair")
    told = {name: hidden(form, name) for name in ("key", "version", "shown_at")}
    sent = send(
        reader,
        "chair",
        path,
        path,
        **told,
        **{"f.place": "西杜庄", "f.text": "焚烧", "f.source": "巡查"},
    )
    assert sent.status_code == 303, sent.text
    case = sent.headers["location"].split("/")[2].partition("?")[0]
    entry = entries_of(fashen, case)[0].body
    assert '"id":"chair"' in entry
    assert "孟晓禾" in entry  # for whom
    set_clock(fashen, NOW + timedelta(days=15))
    assert "/cases/do/register_lead" not in reader.page("/", "chair")


def test_whoever_has_the_role_chooses_in_whose_name(reader: Reader):
    case = a_case(reader.fashen, "filing", after="propose_filing")
    assert "on_behalf_of" not in reader.page(f"/cases/{case}/do/approve_filing", "deputy")
    a_delegation(reader.fashen, "head", "deputy", "approve_filing")
    form = reader.page(f"/cases/{case}/do/approve_filing", "deputy")
    assert 'name="on_behalf_of" value="" checked' in form
    assert "陆承泽（受 顾明 委托）" in form


def test_who_signed_a_decision_for_whom_stands_on_the_page(reader: Reader):
    from tests.builders import DECISION_SAYS, take

    case = a_case(reader.fashen, "deciding")
    a_delegation(reader.fashen, "head", "deputy", "decide")
    take(reader.fashen, "deputy", "decide", case, on_behalf_of="head",
         number="示街罚决〔2026〕9号", contents=DECISION_SAYS)  # fmt: skip
    page = reader.case(case)
    assert page.count("陆承泽（受 顾明 委托）") >= 2  # the decision and the history


# — the interface —————————————————————————————————————————————————————————————————————————


def headers(reader: Reader, by: str, office: str = OFFICE) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.issue(reader.fashen, office, by)}"}


BODY = {
    "principal": "wang", "delegate": "li", "verbs": ["submit_review"], "from_on": "2026-09-01",
    "until_on": "2026-09-14", "reason": "外出培训",
}  # fmt: skip


def test_a_program_gives_lists_and_ends(reader: Reader):
    api, wang = reader.client, headers(reader, "wang")
    made = api.post("/api/v1/delegations", json=BODY, headers=wang)
    assert made.status_code == 201, made.text
    told = made.json()
    assert told["state"] == "running"
    assert told["principal"] == {"id": "wang", "name": "王立新"}
    assert made.headers["location"].endswith(told["id"])

    assert [d["id"] for d in api.get("/api/v1/delegations", headers=wang).json()["items"]] == [
        told["id"]
    ]
    zhang = headers(reader, "zhang")
    assert api.get("/api/v1/delegations?all=true", headers=zhang).json()["items"] == []
    inspector = headers(reader, "inspector")
    assert api.get("/api/v1/delegations", headers=inspector).json()["items"] == []
    assert len(api.get("/api/v1/delegations?all=true", headers=inspector).json()["items"]) == 1

    path = f"/api/v1/delegations/{told['id']}"
    assert api.delete(path, headers=wang).status_code == 422
    assert api.delete(path, headers=zhang, params={"reason": "x"}).status_code == 403
    ended = api.delete(path, headers=wang, params={"reason": "提前回来"})
    assert (ended.status_code, ended.json()["state"]) == (200, "past")
    again = api.delete(path, headers=wang, params={"reason": "再撤"})
    assert (again.status_code, again.json()["type"]) == (409, "urn:fashen:problem:already-over")


def test_a_foreign_office_finds_nothing(reader: Reader):
    offices.load(reader.fashen, sample_office().model_copy(update={"office": "next"}))
    made = a_delegation(reader.fashen, "wang", "li", "submit_review")
    next_door = headers(reader, "wang", "next")
    path = f"/api/v1/delegations/{made.id}"
    assert reader.client.delete(path, headers=next_door, params={"reason": "x"}).status_code == 404
    assert (
        reader.client.get("/api/v1/delegations?all=true", headers=next_door).json()["items"] == []
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({**BODY, "delegate": "inspector"}, 422),
        ({**BODY, "from_on": "gestern"}, 422),
        ({**BODY, "surprise": 1}, 422),
        ({}, 422),
        ({**BODY, "principal": "head"}, 403),
    ],
)
def test_what_cannot_be_given_is_a_problem(reader: Reader, body: dict[str, object], status: int):
    said = reader.client.post("/api/v1/delegations", json=body, headers=headers(reader, "wang"))
    assert said.status_code == status
    assert said.headers["content-type"] == "application/problem+json"


def test_the_moves_of_a_case_say_for_whom_and_the_write_does_it(reader: Reader):
    case = a_case(reader.fashen, "unit_review")
    a_delegation(reader.fashen, "wang", "li", "submit_review")
    li = headers(reader, "li")
    moves = reader.client.get(f"/api/v1/cases/{case}/moves", headers=li).json()
    mine = next(m for m in moves["moves"] if m["verb"] == "submit_review")
    assert (mine["yours"], mine["on_behalf_of"]) == (True, ["wang"])
    other = next(m for m in moves["moves"] if m["verb"] == "return_to_officers")
    assert (other["yours"], other["on_behalf_of"]) == (False, [])

    done = reader.client.post(
        f"/api/v1/cases/{case}/submit_review",
        json={"materials": MATERIALS, "on_behalf_of": "wang"},
        headers={**li, "If-Match": str(moves["version"])},
    )
    assert (done.status_code, done.json()["on_behalf_of"]) == (200, "wang")
    told = reader.client.get(f"/api/v1/cases/{case}", headers=li).json()["history"][-1]
    assert (told["by"], told["on_behalf_of"]) == ("李薇（受 王立新 委托）", "wang")


def test_the_interface_describes_itself(reader: Reader):
    described = reader.client.get("/api/v1/openapi.json").json()
    give = described["paths"]["/api/v1/delegations"]["post"]
    schema = give["requestBody"]["content"]["application/json"]["schema"]
    assert set(schema["required"]) == {
        "principal", "delegate", "verbs", "from_on", "until_on", "reason",
    }  # fmt: skip
