"""Signing in without the sign-in page, for tests that are about something else."""

from __future__ import annotations

import html
import re

from fastapi.testclient import TestClient

from tests.builders import OFFICE
from workflow import accounts, models, passwords, sessions
from workflow.database import insert_new
from workflow.program import Fashen
from workflow.web.pages.session import COOKIE

PASSWORD = "一句只有自己知道的话 2026"
"""The password of everybody who came in by `cookie_of`."""


def with_password(fashen: Fashen, person: str, office: str = OFFICE) -> None:
    """Give somebody an account with a password of their own, if they have none."""
    told = passwords.hashed(fashen, PASSWORD)
    fresh = {"hash": told, "initial": False, "changed_at": fashen.clock()}
    with fashen.engine.begin() as tx:
        tx.execute(insert_new(tx, models.account), accounts._row(office, person) | fresh)


def cookie_of(fashen: Fashen, person: str, office: str = OFFICE) -> tuple[str, str]:
    """Name and value of the cookie that this person's browser holds."""
    with_password(fashen, person, office)
    return COOKIE, sessions.begin(fashen, office, person, address="testclient", agent="a test")


class Seat:
    """A browser of a sample office that one person after another sits at."""

    usual = "zhang"
    """Who sits there where a test does not say."""

    def __init__(self, fashen: Fashen, client: TestClient) -> None:
        self.fashen, self.client = fashen, client

    def page(self, path: str, by: str = "", status: int = 200) -> str:
        enter(self.client, by or self.usual)
        found = self.client.get(path)
        assert found.status_code == status, found.text
        return found.text


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of a page; empty where it has none of this name."""
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page)
    return html.unescape(found[1]) if found else ""


def enter(client: TestClient, person: str, office: str = OFFICE) -> None:
    """Let this client be the browser of this person from now on."""
    client.cookies.clear()
    name, value = cookie_of(client.app.state.fashen, person, office)  # type: ignore[attr-defined]
    client.cookies.set(name, value)
