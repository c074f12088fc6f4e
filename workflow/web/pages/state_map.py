"""流程图 — the states of one case in their five phases, the way it took, and where it may go from here.

The picture is drawn on the server from the table of the procedure and the ledger; the lists below it say the
same in words, for a phone and for whoever does not see it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from states.case import CURRENT
from states.flow import Flow, Phase
from states.where import CaseState
from workflow import queries
from workflow.next_step import FIRST
from workflow.preview import Choice
from workflow.queries import Step, View
from workflow.web.pages.looking import look
from workflow.web.pages.progress import STATES, when
from workflow.web.pages.render import render
from workflow.web.pages.session import Signed
from workflow.workbench import FLOWS

router = APIRouter()

WIDE, HIGH = 168, 56
"""A state in the picture, in its own units."""

APART, BELOW, TOP = 64, 40, 40
"""Between two phases, between two states of one phase, and above the first."""

MARGIN = 52
"""Right of the last phase, for ways that lead back within it."""

FAR = 0.12
"""How far along a way that passes by other phases its number stands: still beside where it began."""


@dataclass(frozen=True, slots=True)
class Went:
    """One step that led from state to state, as the ledger has it; `n` counts them."""

    n: int
    step: Step
    back: bool

    @property
    def source(self) -> str:
        return STATES[self.step.before].label if self.step.before in STATES else ""

    @property
    def dest(self) -> str:
        return STATES[self.step.after].label


@dataclass(frozen=True, slots=True)
class Box:
    """A state: where it stands, and `been`, `here` or `ahead`."""

    state: CaseState
    x: int
    y: int
    place: str
    days: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way between two states: `taken`, `back`, `open` or `held`; `said` are the numbers of its steps."""

    path: str
    kind: str
    x: float
    y: float
    said: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything in its place; `phases` are the headings with their left edges."""

    width: int
    height: int
    phases: tuple[tuple[str, int], ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


@router.get("/cases/{case_id}/map")
def show_map(visit: Signed, case_id: str) -> Response:
    """The way a case took through its procedure; what is only recorded because it happened is no way on."""
    visit = look(visit, case_id)
    view = queries.view_case(visit.fashen, visit.office.office, case_id, visit.person)
    flow = CURRENT[next(name for name, words in FLOWS.items() if words == view.row.procedure)]
    went = way(view.history)
    today = visit.now.date()
    onward = [
        c
        for c in view.choices
        if c.move.dest and c.move.dest.value != view.row.state and c.move.irregular != "must"
    ]
    drawn = picture(flow, view, went, onward, today)
    return render(
        "state_map.html",
        visit=visit,
        here="cases",
        row=view.row,
        went=went,
        onward=onward,
        picture=drawn,
        size=(WIDE, HIGH),
        other=[s.label for s in _of(flow) if s not in {box.state for box in drawn.boxes}],
        when=lambda at: when(at, today),
    )


def way(history: Sequence[Step]) -> list[Went]:
    """The steps that led to another state, in turn; back is to where the case had been earlier than where it was."""
    found: list[Went] = []
    been: list[str] = []
    for step in history:
        if step.before == step.after:
            continue
        known = step.before in been and step.after in been
        back = known and been.index(step.after) < been.index(step.before)
        found.append(Went(len(found) + 1, step, back))
        been += [s for s in (step.before, step.after) if s not in been]
    return found


def main_line(flow: Flow) -> list[CaseState]:
    """The states of a case in which nothing unusual happens, from its opening to the archive."""
    opened = {m.dest for m in flow.moves if m.opens}
    state = next((s for s in CaseState if s in opened and s.value in FIRST), None)
    line: list[CaseState] = []
    while state and state not in line:
        line.append(state)
        move = flow.move(state.value, FIRST.get(state.value, ""))
        state = STATES[move.dest.value] if move and move.dest else None
    return line


def _of(flow: Flow) -> list[CaseState]:
    """The states that the table of a procedure knows."""
    used = {s for m in flow.moves for s in (*m.sources, m.dest) if s is not None}
    return [s for s in CaseState if s in used]


# — the picture ———————————————————————————————————————————————————————————————————————————


def picture(
    flow: Flow, view: View, went: Sequence[Went], onward: Sequence[Choice], today: date
) -> Picture:
    """The main line, the states that were visited and those that lie open; the others are only named."""
    here = STATES[view.row.state]
    main = main_line(flow)
    visited = {here, *(STATES[w.step.after] for w in went)}
    visited |= {STATES[w.step.before] for w in went if w.step.before in STATES}
    ahead = {STATES[c.move.dest.value] for c in onward if c.move.dest}
    shown = [*main, *(s for s in CaseState if s in visited | ahead and s not in main)]
    columns = [(p, [s for s in shown if s.phase is p]) for p in Phase]
    columns = [(phase, states) for phase, states in columns if states]
    at = {
        state: (i * (WIDE + APART), TOP + j * (HIGH + BELOW))
        for i, (_, states) in enumerate(columns)
        for j, state in enumerate(states)
    }
    days: dict[str, list[str]] = defaultdict(list)
    for w in went:
        days[w.step.after].append(when(w.step.at, today))
    return Picture(
        width=len(columns) * (WIDE + APART) - APART + MARGIN,
        height=max(y for _, y in at.values()) + HIGH + 8,
        phases=tuple((phase.value, i * (WIDE + APART)) for i, (phase, _) in enumerate(columns)),
        boxes=tuple(
            Box(
                state,
                *at[state],
                "here" if state is here else "been" if state in visited else "ahead",
                _days(days[state.value], here=state is here),
            )
            for state in shown
        ),
        arrows=tuple(_arrows(at, here, went, onward)),
    )


def _days(entered: Sequence[str], *, here: bool) -> str:
    """When the case came here: the last day, and how often where it was more than once."""
    if not entered:
        return "现在" if here else ""
    often = f"（第 {len(entered)} 次）" if len(entered) > 1 else ""
    return f"{entered[-1]} {'起' if here else ''}{often}".strip()


def _arrows(
    at: dict[CaseState, tuple[int, int]],
    here: CaseState,
    went: Sequence[Went],
    onward: Sequence[Choice],
) -> Iterator[Arrow]:
    """Ways that lie open under those that were taken, so that nothing covers what happened."""
    taken: dict[tuple[CaseState, CaseState], list[Went]] = defaultdict(list)
    for w in went:
        if w.step.before in STATES:
            taken[STATES[w.step.before], STATES[w.step.after]].append(w)
    free: dict[CaseState, bool] = {}
    for choice in onward:
        if choice.move.dest:
            dest = STATES[choice.move.dest.value]
            free[dest] = free.get(dest, False) or choice.verdict != "refused"
    for dest, is_free in free.items():
        path, x, y = _curve(at[here], at[dest])
        yield Arrow(path, "open" if is_free else "held", x, y, "")
    for (source, dest), steps in taken.items():
        path, x, y = _curve(at[source], at[dest])
        kind = "back" if all(w.back for w in steps) else "taken"
        yield Arrow(path, kind, x, y, "·".join(str(w.n) for w in steps))


Point = tuple[float, float]


def _curve(source: tuple[int, int], dest: tuple[int, int]) -> tuple[str, float, float]:
    """The way from one box to another, and where on it a number may stand."""
    (x1, y1), (x2, y2) = source, dest
    half = HIGH / 2
    if x1 == x2 and y2 - y1 == HIGH + BELOW:  # straight down
        x = x1 + WIDE / 2
        return f"M{x} {y1 + HIGH}L{x} {y2}", x, (y1 + HIGH + y2) / 2
    if x1 == x2:  # within a phase, round the right side
        right = x1 + WIDE
        out = right + APART * 0.8
        return _bezier((right, y1 + half), (out, y1 + half), (out, y2 + half), (right, y2 + half))
    far = abs(x2 - x1) > WIDE + APART
    if x2 > x1:
        a, b, bend = (x1 + WIDE, y1 + half), (x2, y2 + half), APART * 0.7
    else:  # back, a little lower than the way forward
        a, b, bend = (x1, y1 + half + 12), (x2 + WIDE, y2 + half + 12), -APART * 0.7
    return _bezier(a, (a[0] + bend, a[1]), (b[0] - bend, b[1]), b, FAR if far else 0.5)


def _bezier(a: Point, b: Point, c: Point, d: Point, along: float = 0.5) -> tuple[str, float, float]:
    """A cubic curve and the point so far along it."""
    s, t = 1 - along, along
    x, y = (
        s**3 * p + 3 * s * s * t * q + 3 * s * t * t * r + t**3 * u
        for p, q, r, u in zip(a, b, c, d, strict=True)
    )
    path = "M{:g} {:g}C{:g} {:g} {:g} {:g} {:g} {:g}".format(*a, *b, *c, *d)
    return path, round(x, 1), round(y, 1)
