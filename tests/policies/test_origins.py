"""案件之间 — what is decided anew is not the same again, and what is split off has been filed."""

from __future__ import annotations

from decimal import Decimal

from policies import origins
from policies.core import Doubt
from policies.facts import grounds_digest
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    NEEDS_JUDGEMENT,
    an_anew,
    ask,
    facts,
    ready,
)


def again(**other):
    proposal = ready().proposal
    same = {"grounds": grounds_digest(proposal), "fine": proposal.fine}
    return ask(origins.not_the_same, facts(ready(anew=an_anew(**{**same, **other})))).outcome


def test_the_same_again_is_a_persons_judgement_and_a_fault_of_procedure_is_excepted():
    assert ask(origins.not_the_same, facts(ready())).outcome is DOES_NOT_APPLY
    assert again() is NEEDS_JUDGEMENT
    assert again(procedural=True) is HOLDS
    assert again(fine=Decimal(1)) is HOLDS
    assert again(grounds="另外的事实和依据") is HOLDS


def test_only_a_filed_case_can_be_split():
    assert ask(origins.filed, facts(ready())).outcome is HOLDS
    assert ask(origins.filed, facts(ready(filing=None))).outcome is FAILS
    open_one = ready().filing.model_copy(update={"approved_on": None})
    assert ask(origins.filed, facts(ready(filing=open_one))).outcome is FAILS
    assert ask(origins.filed, facts(ready(filing=open_one, anew=an_anew()))).outcome is HOLDS


def test_the_filing_of_the_first_case_is_told_by_its_number_and_is_the_heads_affair():
    filing = ready().filing
    for number, told in (("示街立〔2025〕7号", "示街立〔2025〕7号"), ("", "（未编号）")):
        numbered = ready(filing=filing.model_copy(update={"number": number}))
        assert ask(origins.filed, facts(numbered)).reason == f"原案 {told} 已立案。"
    assert ask(origins.filed, facts(ready(filing=None))).by == "顾明"
    said = ask(origins.filed, facts(ready(filing=None, silent=True)))
    assert (said.doubt, said.reason) == (Doubt.UNSTATED, "来源未载明原案的立案。")
