"""法制审核台 — the queue by the cases' remaining days, and one file with everything an opinion needs.

The page of a file is the form of the three verbs of an opinion: which of them is meant follows from the
conclusion that is chosen, and the usual pages say why not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from policies.calendar import Span
from policies.facts import proposal_digest
from policies.nine_items import Item
from policies.review import RETURNS
from workflow import reviewing
from workflow.errors import FieldError
from workflow.queries import Row
from workflow.reviewing import Sheet, Waiting
from workflow.web.pages.amounts import amounts
from workflow.web.pages.codes import in_words
from workflow.web.pages.countdown import Countdown, countdown
from workflow.web.pages.looking import every_case
from workflow.web.pages.moves import SCREENS, Asked, asked_for, fresh_key, mistaken, submit
from workflow.web.pages.progress import safe_notice
from workflow.web.pages.render import render
from workflow.web.pages.review_fields import OPINIONS
from workflow.web.pages.session import Posted, Signed, Visit, text

router = APIRouter()

VERDICTS = {"agree": "同意", **RETURNS}
"""What an opinion concludes, in the words of the reviewers."""

JUDGEMENTS = ("认可", "有意见", "尚未发生")
CRIME = ("不涉嫌犯罪", "有意见")
"""What can be said of 是否涉嫌犯罪: 认可 would leave open whether of yes or of no."""

DESK = ("receive_package", "ask_officer", "judge", "recuse_reviewer")
"""What a reviewer may do with a file besides giving an opinion, in the order of use."""


# — the queue ————————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, slots=True)
class Line:
    """A file in the queue with its two clocks in words."""

    file: Waiting
    case: Countdown | None
    desk: Countdown | None


@router.get("/review")
def show_queue(visit: Signed) -> Response:
    """Files under review, the case's shortest days first; those of others with the reason why."""
    every_case(visit)
    found = reviewing.queue(visit.fashen, visit.office.office, visit.person)
    lines = [
        Line(w, _clock(visit, w.row, "decision"), _clock(visit, w.row, "legal_review"))
        for w in found.waiting
    ]
    return render(
        "review_queue.html",
        visit=visit,
        here="review",
        own=[line for line in lines if not line.file.why],
        others=[line for line in lines if line.file.why],
        coming=[(row, _clock(visit, row, "decision")) for row in found.coming],
        more=found.more,
    )


def _clock(visit: Visit, row: Row, name: str) -> Countdown | None:
    found = next((d for d in row.deadlines if d.clock == name), None)
    if found is None:
        return None
    return countdown(found, row.case, visit.fashen.calendar, visit.now.date())


# — one file —————————————————————————————————————————————————————————————————————————————


@router.get("/cases/{case_id}/review")
def show_file(visit: Signed, case_id: str) -> Response:
    """The file as the reviewer sees it; who may not review it reads the same without the form."""
    asked = asked_for(visit, "pass_review", case_id, {})
    return _page(asked, {"visit": visit, "here": "review", "status": 200})


@router.post("/cases/{case_id}/review")
def give_opinion(visit: Signed, form: Posted, case_id: str) -> Response:
    """Sign the opinion: the conclusion says which verb it is."""
    verdict = text(form, "f.verdict")
    if verdict not in VERDICTS:
        asked = asked_for(visit, "pass_review", case_id, {})
        return mistaken(asked, form, [FieldError("verdict", "请选择审核结论")])
    asked = asked_for(visit, _verb(visit, case_id, verdict), case_id, {})
    return submit(asked, _as_asked(form, verdict))


def _verb(visit: Visit, case_id: str, verdict: str) -> str:
    """After a notice a pass leads straight to the decision, so it is the final one."""
    if verdict != "agree":
        return "return_case"
    view = asked_for(visit, "pass_review", case_id, {}).view
    return "pass_final_review" if view and view.case.notice else "pass_review"


def _as_asked(form: FormData, verdict: str) -> FormData:
    """The page's fields as the verbs' forms name them; what the page itself needs stays beside them."""
    items = [(name, value) for name, value in form.multi_items() if name not in ("f.kind",)]
    items = [(name, v) for name, v in items if name not in ("f.settled", "f.unsettled")]
    if verdict in RETURNS:
        items.append(("f.kind", verdict))
    for name, value in form.multi_items():
        if name.startswith("f.settle."):
            field = "f.settled" if value == "yes" else "f.unsettled"
            items.append((field, name.removeprefix("f.settle.")))
    return FormData(items)


def _screen(asked: Asked, shown: dict[str, Any]) -> Response:
    return _page(asked, shown)


SCREENS.update(dict.fromkeys(OPINIONS, _screen))


@dataclass(frozen=True, slots=True)
class Judged:
    """One of the nine items: what the machine found, what was judged last time, what stands in the form."""

    item: Item
    last: str
    judged: str
    remark: str

    @property
    def words(self) -> tuple[str, ...]:
        """The judgements that are offered."""
        return CRIME if self.item.name == "是否涉嫌犯罪" else JUDGEMENTS


def _page(asked: Asked, shown: dict[str, Any]) -> Response:
    visit, view = asked.visit, asked.view
    assert view is not None  # an opinion is always about a case
    sheet = reviewing.sheet(visit.fashen, visit.office.office, view.row.id, visit.person, in_words)
    sent = shown.get("sent", {})
    able = any(c.move.verb in OPINIONS and c.mine for c in view.choices)
    digest = proposal_digest(view.case)
    nine = _judged(sheet, view.case.review.items if view.case.review else {}, sent)
    blank = {
        "wrong": {}, "version": asked.version, "key": fresh_key(), "excuses": {}, "sent": {},
        "at": f"{visit.now:%Y-%m-%dT%H:%M}", "shown_at": f"{visit.now:%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    return render(
        "review.html",
        **{**blank, **shown, "here": "review", "asked": asked},
        view=view,
        row=view.row,
        case=view.case,
        sheet=sheet,
        able=able and not sheet.why,
        under_review=view.row.state == "under_review",
        nine=nine,
        open_items=[str(n) for n, j in enumerate(nine, 1) if not j.judged],
        verdicts=VERDICTS,
        digest=digest,
        power=visit.office.power(view.case.power),
        words=lambda c: visit.bureau.law.words(c.statute, c.article, c.paragraph),
        main=_clock(visit, view.row, "decision"),
        desk_clock=_clock(visit, view.row, "legal_review"),
        clocks=[
            countdown(d, view.case, visit.fashen.calendar, visit.now.date())
            for d in view.row.deadlines
        ],
        safe=safe_notice(visit, view),
        heard=_if_heard(asked),
        amount=amounts(view.case, visit.office, sheet.band),
        elements=_elements(asked),
        desk_moves=[c for v in DESK for c in view.choices if c.move.verb == v and c.mine],
        posted=bool(sent),
        turns=len(view.case.submissions),
    )


def _judged(sheet: Sheet, before: dict[str, str], sent: Any) -> list[Judged]:
    """What stands in the form: as sent, else a remark with what the machine found wrong; nothing is judged
    beforehand, each judgement is somebody's word."""
    made = []
    for n, item in enumerate(sheet.items):
        found = " ".join(s.finding.verdict.reason for s in (*item.failed, *item.open))
        judged = str(sent.get(f"f.items.{n}.judged", ""))
        remark = str(sent[f"f.items.{n}.text"]) if f"f.items.{n}.text" in sent else found[:150]
        made.append(Judged(item, before.get(item.name, ""), judged, remark))
    return made


def _if_heard(asked: Asked) -> str:
    """The earliest day to decide if the party asks for a hearing on the last day of a notice served today."""
    visit, view = asked.visit, asked.view
    if view is None or view.case.notice or safe_notice(visit, view) is None:
        return ""
    law, calendar, today = visit.bureau.law.on(visit.now.date()), visit.fashen.calendar, visit.now
    request, notice = law.find("hearing.request"), law.find("hearing.notice_before")
    if request is None:
        return ""
    asked_on = calendar.count(today.date(), request.span).due
    wait = notice.span if notice else Span(7, "d")
    return f"{calendar.count(asked_on, wait).due}"


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the violation and the evidence that was registered for it."""

    name: str
    evidence: tuple[Any, ...]


def _elements(asked: Asked) -> list[Element]:
    assert asked.view is not None
    case = asked.view.case
    names = case.proposal.elements if case.proposal else ()
    relied = case.relied_on()
    found = [Element(n, tuple(e for e in relied if n in e.elements)) for n in names]
    other = tuple(e for e in relied if not set(e.elements) & set(names))
    return [*found, *([Element("（没有对应要件）", other)] if other else [])]
