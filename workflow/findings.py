"""督察台账 — what a ledger entry owes an explanation for, as rows that a supervisor can search.

Everything is read from the entry and the document before it, so that the rows can be made again from the
ledger at any time, and whoever edits one is found out (`oracle.beside.findings`).

failed 不符合，作为不合规情况登记 · warned 提示，写明理由后办理 · late_end 期限届满之后才办结 · irregular 不合规登记 ·
card 摘牌 · order 督办 · late 补录 · decided 作出决定（案由和罚款，供统计）
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from states.flow import kind_of
from states.terms import TERMS
from workflow import models
from workflow.database import Plain
from workflow.record import apply

DEFECTS = ("failed", "warned", "late_end")
"""What stands on the red list; the other kinds are for the trail and for the counts."""

_NO_BREACH = {"未载明", "无法判断"}
"""Where a published text or our register is silent, nobody has broken a rule."""

_TOLD_BY = {
    "decision": "decision.within_time",
    "service": "service.in_time",
    "lead_check": "filing.check_in_time",
    "supervision": "supervision.answered_in_time",
    "remedy_answer": "remedy.answered_in_time",
    "transfer_decision": "transfer.decided_in_time",
    "transfer_hand_over": "transfer.handed_over_in_time",
    "registration": "measure.ended_in_time",
    "seizure": "measure.ended_in_time",
    "withdrawal": "publication.withdrawn_in_time",
    "summary_report": "summary.reported_in_time",
    "court_window": "enforcement.window_kept",
}
"""Clock → the rule that says the same of its end; what it says is not said twice."""

Row = dict[str, Any]

INSERT = Plain(models.finding.insert())


def rows(entry: Mapping[str, Any], was: Mapping[str, Any]) -> Iterator[Row]:
    """The rows of one entry; `was` is the case's document before it."""
    at, entered = (datetime.fromisoformat(entry[k]).date() for k in ("at", "entered"))
    common = {
        "case_id": entry["case"], "seq": entry["seq"], "office_id": entry["office"],
        "on": at, "verb": entry["verb"], "person_id": entry["by"]["id"], "person": entry["by"]["name"],
    }  # fmt: skip
    account = entry.get("irregular", "")
    said = [_failed(f, account) for f in _breaches(entry)]
    said += [
        {"kind": "warned", **_words(f), "excuse": f.get("excuse", "") or account}
        for f in entry.get("findings", {}).get("warned", ())
        if f.get("doubt") not in _NO_BREACH
    ]
    named = {row["key"] for row in said}
    said += [row for row in _late_ends(entry, was, at) if _TOLD_BY.get(row["key"]) not in named]
    if account:
        said.append({"kind": "irregular", "excuse": account})
    if entered != at:
        said.append({"kind": "late", "reason": f"{at} 办理，{entered} 录入"})
    said += [*_cards(entry), *_orders(entry), *_decisions(entry, was)]
    blank = {"key": "", "rule": "", "cite": "", "reason": "", "excuse": "", "cents": None}
    yield from ({**common, **blank, **row} for row in said)


def _failed(finding: Mapping[str, Any], account: str) -> Row:
    return {"kind": "failed", **_words(finding), "excuse": account}


def _breaches(entry: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What failed, and what a person judged not to hold: that, the mark of the irregular act names."""
    found = entry.get("findings", {})
    yield from (f for f in found.get("failed", ()) if f.get("doubt") not in _NO_BREACH)
    marks = _written(entry, "irregularities")
    broken = {rule for mark in marks for rule in mark.get("rules", ())}
    yield from (f for f in found.get("judged", ()) if f["id"] in broken)


def _words(finding: Mapping[str, Any]) -> Row:
    return {
        "key": finding["id"],
        "rule": finding.get("rule", ""),
        "cite": finding.get("cite", "")[:300],
        "reason": finding.get("reason", ""),
    }


def _written(entry: Mapping[str, Any], name: str) -> list[Any]:
    """What the entry added to a list of the document, or wrote in its place."""
    found: list[Any] = []
    for operation in entry["change"]:
        steps = operation["path"].split("/")[1:]
        if steps[0] != name or len(steps) > 2 or operation["op"] == "remove":
            continue
        value = operation["value"]
        found += value if isinstance(value, list) else [value]
    return found


def _late_ends(entry: Mapping[str, Any], was: Mapping[str, Any], at: date) -> Iterator[Row]:
    """Clocks that this step stopped after they had run out; a window that lapses is no delay."""
    for operation in entry["change"]:
        steps = operation["path"].split("/")[1:]
        if operation["op"] != "remove" or steps[0] != "clocks" or len(steps) != 2:
            continue
        name = steps[1].replace("~1", "/").replace("~0", "~")
        term, clock = TERMS[kind_of(name)], was["clocks"][name]
        ends = date.fromisoformat(max(clock["ends"], clock["rolled"] if term.disputed else ""))
        if not term.on_lapse and at > ends:
            reason = (
                f"“{term.label}”的期限到 {ends} 届满，{at} 才办结，超 {(at - ends).days} 个自然日"
            )
            yield {"kind": "late_end", "key": kind_of(name), "reason": reason}


def _cards(entry: Mapping[str, Any]) -> Iterator[Row]:
    for down in _written(entry, "cards_taken_down"):
        colour = {"red": "红牌", "yellow": "黄牌"}[down["stage"]]
        label = TERMS[kind_of(down["clock"])].label
        reason = f"{colour}：{label}，{down['ends']} 届满"
        yield {"kind": "card", "key": kind_of(down["clock"]), "reason": reason,
               "excuse": down["reason"]}  # fmt: skip


def _orders(entry: Mapping[str, Any]) -> Iterator[Row]:
    if entry["verb"] == "open_supervision":
        for paper in _written(entry, "supervisions"):
            yield {"kind": "order", "key": paper["id"], "reason": paper["content"]}


def _decisions(entry: Mapping[str, Any], was: Mapping[str, Any]) -> Iterator[Row]:
    made = [o for o in entry["change"] if o["path"] == "/decision" and o["op"] != "remove"]
    if not made or was.get("decision"):
        return
    told = made[-1]["value"]
    # A fine of 0 stands there, one that a published text does not tell is absent.
    cents = int(Decimal(told["fine"]) * 100) if told.get("fine") else None
    power = next(
        (o["value"] for o in entry["change"] if o["path"] == "/power"), was.get("power", "")
    )
    yield {"kind": "decided", "key": power, "on": date.fromisoformat(told["date"]), "cents": cents}


def newest(
    offices: Sequence[str], kinds: Sequence[str], where: Sequence[sa.ColumnElement[bool]], most: int
) -> sa.Subquery:
    """The newest rows of these offices and kinds, at most so many of each, to be ordered once more together.

    Each part is read off the end of the index; one question for all would sort every row of the years.
    """
    f = models.finding.c
    parts = [
        sa.select(
            sa.select(models.finding)
            .where(f.office_id == office, f.kind == kind, *where)
            .order_by(f.on.desc(), f.case_id.desc(), f.seq.desc(), f.key.desc())
            .limit(most)
            .subquery()
        )
        for office in offices
        for kind in kinds
    ]
    if not parts:
        return sa.select(models.finding).where(sa.false()).subquery()
    return sa.union_all(*parts).subquery()


def of_ledger(entries: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """The rows of one whole case; its entries in order, as they were written."""
    document: dict[str, Any] = {}
    for entry in entries:
        yield from rows(entry, document)
        document = apply(document, entry["change"])


def rebuild(tx: Connection) -> int:
    """Make all rows anew from the ledger; returns how many there are."""
    tx.execute(models.finding.delete())
    made = 0
    for found in from_ledger(tx):
        if found:
            tx.execute(models.finding.insert(), found)
            made += len(found)
    return made


def from_ledger(tx: Connection) -> Iterator[list[Row]]:
    """The rows that the ledger of each case gives, case by case; none where it cannot be read."""
    e = models.ledger.c
    stored = tx.execute(sa.select(e.case_id, e.body).order_by(e.case_id, e.seq)).yield_per(2_000)
    for _, group in itertools.groupby(stored, key=lambda r: r.case_id):
        bodies = [r.body for r in group]
        try:
            yield list(of_ledger(json.loads(body) for body in bodies))
        except (ValueError, KeyError, IndexError, TypeError, AttributeError):
            continue  # `record.verify` says so
