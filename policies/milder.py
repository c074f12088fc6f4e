"""从旧兼从轻 — old and new law side by side, each with its whole consequence and conditions (行政处罚法 37).

A pure comparison for a case whose act and decision lie on two sides of a change: what each law does to
this party, and which is lighter by each measure. Where the measures disagree no number decides it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from policies.amount import ALWAYS, refused
from policies.casefile import CaseFile, Citation, PartyKind, yuan_text
from policies.lawbook import LawBook
from policies.office import Heavier, Office, PowerItem, Range


class Lighter(StrEnum):
    """Which law is lighter by one measure, or by all of them together."""

    OLD = "旧法较轻"
    NEW = "新法较轻"
    EQUAL = "相同"
    JUDGE = "不能只凭数字判断"


SAYS = {
    Lighter.OLD: "旧法较轻，适用行为时的旧法",
    Lighter.EQUAL: "两法的后果相同，适用行为时的旧法",
    Lighter.NEW: "新法较轻，适用新法",
    Lighter.JUDGE: "各项轻重不一，不能只凭数字判断，由人判断并写明理由",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One measure: what the old law says, what the new, and which is lighter by it (None: words only)."""

    what: str
    old: str
    new: str
    lighter: Lighter | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The table for one pair of items, and the answer of all its rows together."""

    old: PowerItem
    new: PowerItem
    act: date
    decided: date
    rows: tuple[Row, ...]

    @property
    def answer(self) -> Lighter:
        marks = {r.lighter for r in self.rows if r.lighter not in (None, Lighter.EQUAL)}
        if not marks:
            return Lighter.EQUAL
        return Lighter.JUDGE if len(marks) > 1 else next(m for m in marks if m)

    @property
    def says(self) -> str:
        """The answer in one sentence, with a caution where the acts are not described alike."""
        alike = "" if self.old.title == self.new.title else "（案由的文字不同，构成要件由人核对）"
        return SAYS[self.answer] + alike

    @property
    def text(self) -> str:
        """The table in one line, for a reason."""
        told = "；".join(f"{r.what}：旧 {r.old}，新 {r.new}" for r in self.rows if r.old != r.new)
        return f"{told or '各项相同'}。{self.says}"


def act_day(case: CaseFile, decided: date) -> date:
    """The day whose law governs the act: its end, and for one that goes on the day of the decision."""
    act = case.act
    if act is None or (act.continuing and not act.ended):
        return decided
    return act.ended or act.began or decided


def decided_day(case: CaseFile, as_of: date) -> date:
    """The date on the decision, before it today."""
    return case.decision.date if case.decision else as_of


def compare(case: CaseFile, office: Office, law: LawBook, as_of: date) -> tuple[Comparison, ...]:
    """The tables of a case that a change of law lies in the middle of; none where it does not."""
    power, party = office.power(case.power), case.party
    if power is None or party is None:
        return ()
    decided = decided_day(case, as_of)
    act = act_day(case, decided)
    before = office.power(power.predecessor) if power.predecessor else None
    pairs = [(before, power)] if before else [(power, new) for new in office.successors(power.code)]
    return tuple(
        Comparison(old, new, act, decided, tuple(_rows(old, new, case, party.kind, law)))
        for old, new in pairs
        if act < new.valid_from <= decided
    )


def _rows(
    old: PowerItem, new: PowerItem, case: CaseFile, kind: PartyKind, law: LawBook
) -> Iterable[Row]:
    proved = refused(case)
    was, now = _applicable(old, kind, proved), _applicable(new, kind, proved)
    yield Row("案由", old.title, new.title)
    yield Row("义务条款", _cited(old.duty, law), _cited(new.duty, law))
    yield Row("罚则", _cited(old.penalty, law), _cited(new.penalty, law))
    yield Row("处罚种类", _kinds(old.kinds), _kinds(new.kinds), _by_set(old.kinds, new.kinds))
    yield Row("罚款下限", _yuan(was, "min"), _yuan(now, "min"), _by_number(_low(was), _low(now)))
    yield Row("罚款上限", _yuan(was, "max"), _yuan(now, "max"), _by_number(_high(was), _high(now)))
    yield Row("条件", _listed(_conditions(old)), _listed(_conditions(new)), _by_condition(old, new))
    if proved and (was is not old.range_for(kind) or now is not new.range_for(kind)):
        return  # the heavier range is the one that was compared above
    yield Row("加重", _more(old, kind), _more(new, kind), _by_heavier(old, new, kind))


def _cited(citation: Citation, law: LawBook) -> str:
    return law.words(citation.statute, citation.article, citation.paragraph)


def _applicable(item: PowerItem, kind: PartyKind, proved: bool) -> Range | None:
    """The range for this party as the file stands: the heavier one once the refusal is proved."""
    more = [r for h in item.heavier if "不改正" in h.when and (r := h.range_for(kind))]
    return more[0] if proved and more else item.range_for(kind)


def _low(limits: Range | None) -> Decimal | None:
    return Decimal(0) if limits is None or limits.min is None else limits.min


def _high(limits: Range | None) -> Decimal | None:
    """Nothing where the article fines nobody; unknown where it names no upper end."""
    return Decimal(0) if limits is None else limits.max


def _by_number(old: Decimal | None, new: Decimal | None) -> Lighter:
    if old == new:
        return Lighter.EQUAL
    if old is None or new is None:
        return Lighter.JUDGE
    return Lighter.OLD if old < new else Lighter.NEW


def _by_set(old: Iterable[str], new: Iterable[str]) -> Lighter:
    """Fewer of the same are lighter; others are not compared by counting.

    What follows from every violation (没收违法所得, 行政处罚法 28) is no difference between two laws.
    """
    was, now = set(old) - ALWAYS, set(new) - ALWAYS
    if was == now:
        return Lighter.EQUAL
    return Lighter.OLD if was < now else Lighter.NEW if now < was else Lighter.JUDGE


def _conditions(item: PowerItem) -> list[str]:
    said = ["拒不改正才处罚"] if item.needs_refusal else []
    said += [f"{item.condition}才处罚"] if item.condition else []
    return said + (["可以处罚款，也可以不处"] if item.fine_optional else [])


def _by_condition(old: PowerItem, new: PowerItem) -> Lighter:
    """The law that asks for more before it punishes is the lighter one."""
    return {Lighter.OLD: Lighter.NEW, Lighter.NEW: Lighter.OLD}.get(
        mark := _by_set(_conditions(old), _conditions(new)), mark
    )


def _worst(item: PowerItem, kind: PartyKind) -> Decimal | None:
    ends = [_high(item.range_for(kind))]
    ends += [_high(h.range_for(kind)) for h in item.heavier]
    return None if None in ends else max(e for e in ends if e is not None)


def _by_heavier(old: PowerItem, new: PowerItem, kind: PartyKind) -> Lighter:
    """Compared by the most that either law can come to, in money and in kinds; alike where neither adds any."""
    if not (old.heavier or new.heavier):
        return Lighter.EQUAL
    marks = {
        _by_number(_worst(old, kind), _worst(new, kind)),
        _by_set(_ever(old), _ever(new)),
    } - {Lighter.EQUAL}
    if not marks:
        return Lighter.EQUAL
    return marks.pop() if len(marks) == 1 else Lighter.JUDGE


def _ever(item: PowerItem) -> set[str]:
    return {*item.kinds, *(k for h in item.heavier for k in h.kinds)}


def _kinds(kinds: Iterable[str]) -> str:
    return "、".join(kinds) or "没有处罚"


def _yuan(limits: Range | None, end: str) -> str:
    if limits is None:
        return "不罚款"
    amount = limits.min if end == "min" else limits.max
    return f"{yuan_text(amount)} 元" if amount is not None else "条文没有写"


def _listed(said: list[str]) -> str:
    return "；".join(said) or "没有另外的条件"


def _more(item: PowerItem, kind: PartyKind) -> str:
    return "；".join(_one_more(h, kind) for h in item.heavier) or "没有"


def _one_more(heavier: Heavier, kind: PartyKind) -> str:
    limits = heavier.range_for(kind)
    amount = f"（{_yuan(limits, 'min')}至 {_yuan(limits, 'max')}）" if limits else ""
    return f"{heavier.when}：{'、'.join(heavier.kinds)}{amount}"
