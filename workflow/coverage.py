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
    (range(100, 108), "查封、扣押随完整程序实现"),
)
_LATER_BY_ID = {
    "R011": "随查封、扣押的流程实现；机关文件已登记 may_seize，受委托的事项登记了的不予载入（行政强制法 17）",
    "R016": "随公众页面实现：公布实施机关、立案依据、程序和救济渠道，不是一件案件的条件",
    "R046": "随当事人申请回避的案旁流程实现；声明应当回避的人由 officers.no_interest 拒绝",
    "R068": "随撤销立案的动作实现",
    "R086": "随先行登记保存的案旁流程实现",
    "R087": "随先行登记保存的案旁流程实现",
    "R088": "随查封、扣押和检测、鉴定的案旁流程实现",
}
_OUT_OF_SCOPE = {
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
    clocks = {p.key for p in numbers} & {
        t.span for f in CURRENT.values() for t in f.every_term if isinstance(t.span, str)
    }
    if policies:
        kind = "policy"
        where = [f"{inspect.getmodule(p.asks).__name__}:{p.id}" for p in policies]  # type: ignore[union-attr]
        names = [p.id for p in policies]
    elif numbers:
        kind = "clock" if clocks else "parameter"
        where = sorted({f"policies.law:{p.key}" for p in numbers})
        names = [p.key for p in numbers]
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
        "reason": "" if where else _reason(rule),
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
