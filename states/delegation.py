"""委托 — which verbs one person may do for another, which nobody may pass on, and what the delegate must have.

Delegation here is inside one office: who signs for an absent colleague (代签). An organ that entrusts
its power to another organ (行政处罚法 20, 21) is a property of the power list. No article forbids signing
inside an office as such; what an article reserves to a person stands here with it, the rest is the
office's own rule and marked unconfirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from policies.articles import AEL, APL, TRC
from policies.lawbook import Cite
from policies.office import Person
from policies.roles import ROLE_NAMES
from states.case import CURRENT
from states.flow import Move

LEADERS = frozenset({"head", "deputy_head"})
"""行政机关负责人: the head and the deputies (最高人民法院关于适用行政诉讼法的解释 128 reads the word so)."""


@dataclass(frozen=True, slots=True)
class Reserved:
    """Why a verb may not be passed on; without an article it is the office's own rule, unconfirmed."""

    reason: str
    cite: Cite | None = None

    @property
    def told(self) -> str:
        return f"{self.reason}（{self.cite.text if self.cite else '本机关规则，未确认'}）"


_CHAIR = Reserved("听证主持人由机关指定，不能自行托人；换人由机关另行指定", APL(64, "第（四）项"))
_OWN_INTEREST = Reserved("是否应当回避只有本人能说", APL(43, "第一款"))
_FIRST_HEAD = Reserved("由正职负责人或者主持工作的负责人审批", TRC(5))
_ON_THE_SPOT = Reserved("当场处罚由在现场的执法人员作出", APL(52))
_ADVICE = Reserved("法律意见由受托的法律顾问本人提出")
_CARD = Reserved("摘牌是对超期、临期作出解释的人自己的责任")

RESERVED: dict[str, Reserved] = {
    "approve_transfer": _FIRST_HEAD,
    "refuse_transfer": _FIRST_HEAD,
    "discuss": Reserved("集体讨论由负责人本人参加", APL(57, "第二款")),
    "hold_hearing": _CHAIR,
    "report_hearing": _CHAIR,
    "suspend_hearing": _CHAIR,
    "resume_hearing": _CHAIR,
    "end_hearing": _CHAIR,
    "declare_no_interest": _OWN_INTEREST,
    "recuse_reviewer": _OWN_INTEREST,
    "start_on_spot": _ON_THE_SPOT,
    "decide_on_spot": _ON_THE_SPOT,
    "give_counsel_opinion": _ADVICE,
    "take_down_card": _CARD,
}
"""Verbs that nobody does for another, with the reason."""

LED: dict[str, Cite] = {
    "decide": APL(57, "第一款"),
    "decide_no_penalty": APL(57, "第一款"),
    "grant_recusal": APL(43, "第三款"),
    "refuse_recusal": APL(43, "第三款"),
    "approve_measure": AEL(18),
    "extend_measure": AEL(25),
    "apply_to_court": AEL(55),
}
"""Verbs that an article gives to 行政机关负责人; the other heads' verbs are theirs by the office's own rule."""

Need = Literal["", "leader", "qualification", "certificate"]

EXCLUDED = {
    "inspector": "监督员监督办案，不参与办案",
    "system": "系统不接受委托",
}
"""Roles whose holder signs for nobody, whatever other roles they have (本机关规则，未确认)."""

ONLY = frozenset({"admin", "assistant"})
"""Who has no role but these signs for nobody: no officers (行政处罚法 42), and no part in cases."""


def moves_of(verb: str) -> list[Move]:
    """The rows of the present flows that bear this verb."""
    return [m for flow in CURRENT.values() if (m := flow.verbs.get(verb))]


def own_verbs(person: Person) -> list[str]:
    """What this person may do by their own roles, in the order of the tables; nothing of the system."""
    rows = (m for flow in CURRENT.values() for m in flow.verbs.values())
    return list(dict.fromkeys(m.verb for m in rows if person.has(*m.who.roles)))


def need_of(move: Move, principal: Person) -> Need:
    """What whoever does this for that principal must have of their own.

    What a clerk may do asks for nothing; a unit head's own step is an office's internal one.
    """
    roles = move.who.roles
    if "clerk" in roles:
        return ""
    if principal.has(*(roles & LEADERS)):
        return "leader"
    if principal.has(*(roles & {"reviewer"})):
        return "qualification"
    return "certificate" if "officer" in roles else ""


def unfit(move: Move, delegate: Person, principal: Person, day: date) -> str:
    """What the delegate lacks for this verb on this day, in words; empty when nothing."""
    match need_of(move, principal):
        case "leader" if not delegate.has(*LEADERS):
            cite = LED.get(move.verb)
            return (
                f"“{move.label}”由行政机关负责人办理，只能委托其他负责人，{delegate.name}不是"
                f"（{cite.text if cite else '本机关规则，未确认'}）"
            )
        case "qualification":
            held = delegate.qualification
            if not (held and (held.licence or held.began_before_2018)):
                return (
                    f"“{move.label}”要有法制审核资格，{delegate.name}没有登记"
                    f"（{APL(58, '第二款').text}）"
                )
        case "certificate":
            if not (delegate.certificate and delegate.certificate.valid_on(day)):
                return f"“{move.label}”要有执法证，{delegate.name}在 {day} 没有有效的（{APL(42).text}）"
    return ""


def excluded(delegate: Person) -> str:
    """Why this person signs for nobody; empty when they may."""
    found = [why for role, why in EXCLUDED.items() if delegate.has(role)]
    if not found and set(delegate.roles) <= ONLY:
        names = "、".join(ROLE_NAMES[role] for role in delegate.roles)
        found = [f"{names}不办理案件"]
    return "；".join(found)
