"""流程证明 — every way through a flow is walked, and what must never happen is shown not to.

A case is reduced to its state and the marks that moves need, bar, set and clear (`states/marks.py`),
and in a second walk, which heeds no mark, to its state and the clocks that surely run. A lifecycle
beside the case is walked on its own and then together with its case. `fashen map --check` prints what
was found.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from states.case import FLOWS
from states.case import CaseState as S
from states.flow import NOWHERE, Flow, Move
from states.marks import (
    ALSO,
    CLOSING,
    COVERED,
    EFFECTS,
    FRESH,
    HEARING_OPEN,
    MATCHED,
    NOTIFIED,
    REQUEST_OVER,
    REVIEWED,
    REVIEWED_SINCE_HEARING,
    SERVED,
    TOLD_SINCE,
    WINDOWS_OVER,
    Effect,
    Mark,
    effect,
)
from states.waiting import MOOT, NO_CLOCK, sure

PENALTY = frozenset({S.DECIDED, S.IN_EFFECT})
"""States in which a penalty stands."""

_NOTHING: frozenset[Mark] = frozenset()


class Situation(NamedTuple):
    """A case as the proof sees it; `beside` is the state of one thing beside it, where it has one."""

    state: str
    marks: frozenset[Mark] = _NOTHING
    beside: str = ""


@dataclass
class Proof:
    """What the walk saw, and every sentence that it found untrue."""

    flow: str
    situations: int = 0
    steps: int = 0
    faults: list[str] = field(default_factory=list)


def prove(flow: Flow) -> Proof:
    """Walk every situation of a case flow, or of a lifecycle beside one, and collect the faults."""
    edges = _walk(flow)
    faults = [
        *_unreached(flow, edges),
        *_unleavable(flow, edges),
        *_not_final(flow),
        *_clockless(flow),
        *_skipping(flow),
    ]
    if flow.items:
        faults += _without_place(flow)
    else:
        faults += _unlawful(flow, edges)
        for side in flow.beside.values():
            faults += _abandoned(flow, side)
    return Proof(str(flow), len(edges), sum(len(out) for out in edges.values()), faults)


# — walking ———————————————————————————————————————————————————————————————————————————————

Node = TypeVar("Node", bound=Hashable)
Edges = Mapping[Situation, list[tuple[Move, Situation]]]


def _explore(
    starts: Iterable[Node], out_of: Callable[[Node], list[tuple[Move, Node]]]
) -> dict[Node, list[tuple[Move, Node]]]:
    """Everything that can be reached, with the moves that lead on; a case goes on in another flow there."""
    edges: dict[Node, list[tuple[Move, Node]]] = {}
    waiting = deque(starts)
    while waiting:
        here = waiting.popleft()
        if here not in edges:
            edges[here] = out_of(here)
            waiting.extend(
                there for move, there in edges[here] if there is not here and not move.becomes
            )
    return edges


def _walk(flow: Flow) -> Edges:
    """What may be recorded as irregular can happen whatever it needs."""
    table = _table(flow)

    def out_of(here: Situation) -> list[tuple[Move, Situation]]:
        return [
            (move, _after(move, made, here))
            for move, made in table[here.state]
            if made.allows(here.marks) or move.irregular != "no"
        ]

    return _explore(_starts(flow), out_of)


def _table(flow: Flow) -> dict[str, list[tuple[Move, Effect]]]:
    """The moves that start in each state, with their effects: looked up once, used a hundred thousand times."""
    return {s.value: [(m, effect(flow, m)) for m in flow.moves_from(s.value)] for s in flow.states}


def _starts(flow: Flow) -> list[Situation]:
    """After each opening move, and where a case of another flow comes in."""
    nowhere = Situation(NOWHERE)
    return [_after(m, effect(flow, m), nowhere) for m in flow.moves if m.opens] + [
        Situation(m.dest.value) for m in _coming_in(flow) if m.dest
    ]


def _coming_in(flow: Flow) -> list[Move]:
    return [m for other in FLOWS.values() for m in other.moves if m.becomes == flow.name]


def _after(move: Move, made: Effect, here: Situation) -> Situation:
    marks = made.on(here.marks)
    if move.dest is None and marks is here.marks:
        return here
    return Situation(move.dest.value if move.dest else here.state, marks, here.beside)


# — the table as a whole ——————————————————————————————————————————————————————————————————


def _unreached(flow: Flow, edges: Edges) -> list[str]:
    seen = {s.state for s in edges} | {there.state for out in edges.values() for _, there in out}
    used = {s for m in flow.moves for s in (*m.sources, m.dest) if s is not None}
    taken = {m.verb for out in edges.values() for m, _ in out}
    lost = [f"走不到“{s.label}”（{s.value}）。" for s in sorted(used) if s.value not in seen]
    idle = {m.verb: m for m in flow.moves if not m.opens and m.verb not in taken}
    return lost + [f"“{m.label}”（{m.verb}）从来办不成。" for m in idle.values()]


def _unleavable(flow: Flow, edges: Edges) -> list[str]:
    """From every situation some end can be reached."""
    ends = {s.value for s in flow.finals}
    good = {
        here
        for here, out in edges.items()
        if here.state in ends or any(m.becomes or there.state in ends for m, there in out)
    }
    return sorted(
        f"在“{flow.state(s.state).label}”可能走不出去（{_names(s.marks)}）。"
        for s in _stuck(edges, good)
    )


def _stuck(edges: Edges, good: Iterable[Situation]) -> set[Situation]:
    """The situations from which none of the good ones can be reached."""
    back: dict[Situation, list[Situation]] = {}
    for here, out in edges.items():
        for _, there in out:
            if there is not here:
                back.setdefault(there, []).append(here)
    waiting, saved = deque(good), set[Situation]()
    while waiting:
        here = waiting.popleft()
        if here not in saved:
            saved.add(here)
            waiting.extend(back.get(here, ()))
    return set(edges) - saved


def _not_final(flow: Flow) -> list[str]:
    """What is final stays what it is; there may be work left to do in it."""
    return [
        f"“{source.label}”是终点，“{move.label}”却从那里走开。"
        for move in flow.moves
        for source in move.sources
        if source in flow.finals and move.dest not in (None, source)
    ]


def _skipping(flow: Flow) -> list[str]:
    """The machine has no door beside the table, and each mark is asked about by its policy.

    Nothing but a review with its items judged makes a case reviewed.
    """
    faults = [f"状态机有表外的“{name}”。" for name in flow.events if name.startswith("to_")]
    for move in flow.moves:
        asked = {p.id for p in move.checklist}
        made = effect(flow, move)
        if FRESH in made.sets and "review.nine_items_judged" not in asked:
            faults.append(f"“{move.label}”算作审核通过，却没有逐项判断。")
        for mark in sorted(made.needs | made.bars, key=lambda m: m.name):
            if not asked & {mark.policy, *ALSO.get(mark.policy, ())}:
                word = "需要" if mark in made.needs else "不容"
                faults.append(f"“{move.label}”{word}“{mark.label}”，清单却没有问 {mark.policy}。")
    return faults


# — what the law forbids ——————————————————————————————————————————————————————————————————


def _unlawful(flow: Flow, edges: Edges) -> list[str]:
    """No penalty without a review, no publication before service, no closing over an obligation."""
    faults = set()
    for here, out in edges.items():
        for move, there in out:
            if there.state != here.state and move.irregular != "must":
                faults |= set(_penalised(flow, move, here, there))
            publishes = move.verb in PUBLISHES
            if publishes and SERVED not in here.marks:
                faults.add(f"“{move.label}”可以在送达之前。")
            owed = _owed(flow, here, there)
            if owed is not None and not owed.allows(here.marks):
                faults.add(f"“{move.label}”可以在义务未了时。")
    return sorted(faults)


PUBLISHES = ("choose_publication", "review_publication", "record_publication")

_REVIEW = {REVIEWED, COVERED, REVIEWED_SINCE_HEARING, FRESH}
_TOLD = {NOTIFIED, MATCHED, WINDOWS_OVER, REQUEST_OVER, TOLD_SINCE}


def _penalised(flow: Flow, move: Move, here: Situation, there: Situation) -> Iterable[str]:
    """In the ordinary procedure: reviewed and told since the facts were last put together, and heard."""
    enters = flow.state(there.state) in PENALTY and flow.state(here.state) not in PENALTY
    if not enters or flow.name != "ordinary":
        return
    if not here.marks >= _REVIEW:
        yield f"“{move.label}”可以不经审核进入“{flow.state(there.state).label}”。"
    if not here.marks >= _TOLD:
        yield f"“{move.label}”可以不经告知或者不等期满。"
    if HEARING_OPEN in here.marks:
        yield f"“{move.label}”可以在听证结束之前。"


def _owed(flow: Flow, here: Situation, there: Situation) -> Effect | None:
    """What has to be settled before a case that is closed there, whichever verb closes it."""
    if there.state != S.CLOSED or here.state == S.CLOSED:
        return None
    return EFFECTS["close_without_penalty"] if here.state == S.NO_PENALTY else CLOSING[flow.name]


# — waiting ———————————————————————————————————————————————————————————————————————————————


def _clockless(flow: Flow) -> list[str]:
    """Where nothing runs for sure, the table says why; every way is walked, whatever the marks."""
    Waiting = tuple[str, frozenset[str]]

    def after(move: Move, here: Waiting) -> Waiting:
        state = move.dest.value if move.dest else here[0]
        stopped = {t.clock for t in flow.terms if move.verb in t.stops_at}
        return state, (here[1] - stopped) | sure(flow, move)

    def out_of(here: Waiting) -> list[tuple[Move, Waiting]]:
        return [(move, after(move, here)) for move in flow.moves_from(here[0])]

    nowhere: Waiting = (NOWHERE, frozenset())
    begin = [after(m, nowhere) for m in (*flow.moves, *_coming_in(flow)) if m.opens or m.becomes]
    bare = {flow.state(state) for state, running in _explore(begin, out_of) if not running}
    return [
        f"在“{state.label}”可能没有任何期限，也没有说明为什么。"
        for state in sorted(bare)
        if state not in NO_CLOCK and state not in flow.finals
    ]


# — beside the case ———————————————————————————————————————————————————————————————————————


def _without_place(side: Flow) -> list[str]:
    """Each row of a lifecycle beside the case says where the case may be, and stands in a case's table."""
    rows = {m.verb for flow in FLOWS.values() for m in flow.moves if m.beside == side.name}
    return [
        f"“{m.label}”（{m.verb}）不在任何案件流程里。" for m in side.moves if m.verb not in rows
    ]


def _abandoned(flow: Flow, side: Flow) -> list[str]:
    """Whatever the case does meanwhile, a thing beside it can be brought to its end."""
    if side.name in MOOT:
        return []
    ends, table = {s.value for s in side.finals}, _table(flow)

    def out_of(here: Situation) -> list[tuple[Move, Situation]]:
        found = []
        for move, made in table[here.state]:
            there = _after(move, made, here)
            if move.beside == side.name:
                own = _own_row(side, move, here.beside)
                if own is None:
                    continue
                there = there._replace(beside=own.dest.value if own.dest else here.beside)
            elif move.beside:
                continue
            if made.allows(here.marks) or move.irregular != "no":
                found.append((move, there))
        return found

    edges = _explore(_starts(flow), out_of)
    good = [s for s in edges if s.beside in ends or not s.beside]
    lost = {(s.state, s.beside) for s in _stuck(edges, good)}
    return [
        f"案件到了“{flow.state(state).label}”，“{side.state(beside).label}”的（{side.name}）就了结不了。"
        for state, beside in sorted(lost)
    ]


def _own_row(side: Flow, move: Move, state: str) -> Move | None:
    """The row of the thing's own table, where it starts in its state; opening rows start from nothing."""
    return side.move(state, move.verb) if state else side.opening(move.verb)


def _names(marks: Iterable[Mark]) -> str:
    return "、".join(sorted(m.label for m in marks)) or "没有任何标记"
