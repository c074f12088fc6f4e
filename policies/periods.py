"""期间 — every period that follows from what a case already says, from filing to the court.

Nothing here is kept or edited: a period is counted from its fact, with the length that the law book gives
on the day it starts. What the case document does not hold yet stands in `Beside`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from policies.articles import AEL, ALI, APL
from policies.calendar import ONE_DAY, Calendar
from policies.casefile import CaseFile, Clock
from policies.late_penalty import Plan
from policies.lawbook import LawBook
from policies.office import ClockProfile, Extension, Pausable
from policies.pauses import Grant, Pause, paused
from policies.period import NoPeriod, Period, run
from policies.remedies import Remedy, remedies_end, review, suit

EXPERTISE = ("检测", "检验", "检疫", "技术鉴定")
"""What stops the days of a seizure (行政强制法 25(3))."""


@dataclass(frozen=True, slots=True)
class Seizure:
    """查封、扣押 as imposed, with the expertise that stopped it and its extension."""

    on: date
    pauses: tuple[Pause, ...] = ()
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """Facts that the document does not hold: the caller fills them in from where they are recorded.

    `demands` are the days on which a 催告书 was served, `registrations` those of a 先行登记保存, `handed_in`
    those on which officers handed money taken on the spot to the office; `told_later` is the day on which
    a party that the decision did not inform learned of its remedies.
    """

    remedies: tuple[Remedy, ...] = ()
    plan: Plan | None = None
    demands: tuple[date, ...] = ()
    seizures: tuple[Seizure, ...] = ()
    registrations: tuple[date, ...] = ()
    handed_in: tuple[date, ...] = ()
    told_later: date | None = None


NOTHING_BESIDE = Beside()


def periods(
    case: CaseFile,
    law: LawBook,
    calendar: Calendar,
    *,
    as_of: date,
    beside: Beside = NOTHING_BESIDE,
) -> tuple[Period | NoPeriod, ...]:
    """Every period that the facts start, in the order of a case's life."""
    sought = {"remedies": beside.remedies, "told_later": beside.told_later}
    found = [
        decision(case, law, calendar),
        *(registration(day, law, calendar) for day in beside.registrations),
        *(seizure(one, law, calendar, as_of=as_of) for one in beside.seizures),
        payment(case, law, calendar, plan=beside.plan),
        *(hand_in(p.on, law, calendar) for p in case.payments if p.on_spot),
        *(bank_in(day, law, calendar) for day in beside.handed_in),
        review(case, law, calendar, **sought),  # type: ignore[arg-type]
        suit(case, law, calendar, **sought),  # type: ignore[arg-type]
        *(demand(day, law, calendar) for day in beside.demands),
        court_window(case, law, calendar, beside=beside),
    ]
    return tuple(period for period in found if period is not None)


def decision(case: CaseFile, law: LawBook, calendar: Calendar) -> Period | NoPeriod | None:
    """The ninety days in both readings: watched on the strict one, disputed until the other (R153, T5).

    A running clock knows of its pauses and extensions, so its ends are taken.
    """
    if case.filing is None or case.filing.approved_on is None:
        return None
    why = (
        "行政处罚法没有规定期限的顺延，从严计算不顺延；顺延的算法有争议，以较早的为警戒，"
        "超期要说明并追责，仍应依法作出决定"
    )
    filed = case.filing.approved_on
    found = run("decision", "办案", "decision.deadline", filed, law, calendar, why=why)
    running = case.clocks.get("decision")
    if isinstance(found, NoPeriod):
        return found
    if running is None:
        return replace(found, disputed=True)
    return _as_counted(replace(found, disputed=True), running)


def registration(on: date, law: LawBook, calendar: Calendar) -> Period | NoPeriod:
    """先行登记保存: a decision on what was registered within seven working days (R087)."""
    why = "按工作日计算；届满不会自行解除，必须作出处理决定，逾期报警，不代为解除"
    key = "evidence_preregistration.disposal"
    return run("registration", "先行登记保存", key, on, law, calendar, why=why)


def seizure(one: Seizure, law: LawBook, calendar: Calendar, *, as_of: date) -> Period | NoPeriod:
    """查封、扣押: thirty days that never roll, one extension, the days of expertise left out (R105)."""
    why = f"“不得超过”，不因节假日顺延；届满不会自行解除，应当及时作出解除决定（{AEL(28).text}）"
    found = run("seizure", "查封、扣押", "seizure.max", one.on, law, calendar, why=why)
    if isinstance(found, NoPeriod) or not (one.pauses or one.grants):
        return found
    counted = paused(
        Clock(
            start=found.start,
            span=str(found.span),
            due=found.due,
            rolled=found.rolled,
            ends=found.due,
            provisional=found.provisional,
            calendar=calendar.version,
        ),
        one.pauses,
        _seizure_rule(law, one.on),
        calendar,
        as_of=as_of,
        grants=one.grants,
    )
    why += f"；扣除 {counted.stood} 日，延长 {counted.extended} 日"
    why += "".join(f"；{n.what}不计：{n.why}" for n in counted.not_counted)
    return _as_counted(replace(found, why=f"{why}。"), counted.clock)


def _seizure_rule(law: LawBook, on: date) -> ClockProfile:
    """What 行政强制法 25 itself lets stop and extend a seizure."""
    longer = law.on(on)["seizure.extension"]
    proof = "写明期间并书面告知当事人的文书"
    return ClockProfile(
        name="seizure",
        title="查封、扣押的期限",
        source=AEL(25).text,
        confirmed=longer.confirmed,
        extensions=(Extension(days=longer.value, approved_by="head"),),
        pausable=tuple(Pausable(reason=reason, proof=proof) for reason in EXPERTISE),
    )


def payment(
    case: CaseFile, law: LawBook, calendar: Calendar, *, plan: Plan | None = None
) -> Period | NoPeriod | None:
    """Fifteen days from receipt to pay the fine; the dates of an approved plan in their place (R201, R207)."""
    if case.decision is None or case.decision_served is None or not case.decision.fine:
        return None
    if plan is not None:
        why = f"已批准延期、分期，{plan.since} 起按批准的日期缴纳，至 {plan.ends}。"
        return NoPeriod("payment", "缴款", why, APL(66, "第二款").text)
    served = case.decision_served.served_on
    why = "自收到决定书之日起"
    return run("payment", "缴款", "payment.due", served, law, calendar, why=why, rolls=True)


def hand_in(taken: date, law: LawBook, calendar: Calendar) -> Period | NoPeriod:
    """Money taken on the spot goes to the office within two working days (行政处罚法 71, R205)."""
    key, why = (
        "onspot_collect.officer_to_office",
        "自当场收缴之日起（在水上收缴的自抵岸之日起），交至机关",
    )
    return run("hand_in", "当场收缴的罚款交机关", key, taken, law, calendar, why=why)


def bank_in(received: date, law: LawBook, calendar: Calendar) -> Period | NoPeriod:
    """And from the office to the bank within two more (行政处罚法 71, R205)."""
    key, why = "onspot_collect.office_to_bank", "自机关收到之日起，缴付指定的银行"
    return run("bank_in", "当场收缴的罚款缴银行", key, received, law, calendar, why=why)


def demand(served: date, law: LawBook, calendar: Calendar) -> Period | NoPeriod:
    """催告: ten working days from its service have to pass before the court is asked (R217)."""
    why = "自催告书送达之日起，按工作日计算；届满之后仍未履行的，可以申请人民法院强制执行"
    key = "court_enforcement.demand_wait"
    return run("demand", "催告", key, served, law, calendar, why=why)


def court_window(
    case: CaseFile, law: LawBook, calendar: Calendar, *, beside: Beside = NOTHING_BESIDE
) -> Period | NoPeriod | None:
    """Three months from the later of the remedies' end, rolled, and the end of a plan (R214, R218).

    What replaces the decision, a judgment that changes it, has two years of its own.
    """
    end = remedies_end(case, law, calendar, remedies=beside.remedies, told_later=beside.told_later)
    if end is None or isinstance(end, NoPeriod):
        return end
    start, why = end.on, f"自{end.why}（{end.on}）起"
    if beside.plan is not None and beside.plan.ends > start:
        start = beside.plan.ends
        why += f"；延期、分期至 {start} 结束，较晚，自该日起（{APL(72, '第二款').text}）"
    if end.judgment:
        key = "court_enforcement.judgment"
        why += "；执行的是生效裁判，文书另定履行期间的自该期间最后一日起"
    else:
        key = "court_enforcement.window"
        why += f"；最早 {start + ONE_DAY}，并须先催告；逾期申请须有正当理由（{ALI(156).text}）"
    return run("court_window", "申请法院强制执行", key, start, law, calendar, why=why, rolls=True)


def _as_counted(period: Period, clock: Clock) -> Period:
    """The period with the ends of a clock that stood still or was extended."""
    return replace(period, due=clock.due, rolled=clock.rolled, provisional=clock.provisional)
