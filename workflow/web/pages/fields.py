"""表单 — a verb's Pydantic form as fields on a page, and what the page sends back as plain data.

The form says what each field is; only where the choices lie in the office, in the case or in a policy
does a field need a line of its own here.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo
from starlette.datastructures import FormData, UploadFile

from policies import decision, formalities, hearing, notice, review, summary
from policies.casefile import Citation, yuan_text
from policies.core import POLICIES, Outcome
from policies.office import Person, PowerItem, Range
from workflow.errors import FieldError
from workflow.forms import Form, PastDay
from workflow.web.pages import attaching, beside_fields, citations, publicity, review_fields
from workflow.web.pages.codes import CODES
from workflow.web.pages.field import Field, Offer, Option, Setting, fixed, many
from workflow.web.pages.render import yuan

_PAST = get_args(PastDay)[-1]


def fields_of(form: type[Form], setting: Setting) -> list[Field]:
    """The form's fields in the order in which its class names them."""
    return [_field(name, info, setting) for name, info in form.model_fields.items()]


# — from the form to the page —————————————————————————————————————————————————————————————

YES_NO: tuple[Option, ...] = (("true", "是"), ("false", "否"))
HOLDS: tuple[Option, ...] = (("true", "符合"), ("false", "不符合"))

KINDS = ("警告", "通报批评", "罚款", "没收违法所得", "没收非法财物", "暂扣许可证件", "责令停产停业")
"""行政处罚法 9, as far as an office of this size meets them."""

NUMBERS = {
    "approve_filing": "罚案〔{}〕001号",
    "serve_notice": "罚先告〔{}〕001号",
    "decide": "罚决〔{}〕001号",
    "decide_no_penalty": "不罚〔{}〕001号",
    "correct_decision": "罚补〔{}〕001号",
    "record_issued_decision": "罚决〔{}〕001号",
    "decide_on_spot": "罚当〔{}〕001号",
}


def _field(name: str, info: FieldInfo, setting: Setting) -> Field:
    annotation, bounds = _bare(info)
    label, help = _words(info.description or name)
    required = info.is_required()
    field = Field(name, label, "line", required, help, values=_default(info))
    inner = get_args(annotation)
    if offer := _OFFERED.get(f"{setting.verb}.{name}") or _OFFERED.get(name):
        return offer(field, setting)
    if annotation is bool:
        if type(None) in get_args(info.annotation):
            field = replace(field, kind="one", options=(("", "没有说明"), *YES_NO))
        else:
            field = replace(field, kind="yesno" if required else "tick", options=YES_NO)
    elif get_origin(annotation) is Literal:
        options = tuple((str(v), CODES.get(str(v), str(v))) for v in inner)
        field = replace(field, kind="one", options=_with_blank(options, required))
    elif isinstance(annotation, type) and issubclass(annotation, Enum):
        options = tuple((str(m.value), str(m.value)) for m in annotation)
        field = replace(field, kind="one", options=_with_blank(options, required))
    elif annotation is date:
        most = setting.today.isoformat() if _PAST in bounds else ""
        field = replace(field, kind="date", most=most)
    elif annotation is datetime:
        field = replace(field, kind="moment", most=f"{setting.visit.now:%Y-%m-%dT%H:%M}")
    elif annotation is Decimal:
        field = replace(field, kind="yuan", values=field.values if field.value != "0" else ())
    elif annotation is int:
        field = replace(field, kind="int", least=_bound(bounds, "ge"), most=_bound(bounds, "le"))
    elif get_origin(annotation) is tuple and get_origin(inner[0]) is Literal:
        options = tuple((str(v), CODES.get(str(v), str(v))) for v in get_args(inner[0]))
        field = replace(field, kind="many", options=options)
    elif get_origin(annotation) is tuple and _is_form(inner[0]):
        field = _table_of(field, inner[0], setting)
    elif get_origin(annotation) is tuple:
        field = _several(field, cites=inner[0] is Citation)
    elif _longest(bounds) > 200:
        field = replace(field, kind="text")
    return _prefilled(field, setting)


def _table_of(field: Field, row: type[Form], setting: Setting) -> Field:
    """A list of small forms, one a row."""
    return replace(field, kind="rows", columns=tuple(fields_of(row, setting)))


def _is_form(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Form)


def _several(field: Field, *, cites: bool) -> Field:
    """A list, one entry a line; articles as people write them."""
    how = "每行一条，例如 《行政处罚法》第六十三条第一款" if cites else "每行一项"
    help = f"{how}；{field.help}" if field.help else how
    return replace(field, kind="cites" if cites else "lines", help=help)


def _bare(info: FieldInfo) -> tuple[Any, list[Any]]:
    """The annotation without `| None` and `Annotated`, and everything that bounds it."""
    annotation, bounds = info.annotation, list(info.metadata)
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(a for a in get_args(annotation) if a is not type(None))
    if get_origin(annotation) is Annotated:
        annotation, *more = get_args(annotation)
        bounds += more
    return annotation, bounds


def _words(description: str) -> tuple[str, str]:
    """A description's name and what it adds: `缴款日期；空为办理之日`. Codes are for programs."""
    plain = re.sub(r"（[a-z_]+）", "", description)
    cut = re.search(r"[；：]", plain)
    label, help = (plain[: cut.start()], plain[cut.end() :]) if cut else (plain, "")
    return label, re.sub(r"^空为", "不填就是", help)


def _default(info: FieldInfo) -> tuple[str, ...]:
    default = None if info.is_required() else info.get_default(call_default_factory=True)
    if isinstance(default, bool):
        return ("true",) if default else ()
    if isinstance(default, tuple):
        return tuple(str(v) for v in default)
    if default is None or isinstance(default, dict):
        return ()
    return (_plain(default),)


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return yuan_text(value)
    return str(value.value if isinstance(value, Enum) else value)


def _bound(bounds: Iterable[Any], name: str) -> str:
    return next((str(getattr(m, name)) for m in bounds if getattr(m, name, None) is not None), "")


def _longest(bounds: Iterable[Any]) -> int:
    return int(_bound(bounds, "max_length") or 0)


def _with_blank(options: tuple[Option, ...], required: bool) -> tuple[Option, ...]:
    """Whoever must choose should choose, not overlook a default."""
    return (("", "请选择"), *options) if required else options


# — fields whose choices lie elsewhere ————————————————————————————————————————————————————


def _officers(field: Field, setting: Setting) -> Field:
    people = setting.visit.office.with_role("officer", "unit_head")
    case = setting.view.case if setting.view else None
    already = case.officers if case and setting.verb != "declare_no_interest" else ()
    if setting.verb in ("start_on_spot", "propose_filing") and not already:
        already = tuple(p.id for p in people if p.id == setting.visit.person.id)
    return _people(field, people, setting.today, already)


def _signers(field: Field, setting: Setting) -> Field:
    officers = set(setting.view.case.officers) if setting.view else set()
    people = [p for p in setting.visit.office.people if p.id in officers]
    return _people(field, people or setting.visit.office.with_role("officer"), setting.today)


def _people(
    field: Field, people: Sequence[Person], today: date, already: Sequence[str] = ()
) -> Field:
    options = tuple((p.id, f"{p.title}{_certificate(p, today)}") for p in people)
    return replace(many(field), options=options, values=tuple(already))


def _certificate(person: Person, today: date) -> str:
    card = person.certificate
    if card is None or card.valid_on(today):
        return ""
    if today < card.valid_from:
        return f"　执法证自 {card.valid_from} 起有效"
    return f"　执法证已于 {card.valid_to} 到期"


def _chair(field: Field, setting: Setting) -> Field:
    roles = ("chair", "head", "deputy_head", "reviewer", "clerk")
    people = setting.visit.office.with_role(*roles)
    options = tuple((p.id, p.title) for p in people)
    return replace(field, kind="one", options=(("", "请选择"), *options))


def _power(field: Field, setting: Setting) -> Field:
    """Items in force first; one that no longer is may still be right for an older act."""
    items = sorted(setting.visit.office.power_list, key=lambda p: (p.valid_to is not None, p.title))
    options = tuple((p.code, f"{p.title}（{_in_force(p)}）") for p in items)
    made = replace(field, kind="one", label="案由", options=(("", "请选择"), *options))
    return _prefilled(replace(made, help="按违法行为发生之日有效的条款选择"), setting)


def _also_under(field: Field, setting: Setting) -> Field:
    chosen = setting.view.case.power if setting.view else ""
    items = [p for p in setting.visit.office.power_list if p.code != chosen]
    options = tuple((p.code, f"{p.title}（{p.code}，{_in_force(p)}）") for p in items)
    made = replace(field, kind="many", label="同一行为触犯的其他案由", help="", options=options)
    return _prefilled(made, setting)


def _in_force(item: PowerItem) -> str:
    return (
        f"{item.valid_from} 至 {item.valid_to} 有效"
        if item.valid_to
        else f"{item.valid_from} 起有效"
    )


def _evidence(field: Field, setting: Setting) -> Field:
    if setting.verb == "record_issued_decision":  # there the document's own list, in words
        return replace(field, kind="lines")
    items = setting.view.case.evidence if setting.view else ()
    options = tuple((e.id, f"{e.name}　证明：{e.proves}") for e in items)
    return _prefilled(replace(many(field), options=options), setting)


def _contents(field: Field, setting: Setting) -> Field:
    known: tuple[str, ...] = summary.CONTENTS
    if setting.verb != "decide_on_spot":
        known = (*decision.CONTENTS, *decision.FINE_CONTENTS)
    return fixed(known)(replace(field, label=f"{field.label}，逐项核对"), setting)


def _kinds(field: Field, setting: Setting) -> Field:
    power = setting.visit.office.power(setting.view.case.power) if setting.view else None
    known = dict.fromkeys((*KINDS, *(power.kinds if power else ()), *sorted(hearing.GRAVE_KINDS)))
    return _prefilled(replace(field, kind="many", options=tuple((k, k) for k in known)), setting)


def _items(field: Field, setting: Setting) -> Field:
    options = tuple((i, i) for i in review.ITEMS)
    return replace(field, kind="items", label="九项审核内容", help="", options=options)


def _policy(field: Field, setting: Setting) -> Field:
    """First what waits for an answer in this case, then every rule."""
    open_ = {
        f.policy.id: f.policy.title
        for choice in setting.choices
        for f in choice.report.findings
        if f.outcome is Outcome.NEEDS_JUDGEMENT
    }
    rest = {p.id: p.title for p in POLICIES.values() if p.id not in open_}
    waiting = tuple((id, f"待判断：{title}") for id, title in open_.items())
    options = (("", "请选择"), *waiting, *rest.items())
    made = replace(
        field, kind="one", label="需要判断的规则", help="待判断的排在最前", options=options
    )
    wanted = setting.wanted.get("policy", "")
    return replace(made, values=(wanted,)) if wanted in dict(options) else made


def _number_of(field: Field, setting: Setting) -> Field:
    """`no`: a point of the last return, a question of the reviewer, or a statement of the party."""
    case = setting.view.case if setting.view else None
    if case is None:
        return replace(field, kind="int")
    if setting.verb == "answer_point":
        points = case.review.points if case.review else ()
        options = [(str(p.no), f"{p.no}. {p.text}{'（已答复）' * bool(p.answer)}") for p in points]
    elif setting.verb == "answer_question":
        options = [
            (str(n), f"{n}. {q.text}{'（已答复）' * bool(q.answer)}")
            for n, q in enumerate(case.questions, 1)
        ]
    else:
        options = [
            (str(n), f"第 {n} 份　{s.received_on} 收到{'（已复核）' * bool(s.reply)}")
            for n, s in enumerate(case.statements, 1)
        ]
    blank: list[Option] = [("", "请选择")] if field.required else []
    return replace(field, kind="one", options=(*blank, *options))


def _number(field: Field, setting: Setting) -> Field:
    pattern = NUMBERS.get(setting.verb)
    if pattern is None:
        return _prefilled(field, setting)
    office = setting.visit.office
    return replace(field, help=f"例如 {office.short}{pattern.format(setting.today.year)}")


def _fine(field: Field, setting: Setting) -> Field:
    """The amount with the lawful range, and what was proposed or reviewed."""
    case = setting.view.case if setting.view else None
    power = setting.visit.office.power(case.power) if case else None
    told = [field.help] if field.help else []
    if case and power and case.party and (lawful := power.range_for(case.party.kind)):
        told.append(lawful_range(lawful))
    if case and case.proposal and setting.verb != "conclude":
        told.append(f"拟处罚 {yuan(case.proposal.fine)}")
    values = field.values if field.value != "0" else ()
    return _prefilled(replace(field, kind="yuan", help="；".join(told), values=values), setting)


def lawful_range(range: Range) -> str:
    if range.max is None:
        return "条文没有写明金额"
    if range.min is None:
        return f"法定幅度 {yuan(range.max)}以下"
    return f"法定幅度 {yuan(range.min)} 至 {yuan(range.max)}"


_OFFERED: dict[str, Offer] = {
    **beside_fields.OFFERED,
    **publicity.OFFERED,
    **review_fields.OFFERED,
    **attaching.OFFERED,
    "officers": _officers,
    "signed_by": _signers,
    "attendees": lambda field, setting: _people(field, setting.visit.office.people, setting.today),
    "chair": _chair,
    "power": _power,
    "evidence": _evidence,
    "heard_evidence": _evidence,
    "formalities": fixed(formalities.WORDS),
    "also_under": _also_under,
    "told": lambda field, setting: (
        replace(field, kind="yesno", options=YES_NO)
        if setting.verb == "decide_on_spot"
        else fixed(notice.TOLD)(field, setting)
    ),
    "materials": fixed(review.MATERIALS),
    "contents": _contents,
    "kinds": _kinds,
    "items": _items,
    "policy": _policy,
    "holds": lambda field, setting: replace(field, kind="yesno", help="", options=HOLDS),
    "digest": lambda field, setting: replace(
        field,
        label="没有上传的文件的校验值（SHA-256）",
        help="上传的自动计算；另存在光盘等介质上的，把它的校验值填在这里",
    ),
    "signature": lambda field, setting: replace(
        field,
        kind="told",
        options=(("", "签在纸质决定书上；要在屏幕上签名的，到“简易程序”页办理"),),
    ),
    "no": _number_of,
    "number": _number,
    "fine": _fine,
}


# — what the case already says ————————————————————————————————————————————————————————————

_ALREADY: dict[str, tuple[str, ...]] = {
    "name_party": ("party",),
    "describe_act": ("act",),
    "conclude": ("proposal",),
    "order_correction": ("correction",),
    "record_jurisdiction": ("jurisdiction",),
}
"""Verbs that write a whole part anew: what it holds stands in the form, so that nothing is lost."""


def _prefilled(field: Field, setting: Setting) -> Field:
    file: Any = setting.view.file if setting.view else {}
    for step in _ALREADY.get(setting.verb, ()):
        file = file.get(step) or {}
    if not file or setting.verb not in _ALREADY:
        return field
    if field.name == "power":
        file = setting.view.file if setting.view else {}
    found = file.get(field.name)
    if found is None:
        return field
    if field.kind == "cites":
        law = setting.visit.bureau.law
        lines = (law.words(c["statute"], c["article"], c.get("paragraph", "")) for c in found)
        return replace(field, values=tuple(lines))
    if isinstance(found, list):
        return replace(field, values=tuple(str(v) for v in found))
    if isinstance(found, bool):
        return replace(field, values=("true",) if found else ("false",) * (field.kind != "tick"))
    if field.kind == "yuan" and found == "0":
        return field
    return replace(field, values=(str(found),))


# — from the page back ————————————————————————————————————————————————————————————————————


def kept(fields: Iterable[Field], form: FormData) -> list[Field]:
    """The fields with what was filled in, so that nothing has to be typed twice."""
    found = []
    for field in fields:
        if field.kind == "items":
            values = tuple(_item(form, field, n) for n in range(len(field.options)))
        elif field.kind == "files":
            values = attaching.ticked(form, field)
        elif field.kind == "rows":
            values = tuple(cell for row in _rows(form, field) for cell in row)
        else:
            values = tuple(v for v in form.getlist(field.sent) if not isinstance(v, UploadFile))
        if field.more:
            values = (*values, *_lines(str(form.get(f"{field.sent}.more", ""))))
        found.append(replace(field, values=values))
    return found


def _item(form: FormData, field: Field, n: int) -> str:
    judged = str(form.get(f"{field.sent}.{n}.judged", "")).strip()
    text = str(form.get(f"{field.sent}.{n}.text", "")).strip()
    return f"{judged}：{text}" if judged and text else judged or text


def _rows(form: FormData, field: Field) -> Iterator[tuple[str, ...]]:
    """The rows of a table in which anything stands; the columns are sent as lists of one length."""
    columns = [form.getlist(f"{field.sent}.{column.name}") for column in field.columns]
    for cells in zip(*columns, strict=False):
        row = tuple(str(cell).strip() for cell in cells)
        if any(row):
            yield row


def data(fields: Iterable[Field]) -> dict[str, Any]:
    """Plain data for the form class; what was left empty is left out, so that the class can say so."""
    told: dict[str, Any] = {}
    wrong: list[FieldError] = []
    for field in fields:
        if field.kind == "many":
            told[field.name] = list(field.values)
        elif field.kind == "lines":
            told[field.name] = _entries(field)
        elif field.kind in ("rows", "files"):
            told[field.name] = _table(field)
        elif field.kind == "tick":
            told[field.name] = field.value == "true"
        elif field.kind == "items":
            named = zip(field.options, field.values, strict=True)
            told[field.name] = {name: text for (name, _), text in named if text}
        elif field.kind == "cites":
            told[field.name], unread = citations.read_all(_entries(field))
            wrong += (FieldError(field.name, said) for said in unread)
        elif field.value.strip():
            yes = field.kind == "yesno" or {v for v, _ in field.options} == {"", "true", "false"}
            told[field.name] = field.value == "true" if yes else field.value.replace("\r\n", "\n")
    if wrong:
        raise Unreadable(wrong)
    return told


class Unreadable(Exception):
    """Something that the page itself must read could not be read."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("；".join(e.message for e in errors))
        self.errors = errors


def _table(field: Field) -> list[dict[str, str]]:
    """One map a row, without the cells that were left empty."""
    names = [column.name for column in field.columns]
    told = (dict(zip(names, row, strict=True)) for row in field.rows if any(row))
    return [{name: cell for name, cell in row.items() if cell} for row in told]


def _entries(field: Field) -> list[str]:
    return [line for value in field.values for line in _lines(value)]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def shown(field: Field) -> str:
    """A field's content in words, for copying from a page that could not be accepted."""
    words = dict(field.options)
    if field.kind == "items":
        return "\n".join(
            f"{n}：{v}" for (n, _), v in zip(field.options, field.values, strict=True) if v
        )
    if field.kind == "files":
        return f"{len(field.values) // 2} 个文件，都还附着" if field.values else ""
    if field.kind == "rows":
        return "\n".join("　".join(row) for row in field.rows if any(row))
    if field.kind == "tick":
        return "是" if field.value == "true" else "否"
    return "\n".join(words.get(v, v) for v in field.values if v)
