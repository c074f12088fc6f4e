"""Letters on a person's channels: by stage, not in quiet hours, done when the receiver says so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from policies.office import Office
from tests.builders import a_case, document_of, office_at, sample_office, set_clock, take
from workflow import models, offices, outbox, sending
from workflow.channels import Letter, NotDelivered
from workflow.database import reading
from workflow.deliveries import deliver, drain
from workflow.follow_ups import LONGEST_ATTEMPTS
from workflow.program import Fashen
from workflow.sweep import sweep
from workflow.times import BEIJING, midnight


class Way:
    """A channel that does what it is told: `fails` says of a letter why it did not arrive, if so."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sent: list[Letter] = []
        self.tried: list[Letter] = []
        self.fails: Callable[[Letter], NotDelivered | None] = lambda letter: None

    def send(self, letter: Letter) -> str:
        self.tried.append(letter)
        if wrong := self.fails(letter):
            raise wrong
        self.sent.append(letter)
        return f"250 ok {letter.mark}"


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> dict[str, Way]:
    found = {name: Way(name) for name in ("email", "wecom")}
    monkeypatch.setattr(sending, "_ways_out", lambda settings: found)
    return found


def an_office(**people: dict[str, Any]) -> Office:
    body = sample_office().model_dump(mode="json", by_alias=True)
    for person in body["people"]:
        person |= people.get(person["id"], {})
    return Office.model_validate(body)


BOTH = {"reach": {"email": "li@example.invalid", "wecom": "13800000000"}}
EMAIL = {"reach": {"email": "li@example.invalid"}}


def with_office(office: Office) -> tuple[Fashen, str]:
    """A case under investigation, at nine in the morning of the day of its yellow card."""
    fashen = office_at()
    offices.load(fashen, office)
    case = a_case(fashen, "investigating")
    ends = datetime.fromisoformat(document_of(fashen, case)["clocks"]["decision"]["ends"])
    set_clock(fashen, midnight(ends) + timedelta(days=-15, hours=9))
    drain(fashen)
    return fashen, case


def later(fashen: Fashen, **passed: float) -> None:
    set_clock(fashen, fashen.clock() + timedelta(**passed))


def letters(fashen: Fashen) -> list[Any]:
    o = models.outbox.c
    with reading(fashen.engine) as tx:
        return list(tx.execute(sa.select(models.outbox).where(o.kind == "send").order_by(o.id)))


def refused(reason: str = "连不上", *, again: bool = True) -> Callable[[Letter], NotDelivered]:
    return lambda letter: NotDelivered(reason, again=again)


# — to whom, on what, at which stage —


@pytest.mark.parametrize(
    ("person", "email", "wecom"),
    [
        ({}, 0, 0),
        (EMAIL, 1, 0),
        (BOTH, 1, 1),
        ({**BOTH, "sends": {"red": ["email"]}}, 0, 0),
        ({**BOTH, "sends": {"yellow": ["wecom"], "red": ["email"]}}, 0, 1),
    ],
)
def test_a_stage_goes_out_on_the_channels_that_the_person_has_for_it(
    ways: dict[str, Way], person: dict[str, Any], email: int, wecom: int
):
    fashen, _ = with_office(an_office(li=person))
    sweep(fashen)
    drain(fashen)
    assert (len(ways["email"].sent), len(ways["wecom"].sent)) == (email, wecom)


def test_a_letter_names_the_case_and_what_to_do_and_nobody(ways: dict[str, Way]):
    fashen, case = with_office(an_office(li=EMAIL))
    sweep(fashen)
    drain(fashen)
    (letter,) = ways["email"].sent
    assert letter.subject == "法审　黄牌"
    assert letter.address == "li@example.invalid"
    assert letter.stage == "yellow"
    assert "示街罚案〔2025〕001号的“办案”期限" in letter.text
    assert letter.text.endswith(f"http://127.0.0.1:8000/cases/{case}")
    assert "杜" not in letter.text
    (row,) = letters(fashen)
    assert (row.status, row.receipt) == ("done", f"250 ok {letter.mark}")


def test_a_notice_that_is_no_stage_goes_out_where_the_person_wants_it(ways: dict[str, Way]):
    fashen = office_at()
    offices.load(fashen, an_office(shen={**EMAIL, "sends": {"tell": ["email"]}}))
    a_case(fashen, "under_review")
    drain(fashen)
    assert [letter.stage for letter in ways["email"].sent] == [""]


def test_a_channel_without_an_address_is_refused_in_the_office_file():
    with pytest.raises(ValueError, match="wecom 在 reach 里没有地址"):
        an_office(li={**EMAIL, "sends": {"red": ["wecom"]}})


def test_a_person_who_is_no_longer_reached_so_gets_no_letter(ways: dict[str, Way]):
    fashen, _ = with_office(an_office(li=EMAIL))
    sweep(fashen)
    offices.load(fashen, an_office())
    drain(fashen)
    assert ways["email"].tried == []
    assert [row.status for row in letters(fashen)] == ["cancelled"]


def test_a_letter_is_sent_once_however_often_it_is_delivered(ways: dict[str, Way]):
    fashen, _ = with_office(an_office(li=EMAIL))
    sweep(fashen)
    (row,) = letters(fashen)
    assert deliver(fashen, row.id) is True
    assert deliver(fashen, row.id) is False
    assert len(ways["email"].sent) == 1


# — nothing after the clock stops —


def test_nothing_is_told_of_a_clock_that_has_stopped_meanwhile(ways: dict[str, Way]):
    fashen, case = with_office(an_office(li=EMAIL))
    sweep(fashen)
    take(fashen, "head", "terminate", case, reason="当事人死亡，无人承受义务")
    drain(fashen)
    assert ways["email"].tried == []
    n = models.inbox.c
    with reading(fashen.engine) as tx:
        assert tx.scalar(sa.select(sa.func.count()).where(n.stage == "yellow")) == 0


# — quiet —


@pytest.mark.parametrize(("hour", "sent"), [(20, True), (21, False), (7, False), (8, True)])
def test_in_quiet_hours_a_yellow_card_waits_for_the_morning(
    ways: dict[str, Way], hour: int, sent: bool
):
    fashen, _ = with_office(an_office(li=EMAIL))
    set_clock(fashen, fashen.clock().astimezone(BEIJING).replace(hour=hour))
    sweep(fashen)
    drain(fashen)
    assert bool(ways["email"].tried) is sent
    if not sent:
        (row,) = letters(fashen)
        assert (row.status, row.attempts, f"{row.available_at.astimezone(BEIJING):%H:%M}") == (
            "ready", 0, "07:30"
        )  # fmt: skip
        set_clock(fashen, row.available_at)
        drain(fashen)
        assert len(ways["email"].sent) == 1


def test_red_goes_out_at_night(ways: dict[str, Way]):
    fashen, _ = with_office(an_office(li={**EMAIL, "sends": {"red": ["email"]}}))
    later(fashen, days=18, hours=14)
    sweep(fashen)
    drain(fashen)
    assert [letter.stage for letter in ways["email"].sent] == ["red"]


# — failing —


def test_a_channel_that_fails_rests_and_does_not_hold_up_another_or_the_inbox(
    ways: dict[str, Way],
):
    fashen, _ = with_office(an_office(li=BOTH, zhang=BOTH, wang=BOTH))
    ways["email"].fails = refused()
    sweep(fashen)
    drain(fashen)
    assert (len(ways["email"].tried), len(ways["wecom"].sent)) == (1, 3)
    n = models.inbox.c
    with reading(fashen.engine) as tx:
        assert tx.scalar(sa.select(sa.func.count()).where(n.stage == "yellow")) == 3
    tried, *others = [row for row in letters(fashen) if "send:email" in row.dedup]
    assert (tried.attempts, tried.last_error) == (1, "连不上")
    assert {(row.status, row.attempts) for row in others} == {("ready", 0)}


def test_after_its_rest_one_letter_tries_first_and_when_it_arrives_all_go(ways: dict[str, Way]):
    fashen, _ = with_office(an_office(li=EMAIL, zhang=EMAIL, wang=EMAIL))
    ways["email"].fails = refused()
    sweep(fashen)
    drain(fashen)
    for seconds in (29, 1):
        later(fashen, seconds=seconds)
        drain(fashen)
    assert len(ways["email"].tried) == 2
    later(fashen, seconds=60)
    ways["email"].fails = lambda letter: None
    drain(fashen)
    later(fashen, minutes=3)
    drain(fashen)
    assert len({letter.key for letter in ways["email"].sent}) == len(ways["email"].sent) == 3
    assert {row.status for row in letters(fashen)} == {"done"}


def test_the_rest_grows_to_a_quarter_of_an_hour(ways: dict[str, Way]):
    fashen, _ = with_office(an_office(li=EMAIL, zhang=EMAIL, wang=EMAIL))
    ways["email"].fails = refused()
    sweep(fashen)
    rests = []
    for _ in range(9):
        drain(fashen)
        with reading(fashen.engine) as tx:
            row = tx.execute(sa.select(models.channel)).one()
        rests.append((row.rests_until - row.failed_at).total_seconds())
        later(fashen, minutes=16)
    assert rests == [30, 60, 120, 240, 480, 900, 900, 900, 900]


def test_a_whole_day_without_mail_kills_no_letter(ways: dict[str, Way]):
    fashen, _ = with_office(an_office(li=EMAIL, zhang=EMAIL, wang=EMAIL))
    ways["email"].fails = refused()
    sweep(fashen)
    for _ in range(96):
        drain(fashen)
        later(fashen, minutes=15)
    assert {row.status for row in letters(fashen)} == {"ready"}
    ways["email"].fails = lambda letter: None
    later(fashen, days=1, hours=1)
    for _ in range(4):
        drain(fashen)
        later(fashen, minutes=2)
    assert {row.status for row in letters(fashen)} == {"done"}


def test_a_letter_that_fails_where_others_arrive_dies_of_its_attempts(ways: dict[str, Way]):
    fashen, _ = with_office(an_office(li={"reach": {"email": "poison"}}, zhang=EMAIL, wang=EMAIL))
    ways["email"].fails = lambda letter: (
        NotDelivered("550", again=True) if letter.address == "poison" else None
    )
    sweep(fashen)
    for n in range(60):
        drain(fashen)
        if n % 2:
            a_letter(fashen, f"other:{n}")
        later(fashen, minutes=35)
    drain(fashen)
    dead = [row for row in letters(fashen) if row.status == "dead"]
    assert [(row.attempts - 1, "li" in row.dedup) for row in dead] == [(LONGEST_ATTEMPTS, True)]
    assert {row.status for row in letters(fashen) if row not in dead} == {"done"}


def a_letter(fashen: Fashen, key: str) -> None:
    with fashen.engine.begin() as tx:
        now = fashen.now(tx)
        payload = '{"channel":"email","stage":"red","text":"红牌：请看","to":"zhang"}'
        tx.execute(
            models.outbox.insert(),
            {"kind": "send", "dedup": key, "office_id": "sample", "case_id": "", "payload": payload,
             "status": "ready", "attempts": 0, "created_at": now, "available_at": now},
        )  # fmt: skip


@pytest.mark.parametrize("configured", [True, False])
def test_what_no_repetition_cures_is_dead_at_once_and_the_channel_goes_on(
    ways: dict[str, Way], monkeypatch: pytest.MonkeyPatch, configured: bool
):
    fashen, _ = with_office(an_office(li=EMAIL))
    ways["email"].fails = refused("没有这个邮箱", again=False)
    if not configured:
        monkeypatch.setattr(sending, "_ways_out", lambda settings: {})
    sweep(fashen)
    drain(fashen)
    (row,) = letters(fashen)
    assert row.status == "dead"
    assert ("没有这个邮箱" if configured else "没有设置") in row.last_error
    with reading(fashen.engine) as tx:
        assert tx.execute(sa.select(models.channel.c.failures)).scalars().all() == [0]


# — dead letters —


def test_a_dead_letter_is_tried_anew_when_a_person_says_so(ways: dict[str, Way]):
    fashen, _ = with_office(an_office(li=EMAIL))
    ways["email"].fails = refused("没有这个邮箱", again=False)
    sweep(fashen)
    drain(fashen)
    (row,) = letters(fashen)
    ways["email"].fails = lambda letter: None
    assert outbox.requeue(fashen, "sample", row.id, by="admin", reason="邮箱已改正") is True
    assert outbox.requeue(fashen, "sample", row.id, by="admin", reason="再来一次") is False
    drain(fashen)
    assert [letter.status for letter in letters(fashen)] == ["done"]
    with reading(fashen.engine) as tx:
        (kept,) = tx.execute(sa.select(models.requeued))
    assert (kept.person_id, kept.reason, kept.attempts, kept.last_error) == (
        "admin", "邮箱已改正", 1, "没有这个邮箱"
    )  # fmt: skip


def test_another_office_cannot_requeue_it(ways: dict[str, Way]):
    fashen, _ = with_office(an_office(li=EMAIL))
    ways["email"].fails = refused(again=False)
    sweep(fashen)
    drain(fashen)
    (row,) = letters(fashen)
    assert outbox.requeue(fashen, "elsewhere", row.id, by="admin", reason="理由") is False
    assert letters(fashen)[0].status == "dead"


# — two at once —


def test_of_two_who_come_after_a_rest_one_tries(ways: dict[str, Way], postgresql_url: str):
    fashen = office_at(postgresql_url)
    offices.load(fashen, an_office(zhang=EMAIL))
    for n in range(2):
        a_letter(fashen, f"letter:{n}")
    with fashen.engine.begin() as tx:
        past = fashen.now(tx) - timedelta(seconds=1)
        tx.execute(models.channel.insert(), {"name": "email", "failures": 1, "rests_until": past})
    meet = threading.Event()

    def hangs(letter: Letter) -> NotDelivered | None:
        meet.wait(10)
        return None

    ways["email"].fails = hangs
    first, second = (row.id for row in letters(fashen))
    one = threading.Thread(target=deliver, args=(fashen, first))
    one.start()
    while not ways["email"].tried:
        pass
    assert deliver(fashen, second) is False
    assert len(ways["email"].tried) == 1
    meet.set()
    one.join()
    assert [row.status for row in letters(fashen)] == ["done", "ready"]
