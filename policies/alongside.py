"""From what runs beside a case to what periods and sums are counted from."""

from __future__ import annotations

from datetime import date

from policies.calendar import ONE_DAY, Calendar
from policies.casefile import CaseFile
from policies.facts import Facts
from policies.late_penalty import Instalment, Plan
from policies.lawbook import LawBook
from policies.pauses import Grant, Pause
from policies.period import NoPeriod
from policies.periods import Beside, Seizure
from policies.remedies import End, Remedy, over_on, remedies_end
from policies.things import Measure, RemedyTaken


def beside(case: CaseFile, law: LawBook) -> Beside:
    """Everything beside the case that a period hangs on."""
    return Beside(
        remedies=sought(case),
        plan=plan(case),
        demands=tuple(e.demanded_on for e in case.enforcements),
        seizures=tuple(seizure_of(m, law) for m in case.measures if m.seizure),
        registrations=tuple(m.taken_at.date() for m in case.measures if not m.seizure),
    )


def sought(case: CaseFile) -> tuple[Remedy, ...]:
    """The remedies that the party took, in order; the office's own correction is none."""
    return tuple(_taken(r) for r in case.remedies if r.kind != "own")


def _taken(remedy: RemedyTaken) -> Remedy:
    """What stands because nobody appealed or sued has still had its days; only the second instance ends at once."""
    assert remedy.kind != "own"
    last = remedy.kind == "suit" and remedy.appealed
    return Remedy(
        remedy.kind, remedy.began, remedy.ended, remedy.received, final=remedy.final and last
    )


def in_force_on(remedy: RemedyTaken, law: LawBook, calendar: Calendar) -> date | None:
    """The day on which a result that stands took effect.

    A review decision and a judgment of second instance when it is received, a first judgment when
    nobody has appealed in time (行政复议法 75, 行政诉讼法 85).
    """
    if not remedy.final or remedy.kind == "own":
        return remedy.received if remedy.final else None
    return over_on(_taken(remedy), law, calendar)


def plan(case: CaseFile) -> Plan | None:
    """The approved postponement or instalments that hold now."""
    granted = [d for d in case.deferrals if d.state == "deferral.granted" and d.decided_on]
    if not granted:
        return None
    last = granted[-1]
    assert last.decided_on is not None
    return Plan(last.decided_on, tuple(Instalment(i.due, i.amount) for i in last.instalments))


def pauses(case: CaseFile) -> tuple[Pause, ...]:
    return tuple(Pause(s.reason, s.since, s.until, s.proof) for s in case.suspensions)


def grants(case: CaseFile) -> tuple[Grant, ...]:
    return tuple(
        Grant(e.days, e.approved_by, e.decided_on)
        for e in case.extensions
        if e.state == "extension.granted" and e.approved_by and e.decided_on
    )


def pending(case: CaseFile) -> list[RemedyTaken]:
    """Remedies that have not ended, or whose end does not stand yet."""
    return [r for r in case.remedies if not r.ended or not r.final]


def end_of_remedies(facts: Facts, law: LawBook) -> End | NoPeriod | None:
    """The day on which nobody can attack the decision any more (行政强制法 53)."""
    return remedies_end(facts.case, law, facts.calendar, remedies=sought(facts.case))


def seizure_of(measure: Measure, law: LawBook) -> Seizure:
    """查封、扣押 with its testing, the last day of which is left out too: the days go on with the next."""
    taken = measure.taken_at.date()
    more = int(law.on(taken)["seizure.extension"].value)
    return Seizure(
        taken,
        tuple(
            Pause("检测", t.since, t.until and t.until + ONE_DAY, t.proof) for t in measure.testing
        ),
        (Grant(more, "head", measure.extended_on),) if measure.extended_on else (),
    )
