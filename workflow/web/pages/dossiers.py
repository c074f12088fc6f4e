"""案卷评查 — draw dossiers by a seed, score each on a sheet, print; the cases stay as they are."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from policies import scoring
from policies.scoring import ITEMS, Lost
from workflow import dossiers
from workflow.database import reading
from workflow.dossiers import Dossier, Draw
from workflow.errors import FieldError, Malformed, NotFound
from workflow.web.pages.looking import inspector_only, seen_by
from workflow.web.pages.render import render
from workflow.web.pages.session import Posted, Signed, Visit, text

router = APIRouter()


@router.get("/supervise/draws")
def draws(visit: Signed) -> Response:
    """The draws so far, and the form for the next."""
    return _draws(visit)


def _draws(visit: Visit, form: FormData | None = None, wrong: Malformed | None = None) -> Response:
    seen, today = seen_by(visit), visit.now.date()
    with reading(visit.fashen.engine) as tx:
        found = dossiers.draws(tx, visit.office.office)
    asked = {
        "office": "", "since": date(today.year, 1, 1).isoformat(), "until": today.isoformat(), "wanted": "10",
        "seed": "", "per_procedure": "yes",
    }  # fmt: skip
    if form is not None:
        asked = {name: text(form, name) for name in asked}
    return render(
        "dossiers.html",
        status=422 if wrong else 200,
        visit=visit,
        here="supervise",
        tab="draws",
        seen=seen,
        draws=found,
        asked=asked,
        wrong={e.field: e.message for e in wrong.errors} if wrong else {},
        acts=visit.person.has("inspector"),
        most=dossiers.MOST,
    )


@router.post("/supervise/draws")
def make(visit: Signed, form: Posted) -> Response:
    """Draw, and keep how it was drawn."""
    seen = seen_by(visit)
    inspector_only(visit, "抽查卷宗")
    office = text(form, "office")
    if office and office not in seen.ids:
        raise NotFound("没有这个机关，或者不在您监督的范围之内。")
    try:
        made = dossiers.make_draw(
            visit.fashen,
            seen,
            visit.person,
            offices=(office,) if office else seen.ids,
            since=_day(form, "since"),
            until=_day(form, "until"),
            wanted=_number(text(form, "wanted")),
            per_procedure=text(form, "per_procedure") == "yes",
            seed=text(form, "seed").strip(),
        )
    except Malformed as wrong:
        return _draws(visit, form, wrong)
    return RedirectResponse(f"/supervise/draws/{made.id}", status_code=303)


def _day(form: FormData, name: str) -> date:
    try:
        return date.fromisoformat(text(form, name).strip())
    except ValueError:
        said = "写成 2026-01-01 这样的日期"
        raise Malformed("抽查卷宗", [FieldError(name, said)]) from None


def _number(said: str) -> int:
    plain = said.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 6 else -1


def _find(visit: Visit, id: str) -> tuple[Draw, list[Dossier]]:
    """A draw of the visitor's own office; whom it was drawn from may no longer be seen."""
    seen = seen_by(visit)
    with reading(visit.fashen.engine) as tx:
        made = dossiers.find(tx, seen, id)
        return made, dossiers.dossiers(tx, made)


@router.get("/supervise/draws/{id}")
def show(visit: Signed, id: str) -> Response:
    """What was drawn, out of what, how to draw it again, and how each dossier was scored."""
    made, found = _find(visit, id)
    return render(
        "dossier_draw.html",
        visit=visit,
        here="supervise",
        tab="draws",
        seen=seen_by(visit),
        made=made,
        dossiers=found,
        same=made.again() == made.drawn,
        rules=dossiers.thresholds(visit.bureau, visit.now.date()),
        acts=visit.person.has("inspector"),
    )


@router.get("/supervise/draws/{id}/{case_id}")
def sheet(visit: Signed, id: str, case_id: str) -> Response:
    """The score sheet of a dossier: as it was saved, or as the machine would fill it in."""
    made, found = _find(visit, id)
    return _sheet(visit, made, _one(found, case_id))


def _one(found: list[Dossier], case_id: str) -> Dossier:
    dossier = next((d for d in found if d.case_id == case_id), None)
    if dossier is None:
        raise NotFound("这一卷没有被抽到。")
    return dossier


def _sheet(
    visit: Visit,
    made: Draw,
    dossier: Dossier,
    lost: dict[str, Lost] | None = None,
    remark: str | None = None,
    wrong: dict[str, str] | None = None,
) -> Response:
    with reading(visit.fashen.engine) as tx:
        told = scoring.prefilled(dossiers.seen_by_machine(tx, dossier.office, dossier.case_id))
    kept = dossier.sheet
    shown = lost if lost is not None else dict(kept.lost) if kept else told
    rules = dossiers.thresholds(visit.bureau, visit.now.date())
    points = scoring.total({k: v for k, v in shown.items() if v.points})
    return render(
        "dossier_score.html",
        status=422 if wrong else 200,
        visit=visit,
        here="supervise",
        tab="draws",
        seen=seen_by(visit),
        made=made,
        one=dossier,
        items=ITEMS,
        lost=shown,
        machine=told,
        points=points,
        grade=scoring.grade(points, rules.excellent, rules.passing),
        rules=rules,
        remark=remark if remark is not None else kept.remark if kept else "",
        wrong=wrong or {},
        acts=visit.person.has("inspector"),
    )


@router.post("/supervise/draws/{id}/{case_id}")
def score(request: Request, visit: Signed, form: Posted, id: str, case_id: str) -> Response:
    """Keep the sheet; those before it stay."""
    inspector_only(visit, "评查评分")
    made, found = _find(visit, id)
    dossier = _one(found, case_id)
    lost, wrong = _lost(form)
    remark = text(form, "remark").strip()[:2000]
    if not wrong:
        try:
            dossiers.save_sheet(
                visit.fashen, visit.bureau, visit.person, made, dossier, lost, remark
            )
        except Malformed as no:
            wrong = {e.field: e.message for e in no.errors}
    if wrong:
        return _sheet(visit, made, dossier, lost, remark, wrong)
    return RedirectResponse(f"/supervise/draws/{id}/{case_id}", status_code=303)


def _lost(form: FormData) -> tuple[dict[str, Lost], dict[str, str]]:
    lost: dict[str, Lost] = {}
    wrong: dict[str, str] = {}
    for item in ITEMS:
        reason = text(form, f"why.{item.id}").strip()[:1000]
        if item.voids:
            points = scoring.FULL if text(form, f"lost.{item.id}") == "yes" else 0
        else:
            said = text(form, f"lost.{item.id}").strip() or "0"
            points = _number(said)
            if not 0 <= points <= item.points:
                wrong[item.id] = f"扣分要在 0 到 {item.points} 之间，写的是“{said[:10]}”"
                points = 0
        lost[item.id] = Lost(points, reason)
    return lost, wrong
