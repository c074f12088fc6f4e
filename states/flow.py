"""流程 — a lifecycle as three tables, checked at import, moved by one `transitions` machine.

The only file that knows the `transitions` package. Its machine is flat, shared, and has no model: it
fires on a throw-away `_Attempt`, never on a row, and asks the whole checklist in one condition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, StrEnum
from typing import Any, Literal

from transitions import Machine

from policies.alerting import Alerting, Before
from policies.calendar import ONE_DAY, Calendar, Counted, Span
from policies.casefile import CaseFile, Clock
from policies.checklists import Checklist
from policies.core import Report, evaluate, not_asked
from policies.facts import Facts
from policies.lawbook import LawBook, NoLaw
from policies.office import Person


class Phase(Enum):
    """The five phases of the bar at the top of every page."""

    FILING = "立案"
    EVIDENCE = "取证"
    REVIEW = "法制审核"
    DECISION = "决定"
    PUBLICATION = "公示"


class State(StrEnum):
    """A condition of a case; members carry their phase and label."""

    phase: Phase
    label: str

    def __new__(cls, value: str, phase: Phase, label: str) -> State:
        member = str.__new__(cls, value)
        member._value_ = value
        member.phase = phase
        member.label = label
        return member


@dataclass(frozen=True, slots=True)
class Who:
    """Who may make a move: people with one of the roles, and of officers only those of the case.

    `for_borrowed` are the roles that may enter what a borrowed reviewer of this case has signed.
    """

    label: str
    roles: frozenset[str]
    of_the_case: bool = False
    for_borrowed: frozenset[str] = frozenset()

    def allows(self, person: Person, case: CaseFile) -> bool:
        if case.borrowed and person.has(*self.for_borrowed):
            return True
        if not person.has(*self.roles):
            return False
        only_officer = person.has("officer") and len(self.roles.intersection(person.roles)) == 1
        return not (
            self.of_the_case and case.officers and only_officer and person.id not in case.officers
        )


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table. `dest` empty means that the case stays where it is.

    `irregular` says whether the act can have happened against the rules and still be recorded as what
    it is: "may" with a written account, "must" always. `becomes` names the flow the case goes on in.
    `settled_by_form`: the whole checklist is about what the form brings, so nobody can answer it before.

    In a lifecycle beside the case, `during` are the states of the case in which the move may be made;
    the row that it makes in the case's own table names the lifecycle in `beside`.
    """

    verb: str
    label: str
    sources: tuple[State, ...]
    dest: State | None
    who: Who
    checklist: Checklist = ()
    irregular: Literal["no", "may", "must"] = "no"
    becomes: str = ""
    opens: bool = False
    settled_by_form: bool = False
    during: tuple[State, ...] = ()
    beside: str = ""

    @property
    def gathers(self) -> frozenset[str]:
        """Which facts of other cases its policies need."""
        return frozenset(name for policy in self.checklist for name in policy.gathers)


Stage = Literal["blue", "yellow", "red", "lapse"]


@dataclass(frozen=True, slots=True)
class Term:
    """A clock under the moves that start and stop it; its length comes from the law book.

    `span` is a parameter key or a function; `since` gives the first day (not counted); `rolls` says
    whether the end moves to the next working day; `disputed` that it binds as counted, but red waits
    for the next working day, since both readings live; `alerts` are offsets from the end, in reading order;
    `done` decides whether a stopping move really ends it; `on_lapse` is the verb taken as the system.
    """

    clock: str
    label: str
    span: str | Callable[[Facts, LawBook], Span]
    since: Callable[[Facts, LawBook], date | None]
    starts_at: tuple[str, ...]
    stops_at: tuple[str, ...]
    rolls: bool = False
    disputed: bool = False
    alerts: tuple[tuple[Before, str], ...] = ()
    holder: Who | None = None
    when: Callable[[Facts], bool] = lambda facts: True
    done: Callable[[Facts], bool] = lambda facts: True
    on_lapse: str = ""

    def count(self, facts: Facts, law: LawBook) -> Counted | None:
        start = self.since(facts, law)
        if start is None:
            return None
        try:
            given = self.span
            span = law.on(start)[given].span if isinstance(given, str) else given(facts, law)
        except NoLaw:
            if facts.case.silent:
                return None  # a published text of before the law that the register holds
            raise
        return facts.calendar.count(start, span)

    def open(self, facts: Facts, law: LawBook) -> Clock | None:
        counted = self.count(facts, law)
        if counted is None:
            return None
        return Clock(
            start=counted.start,
            span=str(counted.span),
            due=counted.due,
            rolled=counted.rolled,
            ends=counted.rolled if self.rolls else counted.due,
            provisional=counted.provisional,
            calendar=facts.calendar.version,
        )

    def stages(
        self, ends: date, rolled: date, calendar: Calendar, alerting: Alerting
    ) -> list[tuple[Stage, date]]:
        """What happens on which day to a clock of this kind that ends so, in order.

        Alerts before the end, where the office has no others those of the table; on the first day after
        it red, or the lapse where one is named.
        """
        offsets = alerting.offsets(self.clock, self.alerts)
        days = [(stage, calendar.count(ends, Span.parse(back)).due) for stage, back in offsets]
        last: Stage = "lapse" if self.on_lapse else "red"
        return [*sorted(days, key=lambda told: told[1]), (last, self.over(ends, rolled))]

    def stage_on(
        self, day: date, ends: date, rolled: date, calendar: Calendar, alerting: Alerting
    ) -> Stage | None:
        """The latest stage that a clock of this kind that ends so has come to by this day."""
        come = [s for s, on in self.stages(ends, rolled, calendar, alerting) if on <= day]
        return come[-1] if come else None

    def over(self, ends: date, rolled: date) -> date:
        """The first day on which a clock of this kind that ends so is surely over."""
        return (max(ends, rolled) if self.disputed else ends) + ONE_DAY


@dataclass(frozen=True, slots=True)
class Step:
    """What a move that was allowed does: the move, its report, and the clocks it turns."""

    move: Move
    report: Report
    opened: Mapping[str, Clock]
    closed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotFromHere:
    """The verb does not start in this state; `verbs` are those that do."""

    verb: str
    state: State
    verbs: tuple[str, ...]


class _Attempt:
    """The throw-away object that the machine moves; the row never meets it."""

    __slots__ = ("facts", "law", "report", "state")

    def __init__(self, state: str, facts: Facts, law: LawBook) -> None:
        self.state = state
        self.facts = facts
        self.law = law
        self.report = Report()


def kind_of(clock: str) -> str:
    """The clock's name in its table: `seizure:m2` is the `seizure` clock of the item m2."""
    return clock.partition(":")[0]


class Flow:
    """A lifecycle of one version. It refuses an ambiguous or leaky table when it is made.

    A case flow may have lifecycles `beside` it (measures, remedies …). Each of those is a flow of its
    own whose many things stand in the list `items` of the document, each with its id and state. Their
    moves are rows of the case's table that leave the case where it is.
    """

    def __init__(
        self,
        name: str,
        version: int,
        states: type[State],
        *,
        moves: Iterable[Move],
        terms: Iterable[Term] = (),
        finals: Iterable[State] = (),
        items: str = "",
        beside: Iterable[Flow] = (),
    ) -> None:
        self.name = name
        self.version = version
        self.states = states
        self.items = items
        self.beside = {side.name: side for side in beside}
        own = tuple(moves)
        self.moves = (*own, *_rows_beside(own, self.beside.values()))
        self.terms = tuple(terms)
        self.finals = frozenset(finals)
        self._states = {s.value: s for s in states}
        self._by_verb: dict[tuple[str, str], Move] = {}
        for move in self.moves:
            for source in move.sources:
                if (source.value, move.verb) in self._by_verb:
                    raise ValueError(
                        f"{self}: {move.verb!r} from {source.value!r} has two destinations; "
                        "give each outcome its own verb"
                    )
                self._by_verb[source.value, move.verb] = move
        self._opening = {m.verb: m for m in self.moves if m.opens}
        self._starts = _index(self.terms, lambda t: t.starts_at)
        self._stops = _index(self.terms, lambda t: t.stops_at)
        self._check()
        self._machine = self._build()

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"

    @property
    def verbs(self) -> dict[str, Move]:
        """Every verb of this flow once."""
        return {m.verb: m for m in self.moves}

    @property
    def events(self) -> list[str]:
        """The names of everything that can move the machine."""
        return list(self._machine.events)

    def state(self, value: str) -> State:
        """The state of this value."""
        return self._states[value]

    def opening(self, verb: str) -> Move | None:
        return self._opening.get(verb)

    def move(self, state: str, verb: str) -> Move | None:
        return self._by_verb.get((state, verb))

    def moves_from(self, state: str) -> list[Move]:
        """The moves that start here, in the order of the table."""
        return [m for m in self.moves if not m.opens and any(s.value == state for s in m.sources)]

    @property
    def every_term(self) -> tuple[Term, ...]:
        """The clocks of this flow and of the lifecycles beside it."""
        return (*self.terms, *(t for side in self.beside.values() for t in side.terms))

    def term(self, clock: str) -> Term:
        return next(t for t in self.every_term if t.clock == kind_of(clock))

    def take(
        self, state: str, verb: str, facts: Facts, law: LawBook
    ) -> Step | Report | NotFromHere:
        """Ask everything and move: a `Step` when allowed, else the report that refuses it.

        Facts are those that the step would leave; nothing is changed here. An act recorded as
        irregular is judged all the same; what fails is written down instead of refusing it.
        """
        event = self._machine.events.get(verb)
        move = self._opening.get(verb) if state == NOWHERE else self._by_verb.get((state, verb))
        if event is None or move is None:
            return NotFromHere(
                verb, self.state(state), tuple(m.verb for m in self.moves_from(state))
            )
        if move.beside:
            taken = self.beside[move.beside].take(facts.item_was or NOWHERE, verb, facts, law)
            if not isinstance(taken, Step):
                return taken
            opened, closed = self.clocks(move, facts, law)
            return Step(move, taken.report, {**taken.opened, **opened}, (*taken.closed, *closed))
        attempt = _Attempt(state, facts, law)
        if not event.trigger(attempt):
            return attempt.report
        return Step(move, attempt.report, *self.clocks(move, facts, law))

    def judge(self, move: Move, facts: Facts, law: LawBook) -> Report:
        """The report of a move without making it."""
        if move.settled_by_form and not facts.has_form:
            return not_asked(move.checklist)
        return evaluate(move.checklist, facts, law)

    def clocks(
        self, move: Move, facts: Facts, law: LawBook
    ) -> tuple[dict[str, Clock], tuple[str, ...]]:
        """The clocks that a move opens, and the running ones that it closes."""
        running = facts.was.clocks
        of = f":{facts.item}" if self.items else ""
        closed = [
            t.clock + of
            for t in self._stops.get(move.verb, ())
            if t.clock + of in running and t.done(facts)
        ]
        opened = {}
        for term in self._starts.get(move.verb, ()):
            if term.when(facts) and (clock := term.open(facts, law)) is not None:
                name = term.clock + of
                opened[name] = clock
                if name in running and name not in closed:
                    closed.append(name)
        if not move.beside:
            closed += self._stopped_beside(move, facts)
        return opened, tuple(closed)

    def _stopped_beside(self, move: Move, facts: Facts) -> list[str]:
        """The clocks of things beside the case that a step of the case itself stops."""
        over = {
            t.clock
            for side in self.beside.values()
            for t in side._stops.get(move.verb, ())
            if t.done(facts)
        }
        return [name for name in facts.was.clocks if over and kind_of(name) in over]

    def _build(self) -> Machine:
        machine = Machine(
            model=None,
            states=[s.value for s in self.states] + [NOWHERE],
            initial=None,
            auto_transitions=False,
            send_event=True,
        )
        for move in self.moves:
            for source in [NOWHERE] if move.opens else [s.value for s in move.sources]:
                machine.add_transition(
                    move.verb,
                    source,
                    move.dest.value if move.dest else source,
                    conditions=[_ask(move)],
                )
        return machine

    def _check(self) -> None:
        reached = {m.dest for m in self.moves if m.opens}
        used = {s for m in self.moves for s in m.sources} | {m.dest for m in self.moves if m.dest}
        grew = True
        while grew:
            more = {m.dest for m in self.moves if m.dest and reached.intersection(m.sources)}
            grew = not more <= reached
            reached |= more
        lost = sorted(s.value for s in used - reached if s)
        stuck = [
            s.value
            for s in used
            if s
            and s not in self.finals
            and not any(s in m.sources and m.dest not in (None, s) for m in self.moves)
        ]
        known = {m.verb for m in self.moves}
        strange = sorted(
            t.clock
            for t in self.terms
            if not (known.intersection(t.starts_at) and known.intersection(t.stops_at))
            or (t.on_lapse and t.on_lapse not in known)
        )
        for what, names in (
            ("nobody can reach", lost),
            ("nobody can leave", sorted(stuck)),
            ("clocks that no verb starts or stops", strange),
        ):
            if names:
                raise ValueError(f"{self}: {what}: {', '.join(names)}")


NOWHERE = "(none)"
"""Where a case, or a thing beside it, is before its opening move."""


def _rows_beside(own: Sequence[Move], sides: Iterable[Flow]) -> Iterable[Move]:
    """The moves of lifecycles beside a case as rows of its table, where the case can be in that state."""
    here = {s for m in own for s in (*m.sources, m.dest) if s is not None}
    for side in sides:
        for move in side.moves:
            sources = tuple(s for s in move.during if s in here)
            if sources:
                yield replace(
                    move, sources=sources, dest=None, opens=False, during=(), beside=side.name
                )


def _index(
    terms: Sequence[Term], verbs: Callable[[Term], tuple[str, ...]]
) -> dict[str, tuple[Term, ...]]:
    found: dict[str, tuple[Term, ...]] = {}
    for term in terms:
        for verb in verbs(term):
            found[verb] = (*found.get(verb, ()), term)
    return found


def _ask(move: Move) -> Callable[[Any], bool]:
    def every_policy(event: Any) -> bool:
        attempt: _Attempt = event.model
        attempt.report = evaluate(move.checklist, attempt.facts, attempt.law)
        return attempt.facts.irregular or not attempt.report.refuses

    return every_policy
