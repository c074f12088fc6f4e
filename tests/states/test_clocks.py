"""Clocks whose length or end hangs on what else is in the file: deciding anew, and a demand that is met."""

from datetime import date

import pytest

from policies.casefile import Clock, Correction
from states.case import ORDINARY, SUMMARY
from tests.policies.builders import (
    LAW,
    a_closing,
    a_payment,
    an_anew,
    an_enforcement,
    changed,
    facts,
    on,
    ready,
    served,
)

# — deciding anew (行政复议法实施条例 49) ————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("until", "due"),
    [("2025-05-02", "2025-05-02"), (None, "2025-05-02"), ("2025-04-01", "2025-04-01")],
)
def test_the_office_decides_anew_until_the_day_it_was_set_or_within_sixty_days(until, due):
    """3 March 2025 and sixty days more is 2 May."""
    case = ready(anew=an_anew(until=until and on(until)))
    opened, _ = ORDINARY.clocks(
        ORDINARY.verbs["decide_anew"],
        facts(case, was=changed(case, clocks={}), at="2025-03-03"),
        LAW,
    )

    assert opened["anew"].due == date.fromisoformat(due)


# — a demand (行政强制法 54) ————————————————————————————————————————————————————————————————


def waiting(*, items=1, **parts):
    """A case with its demands, each with its clock."""
    clock = Clock(
        start=on("2025-08-04"), span="10wd", due=on("2025-08-18"), rolled=on("2025-08-18"),
        ends=on("2025-08-18"), provisional=False, calendar="",
    )  # fmt: skip
    names = [f"x{n}" for n in range(1, items + 1)]
    return served(
        enforcements=tuple(an_enforcement(id=name) for name in names),
        clocks={f"demand:{name}": clock for name in names},
        **parts,
    )


def stopped(verb, was, flow=ORDINARY, **parts):
    step = facts(changed(was, **parts), was=was, at="2025-08-08")
    return flow.clocks(flow.verbs[verb], step, LAW)[1]


@pytest.mark.parametrize(("paid", "closed"), [(999, ()), (1000, ("demand:x1", "demand:x2"))])
@pytest.mark.parametrize("flow", [ORDINARY, SUMMARY], ids=str)
def test_a_demand_waits_until_the_whole_fine_is_paid(flow, paid, closed):
    was = waiting(items=2)

    assert stopped("record_payment", was, flow, payments=(a_payment(paid),)) == closed


def test_a_demand_to_correct_waits_on_after_the_payment_until_somebody_saw_the_correction():
    left = Correction(ordered_on=on("2025-01-06"), corrected=False)
    was = waiting(correction=left)
    paid = changed(was, payments=(a_payment(),))

    assert stopped("record_payment", was, payments=paid.payments) == ()
    done = left.model_copy(update={"corrected": True})
    assert stopped("check_correction", paid, correction=done) == ("demand:x1",)


def test_no_demand_runs_on_in_a_closed_case():
    case = waiting()

    assert stopped("close", case, closing=a_closing("其他", "不再执行")) == ("demand:x1",)


def test_a_step_about_one_demand_leaves_the_clock_of_the_other_alone():
    was = waiting(items=2)
    ended = tuple(
        e.model_copy(update={"ended_on": on("2025-08-08")}) if e.id == "x1" else e
        for e in was.enforcements
    )
    step = facts(
        changed(was, enforcements=ended), was=was, at="2025-08-08", item="x1",
        item_was="enforcement.demanded",
    )  # fmt: skip
    taken = ORDINARY.take("in_effect", "end_execution", step, LAW)

    assert "demand:x1" in taken.closed
    assert "demand:x2" not in taken.closed
