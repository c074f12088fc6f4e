"""行政强制法 53, 行政处罚法 48, 72(2), 诉解 153 — from when the court can be asked, and a publication is owed back.

The decision is served on 20 January 2025; the six months to sue end on Monday 21 July.
"""

import pytest

from states import clocks
from tests.policies.builders import (
    LAW,
    a_deferral,
    a_payment,
    a_remedy,
    a_revocation,
    facts,
    on,
    served,
)


def runs(**parts):
    given = facts(served(**parts), at="2025-08-01")
    since = clocks.over_for_good(given, LAW)
    return since and (since, str(clocks.court_days(given, LAW)))


UPHELD = {"ended": "upheld", "appealed": True}
CHANGED = {"ended": "changed", "appealed": True, "fine_after": 400}


@pytest.mark.parametrize(
    ("parts", "since", "days"),
    [
        ({}, "2025-07-21", "3mo"),
        ({"deferrals": (a_deferral("2025-09-01"),)}, "2025-09-01", "3mo"),
        ({"deferrals": (a_deferral("2025-03-03"),)}, "2025-07-21", "3mo"),
        ({"remedies": (a_revocation(**UPHELD),)}, "2025-03-03", "3mo"),
        ({"remedies": (a_revocation(**CHANGED),)}, "2025-03-03", "24mo"),
    ],
    ids=["nobody sued", "a plan that ends later", "one that ends earlier", "upheld", "changed"],
)
def test_the_court_clock_starts_when_nobody_can_attack_what_is_enforced_and_the_plan_is_over(
    parts, since, days
):
    assert runs(**parts) == (on(since), days)


def test_while_the_party_fights_and_of_what_was_revoked_no_court_clock_runs():
    assert runs(remedies=(a_remedy(),)) is None
    assert runs(remedies=(a_revocation(),)) is None


@pytest.mark.parametrize(("paid", "stops"), [(399, False), (400, True)])
def test_the_payment_clock_stops_when_the_fine_that_stands_is_paid(paid, stops):
    less = a_revocation(ended="changed", fine_after=400)
    case = served(remedies=(less,), payments=(a_payment(paid),))
    assert clocks.paid_up(facts(case)) is stops


def test_a_publication_is_owed_back_from_the_day_on_which_the_change_took_effect():
    for how, day in (({"appealed": True}, "2025-03-03"), ({}, "2025-03-18")):
        assert clocks.fallen_on(facts(served(remedies=(a_revocation(**how),))), LAW) == on(day)
