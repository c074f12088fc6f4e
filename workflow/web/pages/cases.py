"""案件 — the list that says what is due, the page of one case, and a person's notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from fastapi import APIRouter, Request
from starlette.responses import Response

from policies.casefile import CaseFile
from policies.core import POLICIES
from policies.dues import unpaid
from policies.office import Person
from policies.review import ITEMS
from states.case import CURRENT, FLOWS, CaseState
from states.flow import Move
from states.where import FILED
from workflow import cards, models, queries
from workflow.database import reading
from workflow.desk import COMMANDS
from workflow.preview import Choice
from workflow.queries import Deadline, Row, View
from workflow.web.pages.beside import groups, items
from workflow.web.pages.countdown import Countdown, countdown, term_of
from workflow.web.pages.looking import look
from workflow.web.pages.progress import parts, safe_notice, stages, when
from workflow.web.pages.render import render
from workflow.web.pages.session import Signed, Visit, login_page, visitor

router = APIRouter()

PAGE = 100
"""Cases on one page of the list; an office decides a few dozen a year."""

MOST = 500
"""Open cases that are looked through for what waits for one person, the last moved first."""

# — the list ——————————————————————————————————————————————————————————————————————————————

FIRST = {
    "lead": "start_check",
    "checking": "propose_filing",
    "filing": "approve_filing",
    "investigating": "conclude",
    "concluded": "submit_to_unit",
    "unit_review": "submit_review",
    "under_review": "pass_review",
    "noticing": "serve_notice",
    "notified": "proceed",
    "hearing": "report_hearing",
    "deciding": "decide",
    "decided": "serve_decision",
    "no_penalty": "serve_no_penalty",
    "in_effect": "close",
    "on_spot": "decide_on_spot",
    "closed": "archive",
    "transferring": "approve_transfer",
    "handing_over": "hand_over_to_police",
    "with_police": "police_file",
    "transferred": "archive_transferred",
}
"""The move that leads on from a state when nothing unusual happens; a test holds it to the tables."""

WORDS = {
    "approve_filing": "审批立案",
    "pass_review": "出具法制审核意见",
    "pass_final_review": "再次出具法制审核意见",
    "proceed": "等待申辩、听证期限届满，报请决定",
    "report_hearing": "组织听证",
    "choose_publication": "登记是否公示",
    "review_publication": "核对将要公开的内容",
    "close": "履行、公示、结案",
}
"""What to call the next step where the verb alone would say how it ends."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row as the list shows it."""

    row: Row
    main: Countdown | None
    others: tuple[Countdown, ...]
    tone: str
    next: str
    holder: str
    review: str
    round: str


def _line(visit: Visit, row: Row, today: date) -> Line:
    found = _countdowns(visit, row, today)
    main = found[0] if found else None
    others = tuple(c for c in found[1:] if c.card)
    tones = [c.tone for c in found]
    move = _first(row.case, row.state, row.procedure)
    # 审核中（第 2 次送审）: the word in its colour, the rest below it
    review, _, rest = ("不需要" if row.procedure == "简易程序" else row.review).partition("（")
    return Line(
        row=row,
        main=main,
        others=others,
        tone=next((t for t in ("r", "y") if t in tones), ""),
        next=WORDS.get(move.verb, move.label) if move else "无",
        holder=_holder(visit, move, row) if move else "",
        review=review,
        round=rest.removesuffix("）"),
    )


def _countdowns(visit: Visit, row: Row, today: date) -> list[Countdown]:
    """The ninety days first, then what the office must keep, then what the party may use."""

    def rank(deadline: Deadline) -> tuple[bool, bool]:
        return deadline.clock != "decision", bool(term_of(deadline.clock).on_lapse)

    ordered = sorted(row.deadlines, key=rank)
    return [countdown(d, row.case, visit.fashen.calendar, today) for d in ordered]


def _first(case: CaseFile, state: str, procedure: str) -> Move | None:
    """The next move, the same that the page of the case puts first."""
    flow = CURRENT["summary" if procedure == "简易程序" else "ordinary"]
    return next((m for verb in next_verbs(case, state) if (m := flow.move(state, verb))), None)


CHAIRED = ("hold_hearing", "report_hearing")
"""Moves that wait for the appointed chair alone, although others may be appointed."""


def _waits_for(move: Move, person: Person, case: CaseFile) -> bool:
    """Whether the next move waits for this person: may they make it, and is it not for an appointed chair?"""
    chair = case.hearing.chair if case.hearing and move.verb in CHAIRED else ""
    return move.who.allows(person, case) and chair in ("", person.id)


def _holder(visit: Visit, move: Move, row: Row) -> str:
    who, heard = move.who, row.case.hearing
    if move.verb in CHAIRED and heard and heard.chair_name:
        return heard.chair_name
    if who.of_the_case:
        return "、".join(row.officers) or who.label
    return "、".join(p.name for p in visit.office.people if p.has(*who.roles)) or "（机关未配备）"


@dataclass(frozen=True, slots=True)
class Tiles:
    """The cases behind each number at the top of the list; `mine` is what waits for the visitor."""

    mine: frozenset[str]
    red: frozenset[str]
    yellow: frozenset[str]
    review: frozenset[str]
    publish: frozenset[str]


def _tiles(visit: Visit, today: date) -> Tiles:
    """Only what runs out within two months is read, by the index that the sweep uses too."""
    d, c = models.deadline.c, models.cases.c
    office = visit.office.office
    with reading(visit.fashen.engine) as tx:
        running = tx.execute(
            sa.select(d.case_id, d.clock, d.ends, d.rolled).where(
                d.office_id == office, d.state == "open", d.ends < today + timedelta(days=60)
            )
        ).all()
        review = tx.execute(
            sa.select(c.id).where(c.office_id == office, c.state == "under_review")
        ).scalars()
        waiting = frozenset(review)
    red, yellow, publish = set(), set(), set()
    mine = _mine(visit)
    for case_id, clock, ends, rolled in running:
        term = term_of(clock)
        if term.on_lapse:
            continue
        calendar, alerting = visit.fashen.calendar, visit.office.alerts
        stage = term.stage_on(today, ends, rolled, calendar, alerting)
        if stage == "red":
            red.add(case_id)
        elif stage == "yellow":
            yellow.add(case_id)
        if clock == "publication":
            publish.add(case_id)
    for case_id, hung in _answered_for(visit, red | yellow, today):
        red -= set() if "red" in hung else {case_id}
        yellow -= set() if "yellow" in hung else {case_id}
    return Tiles(mine, frozenset(red), frozenset(yellow - red), waiting, frozenset(publish))


def _answered_for(
    visit: Visit, cases: set[str], today: date
) -> list[tuple[str, frozenset[cards.Colour]]]:
    """Of these cases those in which a card was taken down, and which colours still hang there."""
    c = models.cases.c
    with reading(visit.fashen.engine) as tx:
        rows = tx.execute(
            sa.select(c.id, c.doc).where(
                c.office_id == visit.office.office,
                c.id.in_(cases),
                c.doc.contains('"cards_taken_down":[{'),
            )
        ).all()
    calendar, office = visit.fashen.calendar, visit.office
    told = []
    for id, doc in rows:
        hung = cards.hanging(CaseFile.model_validate_json(doc), office, calendar, today)
        told.append((id, frozenset(hung.values())))
    return told


def _mine(visit: Visit) -> frozenset[str]:
    """The cases whose next step the visitor may take; only states that their roles lead on from are read."""
    c, states = models.cases.c, _my_states(visit.person)
    if not states:
        return frozenset()
    with reading(visit.fashen.engine) as tx:
        rows = tx.execute(
            sa.select(c.id, c.state, c.flow, c.doc)
            .where(c.office_id == visit.office.office, c.state.in_(states))
            .order_by(c.moved_at.desc())
            .limit(MOST)
        ).all()
    found = set()
    for id, state, flow, doc in rows:
        case = CaseFile.model_validate_json(doc)
        procedure = "简易程序" if FLOWS[flow].name == "summary" else "普通程序"
        move = _first(case, state, procedure)
        if move and _waits_for(move, visit.person, case):
            found.add(id)
    return frozenset(found)


def _my_states(person: Person) -> list[str]:
    """The states that somebody with these roles may lead on from; what runs beside the case leads nowhere."""
    return sorted(
        {
            state.value
            for flow in CURRENT.values()
            for move in flow.moves
            for state in move.sources
            if not move.beside and person.has(*move.who.roles)
        }
    )


@router.get("/")
def list_cases(
    request: Request, q: str = "", state: str = "", only: str = "", page: int = 1
) -> Response:
    """The case list; somebody who is not signed in gets the sign-in page in its place."""
    visit = visitor(request)
    if visit is None:
        return login_page(request)
    today = visit.now.date()
    tiles = _tiles(visit, today)
    wanted: frozenset[str] | None = getattr(tiles, only, None) if only in Tiles.__slots__ else None
    page = min(max(page, 1), 10_000)
    limit, offset = (1000, 0) if wanted is not None else (PAGE, (page - 1) * PAGE)
    rows, total = queries.list_cases(
        visit.fashen,
        visit.office.office,
        search=q.strip()[:100],
        state=state,
        limit=limit,
        offset=offset,
    )
    if wanted is not None:
        rows = [row for row in rows if row.id in wanted]
        total = len(rows)
    if total <= len(rows):
        rows.sort(key=lambda row: row.deadlines[0].ends if row.deadlines else date.max)
    return render(
        "list.html",
        visit=visit,
        here="cases",
        lines=[_line(visit, row, today) for row in rows],
        total=total,
        page=page,
        pages=1 if wanted is not None else max(1, -(-total // PAGE)),
        tiles=tiles,
        only=only,
        q=q,
        state=state,
        states=[(s.value, s.label) for s in CaseState],
        openings=openings(visit),
        acts=bool(_my_states(visit.person)),
    )


def openings(visit: Visit) -> list[Move]:
    """The verbs that open a case out of nothing, for those who may use them."""
    return [move for move in _opening(visit) if not _comes_from_another(move)]


def _opening(visit: Visit) -> list[Move]:
    moves = [move for flow in CURRENT.values() for move in flow.moves if move.opens]
    return [move for move in moves if move.who.allows(visit.person, CaseFile())]


def _comes_from_another(move: Move) -> bool:
    return "origin" in COMMANDS[move.verb].form.model_fields


# — one case ——————————————————————————————————————————————————————————————————————————————


def next_choice(view: View) -> Choice | None:
    """The one thing to do next: what this case still lacks before its state can be left."""
    here = {choice.move.verb: choice for choice in view.choices}
    verbs = next_verbs(view.case, view.row.state)
    return next((here[verb] for verb in verbs if verb in here), None)


def next_verbs(case: CaseFile, state: str) -> list[str]:
    """Verbs in the order in which they should be thought of; the first that starts here is meant."""
    first = FIRST.get(state, "")
    if state == "investigating" and case.review and any(not p.answer for p in case.review.points):
        return ["answer_point", first]
    if state == "under_review" and case.notice:
        return ["pass_final_review", first]
    if state == "hearing" and case.hearing:
        if not case.hearing.chair:
            return ["arrange_hearing"]
        return [first] if case.hearing.record else ["hold_hearing"]
    if state == "notified" and any(not s.reply for s in case.statements):
        return ["reply_statement", first]
    if state == "deciding":
        heard = case.hearing is not None and case.hearing.ended_as == "held"
        if heard and not (case.review and case.review.after_hearing):
            return ["submit_final_review", first]
        if any(not s.reply for s in case.statements):
            return ["reply_statement", first]
    if state == "in_effect":
        return [*_loose_ends(case), first]
    return [first]


def _loose_ends(case: CaseFile) -> list[str]:
    """What must be settled before a case is closed, the shortest period first."""
    found = []
    if case.summary and case.summary.reported_on is None:
        found.append("report_on_spot")
    if case.publication is None:
        found.append("choose_publication")
    elif case.publication.awaits_review:
        found.append("review_publication")
    if case.correction and case.correction.content and case.correction.checked_on is None:
        found.append("check_correction")
    if unpaid(case):
        found.append("record_payment")
    return found


BESIDE = {
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
"""Verbs that answer the same question as the next one: a judgement has more than one button, and
while the office waits the party may act."""


def _said(step: queries.Step, kind: str) -> list[dict[str, str]]:
    """A ledger entry's findings of one kind: `failed`, `warned` or `judged`."""
    blank = {"cite": "", "excuse": "", "judged": "", "doubt": ""}
    return [{**blank, **finding} for finding in step.findings.get(kind, [])]


def _title(policy: str) -> str:
    return POLICIES[policy].title if policy in POLICIES else policy


@router.get("/cases/{case_id}")
def show_case(request: Request, visit: Signed, case_id: str, done: int = 0) -> Response:
    """The page of one case: what is next, who holds it, by when, what is missing."""
    visit = look(visit, case_id)
    view = queries.view_case(visit.fashen, visit.office.office, case_id, visit.person)
    today = visit.now.date()
    upcoming = next_choice(view)
    beside = BESIDE.get(upcoming.move.verb, ()) if upcoming else ()
    running = _countdowns(visit, view.row, today)
    taken = {upcoming.move.verb, *beside} if upcoming else set()
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
        yours=upcoming is not None and _waits_for(upcoming.move, visit.person, view.case),
        beside=[c for c in view.choices if c.move.verb in beside and c.mine],
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
    )


def offshoots(visit: Visit, view: View) -> list[Move]:
    """The verbs that open another case out of this one, where there is a reason to: for a further offender
    while it is filed and undecided, anew when its decision has fallen."""
    wanted = set()
    if view.row.state in FILED:
        wanted.add("split_off")
    if any(remedy.falls for remedy in view.case.remedies):
        wanted.add("decide_anew")
    return [move for move in _opening(visit) if move.verb in wanted]


# — notices ———————————————————————————————————————————————————————————————————————————————
