"""金额 — a fine laid on its lawful range, the office's band and what past cases came to, as one picture."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from policies.casefile import CaseFile
from policies.office import Band as OwnBand
from policies.office import Office, Range, side_of
from workflow.precedents import Band
from workflow.web.pages.render import yuan


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the bar in percent, with its name and its numbers in words."""

    kind: str
    name: str
    words: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Amounts:
    """The picture: its scale in words, its parts from the back to the front, and where the fine stands."""

    low: str
    high: str
    spans: tuple[Span, ...]
    point: float
    fine: str
    aria: str


def amounts(case: CaseFile, office: Office, past: Band | None) -> Amounts | None:
    """None where there is no fine, or nothing to lay it on."""
    proposal, party, power = case.proposal, case.party, office.power(case.power)
    if proposal is None or party is None or power is None or not proposal.fine:
        return None
    lawful = power.limits_for(party.kind, proposal.project_cost)
    own = band_named(case, office)
    edges = [proposal.fine, *_ends(lawful), *((own.min, own.max) if own else ())]
    edges += [past.low, past.high] if past and past.known else []
    low, high = min(edges), max(edges)
    if low == high:
        return None

    def at(value: Decimal) -> float:
        return round(float((value - low) / (high - low)) * 100, 2)

    def span(kind: str, name: str, start: Decimal, end: Decimal, words: str) -> Span:
        return Span(kind, name, words, at(start), max(at(end) - at(start), 0.8))

    spans = []
    if lawful and lawful.max is not None:
        words = f"{yuan(lawful.min or 0)} 至 {yuan(lawful.max)}"
        spans.append(span("l", "法定幅度", lawful.min or Decimal(0), lawful.max, words))
    if own:
        words = f"{yuan(own.min)} 至 {yuan(own.max)}"
        spans.append(span("d", f"裁量档“{own.name}”", own.min, own.max, words))
    if past and past.known:
        words = f"{yuan(past.low)} 至 {yuan(past.high)}，中位数 {yuan(past.median)}"
        spans.append(span("p", f"同案由 {past.count} 件", past.low, past.high, words))
        if past.count > 3:
            words = f"{yuan(past.first)} 至 {yuan(past.third)}"
            spans.append(span("q", "其中居中的一半", past.first, past.third, words))
    told = "；".join(f"{s.name} {s.words}" for s in spans)
    fine = yuan(proposal.fine)
    return Amounts(
        yuan(low), yuan(high), tuple(spans), at(proposal.fine), fine, f"拟罚款 {fine}；{told}"
    )


def band_named(case: CaseFile, office: Office) -> OwnBand | None:
    """The band of the office that the reasons name, else the one in which the amount lies."""
    proposal, party, power = case.proposal, case.party, office.power(case.power)
    if proposal is None or party is None or power is None:
        return None
    bands = power.bands_for(side_of(party.kind))
    named = [b for b in bands if b.name in proposal.discretion]
    return next(iter(named), None) or next(
        (b for b in bands if b.min <= proposal.fine <= b.max), None
    )


def _ends(lawful: Range | None) -> list[Decimal]:
    if lawful is None:
        return []
    low = Decimal(0) if lawful.min is None else lawful.min
    return [low] if lawful.max is None else [low, lawful.max]
