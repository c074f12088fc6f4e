"""What a token is for: every address is walked with a token of each scope, and opens for its own area alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from states.case import CURRENT
from tests.builders import a_case, day, everything, office_at
from tests.web.test_every_route import GUARDED, Address, Town
from workflow import accounts, models, scopes, tokens
from workflow.errors import Malformed, Unauthorised
from workflow.scopes import AREAS, READ
from workflow.web.api.calling import READS
from workflow.web.app import make_app

API = [a for a in GUARDED if a.api]


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    fashen = office_at(now=day(2026, 9, 1))
    case = a_case(fashen, "investigating")
    with TestClient(make_app(fashen)) as client:
        yield Town(fashen, case, client)


def areas() -> dict[str, str]:
    """The area of each address as its route says it."""
    return {str(Address(m, f"/api/v1{path}", api=True)): area for m, path, area in _said()}


def _said() -> Iterator[tuple[str, str, str]]:
    def walk(routes: Iterable[Any], prefix: str = "") -> Iterator[tuple[str, str, str]]:
        for route in routes:
            inner = getattr(route, "original_router", None)
            if inner is not None:
                yield from walk(inner.routes, prefix + route.include_context.prefix)
            else:
                [area] = route.tags
                yield from ((m, prefix + route.path, area) for m in route.methods)

    from workflow.web.api import router

    yield from walk(router.routes)


AREA = areas()


def bearing(town: Town, *held: str, person: str = "zhang") -> dict[str, str]:
    token = tokens.issue(town.fashen, "sample", person, scopes=held or scopes.EVERYTHING)
    return {"authorization": f"Bearer {token}"}


def test_every_address_says_its_area():
    assert set(AREA) == {str(a) for a in API}
    assert set(AREA.values()) == set(AREAS)


@pytest.mark.parametrize("person", ["zhang", "head", "admin"])
def test_a_token_that_reads_does_nothing_anywhere(town: Town, person: str):
    headers = bearing(town, READ, person=person)
    before = everything(town.fashen)
    asked = [a for a in API if a.method not in READS]
    for address in asked:
        answer = town.ask(address, headers=headers, json={})
        assert answer.status_code == 403, (str(address), answer.text)
        told, area = answer.json(), AREA[str(address)]
        assert told["title"] == "令牌的范围不够"
        assert (told["scope"], told["scopes"]) == (area, ["read"])
        assert f"不用于{AREAS[area]}（{area}），没有办理" in told["detail"]
        assert f"fashen token 人员编号 --scope {area}" in told["detail"]
    assert len(asked) > 100
    assert everything(town.fashen) == before


@pytest.mark.parametrize("held", AREAS)
def test_a_token_of_one_area_opens_that_area_and_no_other(town: Town, held: str):
    headers = bearing(town, held)
    before = everything(town.fashen)
    for address in API:
        if AREA[str(address)] == held:
            continue
        answer = town.ask(address, headers=headers)
        assert answer.status_code == 403, (str(address), answer.text)
        if address.method != "HEAD":
            told = answer.json()
            assert (told["scope"], told["scopes"]) == (AREA[str(address)], [held])
            assert ("也不用于查询（read）" in told["detail"]) is (address.method in READS)
    assert everything(town.fashen) == before
    for address in API:
        if AREA[str(address)] == held and address.method in READS:
            assert "令牌的范围" not in town.ask(address, headers=headers).text


def test_it_acts_in_its_own_area(town: Town):
    step = {"if-match": '"99"', "content-type": "application/json"}
    for verb, area in (("describe_act", "cases"), ("verify_evidence", "evidence")):
        path = f"/api/v1/cases/{town.case}/{verb}"
        for held in ("cases", "evidence"):
            headers = bearing(town, held) | step
            answer = town.client.post(path, headers=headers, json={})
            assert ("令牌的范围不够" in answer.text) is (held != area), answer.text


def test_it_reads_whatever_its_holder_may_read(town: Town):
    reads, acts = bearing(town, READ), bearing(town)
    for address in API:
        if address.method == "GET":
            codes = [town.ask(address, headers=h).status_code for h in (reads, acts)]
            assert codes[0] == codes[1], str(address)


def test_a_scope_gives_nothing_that_its_holder_has_not(town: Town):
    headers = bearing(town, "supervision", "office")
    for path in ("/supervision/red", "/supervision/draws", "/access-log", "/office"):
        answer = town.client.get(f"/api/v1{path}", headers=headers)
        assert answer.status_code == 403
        assert answer.json()["title"] != "令牌的范围不够"


def test_an_old_token_keeps_what_it_could(town: Town):
    """Before there were scopes a token acted, or only read."""
    for purpose, held in (("api", scopes.EVERYTHING), ("read", {READ})):
        made = tokens.issue(town.fashen, "sample", "li", scopes=["office"])
        old = {"purpose": purpose, "scopes": ""}
        with town.fashen.engine.begin() as tx:
            last = sa.select(models.token.c.digest).where(models.token.c.scopes == "office")
            tx.execute(models.token.update().where(models.token.c.digest.in_(last)).values(old))
        assert tokens.bearer(town.fashen, made).scopes == held


def test_every_verb_that_is_named_elsewhere_is_one(town: Town):
    verbs = {m.verb for flow in CURRENT.values() for m in flow.moves}
    assert set(scopes._AREA) <= verbs
    told = town.client.get("/api/v1/verbs", headers=bearing(town, READ)).json()["items"]
    for verb in told:
        address = f"POST /api/v1/cases/{{case}}/{verb['verb']}"
        assert AREA.get(address, "cases") == verb["scope"]


def test_an_unknown_scope_is_refused_and_none_is_to_read(town: Town):
    with pytest.raises(Malformed, match="没有“api”这个范围"):
        tokens.issue(town.fashen, "sample", "zhang", scopes=["read", "api"])
    assert scopes.chosen([]) == {READ}
    assert scopes.chosen(["", "office"]) == {"office"}


def test_a_shut_account_loses_it_too(town: Town):
    token = tokens.issue(town.fashen, "sample", "li", scopes=["read", "cases"])
    assert tokens.bearer(town.fashen, token).scopes == {"read", "cases"}
    accounts.shut(town.fashen, "sample", "li", by="security")
    with pytest.raises(Unauthorised):
        tokens.bearer(town.fashen, token)
