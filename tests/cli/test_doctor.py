"""`fashen doctor` — what a person should look at."""

from __future__ import annotations

import json

from tests.builders import a_case
from workflow import models


def test_a_sound_office_has_nothing_to_say_but_its_unconfirmed_numbers(office, command):
    a_case(office, "in_effect")
    told = command("doctor", "--deep", "--json").json

    assert (told["cases"], told["dead"], told["faults"], told["deep"]) == (1, 0, [], True)
    assert told["entries"] > 10
    assert any(
        line.startswith("legal_review.turnaround = 5 个工作日") for line in told["unconfirmed"]
    )


def test_in_words_it_is_short_and_says_what_was_done(office, command):
    a_case(office, "lead")
    ran = command("doctor")
    deep = command("doctor", "--deep")

    assert (ran.code, deep.code) == (0, 0)
    assert "案件 1 件，大事记 1 条" in ran.out
    assert "逐案核对" not in ran.out
    assert "逐案核对：没有发现问题。" in deep.out


def test_deep_finds_a_document_that_is_not_what_the_record_says(office, command):
    case = a_case(office, "investigating")
    with office.engine.begin() as tx:
        row = tx.execute(models.cases.select().where(models.cases.c.id == case)).mappings().one()
        document = json.loads(row["doc"])
        document["acts"] = [*document.get("acts", []), {"text": "另一件事"}]
        tx.execute(
            models.cases.update()
            .where(models.cases.c.id == case)
            .values(doc=json.dumps(document, ensure_ascii=False))
        )

    ran = command("doctor", "--deep")
    assert ran.code == 1
    assert "发现 " in ran.out
    assert case in ran.out


def test_a_message_that_nobody_could_deliver_is_a_failure(office, command):
    a_case(office, "filing")
    with office.engine.begin() as tx:
        tx.execute(models.outbox.update().values(status="dead"))

    ran = command("doctor")
    assert ran.code == 1
    assert "失败 " in ran.out
