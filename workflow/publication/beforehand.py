"""事前公示 — what the public must be able to read before anybody is punished (行政处罚法 39).

Who enforces and with which certificate, what for and on which article, by which steps, and how one defends
oneself. All of it is read from the office's file and the law register as they stand on a day; the sentences
are ours, the numbers the register's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from policies.articles import ALL, APL, ARL, OGI
from policies.casefile import Citation, yuan_words
from policies.lawbook import Cite, LawBook
from policies.office import Band, Device, Grant, Office, Person, PowerItem, Range, ReviewPolicy
from policies.parts import RemedyClause
from policies.remedy_clause import remedy


@dataclass(frozen=True, slots=True)
class Enforcer:
    """Somebody who may enforce today; whose certificate is over is not among them."""

    name: str
    certificate: str
    valid_to: date
    limits: str = ""


@dataclass(frozen=True, slots=True)
class Power:
    """One 案由 as the public reads it."""

    title: str
    duty: str
    penalty: str
    result: tuple[str, ...]
    bands: tuple[str, ...]
    confirmed: bool
    by: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The paper by which the office has powers, and how many of them."""

    document: str
    by: str
    mode: str
    since: date
    until: date | None
    powers: int


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the procedure in one sentence, and where it is written."""

    name: str
    text: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beforehand:
    """The whole page."""

    office: Office
    enforcers: tuple[Enforcer, ...]
    sources: tuple[Source, ...]
    powers: tuple[Power, ...]
    ordinary: tuple[Step, ...]
    summary: tuple[Step, ...]
    rights: tuple[Step, ...]
    remedy: RemedyClause
    remedy_on_spot: RemedyClause
    remedy_cites: tuple[str, ...]
    devices: tuple[Device, ...]
    basis: tuple[str, ...] = (APL(39).text, OGI(20).text)

    @property
    def unconfirmed(self) -> int:
        return sum(1 for power in self.powers if not power.confirmed)


def beforehand(office: Office, law: LawBook, day: date) -> Beforehand:
    """What the office has to make public, as it stands on this day."""
    powers = [power for power in office.power_list if power.in_force_on(day)]
    return Beforehand(
        office,
        tuple(_enforcer(person) for person in office.people if _enforces(person, day)),
        tuple(_sources(powers, day)),
        tuple(_power(power, law) for power in powers),
        tuple(_ordinary(office, law, day)),
        tuple(_summary(law, day)),
        tuple(_rights(law, day)),
        remedy(office, law, day, on_spot=False),
        remedy(office, law, day, on_spot=True),
        _texts(ARL(20), ARL(23), ARL(24), ALL(44), ALL(45), ALL(46)),
        tuple(d for d in office.devices if _in_use(d, day)),
    )


# — who ————————————————————————————————————————————————————————————————————————————————


def _enforces(person: Person, day: date) -> bool:
    return person.certificate is not None and person.certificate.valid_on(day)


def _enforcer(person: Person) -> Enforcer:
    held = person.certificate
    assert held is not None
    limits = "；".join("、".join(part) for part in (held.fields, held.areas) if part)
    return Enforcer(person.name, held.no, held.valid_to, limits)


def _in_use(device: Device, day: date) -> bool:
    """Only what was published beforehand may be named; a place that was given up is none."""
    public = device.published_on is not None and device.published_on <= day
    return public and (device.retired_on is None or day < device.retired_on)


# — what for ———————————————————————————————————————————————————————————————————————————


def _sources(powers: list[PowerItem], day: date) -> list[Source]:
    counted: dict[tuple[str, Grant], int] = {}
    for power in powers:
        grant = power.entrusted_by if power.mode == "委托" else power.delegated_by
        if grant is not None and grant.in_force_on(day):
            counted[power.mode, grant] = counted.get((power.mode, grant), 0) + 1
    return [
        Source(g.document, g.by, mode, g.valid_from, g.valid_to, n)
        for (mode, g), n in counted.items()
    ]


def _power(power: PowerItem, law: LawBook) -> Power:
    entrusted = power.entrusted_by if power.mode == "委托" else None
    return Power(
        power.title,
        _words(power.duty, law),
        _words(power.penalty, law),
        tuple(_result(power)),
        tuple(_band(band) for band in power.bands),
        power.confirmed,
        f"受{entrusted.by}委托，以其名义处罚" if entrusted else "",
    )


def _words(cite: Citation, law: LawBook) -> str:
    return law.words(cite.statute, cite.article, cite.paragraph)


def _result(power: PowerItem) -> list[str]:
    """What may follow, a sentence each: kinds, amounts by whom they meet, conditions."""
    amounts = _amounts(power.range, power)
    first = "、".join(power.kinds)
    if power.kinds == ("罚款",) and amounts and not (power.needs_refusal or power.condition):
        first = ""  # the amount says it
    elif power.needs_refusal:
        first = f"先责令改正，拒不改正的：{first}"
    elif power.condition:
        first = f"{power.condition}的：{first}"
    found = [first, *amounts]
    for more in power.heavier:
        kinds = "、".join(more.kinds)
        parts = [part for part in (kinds, *_amounts(more.range, power)) if part]
        found.append(f"{more.when}的：{'；'.join(parts)}")
    return [told for told in found if told]


def _amounts(ranges: dict[str, Range | None], power: PowerItem) -> list[str]:
    told = {side: _amount(limits, power) for side, limits in ranges.items() if limits is not None}
    if len(told) == 2 and len(set(told.values())) == 1:
        return [next(iter(told.values()))]
    return [f"{_SIDES.get(side, side)}{amount}" for side, amount in told.items()]


_SIDES = {"citizen": "个人：", "org": "单位："}


def _amount(limits: Range, power: PowerItem) -> str:
    may = "可以处" if power.fine_optional else "处"
    if power.share is not None:
        low = f"{power.share.min:g}% 以上" if power.share.min is not None else ""
        return f"{may}{power.share.of} {low} {power.share.max:g}% 以下的罚款".replace("  ", " ")
    if limits.min is None and limits.max is None:
        return f"{may}罚款，本条没有写金额"
    low = f" {yuan_words(limits.min)} 元以上" if limits.min is not None else ""
    high = f" {yuan_words(limits.max)} 元以下" if limits.max is not None else ""
    if limits.min is not None and limits.min == limits.max:
        return f"{may} {yuan_words(limits.max)} 元罚款"
    return f"{may}{low}{high}的罚款"


def _band(band: Band) -> str:
    side = _SIDES.get(band.party, "")
    factor = f"（{band.factor}）" if band.factor else ""
    return f"{side}{band.name}{factor}：{yuan_words(band.min)} 至 {yuan_words(band.max)} 元"


# — how ————————————————————————————————————————————————————————————————————————————————


def _texts(*cites: Cite) -> tuple[str, ...]:
    return tuple(cite.text for cite in cites)


def _ordinary(office: Office, law: LawBook, day: date) -> list[Step]:
    span = {key: law.on(day)[key].span.label for key in _SPANS}
    rate, cap = law.on(day)["late_penalty.rate"], law.on(day)["late_penalty.cap"]
    late = f"每日按罚款数额的 {rate.value / 10:g}% 加处罚款，加处的总数不超过罚款的 {cap.value:g}%"
    notice = Step(
        "告知",
        "决定以前，书面告知拟作出的处罚内容和事实、理由、依据，以及您享有的权利。",
        _texts(APL(44), APL(63)),
    )
    return [
        Step("立案", "发现线索后先核查；符合立案标准的，及时立案。", _texts(APL(54))),
        Step(
            "调查取证",
            "由至少两名有执法资格的人员进行，主动出示执法证件；不出示的，您可以拒绝调查、检查。",
            _texts(APL(42), APL(55)),
        ),
        *_checked(office.review_policy, notice),
        Step(
            "决定",
            f"调查终结后由负责人审查决定，重大的由负责人集体讨论；自立案之日起 {span['decision.deadline']}内作出。",
            _texts(APL(57), APL(60)),
        ),
        Step(
            "送达",
            f"当场交付；您不在场的，{span['service.decision']}内依法送达。",
            _texts(APL(61)),
        ),
        Step(
            "缴款",
            f"收到决定书之日起 {span['payment.due']}内向指定银行或者电子支付缴纳，执法人员不自行收款（法律规定的"
            f"除外）；确有困难的，可以申请延期或者分期。逾期不缴的，{late}。",
            _texts(APL(66), APL(67), APL(72)),
        ),
        Step(
            "公开",
            f"有一定社会影响的决定依法公开；决定被变更、撤销、确认违法或者无效的，{span['publication.withdraw']}内"
            "撤回信息并公开说明理由。",
            _texts(APL(48)),
        ),
    ]


def _checked(own: ReviewPolicy, notice: Step) -> list[Step]:
    """Legal review and the notice, in the order in which this office takes them."""
    more = f"本机关另有规定：普通程序的案件一律审核（{own.document}）。" if own.every_case else ""
    review = Step(
        "法制审核",
        "重大公共利益、经过听证、疑难复杂等案件，决定以前须经法制审核；没有审核或者没有通过的，不作决定。"
        + more,
        _texts(APL(58)),
    )
    return [review, notice] if own.before_notice else [notice, review]


_SPANS = ("decision.deadline", "service.decision", "payment.due", "publication.withdraw")


def _summary(law: LawBook, day: date) -> list[Step]:
    limits = law.on(day)
    citizen, org = (
        yuan_words(Decimal(limits[f"summary.fine_max.{w}"].value)) for w in ("citizen", "org")
    )
    return [
        Step(
            "当场处罚",
            f"事实确凿并有法定依据，对公民处 {citizen} 元以下、对单位处 {org} 元以下罚款或者警告的，可以当场决定。",
            _texts(APL(51)),
        ),
        Step(
            "当场交付",
            "出示执法证件，填写编有号码的决定书，当场交给您；决定书写明救济途径和期限。",
            _texts(APL(52)),
        ),
    ]


def _rights(law: LawBook, day: date) -> list[Step]:
    limits = law.on(day)
    request, notice = (
        limits["hearing.request"].span.label,
        limits["hearing.notice_before"].span.label,
    )
    return [
        Step(
            "陈述和申辩",
            "您可以陈述、申辩；提出的事实、理由和证据须经复核，成立的应当采纳，不因申辩加重处罚。",
            _texts(APL(45)),
        ),
        Step(
            "要求听证",
            f"拟作较大数额罚款、没收、责令停产停业等较重处罚的，您可以在告知后 {request}内要求听证；听证的时间、"
            f"地点在举行的 {notice}前通知，不收费用。",
            _texts(APL(63), APL(64)),
        ),
        Step(
            "执行期间",
            "申请复议或者起诉不停止处罚的执行（法律另有规定的除外），复议、诉讼期间不计算加处的罚款。",
            _texts(APL(73)),
        ),
    ]
