"""`fashen token` — one token for one person, printed alone."""

from __future__ import annotations

import pytest

from workflow import scopes, tokens


def test_it_prints_the_token_alone_and_the_token_is_theirs(office, command):
    ran = command("token", "shen")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.count("\n") == 1
    assert tokens.bearer(office, ran.out.strip()) == tokens.Bearer("sample", "shen")
    assert command("token", "shen").out != ran.out


@pytest.mark.parametrize(
    ("person", "near"), [("shne", "最接近的是“shen”"), ("system", "有：zhang")]
)
def test_nobody_else_gets_one(office, command, person, near):
    ran = command("token", person)

    assert (ran.code, ran.out) == (1, "")
    assert f"没有“{person}”这个人" in ran.err
    assert near in ran.err


@pytest.mark.parametrize(
    ("told", "held"),
    [
        (["--read-only"], {"read"}),
        (["--scope", "read"], {"read"}),
        (["--scope", "evidence,read"], {"read", "evidence"}),
        (["--scope", "read,cases,evidence,publication,supervision,office"], scopes.EVERYTHING),
    ],
)
def test_it_is_for_what_was_asked_and_no_more(office, command, told, held):
    ran = command("token", "shen", *told)
    assert tokens.bearer(office, ran.out.strip()).scopes == held


def test_a_scope_that_is_unknown_gives_no_token(office, command):
    ran = command("token", "shen", "--scope", "read,everything")

    assert (ran.code, ran.out) == (1, "")
    assert "没有“everything”这个范围，可用：read（查询）、cases（办案）" in ran.err
    assert tokens.issued(office, "sample") == []
