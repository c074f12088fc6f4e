"""Every address of the program, found in the program itself: who is let in, what of others is hidden, what is forged.

A new page or operation is asked without anybody adding it here. What everybody may see is named in `OPEN`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.builders import PEOPLE, a_case, day, everything, office_at, sample_office
from tests.web.visiting import enter
from workflow import offices, tokens
from workflow.program import Fashen
from workflow.web.app import make_app

OPEN = {
    "/login": "在这里登录",
    "/logout": "已经没有登录的，退出什么都不做",
    "/api/v1/openapi.json": "接口的说明书，不含任何案件",
    "/healthz": "负载均衡要问",
    "/metrics": "有自己的令牌，或者只答本机",
    "/calendar/{token}.ics": "地址里的令牌就是凭据",
    "/": "没有登录的看到登录页",
    "/public/": "公示栏",
    "/public": "公示栏",
    "/static": "样式和图标",
}
"""Address → why nobody is asked who they are; what lies under /public is public."""


@dataclass(frozen=True, slots=True)
class Address:
    method: str
    path: str
    api: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def addresses(fashen: Fashen) -> list[Address]:
    """Every method and path that the application answers."""
    return sorted(set(_of(make_app(fashen).routes, "")), key=str)


def _of(routes: Iterable[Any], prefix: str) -> Iterator[Address]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            under = prefix + getattr(getattr(route, "include_context", None), "prefix", "")
            yield from _of(inner.routes, under)
        elif path := getattr(route, "path", ""):
            for method in sorted(getattr(route, "methods", None) or {"GET"}):
                full = prefix + path
                yield Address(method, full, full.startswith("/api/"))


def open_to_all(address: Address) -> bool:
    return address.path in OPEN or address.path.startswith("/public/")


ADDRESSES = addresses(office_at())
GUARDED = [a for a in ADDRESSES if not open_to_all(a)]
OF_A_CASE = [a for a in GUARDED if re.search(r"\{case(_id)?\}", a.path)]


def filled(path: str, case: str) -> str:
    """The address with this case in it, and something plausible wherever else it asks."""
    told = {"case": case, "case_id": case, "verb": "describe_act", "person_id": "zhang"}
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda m: told.get(m[1], "1"), path)


@dataclass
class Town:
    fashen: Fashen
    case: str
    client: TestClient

    def ask(self, address: Address, **more: Any) -> Any:
        path = filled(address.path, self.case)
        return self.client.request(address.method, path, follow_redirects=False, **more)


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    fashen = office_at(now=day(2026, 9, 1))
    other = sample_office().model_copy(update={"office": "other", "name": "另一街道办事处"})
    offices.load(fashen, other)
    case = a_case(fashen, "investigating")
    with TestClient(make_app(fashen)) as client:
        yield Town(fashen, case, client)


def test_the_walk_finds_the_addresses():
    found = {str(a) for a in ADDRESSES}
    assert {
        "GET /cases/{case_id}",
        "POST /login",
        "GET /public/{office}/",
        "POST /api/v1/cases",
    } <= found
    assert len(GUARDED) > 60
    assert len(OF_A_CASE) > 40


@pytest.mark.parametrize("address", GUARDED, ids=str)
def test_nobody_comes_in_unasked(town: Town, address: Address):
    town.client.cookies.clear()
    answer = town.ask(address)
    if address.api:
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    elif address.method in ("GET", "HEAD"):
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login?next=")
    else:
        assert answer.status_code in (401, 403)
        assert "登录" in answer.text


@pytest.mark.parametrize("address", OF_A_CASE, ids=str)
def test_a_case_of_another_office_is_not_there(town: Town, address: Address):
    before = everything(town.fashen)
    headers = {"authorization": f"Bearer {tokens.issue(town.fashen, 'other', 'zhang')}"}
    if address.api:
        town.client.cookies.clear()
        headers |= {"if-match": "1", "idempotency-key": "k", "content-type": "application/json"}
        answer = town.ask(
            address, headers=headers, **({} if address.method == "GET" else {"content": b"{}"})
        )
    else:
        enter(town.client, "zhang", "other")
        csrf = re.findall(r'name="csrf" value="([^"]*)"', town.client.get("/").text)[0]
        sent = {"data": {"csrf": csrf, "version": "1"}} if address.method == "POST" else {}
        answer = town.ask(address, **sent)
    assert answer.status_code == 404
    assert "杜某" not in answer.text
    after = everything(town.fashen)
    assert {k: v for k, v in after.items() if k not in LEAVES_TRACES} == {
        k: v for k, v in before.items() if k not in LEAVES_TRACES
    }


LEAVES_TRACES = ("token", "session", "account", "access_log")
"""Tables in which coming in is written down."""


@pytest.mark.parametrize(
    "address", [a for a in GUARDED if a.method == "POST" and not a.api], ids=str
)
@pytest.mark.parametrize("token", ["", "x" * 32])
def test_a_form_that_our_page_did_not_send_does_nothing(town: Town, address: Address, token: str):
    for person in ("zhang", "security"):
        enter(town.client, person)
        before = everything(town.fashen)
        assert town.ask(address, data={"csrf": token}).status_code == 403
        assert everything(town.fashen) == before
        headers = {"sec-fetch-site": "cross-site"}
        assert town.ask(address, data={"csrf": token}, headers=headers).status_code == 403


@pytest.mark.parametrize("person", PEOPLE)
def test_no_page_falls_over_for_anybody(town: Town, person: str):
    enter(town.client, person)
    for address in GUARDED:
        if address.method == "GET" and not address.api:
            answer = town.ask(address)
            assert answer.status_code in (200, 303, 403, 404, 409, 422), (address, answer.text)
