"""决定 — basis, range, time limit and contents of the decision to penalise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from policies import amount as amount_rules
from policies import citations, milder
from policies.articles import APL, FCR
from policies.casefile import Citation, Proposal
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
from policies.facts import Facts
from policies.lawbook import LawBook
from policies.milder import Lighter
from policies.standstill import time_to_decide

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

FINE_CONTENTS = ("代收机构名称、地址", "罚款数额", "缴款期限", "是否加处罚款")
"""What a decision to fine must carry besides."""


def _day(facts: Facts) -> date:
    return milder.decided_day(facts.case, facts.as_of)


def _act_day(facts: Facts) -> date:
    return milder.act_day(facts.case, _day(facts))


@policy(
    "law.citations_valid",
    title="援引的条文存在、有效、级别足够",
    rules=["R025", "R013", "R012"],
    cites=[APL(4), APL(38)],
    any_edition=True,
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
    unknown, wrong = citations.faults(proposal, (_act_day(facts), _day(facts)), law)
    if wrong:
        return fails("；".join(wrong) + "。", remedy="改正援引的条文。", by=facts.handlers)
    if unknown:
        return no_law("、".join(unknown))
    return holds("援引的条文均存在，并在应当适用的日期有效。")


@policy(
    "law.milder_compared",
    title="新旧法已比较（从旧兼从轻）",
    rules=["R024", "R025"],
    cites=[APL(37)],
)
def milder_compared(facts: Facts, law: LawBook) -> Verdict:
    """When the law changed between act and decision, the comparison stands in the file.

    Equal means the old law; a repealed act is then the right citation. Where the table leaves no doubt and
    the case cites the other law, a person says why.
    """
    proposal = facts.case.proposal
    if proposal is None:
        return does_not_apply("还没有拟处罚意见。")
    cited = (*proposal.violated, *proposal.basis)
    changed = list(dict.fromkeys(_changed_between(cited, _act_day(facts), _day(facts), law)))
    if not changed:
        return does_not_apply("行为时与决定时之间，所援引的法没有变更。")
    if facts.case.decision and facts.case.decision.undated:
        return unstated("决定日期")
    tables = milder.compare(facts.case, facts.office, law, facts.as_of)
    told = "".join(f"对照：{t.text}。" for t in tables)
    if not proposal.old_and_new_law:
        if facts.case.silent:
            return unstated("新旧法的比较")
        return fails(
            f"行为时与决定时之间，{'、'.join(changed)}已变更，案卷没有新旧规定的比较。{told}",
            remedy="比较新旧规定的完整后果及其条件，写明适用哪一个及理由。",
            by=facts.handlers,
        )
    noted = f"已比较新旧规定：{proposal.old_and_new_law}"
    doubts = [d for t in tables if (d := _wrong_side(proposal, t))]
    if not tables and _new_offence(facts):
        doubts = ["权力清单没有行为时的对应条款，行为时不罚的不得处罚"]
    if doubts:
        return needs_judgement(f"{noted}；{told}{'；'.join(doubts)}，须由人判断。")
    return holds(f"{noted}{'；' if told else ''}{told}")


def _wrong_side(proposal: Proposal, table: milder.Comparison) -> str:
    """What the table says where the case cites only the other law; nothing where it is open."""
    basis = {c.statute for c in proposal.basis}
    old, new = table.old.penalty.statute, table.new.penalty.statute
    if table.answer in (Lighter.OLD, Lighter.EQUAL) and new in basis and old not in basis:
        return f"{table.says}，援引的却是新法"
    if table.answer is Lighter.NEW and old in basis and new not in basis:
        return f"{table.says}，援引的却是旧法"
    return ""


def _new_offence(facts: Facts) -> bool:
    """Whether the item is younger than the act and took no older one's place."""
    power = facts.power
    return power is not None and not power.predecessor and power.valid_from > _act_day(facts)


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
    """The fine lies in the article's range; below its minimum only with a ground and a discussion.

    A range that the article keeps for whoever refuses to correct is open once the refusal is on file.
    """
    power, party, amount = facts.power, facts.case.party, facts.fine
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
    if not amount and facts.case.silent and "罚款" in facts.case.proposal.kinds:
        return unstated("罚款数额")
    if not amount:
        return does_not_apply("没有罚款。")
    return amount_rules.judge(facts, law, power, party, amount)


@policy(
    "decision.refusal_proved",
    title="拒不改正的事实已查明",
    rules=["R080"],
    cites=[APL(40)],
)
def refusal_proved(facts: Facts, law: LawBook) -> Verdict:
    """Where the article penalises only who refuses to correct, by a mere warning too, that is on file."""
    power = facts.power
    if power is None or not power.needs_refusal or facts.case.proposal is None:
        return does_not_apply("该案由不以拒不改正为处罚的条件。")
    correction = facts.case.correction
    if correction and correction.corrected is False:
        return holds(f"{correction.checked_on} 复查，当事人没有改正。")
    if facts.case.silent:
        return unstated("责令改正后的复查")
    return fails(
        "依据的条文只处罚拒不改正的人，案卷没有责令改正后复查未改的记录。",
        remedy="责令改正并复查；已改正的，不处罚。",
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
    "decision.views_recorded",
    title="集体讨论记录了每个人的意见",
    rules=["R151"],
    cites=[APL(57, "第二款")],
    level=Level.WARN,
    own_rule=True,
    needs_form=True,
)
def views_recorded(facts: Facts, law: LawBook) -> Verdict:
    """Who took part in the decision has a view on record; a record of all views in one text is one, too."""
    discussion = facts.case.discussion
    if discussion is None:
        return does_not_apply("没有集体讨论。")
    if not discussion.opinions:
        return holds(f"各人意见：{discussion.views}")
    spoke = {o.person for o in discussion.opinions}
    mute = [i for i in dict.fromkeys(discussion.attendees) if i not in spoke]
    if not mute:
        return holds(f"出席的 {len(spoke)} 人各有意见记录在案。")
    names = "、".join(p.name if (p := facts.office.person(i)) else i for i in mute)
    return fails(
        f"出席的{names}没有记录意见。",
        remedy="补记每个出席人的意见；没有发表意见的，写明。",
        by=facts.who("head", "clerk"),
    )


@policy(
    "decision.within_time",
    title="立案之日起九十日内决定",
    rules=["R153"],
    cites=[APL(60)],
    level=Level.WARN,
)
def within_time(facts: Facts, law: LawBook) -> Verdict:
    """Ninety natural days from filing; late is answered for, it does not void the decision."""
    counted = time_to_decide(facts, law)
    if counted is None:
        return unstated("立案日期") if facts.case.silent else does_not_apply("尚未立案。")
    day, filed, days = _day(facts), counted.start, counted.span.n
    if day > counted.due and facts.case.decision and facts.case.decision.undated:
        return unstated("决定日期")
    if day <= counted.due:
        return holds(f"{filed} 立案，{day} 决定，在 {days} 个自然日内（至 {counted.due}）。")
    if day <= counted.rolled:
        return fails(
            f"{days} 个自然日已于 {counted.due} 届满；"
            f"是否顺延至 {counted.rolled} 有争议，从严计算已超期。",
            remedy="写明超期原因。",
            by=facts.handlers,
        )
    return fails(
        f"{filed} 立案，{days} 个自然日于 {counted.due} 届满，{day} 决定已超期。",
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
    if decision.undated:
        return unstated("决定日期")
    return holds(f"决定书日期 {decision.date} 不早于审核和讨论。")
