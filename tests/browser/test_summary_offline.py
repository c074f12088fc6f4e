"""简易程序 on a phone whose network comes and goes: nothing is lost, nothing is sent twice."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sits
from tests.browser.site import Site, Visitor, served
from tests.builders import day, office_at, set_clock
from tests.web.visiting import PASSWORD, cookie_of, with_password
from workflow import models
from workflow.web.pages.session import COOKIE

NOON = day(2026, 9, 1, 12)


@pytest.fixture
def site() -> Iterator[Site]:
    fashen = office_at(now=NOON)
    with_password(fashen, "zhang")
    with served(fashen) as site:
        yield site


@pytest.fixture
def phone(site: Site, sits: Sits) -> Visitor:
    """Zhang with a phone whose clock is right, before the form."""
    visitor = sits(site, "zhang", phone=True)
    visitor.page.clock.set_fixed_time(NOON)
    return visitor.go("/summary")


def fill(page: Page, *, fine: str = "150") -> None:
    """Fill in the form as an officer does, with the thumb."""
    page.locator("#power").select_option("SL-WST-01")
    page.locator("#name").fill("田某某")
    page.locator("#number").fill("11010519491231002X")
    page.locator("#place").fill("示例路 12 号门前")
    page.locator("#shown").check()
    page.locator("#told").check()
    page.get_by_label("没有异议").check()
    page.locator("#fine").fill(fine)
    page.get_by_label("已责令改正，当场改正完毕").check()
    page.get_by_label("在屏幕上签名").check()
    sign(page)
    page.locator("#signed_with").fill(PASSWORD)


def sign(page: Page) -> None:
    pad = page.locator("#pad canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(box["x"] + 30 + step * 25, box["y"] + 40 + (step % 3) * 20)
    page.mouse.up()


def kept(page: Page) -> str:
    """Everything that stands on this device."""
    return str(page.evaluate("JSON.stringify({...localStorage})"))


def queue(page: Page) -> list[dict[str, object]]:
    return list(json.loads(page.evaluate("localStorage.getItem('fashen.summary.queue') || '[]'")))


def decided(site: Site) -> list[str]:
    with site.fashen.engine.begin() as tx:
        rows = tx.execute(
            sa.select(models.cases.c.state).order_by(models.cases.c.ordinal)
        ).scalars()
        return list(rows)


def times(site: Site) -> set[tuple[str, str]]:
    """When the steps happened as stated, and when they were entered."""
    with site.fashen.engine.begin() as tx:
        bodies = [json.loads(b) for b in tx.execute(sa.select(models.ledger.c.body)).scalars()]
    return {(body["at"], body["entered"]) for body in bodies}


def offline(visitor: Visitor) -> None:
    visitor.context.set_offline(True)


def online(visitor: Visitor) -> None:
    """The network is back; what failed meanwhile is what this test is about."""
    visitor.complaints[:] = [c for c in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in c]
    visitor.context.set_offline(False)


def test_a_form_filled_in_without_a_network_is_sent_once_when_it_is_back(
    site: Site, phone: Visitor
):
    page = phone.page
    fill(page)
    # Written from the 案由, to be looked over.
    assert (
        page.locator("#text")
        .input_value()
        .startswith(
            "2026年9月1日12时00分，执法人员在示例路 12 号门前发现田某某有以下行为：个人随意倾倒"
        )
    )
    offline(phone)
    page.locator("#decide").click()
    expect(page.locator("#queue")).to_contain_text("待发送")
    assert decided(site) == []
    assert PASSWORD not in kept(page)
    assert page.locator("#name").input_value() == ""  # free for the next one

    set_clock(site.fashen, day(2026, 9, 1, 12, 25))
    online(phone)
    expect(page.locator("#net")).to_contain_text("已发送")
    assert decided(site) == ["in_effect"]
    assert times(site) == {("2026-09-01T12:00:00+08:00", "2026-09-01T12:25:00+08:00")}
    assert queue(page) == []
    assert "田某某" not in kept(page)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    phone.press("打开决定书或者案件")
    assert phone.heading() == "当场行政处罚决定书"
    expect(page.get_by_alt_text("当事人的签名")).to_be_visible()
    assert decided(site) == ["in_effect"]


def test_with_a_network_the_decision_comes_at_once(site: Site, phone: Visitor):
    fill(phone.page)
    phone.page.locator("#decide").click()
    expect(phone.page.locator("h1")).to_have_text("当场行政处罚决定书")
    phone.go("/summary")
    assert phone.page.locator("#name").input_value() == ""


def test_an_amount_that_does_not_fit_is_said_at_once_and_goes_the_other_way(
    site: Site, phone: Visitor
):
    page = phone.page
    fill(page, fine="201")
    expect(page.locator("#h-fine")).to_contain_text("不能当场处罚（行政处罚法第五十一条）")
    page.locator("#over").get_by_role("button", name="转普通程序立案").click()
    page.wait_for_url("**/cases/**")
    assert decided(site) == ["checking"]


def test_what_the_server_refuses_stands_in_the_form_again(site: Site, phone: Visitor):
    page = phone.page
    fill(page, fine="201")
    page.locator("#decide").click()
    expect(page.locator("#e-fine-1")).to_contain_text("超过 200 元")
    assert page.locator("#name").input_value() == "田某某"
    assert queue(page) == []
    assert decided(site) == []
    page.locator("#fine").fill("200")
    page.locator("#signed_with").fill(PASSWORD)
    page.locator("#decide").click()
    expect(page.locator("h1")).to_have_text("当场行政处罚决定书")
    assert decided(site) == ["in_effect"]


def test_whoever_was_signed_out_meanwhile_signs_in_and_sends_then(site: Site, phone: Visitor):
    page = phone.page
    fill(page)
    offline(phone)
    page.locator("#decide").click()
    expect(page.locator("#queue")).to_contain_text("待发送")
    phone.context.clear_cookies()
    online(phone)
    expect(page.locator("#queue")).to_contain_text("登录已经过期")
    name, value = cookie_of(site.fashen, "zhang")
    assert name == COOKIE
    phone.context.add_cookies([{"name": name, "value": value, "url": site.url}])
    phone.go("/summary")
    # The page was opened anew, so the password that only it knew is asked again.
    expect(page.locator("#queue")).to_contain_text("再输入一次密码")
    page.locator("#queue input[type=password]").fill(PASSWORD)
    page.locator("#queue").get_by_role("button", name="发送").click()
    expect(page.locator("#net")).to_contain_text("已发送")
    assert decided(site) == ["in_effect"]


def test_the_page_opens_without_a_network_after_one_visit(site: Site, phone: Visitor):
    page = phone.page
    expect(page.locator("html")).to_have_attribute("data-offline", "ready")
    page.locator("#name").fill("写到一半的人")
    offline(phone)
    page.reload()
    assert page.locator("#name").input_value() == "写到一半的人"
    fill(page)
    page.locator("#decide").click()
    expect(page.locator("#queue")).to_contain_text("待发送")
    online(phone)
    # A page that was opened without a network is not told that it is back; it tries again by itself, or so.
    page.locator("#queue").get_by_role("button", name="发送").click()
    expect(page.locator("#net")).to_contain_text("已发送")
    assert decided(site) == ["in_effect"]


def test_without_a_script_the_form_is_a_form(site: Site, sits: Sits):
    visitor = sits(site, "zhang", phone=True, script=False).go("/summary")
    page = visitor.page
    page.locator("#power").select_option("SL-WST-01")
    page.locator("#name").fill("田某某")
    page.locator("#place").fill("示例路 12 号门前")
    page.locator("#text").fill("随意倾倒生活垃圾")
    page.locator("#shown").check()
    page.locator("#told").check()
    page.get_by_label("没有异议").check()
    page.locator("#fine").fill("100")
    page.get_by_label("已责令改正，当场改正完毕").check()
    page.get_by_label("在纸质决定书上签名").check()
    page.locator("#signed_with").fill(PASSWORD)
    page.locator("#decide").click()
    expect(page.locator("h1")).to_have_text("当场行政处罚决定书")
    assert decided(site) == ["in_effect"]
