"""A day of each who works on cases: from the sign-in page, by what is to be seen, to what they came for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Comes
from tests.browser.forms import fill
from tests.browser.site import Site, Visitor, served
from tests.builders import (
    JUDGED,
    a_case,
    a_filing,
    a_party,
    a_photo,
    a_proposal,
    a_scene,
    burning,
    day,
    document_of,
    office_at,
    set_clock,
    state_of,
    take,
    verbs_taken,
)
from tests.recordings import of_length, picture
from workflow.oracle import check_all
from workflow.program import Fashen


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Site]:
    with served(office_at(sqlite_url, now=day(2026, 8, 31, 16))) as site:
        yield site


def begun(fashen: Fashen, name: str, n: int) -> str:
    """A case of which party and act are known, and nothing is proved."""
    today = fashen.clock().date().isoformat()
    case = take(
        fashen, "zhang", "register_lead", source="巡查", place="西杜庄村西侧", text="烧秸秆"
    ).case
    take(fashen, "zhang", "start_check", case)
    take(fashen, "zhang", "name_party", case, **{**a_party(n), "name": name})
    take(
        fashen, "zhang", "describe_act", case, text="露天焚烧秸秆约十平方米", began=today, ended=today,
        power=burning(fashen.clock().date()), harm="none",
    )  # fmt: skip
    return case


def seen_at_once(visitor: Visitor, selector: str) -> bool:
    """Whether it stands on the screen before anybody scrolls."""
    box, screen = visitor.page.locator(selector).first.bounding_box(), visitor.page.viewport_size
    assert box
    assert screen
    return box["y"] + box["height"] <= screen["height"]


# — 执法人员 ———————————————————————————————————————————————————————————————————————————————


def test_an_officer_finds_yesterdays_case_adds_what_proves_it_and_carries_it_on(
    site: Site, comes: Comes, tmp_path: Path
):
    case = begun(site.fashen, "李四明", 7)
    begun(site.fashen, "王五", 8)
    set_clock(site.fashen, day(2026, 9, 1, 8, 30))
    photo, film = tmp_path / "现场.jpg", tmp_path / "全景.png"
    photo.write_bytes(picture(size=(800, 600), taken="2026:09:01 08:00:00"))
    film.write_bytes(of_length(5 * 1024 * 1024))

    zhang = comes("zhang")
    zhang.page.get_by_placeholder("拼音首字母").fill("lsm")
    expect(zhang.page.locator(".fx-bench tbody tr")).to_have_count(1)
    zhang.press("李四明", ".fx-bench")
    assert seen_at_once(zhang, ".fx-next .fx-facts")

    zhang.press("登记证据", "main")
    fill(zhang.page, a_scene())
    zhang.page.get_by_label("选择文件").set_input_files(photo)
    expect(zhang.page.get_by_text("现场.jpg 已传好")).to_be_visible()
    zhang.press("登记证据", ".fx-dock")
    zhang.press("登记证据", "main")
    fill(zhang.page, a_photo())
    pieces = cut_once(zhang)
    zhang.page.get_by_label("选择文件").set_input_files(film)
    expect(zhang.page.get_by_text("全景.png 已传好")).to_be_visible(timeout=20_000)
    assert pieces == ["0", str(4 << 20), str(4 << 20)]  # it went on, not anew
    zhang.press("登记证据", ".fx-dock")

    zhang.press("报请立案", ".fx-next")
    fill(zhang.page, a_filing())
    zhang.press("报请立案", ".fx-dock")
    assert state_of(site.fashen, case) == "filing"
    kept = [f["sha256"] for e in document_of(site.fashen, case)["evidence"] for f in e["files"]]
    assert kept == [hashlib.sha256(f.read_bytes()).hexdigest() for f in (photo, film)]
    assert check_all(site.fashen) == []


def cut_once(visitor: Visitor) -> list[str]:
    """Lose the network under the second piece of an upload; from where each piece was sent, as it happens."""
    sent: list[str] = []

    def piece(route: Route) -> None:
        if route.request.method != "PATCH":
            route.continue_()
            return
        sent.append(route.request.headers["upload-offset"])
        route.abort("aborted") if len(sent) == 2 else route.continue_()

    visitor.context.route(re.compile(r"/files/[0-9a-f-]+$"), piece)
    return sent


# — 法制审核 ———————————————————————————————————————————————————————————————————————————————


def sent_for_the_third_time(fashen: Fashen) -> str:
    """Returned twice; the second answer brought another amount and another reason."""
    case = a_case(fashen, "under_review", fine=1500)
    for point, fine, why in (
        ("裁量理由与裁量档不符", 1200, "面积小"),
        ("改正情况没有写", 1000, "主动熄灭并清理"),
    ):
        take(fashen, "shen", "return_case", case, opinion="请补正", points=[point], kind="correct")
        take(fashen, "zhang", "answer_point", case, no=1, answer="已经补正")
        take(fashen, "zhang", "conclude", case, **a_proposal(fine, discretion=why))
        take(fashen, "zhang", "submit_to_unit", case)
        take(fashen, "wang", "submit_review", case, materials=a_submission())
    return case


def a_submission() -> list[str]:
    return ["调查终结报告", "拟处罚意见", "证据材料", "执法依据", "程序材料"]


def test_a_reviewer_sees_what_the_third_return_brought_and_signs(site: Site, comes: Comes):
    case = sent_for_the_third_time(site.fashen)
    shen = comes("shen")
    shen.press("法制审核", "nav").press("审核", ".fx-queue")
    assert "第 3 次送审" in shen.text()
    assert seen_at_once(shen, "#c1 .fx-chg li")
    changed = shen.page.inner_text("#c1")
    for word in ("1,200", "1,000", "主动熄灭并清理", "张衡"):
        assert word in changed
    shen.page.get_by_label("已解决").check()
    fill(shen.page, {"items": JUDGED, "verdict": "agree", "opinion": "事实清楚，程序合法，同意"})
    expect(shen.page.get_by_text("九项都已判断")).to_be_visible()
    shen.signs("签署审核意见")
    assert state_of(site.fashen, case) == "noticing"
    assert document_of(site.fashen, case)["reviews"][-1]["settled"] == [1]
    assert check_all(site.fashen) == []


# — 审批，在手机上 —————————————————————————————————————————————————————————————————————————————


def test_a_unit_head_sends_one_on_and_one_back_from_a_phone(site: Site, comes: Comes):
    fashen = site.fashen
    good, bad = a_case(fashen, "unit_review"), a_case(fashen, "unit_review")
    wang = comes("wang", phone=True)
    wang.press("审批", "nav")
    assert "待我审批（2）" in wang.heading()
    wang.press("审批　杜某1", "main")
    fill(wang.page, {"materials": a_submission()})
    wang.press("同意", ".fx-dock")
    assert state_of(fashen, good) == "under_review"
    wang.press("审批　杜某2", "main")
    wang.press("退回", ".fx-dock")
    assert "要改正" in wang.text()  # it does not go back without a word
    wang.page.get_by_label("意见（退回时必填）").fill("复查照片没有入卷")
    wang.press("退回", ".fx-dock")
    assert state_of(fashen, bad) == "investigating"
    assert "待我审批（0）" in wang.heading()
    assert check_all(fashen) == []


def test_a_head_discusses_one_and_decides_it_and_sends_another_back_from_a_phone(
    site: Site, comes: Comes
):
    fashen = site.fashen
    case, other = a_case(fashen, "deciding", fine=2000), a_case(fashen, "deciding")
    head = comes("head", phone=True)
    head.press("审批", "nav").press("审批　杜某1", "main")
    for word in ("法制审核", "风险", "2,000", "还剩"):
        assert word in head.text()
    head.press("转集体讨论", ".fx-dock")
    head.page.get_by_label("地点", exact=True).fill("第一会议室")
    for label, name in (("主持人", "顾明"), ("记录人", "孟晓禾")):
        option = head.page.get_by_label(label, exact=True).locator("option", has_text=name)
        head.page.get_by_label(label, exact=True).select_option(option.get_attribute("value"))
    for name, said in (("顾明", "事实清楚，同意"), ("陆承泽", "同意，可以从轻")):
        head.page.get_by_label(f"{name}的意见").fill(said)
        head.page.locator("label", has_text=name).filter(has_text="出席").first.click()
    head.page.get_by_label("结论 必填").fill("按 2000 元处罚")
    head.page.get_by_label("讨论决定的罚款").fill("2000")
    head.signs("登记集体讨论")
    held = document_of(fashen, case)["discussion"]
    assert set(held["attendees"]) == {"head", "deputy"}
    assert held["fine"] == "2000"

    head.press("审批", "nav").press("审批　杜某1", "main")
    assert "2,000 元（2026-" in head.text()  # what was discussed is the amount
    head.page.get_by_label("决定书文号").fill("示街罚决〔2026〕001号")
    head.page.get_by_label("已核对，决定书载明了以下全部").check()
    head.signs("同意")
    assert state_of(fashen, case) == "decided"

    head.press("审批", "nav").press("审批　杜某2", "main")
    head.page.get_by_label("意见（退回时必填）").fill("现场照片看不清，请补充")
    head.page.locator("#signed_with").fill("")
    head.press("退回", ".fx-dock")
    assert state_of(fashen, other) == "investigating"
    assert check_all(fashen) == []


# — 法律顾问 ———————————————————————————————————————————————————————————————————————————————


def test_counsel_opens_the_case_they_spoke_on_and_finds_no_other(site: Site, comes: Comes):
    fashen = site.fashen
    case = a_case(fashen, "deciding", fine=2000)
    a_case(fashen, "deciding")
    said = {"head": "同意", "deputy": "同意", "counsel": "事实清楚；建议写明从轻的理由"}
    opinions = [{"person": who, "text": text} for who, text in said.items()]
    take(
        fashen, "head", "discuss", case, attendees=list(said), opinions=opinions, conclusion="按拟处罚",
        place="会议室", chair="head", recorder="clerk",
    )  # fmt: skip
    counsel = comes("counsel")
    expect(counsel.page.locator(".fx-bench tbody tr")).to_have_count(1)
    counsel.press("示街罚案", ".fx-bench")
    assert counsel.page.get_by_role("link", name="办理").count() == 0
    counsel.press("讨论笔录", "main")
    assert "建议写明从轻的理由" in counsel.text()
    assert verbs_taken(fashen, case)[-1] == ("head", "discuss")


def test_counsel_who_was_asked_signs_an_opinion(site: Site, comes: Comes):
    fashen = site.fashen
    case = a_case(fashen, "under_review")
    take(
        fashen,
        "shen",
        "consult_counsel",
        case,
        counsel="counsel",
        question="院内焚烧是否在禁止的区域？",
    )
    counsel = comes("counsel")
    counsel.press("示街罚案", ".fx-bench")
    assert "院内焚烧是否在禁止的区域？" in counsel.text()
    counsel.press("出具法律意见", "#s-beside")
    fill(counsel.page, {"opinion": "以公告划定的范围为准，院内也在其内"})
    counsel.signs("出具法律意见")
    asked = document_of(fashen, case)["consultations"][0]
    assert (asked["state"], asked["opinion"][:5]) == ("consultation.answered", "以公告划定")
    assert check_all(fashen) == []
