"""行政处罚法 67, 国家赔偿法 4, 36 — the fine that stands, what is open of it, what goes back. Rule R258."""

import pytest

from policies import dues
from tests.policies.builders import (
    a_payment,
    a_remedy,
    a_revocation,
    changed,
    decided,
    ready,
    served,
)


def test_the_fine_that_stands_is_that_of_the_last_result_that_stands():
    def fine(*remedies):
        return dues.standing_fine(served(remedies=remedies))

    less = a_revocation(ended="changed", fine_after=400)
    lesser = a_revocation(id="r2", kind="own", ended="changed", fine_after=300)
    assert fine() == 1000
    assert fine(a_remedy()) == 1000
    assert fine(less) == 400
    assert fine(less, lesser) == 300
    assert fine(changed(less, final=False)) == 1000
    assert fine(changed(less, ended="mediated")) == 400
    assert fine(a_revocation()) == 0
    assert dues.standing_fine(ready()) == 0


@pytest.mark.parametrize(("paid", "left"), [((), 1000), ((999,), 1), ((400, 600), 0), ((1001,), 0)])
def test_what_is_open_is_the_fine_that_stands_less_all_that_was_paid(paid, left):
    assert dues.unpaid(served(payments=tuple(a_payment(p) for p in paid))) == left


@pytest.mark.parametrize(
    ("how", "back"),
    [
        ({}, 1000),  # revoked
        ({"ended": "changed", "fine_after": 400}, 600),
        ({"ended": "mediated", "fine_after": 400}, 600),
        ({"ended": "changed"}, 0),  # another kind or article; the fine was left as it is
        ({"ended": "changed", "fine_after": 400, "final": False}, 0),
    ],
)
def test_what_was_paid_beyond_the_fine_that_stands_goes_back(how, back):
    case = served(remedies=(a_revocation(**how),), payments=(a_payment(),))
    assert dues.to_refund(case) == back
    assert dues.to_refund(changed(case, refunds=(a_payment(max(back - 1, 0)),))) == min(back, 1)


def test_a_party_that_paid_too_much_on_a_decision_that_stands_is_not_told_of_here():
    assert dues.to_refund(served(payments=(a_payment(1001),))) == 0
    assert dues.to_refund(decided()) == dues.to_refund(ready()) == 0
