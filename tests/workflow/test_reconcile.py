"""The platform's own list beside ours: what is on both sides, on one, different, twice — and in what."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import Workbook

from tests.builders import OFFICE, day, document_of, office_at, set_clock
from tests.faults.decisions import fill
from workflow import models
from workflow.database import reading
from workflow.deliveries import drain
from workflow.program import Fashen
from workflow.publication import lists, reconcile
from workflow.publication.lists import Line, Unreadable
from workflow.publication.reconcile import Ours
from workflow.publication.rows import Sent

SENT = Sent("c", "http", 1, "k", "confirmed", "", "", None)


def one(number: str = "示街罚决〔2025〕001号", **other: str) -> Ours:
    told = {
        "party": "示例建筑有限公司", "decided_on": "2025/01/14", "amount": "0.100000", "receipt": "r1",
    }  # fmt: skip
    return Ours(SENT, number, **(told | other))


def line(number: str = "示街罚决〔2025〕001号", **other: str | None) -> Line:
    told: dict[str, Any] = {
        "party": "示例建筑有限公司", "decided_on": "2025-01-14", "amount": "0.1", "receipt": "r1",
    }  # fmt: skip
    return Line(number, **(told | other))


def numbered(n: int) -> str:
    return f"示街罚决〔2025〕{n:03d}号"


def test_what_is_the_same_on_both_sides_is_told_in_one_sentence():
    found = reconcile.compare([one()], [line()], "http")
    assert found.agrees
    assert found.sentence == "系统 1 件，平台 1 件，一致。"


def test_what_stands_on_one_side_only_is_named():
    ours = [one(numbered(n)) for n in range(1, 42)]
    theirs = [line(numbered(n)) for n in range(2, 41)] + [line("别街罚决〔2025〕9号")]
    found = reconcile.compare(ours, theirs, "http")
    assert (len(found.both), found.agrees) == (39, False)
    assert found.sentence == (
        f"系统 41 件，平台 40 件，差：只在系统的 2 件（{numbered(1)}、{numbered(41)}）；"
        "只在平台的 1 件（别街罚决〔2025〕9号）。"
    )


@pytest.mark.parametrize(
    ("theirs", "field"),
    [({"party": "示例建筑公司"}, "相对人名称"), ({"decided_on": "2025-01-15"}, "决定日期"),
     ({"amount": "1000"}, "罚款金额（万元）"), ({"receipt": "r2"}, "回执")],
)  # fmt: skip
def test_what_is_different_is_named_with_both_values(theirs: dict[str, Any], field: str):
    [found] = reconcile.compare([one()], [line(**theirs)], "http").different
    assert (found.field, found.theirs) == (field, *theirs.values())


@pytest.mark.parametrize(
    "theirs",
    [
        {"party": "示例建筑有限公司 "},
        {"decided_on": "2025年1月14日"},
        {"decided_on": "20250114"},
        {"decided_on": "2025-01-14 00:00:00"},
        {"amount": "0.10"},
        {"party": None, "decided_on": None, "amount": None, "receipt": None},
        {"receipt": ""},
    ],
)
def test_what_is_only_written_differently_is_no_difference(theirs: dict[str, Any]):
    assert reconcile.compare([one()], [line(**theirs)], "http").agrees


def test_brackets_and_spaces_of_a_number_make_no_other_number():
    assert reconcile.compare([one()], [line("示街罚决 [2025] 001号")], "http").agrees


def test_a_citizen_may_be_shown_by_the_surname_and_is_still_not_another():
    assert reconcile.compare([one(party="杜长明")], [line(party="杜*")], "http").agrees
    assert not reconcile.compare([one(party="杜长明")], [line(party="李*")], "http").agrees


def test_no_fine_and_a_fine_of_nought_are_the_same():
    assert reconcile.compare([one(amount="")], [line(amount="0.000000")], "http").agrees


def test_a_number_that_stands_there_twice_is_a_difference():
    found = reconcile.compare([one()], [line(), line()], "http")
    assert not found.agrees
    assert found.sentence == f"系统 1 件，平台 2 件，差：平台上重复（{numbered(1)} 2 条）。"


# — the file ———————————————————————————————————————————————————————————————————————————————


def test_a_csv_with_a_title_above_its_header_and_chinese_names(tmp_path: Path):
    file = tmp_path / "list.csv"
    text = "某市公示清单,,\n文号,当事人,回执号\n示街罚决〔2025〕001号,甲,r1\n,,\n"
    for encoding in ("utf-8-sig", "gb18030"):
        file.write_bytes(text.encode(encoding))
        assert lists.read(file) == [Line(numbered(1), party="甲", receipt="r1")]


def test_a_workbook_with_real_dates_and_amounts(tmp_path: Path):
    book, file = Workbook(), tmp_path / "list.xlsx"
    assert book.active is not None
    book.active.append(["CF_WSH", "CF_JDRQ", "CF_NR_FK", "CF_XDR_MC"])
    book.active.append([numbered(1), date(2025, 1, 14), 0.1, "'=甲"])
    book.save(file)
    assert lists.read(file) == [
        Line(numbered(1), party="=甲", decided_on="2025-01-14", amount="0.1")
    ]


@pytest.mark.parametrize("wrap", [lambda r: r, lambda r: {"count": 1, "records": r}])
def test_json_as_a_list_or_inside_an_object(tmp_path: Path, wrap):
    file = tmp_path / "list.json"
    file.write_text(json.dumps(wrap([{"CF_WSH": numbered(1), "receipt": "r1"}])), "utf-8")
    assert lists.read(file) == [Line(numbered(1), receipt="r1")]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"a,b\n1,2\n", "没有文号一栏.*第一行是：a、b"),
        ("a.xls", b"", "另存为 .xlsx"),
        ("a.xlsx", b"not a workbook", "不是 xlsx 工作簿"),
        ("a.json", b"[{", "不是完整的 JSON"),
        ("a.csv", b"\xff\xff\xff", "既不是 UTF-8 也不是 GB18030"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(tmp_path: Path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unreadable, match=said):
        lists.read(tmp_path / name)


def test_a_list_that_is_not_there(tmp_path: Path):
    with pytest.raises(Unreadable, match="核对路径"):
        lists.read(tmp_path / "nowhere.csv")


# — what the office believes, and receipts from the list ————————————————————————————————————


@pytest.fixture
def office() -> Fashen:
    """Four decisions at a platform, whose receipts are still to come."""
    fashen = office_at()
    with fashen.engine.begin() as tx:
        for table in (models.office_version, models.office):
            tx.execute(table.delete())
    fill(fashen, "spreadsheet", 4)
    set_clock(fashen, day(2025, 1, 16))
    drain(fashen)
    return fashen


def there(n: int, **other: str | None) -> Line:
    told: dict[str, Any] = {
        "party": "杜某1", "decided_on": "2025/01/14", "amount": "0.1", "receipt": f"r{n}",
    }  # fmt: skip
    return Line(f"示街罚决〔2025〕{n:04d}号", **(told | other))


def test_receipts_that_were_to_come_are_taken_from_the_list(office: Fashen):
    ours = reconcile.ours(office, OFFICE, "spreadsheet")
    assert [(o.sent.state, o.receipt) for o in ours] == [("pending", "")] * 4
    lines = [there(1, on="2025-01-14"), there(2, amount="9"), there(3), there(3)]

    done, not_done = reconcile.settle(office, OFFICE, "spreadsheet", lines, by="clerk")

    assert done == ("示街罚决〔2025〕0001号",)
    assert not_done == {
        "示街罚决〔2025〕0002号": "罚款金额（万元）不一致",
        "示街罚决〔2025〕0003号": "清单上有 2 条",
    }
    case = next(o.sent.case for o in ours if o.number.endswith("0001号"))
    [receipt] = document_of(office, case)["publication"]["receipts"]
    assert (receipt["receipt"], receipt["on"]) == ("r1", "2025-01-14")
    p = models.publication.c
    with reading(office.engine) as tx:
        states = {r.case_id: r.state for r in tx.execute(sa.select(p.case_id, p.state))}
    assert states.pop(case) == "confirmed"
    assert set(states.values()) == {"pending"}

    again, _ = reconcile.settle(office, OFFICE, "spreadsheet", lines, by="clerk")
    assert again == ()


def test_who_may_not_register_receipts_settles_nothing(office: Fashen):
    done, not_done = reconcile.settle(office, OFFICE, "spreadsheet", [there(1)], by="zhang")
    assert done == ()
    assert "登记公示回执" in not_done["示街罚决〔2025〕0001号"]
