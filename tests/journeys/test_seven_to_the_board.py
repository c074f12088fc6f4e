"""The seven published decisions once more: served, put together, looked over, on the board and in both records."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from policies import checklists  # noqa: F401 - registers every policy
from policies.casefile import CaseFile, yuan_text
from policies.core import POLICIES, Level
from tests.builders import OFFICE, day, document_of, office_at, set_clock, take
from workflow import models, scenario
from workflow.cli import published
from workflow.deliveries import drain
from workflow.identifiers import resolve
from workflow.oracle import check_all
from workflow.program import Fashen
from workflow.publication import board, profile, record
from workflow.publication.disguised import find, redacted
from workflow.times import beijing

FOLDER = resources.files("workflow.sample").joinpath("scenarios")
FILES = sorted(f.name for f in FOLDER.iterdir() if published.MARK in f.name)
EXCUSED = {p.id: "公开的文本没有载明" for p in POLICIES.values() if p.level is Level.WARN}
UNTOLD = {
    "CF_XDR_SHXYM",
    "CF_FRDB",
    "CF_XDR_ZJLX",
    "CF_XDR_ZJHM",
    "CF_WSH",
    "CF_YJ",
    "CF_XDR_SFZ",
    "CF_FR",
}
"""Codes, papers and numbers that published texts leave out."""


def brought_in(name: str) -> tuple[Fashen, str]:
    """The case as the demo records it, and served the day after."""
    fashen = office_at()
    text = (FOLDER / name).read_text("utf-8")
    told = scenario.replay(name, text, fashen, scenario.OwnHands(fashen))
    assert told.ok
    with fashen.engine.connect() as tx:
        decided = sa.select(models.cases.c.id).where(
            models.cases.c.state.in_(("decided", "in_effect"))
        )
        case = str(tx.scalar(decided))
    set_clock(fashen, day(2026, 11, 24))
    if case == "None":
        case = _with_its_date_mended(fashen, text)
    take(fashen, "zhang", "serve_decision", case, receiver="当事人", officers=["zhang", "li"],
         irregular="公开的文本没有载明怎样送达", excuses=EXCUSED)  # fmt: skip
    return fashen, case


def _with_its_date_mended(fashen: Fashen, text: str) -> str:
    """One file is a report whose inquiry is dated a year too early; what it proposes, with the day put right."""
    [step] = [s for s in yaml.safe_load(text)["steps"] if s["do"] == "record_issued_decision"]
    form = step["with"]
    [inquiry] = form["evidence_dated"]
    form["evidence_dated"] = [{**inquiry, "taken_on": inquiry["taken_on"].replace(year=2017)}]
    with fashen.engine.connect() as tx:
        case = str(tx.scalar(sa.select(models.cases.c.id)))
    take(fashen, "clerk", "record_issued_decision", case, irregular="照报告登记，日期已核对",
         excuses=EXCUSED, **form)  # fmt: skip
    return case


@pytest.mark.parametrize("name", FILES)
def test_it_comes_to_the_board_and_into_both_records(name: str):
    fashen, case = brought_in(name)
    facts = document_of(fashen, case)["proposal"]["facts"]
    plain = redacted(facts, find(facts))
    take(fashen, "clerk", "choose_publication", case, reason="公开的处罚决定", facts=plain,
         title="公开的处罚决定", excuses=EXCUSED)  # fmt: skip
    take(fashen, "shen", "review_publication", case, excuses=EXCUSED)
    drain(fashen)

    document = document_of(fashen, case)
    assert document["publication"]["receipt"]
    assert check_all(fashen) == []
    with fashen.engine.connect() as tx:
        today = beijing(fashen.clock()).date()
        page = board.page(tx, OFFICE, board.Asked(), today)
        [line] = page.lines
        assert line.state == "shown"
        told = line.notice
        assert told is not None
        bureau = fashen.bureau(tx, OFFICE)
        values = resolve(tx, OFFICE, record.sealed_in(document))
    file = CaseFile.model_validate(document)
    assert told.fine_yuan == yuan_text(file.decision.fine)  # type: ignore[union-attr]
    assert find(told.facts) == []
    out = record.opened(record.outgoing(file, bureau.office, bureau.law), values)
    for spec in (profile.shipped("2018"), profile.shipped("2015")):
        written: dict[str, Any] = record.fields(out, spec)
        missing = {
            f.code for f in spec.fields if f"（{f.code}）" in "".join(record.faults(out, spec))
        }
        assert missing <= UNTOLD, record.faults(out, spec)
        assert written[spec.fields[0].code] or spec.fields[0].code in UNTOLD
        assert sum(bool(text) for text in written.values()) >= 10


def test_there_are_seven():
    assert len(FILES) == 7
