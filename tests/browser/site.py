"""An office served to a real Chromium: its pages, its people, and what the browser had to complain about."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, ViewportSize

from tests.web.visiting import PASSWORD
from workflow.program import Fashen
from workflow.web.app import make_app

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
HOW = "没有找到 Chromium。Debian、Ubuntu：apt-get install chromium fonts-noto-cjk；或用 FASHEN_CHROMIUM 指出它在哪里。"

DESK = ViewportSize(width=1366, height=768)
PHONE = ViewportSize(width=390, height=844)


def chromium_here() -> str:
    """The path of a Chromium of this machine, or nothing."""
    given = os.environ.get("FASHEN_CHROMIUM", "")
    return given or next((path for name in NAMES if (path := shutil.which(name))), "")


def launched(playwright: Playwright) -> Browser:
    """The browser, or a skip that says how to get one; where `FASHEN_BROWSER=required`, a failure."""
    path = chromium_here()
    if not path:
        if os.environ.get("FASHEN_BROWSER") == "required":
            pytest.fail(HOW)
        pytest.skip(HOW)
    quiet = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
    return playwright.chromium.launch(executable_path=path, args=list(quiet))


@dataclass
class Site:
    """One office on a port of its own."""

    fashen: Fashen
    url: str

    def address(self, path: str) -> str:
        return self.url + path


@contextmanager
def served(fashen: Fashen) -> Iterator[Site]:
    """Serve an office from a thread of this process, so that a test may set its clock and take steps in it."""
    told = uvicorn.Config(make_app(fashen), host="127.0.0.1", port=0, log_level="warning")
    server = uvicorn.Server(told)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the server did not start")
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Site(fashen, f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join(10)


@dataclass
class Visitor:
    """A person at a screen. Whatever the browser complains about is kept, and the test fails by it."""

    site: Site
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", self._failed)

    def _said(self, message: Any) -> None:
        # A refusal is a page with the status 409, and Chromium counts its own navigation as an error.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.type}: {message.text} ({self.page.url})")

    def _failed(self, asked: Request) -> None:
        # Whatever was still under way when the next page was asked for is given up.
        if asked.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{asked.url}: {asked.failure}")

    def go(self, path: str) -> Visitor:
        self.page.goto(self.site.address(path))
        return self

    def press(self, name: str, within: str = "body") -> Visitor:
        """Press the first button or link of this name that is to be seen there; wait for the page that follows."""
        there = self.page.locator(within)
        pressed = there.get_by_role("button", name=name).or_(there.get_by_role("link", name=name))
        pressed.filter(visible=True).first.click()
        self.page.wait_for_load_state()
        return self

    def signs_in(self, person: str, password: str = PASSWORD, *, code: str = "") -> Visitor:
        """By the sign-in page, as everybody begins."""
        self.go("/login")
        self.page.get_by_label("姓名或者账号").fill(person)
        self.page.get_by_label("密码", exact=True).fill(password)
        if code:
            self.page.get_by_label("动态口令").fill(code)
        return self.press("登录", "main")

    def signs(self, button: str) -> Visitor:
        """Give the password again and press the button under it."""
        self.page.locator("#signed_with").fill(PASSWORD)
        return self.press(button, "main")

    def text(self) -> str:
        return self.page.inner_text("body")

    def heading(self) -> str:
        return self.page.inner_text("h1")
