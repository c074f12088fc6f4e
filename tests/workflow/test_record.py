"""大事记 — the pure part: changes as JSON Patch, the one form that is hashed, the fold."""

from __future__ import annotations

import copy
import hashlib
import json
from typing import Any

import jsonpatch
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policies.facts import canonical
from workflow.change import Change
from workflow.record import GENESIS, Entry, Standing, apply, fold, seal_entry, verify

# — documents and changes, at random ——————————————————————————————————————————————————————

# The characters that JSON Pointer escapes, digits that look like an index, and an empty name.
names = st.sampled_from(["a", "b", "证据", "0", "1", "-", "", "x/y", "m~n", "~1"])
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
leaves = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
documents = st.dictionaries(names, values, max_size=4)


def pointer(steps: list[str]) -> str:
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def containers(value: Any, steps: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Every object and list of a document, with the way to it."""
    found: list[tuple[tuple[str, ...], Any]] = []
    if isinstance(value, dict):
        found = [((*steps, k), v) for k, v in value.items()]
    elif isinstance(value, list):
        found = [((*steps, str(n)), v) for n, v in enumerate(value)]
    else:
        return []
    return [(steps, value), *(c for way, v in found for c in containers(v, way))]


@st.composite
def changes(draw: st.DrawFn) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A document, and some operations that can be done to it one after the other."""
    document = draw(documents)
    now = copy.deepcopy(document)
    operations = []
    for _ in range(draw(st.integers(0, 5))):
        operation = draw(one_operation(now))
        operations.append(operation)
        now = jsonpatch.apply_patch(now, [operation])
    return document, operations


@st.composite
def one_operation(draw: st.DrawFn, now: dict[str, Any]) -> dict[str, Any]:
    steps, target = draw(st.sampled_from(containers(now)))
    keys = [str(n) for n in range(len(target))] if isinstance(target, list) else list(target)
    there = draw(st.booleans())
    if keys and there:
        path = pointer([*steps, draw(st.sampled_from(keys))])
        if draw(st.booleans()):
            return {"op": "remove", "path": path}
        return {"op": "replace", "path": path, "value": draw(values)}
    in_list = st.sampled_from([*keys, str(len(keys)), "-"])
    places = in_list if isinstance(target, list) else names
    return {"op": "add", "path": pointer([*steps, draw(places)]), "value": draw(values)}


@given(changes())
def test_a_change_does_what_any_json_patch_tool_does_with_it(case):
    document, operations = case

    assert apply(document, operations) == jsonpatch.apply_patch(document, operations)


@given(changes())
def test_a_change_leaves_the_old_document_and_itself_as_they_were(case):
    document, operations = case
    before, asked = copy.deepcopy(document), copy.deepcopy(operations)

    apply(document, operations)

    assert (document, operations) == (before, asked)


@given(changes(), st.integers(0, 5))
def test_a_change_may_be_cut_anywhere(case, cut):
    document, operations = case
    halfway = apply(document, operations[:cut])

    assert apply(halfway, operations[cut:]) == apply(document, operations)


@given(documents, documents)
def test_what_another_tool_found_to_be_the_difference_leads_from_one_document_to_the_other(a, b):
    difference = list(jsonpatch.make_patch(a, b))
    assume(all(operation["op"] in ("add", "remove", "replace") for operation in difference))

    assert apply(a, difference) == b


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove", "path": "/nothing"},
        {"op": "remove", "path": "/list/2"},
        {"op": "replace", "path": "/list/2", "value": 0},
        {"op": "add", "path": "/nothing/below", "value": 0},
        {"op": "add", "path": "/text/below", "value": 0},
        {"op": "add", "path": "/list/x", "value": 0},
        {"op": "add", "path": "/list/9/below", "value": 0},
    ],
)
def test_a_change_that_does_not_fit_is_an_error(operation):
    document = {"list": [1, 2], "text": "x"}
    with pytest.raises((jsonpatch.JsonPatchException, jsonpatch.JsonPointerException, TypeError)):
        jsonpatch.apply_patch(document, [operation])

    with pytest.raises((KeyError, IndexError, ValueError, TypeError, AttributeError)):
        apply(document, [operation])


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "/nothing", "value": 0},
        {"op": "add", "path": "/list/9", "value": 0},
        {"op": "add", "path": "/list/-1", "value": 0},
        {"op": "remove", "path": "/list/-1"},
        {"op": "test", "path": "/text", "value": "y"},
        {"op": "move", "from": "/text", "path": "/moved", "value": "x"},
    ],
)
def test_what_json_patch_does_not_allow_is_an_error_here_too(operation):
    with pytest.raises((KeyError, IndexError, ValueError, TypeError, AttributeError)):
        apply({"list": [1, 2], "text": "x"}, [operation])


@given(st.lists(st.tuples(names, values), max_size=5), st.lists(values, max_size=4))
def test_what_a_command_collects_is_the_change_that_leads_to_its_document(entries, items):
    before: dict[str, Any] = {"kept": 1}
    change = Change(before)
    for name, value in entries:
        change.entry("clocks", name, value)
    for item in items:
        change.append("evidence", item)
    change.set("party", {"kind": "citizen"}).drop("kept").drop("never/there")

    assert apply(before, change.operations) == change.document
    assert jsonpatch.apply_patch(before, change.operations) == change.document
    assert before == {"kept": 1}


# — the one form that is hashed ————————————————————————————————————————————————————————————


def canonical_by_hand(value: Any) -> str:
    """RFC 8785 written out once more, for what our documents consist of."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return '"' + "".join(map(_character, value)) + '"'
    if isinstance(value, list):
        return "[" + ",".join(map(canonical_by_hand, value)) + "]"
    ordered = sorted(value.items(), key=lambda pair: pair[0].encode("utf-16-be"))
    return (
        "{" + ",".join(f"{canonical_by_hand(k)}:{canonical_by_hand(v)}" for k, v in ordered) + "}"
    )


_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _character(c: str) -> str:
    return _SHORT.get(c) or (f"\\u{ord(c):04x}" if c < " " else c)


@given(values)
def test_canonical_json_is_what_rfc_8785_says(value):
    assert canonical(value) == canonical_by_hand(value)


@given(values)
def test_canonical_json_says_the_value_and_says_it_again_the_same(value):
    assert json.loads(canonical(value)) == value
    assert canonical(json.loads(canonical(value))) == canonical(value)


@given(st.dictionaries(names, values, min_size=2))
def test_the_order_in_which_things_were_written_down_does_not_matter(document):
    assert canonical(dict(reversed(document.items()))) == canonical(document)


@given(values)
def test_canonical_json_is_one_line_for_every_tool_but_python(value):
    assert "\n" not in canonical(value)
    assert "\r" not in canonical(value)


def test_two_spellings_of_one_character_stay_two():
    assert canonical("\u00e9") != canonical("e\u0301")


# — the chain ————————————————————————————————————————————————————————————————————————————


def test_an_entry_is_sealed_with_its_kind_its_predecessor_and_its_bytes():
    told = hashlib.sha256(b"fashen-ledger-entry/1\0" + bytes(32) + "正文".encode()).hexdigest()

    assert seal_entry("正文", GENESIS) == told


@given(texts, texts, st.sampled_from(["sha256", "sm3"]))
def test_another_body_or_another_predecessor_or_another_algorithm_is_another_seal(a, b, algorithm):
    seal = seal_entry(a, GENESIS, algorithm)

    assert (seal == seal_entry(b, GENESIS, algorithm)) is (a == b)
    assert seal != seal_entry(a, "1" * 64, algorithm)
    assert seal_entry(a, GENESIS, "sha256") != seal_entry(a, GENESIS, "sm3")
    assert len(seal) == 64


# — the fold —————————————————————————————————————————————————————————————————————————————


def a_ledger(*steps: list[dict[str, Any]], case: str = "c1") -> list[Entry]:
    """A sound ledger whose entries make these changes."""
    entries: list[Entry] = []
    for seq, change in enumerate(steps, 1):
        body = {
            "alg": "sm3" if seq == 2 else "sha256", "case": case, "seq": seq, "flow": "ordinary/1",
            "from": f"s{seq - 1}", "to": f"s{seq}", "change": change,
        }  # fmt: skip
        entries.append(sealed(body, entries[-1].hash if entries else GENESIS))
    return entries


def sealed(body: dict[str, Any], prev: str) -> Entry:
    text = canonical(body)
    return Entry(body["case"], body["seq"], prev, seal_entry(text, prev, body["alg"]), text)


LEDGER = a_ledger(
    [{"op": "add", "path": "/lead", "value": {"place": "西杜庄村"}}],
    [{"op": "add", "path": "/evidence", "value": ["a"]}],
    [{"op": "add", "path": "/evidence/-", "value": "b"}],
)


def test_the_fold_of_a_sound_ledger_is_where_the_case_stands():
    stands, faults = fold(LEDGER)

    assert faults == []
    assert stands == Standing(
        "ordinary/1",
        "s3",
        3,
        LEDGER[-1].hash,
        {"lead": {"place": "西杜庄村"}, "evidence": ["a", "b"]},
    )


def test_the_fold_of_nothing_is_nothing():
    assert fold([]) == (Standing("", "", 0, GENESIS, {}), [])


@given(changes(), st.integers(0, 5))
def test_the_fold_is_the_changes_one_after_the_other(case, cut):
    document, operations = case
    start = [{"op": "add", "path": pointer([k]), "value": v} for k, v in document.items()]

    stands, faults = fold(a_ledger(start, operations[:cut], operations[cut:]))

    assert faults == []
    assert stands.document == jsonpatch.apply_patch(document, operations)


def test_folding_changes_no_entry_and_can_be_done_again():
    before = copy.deepcopy(LEDGER)

    assert fold(LEDGER) == fold(iter(LEDGER))
    assert before == LEDGER


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "3",
        "{}",
        "not JSON",
        '{"alg":"sha256"}',
        '{"alg":"no such","case":1,"seq":1}',
    ],
)
def test_a_body_that_cannot_be_read_is_a_fault_and_no_crash(body):
    broken = [LEDGER[0], Entry("c1", 2, LEDGER[0].hash, "0" * 64, body), LEDGER[2]]

    faults = fold(broken)[1]
    assert any(f.startswith("c1 第 2 条") for f in faults)
    assert verify(broken) == faults


@pytest.mark.parametrize("prev", ["", "zz", "0" * 63, None])
def test_a_predecessor_that_is_no_digest_is_a_fault_and_no_crash(prev):
    faults = fold([Entry("c1", 1, prev, LEDGER[0].hash, LEDGER[0].body)])[1]

    assert any(f.startswith("c1 第 1 条") for f in faults)


def test_an_entry_that_is_sealed_well_but_starts_elsewhere_is_a_fault():
    body = json.loads(LEDGER[1].body) | {"from": "s9"}
    strange = sealed(body, LEDGER[0].hash)

    assert fold([LEDGER[0], strange])[1] == ["c1 第 2 条：从“s9”出发，但案件当时在“s1”。"]


def test_spelling_a_body_differently_is_a_fault_even_with_a_right_seal():
    text = json.dumps(json.loads(LEDGER[0].body), ensure_ascii=False, indent=1)
    spelt = Entry("c1", 1, GENESIS, seal_entry(text, GENESIS), text)

    assert fold([spelt])[1] == ["c1 第 1 条：内容不是规范形式。"]


def test_a_ledger_is_held_against_the_rows_on_both_sides():
    other = a_ledger([], case="c2")
    stands = {"c1": fold(LEDGER)[0], "c2": fold(other)[0]}
    assert verify([*LEDGER, *other], stands) == []
    assert verify([*LEDGER, *other]) == []

    assert verify([*LEDGER, *other], {"c1": stands["c1"]}) == ["c2：有大事记，没有案件。"]
    assert verify(LEDGER, stands) == ["c2：有案件，没有大事记。"]
    assert "c1：条目被打散。" in verify([LEDGER[0], *other, *LEDGER[1:]], stands)
