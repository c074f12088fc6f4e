"""The pages, as a person with a browser and no script meets them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from policies.review import ITEMS, MATERIALS
from states.case import CURRENT
from tests.web.visiting import PASSWORD, enter
from workflow import offices, queries
from workflow.desk import COMMANDS
from workflow.next_step import FIRST, WORDS
from workflow.order import Order
from workflow.program import Fashen, in_memory
from workflow.sessions import Session
from workflow.settings import Settings
from workflow.times import BEIJING
from workflow.web.app import make_app
from workflow.web.pages.cases import BESIDE
from workflow.web.pages.field import Setting
from workflow.web.pages.fields import NUMBERS, fields_of
from workflow.web.pages.session import Visit
from workflow.web.pages.signing import asks
from workflow.work import perform


@dataclass
class Bureau:
    """A sample office, its clock in the test's hand, and a browser."""

    fashen: Fashen
    client: TestClient
    now: datetime = field(default_factory=lambda: datetime(2026, 9, 1, 9, tzinfo=BEIJING))

    def sign_in(self, person: str) -> Response:
        enter(self.client, person)
        return self.client.get("/")

    def do(self, by: str, verb: str, case: str | None = None, **form: Any) -> str:
        """A step that is not the test's subject, taken without the pages."""
        return perform(self.fashen, Order("sample", by, verb, form, case=case)).case

    def form(self, path: str) -> dict[str, Any]:
        """The fields that the page itself puts into its form."""
        page = self.client.get(path)
        assert page.status_code == 200, page.text
        names = ("csrf", "version", "key", "shown_at")
        return {name: hidden(page, name) for name in names}

    def filled(self, path: str, **fields: Any) -> Response:
        signs = {"signed_with": PASSWORD} if asks(path.rpartition("/")[2]) else {}
        sent = self.form(path) | signs | {f"f.{name}": value for name, value in fields.items()}
        return self.client.post(path, data=sent, follow_redirects=False)

    def steps(self, case: str) -> int:
        return queries.version_of(self.fashen, "sample", case)


def hidden(page: Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    return html.unescape(found[1]) if found else ""


@pytest.fixture
def bureau() -> Iterator[Bureau]:
    fashen = in_memory(Settings(secret_key="k" * 32, password_memory=8, password_rounds=1))
    offices.load(fashen, offices.read("sample"))
    with TestClient(make_app(fashen)) as client:
        made = Bureau(fashen, client)
        fashen.clock = lambda: made.now
        yield made
    fashen.engine.dispose()


def a_lead(bureau: Bureau) -> str:
    case = bureau.do("zhang", "register_lead", place="西杜庄村西侧", text="露天焚烧秸秆")
    bureau.do("zhang", "start_check", case)
    return case


def a_filed_case(bureau: Bureau) -> str:
    case = a_lead(bureau)
    bureau.do("zhang", "name_party", case, kind="自然人", name="杜某", number="11010519491231002X")
    bureau.do(
        "zhang",
        "describe_act",
        case,
        text="露天焚烧秸秆",
        began="2026-08-31",
        ended="2026-08-31",
        power="SL-AIR-01",
    )
    bureau.do(
        "zhang",
        "add_evidence",
        case,
        kind="勘验笔录、现场笔录",
        name="现场检查笔录",
        proves="露天焚烧秸秆",
        officers=["zhang", "li"],
        certificate_shown="shown",
        recorder="JL-1",
    )
    bureau.do("zhang", "verify_evidence", case)
    bureau.do(
        "zhang",
        "propose_filing",
        case,
        prima_facie=True,
        penalty_due=True,
        own_jurisdiction=True,
        within_limitation=True,
        officers=["zhang", "li"],
        no_interest=True,
    )
    bureau.do("head", "approve_filing", case, number="示街罚案〔2026〕001号")
    return case


def under_review(bureau: Bureau) -> str:
    case = a_filed_case(bureau)
    bureau.do(
        "zhang",
        "conclude",
        case,
        facts="露天焚烧秸秆",
        fine=1000,
        signed_by=["zhang", "li"],
        discretion="初次违法",
        old_and_new_law="一致",
    )
    bureau.do("zhang", "submit_to_unit", case)
    bureau.do("wang", "submit_review", case, materials=list(MATERIALS))
    return case


# — forms from elsewhere ——————————————————————————————————————————————————————————————————


def test_a_form_without_its_token_is_not_accepted(bureau: Bureau):
    case = a_lead(bureau)
    bureau.sign_in("zhang")
    path = f"/cases/{case}/do/describe_act"
    before = bureau.steps(case)
    for token in ("", "0" * 32):
        sent = bureau.form(path) | {"f.text": "焚烧", "csrf": token}
        assert bureau.client.post(path, data=sent).status_code == 403
    assert bureau.steps(case) == before


def test_a_form_from_another_site_is_not_accepted_even_with_the_token(bureau: Bureau):
    case = a_lead(bureau)
    bureau.sign_in("zhang")
    path = f"/cases/{case}/do/describe_act"
    sent = bureau.form(path) | {"f.text": "焚烧"}
    before = bureau.steps(case)
    page = bureau.client.post(path, data=sent, headers={"sec-fetch-site": "cross-site"})
    assert page.status_code == 403
    assert bureau.steps(case) == before


# — the list ——————————————————————————————————————————————————————————————————————————————


def test_the_list_says_where_a_case_is_what_is_next_and_how_many_days_are_left(bureau: Bureau):
    a_filed_case(bureau)
    bureau.now = datetime(2026, 11, 20, 9, tzinfo=BEIJING)
    bureau.sign_in("zhang")
    page = bureau.client.get("/").text
    for said in ("示街罚案〔2026〕001号", "杜某", "调查取证", "普通程序", "第 80/90 天"):
        assert said in page
    assert "黄牌 还剩 10 个自然日" in page
    assert re.search(r"调查终结<small>张衡、李薇", page)


def test_the_list_is_searched_and_says_so_when_nothing_fits(bureau: Bureau):
    a_filed_case(bureau)
    bureau.sign_in("zhang")
    assert "示街罚案〔2026〕001号" in bureau.client.get("/", params={"q": "杜某"}).text
    assert "没有符合条件的案件" in bureau.client.get("/", params={"q": "没有这个人"}).text
    assert "没有符合条件的案件" in bureau.client.get("/", params={"state": "closed"}).text


def test_the_tiles_lead_to_the_cases_they_count(bureau: Bureau):
    a_filed_case(bureau)
    bureau.sign_in("zhang")
    assert "没有符合条件的案件" in bureau.client.get("/", params={"only": "red"}).text
    bureau.now = datetime(2026, 12, 1, 9, tzinfo=BEIJING)
    bureau.sign_in("zhang")
    page = bureau.client.get("/", params={"only": "red"}).text
    assert "示街罚案〔2026〕001号" in page
    assert "红牌 超期 1 个自然日" in page


def test_an_empty_office_says_how_to_begin(bureau: Bureau):
    bureau.sign_in("zhang")
    page = bureau.client.get("/?tab=all").text
    assert "还没有案件" in page
    assert 'href="/cases/do/register_lead"' in page
    assert 'href="/cases/do/start_on_spot"' in page


def test_who_may_not_open_a_case_is_not_offered_it(bureau: Bureau):
    bureau.sign_in("shen")
    assert "/cases/do/register_lead" not in bureau.client.get("/").text
    assert bureau.client.get("/cases/do/register_lead").status_code == 403


# — a case ————————————————————————————————————————————————————————————————————————————————


def test_the_case_page_shows_the_next_step_and_why_another_is_not_yet_possible(bureau: Bureau):
    case = under_review(bureau)
    bureau.sign_in("shen")
    page = bureau.client.get(f"/cases/{case}").text
    assert "出具法制审核意见" in page
    assert f'href="/cases/{case}/do/return_case"' in page
    assert re.search(r"再次审核通过</b>.{0,80}不能办　1 条理由", page, re.S)
    assert "还没有向当事人送达事先告知书" in page
    assert "《行政处罚法》第六十二条" in page


def test_who_does_not_hold_the_next_step_reads_who_does(bureau: Bureau):
    case = under_review(bureau)
    bureau.sign_in("zhang")
    page = bureau.client.get(f"/cases/{case}").text
    assert "下一步　由 沈知远 办" in page
    assert f'href="/cases/{case}/do/pass_review"' not in page


def test_identity_numbers_are_shown_masked(bureau: Bureau):
    case = a_filed_case(bureau)
    bureau.sign_in("zhang")
    page = bureau.client.get(f"/cases/{case}").text
    assert "11010519491231002X" not in page
    assert "1101************2X" in page


def test_html_in_a_name_stays_text(bureau: Bureau):
    case = a_lead(bureau)
    name = '<script>alert(1)</script>"><img src=x>'
    bureau.do("zhang", "name_party", case, kind="法人及非法人组织", name=name)
    bureau.sign_in("zhang")
    for path in ("/", f"/cases/{case}", f"/cases/{case}/do/name_party"):
        page = bureau.client.get(path).text
        assert "<script>" not in page
        assert "<img" not in page
        assert "&lt;script&gt;" in page


def test_a_step_entered_later_shows_both_days(bureau: Bureau):
    case = a_lead(bureau)
    bureau.now = datetime(2026, 9, 3, 9, tzinfo=BEIJING)
    bureau.sign_in("zhang")
    path = f"/cases/{case}/do/describe_act"
    sent = bureau.form(path) | {"f.text": "焚烧", "at": "2026-09-02T15:30"}
    assert bureau.client.post(path, data=sent, follow_redirects=False).status_code == 303
    page = bureau.client.get(f"/cases/{case}").text
    assert "09-02 15:30" in page
    assert "录入于 <time>2026-09-03 09:00</time>" in page


def test_a_case_of_another_office_does_not_exist(bureau: Bureau):
    case = a_lead(bureau)
    real = offices.read("sample").model_copy(update={"office": "other"})
    offices.load(bureau.fashen, real)
    enter(bureau.client, "zhang", "other")
    assert bureau.client.get(f"/cases/{case}").status_code == 404
    assert bureau.client.get(f"/cases/{case}/do/describe_act").status_code == 404
    assert case not in bureau.client.get("/").text


def test_a_phase_that_was_skipped_is_not_ticked_off(bureau: Bureau):
    case = a_filed_case(bureau)
    perform(
        bureau.fashen,
        Order(
            "sample",
            "zhang",
            "record_issued_decision",
            {"number": "示街罚决〔2026〕001号", "fine": 500, "facts": "焚烧"},
            case=case,
            irregular="现场口头决定，事后补录",
        ),
    )
    bureau.sign_in("inspector")
    page = bureau.client.get(f"/cases/{case}").text
    assert re.search(r"法制审核</b><small>没有经过", page)
    assert "本案有不合规的情况" in page
    assert "现场口头决定，事后补录" in page
    assert "本案没有通过法制审核" in page


# — acting ————————————————————————————————————————————————————————————————————————————————


def test_a_filled_in_form_makes_the_step_and_says_so(bureau: Bureau):
    bureau.sign_in("zhang")
    done = bureau.filled("/cases/do/register_lead", place="示例公园东门", source="12345")
    assert done.status_code == 303
    page = bureau.client.get(done.headers["location"]).text
    assert "已办理：<b>登记线索</b>" in page


def test_a_wrong_field_is_named_beside_it_and_the_rest_is_kept(bureau: Bureau):
    case = a_lead(bureau)
    bureau.sign_in("zhang")
    before = bureau.steps(case)
    path = f"/cases/{case}/do/describe_act"
    page = bureau.filled(path, text="焚烧秸秆", began="2026-08-31", ended="2026-08-01")
    assert page.status_code == 422
    assert "终了日期 2026-08-01 早于开始日期 2026-08-31" in page.text
    assert "焚烧秸秆" in page.text
    assert 'value="2026-08-31"' in page.text
    assert bureau.steps(case) == before


def test_a_refused_step_changes_nothing_and_shows_every_reason_with_its_article(bureau: Bureau):
    case = a_filed_case(bureau)
    bureau.sign_in("zhang")
    before = bureau.steps(case)
    path = f"/cases/{case}/do/conclude"
    page = bureau.filled(path, facts="焚烧秸秆", fine="100000", kinds=["罚款"], signed_by=["zhang"])
    assert page.status_code == 409
    assert "现在不能调查终结" in page.text
    assert "什么都没有改变" in page.text
    assert "调查终结报告只有 1 名承办人签名" in page.text
    assert "《行政处罚法》第五十七条" in page.text
    assert "高于《生态环境法典》第一千一百三十一条第一款规定的上限 2000 元" in page.text
    assert bureau.steps(case) == before
    assert hidden(page, "f.facts") == "焚烧秸秆"


def test_from_a_refusal_one_returns_to_the_form_as_it_was_filled_in(bureau: Bureau):
    case = a_filed_case(bureau)
    bureau.sign_in("zhang")
    path = f"/cases/{case}/do/conclude"
    sent = bureau.form(path) | {"f.facts": "焚烧秸秆", "f.fine": "100000", "again": "1"}
    page = bureau.client.post(path, data=sent)
    assert page.status_code == 200
    assert "焚烧秸秆</textarea>" in page.text
    assert 'value="100000"' in page.text


def test_a_warning_is_answered_in_writing_and_then_lets_the_step_pass(bureau: Bureau):
    case = a_filed_case(bureau)
    bureau.sign_in("zhang")
    path = f"/cases/{case}/do/add_evidence"
    fields = {
        "f.kind": "勘验笔录、现场笔录",
        "f.name": "复查笔录",
        "f.proves": "已经改正",
        "f.officers": ["zhang", "li"],
        "f.certificate_shown": "shown",
        "f.lawful": "true",
    }
    sent = bureau.form(path) | fields
    page = bureau.client.post(path, data=sent)
    assert page.status_code == 409
    assert "须写明理由才能登记证据" in page.text
    assert 'name="excuse.evidence.recorder_worn"' in page.text
    answered = sent | {"excuse.evidence.recorder_worn": "记录仪故障，已附说明"}
    assert bureau.client.post(path, data=answered, follow_redirects=False).status_code == 303
    assert "记录仪故障，已附说明" in bureau.client.get(f"/cases/{case}").text


def test_what_really_happened_against_the_rules_is_recorded_as_that(bureau: Bureau):
    case = a_filed_case(bureau)
    bureau.sign_in("zhang")
    path = f"/cases/{case}/do/record_issued_decision"
    page = bureau.filled(path, facts="焚烧", fine="500", kinds=["罚款"])
    assert page.status_code == 422
    assert "请写明经过" in page.text
    sent = bureau.form(path) | {"f.facts": "焚烧", "f.fine": "500", "f.kinds": "罚款"}
    done = bureau.client.post(
        path, data=sent | {"irregular": "现场口头决定"}, follow_redirects=False
    )
    assert done.status_code == 303
    assert "不合规，如实登记" in bureau.client.get(done.headers["location"]).text


def test_the_same_form_sent_twice_makes_one_step(bureau: Bureau):
    bureau.sign_in("zhang")
    sent = bureau.form("/cases/do/register_lead") | {"f.place": "示例公园"}
    places = [
        bureau.client.post("/cases/do/register_lead", data=sent, follow_redirects=False).headers[
            "location"
        ]
        for _ in range(2)
    ]
    assert places[0] == places[1]
    assert queries.list_cases(bureau.fashen, "sample")[1] == 1


def test_the_same_form_with_another_content_asks_first(bureau: Bureau):
    bureau.sign_in("zhang")
    sent = bureau.form("/cases/do/register_lead") | {"f.place": "示例公园"}
    bureau.client.post("/cases/do/register_lead", data=sent)
    page = bureau.client.post("/cases/do/register_lead", data=sent | {"f.place": "示例大街"})
    assert page.status_code == 422
    assert "这张表单已经办理过一次" in page.text
    assert hidden(page, "key") != sent["key"]


def test_a_stale_page_says_who_did_what_meanwhile_and_keeps_the_input(bureau: Bureau):
    case = a_lead(bureau)
    bureau.sign_in("zhang")
    path = f"/cases/{case}/do/describe_act"
    sent = bureau.form(path) | {"f.text": "焚烧落叶一堆"}
    bureau.do("li", "describe_act", case, text="焚烧秸秆")
    before = bureau.steps(case)
    page = bureau.client.post(path, data=sent)
    assert page.status_code == 412
    assert "您填写的时候，案件有了变化" in page.text
    assert re.search(r"登记违法行为<small>李薇", page.text)
    assert "焚烧落叶一堆" in page.text
    assert bureau.steps(case) == before


def test_a_step_of_somebody_else_names_who_can_take_it(bureau: Bureau):
    case = under_review(bureau)
    bureau.sign_in("zhang")
    path = f"/cases/{case}/do/pass_review"
    page = bureau.client.get(path)
    assert page.status_code == 403
    assert "沈知远" in page.text
    csrf = hidden(bureau.client.get(f"/cases/{case}"), "csrf")
    sent = {"csrf": csrf, "version": str(bureau.steps(case)), "f.opinion": "同意"}
    assert bureau.client.post(path, data=sent).status_code == 403


def test_a_step_that_does_not_start_here_says_what_does(bureau: Bureau):
    case = a_lead(bureau)
    bureau.sign_in("zhang")
    page = bureau.client.get(f"/cases/{case}/do/conclude")
    assert page.status_code == 409
    assert f'href="/cases/{case}/do/describe_act"' in page.text


def test_the_reviewer_judges_nine_items_each_with_a_word_and_a_text(bureau: Bureau):
    case = under_review(bureau)
    bureau.sign_in("shen")
    path = f"/cases/{case}/do/pass_review"
    judged = {f"items.{n}.judged": "认可" for n in range(len(ITEMS))}
    page = bureau.filled(path, opinion="同意", **(judged | {"items.2.judged": ""}))
    assert page.status_code == 409
    assert "未判断：程序" in page.text
    told = judged | {"items.2.judged": "尚未发生", "items.2.text": "告知之后再核"}
    assert bureau.filled(path, opinion="同意", **told).status_code == 303
    page = bureau.client.get(f"/cases/{case}")
    assert "尚未发生：告知之后再核" in page.text


def test_the_inbox_shows_a_persons_own_notices(bureau: Bureau):
    bureau.sign_in("zhang")
    assert "没有通知" in bureau.client.get("/inbox").text


# — the tables of the pages against the tables of the process —————————————————————————————


def test_every_verb_that_the_pages_name_exists():
    known = {m.verb for flow in CURRENT.values() for m in flow.moves}
    named = {*FIRST.values(), *WORDS, *BESIDE, *NUMBERS}
    assert named | {v for verbs in BESIDE.values() for v in verbs} <= known


def test_every_open_state_has_a_next_step_that_starts_there():
    for flow in CURRENT.values():
        for state in {s for m in flow.moves for s in m.sources} - flow.finals:
            assert flow.move(state.value, FIRST[state.value]), f"{flow} {state.value}"


def test_every_field_of_every_form_has_a_chinese_label_and_an_input(bureau: Bureau):
    office = offices.read("sample")
    with bureau.fashen.engine.connect() as tx:
        found = bureau.fashen.bureau(tx, office.office)
    person = office.people[0]
    now = bureau.fashen.clock()
    session = Session("", office.office, person.id, "", now, now, "", "")
    visit = Visit(bureau.fashen, found, person, session)
    for verb, command in COMMANDS.items():
        for asked in fields_of(command.form, Setting(visit, verb, None)):
            assert re.search(r"[\u4e00-\u9fff]", asked.label), f"{verb}.{asked.name}"
            assert "；" not in asked.label
