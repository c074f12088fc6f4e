"""强制执行 — what is still owed, pulling down (强44, 规划法68), an agreement (强42), a stay (罚73)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from policies import enforcement
from policies.casefile import Correction
from policies.core import Policy, Verdict
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    a_payment,
    a_remedy,
    a_revocation,
    an_enforcement,
    ask,
    facts,
    on,
    served,
)

STANDS = Correction(ordered_on=on("2025-01-06"), checked_on=on("2025-08-01"), corrected=False)
GONE = STANDS.model_copy(update={"corrected": True})


def asked(policy: Policy, at: str = "2025-08-20", *, case: Any = None, **made: Any) -> Verdict:
    parts = {"correction": STANDS, **(case or {})}
    return ask(
        policy, facts(served(enforcements=(an_enforcement(**made),), **parts), at=at, item="x1")
    )


# — what is still owed ————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("paid", "correction", "outcome"),
    [
        (999, GONE, FAILS),
        (1000, GONE, DOES_NOT_APPLY),
        (1000, STANDS, FAILS),
        (1000, None, DOES_NOT_APPLY),
    ],
)
def test_a_demand_is_open_until_the_fine_is_paid_and_what_stood_wrong_is_corrected(
    paid: int, correction: Any, outcome: Any
):
    parts = {"payments": (a_payment(paid),), "correction": correction}
    assert asked(enforcement.concluded, case=parts).outcome is outcome


def test_what_has_ended_is_concluded_whatever_is_owed():
    assert asked(enforcement.concluded, ended_on=on("2025-08-10")).outcome is DOES_NOT_APPLY


@pytest.mark.parametrize(
    ("remedies", "outcome"),
    [
        ((), HOLDS),
        ((a_remedy(),), HOLDS),
        ((a_remedy(stayed_on=on("2025-02-20"), stayed_by="人民法院"),), FAILS),
        ((a_revocation(stayed_on=on("2025-02-20")),), HOLDS),
    ],
    ids=["none", "a suit alone", "stayed", "over"],
)
def test_only_a_decision_to_stay_stops_the_execution_and_only_while_the_remedy_lasts(
    remedies: Any, outcome: Any
):
    """R211."""
    said = asked(enforcement.not_stayed, case={"remedies": remedies})
    assert said.outcome is outcome


# — pulling down (R221) ————————————————————————————————————————————————————————————————————

ANNOUNCED: dict[str, Any] = {"announced_on": on("2025-08-05"), "leave_until": on("2025-08-20")}


STILL = {"correction": STANDS.model_copy(update={"checked_on": on("2025-08-21")})}


@pytest.mark.parametrize(("at", "outcome"), [("2025-08-20", FAILS), ("2025-08-21", HOLDS)])
def test_it_is_pulled_down_only_after_the_last_day_to_do_so_oneself(at: str, outcome: Any):
    said = asked(enforcement.demolition_announced, at, case=STILL, **ANNOUNCED)
    assert said.outcome is outcome
    assert outcome is HOLDS or str(said.day) == "2025-08-21"


@pytest.mark.parametrize("missing", ["announced_on", "leave_until"])
def test_without_an_announcement_that_sets_a_day_nothing_is_pulled_down(missing: str):
    made: dict[str, Any] = {**ANNOUNCED, missing: None}
    assert asked(enforcement.demolition_announced, "2025-08-21", **made).outcome is FAILS


@pytest.mark.parametrize("correction", [GONE, STANDS.model_copy(update={"corrected": None}), None])
def test_what_nobody_saw_standing_is_not_pulled_down(correction: Any):
    parts = {"correction": correction}
    said = asked(enforcement.demolition_announced, "2025-08-21", case=parts, **ANNOUNCED)
    assert said.outcome is FAILS
    assert "复查" in said.reason


@pytest.mark.parametrize(("looked", "outcome"), [("2025-08-20", FAILS), ("2025-08-21", HOLDS)])
def test_somebody_saw_it_standing_after_that_day(looked: str, outcome: Any):
    parts = {"correction": STANDS.model_copy(update={"checked_on": on(looked)})}
    said = asked(enforcement.demolition_announced, "2025-08-25", case=parts, **ANNOUNCED)
    assert said.outcome is outcome
    assert f"复查是 {looked}" in said.reason or f"{looked} 复查没有拆除" in said.reason


@pytest.mark.parametrize(("at", "outcome"), [("2025-07-21", FAILS), ("2025-07-22", HOLDS)])
def test_it_waits_until_nobody_can_go_to_court_any_more(at: str, outcome: Any):
    """Served on 20 January 2025; six months end on Sunday 20 July and roll to Monday."""
    assert asked(enforcement.demolition_undisputed, at).outcome is outcome


def test_it_waits_while_a_suit_is_under_way_though_the_suit_does_not_stop_other_execution():
    suing = {"remedies": (a_remedy(),)}
    assert asked(enforcement.demolition_undisputed, case=suing).outcome is FAILS
    assert asked(enforcement.not_stayed, case=suing).outcome is HOLDS


@pytest.mark.parametrize(
    ("by", "outcome"), [("", FAILS), ("区人民政府责成强制拆除的通知（虚构）", HOLDS)]
)
def test_nobody_pulls_down_without_a_statute_or_an_order_of_the_government(by: str, outcome: Any):
    assert asked(enforcement.demolition_empowered, empowered_by=by).outcome is outcome


# — an agreement (R223) ————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("paid", "agreed", "outcome"),
    [(0, 999, FAILS), (0, 1000, HOLDS), (400, 599, FAILS), (400, 600, HOLDS)],
)
def test_an_agreement_leaves_the_whole_fine_to_pay(paid: int, agreed: int, outcome: Any):
    parts = {"payments": (a_payment(paid),) if paid else ()}
    said = asked(enforcement.agreement_keeps_fine, case=parts, agreed_fine=Decimal(agreed))
    assert said.outcome is outcome


@pytest.mark.parametrize(
    ("waived", "put_right", "outcome"),
    [(0, "", DOES_NOT_APPLY), (30, "", FAILS), (30, "已清理现场", HOLDS)],
)
def test_the_addition_is_dropped_only_for_who_has_put_things_right(
    waived: int, put_right: str, outcome: Any
):
    made: dict[str, Any] = {
        "agreed_fine": Decimal(1000),
        "waived": Decimal(waived),
        "put_right": put_right,
    }
    assert asked(enforcement.agreement_put_right, **made).outcome is outcome


def test_where_nothing_was_agreed_nothing_is_asked():
    assert asked(enforcement.agreement_keeps_fine).outcome is DOES_NOT_APPLY
