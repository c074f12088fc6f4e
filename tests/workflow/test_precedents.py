"""The band of past cases: whose fines are in it, whose are not, and that one index answers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from policies.casefile import CaseFile
from tests.builders import OFFICE, a_case, day, document_of, office_at, set_clock, take
from workflow import database, models, precedents


@pytest.fixture
def fashen():
    return office_at(now=day(2026, 9, 1))


def band(fashen, case, office=None):
    document = CaseFile.model_validate(document_of(fashen, case))
    with database.reading(fashen.engine) as tx:
        own = fashen.bureau(tx, OFFICE).office
        asked = own if office is None else own.model_copy(update={"office": office})
        return precedents.band(tx, asked, case, document, fashen.clock().date())


def rows(fashen):
    with database.reading(fashen.engine) as tx:
        return tx.execute(sa.select(models.precedent)).mappings().all()


def test_only_decided_cases_count_and_never_the_case_itself(fashen):
    for fine in (500, 800, 1000, 1500, 2000):
        a_case(fashen, "in_effect", fine=fine)
    a_case(fashen, "deciding", fine=1900)
    mine = a_case(fashen, "decided", fine=700)
    found = band(fashen, mine)
    assert (found.count, found.low, found.first, found.median, found.third, found.high) == (
        5, 500, 800, 1000, 1500, 2000,
    )  # fmt: skip


def test_before_anything_was_decided_there_is_a_band_of_none(fashen):
    assert not band(fashen, a_case(fashen, "under_review")).known


def test_without_a_party_or_an_item_there_is_nothing_to_compare(fashen):
    assert band(fashen, a_case(fashen, "lead")) is None


def test_the_other_kind_of_party_and_the_other_office_have_bands_of_their_own(fashen):
    a_case(fashen, "in_effect", fine=800)
    mine = a_case(fashen, "under_review")
    assert band(fashen, mine).count == 1
    assert band(fashen, mine, office="elsewhere").count == 0
    (row,) = rows(fashen)
    assert row["side"] == "citizen"
    with fashen.engine.begin() as tx:
        tx.execute(models.precedent.update().values(side="org"))
    assert band(fashen, mine).count == 0


def test_the_same_item_under_the_repealed_act_counts_too(fashen):
    old = office_at(now=day(2026, 6, 1))
    a_case(old, "in_effect", fine=900)
    set_clock(old, day(2026, 9, 1))
    mine = a_case(old, "under_review")
    (row,) = rows(old)
    assert row["power"] != document_of(old, mine)["power"]
    assert band(old, mine).count == 1


def test_what_is_older_than_three_years_is_left_out(fashen):
    a_case(fashen, "in_effect", fine=900)
    mine = a_case(fashen, "under_review")
    decided = rows(fashen)[0]["decided_on"]
    set_clock(fashen, day(decided.year + 3, decided.month, decided.day))
    assert band(fashen, mine).count == 1
    set_clock(fashen, day(decided.year + 3, decided.month, decided.day + 1))
    assert band(fashen, mine).count == 0


def test_a_decision_that_fell_leaves_the_amounts_and_is_counted_apart(fashen):
    case = a_case(fashen, "in_effect", fine=900)
    mine = a_case(fashen, "under_review")
    take(fashen, "head", "correct_own_decision", case, ended="revoked", reason="认定有误",
         document="示街撤〔2026〕1 号")  # fmt: skip
    found = band(fashen, mine)
    assert (found.count, found.fallen) == (0, 1)


def test_what_was_recorded_against_the_rules_is_no_precedent(fashen):
    case = a_case(fashen, "investigating")
    take(fashen, "clerk", "record_issued_decision", case, irregular="未经审核已作出", fine=1800,
         number="示街罚决〔2026〕900号", facts="露天焚烧秸秆")  # fmt: skip
    assert rows(fashen) == []


def test_a_decision_on_the_spot_is_one(fashen):
    a_case(fashen, "in_effect", procedure="summary")
    assert [row["fen"] for row in rows(fashen)] == [20000]


@pytest.mark.parametrize(
    ("decided", "count", "median", "without", "fallen"),
    [
        ([], 0, 0, 0, 0),
        ([("700", True)], 1, 700, 0, 0),
        ([("0", True), ("900.50", True)], 1, Decimal("900.50"), 1, 0),
        ([("500", True), ("700", True), ("9000", False)], 2, 600, 0, 1),
    ],
)
def test_no_fine_is_no_small_fine(decided, count, median, without, fallen):
    found = precedents.band_of([(Decimal(f), s) for f, s in decided], date(2023, 9, 1))
    assert (found.count, found.median, found.without, found.fallen) == (
        count, median, without, fallen,
    )  # fmt: skip


def test_past_opinions_are_those_of_decided_cases_of_the_item_newest_first(fashen):
    first = a_case(fashen, "in_effect", fine=900)
    second = a_case(fashen, "in_effect", fine=1000)
    mine = a_case(fashen, "under_review")
    document = CaseFile.model_validate(document_of(fashen, mine))
    with database.reading(fashen.engine) as tx:
        office = fashen.bureau(tx, OFFICE).office
        past = precedents.past_opinions(tx, office, mine, document)
    assert [p.case_id for p in past] == [second, first]
    ((name, _, passed, said),) = past[0].opinions
    assert (name, passed, said) == ("沈知远", True, "事实清楚，程序合法，裁量适当，同意")


def test_the_partys_other_cases_are_found_by_its_number(fashen):
    before = a_case(fashen, "in_effect")
    number = document_of(fashen, before)["party"]["number"]
    with database.reading(fashen.engine) as tx:
        assert [r.case_id for r in precedents.party_record(tx, OFFICE, "", number)] == [before]
        assert precedents.party_record(tx, OFFICE, before, number) == ()
        assert precedents.party_record(tx, OFFICE, "", "") == ()
        assert precedents.party_record(tx, "elsewhere", "", number) == ()


def test_the_band_is_read_from_one_index_however_many_cases_there_are(fashen):
    mine = a_case(fashen, "under_review")
    asked: list[str] = []

    @sa.event.listens_for(fashen.engine, "before_cursor_execute")
    def note(connection, cursor, statement, parameters, context, many):
        if "precedent" in statement:
            asked.append(statement)

    band(fashen, mine)
    statement = asked[0].replace("?", "'x'").replace("LIMIT 'x'", "LIMIT 1000")
    statement = statement.replace("OFFSET 'x'", "OFFSET 0")
    with fashen.engine.connect() as connection:
        plan = " ".join(
            str(r) for r in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
        )
    assert "ix_precedent_office_id_power_side_decided_on_fen_stands" in plan
    assert "SCAN" not in plan


def test_an_older_database_gets_the_rows_of_its_decided_cases(tmp_path):
    url = f"sqlite:///{tmp_path}/old.db"
    database.migrate(url)
    fashen = office_at(url, now=day(2026, 9, 1))
    a_case(fashen, "in_effect", fine=900)
    a_case(fashen, "deciding")
    before = rows(fashen)
    config = Config()
    folder = Path(models.__file__).parents[1] / "migrations"
    config.set_main_option("script_location", str(folder))
    config.attributes["url"] = url
    command.downgrade(config, "0007")
    command.upgrade(config, "head")
    assert rows(fashen) == before
    assert len(before) == 1
