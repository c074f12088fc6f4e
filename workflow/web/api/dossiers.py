"""案卷评查 — draw dossiers by a seed, read what the machine says of each, keep a score sheet; no case is changed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import Field

from policies import scoring
from policies.scoring import Lost
from workflow import dossiers, sight
from workflow.database import reading
from workflow.dossiers import Dossier, Draw
from workflow.errors import NotFound
from workflow.forms import Day, Form, Line, OptionalLine, OptionalLines
from workflow.sight import Sight
from workflow.times import beijing
from workflow.web.api.bodies import Body, read_form
from workflow.web.api.calling import Caller, Who
from workflow.web.api.openapi import ALWAYS, responses, writing
from workflow.web.api.paging import Asked, page
from workflow.web.api.supervision import Seen, of_these

router = APIRouter(prefix="/supervision", responses=ALWAYS, tags=["supervision"])


class Drawing(Form):
    """What to draw from, and how many."""

    office: OptionalLine = Field(default="", description="哪个机关；空为看得到的全部")
    since: Day = Field(description="决定日期自")
    until: Day = Field(description="决定日期至")
    wanted: int = Field(ge=1, le=dossiers.MOST, description="抽几卷")
    per_procedure: bool = Field(default=True, description="普通程序、简易程序按比例各抽")
    seed: OptionalLine = Field(default="", max_length=80, description="种子；空为随机")


class Points(Form):
    """What one item of the sheet lost."""

    points: int = Field(ge=0, le=scoring.FULL, description="扣几分；否决项写 100")
    reason: OptionalLines = Field(default="", max_length=1000, description="扣分的理由")


class Scored(Form):
    """A filled-in score sheet."""

    lost: dict[Line, Points] = Field(
        default_factory=dict, max_length=100, description="扣了分的各项，键为项目编号"
    )
    remark: OptionalLines = Field(default="", max_length=2000, description="总评")


@router.get("/draws", summary="抽查")
def list_draws(who: Who, seen: Seen, asked: Asked) -> JSONResponse:
    """What people of this office drew, the latest first."""
    with reading(who.fashen.engine) as tx:
        found = dossiers.draws(tx, who.office, asked.limit, asked.offset)
        total = dossiers.count(tx, who.office)
    return page([_draw(d) for d in found], total, asked)


@router.post(
    "/draws", summary="抽查卷宗", status_code=201,
    responses=responses(404, 413, 415), openapi_extra=writing([], Drawing),
)  # fmt: skip
def draw(request: Request, who: Who, seen: Seen, body: Body) -> JSONResponse:
    """Draw by the inspector among the finished cases that were decided in these days."""
    person = who.person()
    sight.inspector_only(person, "抽查卷宗")
    form = read_form(request, who, body, Drawing, "抽查卷宗")
    office = of_these(seen, form.office)
    made = dossiers.make_draw(
        who.fashen, seen, person,
        offices=(office,) if office else seen.ids, since=form.since, until=form.until,
        wanted=form.wanted, per_procedure=form.per_procedure, seed=form.seed,
    )  # fmt: skip
    location = {"Location": f"{request.url.path}/{made.id}"}
    return JSONResponse(_whole(who, made), 201, location)


@router.get("/draws/{id}", summary="一次抽查", responses=responses(404))
def read_draw(who: Who, seen: Seen, id: str) -> JSONResponse:
    """What was drawn, out of what, and how each dossier was scored; anybody can draw the same again."""
    return JSONResponse(_whole(who, _found(who, seen, id)))


@router.get("/draws/{id}/{case}", summary="评查表", responses=responses(404))
def read_sheet(who: Who, seen: Seen, id: str, case: str) -> JSONResponse:
    """The sheet as it was kept, and `machine`: what the findings of the case would take off."""
    return JSONResponse(_sheet(who, _one(who, _found(who, seen, id), case)))


@router.post(
    "/draws/{id}/{case}", summary="评查评分",
    responses=responses(404, 413, 415), openapi_extra=writing([], Scored),
)  # fmt: skip
def score(request: Request, who: Who, seen: Seen, id: str, case: str, body: Body) -> JSONResponse:
    """Keep a sheet, by the inspector; those before it stay."""
    person = who.person()
    sight.inspector_only(person, "评查评分")
    made = _found(who, seen, id)
    form = read_form(request, who, body, Scored, "评查评分")
    lost = {item: Lost(told.points, told.reason) for item, told in form.lost.items()}
    with reading(who.fashen.engine) as tx:
        home = who.fashen.bureau(tx, who.office)
    dossiers.save_sheet(who.fashen, home, person, made, _one(who, made, case), lost, form.remark)
    return JSONResponse(_sheet(who, _one(who, made, case)))


def _found(who: Caller, seen: Sight, id: str) -> Draw:
    with reading(who.fashen.engine) as tx:
        return dossiers.find(tx, seen, id[:36])


def _one(who: Caller, made: Draw, case: str) -> Dossier:
    with reading(who.fashen.engine) as tx:
        found = next((d for d in dossiers.dossiers(tx, made) if d.case_id == case), None)
    if found is None:
        raise NotFound("这一卷没有被抽到。")
    return found


def _draw(made: Draw) -> dict[str, Any]:
    told = {
        "id": made.id,
        "offices": made.offices,
        "since": made.since,
        "until": made.until,
        "per_procedure": made.per_procedure,
        "wanted": made.wanted,
        "seed": made.seed,
        "method": made.method,
        "size": made.size,
        "drawn": len(made.drawn),
        "by": made.by,
        "at": beijing(made.at).isoformat(),
    }
    return dict(jsonable_encoder(told))


def _whole(who: Caller, made: Draw) -> dict[str, Any]:
    with reading(who.fashen.engine) as tx:
        found = dossiers.dossiers(tx, made)
    told = {
        "population": made.population,
        "same": made.again() == made.drawn,
        "dossiers": [asdict(d) for d in found],
    }
    return {**_draw(made), **jsonable_encoder(told)}


def _sheet(who: Caller, one: Dossier) -> dict[str, Any]:
    with reading(who.fashen.engine) as tx:
        machine = scoring.prefilled(dossiers.seen_by_machine(tx, one.office, one.case_id))
    items = [
        {"id": i.id, "part": i.part, "title": i.title, "cite": i.cite, "points": i.points, "voids": i.voids}
        for i in scoring.ITEMS
    ]  # fmt: skip
    told = {**asdict(one), "items": items, "machine": {k: asdict(v) for k, v in machine.items()}}
    return dict(jsonable_encoder(told))
