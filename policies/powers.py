"""权力事项 — by what paper the office has a power, and whether its basis can carry a penalty."""

from __future__ import annotations

from datetime import date

from policies.articles import APL
from policies.citations import LEVELS
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
from policies.facts import Facts
from policies.lawbook import LawBook
from policies.office import Grant

LOCAL_RULE = "地方政府规章"


def _filed_on(facts: Facts) -> date:
    """A power counts on the day of filing; before it, on the day of the question."""
    filing = facts.case.filing
    return (filing.approved_on if filing else None) or facts.as_of


def _in_term(grant: Grant, day: date) -> str:
    """What is wrong with a paper on this day, or nothing."""
    if not grant.in_force_on(day):
        return f"{grant.document}自 {grant.valid_from} 至 {grant.valid_to or '今'} 有效，{day} 不在其内"
    if grant.published_on and day < grant.published_on:
        return f"{grant.document}于 {grant.published_on} 才公布，{day} 还没有公布"
    return ""


@policy(
    "power.delegated",
    title="赋权决定已公布并在有效期内",
    rules=["R002", "R003"],
    cites=[APL(24)],
)
def delegated(facts: Facts, law: LawBook) -> Verdict:
    """The province's decision must be published and in force on the day of filing; what it took back is gone.

    A case filed before a power was taken back keeps it.
    """
    power = facts.power
    if power is None:
        return does_not_apply("没有选定清单内的案由。")
    if power.mode != "交由行使":
        return does_not_apply(f"“{power.title}”是{power.mode}，不是交由街道行使的。")
    if power.delegated_by is None:
        return does_not_apply(f"权力清单没有登记“{power.title}”的赋权决定。")
    wrong = _in_term(power.delegated_by, _filed_on(facts))
    if wrong:
        return fails(
            f"{wrong}。",
            remedy="不以本机关名义立案；移送当日有权的机关。",
            by=facts.who("head"),
        )
    return holds(f"{power.delegated_by.document}于 {_filed_on(facts)} 有效。")


@policy(
    "power.delegation_recorded",
    title="权力清单登记了赋权决定",
    rules=["R002"],
    cites=[APL(24)],
    level=Level.NOTE,
)
def delegation_recorded(facts: Facts, law: LawBook) -> Verdict:
    """A list that does not say which published decision gives the power cannot be checked by anybody."""
    power = facts.power
    if power is None or power.mode != "交由行使":
        return does_not_apply("不是交由街道行使的案由。")
    grant = power.delegated_by
    if grant and grant.published_on:
        return holds(f"{grant.document}，{grant.published_on} 公布。")
    if facts.case.silent:
        return unstated("赋权决定及其公布")
    return fails(
        f"“{power.title}”没有登记赋权决定或者它的公布日期。",
        remedy="在机关文件的权力清单补登 delegated_by。",
        by=facts.who("admin"),
    )


@policy(
    "power.entrusted",
    title="受委托行使的，有公布的委托书并在期限内",
    rules=["R010"],
    cites=[APL(20)],
)
def entrusted(facts: Facts, law: LawBook) -> Verdict:
    """Entrusted enforcement needs a written and published entrustment that names item and term."""
    power = facts.power
    if power is None or power.mode != "委托":
        return does_not_apply("不是受委托行使的案由。")
    grant = power.entrusted_by
    if grant is None or not grant.by:
        return fails(
            f"“{power.title}”登记为受委托行使，没有登记委托书和委托机关。",
            remedy="补登委托书；没有书面委托的，移送有权机关。",
            by=facts.who("head", "admin"),
        )
    wrong = _in_term(grant, _filed_on(facts))
    if not wrong and grant.published_on is None:
        wrong = f"{grant.document}没有登记公布日期，委托书应当向社会公布"
    if wrong:
        return fails(
            f"{wrong}。",
            remedy="移送委托机关自行办理，或者取得有效并已公布的委托书。",
            by=facts.who("head"),
        )
    return holds(f"受{grant.by}委托（{grant.document}），以{grant.by}的名义处罚。")


@policy(
    "power.basis_level",
    title="处罚依据是法律、法规或者规章",
    rules=["R013"],
    cites=[APL(4), APL(16)],
)
def basis_level(facts: Facts, law: LawBook) -> Verdict:
    """A plan, a notice or any other paper below a 规章 cannot lay down a penalty."""
    power = facts.power
    if power is None:
        return does_not_apply("没有选定清单内的案由。")
    held = law.statute(power.penalty.statute)
    words = law.words(power.penalty.statute, power.penalty.article, power.penalty.paragraph)
    if held is None:
        return does_not_apply(f"登记簿没有收录{words}，级别在核对条文时判断。")
    if held.level not in LEVELS:
        return fails(
            f"{words}是{held.level}，不能设定行政处罚。",
            remedy="改用法律、法规、规章作为依据；没有的，不得处罚。",
            by=facts.handlers,
        )
    return holds(f"{words}是{held.level}。")


@policy(
    "power.within_higher_norm",
    title="不超出上位法规定的幅度和种类",
    rules=["R014"],
    cites=[APL(11), APL(12), APL(13), APL(14)],
)
def within_higher_norm(facts: Facts, law: LawBook) -> Verdict:
    """Where a lower norm spells out a higher one, the penalty stays inside what the higher one allows."""
    power, proposal, party = facts.power, facts.case.proposal, facts.case.party
    higher = facts.office.power(power.higher_norm) if power and power.higher_norm else None
    if power is None or higher is None or proposal is None or party is None:
        return does_not_apply("清单没有登记本项依据的上位法规定。")
    words = law.words(higher.penalty.statute, higher.penalty.article, higher.penalty.paragraph)
    limits = higher.range_for(party.kind)
    amount = facts.fine
    if amount and limits is None:
        return fails(
            f"上位法{words}没有对{party.kind.value}规定罚款。",
            remedy="不予罚款，或者改用上位法规定的处罚。",
            by=facts.handlers,
        )
    if amount and limits and limits.max is not None and amount > limits.max:
        return fails(
            f"罚款 {amount} 元，高于上位法{words}的上限 {limits.max} 元。",
            remedy=f"改为不高于 {limits.max} 元。",
            by=facts.handlers,
        )
    low = bool(amount and limits and limits.min is not None and amount < limits.min)
    if low and limits and not proposal.mitigation:
        if facts.case.silent:
            return unstated("减轻处罚的理由")
        return fails(
            f"罚款 {amount} 元，低于上位法{words}的下限 {limits.min} 元，没有减轻处罚的理由。",
            remedy=f"改为不低于 {limits.min} 元，或者写明减轻处罚的法定情形。",
            by=facts.handlers,
        )
    other = [k for k in proposal.kinds if k not in higher.kinds]
    if other:
        return needs_judgement(
            f"上位法{words}的清单项目没有列{'、'.join(other)}，是否超出须由人判断。"
        )
    return holds(f"在上位法{words}规定的种类和幅度之内。")


@policy(
    "fine.within_rule_limit",
    title="只依据地方政府规章的罚款不超过限额",
    rules=["R015"],
    cites=[APL(14, "第二款")],
    level=Level.WARN,
)
def within_rule_limit(facts: Facts, law: LawBook) -> Verdict:
    """A fine that rests on a municipal rule alone has a ceiling set by the province's congress.

    The three numbers are unconfirmed. Where nobody recorded whether the act was done in business, the
    lowest one is asked for.
    """
    proposal, act = facts.case.proposal, facts.case.act
    if proposal is None or not proposal.basis or not facts.fine:
        return does_not_apply("没有罚款，或者没有写明依据。")
    levels = {held.level for c in proposal.basis if (held := law.statute(c.statute))}
    if levels != {LOCAL_RULE}:
        return does_not_apply("不是只依据地方政府规章的罚款。")
    kind = "non_business"
    if act and act.business:
        gain = "with" if proposal.illegal_income else "without"
        kind = f"business_{gain}_income"
    limit = law.on(facts.as_of).find(f"rule_fine_max.{kind}")
    if limit is None:
        return does_not_apply("登记簿没有规章罚款的限额。")
    if facts.fine <= int(limit.value):
        return holds(f"罚款 {facts.fine} 元，不超过 {limit.value} 元（{limit.cite}）。")
    if facts.case.silent and (act is None or act.business is None):
        return unstated("是否在经营活动中违法")
    return fails(
        f"只依据地方政府规章罚款 {facts.fine} 元，超过 {limit.value} 元（{limit.cite}）。",
        remedy="核对限额和是否属于经营活动；改为限额之内，或者补充法律、法规的依据。",
        by=facts.handlers,
    )
