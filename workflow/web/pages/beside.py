"""并行事项 — what runs beside a case, as its page shows it: what, since when, until when, what can be done.

Also the groups into which the page sorts the moves of the case itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from policies.casefile import CaseFile
from policies.document import Thing
from states.case import CURRENT
from states.flow import Flow
from workflow.preview import Choice
from workflow.times import beijing
from workflow.web.pages.countdown import Countdown
from workflow.web.pages.render import minute, yuan

SIDES = {
    "measure": "强制措施",
    "recusal": "回避",
    "suspension": "中止",
    "extension": "延期",
    "deferral": "暂缓分期",
    "remedy": "复议诉讼",
    "enforcement": "强制执行",
    "supervision": "督促文书",
    "consultation": "法律咨询",
}
"""What to call a lifecycle beside the case; a test holds it to the tables."""

RESULTS = {
    "upheld": "维持、驳回诉讼请求",
    "changed": "变更",
    "revoked": "撤销、确认违法或者无效",
    "mediated": "调解",
    "withdrawn": "准予撤回",
    "refused": "不予受理或者驳回",
    "unanswered": "复议期满没有决定",
}
"""How a remedy can end (`RemedyTaken.ended`)."""

Names = Mapping[str, str]
Line = tuple[str, str]
"""A word and what it says, for a list of two columns."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing beside the case; `over` when nothing can become of it any more."""

    id: str
    kind: str
    told: str
    state: str
    over: bool
    lines: tuple[Line, ...]
    clocks: tuple[Countdown, ...]
    choices: tuple[Choice, ...]


def items(
    case: CaseFile,
    names: Names,
    running: Sequence[Countdown],
    choices: Sequence[Choice],
) -> list[Item]:
    """The things that still run before those that are over, each kind in the order of the tables."""
    found = []
    for side, thing in things(case):
        state = side.state(thing.state)
        found.append(
            Item(
                id=thing.id,
                kind=SIDES[side.name],
                told=about(thing, names),
                state=state.label,
                over=state in side.finals,
                lines=tuple(line for line in _LINES[side.name](thing, names) if line[1]),
                clocks=tuple(c for c in running if c.clock.endswith(f":{thing.id}")),
                choices=tuple(c for c in choices if c.item == thing.id),
            )
        )
    return sorted(found, key=lambda item: item.over)


def things(case: CaseFile) -> Iterator[tuple[Flow, Thing]]:
    """Everything beside a case, each with its lifecycle; the ordinary procedure knows them all."""
    for side in CURRENT["ordinary"].beside.values():
        yield from ((side, thing) for thing in getattr(case, side.items))


def about(thing: Thing, names: Names) -> str:
    """What it is in a few words; a person by name."""
    person = getattr(thing, "person", "")
    return thing.told.replace(person, names.get(person, person), 1) if person else thing.told


def item_words(thing: Thing, names: Names) -> str:
    """扣押：水泥二十袋（m2）: what it is and the name by which a form knows it."""
    return f"{about(thing, names)}（{thing.id}）"


# — what each kind has to say —————————————————————————————————————————————————————————————


def _decided(x: Any, names: Names) -> list[Line]:
    by = names.get(getattr(x, "decided_by", ""), "")
    return [("决定", f"{_day(x.decided_on)}　{by}".strip("　")), ("理由", x.why)]


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _with(day: date | None, *more: str) -> str:
    """A day and what belongs to it; nothing without the day."""
    return "　".join(word for word in (_day(day), *more) if word) if day else ""


def _measure(x: Any, names: Names) -> list[Line]:
    approved = x.approved_at and "　".join(
        (minute(beijing(x.approved_at)), names.get(x.approved_by, ""), x.approved_how)
    )
    tested = "、".join(f"{i.since} 至 {i.until}" for i in x.testing)
    return [
        ("采取", f"{minute(beijing(x.taken_at))}{'　紧急' * x.urgent}"),
        ("批准", approved or "还没有批准"),
        ("决定书", x.number),
        ("检测鉴定", tested),
        ("延长", _with(x.extended_on, x.extended_because)),
        ("处理", _with(x.ended_on, x.ended_as, x.ended_with)),
    ]


def _recusal(x: Any, names: Names) -> list[Line]:
    return [("申请", f"{x.asked_on}　{x.asked_by}提出"), *_decided(x, names)]


def _suspension(x: Any, names: Names) -> list[Line]:
    return [
        ("中止", f"{x.since}　{names.get(x.approved_by, '')}"),
        ("情况", x.account),
        ("恢复", _with(x.until, x.resumed_because)),
        ("证明", x.proof),
    ]


def _extension(x: Any, names: Names) -> list[Line]:
    return [("申请", f"{x.asked_on}　{x.reason}"), *_decided(x, names)]


def _deferral(x: Any, names: Names) -> list[Line]:
    plan = "、".join(f"{i.due} {yuan(i.amount)}" for i in x.instalments)
    return [("申请", f"{x.asked_on}　{x.reason}"), ("各期", plan), *_decided(x, names)]


def _remedy(x: Any, names: Names) -> list[Line]:
    fine = f"罚款变为 {yuan(x.fine_after)}" if x.fine_after is not None else ""
    return [
        ("申请、起诉" if x.kind != "own" else "决定", _day(x.began)),
        ("收到副本", _day(x.copy_received)),
        ("答复答辩", _with(x.answered_on)),
        ("停止执行", _with(x.stayed_on, x.stayed_by)),
        ("解除停止执行", _day(x.stay_lifted_on)),
        ("结果", _with(x.received, RESULTS.get(x.ended, ""), x.document, fine)),
    ]


def _enforcement(x: Any, names: Names) -> list[Line]:
    return [
        ("催告", f"{x.demanded_on}　{yuan(x.amount)}"),
        ("申辩", x.heard),
        (x.way or "方式", _with(x.decided_on, x.court)),
        ("公告", _with(x.announced_on, f"限期至 {x.leave_until}", x.empowered_by)),
        ("协议", _with(x.agreed_on, f"至 {x.agreed_until}", x.agreement)),
        ("没有履行协议", _day(x.broken_on)),
        ("裁定", _with(x.ruled_on, x.ruling, x.ruled_because)),
        ("中止", _with(x.suspended_on, x.suspended_because)),
        ("结果", _with(x.ended_on, x.ended_as, x.result)),
    ]


def _supervision(x: Any, names: Names) -> list[Line]:
    return [
        ("发文", f"{x.sender}　{x.number}"),
        ("收到", _with(x.received, x.content)),
        ("期限", _day(x.due)),
        ("答复", _with(x.answered_on, x.answer)),
    ]


def _consultation(x: Any, names: Names) -> list[Line]:
    return [
        ("请", f"{names.get(x.counsel, x.counsel)}　{names.get(x.asked_by, '')}请"),
        ("问题", x.question),
        ("意见", _with(x.answered_on, x.opinion)),
        ("撤回", _with(x.withdrawn_on, x.withdrawn_because)),
    ]


_LINES: dict[str, Callable[[Any, Names], list[Line]]] = {
    "measure": _measure,
    "recusal": _recusal,
    "suspension": _suspension,
    "extension": _extension,
    "deferral": _deferral,
    "remedy": _remedy,
    "enforcement": _enforcement,
    "supervision": _supervision,
    "consultation": _consultation,
}


# — the moves of the case, by what they are for ———————————————————————————————————————————

GROUPS: dict[str, tuple[str, ...]] = {
    "证据和当事人": (
        "name_party", "change_party", "describe_act", "assign_officers", "add_evidence",
        "verify_evidence", "order_correction", "check_correction",
    ),
    "强制措施": ("measure",),
    "回避、中止、延期": ("declare_no_interest", "recusal", "suspension", "extension"),
    "履行、救济、执行": (
        "record_payment", "record_refund", "deferral", "remedy", "enforcement", "clear_at_once",
    ),
    "公示之后": (
        "correct_publication", "withdraw_publication", "record_publication", "record_withdrawal", "repair_credit",
    ),
    "法律咨询": ("consultation",),
    "监督": ("supervision", "take_down_card"),
    "退出与移送": (
        "report_crime", "object_to_police", "refer_clue", "transfer_out", "withdraw_filing", "terminate", "join_into",
    ),
}  # fmt: skip
"""Verbs and lifecycles beside the case by what they are for; the rest belongs to the step itself."""

HERE, IRREGULAR = "本环节", "如实登记"


@dataclass(frozen=True, slots=True)
class Group:
    """Moves for one purpose; those of the visitor come first."""

    title: str
    choices: tuple[Choice, ...]

    @property
    def told(self) -> str:
        mine = sum(1 for c in self.choices if c.mine)
        refused = sum(1 for c in self.choices if c.verdict == "refused")
        words = [f"{len(self.choices)} 项"]
        if mine < len(self.choices):
            words.append(f"{mine} 项由您办" if mine else "都由他人办")
        if refused:
            words.append(f"{refused} 项现在不能办")
        return "，".join(words)


def groups(choices: Sequence[Choice]) -> list[Group]:
    """What belongs to the step first; recording what went wrong stands apart from what goes right."""
    sorted_out: dict[str, list[Choice]] = {t: [] for t in (HERE, *GROUPS, IRREGULAR)}
    for choice in sorted(choices, key=lambda c: not c.mine):
        sorted_out[_group(choice)].append(choice)
    return [Group(title, tuple(found)) for title, found in sorted_out.items() if found]


def _group(choice: Choice) -> str:
    move = choice.move
    if move.irregular == "must":
        return IRREGULAR
    names = {move.verb, move.beside}
    return next((title for title, known in GROUPS.items() if names.intersection(known)), HERE)
