"""管理 — the three administrators' days: each with the second person who signs, looks or is let in again."""

from __future__ import annotations

from collections.abc import Iterator

import pyotp
import pytest
import sqlalchemy as sa
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Comes, Sits
from tests.browser.site import Site, Visitor, served
from tests.builders import OFFICE, day, office_at, set_clock
from tests.web.visiting import PASSWORD, with_password
from workflow import models

NEW = "  - {id: qian, name: 钱闻, roles: [officer], post: 执法人员}\n"
DUTY = "duty_roster: [{person: li, from: 2026-11-23T08:00, until: 2026-11-24T08:00}]"


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Site]:
    with served(office_at(sqlite_url, now=day(2026, 11, 23))) as site:
        yield site


def proposes(admin: Visitor, text: str) -> None:
    """Send the file as it was changed elsewhere."""
    file = FilePayload(name="office.yaml", mimeType="text/yaml", buffer=text.encode())
    admin.page.get_by_label("或者上传改好的文件").set_input_files(file)
    admin.press("提出，看改了什么", "main")


def test_a_system_administrator_proposes_people_and_a_roster_and_the_head_signs(
    site: Site, comes: Comes
):
    admin = comes("admin")
    admin.press("管理", "nav").press("机关文件", "nav[aria-label=管理]").press("提出改动", "main")
    written = admin.page.get_by_label("机关文件（YAML）", exact=True).input_value()
    more = written.replace("  - {id: li,", f"{NEW}  - {{id: li,", 1)
    admin.page.get_by_label("为什么改").fill("新到一名执法人员；排 11 月 23 日的班")
    proposes(admin, more.replace("duty_roster: []", "duty_roster: [{"))
    expect(admin.page.get_by_role("alert")).to_contain_text("没有提出，什么都没有改变")
    proposes(admin, more.replace("duty_roster: []", DUTY))
    for words in ("钱闻", "值班", "顾明"):
        expect(admin.page.locator("main")).to_contain_text(words)
    assert (
        admin.page.get_by_role("button", name="签字并载入").count() == 0
    )  # nobody signs their own

    head = comes("head")
    head.press("管理", "nav").press("第 1 号改动等待签字", "main").signs("签字并载入")
    expect(head.page.locator("main")).to_contain_text("载入为第 2 版")
    admin.press("值班", "nav[aria-label=管理]")
    assert "现在值班：李薇" in admin.text()
    with site.fashen.engine.connect() as tx:
        assert site.fashen.bureau(tx, OFFICE).office.person("qian")
        (signed,) = tx.execute(sa.select(models.office_proposal)).mappings()
        assert (signed["proposed_by"], signed["decided_by"]) == ("admin", "head")


def sets_password(visitor: Visitor, now: str) -> None:
    for label, told in (("现在的密码", now), ("新密码", PASSWORD), ("再填一次新密码", PASSWORD)):
        visitor.page.get_by_label(label, exact=True).fill(told)
    visitor.press("保存密码", "main")


def account_row(name: str) -> str:
    """The row of this person in the list of accounts."""
    return f".fx-table tbody tr:has(b:text-is('{name}'))"


def test_a_security_administrator_lets_people_in_and_the_audit_administrator_sees_it(
    site: Site, comes: Comes, sits: Sits
):
    fashen = site.fashen
    fashen.settings = fashen.settings.model_copy(update={"password_tries": 2})
    with_password(fashen, "li")
    li = sits(site)
    for _ in range(fashen.settings.password_tries):
        li.signs_in("li", "不是这一句密码")
    li.signs_in("li")
    assert (
        li.heading() == "登录法审"
    )  # it rests, and says so without telling whether the password was right

    security = comes("security")
    security.press("账户", "nav")
    assert "暂停" in security.page.inner_text(account_row("李薇"))
    security.press("解除暂停", account_row("李薇"))
    li.signs_in("li")
    assert "李薇" in li.text()

    # Somebody new: a password once on this screen, a password of one's own, a second factor.
    security.press("发给初始密码", account_row("孟晓禾"))
    given = security.page.inner_text("section[role=status] code")
    clerk = sits(site).signs_in("孟晓禾", given)
    sets_password(clerk, given)
    clerk.page.locator(".fx-me summary").click()
    clerk.press("我的账户", ".fx-me").signs("启用动态口令…")
    key = clerk.page.inner_text("form[action='/me/factor'] code")
    totp = pyotp.TOTP("".join(key.split()))
    clerk.page.get_by_label("现在显示的六位数").fill(totp.at(fashen.clock()))
    clerk.press("启用动态口令", "main")
    expect(clerk.page.get_by_role("heading", name="动态口令已启用")).to_be_visible()
    set_clock(fashen, day(2026, 11, 23, 9, 5))
    clerk.page.locator(".fx-me summary").click()
    clerk.press("退出登录", ".fx-me")
    assert clerk.signs_in("孟晓禾").heading() == "登录法审"  # the password alone opens nothing
    clerk.signs_in("孟晓禾", code=totp.at(fashen.clock()))
    assert "孟晓禾" in clerk.text()

    # The phone is lost.
    security.press("账户", "nav")
    security.press("停用动态口令", account_row("孟晓禾"))
    assert "孟晓禾" in sits(site).signs_in("孟晓禾").text()

    auditor = comes("auditor")
    auditor.press("登录日志", "nav")
    auditor.page.get_by_label("人员").select_option(label="孟晓禾")
    auditor.press("查看", "main")
    told = auditor.page.inner_text(".fx-table")
    for words in ("初始密码", "动态口令", "程守安", "本人"):
        assert words in told
    log = models.access_log.c
    with fashen.engine.connect() as tx:
        whats = list(
            tx.scalars(sa.select(log.what).where(log.person_id == "clerk").order_by(log.id))
        )
    assert whats.count("factor_on") == 1
    assert whats.count("factor_off") == 1
