"""Who must hear of a step, and what must be done after it. Tasks are named here as strings only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from policies.casefile import CaseFile
from policies.office import Office, Person
from workflow.order import label

TASKS = {
    "alert": "tasks.notify.deadline_alert",
    "tell": "tasks.notify.tell",
    "send": "tasks.notify.send",
    "publish": "tasks.publish.publish_decision",
    "withdraw": "tasks.publish.withdraw_decision",
}
"""The task that carries out each kind of message."""

LONGEST_ATTEMPTS = 8
"""After so many attempts a message is dead until a named person requeues it."""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to be done after the commit; `dedup` makes it once however often it is asked for."""

    kind: str
    dedup: str
    payload: dict[str, Any]


_TOLD: dict[str, tuple[tuple[str, ...], str]] = {
    "propose_filing": (("head", "deputy_head"), "请审批立案"),
    "approve_filing": (("handlers",), "已批准立案，九十日期限起算"),
    "return_filing": (("handlers",), "立案申请已退回"),
    "submit_to_unit": (("unit_head",), "请审查后送法制审核"),
    "return_to_officers": (("handlers",), "机构已退回"),
    "submit_review": (("reviewer",), "请法制审核"),
    "submit_final_review": (("reviewer",), "请再次法制审核"),
    "return_case": (("handlers", "unit_head"), "法制审核已退回，请逐条补正"),
    "ask_officer": (("handlers",), "审核人有询问，请答复"),
    "answer_question": (("reviewer",), "承办人已答复询问"),
    "withdraw_pass": (("handlers", "unit_head", "head"), "审核通过已撤回，须重新审核"),
    "recuse_reviewer": (("head", "deputy_head"), "审核人回避，请另行指定或者借用审核人"),
    "borrow_reviewer": (("clerk",), "已借用审核人，请登记其签署的意见"),
    "pass_review": (("handlers", "unit_head"), "法制审核已通过，请送达告知书"),
    "pass_final_review": (("handlers", "head"), "再次审核已通过，可以决定"),
    "reply_statement": (("reviewer",), "陈述申辩已复核，请核对后续程序"),
    "request_hearing": (("head", "clerk"), "当事人申请听证，请指定主持人"),
    "lapse_windows": (("handlers", "head"), "陈述申辩和听证期限已满，可以决定"),
    "decide": (("handlers", "clerk"), "已作出决定，请送达"),
    "serve_decision": (("clerk",), "决定书已送达，请登记是否公示"),
    "choose_publication": (("reviewer",), "拟公示，请另一人审查将要公开的内容"),
    "correct_publication": (("reviewer",), "拟更正公示，请另一人审查将要公开的内容"),
    "open_supervision": (("handlers", "unit_head", "head"), "收到督办，请按期办理，由负责人答复"),
    "return_publication": (("clerk",), "公示已退回，请改后再报"),
}
"""Verb → who is told what. No personal data: the case's number and what to do."""


def follow_ups(
    verb: str,
    seq: int,
    case_id: str,
    case: CaseFile,
    office: Office,
    at: datetime,
    *,
    item: str = "",
    irregular: bool,
) -> list[Message]:
    """The messages that a step causes, in its own transaction; `item` is what beside the case it is about."""
    found: list[Message] = []
    name = case_name(case)
    if verb in _TOLD:
        roles, text = _TOLD[verb]
        for person in recipients(roles, case, office, at):
            found += _tell(verb, seq, case_id, person, f"{name}：{text}。")
    if verb in _CONSULTING:
        found += _about_advice(verb, seq, case_id, case, office, item)
    if verb == "answer_supervision":
        found += _to_who_asked(seq, case_id, case, office, item)
    if irregular:
        for person in office.with_role("inspector"):
            said = f"{name}：登记了不合规的情况，请查看。"
            found += _tell("irregular", seq, case_id, person, said)
    return found + _to_platforms(verb, seq, case_id, case)


_CONSULTING = {
    "consult_counsel": "请您提出法律意见",
    "give_counsel_opinion": "法律顾问已提出意见",
    "withdraw_consultation": "法律咨询已撤回，不用再提意见",
}


def _about_advice(
    verb: str, seq: int, case_id: str, case: CaseFile, office: Office, item: str
) -> list[Message]:
    """The counsel who is asked hears of it, whoever asked of the opinion."""
    asked = next(c for c in case.consultations if c.id == item)
    person = office.person(asked.asked_by if verb == "give_counsel_opinion" else asked.counsel)
    text = f"{case_name(case)}：{_CONSULTING[verb]}。"
    return _tell(verb, seq, case_id, person, text) if person else []


def _to_who_asked(
    seq: int, case_id: str, case: CaseFile, office: Office, item: str
) -> list[Message]:
    """The inspector who opened a 督办 hears of its answer; one from an office above in that office's inbox."""
    paper = next((p for p in case.supervisions if p.id == item), None)
    if paper is None or not paper.opened_by:
        return []
    said = f"{case_name(case)}：督办 {paper.number} 已报送办理情况，请查看。"
    if person := office.person(paper.opened_by):
        return _tell("answer_supervision", seq, case_id, person, said)
    id, _, home = paper.opened_by.rpartition("@")
    dedup = f"tell:{case_id}:{seq}:answer_supervision:{paper.opened_by}"
    payload = {"to": id, "office": home, "text": f"{office.name}　{said}"}
    return [Message("tell", dedup, payload)] if id else []


def _to_platforms(verb: str, seq: int, case_id: str, case: CaseFile) -> list[Message]:
    """What goes out once it is reviewed; what is taken down everywhere that it may have come to."""
    choice = case.publication
    if choice is None:
        return []
    if verb == "review_publication":
        return [
            Message(
                "publish",
                f"publish:{name}:{case_id}:{choice.version}",
                {"platform": name, "version": choice.version, "round": seq},
            )
            for name in choice.platforms
        ]
    if not choice.over or verb not in TAKES_DOWN:
        return []
    reached = (*choice.platforms, *(r.platform for r in choice.answers))
    on = choice.withdrawn_on or choice.ended_on
    assert on is not None
    told = {
        "version": choice.version,
        "reason": choice.withdrawn_because or TAKES_DOWN[verb],
        "on": on.isoformat(),
    }
    return [
        Message("withdraw", f"withdraw:{name}:{case_id}:{seq}", {"platform": name, **told})
        for name in dict.fromkeys(reached)
    ]


TAKES_DOWN = {
    "withdraw_publication": "撤回公示",
    "repair_credit": "信用修复，停止公示",
    "lapse_publication": "公示期满，停止公示",
}
"""Verb → what the public reads where nobody gave another reason."""


def told_of(verb: str, case: CaseFile, office: Office, at: datetime) -> list[Person]:
    """Who is told when this verb is taken; nobody, where it is nobody's news."""
    return recipients(_TOLD[verb][0], case, office, at) if verb in _TOLD else []


def recipients(roles: Sequence[str], case: CaseFile, office: Office, at: datetime) -> list[Person]:
    """The people behind roles at this Beijing moment, each once; "handlers" are the officers of the case."""
    handlers = [p for i in case.officers if (p := office.person(i))] if "handlers" in roles else []
    return list({p.id: p for p in (*handlers, *office.hearing(roles, at))}.values())


def to_person(
    kind: str,
    dedup: str,
    person: Person,
    text: str,
    *,
    stage: str = "tell",
    outside: str = "",
    **about: object,
) -> list[Message]:
    """One notice for a person: into the inbox always, and on each channel that this person has for it.

    `outside` is what the channels carry instead where `text` names somebody.
    """
    payload = {"to": person.id, "text": text, **about} | (
        {"stage": stage} if stage != "tell" else {}
    )
    return [
        Message(kind, dedup, payload),
        *(
            Message(
                "send",
                f"send:{channel}:{dedup}",
                {**payload, "text": outside or text, "channel": channel},
            )
            for channel in person.channels(stage)
        ),
    ]


def _tell(verb: str, seq: int, case_id: str, person: Person, text: str) -> list[Message]:
    return to_person("tell", f"tell:{case_id}:{seq}:{verb}:{person.id}", person, text)


def told_principal(
    verb: str, seq: int, case_id: str, case: CaseFile, signature: str, principal: Person
) -> list[Message]:
    """Whoever is away hears what was signed in their name."""
    said = f"{case_name(case)}：{signature}办理了“{label(verb)}”。"
    return to_person("tell", f"tell:{case_id}:{seq}:{verb}:for:{principal.id}", principal, said)


def case_name(case: CaseFile) -> str:
    return case.filing.number if case.filing and case.filing.number else "一件未立案的线索"
