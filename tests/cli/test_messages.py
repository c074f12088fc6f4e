"""`fashen messages` — what waits, what is dead, and who lets it be tried anew."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from tests.builders import a_case
from workflow import models
from workflow.database import reading
from workflow.deliveries import drain


@pytest.fixture
def dead(office) -> int:
    """Of several messages one that is dead; the others are done."""
    a_case(office, "under_review")
    o = models.outbox.c
    with office.engine.begin() as tx:
        id: int = tx.scalars(sa.select(sa.func.min(o.id))).one()
        broken = {"status": "dead", "attempts": 9, "last_error": "没有这个人"}
        tx.execute(models.outbox.update().where(o.id == id).values(**broken))
    drain(office)
    return id


def test_nothing_waits(office, command):
    a_case(office, "under_review")
    drain(office)
    assert command("messages").out == "没有待发的消息。\n"


def test_what_is_dead_stands_first_with_its_reason_and_the_cure(office, command, dead):
    a_case(office, "under_review")
    ran = command("messages")
    first = ran.out.split("\n")[0]
    assert (ran.code, first.split()[:2]) == (0, [str(dead), "不再重试"])
    assert "没有这个人" in first
    assert "待发" in ran.out
    assert "1 条不再重试" in ran.out
    told = json.loads(command("messages", "--json").out)
    assert (told[0]["id"], told[0]["status"], told[0]["attempts"]) == (dead, "dead", 9)


def test_a_named_person_lets_it_be_tried_anew(office, command, dead):
    ran = command("messages", "--requeue", str(dead), "--by", "admin", "--because", "人员已补登")
    assert (ran.code, ran.err) == (0, "")
    assert "何守一" in ran.out
    with office.engine.begin() as tx:  # the test's clock is not the one of the command
        tx.execute(models.outbox.update().values(available_at=office.now(tx)))
    drain(office)
    assert command("messages").out == "没有待发的消息。\n"
    with reading(office.engine) as tx:
        (kept,) = tx.execute(sa.select(models.requeued))
    assert (kept.person_id, kept.reason, kept.attempts) == ("admin", "人员已补登", 9)


@pytest.mark.parametrize(
    "given",
    [[], ["--by", "admin"], ["--because", "理由"], ["--by", "admin", "--because", " "]],
)
def test_nobody_does_it_without_a_name_and_a_reason(office, command, dead, given):
    ran = command("messages", "--requeue", str(dead), *given)
    assert (ran.code, ran.out) == (2, "")
    assert "留下名字" in ran.err


@pytest.mark.parametrize("by", ["nobody", "system"])
def test_only_somebody_of_the_office_can(office, command, dead, by):
    ran = command("messages", "--requeue", str(dead), "--by", by, "--because", "理由")
    assert (ran.code, ran.out) == (1, "")


def test_what_is_not_dead_stays_as_it_is(office, command, dead):
    ran = command("messages", "--requeue", str(dead + 1), "--by", "admin", "--because", "理由")
    assert (ran.code, ran.out) == (1, "")
    assert "什么都没有改变" in ran.err
    with reading(office.engine) as tx:
        assert tx.execute(sa.select(models.requeued)).all() == []
