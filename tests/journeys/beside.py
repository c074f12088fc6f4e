"""Sound forms for what runs beside a case, and for the ways out of it, for the random walks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from policies.casefile import CaseFile
from policies.dues import paid, unpaid
from policies.enforcement import DEMAND, PACKAGE
from policies.measures import SCOPE, STEPS
from policies.office import ClockProfile, Extension, Office, Pausable
from policies.transfers import MATERIALS
from states.case import ORDINARY
from states.flow import Flow, Move
from tests.builders import OFFICERS, sample_office

SIDES = {verb: side for side in ORDINARY.beside.values() for verb in side.verbs}


@cache
def office() -> Office:
    """The sample office where a made-up 规章 lets the ninety days of every item stand still and grow."""
    profile = ClockProfile(
        name="walks", title="某领域时限", source="某规章第二十条", confirmed=True,
        extensions=(Extension(days=30, approved_by="head"), Extension(approved_by="collective")),
        pausable=(Pausable(reason="鉴定", proof="委托书和鉴定意见"),),
    )  # fmt: skip
    sample = sample_office()
    items = tuple(p.model_copy(update={"clock_profile": "walks"}) for p in sample.power_list)
    return sample.model_copy(update={"clock_profiles": (profile,), "power_list": items})


def about(verb: str, case: CaseFile) -> list[Any]:
    """The things beside the case that this verb can be about."""
    side = SIDES[verb]
    able = {s.value for s in side.verbs[verb].sources}
    return [thing for thing in getattr(case, side.items) if thing.state in able]


def possible(move: Move, case: CaseFile) -> bool:
    """Whether a move has something to be about; of its own kind of thing a case keeps few."""
    side = SIDES.get(move.verb)
    if side is None:
        return True
    return (
        len(getattr(case, side.items)) < 3
        if side.verbs[move.verb].opens
        else bool(about(move.verb, case))
    )


def kinds(flow: Flow, state: str) -> list[str]:
    """The kinds of things that a case can have to do with in this state."""
    return list(dict.fromkeys(m.beside for m in flow.moves_from(state) if m.beside))


def moves_of(flow: Flow, kind: str, state: str) -> list[Move]:
    return [m for m in flow.moves_from(state) if m.beside == kind]


def court(case: CaseFile, today: date) -> tuple[str, ...]:
    """What leads to the court with a fine that is long unpaid; nothing where the case is not on this way."""
    served = case.decision_served
    if served is None or case.payments or today < served.served_on + timedelta(190):
        return ()
    running = [e for e in case.enforcements if e.state in COURT]
    if not running:
        return ("serve_demand",) if len(case.enforcements) < 3 else ()
    return COURT[running[-1].state]


def goes_on(flow: Flow, state: str, case: CaseFile) -> list[str]:
    """The verbs that take one of the things beside the case further."""
    return [
        m.verb for m in flow.moves_from(state)
        if m.beside and not flow.beside[m.beside].verbs[m.verb].opens and about(m.verb, case)
    ]  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """The case, the moment, the variant (0 is what the law likes), a number that no other form has."""

    case: CaseFile
    now: datetime
    w: int
    n: int

    @property
    def today(self) -> str:
        return self.now.date().isoformat()

    def item(self, things: Any) -> dict[str, Any]:
        """Which thing beside the case: the last one, or none is named."""
        return {"item": things[-1].id} if things and self.w < 6 else {}

    def of(self, verb: str) -> dict[str, Any]:
        """Which thing beside the case: one that the verb can be about, or none is named."""
        return self.item(about(verb, self.case))


def take_measure(asked: Asked) -> dict[str, Any]:
    w, seizure = asked.w, asked.n % 2
    form: dict[str, Any] = {
        "kind": "扣押" if seizure else "先行登记保存", "objects": "水泥二十袋", "reason": "可能被转移",
        "officers": OFFICERS if w < 7 else ["zhang"], "list_handed_over": True,
    }  # fmt: skip
    if seizure:
        number = f"示街扣决〔{asked.now.year}〕{asked.n}号"
        form |= {
            "basis": "某条例第二十条",
            "steps": list(STEPS),
            "scope": list(SCOPE if w != 5 else SCOPE[:1]),
            "number": number,
        }
    if w in (1, 4) or asked.n % 3 == 0:
        return form | {"urgent": True}
    approved = {"approved_at": asked.now.isoformat(), "approved_by": "head", "approved_how": "电话"}
    return form | approved


ENDINGS = ("upheld", "changed", "withdrawn", "revoked", "refused", "mediated", "unanswered")


def record_remedy_result(asked: Asked) -> dict[str, Any]:
    ended = ENDINGS[asked.n % len(ENDINGS)]
    after = {"fine_after": 300} if ended == "changed" and asked.w != 5 else {}
    received = (asked.now - timedelta(asked.n % 20)).date().isoformat()
    return {
        "ended": ended, "received": received, "document": f"裁判文书{asked.n}号", **after,
        **asked.of("record_remedy_result"),
    }  # fmt: skip


def serve_demand(asked: Asked) -> dict[str, Any]:
    """Served some weeks ago, where that is not before the decision was."""
    served = asked.case.decision_served
    on = asked.now.date() - timedelta(20)
    early = (
        {"served_on": on.isoformat()} if served and on > served.served_on + timedelta(20) else {}
    )
    return {"demand": list(DEMAND[: 4 if asked.w < 7 else 2]), "proof": "送达回证", **early}


def ask_deferral(asked: Asked) -> dict[str, Any]:
    due = (asked.now + timedelta(30 * (1 + asked.w))).date().isoformat()
    left = unpaid(asked.case) if asked.w < 6 else 100
    return {"reason": "确有经济困难", "instalments": [{"due": due, "amount": str(left or 1)}]}


def record_refund(asked: Asked) -> dict[str, Any]:
    left = paid(asked.case) - sum(r.amount for r in asked.case.refunds)
    return {"amount": str(min(left, 10) or 1), "receipt": f"退款凭证{asked.n}号"}


Form = Callable[[Asked], dict[str, Any]]


def answer(verb: str) -> Form:
    """Yes or no to what somebody asked for."""
    return lambda asked: {"why": "写明的理由", **asked.of(verb)}


FORMS: dict[str, Form] = {
    "take_measure": take_measure,
    "record_testing": lambda a: {
        "since": a.today, "until": a.today, "proof": "检测期间告知书", **a.of("record_testing"),
    },
    "approve_measure": lambda a: {"how": "书面", **a.of("approve_measure")},
    "extend_measure": lambda a: {"reason": "情况复杂，已书面告知", **a.of("extend_measure")},
    "end_measure": lambda a: {"how": "退还", "proof": "退还清单", **a.of("end_measure")},
    "lift_measure": lambda a: {"reason": "不再需要", "proof": "解除决定书", **a.of("lift_measure")},
    "report_crime": lambda a: {
        "reason": "涉嫌犯罪", "officers": OFFICERS if a.w < 7 else ["zhang"],
    },
    "approve_transfer": lambda a: {},
    "refuse_transfer": lambda a: {"reason": "不构成犯罪"},
    "hand_over_to_police": lambda a: {
        "receiver": "公安分局", "receipt": "回执", "materials": list(MATERIALS[: 3 if a.w < 7 else 1]),
    },
    "police_file": lambda a: {"proof": "立案通知书"},
    "archive_transferred": lambda a: {"result": "判决书"},
    "take_back": lambda a: {"back_from": "检察院", "back_with": "不起诉决定书"},
    "police_decline": lambda a: {"proof": "不予立案通知书"},
    "object_to_police": lambda a: {"reason": "有新的证据"},
    "hand_over_goods": lambda a: {"proof": "交接清单"},
    "refer_clue": lambda a: {
        "receiver": "区监察委员会", "gist": "有人为当事人说情并收受财物", "receipt": "移送函1号" if a.w < 7 else "",
    },
    "transfer_out": lambda a: {"to": "市场监督管理局", "reason": "不属于本机关职权"},
    "withdraw_filing": lambda a: {"reason": "不符合立案条件"},
    "terminate": lambda a: {"reason": "当事人死亡"},
    "join_into": lambda a: {"to": "另案", "reason": "同一行为"},
    "ask_recusal": lambda a: {
        "person": ["deputy", "chair"][a.n % 2] if a.w < 7 else "谁", "asked_by": "当事人",
        "reason": "与举报人是亲属",
    },
    "suspend_case": lambda a: {
        "reason": ["鉴定", "须以另案结果为依据"][a.n % 2], "account": "等待结果",
    },
    "resume_case": lambda a: {
        "because": "已收到鉴定意见", "proof": "鉴定意见" if a.w < 5 else "", **a.of("resume_case"),
    },
    "ask_extension": lambda a: {"days": 30, "reason": "等待鉴定意见"},
    "grant_extension": lambda a: {
        "why": "情况属实", "collective": a.w == 5, **a.of("grant_extension"),
    },
    "ask_deferral": ask_deferral,
    "record_remedy": lambda a: {
        "kind": ["review", "suit"][a.n % 2], "began": a.today, "body": "复议机关或者法院",
        "summary": a.w == 5, "appealed": a.n % 8 == 7,
        **({"copy_received": a.today} if a.w % 2 == 0 else {}),
    },
    "answer_remedy": lambda a: {"answered_with": "答复书、证据清单", **a.of("answer_remedy")},
    "take_down_card": lambda a: {
        "clock": min(a.case.clocks, key=lambda c: a.case.clocks[c].ends, default="decision"),
        "reason": "等待鉴定意见，已督促" if a.w < 7 else "",
    },
    "lift_stay": lambda a: {"by": "法院裁定", **a.of("lift_stay")},
    "clear_at_once": lambda a: {
        "what": "遗洒物", "where": "道路", "spot": "西杜庄村口", "by": "示例保洁公司", "proof": "照片三张",
        "unable": "" if a.w == 7 else "不在场，联系不上", "party_present": a.w % 2 == 0, "cost": "300",
    },
    "stay_execution": lambda a: {"by": "法院裁定", **a.of("stay_execution")},
    "record_remedy_result": record_remedy_result,
    "appeal_remedy": lambda a: {"body": "上级法院", **a.of("appeal_remedy")},
    "settle_remedy": lambda a: a.of("settle_remedy"),
    "correct_own_decision": lambda a: {
        "ended": "changed" if a.w < 5 else "revoked", "document": "纠正决定", "reason": "计算有误",
        **({"fine_after": 400} if a.w < 5 else {}),
    },
    "serve_demand": serve_demand,
    "hear_demand": lambda a: {"heard": "没有新的理由", **a.of("hear_demand")},
    "apply_to_court": lambda a: {
        "court": "示例区人民法院", "package": list(PACKAGE[: 4 if a.w < 7 else 2]),
        **a.of("apply_to_court"),
    },
    "court_grants": lambda a: {"document": "裁定书", **a.of("court_grants")},
    "court_refuses": lambda a: {
        "document": "裁定书", "ruling": ["不予受理", "不准予执行"][a.n % 2], **a.of("court_refuses"),
    },
    "order_performance": lambda a: {
        "document": "代履行决定书", "by": "某公司", "plan": "清运，费用二百元",
        "perform_on": (a.now + timedelta(7)).date().isoformat(), **a.of("order_performance"),
    },
    "order_demolition": lambda a: {
        "document": "强制拆除决定书", "plan": "清场后拆除", **a.of("order_demolition"),
    },
    "agree_execution": lambda a: {
        "terms": "三十日内缴清", "until": (a.now + timedelta(30)).date().isoformat(),
        "fine": str(unpaid(a.case) if a.w < 7 else 0), **a.of("agree_execution"),
    },
    "record_supervision": lambda a: {
        "kind": ["行政复议意见书", "检察建议书"][a.n % 2], "sender": "某机关", "number": f"文{a.n}号",
        "received": a.today, "content": "依法处理",
        **({"due": (a.now + timedelta(60)).date().isoformat()} if a.n % 2 and a.w < 7 else {}),
    },
    "open_supervision": lambda a: {
        "content": "说明未按期公示的原因", "to": ["head", "zhang"][a.w == 7], "workdays": 1 + a.n % 9,
    },
    "consult_counsel": lambda a: {"counsel": ["counsel", "zhang"][a.w == 7], "question": "定性是否恰当"},
    "give_counsel_opinion": lambda a: {"opinion": "定性恰当", **a.of("give_counsel_opinion")},
    "withdraw_consultation": lambda a: {"reason": "已经查明", **a.of("withdraw_consultation")},
    "answer_supervision": lambda a: {"answer": "已办理", **a.of("answer_supervision")},
    "suspend_execution": lambda a: {"reason": "暂无履行能力", **a.of("suspend_execution")},
    "resume_execution": lambda a: a.of("resume_execution"),
    "record_execution": lambda a: {"result": "已执行", **a.of("record_execution")},
    "end_execution": lambda a: {
        "ground": "执行标的灭失", "reason": "查明属实", **a.of("end_execution"),
    },
    "return_publication": lambda a: {"reason": "违法事实写得过细"},
    "review_publication": lambda a: {"digest": "不是这一份"} if a.w == 7 else {},
    "correct_publication": lambda a: {"reason": "地点写错", "facts": f"更正后的事实之{'一二三四'[a.n % 4]}"},
    "withdraw_publication": lambda a: {"reason": "决定已变更"},
    "record_withdrawal": lambda a: {"receipt": f"下架{a.n}", "withdrawn_on": a.today},
    "repair_credit": lambda a: {"asked_on": a.today, "granted": a.w % 2 == 0, "reason": "已履行"},
    "lapse_publication": lambda a: {},
    "record_refund": record_refund,
    "change_party": lambda a: {"what": "更名", "name": f"示例有限公司{a.n}", "proof": "登记通知书"},
}  # fmt: skip
"""Verb → a form that can be read, and for w = 0 one that the law likes."""

for _verb in (
    "grant_recusal", "refuse_recusal", "refuse_extension", "grant_deferral", "refuse_deferral",
):  # fmt: skip
    FORMS[_verb] = answer(_verb)

ABOUT_MEASURES = (
    "approve_measure",
    "extend_measure",
    "record_testing",
    "end_measure",
    "lift_measure",
)

TURNS = (1, 4, 6)
"""In these variants of a step what runs beside the case goes first."""

NEVER = {"order_demolition", "order_performance"}
"""What no walk can do by the law: it orders nothing to be pulled down, and what it fines has burnt away."""

COURT = {
    "enforcement.demanded": (
        "apply_to_court", "hear_demand", "agree_execution", "suspend_execution",
    ),
    "enforcement.applied": ("court_grants", "court_refuses"),
    "enforcement.refused": ("court_grants", "end_execution"),
    "enforcement.granted": ("record_execution", "end_execution"),
    "enforcement.performing": ("record_execution", "suspend_execution"),
    "enforcement.agreed": ("resume_execution", "record_execution"),
    "enforcement.suspended": ("resume_execution", "end_execution"),
}  # fmt: skip
"""State of an enforcement → the verbs that lead on."""

WAY_ON = {
    "transferring": ("approve_transfer", "approve_transfer", "refuse_transfer"),
    "handing_over": ("hand_over_to_police",),
    "with_police": ("police_decline", "police_file"),
    "transferred": ("hand_over_goods", "take_back", "archive_transferred"),
}
"""State → the verbs that lead on; the one tried least is taken."""
