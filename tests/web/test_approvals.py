"""审批 as an approver meets it on a phone: the cards, the one question, its buttons, and the discussion."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from policies.measures import SCOPE, STEPS
from policies.review import MATERIALS
from states.case import CURRENT
from tests.builders import (
    a_case,
    a_delegation,
    day,
    document_of,
    entries_of,
    office_at,
    pass_days,
    state_of,
    take,
    verbs_taken,
)
from tests.web.visiting import PASSWORD, Seat, hidden
from workflow import approving, database
from workflow.approving import ASKS
from workflow.desk import COMMANDS
from workflow.web.app import make_app
from workflow.web.pages.approvals import SAYS


class Phone(Seat):
    """What the head holds in their hand between two meetings."""

    usual = "head"

    def form(self, path: str, by: str = "head") -> dict[str, Any]:
        page = self.page(path, by)
        return {
            name: hidden(page, name) for name in ("csrf", "version", "key", "f.item", "shown_at")
        }

    def answer(self, case: str, verb: str, v: str = "", by: str = "head", **sent: Any) -> Response:
        path = f"/cases/{case}/approve/{verb}"
        item = sent.get("f.item", "")
        form = self.form(f"{path}?item={item}" if item else path, by)
        return self.send(path, form | {"v": v or verb} | sent)

    def send(self, path: str, sent: dict[str, Any]) -> Response:
        return self.client.post(path, data={"signed_with": PASSWORD} | sent, follow_redirects=False)


@pytest.fixture
def phone() -> Iterator[Phone]:
    fashen = office_at(now=day(2026, 9, 1))
    with TestClient(make_app(fashen)) as client:
        yield Phone(fashen, client)


NUMBER = {
    "f.number": "示街罚决〔2026〕777号",
    "all.contents": "true",
    "f.late_penalty_told": "true",
}


# — 待我审批 ——————————————————————————————————————————————————————————————————————————————


def test_each_approver_sees_what_waits_for_him_and_nothing_else(phone: Phone):
    a_case(phone.fashen, "filing")
    a_case(phone.fashen, "unit_review")
    a_case(phone.fashen, "deciding")
    a_case(phone.fashen, "under_review")
    head, unit = phone.page("/approvals"), phone.page("/approvals", "wang")
    assert "待我审批（2）" in head
    assert "同意立案？" in head
    assert "同意作出处罚决定？" in head
    assert "待我审批（1）" in unit
    assert "同意送法制审核？" in unit
    assert "没有等您审批的" in phone.page("/approvals", "zhang")


def test_the_shortest_period_stands_first(phone: Phone):
    first = a_case(phone.fashen, "deciding", fine=700)
    phone.fashen.clock = lambda: day(2026, 9, 30)
    second = a_case(phone.fashen, "deciding", fine=900)
    page = phone.page("/approvals")
    assert page.index(f"/cases/{first}/approve") < page.index(f"/cases/{second}/approve")
    assert "还剩" in page


def test_after_a_hearing_the_unit_is_asked_to_send_it_again_before_the_head_is_asked_to_decide(
    phone: Phone,
):
    case = a_case(phone.fashen, after="report_hearing")
    assert "没有等您审批的" in phone.page("/approvals")
    assert "同意再次送法制审核？" in phone.page("/approvals", "wang")
    take(phone.fashen, "wang", "submit_final_review", case, materials=list(MATERIALS))
    assert "没有等您审批的" in phone.page("/approvals", "wang")


def test_an_unanswered_statement_is_no_question_to_the_head_yet(phone: Phone):
    case = a_case(phone.fashen, "notified")
    take(phone.fashen, "clerk", "record_statement", case, text="不是我烧的")
    phone.fashen.clock = lambda: day(2026, 9, 20)
    take(phone.fashen, "system", "lapse_windows", case)
    assert "没有等您审批的" in phone.page("/approvals")


def test_a_request_beside_the_case_is_a_question_of_its_own(phone: Phone):
    case = a_case(phone.fashen, "in_effect", after="serve_decision")
    parts = [{"due": f"2026-{month}-30", "amount": 500} for month in (11, 12)]
    take(phone.fashen, "clerk", "ask_deferral", case, reason="经济困难", instalments=parts)
    page = phone.page("/approvals")
    assert "同意暂缓、分期缴纳？" in page
    found = re.search(rf"/cases/{case}/approve/grant_deferral\?item=(\w+)", page)
    assert found
    answer = phone.answer(case, "grant_deferral", **{"f.item": found[1], "said": "情况属实"})
    assert answer.status_code == 303, answer.text
    assert document_of(phone.fashen, case)["deferrals"][0]["state"] == "deferral.granted"
    assert "没有等您审批的" in phone.page("/approvals")


def test_closing_is_asked_when_nothing_else_is_left_to_do(phone: Phone):
    case = a_case(phone.fashen, "in_effect", after="serve_decision")
    assert "同意结案？" not in phone.page("/approvals")
    settled = a_case(phone.fashen, "in_effect")
    page = phone.page("/approvals")
    assert f"/cases/{settled}/approve/close" in page
    assert f"/cases/{case}/approve/close" not in page
    assert "没有等您审批的" in phone.page("/approvals", "wang")
    answer = phone.answer(settled, "close")
    assert answer.status_code == 303, answer.text
    assert state_of(phone.fashen, settled) == "closed"
    assert "同意结案？" not in phone.page("/approvals")


# — one question —————————————————————————————————————————————————————————————————————————


def test_the_question_tells_who_what_how_much_and_how_long_before_it_asks(phone: Phone):
    for fine in (500, 800, 1000, 1500, 2000):
        a_case(phone.fashen, "in_effect", fine=fine)
    page = phone.page(f"/cases/{a_case(phone.fashen, 'deciding', fine=1800)}/approve/decide")
    assert '<h1 id="h-a">同意作出处罚决定？</h1>' in page
    assert "当事人露天焚烧秸秆约十平方米。拟<b>罚款 1,800 元</b>" in page
    assert "同案由 5 件，中位数 1,000 元" in page
    assert "事实清楚，程序合法，裁量适当，同意" in page
    assert re.search(r"第 \d+/90 天", page)
    assert page.count("btn-primary") == 1


def test_lateness_and_warnings_are_lines_of_risk_with_a_place_for_the_reason(phone: Phone):
    case = a_case(phone.fashen, "deciding")
    phone.fashen.clock = lambda: day(2026, 12, 20)
    page = phone.page(f"/cases/{case}/approve/decide")
    assert "办案红牌" in page
    assert "立案之日起九十日内决定" in page
    assert 'name="excuse.decision.within_time"' in page
    answer = phone.answer(case, "decide", **NUMBER, **{"excuse.decision.within_time": "当事人住院"})
    assert answer.status_code == 303, answer.text


def test_what_blocks_is_said_before_the_button_and_the_button_is_not_filled(phone: Phone):
    case = a_case(phone.fashen, after="pass_final_review")  # heard, and not discussed
    page = phone.page(f"/cases/{case}/approve/decide")
    assert "现在不能同意：复杂或者重大案件经集体讨论" in page
    assert "btn-primary" not in page
    refused = phone.answer(case, "decide", **NUMBER)
    assert refused.status_code == 409
    assert "什么都没有改变" in refused.text


def test_a_change_after_the_pass_is_a_risk_and_is_shown(phone: Phone):
    case = a_case(phone.fashen, "deciding")
    take(
        phone.fashen, "zhang", "change_party", case, what="更名", name="杜某改", proof="户口簿"
    )  # fmt: skip
    page = phone.page(f"/cases/{case}/approve/decide")
    assert "审核通过之后有变更" in page
    assert "审核人没有看过" in page


def test_agreeing_performs_the_cases_own_verb_and_leads_back_to_the_list(phone: Phone):
    case = a_case(phone.fashen, "deciding")
    answer = phone.answer(case, "decide", **NUMBER)
    assert answer.status_code == 303, answer.text
    assert state_of(phone.fashen, case) == "decided"
    listed = phone.client.get(answer.headers["location"]).text
    assert "已办理：<b>作出处罚决定</b>" in listed
    assert "没有等您审批的" in listed


def test_sending_back_needs_a_reason_and_the_reason_is_kept(phone: Phone):
    case = a_case(phone.fashen, "unit_review")
    bare = phone.answer(case, "submit_review", "return_to_officers", by="wang")
    assert bare.status_code == 422
    assert "请写明理由" in bare.text
    assert state_of(phone.fashen, case) == "unit_review"
    phone.answer(case, "submit_review", "return_to_officers", by="wang", said="照片没有时间")
    assert state_of(phone.fashen, case) == "investigating"
    assert "照片没有时间" in phone.page(f"/cases/{case}", "zhang")


def test_the_amount_that_was_discussed_is_the_amount_that_is_decided(phone: Phone):
    case = a_case(phone.fashen, "deciding", fine=1500)
    said = [{"person": p, "text": "同意减少"} for p in ("head", "deputy")]
    take(phone.fashen, "head", "discuss", case, attendees=["head", "deputy"], opinions=said,
         conclusion="罚款八百元", fine=800)  # fmt: skip
    take(phone.fashen, "shen", "confirm_reduction", case, fine=800)
    page = phone.page(f"/cases/{case}/approve/decide")
    assert "800 元（" in page
    answer = phone.answer(case, "decide", **NUMBER, **{"f.fine": hidden(page, "f.fine")})
    assert answer.status_code == 303, answer.text
    assert document_of(phone.fashen, case)["decision"]["fine"] == "800"


def test_somebody_else_may_look_and_not_decide(phone: Phone):
    case = a_case(phone.fashen, "deciding")
    page = phone.page(f"/cases/{case}/approve/decide", "zhang")
    assert "您可以看，不能办" in page
    assert 'name="v"' not in page


def test_an_unknown_question_and_a_foreign_case_are_not_found(phone: Phone):
    case = a_case(phone.fashen, "deciding")
    phone.page(f"/cases/{case}/approve/serve_notice", status=404)
    phone.page("/cases/00000000-0000-0000-0000-000000000000/approve/decide", status=404)


# — a double click ———————————————————————————————————————————————————————————————————————


def test_the_same_form_sent_twice_does_one_thing_once(phone: Phone):
    case = a_case(phone.fashen, "filing")
    path = f"/cases/{case}/approve/approve_filing"
    sent = phone.form(path) | {"v": "approve_filing", "f.number": "示街罚案〔2026〕900号"}
    first, second = phone.send(path, sent), phone.send(path, sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert verbs_taken(phone.fashen, case).count(("head", "approve_filing")) == 1


def test_agreeing_and_then_sending_back_with_the_same_page_is_not_both(phone: Phone):
    case = a_case(phone.fashen, "unit_review")
    path = f"/cases/{case}/approve/submit_review"
    sent = phone.form(path, "wang") | {"f.materials": list(MATERIALS)}
    assert phone.send(path, sent | {"v": "submit_review"}).status_code == 303
    other = phone.send(path, sent | {"v": "return_to_officers", "said": "又想退回"})
    assert other.status_code == 422
    assert "已经办理过一次" in other.text
    assert state_of(phone.fashen, case) == "under_review"


def test_two_clicks_at_once_do_one_thing_once(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/office.db"
    database.migrate(url)
    fashen = office_at(url, now=day(2026, 9, 1))
    case = a_case(fashen, "deciding")
    path = f"/cases/{case}/approve/decide"
    with TestClient(make_app(fashen)) as client:
        phone = Phone(fashen, client)
        sent = phone.form(path) | {"v": "decide"} | NUMBER
        together = Barrier(4)

        def click(_: int) -> Response:
            together.wait()
            return phone.send(path, sent)

        with ThreadPoolExecutor(4) as hands:
            answers = list(hands.map(click, range(4)))
    assert [a.status_code for a in answers] == [303] * 4
    assert len({a.headers["location"] for a in answers}) == 1
    assert verbs_taken(fashen, case).count(("head", "decide")) == 1


# — the discussion ———————————————————————————————————————————————————————————————————————


def discuss(phone: Phone, case: str, **sent: Any) -> Response:
    path = f"/cases/{case}/discussion"
    return phone.send(path, phone.form(path) | sent)


FULL = {
    "f.attendees": ["head", "deputy"], "f.said.head": "同意", "f.said.deputy": "主张减轻",
    "f.dissents.deputy": "true", "f.conclusion": "按拟处罚", "f.chair": "head", "f.recorder": "clerk",
    "f.place": "会议室", "f.observers": "沈知远（法制审核员）",
}  # fmt: skip


def test_a_discussion_keeps_who_attended_who_listened_each_view_and_the_dissent(phone: Phone):
    case = a_case(phone.fashen, after="pass_final_review")
    answer = discuss(phone, case, **FULL)
    assert answer.status_code == 303, answer.text
    record = phone.client.get(answer.headers["location"]).text
    assert "集体讨论笔录" in record
    assert "顾明（街道办事处主任）、陆承泽（街道办事处副主任）　共 2 人" in record
    assert "列席　沈知远（法制审核员）：" in record
    assert "主张减轻<b>（不同意结论，保留意见）</b>" in record
    assert "1 人保留不同意见" in record
    assert record.count("出席　") == 2
    assert "复杂或者重大案件经集体讨论" not in phone.page(f"/cases/{case}/approve/decide")


def test_an_attendant_without_a_view_is_asked_for_one_and_the_rest_is_kept(phone: Phone):
    case = a_case(phone.fashen, after="pass_final_review")
    sent = {**FULL, "f.said.deputy": ""}
    refused = discuss(phone, case, **sent)
    assert refused.status_code == 409
    assert "出席的陆承泽没有记录意见" in refused.text
    kept = re.findall(
        r'<input type="hidden" name="((?:f|at|key|version|shown)[^"]*)" value="([^"]*)"',
        refused.text,
    )
    data: dict[str, Any] = {"csrf": hidden(refused.text, "csrf"), "again": "1"}
    for name, value in kept:
        data.setdefault(name, []).append(html.unescape(value))
    again = phone.client.post(f"/cases/{case}/do/discuss", data=data).text
    assert "重大案件集体讨论" in again
    assert re.search(r'value="deputy" checked', again)
    assert "按拟处罚</textarea>" in again


def test_too_few_heads_are_told_on_the_page_and_stop_the_decision(phone: Phone):
    case = a_case(phone.fashen, after="pass_final_review")
    alone = {**FULL, "f.attendees": ["head", "wang"], "f.said.wang": "同意"}
    assert discuss(phone, case, **alone).status_code == 303
    assert "出席集体讨论的负责人只有 1 名" in phone.page(f"/cases/{case}/discussion")
    assert "现在不能同意" in phone.page(f"/cases/{case}/approve/decide")


def test_a_wrong_form_comes_back_on_the_same_page(phone: Phone):
    case = a_case(phone.fashen, after="pass_final_review")
    wrong = discuss(phone, case, **{**FULL, "f.attendees": []})
    assert wrong.status_code == 422
    assert "重大案件集体讨论" in wrong.text
    assert "按拟处罚</textarea>" in wrong.text


def test_an_older_discussion_with_all_views_in_one_text_still_prints(phone: Phone):
    case = a_case(phone.fashen, after="discuss")  # hearing=True walks it with `views`
    record = phone.page(f"/cases/{case}/discussion/record")
    assert "均同意" in record
    assert "（未登记）" in record


def test_without_a_discussion_there_is_no_record(phone: Phone):
    case = a_case(phone.fashen, "deciding")
    phone.page(f"/cases/{case}/discussion/record", status=404)


# — the table ————————————————————————————————————————————————————————————————————————————


def test_every_question_and_every_way_back_is_a_verb_that_starts_where_the_question_stands():
    flow = CURRENT["ordinary"]
    for ask in ASKS.values():
        assert flow_sources(flow, ask.yes)
        for verb in (*ask.backs, *ask.others):
            assert flow_sources(flow, ask.yes) & flow_sources(flow, verb), verb


def flow_sources(flow: Any, verb: str) -> set[Any]:
    return {s for m in flow.moves if m.verb == verb for s in m.sources}


def test_a_way_back_takes_the_approvers_words_in_one_of_the_known_fields():
    for ask in ASKS.values():
        for verb in ask.backs:
            fields = COMMANDS[verb].form.model_fields
            assert any(name in fields for name in SAYS), verb
            needed = {n for n, f in fields.items() if f.is_required()}
            assert needed <= set(SAYS), f"{verb} needs a form of its own"


# — what waits besides —————————————————————————————————————————————————————————————————————


def test_what_only_approvers_do_and_is_no_yes_or_no_stands_below_with_its_own_form(phone: Phone):
    case = a_case(phone.fashen, "investigating")
    assert "另等您办" not in phone.page("/approvals")
    told: dict[str, Any] = {"content": "说明原因", "to": "head", "workdays": 5}
    take(phone.fashen, "inspector", "open_supervision", case, **told)
    page = phone.page("/approvals")
    assert "待我审批（1）" in page
    assert f"/cases/{case}/do/answer_supervision?item=v1" in page
    assert "另等您办" not in phone.page("/approvals", "deputy")  # it was sent to the other head
    assert "另等您办" in phone.page(f"/cases/{case}")


def test_the_unit_head_is_not_shown_there_what_every_officer_may_do(phone: Phone):
    a_case(phone.fashen, "in_effect", after="serve_decision")
    assert "登记缴款" not in phone.page("/approvals", "wang")


def test_a_measure_taken_in_a_hurry_is_approved_with_one_button(phone: Phone):
    case = a_case(phone.fashen, "investigating")
    measure: dict[str, Any] = {
        "kind": "扣押", "objects": "水泥二十袋", "reason": "可能被转移", "basis": "某条例第二十条",
        "officers": ["zhang", "li"], "list_handed_over": True, "number": "示街扣决〔2026〕1号",
        "steps": list(STEPS), "scope": list(SCOPE), "urgent": True,
    }  # fmt: skip
    take(phone.fashen, "zhang", "take_measure", case, **measure)
    assert "同意补办强制措施的批准？" in phone.page("/approvals")
    answer = phone.answer(case, "approve_measure", **{"f.item": "m1", "f.how": "书面"})
    assert answer.status_code == 303, answer.text
    assert document_of(phone.fashen, case)["measures"][0]["approved_by"] == "head"
    assert "同意补办强制措施的批准？" not in phone.page("/approvals")


def test_a_delegate_finds_and_answers_a_principals_question_with_both_names(phone: Phone):
    case = a_case(phone.fashen, "unit_review")
    a_delegation(phone.fashen, "wang", "li", "submit_review")
    assert "受 王立新 委托" in phone.page("/approvals", "li")
    page = phone.page(f"/cases/{case}/approve/submit_review", "li")
    assert "以谁的名义签" in page
    sent: dict[str, Any] = {"f.materials": list(MATERIALS), "on_behalf_of": "wang"}
    answer = phone.answer(case, "submit_review", by="li", **sent)
    assert answer.status_code == 303, answer.text
    last = entries_of(phone.fashen, case)[-1].body
    assert '"id":"li"' in last
    assert "王立新" in last
    assert "送法制审核" not in phone.page("/approvals", "li")


def test_a_closing_shows_what_it_rests_on(phone: Phone):
    case = a_case(phone.fashen, "in_effect")
    page = phone.page(f"/cases/{case}/approve/close")
    assert "办结情况" in page
    assert "已缴 1,000 元" in page
    assert "复查：已改正" in page


def test_more_cases_than_a_page_holds_stand_on_the_next(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(approving, "PAGE", 1)
    cases = [a_case(phone.fashen, "deciding") for _ in range(2)]
    first, second = phone.page("/approvals"), phone.page("/approvals?page=2")
    shown = [[c for c in cases if f"/cases/{c}/approve" in page] for page in (first, second)]
    assert [len(found) for found in shown] == [1, 1]
    assert shown[0] != shown[1]
    assert "待我审批（2）" in first
    assert 'href="/approvals?page=2"' in first
    assert "没有第 3 页" in phone.page("/approvals?page=3")


def test_a_pass_that_was_taken_back_is_sought_again_before_anybody_decides(phone: Phone):
    case = a_case(phone.fashen, "notified")
    take(phone.fashen, "shen", "withdraw_pass", case, reason="发现新的情况")
    pass_days(phone.fashen, 10)
    assert state_of(phone.fashen, case) == "deciding"
    assert "同意再次送法制审核？" in phone.page("/approvals", "wang")
    assert "同意作出处罚决定？" not in phone.page("/approvals")
