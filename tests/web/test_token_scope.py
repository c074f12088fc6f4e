"""A token that only reads: every address is walked, and none does anything for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.builders import a_case, day, everything, office_at
from tests.web.test_every_route import GUARDED, Town
from workflow import accounts, tokens
from workflow.errors import Unauthorised
from workflow.web.api import READS
from workflow.web.app import make_app


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    fashen = office_at(now=day(2026, 9, 1))
    case = a_case(fashen, "investigating")
    with TestClient(make_app(fashen)) as client:
        yield Town(fashen, case, client)


def bearing(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@pytest.mark.parametrize("person", ["zhang", "head", "admin"])
def test_a_token_that_reads_does_nothing_anywhere(town: Town, person: str):
    headers = bearing(tokens.issue(town.fashen, "sample", person, reads_only=True))
    before = everything(town.fashen)
    asked = [a for a in GUARDED if a.api and a.method not in READS]
    for address in asked:
        answer = town.ask(address, headers=headers, json={})
        assert answer.status_code == 403, (str(address), answer.text)
        assert answer.json()["title"] == "这个令牌只能读"
        assert "fashen token" in answer.json()["detail"]
    assert len(asked) > 100
    assert everything(town.fashen) == before


def test_it_reads_whatever_its_holder_may_read(town: Town):
    reads = bearing(tokens.issue(town.fashen, "sample", "zhang", reads_only=True))
    acts = bearing(tokens.issue(town.fashen, "sample", "zhang"))
    for address in GUARDED:
        if address.api and address.method == "GET":
            codes = [town.ask(address, headers=h).status_code for h in (reads, acts)]
            assert codes[0] == codes[1], str(address)
    path = f"/api/v1/cases/{town.case}/verify_evidence"
    codes = [
        town.client.post(path, headers=h | {"if-match": '"1"'}, json={}).status_code
        for h in (reads, acts)
    ]
    assert codes[0] == 403
    assert codes[1] != 403


def test_a_shut_account_loses_it_too(town: Town):
    token = tokens.issue(town.fashen, "sample", "li", reads_only=True)
    assert tokens.bearer(town.fashen, token).reads_only
    accounts.shut(town.fashen, "sample", "li", by="security")
    with pytest.raises(Unauthorised):
        tokens.bearer(town.fashen, token)
