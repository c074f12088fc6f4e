"""The reviewer's desk as its people see it: the queue by the case's days, one file, the signature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from policies.casefile import CaseFile
from policies.facts import proposal_digest
from policies.review import ITEMS, MATERIALS
from tests.builders import (
    a_case,
    a_photo,
    a_proposal,
    day,
    document_of,
    office_at,
    state_of,
    take,
    verbs_taken,
    version_of,
)
from tests.web.visiting import PASSWORD, Seat, enter, hidden
from workflow.web.app import make_app
from workflow.web.pages.render import in_fours


class Desk(Seat):
    """The reviewer's."""

    usual = "shen"

    def sheet(self, case: str, by: str = "shen") -> dict[str, Any]:
        """What the page itself puts into its form."""
        page = self.page(f"/cases/{case}/review", by)
        names = ("csrf", "version", "key", "shown_at", "f.digest")
        return {name: hidden(page, name) for name in names}

    def sign(self, case: str, sent: dict[str, Any] | None = None, **fields: Any) -> Response:
        sent = self.sheet(case) if sent is None else sent
        told = {f"f.{name}": value for name, value in fields.items()}
        sent = {"signed_with": PASSWORD} | sent | told
        return self.client.post(f"/cases/{case}/review", data=sent, follow_redirects=False)


SPLIT: dict[str, Any] = {"settle.1": "yes", "settle.2": "no"}
"""The first point is settled, the second is not."""

ALL_FINE: dict[str, Any] = {f"items.{n}.judged": "认可" for n in range(len(ITEMS))}


@pytest.fixture
def desk() -> Iterator[Desk]:
    fashen = office_at(now=day(2026, 9, 1))
    with TestClient(make_app(fashen)) as client:
        yield Desk(fashen, client)


def sent_again(desk: Desk) -> str:
    """A file that came back once with two points, both answered, and with a lighter fine."""
    case = a_case(desk.fashen, "under_review", fine=1500)
    points = ["裁量理由与裁量档不符", "复查结论没有入卷"]
    take(desk.fashen, "shen", "return_case", case, opinion="退", points=points, kind="investigate")
    take(desk.fashen, "zhang", "add_evidence", case, **a_photo(name="复查照片"))
    take(desk.fashen, "li", "verify_evidence", case)
    for no in (1, 2):
        take(desk.fashen, "zhang", "answer_point", case, no=no, answer=f"已改（{no}）")
    take(desk.fashen, "zhang", "conclude", case, **a_proposal(1000, discretion="主动消除危害后果"))
    take(desk.fashen, "zhang", "submit_to_unit", case)
    take(desk.fashen, "wang", "submit_review", case, materials=list(MATERIALS))
    return case


# — the queue ————————————————————————————————————————————————————————————————————————————


def test_the_queue_goes_by_the_cases_days_and_not_by_arrival(desk: Desk):
    late = a_case(desk.fashen, "unit_review")  # filed first, sent last
    desk.fashen.clock = lambda: day(2026, 9, 20)
    early = a_case(desk.fashen, "under_review")
    sent = day(2026, 9, 21)
    take(desk.fashen, "wang", "submit_review", late, at=sent, materials=list(MATERIALS))
    page = desk.page("/review")
    assert page.index(f"/cases/{late}/review") < page.index(f"/cases/{early}/review")
    assert re.search(r"第 20/90 天.*还剩 70 个自然日", page, re.DOTALL)


def test_the_queue_says_which_return_it_is_and_what_the_machine_found(desk: Desk):
    sent_again(desk)
    page = desk.page("/review")
    assert "第 2 次送审" in page
    assert "退回过 1 次" in page
    assert re.search(r"通过 \d+", page)
    assert "承办 张衡、李薇" in page
    assert "第 0/5 个工作日" in page


def test_a_failed_check_is_counted_and_stands_open_in_its_item(desk: Desk):
    case = a_case(desk.fashen, "under_review")
    assert "未通过 0" in desk.page(f"/cases/{case}/review")
    take(desk.fashen, "shen", "receive_package", case, missing=["程序材料"])
    assert "未通过 1" in desk.page("/review")
    page = desk.page(f"/cases/{case}/review")
    assert "未通过　收件时缺的材料已补齐" in page
    assert "材料齐全" not in page


def test_ones_own_case_is_seen_but_cannot_be_reviewed_and_the_page_says_why(desk: Desk):
    case = a_case(desk.fashen, "under_review")
    take(desk.fashen, "shen", "recuse_reviewer", case, reason="当事人是近亲属")
    page = desk.page("/review")
    assert "没有等您审核的案件" in page
    assert "我不能审" in page
    assert "沈知远声明与本案有利害关系，不能审核" in page
    sheet = desk.page(f"/cases/{case}/review")
    assert "您可以看，不能审核" in sheet
    assert "签署审核意见" not in sheet
    assert "机器核对，按九项" in sheet


def test_a_borrowed_reviewer_and_a_named_one_are_said(desk: Desk):
    case = a_case(desk.fashen, "under_review")
    take(desk.fashen, "head", "assign_reviewer", case, reviewer="shen")
    assert "指定沈知远" in desk.page("/review")
    take(
        desk.fashen, "head", "borrow_reviewer", case, name="解文", office="示例区司法局",
        letter="函 3 号", licence="示B", no_interest=True,
    )  # fmt: skip
    page = desk.page("/review", "clerk")
    assert "借用解文（示例区司法局）" in page
    assert "解文在纸上签署的时间" in desk.page(f"/cases/{case}/review", "clerk")


def test_what_will_come_soon_is_listed_without_being_judged(desk: Desk):
    case = a_case(desk.fashen, "unit_review")
    page = desk.page("/review")
    assert re.search(rf'即将送审.*href="/cases/{case}"', page, re.DOTALL)
    assert "没有等您审核的案件" in page


def test_another_offices_file_is_not_there(desk: Desk):
    assert desk.page("/cases/00000000-0000-0000-0000-000000000000/review", status=404)


# — the file —————————————————————————————————————————————————————————————————————————————


def test_the_file_shows_what_changed_with_strike_and_underline_and_by_whom(desk: Desk):
    page = desk.page(f"/cases/{sent_again(desk)}/review")
    assert "自上次退回（09-01）以来的变更" in page
    assert "<del>1,500</del><ins>1,000</ins>" in page
    assert re.search(r"证据 e3　复查照片</b><div><div class=\"fx-diff\"><ins>新增", page)
    assert re.search(r"罚款金额.*?张衡　09-01 \d\d:\d\d　调查终结", page, re.DOTALL)


def test_nothing_changed_is_said_in_so_many_words(desk: Desk):
    case = a_case(desk.fashen, "under_review")
    assert "没有变化：" in desk.page(f"/cases/{case}/review")


def test_each_check_says_whether_it_rests_on_a_tick_or_on_a_document(desk: Desk):
    page = desk.page(f"/cases/{a_case(desk.fashen, 'under_review')}/review")
    assert re.search(r'is-y"><svg[^>]*>.{0,80}</svg> 据勾选', page)
    assert re.search(r'is-g"><svg[^>]*>.{0,80}</svg> 据文书', page)
    assert "承办人选“已出示”" in page
    assert "告知、陈述申辩、听证<b>尚未发生</b>" in page


def test_the_points_stand_with_their_answers_one_by_one(desk: Desk):
    page = desk.page(f"/cases/{sent_again(desk)}/review")
    assert "1. 裁量理由与裁量档不符" in page
    assert "答复：已改（2）" in page
    assert page.count(">已解决<") == 2
    assert "建议补充调查" in page


def test_nothing_is_judged_beforehand_but_what_failed_stands_as_a_remark(desk: Desk):
    case = a_case(desk.fashen, "under_review")
    take(desk.fashen, "shen", "receive_package", case, missing=["程序材料"])
    page = desk.page(f"/cases/{case}/review")
    assert not re.search(r'name="f\.items\.\d\.judged"[^>]* checked', page)
    remark = re.search(r'id="i-2" [^>]*>\n([^<]*)', page)
    assert remark
    assert "收件时缺：程序材料" in remark[1]


def test_the_band_of_past_cases_stands_beside_the_range(desk: Desk):
    for fine in (500, 800, 1000, 1500, 2000):
        a_case(desk.fashen, "in_effect", fine=fine)
    page = desk.page(f"/cases/{a_case(desk.fashen, 'under_review', fine=1800)}/review")
    assert "5 件" in page
    assert "居中的一半 800 元 至 1,500 元" in page
    assert 'aria-label="拟罚款 1,800 元；法定幅度 500 元 至 2,000 元；同案由 5 件' in page


def test_old_and_new_law_stand_side_by_side_where_the_law_changed_in_between(desk: Desk):
    desk.fashen.clock = lambda: day(2026, 8, 10)
    case = a_case(desk.fashen, "investigating")
    desk.fashen.clock = lambda: day(2026, 9, 1)
    take(desk.fashen, "zhang", "conclude", case, **a_proposal(old_and_new_law="幅度相同，适用旧法"))
    take(desk.fashen, "zhang", "submit_to_unit", case)
    take(desk.fashen, "wang", "submit_review", case, materials=list(MATERIALS))
    page = desk.page(f"/cases/{case}/review")
    assert "新旧法对照" in page
    assert "旧法　《大气污染防治法》" in page
    assert "没有导入正式文本" in page
    assert "新旧法对照" not in desk.page(f"/cases/{a_case(desk.fashen, 'under_review')}/review")


def test_a_file_that_is_not_on_the_desk_can_be_read_and_not_signed(desk: Desk):
    case = a_case(desk.fashen, "noticing")
    page = desk.page(f"/cases/{case}/review")
    assert "不在审核人处" in page
    assert "签署审核意见" not in page
    assert "审核意见</b>：认可" in page


# — the signature ————————————————————————————————————————————————————————————————————————


def test_the_digest_that_is_signed_is_the_engines_and_reads_in_fours(desk: Desk):
    case = a_case(desk.fashen, "under_review")
    digest = proposal_digest(CaseFile.model_validate(document_of(desk.fashen, case)))
    page = desk.page(f"/cases/{case}/review")
    assert hidden(page, "f.digest") == digest
    assert in_fours(digest) in page
    assert in_fours("3f9a71c2") == "3F9A 71C2"


def test_agreeing_passes_the_file(desk: Desk):
    case = a_case(desk.fashen, "under_review")
    answer = desk.sign(case, verdict="agree", opinion="同意", cap="1500", **ALL_FINE)
    assert answer.status_code == 303, answer.text
    review = document_of(desk.fashen, case)["reviews"][-1]
    assert (review["passed"], review["cap"]) == (True, "1500")
    assert state_of(desk.fashen, case) == "noticing"


def test_after_a_notice_agreeing_leads_straight_to_the_decision(desk: Desk):
    case = a_case(desk.fashen, after="submit_final_review")
    desk.sign(case, verdict="agree", opinion="同意", **ALL_FINE)
    assert verbs_taken(desk.fashen, case)[-1] == ("shen", "pass_final_review")


@pytest.mark.parametrize("verdict", ["correct", "investigate", "transfer", "disagree"])
def test_every_other_conclusion_sends_the_file_back_and_says_as_what(desk: Desk, verdict: str):
    case = a_case(desk.fashen, "under_review")
    answer = desk.sign(case, verdict=verdict, opinion="见逐条", points="第一条\r\n第二条")
    assert answer.status_code == 303, answer.text
    review = document_of(desk.fashen, case)["reviews"][-1]
    assert review["kind"] == verdict
    assert [p["text"] for p in review["points"]] == ["第一条", "第二条"]
    assert state_of(desk.fashen, case) == "investigating"


def test_points_are_settled_or_not_one_by_one(desk: Desk):
    case = sent_again(desk)
    answer = desk.sign(case, verdict="agree", opinion="同意", **ALL_FINE, **SPLIT)
    assert answer.status_code == 409  # a pass over what is not settled wants a reason
    assert "上次退回意见第 2 条，审核人认为还没有解决" in answer.text
    desk.sign(
        case,
        verdict="correct",
        opinion="退",
        points="再补",
        **SPLIT,
    )
    review = document_of(desk.fashen, case)["reviews"][-1]
    assert (review["settled"], review["unsettled"]) == ([1], [2])


def test_the_input_comes_back_from_a_refusal_with_the_conclusion_and_the_points(desk: Desk):
    case = sent_again(desk)
    sent = desk.sheet(case)
    judged: dict[str, Any] = {"items.0.judged": "认可", "settle.1": "yes", "settle.2": "no"}
    refused = desk.sign(case, sent, verdict="agree", opinion="只写了一项", **judged)
    assert refused.status_code == 409
    kept = dict(re.findall(r'<input type="hidden" name="(f\.[^"]*)" value="([^"]*)"', refused.text))
    again = desk.client.post(
        f"/cases/{case}/do/pass_review", data=sent | kept | {"again": "1"}
    ).text
    assert "逐项审核" in again
    assert re.search(r'name="f.verdict" value="agree" checked', again)
    assert re.search(r'name="f.settle.2" value="no" checked', again)
    assert re.search(r'name="f.items.0.judged" value="认可" checked', again)
    assert "只写了一项</textarea>" in again


def test_without_a_conclusion_nothing_is_signed_and_nothing_is_lost(desk: Desk):
    case = a_case(desk.fashen, "under_review")
    before = version_of(desk.fashen, case)
    answer = desk.sign(case, opinion="写了很久的意见", **ALL_FINE)
    assert answer.status_code == 422
    assert "请选择审核结论" in answer.text
    assert "写了很久的意见</textarea>" in answer.text
    assert version_of(desk.fashen, case) == before


def test_a_return_without_points_says_so_on_the_page(desk: Desk):
    case = a_case(desk.fashen, "under_review")
    answer = desk.sign(case, verdict="correct", opinion="退回")
    assert answer.status_code == 422
    assert "逐条的退回意见" in answer.text
    assert "逐项审核" in answer.text


def test_what_changed_while_the_page_was_open_is_not_signed_and_is_shown(desk: Desk):
    case = sent_again(desk)
    sent = desk.sheet(case)
    take(desk.fashen, "shen", "return_case", case, opinion="先退", points=["金额"])
    take(desk.fashen, "zhang", "conclude", case, **a_proposal(700))
    enter(desk.client, "shen")
    sent["csrf"] = desk.sheet(case)["csrf"]
    stale = desk.sign(case, sent, verdict="agree", opinion="同意", **ALL_FINE)
    assert stale.status_code == 412
    assert "您打开页面之后改了什么" in stale.text
    assert "<del>1,000</del><ins>700</ins>" in stale.text


def test_another_digest_than_the_present_one_is_refused_even_at_the_right_step(desk: Desk):
    case = a_case(desk.fashen, "under_review")
    sent = desk.sheet(case) | {"f.digest": "0" * 64}
    answer = desk.sign(case, sent, verdict="agree", opinion="同意", **ALL_FINE)
    assert answer.status_code == 422
    assert "所审的内容改过了" in answer.text
    assert state_of(desk.fashen, case) == "under_review"


def test_nobody_else_can_sign_by_posting(desk: Desk):
    case = a_case(desk.fashen, "under_review")
    sent = desk.sheet(case)
    enter(desk.client, "zhang")
    sent["csrf"] = hidden(desk.client.get(f"/cases/{case}").text, "csrf")
    answer = desk.sign(case, sent, verdict="agree", opinion="同意", **ALL_FINE)
    assert answer.status_code == 403
    assert state_of(desk.fashen, case) == "under_review"


def test_the_verbs_own_address_shows_the_same_page(desk: Desk):
    case = a_case(desk.fashen, "under_review")
    for verb in ("pass_review", "return_case"):
        assert "逐项审核" in desk.page(f"/cases/{case}/do/{verb}")
