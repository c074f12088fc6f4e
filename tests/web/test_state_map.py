"""流程图: what is drawn and written of the way is what the ledger has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from states.case import CURRENT
from states.where import CaseState
from tests.builders import a_case, day, office_at, take
from tests.web.test_reading import Reader
from workflow import models
from workflow.web.app import make_app
from workflow.web.pages.state_map import main_line

ON_THE_SPOT: dict[str, Any] = {
    "kind": "自然人", "name": "李四", "place": "西杜庄村口", "text": "占道经营",
    "power": "SL-AIR-01", "officers": ["zhang", "li"],
}  # fmt: skip


@pytest.fixture
def reader() -> Iterator[Reader]:
    with TestClient(make_app(office_at(now=day(2026, 9, 1)))) as client:
        yield Reader(client)


def ledger(reader: Reader, case: str) -> list[tuple[str, str]]:
    e = models.ledger.c
    asked = sa.select(e.body).where(e.case_id == case).order_by(e.seq)
    with reader.fashen.engine.connect() as tx:
        bodies = [json.loads(body) for body in tx.execute(asked).scalars()]
    return [(b.get("from") or "", b["to"]) for b in bodies if b.get("from") != b["to"]]


def words(pairs: list[tuple[str, str]]) -> list[str]:
    labels = {s.value: s.label for s in CaseState}
    return [f"{labels[a]} → {labels[b]}" if a in labels else labels[b] for a, b in pairs]


def written(page: str) -> list[str]:
    """The steps of the list below the picture."""
    part = page[page.index('class="fx-map-list') : page.index("从这里可以走的")]
    return [re.sub(r"　.*", "", told) for told in re.findall(r"<br><span[^>]*>([^<]*)", part)]


def numbered(page: str, kind: str) -> list[int]:
    """The steps whose numbers stand on ways of this kind in the picture."""
    found = re.findall(rf'fx-map-n is-{kind}">.*?<text[^>]*>([^<]*)', page)
    return sorted(int(n) for told in found for n in told.split("·"))


def box(page: str, place: str) -> list[str]:
    return re.findall(rf'fx-map-box is-{place}">.*?<text[^>]*>([^<]*)', page)


def test_the_main_line_is_the_lawful_case_from_the_lead_to_the_archive():
    labels = [s.label for s in main_line(CURRENT["ordinary"])]
    assert (labels[0], labels[-1], len(labels)) == ("线索", "归档", 14)
    assert [s.label for s in main_line(CURRENT["summary"])][-1] == "归档"


def test_every_step_of_the_way_is_written_and_numbered(reader: Reader):
    case = a_case(reader.fashen, "archived")
    page = reader.page(f"/cases/{case}/map")
    way = ledger(reader, case)
    assert written(page) == words(way)
    assert numbered(page, "taken") == list(range(2, len(way) + 1))  # the first comes from nowhere
    assert box(page, "here") == ["归档"]
    assert box(page, "ahead") == []
    assert "没有去向" in page


def test_a_return_is_drawn_back_and_the_way_on_again_forward(reader: Reader):
    case = a_case(reader.fashen, "under_review")
    points = ["复查结论没有入卷"]
    take(
        reader.fashen, "shen", "return_case", case, opinion="请补正", points=points, kind="correct"
    )
    take(reader.fashen, "zhang", "answer_point", case, no=1, answer="已补正")
    page = reader.page(f"/cases/{case}/map")
    steps = len(ledger(reader, case))
    assert written(page) == words(ledger(reader, case))
    assert numbered(page, "back") == [steps]
    assert page.count("回到走过的环节") == 1
    assert box(page, "here") == ["调查取证"]
    assert "（第 2 次）" in page


def test_what_is_open_and_what_is_refused_are_told_apart(reader: Reader):
    case = a_case(reader.fashen, "notified")
    page = reader.page(f"/cases/{case}/map")
    assert re.search(r"fx-map-way is-held", page)
    onward = page[page.index("从这里可以走的") :]
    assert "报请决定" in onward
    assert re.search(r"报请决定.*?不能办　\d 条理由", onward, re.S)


def test_a_case_that_left_the_summary_procedure_shows_where_it_began(reader: Reader):
    case = take(reader.fashen, "zhang", "start_on_spot", **ON_THE_SPOT).case
    take(reader.fashen, "zhang", "convert_to_ordinary", case)
    page = reader.page(f"/cases/{case}/map")
    assert written(page) == words(ledger(reader, case))
    assert "现场处置" in box(page, "been")
    assert "普通程序" in page


def test_the_phase_bar_of_a_case_on_the_spot_misses_nothing(reader: Reader):
    """Before the decision as after it: 立案 and 法制审核 are no part of the summary procedure."""
    case = take(reader.fashen, "zhang", "start_on_spot", **ON_THE_SPOT).case
    page = reader.case(case)
    assert "没有经过" not in page
    assert re.findall(r"<b>([^<]*)</b><small>简易程序不需要", page) == ["立案", "法制审核"]


def test_the_case_page_leads_to_it(reader: Reader):
    case = a_case(reader.fashen, "investigating")
    assert f'href="/cases/{case}/map"' in reader.case(case)
