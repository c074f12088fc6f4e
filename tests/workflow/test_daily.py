"""每日 — one digest for heads, and what has no clock: told once, to whoever can see to it, on the day it should be."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from policies.calendar import Calendar, Span
from policies.office import Office
from states.terms import TERMS
from tests.builders import a_case, day, document_of, office_at, sample_office, set_clock, take
from workflow import models, offices
from workflow.daily import _earliest_card, daily
from workflow.database import reading
from workflow.deliveries import drain
from workflow.program import Fashen
from workflow.sweep import sweep
from workflow.times import BEIJING


def an_office(**other: Any) -> Office:
    body = sample_office().model_dump(mode="json", by_alias=True)
    people = other.pop("people", {})
    for person in body["people"]:
        person |= people.get(person["id"], {})
        person["certificate"] = person["certificate"] and {
            **person["certificate"], "valid_to": people.get(person["id"], {}).get("until", "2030-01-01")
        }  # fmt: skip
        person.pop("until", None)
    return Office.model_validate({**body, **other})


def at(fashen: Fashen, on: date, hour: int = 9, minute: int = 0) -> None:
    set_clock(fashen, datetime(on.year, on.month, on.day, hour, minute, tzinfo=BEIJING))


def begun(office: Office, on: str, hour: int = 9, minute: int = 0) -> Fashen:
    fashen = office_at()
    offices.load(fashen, office)
    at(fashen, date.fromisoformat(on), hour, minute)
    daily(fashen)
    return fashen


def told(fashen: Fashen, words: str = "") -> dict[str, list[str]]:
    """Text → who has it, of the notices that hold these words."""
    drain(fashen)
    n = models.inbox.c
    found: dict[str, list[str]] = {}
    with reading(fashen.engine) as tx:
        for r in tx.execute(sa.select(n.text, n.person_id).order_by(n.id)):
            if words in r.text:
                found.setdefault(r.text, []).append(r.person_id)
    return found


# — the digest —


def with_cards(days: int) -> tuple[Fashen, str]:
    fashen = office_at()
    offices.load(fashen, an_office())
    case = a_case(fashen, "investigating")
    ends = date.fromisoformat(document_of(fashen, case)["clocks"]["decision"]["ends"])
    at(fashen, ends + timedelta(days=days))
    return fashen, case


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-16, None),
        (-15, "红牌 0 项，黄牌 1 项"),
        (2, "红牌 1 项，黄牌 0 项"),
    ],
)
def test_heads_get_one_digest_of_the_cards_that_hang(days: int, words: str | None):
    fashen, _ = with_cards(days)
    daily(fashen)
    digests = told(fashen, "今日期限")
    if words is None:
        assert digests == {}
        return
    ((text, people),) = digests.items()
    assert words in text
    assert "“办案”" in text
    assert sorted(people) == ["deputy", "head", "wang"]


def test_a_day_has_one_digest_however_often_it_is_asked_for():
    fashen, _ = with_cards(-15)
    assert daily(fashen) == ["sample"]
    assert daily(fashen) == []
    sweep(fashen)
    assert len(told(fashen, "今日期限")) == 1
    at(fashen, fashen.clock().date() + timedelta(days=1))
    assert daily(fashen) == ["sample"]
    assert sum(len(people) for people in told(fashen, "今日期限").values()) == 6


@pytest.mark.parametrize(("minute", "offices_begun"), [(29, []), (30, ["sample"])])
def test_the_day_begins_at_the_hour_that_the_office_says(minute: int, offices_begun: list[str]):
    fashen, _ = with_cards(-15)
    at(fashen, fashen.clock().date(), 8, minute)
    assert daily(fashen) == offices_begun


def test_what_was_taken_down_is_not_in_the_digest():
    fashen, case = with_cards(-15)
    take(fashen, "wang", "take_down_card", case, clock="decision", reason="等鉴定意见")
    daily(fashen)
    assert told(fashen, "今日期限") == {}


def test_a_long_digest_names_five_and_counts_the_others():
    fashen = office_at()
    offices.load(fashen, an_office())
    for _ in range(7):
        case = a_case(fashen, "investigating", start=day(2025, 3, 3))
    ends = date.fromisoformat(document_of(fashen, case)["clocks"]["decision"]["ends"])
    at(fashen, ends + timedelta(days=3))
    daily(fashen)
    (text,) = told(fashen, "今日期限")
    assert text.count("“办案”") == 5
    assert "另有 2 项" in text
    assert len(text) <= 500


# — what has no clock —


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("2025-04-01", None),
        ("2025-04-02", "将于 2025-06-01 到期"),
        ("2025-06-01", "将于 2025-06-01 到期"),
        ("2025-06-02", "已于 2025-06-01 失效"),
    ],
)
def test_a_certificate_is_told_sixty_days_before_and_when_it_is_over(on: str, words: str | None):
    fashen = begun(an_office(people={"li": {"until": "2025-06-01"}}), on)
    found = told(fashen, "李薇的执法证")
    if words is None:
        assert found == {}
        return
    ((text, people),) = found.items()
    assert words in text
    assert people == ["li", "wang", "admin"]


def test_a_certificate_is_told_once_before_its_end_and_once_after():
    fashen = begun(an_office(people={"li": {"until": "2025-06-01"}}), "2025-05-01")
    for on in ("2025-05-02", "2025-06-01", "2025-06-02", "2025-06-03"):
        at(fashen, date.fromisoformat(on))
        daily(fashen)
    assert [people.count("li") for people in told(fashen, "李薇的执法证").values()] == [1, 1]


@pytest.mark.parametrize(
    ("on", "hours", "short"),
    [("2025-09-30", 0, False), ("2025-10-01", 39, True), ("2025-10-01", 40, False)],
)
def test_officers_below_forty_hours_are_told_from_october_on(on: str, hours: int, short: bool):
    everybody = {p.id: {"study": {"2025": 40}} for p in sample_office().people}
    fashen = begun(an_office(people={**everybody, "li": {"study": {"2025": hours}}}), on)
    found = told(fashen, "学时")
    assert bool(found) is short
    if short:
        ((text, people),) = found.items()
        assert f"登记了 {hours} 学时，不足 40 学时" in text
        assert people == ["li", "wang"]


def test_the_hours_of_another_year_do_not_count():
    people = {p.id: {"study": {"2024": 80}} for p in sample_office().people}
    assert told(begun(an_office(people=people), "2025-12-01"), "李薇 2025 年的学习登记了 0 学时")


@pytest.mark.parametrize(("on", "told_of"), [("2026-08-14", False), ("2026-08-15", True)])
def test_an_item_that_cites_repealed_law_is_told_from_the_day_of_the_repeal(on: str, told_of: bool):
    office = an_office()
    items = [
        item.model_dump(mode="json") | {"valid_to": None}
        for item in office.power_list
        if item.code == "SL-AIR-01-OLD"
    ]
    fashen = begun(an_office(power_list=items), on)
    found = told(fashen, "SL-AIR-01-OLD")
    assert bool(found) is told_of
    if told_of:
        assert all("废止" in text for text in found)
        assert {p for people in found.values() for p in people} == {"admin", "shen"}


def test_the_sample_office_cites_no_repealed_law_after_the_change_of_law():
    assert told(begun(an_office(), "2026-08-20"), "权力事项") == {}


@pytest.mark.parametrize(
    ("on", "told_of"), [("2026-11-30", False), ("2026-12-01", True), ("2027-02-01", True)]
)
def test_an_unpublished_year_is_told_from_december_on(on: str, told_of: bool):
    fashen = begun(an_office(), on)
    found = told(fashen, "2027 年的放假安排还没有载入")
    assert list(found.values()) == ([["admin"]] if told_of else [])


@pytest.mark.parametrize(("days", "told_of"), [(29, False), (30, True), (59, True)])
def test_a_case_without_a_step_for_thirty_days_is_told_once(days: int, told_of: bool):
    fashen = office_at()
    offices.load(fashen, an_office())
    a_case(fashen, "investigating")
    last = fashen.clock().date()
    for passed in range(20, days + 1):
        at(fashen, last + timedelta(days=passed))
        daily(fashen)
    found = told(fashen, "没有办过任何一步")
    assert [sorted(people) for people in found.values()] == ([["li", "wang", "zhang"]] * told_of)


def test_an_archived_case_is_not_idle():
    fashen = office_at()
    offices.load(fashen, an_office())
    a_case(fashen, "archived")
    at(fashen, fashen.clock().date() + timedelta(days=90))
    daily(fashen)
    assert told(fashen, "没有办过任何一步") == {}


def test_a_paper_of_a_supervisor_is_told_by_its_clock_and_then_hangs_in_the_digest():
    fashen = office_at()
    offices.load(fashen, an_office())
    case, on = a_case(fashen, "investigating"), fashen.clock().date()
    due = on + timedelta(days=10)
    take(
        fashen, "clerk", "record_supervision", case, kind="行政执法监督文书", sender="区司法局",
        number="监督1号", received=on.isoformat(), content="请说明办理情况", due=due.isoformat(),
    )  # fmt: skip
    at(fashen, due + timedelta(days=3))
    assert [a for _, a in sweep(fashen).alerts] == ["supervision.yellow", "supervision.red"]
    assert any("“督促文书答复”已超期" in text for text in told(fashen, "今日期限"))


def test_hours_that_nobody_has_on_the_roster_are_told_where_there_is_one():
    roster = [{"person": "li", "from": "2025-03-03T08:00", "until": "2025-03-04T00:00"}]
    found = told(begun(an_office(duty_roster=roster), "2025-03-03"), "没有排值班")
    ((text, people),) = found.items()
    assert "03月04日00时至03月04日09时" in text
    assert people == ["wang", "clerk"]
    assert told(begun(an_office(), "2025-03-03"), "没有排值班") == {}


def test_dead_messages_are_told_to_the_administrator():
    fashen = office_at()
    offices.load(fashen, an_office())
    a_case(fashen, "under_review")
    with fashen.engine.begin() as tx:
        tx.execute(models.outbox.update().values(status="dead"))
    at(fashen, date(2025, 3, 3))
    daily(fashen)
    assert list(told(fashen, "已不再重试").values()) == [["admin"]]


def test_one_thing_that_cannot_be_looked_at_does_not_half_begin_the_day(
    monkeypatch: pytest.MonkeyPatch,
):
    fashen, _ = with_cards(-15)

    def broken(look: object) -> Any:
        raise RuntimeError("broken")

    monkeypatch.setattr("workflow.daily.WATCHES", (broken,))
    assert daily(fashen) == []
    assert told(fashen, "今日期限") == {}
    monkeypatch.undo()
    assert daily(fashen) == ["sample"]
    assert len(told(fashen, "今日期限")) == 1


@pytest.mark.parametrize("yellow", ["-60d", "-20wd", "-2mo"])
def test_a_card_hangs_as_early_as_the_office_wants_it(yellow: str):
    fashen = office_at()
    offices.load(fashen, an_office(alerts={"stages": {"decision": {"yellow": yellow}}}))
    case = a_case(fashen, "investigating")
    ends = date.fromisoformat(document_of(fashen, case)["clocks"]["decision"]["ends"])
    hung = fashen.calendar.count(ends, Span.parse(yellow)).due
    at(fashen, hung - timedelta(days=1))
    daily(fashen)
    assert told(fashen, "今日期限") == {}
    at(fashen, hung)
    daily(fashen)
    assert len(told(fashen, "今日期限")) == 1


@pytest.mark.parametrize("yellow", ["-1wd", "-2wd", "-5wd", "-20wd", "-15d", "-1mo", "-3mo"])
def test_no_card_hangs_before_the_digest_looks_for_it(yellow: str):
    """Over every holiday of the published years; the office has this offset alone."""
    clocks = {clock: {"yellow": yellow} for clock in TERMS}
    office = an_office(alerts={"stages": clocks})
    calendar = Calendar.published()
    first = date(2018, 6, 1)
    for n in range((date(calendar.published_through, 12, 31) - first).days):
        ends = first + timedelta(days=n)
        hung = calendar.count(ends, Span.parse(yellow)).due
        assert ends - hung <= _earliest_card(office)


def test_the_morning_is_led_by_an_index_to_what_hangs_and_to_what_stands_still():
    """Or it would cost what an office has, every day anew (`make bench`)."""
    fashen, _ = with_cards(-15)
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.startswith("SELECT cases."):
            asked.append((statement, parameters))

    sa.event.listen(fashen.engine, "before_cursor_execute", note)
    daily(fashen)
    sa.event.remove(fashen.engine, "before_cursor_execute", note)
    with reading(fashen.engine) as tx:
        plans = [
            " ".join(row[-1] for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", values))
            for said, values in asked
        ]
    digest, idle = plans
    assert "ix_deadline_office_id_state_ends (office_id=? AND state=? AND ends<?)" in digest
    assert "ix_cases_office_id_state_moved_at (office_id=? AND state=? AND moved_at<?)" in idle


@pytest.mark.parametrize(
    ("on", "person", "inside"),
    [
        ("2025-05-01", {"until": "2025-06-01"}, "李薇的执法证"),
        ("2025-10-01", {}, "李薇 2025 年的学习"),
    ],
)
def test_the_names_of_the_offices_people_stay_inside(on: str, person: dict[str, Any], inside: str):
    wang = {"reach": {"email": "wang@example.invalid"}, "sends": {"tell": ["email"]}}
    fashen = begun(an_office(people={"li": person, "wang": wang}), on)
    o = models.outbox.c
    with reading(fashen.engine) as tx:
        out = [
            json.loads(p)["text"]
            for p in tx.execute(sa.select(o.payload).where(o.kind == "send")).scalars()
        ]
    assert told(fashen, inside)
    assert out
    names = [p.name for p in sample_office().people]
    assert not [text for text in out if any(name in text for name in names)]
