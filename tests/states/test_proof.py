"""The proof finds what it is for: a hole in the table, a trap, a clockless wait, a question not asked."""

from dataclasses import replace
from datetime import date

import pytest

from policies.core import POLICIES
from states import proof
from states.case import FLOWS, ORDINARY
from states.case import CaseState as S
from states.flow import Flow, Move
from workflow import offices


def changed(*, moves=None, terms=None):
    return Flow(
        "ordinary",
        99,
        S,
        moves=moves or ORDINARY.moves,
        terms=ORDINARY.terms if terms is None else terms,
        finals=ORDINARY.finals,
    )


def altered(verb, **how):
    return [replace(m, **how) if m.verb == verb else m for m in ORDINARY.moves]


@pytest.mark.parametrize("flow", FLOWS.values(), ids=str)
def test_nothing_is_wrong_with_the_flows_in_use(flow):
    found = proof.prove(flow)

    assert found.faults == []
    assert found.situations > 20


def test_every_mark_stands_for_a_policy_and_is_needed_somewhere():
    needed = {m for flow in FLOWS.values() for v in flow.moves for m in proof.effect(flow, v).needs}

    assert needed == set(proof.MARKS)
    assert {m.policy for m in proof.MARKS} <= set(POLICIES)


def test_a_second_way_to_a_penalty_without_review_is_found():
    door = Move(
        "approve_directly", "直接决定", (S.INVESTIGATING,), S.DECIDED, ORDINARY.verbs["decide"].who
    )

    found = proof.prove(changed(moves=[*ORDINARY.moves, door]))

    assert "“直接决定”可以不经审核进入“已决定”。" in found.faults
    assert "“直接决定”可以不经告知或者不等期满。" in found.faults


def test_closing_from_a_state_that_skips_the_obligations_is_found():
    door = Move("shelve", "搁置", (S.IN_EFFECT,), S.CLOSED, ORDINARY.verbs["close"].who)

    assert "“搁置”可以在义务未了时。" in proof.prove(changed(moves=[*ORDINARY.moves, door])).faults


def test_a_checklist_that_forgets_a_needed_question_is_found():
    moves = altered(
        "decide",
        checklist=tuple(p for p in ORDINARY.verbs["decide"].checklist if p.id != "review.passed"),
    )

    faults = proof.prove(changed(moves=moves)).faults

    assert faults == [
        "“作出处罚决定”需要“所决定的内容已通过法制审核”，清单却没有问 review.passed。"
    ]


def test_a_wait_without_a_clock_is_found():
    terms = [t for t in ORDINARY.terms if t.clock != "decision"]

    assert (
        "在“调查取证”可能没有任何期限，也没有说明为什么。"
        in proof.prove(changed(terms=terms)).faults
    )


def test_a_trap_that_only_marks_make_is_found(monkeypatch):
    never = proof.Mark("never", "永远没有", "review.passed")
    monkeypatch.setitem(proof.CLOSING_NEEDS, "ordinary", (never,))

    faults = proof.prove(ORDINARY).faults

    assert any("可能走不出去" in f for f in faults)
    assert "“结案”（close）从来办不成。" in faults


def test_an_office_that_cannot_keep_people_apart_is_told_what_lacks():
    office = offices.read("sample")
    alone = office.model_copy(update={"people": tuple(p for p in office.people if p.id == "zhang")})

    assert proof.separation(office, date(2026, 11, 22)) == []
    assert len(proof.separation(alone, date(2026, 11, 22))) == 4
    assert proof.separation(office, date(2031, 1, 1))[0].startswith("2031-01-01 只有 0 名")


@pytest.mark.parametrize(("officers", "told"), [(20, False), (21, True)])
def test_one_reviewer_is_a_twentieth_of_twenty_officers_and_not_of_twenty_one(officers, told):
    """R114, only a reminder."""
    office = offices.read("sample")
    card = office.person("zhang").certificate
    crowd = tuple(
        office.person("zhang").model_copy(
            update={"id": f"o{n}", "certificate": card.model_copy(update={"no": f"示{n}"})}
        )
        for n in range(officers)
    )
    others = tuple(p for p in office.people if not p.has("officer", "unit_head"))
    found = proof.reminders(
        office.model_copy(update={"people": crowd + others}), date(2026, 11, 22)
    )

    assert bool(found) is told


def test_a_verb_that_counts_as_a_review_without_judging_its_items_is_found():
    moves = altered("pass_review", checklist=ORDINARY.verbs["return_case"].checklist)

    faults = proof.prove(changed(moves=moves)).faults

    assert "“审核通过”算作审核通过，却没有逐项判断。" in faults
