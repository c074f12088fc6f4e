"""A person's notices: shown when the page is opened, read when they say so, and theirs alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx2
import pytest
from fastapi.testclient import TestClient

from tests.builders import a_case, day, office_at, set_clock
from tests.web.test_reading import Reader, hidden
from workflow import inbox
from workflow.deliveries import drain
from workflow.web.app import make_app


class Browser(Reader):
    """A reader who also presses buttons."""

    def send(self, path: str, by: str, **fields: str) -> httpx2.Response:
        sent = {"csrf": hidden(self.page("/", by), "csrf"), **fields}
        return self.client.post(path, data=sent, follow_redirects=False)


@pytest.fixture
def browser() -> Iterator[Browser]:
    with TestClient(make_app(office_at(now=day(2026, 9, 1)))) as client:
        yield Browser(client)


def receipts(browser: Browser) -> list[tuple[bool, bool]]:
    rows = inbox.notices(browser.fashen, "sample", "shen")
    return [(n["shown_at"] is not None, n["read_at"] is not None) for n in rows]


def with_two_notices(browser: Browser) -> None:
    a_case(browser.fashen, "under_review")
    a_case(browser.fashen, "under_review")
    drain(browser.fashen)


def test_a_notice_is_shown_when_the_page_is_opened_and_read_when_the_person_says_so(
    browser: Browser,
):
    with_two_notices(browser)
    assert receipts(browser) == [(False, False)] * 2
    page = browser.page("/inbox", "shen")
    assert "2 条未读" in page
    assert receipts(browser) == [(True, False)] * 2
    newest = inbox.notices(browser.fashen, "sample", "shen")[0]["id"]
    browser.send("/inbox/read", "shen", notice=str(newest))
    assert receipts(browser) == [(True, True), (True, False)]
    browser.send("/inbox/read", "shen", notice="all")
    assert receipts(browser) == [(True, True)] * 2
    assert "未读" not in browser.page("/inbox", "shen")


def test_the_first_moment_of_reading_stays(browser: Browser):
    with_two_notices(browser)
    browser.send("/inbox/read", "shen", notice="all")
    before = [n["read_at"] for n in inbox.notices(browser.fashen, "sample", "shen")]
    set_clock(browser.fashen, browser.fashen.clock() + timedelta(days=1))
    browser.send("/inbox/read", "shen", notice="all")
    assert [n["read_at"] for n in inbox.notices(browser.fashen, "sample", "shen")] == before


@pytest.mark.parametrize("notice", ["", "x", "-1", "9" * 30, "１"])
def test_what_is_not_a_notice_reads_nothing(browser: Browser, notice: str):
    with_two_notices(browser)
    assert browser.send("/inbox/read", "shen", notice=notice).status_code == 303
    assert receipts(browser) == [(False, False)] * 2


def test_nobody_reads_for_another(browser: Browser):
    with_two_notices(browser)
    for notice in inbox.notices(browser.fashen, "sample", "shen"):
        browser.send("/inbox/read", "zhang", notice=str(notice["id"]))
    assert receipts(browser) == [(False, False)] * 2
