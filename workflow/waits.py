"""另等 — for whom a case waits besides its next step: a question to answer, an asked extension, a seized thing.

Pure, like the next step itself (workflow/next_step.py). A step of its own may leave several people at work at
once; each of them finds the case under 待办, and the rows that say so are kept with its line (workflow/lines.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from policies.calendar import ONE_DAY, Calendar
from policies.casefile import CaseFile
from policies.document import Thing
from policies.filing import REPORTED
from policies.office import Office
from states.beside.consultation import ConsultationState
from states.beside.deferral import DeferralState
from states.beside.enforcement import EnforcementState
from states.beside.measure import MeasureState
from states.beside.recusal import RecusalState
from states.beside.remedy import RemedyState
from states.beside.standstill import ExtensionState, SuspensionState
from states.beside.supervision import SupervisionState
from states.case import CURRENT
from states.flow import State
from states.terms import TERMS
from states.where import AFTER, S
from workflow.next_step import loose_ends, next_move, wanted

SETTLED = (*AFTER, S.NOT_FILED)
"""Where whoever reported an act can be told what became of it."""


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that waits: the move, the thing beside the case that it is about, and for whom.

    `wanted` is in the words of `next_step.wanted`. Before `from_on` nobody need think of it; without one it
    waits at once.
    """

    verb: str
    wanted: tuple[str, ...]
    item: str = ""
    about: str = ""
    from_on: date | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    verb: str
    thing: Thing | None = None
    person: str = ""
    from_on: date | None = None


@dataclass(frozen=True, slots=True)
class _Of:
    """What a rule about a thing may look at."""

    case: CaseFile
    thing: Any
    office: Office
    calendar: Calendar

    def ends(self, clock: str) -> date | None:
        running = self.case.clocks.get(f"{clock}:{self.thing.id}")
        return running.ends if running else None

    def warned(self, clock: str) -> date | None:
        """The day on which the first card of this clock comes."""
        name = f"{clock}:{self.thing.id}"
        running = self.case.clocks[name]
        stages = TERMS[clock].stages(
            running.ends, running.rolled, self.calendar, self.office.alerts
        )
        return stages[0][1]

    def after(self, clock: str) -> date | None:
        """The day after this clock ends; nothing where it does not run, so that it waits at once."""
        ends = self.ends(clock)
        return ends + ONE_DAY if ends else None


Rule = Callable[[_Of], Iterator[_Found]]


def _always(verb: str, person: str = "") -> Rule:
    """The move is due as long as the thing stands so; `person` names the field that says who alone can make it."""

    def rule(of: _Of) -> Iterator[_Found]:
        yield _Found(verb, of.thing, getattr(of.thing, person) if person else "")

    return rule


def _held(of: _Of) -> Iterator[_Found]:
    """What was seized in a hurry is approved within a day; what is kept is decided about before its time is up."""
    if of.thing.seizure and of.thing.approved_at is None:
        yield _Found("approve_measure", of.thing)
    kept = "seizure" if of.thing.seizure else "registration"
    if of.ends(kept):
        yield _Found("end_measure", of.thing, from_on=of.warned(kept))


def _sued(of: _Of) -> Iterator[_Found]:
    if of.ends("remedy_answer"):
        yield _Found("answer_remedy", of.thing)


def _demanded(of: _Of) -> Iterator[_Found]:
    """When the days of the demand are over without performance, the head decides how it is enforced."""
    yield _Found("apply_to_court", of.thing, from_on=of.after("demand"))


def _performing(of: _Of) -> Iterator[_Found]:
    yield _Found("record_execution", of.thing, from_on=of.thing.perform_on or of.thing.leave_until)


def _agreed(of: _Of) -> Iterator[_Found]:
    yield _Found("record_execution", of.thing, from_on=of.after("agreement"))


RULES: Mapping[State, Rule] = {
    MeasureState.HELD: _held,
    RecusalState.ASKED: _always("grant_recusal"),
    ExtensionState.ASKED: _always("grant_extension"),
    DeferralState.ASKED: _always("grant_deferral"),
    RemedyState.OPEN: _sued,
    RemedyState.ENDED: _always("settle_remedy"),
    EnforcementState.DEMANDED: _demanded,
    EnforcementState.PERFORMING: _performing,
    EnforcementState.AGREED: _agreed,
    SupervisionState.OPEN: _always("answer_supervision", "to"),
    ConsultationState.ASKED: _always("give_counsel_opinion", "counsel"),
}
"""What waits as long as a thing beside the case stands so."""

NOBODY: Mapping[State, str] = {
    SuspensionState.STANDING: "中止的事由什么时候消失，案卷里看不出来；案件的下一步照常在承办人的待办里。",
    EnforcementState.APPLIED: "等法院受理、裁定。",
    EnforcementState.GRANTED: "由法院执行，结果到了再登记。",
    EnforcementState.REFUSED: "是否申请复议由负责人决定，期限挂牌提醒；复议的结果由法院送来。",
    EnforcementState.SUSPENDED: "中止的情形什么时候消失，案卷里看不出来。",
}
"""States of things beside a case in which nobody of the office is waited for, and why."""


def waits(
    case: CaseFile, state: str, procedure: str, office: Office, calendar: Calendar
) -> list[Wait]:
    """What waits besides the next step, as far as it can be done from here; each move and thing once."""
    flow, main = CURRENT[procedure], next_move(case, state, procedure)
    found: dict[tuple[str, str], Wait] = {}
    for one in (*_of_case(case, state), *_beside(case, office, calendar)):
        move = flow.move(state, one.verb)
        if move is None or (move is main and one.thing is None):
            continue
        item = one.thing.id if one.thing else ""
        roles = sorted(move.who.roles)
        marks = [f"{r}@{one.person}" for r in roles] if one.person else wanted(move, case)
        words = about(one.thing) if one.thing else ""
        found[one.verb, item] = Wait(one.verb, tuple(marks), item, words, one.from_on)
    return list(found.values())


def about(thing: Thing) -> str:
    """水泥二十袋, of 扣押：水泥二十袋: which one it is, without what kind it is."""
    return thing.told.partition("：")[2] or thing.told


def _of_case(case: CaseFile, state: str) -> Iterator[_Found]:
    if any(not q.answer for q in case.questions):
        yield _Found("answer_question")
    if case.review and any(not p.answer for p in case.review.points):
        yield _Found("answer_point")
    if any(not s.reply for s in case.statements):
        yield _Found("reply_statement")
    if state == S.IN_EFFECT.value:
        yield from (_Found(verb) for verb in loose_ends(case))
    if case.publication and case.publication.awaits_review:
        yield _Found("review_publication")
    if "withdrawal" in case.clocks and not (case.publication and case.publication.withdrawn_on):
        yield _Found("withdraw_publication")
    if "transfer_goods" in case.clocks:
        yield _Found("hand_over_goods")
    lead = case.lead
    reported = lead is not None and lead.source in REPORTED and not lead.answered_on
    if reported and state in SETTLED and not case.silent:
        yield _Found("answer_complainant")


def _beside(case: CaseFile, office: Office, calendar: Calendar) -> Iterator[_Found]:
    for side in CURRENT["ordinary"].beside.values():
        for thing in getattr(case, side.items):
            if rule := RULES.get(side.state(thing.state)):
                yield from rule(_Of(case, thing, office, calendar))
