"""The process: a table that cannot be meant is refused, and one machine moves them all."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from policies.alerting import Alerting
from policies.articles import APL
from policies.calendar import Calendar
from policies.core import Level, Outcome, Policy, Report, Verdict, does_not_apply, fails, holds
from policies.parts import Borrowed
from states import drawing
from states.case import BESIDE, CURRENT, FLOWS, ORDINARY, SUMMARY, CaseState
from states.flow import NOWHERE, Flow, Move, NotFromHere, Phase, State, Step, Term, Who
from tests.policies.builders import (
    LAW,
    OFFICE,
    a_deferral,
    a_discussion,
    a_payment,
    a_proposal,
    an_enforcement,
    changed,
    decided,
    facts,
    on,
    ready,
    served,
)

S = CaseState
ANYONE = Who("任何人", frozenset({"head"}))


class Light(State):
    """Four states are enough to make every mistake."""

    RED = "red", Phase.FILING, "红"
    AMBER = "amber", Phase.EVIDENCE, "黄"
    GREEN = "green", Phase.DECISION, "绿"
    OFF = "off", Phase.PUBLICATION, "灭"


def move(verb, source, dest, checklist=(), **other):
    sources = () if source is None else (source,)
    return Move(verb, verb, sources, dest, ANYONE, checklist, opens=source is None, **other)


def flow(*moves, terms=(), finals=(Light.OFF,)):
    return Flow("light", 1, Light, moves=moves, terms=terms, finals=finals)


GOOD = (move("start", None, Light.RED), move("go", Light.RED, Light.OFF))


def a_term(**other):
    made = {
        "clock": "wait", "label": "等待", "span": "hearing.request", "since": lambda f: f.as_of,
        "starts_at": ("start",), "stops_at": ("go",),
    }  # fmt: skip
    return Term(**{**made, **other})


def a_policy(says, id="light.asked", level=Level.BLOCK):
    asks = says if callable(says) else lambda facts, law: says
    return Policy(id, id, ("R001",), (APL(58),), level, asks)


YES = a_policy(holds("可以。"), "light.yes")
NO = a_policy(fails("不可以。", remedy="等一等。", by="某人"), "light.no")

# — tables that are refused when they are made ————————————————————————————————————————————


def test_a_good_table_is_accepted():
    assert str(flow(*GOOD, terms=(a_term(),))) == "light/1"


def test_one_verb_with_two_destinations_from_one_state_is_refused():
    with pytest.raises(ValueError, match=r"light/1: 'go' from 'red' has two destinations") as said:
        flow(*GOOD, move("go", Light.RED, Light.GREEN))
    assert "give each outcome its own verb" in str(said.value)


def test_a_state_that_nobody_can_reach_is_refused_by_name():
    with pytest.raises(ValueError, match=r"light/1: nobody can reach: green$"):
        flow(*GOOD, move("stop", Light.GREEN, Light.OFF))


def test_states_that_reach_only_each_other_are_unreachable_too():
    round_about = move("a", Light.GREEN, Light.AMBER), move("b", Light.AMBER, Light.GREEN)
    with pytest.raises(ValueError, match="nobody can reach: amber, green"):
        flow(*GOOD, *round_about)


def test_a_state_that_nobody_can_leave_is_refused_unless_it_is_final():
    trap = (*GOOD, move("fall", Light.RED, Light.AMBER))
    with pytest.raises(ValueError, match="nobody can leave: amber"):
        flow(*trap)
    assert flow(*trap, finals=(Light.OFF, Light.AMBER))


def test_a_move_that_stays_does_not_lead_out_of_a_trap():
    stays = move("look", Light.AMBER, None), move("again", Light.AMBER, Light.AMBER)
    with pytest.raises(ValueError, match="nobody can leave: amber"):
        flow(*GOOD, move("fall", Light.RED, Light.AMBER), *stays)


@pytest.mark.parametrize(
    "wrong",
    [{"starts_at": ("begin",)}, {"stops_at": ("end",)}, {"stops_at": ()}, {"on_lapse": "lapse"}],
)
def test_a_clock_that_no_verb_starts_stops_or_lapses_is_refused_by_name(wrong):
    with pytest.raises(ValueError, match="clocks that no verb starts or stops: wait"):
        flow(*GOOD, terms=(a_term(**wrong),))


# — taking a step —————————————————————————————————————————————————————————————————————


def test_a_step_says_where_it_leads_and_what_it_was_judged_by():
    step = flow(*GOOD[:1], move("go", Light.RED, Light.OFF, (YES,))).take("red", "go", facts(), LAW)
    assert isinstance(step, Step)
    assert step.move.dest is Light.OFF
    assert [f.policy for f in step.report.findings] == [YES]


def test_every_policy_is_asked_and_a_failing_first_does_not_hide_the_second():
    asked = []

    def watched(name, verdict):
        def asks(facts, law):
            asked.append(name)
            return verdict

        return a_policy(asks, f"light.{name}")

    checklist = (
        watched("first", fails("一。", remedy="一", by="某人")),
        watched("second", fails("二。", remedy="二", by="某人")),
        watched("third", holds("三。")),
    )
    made = flow(GOOD[0], move("go", Light.RED, Light.OFF, checklist))
    report = made.take("red", "go", facts(), LAW)
    assert isinstance(report, Report)
    assert [f.verdict.reason for f in report.blocks] == ["一。", "二。"]
    assert asked == ["first", "second", "third"]


def test_the_real_decision_meets_all_its_objections_at_once():
    case = changed(decided(), reviews=(), notices=(), correction=None)
    report = ORDINARY.take("deciding", "decide", facts(case, was=ready()), LAW)
    assert isinstance(report, Report)
    assert {"review.passed", "notice.served", "correction.ordered"} <= {
        f.policy.id for f in report.blocks
    }


def test_a_verb_that_does_not_start_here_names_those_that_do():
    answer = ORDINARY.take("under_review", "decide", facts(ready()), LAW)
    assert answer == NotFromHere(
        "decide",
        S.UNDER_REVIEW,
        tuple(m.verb for m in ORDINARY.moves if S.UNDER_REVIEW in m.sources),
    )
    assert {"pass_review", "return_case"} <= set(answer.verbs)
    assert isinstance(ORDINARY.take("lead", "no_such_verb", facts(), LAW), NotFromHere)


def test_an_opening_verb_does_not_start_in_the_middle():
    assert isinstance(ORDINARY.take("deciding", "register_lead", facts(), LAW), NotFromHere)


def test_an_opening_verb_starts_from_nowhere():
    step = ORDINARY.take(NOWHERE, "register_lead", facts(actor="clerk"), LAW)
    assert isinstance(step, Step)
    assert step.move.dest is S.LEAD


RICH = [
    fails("不。", remedy="改。", by="某人"),
    Verdict(Outcome.NEEDS_JUDGEMENT, "不知道。", "判断。", "某人"),
]


@pytest.mark.parametrize("verdict", RICH, ids=lambda v: v.outcome.value)
def test_a_guards_rich_answer_is_never_taken_for_true(verdict):
    assert verdict  # an object is true in Python, whatever it says
    made = flow(GOOD[0], move("go", Light.RED, Light.OFF, (a_policy(verdict),)))
    assert isinstance(made.take("red", "go", facts(), LAW), Report)


@pytest.mark.parametrize("answer", [True, "yes", None, Outcome.HOLDS])
def test_a_policy_that_answers_with_anything_but_a_verdict_moves_nothing(answer):
    made = flow(GOOD[0], move("go", Light.RED, Light.OFF, (a_policy(lambda f, law: answer),)))
    with pytest.raises(AttributeError):
        made.take("red", "go", facts(), LAW)


def test_what_does_not_apply_lets_pass_and_a_warning_wants_a_reason():
    warn = a_policy(fails("没有理由。", remedy="写明。", by="某人"), "light.warn", Level.WARN)
    made = flow(
        GOOD[0], move("go", Light.RED, Light.OFF, (a_policy(does_not_apply("不适用。")), warn))
    )
    assert isinstance(made.take("red", "go", facts(), LAW), Report)
    excused = facts(excuses={"light.warn": "记录仪故障"})
    assert isinstance(made.take("red", "go", excused, LAW), Step)


def test_an_irregular_act_is_judged_and_recorded_all_the_same():
    made = flow(GOOD[0], move("go", Light.RED, Light.OFF, (NO,), irregular="may"))
    step = made.take("red", "go", facts(irregular=True), LAW)
    assert isinstance(step, Step)
    assert [f.policy for f in step.report.blocks] == [NO]


def test_taking_a_step_changes_nothing_that_was_given():
    case = decided()
    before = case.model_dump_json()
    ORDINARY.take("deciding", "decide", facts(case, was=ready()), LAW)
    assert case.model_dump_json() == before


# — clocks ————————————————————————————————————————————————————————————————————————————


def clocks(verb, case, was=None, **other):
    return ORDINARY.clocks(ORDINARY.verbs[verb], facts(case, was=was, **other), LAW)


def test_a_decision_stops_the_ninety_days_and_starts_service_and_publication():
    was = changed(ready(), clocks=dict.fromkeys(("decision", "payment"), a_clock()))
    opened, closed = clocks("decide", changed(decided(), clocks=was.clocks), was)
    assert set(opened) == {"service", "publication"}
    assert closed == ("decision",)
    assert str(opened["service"].ends) == "2025-01-26"  # a worked Sunday


def a_clock():
    return ORDINARY.term("decision").open(facts(ready()), LAW)


def test_the_ninety_days_end_strictly_and_payment_rolls():
    opened, _ = clocks("approve_filing", ready(), at="2025-01-06")
    assert str(opened["decision"].ends) == "2025-04-06"  # a Sunday
    assert str(opened["decision"].rolled) == "2025-04-07"
    opened, _ = clocks("serve_decision", served(), at="2025-01-20")
    assert (str(opened["payment"].due), str(opened["payment"].ends)) == ("2025-02-04", "2025-02-05")


def test_an_irregular_notice_starts_no_window():
    opened, _ = clocks("serve_notice", ready(), was=ready(notices=()), irregular=True)
    assert opened == {}
    opened, _ = clocks("serve_notice", ready(), was=ready(notices=()))
    assert set(opened) == {"statement_defence", "hearing_request"}


def test_a_party_that_was_not_told_of_a_hearing_has_only_the_window_of_its_defence():
    case = ready()
    untold = changed(case, notices=(case.notice.model_copy(update={"hearing_told": False}),))
    opened, _ = clocks("serve_notice", untold)
    assert set(opened) == {"statement_defence"}


def test_payment_ends_with_the_last_fen_and_not_with_the_first_instalment():
    was = changed(served(), clocks={"payment": a_clock()})
    for amounts, closed in (((999,), ()), ((600, 400), ("payment",))):
        case = changed(was, payments=tuple(a_payment(a) for a in amounts))
        assert clocks("record_payment", case, was)[1] == closed


def test_a_warning_without_a_fine_starts_no_payment():
    free = served(proposal=a_proposal(fine=0, kinds=("警告",)))
    assert "payment" not in clocks("serve_decision", free)[0]


def test_alerts_come_before_the_end_and_red_or_the_lapse_on_the_day_after():
    calendar = facts().calendar
    clock = a_clock()
    stages = ORDINARY.term("decision").stages(clock.ends, clock.rolled, calendar, Alerting())
    assert [(s, str(d)) for s, d in stages] == [
        ("blue", "2025-03-07"),
        ("yellow", "2025-03-22"),
        ("red", "2025-04-08"),  # the 6th is a Sunday: whether the end rolls is disputed
    ]
    lapse = ORDINARY.term("hearing_request").stages(clock.ends, clock.rolled, calendar, Alerting())
    assert [(s, str(d)) for s, d in lapse] == [("lapse", "2025-04-07")]


# — who ———————————————————————————————————————————————————————————————————————————————


def test_only_the_officers_of_the_case_take_its_steps_and_the_unit_head_stands_in_for_any():
    officers = ORDINARY.verbs["conclude"].who
    able = {p.id for p in OFFICE.people if officers.allows(p, ready())}
    assert able == {"zhang", "li", "wang"}  # zhao is an officer, but not of this case


def test_nobody_but_the_system_lapses_a_window_and_the_administrator_passes_no_gate():
    for name in FLOWS.values():
        for made in name.moves:
            assert "admin" not in made.who.roles
    lapse = ORDINARY.verbs["lapse_windows"].who
    assert not [p.id for p in OFFICE.people if lapse.allows(p, ready())]


# — one machine for all ———————————————————————————————————————————————————————————————————


def test_eight_threads_share_one_machine_without_a_wrong_result():
    good = decided(discussion=a_discussion())
    bad = changed(good, reviews=())
    was = ready()
    asked = [
        ("deciding", "decide", facts(good, was=was), S.DECIDED),
        ("deciding", "decide", facts(bad, was=was), None),
        ("deciding", "discuss", facts(good), "stays"),
        ("under_review", "decide", facts(good), NotFromHere),
        ("concluded", "submit_to_unit", facts(good, actor="zhang"), S.UNIT_REVIEW),
        ("notified", "proceed", facts(was, actor="zhang"), S.DECIDING),
        ("notified", "proceed", facts(was, actor="zhang", at="2025-01-15"), None),
    ]
    wrong, counted = [], Counter()
    start = threading.Barrier(8)

    def work(seed):
        start.wait()
        for n in range(500):
            state, verb, given, wanted = asked[(n * 3 + seed) % len(asked)]
            came = ORDINARY.take(state, verb, given, LAW)
            if isinstance(came, NotFromHere):
                got = NotFromHere
            elif isinstance(came, Report):
                got = None
            else:
                got = came.move.dest or "stays"
                if came.move.verb != verb:
                    wrong.append((verb, came.move.verb))
            counted[verb, got] += 1
            if got is not wanted and got != wanted:
                wrong.append((state, verb, wanted, got))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert sum(counted.values()) == 8 * 500
    assert ORDINARY._machine.models == []  # the machine keeps nobody's case


# — the picture ———————————————————————————————————————————————————————————————————————

_STATE = re.compile(r'state "(?P<label>[^"]+)" as (?P<name>\w+)(?P<box> \{)?$')
_ARROW = re.compile(r"(?P<source>\w+|\[\*\]) --> (?P<dest>\w+|\[\*\])(?: : (?P<text>.+))?$")


def parsed(text):
    """A Mermaid stateDiagram as far as ours goes: label and box of each state, label of each box, arrows."""
    lines = [line.strip() for line in text.splitlines()]
    assert lines[0] == "stateDiagram-v2"
    states, boxes, arrows, box = {}, {}, [], None
    for line in lines[1:]:
        if not line or line.startswith("%%"):
            continue
        if line == "}":
            assert box is not None
            box = None
        elif found := _STATE.fullmatch(line):
            assert box is None or not found["box"], "a box in a box"
            if found["box"]:
                box = found["name"]
                assert box not in boxes
                boxes[box] = found["label"]
            else:
                assert found["name"] not in states
                states[found["name"]] = (found["label"], boxes[box])
        elif found := _ARROW.fullmatch(line):
            arrows.append((found["source"], found["dest"], found["text"]))
        else:
            raise AssertionError(f"no Mermaid: {line}")
    assert box is None
    return states, boxes, arrows


DRAWN = {**CURRENT, **BESIDE}


def in_map(state):
    return state.value.replace(".", "_")


@pytest.mark.parametrize("made", DRAWN.values(), ids=DRAWN)
def test_the_map_is_a_state_diagram_with_every_state_its_label_and_every_move(made):
    states, _, arrows = parsed(drawing.mermaid(made))
    used = {s for m in made.moves for s in (*m.sources, m.dest) if s is not None}
    assert states == {in_map(s): (s.label, s.phase.value) for s in used}
    drawn = {(a, b) for a, b, _ in arrows}
    assert drawn >= {
        (in_map(s), in_map(m.dest))
        for m in made.moves
        for s in m.sources
        if m.dest is not None and m.dest is not s
    }
    assert {b for a, b in drawn if a == "[*]"} == {in_map(m.dest) for m in made.moves if m.opens}
    assert {a for a, b in drawn if b == "[*]"} == {in_map(s) for s in made.finals if s in used}
    for a, b, text in arrows:
        assert {a, b} <= {*states, "[*]"}
        assert text or b == "[*]"


def test_the_map_of_a_thing_beside_the_case_shows_what_leaves_it_where_it_is():
    arrows = parsed(drawing.mermaid(BESIDE["measure"]))[2]
    stays = next(text for a, b, text in arrows if a == b == "measure_held")
    assert "延长查封扣押（负责人）" in stays
    assert not [a for a, b, _ in parsed(drawing.mermaid(ORDINARY))[2] if a == b]


@pytest.mark.parametrize("made", DRAWN.values(), ids=DRAWN)
def test_no_box_of_the_map_bears_the_name_of_a_state(made):
    states, boxes, _ = parsed(drawing.mermaid(made))
    assert not set(states) & set(boxes)


def test_fashen_map_prints_it_and_refuses_a_flow_that_is_not_there(capsys):
    from workflow.cli import main

    for name, made in DRAWN.items():
        assert main(["map", name]) == main(["map", "--flow", name]) == 0
        assert capsys.readouterr().out.strip() == "\n".join([drawing.mermaid(made)] * 2)
    assert main(["map", "nowhere"]) == 2
    assert "ordinary" in capsys.readouterr().err


def test_a_wrong_table_stops_the_program_at_its_start():
    """The refusal comes at import: nobody can run with a process that cannot be meant."""
    broken = (
        "import states.flow as f, policies.checklists\n"
        "real = f.Move\n"
        "def lost(verb, label, sources, dest, *rest, **other):\n"
        "    dest = None if verb == 'conclude' else dest\n"
        "    return real(verb, label, sources, dest, *rest, **other)\n"
        "f.Move = lost\n"
        "import states.case\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", broken], capture_output=True, text=True, check=False
    )
    assert ran.returncode != 0
    assert "ordinary/1: nobody can reach: concluded" in ran.stderr


def test_the_two_flows_are_the_ones_that_cases_are_pinned_to():
    assert set(FLOWS) == {str(ORDINARY), str(SUMMARY)} == {"ordinary/1", "summary/1"}


# — rows beside, and asking without moving ————————————————————————————————————————————————


def test_a_step_beside_the_case_is_judged_there_and_turns_the_clocks_of_the_case():
    asked = a_deferral("2025-03-20", amount=1000)
    was = served(clocks={"payment": a_clock()})
    step = facts(
        changed(was, deferrals=(asked,)), was=was, at="2025-01-23", item="d1",
        item_was="deferral.asked",
    )  # fmt: skip
    taken = ORDINARY.take("in_effect", "grant_deferral", step, LAW)
    assert isinstance(taken, Step)
    assert taken.report == Report((), step.excuses)
    assert str(taken.opened["payment"].due) == "2025-03-20"
    assert "court_window" in taken.opened
    assert taken.closed == ("payment",)


def test_a_thing_beside_the_case_keeps_the_clocks_that_its_own_step_starts():
    made = an_enforcement()
    case = served(enforcements=(made,))
    step = facts(case, was=served(), at="2025-08-04", item="x1")
    taken = ORDINARY.take("in_effect", "serve_demand", step, LAW)
    assert isinstance(taken, Step)
    assert set(taken.opened) == {"demand:x1"}
    assert taken.report.findings


def test_a_row_beside_the_case_has_no_states_of_its_own_left_to_ask_for():
    for made in ORDINARY.moves:
        if made.beside:
            assert (made.dest, made.opens, made.during) == (None, False, ())
            assert made.sources
    again = Flow(
        "again", 1, CaseState, moves=[m for m in ORDINARY.moves if not m.beside],
        terms=ORDINARY.terms, finals=ORDINARY.finals, beside=ORDINARY.beside.values(),
    )  # fmt: skip
    assert again.moves == ORDINARY.moves


def test_two_clocks_may_start_and_stop_with_the_same_verbs():
    names = ("wait", "other", "third")
    terms = [a_term(clock=name, since=lambda given, law: given.as_of) for name in names]
    both = flow(*GOOD, terms=terms)
    opened, closed = both.clocks(both.verbs["start"], facts(), LAW)
    assert (set(opened), closed) == ({"wait", "other", "third"}, ())
    running = changed(ready(), clocks=opened)
    assert both.clocks(both.verbs["go"], facts(running), LAW)[1] == ("wait", "other", "third")


def test_a_flow_starts_from_nowhere_and_its_questions_see_facts_and_law():
    seen = []

    def asks(given, law):
        seen.append((given, law))
        return holds("可以。")

    made = flow(move("start", None, Light.RED, (a_policy(asks),)), GOOD[1])
    step = facts()
    assert isinstance(made.take(NOWHERE, "start", step, LAW), Step)
    assert seen == [(step, LAW)]
    assert made.items == ""
    assert made.judge(made.verbs["start"], step, LAW).findings[0].verdict == holds("可以。")
    assert seen == [(step, LAW)] * 2


@pytest.mark.parametrize(
    ("by_form", "has_form", "asked"),
    [(True, False, False), (True, True, True), (False, False, True), (False, True, True)],
)
def test_only_a_checklist_that_is_wholly_about_the_form_waits_for_it(by_form, has_form, asked):
    made = flow(GOOD[0], move("go", Light.RED, Light.OFF, (NO, YES), settled_by_form=by_form))
    report = made.judge(made.verbs["go"], facts(has_form=has_form), LAW)
    wanted = [Outcome.FAILS, Outcome.HOLDS] if asked else [Outcome.NEEDS_FORM] * 2
    assert [f.outcome for f in report.findings] == wanted


def test_a_move_gathers_what_its_questions_need_of_other_cases():
    one = replace(YES, gathers=("same_act",))
    two = replace(NO, gathers=("same_number", "same_act"))
    row = move("go", Light.RED, Light.OFF, (one, two))
    assert row.gathers == {"same_act", "same_number"}
    assert move("go", Light.RED, Light.OFF).gathers == set()


def test_what_a_borrowed_reviewer_signed_is_entered_by_the_clerk_in_that_case_alone():
    who = Who("审核人", frozenset({"reviewer"}), for_borrowed=frozenset({"clerk"}))
    borrowed = Borrowed(
        name="某某", office="示例区司法局", licence="A1", letter="借用函", approved_by="head",
        on=on("2025-01-07"),
    )  # fmt: skip
    for case, able in ((ready(), {"shen"}), (ready(borrowed=borrowed), {"shen", "clerk"})):
        assert {p.id for p in OFFICE.people if who.allows(p, case)} == able


@pytest.mark.parametrize(
    ("on", "stage"),
    [
        ("2025-03-06", None), ("2025-03-07", "blue"), ("2025-03-21", "blue"), ("2025-03-22", "yellow"),
        ("2025-04-07", "yellow"), ("2025-04-08", "red"),
    ],
)  # fmt: skip
def test_a_clock_has_come_to_its_latest_stage(on: str, stage: str | None):
    """Ninety days that end on Sunday 6 April 2025 by one reading and on Monday by the other."""
    ends, rolled = date(2025, 4, 6), date(2025, 4, 7)
    came = ORDINARY.term("decision").stage_on(
        date.fromisoformat(on), ends, rolled, Calendar.published(), Alerting()
    )
    assert came == stage
