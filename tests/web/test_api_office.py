"""/api/v1/office — the office file to read, and the two people who change it, as programs of theirs do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.builders import day, everything, office_at, sample_office
from tests.web.visiting import PASSWORD, with_password
from workflow import offices, tokens
from workflow.program import Fashen
from workflow.web.app import make_app

TEXT = offices.sample_text()
NEW = TEXT.replace("post: 内勤}", "post: 内勤, reach: {email: m@example.gov.cn}}")
LONELY = ("token", "access_log", "account")


@dataclass
class Api:
    """A program that asks for one person after another."""

    fashen: Fashen
    client: TestClient

    def ask(self, method: str, path: str, by: str, office: str = "sample", **more: Any) -> Any:
        headers = {"authorization": f"Bearer {tokens.issue(self.fashen, office, by)}"}
        return self.client.request(method, f"/api/v1/office{path}", headers=headers, **more)

    def propose(self, by: str = "admin", text: str = NEW, base: int = 1) -> Any:
        body = {"base": base, "text": text, "reason": "配上邮箱"}
        return self.ask("POST", "/proposals", by, json=body)

    def sign(self, digest: str, by: str = "head", office: str = "sample", password: str = PASSWORD):
        with_password(self.fashen, by, office)
        body = {"digest": digest, "signed_with": password}
        return self.ask("POST", "/proposals/1/sign", by, office, json=body)


@pytest.fixture
def call() -> Iterator[Api]:
    fashen = office_at(now=day(2026, 9, 1))
    offices.load(fashen, sample_office().model_copy(update={"office": "next", "name": "邻街道"}))
    with TestClient(make_app(fashen), raise_server_exceptions=False) as client:
        yield Api(fashen, client)


def test_one_proposes_and_another_signs_with_the_password(call: Api):
    made = call.propose()
    assert made.status_code == 201, made.text
    told = made.json()
    assert made.headers["location"] == "/api/v1/office/proposals/1"
    assert (told["state"], told["text"]) == ("open", NEW)
    assert told["differences"][0]["kind"] == "改动"
    assert call.ask("GET", "", "head").json()["version"] == 1

    answer = call.sign(told["digest"])
    assert answer.status_code == 200, answer.text
    assert answer.json()["version"] == 2
    assert call.ask("GET", "", "head").json()["version"] == 2
    (item,) = call.ask("GET", "/proposals", "inspector").json()["items"]
    assert (item["state"], item["decided_by"]) == ("signed", "head")


def test_the_office_is_told_without_the_addresses_of_its_people(call: Api):
    call.sign(call.propose().json()["digest"])
    for person in ("admin", "inspector"):
        answer = call.ask("GET", "", person)
        people = {p["id"]: p for p in answer.json()["office"]["people"]}
        assert people["clerk"]["reach"] == ["email"]
        assert "m@example" not in answer.text
    assert "text" not in call.ask("GET", "/proposals/1", "inspector").json()


def test_whoever_does_not_look_after_the_office_reads_and_changes_nothing(call: Api):
    for path in ("", "/proposals", "/proposals/1"):
        assert call.ask("GET", path, "zhang").status_code == 403
    for person in ("zhang", "head", "inspector"):
        assert call.propose(person).status_code == 403
    assert call.ask("GET", "/proposals", "admin").json()["items"] == []


def test_a_wrong_password_or_the_proposer_or_another_office_signs_nothing(call: Api):
    digest = call.propose().json()["digest"]
    with_password(call.fashen, "head")
    before = everything(call.fashen, without=LONELY)
    assert call.sign(digest, password="guess guess").status_code == 403
    assert call.sign(digest, by="admin").status_code == 403
    assert call.sign(digest, office="next").status_code == 404
    assert call.sign("0" * 64).status_code == 422
    assert call.ask("GET", "/proposals/1", "head", "next").status_code == 404
    assert everything(call.fashen, without=LONELY) == before


def test_a_refused_file_is_422_with_its_line(call: Api):
    answer = call.propose(text=TEXT.replace("roles: [unit_head]", "roles: [boss]"))
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == "text"
    assert "行" in error["message"]
    assert call.ask("POST", "/proposals", "admin", json={"base": 1}).status_code == 422
    assert call.ask("POST", "/proposals", "admin", content=b"x").status_code == 415


def test_it_is_given_back_or_taken_back_once(call: Api):
    call.propose()
    path = "/proposals/1/decline"
    assert call.ask("POST", path, "head", json={}).status_code == 422
    assert call.ask("POST", path, "head", json={"said": "先附通知"}).json()["state"] == "declined"
    assert call.ask("POST", path, "admin", json={}).status_code == 409
