"""行政复议法 48, 54, 75, 行政诉讼法 67, 85, 行政处罚法 48, 73, 85 — remedies, and taking a publication back.

Rules R234, R253, R254 and R256.
"""

import pytest

from policies import publication, relief
from policies.checklists import CLOSING, CLOSING_ON_SPOT, SETTLEMENT
from policies.core import Level
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    LAW,
    a_publication,
    a_remedy,
    a_revocation,
    ask,
    changed,
    facts,
    on,
    served,
)

PUBLISHED = a_publication(receipt="directory:1", published_on="2025-01-21")


def asked(policy, *remedies, at="2025-04-01", item="r1", **parts):
    return ask(policy, facts(served(remedies=remedies, **parts), at=at, item=item))


# — the answer ————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("kind", "summary", "received", "last", "late"),
    [
        ("suit", False, "2025-02-17", "2025-03-04", "2025-03-05"),  # fifteen days
        ("suit", False, "2025-02-21", "2025-03-10", "2025-03-11"),  # … that end on a Saturday
        ("suit", True, "2025-02-17", "2025-03-04", "2025-03-05"),
        ("review", False, "2025-02-17", "2025-03-03", "2025-03-04"),  # ten working days
        ("review", True, "2025-02-17", "2025-02-24", "2025-02-25"),  # five
    ],
)
def test_the_answer_is_handed_in_on_the_last_day_and_not_after_it(
    kind, summary, received, last, late
):
    for day, outcome in ((last, HOLDS), (late, FAILS)):
        remedy = a_remedy(
            kind=kind, summary=summary, copy_received=on(received), answered_on=on(day)
        )
        assert asked(relief.answered_in_time, remedy).outcome is outcome


def test_a_late_answer_is_handed_in_all_the_same_with_its_reason():
    assert relief.answered_in_time.level is Level.WARN


def test_without_a_copy_or_an_answer_there_is_nothing_to_measure():
    for remedy in (a_remedy(), a_remedy(copy_received=None, answered_on=on("2025-03-20"))):
        assert asked(relief.answered_in_time, remedy).outcome is DOES_NOT_APPLY
    other = a_remedy(answered_on=on("2025-03-20"))
    assert asked(relief.answered_in_time, other, item="r2").outcome is DOES_NOT_APPLY


# — what stands ———————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("ended", "last", "after"),
    [
        ("revoked", "2025-03-18", "2025-03-19"),  # a judgment: fifteen days
        ("upheld", "2025-03-18", "2025-03-19"),
        ("changed", "2025-03-18", "2025-03-19"),
        ("refused", "2025-03-13", "2025-03-14"),  # a ruling: ten
    ],
)
def test_a_first_judgment_stands_on_the_day_after_its_appeal_period(ended, last, after):
    first = a_revocation(ended=ended, final=False)
    assert asked(relief.appeal_over, first, at=last).outcome is FAILS
    assert asked(relief.appeal_over, first, at=last).day == on(after)
    assert asked(relief.appeal_over, first, at=after).outcome is HOLDS
    assert relief.appeal_over in SETTLEMENT


@pytest.mark.parametrize(
    "how",
    [{"appealed": True}, {"kind": "review"}, {"ended": "withdrawn"}, {"ended": "mediated"}],
    ids=["second instance", "review", "withdrawn", "mediated"],
)
def test_what_cannot_be_appealed_stands_at_once(how):
    result = a_revocation(**{"final": False, **how})
    assert asked(relief.appeal_over, result, at="2025-03-03").outcome is DOES_NOT_APPLY


def test_there_is_no_appeal_period_without_a_judgment():
    assert asked(relief.appeal_over, a_remedy()).outcome is DOES_NOT_APPLY
    assert asked(relief.appeal_over).outcome is DOES_NOT_APPLY


def test_a_case_under_attack_is_closed_only_for_a_reason():
    over = a_revocation(id="r2", ended="upheld")
    assert asked(relief.ended).outcome is DOES_NOT_APPLY
    assert asked(relief.ended, over).outcome is DOES_NOT_APPLY
    assert asked(relief.ended, a_remedy(), over).outcome is FAILS
    assert relief.ended.level is Level.WARN
    for checklist in (CLOSING, CLOSING_ON_SPOT):
        assert relief.ended in checklist


def test_a_judgment_that_can_still_be_appealed_has_not_ended_the_attack():
    first = a_revocation(ended="upheld", final=False)
    assert asked(relief.ended, first).outcome is FAILS
    assert asked(relief.ended, changed(first, final=True)).outcome is DOES_NOT_APPLY


# — taking the publication back ———————————————————————————————————————————————————————


@pytest.mark.parametrize("ended", ["revoked", "changed"])
def test_a_published_decision_that_fell_is_taken_back_before_the_case_is_closed(ended):
    fell = a_revocation(ended=ended)
    taken = changed(PUBLISHED, withdrawn_on=on("2025-03-05"), withdrawn_because="判决撤销")
    assert asked(publication.withdrawn, fell, publication=PUBLISHED).outcome is FAILS
    assert asked(publication.withdrawn, fell, publication=taken).outcome is HOLDS
    assert publication.withdrawn.level is Level.BLOCK
    for checklist in (CLOSING, CLOSING_ON_SPOT):
        assert publication.withdrawn in checklist


def test_nothing_is_taken_back_of_what_stands_or_was_never_out():
    chosen = a_publication()
    fell = a_revocation()
    for remedies, choice in (
        ((), PUBLISHED),
        ((a_revocation(final=False),), PUBLISHED),  # appealed, or it can be
        ((a_revocation(ended="upheld"),), PUBLISHED),
        ((fell,), chosen),
        ((fell,), None),
    ):
        said = asked(publication.withdrawn, *remedies, publication=choice)
        assert said.outcome is DOES_NOT_APPLY, (remedies, choice)


def in_time(day, fell):
    taken = changed(PUBLISHED, withdrawn_on=on(day), withdrawn_because="已被撤销")
    return asked(publication.withdrawn_in_time, fell, publication=taken, at=day)


@pytest.mark.parametrize(
    ("how", "last", "late"),
    [
        ({"appealed": True}, "2025-03-06", "2025-03-07"),
        ({"kind": "review"}, "2025-03-06", "2025-03-07"),
        ({"kind": "own"}, "2025-03-06", "2025-03-07"),
        ({}, "2025-03-21", "2025-03-24"),
    ],
    ids=["second judgment", "review", "own", "first judgment"],
)
def test_the_three_working_days_run_from_the_day_on_which_the_change_took_effect(how, last, late):
    """Received on Monday 3 March; a first judgment took effect when its fifteen days were over, on the 18th."""
    assert in_time(last, a_revocation(**how)).outcome is HOLDS
    assert in_time(late, a_revocation(**how)).outcome is FAILS
    assert publication.withdrawn_in_time.level is Level.WARN


def test_what_is_taken_back_early_or_out_of_goodwill_is_not_late():
    assert in_time("2025-02-20", a_revocation()).outcome is HOLDS
    for remedies in ((), (a_revocation(final=False),)):
        taken = changed(PUBLISHED, withdrawn_on=on("2025-06-30"), withdrawn_because="当事人申请")
        said = asked(publication.withdrawn_in_time, *remedies, publication=taken)
        assert said.outcome is DOES_NOT_APPLY
    assert (
        asked(publication.withdrawn_in_time, a_revocation(), publication=PUBLISHED).outcome
        is DOES_NOT_APPLY
    )


def test_the_first_change_that_stands_is_the_one_to_count_from():
    pending = a_revocation(final=False)
    fell = a_revocation(id="r2", kind="review", received=on("2025-03-10"))
    assert relief.fallen_on(facts(served(remedies=(pending,))), LAW) is None
    assert relief.fallen_on(facts(served(remedies=(pending, fell))), LAW) == on("2025-03-10")
