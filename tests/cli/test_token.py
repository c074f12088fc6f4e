"""`fashen token` — one token for one person, printed alone."""

from __future__ import annotations

import pytest

from workflow import tokens


def test_it_prints_the_token_alone_and_the_token_is_theirs(office, command):
    ran = command("token", "shen")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.count("\n") == 1
    assert tokens.bearer(office, ran.out.strip()) == tokens.Bearer(
        "sample", "shen", reads_only=False
    )
    assert command("token", "shen").out != ran.out


@pytest.mark.parametrize(
    ("person", "near"), [("shne", "最接近的是“shen”"), ("system", "有：zhang")]
)
def test_nobody_else_gets_one(office, command, person, near):
    ran = command("token", person)

    assert (ran.code, ran.out) == (1, "")
    assert f"没有“{person}”这个人" in ran.err
    assert near in ran.err
