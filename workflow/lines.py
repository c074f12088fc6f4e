"""案件行 — what the workbench shows, sorts and searches of a case, kept beside it in the same transaction.

`line_of` is pure: the case's row, its document and the office's alerts in, one row of `case_line` out. Who
took part stands in `case_person`, for whom the case waits besides its next step in `case_wait`. All are made
again from case and ledger by `rebuild`, and the oracle holds them against that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.calendar import Calendar
from policies.casefile import CaseFile
from policies.document import Thing
from policies.facts import canonical
from policies.office import Office
from states.case import FLOWS
from states.flow import Move, kind_of
from states.terms import TERMS
from workflow import models
from workflow.database import Plain, Together, insert_or_update
from workflow.next_step import chair_name, lacking, next_move, wanted
from workflow.search_words import words_of
from workflow.waits import Wait, about, waits

Values = Mapping[str, Any]
Fields = dict[str, Any]

_P = models.case_person.c

_OF_A_CASE = [
    models.cases.c[name]
    for name in (
        "id", "office_id", "ordinal", "flow", "state", "version", "number", "party_name", "title",
        "opened_at", "moved_at", "doc",
    )
]  # fmt: skip
"""What a line is made of, by name: an old database has no column that came later."""

AT_ONCE = 1000
"""Cases that `rebuild` holds at one time."""

NO_DAY = date(9999, 12, 31)
"""The day of a paper that names none; it sorts last."""

_LINE = Plain(insert_or_update(models.case_line))
_DID = Plain(insert_or_update(models.case_person))
_PART = Plain(insert_or_update(models.case_person, ("part",)))
_WAIT = Plain(insert_or_update(models.case_wait, ("from_on",)))
_NO_WAIT = Plain(
    models.case_wait.delete().where(
        *(
            models.case_wait.c[name] == sa.bindparam(name)
            for name in ("case_id", "verb", "item", "mark")
        )
    )
)


def line_of(row: Values, case: CaseFile, office: Office, calendar: Calendar) -> Fields:
    """The row of one case. `row` is the case's own: id, office, flow, state, number, party, title, moments."""
    flow = FLOWS[row["flow"]].name
    move = next_move(case, row["state"], flow)
    also = waits(case, row["state"], flow, office, calendar)
    warned, red = _cards(case, office, calendar)
    ends = {name: c.ends for name, c in case.clocks.items() if not TERMS[kind_of(name)].on_lapse}
    return {
        "case_id": row["id"],
        "office_id": row["office_id"],
        "ordinal": row["ordinal"],
        "flow": flow,
        "state": row["state"],
        "number": row["number"],
        "party": row["party_name"],
        "title": row["title"],
        "opened_at": row["opened_at"],
        "moved_at": row["moved_at"],
        "next_verb": move.verb if move else "",
        "waits_for": "".join(f"|{mark}" for mark in wanted(move, case)) + "|" if move else "",
        "due_on": min(ends.values(), default=None),
        "warned_on": warned,
        "red_on": red,
        "publish_by": ends.get("publication"),
        "decided_on": case.decision.date if case.decision else None,
        "supervised_by": _supervised_by(case),
        "review": review_of(case, row["state"], flow),
        "publication": publication_of(case),
        "words": words_of(case, row["number"], row["party_name"], row["title"]),
        "shown": canonical(_shown(row, case, move, also)),
    }


def _shown(row: Values, case: CaseFile, move: Move | None, also: Iterable[Wait]) -> Fields:
    """What is only shown: nothing is searched or sorted by it."""
    return {
        "version": row["version"],
        "officers": list(case.officers),
        "chair": chair_name(move, case) if move else "",
        "items": {w.item: w.about for w in also if w.item},
        "lacking": list(lacking(case, row["state"], move.verb if move else "")),
        "irregular": bool(case.irregularities),
        "citizen": case.party is not None and case.party.name.startswith("sealed:"),
        "clocks": {name: clock.model_dump(mode="json") for name, clock in case.clocks.items()},
        "about": {name: told for name in case.clocks if (told := _about(name, case))},
        "down": [
            [name, stage]
            for name in case.clocks
            for stage in ("yellow", "red")
            if case.taken_down(name, stage)
        ],
        "supervisions": [
            {
                "told": paper.told,
                "sender": paper.sender,
                "due": clock.ends.isoformat() if clock else str(paper.due or ""),
                "answered_on": str(paper.answered_on or ""),
            }
            for paper in case.supervisions
            for clock in [case.clocks.get(f"supervision:{paper.id}")]
        ],
    }


def _about(clock: str, case: CaseFile) -> str:
    """（m2：水泥二十袋）: which thing of the case a clock is about."""
    of = clock.partition(":")[2]
    things: tuple[Thing, ...] = (
        *case.measures, *case.remedies, *case.enforcements, *case.supervisions,
    )  # fmt: skip
    thing = next((t for t in things if t.id == of), None) if of else None
    return f"（{of}：{about(thing)}）" if thing else ""


def _cards(case: CaseFile, office: Office, calendar: Calendar) -> tuple[date | None, date | None]:
    """The days from which any card and a red card hang on the case, as its clocks now run."""
    any_: list[date] = []
    red: list[date] = []
    for name, clock in case.clocks.items():
        term = TERMS[kind_of(name)]
        if term.on_lapse or case.taken_down(name, "red"):
            continue
        for stage, day in term.stages(clock.ends, clock.rolled, calendar, office.alerts):
            if stage == "red":
                red.append(day)
            if stage == "red" or (stage == "yellow" and not case.taken_down(name, "yellow")):
                any_.append(day)
    return min(any_, default=None), min(red, default=None)


def _supervised_by(case: CaseFile) -> date | None:
    """By when the first unanswered paper of a supervisor must be answered."""
    days = [
        clock.ends if (clock := case.clocks.get(f"supervision:{p.id}")) else p.due or NO_DAY
        for p in case.supervisions
        if p.answered_on is None
    ]
    return min(days, default=None)


# — words ——————————————————————————————————————————————————————————————————————————————————


def review_of(case: CaseFile, state: str, flow: str) -> str:
    """未送, 审核中, 退回 n 次, 通过: how far the legal review is; `flow` is the name of the case's table."""
    returned = sum(1 for r in case.reviews if not r.passed)
    if flow == "summary":
        return "不需要"
    if state == "under_review":
        return f"审核中（第 {len(case.submissions)} 次送审）"
    if case.review is None:
        return "未送"
    if case.review.withdrawn_at:
        return "通过已撤回"
    if case.review.passed:
        return "通过"
    return f"退回 {returned} 次"


def publication_of(case: CaseFile) -> str:
    """未到期, 待审查, 待回执, 已回执 …: how far the publication is."""
    choice = case.publication
    if choice is None:
        return "未到期" if case.decision is None else "未选择"
    if not choice.publish:
        return "不公示"
    if choice.over:
        down = "已撤回" if choice.withdrawn_on else "已停止"
        return f"{down}，平台未下架" if choice.still_up else down
    if choice.awaits_review:
        return "待审查"
    return "待回执" if choice.unanswered else "已回执"


def part_of(case: CaseFile, person: str) -> str:
    """What a person has to do with a case beyond the steps they took: `officer`, `given`, or nothing."""
    if person in case.officers:
        return "officer"
    return "given" if person in _given(case) else ""


def _given(case: CaseFile) -> set[str]:
    """People to whom a case was given: reviewer, chair of the hearing, who sat in the discussion, counsel asked."""
    chair = {case.hearing.chair} if case.hearing else set()
    sat = set(case.discussion.attendees) if case.discussion else set()
    advising = {c.counsel for c in case.consultations if c.withdrawn_on is None}
    return ({case.reviewer} | chair | sat | advising) - {""}


def _people(case: CaseFile) -> set[str]:
    return set(case.officers) | _given(case)


# — writing ———————————————————————————————————————————————————————————————————————————————


def put(
    writes: Together,
    line: Fields,
    was: CaseFile,
    case: CaseFile,
    did: tuple[str, int, str, datetime],
) -> None:
    """Keep the line and who took part; `did` is the step: by whom, its number, verb and moment."""
    writes.add(_LINE, line)
    person, seq, verb, at = did
    changed = {p for p in _people(case) | _people(was) if part_of(case, p) != part_of(was, p)}
    office, id = line["office_id"], line["case_id"]
    for other in sorted(changed - {person}):
        writes.add(_PART, _person(office, id, other, part_of(case, other)))
    if person != "system":
        row = _person(office, id, person, part_of(case, person))
        writes.add(_DID, {**row, "seq": seq, "verb": verb, "at": at})


def put_waits(writes: Together, was: Sequence[Fields], now: Sequence[Fields]) -> None:
    """Keep for whom the case waits besides its next step; mostly there was nobody, and is nobody."""
    keys = {_key(row) for row in now}
    writes.add(_NO_WAIT, *(dict(_key(row)) for row in was if _key(row) not in keys))
    writes.add(_WAIT, *now)


def _key(row: Fields) -> tuple[tuple[str, Any], ...]:
    return tuple((name, row[name]) for name in ("case_id", "verb", "item", "mark"))


def waits_of(row: Values, case: CaseFile, office: Office, calendar: Calendar) -> list[Fields]:
    """The rows of `case_wait` of one case, of which `row` says where it is."""
    found = waits(case, row["state"], FLOWS[row["flow"]].name, office, calendar)
    return [
        {
            "case_id": row["id"], "verb": wait.verb, "item": wait.item, "mark": mark,
            "office_id": row["office_id"], "from_on": wait.from_on,
        }
        for wait in found
        for mark in wait.wanted
    ]  # fmt: skip


def _person(office: str, case_id: str, person: str, part: str) -> Fields:
    return {
        "case_id": case_id, "person_id": person, "office_id": office, "part": part,
        "seq": None, "verb": "", "at": None,
    }  # fmt: skip


# — making again ——————————————————————————————————————————————————————————————————————————


def people_of(row: Values, case: CaseFile, entries: Iterable[tuple[int, str]]) -> list[Fields]:
    """Who took part, from the case and its ledger: number and body of each entry in turn."""
    last: dict[str, Fields] = {}
    for seq, body in entries:
        entry = json.loads(body)
        at = datetime.fromisoformat(entry["entered"])
        last[entry["by"]["id"]] = {"seq": seq, "verb": entry["verb"], "at": at}
    last.pop("system", None)
    return [
        {
            **_person(row["office_id"], row["id"], person, part_of(case, person)),
            **last.get(person, {}),
        }
        for person in sorted(_people(case) | set(last))
    ]


def rebuild(tx: Connection, offices: Mapping[str, Office], calendar: Calendar) -> int:
    """Make every line, everybody's part and every wait anew, a thousand cases at a time; returns how many cases.

    Only the tables and columns that are there now are written, so that an old migration can call it.
    """
    seen = sa.inspect(tx)
    tables = [
        t
        for t in (models.case_line, models.case_person, models.case_wait)
        if seen.has_table(t.name)
    ]
    held = {t.name: {c["name"] for c in seen.get_columns(t.name)} for t in tables}
    for table in tables:
        tx.execute(table.delete())
    c, e = models.cases.c, models.ledger.c
    done, last = 0, ""
    while True:
        chosen = sa.select(*_OF_A_CASE).where(c.id > last).order_by(c.id).limit(AT_ONCE)
        rows = [dict(row) for row in tx.execute(chosen).mappings()]
        if not rows:
            return done
        last = rows[-1]["id"]
        bodies: dict[str, list[tuple[int, str]]] = {row["id"]: [] for row in rows}
        asked = sa.select(e.case_id, e.seq, e.body).where(e.case_id.in_(list(bodies)))
        for id, seq, body in tx.execute(asked.order_by(e.case_id, e.seq)):
            bodies[id].append((seq, body))
        made: tuple[list[Fields], ...] = ([], [], [])
        for row in rows:
            case = CaseFile.model_validate_json(row["doc"])
            made[0].append(line_of(row, case, offices[row["office_id"]], calendar))
            made[1].extend(people_of(row, case, bodies[row["id"]]))
            made[2].extend(waits_of(row, case, offices[row["office_id"]], calendar))
        for table, fresh in zip(tables, made, strict=False):
            kept = [{k: v for k, v in row.items() if k in held[table.name]} for row in fresh]
            if kept:
                tx.execute(table.insert(), kept)
        done += len(rows)


def refresh(tx: Connection, office: Office, calendar: Calendar) -> None:
    """Make the lines of an office's unfinished cases anew, when its file changed names or alerts."""
    c, n, w = models.cases.c, models.case_line.c, models.case_wait.c
    open_ = sa.or_(n.next_verb != "", n.due_on.is_not(None), n.case_id.in_(sa.select(w.case_id)))
    ids = (
        tx.execute(sa.select(n.case_id).where(n.office_id == office.office, open_)).scalars().all()
    )
    for start in range(0, len(ids), AT_ONCE):
        chosen = sa.select(models.cases).where(c.id.in_(ids[start : start + AT_ONCE]))
        for row in [dict(found) for found in tx.execute(chosen).mappings()]:
            case = CaseFile.model_validate_json(row["doc"])
            fields = line_of(row, case, office, calendar)
            tx.execute(models.case_line.update().where(n.case_id == row["id"]).values(fields))
            if also := waits_of(row, case, office, calendar):
                tx.execute(models.case_wait.delete().where(w.case_id == row["id"]))
                tx.execute(models.case_wait.insert(), also)
