"""机关 — the office as its file describes it: people, certificates, powers, parameters, review rule.

The file is `office.yaml`; a version of it, once signed, is never edited.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from policies.alerting import DUTY, Alerting, Duty, Stage
from policies.casefile import Citation, PartyKind, Yuan
from policies.lawbook import LawBook, Parameter
from policies.publicity import Target
from policies.roles import APART, ROLE_NAMES, Role


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Certificate(Part):
    """执法证. `fields` and `areas` are what it is limited to; empty means that it names none."""

    no: str
    valid_from: date
    valid_to: date
    fields: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_to


class Qualification(Part):
    """Of a legal reviewer: the licence, or having begun before the licence was asked for."""

    licence: str = ""
    began_before_2018: bool = False
    note: str = ""


class Person(Part):
    """Somebody of the office. `study` is year → hours of training.

    `reach` is channel → address, besides the inbox that everybody has; `sends` which channels carry a
    stage, or a plain message ("tell"). Without `sends`, yellow and red go out on all of `reach`.
    """

    id: str
    name: str
    roles: tuple[Role, ...]
    post: str = ""
    certificate: Certificate | None = None
    qualification: Qualification | None = None
    study: dict[int, int] = Field(default_factory=dict)
    reach: dict[str, str] = Field(default_factory=dict)
    sends: dict[Stage | Literal["tell"], tuple[str, ...]] | None = None

    @model_validator(mode="after")
    def _sends_where_it_reaches(self) -> Person:
        named = {channel for channels in (self.sends or {}).values() for channel in channels}
        if strange := sorted(named - set(self.reach)):
            raise ValueError(f"{self.id}: sends 里的 {'、'.join(strange)} 在 reach 里没有地址")
        return self

    @model_validator(mode="after")
    def _administers_one_thing(self) -> Person:
        held = [ROLE_NAMES[role] for role in self.roles if role in APART]
        if len(held) > 1:
            raise ValueError(f"{self.id}: {'、'.join(held)}要由不同的人担任，请只留一个")
        return self

    def channels(self, stage: str) -> tuple[str, ...]:
        """The channels on which this stage, or "tell", goes out to this person, besides the inbox."""
        if self.sends is None:
            return tuple(self.reach) if stage in ("yellow", "red") else ()
        return next((channels for named, channels in self.sends.items() if named == stage), ())

    def has(self, *roles: str) -> bool:
        return any(role in self.roles for role in roles)

    @property
    def title(self) -> str:
        """Name and role, as a history line shows them."""
        return f"{self.name}（{self.post or ROLE_NAMES[self.roles[0]]}）"


class Range(Part):
    """A fine's lawful range in 元, both ends included; no end means the article names none."""

    min: Yuan | None = None
    max: Yuan | None = None


class Band(Part):
    """裁量档次 of an item; of one kind of party, or of both where `party` is empty."""

    name: str
    min: Yuan
    max: Yuan
    factor: str = ""
    party: Literal["", "citizen", "org"] = ""


class Share(Part):
    """A fine that the article gives as a percentage of something, mostly of what was built."""

    of: str
    min: Decimal | None = None
    max: Decimal


class Heavier(Part):
    """What the article adds on a further condition, mostly 拒不改正.

    `judged`: the condition is not, or not only, a refusal that the file proves; a person says it is met.
    """

    when: str
    kinds: tuple[str, ...] = ()
    range: dict[str, Range | None] = Field(default_factory=dict)
    judged: bool = False

    def range_for(self, kind: PartyKind) -> Range | None:
        return self.range.get(side_of(kind))


def side_of(kind: PartyKind) -> Literal["citizen", "org"]:
    """The column of a range; an individual business is fined as a citizen."""
    return "org" if kind is PartyKind.ORGANISATION else "citizen"


class Grant(Part):
    """The paper that lets the office use a power: the province's decision, or an entrustment.

    `by` is the organ that gives it and, for an entrustment, in whose name the penalty is imposed.
    """

    document: str
    by: str = ""
    published_on: date | None = None
    valid_from: date
    valid_to: date | None = None

    def in_force_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class PowerItem(Part):
    """One 案由 of the power list: duty, penalty, kinds, range, conditions, dates.

    `kinds` and `range` follow from the act alone (with `needs_refusal`: from not correcting it, with
    `condition`: from that), `heavier` from more. `fine_optional`: the article says 可以处.
    `mode` says by what right the office has it, `delegated_by` or `entrusted_by` on which paper;
    `higher_norm` is the item of the superior law that this one's basis spells out; `field` the
    field of enforcement, as certificates name it.
    """

    code: str
    title: str
    duty: Citation
    penalty: Citation
    kinds: tuple[str, ...]
    range: dict[str, Range | None] = Field(default_factory=dict)
    must_order_correction: bool = True
    needs_refusal: bool = False
    valid_from: date
    valid_to: date | None = None
    confirmed: bool = False
    bands: tuple[Band, ...] = ()
    clock_profile: str | None = None
    predecessor: str | None = None
    mode: Literal["交由行使", "法定职权", "委托"] = "交由行使"
    delegated_by: Grant | None = None
    entrusted_by: Grant | None = None
    may_seize: bool = False
    higher_norm: str | None = None
    field: str = ""
    note: str = ""
    heavier: tuple[Heavier, ...] = ()
    share: Share | None = None
    condition: str = ""
    fine_optional: bool = False

    @model_validator(mode="after")
    def _bands_fit(self) -> PowerItem:
        for side in ("citizen", "org"):
            fault = _band_fault(self.bands_for(side), self.range.get(side))
            if fault:
                raise ValueError(f"{self.code} 的裁量档次：{fault}")
        return self

    def bands_for(self, side: str) -> list[Band]:
        """The bands of one kind of party, from the lightest on."""
        return sorted((b for b in self.bands if b.party in ("", side)), key=lambda b: b.min)

    def in_force_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def range_for(self, kind: PartyKind) -> Range | None:
        """The range for this kind of party; an individual business is fined as a citizen."""
        return self.range.get(side_of(kind))

    def limits_for(self, kind: PartyKind, cost: Decimal | None = None) -> Range | None:
        """The range in 元, also where the article gives a percentage of `cost`."""
        limits = self.range_for(kind)
        if limits is None or self.share is None or cost is None:
            return limits
        low = self.share.min
        return Range(min=low and _part(cost, low), max=_part(cost, self.share.max))


def _part(cost: Decimal, percent: Decimal) -> Decimal:
    return (cost * percent / 100).quantize(Decimal("0.01"))


def _band_fault(bands: list[Band], limits: Range | None) -> str:
    """What is wrong with these bands in one sentence; they may share an edge, and 元 are whole steps."""
    for band in bands:
        if band.min > band.max:
            return f"“{band.name}”的下限 {band.min} 元高于上限 {band.max} 元。"
        if limits is None and band.party:
            return f"“{band.name}”给不罚款的一类当事人定了档次。"
        low, high = (limits.min, limits.max) if limits else (None, None)
        if (low is not None and band.min < low) or (high is not None and band.max > high):
            return (
                f"“{band.name}”（{band.min} 至 {band.max} 元）超出条文的幅度"
                f"（{low or 0} 元至{f' {high} 元' if high is not None else '不限'}）。"
            )
    for lower, upper in pairwise(bands):
        if upper.min < lower.max:
            return f"“{lower.name}”和“{upper.name}”在 {upper.min} 至 {lower.max} 元之间重叠。"
        if upper.min > lower.max + 1:
            return f"“{lower.name}”和“{upper.name}”之间，{lower.max} 至 {upper.min} 元没有档次。"
    return ""


class HandOver(Part):
    """A look-alike that belongs to another organ: how to recognise it, and whose it is.

    `words` are groups: the act's text matches when every word of one group stands in it.
    """

    code: str
    title: str
    law: Citation
    to: str
    words: tuple[tuple[str, ...], ...] = ()
    items: tuple[str, ...] = ()
    since: date = date(2021, 7, 15)
    until: date | None = None
    note: str = ""

    def matches(self, text: str, power: str, day: date) -> bool:
        if day < self.since or (self.until and day > self.until):
            return False
        return power in self.items or any(all(w in text for w in group) for group in self.words)


Approver = Literal["head", "collective"]

APPROVERS: dict[Approver, str] = {"head": "负责人", "collective": "负责人集体讨论"}


class Pausable(Part):
    """A reason for which a clock stands still, and the document that proves from when till when."""

    reason: str = Field(min_length=1)
    proof: str = Field(min_length=1)


class Extension(Part):
    """One extension; without `days` whoever approves it sets a reasonable number."""

    days: int | None = Field(default=None, ge=1)
    approved_by: Approver

    @property
    def approver(self) -> str:
        return APPROVERS[self.approved_by]


class ClockProfile(Part):
    """时限规则: what a law or 规章 lets stop or extend the ninety days of an item (行政处罚法 60).

    An item without one has no pause and no extension; one that nobody has confirmed counts as none.
    """

    name: str = Field(min_length=1)
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    confirmed: bool = False
    extensions: tuple[Extension, ...] = ()
    pausable: tuple[Pausable, ...] = ()

    def pausable_for(self, reason: str) -> Pausable | None:
        return next((p for p in self.pausable if p.reason == reason), None)


class Device(Part):
    """电子技术监控设备 whose records may become evidence (行政处罚法 41)."""

    id: str
    place: str
    legal_review_on: date | None = None
    technical_review_on: date | None = None
    published_on: date | None = None
    retired_on: date | None = None


class Superior(Part):
    """The organ above. `office` is the id of its own file in this database, where it has one: its inspectors
    then look into this office too."""

    name: str
    review_body: str
    court: str
    office: str = ""


class Bank(Part):
    name: str
    account: str = ""
    address: str = ""
    late_penalty_told: bool = True


class ReviewPolicy(Part):
    """The office's own document on legal review, cited where 行政处罚法 58 does not reach."""

    document: str
    every_case: bool = True
    before_notice: bool = True


class LocalParameter(Part):
    key: str
    since: date = Field(alias="from")
    value: Any
    unit: str = ""
    source: str
    confirmed: bool = False
    note: str = ""
    rules: tuple[str, ...] = ()


class Office(Part):
    """The office on one day; `law(register)` adds its own numbers to the register's."""

    office: str
    sample: bool = False
    name: str
    team: str = ""
    short: str = ""
    division: str = ""
    uscc: str = ""
    area: tuple[str, ...] = ()
    superior: Superior
    hotline: str = ""
    bank: Bank
    valid_from: date
    people: tuple[Person, ...]
    parameters: tuple[LocalParameter, ...] = ()
    review_policy: ReviewPolicy
    publication: Target = Target()
    alerts: Alerting = Alerting()
    duty_roster: tuple[Duty, ...] = ()
    power_list: tuple[PowerItem, ...] = ()
    clock_profiles: tuple[ClockProfile, ...] = ()
    hand_over: tuple[HandOver, ...] = ()
    devices: tuple[Device, ...] = ()

    @model_validator(mode="after")
    def _no_entrusted_seizure(self) -> Office:
        wrong = [p.code for p in self.power_list if p.mode == "委托" and p.may_seize]
        if wrong:
            raise ValueError(
                f"power_list: {'、'.join(wrong)} 是受委托行使的，不能有查封、扣押的权力"
                "（行政强制法第十七条：行政强制措施权不得委托）。"
            )
        return self

    @model_validator(mode="after")
    def _once_each(self) -> Office:
        for what, ids in (
            ("people", [p.id for p in self.people]),
            ("power_list", [p.code for p in self.power_list]),
            ("clock_profiles", [p.name for p in self.clock_profiles]),
            ("hand_over", [h.code for h in self.hand_over]),
            ("devices", [d.id for d in self.devices]),
        ):
            twice = sorted({i for i in ids if ids.count(i) > 1})
            if twice:
                raise ValueError(f"{what}: {'、'.join(twice)} 出现了两次，每个编号只能用一次。")
        return self

    @model_validator(mode="after")
    def _roster_known(self) -> Office:
        known = {p.id for p in self.people}
        if strange := sorted({d.person for d in self.duty_roster} - known):
            raise ValueError(f"duty_roster: 本机关没有 {'、'.join(strange)} 这个人。")
        return self

    @model_validator(mode="after")
    def _profiles_known(self) -> Office:
        known = {p.name for p in self.clock_profiles}
        for power in self.power_list:
            if power.clock_profile is not None and power.clock_profile not in known:
                raise ValueError(
                    f"power_list {power.code}：clock_profiles 里没有时限规则“{power.clock_profile}”。"
                )
        return self

    @cached_property
    def _people(self) -> dict[str, Person]:
        return {p.id: p for p in self.people} | {SYSTEM.id: SYSTEM}

    @cached_property
    def _powers(self) -> dict[str, PowerItem]:
        return {p.code: p for p in self.power_list}

    def device(self, id: str) -> Device | None:
        return next((d for d in self.devices if d.id == id), None)

    def person(self, id: str) -> Person | None:
        return self._people.get(id)

    def power(self, code: str) -> PowerItem | None:
        return self._powers.get(code)

    def clock_profile(self, code: str) -> ClockProfile | None:
        """The rule by which the clock of this item may stop or be extended; None: by none at all."""
        power = self.power(code)
        name = power.clock_profile if power else None
        return next((p for p in self.clock_profiles if p.name == name), None)

    def successors(self, code: str) -> list[PowerItem]:
        """The items that took the place of this one when its act was repealed."""
        return [p for p in self.power_list if p.predecessor == code]

    def signs_as(self, power: str) -> str:
        """In whose name a penalty is imposed: an entrusted one in that of the organ that entrusts (行政处罚法 20)."""
        item = self.power(power)
        entrusted = item.entrusted_by if item and item.mode == "委托" else None
        return (entrusted.by if entrusted else "") or self.name

    def with_role(self, *roles: str) -> list[Person]:
        """The people who hold one of these roles; `ValueError` for a role that nobody can have."""
        if strange := [role for role in roles if role not in ROLE_NAMES]:
            raise ValueError(f"there is no role {strange[0]!r}, only {', '.join(ROLE_NAMES)}")
        return [p for p in self.people if p.has(*roles)]

    def hearing(self, hearers: Iterable[str], at: datetime) -> list[Person]:
        """The people behind roles at this Beijing moment, `duty` among them; not the handlers of a case."""
        people: list[Person] = []
        for hearer in hearers:
            if hearer == DUTY:
                here = (self.person(d.person) for d in self.duty_roster if d.covers(at))
                people += [p for p in here if p]
            elif hearer != "handlers":
                people += self.with_role(hearer)
        return list({p.id: p for p in people}.values())

    def law(self, register: LawBook) -> LawBook:
        return register.with_local(
            Parameter(
                p.key,
                p.value,
                p.unit,
                p.since,
                p.source,
                p.confirmed,
                p.rules,
            )
            for p in self.parameters
        )


SYSTEM = Person(id="system", name="系统", roles=("system",), post="自动")
