"""当场行政处罚决定书 — what is printed and handed over, filled from the case alone; or from one that is not yet."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.responses import Response

from policies.casefile import Citation, Evidence
from policies.core import Finding
from workflow import errors, queries
from workflow.order import Order
from workflow.queries import View
from workflow.times import beijing
from workflow.web.pages.attaching import file_context
from workflow.web.pages.render import WEB, render
from workflow.web.pages.session import Signed, Visit
from workflow.work import perform_together

router = APIRouter()

SCRIPTS = ("summary-photos.js", "summary.js")
SCRIPT = hashlib.sha256(
    b"".join((WEB / "static" / name).read_bytes() for name in SCRIPTS)
).hexdigest()[:12]
"""Of the scripts of both pages, so that a browser never mixes an old one with a new page."""


@router.get("/summary/{case_id}")
def paper(visit: Signed, case_id: str) -> Response:
    """The decision, to be printed; it says everything of 行政处罚法 52. Beside it, the evidence of the case."""
    view = queries.view_case(visit.fashen, visit.office.office, case_id, visit.person)
    proofs = [(n, item) for n, item in enumerate(view.case.evidence, 1) if item.files]
    return _printed(visit, view, proofs=proofs)


def preview(visit: Visit, orders: Sequence[Order]) -> Response:
    """The decision that these orders would make: they are a dry run, and undone once this has looked."""
    seen: list[View] = []

    def look(tx: Connection, case: str) -> None:
        office = visit.office.office
        seen.append(queries.view_within(tx, visit.fashen, office, case, visit.person))

    perform_together(visit.fashen, orders, look)
    return _printed(visit, seen[-1], preview=True)


def no_preview(visit: Visit, wrong: Sequence[str], findings: Sequence[Finding]) -> Response:
    """What must be put right before there is anything to show."""
    return render(
        "summary_preview.html",
        status=422,
        visit=visit,
        here="summary",
        wrong=wrong,
        findings=findings,
    )


def _printed(
    visit: Visit,
    view: View,
    *,
    preview: bool = False,
    proofs: Sequence[tuple[int, Evidence]] = (),
) -> Response:
    case = view.case
    if case.summary is None or case.decision is None or case.party is None:
        raise errors.NotFound("这件案件没有当场处罚决定书。")
    proposal = case.proposal
    return render(
        "summary_decision.html",
        visit=visit,
        here="summary",
        view=view,
        case=case,
        preview=preview,
        proofs=proofs,
        party=view.file["party"],
        signature=view.file["summary"].get("signature", ""),
        duty=_words(visit, proposal.violated) if proposal else "",
        basis=_words(visit, proposal.basis) if proposal else "",
        officers=[p for id in case.summary.officers if (p := visit.office.person(id))],
        organ=visit.office.signs_as(case.power),
        at=beijing(case.summary.at),
        paid=next((p for p in case.payments if p.on_spot), None),
        due=next((d for d in view.row.deadlines if d.clock == "payment"), None),
        service=next((s for s in case.services if s.method == "当场交付"), None),
        adds_photos=any(c.move.verb == "add_evidence" and c.mine for c in view.choices),
        photos=len(case.evidence),
        script=SCRIPT,
        **({} if preview else file_context(visit, view)),
    )


def _words(visit: Visit, cited: tuple[Citation, ...]) -> str:
    law = visit.bureau.law
    return "、".join(law.words(c.statute, c.article, c.paragraph) for c in cited)
