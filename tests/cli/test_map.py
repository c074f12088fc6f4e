"""`fashen map` — the process drawn, as data, and proved; with what runs beside a case."""

from __future__ import annotations

import pytest

from states.case import BESIDE, CURRENT

DRAWN = {**CURRENT, **BESIDE}


@pytest.mark.parametrize("name", DRAWN)
def test_json_has_the_three_tables_of_a_flow(command, name):
    told = command("map", name, "--json").json

    flow = DRAWN[name]
    assert told["flow"] == str(flow)
    assert [m["verb"] for m in told["moves"]] == [m.verb for m in flow.moves]
    assert [c["clock"] for c in told["clocks"]] == [t.clock for t in flow.terms]
    assert {s["state"] for s in told["states"]} >= {
        m["to"] for m in told["moves"] if m["to"] is not None
    }
    assert {s["state"] for s in told["states"] if s["final"]} == {s.value for s in flow.finals}
    assert told["mermaid"].startswith("stateDiagram-v2")


def test_json_says_what_runs_beside_a_case_and_where_the_case_may_be_meanwhile(command):
    case, side = command("map", "--json").json, command("map", "remedy", "--json").json

    assert "remedy" in case["beside"]
    assert command("map", "summary", "--json").json["beside"] == [
        "deferral",
        "remedy",
        "enforcement",
        "supervision",
    ]
    taken = next(m for m in side["moves"] if m["verb"] == "record_remedy")
    assert {"in_effect", "archived"} <= set(taken["during"])
    assert {m["verb"] for m in case["moves"] if m["beside"] == "remedy"} == {
        m["verb"] for m in side["moves"]
    }


def test_check_proves_the_cases_and_what_runs_beside_them_and_says_what_was_walked(command):
    ran = command("map", "--check")

    assert ran.code == 0
    for flow in DRAWN.values():
        assert f"{flow}：" in ran.out
    assert "种情形" in ran.out
    assert "职责可以分开" in ran.out


def test_check_as_json_names_every_flow_without_a_fault(command):
    told = command("map", "--check", "--json").json

    assert told["ok"] is True
    assert [f["flow"] for f in told["flows"]] == [str(f) for f in DRAWN.values()]
    assert all(f["steps"] and not f["faults"] for f in told["flows"])


def test_an_unknown_flow_is_wrong_usage(command):
    ran = command("map", "nowhere")

    assert ran.code == 2
    assert "有：ordinary、summary、measure" in ran.err
