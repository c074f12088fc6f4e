"""中止与延期 — the ninety days stand still or grow only where a text of the item says so (行政处罚法 60)."""

from __future__ import annotations

from policies.articles import APL
from policies.calendar import Counted, Span
from policies.core import Level, Verdict, does_not_apply, fails, holds, policy, unstated
from policies.facts import Facts
from policies.lawbook import LawBook


def time_to_decide(facts: Facts, law: LawBook) -> Counted | None:
    """The ninety days from the filing, with what was lawfully added or stood still; None before it.

    The running clock knows what was added; a case without one (read from a published text) has the bare days.
    """
    filing = facts.case.filing
    if filing is None or filing.approved_on is None:
        return None
    clock = facts.was.clocks.get("decision")
    span = Span.parse(clock.span) if clock else law.on(facts.as_of)["decision.deadline"].span
    return facts.calendar.count(filing.approved_on, span)


@policy(
    "extension.allowed",
    title="有规章规定的延长",
    rules=["R154", "R153"],
    cites=[APL(60)],
    needs_form=True,
)
def allowed(facts: Facts, law: LawBook) -> Verdict:
    """Without a law, regulation or rule that allows it, the ninety days are not extended."""
    profile = facts.office.clock_profile(facts.case.power)
    if facts.case.silent:
        return unstated("延长期限的依据")
    if profile is None or not profile.extensions:
        return fails(
            "本案由没有规定可以延长办案期限的法律、法规、规章。",
            remedy="在期限内作出决定；确实超期的，仍应依法决定并写明原因。",
            by=facts.who("head"),
        )
    if not profile.confirmed:
        return fails(
            f"时限规则“{profile.title}”还没有人确认，确认之前不得延长。",
            remedy="由管理员会同法制审核员核对规章后确认。",
            by=facts.who("admin", "reviewer"),
        )
    return holds(f"{profile.title}（{profile.source}）可以延长。")


@policy(
    "extension.before_the_end",
    title="届满之前批准延长",
    rules=["R154"],
    cites=[APL(60)],
    own_rule=True,
    needs_form=True,
)
def before_the_end(facts: Facts, law: LawBook) -> Verdict:
    """What is over cannot be made longer."""
    clock = facts.was.clocks.get("decision")
    if facts.case.silent:
        return unstated("办案期限")
    if clock is None:
        return fails("办案期限没有在计算。", remedy="立案之后再申请。", by=facts.handlers)
    if facts.as_of <= clock.due:
        return holds(f"办案期限至 {clock.due}，届满之前批准。")
    return fails(
        f"办案期限已于 {clock.due} 届满，不能再延长。",
        remedy="依法作出决定，写明超期的原因。",
        by=facts.who("head"),
    )


@policy(
    "suspension.over",
    title="中止已恢复",
    rules=["R155"],
    cites=[APL(60)],
    own_rule=True,
)
def over(facts: Facts, law: LawBook) -> Verdict:
    """While the investigation stands still nobody decides."""
    standing = [s for s in facts.case.suspensions if s.until is None]
    if not standing:
        return does_not_apply("没有中止。")
    return fails(
        f"调查中止还没有恢复：{standing[-1].told}。",
        remedy="中止的情形消失后恢复调查。",
        by=facts.who("head"),
    )


@policy(
    "suspension.counts",
    title="中止期间计入或者不计入九十日",
    rules=["R155"],
    cites=[APL(60)],
    level=Level.NOTE,
    needs_form=True,
)
def counts(facts: Facts, law: LawBook) -> Verdict:
    """A stop may be a fact without stopping the clock; the officer must know which it is."""
    made = next((s for s in facts.case.suspensions if s.id == facts.item), None)
    if made is None:
        return does_not_apply("没有中止。")
    profile = facts.office.clock_profile(facts.case.power)
    rule = profile.pausable_for(made.reason) if profile and profile.confirmed else None
    if rule is None:
        return fails(
            f"没有规章规定扣除“{made.reason}”的期间，九十日照常计算。",
            remedy="在期限内作出决定。",
            by=facts.handlers,
        )
    if made.until and not made.proof:
        return fails(
            f"没有证明起止的文书（{rule.proof}），期间不扣除。",
            remedy="补登文书。",
            by=facts.handlers,
        )
    return holds(f"依规章扣除“{made.reason}”的期间，以{rule.proof}为证。")
