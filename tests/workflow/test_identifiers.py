"""Identity numbers: check digits (GB 32100, GB 11643), what is shown of them, and the way back from a digest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policies.casefile import PartyKind
from workflow.identifiers import check_number, masked, plain_number, unsealed

IDS = Path(__file__).resolve().parents[3] / "shared" / "data" / "ids"
CITIZEN, ORGANISATION = PartyKind.CITIZEN, PartyKind.ORGANISATION


def vectors(name: str) -> list[Any]:
    """Numbers from public test suites, those that their sources are sure of; none without the folder."""
    file = IDS / f"{name}_vectors.json"
    listed = json.loads(file.read_text("utf-8")) if file.exists() else []
    return [
        pytest.param(v["value"], v["valid"], id=v["value"])
        for v in listed
        if v["valid"] is not None
    ]


@pytest.mark.parametrize(("number", "right"), vectors("uscc"))
def test_the_code_of_an_organisation_is_told_from_a_wrong_one(number, right):
    name, found = check_number(ORGANISATION, number)
    assert (name, found) == ("统一社会信用代码", "ok" if right else "wrong")


@pytest.mark.parametrize(("number", "right"), vectors("ric"))
def test_the_number_of_a_citizen_is_told_from_a_wrong_one(number, right):
    name, found = check_number(CITIZEN, number)
    assert (name, found) == ("居民身份证号码", "ok" if right else "wrong")


def test_one_digit_off_is_wrong_and_the_number_as_it_is_is_right():
    assert check_number(CITIZEN, "11010519491231002X")[1] == "ok"
    assert check_number(CITIZEN, "110105194912310021")[1] == "wrong"
    assert check_number(ORGANISATION, "91110000600037341L")[1] == "ok"
    assert check_number(ORGANISATION, "91110000600037341N")[1] == "wrong"


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("321083197812162119", "ok"),  # of a county that is no more
        ("321083197812162118", "wrong"),
        ("830000200209060065", "ok"),  # a residence permit for people from Taiwan
        (
            "150102880730303",
            "ok",
        ),  # of the first generation: fifteen digits, nothing to check but the day
        ("150102880732303", "wrong"),
        ("1101051949123100", "wrong"),
        ("１１０１０５19491231002x", "ok"),  # the same number, typed wide
    ],
)
def test_a_genuine_number_is_not_called_wrong_for_the_place_that_it_names(number, found):
    assert check_number(CITIZEN, number)[1] == found


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "11010519491231002X\u3000",
    ],
)
def test_a_number_is_the_same_number_however_it_is_typed(typed):
    assert plain_number(typed) == "11010519491231002X"


def test_no_number_is_no_fault_and_a_foreign_paper_has_no_digit_to_check():
    assert check_number(CITIZEN, "") == ("", "none")
    assert check_number(CITIZEN, "E1234567", "护照") == ("护照号码", "none")
    assert check_number(CITIZEN, "11010519491231002X", "居民身份证")[1] == "ok"


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("name", "王小明", "王某"),
        ("name", "", ""),
        ("address", "示例区东杜庄村 3 号", "示例区…"),
        ("number", "11010519491231002X", "1101************2X"),
        ("phone", "123456", "1*****"),
        ("phone", "1234567", "1234*67"),
    ],
)
def test_of_an_identifier_enough_is_shown_to_recognise_it_and_not_enough_to_use_it(
    kind, value, shown
):
    assert masked(kind, value) == shown


def test_digests_are_replaced_wherever_they_stand_and_unknown_ones_stay():
    document = {"party": {"name": "sealed:1"}, "seen": ["sealed:2", 3, None], "text": "sealed"}
    assert unsealed(document, {"sealed:1": "王小明"}) == {
        "party": {"name": "王小明"}, "seen": ["sealed:2", 3, None], "text": "sealed",
    }  # fmt: skip
