"""Several orders of one form: all of them happen, or none does."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.builders import ON_SPOT_SAYS, an_order, day, office_at, state_of
from workflow import errors, models
from workflow.order import Order
from workflow.program import Fashen
from workflow.work import perform_together


@pytest.fixture
def fashen() -> Fashen:
    return office_at(now=day(2026, 9, 1))


def found_and_decided(*, fine: int, key: str = "", dry_run: bool = False) -> list[Order]:
    keys = [f"{key}.1", f"{key}.2"] if key else ["", ""]
    return [
        an_order(
            "li", "start_on_spot", key=keys[0], kind="自然人", name="田某某", place="示例路 12 号",
            text="随意倾倒生活垃圾", power="SL-WST-01", officers=["li", "zhang"],
        ),
        an_order(
            "li", "decide_on_spot", key=keys[1], dry_run=dry_run, number="示街罚当〔2026〕001号",
            fine=fine, facts_undisputed=True, certificate_shown=True, told=True, receiver="田某某",
            contents=ON_SPOT_SAYS,
        ),
    ]  # fmt: skip


def rows(fashen: Fashen, table: sa.Table) -> int:
    with fashen.engine.begin() as tx:
        return int(tx.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def test_the_second_goes_on_with_the_case_that_the_first_opened(fashen: Fashen):
    first, second = perform_together(fashen, found_and_decided(fine=200))
    assert (first.case, first.version) == (second.case, second.version - 1)
    assert state_of(fashen, first.case) == "in_effect"


def test_what_stops_the_second_undoes_the_first(fashen: Fashen):
    with pytest.raises(errors.Blocked):
        perform_together(fashen, found_and_decided(fine=201))
    assert [rows(fashen, t) for t in (models.cases, models.ledger, models.outbox)] == [0, 0, 0]
    perform_together(fashen, found_and_decided(fine=200))  # and no number was used up


def test_the_refusal_is_on_record_and_names_no_case_that_never_was(fashen: Fashen):
    with pytest.raises(errors.Blocked):
        perform_together(fashen, found_and_decided(fine=201))
    with fashen.engine.begin() as tx:
        kept = tx.execute(sa.select(models.refusal.c.verb, models.refusal.c.case_id)).all()
    assert [tuple(row) for row in kept] == [("decide_on_spot", "")]


def test_the_same_orders_again_change_nothing(fashen: Fashen):
    once = perform_together(fashen, found_and_decided(fine=200, key="one"))
    again = perform_together(fashen, found_and_decided(fine=200, key="one"))
    assert [done.case for done in again] == [done.case for done in once]
    assert all(done.repeated for done in again)
    assert rows(fashen, models.ledger) == 2


def test_one_that_is_only_tried_leaves_nothing_of_any(fashen: Fashen):
    done = perform_together(fashen, found_and_decided(fine=200, dry_run=True))
    assert [step.dry_run for step in done] == [True, True]
    assert rows(fashen, models.cases) == 0
