"""文书 — one number, one document."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from policies import documents
from policies.document import Yuan
from tests.policies.builders import FAILS, HOLDS, ask, decided, elsewhere, facts


def test_no_two_documents_of_a_kind_bear_the_same_number():
    assert ask(documents.number_unique, facts(decided())).outcome is HOLDS
    taken = facts(decided(), elsewhere=elsewhere(same_number=("示街罚案〔2025〕002号",)))
    said = ask(documents.number_unique, taken)
    assert said.outcome is FAILS
    assert "示街罚案〔2025〕002号" in said.reason


def test_the_clerk_finds_another_number():
    taken = facts(decided(), elsewhere=elsewhere(same_number=("示街罚案〔2025〕002号",)))
    assert ask(documents.number_unique, taken).by == "孟晓禾"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (1000, "1000"), ("1000.50", "1000.5"), (0.1, "0.1"), (1000.0, "1000"), ("100.00", "100"),
        ("0.05", "0.05"), (Decimal("1E+3"), "1000"), (0, "0"),
    ],
)  # fmt: skip
def test_a_sum_of_money_is_kept_as_the_shortest_text_of_the_very_sum(given, kept):
    money = TypeAdapter(Yuan)
    assert money.dump_python(money.validate_python(given)) == kept


def test_yes_is_no_sum_of_money():
    with pytest.raises(ValidationError, match=r"金额要写成数字，例如 1000 或 \"1000\.50\""):
        TypeAdapter(Yuan).validate_python(True)
