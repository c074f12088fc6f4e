"""Whatever no reason can overcome is met as a refusal by a scenario that lawyers read.

Read from the files: that a step is refused by what it names, test_scenarios.py proves.
"""

from __future__ import annotations

from policies import checklists  # noqa: F401 - registers every policy
from policies.core import POLICIES, Level
from tests.scenarios.told import NAMED, written

NOT_TOLD = {
    "publication.not_under_way": "only between the order to the platform and its receipt, and after each "
    "step of a scenario the receipt is in",
    "transfer.not_replaced_by_penalty": "no step that decides leads from where the police have the case; "
    "56-no-fine-instead-of-transfer tells of that",
}
"""Blocks that no scenario can reach, and why."""

BLOCKS = {id for id, policy in POLICIES.items() if policy.level is Level.BLOCK}


def met() -> set[str]:
    """What the files say that steps are refused by; by its id, since a rule's is shared by several."""
    return {
        str(word)
        for file in NAMED.values()
        for step in written(file)["steps"]
        for word in step.get("refused") or ()
    }


def test_every_block_is_met_by_a_scenario():
    assert sorted(BLOCKS - met() - NOT_TOLD.keys()) == []


def test_what_is_said_to_be_out_of_reach_is_a_block_and_is_not_met():
    assert NOT_TOLD.keys() <= BLOCKS
    assert NOT_TOLD.keys() & met() == set()
