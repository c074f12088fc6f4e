"""Where each rule of the rule digest lives: policy, parameter, or later, and which tests name it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from policies.core import POLICIES
from policies.lawbook import register
from states.case import CURRENT

_SPANS = (
    (1, 17), (20, 30), (40, 52), (60, 70), (80, 91), (100, 107), (110, 123), (130, 148), (150, 173),
    (180, 190), (200, 225), (230, 242), (250, 258), (270, 279), (290, 296), (300, 307),
)  # fmt: skip
RULES = tuple(f"R{n:03}" for first, last in _SPANS for n in range(first, last + 1))
"""The ids of the rule digest that this program answers for."""

_LATER = (
    (range(230, 243), "公示的完整规则随公示功能实现"),
    (range(250, 259), "复议、诉讼、赔偿随完整程序实现"),
    (range(270, 280), "移送随完整程序实现"),
    (range(300, 308), "监督与责任随督察功能实现"),
    (range(155, 156), "扣除的期间随“中止”附属流程登记；在那以前一天也不扣除，按最严的算"),
    (range(100, 108), "查封、扣押随完整程序实现"),
)
_LATER_BY_ID = {
    "R016": "随公众页面实现：公布实施机关、立案依据、程序和救济渠道，不是一件案件的条件",
}
_CARRIED = {
    "R141": (
        "workflow.commands.hearing:arrange_hearing.closed_because",
        "听证公开举行；不公开只能选三种法定原因之一",
    ),
    "R188": ("workflow.commands.dispatch:record_address", "送达地址确认书由当事人签名后登记"),
}
"""What only has to be on record: the field or verb that records it, and how."""

_READ_BY_CLOCKS = {"decision.deadline", "statement_defence.period"}
"""Lengths that a function of `states/clocks.py` reads, since the case itself may change them."""

_OUT_OF_SCOPE = {
    "R138": "听证不收费：没有一处可以登记或者收取听证费用，没有可以判断的事实",
    "R173": "不是一步的条件：每条规则的级别（不能越过、须写明理由、只作记录）就是这张轻重对照",
    "R051": "设计原则：不把罚款数额作为考核指标，没有可以判断的案件事实",
    "R090": "由大事记整体保证（不可改、可核验），不是一步的条件",
    "R091": "由查看权限、掩码和密钥摘要整体保证（决定记录 0004），不是一步的条件",
}


def coverage() -> list[dict[str, Any]]:
    """One object per rule id: what kind of thing carries it, where, tested where, or why not yet."""
    told = _tests()
    return [_row(rule, told) for rule in RULES]


def _row(rule: str, told: dict[str, str]) -> dict[str, Any]:
    policies = [p for p in POLICIES.values() if rule in p.rules]
    numbers = [p for p in register().parameters() if rule in p.rules]
    counted = {t.span for f in CURRENT.values() for t in f.every_term if isinstance(t.span, str)}
    clocks = {p.key for p in numbers} & (counted | _READ_BY_CLOCKS)
    if policies:
        kind = "policy"
        where = [f"{inspect.getmodule(p.asks).__name__}:{p.id}" for p in policies]  # type: ignore[union-attr]
        names = [p.id for p in policies]
    elif numbers:
        kind = "clock" if clocks else "parameter"
        where = sorted({f"policies.law:{p.key}" for p in numbers})
        names = [p.key for p in numbers]
    elif rule in _CARRIED:
        kind, where, names = "document", [_CARRIED[rule][0]], []
    else:
        kind = "out_of_scope" if rule in _OUT_OF_SCOPE else "later"
        where, names = [], []
    tests = sorted(
        {file for file, text in told.items() if any(_named(n, text) for n in (rule, *names))}
    )
    return {
        "rule": rule,
        "kind": kind,
        "where": "、".join(where),
        "tests": tests,
        "reason": _CARRIED[rule][1] if rule in _CARRIED else "" if where else _reason(rule),
    }


def _named(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(name)}(?![\w])", text) is not None


def _reason(rule: str) -> str:
    if rule in _LATER_BY_ID:
        return _LATER_BY_ID[rule]
    number = int(rule[1:])
    for numbers, why in _LATER:
        if number in numbers:
            return why
    return _OUT_OF_SCOPE.get(rule, "随完整的法律与程序实现")


def _tests() -> dict[str, str]:
    """The text of every test and scenario of this checkout; empty where the program is installed."""
    root = Path("tests")
    return {str(f): f.read_text("utf-8") for f in _files(root)}


def _files(root: Path) -> Iterator[Path]:
    for ending in ("*.py", "*.yaml"):
        yield from sorted(root.rglob(ending))
