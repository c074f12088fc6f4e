"""行政处罚法 75 (R300) — the office finds its own mistake: what was published and what was paid goes back."""

from __future__ import annotations

import pytest

from tests.builders import a_case, day, document_of, office_at, take
from workflow.deliveries import drain
from workflow.errors import Refused


@pytest.fixture
def published():
    fashen = office_at()
    return fashen, a_case(fashen, "in_effect", publish=True)


def reasons(fashen, by, verb, case, *, at, **form):
    with pytest.raises(Refused) as said:
        take(fashen, by, verb, case, at=at, **form)
    return {f.policy.id for f in said.value.report.reasons}


def corrected(fashen, case, **form):
    made = {"ended": "revoked", "document": "示街纠〔2025〕1号", "reason": "当事人认定有误", **form}
    return take(fashen, "head", "correct_own_decision", case, at=day(2025, 3, 3), **made)


def test_a_correction_of_ones_own_stands_at_once_and_starts_the_three_days(published):
    fashen, case = published
    corrected(fashen, case)

    document = document_of(fashen, case)
    assert document["remedies"][-1]["state"] == "remedy.final"
    assert document["clocks"]["withdrawal"]["due"] == "2025-03-06"


def test_nothing_is_closed_over_what_is_still_published_or_not_paid_back(published):
    fashen, case = published
    corrected(fashen, case)
    closing = {"how": "其他", "text": "决定已撤销"}
    at = day(2025, 3, 4)

    found = reasons(fashen, "head", "close", case, at=at, **closing)
    assert found == {"publication.withdrawn", "remedy.refunded"}

    take(fashen, "clerk", "withdraw_publication", case, at=at, reason="决定已撤销")
    assert reasons(fashen, "head", "close", case, at=at, **closing) == {"remedy.refunded"}
    take(fashen, "clerk", "record_refund", case, at=at, amount="1000", receipt="退1")
    take(fashen, "head", "close", case, at=at, **closing)
    assert (
        "withdrawal" in document_of(fashen, case)["clocks"]
    )  # the platform has not said that it is down
    drain(fashen)
    assert "withdrawal" not in document_of(fashen, case)["clocks"]


def test_of_a_fine_that_is_only_lowered_the_rest_is_kept(published):
    fashen, case = published
    corrected(fashen, case, ended="changed", fine_after="600")
    at = day(2025, 3, 4)
    take(fashen, "clerk", "withdraw_publication", case, at=at, reason="决定已变更")
    take(fashen, "clerk", "record_refund", case, at=at, amount="400", receipt="退1")

    take(fashen, "head", "close", case, at=at, how="已履行")
