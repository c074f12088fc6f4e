"""决定 — basis, range, time limit and contents of the decision to penalise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from policies.articles import APL, FCR
from policies.casefile import Citation
from policies.core import (
    Level,
    Verdict,
    does_not_apply,
    fails,
    holds,
    needs_judgement,
    no_law,
    policy,
    unstated,
)
from policies.extension import decision_span
from policies.facts import Facts
from policies.lawbook import LawBook, Statute

CONTENTS = (
    "当事人姓名或者名称、地址",
    "事实和证据",
    "种类和依据",
    "履行方式和期限",
    "复议、诉讼的途径和期限",
    "机关名称和日期",
    "机关印章",
)
"""What a decision document must carry."""

LEVELS = ("法律", "行政法规", "地方性法规", "部门规章", "地方政府规章")
"""Where a penalty may be laid down (行政处罚法 4, 10-14, 16); nothing else can be its basis."""

FINE_CONTENTS = ("代收机构名称、地址", "罚款数额", "缴款期限", "是否加处罚款")
"""What a decision to fine must carry besides."""


def amount_of(facts: Facts) -> Decimal:
    if facts.case.decision:
        return facts.case.decision.fine
    return facts.case.proposal.fine if facts.case.proposal else Decimal(0)


def _day(facts: Facts) -> date:
    return facts.case.decision.date if facts.case.decision else facts.as_of


@policy(
    "law.citations_valid",
    title="援引的条文存在、有效、级别足够",
    rules=["R025", "R013", "R012"],
    cites=[APL(4), APL(38)],
)
def citations_valid(facts: Facts, law: LawBook) -> Verdict:
    """Only published statutes, by articles that exist and applied on the day that matters."""
    proposal = facts.case.proposal
    if proposal is None or not (proposal.violated and proposal.basis):
        if facts.case.silent:
            return unstated("援引的条文")
        return fails(
            "没有写明违反的条文和处罚依据的条文。",
            remedy="分别写明违反了哪一条、依据哪一条处罚。",
            by=facts.handlers,
        )
    unknown, wrong = [], []
    for cited in (*proposal.violated, *proposal.basis):
        held = law.statute(cited.statute)
        words = law.words(cited.statute, cited.article, cited.paragraph)
        if held and held.level not in LEVELS:
            wrong.append(f"{words}是{held.level}，不能作为处罚依据")
        elif held is None or not _readable(held, cited.article):
            unknown.append(words)
        elif cited.article > held.articles:
            wrong.append(f"{words}不存在（全文 {held.articles} 条）")
        elif not _applied(facts, cited, law):
            until = f"至 {held.repealed} 废止" if held.repealed else "今"
            wrong.append(f"{words}在行为时和决定时都不适用（{held.in_force} 起施行，{until}）")
    for cited in proposal.violated:
        held = law.statute(cited.statute)
        article = held.held.get(cited.article) if held else None
        if article and article.liability and not article.duty:
            words = law.words(cited.statute, cited.article, cited.paragraph)
            wrong.append(f"{words}是罚则，不是当事人违反的义务条款")
    if wrong:
        return fails("；".join(wrong) + "。", remedy="改正援引的条文。", by=facts.handlers)
    if unknown:
        return no_law("、".join(unknown))
    return holds("援引的条文均存在，并在应当适用的日期有效。")


def _readable(statute: Statute, article: int) -> bool:
    """Whether the text of the article was seen; of excerpts only what the register sums up was."""
    if statute.text == "verified":
        return True
    return statute.text != "not_held" and article in statute.held


def _act_day(facts: Facts) -> date:
    """The day whose law governs the act: its end, and for one that goes on the day of the decision."""
    act = facts.case.act
    if act is None or (act.continuing and not act.ended):
        return _day(facts)
    return act.ended or act.began or _day(facts)


def _applied(facts: Facts, cited: Citation, law: LawBook) -> bool:
    held = law.statute(cited.statute)
    assert held is not None
    return held.in_force_on(_act_day(facts)) or held.in_force_on(_day(facts))


@policy(
    "law.milder_compared",
    title="新旧法已比较（从旧兼从轻）",
    rules=["R024", "R025"],
    cites=[APL(37)],
)
def milder_compared(facts: Facts, law: LawBook) -> Verdict:
    """When the law changed between act and decision, the comparison stands in the file."""
    proposal = facts.case.proposal
    if proposal is None:
        return does_not_apply("还没有拟处罚意见。")
    cited = (*proposal.violated, *proposal.basis)
    changed = list(dict.fromkeys(_changed_between(cited, _act_day(facts), _day(facts), law)))
    if not changed:
        return does_not_apply("行为时与决定时之间，所援引的法没有变更。")
    if proposal.old_and_new_law:
        return holds(f"已比较新旧规定：{proposal.old_and_new_law}")
    if facts.case.silent:
        return unstated("新旧法的比较")
    return fails(
        f"行为时与决定时之间，{'、'.join(changed)}已变更，案卷没有新旧规定的比较。",
        remedy="比较新旧规定的完整后果及其条件，写明适用哪一个及理由。",
        by=facts.handlers,
    )


def _changed_between(
    citations: Iterable[Citation], act: date, decided: date, law: LawBook
) -> Iterable[str]:
    for cited in citations:
        held = law.statute(cited.statute)
        if held is None:
            continue
        if held.in_force_on(act) != held.in_force_on(decided):
            yield f"《{held.short}》"


@policy(
    "decision.amount_in_range",
    title="罚款在法定幅度内",
    rules=["R165", "R161"],
    cites=[APL(76, "第一款第（二）项"), APL(32)],
)
def amount_in_range(facts: Facts, law: LawBook) -> Verdict:
    """The fine lies in the article's range; below its minimum only with a ground and a discussion."""
    power, party, amount = facts.power, facts.case.party, amount_of(facts)
    if facts.case.silent and (power is None or party is None or facts.case.proposal is None):
        return unstated("法定幅度")
    if facts.case.proposal is None:
        return does_not_apply("还没有拟处罚意见。")
    if party is None:
        return fails(
            "还没有登记当事人，不知道处罚谁、适用哪一档幅度。",
            remedy="查明并登记当事人。",
            by=facts.handlers,
        )
    if power is None:
        return does_not_apply("还没有选定案由。")
    if not amount:
        return does_not_apply("没有罚款。")
    basis = law.words(power.penalty.statute, power.penalty.article, power.penalty.paragraph)
    limits = power.range_for(party.kind)
    if limits is None:
        return fails(
            f"{basis}没有对{party.kind.value}规定罚款。",
            remedy="改选适用于该类当事人的依据，或者不予罚款。",
            by=facts.handlers,
        )
    if limits.max is not None and amount > limits.max:
        return fails(
            f"罚款 {amount} 元，高于{basis}规定的上限 {limits.max} 元。",
            remedy=f"改为 {limits.min or 0} 元至 {limits.max} 元之间。",
            by=facts.handlers,
        )
    if limits.min is not None and amount < limits.min:
        if not facts.case.proposal.mitigation and facts.case.silent:
            return unstated("减轻处罚的理由")
        if not facts.case.proposal.mitigation:
            return fails(
                f"罚款 {amount} 元，低于{basis}规定的下限 {limits.min} 元，没有写明减轻处罚的理由。",
                remedy="写明减轻处罚的法定情形并集体讨论，或者改为幅度之内。",
                by=facts.handlers,
            )
        return holds(f"低于下限 {limits.min} 元，减轻理由：{facts.case.proposal.mitigation}")
    if limits.min is None and limits.max is None:
        return needs_judgement(f"{basis}没有规定罚款数额，本机关也没有登记有效的数额依据。")
    return holds(f"罚款 {amount} 元，在{basis}规定的 {limits.min or 0} 元至 {limits.max} 元之间。")


@policy(
    "decision.refusal_proved",
    title="拒不改正的事实已查明",
    rules=["R080"],
    cites=[APL(40)],
)
def refusal_proved(facts: Facts, law: LawBook) -> Verdict:
    """Where the article fines only who refuses to correct, the refusal is on file."""
    power = facts.power
    if power is None or not power.needs_refusal or not amount_of(facts):
        return does_not_apply("该案由不以拒不改正为罚款的条件。")
    correction = facts.case.correction
    if correction and correction.corrected is False:
        return holds(f"{correction.checked_on} 复查，当事人没有改正。")
    if facts.case.silent:
        return unstated("责令改正后的复查")
    return fails(
        "依据的条文只处罚拒不改正的人，案卷没有责令改正后复查未改的记录。",
        remedy="责令改正并复查；已改正的，不罚款。",
        by=facts.handlers,
    )


@policy(
    "decision.discretion_reasoned",
    title="裁量有理由",
    rules=["R164", "R163"],
    cites=[APL(34), APL(5)],
    level=Level.WARN,
)
def discretion_reasoned(facts: Facts, law: LawBook) -> Verdict:
    """The amount is explained: by the tier, or by why no tier applies."""
    proposal = facts.case.proposal
    if proposal is None:
        return does_not_apply("还没有拟处罚意见。")
    if proposal.discretion:
        return holds(f"裁量理由：{proposal.discretion}")
    if facts.case.silent:
        return unstated("裁量理由")
    return fails("没有写明裁量理由。", remedy="写明裁量档次和理由。", by=facts.handlers)


@policy(
    "decision.discussed_collectively",
    title="复杂或者重大案件经集体讨论",
    rules=["R151", "R152", "R165"],
    cites=[APL(57, "第二款")],
)
def discussed_collectively(facts: Facts, law: LawBook) -> Verdict:
    """Complex or grave cases, and fines below the minimum, are decided by the heads together."""
    proposal = facts.case.proposal
    why = []
    if proposal and proposal.grave:
        why.append("情节复杂或者违法行为重大")
    if proposal and proposal.mitigation:
        why.append("拟减轻处罚")
    if facts.case.hearing and facts.case.hearing.ended_as == "held":
        why.append("举行了听证（本机关规则）")
    if not why:
        return does_not_apply("不属于应当集体讨论的案件。")
    discussion = facts.case.discussion
    if discussion is None and facts.case.silent:
        return unstated("集体讨论")
    if discussion is None:
        return fails(
            f"本案{'、'.join(why)}，还没有负责人集体讨论。",
            remedy="集体讨论，记录出席、意见和结论。",
            by=facts.who("head"),
        )
    heads = [
        p
        for i in dict.fromkeys(discussion.attendees)
        if (p := facts.office.person(i)) and p.has("head", "deputy_head")
    ]
    if len(heads) < 2:
        return fails(
            f"出席集体讨论的负责人只有 {len(heads)} 名，少于两名。",
            remedy="由机关负责人集体讨论。",
            by=facts.who("head"),
        )
    held_on = facts.case.hearing.held_on if facts.case.hearing else None
    changed = max(d for d in (held_on, proposal.made_on if proposal else None) if d)
    if discussion.on < changed:
        return fails(
            f"{discussion.on} 的集体讨论早于 {changed} 的听证或者拟处罚意见，讨论的不是现在的意见。",
            remedy="就现在的处罚意见再次集体讨论。",
            by=facts.who("head"),
        )
    decision = facts.case.decision
    if decision and discussion.fine is not None and decision.fine != discussion.fine:
        return fails(
            f"集体讨论决定罚款 {discussion.fine} 元，决定书是 {decision.fine} 元。",
            remedy="按集体讨论的结论作出决定，或者再次讨论。",
            by=facts.who("head"),
        )
    return holds(f"{discussion.on} 集体讨论：{discussion.conclusion}")


@policy(
    "decision.within_time",
    title="立案之日起九十日内决定",
    rules=["R153"],
    cites=[APL(60)],
    level=Level.WARN,
)
def within_time(facts: Facts, law: LawBook) -> Verdict:
    """Ninety natural days from filing; late is answered for, it does not void the decision."""
    filing = facts.case.filing
    if filing is None or filing.approved_on is None:
        return unstated("立案日期") if facts.case.silent else does_not_apply("尚未立案。")
    span = decision_span(facts.case, law, facts.as_of)
    counted = facts.calendar.count(filing.approved_on, span)
    day = _day(facts)
    if day <= counted.due:
        return holds(
            f"{filing.approved_on} 立案，{day} 决定，在 {span.n} 个自然日内（至 {counted.due}）。"
        )
    if day <= counted.rolled:
        return fails(
            f"{span.n} 个自然日已于 {counted.due} 届满；"
            f"是否顺延至 {counted.rolled} 有争议，从严计算已超期。",
            remedy="写明超期原因。",
            by=facts.handlers,
        )
    return fails(
        f"{filing.approved_on} 立案，{span.n} 个自然日于 {counted.due} 届满，{day} 决定已超期。",
        remedy="写明超期原因，记入责任追溯。",
        by=facts.handlers,
    )


@policy(
    "decision.contents_complete",
    title="决定书载明法定事项",
    rules=["R167", "R168", "R169"],
    cites=[APL(59), FCR(7)],
    needs_form=True,
)
def contents_complete(facts: Facts, law: LawBook) -> Verdict:
    """The document names party, facts and evidence, basis, performance, remedy, organ, date, seal."""
    decision = facts.case.decision
    if decision is None:
        return does_not_apply("还没有决定书。")
    wanted = CONTENTS + (FINE_CONTENTS if decision.fine else ())
    missing = [c for c in wanted if c not in decision.contents]
    if missing and facts.case.silent:
        return unstated("决定书的" + "、".join(missing))
    if missing:
        return fails(
            f"决定书没有载明：{'、'.join(missing)}。",
            remedy="补全决定书后再作出。",
            by=facts.handlers,
        )
    return holds("决定书载明了法定事项并盖有印章。")


@policy(
    "decision.date_follows_steps",
    title="决定日期不早于审核和集体讨论",
    rules=["R172"],
    cites=[APL(58), APL(59)],
    needs_form=True,
)
def date_follows_steps(facts: Facts, law: LawBook) -> Verdict:
    """The date on the document is not earlier than filing, review, discussion and approval."""
    decision = facts.case.decision
    if decision is None:
        return does_not_apply("还没有决定书。")
    case = facts.case
    steps = [
        ("立案", case.filing.approved_on if case.filing else None),
        ("审核通过", case.review.at.date() if case.review and case.review.counts else None),
        ("集体讨论", case.discussion.on if case.discussion else None),
        ("听证报告", case.hearing.reported_on if case.hearing else None),
        # Somebody else's document, typed in as it is, was not approved on the day of this step.
        ("负责人批准", None if facts.irregular else facts.as_of),
    ]
    late = [f"{name}（{day}）" for name, day in steps if day and day > decision.date]
    if late:
        return fails(
            f"决定书日期 {decision.date} 早于{'、'.join(late)}。",
            remedy="决定书的日期应当是作出决定之日，不得倒签。",
            by=facts.who("head"),
        )
    return holds(f"决定书日期 {decision.date} 不早于审核和讨论。")
