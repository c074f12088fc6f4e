"""督察的页面 — what an inspector sees and may do, what is hidden from everybody else, and that nothing moves."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from httpx2 import Response
from openpyxl import load_workbook

from tests.builders import OFFICE, a_case, day, everything, office_at, set_clock, take, version_of
from tests.supervision import DISTRICT, INSPECTOR, a_year, add_district
from tests.web.visiting import enter
from workflow import exports, queries
from workflow.desk import COMMANDS
from workflow.order import Order
from workflow.program import Fashen
from workflow.web.app import make_app
from workflow.work import perform

PAGES = (
    "/supervise", "/supervise/red.xlsx", "/supervise/cases", "/supervise/orders", "/supervise/trail",
    "/supervise/trail.xlsx", "/supervise/draws", "/supervise/checks",
)  # fmt: skip


@dataclass
class Visitor:
    """A browser that signs in to whichever office."""

    fashen: Fashen
    client: TestClient

    def sign_in(self, person: str, office: str = OFFICE) -> Visitor:
        enter(self.client, person, office)
        return self

    def get(self, path: str, status: int = 200) -> str:
        page = self.client.get(path)
        assert page.status_code == status, page.text
        return page.text

    def post(self, path: str, opened: str, **fields: str) -> Response:
        csrf = self.hidden(self.client.get(opened), "csrf")
        return self.client.post(path, data={"csrf": csrf, **fields})

    @staticmethod
    def hidden(page: Response, name: str) -> str:
        return html.unescape(re.findall(rf'name="{name}" value="([^"]*)"', page.text)[0])


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    fashen = office_at(now=day(2026, 1, 5))
    add_district(fashen)
    with TestClient(make_app(fashen)) as client:
        yield Visitor(fashen, client)


# — who may —————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("path", PAGES)
def test_only_inspectors_and_heads_open_the_pages(visitor: Visitor, path: str):
    for person in ("inspector", "head"):
        visitor.sign_in(person)
        assert visitor.client.get(path).status_code == 200
    for person in ("zhang", "clerk", "shen", "wang", "admin", "counsel"):
        visitor.sign_in(person).get(path, 403)


def test_a_case_is_seen_from_above_and_from_nowhere_else(visitor: Visitor):
    case = a_year(visitor.fashen)["early"]
    paths = (f"/cases/{case}", f"/cases/{case}/proof", f"/cases/{case}/ledger.jsonl")
    for path in paths:
        assert visitor.sign_in("he", DISTRICT).client.get(path).status_code == 200
    for office, person in (("town", "inspector"), ("town", "head"), (DISTRICT, "head")):
        visitor.sign_in(person, office)
        for path in paths:
            visitor.get(path, 404)
    visitor.sign_in("zhang", DISTRICT).get(f"/cases/{case}", 404)
    visitor.get(f"/cases/{case}/proof", 403)


def test_an_office_that_is_not_below_is_not_found_under_any_page(visitor: Visitor):
    a_year(visitor.fashen)
    visitor.sign_in("inspector", "town")
    visitor.get(f"/supervise/cases?office={OFFICE}", 404)
    visitor.get(f"/supervise/ledger/{OFFICE}", 404)
    assert "003号" not in visitor.get(f"/supervise?office={OFFICE}&year=0")
    answer = visitor.post("/supervise/checks", "/supervise/checks", office=OFFICE)
    assert answer.status_code == 404


# — read-only —————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(("office", "person"), [(OFFICE, "inspector"), (DISTRICT, "he")])
@pytest.mark.parametrize(
    "state", ["lead", "investigating", "under_review", "notified", "in_effect", "archived"]
)
def test_no_move_is_offered_but_supervision_s_own(
    visitor: Visitor, office: str, person: str, state: str
):
    case = a_case(visitor.fashen, state)
    page = visitor.sign_in(person, office).get(f"/cases/{case}")
    offered = set(re.findall(rf'href="/cases/{case}/do/(\w+)', page))
    assert offered == {"open_supervision"}
    assert re.findall(r'href="/cases/do/(\w+)', page) == []


@pytest.mark.parametrize(("office", "person"), [(OFFICE, "inspector"), (DISTRICT, "he")])
def test_every_other_verb_is_refused_and_every_page_changes_nothing(
    visitor: Visitor, office: str, person: str
):
    case = a_case(visitor.fashen, "deciding")
    visitor.sign_in(person, office)
    csrf = visitor.hidden(visitor.client.get(f"/cases/{case}/do/open_supervision"), "csrf")
    before = everything(visitor.fashen, without=("refusal",))
    for path in (*PAGES, f"/cases/{case}", f"/cases/{case}/proof"):
        assert visitor.client.get(path).status_code == 200
    for verb in sorted(set(COMMANDS) - {"open_supervision"}):
        answer = visitor.client.post(
            f"/cases/{case}/do/{verb}", data={"csrf": csrf, "version": "1"}
        )
        assert answer.status_code in (403, 404, 409, 412, 422), verb
    assert everything(visitor.fashen, without=("refusal",)) == before


# — the red list ——————————————————————————————————————————————————————————————————————————


def test_the_acceptance_question_is_one_click_away_with_its_proof(visitor: Visitor):
    """users.md §11.6: every decision made before its hearing window ended, this year, with proof."""
    cases = a_year(visitor.fashen)
    home = visitor.sign_in("he", DISTRICT).get("/supervise")
    link = html.unescape(re.findall(r'<a href="([^"]+)">听证、申辩期满前作出的决定', home)[0])
    page = visitor.get(link)
    assert set(re.findall(r'class="fx-no" href="/cases/([^"]+)"', page)) == {cases["early"]}
    assert "第六十四条" in page
    assert "未等听证期满即已发出" in page
    proof = visitor.get(f"/cases/{cases['early']}/proof")
    assert "本案没有被改动" in proof


def test_the_charts_print_every_value(visitor: Visitor):
    a_year(visitor.fashen)
    page = visitor.sign_in("he", DISTRICT).get("/supervise")
    assert re.search(r'aria-label="问题按机关：示例街道办事处 2 项', page)
    assert re.search(r'class="fx-num"[^>]*>2<', page)


def test_strange_addresses_are_answered_calmly(visitor: Visitor):
    visitor.sign_in("inspector")
    for query in (
        "year=x&page=-3&group=no&office=no",
        "year=0&rule=%00",
        "page=99999999999",
        "year=１",
    ):
        for path in ("/supervise", "/supervise/trail", "/supervise/red.xlsx"):
            visitor.get(f"{path}?{query}")


# — workbooks —————————————————————————————————————————————————————————————————————————————


def test_no_cell_of_a_workbook_is_a_formula_and_numbers_are_masked(visitor: Visitor):
    case = a_case(visitor.fashen, "under_review")
    set_clock(visitor.fashen, day(2026, 2, 2))
    said = "=HYPERLINK(1) 身份证11010519491231002X，电话13812345678"
    take(visitor.fashen, "head", "take_down_card", case, clock="legal_review", reason=said)
    visitor.sign_in("inspector")
    sheet = load_workbook(io.BytesIO(visitor.client.get("/supervise/trail.xlsx").content)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type == "s" for cell in cells)
    (told,) = [str(c.value) for c in cells if "HYPERLINK" in str(c.value)]
    assert told.startswith("'=")
    assert "11010519491231002X" not in told
    assert "13812345678" not in told
    assert "110*************2X" in told


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_each_sign_that_begins_a_formula_is_made_harmless(sign: str):
    made = exports.workbook("表", ("列",), [(f"{sign}1+1",)])
    sheet = load_workbook(io.BytesIO(made)).active
    assert sheet is not None
    assert sheet["A2"].value == f"'{sign}1+1"


# — 督办 ——————————————————————————————————————————————————————————————————————————————————


def test_an_order_is_opened_from_a_row_answered_by_the_office_and_printed(visitor: Visitor):
    case = a_year(visitor.fashen)["late"]
    visitor.sign_in("he", DISTRICT)
    form = f"/cases/{case}/do/open_supervision?about=legal_review"
    page = visitor.client.get(form)
    sent = {n: visitor.hidden(page, n) for n in ("csrf", "version", "key", "shown_at")}
    sent |= {
        "f.content": "说明超期原因",
        "f.to": "head",
        "f.workdays": "5",
        "f.about": "legal_review",
    }
    answer = visitor.client.post(form.partition("?")[0], data=sent, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    listed = visitor.get("/supervise/orders")
    assert "说明超期原因" in listed
    assert "还剩 5 个工作日" in listed
    paper = visitor.get(f"/supervise/orders/{case}/v1")
    assert "2026年11月30日前书面答复" in paper
    assert "何静" in paper
    assert "发督办" not in visitor.get("/supervise?rule=legal_review")  # one runs

    set_clock(visitor.fashen, day(2026, 12, 1))
    visitor.sign_in("he", DISTRICT)
    assert "超期 1 个工作日" in visitor.get("/supervise/orders")
    assert f"/cases/{case}/do/answer_supervision" in visitor.sign_in("head").get(
        f"/supervise/orders/{case}/v1"
    )
    take(visitor.fashen, "head", "answer_supervision", case, answer="已补办",
         excuses={"supervision.answered_in_time": "负责人出差"})  # fmt: skip
    assert "已补办" in visitor.get(f"/supervise/orders/{case}/v1")
    visitor.sign_in("inspector", "town").get(f"/supervise/orders/{case}/v1", 404)


def test_the_officers_read_who_asks_in_their_own_history(visitor: Visitor):
    case = a_case(visitor.fashen, "under_review")
    told = {"content": "说明原因", "to": "head"}
    perform(visitor.fashen, Order(OFFICE, INSPECTOR, "open_supervision", told, case=case))
    page = visitor.sign_in("zhang").get(f"/cases/{case}")
    assert "何静（示例区司法局执法监督员）" in page


# — dossiers ——————————————————————————————————————————————————————————————————————————————


def drawn(visitor: Visitor, **fields: str) -> Response:
    told = {"since": "2026-01-01", "until": "2026-12-31", "wanted": "2", "seed": "s1", **fields}
    return visitor.post("/supervise/draws", "/supervise/draws", **told)


def test_dossiers_are_drawn_scored_and_kept_and_the_case_stays(visitor: Visitor):
    cases = a_year(visitor.fashen)
    visitor.sign_in("he", DISTRICT)
    page = drawn(visitor, per_procedure="yes")
    assert "重抽一致" in page.text
    link = next(x for x in re.findall(r'href="(/supervise/draws/[^"]+/[^"]+)"', page.text)
                if cases["good"] in x)  # fmt: skip
    version = version_of(visitor.fashen, cases["good"])
    kept = everything(visitor.fashen, without=("dossier_score",))

    bad = visitor.post(link, link, **{"lost.service": "2"})
    assert bad.status_code == 422
    assert "请写明理由" in bad.text
    bad = visitor.post(link, link, **{"lost.service": "7", "why.service": "x"})
    assert "扣分要在 0 到 6 之间" in bad.text

    saved = visitor.post(link, link, **{"lost.service": "2", "why.service": "回证没有签名"})
    assert saved.status_code == 200
    assert "已保存第 1 次评分" in saved.text
    assert re.search(r'fx-n">98</b> 分', saved.text)
    voided = visitor.post(link, link, **{"lost.law": "yes", "why.law": "引用废止的条款"})
    assert "不合格" in voided.text
    assert everything(visitor.fashen, without=("dossier_score",)) == kept
    assert version_of(visitor.fashen, cases["good"]) == version


def test_a_head_reads_sheets_and_may_not_draw_or_score(visitor: Visitor):
    a_year(visitor.fashen)
    visitor.sign_in("inspector")
    link = re.findall(r'href="(/supervise/draws/[^"]+/[^"]+)"', drawn(visitor).text)[0]
    visitor.sign_in("head")
    assert "保存评分" not in visitor.get(link)
    assert visitor.post(link, "/supervise/checks").status_code == 403
    csrf_from = "/supervise/checks"
    answer = visitor.post(
        "/supervise/draws", csrf_from, since="2026-01-01", until="2026-12-31", wanted="1"
    )
    assert answer.status_code == 403
    visitor.sign_in("inspector", "town").get(link, 404)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"wanted": "0"}, "一次抽 1 至 200 卷"),
        ({"wanted": "x"}, "一次抽 1 至 200 卷"),
        ({"since": "昨天"}, "写成 2026-01-01 这样的日期"),
        ({"until": "2025-12-31"}, "截止日期早于起始日期"),
        ({"since": "2020-01-01", "until": "2020-12-31"}, "没有可以抽查的卷宗"),
    ],
)
def test_what_cannot_be_drawn_says_why_and_keeps_the_form(
    visitor: Visitor, fields: dict[str, str], said: str
):
    a_year(visitor.fashen)
    visitor.sign_in("inspector")
    page = drawn(visitor, **fields)
    assert page.status_code == 422
    assert said in page.text
    assert 'value="s1"' in page.text


# — proofs ————————————————————————————————————————————————————————————————————————————————


def test_a_tampered_byte_shows_red_with_the_number_of_its_entry(visitor: Visitor):
    case = a_year(visitor.fashen)["good"]
    with visitor.fashen.engine.begin() as tx:
        tx.execute(
            sa.text(
                "UPDATE ledger SET body = replace(body, '巡查', '巡察') WHERE case_id = :c AND seq = 1"
            ),
            {"c": case},
        )
    visitor.sign_in("he", DISTRICT)
    page = visitor.get(f"/cases/{case}/proof")
    assert "本案与记录不一致" in page
    assert re.search(r'fx-card is-r">发现改动', page)
    assert "第 1 条：摘要与内容不符" in page
    check = visitor.post("/supervise/checks", "/supervise/checks", office="")
    assert "发现改动" in check.text
    assert "001号 第 1 条" in check.text


def test_a_whole_office_is_proved_and_its_ledger_taken_away(visitor: Visitor, tmp_path: object):
    a_year(visitor.fashen)
    visitor.sign_in("he", DISTRICT)
    page = visitor.post("/supervise/checks", "/supervise", office="").text
    assert "没有发现改动" in page
    assert "4 件，序号无缺" in page
    assert "核验通过" in visitor.get("/supervise")
    lines = visitor.client.get(f"/supervise/ledger/{OFFICE}").text.splitlines()
    stands = [line for line in lines if line.startswith('{"document"')]
    _, total = queries.list_cases(visitor.fashen, OFFICE)
    assert len(stands) == total == 4


def test_a_check_that_is_under_way_says_so_and_comes_again_by_itself(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
):
    from workflow import integrity

    a_year(visitor.fashen)
    monkeypatch.setattr(integrity, "FIRST_SLICE", 0.0)
    visitor.sign_in("he", DISTRICT)
    answer = visitor.post("/supervise/checks", "/supervise/checks", office="")
    assert "正在进行" in answer.text
    assert 'http-equiv="refresh"' in answer.text
    integrity.advance(visitor.fashen)
    assert "没有发现改动" in visitor.get(answer.url.path)
