"""登记当事人、证据、管辖 — what the forms of the first steps accept, refuse and keep."""

import pytest

from policies.casefile import PartyKind
from tests.builders import a_case, a_scene, day, document_of, office_at, take
from workflow.errors import Malformed
from workflow.identifiers import check_number


@pytest.fixture
def fashen():
    return office_at()


def test_a_foreigner_is_named_by_a_passport_that_no_check_digit_judges():
    """R017, 行政处罚法 84."""
    assert check_number(PartyKind.CITIZEN, "E12345678", "护照") == ("护照号码", "none")
    assert check_number(PartyKind.CITIZEN, "E12345678") == ("居民身份证号码", "wrong")
    assert check_number(PartyKind.CITIZEN, "11010519491231002X", "居民身份证")[1] == "ok"


def test_a_passport_is_sealed_like_any_number(fashen):
    case = a_case(fashen, "checking")
    form = {"kind": "自然人", "name": "John Doe", "number": "E12345678", "paper": "护照"}
    take(fashen, "zhang", "name_party", case, **form)
    party = document_of(fashen, case)["party"]
    assert party["number_kind"] == "护照号码"
    assert party["number"].startswith("sealed:")


def test_a_tick_that_no_list_has_names_the_nearest(fashen):
    case = a_case(fashen, "checking")
    with pytest.raises(Malformed, match="最接近的是“执法人员签名”"):
        take(fashen, "zhang", "add_evidence", case, **a_scene(formalities=["执法人员签字"]))


def test_verifying_adds_ticks_and_a_reason_and_takes_none_away(fashen):
    case = a_case(fashen, "checking")
    wanted = a_scene(formalities=["执法人员签名"], lacking="当事人拒绝签名")
    excuse = {"evidence.formalities_met": "稍后补"}
    made = take(fashen, "zhang", "add_evidence", case, excuses=excuse, **wanted).made
    more = {"evidence": [made], "formalities": ["时间、地点和事件", "执法人员签名"]}
    take(fashen, "li", "verify_evidence", case, **more)
    item = document_of(fashen, case)["evidence"][-1]
    assert item["formalities"] == ["执法人员签名", "时间、地点和事件"]
    assert item["lacking"] == "当事人拒绝签名"
    assert item["verified_by"] == "li"


def test_a_settled_dispute_says_whose_the_case_is_and_on_what_paper(fashen):
    case = a_case(fashen, "checking")
    with pytest.raises(Malformed, match="写明由谁管辖"):
        take(fashen, "zhang", "record_jurisdiction", case, other="邻街道", settled="协商一致")
    whole = {"other": "邻街道", "settled": "协商一致", "ours": True, "document": "协商记录"}
    take(fashen, "zhang", "record_jurisdiction", case, **whole)
    assert document_of(fashen, case)["jurisdiction"]["ours"] is True


def test_a_check_is_extended_once(fashen):
    case = a_case(fashen, "checking")
    take(fashen, "head", "extend_check", case, at=day(2025, 1, 10), reason="当事人外出")
    clock = document_of(fashen, case)["clocks"]["lead_check"]
    assert (clock["span"], clock["ends"]) == ("25d", "2025-01-31")
    with pytest.raises(Malformed, match="不能再延长"):
        take(fashen, "head", "extend_check", case, reason="再延长")


def test_another_norm_that_the_list_does_not_have_names_the_nearest(fashen):
    case = a_case(fashen, "investigating")
    with pytest.raises(Malformed, match="SL-AIR-03"):
        take(fashen, "zhang", "conclude", case, facts="焚烧", also_under=["SL-AIR-3"])
