"""`fashen policies` — every rule with its article, and where each rule of the digest lives."""

from __future__ import annotations

from policies.core import POLICIES
from workflow.coverage import RULES


def test_json_has_every_policy_with_its_article_and_the_steps_that_ask_it(command):
    rows = {row["id"]: row for row in command("policies", "--json").json}

    assert set(rows) == set(POLICIES)
    shut = rows["hearing.request_window_closed"]
    assert shut["level"] == "block"
    assert "R139" in shut["rules"]
    assert "作出处罚决定" in shut["steps"]
    assert "第六十四条" in shut["cite"]


def test_in_words_they_stand_under_the_step_that_asks_them(command):
    out = command("policies").out

    assert "【普通程序】" in out
    assert "【简易程序】" in out
    assert out.index("批准立案（approve_filing，由负责人办）") < out.index("limitation.not_expired")
    for id in POLICIES:
        assert id in out


def test_coverage_has_one_row_for_each_rule_of_the_digest(command):
    rows = command("policies", "--coverage", "--json").json

    assert [row["rule"] for row in rows] == list(RULES)
    kinds = {"policy", "parameter", "clock", "document", "later", "out_of_scope"}
    for row in rows:
        assert row["kind"] in kinds
        assert row["where"] or row["reason"], row


def test_coverage_in_words_is_a_table_of_the_same_rows(command):
    lines = command("policies", "--coverage").out.splitlines()

    assert [line.split()[0] for line in lines] == list(RULES)
