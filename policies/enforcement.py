"""强制执行 — 催告, the application to the court, and what may stand in its way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from policies.alongside import beside, end_of_remedies, pending, plan
from policies.arrears import arrears
from policies.articles import AEL, ALI, APL, PLAN
from policies.calendar import ONE_DAY
from policies.casefile import CaseFile, yuan_text
from policies.core import (
    Level,
    Verdict,
    does_not_apply,
    fails,
    holds,
    needs_judgement,
    policy,
    unstated,
)
from policies.dues import unpaid
from policies.facts import Facts
from policies.lawbook import LawBook
from policies.period import NoPeriod, Period
from policies.periods import court_window
from policies.things import Enforcement

DEMAND = ("履行期限", "履行方式", "金额和给付方式", "陈述权和申辩权")
"""What a 催告书 says (行政强制法 35)."""

PACKAGE = (
    "强制执行申请书",
    "行政决定书及事实、理由和依据",
    "当事人的意见及催告情况",
    "申请执行标的情况",
)
"""What goes to the court (行政强制法 55); its fifth item is what other texts ask for."""

DONE_OR_PAID = ("警告", "通报批评", "罚款")
"""Kinds that are carried out by being served, or by paying the fine."""


def enforcement_of(facts: Facts) -> Enforcement | None:
    return next((e for e in facts.case.enforcements if e.id == facts.item), None)


def uncorrected(case: CaseFile) -> bool:
    """Whether the look at the place found what had to be put right as it was."""
    return bool(case.correction and case.correction.corrected is False)


def last_to_pay(facts: Facts, law: LawBook, served_on: date) -> date:
    """The fifteenth day; in a plan, the date of the first instalment that is not covered (行政处罚法 66, 67)."""
    terms = plan(facts.case)
    if terms is None:
        return facts.calendar.count(served_on, law.on(served_on)["payment.due"].span).rolled
    covered = sum((i.amount for i in terms.instalments), Decimal(0)) - unpaid(facts.case)
    for part in sorted(terms.instalments, key=lambda i: i.due):
        covered -= part.amount
        if covered < 0:
            return part.due
    return terms.ends


def _not_in_money(case: CaseFile) -> list[str]:
    """Kinds whose performance the file does not follow: 没收, 责令停产停业 …; none of a revoked decision."""
    revoked = any(r.falls and r.ended == "revoked" for r in case.remedies)
    kinds = case.decision.kinds if case.decision and not revoked else ()
    return [k for k in kinds if k not in DONE_OR_PAID]


@policy(
    "enforcement.overdue",
    title="当事人逾期不履行",
    rules=["R212"],
    cites=[AEL(34), AEL(54)],
    needs_form=True,
)
def overdue(facts: Facts, law: LawBook) -> Verdict:
    """Nobody is pressed for what is not due: the period to pay, or the instalment's date, has to be over.

    The addition for paying late is owed like the fine, and an order to correct on its own. Whether
    another kind of penalty was carried out the file does not say, so a person does.
    """
    case, served = facts.case, facts.case.decision_served
    if case.silent:
        return unstated("逾期不履行的情况")
    if served is None:
        return fails("决定书还没有送达。", remedy="先送达决定书。", by=facts.handlers)
    if uncorrected(case):
        return holds("复查没有改正。")
    others = _not_in_money(case)
    owed = arrears(case, law, facts.calendar, as_of=facts.as_of, beside=beside(case, law))
    if not unpaid(case) and not (owed and owed.owed):
        if others:
            return needs_judgement(f"没有欠缴的款项；{'、'.join(others)}是否履行，案卷没有登记。")
        return fails(
            "没有还没有履行的义务。", remedy="不需要强制执行；可以结案。", by=facts.handlers
        )
    last = last_to_pay(facts, law, served.served_on)
    if facts.as_of > last:
        added = f"，加处罚款 {owed.amount} 元" if owed and owed.amount else ""
        return holds(f"履行期限至 {last}，罚款还差 {unpaid(case)} 元{added}。")
    if others:
        return needs_judgement(f"罚款的期限至 {last}；{'、'.join(others)}是否履行，案卷没有登记。")
    return fails(
        f"履行期限至 {last}，还没有届满。",
        remedy="期限届满仍不履行的，再催告、申请。",
        by=facts.handlers,
        day=last + ONE_DAY,
    )


@policy(
    "enforcement.demand_complete",
    title="催告书载明法定事项",
    rules=["R212"],
    cites=[AEL(35)],
    needs_form=True,
)
def demand_complete(facts: Facts, law: LawBook) -> Verdict:
    """Period, manner, amount, and the right to be heard."""
    made = enforcement_of(facts)
    if made is None:
        return does_not_apply("没有催告。")
    missing = [d for d in DEMAND if d not in made.demand]
    if missing and facts.case.silent:
        return unstated(f"催告书的{'、'.join(missing)}")
    if missing:
        return fails(
            f"催告书没有载明：{'、'.join(missing)}。", remedy="补全后重新送达。", by=facts.handlers
        )
    return holds("催告书载明了法定事项。")


@policy(
    "enforcement.demand_waited",
    title="催告书送达满十个工作日",
    rules=["R217"],
    cites=[AEL(54), AEL(69)],
    needs_form=True,
)
def demand_waited(facts: Facts, law: LawBook) -> Verdict:
    """Ten working days pass after the demand before the court is asked."""
    made = enforcement_of(facts)
    if made is None:
        return does_not_apply("没有催告。")
    period = law.on(made.demanded_on)["court_enforcement.demand_wait"]
    last = facts.calendar.count(made.demanded_on, period.span).due
    if facts.as_of > last:
        return holds(f"{made.demanded_on} 送达催告书，至 {last} 已满 {period.value} 个工作日。")
    return fails(
        f"{made.demanded_on} 送达催告书，{period.value} 个工作日至 {last}，还没有届满。",
        remedy="期满仍不履行的，再申请。",
        by=facts.handlers,
        day=last + ONE_DAY,
    )


@policy(
    "enforcement.window_open",
    title="复议和起诉的期限已届满",
    rules=["R214", "R215", "R216"],
    cites=[AEL(53)],
    needs_form=True,
)
def window_open(facts: Facts, law: LawBook) -> Verdict:
    """The court is asked only when the party can no longer attack the decision and has not."""
    return _undisputed(facts, law)


def _undisputed(facts: Facts, law: LawBook) -> Verdict:
    end = end_of_remedies(facts, law)
    if facts.case.silent:
        return unstated("复议、起诉的情况")
    if end is None:
        return fails("决定书还没有送达。", remedy="先送达决定书。", by=facts.handlers)
    if isinstance(end, NoPeriod):
        return fails(end.why, remedy="等复议、诉讼终结并生效。", by=facts.handlers)
    if facts.as_of > end.on:
        return holds(f"{end.why}（{end.on}），当事人没有申请复议、起诉，又不履行。")
    return fails(
        f"{end.why}是 {end.on}，还没有届满。",
        remedy="期限届满后再办。",
        by=facts.handlers,
        day=end.on + ONE_DAY,
    )


@policy(
    "enforcement.window_kept",
    title="三个月内申请",
    rules=["R214", "R218"],
    cites=[AEL(53), ALI(156), APL(72, "第二款")],
    level=Level.WARN,
    needs_form=True,
)
def window_kept(facts: Facts, law: LawBook) -> Verdict:
    """Later than three months the court refuses, unless there was good reason (诉解156).

    What a judgment put in place of the decision can be asked for for two years (诉解153).
    """
    window = court_window(facts.case, law, facts.calendar, beside=beside(facts.case, law))
    if not isinstance(window, Period):
        return does_not_apply("申请的期限没有起算。")
    if facts.as_of <= window.ends:
        return holds(f"申请的期限自 {window.start} 起，至 {window.ends}（{window.cite}）。")
    return fails(
        f"申请的期限至 {window.ends}，已经超过；除有正当理由外，法院不予受理。",
        remedy="写明正当理由。",
        by=facts.who("head"),
    )


@policy(
    "enforcement.package",
    title="申请材料齐全",
    rules=["R219"],
    cites=[AEL(55)],
    needs_form=True,
)
def package(facts: Facts, law: LawBook) -> Verdict:
    """The application, the decision with its grounds, the party's views, what is to be enforced."""
    made = enforcement_of(facts)
    if made is None:
        return does_not_apply("没有申请。")
    missing = [p for p in PACKAGE if p not in made.package]
    if missing and facts.case.silent:
        return unstated(f"申请材料中的{'、'.join(missing)}")
    if missing:
        return fails(
            f"申请材料缺少：{'、'.join(missing)}。",
            remedy="补齐；申请书由负责人签名、盖章并注明日期。",
            by=facts.handlers,
        )
    return holds("申请材料齐全。")


@policy(
    "enforcement.not_stayed",
    title="没有停止执行",
    rules=["R211"],
    cites=[APL(73)],
)
def not_stayed(facts: Facts, law: LawBook) -> Verdict:
    """A remedy does not stop execution; a decision to stay does."""
    stays = [r for r in pending(facts.case) if r.stayed]
    if not stays:
        return holds("没有停止执行的决定。")
    return fails(
        f"{stays[-1].stayed_on} 已决定停止执行（{stays[-1].stayed_by}）。",
        remedy="等停止执行的情形消失或者复议、诉讼终结。",
        by=facts.who("head"),
    )


@policy(
    "enforcement.concluded",
    title="强制执行程序已了结",
    rules=["R222", "R225"],
    cites=[AEL(39), AEL(40)],
)
def concluded(facts: Facts, law: LawBook) -> Verdict:
    """A case is not closed while its enforcement is under way and something is still owed."""
    running = [e for e in facts.case.enforcements if not e.ended_on]
    if not running or not (unpaid(facts.case) or uncorrected(facts.case)):
        return does_not_apply("没有进行中的强制执行。")
    return fails(
        f"强制执行还没有了结：{running[-1].told}。",
        remedy="登记执行结果，或者依法终结执行。",
        by=facts.handlers,
    )


# — pulling down (行政强制法 44, 城乡规划法 68) ———————————————————————————————————————————————


@policy(
    "enforcement.demolition_announced",
    title="强制拆除已公告并限期自行拆除",
    rules=["R221"],
    cites=[AEL(44)],
    needs_form=True,
)
def demolition_announced(facts: Facts, law: LawBook) -> Verdict:
    """Announced, with time to pull it down oneself; that time is over, and it still stands."""
    made = enforcement_of(facts)
    if made is None:
        return does_not_apply("没有强制拆除。")
    if made.announced_on is None or made.leave_until is None:
        return fails(
            "没有登记强制拆除的公告和限期自行拆除的日期。",
            remedy="公告，限期当事人自行拆除。",
            by=facts.handlers,
        )
    if not uncorrected(facts.case):
        return fails(
            "没有登记复查：当事人逾期没有自行拆除。",
            remedy="限期届满后复查，登记没有改正；已经自行拆除的不再强制拆除。",
            by=facts.handlers,
        )
    if facts.as_of <= made.leave_until:
        return fails(
            f"限期自行拆除至 {made.leave_until}，还没有届满。",
            remedy="届满仍不拆除的，再决定强制拆除。",
            by=facts.handlers,
            day=made.leave_until + ONE_DAY,
        )
    looked = facts.case.correction.checked_on if facts.case.correction else None
    if looked is None or looked <= made.leave_until:
        return fails(
            f"限期自行拆除至 {made.leave_until}，最后一次复查是 {looked or '何时没有登记'}，不能证明逾期没有拆除。",
            remedy="限期届满后再复查，登记没有改正；已经自行拆除的不再强制拆除。",
            by=facts.handlers,
        )
    return holds(
        f"{made.announced_on} 公告，限期 {made.leave_until} 前自行拆除，{looked} 复查没有拆除。"
    )


@policy(
    "enforcement.demolition_undisputed",
    title="强制拆除前复议、起诉的期限已届满",
    rules=["R221"],
    cites=[AEL(44)],
    needs_form=True,
)
def demolition_undisputed(facts: Facts, law: LawBook) -> Verdict:
    """What is pulled down cannot be put up again: nobody attacks the decision any more."""
    if enforcement_of(facts) is None:
        return does_not_apply("没有强制拆除。")
    return _undisputed(facts, law)


@policy(
    "enforcement.demolition_empowered",
    title="有权强制拆除",
    rules=["R221"],
    cites=[AEL(13), PLAN(68)],
    needs_form=True,
)
def demolition_empowered(facts: Facts, law: LawBook) -> Verdict:
    """Only a statute gives this power; under 城乡规划法 68 the government of the county orders it."""
    made = enforcement_of(facts)
    if made is None:
        return does_not_apply("没有强制拆除。")
    if made.empowered_by:
        return holds(f"强制拆除的依据：{made.empowered_by}")
    return fails(
        "没有写明区（县）人民政府责成强制拆除的文书，或者授予本机关强制执行权的法律。",
        remedy="报请区（县）人民政府责成；没有执行权的，申请人民法院强制执行。",
        by=facts.who("head"),
    )


# — an agreement (行政强制法 42) —————————————————————————————————————————————————————————————


@policy(
    "enforcement.agreement_keeps_fine",
    title="执行协议不减免罚款本金",
    rules=["R223"],
    cites=[AEL(42)],
    needs_form=True,
)
def agreement_keeps_fine(facts: Facts, law: LawBook) -> Verdict:
    """It may spread the payment; what was decided is not bargained away."""
    made = enforcement_of(facts)
    if made is None or made.agreed_fine is None:
        return does_not_apply("没有执行协议。")
    owed = unpaid(facts.case)
    if made.agreed_fine >= owed:
        return holds(f"执行协议约定缴纳罚款 {yuan_text(made.agreed_fine)} 元，没有减免。")
    return fails(
        f"罚款还差 {yuan_text(owed)} 元，执行协议只约定缴纳 {yuan_text(made.agreed_fine)} 元。",
        remedy="协议可以分阶段履行，罚款本金不得减免；决定确有错误的，依法变更。",
        by=facts.who("head"),
    )


@policy(
    "enforcement.agreement_put_right",
    title="采取补救措施的才减免加处的罚款",
    rules=["R223"],
    cites=[AEL(42)],
    needs_form=True,
)
def agreement_put_right(facts: Facts, law: LawBook) -> Verdict:
    """The addition may be dropped for a party who has put things right, and for no other."""
    made = enforcement_of(facts)
    if made is None or not made.waived:
        return does_not_apply("没有减免加处的罚款。")
    if made.put_right:
        return holds(f"减免加处的罚款 {yuan_text(made.waived)} 元，补救措施：{made.put_right}")
    return fails(
        f"执行协议减免加处的罚款 {yuan_text(made.waived)} 元，没有写明当事人的补救措施。",
        remedy="写明补救措施；没有采取的，不得减免。",
        by=facts.who("head"),
    )
