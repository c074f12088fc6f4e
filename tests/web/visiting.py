"""Signing in without the sign-in page, for tests that are about something else."""

from __future__ import annotations

from fastapi.testclient import TestClient

from workflow.program import Fashen
from workflow.web.app import make_app
from workflow.web.pages.session import COOKIE


def cookie_of(fashen: Fashen, person: str, office: str = "sample") -> tuple[str, str]:
    """Name and value of the cookie that this person's browser holds."""
    import re

    with TestClient(make_app(fashen)) as client:
        csrf = re.findall(r'name="csrf" value="([^"]*)"', client.get("/login").text)[0]
        client.post("/login", data={"csrf": csrf, "office": office, "person": person})
        return COOKIE, str(client.cookies[COOKIE])
