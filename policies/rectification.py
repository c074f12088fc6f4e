"""补正 — what may be changed in a decision that stands."""

from __future__ import annotations

from policies.articles import APL
from policies.core import Verdict, does_not_apply, fails, holds, needs_judgement, policy
from policies.facts import Facts
from policies.lawbook import LawBook

CLERICAL = ("文字", "文号", "名称", "条文序号")
"""What a slip of the pen can be in."""

SUBSTANCE = ("事实", "依据", "种类", "罚款数额")
"""What was decided: to change it is a new decision."""


@policy(
    "rectification.clerical_only",
    title="补正的只是笔误",
    rules=["R122", "R167"],
    cites=[APL(44), APL(58), APL(75)],
    needs_form=True,
)
def clerical_only(facts: Facts, law: LawBook) -> Verdict:
    """A slip is put right at once; what was decided is changed only by notice, review and a new decision."""
    decision, was = facts.case.decision, facts.was.decision
    if decision is None or not decision.rectified or (was and was.rectified == decision.rectified):
        return does_not_apply("没有补正。")
    latest = decision.rectified[-1]
    if latest.what in SUBSTANCE:
        return fails(
            f"{latest.what}不是笔误，补正书不能改变。",
            remedy="撤销或者变更决定，重新审核、告知并作出决定。",
            by=facts.who("head", "deputy_head"),
        )
    if latest.what not in CLERICAL:
        return needs_judgement(
            f"把{latest.what}“{latest.wrong}”改为“{latest.right}”，是不是只是笔误，要看它影不影响期限和权利。"
        )
    return holds(f"补正{latest.what}：“{latest.wrong}”改为“{latest.right}”，决定的内容和期限不变。")
