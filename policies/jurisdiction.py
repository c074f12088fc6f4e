"""职权与管辖 — may this office deal with this act at all, and is it still in time?"""

from __future__ import annotations

from datetime import date

from policies.articles import APL, HPR, OLG, PSM
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
from policies.facts import NAMED, Facts
from policies.lawbook import LawBook


@policy(
    "jurisdiction.power_listed",
    title="案由在本机关权力清单内",
    rules=["R002", "R001", "R003", "R012"],
    cites=[APL(17), APL(24)],
)
def power_listed(facts: Facts, law: LawBook) -> Verdict:
    """A sub-district may penalise only what the province handed over to it and published."""
    if not facts.case.power:
        if facts.case.silent:
            return unstated("案由对应的权力事项")
        return fails("还没有选定案由。", remedy="从权力清单中选定案由。", by=facts.handlers)
    power = facts.power
    if power is None:
        return fails(
            f"权力清单没有“{facts.case.power}”这一项。",
            remedy="改选清单内的案由；确不属本机关职权的，移送有权机关。",
            by=facts.handlers,
        )
    filed = facts.case.filing.approved_on if facts.case.filing else None
    # The power must exist when the case is filed; a later repeal is judged by article 37, not here.
    day = filed or facts.as_of
    if power.in_force_on(day) or any(
        item.predecessor == power.code and item.in_force_on(day) for item in facts.office.power_list
    ):
        note = "" if power.confirmed else "（该项未经本机关确认）"
        return holds(f"“{power.title}”在 {day} 的权力清单内{note}。")
    return fails(
        f"“{power.title}”自 {power.valid_from} 至 {power.valid_to or '今'} 有效，{day} 不在其内。",
        remedy="改选当日有效的案由，或移送有权机关。",
        by=facts.handlers,
    )


@policy(
    "jurisdiction.hand_over",
    title="不是应当移交其他机关的行为",
    rules=["R279", "R009"],
    cites=[APL(17), PSM(88), PSM(89)],
    level=Level.WARN,
)
def hand_over(facts: Facts, law: LawBook) -> Verdict:
    """What looks like a case of the street but belongs to the police or another organ goes there."""
    act, lead = facts.case.act, facts.case.lead
    text = f"{act.text if act else ''} {lead.text if lead else ''}"
    found = [h for h in facts.office.hand_over if h.matches(text, facts.case.power, facts.as_of)]
    if not found:
        return holds("没有发现应当移交其他机关的迹象。")
    whose = "；".join(
        f"“{h.title}”归{h.to}（{law.words(h.law.statute, h.law.article, h.law.paragraph)}）"
        for h in found
    )
    return fails(
        f"违法行为的文字或者案由提示：{whose}。",
        remedy="先判断是否移交；确属本机关职权的，写明理由。",
        by=facts.who("head"),
    )


@policy(
    "jurisdiction.place",
    title="违法行为发生在本辖区",
    rules=["R005", "R004"],
    cites=[APL(22), OLG(86)],
)
def place(facts: Facts, law: LawBook) -> Verdict:
    """The organ of the place where the violation happened has jurisdiction, unless a superior designated one."""
    act, other = facts.case.act, facts.case.jurisdiction
    if other and other.settled == "指定管辖" and other.ours and other.document:
        return holds(f"已指定由本机关管辖（{other.document}）。")
    if act is None or act.inside_area is None:
        if facts.case.silent:
            return unstated("行为地是否在本辖区")
        return fails("没有记明行为地是否在本辖区。", remedy="补记行为地。", by=facts.handlers)
    if act.inside_area:
        return holds(f"行为地{act.place}在本辖区。")
    return fails(
        f"行为地{act.place}不在本辖区。", remedy="移送行为地的有权机关。", by=facts.who("head")
    )


@policy(
    "jurisdiction.first_filed",
    title="没有其他机关先立案",
    rules=["R006"],
    cites=[APL(25, "第一款")],
    level=Level.WARN,
)
def first_filed(facts: Facts, law: LawBook) -> Verdict:
    """Of several organs with jurisdiction the one that filed first has the case."""
    other, filing = facts.case.jurisdiction, facts.case.filing
    if other is None or other.other_filed_on is None:
        return does_not_apply("没有登记其他机关已经立案。")
    if other.settled and other.ours:
        return holds(
            f"{other.other}已于 {other.other_filed_on} 立案，经{other.settled}由本机关管辖。"
        )
    ours = (filing.approved_on if filing else None) or facts.as_of
    if ours < other.other_filed_on:
        return holds(f"本机关 {ours} 立案，早于{other.other}的 {other.other_filed_on}。")
    return fails(
        f"{other.other}已于 {other.other_filed_on} 立案，不晚于本机关的 {ours}。",
        remedy="移送先立案的机关；确有理由由本机关管辖的，写明。",
        by=facts.who("head"),
    )


@policy(
    "jurisdiction.dispute_settled",
    title="管辖争议已经解决",
    rules=["R007"],
    cites=[APL(25, "第二款"), HPR(6)],
    level=Level.WARN,
)
def dispute_settled(facts: Facts, law: LawBook) -> Verdict:
    """A dispute is settled by consultation, else by the common superior, before anybody decides."""
    other = facts.case.jurisdiction
    if other is None or other.disputed_on is None:
        return does_not_apply("没有登记管辖争议。")
    if other.settled and other.ours:
        return holds(f"与{other.other}的管辖争议，经{other.settled}由本机关管辖。")
    if other.settled:
        return fails(
            f"与{other.other}的管辖争议，经{other.settled}不由本机关管辖。",
            remedy="移送有管辖权的机关。",
            by=facts.who("head"),
        )
    period = law.on(facts.as_of).find("jurisdiction_dispute.consultation")
    last = facts.calendar.count(other.disputed_on, period.span).due if period else None
    until = f"，协商期限至 {last}（{period.cite}）" if period and last else ""
    return fails(
        f"与{other.other}自 {other.disputed_on} 起有管辖争议{until}，还没有解决。",
        remedy="协商解决并保存记录；协商不成的，报请共同的上一级行政机关指定管辖。",
        by=facts.who("head"),
    )


@policy(
    "limitation.not_expired",
    title="未超过追责期限",
    rules=["R020", "R021", "R022", "R023"],
    cites=[APL(36)],
)
def limitation_not_expired(facts: Facts, law: LawBook) -> Verdict:
    """No penalty when nobody discovered the act in two years, or five where life or health was harmed.

    Discovery is the first lead registered anywhere in the office. A continuing act has not begun to
    expire; an end that nobody recorded is unknown, not never. Five years do not revive what two years
    had already ended (立法法 104; a reading, so a person says).
    """
    case = facts.case
    if case.act is None or case.lead is None:
        return unstated("行为和发现的日期") if case.silent else does_not_apply("还没有线索。")
    if case.act.continuing:
        return holds("行为仍在继续，追责期限尚未起算。")
    ended = case.act.ended or case.act.began
    if ended is None:
        if case.silent:
            return unstated("行为终了的日期")
        return needs_judgement("没有记录行为何时终了，追责期限无从起算。")
    found_on = case.lead.found_on
    numbers = law.on(facts.as_of)
    longer = {
        "life_health_finance": "limitation.health_safety_finance_with_harm",
        "environment": "limitation.environment_with_harm",
    }.get(case.act.harm)
    default = numbers["limitation.default"]
    period = (numbers.find(longer) if longer else None) or default
    last = _years_on(ended, int(period.value))
    if found_on <= last:
        over = _years_on(ended, int(default.value))
        if found_on > over and over < period.since:
            return needs_judgement(
                f"行为终了于 {ended}，{default.value} 年已于 {over} 届满，早于{period.cite}"
                f"施行的 {period.since}；新的 {period.value} 年不能使已经届满的期限复活，"
                "仍要处罚的须写明理由。"
            )
        return holds(
            f"行为终了于 {ended}，{found_on} 发现，未超过 {period.value} 年（{period.cite}）。"
        )
    if case.act.ended is None:
        if case.silent:
            return unstated("行为终了的日期")
        return needs_judgement(
            f"行为开始于 {ended}，{found_on} 才发现，没有记录何时终了；"
            f"自开始之日起算已超过 {period.value} 年（{period.cite}）。"
        )
    return fails(
        f"行为终了于 {ended}，{found_on} 才发现，已超过 {period.value} 年（{period.cite}）。",
        remedy="不予立案；已立案的，不再给予行政处罚。",
        by=facts.who("head"),
    )


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 2, 28)


@policy(
    "duplicate.same_act",
    title="同一行为没有另案处罚",
    rules=["R026"],
    cites=[APL(29)],
    gathers=["same_act"],
)
def same_act(facts: Facts, law: LawBook) -> Verdict:
    """One act is fined once, by whichever organ; whether it was the same act is a judgement."""
    others, act = facts.elsewhere.same_act, facts.case.act
    if act and act.fined_elsewhere:
        return needs_judgement(
            f"登记了其他机关的罚款（{act.fined_elsewhere}），是否同一个违法行为须由人判断；"
            "是同一个的，不得再罚款。"
        )
    if not others:
        return holds("本机关没有同一当事人、同日、同一案由的其他案件。")
    named = "、".join(others[:NAMED]) + ("等" if len(others) > NAMED else "")
    return needs_judgement(
        f"同一当事人、同日、同一案由另有案件：{named}，是否同一个违法行为须由人判断。"
    )


@policy(
    "party.number_checked",
    title="证件号码校验",
    rules=["R017"],
    cites=[APL(40), APL(84)],
    level=Level.WARN,
    needs_form=True,
)
def number_checked(facts: Facts, law: LawBook) -> Verdict:
    """A wrong check digit is mostly a slip, but genuine early codes fail it: a person confirms."""
    party = facts.case.party
    if party is None or party.number_check == "none":
        kind = party.number_kind if party else ""
        return does_not_apply(f"{kind}没有校验位可以核对。" if kind else "没有填写证件号码。")
    if party.number_check == "wrong":
        return fails(
            f"{party.number_kind}的校验位不对。",
            remedy="核对原件后改正；原件确是如此的，写明“已核对原件”。",
            by=facts.handlers,
        )
    if party.number_check == "confirmed":
        return holds(f"{party.number_kind}的校验位不对，已核对原件确是如此。")
    return holds(f"{party.number_kind}校验位正确。")
