"""管理 as its readers, the two who change the office file, and everybody else meet it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.builders import a_case, day, everything, office_at, sample_office
from tests.web.visiting import PASSWORD, enter
from workflow import offices, scopes, tokens
from workflow.program import Fashen
from workflow.web.app import make_app
from workflow.web.pages.admin import TABS

TEXT = offices.sample_text()
NEW_LINE = TEXT.replace("hotline: '12345'", "hotline: '8890'")
TRACES = ("session", "account", "access_log", "token")
"""Tables in which coming in, and trying to sign, is written down."""


@dataclass
class Desk:
    """A browser that one person after another sits at."""

    fashen: Fashen
    client: TestClient

    def get(self, person: str, path: str, office: str = "sample") -> Response:
        enter(self.client, person, office)
        return self.client.get(path)

    def post(self, person: str, path: str, office: str = "sample", **fields: object) -> Response:
        enter(self.client, person, office)
        page = self.client.get("/me").text
        return self.client.post(path, data={"csrf": hidden(page, "csrf"), **fields})

    def propose(self, text: str = NEW_LINE, base: str = "1", reason: str = "热线更正") -> Response:
        return self.post("admin", "/admin/office/propose", base=base, text=text, reason=reason)

    def sign(self, person: str = "head", id: int = 1, password: str = PASSWORD) -> Response:
        digest = hidden(self.get(person, f"/admin/proposals/{id}").text, "digest")
        path = f"/admin/proposals/{id}/sign"
        return self.post(person, path, digest=digest, signed_with=password)

    def version(self) -> int:
        found = re.search(r"现行第 (\d+) 版", self.get("admin", "/admin/office").text)
        assert found
        return int(found[1])


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return unescape(found[1]) if found else ""


@pytest.fixture
def desk() -> Iterator[Desk]:
    fashen = office_at(now=day(2026, 9, 1))
    with TestClient(make_app(fashen)) as client:
        yield Desk(fashen, client)


# — who reads —————————————————————————————————————————————————————————————————————————————


def test_whoever_looks_after_the_office_reads_every_page_and_others_none(desk: Desk):
    for person in ("admin", "head", "inspector", "security", "auditor"):
        for path, _ in TABS:
            page = desk.get(person, path)
            assert page.status_code == 200, (person, path)
            assert page.text.count("<h1") == 1
    for person in ("zhang", "shen", "clerk", "counsel"):
        for path, _ in TABS:
            told = desk.get(person, path).status_code
            assert told == (200 if path == "/admin/tokens" else 403), (person, path)


def test_certificates_say_when_they_run_out_and_warn_before(desk: Desk):
    page = desk.get("admin", "/admin/people").text
    assert "已过期 609 个自然日" in page  # zhao's, since the end of 2024
    soon = TEXT.replace("2030-12-31}}\n  - {id: li", "2026-10-31}}\n  - {id: li")
    offices.load(desk.fashen, offices.parsed(soon, "快到期"))
    assert "还有 60 个自然日到期" in desk.get("admin", "/admin/people").text
    later = soon.replace("2026-10-31", "2026-11-01")
    offices.load(desk.fashen, offices.parsed(later, "还早"))
    assert "个自然日到期" not in desk.get("admin", "/admin/people").text


def test_hours_without_anybody_on_duty_are_named(desk: Desk):
    assert "没有排定的值班" in desk.get("admin", "/admin/duty").text
    kept = "duty_roster:\n  - {person: li, from: 2026-09-01T08:00, until: 2026-09-02T08:00}\n"
    offices.load(desk.fashen, offices.parsed(TEXT.replace("duty_roster: []\n", kept), "值班"))
    page = desk.get("admin", "/admin/duty").text
    assert "现在值班：李薇" in page
    assert "2026-09-02 08:00 至 2026-09-08 09:00" in page


def test_the_power_list_shows_what_applies_today_or_everything(desk: Desk):
    today = desk.get("admin", "/admin/powers?q=SL-AIR-01").text
    assert "SL-AIR-01-OLD" not in today
    assert "500 至 2,000 元" in today or "500 至 2000 元" in today
    assert "SL-AIR-01-OLD" in desk.get("admin", "/admin/powers?q=SL-AIR-01&all=1").text


def test_the_calendar_says_which_year_is_provisional(desk: Desk):
    page = desk.get("admin", "/admin/calendar").text
    assert "2027 年起是暂定的" in page
    assert "中秋节" in page


def test_a_channel_that_the_file_names_and_the_installation_has_not_is_marked(desk: Desk):
    text = TEXT.replace("post: 内勤}", "post: 内勤, reach: {email: meng@example.gov.cn}}")
    offices.load(desk.fashen, offices.parsed(text, "渠道"))
    page = desk.get("admin", "/admin/channels").text
    assert "有人用它，送不到" in page
    assert "meng@example" not in page


# — two people ————————————————————————————————————————————————————————————————————————————


def test_one_proposes_another_signs_and_only_then_it_counts(desk: Desk):
    page = desk.propose()
    assert page.url.path == "/admin/proposals/1"
    assert "热线" in page.text
    assert "<del>" in page.text
    assert desk.version() == 1
    page = desk.sign()
    assert "载入为第 2 版" in page.text
    assert desk.version() == 2
    assert "顾明 签字" in desk.get("admin", "/admin/office").text


def test_a_file_may_be_uploaded_in_place_of_the_text(desk: Desk):
    enter(desk.client, "admin")
    csrf = hidden(desk.client.get("/me").text, "csrf")
    sent = {"csrf": csrf, "base": "1", "text": TEXT, "reason": "热线更正"}
    file = {"file": ("office.yaml", NEW_LINE.replace("\n", "\r\n").encode("utf-8-sig"))}
    page = desk.client.post("/admin/office/propose", data=sent, files=file)
    assert page.url.path == "/admin/proposals/1"
    file = {"file": ("office.yaml", NEW_LINE.encode("gb18030"))}
    page = desk.client.post("/admin/office/propose", data=sent, files=file)
    assert page.status_code == 422
    assert "另存为 UTF-8" in page.text


def refused(desk: Desk, answer: Response, status: int, *words: str) -> None:
    assert answer.status_code == status, answer.text
    assert not [word for word in words if word not in answer.text], answer.text
    assert desk.version() == 1


def test_who_proposed_does_not_sign(desk: Desk):
    both = TEXT.replace("name: 何守一, roles: [admin]", "name: 何守一, roles: [admin, head]")
    offices.load(desk.fashen, offices.parsed(both, "两职"))
    desk.propose(base="2")
    page = desk.get("admin", "/admin/proposals/1")
    assert "须由另一个人签字" in page.text
    assert "签字并载入" not in page.text
    answer = desk.sign("admin")
    assert answer.status_code == 403
    assert "另一个人" in answer.text
    assert desk.version() == 2


def test_a_wrong_password_signs_nothing_and_counts_as_a_try(desk: Desk):
    desk.propose()
    for _ in range(desk.fashen.settings.password_tries):
        refused(desk, desk.sign(password="guess guess guess"), 403, "没有签字")
    refused(desk, desk.sign(), 429, "暂停")
    assert "载入为第 2 版" in desk.sign("security").text


def test_a_second_proposal_on_the_same_version_is_stale_and_says_so(desk: Desk):
    desk.propose()
    desk.propose(TEXT.replace("hotline: '12345'", "hotline: '8891'"))
    desk.sign(id=1)
    assert "已过时" in desk.get("head", "/admin/proposals/2").text
    answer = desk.post("head", "/admin/proposals/2/sign", digest="x", signed_with=PASSWORD)
    assert answer.status_code == 409
    assert "已过时" in answer.text
    assert desk.version() == 2


def test_another_offices_proposal_is_not_there(desk: Desk):
    other = sample_office().model_copy(update={"office": "other", "name": "另一街道"})
    offices.load(desk.fashen, other)
    desk.propose()
    assert desk.get("head", "/admin/proposals/1", "other").status_code == 404
    for deed in ("sign", "decline"):
        path = f"/admin/proposals/1/{deed}"
        answer = desk.post("head", path, "other", signed_with=PASSWORD, said="不对")
        assert answer.status_code == 404
    assert desk.version() == 1


def test_a_refused_file_keeps_what_was_written_and_shows_the_line(desk: Desk):
    wrong = TEXT.replace("roles: [unit_head]", "roles: [boss]")
    before = everything(desk.fashen, without=TRACES)
    answer = desk.propose(wrong)
    refused(desk, answer, 422, "什么都没有改变", "只能是", "roles: [boss]")
    assert re.search(r'<li value="\d+"><code>  - \{id: wang', answer.text)
    assert everything(desk.fashen, without=TRACES) == before


@pytest.mark.parametrize("person", ["head", "inspector", "zhang", "security"])
def test_nobody_else_proposes(desk: Desk, person: str):
    sent = {"base": "1", "text": NEW_LINE, "reason": "热线更正"}
    refused(desk, desk.post(person, "/admin/office/propose", **sent), 403, "何守一")


def test_a_proposal_is_given_back_with_a_reason(desk: Desk):
    desk.propose()
    refused(desk, desk.post("head", "/admin/proposals/1/decline", said=""), 422, "请写明")
    page = desk.post("head", "/admin/proposals/1/decline", said="先附通知")
    assert "先附通知" in page.text
    refused(desk, desk.sign(), 409, "已退回")


def test_before_signing_one_reads_that_somebody_leaves_an_open_case(desk: Desk):
    a_case(desk.fashen, "investigating")
    text = "".join(x for x in TEXT.splitlines(keepends=True) if "{id: zhang," not in x)
    page = desk.propose(text)
    assert "签字之前先想到" in page.text
    assert "张衡不在新的人员名单里" in page.text


def test_the_whole_file_with_its_addresses_is_only_for_who_changes_or_signs_it(desk: Desk):
    desk.propose(NEW_LINE.replace("post: 内勤}", "post: 内勤, reach: {email: m@example.gov.cn}}"))
    assert "m@example.gov.cn" in desk.get("head", "/admin/proposals/1").text
    assert "m@example.gov.cn" not in desk.get("inspector", "/admin/proposals/1").text


# — what nobody has confirmed —————————————————————————————————————————————————————————————


def test_an_unconfirmed_parameter_is_confirmed_by_two(desk: Desk):
    pick = "parameters statement_defence.period 2021-07-15"
    assert f'value="{pick}"' in desk.get("admin", "/admin/unconfirmed").text
    assert 'type="checkbox"' not in desk.get("head", "/admin/unconfirmed").text
    page = desk.post("admin", "/admin/unconfirmed", pick=pick, reason="见到规定原文")
    assert page.url.path == "/admin/proposals/1"
    assert f'value="{pick}"' in desk.get("admin", "/admin/unconfirmed").text
    desk.sign()
    assert f'value="{pick}"' not in desk.get("admin", "/admin/unconfirmed").text


@pytest.mark.parametrize(
    "sent", [{"reason": "见到原文"}, {"pick": "nothing", "reason": "见到原文"}]
)
def test_confirming_nothing_is_refused(desk: Desk, sent: dict[str, str]):
    refused(desk, desk.post("admin", "/admin/unconfirmed", **sent), 422, "请勾选")


# — tokens ————————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("scope", "held"),
    [
        ([*scopes.SCOPES], scopes.EVERYTHING),
        (["read", "evidence"], {"read", "evidence"}),
        (["publication"], {"publication"}),
        ([], {"read"}),
    ],
)
def test_a_token_is_taken_by_its_holder_shown_once_and_works(
    desk: Desk, scope: list[str], held: set[str]
):
    """It reads and no more where nothing else was chosen."""
    page = desk.post("zhang", "/admin/tokens", signed_with=PASSWORD, scope=scope)
    made = re.search(r"fsh_[\w-]+", page.text)
    assert made
    told = tokens.Bearer("sample", "zhang", frozenset(held))
    assert tokens.bearer(desk.fashen, made[0]) == told
    assert f"程序接口：{scopes.in_words(held)}<" in desk.get("zhang", "/admin/tokens").text
    for person in ("zhang", "admin"):
        assert made[0] not in desk.get(person, "/admin/tokens").text


def test_a_scope_that_is_unknown_gives_no_token(desk: Desk):
    answer = desk.post("zhang", "/admin/tokens", signed_with=PASSWORD, scope="api")
    assert answer.status_code == 422
    assert "没有“api”这个范围" in answer.text
    assert tokens.issued(desk.fashen, "sample") == []


def test_without_the_password_there_is_no_token(desk: Desk):
    answer = desk.post("zhang", "/admin/tokens", signed_with="guess guess guess")
    assert answer.status_code == 403
    assert "fsh_" not in answer.text
    assert tokens.issued(desk.fashen, "sample") == []


def test_the_administrator_ends_a_token_and_others_only_their_own(desk: Desk):
    made = tokens.issue(desk.fashen, "sample", "zhang")
    (row,) = tokens.issued(desk.fashen, "sample")
    assert desk.post("li", "/admin/tokens/end", token=row.digest).status_code == 404
    assert "编号" not in desk.get("li", "/admin/tokens").text
    assert tokens.bearer(desk.fashen, made) == tokens.Bearer("sample", "zhang")
    assert "已停用" in desk.post("admin", "/admin/tokens/end", token=row.digest).text
    with pytest.raises(Exception, match="作废"):
        tokens.bearer(desk.fashen, made)


def test_a_token_of_another_office_is_not_there(desk: Desk):
    other = sample_office().model_copy(update={"office": "other", "name": "另一街道"})
    offices.load(desk.fashen, other)
    tokens.issue(desk.fashen, "sample", "zhang")
    (row,) = tokens.issued(desk.fashen, "sample")
    answer = desk.post("admin", "/admin/tokens/end", "other", token=row.digest)
    assert answer.status_code == 404
    assert tokens.issued(desk.fashen, "sample")[0].revoked_at is None
