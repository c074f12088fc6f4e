"""A Chromium for the whole run, and people who sit before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.site import DESK, PHONE, Site, Visitor, launched
from tests.web.visiting import cookie_of, with_password


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


Sits = Callable[..., Visitor]
Comes = Callable[..., Visitor]


@pytest.fixture
def sits(chromium: Browser) -> Iterator[Sits]:
    """`sits(site, "zhang", phone=True, dark=True)`: this person, signed in, before a screen of their own."""
    came: list[Visitor] = []

    def comes(
        site: Site, person: str = "", *, phone: bool = False, dark: bool = False, script: bool = True,
        **more: Any,
    ) -> Visitor:  # fmt: skip
        context = chromium.new_context(
            viewport=PHONE if phone else DESK,
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **more,
        )
        context.set_default_timeout(10_000)
        if person:
            name, value = cookie_of(site.fashen, person)
            context.add_cookies([{"name": name, "value": value, "url": site.url}])
        came.append(Visitor(site, context, context.new_page()))
        return came[-1]

    yield comes
    complaints = [said for visitor in came for said in visitor.complaints]
    for visitor in came:
        visitor.context.close()
    assert complaints == []


@pytest.fixture
def comes(site: Site, sits: Sits) -> Comes:
    """`comes("zhang", phone=True)`: somebody of this office who has just signed in by the sign-in page."""

    def in_(person: str, **how: Any) -> Visitor:
        with_password(site.fashen, person)
        return sits(site, **how).signs_in(person)

    return in_
