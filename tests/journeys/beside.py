"""Sound forms for what runs beside a case, and for the ways out of it, for the random walks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from policies.casefile import CaseFile
from policies.measures import SCOPE, STEPS
from policies.transfers import MATERIALS
from tests.builders import OFFICERS


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
    if w in (1, 4):
        return form | {"urgent": True}
    approved = {"approved_at": asked.now.isoformat(), "approved_by": "head", "approved_how": "电话"}
    return form | approved


Form = Callable[[Asked], dict[str, Any]]

FORMS: dict[str, Form] = {
    "take_measure": take_measure,
    "record_testing": lambda a: {
        "since": a.today, "until": a.today, "proof": "检测期间告知书", **a.item(a.case.measures),
    },
    "approve_measure": lambda a: {"how": "书面", **a.item(a.case.measures)},
    "extend_measure": lambda a: {"reason": "情况复杂，已书面告知", **a.item(a.case.measures)},
    "end_measure": lambda a: {"how": "退还", "proof": "退还清单", **a.item(a.case.measures)},
    "lift_measure": lambda a: {"reason": "不再需要", "proof": "解除决定书", **a.item(a.case.measures)},
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
    "change_party": lambda a: {"what": "更名", "name": f"示例有限公司{a.n}", "proof": "登记通知书"},
}  # fmt: skip
"""Verb → a form that can be read, and for w = 0 one that the law likes."""

ABOUT_MEASURES = (
    "approve_measure",
    "extend_measure",
    "record_testing",
    "end_measure",
    "lift_measure",
)

WAY_ON = {
    "transferring": ("approve_transfer", "approve_transfer", "refuse_transfer"),
    "handing_over": ("hand_over_to_police",),
    "with_police": ("police_decline", "police_file"),
    "transferred": ("hand_over_goods", "take_back", "archive_transferred"),
}
"""State → the verbs that lead on, taken in turn."""
