"""Where each rule of the rule digest lives: policy, parameter, or later, and which tests name it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from policies.core import POLICIES
from policies.lawbook import register
from states.terms import TERMS

_SPANS = (
    (1, 17), (20, 30), (40, 52), (60, 70), (80, 91), (100, 107), (110, 123), (130, 148), (150, 173),
    (180, 190), (200, 225), (230, 242), (250, 258), (270, 279), (290, 296), (300, 307),
)  # fmt: skip
RULES = tuple(f"R{n:03}" for first, last in _SPANS for n in range(first, last + 1))
"""The ids of the rule digest that this program answers for."""

_LATER = {
    "随文书制作实现：各种文书用统一的格式和版本": ("R293",),
    "随归档实现：应当归档的材料、保管期限、副卷的查阅权限": ("R294", "R296"),
    "随监督功能实现：查封扣押物品损坏的赔偿和数据报送": ("R303", "R307"),
}  # fmt: skip
"""What a capability that is not built yet will carry; nothing stands here that exists."""

_CARRIED = {
    "R016": (
        "workflow.web.public:about",
        "公示栏的事前公示一页：实施机关、执法人员和证件、权力事项和依据、程序、救济渠道和投诉电话",
    ),
    "R241": (
        "workflow.commands.publicity:correct_publication",
        "公示的信息不准确的更正，另一人审查后换成新的一版，理由和经过登记在案",
    ),
    "R068": (
        "workflow.commands.transfers:withdraw_filing",
        "不符合立案条件的撤销立案，由负责人办理，理由登记在案",
    ),
    "R088": (
        "workflow.commands.measures:record_testing.proof",
        "检测鉴定的起止和书面告知的文书登记了才不计入期限；费用由机关承担，没有可以登记由当事人负担的地方",
    ),
    "R141": (
        "workflow.commands.hearing:arrange_hearing.closed_because",
        "听证公开举行；不公开只能选三种法定原因之一",
    ),
    "R188": ("workflow.commands.dispatch:record_address", "送达地址确认书由当事人签名后登记"),
    "R206": (
        "workflow.commands.afterwards:record_payment.receipt",
        "缴款凭证登记在案；款项经银行缴入国库，本机关没有可以登记留用的地方",
    ),
    "R207": (
        "workflow.commands.requests:grant_deferral",
        "当事人申请、负责人批准暂缓或者分期；各期的日期代替十五日，期内不加处罚款",
    ),
    "R278": (
        "workflow.commands.transfers:transfer_out.receipt",
        "不属于本机关管辖的移送有管辖权的机关，移送函和回执登记在案，本案留存",
    ),
    "R301": (
        "workflow.trail:trail",
        "越过提示、不合规登记、摘牌、补录和被拒绝的办理，连同人员和理由列入责任追溯",
    ),
    "R305": (
        "workflow.supervising:running",
        "该办没有办的：逾期的线索和期限列入红牌清单，按机关汇总",
    ),
    "R300": (
        "workflow.commands.relief:correct_own_decision",
        "发现决定有错误的，由负责人自行变更或者撤销；已公示的应当撤回，已缴的应当退还",
    ),
}
"""What only has to be on record: the verb, and where one field is meant the field, that records it."""

_UNREAD = {
    "R008": "数值备查：请求其他机关协助没有单独的一步，答复期限由承办人自行催办",
    "R213": "数值备查：只适用于有强制执行权的机关，街道办事处申请人民法院执行",
    "R231": "数值备查：公示的期限按更短的 publication.shuanggongshi 计算",
    "R233": "数值备查：权力清单没有标明哪些事项属于住建领域；要按它的，把 publication.shuanggongshi 设为 7 个自然日",
    "R252": "数值备查：当事人向本机关递交的复议申请，转送没有单独的一步",
    "R255": "数值备查：约束复议机关，不是本机关的期限",
    "R292": "数值备查：音像记录在案件以外的系统里上传，只作提醒",
    "R295": "数值备查：保管期限随归档实现",
}
"""Numbers that stand in the register with their source and that no step reads, and why."""

_READ_BY_CLOCKS = {"decision.deadline", "statement_defence.period"}
"""Lengths that a function of `states/clocks.py` reads, since the case itself may change them."""

_OUT_OF_SCOPE = {
    "R238": "外系统的规章，只供参照，不约束街道；公示的类别和期限按 R239",
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
    kind, where, names, reason = _carrier(rule)
    tests = sorted(
        {file for file, text in told.items() if any(_named(n, text) for n in (rule, *names))}
    )
    return {
        "rule": rule,
        "kind": kind,
        "where": "、".join(where),
        "tests": tests,
        "reason": reason,
    }


def _carrier(rule: str) -> tuple[str, list[str], list[str], str]:
    """Kind, places, the names that a test would use, and what is to be said about it."""
    policies = [p for p in POLICIES.values() if rule in p.rules]
    numbers = {p.key for p in register().parameters() if rule in p.rules}
    if policies:
        where = [f"{inspect.getmodule(p.asks).__name__}:{p.id}" for p in policies]  # type: ignore[union-attr]
        return "policy", where, [p.id for p in policies], ""
    if numbers:
        kind = "clock" if numbers & _counted() else "parameter"
        where = [f"policies.law:{key}" for key in sorted(numbers)]
        return kind, where, sorted(numbers), _UNREAD.get(rule, "")
    if rule in _CARRIED:
        place, how = _CARRIED[rule]
        return "document", [place], [place.partition(":")[2].partition(".")[0]], how
    if rule in _OUT_OF_SCOPE:
        return "out_of_scope", [], [], _OUT_OF_SCOPE[rule]
    return "later", [], [], next(why for why, rules in _LATER.items() if rule in rules)


def _counted() -> set[str]:
    """The keys of lengths that clocks count."""
    return {t.span for t in TERMS.values() if isinstance(t.span, str)} | _READ_BY_CLOCKS


def _named(name: str, text: str) -> bool:
    # Most names stand in few files, and to look for them as they are takes a thirtieth of the time.
    return name in text and re.search(rf"(?<![\w.]){re.escape(name)}(?![\w])", text) is not None


def _tests() -> dict[str, str]:
    """The text of every test and scenario of this checkout; empty where the program is installed."""
    root = Path("tests")
    return {str(f): f.read_text("utf-8") for f in _files(root)}


def _files(root: Path) -> Iterator[Path]:
    for ending in ("*.py", "*.yaml"):
        yield from sorted(root.rglob(ending))
