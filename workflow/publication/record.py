"""双公示数据 — the record of one decision, built from its case alone: values, form, and what is wrong with it.

Building is pure: what is sealed in the case stays sealed until `values` opens it, and the digest that a
reviewer signs for is taken before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from policies.casefile import CaseFile, PartyKind, yuan_text, yuan_words
from policies.dues import standing_fine
from policies.facts import canonical, digest
from policies.lawbook import LawBook
from policies.office import Office
from policies.publicity import Publication
from workflow.identifiers import check_number, masked, unsealed
from workflow.publication import profile
from workflow.publication.notice import PublicNotice
from workflow.publication.parcel import Parcel
from workflow.publication.profile import Field, Profile

WAN = Decimal(10000)
"""元 in a 万元."""

VOCABULARY = (
    "警告", "通报批评", "罚款", "没收违法所得", "没收非法财物", "暂扣许可证件", "降低资质等级", "吊销许可证件",
    "限制开展生产经营活动", "责令停产停业", "责令关闭", "限制从业", "行政拘留",
)  # fmt: skip
"""处罚类别 as the platforms list them; everything else is 其他."""

WHERE = {
    "party": "登记当事人", "party_kind": "登记当事人", "uscc": "决定公示或者更正公示：统一社会信用代码",
    "identity_number": "决定公示或者更正公示：证件号码", "paper": "决定公示或者更正公示：证件号码",
    "representative": "决定公示或者更正公示：法定代表人",
    "number": "决定书的文号", "title": "公示的案件名称", "facts": "公示的违法事实", "basis": "处罚意见的依据",
    "kinds": "决定的处罚种类", "first_kind": "决定的处罚种类", "content": "决定的处罚种类和数额",
    "fine": "决定的罚款数额", "confiscation": "处罚意见的没收数额", "permit": "平台（本程序不登记证照）",
    "decided_on": "决定日期", "organ": "机关文件的 name", "organ_code": "机关文件的 uscc",
    "source": "机关文件的 name", "source_code": "机关文件的 uscc", "division": "机关文件的 division",
}  # fmt: skip
"""What fills a field → where an officer mends it."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What would leave the office for one decision, sealed as in the case."""

    values: Mapping[str, Any]
    texts: Mapping[str, str]

    @property
    def digest(self) -> str:
        """Of everything that goes out; a reviewer signs for this. The end of display follows from the review."""
        values = {name: value for name, value in self.values.items() if name != "until"}
        return digest({"values": values, "texts": dict(self.texts)})


def outgoing(case: CaseFile, office: Office, law: LawBook) -> Outgoing:
    """Everything that any interface may ask for; free text apart, since it is searched for people."""
    decision, party, choice, proposal = case.decision, case.party, case.publication, case.proposal
    assert decision is not None
    assert choice is not None
    kind = party.kind if party else PartyKind.CITIZEN
    number = party.number if party else ""
    organ = office.signs_as(case.power)
    confiscated = proposal.confiscation if proposal else Decimal(0)
    values = {
        "party": party.name if party else "",
        "party_kind": kind.value,
        "uscc": "" if kind is PartyKind.CITIZEN else number,
        "identity_number": number if kind is PartyKind.CITIZEN else "",
        "paper": _paper(case) if kind is PartyKind.CITIZEN and number else "",
        "representative": party.representative if party else "",
        "number": decision.number,
        "code": case.power,
        "violated": [law.words(c.statute, c.article, c.paragraph) for c in _violated(case)],
        "bases": [law.words(c.statute, c.article, c.paragraph) for c in _basis(case)],
        "kinds_told": list(decision.kinds),
        "fine_yuan": yuan_text(standing_fine(case)),
        "confiscated_yuan": yuan_text(confiscated),
        "decided_on": decision.date.isoformat(),
        "until": choice.until.isoformat() if choice.until else "",
        "gravity": choice.gravity or "",
        "organ": organ,
        "organ_code": office.uscc if organ == office.name else "",
        "source": office.name,
        "source_code": office.uscc,
        "division": office.division,
        "version": choice.version,
    }
    texts = {"title": choice.title, "facts": choice.facts or _facts(case)}
    return Outgoing(values, texts)


def _violated(case: CaseFile) -> Sequence[Any]:
    return case.proposal.violated if case.proposal else ()


def _basis(case: CaseFile) -> Sequence[Any]:
    return case.proposal.basis if case.proposal else ()


def _facts(case: CaseFile) -> str:
    if case.proposal:
        return case.proposal.facts
    return case.act.text if case.act else ""


def _paper(case: CaseFile) -> str:
    kind = case.party.number_kind if case.party else ""
    return kind.removesuffix("号码") if kind not in ("", "统一社会信用代码") else "居民身份证"


def content(values: Mapping[str, Any], written: Callable[[Decimal], str] = yuan_text) -> str:
    """处罚内容 in a sentence: the kinds with their amounts, for a platform plain, for people as they write them."""
    fine, confiscated = (Decimal(values[name]) for name in ("fine_yuan", "confiscated_yuan"))
    told = []
    for kind in values["kinds_told"]:
        if "罚款" in kind:
            told.append(f"{kind} {written(fine)} 元")
        elif kind.startswith("没收") and confiscated:
            told.append(f"{kind} {written(confiscated)} 元")
        else:
            told.append(kind)
    return "；".join(told)


def category(kind: str) -> str:
    """The platform's word for a kind of penalty."""
    return next((word for word in VOCABULARY if word in kind or kind in word), "其他")


# — the record in the form of an interface ————————————————————————————————————————————————


def _kinds(values: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(category(kind) for kind in values["kinds_told"]))


_FILL: dict[str, Callable[[Mapping[str, Any], Mapping[str, str]], str]] = {
    "title": lambda v, t: t["title"],
    "facts": lambda v, t: t["facts"],
    "basis": lambda v, t: "、".join(v["bases"]),
    "kinds": lambda v, t: ";".join(_kinds(v)),
    "first_kind": lambda v, t: next(iter(_kinds(v)), ""),
    "other_kinds": lambda v, t: ";".join(_kinds(v)[1:]),
    "content": lambda v, t: content(v),
    "fine": lambda v, t: v["fine_yuan"] if any("罚款" in k for k in v["kinds_told"]) else "",
    "confiscation": lambda v, t: v["confiscated_yuan"] if _confiscates(v) else "",
    "permit": lambda v, t: "",
    "status": lambda v, t: "0",
}
"""What is not simply a value of the same name."""


def _confiscates(values: Mapping[str, Any]) -> bool:
    return any(kind.startswith("没收") for kind in values["kinds_told"])


def fields(out: Outgoing, spec: Profile, reviewed_on: date | None = None) -> dict[str, str]:
    """Code → text, in the platform's order and form."""
    values = {**out.values, "reviewed_on": reviewed_on.isoformat() if reviewed_on else ""}
    return {f.code: _written(f, values, out.texts) for f in spec.fields}


def _written(field: Field, values: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    if not field.value:
        return ""
    fill = _FILL.get(field.value)
    text = fill(values, texts) if fill else str(values[field.value])
    if not text:
        return ""
    if field.type == "date":
        return text.replace("-", "/")
    if field.type == "wan":
        return f"{Decimal(text) / WAN:.6f}"
    return text


# — what is wrong with it ——————————————————————————————————————————————————————————————————


def faults(out: Outgoing, spec: Profile) -> list[str]:
    """What the platform would send back, each with the field and where to mend it. `out` must be opened."""
    found = []
    values = out.values
    written = fields(out, spec)
    for field in spec.fields:
        text, where = written[field.code], WHERE.get(field.value, "案卷")
        if not text and _needed(field, values):
            found.append(f"{field.name}（{field.code}）没有填，到“{where}”补")
        elif field.length and len(text) > field.length:
            found.append(
                f"{field.name}（{field.code}）{len(text)} 字，最多 {field.length} 字，到“{where}”改短"
            )
    found += _misshapen(values)
    return found


def _needed(field: Field, values: Mapping[str, Any]) -> bool:
    kind = values["party_kind"]
    match field.required:
        case "always":
            return True
        case "organisation":
            return bool(kind == PartyKind.ORGANISATION)
        case "registered":
            return bool(kind != PartyKind.CITIZEN)
        case "citizen":
            return bool(kind == PartyKind.CITIZEN)
        case "fine":
            return any("罚款" in k for k in values["kinds_told"])
        case "confiscation":
            return _confiscates(values)
        case "permit":
            return any(word in k for k in values["kinds_told"] for word in ("暂扣", "吊销"))
    return False


NUMBER = re.compile(r"[^\s〔〕\[\]【】()（）]+〔[0-9]{4}〕[^\s〔〕]*[0-9]+号")
"""文号: 机关代字〔年份〕序号, with the hexagonal brackets that the format asks for."""


def _misshapen(values: Mapping[str, Any]) -> list[str]:
    found = []
    if values["number"] and not NUMBER.fullmatch(values["number"]):
        found.append(f"文号“{values['number']}”不是 代字〔年份〕序号 的样子，到“决定书的文号”改")
    for name, kind, paper in (
        ("uscc", PartyKind.ORGANISATION, ""),
        ("identity_number", PartyKind.CITIZEN, values["paper"]),
    ):
        number = values[name]
        told, check = check_number(kind, number, "" if paper == "居民身份证" else paper)
        if check == "wrong":
            found.append(f"{told}校验位不符，到“{WHERE[name]}”核对")
    for name in ("organ_code", "source_code"):
        told, check = check_number(PartyKind.ORGANISATION, values[name])
        if check == "wrong":
            found.append(f"本机关的{told}校验位不符，到“{WHERE[name]}”核对")
    return found


# — what leaves ————————————————————————————————————————————————————————————————————————————


def opened(out: Outgoing, values: Mapping[str, str]) -> Outgoing:
    """The same with its sealed digests replaced by what they stand for."""
    return Outgoing(unsealed(dict(out.values), values), unsealed(dict(out.texts), values))


def notice(out: Outgoing, choice: Publication, key: str) -> PublicNotice:
    """What everybody may read; `out` must be opened. A citizen's name is cut to the surname (行政处罚法 50)."""
    v, organisation = out.values, out.values["party_kind"] == PartyKind.ORGANISATION
    return PublicNotice(
        key=key,
        version=v["version"],
        number=v["number"],
        title=out.texts["title"],
        party=v["party"] if organisation else masked("name", v["party"]),
        party_kind=v["party_kind"],
        party_code=v["uscc"] if organisation else "",
        facts=out.texts["facts"],
        violated=tuple(v["violated"]),
        basis=tuple(v["bases"]),
        kinds=tuple(v["kinds_told"]),
        fine_yuan=v["fine_yuan"],
        content=content(v, yuan_words),
        decided_on=date.fromisoformat(v["decided_on"]),
        organ=v["organ"],
        organ_code=v["organ_code"],
        gravity=v["gravity"],
        published_on=choice.reviewed_on or choice.published_on or choice.chosen_on,
        until=choice.until,
    )


def key_of(case: CaseFile, office: Office, case_id: str) -> str:
    """What names a decision everywhere: its number, else its case."""
    number = case.decision.number if case.decision else ""
    return f"{office.office}-{number or case_id}"


def parcel(
    case: CaseFile, office: Office, law: LawBook, *, case_id: str, values: Mapping[str, str]
) -> Parcel:
    """What is sent for the version that was reviewed; `values` opens the seals."""
    choice = case.publication
    assert choice is not None
    out = opened(outgoing(case, office, law), values)
    spec = profile.of(office.publication)
    key = key_of(case, office, case_id)
    return Parcel(
        key=key,
        version=choice.version,
        number=out.values["number"],
        profile=spec.name,
        fields=fields(out, spec, choice.reviewed_on),
        notice=notice(out, choice, key),
    )


def sealed_in(document: Mapping[str, Any]) -> set[str]:
    """Every sealed digest of a case, to be opened together."""
    return set(re.findall(r'"(sealed:[^"]+)"', canonical(document)))
