"""通知页 — a person's own notices, shown, and read when they say so."""

from __future__ import annotations

import sqlalchemy as sa
from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from states.case import CaseState
from workflow import inbox, models
from workflow.database import reading
from workflow.web.pages import workbench
from workflow.web.pages.countdown import CARDS
from workflow.web.pages.progress import STATES
from workflow.web.pages.render import render
from workflow.web.pages.session import Posted, Signed, text
from workflow.workbench import counts

router = APIRouter()

OVER = (CaseState.NOT_FILED, CaseState.CLOSED, CaseState.ARCHIVED)


@router.get("/inbox")
def show(visit: Signed) -> Response:
    """What needs this person's attention."""
    office, person = visit.office.office, visit.person.id
    notices = inbox.notices(visit.fashen, office, person)
    fresh = [n["id"] for n in notices if n["shown_at"] is None]
    inbox.mark_shown(visit.fashen, office, person, fresh)
    c = models.cases.c
    with reading(visit.fashen.engine) as tx:
        named = {n["case_id"] for n in notices}
        rows = tx.execute(
            sa.select(c.id, c.state).where(c.office_id == office, c.id.in_(named))
        ).all()
    return render(
        "inbox.html",
        visit=visit,
        here="workbench",
        tabs=workbench.tabs(counts(workbench.desk_of(visit)), "inbox"),
        notices=notices,
        unread=sum(n["read_at"] is None for n in notices),
        cards=CARDS,
        now_in={id: STATES[state] for id, state in rows},
        over=OVER,
    )


@router.post("/inbox/read")
def read(visit: Signed, form: Posted) -> Response:
    """One notice, or all of them, is read."""
    id = text(form, "notice")
    ids = [int(id)] if id.isascii() and id.isdigit() and len(id) < 19 else None
    if ids or id == "all":
        inbox.mark_read(visit.fashen, visit.office.office, visit.person.id, ids)
    return RedirectResponse("/inbox", status_code=303)
