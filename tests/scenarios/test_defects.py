"""The tables that lawyers read hold true: each defect is met and its lawful side passes, each end is reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from policies.core import POLICIES, Doubt, Policy
from policies.lawbook import register
from states.case import CURRENT
from tests.scenarios.told import NAMED, told, written
from workflow import yaml
from workflow.scenario import Told

TABLES = Path(__file__).parent / "tables"
DEFECTS = yaml.load(yaml.read(TABLES / "defects.yaml"))["defects"]
LAWFUL = yaml.load(yaml.read(TABLES / "lawful.yaml"))["lawful"]
ENDS = yaml.load(yaml.read(TABLES / "ends.yaml"))

MET = [row for row in DEFECTS if "met" in row]
_BAD = ("fails", "needs_judgement")
_PASSED = ("holds", "does_not_apply")
_SILENT = (Doubt.UNSTATED.value, Doubt.NO_LAW.value)
_LIFECYCLES = {
    name: flow for main in CURRENT.values() for name, flow in main.beside.items()
} | CURRENT


def title(row: Mapping[str, Any]) -> str:
    return f"{row.get('no', '')}{row['what']}"[:24]


def steps(name: str) -> Iterator[tuple[Mapping[str, Any], Told]]:
    """Each step as the file has it and as it came out."""
    return zip(written(NAMED[name])["steps"], told(NAMED[name]).steps, strict=True)


def answers(step: Told, policy: str, *outcomes: str) -> bool:
    return any(f["id"] == policy and f["outcome"] in outcomes for f in step.findings)


def names_it(asked: Mapping[str, Any], key: str, policy: str) -> bool:
    """Whether the file itself says so under `refused`, `warned` or `excuse`: by the policy or its rule."""
    said = {str(word) for word in asked.get(key) or ()}
    return bool(said & {policy, *POLICIES[policy].rules})


def is_met(how: str, by: str, asked: Mapping[str, Any], step: Told) -> bool:
    """Whether this step is what the table says of it."""
    match how:
        case "refused":
            failed = answers(step, by, *_BAD) and step.outcome == "refused"
            return failed and names_it(asked, "refused", by)
        case "warned":
            failed = answers(step, by, *_BAD) and step.outcome == "accepted"
            return failed and (names_it(asked, "warned", by) or names_it(asked, "excuse", by))
        case "noted":
            return step.outcome == "accepted" and answers(step, by, *_BAD)
        case "irregular":
            accepted = step.outcome == "accepted" and "irregular" in asked
            return accepted and answers(step, by, *_BAD)
        case "alert":
            return by in step.alerts and by in (asked.get("expect") or {}).get("alerts", ())
        case "not_from_here":
            return step.do == by and step.outcome == "not_from_here"
    raise AssertionError(f"the table has no way “{how}” to meet a defect")


def passes(met: Mapping[str, str], name: str) -> bool:
    """Whether the lawful side is taken in this scenario, asked the same."""
    how, by, came = met["how"], met["by"], told(NAMED[name]).steps
    accepted = [step for step in came if step.outcome == "accepted"]
    if how == "not_from_here":
        return any(step.do == by for step in accepted)
    if how == "alert":
        clock = by.partition(".")[0]
        started = {c for step in came for c in step.opened if c.partition(":")[0] == clock}
        stopped = {c for step in came for c in step.closed if c.partition(":")[0] == clock}
        return bool(started & stopped) and not any(by in step.alerts for step in came)
    if any(answers(step, by, "holds") for step in accepted):
        return True
    return name == met["in"] and cured(by, came)


def cured(policy: str, came: list[Told]) -> bool:
    """Whether what was refused was taken later, when there was nothing left to ask about."""
    stopped = [s for s in came if s.outcome == "refused" and answers(s, policy, *_BAD)]
    return any(
        later.do == first.do
        and later.n > first.n
        and later.outcome == "accepted"
        and answers(later, policy, "does_not_apply")
        for first in stopped
        for later in came
    )


def test_every_defect_of_the_digest_stands_in_the_table_once():
    assert [row["no"] for row in DEFECTS] == list(range(1, 46))


@pytest.mark.parametrize("row", DEFECTS, ids=title)
def test_a_defect_names_what_it_breaks_and_scenarios_or_says_why_there_are_none(row):
    assert row["what"]
    assert row["law"]
    assert ("met" in row) == ("passes" in row)
    assert "met" in row or row["note"]
    for name in (*(met["in"] for met in row.get("met", ())), *row.get("passes", ())):
        assert name in NAMED, f"there is no scenario {name}"


@pytest.mark.parametrize("row", MET, ids=title)
def test_a_defect_is_met_where_the_table_says(row):
    for met in row["met"]:
        found = [s.n for w, s in steps(met["in"]) if is_met(met["how"], met["by"], w, s)]
        assert found, f"{met['in']}: no step is {met['how']} by {met['by']}"


@pytest.mark.parametrize("row", MET, ids=title)
def test_the_lawful_side_of_a_defect_passes(row):
    for met in row["met"]:
        where = [name for name in row["passes"] if passes(met, name)]
        assert where, f"{met['by']}: passes in none of {row['passes']}"


def test_every_kind_of_lawful_work_that_the_digest_tells_of_stands_in_the_table():
    """Nineteen rows of the practitioner's reading; some say two things and have two rows here."""
    assert sorted({row["no"] for row in LAWFUL}) == list(range(1, 20))


@pytest.mark.parametrize("row", LAWFUL, ids=title)
def test_lawful_work_passes(row):
    """The step is taken with that form, and what must yield was asked and did not stop it."""
    wanted = row.get("with", {})
    taken = [
        step
        for asked, step in steps(row["in"])
        if step.do == row["do"]
        and step.outcome == "accepted"
        and bool(asked.get("irregular")) == row.get("irregular", False)
        and wanted.items() <= dict(asked.get("with") or {}).items()
    ]
    assert taken
    if "yields" in row:
        assert any(answers(step, row["yields"], *_PASSED) for step in taken)


def test_the_table_of_ends_is_the_one_of_the_flows():
    assert {name: set(ends) for name, ends in ENDS["ends"].items()} == {
        name: {s.value for s in flow.finals} for name, flow in _LIFECYCLES.items()
    }


@pytest.mark.parametrize(
    ("flow", "end", "name"),
    [(flow, end, name) for flow, ends in ENDS["ends"].items() for end, name in ends.items()],
)
def test_an_end_is_reached(flow, end, name):
    """By a step of that flow that leads there, and was taken."""
    leads = {m.verb for m in _LIFECYCLES[flow].moves if m.dest and m.dest.value == end}
    assert [s.n for _, s in steps(name) if s.do in leads and s.outcome == "accepted"]


@pytest.mark.parametrize("row", [*ENDS["outcomes"], *ENDS["turns"]], ids=title)
def test_an_outcome_comes_about(row):
    taken = [s for _, s in steps(row["in"]) if s.do == row["do"] and s.outcome == "accepted"]
    assert [s.n for s in taken if row.get("case", s.case) == s.case]


def stops(step: Told) -> list[Policy]:
    """What no reason in writing could have overcome; where a source is silent, nothing is a breach."""
    found = [
        f["id"]
        for f in step.findings
        if f["level"] == "block" and f["outcome"] in _BAD and f.get("doubt") not in _SILENT
    ]
    return [POLICIES[policy] for policy in found] if step.outcome == "refused" else []


@pytest.mark.parametrize("name", NAMED)
def test_whatever_stops_a_step_names_an_article_that_a_reader_finds_or_the_offices_own_rule(name):
    for step in told(NAMED[name]).steps:
        for policy in stops(step):
            assert policy.cites or policy.own_rule, f"{policy.id} stops and names no text"
            for cite in policy.cites:
                statute = register().statute(cite.statute)
                assert statute is not None
                assert cite.article in statute.held
                assert statute.read(cite.article)
                assert statute.short in cite.text
                assert cite.text in step.in_full
