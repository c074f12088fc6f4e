"""The words beside the ids that the command line prints."""

from __future__ import annotations

import pytest

from states.terms import TERMS
from workflow.cli import words


def test_a_clock_beside_the_case_has_its_name_too():
    assert words.clock("demand:x1") == "催告 demand:x1"
    assert words.alert("seizure.red") == "红牌　查封扣押 seizure.red"


@pytest.mark.parametrize("clock", TERMS)
def test_every_clock_has_a_name(clock: str):
    assert words.clock(clock) == f"{TERMS[clock].label} {clock}"


def test_what_nobody_knows_is_told_as_it_is():
    assert words.clock("no_such") == "no_such no_such"
