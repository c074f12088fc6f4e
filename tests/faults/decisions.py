"""Many reviewed decisions that wait to be published, made from one lawful case by changing its names.

Each copy is whole: its own number, its own chain of ledger entries, the digest that its reviewer signed.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.casefile import CaseFile
from policies.facts import canonical
from policies.office import Office
from policies.publicity import Target
from tests.builders import a_case, office_at, sample_office, take
from workflow import lines, models, offices
from workflow.database import reading
from workflow.deliveries import drain
from workflow.program import Bureau, Fashen
from workflow.publication import board
from workflow.publication.notice import PublicNotice
from workflow.publication.record import outgoing
from workflow.record import GENESIS, seal_entry

NUMBER = "〕001号"


def published_at(platform: str) -> Office:
    """The sample office, publishing on one platform."""
    return sample_office().model_copy(update={"publication": Target(target=platform)})


def fill(fashen: Fashen, platform: str, count: int) -> None:
    """An empty database gets the office and so many decisions, of which nothing went out yet."""
    model, case = _model(platform)
    with reading(model.engine) as tx:
        tables = {t: [dict(r) for r in tx.execute(sa.select(t)).mappings()] for t in _TABLES}
        bureau = model.bureau(tx, sample_office().office)
    with fashen.engine.begin() as tx:
        for table, rows in tables.items():
            if table is models.cases or "case_id" in table.c:
                rows = [row for n in range(1, count + 1) for row in _copies(rows, case, n)]
            for row in rows:
                row.pop("id", None) if table in (
                    models.outbox,
                    models.inbox,
                    models.finding,
                ) else None
            if table is models.cases:
                digests = {row["id"]: _sign(row, bureau) for row in rows}
            elif table is models.ledger:
                _chain(rows, digests)
            elif table is models.office:
                rows = [row | {"cases_opened": count} for row in rows]
            if table is models.notice:
                for row in rows:  # its address is chosen by the board
                    told = PublicNotice.model_validate_json(row["body"])
                    board.put(tx, row["office_id"], row["case_id"], told)
            elif rows:
                tx.execute(table.insert(), rows)
        _heads(tx)
        lines.rebuild(tx, {bureau.office.office: bureau.office}, fashen.calendar)
    model.engine.dispose()


_TABLES = [
    models.office, models.office_version, models.cases, models.ledger, models.deadline, models.outbox,
    models.inbox, models.notice, models.identifier, models.document_number, models.precedent,
    models.finding,
]  # fmt: skip


def _model(platform: str) -> tuple[Fashen, str]:
    """One case in memory, reviewed, with nothing else undelivered."""
    fashen = office_at()
    offices.load(fashen, published_at(platform))
    case = a_case(fashen, after="choose_publication", publish=True)
    drain(fashen)
    take(fashen, "head", "review_publication", case)
    return fashen, case


def _copies(rows: list[dict[str, Any]], case: str, n: int) -> list[dict[str, Any]]:
    """The rows of one case under other names."""
    own = str(UUID(int=n))

    def other(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return (
            value.replace(case, own)
            .replace(NUMBER, f"〕{n:04d}号")
            .replace('"ordinal":1,', f'"ordinal":{n},')
        )

    made = [{name: other(value) for name, value in row.items()} for row in rows]
    return [row | {"ordinal": n} if "ordinal" in row else row for row in made]


def _sign(row: dict[str, Any], bureau: Bureau) -> tuple[str, str]:
    """The reviewer signs for what this copy would send: the old digest and the new."""
    doc = json.loads(row["doc"])
    old = doc["publication"]["digest"]
    new = outgoing(CaseFile.model_validate(doc), bureau.office, bureau.law).digest
    row["doc"] = row["doc"].replace(old, new)
    return old, new


def _chain(rows: list[dict[str, Any]], digests: dict[str, tuple[str, str]]) -> None:
    head: dict[str, str] = {}
    for row in sorted(rows, key=lambda r: (r["case_id"], r["seq"])):
        body = json.loads(row["body"].replace(*digests[row["case_id"]]))
        row["body"] = canonical(body)
        row["prev"] = head.get(row["case_id"], GENESIS)
        row["hash"] = head[row["case_id"]] = seal_entry(row["body"], row["prev"], body["alg"])


def _heads(tx: Connection) -> None:
    last = models.ledger.c
    heads = sa.select(last.hash).where(
        last.case_id == models.cases.c.id, last.seq == models.cases.c.version
    )
    tx.execute(models.cases.update().values(head=heads.scalar_subquery()))
