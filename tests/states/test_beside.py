"""What runs beside a case: rows of its table, things with a state of their own, a clock for each."""

from __future__ import annotations

import pytest

from policies.things import Measure
from states.beside.measure import MEASURE, MeasureState
from states.case import FLOWS, ORDINARY, SUMMARY, CaseState
from states.flow import Flow, Move, NotFromHere, Step, kind_of
from states.people import HEAD
from tests.policies.builders import LAW, a_measure, changed, facts, moment, on, ready

SIDES = {side.name: side for flow in FLOWS.values() for side in flow.beside.values()}


def lifting(*measures: Measure, item: str = "m1") -> object:
    was = ready(measures=measures, clocks={})
    now = changed(
        was, measures=tuple(m.model_copy(update={"ended_on": on("2025-01-20")}) for m in measures)
    )
    state = next(m.state for m in measures if m.id == item)
    asked = facts(now, was=was, at="2025-01-20", actor="head", item=item, item_was=state)
    return ORDINARY.take("deciding", "lift_measure", asked, LAW)


def test_a_move_about_a_thing_leaves_the_case_where_it_is():
    step = lifting(a_measure())
    assert isinstance(step, Step)
    assert (step.move.verb, step.move.dest, step.move.beside) == ("lift_measure", None, "measure")


def test_what_is_ended_cannot_end_again_though_the_case_is_where_it_was():
    answer = lifting(a_measure(state="measure.ended"))
    assert isinstance(answer, NotFromHere)
    assert (answer.state, answer.verbs) == (MeasureState.ENDED, ())


def test_each_thing_has_a_clock_of_its_own():
    was = ready(measures=(a_measure(),), clocks={})
    second = a_measure(id="m2", taken_at=moment("2025-01-07"))
    now = changed(was, measures=(*was.measures, second))
    asked = facts(now, was=was, at="2025-01-07", item="m2", present=("zhang", "li"))
    opened, _ = MEASURE.clocks(MEASURE.verbs["take_measure"], asked, LAW)
    assert {name: str(clock.due) for name, clock in opened.items()} == {"seizure:m2": "2025-02-06"}
    assert ORDINARY.term("seizure:m2") is MEASURE.term("seizure")
    assert kind_of("payment") == "payment"


@pytest.mark.parametrize("side", SIDES.values(), ids=str)
def test_a_lifecycle_is_met_in_some_state_of_some_case(side: Flow):
    for move in side.moves:
        assert move.during, move.verb
        assert set(move.during) <= set(CaseState), move.verb
        found = [f for f in FLOWS.values() if move.verb in f.verbs]
        assert found, move.verb
        for flow in found:
            row = flow.verbs[move.verb]
            assert (row.beside, row.dest, row.opens) == (side.name, None, False)
            assert (row.who, row.checklist, row.irregular) == (
                move.who,
                move.checklist,
                move.irregular,
            )


@pytest.mark.parametrize("side", SIDES.values(), ids=str)
def test_states_of_a_lifecycle_bear_its_name_so_that_no_two_lifecycles_share_one(side: Flow):
    assert side.items
    for state in side.states:
        assert state.value.startswith(f"{side.name}."), state


def test_a_verb_stands_once_for_each_state_and_in_one_table_only():
    for flow in FLOWS.values():
        starts = [(m.verb, source) for m in flow.moves for source in m.sources]
        assert len(set(starts)) == len(starts)
        labels = {(m.verb, m.label) for m in flow.moves}
        assert len(labels) == len(flow.verbs), "one verb with two names"
    assert not set(MEASURE.verbs) & {m.verb for m in SUMMARY.moves if not m.beside}


def test_two_rows_of_one_verb_in_two_lifecycles_are_refused_when_the_table_is_made():
    twice = Move(
        "decide", "再来一次", (), MeasureState.HELD, HEAD, opens=True, during=(CaseState.DECIDING,)
    )
    away = Move(
        "go", "了结", (MeasureState.HELD,), MeasureState.ENDED, HEAD, during=(CaseState.DECIDING,)
    )
    side = Flow(
        "twice",
        1,
        MeasureState,
        items="measures",
        moves=(twice, away),
        finals=(MeasureState.ENDED,),
    )
    own = (
        Move("open", "开", (), CaseState.DECIDING, HEAD, opens=True),
        Move("decide", "决定", (CaseState.DECIDING,), CaseState.DECIDED, HEAD),
    )
    with pytest.raises(ValueError, match="two destinations"):
        Flow("x", 1, CaseState, moves=own, finals=(CaseState.DECIDED,), beside=(side,))
