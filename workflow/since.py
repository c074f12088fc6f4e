"""变更对照 — what of a case is different from how it stood at an earlier step, and who changed it when.

Everything comes from the ledger: the document is folded at the earlier step and compared with the fold of
all that followed, so nothing can be changed that does not show here. Bookkeeping (clocks, the reviewer's
own papers) is left out by name; whatever is new in the document shows until somebody says that it is that.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from policies.document import yuan_words
from workflow.order import label
from workflow.record import Document, Entry, apply

OPINIONS = ("return_case", "pass_review", "pass_final_review")
SUBMISSIONS = ("submit_review", "submit_final_review")

BOOKKEEPING = frozenset(
    {
        "silent", "origin", "lead", "submissions", "reviews", "questions", "reviewer", "borrowed",
        "reduction_confirmed", "clocks", "irregularities", "cards_taken_down", "supervisions",
        "publication", "payments", "refunds", "closing", "summary", "address", "related", "deferrals",
        "delegated",
    }
)  # fmt: skip
"""Parts of the document that are no part of what is reviewed, or that the page shows elsewhere."""

NAMES = {
    "act": "违法行为", "party": "当事人", "power": "案由", "officers": "承办人", "check": "核查结果",
    "recusal_declared": "回避声明", "recusal_needed": "应当回避的人", "jurisdiction": "管辖",
    "check_extended": "延长核查", "declined": "不予立案理由", "filing": "立案", "evidence": "证据",
    "correction": "责令改正", "proposal": "拟处罚意见", "notices": "告知书", "statements": "陈述申辩",
    "waivers": "放弃权利", "hearing": "听证", "third_parties": "第三人", "discussion": "集体讨论",
    "decision": "决定", "no_penalty": "不予处罚", "dispatches": "交寄公告", "services": "送达",
    "transfer": "移送公安机关", "referrals": "移送线索", "clearances": "立即代履行", "ending": "终结",
    "anew": "重新处理", "party_changes": "当事人变更", "measures": "强制措施", "recusals": "回避申请",
    "suspensions": "中止", "extensions": "延期", "remedies": "复议诉讼", "enforcements": "强制执行",
    "judgements": "书面判断", "consultations": "法律顾问意见",
}  # fmt: skip
"""Every other part of the document, as people call it."""

FIELDS = {
    "proposal.facts": "查明的事实", "proposal.elements": "逐项的违法事实", "proposal.evidence": "引用的证据",
    "proposal.violated": "违反的条文", "proposal.basis": "处罚依据", "proposal.kinds": "处罚种类",
    "proposal.fine": "罚款金额", "proposal.confiscation": "没收金额", "proposal.project_cost": "工程造价",
    "proposal.discretion": "裁量理由", "proposal.mitigation": "减轻处罚的情形", "proposal.grave": "情节复杂或者重大",
    "proposal.illegal_income": "违法所得", "proposal.refunded": "依法退赔", "proposal.also_under": "触犯的其他案由",
    "proposal.must_review": "法定审核情形", "proposal.slight": "违法行为轻微", "proposal.first_time": "初次违法",
    "proposal.no_fault": "没有主观过错", "proposal.fined_by_court": "已判处罚金", "proposal.lighter": "从轻减轻情形",
    "proposal.heavier": "从重情形", "proposal.weighed": "从轻从重的考虑", "proposal.old_and_new_law": "新旧法比较",
    "proposal.signed_by": "报告签名人",
    "act.text": "违法行为", "act.place": "地点", "act.inside_area": "在本辖区", "act.began": "行为开始",
    "act.ended": "行为终了", "act.continuing": "行为仍在继续", "act.harm": "危害", "act.business": "经营活动",
    "act.emergency": "突发事件", "act.fined_elsewhere": "其他机关的罚款",
    "party.name": "当事人", "party.kind": "当事人类别", "party.number": "证件号码", "party.number_kind": "证件种类",
    "party.number_check": "号码校验", "party.address": "住址", "party.phone": "电话", "party.minor": "未成年人",
    "party.age": "年龄段", "party.capacity": "责任能力", "party.representative": "法定代表人",
    "correction.ordered_on": "责令改正日期", "correction.content": "责令改正的内容",
    "correction.nothing_left": "没有需要改正的", "correction.checked_on": "复查日期",
    "correction.corrected": "复查结论",
}  # fmt: skip
SPLIT = ("proposal", "act", "party", "correction")
"""Parts whose fields are told one by one; of `made_on` only the rest of the proposal speaks."""

QUIET = frozenset({"proposal.made_on"})
MONEY = frozenset(
    f"proposal.{n}" for n in ("fine", "confiscation", "project_cost", "illegal_income", "refunded")
)

ITEM = {
    "kind": "种类", "name": "名称", "proves": "证明", "elements": "要件", "taken_on": "取得日期", "place": "地点",
    "maker": "制作人", "officers": "在场执法人员", "certificate_shown": "亮证", "recorder": "记录仪",
    "digest": "电子文件",
    "verified_by": "查证人", "verified_on": "查证日期", "lawful": "合法取得", "irregular": "不合规取得",
    "formalities": "形式要件", "lacking": "缺少的原因", "no_record": "未制作笔录", "device": "监控设备",
    "device_reviewed": "监控记录审核", "proves_identity": "证明身份",
}  # fmt: skip
"""The fields of an item of evidence."""

Run = tuple[Literal["same", "out", "in"], str]


@dataclass(frozen=True, slots=True)
class By:
    """A step that changed something: who, when, which verb."""

    seq: int
    name: str
    at: datetime
    entered: datetime
    verb: str

    @property
    def words(self) -> str:
        late = self.entered.date() != self.at.date()
        typed = f"（{self.entered:%m-%d} 录入）" if late else ""
        return f"{self.name}　{self.at:%m-%d %H:%M}{typed}　{label(self.verb)}"


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that is different: its text before and now, word by word, and by whom.

    `how`: `new`, `gone` or `changed`, and `back` for what was changed and changed back again.
    """

    key: str
    what: str
    how: Literal["new", "gone", "changed", "back"]
    was: str
    now: str
    by: tuple[By, ...]

    @property
    def runs(self) -> list[Run]:
        return diff(self.was, self.now)


@dataclass(frozen=True, slots=True)
class Since:
    """The comparison: with which step, and what changed since; `back` is what came back to what it was."""

    seq: int
    verb: str
    at: datetime
    changes: tuple[Changed, ...]
    back: tuple[Changed, ...] = field(default=())

    @property
    def words(self) -> str:
        return f"{self.at:%Y-%m-%d}　{label(self.verb)}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the document: its name, its text for people, and the value itself, which decides what changed."""

    what: str
    text: str = field(compare=False)
    value: Any
    fields: Mapping[str, str] = field(default_factory=dict, compare=False)
    """For an item with many fields, each one's text: of a change only what is different is told."""


class Speaker:
    """Puts values of the document into words; the office knows its people, articles and power list."""

    def person(self, id: str) -> str:
        return id

    def cite(self, cited: Mapping[str, Any]) -> str:
        return f"《{cited['statute']}》第 {cited['article']} 条{cited.get('paragraph', '')}"

    def power(self, code: str) -> str:
        return code

    def sealed(self, digest: str, kind: str) -> str:
        return "（已登记）" if digest else ""

    def code(self, value: str) -> str:
        return value

    def policy(self, id: str) -> str:
        return id


def last_opinion(entries: Sequence[Entry]) -> int:
    """The step that a review looks back to: the last opinion, before any the first submission; 0 for none."""
    verbs = [(e.seq, json.loads(e.body)["verb"]) for e in entries]
    opinions = [seq for seq, verb in verbs if verb in OPINIONS]
    sent = [seq for seq, verb in verbs if verb in SUBMISSIONS]
    return opinions[-1] if opinions else sent[0] if sent else 0


def since(entries: Sequence[Entry], seq: int, speaker: Speaker) -> Since | None:
    """What is different from how the case stood after step `seq`; None where there is no such step."""
    document: Document = {}
    base: dict[str, Piece] | None = None
    now: dict[str, Piece] = {}
    touched: dict[str, list[By]] = {}
    start: Mapping[str, Any] = {}
    for entry in entries:
        body = json.loads(entry.body)
        document = apply(document, body["change"])
        if entry.seq < seq:
            continue
        told = dict(parts(document, speaker))
        if entry.seq == seq:
            base, start = told, body
        else:
            who = _by(entry.seq, body)
            for key in {**now, **told}:
                if now.get(key) != told.get(key):
                    touched.setdefault(key, []).append(who)
        now = told
    if base is None:
        return None
    return Since(
        seq=seq,
        verb=start["verb"],
        at=datetime.fromisoformat(start["at"]),
        changes=tuple(_changes(base, now, touched)),
        back=tuple(
            Changed(key, base[key].what, "back", base[key].text, base[key].text, tuple(by))
            for key, by in touched.items()
            if key in base and base[key] == now.get(key)
        ),
    )


def _by(seq: int, body: Mapping[str, Any]) -> By:
    at, entered = (datetime.fromisoformat(body[name]) for name in ("at", "entered"))
    return By(seq, body["by"]["name"], at, entered, body["verb"])


def _changes(
    base: Mapping[str, Piece],
    now: Mapping[str, Piece],
    touched: Mapping[str, Sequence[By]],
) -> Iterator[Changed]:
    for key in {**base, **now}:
        was, told = base.get(key), now.get(key)
        if was == told:
            continue
        how: Literal["new", "gone", "changed"]
        how = "new" if was is None else "gone" if told is None else "changed"
        before, after = _texts(was, told)
        if how == "changed" and before == after:
            after += "（内容有变更，这里不显示）"  # an identity number, a telephone
        name = told.what if told else was.what if was else ""
        yield Changed(key, name, how, before, after, tuple(touched.get(key, ())))


def _texts(was: Piece | None, now: Piece | None) -> tuple[str, str]:
    """Both texts; of an item with many fields only the different ones."""
    if was is None or now is None or not was.fields or not now.fields:
        return was.text if was else "", now.text if now else ""
    names = {**was.fields, **now.fields}
    differ = [n for n in names if was.fields.get(n) != now.fields.get(n)]
    before = "；".join(was.fields[n] for n in differ if n in was.fields)
    return before, "；".join(now.fields[n] for n in differ if n in now.fields)


# — the document in named pieces ——————————————————————————————————————————————————————————


def parts(document: Document, speaker: Speaker) -> Iterator[tuple[str, Piece]]:
    """Each piece of the document that can change, with its name and its text, in reading order."""
    for name in sorted(document, key=_order):
        value = document[name]
        if name in BOOKKEEPING:
            continue
        if name in SPLIT:
            yield from _fields(name, value, speaker)
        elif name == "evidence":
            for item in value:
                told = _evidence(item, speaker)
                what = f"证据 {item['id']}　{item['name']}"
                yield f"evidence.{item['id']}", Piece(what, "；".join(told.values()), item, told)
        elif name == "judgements":
            for id, said in value.items():
                holds = "符合" if said["holds"] else "不符合"
                text = f"{said['name']}：{holds}。{said['reasons']}"
                yield f"judgements.{id}", Piece(f"书面判断　{speaker.policy(id)}", text, said)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for n, thing in enumerate(value, 1):
                what = f"{NAMES.get(name, name)}（{n}）"
                yield f"{name}.{n}", Piece(what, _words(thing, speaker), thing)
        else:
            yield name, Piece(NAMES.get(name, name), _said(name, name, value, speaker), value)


def _order(name: str) -> int:
    first = ("power", "party", "act", "proposal", "evidence", "correction")
    return first.index(name) if name in first else len(first)


def _fields(part: str, value: Mapping[str, Any], speaker: Speaker) -> Iterator[tuple[str, Piece]]:
    known = [key for key in FIELDS if key.startswith(f"{part}.")]
    order = {key.partition(".")[2]: n for n, key in enumerate(known)}
    for name in sorted(value, key=lambda n: order.get(n, len(order))):
        key = f"{part}.{name}"
        if key not in QUIET:
            what = FIELDS.get(key, f"{NAMES[part]}　{name}")
            yield key, Piece(what, _said(key, name, value[name], speaker), value[name])


def _evidence(item: Mapping[str, Any], speaker: Speaker) -> dict[str, str]:
    """One item, field by field; what is as it mostly is goes without saying."""
    told = {}
    for name in sorted(item, key=lambda n: _FIRST.index(n) if n in _FIRST else len(_FIRST)):
        value = item[name]
        if name in ("id", "name") or value == _USUAL.get(name):
            continue
        text = value[:16] if name == "digest" else _said(f"evidence.{name}", name, value, speaker)
        if text:
            told[name] = f"{ITEM.get(name, name)} {text}"
    return told


_FIRST = ("kind", "taken_on", "proves")
_USUAL = {
    "lawful": True, "irregular": False, "no_record": False, "proves_identity": False,
    "certificate_shown": "not_needed",
}  # fmt: skip

_PEOPLE = frozenset(
    {
        "officers", "signed_by", "recusal_declared", "recusal_needed", "by", "approved_by", "verified_by",
        "attendees", "replied_by", "person", "chair", "recorder",
    }
)  # fmt: skip


def _said(key: str, name: str, value: Any, speaker: Speaker) -> str:
    """One value as people read it."""
    if key in MONEY:
        return f"{yuan_words(Decimal(value))} 元"
    if key == "power":
        return speaker.power(str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str):
        if value.startswith("sealed:"):
            return speaker.sealed(value, name)
        return speaker.person(value) if name in _PEOPLE else speaker.code(value)
    if isinstance(value, list):
        if name in ("violated", "basis"):
            return "、".join(speaker.cite(c) for c in value)
        return "、".join(_said(key, name, v, speaker) for v in value)
    if isinstance(value, dict):
        return _words(value, speaker)
    return "" if value is None else str(value)


def _words(thing: Mapping[str, Any], speaker: Speaker) -> str:
    """A part that has no names for its fields: what it says, without ids and digests."""
    told = []
    for name, value in thing.items():
        if name in ("id", "digest", "grounds", "state"):
            continue
        if text := _said(name, name, value, speaker):
            told.append(text)
    return "；".join(told)


# — words ————————————————————————————————————————————————————————————————————————————————

_TOKENS = re.compile(r"\d[\d,.]*|[A-Za-z]+|\s+|.", re.DOTALL)


def diff(was: str, now: str) -> list[Run]:
    """Word by word: numbers and Latin words whole, Chinese by the character, and no crumbs between changes."""
    old, new = _TOKENS.findall(was), _TOKENS.findall(now)
    runs: list[Run] = []
    for op, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        same, out, into = "", "".join(old[a:b]), "".join(new[c:d])
        if op == "equal":
            same, out, into = out, "", ""
        runs += [r for r in (("same", same), ("out", out), ("in", into)) if r[1]]
    return _joined(runs)


def _joined(runs: list[Run]) -> list[Run]:
    """A lone character that happens to be the same between two changes belongs to both of them."""
    made: list[Run] = []
    out = into = ""
    for n, (kind, text) in enumerate(runs):
        inner = kind == "same" and len(text) < 2 and 0 < n < len(runs) - 1
        if kind == "out" or (inner and (out or into)):
            out += text
        if kind == "in" or (inner and (out or into)):
            into += text
        if kind == "same" and not (inner and (out or into)):
            made += _pair(out, into)
            out = into = ""
            made.append(("same", text))
    return made + _pair(out, into)


def _pair(out: str, into: str) -> list[Run]:
    pair: list[Run] = []
    if out:
        pair.append(("out", out))
    if into:
        pair.append(("in", into))
    return pair
