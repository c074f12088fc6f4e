"""回避申请 — who asked that somebody stay out, and that it is decided before the decision."""

from __future__ import annotations

from policies.articles import APL
from policies.core import Level, Verdict, does_not_apply, fails, holds, policy
from policies.facts import Facts
from policies.lawbook import LawBook


@policy("recusal.decided", title="回避申请已决定", rules=["R046"], cites=[APL(43)])
def decided(facts: Facts, law: LawBook) -> Verdict:
    """The head decides about each request; the investigation goes on meanwhile, the decision waits."""
    waiting = [r for r in facts.case.recusals if not r.decided_on]
    if not waiting:
        return does_not_apply("没有未决定的回避申请。")
    return fails(
        f"回避申请还没有决定：{'；'.join(r.told for r in waiting)}。",
        remedy="由负责人审查决定。",
        by=facts.who("head"),
    )


@policy(
    "recusal.not_ones_own",
    title="不由本人决定本人的回避",
    rules=["R046"],
    cites=[APL(43)],
    own_rule=True,
    level=Level.WARN,
    needs_form=True,
    gathers=["delegated"],
)
def not_ones_own(facts: Facts, law: LawBook) -> Verdict:
    """The text leaves open who decides about the head; another head does where there is one."""
    asked = next((r for r in facts.case.recusals if r.id == facts.item), None)
    hit = facts.counting(facts.actor.id, [asked.person]) if asked else ""
    if not hit:
        return holds("决定的不是本人的回避。")
    whose = "本人" if hit == facts.actor.id else facts.name(hit)
    return fails(
        f"{facts.as_one(facts.actor.id, hit)}{facts.actor.name}决定的是{whose}的回避。",
        remedy="由其他负责人决定，或者集体讨论；没有其他负责人的，写明情况。",
        by=facts.who("head", "deputy_head"),
    )
