"""`fashen map` — the process drawn, as data, and proved."""

from __future__ import annotations

import pytest

from states.case import CURRENT


@pytest.mark.parametrize("name", CURRENT)
def test_json_has_the_three_tables_of_a_flow(command, name):
    told = command("map", "--flow", name, "--json").json

    flow = CURRENT[name]
    assert told["flow"] == str(flow)
    assert [m["verb"] for m in told["moves"]] == [m.verb for m in flow.moves]
    assert [c["clock"] for c in told["clocks"]] == [t.clock for t in flow.terms]
    assert {s["state"] for s in told["states"]} >= {
        m["to"] for m in told["moves"] if m["to"] is not None
    }
    assert told["mermaid"].startswith("stateDiagram-v2")


def test_check_proves_both_flows_and_says_what_was_walked(command):
    ran = command("map", "--check")

    assert ran.code == 0
    assert "种情形" in ran.out
    assert "职责可以分开" in ran.out


def test_an_unknown_flow_is_wrong_usage(command):
    ran = command("map", "--flow", "nowhere")

    assert ran.code == 2
    assert "有：ordinary、summary" in ran.err
