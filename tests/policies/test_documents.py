"""文书 — one number, one document."""

from __future__ import annotations

from policies import documents
from tests.policies.builders import FAILS, HOLDS, ask, decided, elsewhere, facts


def test_no_two_documents_of_a_kind_bear_the_same_number():
    assert ask(documents.number_unique, facts(decided())).outcome is HOLDS
    taken = facts(decided(), elsewhere=elsewhere(same_number=("示街罚案〔2025〕002号",)))
    said = ask(documents.number_unique, taken)
    assert said.outcome is FAILS
    assert "示街罚案〔2025〕002号" in said.reason
