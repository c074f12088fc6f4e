"""当场行政处罚决定书 — what is printed and handed over, filled from the case alone."""

from __future__ import annotations

import hashlib

from fastapi import APIRouter
from starlette.responses import Response

from policies.casefile import Citation
from workflow import errors, queries
from workflow.times import beijing
from workflow.web.pages.render import WEB, render
from workflow.web.pages.session import Signed, Visit

router = APIRouter()

SCRIPT = hashlib.sha256((WEB / "static" / "summary.js").read_bytes()).hexdigest()[:12]
"""Of the script of both pages, so that a browser never mixes an old one with a new page."""


@router.get("/summary/{case_id}")
def paper(visit: Signed, case_id: str) -> Response:
    """The decision, to be printed; it says everything of 行政处罚法 52."""
    view = queries.view_case(visit.fashen, visit.office.office, case_id, visit.person)
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
    )


def _words(visit: Visit, cited: tuple[Citation, ...]) -> str:
    law = visit.bureau.law
    return "、".join(law.words(c.statute, c.article, c.paragraph) for c in cited)
