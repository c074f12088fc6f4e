"""待我审批 — what waits for the word of a head of the unit or of the office, and which words there are.

One row of `ASKS` is one kind of question: the verb that agrees, the verbs that send it back. A question about the
case is there when that verb is its next step (workflow/next_step.py), one about a thing beside it as long as the
case waits for it (workflow/waits.py). The verbs are those of the case's table; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.calendar import Calendar
from policies.office import Person
from states.case import CURRENT
from states.flow import Move
from workflow import models
from workflow.authority import behalves
from workflow.database import reading
from workflow.delegations import Delegation, not_over
from workflow.next_step import next_move
from workflow.program import Bureau, Fashen
from workflow.queries import Row, row_of
from workflow.reach import reaches, waiting
from workflow.times import beijing
from workflow.waits import waits

_C, _N = models.cases.c, models.case_line.c

PAGE = 25
"""Cases whose questions are looked at together; more than a day's work of any head."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One kind of question to an approver.

    `backs` say no or send back, `discuss` that it can go to a collective discussion.
    """

    yes: str
    question: str
    short: str
    backs: tuple[str, ...] = ()
    discuss: bool = False
    others: tuple[str, ...] = ()

    @property
    def beside(self) -> bool:
        """Whether it is about a thing beside the case, and not about the case itself."""
        return bool(CURRENT["ordinary"].verbs[self.yes].beside)


ASKS: Mapping[str, Ask] = {
    ask.yes: ask
    for ask in (
        Ask("approve_filing", "同意立案？", "立案", ("return_filing", "decline_filing")),
        Ask("submit_review", "同意送法制审核？", "送法制审核", ("return_to_officers",)),
        Ask("submit_final_review", "同意再次送法制审核？", "再次送审", ("reopen_investigation",)),
        Ask("decide", "同意作出处罚决定？", "作出处罚决定", ("reopen_investigation",),
            discuss=True, others=("decide_no_penalty",)),
        Ask("approve_transfer", "同意移送公安机关？", "移送公安机关", ("refuse_transfer",)),
        Ask("close_without_penalty", "同意结案？", "不予处罚结案"),
        Ask("close", "同意结案？", "结案"),
        Ask("approve_measure", "同意补办强制措施的批准？", "补办措施批准"),
        Ask("grant_extension", "同意延长办案期限？", "延期", ("refuse_extension",)),
        Ask("grant_deferral", "同意暂缓、分期缴纳？", "暂缓、分期", ("refuse_deferral",)),
        Ask("grant_recusal", "决定回避？", "回避", ("refuse_recusal",)),
    )
}  # fmt: skip
"""Questions by the verb that agrees, in the order in which a case meets them."""


APPROVERS = frozenset({"unit_head", "head", "deputy_head"})

ON_A_FORM = frozenset(
    verb
    for flow in CURRENT.values()
    for verb, move in flow.verbs.items()
    if move.who.roles <= APPROVERS and verb not in ASKS
)
"""What only approvers do and is no question of yes or no: it has a form of its own."""


@dataclass(frozen=True, slots=True)
class Pending:
    """One question that waits for this person; `item` and `about` say which thing beside the case.

    `through` are those for whom they may answer it as their delegate; nobody where it is their own.
    """

    ask: Ask
    row: Row
    through: tuple[str, ...] = ()
    item: str = ""
    about: str = ""

    @property
    def path(self) -> str:
        where = f"/cases/{self.row.id}/approve/{self.ask.yes}"
        return f"{where}?item={self.item}" if self.item else where


def pending(
    fashen: Fashen, office: str, person: Person, *, limit: int = PAGE, offset: int = 0
) -> tuple[list[Pending], int]:
    """What waits for this person's word, their own or a principal's, what runs out first before the rest.

    The questions of so many cases, and how many cases there are in all.
    """
    with reading(fashen.engine) as tx:
        signer = _signer(fashen, tx, office, person)
        reach = [one.only(ASKS) for one in reaches(tx, signer.bureau, person, fashen.clock())]
        theirs = waiting(tx, reach, office, signer.at.date())
        total = tx.scalar(sa.select(sa.func.count()).select_from(models.case_line).where(theirs))
        chosen = (
            sa.select(models.cases)
            .join(models.case_line, _N.case_id == _C.id)
            .where(theirs)
            .order_by(_N.due_on.is_(None), _N.due_on, _N.moved_at, _N.case_id)
        )
        rows = tx.execute(chosen.limit(limit).offset(offset)).mappings().all()
    found = []
    for row in rows:
        shown = row_of(fashen, signer.bureau, dict(row))
        found += list(_questions(shown, signer))
    return found, total or 0


@dataclass(frozen=True, slots=True)
class _Signer:
    """Who is asked, now, and what was delegated to them."""

    bureau: Bureau
    calendar: Calendar
    person: Person
    at: datetime
    given: tuple[Delegation, ...]

    def through(self, move: Move, row: Row) -> tuple[str, ...] | None:
        """For whom this person may make this move: nobody where it is their own, None where they may not."""
        if move.who.allows(self.person, row.case):
            return ()
        office = self.bureau.office
        able = behalves(self.given, move, self.person, row.case, row.id, office, self.at)
        return tuple(b.principal.name for b in able) or None


def _signer(fashen: Fashen, tx: Connection, office: str, person: Person) -> _Signer:
    at = fashen.clock()
    given = not_over(tx, office, beijing(at).date())
    mine = tuple(d for d in given if d.delegate == person.id and d.runs_at(at))
    return _Signer(fashen.bureau(tx, office), fashen.calendar, person, beijing(at), mine)


def _questions(row: Row, signer: _Signer) -> Iterator[Pending]:
    main = next_move(row.case, row.state, row.flow)
    also = waits(row.case, row.state, row.flow, signer.bureau.office, signer.calendar)
    for ask in ASKS.values():
        move = CURRENT[row.flow].move(row.state, ask.yes)
        through = signer.through(move, row) if move else None
        if through is None:
            continue
        if ask.beside:
            found = [wait for wait in also if wait.verb == ask.yes]
            yield from (Pending(ask, row, through, wait.item, wait.about) for wait in found)
        elif move is main:
            yield Pending(ask, row, through)


def ready(ask: Ask, row: Row) -> bool:
    """Whether it is this question's turn; what others must do first is no question to an approver yet.

    After a hearing the file is reviewed again before anybody decides, and a statement is answered first.
    """
    main = next_move(row.case, row.state, row.flow)
    return ask.beside or (main is not None and main.verb == ask.yes)
