"""What may be done next, and why the rest may not: every move of a case for one person, with its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from policies.casefile import CaseFile
from policies.core import Finding, Report
from policies.document import Thing
from policies.facts import Facts
from policies.office import Person
from states.case import FLOWS
from states.flow import Flow, Move
from workflow.authority import behalves
from workflow.delegations import not_over, pairs
from workflow.desk import COMMANDS
from workflow.elsewhere import gather
from workflow.program import Bureau, Fashen
from workflow.times import beijing


@dataclass(frozen=True, slots=True)
class Choice:
    """One move from here: whose it is, whether the law lets it pass, and what it still needs.

    `through` are those for whom the person may make it as their delegate.
    `item` and `about` say which measure, remedy … it would be about; empty for moves of the case itself.
    """

    move: Move
    mine: bool
    able: tuple[str, ...]
    report: Report
    item: str = ""
    about: str = ""
    own: bool = True
    through: tuple[Person, ...] = ()

    @property
    def verdict(self) -> str:
        """`refused`, `excuse` (a written reason is asked for), `form` (depends on what is filled in), `open`."""
        if self.report.blocks:
            return "refused"
        if self.report.unexcused:
            return "excuse"
        return "form" if self.report.needs_form else "open"

    @property
    def reasons(self) -> list[Finding]:
        return self.report.reasons

    def as_dict(self) -> dict[str, Any]:
        return {
            "verb": self.move.verb,
            "label": self.move.label,
            "to": self.move.dest.value if self.move.dest else None,
            "who": self.move.who.label,
            "able": list(self.able),
            "yours": self.mine,
            "verdict": self.verdict,
            "irregular": self.move.irregular,
            "item": self.item,
            "about": self.about,
            "on_behalf_of": [p.id for p in self.through],
            "findings": [f.as_dict() for f in self.report.findings],
        }


def _wanted(case: CaseFile) -> tuple[str, ...]:
    """What of outside is looked at; the 双公示 record only while somebody has to review it."""
    record = ("record",) if case.publication and case.publication.awaits_review else ()
    return ("same_act", "publishing", *record)


def choices(
    fashen: Fashen,
    tx: Connection,
    bureau: Bureau,
    row: Mapping[str, Any],
    case: CaseFile,
    person: Person,
    at: datetime | None = None,
) -> list[Choice]:
    """Every move that starts in the case's state, in the order of the table; the system's are left out.

    Nothing is changed. Policies about what a form brings answer `needs_form`.
    """
    flow, now = FLOWS[row["flow"]], beijing(at or fashen.clock())
    facts = standing(fashen, tx, bureau, row, case, person, at)
    delegated = not_over(tx, bureau.office.office, now.date())
    found = []
    for move in flow.moves_from(row["state"]):
        people = [p for p in bureau.office.people if move.who.allows(p, case)]
        if not people and move.who.roles == frozenset({"system"}):
            continue
        own = move.who.allows(person, case)
        able = behalves(delegated, move, person, case, row["id"], bureau.office, now)
        through = tuple(b.principal for b in able)
        judged = facts if own else _as(facts, people[0]) if people else facts
        if through and not own:
            judged = replace(facts, on_behalf_of=through[0])
        for thing in _about(flow, move, case):
            of = replace(judged, item=thing.id, item_was=thing.state) if thing else judged
            report = flow.judge(move, of, bureau.law)
            what = (thing.id, thing.told) if thing else ("", "")
            names = tuple(p.name for p in people)
            mine = own or bool(through)
            found.append(Choice(move, mine, names, report, *what, own=own, through=through))
    return found


def standing(
    fashen: Fashen,
    tx: Connection,
    bureau: Bureau,
    row: Mapping[str, Any],
    case: CaseFile,
    person: Person,
    at: datetime | None = None,
) -> Facts:
    """A case as it stands, for whoever judges it without a form."""
    now = beijing(at or fashen.clock())
    delegated = not_over(tx, bureau.office.office, now.date())
    running = pairs(delegated, row["id"], now)
    elsewhere = gather(
        tx,
        bureau.office.office,
        row["id"],
        case,
        wanted=_wanted(case),
        bureau=bureau,
    )
    return Facts(
        case=case,
        was=case,
        state=row["state"],
        at=now,
        entered=now,
        actor=person,
        office=bureau.office,
        calendar=fashen.calendar,
        has_form=False,
        elsewhere=replace(elsewhere, delegated=running) if running else elsewhere,
    )


def _about(flow: Flow, move: Move, case: CaseFile) -> Sequence[Thing | None]:
    """The things beside the case that a move can be about now; one None where it is about no thing yet."""
    side = flow.beside.get(move.beside)
    if side is None or side.verbs[move.verb].opens:
        return [None]
    things: Sequence[Thing] = getattr(case, side.items)
    return [thing for thing in things if side.move(thing.state, move.verb)]


def _as(facts: Facts, person: Person) -> Facts:
    """The same question asked by somebody who may make the move, so that the reasons are the law's."""
    return replace(facts, actor=person)


def form_schema(verb: str) -> dict[str, Any]:
    """The JSON Schema of a verb's form."""
    return COMMANDS[verb].form.model_json_schema()
