"""文书 — what holds for every document alike."""

from __future__ import annotations

from policies.articles import APL
from policies.core import Verdict, fails, holds, policy
from policies.facts import Facts
from policies.lawbook import LawBook


@policy(
    "document.number_unique",
    title="文号唯一",
    rules=["R172"],
    cites=[APL(59)],
    own_rule=True,
    needs_form=True,
    gathers=["same_number"],
)
def number_unique(facts: Facts, law: LawBook) -> Verdict:
    """No two documents of one kind bear the same number: one case, one number."""
    if facts.elsewhere.same_number:
        return fails(
            f"文号已用于：{'、'.join(facts.elsewhere.same_number)}。",
            remedy="换一个没有用过的文号。",
            by=facts.who("clerk"),
        )
    return holds("文号没有重复。")
