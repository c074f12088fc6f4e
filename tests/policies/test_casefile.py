"""案卷 — a change read field by field gives what reading the whole document gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from policies.casefile import CaseFile
from workflow.record import apply

EVIDENCE = {
    "id": "e1", "kind": "物证", "name": "铁锹", "proves": "用于焚烧", "taken_on": "2025-01-06",
}  # fmt: skip
CLOCK = {
    "start": "2025-01-06", "span": "90d", "due": "2025-04-06", "rolled": "2025-04-07",
    "ends": "2025-04-06", "provisional": False, "calendar": "2025",
}  # fmt: skip
FIELDS: dict[str, list[Any]] = {
    "silent": [True, False],
    "origin": ["公开的处罚决定", ""],
    "lead": [{"source": "巡查", "found_on": "2025-01-06"}],
    "act": [{"text": "露天焚烧秸秆", "began": "2025-01-06"}, {}],
    "officers": [["zhang", "li"], []],
    "evidence": [[EVIDENCE], [EVIDENCE, {**EVIDENCE, "id": "e2"}], []],
    "reduction_confirmed": ["500", "0"],
    "payments": [[{"on": "2025-02-01", "amount": "1000.50"}]],
    "clocks": [{"decision": CLOCK}, {}],
}
"""Some fields of a document, each with values that it may have."""

WRONG = [None, 7, "无", ["无"], {"无": 1}, [{"id": "e3"}], "-1", True]
"""Values that hardly any field may have."""

documents = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in FIELDS.items()}
)
_names = st.sampled_from([*FIELDS, "nonsense"])
_values = _names.flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from(FIELDS.get(name, []) + WRONG))
)
operations = st.one_of(
    st.builds(lambda nv: {"op": "add", "path": f"/{nv[0]}", "value": nv[1]}, _values),
    st.builds(lambda name: {"op": "remove", "path": f"/{name}"}, _names),
    st.builds(
        lambda path, value: {"op": "add", "path": path, "value": value},
        st.sampled_from(["/evidence/-", "/officers/0", "/clocks/payment", "/act/place"]),
        st.sampled_from([EVIDENCE, CLOCK, "wang", *WRONG]),
    ),
    st.sampled_from(
        [
            {"op": "remove", "path": "/evidence/0"},
            {"op": "remove", "path": "/clocks/decision"},
            {"op": "replace", "path": "/evidence/0", "value": {**EVIDENCE, "name": "打火机"}},
        ]
    ),
)


def read(how: Callable[[], CaseFile]) -> CaseFile | list[Any]:
    """The case file, or what is wrong with it."""
    try:
        return how()
    except ValidationError as wrong:
        return wrong.errors(include_url=False, include_context=False)


@given(documents, st.lists(operations, max_size=4))
def test_an_amended_case_file_is_the_one_that_the_whole_document_gives(
    before: dict[str, Any], change: list[dict[str, Any]]
):
    try:
        after = apply(before, change)
    except (KeyError, IndexError, TypeError, AttributeError, ValueError):
        assume(False)  # a change that does not fit the document never gets so far
    case = CaseFile.model_validate(before)

    whole = read(lambda: CaseFile.model_validate(after))
    amended = read(lambda: case.amended(after, change))

    assert amended == whole
    if isinstance(amended, CaseFile) and isinstance(whole, CaseFile):
        assert amended.model_fields_set == whole.model_fields_set
        assert amended.model_dump_json() == whole.model_dump_json()
    assert case == CaseFile.model_validate(before)


def test_what_the_change_left_alone_is_not_read_again():
    before = {"evidence": [EVIDENCE], "power": "P-1"}
    case = CaseFile.model_validate(before)
    change = [{"op": "add", "path": "/power", "value": "P-2"}]

    amended = case.amended(apply(before, change), change)

    assert amended.power == "P-2"
    assert amended.evidence is case.evidence


def test_a_card_is_answered_for_as_long_as_its_clock_ends_when_it_did_then():
    down = {
        "clock": "decision", "stage": "yellow", "ends": "2025-04-06", "on": "2025-03-24", "by": "wang",
        "reason": "等鉴定意见",
    }  # fmt: skip
    held = CaseFile.model_validate({"clocks": {"decision": CLOCK}, "cards_taken_down": [down]})
    found = held.taken_down("decision", "yellow")
    assert found is not None
    assert found.by == "wang"
    assert held.taken_down("decision", "red") is None
    assert held.taken_down("payment", "yellow") is None
    moved = CaseFile.model_validate(
        {"clocks": {"decision": {**CLOCK, "ends": "2025-04-16"}}, "cards_taken_down": [down]}
    )
    assert moved.taken_down("decision", "yellow") is None
    stopped = CaseFile.model_validate({"cards_taken_down": [down]})
    assert stopped.taken_down("decision", "yellow") is None
