"""A person's calendar: who gets in, with what, and until when."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import icalendar
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from tests.builders import a_case, day, everything, office_at, sample_office, set_clock
from tests.web.test_reading import Reader, hidden
from workflow import models, offices, tokens
from workflow.database import reading
from workflow.errors import NotFound, Unauthorised
from workflow.program import Fashen
from workflow.settings import Settings
from workflow.web.app import make_app


@pytest.fixture
def fashen(database_url: str) -> Iterator[Fashen]:
    made = office_at(database_url, now=day(2025, 1, 6))
    yield made
    made.engine.dispose()


@pytest.fixture
def reader() -> Iterator[Reader]:
    with TestClient(make_app(office_at(now=day(2025, 1, 6)))) as client:
        yield Reader(client)


def read(reader: Reader, token: str):
    reader.client.cookies.clear()
    return reader.client.get(f"/calendar/{token}.ics")


def summaries(answer) -> list[str]:
    assert answer.status_code == 200
    calendar = icalendar.Calendar.from_ical(answer.content)
    return [str(event["summary"]) for event in calendar.walk("VEVENT")]


# — the token —————————————————————————————————————————————————————————————————————————————


def test_the_same_token_is_told_again_until_it_is_renewed(fashen):
    assert tokens.calendar(fashen, "sample", "li") is None
    first = tokens.renew_calendar(fashen, "sample", "li")
    assert tokens.calendar(fashen, "sample", "li") == first
    assert len(first) == 43

    second = tokens.renew_calendar(fashen, "sample", "li")
    assert second != first
    assert tokens.calendar(fashen, "sample", "li") == second
    assert tokens.calendar_of(fashen, first) is None
    office, person = tokens.calendar_of(fashen, second)
    assert (office, person.id) == ("sample", "li")


def test_a_token_that_ended_never_comes_back(fashen):
    seen = set()
    for _ in range(3):
        seen.add(tokens.renew_calendar(fashen, "sample", "li"))
        assert tokens.revoke(fashen, "sample", "li", tokens.CALENDAR) == 1
        assert tokens.calendar(fashen, "sample", "li") is None
    assert len(seen) == 3
    assert [tokens.calendar_of(fashen, token) for token in seen] == [None] * 3
    assert tokens.revoke(fashen, "sample", "li", tokens.CALENDAR) == 0


def test_no_two_people_and_no_two_offices_share_one(fashen):
    offices.load(fashen, sample_office().model_copy(update={"office": "next"}))
    made = {
        tokens.renew_calendar(fashen, office, person)
        for office in ("sample", "next")
        for person in ("zhang", "li")
    }
    assert len(made) == 4
    assert {tokens.calendar_of(fashen, token)[0] for token in made} == {"sample", "next"}


def test_the_address_opens_nothing_else_and_nothing_else_opens_the_calendar(fashen):
    address, api = (
        tokens.renew_calendar(fashen, "sample", "li"),
        tokens.issue(fashen, "sample", "li"),
    )
    with pytest.raises(Unauthorised):
        tokens.bearer(fashen, address)
    assert tokens.calendar_of(fashen, api) is None
    tokens.revoke(fashen, "sample", "li")
    assert tokens.calendar_of(fashen, address) is not None
    tokens.revoke(fashen, "sample", "li", tokens.CALENDAR)
    assert tokens.calendar(fashen, "sample", "li") is None


def test_only_the_digest_is_kept(fashen):
    assert tokens.renew_calendar(fashen, "sample", "li") not in str(everything(fashen))


def test_under_another_key_the_address_is_dead_and_a_new_one_can_be_had(fashen):
    old = tokens.renew_calendar(fashen, "sample", "li")
    other = Fashen(
        Settings(_env_file=None, secret_key="another-key-" * 4),
        fashen.engine, fashen.calendar, clock=fashen.clock,
    )  # fmt: skip
    assert tokens.calendar_of(other, old) is None
    assert tokens.calendar(other, "sample", "li") is None
    assert tokens.calendar_of(other, tokens.renew_calendar(other, "sample", "li")) is not None
    assert tokens.calendar_of(fashen, old) is None


@pytest.mark.parametrize("person", ["system", "nobody"])
def test_there_is_no_calendar_for_the_system_or_a_stranger(fashen, person):
    with pytest.raises(NotFound, match="zhang（张衡）"):
        tokens.renew_calendar(fashen, "sample", person)


def test_asked_for_twice_at_once_there_is_one_valid_address(fashen):
    together = threading.Barrier(2)

    def ask(_):
        together.wait()
        return tokens.renew_calendar(fashen, "sample", "li")

    for _ in range(5):
        with ThreadPoolExecutor(2) as pool:
            made = list(pool.map(ask, range(2)))
        t = models.token.c
        with reading(fashen.engine) as tx:
            valid = tx.scalar(sa.select(sa.func.count()).where(t.revoked_at.is_(None)))
        assert valid == 1
        assert tokens.calendar(fashen, "sample", "li") in made


# — what a calendar program gets ———————————————————————————————————————————————————————————————


def test_the_calendar_is_read_without_a_sign_in_and_kept_by_no_shared_cache(reader):
    a_case(reader.fashen, "investigating")
    answer = read(reader, tokens.renew_calendar(reader.fashen, "sample", "zhang"))

    assert summaries(answer) == ["届满：办案 示街罚案〔2025〕001号"]
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-cache"
    head = reader.client.head(answer.request.url.path)
    assert (head.status_code, head.content) == (200, b"")
    assert reader.client.post(answer.request.url.path).status_code == 405


def test_each_has_their_own(reader):
    a_case(reader.fashen, "under_review")
    shen = read(reader, tokens.renew_calendar(reader.fashen, "sample", "shen"))
    zhao = read(reader, tokens.renew_calendar(reader.fashen, "sample", "zhao"))

    assert summaries(shen) == ["届满：法制审核 示街罚案〔2025〕001号"]
    assert summaries(zhao) == []


def test_an_unknown_token_a_revoked_one_and_somebody_elses_kind_are_the_same_404(reader):
    revoked = tokens.renew_calendar(reader.fashen, "sample", "li")
    tokens.revoke(reader.fashen, "sample", "li", tokens.CALENDAR)
    valid = tokens.renew_calendar(reader.fashen, "sample", "zhang")
    api = tokens.issue(reader.fashen, "sample", "li")
    answers = [
        read(reader, token)
        for token in (revoked, api, "guess", valid[:-1], valid.swapcase(), "%00", "x" * 5000)
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert "作废" not in answers[0].text


def test_who_has_left_the_office_has_no_calendar_any_more(reader):
    token = tokens.renew_calendar(reader.fashen, "sample", "li")
    assert read(reader, token).status_code == 200
    stay = tuple(p for p in sample_office().people if p.id != "li")
    offices.load(reader.fashen, sample_office().model_copy(update={"people": stay}))
    assert read(reader, token).status_code == 404


# — the page ——————————————————————————————————————————————————————————————————————————————


def address(page: str) -> str:
    return unescape(re.findall(r'id="address" value="([^"]*)"', page)[0])


def press(reader: Reader, do: str, by: str = "zhang"):
    sent = {"csrf": hidden(reader.page("/deadlines", by), "csrf"), "do": do}
    return reader.client.post("/deadlines/calendar", data=sent, follow_redirects=False)


def test_the_page_shows_ones_own_address_and_reading_it_makes_none(reader):
    assert "生成订阅地址" in reader.page("/deadlines")
    assert tokens.calendar(reader.fashen, "sample", "zhang") is None

    answer = press(reader, "renew")
    assert (answer.status_code, answer.headers["location"]) == (303, "/deadlines#calendar")
    token = tokens.calendar(reader.fashen, "sample", "zhang")
    assert address(reader.page("/deadlines")) == f"http://127.0.0.1:8000/calendar/{token}.ics"
    assert "生成订阅地址" in reader.page("/deadlines", "li")


def test_a_new_address_ends_the_old_one_and_stopping_ends_it_without_a_new_one(reader):
    press(reader, "renew")
    first = tokens.calendar(reader.fashen, "sample", "zhang")
    press(reader, "renew")
    second = tokens.calendar(reader.fashen, "sample", "zhang")
    assert read(reader, first).status_code == 404
    assert read(reader, second).status_code == 200
    press(reader, "end")
    assert read(reader, second).status_code == 404
    assert "生成订阅地址" in reader.page("/deadlines")


def test_only_our_own_page_can_ask_for_one(reader):
    reader.page("/deadlines")
    for sent in ({}, {"csrf": "guess"}):
        answer = reader.client.post("/deadlines/calendar", data={**sent, "do": "renew"})
        assert answer.status_code == 403
    assert tokens.calendar(reader.fashen, "sample", "zhang") is None
    reader.client.cookies.clear()
    assert reader.client.post("/deadlines/calendar", data={"do": "renew"}).status_code == 401


def test_the_page_lists_ones_own_clocks_and_on_asking_the_whole_offices(reader):
    a_case(reader.fashen, "under_review")
    mine, all_ = reader.page("/deadlines", "shen"), reader.page("/deadlines?whose=all", "shen")

    assert "1 个，先到期的在前" in mine
    assert re.search(r"<b>法制审核</b><br><a [^>]*>示街罚案〔2025〕001号", mine)
    assert "<b>办案</b>" not in mine
    assert "2 个，先到期的在前" in all_
    assert "<b>办案</b>" in all_
    assert "您手上没有正在计算的期限" in reader.page("/deadlines", "zhao")
    assert 'href="/deadlines"' in reader.page("/")


def test_the_page_foretells_two_weeks_and_not_the_day_after(reader):
    a_case(reader.fashen, "investigating")  # yellow on 22 March
    assert "黄牌</span>" not in reader.page("/deadlines", at=day(2025, 3, 7))
    page = reader.page("/deadlines", at=day(2025, 3, 8))
    assert '<time datetime="2025-03-22">2025-03-22（周六）</time>' in page
    assert "黄牌</span>" in page
    assert "2025-04-06 届满；通知张衡、李薇、王立新" in page
    assert "两周之内没有要通知您的期限" in reader.page("/deadlines", "zhao")


def test_many_clocks_stand_on_several_pages(reader):
    case = a_case(reader.fashen, "investigating")
    d = models.deadline
    with reader.fashen.engine.begin() as tx:
        [row] = tx.execute(sa.select(d).where(d.c.case_id == case, d.c.state == "open")).mappings()
        tx.execute(d.insert(), [{**row, "round": n} for n in range(100, 200)])

    for whose in ("mine", "all"):
        first = reader.page(f"/deadlines?whose={whose}")
        assert "101 个" in first
        assert "第 1/2 页" in first
        last = reader.page(f"/deadlines?whose={whose}&page=2")
        assert last.count("<b>办案</b>") == 1
        assert "上一页" in last
    assert reader.client.get("/deadlines?page=-5").status_code == 200


def test_a_clock_that_starts_later_says_when(reader):
    a_case(reader.fashen, after="serve_decision")
    page = reader.page("/deadlines")
    assert re.search(r"\d{4}-\d\d-\d\d 起算</span>", page)
    assert "第 -" not in page


def test_the_page_asks_for_a_sign_in(reader):
    set_clock(reader.fashen, day(2025, 1, 7))
    answer = reader.client.get("/deadlines", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/deadlines")
