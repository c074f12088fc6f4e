"""What no single test sees: the law, the process, the office and the repository fit together."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

import workflow.commands
from policies import checklists
from policies.calendar import Span
from policies.core import POLICIES, Level, Policy
from policies.lawbook import register
from states import case as process
from states.case import CURRENT, FLOWS, CaseState
from states.flow import Phase, Term
from tests.builders import PEOPLE
from tests.policies.builders import LAW, OFFICE, a_publication, a_revocation, an_anew, facts, served
from workflow import deliveries, follow_ups
from workflow.coverage import RULES
from workflow.desk import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("policies", "states", "workflow", "tasks")
MOVES = [m for flow in FLOWS.values() for m in flow.moves]
TERMS = [t for flow in FLOWS.values() for t in flow.terms]
CHINESE = re.compile("[\u4e00-\u9fff]")
SUMMARY_STEPS = frozenset(f"S{n}" for n in range(1, 8))
"""The ids of process.md §2, for duties of the summary procedure that the digest has no rule for."""


def files(*endings: str, under: str = "") -> list[Path]:
    """What git tracks or would track; where there is no git, everything but what is made here."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, check=False)
    if told.returncode == 0:
        found = [ROOT / name for name in told.stdout.decode().split("\0") if name]
    else:
        made_here = {".venv", "var", "__pycache__", ".git"}
        found = [f for f in ROOT.rglob("*") if not made_here.intersection(f.parts)]
    return sorted(
        f
        for f in found
        if f.is_file() and f.name.endswith(endings or ("",)) and f.is_relative_to(ROOT / under)
    )


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


MODULES = files(".py")

# — the law ———————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("policy", POLICIES.values(), ids=lambda p: p.id)
def test_every_policy_cites_an_article_that_we_hold_or_is_the_offices_own_rule(policy):
    assert policy.cites or policy.own_rule
    for cite in policy.cites:
        statute = register().statutes[cite.statute]
        assert cite.article in statute.held, f"{cite.text} has no summary in the register"
        assert cite.text in policy.cite
    assert CHINESE.search(policy.title)
    assert (policy.asks.__doc__ or "").strip(), f"{policy.id} does not say its rule in a sentence"


def test_every_policy_carries_rules_that_the_digest_has():
    known = {*RULES, *SUMMARY_STEPS}
    assert {
        p.id: sorted(set(p.rules) - known) for p in POLICIES.values() if set(p.rules) - known
    } == {}
    assert [p.id for p in POLICIES.values() if not p.rules] == []


def test_every_policy_is_asked_at_some_step():
    asked = {p for m in MOVES for p in m.checklist}
    assert {p.id for p in POLICIES.values()} - {p.id for p in asked} == set()


def test_every_checklist_is_used_and_asks_each_question_once():
    used = {m.checklist for m in MOVES}
    for key, value in vars(checklists).items():
        if key.isupper() and not key.startswith("_") and isinstance(value, tuple):
            assert all(isinstance(p, Policy) for p in value), key
            assert value in used, f"{key} is asked at no step"
    for made in MOVES:
        twice = [p.id for p, n in Counter(made.checklist).items() if n > 1]
        assert twice == [], f"{made.verb} asks {twice} twice"


def test_a_question_about_the_form_alone_is_never_answered_before_it_is_filled_in():
    for made in MOVES:
        if made.settled_by_form:
            assert made.checklist


def test_what_a_policy_gathers_from_other_cases_is_something_that_can_be_gathered():
    from policies.facts import Elsewhere

    known = set(Elsewhere.__dataclass_fields__)
    assert {g for p in POLICIES.values() for g in p.gathers} <= known


def test_every_block_can_be_explained_to_the_person_who_meets_it():
    for policy in POLICIES.values():
        if policy.level is Level.BLOCK:
            assert CHINESE.search(policy.cite)


# — the process ———————————————————————————————————————————————————————————————————————


def test_every_state_is_labelled_has_a_phase_and_is_used():
    labels = [s.label for s in CaseState]
    assert len(set(labels)) == len(labels)
    for state in CaseState:
        assert CHINESE.search(state.label)
        assert isinstance(state.phase, Phase)
    used = {s for m in MOVES for s in (*m.sources, m.dest)}
    assert set(CaseState) <= used


@pytest.mark.parametrize("flow", FLOWS.values(), ids=str)
def test_every_state_is_reachable_and_an_end_can_be_reached_from_it(flow):
    onward: dict[CaseState, set[CaseState]] = {}
    for made in flow.moves:
        for source in made.sources:
            if made.dest is not None:
                onward.setdefault(source, set()).add(made.dest)
    used = {s for m in flow.moves for s in (*m.sources, m.dest)} - {None}

    def from_(starts):
        seen, todo = set(starts), list(starts)
        while todo:
            fresh = onward.get(todo.pop(), set()) - seen
            seen |= fresh
            todo += fresh
        return seen

    assert from_({m.dest for m in flow.moves if m.opens}) == used
    for state in used:
        assert from_({state}) & flow.finals, f"nobody gets from {state} to an end"


def test_no_machine_has_a_door_past_its_guards():
    for flow in FLOWS.values():
        events = set(flow._machine.events)
        assert events == {m.verb for m in flow.moves}
        assert not [e for e in events if e.startswith("to_")]


def test_the_one_door_from_flow_to_flow_leads_to_a_state_that_the_other_knows():
    for made in MOVES:
        if made.becomes:
            assert CURRENT[made.becomes].moves_from(made.dest.value)


# — verbs and forms ———————————————————————————————————————————————————————————————————


def test_every_verb_has_a_command_of_its_name_and_every_command_a_verb():
    assert {m.verb for m in MOVES} == set(COMMANDS)
    for verb, command in COMMANDS.items():
        assert command.run.__name__ == verb
        assert (command.run.__doc__ or "").strip(), f"{verb} does not say what it does"


def test_every_verb_and_whoever_takes_it_has_one_chinese_label():
    labels: dict[str, set[str]] = {}
    for made in MOVES:
        assert CHINESE.search(made.label)
        assert CHINESE.search(made.who.label)
        labels.setdefault(made.verb, set()).add(made.label)
    assert {verb: told for verb, told in labels.items() if len(told) > 1} == {}


@pytest.mark.parametrize("verb", sorted(COMMANDS))
def test_every_field_of_a_form_says_in_chinese_what_goes_into_it(verb):
    for field, about in COMMANDS[verb].form.model_fields.items():
        assert CHINESE.search(about.description or ""), f"{verb}.{field} has no description"


def test_commands_are_found_where_their_package_says():
    for command in COMMANDS.values():
        assert command.run.__module__.rpartition(".")[2] in workflow.commands.__all__


# — clocks ————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("term", TERMS, ids=lambda t: f"{t.clock}-{len(t.starts_at)}")
@pytest.mark.parametrize("day", ["2022-05-01", "2025-01-06", "2026-11-22"])
def test_every_clock_has_its_length_in_the_law_book_on_its_day(term: Term, day):
    on = date.fromisoformat(day)
    for law in (register(), LAW):
        if isinstance(term.span, str):
            span = law.on(on)[term.span].span
        else:
            choice = a_publication(until="2028-01-17")
            case = served(notices=(), anew=an_anew(), publication=choice)
            span = term.span(facts(case, at=day), law)
        assert isinstance(span, Span)
        assert span.n > 0
        assert span.unit in ("wd", "d", "mo")


@pytest.mark.parametrize("term", TERMS, ids=lambda t: f"{t.clock}-{len(t.starts_at)}")
def test_the_stages_of_a_clock_come_in_order_and_the_last_on_the_day_after_its_end(term: Term):
    ends = date(2025, 3, 31)
    stages = term.stages(ends, ends, facts().calendar, OFFICE.alerts)
    assert all(a[1] < b[1] for a, b in pairwise(stages))
    assert stages[-1] == ("lapse" if term.on_lapse else "red", ends + timedelta(days=1))
    assert all(day <= ends for _, day in stages[:-1])
    assert CHINESE.search(term.label)


def test_a_clock_means_the_same_in_both_flows():
    named: dict[str, set[object]] = {}
    for term in TERMS:
        named.setdefault(term.clock, set()).add((term.label, term.span, term.since, term.rolls))
    assert {clock for clock, told in named.items() if len(told) > 1} == set()


def test_the_first_day_of_every_clock_is_a_fact_of_a_lawful_case():
    cases = served(anew=an_anew()), served(remedies=(a_revocation(),))
    for term in CURRENT["ordinary"].terms:
        assert any(term.since(facts(case), LAW) for case in cases), term.clock


# — what follows a step ———————————————————————————————————————————————————————————————————


def test_every_kind_of_follow_up_is_a_registered_task_and_has_somebody_to_carry_it_out(tmp_path):
    asked = (
        "import json, worker; worker.app.loader.import_default_modules(); "
        "print(json.dumps(sorted(worker.app.tasks)))"
    )
    env = {k: v for k, v in os.environ.items() if not k.startswith("FASHEN_")}
    env |= {"FASHEN_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=tmp_path, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    tasks = set(json.loads(told.stdout.splitlines()[-1]))
    assert set(follow_ups.TASKS.values()) <= tasks
    assert set(deliveries.DELIVER) == set(follow_ups.TASKS)


def test_every_message_that_anybody_makes_is_of_a_known_kind():
    kinds = {
        call.args[0].value
        for file in files(".py", under="workflow")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") in ("Message", "to_person")
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    assert kinds == set(follow_ups.TASKS)


def test_whoever_is_told_of_a_step_is_told_of_one_that_exists_and_by_a_role_that_exists():
    from policies.roles import ROLE_NAMES

    for verb, (roles, text) in follow_ups._TOLD.items():
        assert verb in COMMANDS
        assert set(roles) <= {*ROLE_NAMES, "handlers"}
        assert CHINESE.search(text)


# — the sample office —————————————————————————————————————————————————————————————————————


def test_the_people_of_the_sample_office_are_the_twelve_of_the_contract_and_two_administrators():
    roles = {
        "zhang": "officer", "li": "officer", "zhao": "officer", "wang": "unit_head",
        "shen": "reviewer", "head": "head", "deputy": "deputy_head", "chair": "chair",
        "clerk": "clerk", "counsel": "counsel", "inspector": "inspector", "admin": "admin",
        "security": "security_admin", "auditor": "audit_admin",
    }  # fmt: skip
    since = {"security": "security_admin", "auditor": "audit_admin"}
    assert {p.id: p.roles for p in OFFICE.people} == {
        id: (role,) for id, role in (roles | since).items()
    }
    assert set(PEOPLE) == set(roles)


def test_the_powers_of_the_sample_office_cite_articles_that_we_have_or_say_that_we_have_not():
    for power in OFFICE.power_list:
        for cite in (power.duty, power.penalty):
            statute = register().statute(cite.statute)
            assert statute is not None, cite
            assert cite.article in statute.held or not power.confirmed
        if power.predecessor:
            assert OFFICE.power(power.predecessor)


# — the direction of imports ——————————————————————————————————————————————————————————————


def test_imports_point_one_way():
    # A process of its own: in this one it would switch off every logger that other tests listen to.
    linter = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout


CLOCKS = {
    "now", "today", "utcnow", "utcfromtimestamp", "fromtimestamp", "time", "time_ns", "monotonic",
    "perf_counter", "localtime", "gmtime",
}  # fmt: skip


def reads_a_clock(tree: ast.AST) -> list[str]:
    """Every place that asks what time it is, or brings in a module that can."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.split(".")[0] == "time"]
        elif isinstance(node, ast.ImportFrom):
            if (node.module or "").split(".")[0] == "time":
                found.append(f"from {node.module}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in CLOCKS:
                found.append(ast.unparse(node))
        elif isinstance(node, ast.Attribute) and node.attr in CLOCKS - {"time", "now"}:
            found.append(ast.unparse(node))
    return found


@pytest.mark.parametrize(
    "source",
    [
        "import time", "from time import monotonic", "datetime.now(UTC)", "date.today()",
        "clock = date.today", "datetime.utcnow()",
    ],
)  # fmt: skip
def test_the_scan_for_clocks_finds_one(source):
    assert reads_a_clock(ast.parse(source))


def test_the_law_and_the_process_have_no_clock():
    for package in ("policies", "states"):
        for file in files(".py", under=package):
            assert reads_a_clock(ast.parse(file.read_text("utf-8"))) == [], name(file)


# — the repository ————————————————————————————————————————————————————————————————————————

# Written apart, so that this file does not find itself.
FORBIDDEN = {
    "a path of the machine it was written on": r"(?<![\w.])/(?:wo" r"rk|ho" r"me|ro" r"ot|Us" r"ers|op" r"t/py)/[\w.]",
    "the host of a package index": r"py" r"pi\.org|python" r"hosted|ali" r"yun|tuna\.tsing" r"hua|npm" r"js\.",
    "an address inside a private network": r"\b(?:10|192\.168)\.\d{1,3}\.\d{1,3}\.\d{1,3}\b",
}  # fmt: skip


def test_no_file_names_a_path_of_this_machine_or_the_host_of_an_index():
    found = []
    for file in files():
        try:
            text = file.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        for what, pattern in FORBIDDEN.items():
            for hit in re.finditer(pattern, text):
                line = text.count("\n", 0, hit.start()) + 1
                found.append(f"{name(file)}:{line}: {what}: {hit[0]!r}")
    assert found == []


def test_every_module_opens_with_a_sentence_that_says_what_it_is_for():
    bare = [name(f) for f in MODULES if not ast.get_docstring(ast.parse(f.read_text("utf-8")))]
    assert bare == []


LONGEST = 500


def test_every_module_of_the_program_is_one_subject_of_at_most_500_lines():
    long = {
        name(f): n
        for package in PACKAGES
        for f in files(".py", under=package)
        if (n := len(f.read_text("utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_the_process_is_a_table_on_one_screen():
    assert len((ROOT / "states" / "case.py").read_text("utf-8").splitlines()) < 250
    assert process.FLOWS is FLOWS
