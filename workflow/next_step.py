"""下一步 — which move leads a case on, what it is called, which paper it makes, and for whom it waits.

Pure: the page of a case asks it, and the row of the workbench keeps its answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policies.casefile import CaseFile
from policies.dues import unpaid
from policies.no_penalty import DOCUMENT as SPARED_WITH
from policies.office import Office, Person
from states.case import CURRENT
from states.flow import Move

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
    "no_penalty": "close_without_penalty",
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
    "apply_to_court": "申请法院执行，或者决定代履行、达成协议",
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

PAPERS = {
    "propose_filing": "立案审批表",
    "conclude": "案件调查终结报告",
    "submit_review": "送审材料",
    "pass_review": "法制审核意见书",
    "pass_final_review": "法制审核意见书",
    "serve_notice": "事先告知书、送达回证",
    "reply_statement": "陈述申辩复核意见书",
    "arrange_hearing": "听证通知书",
    "hold_hearing": "听证笔录",
    "report_hearing": "听证报告",
    "decide": "行政处罚决定书",
    "serve_decision": "决定书送达回证",
    "serve_no_penalty": "不予处罚决定书送达回证",
    "decide_on_spot": "当场处罚决定书",
    "check_correction": "整改复查记录",
    "record_payment": "罚没票据",
    "close": "结案审批表",
    "archive": "卷宗封面、目录、备考表",
    "hand_over_to_police": "移送书、案卷交接单",
    "police_file": "公安机关立案通知",
}
"""The paper that the next step makes, and that the file therefore lacks until then."""

CHAIRED = ("hold_hearing", "report_hearing")
"""Moves that wait for the appointed chair alone, although others may be appointed."""

REVIEWED = ("pass_review", "pass_final_review")
"""Moves that wait for the reviewer who was given the file, where one was."""


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
        passed = case.review is not None and case.review.counts
        if not passed or (heard and not (case.review and case.review.after_hearing)):
            return ["submit_final_review", first]
        if any(not s.reply for s in case.statements):
            return ["reply_statement", first]
    if state == "in_effect":
        return [*loose_ends(case), first]
    if state == "no_penalty":
        return [*_spared(case), first]
    return [first]


def loose_ends(case: CaseFile) -> list[str]:
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


def _spared(case: CaseFile) -> list[str]:
    """What comes before a case without a penalty is closed: the decision served, whoever broke the law educated."""
    if all(s.document != SPARED_WITH for s in case.services):
        return ["serve_no_penalty"]
    spared = case.no_penalty
    if spared is None or spared.ground == "not_established" or spared.educated_on:
        return []
    return ["record_education"]


def next_move(case: CaseFile, state: str, procedure: str) -> Move | None:
    """The next move, the same that the page of the case puts first; `procedure` is the flow's name."""
    flow = CURRENT[procedure]
    return next((m for verb in next_verbs(case, state) if (m := flow.move(state, verb))), None)


def waits_for(move: Move, person: Person, case: CaseFile) -> bool:
    """Whether the next move waits for this person: may they make it, and is it not for somebody who was named?"""
    return move.who.allows(person, case) and _named(move, case) in ("", person.id)


def holder(move: Move, officers: Iterable[str], chair: str, office: Office) -> str:
    """Who has the next move in hand, by name; `chair` is the name of an appointed chair it waits for."""
    if chair:
        return chair
    if move.who.of_the_case:
        named = (p.name for i in officers if (p := office.person(i)))
        return "、".join(named) or move.who.label
    return "、".join(p.name for p in office.people if p.has(*move.who.roles)) or "（机关未配备）"


def named(wanted: Iterable[str], office: Office) -> str:
    """Who of the office is wanted by name and nobody else, as in `answer_supervision` to one head; else nothing."""
    ids = {mark.partition("@")[2] for mark in wanted}
    person = office.person(ids.pop()) if len(ids) == 1 else None
    return person.name if person else ""


def chair_name(move: Move, case: CaseFile) -> str:
    """The appointed chair, where the move waits for nobody else."""
    return case.hearing.chair_name if case.hearing and move.verb in CHAIRED else ""


def wanted(move: Move, case: CaseFile) -> list[str]:
    """For whom a move waits, without asking who is in the office: a role, or `role@person` for one person.

    `marks` of a person meet one of these exactly when `waits_for` says yes.
    """
    roles = sorted(move.who.roles)
    if person := _named(move, case):
        found = [f"{role}@{person}" for role in roles]
    elif move.who.of_the_case and case.officers:
        own = [f"officer@{id}" for id in case.officers] if "officer" in roles else []
        found = [role for role in roles if role != "officer"] + own
    else:
        found = roles
    return found + (sorted(move.who.for_borrowed) if case.borrowed else [])


def marks(person: Person) -> list[str]:
    """What this person answers to, in the words of `wanted`."""
    return [*person.roles, *(f"{role}@{person.id}" for role in person.roles)]


def acts(person: Person) -> bool:
    """Whether somebody with these roles may lead any case on; what runs beside a case leads nowhere."""
    moves = (move for flow in CURRENT.values() for move in flow.moves if not move.beside)
    return any(person.has(*move.who.roles) for move in moves)


def _named(move: Move, case: CaseFile) -> str:
    """The one person a move waits for: the appointed chair, or the reviewer who was given the file."""
    if move.verb in REVIEWED:
        return case.reviewer
    return case.hearing.chair if case.hearing and move.verb in CHAIRED else ""


# — what the file lacks ———————————————————————————————————————————————————————————————————


def lacking(case: CaseFile, state: str, verb: str) -> tuple[str, ...]:
    """The papers that are missing for the next step, and in the early states what has to be gathered first."""
    return (*_to_gather(case, state), *([PAPERS[verb]] if verb in PAPERS else ()))


def _to_gather(case: CaseFile, state: str) -> Iterator[str]:
    if state not in ("checking", "investigating"):
        return
    if case.party is None:
        yield "当事人身份材料"
    if not case.evidence:
        yield "证据材料"
    if state == "investigating":
        if case.correction is None:
            yield "责令改正通知书"
        elif case.correction.content and case.correction.checked_on is None:
            yield "整改复查记录"
        if any(not e.verified_by for e in case.evidence):
            yield "证据查证记录"
