"""进度 — the phase bar, what the file already holds, and the last day on which a notice is safe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from policies.casefile import CaseFile
from states.case import CaseState
from states.flow import Phase
from workflow.line_shown import FLOWS
from workflow.queries import Step, View
from workflow.web.pages.session import Visit

S = CaseState

STATES = {state.value: state for state in CaseState}


def when(at: datetime | date, today: date) -> str:
    """Month and day; the year only where it is not this one."""
    return f"{at:%m-%d}" if at.year == today.year else f"{at:%Y-%m-%d}"


NOT_ON_THE_SPOT = (Phase.FILING, Phase.REVIEW)
"""Phases that a decision on the spot does not have (行政处罚法 51, 52)."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the five phases. `place` is `done`, `current`, `ahead`, `missed` or `aside`."""

    name: str
    place: str
    day: str
    words: str


def stages(view: View, today: date) -> list[Stage]:
    """A phase left behind says which step ended it; the summary procedure passes some phases by."""
    here = STATES[view.row.state]
    order = list(Phase)
    left: dict[Phase, Step] = {}
    came: dict[Phase, Step] = {}
    for step in view.history:
        if step.before == step.after:
            continue
        came[STATES[step.after].phase] = step
        if step.before in STATES:
            left[STATES[step.before].phase] = step
    found = []
    for phase in order:
        name, ended = phase.value, left.get(phase)
        if phase in NOT_ON_THE_SPOT and view.row.procedure == FLOWS["summary"]:
            found.append(Stage(name, "aside", "", "简易程序不需要"))
        elif phase is here.phase:
            day = when(came[phase].at, today) if phase in came else ""
            place = "done" if here is S.ARCHIVED else "current"
            found.append(Stage(name, place, day, here.label))
        elif order.index(phase) > order.index(here.phase):
            found.append(Stage(name, "ahead", "", "不再进行" if here is S.NOT_FILED else "未到"))
        elif ended:
            found.append(Stage(name, "done", when(ended.at, today), ended.label))
        else:
            found.append(_passed_by(name, phase, view, today))
    return found


def _passed_by(name: str, phase: Phase, view: View, today: date) -> Stage:
    """A phase that the case never was in: unknown, not needed, or missed."""
    if view.case.silent:
        return Stage(name, "aside", "", "来源未载明")
    if view.case.summary is None:
        return Stage(name, "missed", "", "没有经过")
    if phase is Phase.DECISION and view.case.decision:
        return Stage(name, "done", when(view.case.decision.date, today), "当场处罚")
    return Stage(name, "aside", "", "简易程序不需要")


# — what the file holds ———————————————————————————————————————————————————————————————————


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that the file holds or lacks, and the verb that adds it."""

    words: str
    there: bool
    verb: str


def parts(case: CaseFile, state: str) -> list[Part]:
    """What an officer gathers before the filing and before the investigation ends: a hint, never a rule."""
    if state not in (S.LEAD.value, S.CHECKING.value, S.INVESTIGATING.value):
        return []
    act, held = case.act, len(case.evidence)
    found = [
        Part("当事人", case.party is not None, "name_party"),
        Part("违法行为、案由", bool(act and act.began and case.power), "describe_act"),
        Part(f"证据 {held} 件" if held else "证据", held > 0, "add_evidence"),
    ]
    if state != S.INVESTIGATING.value:
        return found
    unverified = sum(1 for e in case.evidence if not e.verified_by)
    verified = f"{unverified} 件待查证" if unverified else "证据已查证"
    found.append(Part(verified, not unverified, "verify_evidence"))
    found.append(Part("责令改正", case.correction is not None, "order_correction"))
    if case.correction and case.correction.content:
        found.append(Part("复查改正", case.correction.checked_on is not None, "check_correction"))
    return found


# — the last safe day ———————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, slots=True)
class Safe:
    """`last`: the last working day to serve the notice; `earliest`: the first day to decide if served today."""

    last: date
    earliest: date
    late: bool


BEFORE_NOTICE = ("investigating", "concluded", "unit_review", "under_review", "noticing")


def safe_notice(visit: Visit, view: View) -> Safe | None:
    """Counted back from the end of the ninety days (行政处罚法 60), with the longer of the two windows.

    The party may state its case and ask for a hearing after the notice (行政处罚法 44, 64); a decision
    falls on the day after the longer window at the earliest.
    """
    decision = next((d for d in view.row.deadlines if d.clock == "decision"), None)
    told = view.case.notice is not None and view.row.state != S.NOTICING.value  # perhaps for good
    if decision is None or told or view.row.state not in BEFORE_NOTICE:
        return None
    today = visit.now.date()
    law, calendar = visit.bureau.law.on(today), visit.fashen.calendar
    windows = (law.find("statement_defence.period"), law.find("hearing.request"))
    spans = [window.span for window in windows if window]
    if not spans:
        return None
    one = timedelta(days=1)
    last = min(calendar.back(decision.ends - one, span) for span in spans)
    earliest = max(calendar.count(today, span).due for span in spans) + one
    late = today > last
    while not calendar.is_workday(last):
        last -= one
    return Safe(last=last, earliest=earliest, late=late)
