"""Whole days in a real browser: from the sign-in page to what each person came for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from states.case import CaseState
from tests.browser.conftest import Sits
from tests.browser.forms import fill
from tests.browser.site import Site, Visitor, served
from tests.builders import (
    JUDGED,
    a_case,
    day,
    lawful_steps,
    office_at,
    set_clock,
    state_of,
    verbs_taken,
)
from tests.web.visiting import PASSWORD, with_password
from workflow import passwords
from workflow.deliveries import drain
from workflow.oracle import check_all
from workflow.sweep import sweep
from workflow.web.pages.signing import asks

FIRST = passwords.SAMPLE_PASSWORD


@pytest.fixture
def site() -> Iterator[Site]:
    with served(office_at(now=day(2026, 9, 1))) as site:
        yield site


def takes(visitor: Visitor, case: str | None, verb: str, form: dict[str, Any]) -> Visitor:
    """Open the form of a step, fill it in, sign where a name is signed, press the one filled button."""
    visitor.go(f"/cases/{case}/do/{verb}" if case else f"/cases/do/{verb}")
    fill(visitor.page, form)
    if verb.startswith("pass_"):  # the reviewer's desk asks for the conclusion in words
        fill(visitor.page, {"verdict": "agree"})
    if asks(verb):
        visitor.page.locator("#signed_with").fill(PASSWORD)
    visitor.page.locator(".fx-dock .btn-primary").click()
    visitor.page.wait_for_load_state()
    return visitor


def test_the_first_morning_of_a_sample_person(site: Site, sits: Sits):
    came = sits(site).signs_in("张衡", FIRST)
    assert came.heading() == "先设置自己的密码"
    for label, told in (("现在的密码", FIRST), ("新密码", PASSWORD), ("再填一次新密码", PASSWORD)):
        came.page.get_by_label(label, exact=True).fill(told)
    came.press("保存密码")
    expect(came.page.get_by_text("示例环境")).to_be_visible()
    assert "张衡" in came.text()


def test_an_ordinary_case_goes_from_hand_to_hand(site: Site, sits: Sits):
    """Five people carry it from the lead to the archive, each at a screen of their own."""
    fashen, case = site.fashen, None
    desks: dict[str, Visitor] = {}
    at = ""
    steps = list(lawful_steps(fashen, fashen.clock(), publish=True))
    for step in steps:
        set_clock(fashen, step.at)
        if step.by == "system":
            sweep(fashen)
            continue
        if step.by not in desks:
            with_password(fashen, step.by)
            desks[step.by] = sits(site)
        today = f"{step.by} {step.at:%Y-%m-%d}"
        if today not in at:  # the session of another day has run out
            desks[step.by].signs_in(step.by)
            at += today
        desk = takes(desks[step.by], case, step.verb, dict(step.form))
        case = case or desk.page.url.split("?")[0].rpartition("/")[2]
        assert "?done=" in desk.page.url, (step.verb, desk.text())
        if step.verb == "review_publication":
            drain(fashen)  # the platforms answer
    assert case
    assert set(desks) == {"zhang", "li", "wang", "shen", "head", "clerk"}
    assert state_of(fashen, case) == CaseState.ARCHIVED
    taken = [verb for _, verb in verbs_taken(fashen, case)]
    assert [v for v in taken if v != "record_publication"] == [
        s.verb for s in steps if s.verb != "record_publication"
    ]
    assert check_all(fashen) == []


def test_a_double_click_signs_once(site: Site, sits: Sits):
    case = a_case(site.fashen, "under_review")
    before = len(verbs_taken(site.fashen, case))
    shen = sits(site, "shen")
    shen.go(f"/cases/{case}/do/pass_review")
    fill(shen.page, {"opinion": "事实清楚，同意", "items": JUDGED, "verdict": "agree"})
    shen.page.locator("#signed_with").fill(PASSWORD)
    shen.page.locator(".fx-dock .btn-primary").dblclick()
    shen.page.wait_for_url("**/cases/*")
    assert len(verbs_taken(site.fashen, case)) == before + 1


def test_it_works_without_a_script(site: Site, sits: Sits):
    with_password(site.fashen, "zhang")
    zhang = sits(site, script=False).signs_in("zhang")
    takes(zhang, None, "register_lead", {"source": "巡查", "place": "村西", "text": "有人焚烧秸秆"})
    assert "?done=" in zhang.page.url
