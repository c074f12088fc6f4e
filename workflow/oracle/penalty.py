"""What the law keeps apart and in order: review, separation of people, certificates, dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from policies.casefile import CaseFile
from policies.evidence import FACE_TO_FACE
from policies.facts import proposal_digest
from policies.officers import investigators
from workflow.commands.notice import IN_PERSON
from workflow.oracle.delegation import Given, hands
from workflow.oracle.steps import Taken
from workflow.program import Bureau

OPINIONS = ("pass_review", "pass_final_review", "return_case")

OUT_OF_ANOTHER = ("split_off", "decide_anew")
"""A case that begins with the evidence of another, where it was taken and is judged."""


def check(step: Taken, bureaus: Sequence[Bureau], given: Given) -> Iterator[str]:
    """What really happened against the rules is marked; everything else kept to them."""
    if step.irregular:
        return
    if step.verb in OPINIONS:
        yield from _reviewer(step, given)
    if step.verb == "hold_hearing":
        yield from _chair(step)
    if step.verb == "decide":
        yield from _reviewed(step.name, step.case)
        yield from _decider(step, bureaus, given)
        yield from _dated(step)
    if step.verb in ("choose_publication", "review_publication"):
        yield from _published(step)
    if not step.case.silent:
        yield from _certified(step, bureaus)


def _reviewer(step: Taken, given: Given) -> Iterator[str]:
    """行政处罚法 58: whoever investigated the case does not review it.

    What a borrowed reviewer signed, somebody of the office enters; the opinion names both.
    """
    by, review = step.body["by"]["id"], step.case.review
    signer = review.by if review and review.entered_by else by
    apart = investigators(step.was) | {*step.was.recusal_needed}
    if not ({signer} if signer != by else hands(step, given)).isdisjoint(apart):
        yield f"{step.name}：审核人是本案承办人，或者应当回避。"
    if review is None or by != (review.entered_by or review.by):
        yield f"{step.name}：审核意见上写的不是办理人。"


def _chair(step: Taken) -> Iterator[str]:
    """行政处罚法 64: whoever investigated the case does not lead its hearing."""
    hearing = step.case.hearing
    if hearing and (hearing.chair in investigators(step.was) or not hearing.chair):
        yield f"{step.name}：听证主持人是本案调查人员，或者没有主持人。"


def _reviewed(name: str, case: CaseFile) -> Iterator[str]:
    """Nobody decides a penalty in the ordinary procedure without a passed review of what is decided."""
    review, decision = case.review, case.decision
    if review is None or not review.counts:
        yield f"{name}：没有通过法制审核，却作出了处罚决定。"
        return
    if review.digest != proposal_digest(case):
        yield f"{name}：决定的内容不是审核通过的内容。"
    if case.hearing and case.hearing.ended_as == "held" and not review.after_hearing:
        yield f"{name}：听证之后没有再次审核。"
    if decision is None:
        yield f"{name}：作出了决定，却没有决定。"
        return
    top = review.fine if review.cap is None else min(review.fine, review.cap)
    if decision.fine > top:
        yield f"{name}：罚款高于审核通过的数额。"
    if decision.fine < top and review.cap is None and case.reduction_confirmed != decision.fine:
        yield f"{name}：罚款低于审核通过的数额，审核人没有确认。"


def _decider(step: Taken, bureaus: Sequence[Bureau], given: Given) -> Iterator[str]:
    """The office's own rule, where every version of its file has it: the head did not investigate."""
    day = step.at.date()
    rules = [b.law.on(day).find("separation.head_not_officer") for b in bureaus]
    if all(r and r.value for r in rules) and not hands(step, given).isdisjoint(step.was.officers):
        yield f"{step.name}：决定人是本案承办人。"
    if step.case.decision and step.case.decision.by != step.body["by"]["id"]:
        yield f"{step.name}：决定上写的不是办理人。"


def _dated(step: Taken) -> Iterator[str]:
    """行政处罚法 59: the document bears the day of the decision, which nothing it rests on follows."""
    case, decision = step.case, step.case.decision
    if decision is None:
        return
    rests_on = (
        ("立案", case.filing.approved_on if case.filing else None),
        ("审核通过", case.review.at.date() if case.review else None),
        ("集体讨论", case.discussion.on if case.discussion else None),
        ("听证报告", case.hearing.reported_on if case.hearing else None),
        ("负责人批准", step.at.date()),
    )
    for what, day in rests_on:
        if day and day > decision.date:
            yield f"{step.name}：决定书日期 {decision.date} 早于{what}（{day}）。"


def _published(step: Taken) -> Iterator[str]:
    """Nothing is chosen for publication before the party has it in hand."""
    served = step.case.decision_served
    if served is None or served.served_on > step.at.date():
        yield f"{step.name}：还没有送达，就决定公示。"


def _certified(step: Taken, bureaus: Sequence[Bureau]) -> Iterator[str]:
    """行政处罚法 42: two officers with valid certificates at what is done face to face.

    Certificates as any version of the office's file tells them.
    """
    for service in step.case.services[len(step.was.services) :]:
        if service.method in IN_PERSON and _valid(service.officers, service.served_on, bureaus) < 2:
            yield f"{step.name}：当面送达时持有效执法证的不足两人。"
    inherited = step.verb in OUT_OF_ANOTHER
    for item in () if inherited else step.case.evidence[len(step.was.evidence) :]:
        if (
            item.kind in FACE_TO_FACE
            and item.officers
            and _valid(item.officers, item.taken_on, bureaus) < 2
        ):
            yield f"{step.name}：当面取证时持有效执法证的不足两人。"


def _valid(people: Iterable[str], day: date, bureaus: Sequence[Bureau]) -> int:
    """How many of them hold a certificate that is valid on the day."""
    return len(
        {
            person.certificate.no
            for b in bureaus
            for i in people
            if (person := b.office.person(i))
            and person.certificate
            and person.certificate.valid_on(day)
        }
    )
