"""Whose cases somebody of the office may look into: administrators none, counsel those that were given to them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.builders import a_case, day, everything, office_at, take
from tests.web.test_every_route import ADDRESSES, Address, Town
from tests.web.visiting import enter
from workflow import queries, tokens
from workflow.web.app import make_app

ADMINISTRATORS = ("admin", "security", "auditor")
OF_A_CASE = [a for a in ADDRESSES if "{case" in a.path]
READS = [a for a in ADDRESSES if a.method == "GET"]


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    fashen = office_at(now=day(2026, 9, 1))
    case = a_case(fashen, "under_review")
    with TestClient(make_app(fashen)) as client:
        yield Town(fashen, case, client)


def party_of(town: Town) -> str:
    return str(queries.case_row(town.fashen, "sample", town.case).party)


def ask(town: Town, address: Address, person: str) -> tuple[int, str]:
    """What this person gets, by the page's cookie or by a token."""
    enter(town.client, person)
    more = {}
    if address.api:
        token = tokens.issue(town.fashen, "sample", person)
        more = {"headers": {"authorization": f"Bearer {token}"}}
    answer = town.ask(address, **more)
    return answer.status_code, answer.text


@pytest.mark.parametrize("person", [*ADMINISTRATORS, "counsel"])
def test_no_address_of_a_case_opens(town: Town, person: str):
    party, before = party_of(town), everything(town.fashen)
    for address in OF_A_CASE:
        status, said = ask(town, address, person)
        assert status in ((403, 404) if person == "counsel" else (403,)), (str(address), said)
        assert party not in said
    assert everything(town.fashen)["ledger"] == before["ledger"]


@pytest.mark.parametrize("person", [*ADMINISTRATORS, "counsel"])
def test_no_list_names_a_case(town: Town, person: str):
    party = party_of(town)
    for address in READS:
        if address not in OF_A_CASE:
            said = ask(town, address, person)[1]
            assert party not in said, address
            assert town.case not in said, address
    for query in ("?tab=all", "?tab=alerts", "?tab=all&q=焚烧", "?officer=zhang", "?only=today"):
        enter(town.client, person)
        said = town.client.get(f"/{query}").text
        assert party not in said
        assert town.case not in said
    assert town.case not in town.client.get("/deadlines?whose=all").text


@pytest.mark.parametrize(
    ("person", "home"),
    [("admin", "/admin"), ("security", "/admin/accounts"), ("auditor", "/admin/access-log")],
)
def test_the_day_of_an_administrator_begins_at_their_own_page(town: Town, person: str, home: str):
    enter(town.client, person)
    page = town.client.get("/")
    assert (page.url.path, page.status_code) == (home, 200)
    assert 'href="/inbox"' in page.text
    enter(town.client, "counsel")
    assert town.client.get("/").url.path == "/"


def test_an_administrator_is_told_who_can_help(town: Town):
    enter(town.client, "auditor")
    page = town.client.get(f"/cases/{town.case}")
    assert "不查看案件内容" in page.text
    assert "监督员" in page.text


@pytest.mark.parametrize("person", ["auditor", "counsel"])
def test_a_refusal_does_not_lead_back_to_what_is_refused(town: Town, person: str):
    enter(town.client, person)
    page = town.client.get(f"/cases/{town.case}/map").text
    assert f'href="/cases/{town.case}"' not in page
    enter(town.client, "zhang")
    assert f'href="/cases/{town.case}"' in town.client.get(f"/cases/{town.case}/do/nothing").text


def test_counsel_opens_what_was_given_and_no_longer_what_was_withdrawn():
    fashen = office_at(now=day(2026, 9, 1))
    case, other = a_case(fashen, "under_review"), a_case(fashen, "investigating")
    take(fashen, "shen", "consult_counsel", case, counsel="counsel", question="定性恰当吗")
    with TestClient(make_app(fashen)) as client:
        enter(client, "counsel")
        assert client.get(f"/cases/{case}").status_code == 200
        assert client.get(f"/cases/{case}/map").status_code == 200
        assert client.get(f"/cases/{other}").status_code == 404
        assert "出具法律意见" in client.get(f"/cases/{case}").text
        assert f"/cases/{case}" in client.get("/").text
        headers = {"authorization": f"Bearer {tokens.issue(fashen, 'sample', 'counsel')}"}
        assert client.get(f"/api/v1/cases/{case}", headers=headers).status_code == 200
        assert client.get(f"/api/v1/cases/{other}", headers=headers).status_code == 404
        take(fashen, "shen", "withdraw_consultation", case, reason="已经查明")
        enter(client, "counsel")
        assert client.get(f"/cases/{case}").status_code == 404
