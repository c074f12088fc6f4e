"""流程证明 — every way through a flow is walked, and what must never happen is shown not to.

A case is reduced to its state, the marks that moves need, set and clear, and the clocks that run. Each
mark stands for a policy; tests tie the two together. The walk is exhaustive: there are a few thousand
such situations. `fashen map --check` prints what it found.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from policies.lawbook import register
from policies.office import Office
from states.case import FLOWS
from states.case import CaseState as S
from states.flow import NOWHERE, Flow, Move


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that a move needs. `policy` is the question that asks for it."""

    name: str
    label: str
    policy: str


REVIEWED = Mark("reviewed", "所决定的内容已通过法制审核", "review.passed")
REVIEWED_SINCE_HEARING = Mark("reviewed_since_hearing", "听证之后再次审核", "review.after_hearing")
NOTIFIED = Mark("notified", "已事先告知", "notice.served")
WINDOWS_OVER = Mark("windows_over", "陈述申辩期限已满", "defence.window_closed")
SERVED = Mark("served", "决定书已送达", "publication.served_first")
CHOSEN = Mark("chosen", "已登记是否公示", "publication.choice_recorded")
PAID = Mark("paid", "罚款已缴清", "fulfilment.fine_paid")
TOLD_SPARED = Mark("told_spared", "不予处罚决定书已送达", "no_penalty.served")
EDUCATED = Mark("educated", "已对当事人进行教育", "no_penalty.educated")
REPORTED = Mark("reported", "当场处罚已备案", "summary.reported")

MARKS = (
    REVIEWED, REVIEWED_SINCE_HEARING, NOTIFIED, WINDOWS_OVER, SERVED, CHOSEN, PAID, TOLD_SPARED,
    EDUCATED, REPORTED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Effect:
    """What a verb needs, sets and clears."""

    needs: frozenset[Mark] = frozenset()
    sets: frozenset[Mark] = frozenset()
    clears: frozenset[Mark] = frozenset()


def _effect(
    needs: Iterable[Mark] = (), sets: Iterable[Mark] = (), clears: Iterable[Mark] = ()
) -> Effect:
    return Effect(frozenset(needs), frozenset(sets), frozenset(clears))


_STALE = (REVIEWED, REVIEWED_SINCE_HEARING)

EFFECTS: dict[str, Effect] = {
    "conclude": _effect(clears=_STALE),
    "return_case": _effect(clears=_STALE),
    "pass_review": _effect(sets=(REVIEWED, REVIEWED_SINCE_HEARING)),
    "pass_final_review": _effect(needs=(NOTIFIED,), sets=(REVIEWED, REVIEWED_SINCE_HEARING)),
    "withdraw_pass": _effect(clears=_STALE),
    "check_procedure": _effect(needs=(REVIEWED,)),
    "serve_notice": _effect(needs=(REVIEWED,), sets=(NOTIFIED,), clears=(WINDOWS_OVER,)),
    "lapse_windows": _effect(needs=(NOTIFIED,), sets=(WINDOWS_OVER,)),
    "proceed": _effect(needs=(NOTIFIED,), sets=(WINDOWS_OVER,)),
    "report_hearing": _effect(sets=(WINDOWS_OVER,), clears=(REVIEWED_SINCE_HEARING,)),
    "end_hearing": _effect(sets=(WINDOWS_OVER,)),
    "withdraw_hearing": _effect(sets=(WINDOWS_OVER,)),
    "decide": _effect(needs=(REVIEWED, REVIEWED_SINCE_HEARING, NOTIFIED, WINDOWS_OVER)),
    "serve_no_penalty": _effect(sets=(TOLD_SPARED,)),
    "record_education": _effect(sets=(EDUCATED,)),
    "close_without_penalty": _effect(needs=(TOLD_SPARED, EDUCATED)),
    "serve_decision": _effect(sets=(SERVED,)),
    "decide_on_spot": _effect(sets=(SERVED,)),
    "choose_publication": _effect(needs=(SERVED,), sets=(CHOSEN,)),
    "record_publication": _effect(needs=(SERVED,)),
    "withhold_publication": _effect(sets=(CHOSEN,)),
    "record_payment": _effect(sets=(PAID,)),
    "report_on_spot": _effect(sets=(REPORTED,)),
}
"""Verbs that are not named here need, set and clear nothing."""

CLOSING_NEEDS = {"ordinary": (PAID, CHOSEN), "summary": (PAID, CHOSEN, REPORTED)}
"""What `close` needs; the two procedures differ in it."""

PENALTY = frozenset({S.DECIDED, S.IN_EFFECT})
"""States in which a penalty stands."""

NO_CLOCK = {
    S.ON_SPOT: "当场办理，没有等待。",
    S.IN_EFFECT: "缴款和公示都已了结时，只等负责人结案；结案没有法定期限。",
    S.NO_PENALTY: "不予处罚决定书送达之后，只等教育和结案；都没有法定期限。",
    S.CLOSED: "归档没有法定期限。",
}
"""Where a case may wait without a clock, and why."""


@dataclass(frozen=True, slots=True)
class Situation:
    state: str
    marks: frozenset[Mark]
    clocks: frozenset[str]


@dataclass
class Proof:
    """What the walk saw, and every sentence that it found untrue."""

    flow: str
    situations: int = 0
    steps: int = 0
    faults: list[str] = field(default_factory=list)


def effect(flow: Flow, move: Move) -> Effect:
    if move.verb == "close":
        return _effect(needs=CLOSING_NEEDS[flow.name])
    return EFFECTS.get(move.verb, Effect())


def prove(flow: Flow) -> Proof:
    """Walk every situation of a flow and collect the faults."""
    proof = Proof(str(flow))
    edges = _walk(flow)
    proof.situations = len(edges)
    proof.steps = sum(len(out) for out in edges.values())
    proof.faults += _unreached(flow, edges)
    proof.faults += _unleavable(flow, edges)
    proof.faults += _unlawful(flow, edges)
    proof.faults += _clockless(flow, edges)
    proof.faults += _skipping(flow)
    return proof


Edges = Mapping[Situation, list[tuple[Move, Situation]]]


def _walk(flow: Flow) -> Edges:
    start = [
        _after(flow, m, Situation(NOWHERE, frozenset(), frozenset())) for m in flow.moves if m.opens
    ]
    entered = [
        s
        for other in FLOWS.values()
        for m in other.moves
        if m.becomes == flow.name
        for s in _entry(flow, m)
    ]
    edges: dict[Situation, list[tuple[Move, Situation]]] = {}
    waiting = deque([*start, *entered])
    while waiting:
        here = waiting.popleft()
        if here in edges:
            continue
        edges[here] = []
        for move in flow.moves_from(here.state):
            if effect(flow, move).needs <= here.marks:
                there = _after(flow, move, here)
                edges[here].append((move, there))
                if not move.becomes:
                    waiting.append(there)
    return edges


def _entry(flow: Flow, move: Move) -> list[Situation]:
    """Where a case of another flow comes in."""
    return (
        [Situation(move.dest.value, frozenset(), _clocks(flow, move, frozenset()))]
        if move.dest
        else []
    )


def _after(flow: Flow, move: Move, here: Situation) -> Situation:
    made = effect(flow, move)
    return Situation(
        move.dest.value if move.dest else here.state,
        (here.marks | made.sets) - made.clears,
        _clocks(flow, move, here.clocks),
    )


def _clocks(flow: Flow, move: Move, running: frozenset[str]) -> frozenset[str]:
    stopped = {t.clock for t in flow.terms if move.verb in t.stops_at}
    started = {t.clock for t in flow.terms if move.verb in t.starts_at}
    return (running - stopped) | started


def _unreached(flow: Flow, edges: Edges) -> list[str]:
    seen = {s.state for s in edges} | {there.state for out in edges.values() for _, there in out}
    used = {s for m in flow.moves for s in (*m.sources, m.dest) if s is not None}
    taken = {m.verb for out in edges.values() for m, _ in out}
    lost = [f"走不到“{s.label}”（{s.value}）。" for s in sorted(used) if s.value not in seen]
    idle = [m for m in flow.moves if not m.opens and m.verb not in taken]
    return lost + [f"“{m.label}”（{m.verb}）从来办不成。" for m in idle]


def _unleavable(flow: Flow, edges: Edges) -> list[str]:
    """From every situation some end can be reached."""
    ends = {s.value for s in flow.finals}
    back: dict[Situation, list[Situation]] = {}
    good: deque[Situation] = deque()
    for here, out in edges.items():
        if here.state in ends:
            good.append(here)
        for move, there in out:
            if move.becomes or there.state in ends:
                good.append(here)
            back.setdefault(there, []).append(here)
    saved: set[Situation] = set()
    while good:
        here = good.popleft()
        if here not in saved:
            saved.add(here)
            good.extend(back.get(here, ()))
    return sorted(
        {
            f"在“{flow.state(s.state).label}”可能走不出去（{_names(s.marks)}）。"
            for s in edges
            if s not in saved
        }
    )


def _unlawful(flow: Flow, edges: Edges) -> list[str]:
    """No penalty without a review, no publication before service, no closing over an obligation."""
    faults = []
    for here, out in edges.items():
        for move, there in out:
            enters = flow.state(there.state) in PENALTY and flow.state(here.state) not in PENALTY
            if enters and flow.name == "ordinary" and move.irregular != "must":
                if not {REVIEWED, REVIEWED_SINCE_HEARING} <= here.marks:
                    faults.append(
                        f"“{move.label}”可以不经审核进入“{flow.state(there.state).label}”。"
                    )
                if NOTIFIED not in here.marks or WINDOWS_OVER not in here.marks:
                    faults.append(f"“{move.label}”可以不经告知或者不等期满。")
            if (
                move.verb in ("choose_publication", "record_publication")
                and SERVED not in here.marks
            ):
                faults.append(f"“{move.label}”可以在送达之前。")
            spared = here.state == S.NO_PENALTY
            owed = (TOLD_SPARED, EDUCATED) if spared else CLOSING_NEEDS[flow.name]
            if there.state == S.CLOSED and here.state != S.CLOSED and not set(owed) <= here.marks:
                faults.append(f"“{move.label}”可以在义务未了时。")
    return sorted(set(faults))


def _clockless(flow: Flow, edges: Edges) -> list[str]:
    faults = set()
    for here in edges:
        state = flow.state(here.state)
        if not here.clocks and state not in NO_CLOCK and state not in flow.finals:
            faults.add(f"在“{state.label}”可能没有任何期限，也没有说明为什么。")
    return sorted(faults)


def _skipping(flow: Flow) -> list[str]:
    """The machine has no door beside the table, and every needed mark is asked by its policy.

    Nothing but a review with its items judged makes a case reviewed.
    """
    faults = [f"状态机有表外的“{name}”。" for name in flow.events if name.startswith("to_")]
    for move in flow.moves:
        asked = {p.id for p in move.checklist}
        if REVIEWED in effect(flow, move).sets and "review.nine_items_judged" not in asked:
            faults.append(f"“{move.label}”算作审核通过，却没有逐项判断。")
        for mark in sorted(effect(flow, move).needs, key=lambda m: m.name):
            if not _asked(mark, asked):
                faults.append(f"“{move.label}”需要“{mark.label}”，清单却没有问 {mark.policy}。")
    return faults


_ALSO = {"review.passed": {"review.before_notice"}, "notice.served": {"defence.window_closed"}}
"""Policies that ask the same question under the name of another step."""


def _asked(mark: Mark, asked: set[str]) -> bool:
    return mark.policy in asked or bool(_ALSO.get(mark.policy, set()) & asked)


def _names(marks: Iterable[Mark]) -> str:
    return "、".join(sorted(m.label for m in marks)) or "没有任何标记"


def separation(office: Office, day: date) -> list[str]:
    """Whether the office has the people whom the law and its own rules keep apart, on a day."""
    officers = [
        p
        for p in office.people
        if p.has("officer", "unit_head") and p.certificate and p.certificate.valid_on(day)
    ]
    faults = []
    if len(officers) < 2:
        faults.append(f"{day} 只有 {len(officers)} 名持有效执法证的人员，凑不齐两名承办人。")
    pair = {p.id for p in officers[:2]}
    reviewers = [p for p in office.with_role("reviewer") if p.qualification and p.id not in pair]
    if not any(
        p.qualification.licence or p.qualification.began_before_2018
        for p in reviewers
        if p.qualification
    ):
        faults.append("没有承办人以外的、具备资格的法制审核人员。")
    if not [p for p in office.with_role("head", "deputy_head") if p.id not in pair]:
        faults.append("没有承办人以外的负责人。")
    if not [
        p
        for p in office.with_role("chair", "head", "deputy_head", "reviewer", "clerk")
        if p.id not in pair
    ]:
        faults.append("没有未参与调查的听证主持人。")
    return faults


def reminders(office: Office, day: date) -> list[str]:
    """What an office should have and is not refused for: enough reviewers for its officers (R114)."""
    officers = [
        p
        for p in office.with_role("officer", "unit_head")
        if p.certificate and p.certificate.valid_on(day)
    ]
    reviewers = office.with_role("reviewer")
    share = office.law(register()).on(day).find("reviewers.ratio")
    if share is None or 100 * len(reviewers) >= int(share.value) * len(officers):
        return []
    return [
        f"法制审核员 {len(reviewers)} 名，不到执法人员 {len(officers)} 名的百分之{share.value}"
        f"（{share.cite}）。"
    ]
