"""案件 — the page of one case: what is next, who holds it, by when, what is missing."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from policies.casefile import CaseFile
from policies.core import POLICIES
from policies.review import ITEMS
from states.case import FLOWS, CaseState
from states.flow import Move
from states.where import FILED
from workflow import queries
from workflow.next_step import WORDS, marks, next_verbs, waits_for
from workflow.preview import Choice
from workflow.queries import Deadline, Row, View
from workflow.reach import Reach
from workflow.waits import waits
from workflow.web.pages.attaching import file_context
from workflow.web.pages.beside import groups, items
from workflow.web.pages.countdown import Countdown, countdown, term_of
from workflow.web.pages.looking import look
from workflow.web.pages.opening import may_open
from workflow.web.pages.progress import parts, safe_notice, stages, when
from workflow.web.pages.render import render
from workflow.web.pages.session import Signed, Visit
from workflow.web.pages.way_out import curing

router = APIRouter()


def _countdowns(visit: Visit, row: Row, today: date) -> list[Countdown]:
    """The ninety days first, then what the office must keep, then what the party may use."""

    def rank(deadline: Deadline) -> tuple[bool, bool]:
        return deadline.clock != "decision", bool(term_of(deadline.clock).on_lapse)

    ordered = sorted(row.deadlines, key=rank)
    return [countdown(d, row.case, visit.fashen.calendar, today) for d in ordered]


def next_choice(view: View) -> Choice | None:
    """The one thing to do next: what this case still lacks before its state can be left."""
    here = {choice.move.verb: choice for choice in view.choices}
    verbs = next_verbs(view.case, view.row.state)
    return next((here[verb] for verb in verbs if verb in here), None)


BESIDE = {
    "propose_filing": ("add_evidence",),
    "conclude": ("add_evidence",),
    "pass_review": ("return_case",),
    "pass_final_review": ("return_case",),
    "approve_filing": ("return_filing", "decline_filing"),
    "submit_review": ("return_to_officers",),
    "proceed": ("record_statement", "request_hearing", "record_waiver"),
    "choose_publication": ("withhold_publication",),
    "review_publication": ("return_publication",),
    "decide_on_spot": ("convert_to_ordinary",),
    "approve_transfer": ("refuse_transfer",),
    "police_file": ("police_decline",),
}
"""Verbs that are looked for together with the next one: a judgement has more than one button, proof comes
in as long as it is looked for, and while the office waits the party may act."""


def _said(step: queries.Step, kind: str) -> list[dict[str, str]]:
    """A ledger entry's findings of one kind: `failed`, `warned` or `judged`."""
    blank = {"cite": "", "excuse": "", "judged": "", "doubt": ""}
    return [{**blank, **finding} for finding in step.findings.get(kind, [])]


def _title(policy: str) -> str:
    return POLICIES[policy].title if policy in POLICIES else policy


@router.get("/cases/{case_id}")
def show_case(visit: Signed, case_id: str, done: int = 0) -> Response:
    """The page of one case: what is next, who holds it, by when, what is missing."""
    visit = look(visit, case_id)
    view = queries.view_case(visit.fashen, visit.office.office, case_id, visit.person)
    today = visit.now.date()
    upcoming = next_choice(view)
    wanted = BESIDE.get(upcoming.move.verb, ()) if upcoming else ()
    beside = [c for c in view.choices if c.move.verb in wanted and c.mine]
    running = _countdowns(visit, view.row, today)
    taken = {c.move.verb for c in (upcoming, *beside) if c}
    return render(
        "case.html",
        visit=visit,
        here="cases",
        view=view,
        row=view.row,
        case=view.case,
        file=CaseFile.model_validate(view.file),
        stages=stages(view, today),
        parts=parts(view.case, view.row.state),
        safe=safe_notice(visit, view),
        can={c.move.verb for c in view.choices if c.mine},
        when=lambda at: when(at, today),
        next=upcoming,
        next_words=WORDS.get(upcoming.move.verb, upcoming.move.label) if upcoming else "",
        yours=upcoming is not None
        and (bool(upcoming.through) or waits_for(upcoming.move, visit.person, view.case)),
        beside=beside,
        also=_also(view, visit, upcoming),
        things=items(view.case, view.names, running, view.choices),
        groups=groups([c for c in view.choices if not c.item and c.move.verb not in taken]),
        offshoots=offshoots(visit, view),
        deadlines=running,
        soonest=min((c for c in running if not c.waiting), key=lambda c: c.ends, default=None),
        flash=next((s for s in view.history if s.seq == done), None),
        states={s.value: s.label for s in CaseState},
        labels={v: m.label for flow in FLOWS.values() for v, m in flow.verbs.items()},
        power=visit.office.power(view.case.power),
        words=lambda c: visit.bureau.law.words(c.statute, c.article, c.paragraph),
        items=ITEMS,
        said=_said,
        title_of=_title,
        **file_context(visit, view),
        **curing(view),
    )


def _also(view: View, visit: Visit, upcoming: Choice | None) -> list[Choice]:
    """What else waits for the visitor now, besides the next step."""
    row, today, mine = view.row, visit.now.date(), Reach(frozenset(marks(visit.person)))
    found = waits(view.case, row.state, row.flow, visit.office, visit.fashen.calendar)
    due = {(w.verb, w.item): w.wanted for w in found if w.from_on is None or w.from_on <= today}
    return [
        c
        for c in view.choices
        if c is not upcoming
        and (wanted := due.get((c.move.verb, c.item)))
        and (c.through or mine.meets(c.move.verb, wanted, row.id))
    ]


def offshoots(visit: Visit, view: View) -> list[Move]:
    """The verbs that open another case out of this one, where there is a reason to: for a further offender
    while it is filed and undecided, anew when its decision has fallen."""
    wanted = set()
    if view.row.state in FILED:
        wanted.add("split_off")
    if any(remedy.falls for remedy in view.case.remedies):
        wanted.add("decide_anew")
    return [move for move in may_open(visit) if move.verb in wanted]
