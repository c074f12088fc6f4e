"""The defects that dossier reviews find most often, met in a real browser: the law's no is a page with a way out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.browser.conftest import Sits
from tests.browser.site import Site, served
from tests.browser.test_journeys import takes
from tests.builders import (
    DECISION_SAYS,
    JUDGED,
    a_case,
    a_notice,
    a_photo,
    a_proposal,
    a_scene,
    a_spot_decision,
    day,
    everything,
    office_at,
    take,
)
from workflow.program import Fashen


@dataclass(frozen=True, slots=True)
class Met:
    """A step that the law refuses: who tries it in which case, and what the page must say."""

    defect: str
    case: Callable[[Fashen], str]
    by: str
    verb: str
    form: dict[str, Any]
    title: str
    cite: str
    cure: str


def in_state(state: str, **more: Any) -> Callable[[Fashen], str]:
    return lambda fashen: a_case(fashen, state, **more)


def with_a_defence(fashen: Fashen) -> str:
    """The party has spoken, nobody has answered, and the period is over."""
    case = a_case(fashen, "notified")
    take(fashen, "clerk", "record_statement", case, text="我只是烧了自家院里的落叶")
    take(fashen, "zhang", "proceed", case, at=day(2026, 9, 20))
    return case


REFUSED = [
    Met("申辩、听证期限内决定", in_state("notified"), "zhang", "proceed", {}, "期限", "第四十五条", "最早可办"),
    Met("没有通过法制审核", in_state("under_review"), "shen", "pass_review",
        {"opinion": "同意", "items": JUDGED | {"程序": "有意见：没有告知回避权利"}}, "审核", "第五十八条", "退回"),
    Met("执法人员不足两人", in_state("checking", after="start_check"), "zhang", "add_evidence",
        a_scene(officers=["zhang"]), "两名", "第四十二条", "执法人员"),
    Met("执法证过期", in_state("checking", after="start_check"), "zhang", "add_evidence",
        a_scene(officers=["zhang", "zhao"]), "执法证", "第四十二条", "证"),
    Met("申辩没有复核", with_a_defence, "head", "decide",
        {"number": "示街罚决〔2026〕001号", "contents": DECISION_SAYS}, "申辩", "第四十五条", "复核"),
    Met("没有告知听证权利", in_state("noticing"), "zhang", "serve_notice",
        a_notice("示街罚告〔2026〕001号", hearing_told=False), "听证", "第六十三条", "听证"),
    Met("罚款超出法定幅度", in_state("investigating"), "zhang", "conclude", a_proposal(900_000), "幅度", "条", "元"),
    Met("当场处罚超过二百元", in_state("on_spot"), "li", "decide_on_spot",
        a_spot_decision("示街罚当〔2026〕001号", 201), "200", "第五十一条", "普通程序"),
    Met("没有履行就结案", in_state("in_effect", after="withhold_publication"), "head", "close", {}, "履行", "条", "缴"),
    Met("照片没有拍摄地点", in_state("checking", after="start_check"), "zhang", "add_evidence",
        a_photo(place=""), "地点", "条", "补"),
]  # fmt: skip


@pytest.fixture
def site() -> Iterator[Site]:
    with served(office_at(now=day(2026, 9, 1))) as site:
        yield site


@pytest.mark.parametrize("met", REFUSED, ids=lambda m: m.defect)
def test_the_page_says_why_not_which_article_and_who_can_cure_it(site: Site, sits: Sits, met: Met):
    case = met.case(site.fashen)
    before = {k: v for k, v in everything(site.fashen).items() if k in ("cases", "ledger")}
    page = takes(sits(site, met.by, phone=True), case, met.verb, met.form)
    told = page.text()
    assert page.heading().startswith(("现在不能", "须写明理由才能"))
    for word in (met.title, met.cite, met.cure, "什么都没有改变", "怎样最快办成", "由谁办"):
        assert word in told, (word, told)
    after = {k: v for k, v in everything(site.fashen).items() if k in ("cases", "ledger")}
    assert after == before
