"""The workbench's rows: what they say of a case, that they are the same however they were made, how they are found."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from policies.casefile import CaseFile
from states.case import FLOWS
from tests.builders import a_case, a_party, day, desk, office_at, sample_office, set_clock, take
from workflow import case_workbook, lines, models, offices, saved_filters, workbench
from workflow.database import connect, migrate
from workflow.errors import Malformed
from workflow.models import grams
from workflow.next_step import marks, next_move, waits_for, wanted
from workflow.oracle import check_all
from workflow.order import label
from workflow.program import Fashen
from workflow.search_words import initials, plates
from workflow.workbench import Asked, Desk, Line, counts

STATES = (
    "checking", "filing", "investigating", "under_review", "noticing", "notified", "deciding",
    "decided", "in_effect", "closed",
)  # fmt: skip


def listed(fashen: Fashen, person: str = "head", **asked: Any) -> list[Line]:
    return workbench.page(desk(fashen, person), Asked(**asked)).lines


def a_named_case(fashen: Fashen, name: str = "李四明", **act: Any) -> str:
    case = take(fashen, "zhang", "register_lead", place="西杜庄村口").case
    take(fashen, "zhang", "start_check", case)
    take(fashen, "zhang", "name_party", case, **{**a_party(), "kind": "自然人", "name": name})
    told = {"text": "车牌津A·12345的货车遗撒", "began": "2024-12-31", "ended": "2024-12-31"}
    take(fashen, "zhang", "describe_act", case, **{**told, "power": "SL-AIR-01", **act})
    return case


# — finding ————————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    "typed",
    ["李四明", "四明", "lsm", "LSM", "ｌｓｍ", "津A12345", "津a·12345", "西杜庄", "焚烧", "lsm 西杜庄"],
)  # fmt: skip
def test_a_case_is_found_by_party_plate_place_title_and_initials(typed: str):
    fashen = office_at()
    case = a_named_case(fashen)
    a_named_case(fashen, "王五")
    found = [line.id for line in listed(fashen, q=typed)]
    assert case in found
    assert len(found) == (2 if typed in ("津A12345", "津a·12345", "西杜庄", "焚烧") else 1)


@pytest.mark.parametrize(
    "typed",
    ["示街罚案〔2025〕001号", "示街罚案[2025]001号", "示街罚案【2025】001号", "示街罚案(2025)001号", "２０２５〕001"],
)  # fmt: skip
def test_an_old_form_of_a_number_finds_the_new_one(typed: str):
    fashen = office_at()
    case = a_case(fashen, "investigating")
    assert listed(fashen)[0].number == "示街罚案〔2025〕001号"
    assert [line.id for line in listed(fashen, q=typed)] == [case]


@pytest.mark.parametrize("typed", ["没有的人", "%", "〔〕", "_"])
def test_what_names_nothing_finds_nothing(typed: str):
    fashen = office_at()
    a_named_case(fashen)
    assert listed(fashen, q=typed) == []


@pytest.mark.parametrize("few", [0, 1, 2, 1000])
def test_much_and_little_are_found_alike_on_every_database(
    database_url: str, monkeypatch: pytest.MonkeyPatch, few: int
):
    """PostgreSQL goes another way to what is rare than to what is everywhere; the lists are the same."""
    monkeypatch.setattr(grams, "FEW", few)
    fashen = office_at(database_url)
    names = ("李四明", "李四", "王五", "四明")
    cases = {name: a_named_case(fashen, name) for name in names}
    for typed, found in {
        "四明": ("四明", "李四明"),
        "李四": ("李四", "李四明"),
        "四": ("四明", "李四", "李四明"),
        "西杜庄": reversed(names),
        "西杜庄 五": ("王五",),
        "明四": (),
        "没": (),
    }.items():
        assert {line.id for line in listed(fashen, q=typed)} == {cases[n] for n in found}, typed


@pytest.mark.parametrize(
    ("counted", "told"),
    [
        (1, [(2, 2, True), (2, 4, False), (0, 4, False)]),
        (3, [(2, 3, True), (2, 4, False), (0, 4, False)]),
        (4, [(2, 4, False), (2, 4, False), (0, 4, False)]),
    ],
)
def test_a_search_is_counted_up_to_a_bound_and_always_leads_on(
    monkeypatch: pytest.MonkeyPatch, counted: int, told: list[tuple[int, int, bool]]
):
    monkeypatch.setattr(workbench, "COUNTED", counted)
    fashen = office_at()
    for name in ("甲一", "甲二", "甲三", "甲四"):
        a_named_case(fashen, name)
    for tab in ("all", "done"):
        asked, of = Asked(tab=tab, q="西杜庄"), desk(fashen, "zhang")
        pages = [workbench.page(of, asked, limit=2, offset=start) for start in (0, 2, 4)]
        assert [(len(p.lines), p.total, p.more) for p in pages] == told
        assert len({line.id for p in pages for line in p.lines}) == 4


def test_a_character_of_several_readings_is_found_by_each():
    assert {"sm", "dm", "cm"} <= set(initials("单某"))
    assert initials("李四明") == ("lsm",)
    assert initials("ABC") == ()


def test_a_plate_is_told_from_other_figures():
    assert plates(["京AD12345、津A·12345、第A1234号、示A123456789"]) == ["京AD12345", "津A·12345"]


# — whose it is ————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("state", STATES)
def test_the_row_waits_for_exactly_those_who_may_take_the_next_step(state: str):
    fashen = office_at()
    case_id = a_case(fashen, state)
    with fashen.engine.connect() as tx:
        row = tx.execute(sa.select(models.cases.c.flow, models.cases.c.doc)).one()
    case = CaseFile.model_validate_json(row.doc)
    move = next_move(case, state, FLOWS[row.flow].name)
    assert move is not None
    for person in sample_office().people:
        may = waits_for(move, person, case)
        assert bool(set(marks(person)) & set(wanted(move, case))) is may, person.id
        todo = [line.id for line in listed(fashen, person.id, tab="todo")]
        assert todo == ([case_id] if may else []), person.id
        assert counts(desk(fashen, person.id)).tabs["todo"] == len(todo)


def test_what_a_person_did_comes_newest_first_with_what_it_was():
    fashen = office_at()
    first, second = a_named_case(fashen), a_named_case(fashen, "王五")
    set_clock(fashen, day(2025, 1, 7))
    take(fashen, "clerk", "record_supervision", first, kind="检察建议书", sender="区检察院",
         number="3号", received="2025-01-06", content="查清", due="2025-02-06")  # fmt: skip
    set_clock(fashen, day(2025, 1, 8))
    take(fashen, "zhang", "add_evidence", first, kind="书证", name="票据", proves="运输")
    done = listed(fashen, "zhang", tab="done")
    assert [line.id for line in done] == [first, second]
    assert done[0].did == label("add_evidence")
    assert done[1].did == label("describe_act")
    assert done[0].did_at == day(2025, 1, 8)
    assert [line.id for line in listed(fashen, "clerk", tab="done")] == [first]
    assert listed(fashen, "wang", tab="done") == []


def test_a_supervision_stands_there_until_it_is_answered():
    fashen = office_at()
    case = a_named_case(fashen)
    assert counts(desk(fashen, "head")).tabs["supervised"] == 0
    take(fashen, "clerk", "record_supervision", case, kind="检察建议书", sender="区检察院",
         number="3号", received="2025-01-06", content="查清", due="2025-02-06")  # fmt: skip
    (line,) = listed(fashen, tab="supervised")
    assert [(s["sender"], s["due"]) for s in line.supervisions] == [("区检察院", "2025-02-06")]
    take(fashen, "head", "answer_supervision", case, answer="已查清")
    assert listed(fashen, tab="supervised") == []


def test_counsel_sees_no_case_that_was_not_given_to_them():
    fashen = office_at()
    a_case(fashen, "under_review")
    for tab in (workbench.ALL, *workbench.TABS):
        assert listed(fashen, "counsel", tab=tab) == []
    assert listed(fashen, "counsel", q="焚烧") == []
    assert len(listed(fashen, "inspector")) == 1


def test_another_office_sees_nothing_of_it():
    fashen = office_at()
    a_case(fashen, "under_review")
    offices.load(fashen, sample_office().model_copy(update={"office": "other"}))
    with fashen.engine.connect() as tx:
        bureau = fashen.bureau(tx, "other")
    other = Desk(fashen, bureau, desk(fashen, "shen").person)
    assert workbench.page(other, Asked()) == workbench.Page([], 0)
    told = counts(other)
    assert not any(told.tabs.values())
    assert not any(told.tiles.values())


# — cards ——————————————————————————————————————————————————————————————————————————————————


def test_a_card_hangs_on_the_row_on_the_days_on_which_it_hangs_on_the_case():
    fashen = office_at()
    a_case(fashen, "investigating")
    seen = []
    for n in range(110):
        set_clock(fashen, day(2025, 1, 6) + timedelta(days=n))
        told = counts(desk(fashen, "head")).tiles
        stages = {d.stage for d in listed(fashen)[0].deadlines}
        assert told["red"] == ("red" in stages), n
        assert told["yellow"] == ("yellow" in stages and "red" not in stages), n
        seen += [stage for stage in ("red", "yellow") if told[stage]]
    assert set(seen) == {"red", "yellow"}


def test_other_alerts_of_the_office_move_the_cards_at_once():
    fashen = office_at()
    a_case(fashen, "investigating")
    set_clock(fashen, day(2025, 1, 20))
    assert counts(desk(fashen, "head")).tiles["yellow"] == 0
    alerts = sample_office().alerts.model_validate({"stages": {"decision": {"yellow": "-85d"}}})
    offices.load(fashen, sample_office().model_copy(update={"alerts": alerts}))
    assert counts(desk(fashen, "head")).tiles["yellow"] == 1
    assert check_all(fashen) == []


# — the same however it was made ———————————————————————————————————————————————————————————


def kept(fashen: Fashen) -> list[list[dict[str, Any]]]:
    with fashen.engine.connect() as tx:
        return [
            [dict(r) for r in tx.execute(sa.select(t).order_by(*t.primary_key)).mappings()]
            for t in (models.case_line, models.case_person)
        ]


def test_rows_made_again_are_those_that_the_steps_wrote():
    fashen = office_at()
    for state in STATES:
        a_case(fashen, state)
    a_case(fashen, "archived", hearing=True)
    before = kept(fashen)
    with fashen.engine.begin() as tx:
        assert lines.rebuild(tx, {"sample": sample_office()}, fashen.calendar) == len(STATES) + 1
    assert kept(fashen) == before


def test_the_migration_makes_the_rows_of_the_cases_that_are_there(sqlite_url: str):
    migrate(sqlite_url)
    fashen = office_at(sqlite_url)
    a_case(fashen, "noticing")
    before = kept(fashen)
    config = Config()
    config.set_main_option("script_location", "workflow:migrations")
    config.attributes["url"] = sqlite_url
    command.downgrade(config, "0007")
    assert not sa.inspect(connect(sqlite_url)).has_table("case_line")
    command.upgrade(config, "head")
    assert kept(fashen) == before
    assert check_all(fashen) == []


# — filters of one's own ———————————————————————————————————————————————————————————————————


def test_a_filter_is_its_owners_and_the_same_name_replaces_it():
    fashen = office_at()
    saved_filters.save(fashen, "sample", "zhang", " 我的 焚烧 ", "q=焚烧")
    saved_filters.save(fashen, "sample", "zhang", "我的 焚烧", "q=焚")
    (one,) = saved_filters.saved(fashen, "sample", "zhang")
    assert (one.name, one.query) == ("我的 焚烧", "q=焚")
    assert saved_filters.saved(fashen, "sample", "li") == []
    saved_filters.forget(fashen, "sample", "li", one.id)
    assert saved_filters.saved(fashen, "sample", "zhang") == [one]
    saved_filters.forget(fashen, "sample", "zhang", one.id)
    assert saved_filters.saved(fashen, "sample", "zhang") == []


@pytest.mark.parametrize("name", ["", "   ", "长" * 21, "有\x00控制"])
def test_a_filter_needs_a_name_that_can_be_read(name: str):
    with pytest.raises(Malformed):
        saved_filters.save(office_at(), "sample", "zhang", name, "q=x")


def test_there_is_an_end_to_the_filters_of_one_person():
    fashen = office_at()
    for n in range(saved_filters.MOST):
        saved_filters.save(fashen, "sample", "zhang", f"第{n}个", "")
    with pytest.raises(Malformed, match="删去"):
        saved_filters.save(fashen, "sample", "zhang", "再一个", "")
    saved_filters.save(fashen, "sample", "zhang", "第0个", "q=x")  # replacing is still possible


# — Excel ——————————————————————————————————————————————————————————————————————————————————


def test_a_workbook_has_dates_masked_names_and_no_formula():
    fashen = office_at()
    a_named_case(fashen)
    case = take(fashen, "zhang", "register_lead", place="村西").case
    take(fashen, "zhang", "start_check", case)
    company = {
        **a_party(),
        "kind": "法人及非法人组织",
        "name": "=HYPERLINK(1)有限公司",
        "number": "91350100M000100Y43",
    }
    take(fashen, "zhang", "name_party", case, **company)
    body = case_workbook.workbook(listed(fashen, sort="opened"), "=示例　2 件", date(2025, 1, 6))
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    assert sheet is not None
    told = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert told[0][0] == "'=示例　2 件"
    assert told[1] == list(case_workbook.COLUMNS)
    assert [row[1] for row in told[2:]] == ["'=HYPERLINK(1)有限公司", "李某"]
    opened = sheet.cell(3, 6)
    assert (str(opened.value)[:10], opened.number_format) == ("2025-01-06", "yyyy-mm-dd")
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def test_the_tiles_count_the_cards_of_what_waits_for_one_too():
    """A lead that nobody has taken yet waits for every officer: its red row and the red number agree."""
    fashen = office_at()
    case = take(fashen, "zhang", "register_lead", place="村西").case
    set_clock(fashen, fashen.clock() + timedelta(days=60))
    [line] = listed(fashen, "li", tab="todo")
    assert line.id == case
    counted = workbench.counts(desk(fashen, "li"))
    assert (counted.tiles["red"], counted.tabs["alerts"]) == (1, 1)
    assert [found.id for found in listed(fashen, "li", tab="alerts", tone="red")] == [case]
    assert workbench.counts(desk(fashen, "counsel")).tiles["red"] == 0
