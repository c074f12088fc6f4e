"""The board's queries and its projection, on both databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.builders import sample_office
from tests.notices import SECRET, Board, a_public_notice, secrets
from workflow import models, offices
from workflow.database import reading
from workflow.models import grams
from workflow.publication import board, words
from workflow.publication.board import Asked

TODAY = date(2026, 6, 10)
ONE_DAY = timedelta(days=1)


@pytest.fixture
def street(database_url: str) -> Iterator[Board]:
    made = Board(database_url)
    yield made
    made.fashen.engine.dispose()


def page(street: Board, office: str = "sample", today: date = TODAY, **asked) -> board.Page:
    go = {name: asked.pop(name) for name in ("before", "after", "size") if name in asked}
    with reading(street.fashen.engine) as tx:
        return board.page(tx, office, Asked(**asked), today, **go)


def keys(street: Board, **asked) -> list[str]:
    return [told.notice.key if told.notice else told.key for told in page(street, **asked).lines]


def row(street: Board, key: str = "k1"):
    with reading(street.fashen.engine) as tx:
        return tx.execute(sa.select(models.notice).where(models.notice.c.key == key)).one()


# — the list ———————————————————————————————————————————————————————————————————————————


def test_the_newest_decision_is_first_and_of_one_day_the_highest_number(street: Board):
    street.put("k9", decided_on=date(2026, 3, 2))
    street.put("k10", decided_on=date(2026, 3, 2))
    street.put("k8", decided_on=date(2026, 3, 3))
    street.put("k11", decided_on=date(2026, 3, 1))
    assert keys(street) == ["k8", "k10", "k9", "k11"]


def test_pages_hold_each_notice_once_forth_and_back(street: Board):
    for n in range(1, 8):
        street.put(f"k{n}")
    first = page(street, size=3)
    assert (first.total, first.newer) == (7, None)
    second = page(street, size=3, before=first.older)
    third = page(street, size=3, before=second.older)
    assert third.older is None
    found = [told.notice.key for p in (first, second, third) for told in p.lines if told.notice]
    assert found == ["k7", "k6", "k5", "k4", "k3", "k2", "k1"]
    assert page(street, size=3, after=third.newer).lines == second.lines
    assert page(street, size=3, after=second.newer).lines == first.lines
    assert page(street, size=3, after=second.newer).newer is None


@pytest.mark.parametrize(("notices", "older"), [(3, False), (4, True)])
def test_a_full_page_leads_on_only_when_there_is_more(street: Board, notices: int, older: bool):
    for n in range(1, notices + 1):
        street.put(f"k{n}")
    assert (page(street, size=3).older is not None) is older


def test_an_empty_board_is_an_empty_page(street: Board):
    assert page(street) == board.Page((), 0)
    with reading(street.fashen.engine) as tx:
        assert (board.changed_on(tx, "sample"), board.organs(tx, "sample")) == (None, [])


@pytest.mark.parametrize(("today", "shown"), [(date(2027, 3, 2), True), (date(2027, 3, 3), False)])
def test_the_last_day_of_the_period_is_the_last_on_the_board(street: Board, today, shown):
    slug = street.put(until=date(2027, 3, 2))
    assert page(street, today=today).total == shown
    with reading(street.fashen.engine) as tx:
        told = board.find(tx, "sample", slug, today)
        assert told is not None
        assert (told.state, told.notice is not None) == ("shown" if shown else "ended", shown)
        assert len(list(board.every(tx, "sample", today))) == shown
        assert len(board.newest(tx, "sample", today)) == shown


def test_a_notice_without_a_last_day_stays(street: Board):
    street.put(until=None)
    assert keys(street, today=date(2099, 1, 1)) == ["k1"]


# — searching ——————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    "asked",
    [
        "示街罚决〔2026〕1号",
        "示街罚决[2026]1号",
        "2026",
        "２０２６",
        "露天焚烧",
        "烧",
        "甲有限",
        "三平方米",
        "第二百四十六条",
        "秸秆 甲有限公司",
        "abc",
        "ABC",
        "𠮷",
        "米",
        "1,000",
    ],
)
def test_a_word_is_found_wherever_it_stands(street: Board, asked: str):
    street.put(facts="在𠮷祥路 Abc 焚烧秸秆三平方米")
    street.put(
        "k2",
        number="号二",
        title="噪声",
        party="乙",
        facts="扰民",
        violated=(),
        basis=(),
        content="",
    )
    assert keys(street, words=asked) == ["k1"]


@pytest.mark.parametrize(
    "asked",
    ["焚烧噪声", "秸秆 噪声", "司在", "%", "_烧", '"', "' OR 1=1 --", "烧*", "x0710a*", "osample"],
)
def test_a_word_that_stands_nowhere_finds_nothing_or_is_no_word(street: Board, asked: str):
    """`司在` ends one field and begins the next; the others are the languages behind the search."""
    street.put()
    expected = ["k1"] if not words.split(asked) or asked in ("_烧", "烧*") else []
    assert keys(street, words=asked) == expected


@pytest.mark.parametrize("few", [0, 2, 1000])
def test_postgresql_finds_the_same_whichever_way_it_goes(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch, few: int
):
    monkeypatch.setattr(grams, "FEW", few)
    street = Board(postgresql_url)
    for n in range(1, 6):
        street.put(f"k{n}", title="夜间施工噪声" if n % 2 else "露天焚烧秸秆")
    assert sorted(keys(street, words="噪声")) == ["k1", "k3", "k5"]
    assert len(keys(street, words="甲有限")) == 5
    assert keys(street, words="声噪") == []


def test_without_the_index_the_same_is_found(sqlite_url: str):
    street = Board(sqlite_url)
    asked = ("秸秆", "烧", "甲有限 第二百", "噪声", "三平方米")
    for n in range(1, 6):
        street.put(f"k{n}", title="夜间施工噪声" if n % 2 else "露天焚烧秸秆")
    with_it = [keys(street, words=each) for each in asked]
    with street.fashen.engine.begin() as tx:
        assert words.has_index(tx)
        tx.exec_driver_sql("DROP TABLE notice_words")
    assert [keys(street, words=each) for each in asked] == with_it
    assert any(with_it)
    assert street.withdraw("k1")
    assert keys(street, words="噪声") == ["k5", "k3"]
    street.fashen.engine.dispose()


def test_the_index_forgets_what_a_newer_version_no_longer_says(sqlite_url: str):
    street = Board(sqlite_url)
    street.put(facts="从前的话")
    street.put(facts="后来的话", version=2)
    assert (keys(street, words="从前"), keys(street, words="后来")) == ([], ["k1"])
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("INSERT INTO notice_words(notice_words) VALUES ('integrity-check')")
        connection.execute("CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, notice_words, 'row')")
        former = f"{ord('从'):05x}"
        assert not [term for (term,) in connection.execute("SELECT term FROM v") if former in term]
    street.fashen.engine.dispose()


def test_a_search_is_counted_up_to_a_bound(street: Board, monkeypatch: pytest.MonkeyPatch):
    for n in range(1, 5):
        street.put(f"k{n}")
    monkeypatch.setattr(board, "COUNTED", 3)
    assert (page(street, words="秸秆").total, page(street, words="秸秆").more) == (3, True)
    monkeypatch.setattr(board, "COUNTED", 4)
    assert (page(street, words="秸秆").total, page(street, words="秸秆").more) == (4, False)
    assert page(street).total == 4


@pytest.mark.parametrize("sought", ["", "秸秆"])
def test_both_ends_of_the_period_belong_to_it(street: Board, sought: str):
    day = date(2026, 3, 2)
    street.put("k1", decided_on=day - ONE_DAY)
    street.put("k2", decided_on=day)
    street.put("k3", decided_on=day + ONE_DAY)
    assert keys(street, since=day, words=sought) == ["k3", "k2"]
    assert keys(street, until=day, words=sought) == ["k2", "k1"]
    assert keys(street, since=day, until=day, words=sought) == ["k2"]
    assert keys(street, since=day + ONE_DAY, until=day, words=sought) == []
    assert page(street, since=day, words=sought).total == 2


@pytest.mark.parametrize("sought", ["", "秸秆"])
def test_a_unit_is_the_organ_in_whose_name_it_was_decided(street: Board, sought: str):
    street.put("k1")
    street.put("k2", organ="示例区城市管理局")
    assert keys(street, organ="示例区城市管理局", words=sought) == ["k2"]
    assert keys(street, organ="示例", words=sought) == []
    with reading(street.fashen.engine) as tx:
        assert set(board.organs(tx, "sample")) == {"示例街道办事处", "示例区城市管理局"}


def test_another_offices_notices_are_never_shown(street: Board):
    other = sample_office().model_copy(update={"office": "other", "name": "别处街道办事处"})
    offices.load(street.fashen, other)
    street.put("k1")
    slug = street.put("k2", office="other", organ="别处街道办事处")
    assert (
        keys(street) == keys(street, words="秸秆") == keys(street, since=date(2026, 1, 1)) == ["k1"]
    )
    assert keys(street, office="other", words="秸秆") == ["k2"]
    assert keys(street, organ="别处街道办事处") == []
    with reading(street.fashen.engine) as tx:
        assert board.find(tx, "sample", slug, TODAY) is None
        assert board.by_key(tx, "sample", "k2", TODAY) is None
        assert board.organs(tx, "sample") == ["示例街道办事处"]
        assert [told.notice.key for told in board.newest(tx, "sample", TODAY) if told.notice] == [
            "k1"
        ]
        assert [told.notice.key for told in board.every(tx, "sample", TODAY) if told.notice] == [
            "k1"
        ]
    street.put("k1", office="other")
    assert keys(street, office="other", words="号") == ["k2", "k1"]


# — the projection —————————————————————————————————————————————————————————————————————


def test_putting_the_same_version_again_changes_nothing(street: Board):
    with street.fashen.engine.begin() as tx:
        assert board.put(tx, "sample", street.case, a_public_notice())
    before = row(street)
    with street.fashen.engine.begin() as tx:
        assert not board.put(tx, "sample", street.case, a_public_notice())
        assert not board.put(tx, "sample", street.case, a_public_notice(facts="别的话"))
    assert row(street) == before


def test_a_higher_version_takes_the_place_of_the_lower_and_keeps_the_address(street: Board):
    slug = street.put()
    with street.fashen.engine.begin() as tx:
        newer = a_public_notice(version=2, fine_yuan="800")
        assert board.put(tx, "sample", street.case, newer, on=TODAY)
        assert not board.put(tx, "sample", street.case, a_public_notice(version=1))
    with reading(street.fashen.engine) as tx:
        told = board.find(tx, "sample", slug, TODAY)
        assert told is not None
        assert told.notice == newer
        assert told.changed_on == TODAY == board.changed_on(tx, "sample")
    assert page(street).total == 1


def test_what_a_withdrawn_notice_said_is_nowhere_in_the_database(street: Board):
    street.put(**SECRET)
    assert street.withdraw()
    kept = row(street)
    told = " ".join(str(value) for value in kept)
    assert not [word for word in secrets() if word in told]
    assert (kept.number, kept.reason, kept.changed_on) == (
        "示街罚决〔2026〕1号",
        "行政复议撤销原决定",
        date(2026, 6, 1),
    )
    assert kept.body == ""
    for word in secrets():
        assert keys(street, words=word) == []
    assert keys(street, organ=str(SECRET["organ"])) == []
    assert keys(street, until=date(2019, 12, 31)) == []
    with reading(street.fashen.engine) as tx:
        assert board.organs(tx, "sample") == []


def test_a_withdrawn_notice_is_listed_and_found_by_its_number(street: Board):
    slug = street.put(**SECRET)
    street.withdraw()
    assert keys(street) == keys(street, words="罚决〔2026〕1号") == ["k1"]
    with reading(street.fashen.engine) as tx:
        told = board.find(tx, "sample", slug, TODAY)
        assert told == board.by_key(tx, "sample", "k1", TODAY)
        assert told is not None
        assert (told.state, told.reason, told.notice) == ("withdrawn", "行政复议撤销原决定", None)


def test_an_ended_notice_is_gone_from_the_list_and_says_nothing(street: Board):
    slug = street.put(**SECRET)
    assert street.end()
    assert keys(street) == keys(street, words="罚决〔2026〕1号") == []
    with reading(street.fashen.engine) as tx:
        told = board.find(tx, "sample", slug, TODAY)
        assert told is not None
        assert (told.state, told.number, told.reason, told.key) == ("ended", "", "", "")
        assert board.newest(tx, "sample", TODAY) == []


def test_taking_down_twice_changes_nothing(street: Board):
    street.put()
    assert street.withdraw()
    before = row(street)
    assert not street.withdraw(reason="别的理由", on=date(2026, 7, 1))
    assert not street.end()
    assert row(street) == before
    assert not street.withdraw("unknown")


def test_an_ended_notice_may_still_be_withdrawn(street: Board):
    street.put()
    street.end()
    assert street.withdraw(on=date(2026, 6, 2))
    assert keys(street, words="2026") == ["k1"]
    assert row(street).reason == "行政复议撤销原决定"


def test_a_withdrawn_notice_comes_back_only_as_a_new_version(street: Board):
    street.put()
    street.withdraw()
    street.put()
    assert row(street).state == "withdrawn"
    street.put(version=2)
    assert row(street).state == "shown"
    assert row(street).reason == ""
    assert keys(street, words="秸秆") == ["k1"]


def test_a_notice_is_put_in_the_transaction_of_the_move_or_not_at_all(street: Board):
    with street.fashen.engine.connect() as tx, tx.begin() as move:
        board.put(tx, "sample", street.case, a_public_notice())
        move.rollback()
    assert keys(street) == keys(street, words="秸秆") == []


def test_fields_longer_than_their_columns_are_read_in_full(street: Board):
    long = "长" * 900
    street.put(title=long, party=long, number=long, organ=long, content=long)
    assert keys(street, organ=long) == keys(street, organ=long, words="长长长") == ["k1"]
    told = page(street).lines[0].notice
    assert told is not None
    assert {told.title, told.party, told.number, told.organ} == {long}
