"""公示台账页 — for the clerk and whoever reviews: what waits at which step, and the platform's list beside ours."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.responses import Response

from workflow.database import reading
from workflow.publication import lists, reconcile
from workflow.publication.overview import Line, overview
from workflow.publication.reconcile import Comparison
from workflow.web.pages.countdown import Countdown, countdown
from workflow.web.pages.looking import every_case
from workflow.web.pages.render import render
from workflow.web.pages.session import Posted, Signed, Visit, text

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Due:
    """A case with what is left of its publication clock in words; none where the clock is over."""

    line: Line
    count: Countdown | None


@router.get("/publication")
def show(visit: Signed) -> Response:
    """What is to be chosen, reviewed, mended, waited for, and what came back."""
    every_case(visit)
    return _page(visit)


@router.post("/publication/reconcile")
async def compare(visit: Signed, form: Posted) -> Response:
    """The platform's list laid beside ours; nothing of it is kept."""
    every_case(visit)
    sent, platform = form.get("list"), text(form, "platform")
    targets = visit.office.publication.targets
    platform = platform if platform in targets else targets[0]
    if not isinstance(sent, UploadFile) or not sent.filename:
        return _page(visit, wrong="请选择平台导出的清单：csv、xlsx 或者 json 文件。")
    content = await sent.read(lists.MOST + 1)
    try:
        theirs = lists.parse(content, sent.filename)
    except lists.Unreadable as no:
        return _page(visit, wrong=str(no))
    ours = reconcile.ours(visit.fashen, visit.office.office, platform)
    return _page(visit, found=reconcile.compare(ours, theirs, platform))


def _page(visit: Visit, *, found: Comparison | None = None, wrong: str = "") -> Response:
    with reading(visit.fashen.engine) as tx:
        told = overview(visit.fashen, tx, visit.fashen.bureau(tx, visit.office.office))
    return render(
        "publication.html",
        status=422 if wrong else 200,
        visit=visit,
        here="publication",
        unchosen=_due(visit, told.unchosen),
        unreviewed=_due(visit, told.unreviewed),
        refused=told.refused,
        waiting=told.waiting,
        settled=told.settled,
        targets=visit.office.publication.targets,
        found=found,
        wrong=wrong,
    )


def _due(visit: Visit, lines: tuple[Line, ...]) -> list[Due]:
    today, calendar = visit.now.date(), visit.fashen.calendar
    return [
        Due(x, countdown(x.deadline, x.row.case, calendar, today) if x.deadline else None)
        for x in lines
    ]
