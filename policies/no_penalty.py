"""不予处罚 — the decision not to penalise: on which ground, with education, served and closed.

It needs no legal review, no notice and no defence window: 行政处罚法 44, 58 and 62 bind penalties.
"""

from __future__ import annotations

from policies.articles import APL
from policies.core import Verdict, does_not_apply, fails, holds, needs_judgement, policy
from policies.facts import Facts
from policies.lawbook import LawBook
from policies.leniency import corrected

GROUNDS = {
    "under_14": "不满十四周岁（第三十条）",
    "incapable": "不能辨认或者不能控制自己的行为（第三十一条）",
    "slight": "轻微并及时改正，没有造成危害后果（第三十三条第一款）",
    "first_time": "初次违法、危害后果轻微并及时改正（第三十三条第一款）",
    "no_fault": "没有主观过错（第三十三条第二款）",
    "expired": "超过追责期限（第三十六条）",
    "not_unlawful_now": "新的规定不认为是违法（第三十七条）",
    "not_established": "违法事实不能成立（第五十七条第一款第（三）项）",
}
"""On what a decision not to penalise may rest (行政处罚法)."""

GUARDED = ("under_14", "incapable")
"""Grounds on which the guardian is told what to do."""

DOCUMENT = "不予行政处罚决定书"


@policy(
    "no_penalty.ground_fits",
    title="不予处罚的理由与案卷相符",
    rules=["R150", "R156", "R157", "R159", "R160"],
    cites=[APL(57, "第一款"), APL(33), APL(30), APL(31)],
    needs_form=True,
)
def ground_fits(facts: Facts, law: LawBook) -> Verdict:
    """Nobody is spared on a ground that the file contradicts; what it does not say, a person judges."""
    spared = facts.case.no_penalty
    if spared is None:
        return does_not_apply("没有不予处罚的决定。")
    words = GROUNDS[spared.ground]
    against = _against(facts, spared.ground)
    if against:
        return fails(
            f"理由是{words}，案卷却{against}。",
            remedy="核对事实，改正登记或者另定处理结果。",
            by=facts.handlers,
        )
    unknown = _unknown(facts, spared.ground)
    if unknown:
        return needs_judgement(f"理由是{words}，案卷没有登记{unknown}。")
    return holds(f"不予处罚：{words}；{spared.reasons}")


def _against(facts: Facts, ground: str) -> str:
    party, act, correction = facts.case.party, facts.case.act, facts.case.correction
    if ground == "under_14" and party and party.age in ("under_18", "adult"):
        return "登记为已满十四周岁"
    if ground == "incapable" and party and party.capacity in ("full", "reduced"):
        return "登记为能够辨认或者控制"
    if ground in ("slight", "first_time") and correction and correction.corrected is False:
        return "登记为没有改正"
    if ground == "slight" and act and act.harm not in ("", "none"):
        return "登记有危害后果"
    return ""


def _unknown(facts: Facts, ground: str) -> str:
    party, act = facts.case.party, facts.case.act
    if ground == "under_14" and not (party and party.age):
        return "当事人的年龄段"
    if ground == "incapable" and not (party and party.capacity):
        return "当事人的辨认、控制能力"
    if ground in ("slight", "first_time") and not corrected(facts):
        return "改正的情况"
    if ground == "slight" and not (act and act.harm):
        return "有没有危害后果"
    return ""


@policy(
    "no_penalty.guardian_ordered",
    title="已责令监护人管教、看管",
    rules=["R159", "R160"],
    cites=[APL(30), APL(31)],
    needs_form=True,
)
def guardian_ordered(facts: Facts, law: LawBook) -> Verdict:
    """A child or an incapable person is spared, and the guardian is told to discipline or take care."""
    spared = facts.case.no_penalty
    if spared is None or spared.ground not in GUARDED:
        return does_not_apply("不是因年龄或者能力不予处罚。")
    if spared.guardian_ordered:
        return holds(f"已责令监护人：{spared.guardian_ordered}")
    return fails(
        "没有责令监护人加以管教或者严加看管。",
        remedy="写明向谁责令、责令的内容。",
        by=facts.handlers,
    )


@policy(
    "no_penalty.educated",
    title="已对当事人进行教育",
    rules=["R158"],
    cites=[APL(33, "第三款")],
)
def educated(facts: Facts, law: LawBook) -> Verdict:
    """Who broke the law and is spared is educated; where nothing is proved there is nobody to educate."""
    spared = facts.case.no_penalty
    if spared is None or spared.ground == "not_established":
        return does_not_apply("没有依法不予处罚的违法行为。")
    if spared.educated_on:
        return holds(f"{spared.educated_on} 已教育：{spared.education}")
    return fails(
        "还没有对当事人进行教育的记录。",
        remedy="对当事人进行教育并登记。",
        by=facts.handlers,
    )


@policy(
    "no_penalty.served",
    title="不予处罚决定书已送达",
    rules=["R150"],
    cites=[APL(61)],
    own_rule=True,
)
def served(facts: Facts, law: LawBook) -> Verdict:
    """The party learns how the case ended before it is closed; the statute speaks of penalties only."""
    spared = facts.case.no_penalty
    if spared is None:
        return does_not_apply("没有不予处罚的决定。")
    found = next((s for s in reversed(facts.case.services) if s.document == DOCUMENT), None)
    if found:
        return holds(f"{found.served_on} 已送达。")
    return fails("不予处罚决定书还没有送达。", remedy="送达并登记。", by=facts.handlers)
