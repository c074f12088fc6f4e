"""行政处罚法 art. 67, 72, 73 — what a case owes, from its own document (R201, R208, R209, R210)."""

from __future__ import annotations

from decimal import Decimal

from policies.arrears import arrears
from policies.late_penalty import Instalment, Plan
from policies.periods import Beside
from policies.remedies import Remedy
from tests.policies.builders import (
    CALENDAR,
    LAW,
    a_decision,
    a_payment,
    a_revocation,
    an_enforcement,
    changed,
    decided,
    on,
    served,
)

TOLD = changed(served(), decision=a_decision(served(), late_penalty_told=True))
"""A fine of 1000, to be paid until Wednesday 5 February 2025."""


def owed(case=TOLD, *, as_of="2025-02-15", **beside):
    return arrears(case, LAW, CALENDAR, as_of=on(as_of), beside=Beside(**beside))


def amount(case=TOLD, **other):
    found = owed(case, **other)
    assert found is not None
    return str(found.amount)


def test_the_days_run_from_the_day_after_the_rolled_end_of_the_fifteen():
    assert (amount(as_of="2025-02-05"), amount(as_of="2025-02-06")) == ("0.00", "30.00")


def test_what_has_been_paid_is_read_from_the_document():
    paid = changed(TOLD, payments=(a_payment(1000, "2025-02-07"),))
    assert (amount(paid), str(owed(paid).owed)) == ("60.00", "60.00")


def test_a_decision_that_did_not_announce_it_adds_nothing():
    silent = changed(TOLD, decision=a_decision(served(), late_penalty_told=False))
    assert amount(silent) == "0.00"


def test_nothing_is_owed_before_the_decision_is_served():
    assert owed(decided()) is None


def test_a_review_frees_the_days_until_its_decision_is_received():
    over = Remedy("review", on("2025-02-08"), "upheld", on("2025-02-12"))
    going_on = Remedy("review", on("2025-02-08"))
    assert amount(remedies=(over,)) == "150.00"
    assert amount(remedies=(going_on,), as_of="2025-06-01") == "60.00"
    assert (
        "行政复议期间（《行政处罚法》第七十三条第三款），不计算"
        in owed(remedies=(over,)).explanation
    )


def test_a_suit_frees_the_days_until_its_judgment_can_no_longer_be_appealed():
    begun, received = on("2025-02-08"), on("2025-02-12")  # to be appealed until the 27th
    first = Remedy("suit", begun, "upheld", received)
    final = Remedy("suit", begun, "upheld", received, final=True)
    assert amount(remedies=(first,), as_of="2025-02-27") == "60.00"
    assert amount(remedies=(first,), as_of="2025-02-28") == "90.00"
    assert amount(remedies=(final,), as_of="2025-02-13") == "90.00"
    withdrawn = Remedy("suit", begun, "withdrawn", received)
    assert amount(remedies=(withdrawn,), as_of="2025-02-13") == "90.00"


def test_an_approved_plan_counts_from_its_own_dates():
    plan = Plan(on("2025-02-05"), (Instalment(on("2025-03-05"), TOLD.decision.fine),))
    assert amount(plan=plan, as_of="2025-03-05") == "0.00"
    assert amount(plan=plan, as_of="2025-03-06") == "30.00"


def test_of_a_changed_fine_the_addition_is_a_share_of_what_stands_and_of_a_revoked_one_nothing_is_owed():
    less = changed(TOLD, remedies=(a_revocation(kind="own", ended="changed", fine_after=400),))
    assert (amount(less, as_of="2025-02-05"), amount(less, as_of="2025-02-06")) == ("0.00", "12.00")
    assert owed(changed(TOLD, remedies=(a_revocation(),))) is None


def test_a_plan_that_no_longer_makes_up_what_was_unpaid_is_one_postponement_to_its_last_date():
    """As when a judgment changes the fine while the instalments run: nothing is late before they end."""
    parts = (Instalment(on("2025-03-05"), 500), Instalment(on("2025-04-07"), 500))
    plan = Plan(on("2025-02-05"), parts)
    less = changed(TOLD, remedies=(a_revocation(kind="own", ended="changed", fine_after=400),))
    assert amount(plan=plan, as_of="2025-03-06") == "15.00"
    assert amount(less, plan=plan, as_of="2025-04-07") == "0.00"
    assert amount(less, plan=plan, as_of="2025-04-08") == "12.00"


def test_what_was_paid_on_the_day_of_the_approval_is_no_part_of_the_plan():
    paid = changed(TOLD, payments=(a_payment(400, "2025-02-05"),))
    plan = Plan(
        on("2025-02-05"), (Instalment(on("2025-03-05"), 300), Instalment(on("2025-04-07"), 300))
    )
    assert amount(paid, plan=plan, as_of="2025-03-05") == "0.00"
    assert amount(paid, plan=plan, as_of="2025-03-06") == "9.00"


def agreed(**other):
    made = an_enforcement(agreed_on=on("2025-02-10"), waived=Decimal(100), **other)
    return changed(TOLD, enforcements=(made,))


def test_what_an_agreement_drops_of_the_addition_is_not_owed():
    assert str(owed(TOLD).owed) == "1300.00"
    assert str(owed(agreed()).owed) == "1200.00"
    assert (
        "执行协议减免加处罚款 100 元（《行政强制法》第四十二条第一款）"
        in owed(agreed()).explanation
    )


def test_what_an_agreement_drops_is_told_after_how_it_came_about():
    said = owed(agreed()).explanation.split("\n")
    assert said[:-1] == owed(TOLD).explanation.split("\n")


def test_an_agreement_drops_nothing_of_the_fine_itself():
    assert str(owed(agreed(), as_of="2025-02-07").owed) == "1000.00"


def test_what_a_broken_agreement_dropped_is_owed_again():
    assert str(owed(agreed(broken_on=on("2025-02-14"))).owed) == "1300.00"


def test_what_was_paid_before_the_plan_is_taken_off_the_fine_and_more_than_all_leaves_nothing():
    """600 of 1000 paid: a plan over 500 is spread anew over the 400 that are left."""
    paid = changed(TOLD, payments=(a_payment(600, "2025-02-03"),))
    plan = Plan(on("2025-02-05"), (Instalment(on("2025-03-05"), 500),))
    assert (amount(paid, plan=plan, as_of="2025-03-05"), amount(paid, plan=plan, as_of="2025-03-06")) == (
        "0.00", "12.00",
    )  # fmt: skip
    over = changed(TOLD, payments=(a_payment(1000, "2025-02-03"),))
    assert amount(over, plan=plan, as_of="2025-12-31") == "0.00"
    assert str(owed(over, plan=plan, as_of="2025-12-31").owed) == "0.00"
