"""The proof finds what it is for: a hole in the table, a trap, a clockless wait, a question not asked."""

from dataclasses import replace

import pytest

from states import marks, proof, waiting
from states.beside.deferral import DeferralState
from states.beside.enforcement import ENFORCEMENT, EnforcementState
from states.beside.measure import MEASURE, MeasureState
from states.beside.recusal import RECUSAL
from states.case import BESIDE, FLOWS, ORDINARY
from states.case import CaseState as S
from states.flow import Flow, Move
from states.people import HEAD
from tests.policies.builders import LAW, a_measure, facts, ready


def changed(flow=ORDINARY, *, moves=None, terms=None, beside=None, finals=None):
    """A flow with something changed; a case's own rows are given, those beside it come of themselves."""
    own = [m for m in (moves or flow.moves) if not m.beside]
    return Flow(
        flow.name,
        99,
        flow.states,
        moves=own,
        terms=flow.terms if terms is None else terms,
        finals=flow.finals if finals is None else finals,
        items=flow.items,
        beside=flow.beside.values() if beside is None else beside,
    )


def altered(verb, flow=ORDINARY, **how):
    return [replace(m, **how) if m.verb == verb else m for m in flow.moves]


def without(flow, verb, policy):
    """The rows with one question fewer at this verb."""
    checklist = tuple(p for p in flow.verbs[verb].checklist if p.id != policy)
    assert len(checklist) == len(flow.verbs[verb].checklist) - 1
    return altered(verb, flow, checklist=checklist)


def faults(flow):
    return proof.prove(flow).faults


@pytest.mark.parametrize("flow", [*FLOWS.values(), *BESIDE.values()], ids=str)
def test_nothing_is_wrong_with_the_flows_in_use(flow):
    found = proof.prove(flow)

    assert found.faults == []
    assert found.situations >= len({s for m in flow.moves for s in m.sources})
    assert found.steps >= len([m for m in flow.moves if not m.opens])


# — a case ————————————————————————————————————————————————————————————————————————————————


def test_a_second_way_to_a_penalty_without_review_is_found():
    door = Move("approve_directly", "直接决定", (S.INVESTIGATING,), S.DECIDED, HEAD)

    found = faults(changed(moves=[*ORDINARY.moves, door]))

    assert "“直接决定”可以不经审核进入“已决定”。" in found
    assert "“直接决定”可以不经告知或者不等期满。" in found


def test_a_way_back_to_the_decision_with_what_was_reviewed_before_the_new_investigation_is_found():
    """The pass still stands, for nobody took it back; but it is not of what was found since."""
    door = Move("resubmit", "直接报请决定", (S.CONCLUDED,), S.DECIDING, HEAD)

    found = faults(changed(moves=[*ORDINARY.moves, door]))

    assert "“作出处罚决定”可以不经审核进入“已决定”。" in found


def test_a_pass_that_is_taken_back_without_effect_is_found(monkeypatch):
    """Were the pass taken back before the hearing of no effect on the question, the decision could follow."""
    monkeypatch.setitem(marks.EFFECTS, "withdraw_pass", marks.effect_of(clears=(marks.FRESH,)))

    assert "“作出处罚决定”可以不经审核进入“已决定”。" in faults(ORDINARY)


def test_publishing_before_service_is_found():
    early = altered("choose_publication", sources=(S.DECIDED, S.IN_EFFECT), checklist=())

    found = faults(changed(moves=early))

    assert found == ["“决定公示”需要“决定书已送达”，清单却没有问 publication.served_first。"]


@pytest.mark.parametrize(
    ("verb", "label"), [("choose_publication", "决定公示"), ("record_publication", "登记公示回执")]
)
def test_a_way_round_the_service_to_publication_is_found(monkeypatch, verb, label):
    monkeypatch.setitem(marks.EFFECTS, verb, marks.Effect())
    early = altered(verb, sources=(S.DECIDED, S.IN_EFFECT))

    assert f"“{label}”可以在送达之前。" in faults(changed(moves=early))


def test_closing_from_a_state_that_skips_the_obligations_is_found():
    door = Move("shelve", "搁置", (S.IN_EFFECT,), S.CLOSED, ORDINARY.verbs["close"].who)

    assert "“搁置”可以在义务未了时。" in faults(changed(moves=[*ORDINARY.moves, door]))


@pytest.mark.parametrize(
    ("verb", "policy", "sentence"),
    [
        ("decide", "review.passed", "需要“所决定的内容已通过法制审核”"),
        ("decide", "recusal.decided", "不容“回避申请还没有决定”"),
        ("close", "measures.settled", "不容“登记保存、查封、扣押的物品还没有处理”"),
        ("close", "enforcement.concluded", "不容“催告了的义务还没有了结”"),
        ("decline_filing", "measures.settled", "不容“登记保存、查封、扣押的物品还没有处理”"),
    ],
)
def test_a_checklist_that_forgets_a_question_is_found(verb, policy, sentence):
    label = ORDINARY.verbs[verb].label

    found = faults(changed(moves=without(ORDINARY, verb, policy)))

    assert found == [f"“{label}”{sentence}，清单却没有问 {policy}。"]


def test_a_move_without_any_guard_is_found():
    found = faults(changed(moves=altered("decide", checklist=())))

    needed = marks.EFFECTS["decide"]
    assert len(found) == len(needed.needs | needed.bars)


def test_a_verb_that_counts_as_a_review_without_judging_its_items_is_found():
    moves = altered("pass_review", checklist=ORDINARY.verbs["return_case"].checklist)

    assert "“审核通过”算作审核通过，却没有逐项判断。" in faults(changed(moves=moves))


def test_a_wait_without_a_clock_is_found():
    terms = [t for t in ORDINARY.terms if t.clock != "decision"]

    assert "在“调查取证”可能没有任何期限，也没有说明为什么。" in faults(changed(terms=terms))


def test_a_clock_that_runs_only_sometimes_is_no_clock_to_rely_on():
    sometimes = [
        replace(t, when=lambda facts: False) if t.clock == "anew" else t for t in ORDINARY.terms
    ]

    assert "在“调查取证”可能没有任何期限，也没有说明为什么。" in faults(changed(terms=sometimes))


def test_a_trap_that_only_marks_make_is_found(monkeypatch):
    never = marks.Mark("never", "永远没有", "review.passed")
    monkeypatch.setitem(marks.CLOSING, "ordinary", marks.effect_of(needs=(never,)))

    found = faults(ORDINARY)

    assert any("可能走不出去" in f for f in found)
    assert "“结案”（close）从来办不成。" in found


def test_a_way_out_of_a_final_state_is_found():
    door = Move("revive", "恢复办理", (S.ARCHIVED,), S.INVESTIGATING, HEAD)

    assert "“归档”是终点，“恢复办理”却从那里走开。" in faults(
        changed(moves=[*ORDINARY.moves, door])
    )


# — beside a case —————————————————————————————————————————————————————————————————————————


def test_a_thing_beside_the_case_that_nobody_can_finish_is_found_though_its_table_has_an_end(
    monkeypatch,
):
    """Only the mark stands in the way here: no measure is ever dealt with."""
    for verb in ("end_measure", "lift_measure"):
        monkeypatch.setitem(marks.EFFECTS, verb, marks.effect_of(needs=(marks.PAID,)))

    found = faults(MEASURE)

    assert "在“保存、查封、扣押中”可能走不出去（登记保存、查封、扣押的物品还没有处理）。" in found
    assert "“解除措施”（lift_measure）从来办不成。" in found


def test_things_that_stay_behind_when_the_case_goes_to_the_police_are_found():
    here = (S.CHECKING, S.FILING, S.INVESTIGATING, S.CONCLUDED)
    moves = [m if m.opens else replace(m, during=here) for m in MEASURE.moves]
    sides = [changed(MEASURE, moves=moves) if s is MEASURE else s for s in ORDINARY.beside.values()]

    stays = [m for m in ORDINARY.moves if m.verb != "take_back"]
    found = faults(changed(moves=stays, beside=sides))

    assert "案件到了“已移送公安机关”，“保存、查封、扣押中”的（measure）就了结不了。" in found


def test_a_case_that_ends_over_things_that_are_still_held_is_found(monkeypatch):
    monkeypatch.setitem(marks.EFFECTS, "decline_filing", marks.Effect())

    assert "案件到了“不予立案”，“保存、查封、扣押中”的（measure）就了结不了。" in faults(ORDINARY)


def test_a_remedy_that_cannot_be_followed_into_the_archive_is_found():
    remedy = BESIDE["remedy"]
    moves = [m if m.opens else replace(m, during=(S.DECIDED, S.IN_EFFECT)) for m in remedy.moves]
    sides = [changed(remedy, moves=moves) if s is remedy else s for s in ORDINARY.beside.values()]

    found = faults(changed(beside=sides))

    assert "案件到了“归档”，“进行中”的（remedy）就了结不了。" in found


def test_a_waiting_thing_without_a_clock_or_a_word_why_is_found(monkeypatch):
    monkeypatch.delitem(waiting.NO_CLOCK, DeferralState.ASKED)

    assert faults(BESIDE["deferral"]) == ["在“已申请”可能没有任何期限，也没有说明为什么。"]
    assert faults(changed(MEASURE, terms=())) == [
        "在“保存、查封、扣押中”可能没有任何期限，也没有说明为什么。"
    ]


def test_a_row_that_no_case_has_is_found():
    lost = Move("auction", "拍卖", (MeasureState.HELD,), MeasureState.ENDED, HEAD)

    assert "“拍卖”（auction）不在任何案件流程里。" in faults(
        changed(MEASURE, moves=[*MEASURE.moves, lost])
    )


def test_a_state_beside_the_case_that_is_left_though_final_is_found():
    moves = [
        replace(m, sources=(*m.sources, EnforcementState.ENDED))
        if m.verb == "apply_to_court"
        else m
        for m in ENFORCEMENT.moves
    ]

    assert "“终结执行”是终点，“申请法院执行”却从那里走开。" in faults(
        changed(ENFORCEMENT, moves=moves)
    )


def test_a_state_without_a_way_out_is_refused_when_the_table_is_made():
    moves = [m for m in RECUSAL.moves if m.verb == "ask_recusal"]

    with pytest.raises(ValueError, match=r"nobody can leave: recusal\.asked"):
        changed(RECUSAL, moves=moves)


# — what the proof takes for granted ——————————————————————————————————————————————————————


def test_every_reason_to_wait_without_a_clock_is_a_sentence_about_a_state_that_needs_it():
    used = {
        s for flow in [*FLOWS.values(), *BESIDE.values()] for m in flow.moves for s in m.sources
    }
    assert set(waiting.NO_CLOCK) <= used
    for why in (*waiting.NO_CLOCK.values(), *waiting.MOOT.values()):
        assert why.endswith("。")
    assert set(waiting.MOOT) < set(BESIDE)


@pytest.mark.parametrize(("verb", "clock"), sorted(waiting.SURE))
def test_a_clock_that_is_taken_for_sure_does_start(verb, clock):
    term = next(t for f in (ORDINARY, MEASURE) for t in f.terms if t.clock == clock)
    early = ready(filing=None) if clock == "lead_check" else ready()
    case = early.model_copy(update={"measures": (a_measure(),)})

    assert verb in term.starts_at
    assert term.when(facts(case, was=case.model_copy(update={"clocks": {}}), item="m1"))


def test_what_is_registered_has_the_other_clock_and_never_both():
    """`take_measure` starts one of the two clocks whatever is taken, and the same steps stop either."""
    terms = {t.clock: t for t in MEASURE.terms}
    for kind in ("先行登记保存", "查封", "扣押"):
        step = facts(ready(measures=(a_measure(kind=kind),)), item="m1")
        opened, _ = MEASURE.clocks(MEASURE.verbs["take_measure"], step, LAW)
        assert len({"registration:m1", "seizure:m1"} & set(opened)) == 1
    assert terms["registration"].stops_at == terms["seizure"].stops_at


def test_a_proof_bears_the_name_of_its_flow():
    assert proof.prove(RECUSAL).flow == "recusal/1"


def test_a_verb_that_is_named_like_a_door_of_the_machine_is_found():
    """`transitions` calls its own doors `to_…`: nobody could tell one from a row of the table."""
    last = RECUSAL.moves[-1]
    door = replace(last, verb="to_end", label="直接终结")
    assert "状态机有表外的“to_end”。" in faults(changed(RECUSAL, moves=[*RECUSAL.moves, door]))


def test_a_wait_without_a_clock_is_found_however_many_steps_lead_there():
    unwatched = (EnforcementState.AGREED, EnforcementState.REFUSED)

    assert faults(changed(ENFORCEMENT, terms=())) == [
        f"在“{state.label}”可能没有任何期限，也没有说明为什么。" for state in sorted(unwatched)
    ]
