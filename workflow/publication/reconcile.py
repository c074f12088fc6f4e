"""对账 — the platform's own list laid beside what the office believes to be there, and the difference in words."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.casefile import CaseFile
from workflow import models
from workflow.database import reading
from workflow.errors import FashenError
from workflow.order import Order
from workflow.program import Fashen
from workflow.publication import lists, rows
from workflow.publication.lists import Line
from workflow.publication.rows import OPEN, Sent
from workflow.times import beijing
from workflow.work import perform

_P, _C = models.publication.c, models.cases.c

THERE = ("confirmed", "pending", *OPEN)
"""Rows that the platform has, or may have, by what the office knows."""

OWED = ("pending", *OPEN)
"""Rows whose receipt is still to come."""


@dataclass(frozen=True, slots=True)
class Ours:
    """The newest version of a decision on a platform, as the office sees it."""

    sent: Sent
    number: str
    party: str
    decided_on: str
    amount: str
    receipt: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one record, here and there."""

    number: str
    field: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What stands where. `twice` are numbers that the list has more than once, with how often."""

    platform: str
    here: int
    there: int
    both: tuple[str, ...]
    only_here: tuple[str, ...]
    only_there: tuple[str, ...]
    different: tuple[Difference, ...]
    twice: dict[str, int]
    settled: tuple[str, ...] = ()
    unsettled: dict[str, str] = field(default_factory=dict)

    @property
    def agrees(self) -> bool:
        return not (self.only_here or self.only_there or self.different or self.twice)

    @property
    def sentence(self) -> str:
        count = f"系统 {self.here} 件，平台 {self.there} 件"
        if self.agrees:
            return f"{count}，一致。"
        said = []
        if self.only_here:
            said.append(f"只在系统的 {len(self.only_here)} 件（{'、'.join(self.only_here)}）")
        if self.only_there:
            said.append(f"只在平台的 {len(self.only_there)} 件（{'、'.join(self.only_there)}）")
        if self.different:
            told = "、".join(
                f"{d.number} 的{d.field}：系统 {d.ours or '空'}，平台 {d.theirs or '空'}"
                for d in self.different
            )
            said.append(f"内容不一致（{told}）")
        if self.twice:
            told = "、".join(f"{number} {n} 条" for number, n in self.twice.items())
            said.append(f"平台上重复（{told}）")
        return f"{count}，差：{'；'.join(said)}。"

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "agrees": self.agrees, "sentence": self.sentence}


def compare(ours: Sequence[Ours], lines: Sequence[Line], platform: str) -> Comparison:
    """Lay the two beside each other by the number of the decision."""
    here = {lists.plain_number(o.number): o for o in ours}
    there: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        there[lists.plain_number(line.number)].append(line)
    both = [number for number in here if number in there]
    return Comparison(
        platform,
        len(here),
        len(lines),
        tuple(here[n].number for n in both),
        tuple(o.number for n, o in here.items() if n not in there),
        tuple(found[0].number for n, found in there.items() if n not in here),
        tuple(d for n in both for d in _differences(here[n], there[n][0])),
        {found[0].number: len(found) for found in there.values() if len(found) > 1},
    )


def _differences(ours: Ours, theirs: Line) -> list[Difference]:
    found = []
    for name, label, same in _COMPARED:
        mine, told = getattr(ours, name), getattr(theirs, name)
        if told is None or (name == "receipt" and not (mine and told)):
            continue  # the list does not tell it, or the receipt is what it is asked for
        if not same(mine, told):
            found.append(Difference(ours.number, label, mine, told))
    return found


def _alike(plain: Callable[[str], str]) -> Callable[[str, str], bool]:
    return lambda mine, told: plain(mine) == plain(told)


_COMPARED: tuple[tuple[str, str, Callable[[str, str], bool]], ...] = (
    ("party", "相对人名称", lists.same_name),
    ("decided_on", "决定日期", _alike(lists.plain_date)),
    ("amount", "罚款金额（万元）", _alike(lists.plain_amount)),
    ("receipt", "回执", _alike(str.strip)),
)


# — what the office believes ——————————————————————————————————————————————————————————————


def ours(fashen: Fashen, office: str, platform: str) -> list[Ours]:
    """What the platform should have, by number."""
    with reading(fashen.engine) as tx:
        found = _newest(tx, office, platform)
    return [one for one in found if one.sent.state in THERE]


def _newest(tx: Connection, office: str, platform: str) -> list[Ours]:
    wanted = (
        sa.select(models.publication, _C.doc)
        .join(models.cases, _C.id == _P.case_id)
        .where(_P.office_id == office, _P.platform == platform, _P.state != "cancelled")
        .order_by(_P.case_id, _P.version)
    )
    newest: dict[str, Ours] = {}
    for row in tx.execute(wanted):
        sent = rows.read(row)
        choice = CaseFile.model_validate_json(row.doc).publication
        told = choice and choice.answer_of(platform, sent.version)
        receipt = told.receipt if told else sent.receipt
        earlier = newest.get(sent.case)
        if sent.state in rows.NEVER_SENT and earlier:
            continue  # until it goes out, the platform shows the version before
        if told and told.withdrawn_on:
            newest.pop(sent.case, None)
            continue
        newest[sent.case] = _told(sent, receipt)
    return sorted(newest.values(), key=lambda one: one.number)


def _told(sent: Sent, receipt: str) -> Ours:
    body = json.loads(sent.body) if sent.body else {}
    fields = body.get("fields", {})
    return Ours(
        sent,
        body.get("number") or sent.key.partition("-")[2],
        fields.get("CF_XDR_MC", ""),
        fields.get("CF_JDRQ", ""),
        fields.get("CF_NR_FK", ""),
        receipt,
    )


# — receipts from the list ————————————————————————————————————————————————————————————————


def settle(
    fashen: Fashen, office: str, platform: str, lines: Sequence[Line], *, by: str
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Take the receipts that were still to come into their cases, in the name of a person.

    Only from a line that stands there once and differs in nothing. Returns the numbers that were settled,
    and of the others that could have been, why not.
    """
    times = Counter(lists.plain_number(line.number) for line in lines)
    told = {lists.plain_number(line.number): line for line in lines}
    done, not_done = [], {}
    for one in ours(fashen, office, platform):
        number = lists.plain_number(one.number)
        line = told.get(number)
        if one.sent.state not in OWED or line is None:
            continue
        if times[number] > 1:
            not_done[one.number] = f"清单上有 {times[number]} 条"
        elif differ := _differences(one, line):
            not_done[one.number] = "、".join(d.field for d in differ) + "不一致"
        elif not line.receipt and not one.receipt:
            not_done[one.number] = "清单上没有回执"
        else:
            try:
                _take(fashen, office, one, line, by)
            except FashenError as no:
                not_done[one.number] = str(no)
            else:
                done.append(one.number)
    return tuple(done), not_done


def _take(fashen: Fashen, office: str, one: Ours, line: Line, by: str) -> None:
    receipt = one.receipt or line.receipt or ""
    today = beijing(fashen.clock()).date().isoformat()
    on = lists.plain_date(line.on or "")
    if not one.receipt:
        form = {
            "platform": one.sent.platform,
            "version": one.sent.version,
            "receipt": receipt,
            "published_on": on if "2000-01-01" <= on <= today else today,
        }
        perform(fashen, Order(office, by, "record_publication", form, case=one.sent.case))
    with fashen.engine.begin() as tx:
        now = fashen.now(tx)
        rows.mark(tx, one.sent, "confirmed", receipt=receipt, published_at=now, error=None)
