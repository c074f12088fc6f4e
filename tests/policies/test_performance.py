"""代履行 — what is left undone, what it endangers, who does it, what the order says, and when (强50, 51)."""

from __future__ import annotations

from typing import Any

import pytest

from policies import performance
from policies.casefile import Correction
from policies.core import Policy, Verdict
from policies.performance import SAYS
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    OFFICE,
    a_clearance,
    an_enforcement,
    ask,
    facts,
    on,
    ready,
    served,
)

DEMANDED = "2025-08-04"  # a Monday


def ordered(policy: Policy, *, correction: Correction | None = None, **other: Any) -> Verdict:
    made: dict[str, Any] = {
        "way": "代履行", "performer": "某公司", "disinterested": True, "danger": "危害交通安全",
        "order_says": SAYS, "perform_on": on("2025-08-20"), **other,
    }  # fmt: skip
    case = served(enforcements=(an_enforcement(**made),), correction=correction)
    return ask(policy, facts(case, at="2025-08-15", item="x1"))


def looked_at(day: str, corrected: bool = False) -> Correction:
    return Correction(ordered_on=on("2025-01-06"), checked_on=on(day), corrected=corrected)


@pytest.mark.parametrize(
    ("correction", "outcome"),
    [
        (None, FAILS),
        (looked_at("2025-08-03"), FAILS),
        (looked_at(DEMANDED), HOLDS),
        (looked_at("2025-08-14"), HOLDS),
        (looked_at("2025-08-14", corrected=True), FAILS),
    ],
    ids=["only a fine", "before the demand", "on its day", "after it", "done"],
)
def test_somebody_looked_after_the_demand_and_found_it_undone(correction: Any, outcome: Any):
    assert ordered(performance.still_undone, correction=correction).outcome is outcome


@pytest.mark.parametrize(("danger", "outcome"), [("", FAILS), ("造成环境污染", HOLDS)])
def test_only_what_endangers_traffic_nature_or_its_riches_is_done_by_others(
    danger: str, outcome: Any
):
    assert ordered(performance.danger_named, danger=danger).outcome is outcome


@pytest.mark.parametrize(
    ("performer", "disinterested", "outcome"),
    [("某公司", False, FAILS), ("某公司", True, HOLDS), (OFFICE.name, False, HOLDS)],
)
def test_whoever_does_it_has_nothing_to_gain(performer: str, disinterested: bool, outcome: Any):
    made: dict[str, Any] = {"performer": performer, "disinterested": disinterested}
    assert ordered(performance.disinterested, **made).outcome is outcome


@pytest.mark.parametrize("left_out", SAYS)
def test_each_item_stands_in_the_order(left_out: str):
    assert ordered(performance.order_complete).outcome is HOLDS
    said = tuple(item for item in SAYS if item != left_out)
    told = ordered(performance.order_complete, order_says=said)
    assert told.outcome is FAILS
    assert left_out in told.reason


@pytest.mark.parametrize(("day", "outcome"), [("2025-08-06", FAILS), ("2025-08-07", HOLDS)])
def test_it_begins_three_working_days_after_the_demand(day: str, outcome: Any):
    assert ordered(performance.demanded_before, perform_on=on(day)).outcome is outcome


@pytest.mark.parametrize(
    "policy",
    [
        performance.still_undone,
        performance.danger_named,
        performance.disinterested,
        performance.order_complete,
        performance.demanded_before,
    ],
    ids=lambda p: p.id,
)
def test_another_way_of_enforcing_is_not_asked_about(policy: Policy):
    assert ordered(policy, way="申请法院").outcome is DOES_NOT_APPLY


# — at once (强52) ———————————————————————————————————————————————————————————————————————————————


def cleared(policy: Policy, **other: Any) -> Verdict:
    return ask(policy, facts(ready(clearances=(a_clearance(**other),)), was=ready()))


def test_at_once_only_what_the_party_cannot_clear_itself():
    assert cleared(performance.party_unable).outcome is HOLDS
    refused = cleared(performance.party_unable, unable="")
    assert refused.outcome is FAILS
    assert refused.by == "顾明、陆承泽"
    assert "道路的遗洒物" in refused.reason


@pytest.mark.parametrize(
    ("party_present", "told_on", "outcome"),
    [(True, None, HOLDS), (False, None, FAILS), (False, on("2025-01-07"), HOLDS)],
    ids=["there", "away and not told", "away and told the same day"],
)
def test_whoever_was_away_is_told_at_once(party_present: bool, told_on: Any, outcome: Any):
    said = cleared(performance.absent_told, party_present=party_present, told_on=told_on)
    assert said.outcome is outcome


def test_what_was_cleared_before_is_not_asked_about_again():
    before = ready(clearances=(a_clearance(unable="", party_present=False),))
    for policy in (performance.party_unable, performance.absent_told):
        assert ask(policy, facts(before, was=before)).outcome is DOES_NOT_APPLY


def test_whoever_did_not_look_after_the_order_has_not_found_it_undone():
    never = Correction(ordered_on=on("2025-01-06"), checked_on=None, corrected=False)
    assert ordered(performance.still_undone, correction=never).outcome is FAILS
