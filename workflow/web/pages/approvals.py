"""审批 — what waits for an approver as one card a case, and one question on a phone with all it needs.

The buttons are the case's own verbs; a second click carries the same key and does nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from policies.core import Finding, Report
from policies.dues import paid, unpaid
from policies.facts import proposal_digest
from workflow import approving, precedents, queries, reviewing, workbench
from workflow.approving import ASKS, ON_A_FORM, Ask, Pending
from workflow.database import reading
from workflow.desk import COMMANDS
from workflow.errors import FieldError, NotFound
from workflow.queries import Row
from workflow.since import Since
from workflow.web.pages import signing
from workflow.web.pages.amounts import amounts
from workflow.web.pages.codes import in_words
from workflow.web.pages.countdown import Countdown, countdown
from workflow.web.pages.field import Field
from workflow.web.pages.moves import Asked, asked_for, behalf, fresh_key, mistaken, submit
from workflow.web.pages.progress import safe_notice
from workflow.web.pages.render import render, yuan
from workflow.web.pages.session import Posted, Signed, Visit, text
from workflow.web.pages.workbench import LAST_PAGE, desk_of

router = APIRouter()

SAYS = ("opinion", "reason", "why")
"""Where a verb's form keeps the approver's own words; one field of the page stands for them."""

NOT_ASKED = ("date", "fine", "item", "digest", *SAYS)
"""Fields of an agreeing verb that the page does not ask for: as proposed, today."""

REVIEWED = ("power", "party", "act", "proposal", "evidence")
"""Parts of the document that a review passes; what comes later by itself is no change of them."""


@dataclass(frozen=True, slots=True)
class Card:
    """A question in the list: one paragraph, the amount, how long there is."""

    pending: Pending
    told: str
    clock: Countdown | None
    others: tuple[Countdown, ...]


@router.get("/approvals")
def show_pending(visit: Signed, case: str = "", done: int = 0, page: int = 1) -> Response:
    """待我审批: one card a question, what runs out first before the rest."""
    page = min(max(page, 1), LAST_PAGE)
    cards, total = _cards(visit, (page - 1) * approving.PAGE)
    besides = workbench.besides(desk_of(visit), ON_A_FORM)
    flash = None
    if case and done:
        view = queries.view_case(visit.fashen, visit.office.office, case, visit.person)
        flash = next(((s, view.row) for s in view.history if s.seq == done), None)
    return render(
        "approvals.html",
        visit=visit,
        here="approvals",
        cards=cards,
        total=total,
        page=page,
        pages=max(1, -(-total // approving.PAGE)),
        besides=besides,
        flash=flash,
    )


def _cards(visit: Visit, offset: int = 0) -> tuple[list[Card], int]:
    """The questions of one page of cases, and how many cases there are."""
    office, person = visit.office.office, visit.person
    found, cases = approving.pending(
        visit.fashen, office, person, limit=approving.PAGE, offset=offset
    )
    return [_card(visit, one) for one in found], cases


def _card(visit: Visit, one: Pending) -> Card:
    clocks = [
        countdown(d, one.row.case, visit.fashen.calendar, visit.now.date())
        for d in one.row.deadlines
    ]
    clock = _main(clocks, one.item)
    others = tuple(c for c in clocks if c.card and c is not clock)
    return Card(one, _told(one), clock, others)


def _main(clocks: list[Countdown], item: str) -> Countdown | None:
    """The clock that presses: of the thing that the question is about, else the ninety days."""
    of_it = [c for c in clocks if item and c.clock.endswith(f":{item}")]
    decision = [c for c in clocks if c.clock == "decision"]
    return next(iter(of_it + decision + clocks), None)


def _told(one: Pending) -> str:
    """What the question is about, in a few words and the amount."""
    proposal = one.row.case.proposal
    if one.about:
        return f"{one.ask.short}　{one.about}"
    if proposal and one.ask.yes != "approve_filing":
        return f"{one.ask.short}　{_penalty(proposal.kinds, proposal.fine)}"
    return one.ask.short


def _penalty(kinds: tuple[str, ...], fine: Any) -> str:
    return "、".join(f"罚款 {yuan(fine)}" if k == "罚款" else k for k in kinds)


# — one question —————————————————————————————————————————————————————————————————————————


def _ask(verb: str) -> Ask:
    if verb not in ASKS:
        raise NotFound(f"没有“{verb}”这种审批。")
    return ASKS[verb]


@router.get("/cases/{case_id}/approve/{verb}")
def show_question(visit: Signed, case_id: str, verb: str, item: str = "") -> Response:
    """One question with everything that is needed to answer it in a minute."""
    asked = asked_for(visit, _ask(verb).yes, case_id, {"item": item})
    return _page(asked, {"visit": visit, "status": 200})


@router.post("/cases/{case_id}/approve/{verb}")
def answer(visit: Signed, form: Posted, case_id: str, verb: str) -> Response:
    """Agree, or send it back with a reason; `v` names the verb of the button."""
    ask = _ask(verb)
    item = text(form, "f.item")
    wanted = text(form, "v")
    if wanted not in (ask.yes, *ask.backs):
        asked = asked_for(visit, ask.yes, case_id, {"item": item})
        return mistaken(asked, form, [FieldError("", "请选择同意或者退回")], screen=_page)
    asked = asked_for(visit, wanted, case_id, {"item": item})
    if wanted in ask.backs and not text(form, "said").strip():
        wrong = [FieldError("said", f"请写明理由再“{asked.move.label}”")]
        return mistaken(asked, form, wrong, screen=_page)
    return submit(asked, _as_asked(form, asked), f"/approvals?case={case_id}", _page)


def _as_asked(form: FormData, asked: Asked) -> FormData:
    """The page's one text field as the verb's form calls it; one tick for a whole list is each of it."""
    verb = asked.verb
    name = next((n for n in SAYS if n in COMMANDS[verb].form.model_fields), "")
    said = text(form, "said").strip()
    kept = [(n, v) for n, v in form.multi_items() if n != f"f.{name}"]
    for field in asked.fields:
        if text(form, f"all.{field.name}"):
            kept = [(n, v) for n, v in kept if n != field.sent]
            kept += [(field.sent, value) for value, _ in field.options]
    if not name:
        return FormData(kept)
    required = COMMANDS[verb].form.model_fields[name].is_required()
    return FormData([*kept, (f"f.{name}", said or ("同意" if required else ""))])


@dataclass(frozen=True, slots=True)
class Risk:
    """One line of risk: its state as a title, the facts, and where a reason can be written, for which rule."""

    title: str
    words: str
    tone: str
    excuse: str = ""


def _page(asked: Asked, shown: dict[str, Any]) -> Response:
    visit, view = asked.visit, asked.view
    assert view is not None  # every question is about a case
    ask = _question(asked)
    own = asked if asked.verb == ask.yes else asked_for(visit, ask.yes, view.row.id, _item(asked))
    case, sent = view.case, shown.get("sent", {})
    cards, total = _cards(visit)
    place = next(
        (
            n
            for n, c in enumerate(cards, 1)
            if c.pending.row.id == view.row.id and c.pending.ask is ask
        ),
        0,
    )
    with reading(visit.fashen.engine) as tx:
        past = precedents.band(tx, visit.office, view.row.id, case, visit.now.date())
    clocks = [
        countdown(d, case, visit.fashen.calendar, visit.now.date()) for d in view.row.deadlines
    ]
    after = _after_pass(asked)
    blank: dict[str, Any] = {
        "wrong": {}, "version": own.version, "key": fresh_key(), "excuses": {}, "sent": {},
        "at": "", "shown_at": "", "fields": own.fields, "behalf": behalf(own, {}),
    }  # fmt: skip
    return render(
        "approval.html",
        **{
            **blank,
            **shown,
            "here": "approvals",
            "asked": own,
            "signs": signing.asks(ask.yes),
            "fields": _fields(own, shown.get("fields") if own is asked else None),
        },
        ask=ask,
        row=view.row,
        case=case,
        item=_item(asked)["item"],
        about=own.choice.about if own.choice else "",
        yours=own.choice is not None and own.choice.mine,
        able=own.choice.able if own.choice else (),
        cards=cards,
        total=total,
        place=place,
        paragraph=_paragraph(asked),
        penalty=_penalty(case.proposal.kinds, case.proposal.fine) if case.proposal else "",
        amount=amounts(case, visit.office, past),
        past=past,
        clocks=clocks,
        main=_main(clocks, _item(asked)["item"]),
        safe=safe_notice(visit, view),
        risks=_risks(own, clocks, after),
        settled=_settled(view.row) if ask.yes == "close" else [],
        blocks=own.choice.report.blocks if own.choice else [],
        after=after,
        backs=[
            c for v in ask.backs for c in view.choices if c.move.verb == v and _same(c.item, asked)
        ],
        others=[c for c in view.choices if c.move.verb in ask.others and c.mine],
        discuss=ask.discuss and any(c.move.verb == "discuss" and c.mine for c in view.choices),
        said=sent.get("said", ""),
        returned=sum(not r.passed for r in case.reviews),
        digest=proposal_digest(case),
    )


def _question(asked: Asked) -> Ask:
    """The question that the address is about; two of them share a way back, and its turn may be over."""
    known = [a for a in ASKS.values() if asked.verb in (a.yes, *a.backs)]
    row = asked.view.row if asked.view else None
    its = (a for a in known if asked.verb == a.yes or (row and approving.ready(a, row)))
    return next(its, known[0])


def _item(asked: Asked) -> dict[str, str]:
    told = (f.value for f in asked.fields if f.name == "item")
    return {"item": (asked.choice.item if asked.choice else "") or next(told, "")}


def _same(item: str, asked: Asked) -> bool:
    return item == _item(asked)["item"]


def _fields(asked: Asked, filled: list[Field] | None) -> list[Field]:
    """What the agreeing verb must be told besides the approver's words; what was discussed is the amount."""
    case = asked.view.case if asked.view else None
    made = []
    for field in filled or asked.fields:
        if field.name == "fine" and case and case.discussion and case.discussion.fine is not None:
            fine = f"{case.discussion.fine:f}"
            told = ((fine, f"{yuan(case.discussion.fine)}（{case.discussion.on} 集体讨论）"),)
            made.append(replace(field, kind="told", options=told, values=(fine,)))
        elif field.name not in NOT_ASKED:
            made.append(field)
    return made


def _paragraph(asked: Asked) -> str:
    """Who did what, in one paragraph."""
    assert asked.view is not None
    case, party = asked.view.case, asked.view.row.party
    lead = case.lead.text if case.lead else ""
    told = case.proposal.facts if case.proposal else (case.act.text if case.act else "") or lead
    told = told.strip().rstrip("。")
    return told if told.startswith(party) else f"{party}：{told or '（没有写明事实）'}"


def _settled(row: Row) -> list[tuple[str, str]]:
    """What a closing rests on: the fine, the correction, what was kept, the publication."""
    case = row.case
    so_far, owed = paid(case), unpaid(case)
    fine = (
        f"已缴 {yuan(so_far)}" + (f"，还欠 {yuan(owed)}" if owed else "")
        if so_far or owed
        else "没有罚款要缴"
    )
    told = case.correction
    put_right = "没有责令改正"
    if told and told.content:
        done = "已改正" if told.corrected else "未改正"
        put_right = f"{told.checked_on} 复查：{done}" if told.checked_on else "还没有复查"
    held = [m for m in case.measures if m.ended_on is None]
    found = [("缴款", fine), ("改正", put_right), ("公示", row.publication)]
    return found + ([("涉案物品", f"{len(held)} 项还没有处理")] if held else [])


def _after_pass(asked: Asked) -> Since | None:
    """What changed after the review passed; the reviewer has not seen it."""
    assert asked.view is not None
    review = asked.view.case.review
    passes = [s.seq for s in asked.view.history if s.verb in ("pass_review", "pass_final_review")]
    if review is None or not review.counts or not passes:
        return None
    found = reviewing.changed_since(
        asked.visit.fashen, asked.visit.office.office, asked.view.row.id, passes[-1], in_words
    )
    told = [c for c in found.changes if c.key.partition(".")[0] in REVIEWED] if found else []
    return replace(found, changes=tuple(told), back=()) if found and told else None


def _risks(asked: Asked, clocks: list[Countdown], after: Since | None) -> list[Risk]:
    """Blocks first, then what wants a reason, then lateness, then what is only a hint."""
    assert asked.view is not None
    found = [Risk(f.policy.title, _reason(f), "r") for f in _report(asked).blocks]
    found += [Risk(f.policy.title, _reason(f), "y", f.policy.id) for f in _report(asked).unexcused]
    for clock in clocks:
        if clock.card in ("红牌", "黄牌"):
            found.append(
                Risk(f"{clock.label}{clock.card}", f"{clock.count}，{clock.left}", clock.tone)
            )
    safe = safe_notice(asked.visit, asked.view)
    if safe and safe.late:
        said = f"今天送达告知书，最早 {safe.earliest} 才能决定，已超过办案期限"
        found.append(Risk("办案将超期", said, "y"))
    if after:
        said = f"{len(after.changes)} 处：{'、'.join(dict.fromkeys(c.what for c in after.changes))}"
        found.append(Risk("审核通过之后有变更", said, "y"))
    for mark in asked.view.case.irregularities:
        found.append(Risk("有不合规登记", mark.account, "y"))
    found += [Risk(f.policy.title, _reason(f), "") for f in _report(asked).notes]
    return found


def _report(asked: Asked) -> Report:
    return asked.choice.report if asked.choice else Report()


def _reason(finding: Finding) -> str:
    remedy = finding.verdict.remedy
    return f"{finding.verdict.reason}{f' 如何补正：{remedy}' if remedy else ''}"
