"""任意一步 — whatever anybody asks for, at any time, in any state, the case stays whole.

Random people order random verbs with sound and with spoilt forms, on stale pages, twice, too late; days
pass, the sweep runs, messages are worked off. After every step little is asked, but all of it; every
fifty steps and at the end of each walk the oracle reads the whole database.

Twenty thousand steps by default; `FASHEN_RANDOM_STEPS=1000000` walks a night.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from policies.calendar import Calendar, Notice, Ruling, Span
from policies.casefile import CaseFile
from policies.core import POLICIES, Level
from policies.review import MATERIALS
from states.case import FLOWS, CaseState
from states.flow import Move
from tests.builders import (
    DECISION_SAYS,
    JUDGED,
    OFFICERS,
    PEOPLE,
    a_case,
    a_filing,
    a_notice,
    a_party,
    a_photo,
    a_proposal,
    a_scene,
    a_spot_decision,
    an_order,
    burning,
    day,
    document_of,
    littering,
    office_at,
    sample_office,
    set_clock,
    take,
)
from tests.journeys import beside
from workflow import database, errors, models, offices
from workflow.deliveries import drain
from workflow.desk import COMMANDS
from workflow.oracle import check_all
from workflow.order import Done, Order
from workflow.program import Fashen
from workflow.sweep import sweep
from workflow.work import perform

STEPS = int(os.environ.get("FASHEN_RANDOM_STEPS", "20000"))
ON_POSTGRESQL = STEPS // 10
LENGTH = 120
"""Steps of one walk: a whole case with its hearing takes about thirty."""
STRETCH = 12 * LENGTH
"""After so many steps the walks look at what all of them have not taken yet."""

NOTICE = Notice(2027, {date(2027, 1, n): Ruling(True, "元旦") for n in (1, 4)})
"""Of the year after the last that the calendar has; most walks never come so far, but all are counted by it."""

VERBS = sorted(COMMANDS)
ANYBODY = (*PEOPLE, "system", "nobody")
ALL_EXCUSED = {p.id: "情况说明已附卷" for p in POLICIES.values() if p.level is Level.WARN}


ENDED = (
    "not_filed", "archived", "transferred_out", "withdrawn", "terminated", "joined",
)  # fmt: skip

ANY_STEP = 36
"""From this turn on a walk takes any step from where it is, and not the one that leads on."""

FEW = st.integers(0, 3)
SOME = st.integers(0, 7)
MANY = st.integers(0, 63)


class Seen(Counter[str]):
    """What a whole run met, to show that it did not walk past anything."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: Counter[tuple[str, str]] = Counter()
        self.states: Counter[str] = Counter()


# — sound forms ————————————————————————————————————————————————————————————————————————


def sound(walk: Walk, verb: str, case: CaseFile, w: int) -> dict[str, Any]:
    """A form that can be read, and for w = 0 one that the law likes."""
    today, n = walk.now.date(), walk.number()
    year = today.year
    match verb:
        case "register_lead":
            found = {"found_on": (today - timedelta(days=w)).isoformat()} if w in (3, 4) else {}
            read = {"published_at": "某公示平台"} if w == 7 else {}
            place = "外地某处" if w == 6 else "西杜庄村西侧"
            return {"source": ["巡查", "投诉举报", "12345"][w % 3], "place": place, **found, **read}
        case "name_party":
            if w in (2, 5):
                return {"kind": "法人及非法人组织", "name": f"示例建筑有限公司{n}"}
            if w == 6:
                return a_party(n) | {"number": "110105194912310021", "number_confirmed": n % 2 == 0}
            return a_party(1 if w == 7 else n)
        case "describe_act":
            began = today - timedelta(days=w if w < 6 else 900)
            return {
                "text": "露天焚烧秸秆", "began": began.isoformat(), "power": burning(began),
                "harm": ["none", "", "environment"][w % 3], "continuing": w == 5,
                "inside_area": True if w < 7 else None,
            }  # fmt: skip
        case "assign_officers":
            return {
                "officers": [OFFICERS, ["zhang", "wang"], ["li", "zhao"], ["shen", "zhang"]][w % 4]
            }
        case "declare_no_interest":
            return {"officers": OFFICERS, "interest": w == 7}
        case "add_evidence":
            if w in (0, 4):
                return a_scene()
            return a_photo() if w < 6 else a_scene(officers=[["zhang"], ["zhang", "zhao"]][w % 2])
        case "verify_evidence":
            return {} if w < 6 else {"lawful": w == 6, "evidence": ["e1"]}
        case "order_correction":
            return {"nothing_left": "现场已清理"} if w in (2, 3) else {"content": "立即改正"}
        case "check_correction":
            return {"corrected": w < 6}
        case "propose_filing":
            return a_filing(officers=OFFICERS if w < 7 else ["zhang", "zhao"])
        case "approve_filing":
            again = w == 6
            number = "示街罚案重号" if again else f"示街罚案〔{year}〕{n}号"
            if w == 5:
                number = f"{n}号" * 40
            return {"number": number if w < 7 else ""}
        case "record_jurisdiction":
            settled = {"settled": "指定管辖", "ours": w == 3, "document": "指定管辖决定书"}
            filed = {"other_filed_on": today.isoformat()} if w in (4, 5) else {}
            return {"other": "邻街道办事处", **filed, **(settled if w in (2, 3) else {})}
        case "answer_complainant":
            return {"answer": "已告知处理结果"}
        case "extend_check" | "return_filing" | "reopen_investigation" | "renew_notice":
            return {"reason": "写明的理由"}
        case "decline_filing":
            return {"reason": "写明的理由", "ground": ["", "不符合立案条件"][w % 2]}
        case "return_to_officers" | "end_hearing" | "withhold_publication":
            return {"reason": "写明的理由"}
        case "conclude":
            fine = [1000, 2000, 500, 800, 1500, 1000, 0, 200][w]
            if case.power.startswith("SL-WST"):  # what began on the spot and was found to be more
                fine //= 5
            lighter = {"mitigation": "主动消除危害后果"} if w == 7 else {}
            return a_proposal(fine, grave=w == 5, **lighter)
        case "answer_point":
            review = case.review
            wanted = [p.no for p in review.points if not p.answer] if review else []
            return {"no": wanted[0] if wanted else w + 1, "answer": "已补正"}
        case "submit_review" | "submit_final_review":
            return {"materials": list(MATERIALS[: 5 if w < 7 else 3])}
        case "pass_review" | "pass_final_review":
            items = JUDGED if w < 6 else {**JUDGED, "事实": "有意见：不清" if w == 6 else " "}
            return {"opinion": "同意", "items": items} | ({"cap": 900} if w == 5 else {})
        case "receive_package":
            return {"missing": ["程序材料"]} if w in (4, 5) else {}
        case "ask_officer":
            return {"text": "照片何时拍摄？"}
        case "answer_question":
            open_ = [n for n, q in enumerate(case.questions, 1) if not q.answer]
            return {"no": open_[0] if open_ else w + 1, "answer": "当日九时"}
        case "withdraw_pass" | "recuse_reviewer":
            return {"reason": "写明的理由"}
        case "check_procedure":
            return {"opinion": "告知、申辩、复核合法"}
        case "borrow_reviewer":
            own = {"licence": "示B2019"} if w < 6 else {"licence": ""}
            return {
                "name": "解文", "office": "示例区司法局", "letter": "函〔2025〕3 号",
                "no_interest": w < 7, **own,
            }  # fmt: skip
        case "assign_reviewer":
            return {"reviewer": "shen" if w < 7 else "head"}
        case "return_case":
            return {"opinion": "请补正", "points": [f"第 {i} 点" for i in range(w % 3 + 1)]}
        case "serve_notice":
            told = {"told": ["事实"]} if w == 6 else {"hearing_told": False} if w == 7 else {}
            how = {"method": "留置送达", "signed": False, "refusal": "拒收"} if w in (3, 4) else {}
            proof = {"proof": "见证人签名、录像"} if w == 3 else {}
            return a_notice(f"示街罚告〔{year}〕{n}号", **told, **how, **proof)
        case "record_statement":
            return {"text": "请求从轻", "nothing_to_add": w == 5}
        case "reply_statement":
            open_ = [i for i, s in enumerate(case.statements, 1) if not s.reply]
            return {"no": open_[0] if open_ else 1, "adopted": w > 4, "reply": "复核意见"}
        case "record_waiver":
            of = "hearing" if case.waived("defence") else "defence"
            return {"of": of if w < 6 else "defence", "proof": "当事人签名的确认书"}
        case "request_hearing":
            return {}
        case "arrange_hearing":
            held = walk.fashen.calendar.count(today, Span(8 if w < 6 else 3, "wd")).due
            chair = "chair" if w < 7 else "zhang"
            told = {"others_told": bool(case.third_parties)}
            return {"chair": chair, "held_on": held.isoformat(), "place": "会议室", **told}
        case "hold_hearing":
            heard = ["e1"] if w == 6 and case.evidence else []
            return {"record": "双方质证、辩论", "officers": OFFICERS, "heard_evidence": heard}
        case "add_third_party":
            return {"name": f"第三人某{n}", "interest": "共有人"}
        case "postpone_hearing" | "resume_hearing":
            held = walk.fashen.calendar.count(today, Span(8 if w < 6 else 3, "wd")).due
            why = {"reason": "当事人住院", "wished": w == 6} if verb == "postpone_hearing" else {}
            return {"held_on": held.isoformat(), "others_told": True, **why}
        case "suspend_hearing":
            return {"reason": "需要通知新的证人"}
        case "withdraw_hearing":
            return {"proof": "当事人签名的撤回申请"}
        case "report_hearing":
            return {"report": "建议按拟处罚意见处理"}
        case "confirm_reduction":
            return {"fine": 500 if w < 6 else 5000}
        case "discuss":
            attendees = ["head", "deputy"] if w < 7 else ["head"]
            return {"attendees": attendees, "views": "同意", "conclusion": "同意"}
        case "judge":
            asked = ["duplicate.same_act", "limitation.not_expired", "review.passed", *ALL_EXCUSED]
            return {"policy": asked[w % len(asked)], "holds": w < 6, "reasons": "理由"}
        case "decide":
            number = f"示街罚决〔{year}〕{n}号" if w < 6 else "示街罚决重号"
            form: dict[str, Any] = {"number": number, "contents": DECISION_SAYS if w < 7 else []}
            if w == 5:
                form["fine"] = 1999
            elif w == 4:
                form["date"] = today.isoformat()
            elif case.reduction_confirmed:
                form["fine"] = str(case.reduction_confirmed)
            return form
        case "record_issued_decision":
            facts = {"facts": "决定书认定的事实"} if w % 2 else {}
            number = "" if w == 7 else f"示街罚决〔{year}〕{n}号"
            notice = {"notice_served_on": today.isoformat()} if w in (2, 3) else {}
            listed = {"evidence": ["照片"], "filed_on": today.isoformat()} if w in (3, 5) else {}
            none: dict[str, Any] = {"kinds": []} if w == 1 else {}
            if w == 6:
                number = "示街罚决重号"
            form = {"number": number, "fine": 600, **facts, **notice, **none}
            return form | listed
        case "decide_no_penalty":
            return {
                "number": f"示街不罚〔{year}〕{n}号",
                "ground": ["not_established", "no_fault", "slight", "under_14"][w % 4],
                "reasons": "证据不足以证明违法事实", "guardian_ordered": "严加管教" if w == 3 else "",
            }  # fmt: skip
        case "serve_no_penalty":
            return {"receiver": "本人", "officers": OFFICERS if w < 7 else ["zhang"]}
        case "record_education":
            return {"education": "当面讲明规定"}
        case "correct_decision":
            what = ["文字", "文号", "名称", "条文序号", "文字", "日期", "事实", "罚款数额"][w]
            return {"what": what, "wrong": "焚绕", "right": "焚烧"}
        case "begin_service":
            manner = "公告送达" if w in (1, 5) else "邮寄送达"
            return {
                "method": manner,
                "proof": "EMS 1",
                "grounds": "" if w == 5 else "下落不明的证明",
            }
        case "record_address":
            return {
                "proof": "确认书",
                "address": "示例区 1 号",
                "electronic": "" if w % 2 else "某邮箱",
            }
        case "serve_decision":
            officers = OFFICERS if w < 7 else ["zhang"]
            return {"receiver": "本人", "officers": officers}
        case "choose_publication":
            return {"reason": "社会影响"} | ({"title": "另一名称"} if w == 5 else {})
        case "record_publication":
            return {"receipt": f"平台回执{n}", "published_on": today.isoformat()}
        case "record_payment":
            owed = case.decision.fine if case.decision else 1
            amount = [owed, owed, owed / 2 or 1, 1][w % 4] or 1
            return {"amount": str(amount), "receipt": f"示票{n}", "on_spot": w == 7}
        case "close":
            return {"how": ["已履行", "已强制执行", "其他"][0 if w < 6 else w - 5]}
        case "archive":
            return {"number": str(n)}
        case "start_on_spot":
            kind = "法人及非法人组织" if w == 5 else "自然人"
            return {
                "kind": kind, "name": f"田某{n}", "place": "示例路 12 号", "text": "随意倾倒垃圾",
                "power": littering(today), "officers": OFFICERS if w < 7 else ["li", "zhao"],
            }  # fmt: skip
        case "decide_on_spot":
            number = f"示街罚当〔{year}〕{n}号" if w < 7 else "示街罚当重号"
            kinds = {"kinds": ["警告"]} if w == 5 else {}
            fine = [200, 100, 50, 150, 201, 0, 200, 200][w]
            return a_spot_decision(number, fine, told=w != 6, **kinds)
        case _ if verb in beside.FORMS:
            return beside.FORMS[verb](beside.Asked(case, walk.now, w, n))
        case _:
            return {}


# — spoilt forms ———————————————————————————————————————————————————————————————————————

SPOILT = (
    "a field too few", "a field too many", "a wrong type", "a text without end",
    "a control character", "a half character", "a day to come", "a day long gone",
    "an amount below nothing", "an amount beyond reckoning", "a person nobody knows",
    "a form without bottom", "not even a form",
)  # fmt: skip
WRONG = (
    "an old page", "a page from the future", "nobody", "no such case", "no such office",
    "no such verb", "tomorrow", "a day long gone", "an unreadable envelope", "an irregular opening",
)  # fmt: skip
BEGINNINGS = (
    "", "checking", "under_review", "noticing", "notified", "hearing", "suspended", "heard", "final",
    "passed again", "deciding", "in_effect", "published", "on_spot", "spot_served", "unpaid", "unpaid", "unpaid",
    "spot_unpaid", "spot_unpaid", "spot_applied", "transferred", "objected",
)  # fmt: skip
ON_FROM_THERE: dict[str, tuple[str | int, ...]] = {
    "suspended": ("arrange_hearing", "suspend_hearing", "resume_hearing"),
    "passed again": ("discuss", "decide"),
    "published": (
        "choose_publication",
        "review_publication",
        "record_publication",
        "withdraw_publication",
        "record_withdrawal",
    ),
    "objected": (
        "report_crime",
        "approve_transfer",
        "hand_over_to_police",
        "police_decline",
        "object_to_police",
    ),
    "transferred": ("report_crime", "approve_transfer", "hand_over_to_police", "police_file"),
    "spot_applied": ("serve_demand", 12, "apply_to_court"),
}
"""Beginning → the verbs, and the days in between, that lead to what a walk would seldom reach by itself."""
MIDDLE = (
    "under_review",
    "noticing",
    "notified",
    "hearing",
    "deciding",
    "decided",
    "in_effect",
    "closed",
    "no_penalty",
)
"""Where most of the steps start that leave a case where it is."""

PERHAPS = frozenset({"a day long gone"})
"""What may be right after all: an act can have begun long ago, a notice cannot."""


def spoil(how: str, verb: str, form: dict[str, Any], today: date, w: int) -> dict[Any, Any] | None:
    """The form with one thing wrong that no office may accept; None when this form has no such thing."""
    fields = COMMANDS[verb].form.model_fields

    def one_of(*types: str) -> str | None:
        found = [n for n, f in fields.items() if any(t in str(f.annotation) for t in types)]
        return found[w % len(found)] if found else None

    name: str | None
    match how:
        case "a field too few":
            needed = [n for n, f in fields.items() if f.is_required()]
            return (
                {k: v for k, v in form.items() if k != needed[w % len(needed)]} if needed else None
            )
        case "a field too many":
            return {**form, "批示": "同意"}
        case "a wrong type":
            name = list(fields)[w % len(fields)] if fields else None
            value: Any = {"value": {"value": 1}}
        case "a text without end":
            name, value = one_of("str"), "长" * 20_001
        case "a control character":
            name, value = one_of("str"), "坏\x00字"
        case "a half character":
            name, value = one_of("str"), "半\ud83d"
        case "a day to come":
            name = one_of("_has_come")
            value = (today + timedelta(days=w + 1)).isoformat()
        case "a day long gone":
            name, value = one_of("date"), ["1950-01-01", "2003-12-31", "2021-01-01"][w % 3]
        case "a form without bottom":
            value = "底"
            for _ in range(2000):
                value = [value]
            return {**form, "text": value}
        case "an amount below nothing":
            name, value = one_of("Decimal"), -1
        case "an amount beyond reckoning":
            name, value = one_of("Decimal"), ["1e999999", 10**12, "NaN", "0.001", True][w % 5]
        case "a person nobody knows":
            name, value = (
                next((n for n in ("officers", "attendees", "signed_by") if n in fields), None),
                ["谁"],
            )
        case _:
            return {**form, 7: "七"}
    return None if name is None else {**form, name: value}


# — the way on —————————————————————————————————————————————————————————————————————————


AFTER_NOTICE = (
    "wait", "request_hearing", "record_waiver", "wait", "record_statement", "request_hearing",
    "wait", "renew_notice",
)  # fmt: skip


def way_on(walk: Walk, flow: str, state: str, case: CaseFile, w: int) -> str:
    """The verb that brings a case further, as a good officer would choose it; "wait" for a day."""
    match state:
        case "lead":
            return {4: "assign_officers", 5: "answer_complainant"}.get(w, "start_check")
        case "checking":
            if w == 4 and case.check_extended is None:
                return "extend_check"
            if w == 5 and case.jurisdiction is None:
                return "record_jurisdiction"
            if case.party is None:
                return "name_party"
            if case.act is None or case.act.began is None:
                return "describe_act"
            return "add_evidence" if len(case.evidence) < 2 else "propose_filing"
        case "filing":
            return {6: "decline_filing", 7: "return_filing"}.get(w, "approve_filing")
        case "investigating":
            if w == 6 and case.transfer and case.transfer.answer == "不予立案":
                return "object_to_police"
            kept = [m for m in case.measures if not m.ended_on]
            if kept and kept[-1].approved_at is None:
                return "approve_measure"
            if kept and w != 3:
                return walk._least_tried(flow, beside.ABOUT_MEASURES, walk.number())
            if w in (2, 5) and len(case.measures) < 2:
                return "take_measure"
            if case.review and any(not p.answer for p in case.review.points):
                return "answer_point"
            if any(not e.verified_by for e in case.evidence):
                return "verify_evidence"
            if case.correction is None:
                return "order_correction"
            return "conclude"
        case "concluded":
            return "submit_to_unit"
        case "unit_review":
            return "return_to_officers" if w == 7 else "submit_review"
        case "under_review":
            if w == 7:
                return "return_case"
            if any(not q.answer for q in case.questions):
                return "answer_question"
            if "shen" in case.recusal_needed and case.borrowed is None:
                return "borrow_reviewer"
            if w == 4 and len(case.questions) < 2:
                return "ask_officer"
            return "pass_final_review" if case.notice else "pass_review"
        case "noticing":
            return "serve_notice"
        case "notified":
            if case.waived("defence") and case.waived("hearing"):
                return "proceed"
            if case.waivers and w != 7:
                return "record_waiver"
            return walk._least_tried(flow, AFTER_NOTICE, walk.number())
        case "hearing":
            hearing = case.hearing
            if hearing is None or not hearing.chair or hearing.held_on is None:
                return "arrange_hearing"
            if w == 6:
                return "end_hearing"
            if w == 4:
                return "withdraw_hearing"
            if hearing.suspended and hearing.suspended[-1].resumed_on is None:
                return "resume_hearing"
            if case.third_parties and not hearing.others_told:
                return "postpone_hearing"
            if hearing.record:
                return "report_hearing"
            return "hold_hearing" if walk.now.date() >= hearing.held_on else "wait"
        case "deciding":
            held = case.hearing is not None and case.hearing.ended_as == "held"
            if any(not s.reply for s in case.statements):
                return "reply_statement"
            if case.review and case.review.withdrawn_at:
                return "submit_final_review"
            if w == 7 and len(case.reviews) < 2:
                return "reopen_investigation"
            if w == 3 and case.statements:
                return "decide_no_penalty"
            if w == 6 and case.reduction_confirmed is None:
                return "confirm_reduction"
            if held and case.review and not case.review.after_hearing:
                return "submit_final_review"
            grave = case.proposal and (case.proposal.grave or case.proposal.mitigation)
            return "discuss" if (held or grave) and case.discussion is None else "decide"
        case "decided":
            return "serve_decision"
        case "no_penalty":
            if case.no_penalty and not case.services:
                return "serve_no_penalty"
            taught = case.no_penalty and case.no_penalty.educated_on
            return "close_without_penalty" if taught else "record_education"
        case "in_effect":
            court = beside.court(case, walk.now.date()) if w != 5 else ()
            if court:
                return walk._least_tried(flow, court, walk.number())
            if case.correction and case.correction.ordered_on and case.correction.corrected is None:
                return "check_correction" if flow == "ordinary" else "close"
            if case.publication is None:
                return "choose_publication" if w % 2 else "withhold_publication"
            if case.publication.publish and not case.publication.went_out:
                return "review_publication"
            if case.summary and case.summary.reported_on is None:
                return "report_on_spot"
            paid = sum(p.amount for p in case.payments)
            return "record_payment" if case.decision and paid < case.decision.fine else "close"
        case "on_spot":
            return "convert_to_ordinary" if w == 7 else "decide_on_spot"
        case _ if state in beside.WAY_ON:
            return walk._least_tried(flow, beside.WAY_ON[state], walk.number())
        case _:
            return "archive"


def able_to(move: Move, case: CaseFile) -> list[str]:
    """Whom the table lets make a move; somebody at least."""
    office = sample_office()
    people = [p for i in (*PEOPLE, "system") if (p := office.person(i))]
    return [p.id for p in people if move.who.allows(p, case)] or ["zhang"]


# — a walk ——————————————————————————————————————————————————————————————————————————————

_CASES = sa.text(
    "SELECT c.id, c.flow, c.state, c.version, c.head, c.doc, c.number, c.party_name, c.title,"
    " (SELECT count(*) FROM ledger l WHERE l.case_id = c.id) AS entries,"
    " (SELECT max(seq) FROM ledger l WHERE l.case_id = c.id) AS last"
    " FROM cases c ORDER BY c.ordinal"
)
_CLOCKS = sa.text(
    "SELECT case_id, clock, round, state, ends, closed_seq, wake_at FROM deadline"
    " ORDER BY case_id, clock, round"
)
_OUTBOX = sa.text(
    "SELECT status, count(*), sum(attempts) FROM outbox GROUP BY status ORDER BY status"
)
_COUNTS = sa.text(
    "SELECT (SELECT count(*) FROM ledger) AS ledger, (SELECT count(*) FROM outbox) AS outbox,"
    " (SELECT count(*) FROM inbox) AS inbox, (SELECT count(*) FROM command_key) AS keys,"
    " (SELECT count(*) FROM document_number) AS numbers, (SELECT count(*) FROM refusal) AS refusals,"
    " (SELECT count(*) FROM identifier) AS identifiers, (SELECT count(*) FROM publication) AS published,"
    " (SELECT sum(cases_opened) FROM office) AS opened"
)


class Picture:
    """What the database holds, as far as a step could have touched it."""

    def __init__(self, fashen: Fashen) -> None:
        with database.reading(fashen.engine) as tx:
            self.cases = {row.id: row for row in tx.execute(_CASES)}
            self.clocks = [tuple(row) for row in tx.execute(_CLOCKS)]
            self.outbox = [tuple(row) for row in tx.execute(_OUTBOX)]
            self.counts = dict(tx.execute(_COUNTS).mappings().one())

    def unlike(self, other: Picture) -> list[str]:
        """What differs, by name; refusals are counted apart."""
        names = [n for n in ("cases", "clocks", "outbox") if getattr(self, n) != getattr(other, n)]
        differs = [n for n in self.counts if self.counts[n] != other.counts[n] and n != "refusals"]
        return names + differs

    def document(self, case: str) -> CaseFile:
        return CaseFile.model_validate_json(self.cases[case].doc)


class _Complaints(logging.Handler):
    """What the sweep and the deliveries would otherwise only write into the log."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record))


class Walk(RuleBasedStateMachine):
    """One office for as long as a walk lasts."""

    url: str | None = None
    seen = Seen()
    before: ClassVar[Counter[tuple[str, str]]] = Counter()
    """What the walks before this stretch took; it stands still while Hypothesis tells a walk again."""

    def __init__(self) -> None:
        super().__init__()
        self.fashen = self.an_office()
        self.now = self.fashen.clock()
        self.numbers = 0
        self.steps = 0
        self.waited = False
        self.tried = Counter(self.before)
        self.reviewed: dict[str, Any] = {}
        self.kept: list[tuple[Order, Done]] = []
        self.complaints = _Complaints()
        self.log = logging.getLogger("workflow")
        self.log.addHandler(self.complaints)
        self.picture = Picture(self.fashen)

    def an_office(self) -> Fashen:
        """A fresh office; on PostgreSQL the tables are emptied instead of made anew."""
        if self.url is not None:
            engine = database.connect(self.url)
            tables = ", ".join(models.metadata.tables)
            with engine.begin() as tx:
                tx.execute(sa.text(f"TRUNCATE {tables} RESTART IDENTITY"))
            engine.dispose()
        fashen = office_at(self.url)
        offices.load(fashen, beside.office())
        return fashen

    def teardown(self) -> None:
        self.log.removeHandler(self.complaints)
        try:
            assert check_all(self.fashen) == []
        finally:
            self.fashen.engine.dispose()

    def number(self) -> int:
        self.numbers += 1
        return 100 + self.numbers

    # — where a walk begins —

    @initialize(begins=st.sampled_from(BEGINNINGS), new_law=st.booleans())
    def begin(self, begins: str, new_law: bool) -> None:
        """Start with nothing or with a case that is already somewhere, in 2025 or as the law changes."""
        self.seen["walks"] += 1
        if new_law:
            set_clock(self.fashen, day(2026, 8, 1))
        match begins:
            case "":
                pass
            case "hearing" | "suspended":
                a_case(self.fashen, after="request_hearing")
            case "heard":
                a_case(self.fashen, after="hold_hearing")
            case "final":
                a_case(self.fashen, after="submit_final_review")
            case "passed again":
                a_case(self.fashen, after="pass_final_review")
            case "in_effect" | "published":
                a_case(self.fashen, after="serve_decision")
            case "transferred" | "objected":
                a_case(self.fashen, "investigating")
            case "spot_served" | "spot_unpaid" | "spot_applied":
                a_case(self.fashen, after="decide_on_spot", procedure="summary")
            case "unpaid":
                a_case(self.fashen, after="serve_decision")
            case _:
                a_case(self.fashen, begins)
        if begins.endswith(("unpaid", "applied")):  # long enough for the court to be asked
            set_clock(self.fashen, self.fashen.clock() + timedelta(days=205))
        self.now = self.fashen.clock()
        self.picture = Picture(self.fashen)
        for case in self.picture.cases:
            document = self.picture.document(case)
            if document.review and document.review.passed:
                self.reviewed[case] = document.proposal
        for step in ON_FROM_THERE.get(begins, ()):
            if isinstance(step, int):
                self._days_pass(step)
            else:
                self._take(self.case(0), step, 0, spoilt=False)

    # — what may be done —

    @precondition(lambda self: len(self.picture.cases) < 4)
    @rule(spot=st.booleans(), w=SOME)
    def open_case(self, spot: bool, w: int) -> None:
        verb = "start_on_spot" if spot else "register_lead"
        form = sound(self, verb, CaseFile(), w)
        self.give(an_order("zhang", verb, key=self.key(w), excuses=ALL_EXCUSED, **form))

    @precondition(lambda self: self.picture.cases)
    @rule(which=FEW, anew=st.booleans(), w=SOME)
    def open_out_of_another(self, which: int, anew: bool, w: int) -> None:
        """A further offender of the same matter, or a decision that must be made again."""
        origin = self.case(which)
        form: dict[str, Any] = {"origin": origin if w < 7 else "没有的案件"}
        if anew:
            form |= {"because": "行政判决书", "ordered_on": self.now.date().isoformat()}
            form |= {"until": (self.now.date() + timedelta(30)).isoformat()} if w % 2 else {}
        else:
            form |= a_party(self.number())
        verb = "decide_anew" if anew else "split_off"
        self.give(an_order("zhang", verb, excuses=ALL_EXCUSED, **form))

    @precondition(lambda self: self.picture.cases)
    @rule(which=FEW, turn=MANY, w=SOME)
    def go_on(self, which: int, turn: int, w: int) -> None:
        """The right person takes the step that leads on; for a high turn, the one tried least from here."""
        self._go_on(which, turn, w)

    @precondition(lambda self: self.picture.cases)
    @rule(which=FEW, w=SOME)
    def go_further(self, which: int, w: int) -> None:
        """Some sound steps at once, or walks would seldom come to their end; then any step from there."""
        for n in range(6):
            self._go_on(which, 0, (w + 3 * n) % 8)
        self._go_on(which, ANY_STEP + (4 * w + which) % 28, w)

    def _go_on(self, which: int, turn: int, w: int) -> None:
        under_way = [r.id for r in self.picture.cases.values() if r.state not in ENDED]
        case = under_way[which % len(under_way)] if under_way else self.case(which)
        row, document = self.picture.cases[case], self.picture.document(case)
        flow = FLOWS[row.flow]
        moves = flow.moves_from(row.state)
        if row.state in ENDED:
            return
        verb = way_on(self, flow.name, row.state, document, w)
        if w in beside.TURNS:
            beside_it = beside.goes_on(flow, row.state, document)
            verb = self._least_tried(flow.name, beside_it, self.number()) if beside_it else verb
        if turn >= ANY_STEP:
            able = [m for m in moves if beside.possible(m, document)]
            verb = self._least_tried(flow.name, [m.verb for m in able], turn + 11 * w)
        self.tried[flow.name, verb] += 1
        if verb == "wait":
            self._days_pass(3)
            return
        self._take(case, verb, w, spoilt=bool(turn))

    def _least_tried(self, flow: str, verbs: Sequence[str], turn: int) -> str:
        """As far as this walk and the stretches before it know."""
        turned = [*verbs[turn % len(verbs) :], *verbs[: turn % len(verbs)]]
        return min(turned, key=lambda verb: self.tried[flow, verb])

    @precondition(lambda self: self.in_the_middle())
    @rule(which=FEW, turn=MANY, w=SOME)
    def look_aside(self, which: int, turn: int, w: int) -> None:
        """In the middle of a case there is much that leaves it where it is; each of it is taken."""
        cases = self.in_the_middle()
        row = self.picture.cases[cases[which % len(cases)]]
        moves = FLOWS[row.flow].moves_from(row.state)
        aside = [m.verb for m in moves if m.dest is None and not m.beside]
        verb = self._least_tried(FLOWS[row.flow].name, aside, turn)
        self.tried[FLOWS[row.flow].name, verb] += 1
        self._take(row.id, verb, w, spoilt=w > 5)

    @precondition(lambda self: self.picture.cases)
    @rule(which=FEW, kind=MANY, turn=MANY, w=SOME)
    def look_beside(self, which: int, kind: int, turn: int, w: int) -> None:
        """Some steps about one kind of thing beside the case, each the one tried least that it can take."""
        for n in range(5):
            row = self.picture.cases[self.case(which)]
            flow, document = FLOWS[row.flow], self.picture.document(row.id)
            kinds = beside.kinds(flow, row.state)
            moves = beside.moves_of(flow, kinds[kind % len(kinds)], row.state) if kinds else []
            verbs = [m.verb for m in moves if beside.possible(m, document)]
            if not verbs:
                return
            verb = self._least_tried(flow.name, verbs, turn + n)
            self.tried[flow.name, verb] += 1
            self._take(row.id, verb, w, spoilt=w > 5)

    def in_the_middle(self) -> list[str]:
        return [row.id for row in self.picture.cases.values() if row.state in MIDDLE]

    def _take(self, case: str, verb: str, w: int, *, spoilt: bool) -> None:
        """The right person takes this step, and puts a reason to every warning."""
        row, document = self.picture.cases[case], self.picture.document(case)
        move = FLOWS[row.flow].move(row.state, verb)
        assert move is not None, (row.state, verb)
        able = able_to(move, document)
        self.give(
            an_order(
                able[w % len(able)],
                verb,
                case,
                version=row.version,
                key=self.key(w),
                excuses={} if w == 6 else ALL_EXCUSED,
                irregular="确已如此办理" if move.irregular == "must" else "",
                **sound(self, verb, document, w if spoilt else 0),
            )
        )

    @precondition(lambda self: self.picture.cases)
    @rule(
        which=FEW, who=st.sampled_from(ANYBODY), verb=MANY, here=st.booleans(), w=SOME,
        account=st.sampled_from(("", "", "", "确已如此办理")),
        excuses=st.sampled_from(({}, {}, ALL_EXCUSED, {"no.such_rule": "理由"}, dict.fromkeys(ALL_EXCUSED, ""))),
        back=FEW, dry=st.integers(0, 9),
    )  # fmt: skip
    def ask_anything(
        self, which: int, who: str, verb: int, here: bool, w: int, account: str,
        excuses: dict[str, str], back: int, dry: int,
    ) -> None:  # fmt: skip
        """Anybody, any verb, from here or not, as what it is or as irregular, today or some days ago."""
        case = self.case(which)
        row = self.picture.cases[case]
        moves = [m.verb for m in FLOWS[row.flow].moves_from(row.state)] if here else VERBS
        if not moves:
            return
        chosen, document = moves[verb % len(moves)], self.picture.document(case)
        self.give(
            an_order(
                who,
                chosen,
                case if verb < 60 else None,
                at=self.now - timedelta(days=back) if back else None,
                irregular=account,
                excuses=excuses,
                key=self.key(w),
                dry_run=dry == 9,
                **sound(self, chosen, document, w),
            )
        )

    @precondition(lambda self: self.picture.cases)
    @rule(which=FEW, verb=MANY, how=st.sampled_from(SPOILT), w=SOME)
    def ask_with_a_spoilt_form(self, which: int, verb: int, how: str, w: int) -> None:
        """One thing in the form is wrong; nobody may be so kind as to overlook it."""
        case = self.case(which)
        row, document = self.picture.cases[case], self.picture.document(case)
        moves = [m for m in FLOWS[row.flow].moves_from(row.state)]
        if not moves:
            return
        move = moves[verb % len(moves)]
        form = spoil(how, move.verb, sound(self, move.verb, document, 0), self.now.date(), w)
        if form is None:
            return
        order = an_order(able_to(move, document)[0], move.verb, case, excuses=ALL_EXCUSED)
        self.give(_with(order, form=form), never="" if how in PERHAPS else how)

    @precondition(lambda self: self.picture.cases)
    @rule(which=FEW, how=st.sampled_from(WRONG), w=SOME)
    def ask_wrongly(self, which: int, how: str, w: int) -> None:
        """A sound form in a wrong envelope."""
        case = self.case(which)
        row, document = self.picture.cases[case], self.picture.document(case)
        verb = way_on(self, FLOWS[row.flow].name, row.state, document, 0)
        verb = "check_correction" if verb == "wait" else verb
        order = an_order("zhang", verb, case, excuses=ALL_EXCUSED)
        order = _with(order, form=sound(self, verb, document, 0))
        match how:
            case "an old page":
                order = _with(order, version=row.version - 1 - w)
            case "a page from the future":
                order = _with(order, version=row.version + 1 + w)
            case "nobody":
                order = _with(order, actor=["nobody", "", "Zhang", "zhang "][w % 4])
            case "no such case":
                order = _with(
                    order, case=["x", case.upper() + "0", "' OR 1=1 --", "长" * 300][w % 4]
                )
            case "no such office":
                order = _with(order, office=["", "other", "Sample"][w % 3])
            case "no such verb":
                order = _with(order, verb=["", "decidee", "__init__", "decide ", "审核"][w % 5])
            case "tomorrow":
                order = _with(order, at=self.now + timedelta(days=1 + w))
            case "a day long gone":
                order = _with(order, at=day([1, 1949, 1990, 2003, 2020][w % 5], 6, 1))
            case "an unreadable envelope":
                wrong = ({"key": "k\ud83d"}, {"key": "k\0"}, {"case": "\0"}, {"case": "\ud83d"},
                         {"key": "长" * 201}, {"actor": "\0", "key": "k"})  # fmt: skip
                order = _with(order, **wrong[w % len(wrong)])
            case _:
                form = sound(self, "register_lead", CaseFile(), 0)
                order = _with(order, case=None, verb="register_lead", form=form, irregular="经过")
        self.give(order, never="" if how in PERHAPS else how)

    @precondition(lambda self: self.kept)
    @rule(which=MANY, other=st.booleans())
    def ask_again(self, which: int, other: bool) -> None:
        """The same key again: the same answer and no second step; with another body, a refusal."""
        order, told = self.kept[-1 - which % len(self.kept)]
        if other:
            self.give(_with(order, irregular=order.irregular + "另一份"), never="another body")
            return
        done = self.give(order)
        assert done is not None, order
        assert done.repeated, order
        assert done.as_dict() | {"repeated": False} == told.as_dict()

    @precondition(lambda self: self.picture.cases and not self.waited)
    @rule(days=st.sampled_from((1, 1, 2, 5, 8, 16, 40, 95)))
    def let_days_pass(self, days: int) -> None:
        self._days_pass(days)

    def _days_pass(self, days: int) -> None:
        """Days pass; the sweep raises what is due and lets windows lapse, messages are worked off."""
        before = self.picture
        self.tick(timedelta(days=days))
        if days == 8:  # the State Council says which days of a year to come are off
            self.fashen.calendar = Calendar.published([NOTICE])
        swept = sweep(self.fashen)
        drain(self.fashen)
        self.picture = Picture(self.fashen)
        self.whole()
        stepped = self.picture.counts["ledger"] - before.counts["ledger"]
        answered = {
            id: _answers(row) - _answers(before.cases[id]) for id, row in self.picture.cases.items()
        }
        came = sum(answered.values(), Counter())
        expected = len(swept.lapsed) + len(swept.recounted) + came.total()
        assert stepped == expected, (swept, stepped, came)
        for case in swept.recounted:
            flow = FLOWS[before.cases[case].flow].name
            self.seen.taken[flow, "recount_clocks"] += 1
        for case, verb in swept.lapsed:
            self.seen.taken[FLOWS[before.cases[case].flow].name, verb] += 1
        for row in self.picture.cases.values():
            for verb, times in answered[row.id].items():
                self.seen.taken[FLOWS[row.flow].name, verb] += times
            self.seen.states[row.state] += 1
        self.seen["days"] += days
        self.count()
        self.waited = True

    # — what every step owes —

    def give(self, order: Order, *, never: str = "") -> Done | None:
        """Give one order, and look at what it did. `never` names why no answer but no is right."""
        self.tick(timedelta(minutes=1))
        before = self.picture
        done: Done | None = None
        refused = 0
        try:
            done = perform(self.fashen, order)
        except errors.FashenError as no:
            self.seen[type(no).__name__] += 1
            refused = int(isinstance(no, errors.Refused) and not order.dry_run)
        self.picture = Picture(self.fashen)
        assert self.picture.counts["refusals"] - before.counts["refusals"] == refused, order
        if done is None or done.repeated or done.dry_run:
            assert not never or done is None, f"accepted in spite of {never}: {order}"
            assert self.picture.unlike(before) == [], order
        else:
            assert not never, f"accepted in spite of {never}: {order}"
            self.took_one_step(order, done, before)
        self.whole()
        self.count()
        self.waited = False
        return done

    def took_one_step(self, order: Order, done: Done, before: Picture) -> None:
        """Exactly one entry more, on this case alone, that says what was done."""
        now, row = self.picture, self.picture.cases[done.case]
        was = before.cases.get(done.case)
        assert done.version == row.version == (was.version if was else 0) + 1, order
        assert (done.before, done.after) == (was.state if was else "(none)", row.state), order
        for name, more in {
            "ledger": 1, "outbox": len(done.messages), "keys": int(bool(order.key)), "inbox": 0,
            "published": 0, "opened": int(was is None),
        }.items():  # fmt: skip
            assert now.counts[name] - before.counts[name] == more, (name, order)
        others = {i: r for i, r in now.cases.items() if i != done.case}
        assert others == {i: r for i, r in before.cases.items() if i != done.case}, order
        with database.reading(self.fashen.engine) as tx:
            e = models.ledger.c
            body = tx.scalar(sa.select(e.body).where(e.case_id == done.case, e.seq == done.version))
        entry = json.loads(body or "{}")
        assert (entry["verb"], entry["by"]["id"], entry["to"]) == (
            order.verb,
            order.actor,
            row.state,
        )
        assert entry.get("irregular", "") == order.irregular
        if order.key:
            self.kept.append((order, done))
        flow = FLOWS[was.flow if was else row.flow].name
        self.seen.taken[flow, order.verb] += 1
        self.seen.states[row.state] += 1
        self.reviewed_before_decided(order, done, was)

    def reviewed_before_decided(self, order: Order, done: Done, was: Any) -> None:
        """No penalty is decided unless a reviewer passed this very proposal, and no lighter one."""
        document = self.picture.document(done.case)
        if order.verb in ("pass_review", "pass_final_review"):
            self.reviewed[done.case] = document.proposal
        if order.verb in ("return_case", "withdraw_pass"):
            self.reviewed.pop(done.case, None)
        if order.verb != "decide":
            return
        before = CaseFile.model_validate_json(was.doc)
        assert before.review, order
        assert before.review.counts, order
        assert before.review.by not in before.officers, order
        passed, decided = self.reviewed.get(done.case), document.proposal
        assert passed is not None, order
        assert decided is not None, order
        for name in ("facts", "elements", "violated", "basis", "kinds", "confiscation"):
            assert getattr(passed, name) == getattr(decided, name), (name, order)
        assert document.decision is not None, order
        assert document.decision.fine <= passed.fine, order
        if before.hearing and before.hearing.ended_as == "held":
            assert before.review.after_hearing, order
            self.seen["decided after a hearing"] += 1

    def whole(self) -> None:
        """A case has as many entries as its version says, and nobody complained in the log."""
        for row in self.picture.cases.values():
            assert row.version == row.entries == row.last, row
        assert self.complaints.said == []

    def count(self) -> None:
        self.steps += 1
        self.seen["steps"] += 1
        if self.steps % 50 == 0:
            self.seen["oracle"] += 1
            assert check_all(self.fashen) == []

    # — small things —

    def tick(self, passed: timedelta) -> None:
        self.now += passed
        set_clock(self.fashen, self.now)

    def case(self, which: int) -> str:
        ids: list[str] = list(self.picture.cases)
        return ids[which % len(ids)]

    def key(self, w: int) -> str:
        return f"k{self.number()}" if w % 4 == 1 else ""


def _answers(row: Any) -> Counter[str]:
    """What the platforms have answered: verb → how often."""
    choice = json.loads(row.doc).get("publication") or {}
    receipts = choice.get("receipts", [])
    down = sum("withdrawn_on" in receipt for receipt in receipts)
    return Counter({"record_publication": len(receipts), "record_withdrawal": down})


def _with(thing: Any, **other: Any) -> Any:
    from dataclasses import replace

    return replace(thing, **other)


def walk_for(steps: int, kind: type[Walk], unseen: Callable[[], object] = lambda: None) -> None:
    """Walk until so many steps were taken; on, up to four times as far, while something is unseen."""
    while (left := steps - kind.seen["steps"]) > 0 or (left > -3 * steps and unseen()):
        kind.before = Counter(kind.seen.taken)
        enough = settings(
            max_examples=STRETCH // LENGTH,
            stateful_step_count=LENGTH,
            deadline=None,
            # Hypothesis fixes its seed where it finds a CI, and every stretch would walk the same ways.
            derandomize=False,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.reuse, Phase.generate, Phase.shrink),
            print_blob=True,
        )
        run_state_machine_as_test(kind, settings=enough)


def told(seen: Seen) -> str:
    """What a run met, rarest first, for whoever reads the output."""
    parts = (seen, Counter({"/".join(k): n for k, n in seen.taken.items()}), seen.states)
    return "\n".join(
        "  ".join(f"{name} {n}" for name, n in reversed(part.most_common())) for part in parts
    )


ANSWERS = frozenset({
    "Malformed", "NotFound", "NotYourMove", "NotFromHere", "Blocked", "ChangedMeanwhile", "KeyReused",
    "decided after a hearing",
})  # fmt: skip
"""What a run must have met besides every verb and every state."""


@pytest.mark.timeout(3000)  # seconds: it walks up to four times as far until all was seen
def test_whatever_is_asked_the_case_stays_whole():
    class InMemory(Walk):
        seen = Seen()

    seen = InMemory.seen
    every = {(f.name, v) for f in FLOWS.values() for v in f.verbs if v not in beside.NEVER}

    def unseen() -> set[object]:
        happened = {name for name, n in seen.items() if n}
        return {*every - set(seen.taken), *set(CaseState) - set(seen.states), *ANSWERS - happened}

    walk_for(STEPS - ON_POSTGRESQL, InMemory, unseen)

    print(told(seen))
    assert seen["steps"] >= STEPS - ON_POSTGRESQL
    assert seen["oracle"] + seen["walks"] >= seen["steps"] // 50
    assert unseen() == set(), told(seen)


def test_whatever_is_asked_the_case_stays_whole_on_postgresql(postgresql_url):
    class OnPostgresql(Walk):
        url = postgresql_url
        seen = Seen()

    walk_for(ON_POSTGRESQL, OnPostgresql)

    assert OnPostgresql.seen["steps"] >= ON_POSTGRESQL


# — faults that the walks once found ————————————————————————————————————————


def says_no(fashen: Fashen, order: Order) -> None:
    before = Picture(fashen)
    with pytest.raises(errors.FashenError):
        perform(fashen, order)
    assert Picture(fashen).unlike(before) == []


def test_no_date_of_a_form_lies_in_the_future():
    fashen = office_at()
    case = a_case(fashen, "noticing")

    says_no(
        fashen, an_order("zhang", "serve_notice", case, **a_notice("告1", served_on="2027-01-01"))
    )


@pytest.mark.parametrize("served", ["1950-01-01", "2003-12-31", "2021-01-01"])
def test_a_date_before_the_law_is_refused_in_words(served):
    fashen = office_at()
    case = a_case(fashen, "noticing")

    says_no(fashen, an_order("zhang", "serve_notice", case, **a_notice("告1", served_on=served)))


def test_a_moment_before_the_law_is_refused_in_words():
    says_no(office_at(), an_order("zhang", "register_lead", at=day(1990, 1, 1), place="西杜庄村"))


def test_a_number_of_a_filing_is_given_once():
    fashen = office_at()
    take(fashen, "head", "approve_filing", a_case(fashen, "filing"), number="重号")

    says_no(fashen, an_order("head", "approve_filing", a_case(fashen, "filing"), number="重号"))


def test_an_issued_decision_with_a_number_used_before_can_be_recorded_or_is_refused_in_words():
    fashen = office_at()
    used = document_of(fashen, a_case(fashen, "decided"))["decision"]["number"]
    case = a_case(fashen, "deciding")

    with contextlib.suppress(errors.FashenError):
        take(fashen, "zhang", "record_issued_decision", case, number=used, irregular="已发出")


def test_a_number_too_long_for_its_column_is_refused_in_words(postgresql_url):
    fashen = office_at(postgresql_url)
    case = a_case(fashen, "filing")

    says_no(fashen, an_order("head", "approve_filing", case, number="号" * 150))


def test_a_decision_without_any_kind_is_refused_in_words():
    fashen = office_at()
    case = a_case(fashen, "deciding")
    order = an_order(
        "zhang", "record_issued_decision", case, facts="某事实", kinds=[], irregular="已发出"
    )

    says_no(fashen, order)


@pytest.mark.parametrize("what", ["key", "case", "irregular"])
def test_half_a_character_beside_the_form_is_refused_in_words(what):
    fashen = office_at()
    order = an_order("zhang", "add_evidence", a_case(fashen, "checking"), **a_photo())

    says_no(fashen, _with(order, **{what: "\ud83d"}))


@pytest.mark.parametrize("wrong", [{"key": "\0"}, {"case": "\0"}, {"key": "长" * 201}])
def test_what_postgresql_cannot_store_beside_the_form_is_refused_in_words(postgresql_url, wrong):
    fashen = office_at(postgresql_url)
    order = an_order("zhang", "add_evidence", a_case(fashen, "checking"), **a_photo())

    says_no(fashen, _with(order, **wrong))


def test_a_form_nested_without_bottom_is_refused_in_words():
    form = spoil(
        "a form without bottom", "register_lead", {"place": "西杜庄村"}, date(2025, 1, 6), 0
    )

    says_no(office_at(), _with(an_order("zhang", "register_lead"), form=form))


def test_choosing_publication_again_keeps_the_receipt():
    fashen = office_at()
    case = a_case(fashen, after="record_publication", publish=True)

    with contextlib.suppress(errors.FashenError):
        take(fashen, "clerk", "choose_publication", case, reason="改了名称", title="另一名称")
    drain(fashen)

    assert document_of(fashen, case)["publication"].get("receipt")
    assert check_all(fashen) == []


def test_a_receipt_is_not_written_over():
    fashen = office_at()
    case = a_case(fashen, after="record_publication", publish=True)

    form = {"receipt": "另一回执", "published_on": "2025-01-06"}
    says_no(fashen, an_order("system", "record_publication", case, **form))


def test_a_receipt_that_comes_after_the_closing_is_put_on_file():
    fashen = office_at()
    case = a_case(fashen, after="record_payment", publish=False)
    take(fashen, "clerk", "choose_publication", case, reason="社会影响")
    take(fashen, "head", "review_publication", case)
    take(fashen, "head", "close", case, excuses=ALL_EXCUSED)
    drain(fashen)

    assert document_of(fashen, case)["publication"].get("receipt")


def test_a_fine_that_a_judgment_changed_is_put_on_file():
    fashen = office_at()
    case = a_case(fashen, after="serve_decision")
    suit = {"kind": "suit", "began": "2025-01-20", "body": "示例区人民法院"}
    take(fashen, "clerk", "record_remedy", case, at=day(2025, 1, 20), **suit)
    result = {"ended": "changed", "received": "2025-01-21", "document": "判决书", "fine_after": 300}
    take(fashen, "clerk", "record_remedy_result", case, at=day(2025, 1, 21), **result)

    assert document_of(fashen, case)["remedies"][0]["fine_after"] == "300"
    assert check_all(fashen) == []


def test_a_slip_of_the_pen_in_a_decision_issued_against_the_rules_leaves_its_mark():
    fashen = office_at()
    case = a_case(fashen, "deciding")
    take(fashen, "zhang", "record_issued_decision", case, number="决1", irregular="已发出")
    take(fashen, "head", "correct_decision", case, what="文字", wrong="焚绕", right="焚烧")

    assert document_of(fashen, case)["decision"]["irregular"]
    assert check_all(fashen) == []


@pytest.mark.parametrize("amounts", [(500, 499), (500, 501)])
def test_instalments_that_do_not_make_up_what_is_unpaid_are_refused_in_words(amounts):
    fashen = office_at()
    case = a_case(fashen, after="serve_decision")
    parts = [{"due": "2025-03-05", "amount": n} for n in amounts]

    says_no(fashen, an_order("clerk", "ask_deferral", case, reason="经济困难", instalments=parts))
    parts = [{"due": "2025-03-05", "amount": n} for n in (500, 500)]
    take(fashen, "clerk", "ask_deferral", case, reason="经济困难", instalments=parts)
    take(fashen, "clerk", "record_payment", case, amount=100, receipt="示票1")
    says_no(fashen, an_order("head", "grant_deferral", case, why="情况属实"))


def test_what_is_chosen_again_after_it_was_withheld_waits_for_its_own_message_only():
    fashen = office_at()
    case = a_case(fashen, "in_effect")
    take(fashen, "clerk", "choose_publication", case, reason="环境违法")
    take(fashen, "clerk", "withhold_publication", case, reason="轻微案件，一般不公示")
    drain(fashen)  # nothing to publish any more
    take(fashen, "clerk", "choose_publication", case, reason="环境违法")
    take(fashen, "head", "review_publication", case)
    assert check_all(fashen) == []
    drain(fashen)
    assert document_of(fashen, case)["publication"]["receipt"]
    assert check_all(fashen) == []


@pytest.mark.parametrize(("days", "accepted"), [(-1, False), (0, True)])
def test_what_is_resumed_before_it_was_suspended_is_refused_in_words(days: int, accepted: bool):
    fashen = office_at()
    case = a_case(fashen, "investigating")
    since = fashen.clock()
    take(fashen, "head", "suspend_case", case, at=since, reason="鉴定", account="等候鉴定意见")
    order = an_order(
        "head", "resume_case", case, at=since + timedelta(days=days), because="鉴定意见已到"
    )
    if accepted:
        perform(fashen, order)
    else:
        says_no(fashen, order)
