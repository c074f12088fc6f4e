"""How often a program may call: the last call that is heard, the first that is not, and the next minute."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.builders import a_case, day, entries_of, office_at
from workflow import tokens
from workflow.web.app import make_app
from workflow.web.calls import Calls


class Program:
    """One client with a token, and the second hand of the server in the test's hand."""

    def __init__(self, client: TestClient) -> None:
        self.fashen = client.app.state.fashen  # type: ignore[attr-defined]
        self.client, self.second = client, 0.0
        client.app.state.calls = Calls(lambda: self.second)  # type: ignore[attr-defined]
        self.token = tokens.issue(self.fashen, "sample", "zhang")

    def get(self, path: str = "/api/v1/verbs", *, token: str = "") -> Response:
        headers = {"authorization": f"Bearer {token or self.token}"}
        return self.client.get(path, headers=headers)


@pytest.fixture
def program() -> Iterator[Program]:
    fashen = office_at(now=day(2026, 9, 1))
    fashen.settings = fashen.settings.model_copy(update={"api_per_minute": 10})
    with TestClient(make_app(fashen)) as client:
        yield Program(client)


def test_the_tenth_call_of_a_minute_is_heard_and_the_eleventh_waits(program: Program):
    assert [program.get().status_code for _ in range(10)] == [200] * 10
    program.second = 41.5
    refused = program.get()
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "19"
    assert refused.headers["content-type"] == "application/problem+json"
    told = refused.json()
    assert told["type"] == "urn:fashen:problem:too-often"
    assert "请 19 秒后再来" in told["detail"]
    program.second = 59.9
    assert program.get().headers["retry-after"] == "1"
    program.second = 60
    assert [program.get().status_code for _ in range(11)] == [200] * 10 + [429]


def test_each_token_is_counted_by_itself_and_a_wrong_one_not_at_all(program: Program):
    other = tokens.issue(program.fashen, "sample", "zhang")
    for _ in range(11):
        assert program.get(token="fsh_wrong").status_code == 401
    for _ in range(10):
        program.get()
    assert program.get().status_code == 429
    assert program.get(token=other).status_code == 200


def test_what_is_not_heard_changes_nothing_and_is_not_counted(program: Program):
    case = a_case(program.fashen, "checking")
    before = len(entries_of(program.fashen, case))
    for _ in range(10):
        program.get()
    headers = {"authorization": f"Bearer {program.token}", "if-match": f'"{before}"'}
    sent = {"text": "焚烧", "at": "2026-09-01 09:00"}
    for _ in range(3):
        path = f"/api/v1/cases/{case}/describe_act"
        assert program.client.post(path, json=sent, headers=headers).status_code == 429
    assert len(entries_of(program.fashen, case)) == before


def test_every_operation_that_asks_for_a_token_says_so(program: Program):
    told = program.client.get("/api/v1/openapi.json").json()
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            assert "429" in operation["responses"], (method, path)
            assert "Retry-After" in operation["responses"]["429"]["headers"]
