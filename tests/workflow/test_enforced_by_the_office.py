"""An agreement, a building pulled down, a clue about an official: the steps as people take them."""

from __future__ import annotations

import pytest

from policies.enforcement import DEMAND
from policies.performance import SAYS
from tests.builders import a_case, day, document_of, office_at, state_of, take
from workflow.errors import Refused


@pytest.fixture
def demanded():
    """A case whose fine was not paid, whose wrong stands, and which was reminded of both."""
    fashen = office_at()
    case = a_case(fashen, after="serve_decision")
    take(fashen, "zhang", "check_correction", case, at=day(2025, 8, 1), corrected=False)
    take(
        fashen, "zhang", "serve_demand", case, at=day(2025, 8, 4),
        demand=list(DEMAND), proof="送达回证",
    )  # fmt: skip
    return fashen, case


def agreed(fashen, case, **other):
    form = {"terms": "分两次缴清", "until": "2025-09-30", "fine": "1000", **other}
    return take(fashen, "head", "agree_execution", case, at=day(2025, 8, 6), **form)


def refused(fashen, by, verb, case, /, *, at, **form):
    with pytest.raises(Refused) as said:
        take(fashen, by, verb, case, at=at, **form)
    return {f.policy.id for f in said.value.report.reasons}


def test_an_agreement_has_its_own_last_day_and_whoever_breaks_it_is_reminded_again(demanded):
    fashen, case = demanded
    bargained = refused(
        fashen, "head", "agree_execution", case, at=day(2025, 8, 6),
        terms="减半了结", until="2025-09-30", fine="500", waived="30",
    )  # fmt: skip
    assert bargained == {"enforcement.agreement_keeps_fine", "enforcement.agreement_put_right"}

    agreed(fashen, case, waived="30", put_right="已清运垃圾")

    clocks = document_of(fashen, case)["clocks"]
    assert clocks["agreement:x1"]["due"] == "2025-09-30"
    assert "demand:x1" not in clocks
    take(fashen, "head", "resume_execution", case, at=day(2025, 10, 9))
    after = document_of(fashen, case)
    assert "agreement:x1" not in after["clocks"]
    assert after["enforcements"][0]["state"] == "enforcement.demanded"


def test_an_agreement_that_is_kept_is_the_end_of_the_enforcement(demanded):
    fashen, case = demanded
    agreed(fashen, case)
    take(fashen, "zhang", "check_correction", case, at=day(2025, 9, 1), corrected=True)
    take(fashen, "clerk", "record_payment", case, at=day(2025, 9, 29), amount="1000", receipt="票1")

    assert "agreement:x1" not in document_of(fashen, case)["clocks"]
    take(fashen, "zhang", "record_execution", case, at=day(2025, 9, 30), result="协议履行完毕")
    assert document_of(fashen, case)["enforcements"][0]["state"] == "enforcement.executed"


def test_a_building_is_pulled_down_on_an_order_after_the_announcement_and_when_nobody_sues(
    demanded,
):
    fashen, case = demanded
    bare = {"document": "强制拆除决定书1号", "plan": "九月一日上午"}
    too_soon = refused(fashen, "head", "order_demolition", case, at=day(2025, 8, 6), **bare)
    assert too_soon == {
        "enforcement.demolition_announced", "enforcement.demolition_empowered",
    }  # fmt: skip

    take(fashen, "zhang", "check_correction", case, at=day(2025, 8, 21), corrected=False)
    take(
        fashen, "head", "order_demolition", case, at=day(2025, 8, 21), **bare,
        announced_on="2025-08-05", leave_until="2025-08-20", empowered_by="责成通知1号（虚构）",
    )  # fmt: skip

    enforced = document_of(fashen, case)["enforcements"][0]
    assert (enforced["state"], enforced["way"]) == ("enforcement.performing", "强制拆除")


def test_what_lies_in_the_way_is_cleared_by_another_after_the_demand_was_in_vain(demanded):
    fashen, case = demanded
    order = {"document": "代履行决定书1号", "by": "某清运公司", "plan": "八月十一日上午，三百元"}
    too_soon = refused(
        fashen, "head", "order_performance", case, at=day(2025, 8, 5), **order,
        perform_on="2025-08-06",
    )  # fmt: skip
    assert too_soon == {
        "performance.still_undone", "performance.danger_named", "performance.disinterested",
        "performance.order_complete", "performance.demanded_before",
    }  # fmt: skip

    take(fashen, "zhang", "check_correction", case, at=day(2025, 8, 8), corrected=False)
    take(
        fashen, "head", "order_performance", case, at=day(2025, 8, 8), **order,
        disinterested=True, danger="危害交通安全", contents=list(SAYS), perform_on="2025-08-11",
    )  # fmt: skip

    enforced = document_of(fashen, case)["enforcements"][0]
    assert (enforced["state"], enforced["way"]) == ("enforcement.performing", "代履行")


def test_a_clue_about_an_official_leaves_the_case_where_it_is():
    fashen = office_at()
    case = a_case(fashen, "investigating")
    form = {"receiver": "区监察委员会", "gist": "有人为当事人说情"}
    at = day(2025, 1, 20)

    assert refused(fashen, "head", "refer_clue", case, at=at, **form) == {"transfer.clue_received"}
    take(fashen, "head", "refer_clue", case, at=at, receipt="移送函1号", **form)

    assert state_of(fashen, case) == "investigating"
    assert document_of(fashen, case)["referrals"][0]["to"] == "监察机关"
