"""What was done for another rests on a delegation as it was given, and makes the two one person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.facts import counted
from states.delegation import RESERVED
from workflow.delegations import Delegation, pairs
from workflow.oracle.steps import Taken

Given = Mapping[str, Delegation]
"""Every delegation that the office ever had, by its id."""


def hands(step: Taken, given: Given) -> frozenset[str]:
    """Who took the step, for whom, and everybody who then counted as one of them in this case."""
    both = {step.body["by"]["id"], *([step.body["for"]["id"]] if "for" in step.body else ())}
    acted = ((d.principal, d.by) for d in step.was.delegated)
    return counted(both, (*acted, *pairs(given.values(), step.case_id, step.at)))


def check(step: Taken, given: Given) -> Iterator[str]:
    told, by = step.body.get("for"), step.body["by"]
    before, after = step.was.delegated, step.case.delegated
    if after[: len(before)] != before:
        yield f"{step.name}：从前的代办记载被改动或者去掉了。"
    elif [d.seq for d in after[len(before) :]] != ([step.seq] if told else []):
        yield f"{step.name}：是否代人办理，案卷和大事记说法不一。"
    if told is None:
        return
    found = given.get(told["delegation"])
    if found is None or (found.principal, found.delegate) != (told["id"], by["id"]):
        yield f"{step.name}：{by['name']}没有受{told['name']}委托。"
        return
    if found.terms != told["terms"]:
        yield f"{step.name}：委托的内容在办理之后被改动过。"
    # Both moments stand to the second: what was done in the one in which it ended may have been before.
    ran = found.runs_at(step.at) or step.at == found.revoked_at
    covered = step.verb in found.verbs and found.is_about(step.case_id)
    if not (ran and covered) or step.verb in RESERVED:
        yield f"{step.name}：办理时委托不在期间或者范围内，或者这一步不能委托。"
    if not {by["id"], told["id"]}.isdisjoint(step.was.recusal_needed):
        yield f"{step.name}：委托人或者受托人应当回避。"
