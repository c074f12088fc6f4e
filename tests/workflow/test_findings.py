"""督察台账 — what a step leaves there, and that it can be made again from the ledger at any time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from tests.builders import DECISION_SAYS, a_case, day, office_at, take
from workflow import findings, migrations, models
from workflow.oracle import check_all
from workflow.program import Fashen


def rows_of(fashen: Fashen, kind: str = "") -> list[dict[str, Any]]:
    f = models.finding.c
    with fashen.engine.begin() as tx:
        found = tx.execute(sa.select(models.finding).order_by(f.seq, f.kind, f.key)).mappings()
        return [dict(row) for row in found if kind in ("", row["kind"])]


def issued_without_review(fashen: Fashen) -> str:
    case = a_case(fashen, "under_review")
    take(fashen, "clerk", "record_issued_decision", case, irregular="未经审核即已发出",
         number="示街罚决〔2025〕009号", contents=DECISION_SAYS)  # fmt: skip
    return case


def test_a_lawful_case_leaves_nothing_but_its_decision():
    fashen = office_at()
    a_case(fashen, "archived")
    assert [(r["kind"], r["key"], r["cents"]) for r in rows_of(fashen)] == [
        ("decided", "SL-AIR-01-OLD", 100_000)
    ]


def test_an_irregular_decision_leaves_each_failed_rule_with_its_article_and_the_account():
    fashen = office_at()
    issued_without_review(fashen)
    failed = {r["key"]: r for r in rows_of(fashen, "failed")}
    assert {"review.passed", "notice.served"} <= set(failed)
    review = failed["review.passed"]
    assert "第五十八条" in review["cite"]
    assert (review["person_id"], review["excuse"]) == ("clerk", "未经审核即已发出")
    assert [r["excuse"] for r in rows_of(fashen, "irregular")] == ["未经审核即已发出"]


def test_where_a_published_text_is_silent_nobody_has_broken_a_rule():
    fashen = office_at()
    case = take(fashen, "clerk", "register_lead", place="村西", published_at="公开的决定").case
    take(fashen, "clerk", "record_issued_decision", case, irregular="照公开文本登记", fine=1000,
         facts="露天焚烧秸秆")  # fmt: skip
    assert "review.passed" not in {r["key"] for r in rows_of(fashen, "failed")}


@pytest.mark.parametrize(
    ("at", "late"), [(day(2025, 1, 13), []), (day(2025, 1, 14), ["超 1 个自然日"])]
)
def test_a_clock_that_is_stopped_after_its_end_is_late(at: Any, late: list[str]):
    """Five working days from Monday the 6th end on the 13th."""
    fashen = office_at()
    case = a_case(fashen, "under_review")
    take(fashen, "shen", "return_case", case, at=at, opinion="请补正", points=["补照片"])
    found = [r["reason"].rsplit("，", 1)[1] for r in rows_of(fashen, "late_end")]
    assert found == late


def test_a_step_entered_on_a_later_day_says_when():
    fashen = office_at(now=day(2025, 1, 8))
    take(fashen, "zhang", "register_lead", at=day(2025, 1, 6), place="村西", text="焚烧")
    assert [r["reason"] for r in rows_of(fashen, "late")] == ["2025-01-06 办理，2025-01-08 录入"]


def test_a_card_taken_down_stands_there_with_who_and_why():
    fashen = office_at()
    case = a_case(fashen, "under_review")
    take(fashen, "head", "take_down_card", case, at=day(2025, 1, 15), clock="legal_review",
         reason="审核人外出，已催办")  # fmt: skip
    (card,) = rows_of(fashen, "card")
    assert (card["person_id"], card["key"], card["excuse"]) == (
        "head", "legal_review", "审核人外出，已催办",
    )  # fmt: skip
    assert card["reason"].startswith("红牌")


def test_the_table_can_be_made_again_from_the_ledger(database_url: str):
    fashen = office_at(database_url)
    issued_without_review(fashen)
    a_case(fashen, "archived", procedure="summary")
    before = rows_of(fashen)
    with fashen.engine.begin() as tx:
        tx.execute(models.finding.delete())
    assert any("督察台账" in fault for fault in check_all(fashen))
    with fashen.engine.begin() as tx:
        assert findings.rebuild(tx) == len(before)
    assert rows_of(fashen) == before
    assert not any("督察台账" in fault for fault in check_all(fashen))


def test_a_database_of_yesterday_gets_its_rows_from_the_ledger(database_url: str):
    fashen = office_at(database_url)
    issued_without_review(fashen)
    before = rows_of(fashen)
    fashen.engine.dispose()
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["url"] = database_url
    command.downgrade(config, "0007")
    command.upgrade(config, "head")
    assert rows_of(fashen) == before
    assert before
