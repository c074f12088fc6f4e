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
from tests.web.visiting import cookie_of, enter, with_password
from workflow import accounts, models, offices, queries, tokens
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


IDS = {
    "case": "案件：别的机关的一律 404，见下",
    "case_id": "案件：别的机关的一律 404，见下",
    "verb": "动作的名字，不属于谁",
    "person_id": "人员：别的机关的 404，见下",
    "notice": "消息：不是自己的不变，见下",
    "token": "地址里的令牌就是凭据",
    "office": "公示栏，人人可看；督察取走大事记的，见 tests/web/test_supervise.py",
    "id": "委托、抽样、核验：别的机关的 404，见各自的测试",
    "item": "案件里的一项，随案件",
    "file": "案件里的文件，随案件",
    "file_id": "案件里的文件，随案件",
    "size": "预览的大小，不属于谁",
    "proposal": "机关文件的改动：别的机关的 404，见 tests/web/test_admin.py",
    "delegation": "委托：别的机关的 404，见 tests/web/test_delegations.py",
    "slug": "公示栏，人人可看",
}
"""What stands in addresses, and where it is shown that another office's is out of reach."""

FOR = {
    "/health": ("admin", "head"),
    "/admin/accounts": ("security",),
    "/admin/access-log": ("auditor", "inspector"),
}
"""Pages that are not for everybody of the office, and for whom they are."""

ADDRESSES = addresses(office_at())
GUARDED = [a for a in ADDRESSES if not open_to_all(a)]
PAGES = [a for a in GUARDED if not a.api]
LISTS = [a for a in PAGES if a.method == "GET" and "{" not in a.path]
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
    rest = tuple(p for p in sample_office().people if p.id != "li")
    told = {"office": "other", "name": "另一街道办事处", "people": rest}
    other = sample_office().model_copy(update=told)
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
    before = lasting(town.fashen)
    # 督察 is for inspectors: others are told so before anything is looked for.
    person = "inspector" if re.search("supervis|proof|ledger", address.path) else "zhang"
    headers = {"authorization": f"Bearer {tokens.issue(town.fashen, 'other', person)}"}
    uploads = "/files" in address.path
    if uploads:  # as the protocol of uploads wants it
        headers |= {"tus-resumable": "1.0.0", "upload-length": "1", "upload-offset": "0"}
    if address.api:
        town.client.cookies.clear()
        headers |= {"if-match": "1", "idempotency-key": "k", "content-type": "application/json"}
        body = {} if address.method == "GET" else {"content": b"{}"}
        answer = town.ask(address, headers=headers, **body)
    else:
        enter(town.client, person, "other")
        csrf = csrf_of(town.client)
        sent = {"data": {"csrf": csrf, "version": "1"}} if address.method == "POST" else {}
        answer = town.ask(address, headers={**headers, "x-csrf-token": csrf}, **sent)
    if address.method == "OPTIONS":  # what the protocol can do is told to everybody
        assert answer.status_code == 204
        return
    # A file's name or a piece that is wrong by itself is refused before any case is looked for.
    assert answer.status_code in ((404, 412, 415, 422) if uploads else (404,)), answer.text
    assert "杜某" not in answer.text
    assert lasting(town.fashen) == before


def lasting(fashen: Fashen) -> dict[str, Any]:
    """Every row but those in which coming in is written down."""
    return everything(fashen, without=("token", "session", "account", "access_log"))


def test_whatever_stands_in_an_address_is_accounted_for():
    found = {name for a in ADDRESSES for name in re.findall(r"\{(\w+)", a.path)}
    assert found == set(IDS)
    assert not set(FOR) - {a.path for a in ADDRESSES}


@pytest.mark.parametrize("address", LISTS, ids=str)
def test_no_list_shows_a_case_of_another_office(town: Town, address: Address):
    [party] = {row.party for row in queries.list_cases(town.fashen, "sample")[0]}
    shown = 0
    for office in ("sample", "other"):
        for person in ("zhang", "head", "clerk", "inspector", "security", "auditor"):
            enter(town.client, person, office)
            page = town.ask(address).text
            shown += town.case in page
            assert office == "sample" or (town.case not in page and party not in page)
    assert shown or address.path not in ("/", "/deadlines")


def test_a_person_of_another_office_is_not_there(town: Town):
    with_password(town.fashen, "li")
    for do in ("initial", "shut", "free", "factor_off", "end"):
        enter(town.client, "security", "other")
        before = everything(town.fashen)
        sent = {"csrf": csrf_of(town.client), "do": do}
        assert town.client.post("/admin/accounts/li", data=sent).status_code == 404
        assert everything(town.fashen) == before


def test_a_notice_of_somebody_else_stays_unread(town: Town):
    row = {"dedup": "n", "office_id": "sample", "person_id": "li", "case_id": town.case,
           "stage": "tell", "text": "某事", "created_at": town.fashen.clock()}  # fmt: skip
    with town.fashen.engine.begin() as tx:
        id = tx.execute(models.inbox.insert(), row).inserted_primary_key[0]  # type: ignore[index]
    for office, person in (("sample", "zhang"), ("other", "zhang")):
        enter(town.client, person, office)
        before = lasting(town.fashen)
        assert "某事" not in town.client.get("/inbox").text
        for notice in (str(id), "all"):
            town.client.post("/inbox/read", data={"csrf": csrf_of(town.client), "notice": notice})
        headers = {"authorization": f"Bearer {tokens.issue(town.fashen, office, person)}"}
        assert town.client.get("/api/v1/inbox", headers=headers).json()["items"] == []
        town.client.post(f"/api/v1/inbox/{id}/read", headers=headers)
        assert lasting(town.fashen) == before


def csrf_of(client: TestClient) -> str:
    return str(re.findall(r'name="csrf" value="([^"]*)"', client.get("/me").text)[0])


@pytest.mark.parametrize("address", PAGES, ids=str)
def test_an_initial_password_opens_one_page_only(town: Town, address: Address):
    for person in ("chair", "security"):
        accounts.give_initial(town.fashen, "sample", person, by="test")
        name, value = cookie_of(town.fashen, person)
        town.client.cookies.clear()
        town.client.cookies.set(name, value)
        csrf = re.findall(
            r'name="csrf" value="([^"]*)"', town.client.get("/me/password").text
        )[0]  # fmt: skip
        before = everything(town.fashen)
        answer = town.ask(address, **({"data": {"csrf": csrf}} if address.method == "POST" else {}))
        if address.path != "/me/password":
            assert answer.status_code == (303 if address.method in ("GET", "HEAD") else 403)
            assert answer.headers.get("location", "/me/password") == "/me/password"
        elif address.method == "GET":
            assert answer.status_code == 200
        if address.path != "/me/password" or address.method == "GET":
            assert everything(town.fashen) == before
        with town.fashen.engine.begin() as tx:  # for the tests that come after
            tx.execute(models.account.delete())


def test_the_first_page_waits_for_an_own_password_too(town: Town):
    accounts.give_initial(town.fashen, "sample", "chair", by="test")
    name, value = cookie_of(town.fashen, "chair")
    town.client.cookies.clear()
    town.client.cookies.set(name, value)
    assert town.client.get("/").url.path == "/me/password"
    with town.fashen.engine.begin() as tx:
        tx.execute(models.account.delete())


@pytest.mark.parametrize("path", FOR)
@pytest.mark.parametrize("person", [*PEOPLE, "security", "auditor"])
def test_a_page_is_seen_by_whom_it_is_for_and_by_nobody_else(town: Town, path: str, person: str):
    enter(town.client, person)
    page = town.client.get(path)
    assert page.status_code == (200 if person in FOR[path] else 403)
    linked = f'href="{path}"' in town.client.get("/me").text
    assert linked is (person in FOR[path])


@pytest.mark.parametrize(
    "address", [a for a in GUARDED if a.method == "POST" and not a.api], ids=str
)
@pytest.mark.parametrize("token", ["", "x" * 32, "of somebody else"])
def test_a_form_that_our_page_did_not_send_does_nothing(town: Town, address: Address, token: str):
    for person in ("zhang", "security"):
        if token == "of somebody else":
            enter(town.client, "shen")
            token = csrf_of(town.client)
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
