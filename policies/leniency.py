"""从轻、减轻、不罚、从重 — who must not be penalised, and what must have been weighed."""

from __future__ import annotations

from policies.articles import APL, EEC
from policies.core import Level, Verdict, does_not_apply, fails, holds, policy
from policies.facts import Facts
from policies.lawbook import LawBook

LIGHTER = {
    "harm_removed": "主动消除或者减轻危害后果",
    "coerced": "受他人胁迫或者诱骗",
    "confessed": "主动供述尚未掌握的违法行为",
    "merit": "配合查处有立功表现",
    "other_lighter": "法律、法规、规章规定的其他情形",
}
"""行政处罚法 32: these shall be punished more lightly or below the minimum."""

HEAVIER = {
    "malice": "恶意损害",
    "refusal": "拒不改正",
    "grave_result": "造成严重后果",
    "repeated": "多次受到处罚",
}
"""生态环境法典 1056: these are punished more heavily."""

_SPARE = "作出不予处罚决定，对当事人进行教育。"


@policy(
    "decision.child_spared",
    title="不满十四周岁的不处罚",
    rules=["R159"],
    cites=[APL(30)],
)
def child_spared(facts: Facts, law: LawBook) -> Verdict:
    """Who was under fourteen at the act is not penalised; the guardian is told to discipline."""
    party = facts.case.party
    if party is None or not party.age:
        return does_not_apply("没有登记当事人的年龄段。")
    if party.age != "under_14":
        return holds("当事人行为时已满十四周岁。")
    return fails(
        "当事人行为时不满十四周岁，不予行政处罚。",
        remedy="作出不予处罚决定，责令监护人加以管教。",
        by=facts.who("head"),
    )


@policy(
    "decision.incapable_spared",
    title="不能辨认或者控制自己行为的不处罚",
    rules=["R160"],
    cites=[APL(31)],
)
def incapable_spared(facts: Facts, law: LawBook) -> Verdict:
    """Who could not tell or control what he did is not penalised; the guardian is told to take care."""
    party = facts.case.party
    if party is None or not party.capacity:
        return does_not_apply("没有登记当事人的辨认、控制能力。")
    if party.capacity != "none":
        return holds("当事人行为时能够辨认或者控制自己的行为。")
    return fails(
        "当事人行为时不能辨认或者不能控制自己的行为，不予行政处罚。",
        remedy="作出不予处罚决定，责令监护人严加看管和治疗。",
        by=facts.who("head"),
    )


def corrected(facts: Facts) -> bool:
    """Whether the party put right what it did, or nothing was left to put right."""
    correction = facts.case.correction
    return bool(correction and (correction.corrected or correction.nothing_left))


@policy(
    "decision.slight_spared",
    title="轻微并及时改正、没有危害后果的不处罚",
    rules=["R156"],
    cites=[APL(33, "第一款")],
)
def slight_spared(facts: Facts, law: LawBook) -> Verdict:
    """Slight, put right in time, without harm: shall not be penalised. All three, or it may be."""
    proposal, act = facts.case.proposal, facts.case.act
    if proposal is None or not proposal.slight:
        return does_not_apply("没有认定违法行为轻微。")
    if not corrected(facts):
        return holds("违法行为轻微，但没有及时改正的记录。")
    if act is None or act.harm != "none":
        return holds("违法行为轻微并已改正，但没有认定“没有危害后果”。")
    return fails(
        "违法行为轻微并及时改正，没有造成危害后果，不予行政处罚。",
        remedy=_SPARE,
        by=facts.who("head"),
    )


@policy(
    "decision.first_time_weighed",
    title="初次违法是否不罚已考虑",
    rules=["R156"],
    cites=[APL(33, "第一款")],
    level=Level.NOTE,
)
def first_time_weighed(facts: Facts, law: LawBook) -> Verdict:
    """First time, slight harm, put right: may be spared; whoever penalises says that he thought of it."""
    proposal = facts.case.proposal
    if proposal is None or not proposal.first_time or not corrected(facts):
        return does_not_apply("不是初次违法并及时改正。")
    if proposal.weighed:
        return holds(f"已考虑：{proposal.weighed}")
    return fails(
        "初次违法并及时改正，危害后果轻微的可以不予处罚，没有写明为什么仍要处罚。",
        remedy="写明考虑的情形，或者不予处罚。",
        by=facts.handlers,
    )


@policy(
    "decision.faultless_spared",
    title="没有主观过错的不处罚",
    rules=["R157"],
    cites=[APL(33, "第二款")],
)
def faultless_spared(facts: Facts, law: LawBook) -> Verdict:
    """Who proves that he was not at fault is not penalised, unless a law or regulation says otherwise."""
    proposal = facts.case.proposal
    if proposal is None or not proposal.no_fault:
        return does_not_apply("当事人没有证明自己没有主观过错。")
    return fails(
        "当事人有证据足以证明没有主观过错，法律、行政法规也没有另外规定，不予行政处罚。",
        remedy=_SPARE,
        by=facts.who("head"),
    )


@policy(
    "decision.lighter_applied",
    title="应当从轻、减轻的已从轻、减轻",
    rules=["R161", "R159"],
    cites=[APL(32), APL(30)],
)
def lighter_applied(facts: Facts, law: LawBook) -> Verdict:
    """A circumstance that shall lighten the penalty has done so, and the file says how."""
    proposal, party = facts.case.proposal, facts.case.party
    if proposal is None:
        return does_not_apply("还没有拟处罚意见。")
    found = [LIGHTER.get(code, code) for code in proposal.lighter]
    if party and party.age == "under_18":
        found.append("已满十四周岁不满十八周岁")
    if not found:
        return does_not_apply("没有应当从轻、减轻的情形。")
    why = "、".join(found)
    if not proposal.weighed and not proposal.mitigation:
        return fails(
            f"{why}的，应当从轻或者减轻，没有写明怎样从轻、减轻。",
            remedy="在裁量中写明怎样从轻或者减轻。",
            by=facts.handlers,
        )
    limits = facts.power.range_for(party.kind) if facts.power and party else None
    amount = facts.fine
    if limits and limits.max is not None and amount and amount >= limits.max:
        return fails(
            f"{why}的，应当从轻或者减轻，罚款 {amount} 元却是上限。",
            remedy=f"改为低于 {limits.max} 元。",
            by=facts.handlers,
        )
    return holds(f"{why}：{proposal.weighed or proposal.mitigation}")


@policy(
    "decision.heavier_weighed",
    title="从重情形已考虑",
    rules=["R162"],
    cites=[EEC(1056)],
    level=Level.WARN,
)
def heavier_weighed(facts: Facts, law: LawBook) -> Verdict:
    """Under the environmental code malice, refusal, grave results and repetition weigh heavier."""
    proposal = facts.case.proposal
    if proposal is None or not proposal.heavier:
        return does_not_apply("没有从重的情形。")
    if not any((s := law.statute(c.statute)) and s.key == "EEC" for c in proposal.basis):
        return does_not_apply("不是依据生态环境法典的处罚。")
    why = "、".join(HEAVIER.get(code, code) for code in proposal.heavier)
    if proposal.weighed:
        return holds(f"{why}：{proposal.weighed}")
    return fails(
        f"{why}的，依法从重，没有写明怎样考虑。",
        remedy="在裁量中写明怎样从重，或者为什么不从重。",
        by=facts.handlers,
    )


@policy(
    "decision.not_fined_by_court",
    title="法院已判处罚金的不再罚款",
    rules=["R166"],
    cites=[APL(35, "第二款")],
)
def not_fined_by_court(facts: Facts, law: LawBook) -> Verdict:
    """Where a court has fined the same act, the office does not fine it again."""
    proposal = facts.case.proposal
    if proposal is None or not proposal.fined_by_court:
        return does_not_apply("没有法院就同一行为判处罚金的记录。")
    if not facts.fine:
        return holds("法院已判处罚金，本机关不再罚款。")
    return fails(
        "同一违法行为构成犯罪，人民法院已判处罚金，不再给予罚款。",
        remedy="取消罚款，只作其他种类的处罚或者结案。",
        by=facts.handlers,
    )
