"""加处罚款 — what is added to a fine that is not paid in time, day by day, and in words for the file.

行政处罚法 72(1)(一): three per cent of 罚款数额 a day, never more than 罚款数额. Where the texts leave a question
open, the answer is the one that favours the party, and the other one is told beside it:

- base: 罚款数额 can be read as what is still unpaid (the default) or as the whole fine until all is paid.
  Either reading takes the same words for the cap, so that of the default is what fell overdue.
- payments are set against the fine first, the instalment that is due first before the others;
- of a remedy (行政处罚法 73(3)) both the first and the last day are free;
- a part of a 分 is dropped, for more than three per cent may never be asked.

The day of payment itself is a day on which the fine was still open: paid one day late is one day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from itertools import pairwise

from policies.articles import AEL, APL, FCR
from policies.calendar import ONE_DAY
from policies.casefile import Payment, yuan_text
from policies.lawbook import LawBook

FEN = Decimal("0.01")
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Instalment:
    due: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Plan:
    """An approved postponement (one instalment) or payment by instalments (行政处罚法 66(2)).

    From `since` on the plan's dates stand in place of the decision's. Its amounts make up what was
    unpaid then; what had been added before stays added.
    """

    since: date
    instalments: tuple[Instalment, ...]

    @property
    def ends(self) -> date:
        """The day on which postponement or instalments are over (行政处罚法 72(2))."""
        return max(i.due for i in self.instalments)


@dataclass(frozen=True, slots=True)
class Exempt:
    """Days on which nothing is added, both ends included; without `last` they still go on."""

    why: str
    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Interval:
    """Days that follow each other on one base; `exempt` says why nothing was added on them."""

    first: date
    last: date
    days: int
    base: Decimal
    amount: Decimal
    exempt: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The addition under one reading of 罚款数额; `capped_on` is the first day at the limit."""

    name: str
    days: int
    amount: Decimal
    cap: Decimal
    capped_on: date | None
    intervals: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class LatePenalty:
    """Both readings, what is still owed under the default one, and the sentences for the file."""

    due: date
    as_of: date
    rate: Decimal
    announced: bool
    unpaid: Reading
    whole: Reading
    owed: Decimal
    explanation: str

    @property
    def amount(self) -> Decimal:
        return self.unpaid.amount

    @property
    def days(self) -> int:
        return self.unpaid.days

    @property
    def capped(self) -> bool:
        return self.unpaid.capped_on is not None


def late_penalty(
    fine: Decimal,
    due: date,
    payments: Iterable[Payment],
    law: LawBook,
    *,
    as_of: date,
    announced: bool,
    exempt: Iterable[Exempt] = (),
    plan: Plan | None = None,
    waived: Decimal = NOTHING,
) -> LatePenalty:
    """What is added up to and including `as_of`; `due` is the last day to pay, rolled.

    Nothing is added unless the decision announced it (罚缴分离办法 7, 行政强制法 45(1); R209).
    `waived` is what an agreement that was kept so far drops of the addition (行政强制法 42).
    """
    on = law.on(due)
    rate = Decimal(on["late_penalty.rate"].value) / 1000
    debt = _Debt(fine, due, tuple(payments), plan)
    free = tuple(exempt)
    limit = fine * Decimal(on["late_penalty.cap"].value) / 100
    if announced:
        unpaid = _read(
            "按未缴数额", debt, debt.overdue, debt.fell_overdue, free, rate, limit, as_of
        )
        whole = _read(
            "按全部罚款数额",
            debt,
            lambda day: fine if debt.overdue(day) else NOTHING,
            lambda day: fine if debt.fell_overdue(day) else NOTHING,
            free,
            rate,
            limit,
            as_of,
        )
    else:
        unpaid = Reading("按未缴数额", 0, _fen(NOTHING), NOTHING, None, ())
        whole = Reading("按全部罚款数额", 0, _fen(NOTHING), NOTHING, None, ())
    added = max(NOTHING, unpaid.amount - waived)
    owed = _fen(max(NOTHING, fine + added - debt.paid_by(as_of)))
    said = _explained(debt, unpaid, whole, rate, as_of, announced)
    if waived and unpaid.amount:
        said += f"\n执行协议减免加处罚款 {yuan_text(waived)} 元（{AEL(42, '第一款').text}）。"
    return LatePenalty(due, as_of, rate, announced, unpaid, whole, owed, said)


class _Debt:
    """What is overdue on a morning, before that day's payment."""

    def __init__(
        self, fine: Decimal, due: date, payments: Sequence[Payment], plan: Plan | None
    ) -> None:
        self.fine = fine
        self.due = due
        self.payments = payments
        self.plan = plan
        if plan is not None:
            open_ = self._open(plan.since)
            total = sum((i.amount for i in plan.instalments), NOTHING)
            if total != open_:
                raise ValueError(
                    f"延期、分期合计 {yuan_text(total)} 元，{plan.since} 未缴的罚款是 {yuan_text(open_)} 元，"
                    "两者应当相等。"
                )

    def paid_by(self, day: date, since: date = date.min) -> Decimal:
        return sum((p.amount for p in self.payments if since <= p.on <= day), NOTHING)

    def overdue(self, day: date) -> Decimal:
        plan = self.plan
        if plan is None or day < plan.since:
            return self._open(day) if day > self.due else NOTHING
        passed = sum((i.amount for i in plan.instalments if i.due < day), NOTHING)
        paid = self.paid_by(day - ONE_DAY, plan.since)
        return max(NOTHING, passed - paid)

    def fell_overdue(self, day: date) -> Decimal:
        """How much is overdue since this very morning."""
        plan = self.plan
        if plan is None or day < plan.since:
            return self._open(day) if day == self.due + ONE_DAY else NOTHING
        fell = sum((i.amount for i in plan.instalments if i.due == day - ONE_DAY), NOTHING)
        return min(fell, self.overdue(day))

    def _open(self, day: date) -> Decimal:
        return max(NOTHING, self.fine - self.paid_by(day - ONE_DAY))


def _read(
    name: str,
    debt: _Debt,
    base_on: Callable[[date], Decimal],
    fell_on: Callable[[date], Decimal],
    exempt: Sequence[Exempt],
    rate: Decimal,
    limit: Decimal,
    as_of: date,
) -> Reading:
    """Walk the days after the due date; the cap is what fell overdue, at most the limit."""
    rows: list[tuple[date, Decimal, str, Decimal]] = []  # day, base, exempt, total after it
    total = cap = NOTHING
    capped_on = None
    for day in _days(debt.due + ONE_DAY, as_of):
        cap = min(limit, cap + fell_on(day))
        base = base_on(day)
        free = next((e.why for e in exempt if e.covers(day)), "")
        if not base or (total >= cap and not free):
            continue
        if not free:
            total = min(cap, total + base * rate)
            capped_on = (capped_on or day) if total >= cap else None
        rows.append((day, base, free, total))
    counted = sum(1 for _, _, free, _ in rows if not free)
    return Reading(name, counted, _fen(total), cap, capped_on, tuple(_grouped(rows)))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + i * ONE_DAY for i in range((last - first).days + 1))


def _grouped(rows: Sequence[tuple[date, Decimal, str, Decimal]]) -> Iterator[Interval]:
    """Neighbouring days of one base as one interval; rounded so that they add up to the total."""
    starts = [0] + [
        n
        for n, (a, b) in enumerate(pairwise(rows), 1)
        if a[1:3] != b[1:3] or b[0] - a[0] != ONE_DAY
    ]
    before = NOTHING
    for first, last in pairwise([*starts, len(rows)]):
        if first == last:
            return
        day, base, free, _ = rows[first]
        end, _, _, total = rows[last - 1]
        amount = _fen(total) - _fen(before)
        yield Interval(day, end, last - first, base, NOTHING if free else amount, free)
        before = total


def _fen(amount: Decimal) -> Decimal:
    return amount.quantize(FEN, ROUND_DOWN)


def _explained(
    debt: _Debt, unpaid: Reading, whole: Reading, rate: Decimal, as_of: date, announced: bool
) -> str:
    """Sentences that a clerk can copy into the notice of demand."""
    fine = f"罚款 {yuan_text(debt.fine)} 元，应当在 {debt.due} 之前（含当日）缴纳"
    if not announced:
        return (
            f"{fine}。决定书没有写明逾期加处罚款，也没有告知标准，不得加处"
            f"（{FCR(7).text}、{AEL(45, '第一款').text}）。"
        )
    said = [f"{fine}，逾期每日加处 {yuan_text(rate * 100)}%（{_basis()}）。"]
    if debt.plan:
        dates = "、".join(f"{i.due} {yuan_text(i.amount)} 元" for i in debt.plan.instalments)
        said.append(
            f"{debt.plan.since} 起按批准的延期、分期：{dates}（{APL(66, '第二款').text}）。"
        )
    said += [_line(interval) for interval in unpaid.intervals]
    said.append(
        f"截至 {as_of}，共 {unpaid.days} 日，加处罚款 {yuan_text(unpaid.amount)} 元"
        + _at_cap(unpaid)
    )
    if whole.amount != unpaid.amount:
        said.append(
            f"“罚款数额”也可以理解为全部罚款，那样是 {yuan_text(whole.amount)} 元；"
            "法律没有写明，取对当事人有利的算法。"
        )
    return "\n".join(said)


def _basis() -> str:
    return f"{APL(72, '第一款第（一）项').text}"


def _line(interval: Interval) -> str:
    when = f"{interval.first} 至 {interval.last}，{interval.days} 日"
    if interval.exempt:
        return f"{when}：{interval.exempt}，不计算。"
    return f"{when}：按未缴的 {yuan_text(interval.base)} 元，加处 {yuan_text(interval.amount)} 元。"


def _at_cap(reading: Reading) -> str:
    if reading.capped_on is None:
        return "。"
    return f"；{reading.capped_on} 起已达上限 {yuan_text(reading.cap)} 元，不再增加。"
