"""核验 — one button proves that nobody altered a case, or an office; the ledger to take away and check elsewhere."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from workflow import integrity, queries
from workflow.database import reading
from workflow.errors import NotFound
from workflow.web import serving
from workflow.web.pages.looking import look, seen_by
from workflow.web.pages.render import render
from workflow.web.pages.session import Posted, Signed, text

router = APIRouter()


@router.get("/cases/{case_id}/proof")
def prove(visit: Signed, case_id: str) -> Response:
    """Check one case now, and say what was checked or exactly what is broken."""
    seen_by(visit)
    there = look(visit, case_id)
    office = there.office.office
    row = queries.case_row(there.fashen, office, case_id)
    with reading(visit.fashen.engine) as tx:
        proof = integrity.prove_case(visit.fashen, tx, office, case_id)
    return render(
        "proof.html",
        visit=visit,
        here="supervise",
        row=row,
        office=there.office,
        proof=proof,
        at=visit.now,
    )


@router.get("/cases/{case_id}/ledger.jsonl")
def case_ledger(visit: Signed, case_id: str) -> Response:
    """The ledger of one case as a file."""
    seen_by(visit)
    there = look(visit, case_id)
    row = queries.case_row(there.fashen, there.office.office, case_id)
    return serving.ledger(there.fashen, there.office.office, f"大事记-{row.name}", case_id)


@router.get("/supervise/ledger/{office}")
def office_ledger(visit: Signed, office: str) -> Response:
    """The ledger of a whole office as a file; it flows, so that a large one needs no room here."""
    if office not in seen_by(visit).ids:
        raise NotFound("没有这个机关，或者不在您监督的范围之内。")
    return serving.ledger(visit.fashen, office, f"大事记-{office}")


@router.get("/supervise/checks")
def checks(visit: Signed) -> Response:
    """The checks of whole offices so far, and the button for the next."""
    seen = seen_by(visit)
    with reading(visit.fashen.engine) as tx:
        found = integrity.checks(tx, visit.office.office, 20)
    return render(
        "supervise_checks.html",
        visit=visit,
        here="supervise",
        tab="checks",
        seen=seen,
        checks=found,
    )


@router.post("/supervise/checks")
def begin(visit: Signed, form: Posted) -> Response:
    """Begin to check one office that is seen, or all of them, and do as much of it as a request may take."""
    seen, wanted = seen_by(visit), text(form, "office")
    if wanted and wanted not in seen.ids:
        raise NotFound("没有这个机关，或者不在您监督的范围之内。")
    id = integrity.begin(visit.fashen, seen, visit.person, (wanted,) if wanted else seen.ids)
    integrity.advance(visit.fashen, id, integrity.FIRST_SLICE)
    return RedirectResponse(f"/supervise/checks/{id}", status_code=303)


@router.get("/supervise/checks/{id}")
def check(request: Request, visit: Signed, id: str) -> Response:
    """One check: how far it is, what it found."""
    seen = seen_by(visit)
    with reading(visit.fashen.engine) as tx:
        found = integrity.check_of(tx, visit.office.office, id)
    if found is None:
        raise NotFound("没有这一次核验。")
    return render(
        "supervise_check.html",
        visit=visit,
        here="supervise",
        tab="checks",
        seen=seen,
        check=found,
        proof=found.proof,
    )
