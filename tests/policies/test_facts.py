"""Everything a policy may know about one step — by whom it can be cured, and what is counted where nothing is said."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.policies.builders import a_decision, a_proposal, changed, facts, office_with, ready


@pytest.mark.parametrize(
    ("officers", "named"),
    [
        (("zhang", "li"), "张衡、李薇"),
        (("li", "gone"), "李薇"),
        ((), "承办人"),
        (("gone",), "承办人"),
    ],
)
def test_a_case_is_cured_by_its_officers_by_name(officers, named):
    assert facts(ready(officers=officers)).handlers == named


def test_who_can_cure_it_is_named_in_the_order_of_the_office_or_said_to_be_nobody():
    assert facts(ready()).who("reviewer", "unit_head") == "王立新、沈知远"
    assert facts(ready()).who("head") == "顾明"
    alone = office_with().model_copy(update={"people": (facts().actor,)})
    assert facts(ready(), office=alone).who("reviewer") == "（机关未配备）"
    with pytest.raises(ValueError, match="boss"):
        facts(ready()).who("boss")


def test_the_fine_is_the_decided_one_else_the_proposed_one_else_none():
    case = ready(proposal=a_proposal(fine=800))
    assert facts(changed(case, decision=a_decision(case, fine=700))).fine == 700
    assert facts(case).fine == 800
    assert facts(ready(proposal=None)).fine == Decimal(0)
