"""改了什么 — two versions of an office file compared in words: what is added, removed, changed, and from when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from policies.casefile import Citation
from policies.lawbook import register
from policies.office import Office
from policies.roles import ROLE_NAMES

Kind = Literal["增加", "删去", "改动"]


@dataclass(frozen=True, slots=True)
class Line:
    """One column before and after; `was` is empty where there was none."""

    label: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing of the file: where it stands, what it is, what of it differs, and from when that counts."""

    part: str
    kind: Kind
    title: str
    since: str
    lines: tuple[Line, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        lines = [{"label": x.label, "was": x.was, "now": x.now} for x in self.lines]
        return {
            "part": self.part,
            "kind": self.kind,
            "title": self.title,
            "since": self.since,
            "lines": lines,
        }


AT_ONCE = "签字载入时起"


def differences(old: Office, new: Office) -> list[Difference]:
    """Every difference between two versions of one office's file, in the order in which the file is read."""
    found = [*_plain(old, new)]
    for part in PARTS:
        found += _listed(part, getattr(old, part.name), getattr(new, part.name))
    return found


def _plain(old: Office, new: Office) -> Iterator[Difference]:
    """What stands once in the file."""
    listed = {part.name for part in PARTS}
    for name in type(old).model_fields:
        if name in listed:
            continue
        was, now = getattr(old, name), getattr(new, name)
        if was == now:
            continue
        lines = (
            _lines(was, now) if isinstance(was, BaseModel) else [Line("", _words(was), _words(now))]
        )
        yield Difference("机关", "改动", _label(name), AT_ONCE, tuple(lines))


@dataclass(frozen=True, slots=True)
class Part:
    """A list of the file: which of its members are the same one, what each is called, from when it counts."""

    name: str
    label: str
    key: Callable[[Any], Any]
    title: Callable[[Any], str]
    since: Callable[[Any], str]


PARTS = (
    Part("people", "人员", lambda p: p.id, lambda p: f"{p.name}（{p.id}）", lambda _: AT_ONCE),
    Part(
        "parameters", "参数", lambda p: (p.key, p.since), lambda p: f"{p.key}（{p.since} 起）",
        lambda p: f"{p.since} 起",
    ),
    Part(
        "duty_roster", "值班", lambda d: (d.person, d.since), lambda d: f"{d.person} 的值班",
        lambda d: f"{d.since:%Y-%m-%d %H:%M} 至 {d.until:%Y-%m-%d %H:%M}",
    ),
    Part(
        "power_list", "权力事项", lambda p: p.code, lambda p: f"{p.code} {p.title}",
        lambda p: f"{p.valid_from} {f'至 {p.valid_to}' if p.valid_to else '起'}的违法行为",
    ),
    Part("clock_profiles", "时限规则", lambda p: p.name, lambda p: p.title, lambda _: AT_ONCE),
    Part(
        "hand_over", "移交的情形", lambda h: h.code, lambda h: f"{h.code} {h.title}",
        lambda h: f"{h.since} 起",
    ),
    Part("devices", "监控设备", lambda d: d.id, lambda d: f"{d.id} {d.place}", lambda _: AT_ONCE),
)  # fmt: skip


def _listed(part: Part, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Difference]:
    was, now = {part.key(x): x for x in old}, {part.key(x): x for x in new}
    for key, made in now.items():
        before = was.get(key)
        if before is None:
            lines = [Line(x.label, "", x.now) for x in _lines(None, made)]
            yield Difference(part.label, "增加", part.title(made), part.since(made), tuple(lines))
        elif before != made:
            lines = _lines(before, made)
            yield Difference(part.label, "改动", part.title(made), part.since(made), tuple(lines))
    for key, gone in was.items():
        if key not in now:
            yield Difference(part.label, "删去", part.title(gone), AT_ONCE)


def _lines(was: BaseModel | None, now: BaseModel) -> list[Line]:
    """The columns that differ; of something new, those that are filled in."""
    found = []
    for name, field in type(now).model_fields.items():
        made = getattr(now, name)
        before = getattr(was, name) if was else field.get_default(call_default_factory=True)
        if before != made:
            found.append(
                Line(_label(name), _words(before, name) if was else "", _words(made, name))
            )
    return found


def _words(value: Any, name: str = "") -> str:
    """A value as people say it. Where a person can be reached is theirs: only the channels are named."""
    if value is None or value == "" or value == () or value == {}:
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if name == "reach":
        return "、".join(value)
    if name == "roles":
        return "、".join(ROLE_NAMES[role] for role in value)
    if isinstance(value, Citation):
        return cited(value)
    if isinstance(value, BaseModel):
        told = {_label(n): v for n, v in value if v != type(value).model_fields[n].default}
        return "，".join(f"{label} {_words(v)}" for label, v in told.items())
    if isinstance(value, Mapping):
        return "；".join(f"{_label(str(k))}：{_words(v)}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return "、".join(_words(v) for v in value)
    return str(value)


def cited(citation: Citation) -> str:
    """An article as people write it, by the register's name of the statute where it has one."""
    return register().words(citation.statute, citation.article, citation.paragraph)


def _label(name: str) -> str:
    return LABELS.get(name, name)


LABELS = {
    "name": "名称", "team": "执法队伍", "short": "文号用的简称", "division": "行政区划代码",
    "uscc": "统一社会信用代码", "area": "辖区", "superior": "上级机关", "hotline": "热线", "bank": "收款银行",
    "valid_from": "开始", "valid_to": "截止", "review_policy": "法制审核规则", "publication": "公示平台",
    "alerts": "提醒规则", "roles": "角色", "post": "职务", "certificate": "执法证",
    "qualification": "审核资格", "study": "学时", "reach": "联系渠道", "sends": "哪一阶段走哪个渠道",
    "no": "证号", "fields": "限定的领域", "areas": "限定的区域", "licence": "法律职业资格证书", "value": "数",
    "unit": "单位", "source": "依据", "confirmed": "已确认", "note": "说明", "rules": "规则", "key": "参数",
    "since": "开始", "until": "截止", "person": "人员", "code": "编号", "title": "名称", "duty": "违反的条款",
    "penalty": "处罚的条款", "kinds": "处罚种类", "range": "罚款幅度", "citizen": "公民", "org": "单位",
    "min": "下限", "max": "上限", "bands": "裁量档次", "must_order_correction": "须责令改正",
    "needs_refusal": "拒不改正才罚", "clock_profile": "时限规则", "predecessor": "旧条款", "mode": "权力来源",
    "delegated_by": "赋权决定", "entrusted_by": "委托书", "may_seize": "可以查封扣押",
    "higher_norm": "上位法事项", "field": "领域", "heavier": "加重的后果", "share": "按比例罚款",
    "condition": "罚款的条件", "fine_optional": "可以不罚款", "document": "文件", "by": "作出机关",
    "published_on": "公布日", "statute": "法规", "article": "条", "paragraph": "款项", "when": "条件",
    "judged": "由人判断", "of": "基数", "factor": "情节", "party": "当事人", "to": "移交给",
    "law": "依据的条款", "words": "识别的词", "items": "相关事项", "extensions": "可以延长",
    "pausable": "可以扣除", "days": "天数", "approved_by": "批准人", "reason": "事由", "proof": "证明",
    "id": "编号", "place": "地点", "legal_review_on": "法制审核日", "technical_review_on": "技术审核日",
    "retired_on": "停用日", "review_body": "复议机关", "court": "法院", "account": "账户", "address": "地址",
    "late_penalty_told": "写明加处罚款", "every_case": "每案都审", "before_notice": "先审后告知",
    "target": "平台", "also": "还发往", "profile": "接口", "changes": "接口的改动", "stages": "提醒的时间",
    "hears": "告诉谁", "quiet": "免打扰", "digest_at": "每日汇总的时间", "digest_to": "汇总发给",
    "watch": "盯着的", "study_hours": "学时", "study_from": "学时提醒从", "idle": "多少天不动", "start": "从",
    "end": "到", "began_before_2018": "2018 年前已从事", "sample": "示例",
}  # fmt: skip
"""Column → what people call it; one that is missing goes by its name in the file."""
