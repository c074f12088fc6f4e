"""督察 — the inspector's day: what is red, a 督办 and its answer, dossiers drawn and scored, and the proof."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from tests.browser.conftest import Comes
from tests.browser.forms import fill
from tests.browser.site import Site, served
from tests.builders import document_of, office_at
from tests.supervision import a_year
from workflow import models
from workflow.oracle import check_all


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Site]:
    with served(office_at(sqlite_url)) as site:
        yield site


def test_an_inspector_asks_about_what_is_red_and_the_office_answers(site: Site, comes: Comes):
    case = a_year(site.fashen)["early"]
    he = comes("inspector")
    he.press("督察", "nav").press("听证、申辩期满前作出的决定", "main")
    red = he.page.locator(".fx-reds tbody tr")
    assert red.count() == 2  # one decision, before both periods were over
    expect(he.page.locator("#h-red + span")).to_contain_text("2 项，1 件案件")
    expect(red.first).to_contain_text(
        "2026-03-09"
    )  # the end of the window, beside the day of the decision
    expect(red.first).to_contain_text("未等听证期满即已发出")
    he.press("发督办", ".fx-reds")
    fill(
        he.page,
        {"content": "请说明期限未满即决定的原因，并提出补救办法", "to": "head", "workdays": 5},
    )
    he.press("发出督办", ".fx-dock")

    head = comes("head")
    head.press("督办", "nav[aria-label=工作台]").press("示街罚案", ".fx-bench")
    head.press("报送办理情况", "main")
    fill(head.page, {"answer": "已约谈承办人；该决定拟自行撤销，重新告知"})
    head.press("报送办理情况", ".fx-dock")

    he.press("督察", "nav").press("督办", "nav[aria-label=督察]")
    expect(he.page.locator(".fx-table tbody")).to_contain_text("已答复")
    he.press("请说明期限未满", ".fx-table")
    expect(he.page.locator("article")).to_contain_text("重新告知")
    paper = document_of(site.fashen, case)["supervisions"][0]
    assert paper["workdays"] == 5
    assert paper["answered_on"] == "2026-11-23"
    assert check_all(site.fashen) == []


def test_an_inspector_draws_dossiers_by_a_seed_scores_one_and_proves_the_record(
    site: Site, comes: Comes
):
    a_year(site.fashen)
    he = comes("inspector")
    he.press("督察", "nav").press("案卷评查", "nav[aria-label=督察]")
    for label, value in (
        ("决定日期，自", "2026-01-01"),
        ("抽几卷", "2"),
        ("种子", "2026年第四季度"),
    ):
        he.page.get_by_label(label, exact=True).fill(value)
    he.press("抽取", "main")
    assert he.heading() == "抽查 2 卷"
    expect(he.page.get_by_text("重抽一致")).to_be_visible()
    he.press("评分", ".fx-table")
    he.page.get_by_label("总评").fill("程序完整，文书规范")
    he.press("保存评分", "main")
    expect(he.page.get_by_text("已保存第 1 次评分")).to_be_visible()
    with site.fashen.engine.connect() as tx:
        (sheet,) = tx.execute(sa.select(models.dossier_score)).mappings()
        assert (sheet["scored_by"], sheet["remark"]) == ("inspector", "程序完整，文书规范")

    he.press("督察", "nav").press("现在核验", "main")
    expect(he.page.get_by_text("核验通过").first).to_be_visible()
    with site.fashen.engine.connect() as tx:
        assert tx.scalar(sa.select(models.integrity_check.c.state)) == "done"
