"""案件之间 — a case that comes out of another: split off for a further offender, or decided anew."""

from __future__ import annotations

from policies.articles import ALL, ARL
from policies.core import Verdict, does_not_apply, fails, holds, needs_judgement, policy, unstated
from policies.facts import Facts, grounds_digest
from policies.lawbook import LawBook


@policy(
    "anew.not_the_same",
    title="不以同一事实和理由作出基本相同的决定",
    rules=["R257"],
    cites=[ALL(71), ARL(77)],
)
def not_the_same(facts: Facts, law: LawBook) -> Verdict:
    """After a revocation nobody decides the same again on the same facts; a fault of procedure excepted."""
    anew, proposal = facts.case.anew, facts.case.proposal
    if anew is None or proposal is None:
        return does_not_apply("不是重新作出的决定。")
    same = anew.grounds == grounds_digest(proposal) and proposal.fine == anew.fine
    if not same:
        return holds("事实、理由、依据或者处罚与被撤销的决定不同。")
    if anew.procedural:
        return holds("原决定因违反法定程序被撤销，不受此限。")
    return needs_judgement("与被撤销的决定事实、依据和罚款相同：是否基本相同的行政行为。")


@policy(
    "origin.filed",
    title="原案已立案",
    rules=["R065"],
    cites=[],
    own_rule=True,
    needs_form=True,
)
def filed(facts: Facts, law: LawBook) -> Verdict:
    """What is split off shares the filing of the case that it comes from."""
    filing = facts.case.filing
    if filing is not None and (filing.approved_on is not None or facts.case.anew is not None):
        return holds(f"原案 {filing.number or '（未编号）'} 已立案。")
    if facts.case.silent:
        return unstated("原案的立案")
    return fails(
        "原案还没有批准立案，没有可以分出的案件。",
        remedy="先批准立案，或者直接登记线索另案办理。",
        by=facts.who("head"),
    )
