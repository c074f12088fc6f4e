"""简易程序的范围 — what may be decided on the spot under one item of the power list, before anything happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from policies.casefile import PartyKind, yuan_words
from policies.facts import limits_of
from policies.lawbook import LawBook
from policies.office import PowerItem, Range

FINE, WARNING = "罚款", "警告"


@dataclass(frozen=True, slots=True)
class Scope:
    """What an officer may decide at once for one kind of party; without `kinds` nothing at all.

    `least` and `most` are the ends of the fine, both included; `said` tells it in one sentence, `cite`
    by which articles.
    """

    kinds: tuple[str, ...]
    least: Decimal
    most: Decimal
    said: str
    cite: str

    @property
    def fits(self) -> bool:
        return bool(self.kinds)


def scope(power: PowerItem, kind: PartyKind, law: LawBook, day: date) -> Scope:
    """What 行政处罚法 51 leaves of the item's range for this kind of party on this day."""
    limit = law.on(day)[f"summary.fine_max.{limits_of(kind, law, day)}"]
    ceiling = Decimal(str(limit.value))
    basis = law.words(power.penalty.statute, power.penalty.article, power.penalty.paragraph)
    cite = f"{basis}；{limit.cite}"
    range_ = power.range_for(kind)
    warns = WARNING in power.kinds
    why = ""
    least, most = Decimal(0), ceiling
    fined = range_ if FINE in power.kinds else None
    if fined is None:
        why = f"本条对{kind.value}不处罚款"
    elif power.share is not None:
        why = f"罚款按{power.share.of}的百分比计算，要先查明数额"
    elif fined.min is None and fined.max is None:
        why = "条文没有写明金额"
    elif fined.min is not None and fined.min > ceiling:
        why = (
            f"法定最低罚款 {yuan_words(fined.min)} 元，超过当场处罚的上限 {yuan_words(ceiling)} 元"
        )
    else:
        least = fined.min or Decimal(0)
        most = ceiling if fined.max is None else min(ceiling, fined.max)
    if power.needs_refusal:
        said = "先责令改正、复查仍不改正的才处罚，当场不能处罚。"
        return Scope((), least, most, f"不适用简易程序：{said}转为普通程序立案。", cite)
    kinds: tuple[str, ...] = ()
    if fined is not None and not why:
        kinds = (FINE, WARNING) if warns else (FINE,)
        said = f"可用简易程序。{_lawful(fined)}，对{kind.value}当场罚款不超过 {yuan_words(ceiling)} 元，"
        said += f"本表可填 {between(least, most)}{'，也可以只警告' * warns}。"
        if power.condition:
            said += f"罚款以“{power.condition}”为条件。"
    elif warns:
        kinds = (WARNING,)
        said = f"只能当场警告：{why}，当场不能罚款；要罚款的，转为普通程序立案。"
    else:
        said = f"不适用简易程序：{why}。转为普通程序立案。"
    return Scope(kinds, least, most, said, cite)


def between(least: Decimal, most: Decimal) -> str:
    """100–200 元, 不超过 200 元, or the one amount that is left."""
    if not least:
        return f"不超过 {yuan_words(most)} 元"
    if least == most:
        return f"{yuan_words(most)} 元"
    return f"{yuan_words(least)}–{yuan_words(most)} 元"


def _lawful(range_: Range) -> str:
    if range_.max is None:
        return f"法定罚款 {yuan_words(range_.min or Decimal(0))} 元以上"
    if range_.min is None:
        return f"法定罚款 {yuan_words(range_.max)} 元以下"
    return f"法定罚款 {yuan_words(range_.min)}–{yuan_words(range_.max)} 元"
