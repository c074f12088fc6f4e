"""待我审批 — what waits for the word of a head of the unit or of the office, and which words there are.

One row of `ASKS` is one kind of question: where the case (or the thing beside it) must stand, the verb that
agrees, the verbs that send it back. The verbs are those of the case's table; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from policies.casefile import CaseFile
from policies.document import Thing
from policies.office import Person
from states.case import CURRENT, FLOWS
from states.where import FILED, UNDECIDED, S
from workflow import models
from workflow.database import reading
from workflow.next_step import next_verbs
from workflow.program import Fashen
from workflow.queries import Row, row_of

_C, _D = models.cases.c, models.deadline.c

MOST = 200
"""Cases of one kind of question that are looked at, the shortest period first."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One kind of question to an approver.

    `states` are the case's; `things` and `thing_state` say what waits beside it, where it is no question of
    the case itself. `backs` say no or send back, `discuss` that it can go to a collective discussion.
    """

    yes: str
    question: str
    short: str
    states: tuple[S, ...]
    backs: tuple[str, ...] = ()
    discuss: bool = False
    others: tuple[str, ...] = ()
    things: str = ""
    thing_state: str = ""


ASKS: Mapping[str, Ask] = {
    ask.yes: ask
    for ask in (
        Ask("approve_filing", "同意立案？", "立案", (S.FILING,), ("return_filing", "decline_filing")),
        Ask("submit_review", "同意送法制审核？", "送法制审核", (S.UNIT_REVIEW,), ("return_to_officers",)),
        Ask("submit_final_review", "同意再次送法制审核？", "再次送审", (S.DECIDING,), ("reopen_investigation",)),
        Ask("decide", "同意作出处罚决定？", "作出处罚决定", (S.DECIDING,), ("reopen_investigation",),
            discuss=True, others=("decide_no_penalty",)),
        Ask("approve_transfer", "同意移送公安机关？", "移送公安机关", (S.TRANSFERRING,), ("refuse_transfer",)),
        Ask("close_without_penalty", "同意结案？", "不予处罚结案", (S.NO_PENALTY,)),
        Ask("close", "同意结案？", "结案", (S.IN_EFFECT,)),
        Ask("grant_extension", "同意延长办案期限？", "延期", FILED, ("refuse_extension",),
            things="extensions", thing_state="extension.asked"),
        Ask("grant_deferral", "同意暂缓、分期缴纳？", "暂缓、分期", (S.IN_EFFECT,), ("refuse_deferral",),
            things="deferrals", thing_state="deferral.asked"),
        Ask("grant_recusal", "决定回避？", "回避", UNDECIDED, ("refuse_recusal",),
            things="recusals", thing_state="recusal.asked"),
    )
}  # fmt: skip
"""Questions by the verb that agrees, in the order in which a case meets them."""


@dataclass(frozen=True, slots=True)
class Pending:
    """One question that waits for this person; `item` and `about` say which thing beside the case."""

    ask: Ask
    row: Row
    item: str = ""
    about: str = ""

    @property
    def path(self) -> str:
        where = f"/cases/{self.row.id}/approve/{self.ask.yes}"
        return f"{where}?item={self.item}" if self.item else where


def pending(fashen: Fashen, office: str, person: Person) -> list[Pending]:
    """Everything that waits for this person's word, the shortest period first."""
    found = []
    with reading(fashen.engine) as tx:
        bureau = fashen.bureau(tx, office)
        for ask in ASKS.values():
            if not person.has(*_move_roles(ask)):
                continue
            for row in tx.execute(_asked(office, ask)).mappings():
                shown = row_of(fashen, bureau, dict(row))
                found += list(_waits(ask, shown, FLOWS[row["flow"]].name, person))
    return sorted(found, key=lambda p: _first_end(p.row))


def _first_end(row: Row) -> date:
    return min((d.ends for d in row.deadlines), default=date.max)


def _move_roles(ask: Ask) -> frozenset[str]:
    move = CURRENT["ordinary"].verbs[ask.yes]
    return move.who.roles


def _asked(office: str, ask: Ask) -> sa.Select[Any]:
    where = [_C.office_id == office, _C.state.in_([s.value for s in ask.states])]
    if ask.thing_state:
        where.append(_C.doc.contains(f'"state":"{ask.thing_state}"', autoescape=True))
    if ask.yes == "close":
        where.append(_C.id.in_(_to_close(office)))
    clock = sa.and_(_D.case_id == _C.id, _D.clock == "decision", _D.state == "open")
    return (
        sa.select(models.cases)
        .outerjoin(models.deadline, clock)
        .where(*where)
        .order_by(_D.ends.is_(None), _D.ends, _C.moved_at)
        .limit(MOST)
    )


def _to_close(office: str) -> sa.Select[Any]:
    """Cases in which nothing is left but to close them; most that are in effect wait for the party."""
    line = models.case_line.c
    return sa.select(line.case_id).where(line.office_id == office, line.next_verb == "close")


def _waits(ask: Ask, row: Row, flow: str, person: Person) -> Iterator[Pending]:
    move = CURRENT[flow].move(row.state, ask.yes)
    if move is None or not move.who.allows(person, row.case):
        return
    if ask.things:
        things: tuple[Thing, ...] = getattr(row.case, ask.things)
        for thing in things:
            if thing.state == ask.thing_state:
                yield Pending(ask, row, thing.id, thing.told)
    elif ready(ask, row.case):
        yield Pending(ask, row)


def ready(ask: Ask, case: CaseFile) -> bool:
    """Whether it is this question's turn; what others must do first is no question to an approver yet.

    After a hearing the file is reviewed again before anybody decides, and a statement is answered first.
    """
    heard = case.hearing is not None and case.hearing.ended_as == "held"
    again = (
        case.review is None or not case.review.counts or (heard and not case.review.after_hearing)
    )
    if ask.yes == "decide":
        return not again and all(s.reply for s in case.statements)
    if ask.yes == "submit_final_review":
        return again
    if ask.yes == "close":
        return next_verbs(case, S.IN_EFFECT.value)[0] == "close"
    if ask.yes == "close_without_penalty":
        return any(s.document == "不予行政处罚决定书" for s in case.services)
    return True
