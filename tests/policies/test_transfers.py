"""移送 — to the police by the first head, in three days and twenty-four hours, with all papers (移送规定 5–11)."""

from __future__ import annotations

import pytest

from policies import transfers
from policies.casefile import Referral
from policies.core import Level
from policies.transfers import MATERIALS
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    a_transfer,
    ask,
    facts,
    moment,
    on,
    ready,
)


def asked(policy, at="2025-03-03", actor="head", **transfer):
    return ask(policy, facts(ready(transfer=a_transfer(**transfer)), at=at, actor=actor))


def test_two_officers_verify_and_the_same_one_twice_is_one():
    assert asked(transfers.team).outcome is HOLDS
    assert asked(transfers.team, officers=("zhang", "zhang")).outcome is FAILS


def test_the_first_head_decides_and_a_deputy_only_in_charge():
    assert asked(transfers.by_the_head).outcome is HOLDS
    assert asked(transfers.by_the_head, actor="deputy").outcome is FAILS
    assert (
        asked(transfers.by_the_head, actor="deputy", acting_head="主任外出，主持工作").outcome
        is HOLDS
    )


def test_three_days_to_decide_and_they_are_natural_days():
    assert asked(transfers.decided_in_time, at="2025-03-06").outcome is HOLDS
    assert asked(transfers.decided_in_time, at="2025-03-07").outcome is FAILS


def test_twenty_four_hours_to_hand_over():
    """移送规定 5, 16 (R272, R304): what comes later is answered for."""
    assert transfers.handed_over_in_time.level is Level.WARN
    assert asked(transfers.handed_over_in_time, at="2025-03-05 09:00").outcome is HOLDS
    assert asked(transfers.handed_over_in_time, at="2025-03-05 09:01").outcome is FAILS
    assert asked(transfers.handed_over_in_time, approved_at=None).outcome is DOES_NOT_APPLY


@pytest.mark.parametrize("missing", MATERIALS)
def test_what_always_goes_along_is_asked_for(missing):
    assert asked(transfers.materials, materials=MATERIALS).outcome is HOLDS
    said = asked(transfers.materials, materials=tuple(m for m in MATERIALS if m != missing))
    assert said.outcome is FAILS
    assert missing in said.reason


def test_no_penalty_replaces_a_transfer_until_the_police_have_said_no():
    penalty = transfers.not_replaced_by_penalty
    assert ask(penalty, facts(ready())).outcome is DOES_NOT_APPLY
    assert asked(penalty, approved_at=None, refused_because="不构成犯罪").outcome is DOES_NOT_APPLY
    assert asked(penalty).outcome is FAILS
    assert asked(penalty, answer="立案", answered_on=on("2025-03-08")).outcome is FAILS
    assert asked(penalty, answer="不予立案", answered_on=on("2025-03-08")).outcome is HOLDS


def test_the_moment_is_kept_to_the_minute():
    given = facts(ready(transfer=a_transfer()), at="2025-03-04")
    from tests.policies.builders import LAW

    assert transfers.hand_over_by(given, LAW) == moment("2025-03-05 09:00")


@pytest.mark.parametrize(("receipt", "outcome"), [("移送函1号", HOLDS), ("", FAILS)])
def test_a_clue_against_an_official_is_handed_on_with_a_receipt_or_a_word_why_not(receipt, outcome):
    """移送规定 19, R277."""
    clue = Referral(
        on=on("2025-03-03"),
        to="监察机关",
        receiver="区监察委员会",
        gist="有人说情",
        receipt=receipt,
    )
    given = facts(ready(referrals=(clue,)), was=ready())
    assert ask(transfers.clue_received, given).outcome is outcome
    assert transfers.clue_received.level is Level.WARN


def test_an_earlier_clue_is_not_asked_about_again():
    clue = Referral(on=on("2025-03-03"), to="人民检察院", receiver="区人民检察院", gist="有人说情")
    assert ask(transfers.clue_received, facts(ready(referrals=(clue,)))).outcome is DOES_NOT_APPLY


def test_after_the_case_came_back_from_the_courts_a_penalty_is_no_substitute_for_the_transfer():
    """行政处罚法 27, 移送规定 13: 立案以后移回的."""
    filed = a_transfer(
        approved_at=moment("2025-01-08"), answer="立案", answered_on=on("2025-01-10")
    )
    back = filed.model_copy(update={"back_on": on("2025-03-10"), "back_from": "示例区人民检察院"})
    asked = transfers.not_replaced_by_penalty
    assert ask(asked, facts(ready(transfer=filed))).outcome is FAILS
    assert ask(asked, facts(ready(transfer=back))).outcome is HOLDS
