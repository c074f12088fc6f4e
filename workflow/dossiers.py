"""案卷评查 — dossiers drawn at random by a seed that is stated, and the score sheets that are kept of them.

A case is never altered by this. A draw keeps its seed, out of what it drew and how, so that anybody can draw
again: the rank of a case is the SHA-256 of `seed LF office LF ordinal`, and the lowest are drawn.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies import scoring
from policies.office import Person
from policies.scoring import Lost, Seen
from states.case import FLOWS
from workflow import models
from workflow.database import reading
from workflow.errors import FieldError, Malformed, NotFound
from workflow.findings import DEFECTS
from workflow.program import Bureau, Fashen
from workflow.sight import Sight

_C, _F = models.cases.c, models.finding.c
_DR, _S = models.dossier_draw.c, models.dossier_score.c

METHOD = "sha256-lowest/1"
MOST = 200

FINISHED = ("closed", "archived")
"""States of a case whose dossier can be looked at as a whole."""

Place = tuple[str, int]
"""A case as offices number them: office and ordinal. An id would do, but nobody could write it down."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A sample with all that is needed to draw it again. `population` is stratum → office → ranges of ordinals."""

    id: str
    offices: tuple[str, ...]
    since: date
    until: date
    per_procedure: bool
    wanted: int
    seed: str
    method: str
    population: Mapping[str, Mapping[str, str]]
    drawn: tuple[Place, ...]
    by: str
    at: datetime

    @property
    def size(self) -> int:
        return sum(len(unpacked(r)) for found in self.population.values() for r in found.values())

    def again(self) -> tuple[Place, ...]:
        """The same draw, made anew out of what was kept."""
        strata = {
            name: [(office, n) for office, ranges in found.items() for n in unpacked(ranges)]
            for name, found in self.population.items()
        }
        return draw(strata, self.seed, self.wanted)


def rank(seed: str, place: Place) -> str:
    return hashlib.sha256(f"{seed}\n{place[0]}\n{place[1]}".encode()).hexdigest()


def draw(strata: Mapping[str, Iterable[Place]], seed: str, wanted: int) -> tuple[Place, ...]:
    """So many places out of the strata, of each in proportion to its size and of none fewer than one."""
    found = {name: sorted(places, key=lambda p: rank(seed, p)) for name, places in strata.items()}
    shares = share({name: len(places) for name, places in found.items()}, wanted)
    return tuple(sorted(p for name, places in found.items() for p in places[: shares[name]]))


def share(sizes: Mapping[str, int], wanted: int) -> dict[str, int]:
    """Largest remainders; a stratum that is not empty gets one as long as there are enough to go round."""
    total = sum(sizes.values())
    wanted = min(wanted, total)
    exact = {name: wanted * n / total if total else 0.0 for name, n in sizes.items()}
    given = {name: int(x) for name, x in exact.items()}
    order = sorted(sizes, key=lambda name: (-(exact[name] - given[name]), name))
    for name in (order * 2)[: wanted - sum(given.values())]:
        given[name] += 1
    for name in sorted(sizes):
        richest = max(given, key=lambda n: (given[n], n), default="")
        if sizes[name] and not given[name] and given.get(richest, 0) > 1:
            given[name] += 1
            given[richest] -= 1
    return given


def packed(ordinals: Iterable[int]) -> str:
    """1-40,42: how a population is kept."""
    ranges: list[list[int]] = []
    for n in sorted(ordinals):
        if ranges and n == ranges[-1][1] + 1:
            ranges[-1][1] = n
        else:
            ranges.append([n, n])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in ranges)


def unpacked(ranges: str) -> list[int]:
    found: list[int] = []
    for part in filter(None, ranges.split(",")):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def make_draw(
    fashen: Fashen,
    seen: Sight,
    person: Person,
    *,
    offices: tuple[str, ...],
    since: date,
    until: date,
    wanted: int,
    per_procedure: bool,
    seed: str = "",
) -> Draw:
    """Draw among the finished cases that were decided in these days, and keep how it was done."""
    if not 1 <= wanted <= MOST:
        raise Malformed("抽查卷宗", [FieldError("wanted", f"一次抽 1 至 {MOST} 卷，请改正")])
    if until < since:
        raise Malformed("抽查卷宗", [FieldError("until", "截止日期早于起始日期，请改正")])
    if len(seed) > 80 or not seed.isprintable():
        raise Malformed("抽查卷宗", [FieldError("seed", "种子最多 80 个字符，不能换行")])
    mine = tuple(o for o in offices if o in seen.ids)
    with reading(fashen.engine) as tx:
        strata = _population(tx, mine, since, until, per_procedure)
    if not strata:
        said = "这段时间没有已结案的处罚决定，没有可以抽查的卷宗；请放宽日期或者换一个机关"
        raise Malformed("抽查卷宗", [FieldError("since", said)])
    seed = seed or secrets.token_hex(8)
    drawn = draw(
        {name: [(o, n) for o, ns in found.items() for n in ns] for name, found in strata.items()},
        seed,
        wanted,
    )
    kept = {name: {o: packed(ns) for o, ns in found.items()} for name, found in strata.items()}
    made = Draw(
        fashen.new_id(), mine, since, until, per_procedure, wanted, seed, METHOD, kept, drawn,
        person.name, fashen.clock(),
    )  # fmt: skip
    with fashen.engine.begin() as tx:
        tx.execute(
            models.dossier_draw.insert(),
            {
                "id": made.id, "office_id": seen.ids[0], "offices": json.dumps(mine), "since": since,
                "until": until, "per_procedure": per_procedure, "wanted": wanted, "seed": seed,
                "method": METHOD, "population": json.dumps(kept, ensure_ascii=False),
                "drawn": json.dumps(drawn), "drawn_by": person.id, "drawn_by_name": person.name,
                "drawn_at": made.at,
            },
        )  # fmt: skip
    return made


def _population(
    tx: Connection, offices: tuple[str, ...], since: date, until: date, per_procedure: bool
) -> dict[str, dict[str, list[int]]]:
    rows = tx.execute(
        sa.select(_C.office_id, _C.ordinal, _C.flow)
        .join(models.finding, _F.case_id == _C.id)
        .where(
            _F.office_id.in_(offices),
            _F.kind == "decided",
            _F.on.between(since, until),
            _C.state.in_(FINISHED),
        )
    )
    found: dict[str, dict[str, list[int]]] = {}
    for office, ordinal, flow in rows:
        stratum = procedure(flow) if per_procedure else "全部"
        found.setdefault(stratum, {}).setdefault(office, []).append(ordinal)
    return found


def procedure(flow: str) -> str:
    return "简易程序" if FLOWS[flow].name == "summary" else "普通程序"


def draws(tx: Connection, office: str, limit: int = 50, offset: int = 0) -> list[Draw]:
    """What people of this office drew, the latest first."""
    rows = tx.execute(
        sa.select(models.dossier_draw)
        .where(_DR.office_id == office)
        .order_by(_DR.drawn_at.desc(), _DR.id)
        .limit(limit)
        .offset(offset)
    )
    return [_read(row) for row in rows.mappings()]


def count(tx: Connection, office: str) -> int:
    """How often they drew."""
    asked = sa.select(sa.func.count()).select_from(models.dossier_draw)
    return tx.scalar(asked.where(_DR.office_id == office)) or 0


def find(tx: Connection, seen: Sight, id: str) -> Draw:
    """A draw of one's own office; whom it was drawn from may no longer be seen."""
    made = draw_of(tx, seen.ids[0], id)
    if made is None or not set(made.offices) <= set(seen.ids):
        raise NotFound("没有这一次抽查，或者不在您监督的范围之内。")
    return made


def draw_of(tx: Connection, office: str, id: str) -> Draw | None:
    row = tx.execute(
        sa.select(models.dossier_draw).where(_DR.id == id, _DR.office_id == office)
    ).mappings().first()  # fmt: skip
    return _read(row) if row else None


def _read(row: Any) -> Draw:
    drawn = tuple((office, ordinal) for office, ordinal in json.loads(row["drawn"]))
    return Draw(
        row["id"], tuple(json.loads(row["offices"])), row["since"], row["until"], row["per_procedure"],
        row["wanted"], row["seed"], row["method"], json.loads(row["population"]), drawn,
        row["drawn_by_name"], row["drawn_at"],
    )  # fmt: skip


# — score sheets ——————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, slots=True)
class Sheet:
    """A saved score sheet; `version` is the step that the case had when it was scored."""

    round: int
    version: int
    lost: Mapping[str, Lost]
    total: int
    grade: str
    remark: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Dossier:
    """A drawn case with its latest sheet, if it has one."""

    case_id: str
    office: str
    ordinal: int
    number: str
    title: str
    procedure: str
    version: int
    sheet: Sheet | None


def dossiers(tx: Connection, made: Draw) -> list[Dossier]:
    """The cases of a draw in their order; one that has vanished since is missing here too."""
    by_office: dict[str, list[int]] = {}
    for office, ordinal in made.drawn:
        by_office.setdefault(office, []).append(ordinal)
    sheets = {
        row["case_id"]: _sheet(row)
        for row in tx.execute(
            sa.select(models.dossier_score).where(_S.draw_id == made.id).order_by(_S.round)
        ).mappings()
    }
    found = []
    for office, ordinals in by_office.items():
        rows = tx.execute(
            sa.select(_C.id, _C.ordinal, _C.number, _C.title, _C.flow, _C.version)
            .where(_C.office_id == office, _C.ordinal.in_(ordinals))
            .order_by(_C.ordinal)
        )
        found += [
            Dossier(r.id, office, r.ordinal, r.number, r.title, procedure(r.flow), r.version, sheets.get(r.id))
            for r in rows
        ]  # fmt: skip
    return found


def _sheet(row: Any) -> Sheet:
    lost = {id: Lost(**x) for id, x in json.loads(row["lost"]).items()}
    return Sheet(
        row["round"], row["version"], lost, row["total"], row["grade"], row["remark"],
        row["scored_by_name"], row["scored_at"],
    )  # fmt: skip


def seen_by_machine(tx: Connection, office: str, case_id: str) -> list[Seen]:
    """What stands in the findings of a case."""
    rows = tx.execute(
        sa.select(_F.key, _F.reason, _F.cite)
        .where(_F.office_id == office, _F.case_id == case_id, _F.kind.in_(DEFECTS))
        .order_by(_F.seq, _F.key)
    )
    return [Seen(r.key, r.reason, r.cite) for r in rows]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From how many points on a dossier is 优秀 or 合格, and whether somebody confirmed it."""

    excellent: int
    passing: int
    confirmed: bool
    source: str


def thresholds(bureau: Bureau, day: date) -> Thresholds:
    law = bureau.law.on(day)
    high, low = law["dossier.grade.excellent"], law["dossier.grade.pass"]
    return Thresholds(
        int(high.value), int(low.value), high.confirmed and low.confirmed, high.source
    )


def _amiss(id: str, lost: Lost) -> str:
    """What is wrong with one line of a sheet; nothing where it is right."""
    item = scoring.BY_ID.get(id)
    if item is None:
        return f"评查表没有“{id[:40]}”这一项，可用：{'、'.join(scoring.BY_ID)}"
    if item.voids and lost.points not in (0, scoring.FULL):
        return f"“{item.title}”是否决项，扣 0 分或者 {scoring.FULL} 分"
    if not item.voids and not 0 <= lost.points <= item.points:
        return f"“{item.title}”扣 0 至 {item.points} 分"
    if lost.points and not lost.reason.strip():
        return f"“{item.title}”扣了分，请写明理由"
    return ""


def save_sheet(
    fashen: Fashen,
    home: Bureau,
    person: Person,
    made: Draw,
    dossier: Dossier,
    lost: Mapping[str, Lost],
    remark: str,
) -> Sheet:
    """Keep a sheet beside those before it; the case is not touched."""
    wrong = [FieldError(id, said) for id, x in lost.items() if (said := _amiss(id, x))]
    if wrong:
        raise Malformed("评分", wrong)
    kept = {id: x for id, x in lost.items() if x.points}
    rules = thresholds(home, fashen.clock().date())
    points = scoring.total(kept)
    sheet = Sheet(
        (dossier.sheet.round if dossier.sheet else 0) + 1, dossier.version, kept, points,
        scoring.grade(points, rules.excellent, rules.passing), remark, person.name, fashen.clock(),
    )  # fmt: skip
    with fashen.engine.begin() as tx:
        tx.execute(
            models.dossier_score.insert(),
            {
                "draw_id": made.id, "case_id": dossier.case_id, "round": sheet.round,
                "office_id": dossier.office, "version": sheet.version,
                "lost": json.dumps({id: asdict(x) for id, x in kept.items()}, ensure_ascii=False),
                "total": sheet.total, "grade": sheet.grade, "remark": remark, "scored_by": person.id,
                "scored_by_name": person.name, "scored_at": sheet.at,
            },
        )  # fmt: skip
    return sheet
