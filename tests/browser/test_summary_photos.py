"""照片 on the form of 简易程序, on a phone: kept without a network, sent with the form, evidence of the case."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import FilePayload, Page, expect

from tests import recordings as make
from tests.browser.conftest import Sits
from tests.browser.site import Site, Visitor, served
from tests.browser.test_every_page import faults
from tests.browser.test_summary_offline import NOON, decided, fill, offline, online, queue
from tests.builders import day as on
from tests.builders import document_of, office_at, set_clock
from tests.web.visiting import PASSWORD, with_password
from workflow import models
from workflow.oracle import check_all

SHOT: FilePayload = {
    "name": "IMG_0012.jpg",
    "mimeType": "image/jpeg",
    "buffer": make.picture(size=(300, 200)),
}
OTHER: FilePayload = {
    "name": "IMG_0013.jpg",
    "mimeType": "image/jpeg",
    "buffer": make.picture(size=(200, 300)),
}
CARD: FilePayload = {
    "name": "card.jpg",
    "mimeType": "image/jpeg",
    "buffer": make.picture(size=(320, 200)),
}

ON_DEVICE = """() => new Promise((done) => {
  const asked = indexedDB.open("fashen.summary");
  asked.onsuccess = () => {
    const all = asked.result.transaction("photo").objectStore("photo").getAll();
    all.onsuccess = () => done(all.result.map((photo) => photo.name));
  };
})"""


@pytest.fixture
def site() -> Iterator[Site]:
    fashen = office_at(now=NOON)
    with_password(fashen, "zhang")
    with served(fashen) as site:
        yield site


@pytest.fixture
def phone(site: Site, sits: Sits) -> Visitor:
    visitor = sits(site, "zhang", phone=True)
    visitor.page.clock.set_fixed_time(NOON)
    return visitor.go("/summary")


def taken_with(page: Page, *files: FilePayload, field: str = "#photo-new") -> None:
    """Take pictures: each stands in the form before the next one."""
    album = "#card" if "card" in field else "#photos"
    for file in files:
        page.locator(field).set_input_files([file])
        expect(page.locator(f"{album} .fx-pic b", has_text=file["name"])).to_be_visible()
    # As if by the camera at this minute, whose clock the test does not hold.
    for n in range(page.locator("#photos [data-said=at]").count()):
        page.locator("#photos [data-said=at]").nth(n).fill("2026-09-01T11:58")


def on_device(page: Page) -> list[str]:
    return sorted(page.evaluate(ON_DEVICE))


def the_case(site: Site, page: Page) -> str:
    """Once the page has all its pictures: test and server share one connection."""
    page.wait_for_load_state("networkidle")
    with site.fashen.engine.begin() as tx:
        return str(tx.execute(sa.select(models.cases.c.id)).scalar_one())


def test_photos_taken_without_a_network_are_evidence_of_the_case_when_it_is_back(
    site: Site, phone: Visitor
):
    page = phone.page
    fill(page)
    taken_with(page, SHOT, OTHER)
    page.locator("#card-new").set_input_files([CARD])
    expect(page.locator("#card .fx-pic")).to_have_count(1)
    page.locator("#card-new").wait_for()
    page.locator("#photos [data-said=proves]").nth(1).fill("垃圾的来源")
    page.locator("#photos [data-said=maker]").nth(1).select_option("li")
    page.locator("#photos [data-said=maker]").nth(1).blur()
    offline(phone)
    page.locator("#decide").click()
    expect(page.locator("#queue")).to_contain_text("照片、录像 3 份")
    assert decided(site) == []
    expect(page.locator("#photos .fx-pic")).to_have_count(0)  # free for the next one
    assert on_device(page) == ["IMG_0012.jpg", "IMG_0013.jpg", "card.jpg"]

    set_clock(site.fashen, on(2026, 9, 1, 12, 25))
    online(phone)
    expect(page.locator("#net")).to_contain_text("已发送")
    assert decided(site) == ["in_effect"]
    assert on_device(page) == []
    assert queue(page) == []
    evidence = document_of(site.fashen, the_case(site, page))["evidence"]
    told = [
        (e["name"], e["proves"], e["maker"], e["place"], e.get("proves_identity", False))
        for e in evidence
    ]
    where = "示例路 12 号门前"
    assert told == [
        ("现场照片 1", "现场情况", "张衡", where, False),
        ("现场照片 2", "垃圾的来源", "李薇", where, False),
        ("当事人身份证件照片 1", "当事人身份", "张衡", where, True),
    ]
    assert [(e["taken_on"], e["taken_time"]) for e in evidence[:2]] == [("2026-09-01", "11:58")] * 2
    assert check_all(site.fashen) == []

    phone.press("打开决定书或者案件")
    expect(page.locator(".fx-strip img")).to_have_count(2)  # the card is not shown here
    page.locator(".fx-noprint").get_by_role("link", name="到案件看原片").click()
    expect(page.locator("#s-evidence .fx-strip img")).to_have_count(3)


def test_photos_stay_on_the_device_over_a_page_opened_anew(site: Site, phone: Visitor):
    page = phone.page
    fill(page)
    taken_with(page, SHOT, OTHER)
    page.get_by_role("button", name="去掉 IMG_0013.jpg").click()
    expect(page.locator("#photos .fx-pic")).to_have_count(1)
    phone.go("/summary")
    expect(page.locator("#photos .fx-pic b")).to_have_text("IMG_0012.jpg")
    assert page.locator("#photos [data-said=at]").input_value() == "2026-09-01T11:58"
    assert on_device(page) == ["IMG_0012.jpg"]


def test_a_form_that_comes_back_loses_no_photo_and_sends_none_twice(site: Site, phone: Visitor):
    page = phone.page
    fill(page, fine="201")
    taken_with(page, SHOT)
    page.locator("#decide").click()
    expect(page.locator("#e-fine-1")).to_contain_text("超过 200 元")
    expect(page.locator("#photos .fx-pic b")).to_have_text("IMG_0012.jpg")
    assert decided(site) == []
    page.locator("#fine").fill("200")
    page.locator("#signed_with").fill(PASSWORD)
    with page.expect_request(lambda r: r.method == "POST") as sent:
        page.locator("#decide").click()
    assert "IMG_0012.jpg" not in (sent.value.post_data_buffer or b"").decode("latin-1")
    expect(page.locator("h1")).to_have_text("当场行政处罚决定书")
    (item,) = document_of(site.fashen, the_case(site, page))["evidence"]
    assert item["taken_time"] == "11:58"
    assert on_device(page) == []


def test_what_is_no_photo_is_said_at_once_and_keeps_nothing(site: Site, phone: Visitor):
    page = phone.page
    note: FilePayload = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": make.pdf()}
    page.locator("#photo-new").set_input_files([note])
    expect(page.locator("[data-told=photo]")).to_contain_text("这里只收照片和录像")
    assert page.locator("#photos .fx-pic").count() == 0


def test_a_device_that_keeps_nothing_says_so_and_sends_all_the_same(site: Site, sits: Sits):
    visitor = sits(site, "zhang", phone=True)
    page = visitor.page
    page.clock.set_fixed_time(NOON)
    page.add_init_script(
        "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); }"
    )
    visitor.go("/summary")
    fill(page)
    taken_with(page, SHOT)
    expect(page.locator("[data-told=photo]")).to_contain_text("请不要关闭")
    page.locator("#decide").click()
    expect(page.locator("h1")).to_have_text("当场行政处罚决定书")
    assert len(document_of(site.fashen, the_case(site, page))["evidence"]) == 1


def test_the_preview_opens_beside_the_form_and_decides_nothing(site: Site, phone: Visitor):
    page = phone.page
    fill(page)
    taken_with(page, SHOT)
    with page.context.expect_page() as opened:
        page.locator("#preview").click()
    shown = opened.value
    expect(shown.locator(".fx-writ-mark").first).to_have_text("预览　未生效")
    expect(shown.locator(".fx-writ")).to_contain_text("现场照片 1：2026-09-01 11:58")
    assert faults(Visitor(site, page.context, shown), "the preview") == []
    assert decided(site) == []
    assert page.locator("#name").input_value() == "田某某"
    expect(page.locator("#photos .fx-pic")).to_have_count(1)
    assert faults(phone, "the form with its photos") == []
    shown.close()
    page.locator("#decide").click()
    expect(page.locator("h1")).to_have_text("当场行政处罚决定书")
    page.wait_for_load_state("networkidle")
    assert faults(phone, "the decision with its photos") == []


def test_without_a_network_there_is_no_preview_and_it_is_said(site: Site, phone: Visitor):
    expect(phone.page.locator("html")).to_have_attribute("data-offline", "ready")
    offline(phone)
    phone.page.locator("#preview").click()
    expect(phone.page.locator("#net")).to_contain_text("不能预览")
    assert len(phone.context.pages) == 1
    online(phone)


def test_photos_that_the_device_did_not_hold_on_to_are_missed_before_anything_is_sent(
    site: Site, phone: Visitor
):
    page = phone.page
    fill(page)
    taken_with(page, SHOT)
    offline(phone)
    page.locator("#decide").click()
    expect(page.locator("#queue")).to_contain_text("照片、录像 1 份")
    page.evaluate(
        """() => new Promise((done) => {
          const asked = indexedDB.open("fashen.summary");
          asked.onsuccess = () => {
            const work = asked.result.transaction("photo", "readwrite");
            work.objectStore("photo").clear();
            work.oncomplete = done;
          };
        })"""
    )
    online(phone)
    expect(page.locator("#queue")).to_contain_text("没有留住表单的照片")
    assert decided(site) == []
    page.get_by_role("button", name="取回修改").click()
    page.locator("#signed_with").fill(PASSWORD)
    page.locator("#decide").click()
    expect(page.locator("h1")).to_have_text("当场行政处罚决定书")


def test_without_a_script_photos_come_with_the_form(site: Site, sits: Sits):
    visitor = sits(site, "zhang", phone=True, script=False).go("/summary")
    page = visitor.page
    page.locator("#power").select_option("SL-WST-01")
    page.locator("#name").fill("田某某")
    page.locator("#place").fill("示例路 12 号门前")
    page.locator("#text").fill("随意倾倒生活垃圾")
    page.locator("#photo-new").set_input_files([SHOT, OTHER])
    page.locator("#card-new").set_input_files([CARD])
    page.get_by_role("button", name="先收下照片，逐份核对").click()
    expect(page.locator("#photos .fx-pic")).to_have_count(2)
    expect(page.locator("#card .fx-pic")).to_have_count(1)
    page.locator("#photos .fx-pic").nth(1).get_by_label("证明什么").fill("垃圾的来源")
    page.locator("#shown").check()
    page.locator("#told").check()
    page.get_by_label("没有异议").check()
    page.locator("#fine").fill("100")
    page.get_by_label("已责令改正，当场改正完毕").check()
    page.get_by_label("在纸质决定书上签名").check()
    page.locator("#signed_with").fill(PASSWORD)
    page.locator("#decide").click()
    expect(page.locator("h1")).to_have_text("当场行政处罚决定书")
    evidence = document_of(site.fashen, the_case(site, page))["evidence"]
    assert [e["proves"] for e in evidence] == ["现场情况", "垃圾的来源", "当事人身份"]
    assert check_all(site.fashen) == []
