"""`fashen policies --coverage` tells the truth: no rule is lost, and what it names is there and tested."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

import workflow.commands  # noqa: F401 - registers every verb
from policies.core import POLICIES
from policies.lawbook import register
from workflow import coverage
from workflow.desk import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
DIGEST = ROOT.parent / "shared" / "domain" / "rules.md"
ROWS = {row["rule"]: row for row in coverage.coverage()}
KEYS = {p.key for p in register().parameters()}
SOURCES = [
    file.read_text("utf-8")
    for package in ("policies", "states", "workflow")
    for file in (ROOT / package).rglob("*.py")
    if file.name != "coverage.py"
]


def of(kind: str) -> list[str]:
    return [rule for rule, row in ROWS.items() if row["kind"] == kind]


@pytest.mark.skipif(not DIGEST.is_file(), reason="the digest is not here")
def test_no_rule_of_the_digest_is_lost_and_none_is_made_up():
    digest = set(re.findall(r"^\| \**(R\d{3})\b", DIGEST.read_text("utf-8"), re.M))
    design = {"R051", "R173"}  # principles beside the tables
    assert set(coverage.RULES) - design == digest - design


def test_every_rule_has_one_row_of_a_known_kind_that_says_where_or_why():
    assert list(ROWS) == list(coverage.RULES)
    kinds = {"policy", "parameter", "clock", "document", "later", "out_of_scope"}
    assert {row["kind"] for row in ROWS.values()} == kinds
    for row in ROWS.values():
        assert row["where"] or row["reason"], row


@pytest.mark.parametrize("rule", of("policy"))
def test_each_policy_that_a_row_names_exists_and_carries_the_rule(rule):
    for place in ROWS[rule]["where"].split("、"):
        module, _, id = place.partition(":")
        assert rule in POLICIES[id].rules
        assert POLICIES[id].asks.__module__ == module


@pytest.mark.parametrize("rule", of("clock") + of("parameter"))
def test_each_number_that_a_row_names_stands_in_the_register(rule):
    assert {place.partition(":")[2] for place in ROWS[rule]["where"].split("、")} <= KEYS


@pytest.mark.parametrize("rule", of("document"))
def test_each_verb_and_field_that_a_row_names_exists(rule):
    module, _, place = ROWS[rule]["where"].partition(":")
    verb, _, field = place.partition(".")
    assert hasattr(importlib.import_module(module), verb)
    assert not field or field in COMMANDS[verb].form.model_fields


@pytest.mark.parametrize(
    "rule", [r for r in ROWS if ROWS[r]["kind"] not in ("later", "out_of_scope")]
)
def test_what_carries_a_rule_is_named_by_some_test(rule):
    assert ROWS[rule]["tests"], ROWS[rule]


def test_what_is_said_to_come_later_is_carried_by_nothing_yet():
    later = [rule for rules in coverage._LATER.values() for rule in rules]
    carried = {rule for p in POLICIES.values() for rule in p.rules} | {
        rule for p in register().parameters() for rule in p.rules
    }
    elsewhere = {*coverage._CARRIED, *coverage._OUT_OF_SCOPE}
    assert len(set(later)) == len(later)
    assert not set(later) & (carried | elsewhere)
    assert sorted(later) == of("later")
    assert not [why for why in coverage._LATER if "随完整" in why]


def test_nobody_explains_away_a_rule_that_something_carries():
    carried = {rule for p in POLICIES.values() for rule in p.rules} | {
        rule for p in register().parameters() for rule in p.rules
    }
    assert not carried & {*coverage._CARRIED, *coverage._OUT_OF_SCOPE}
    assert not set(coverage._CARRIED) & set(coverage._OUT_OF_SCOPE)


def read(key: str) -> bool:
    """Whether some code names the number, whole or as the beginning of a family."""
    family = key.rpartition(".")[0] + "."
    return any(f'"{key}"' in text or f'f"{family}{{' in text for text in SOURCES)


@pytest.mark.parametrize("rule", of("parameter"))
def test_a_number_that_nothing_reads_says_so(rule):
    keys = [place.partition(":")[2] for place in ROWS[rule]["where"].split("、")]
    assert any(map(read, keys)) is not bool(ROWS[rule]["reason"]), keys


def test_only_numbers_are_excused_for_not_being_read():
    assert set(coverage._UNREAD) <= set(of("parameter"))
