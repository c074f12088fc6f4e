"""What a remedy leaves to do: money that goes back (国家赔偿法 4, 36, R258)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from policies import relief
from policies.core import Level
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    a_payment,
    a_remedy,
    a_revocation,
    ask,
    facts,
    on_spot,
    served,
)


def refunded(*remedies: Any, paid: int = 1000, back: int = 0) -> Any:
    case = served(
        remedies=remedies,
        payments=(a_payment(paid),) if paid else (),
        refunds=(a_payment(back),) if back else (),
    )
    return ask(relief.refunded, facts(case, at="2025-04-01"))


@pytest.mark.parametrize(("back", "outcome"), [(0, FAILS), (999, FAILS), (1000, HOLDS)])
def test_what_was_paid_on_a_revoked_decision_goes_back_to_the_last_yuan(back: int, outcome: Any):
    assert refunded(a_revocation(), back=back).outcome is outcome


@pytest.mark.parametrize(("back", "outcome"), [(399, FAILS), (400, HOLDS)])
def test_of_a_fine_that_was_lowered_the_difference_goes_back(back: int, outcome: Any):
    lowered = a_revocation(ended="changed", fine_after=Decimal(600))
    said = refunded(lowered, back=back)
    assert said.outcome is outcome
    assert outcome is HOLDS or "1 元" in said.reason


def test_nothing_goes_back_while_the_change_does_not_stand_or_where_nothing_was_paid():
    appealed = a_revocation(final=False, state="remedy.ended")
    assert refunded(appealed).outcome is DOES_NOT_APPLY
    assert refunded(a_remedy()).outcome is DOES_NOT_APPLY
    assert refunded(a_revocation(), paid=0).outcome is HOLDS


def test_it_is_asked_at_the_closing_of_either_procedure_and_can_be_answered_for():
    from policies.checklists import CLOSING, CLOSING_ON_SPOT

    assert relief.refunded in CLOSING
    assert relief.refunded in CLOSING_ON_SPOT
    assert relief.refunded.level is Level.WARN
    case = on_spot(remedies=(a_revocation(),), payments=(a_payment(200),))
    assert ask(relief.refunded, facts(case, at="2025-04-01")).outcome is FAILS
