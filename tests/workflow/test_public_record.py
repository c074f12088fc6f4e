"""双公示数据 — built from the case alone, in the form of each interface, and what is wrong with it told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from policies.casefile import CaseFile
from policies.publicity import FieldChange, Target
from tests.policies.builders import (
    OFFICE,
    a_citizen,
    a_publication,
    an_organisation,
    changed,
    law,
    on_spot,
    served,
)
from workflow.publication import profile, record
from workflow.publication.record import Outgoing, faults, fields, outgoing, parcel

NUMBER = "11010519491231002X"
USCC = "91350100M000100Y43"
SPEC = profile.shipped("2018")


def a_choice(**other: Any) -> Any:
    return a_publication(**{"title": "随意倾倒垃圾", **other})


def a_case(**what: Any) -> CaseFile:
    return changed(served(), **{"publication": a_choice(facts="倾倒垃圾"), **what})


def out_of(case: CaseFile, **opened: str) -> Outgoing:
    return record.opened(outgoing(case, OFFICE, law()), opened)


def organisation(number: str = USCC, representative: str = "王五") -> Outgoing:
    party = an_organisation(number=number, representative=representative)
    return out_of(a_case(party=party))


def sent(case: CaseFile, **values: str) -> Any:
    return parcel(case, OFFICE, law(), case_id="case-1", values=values)


# — what everybody reads —


def test_a_citizen_is_named_by_surname_and_neither_number_nor_address_goes_out():
    party = a_citizen(name="吴长明", number=NUMBER, address="示例区东杜庄村 3 号")
    notice = sent(a_case(party=party)).notice
    assert notice.party == "吴某"
    assert notice.party_code == ""
    said = notice.model_dump_json()
    for private in ("吴长明", NUMBER, "东杜庄村 3 号"):
        assert private not in said


def test_an_organisation_is_named_in_full_with_its_code():
    party = an_organisation(number=USCC)
    notice = sent(a_case(party=party)).notice
    assert (notice.party, notice.party_code) == ("示例公司", USCC)


def test_decisions_that_were_issued_without_a_number_are_published_apart():
    decision = served().decision
    assert decision is not None
    bare = a_case(decision=decision.model_copy(update={"number": ""}))
    keys = {parcel(bare, OFFICE, law(), case_id=id, values={}).key for id in ("one", "two")}
    assert keys == {"sample-one", "sample-two"}


def test_what_the_chooser_wrote_goes_out_and_not_the_words_of_the_file():
    assert sent(a_case()).notice.facts == "倾倒垃圾"
    case = a_case(publication=a_choice())
    assert case.proposal is not None
    assert sent(case).notice.facts == case.proposal.facts


# — the record —


def test_the_2018_record_has_its_thirty_fields_in_order():
    written = sent(a_case(party=an_organisation(number=USCC, representative="王五"))).fields
    assert list(written) == [f.code for f in SPEC.fields]
    assert len(written) == 30
    assert written["CF_XDR_SHXYM"] == USCC
    assert written["CF_FRDB"] == "王五"
    assert written["CF_XDR_ZJHM"] == ""
    assert written["CF_CFJGDM"] == OFFICE.uscc


def test_a_citizen_goes_by_paper_and_number():
    written = sent(a_case(party=a_citizen(number=NUMBER))).fields
    assert (written["CF_XDR_ZJLX"], written["CF_XDR_ZJHM"]) == ("居民身份证", NUMBER)
    assert written["CF_XDR_SHXYM"] == ""


@pytest.mark.parametrize(
    ("yuan", "wan"), [(200, "0.020000"), (1, "0.000100"), ("0.01", "0.000001"), (10000, "1.000000")]
)
def test_money_is_told_in_wan_with_six_decimals(yuan: Any, wan: str):
    decision = served().decision
    assert decision is not None
    case = a_case(decision=decision.model_copy(update={"fine": Decimal(str(yuan))}))
    assert sent(case).fields["CF_NR_FK"] == wan


def test_a_warning_tells_no_amount():
    decision = served().decision
    assert decision is not None
    warned = decision.model_copy(update={"fine": Decimal(0), "kinds": ("警告",)})
    written = sent(a_case(decision=warned)).fields
    assert (written["CF_CFLB"], written["CF_NR_FK"], written["CF_NR"]) == ("警告", "", "警告")


def test_days_are_written_with_strokes():
    until = a_choice(facts="倾倒垃圾", until=date(2027, 3, 1))
    written = sent(a_case(publication=until)).fields
    assert written["CF_GSJZQ"] == "2027/03/01"
    assert "/" in written["CF_JDRQ"]


def test_kinds_are_told_in_the_words_of_the_platforms():
    assert record.category("没收违法所得") == "没收违法所得"
    assert record.category("罚款") == "罚款"
    assert record.category("责令停产停业") == "责令停产停业"
    assert record.category("按日连续处罚") == "其他"


def test_the_2015_generation_is_written_from_the_same_values():
    spec = profile.shipped("2015")
    written = fields(out_of(a_case()), spec, date(2025, 3, 1))
    assert len(written) == 24
    assert written["CF_ZT"] == "0"
    assert written["SJC"] == "2025/03/01"
    assert written["DFBM"] == OFFICE.division


# — faults —


def test_a_whole_record_has_no_fault():
    assert faults(organisation(), SPEC) == []
    assert faults(out_of(a_case(party=a_citizen(name="吴长明", number=NUMBER))), SPEC) == []


@pytest.mark.parametrize(
    ("out", "code", "where"),
    [
        (organisation(number=""), "CF_XDR_SHXYM", "统一社会信用代码"),
        (organisation(representative=""), "CF_FRDB", "法定代表人"),
        (out_of(a_case(party=a_citizen(name="吴长明"))), "CF_XDR_ZJHM", "证件号码"),
    ],
)
def test_what_is_missing_is_named_with_where_to_mend_it(out: Outgoing, code: str, where: str):
    found = faults(out, SPEC)
    assert any(code in fault and where in fault and "没有填" in fault for fault in found), found


def test_a_text_may_be_as_long_as_its_field_and_no_longer():
    def of(length: int) -> list[str]:
        case = a_case(party=an_organisation(number=USCC, representative="王五"))
        choice = a_choice(facts="甲" * length)
        return faults(out_of(changed(case, publication=choice)), SPEC)

    assert of(5000) == []
    assert of(5001) == ["违法事实（CF_SY）5001 字，最多 5000 字，到“公示的违法事实”改短"]


@pytest.mark.parametrize(
    ("number", "right"),
    [("示街罚决〔2025〕1号", True), ("示街罚决[2025]1号", False), ("示街罚决(2025)1号", False),
     ("示街罚决〔25〕1号", False), ("示街罚决〔2025〕第1号", True), ("示街罚决〔2025〕1", False)],
)  # fmt: skip
def test_a_number_needs_its_hexagonal_brackets(number: str, right: bool):
    out = organisation()
    out = Outgoing({**out.values, "number": number}, out.texts)
    assert (faults(out, SPEC) == []) is right


def test_check_digits_are_checked():
    assert any("校验位" in fault for fault in faults(organisation(number=USCC[:-1] + "4"), SPEC))
    wrong = out_of(a_case(party=a_citizen(name="吴长明", number=NUMBER[:-1] + "1")))
    assert any("校验位" in fault for fault in faults(wrong, SPEC))


# — the district's own interface —


def test_the_office_changes_lengths_and_required_marks():
    target = Target(
        changes=(
            FieldChange(code="CF_SY", length=3),
            FieldChange(code="CF_FRDB", required="never"),
        ),
        source="某区接口文件",
        confirmed=True,
    )
    spec = profile.of(target)
    assert spec.confirmed
    assert faults(organisation(representative=""), spec) == [
        "违法事实（CF_SY）4 字，最多 3 字，到“公示的违法事实”改短"
    ]


def test_a_change_of_a_field_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="CF_XX"):
        profile.of(Target(changes=(FieldChange(code="CF_XX", length=3),)))


def test_the_digest_changes_with_everything_that_goes_out():
    first = outgoing(a_case(), OFFICE, law()).digest
    assert outgoing(a_case(), OFFICE, law()).digest == first
    for other in (
        a_case(publication=a_choice(facts="倾倒垃圾三袋")),
        a_case(publication=a_choice(facts="倾倒垃圾", title="另一名称")),
        a_case(party=a_citizen(name="赵六")),
    ):
        assert outgoing(other, OFFICE, law()).digest != first


def test_on_the_spot_too():
    case = changed(on_spot(), publication=a_choice())
    assert sent(case).notice.facts


def test_what_is_confiscated_is_told_with_its_amount():
    base = served()
    assert base.decision is not None
    assert base.proposal is not None
    kinds = {"kinds": ("罚款", "没收违法所得")}
    case = a_case(
        decision=base.decision.model_copy(update=kinds),
        proposal=base.proposal.model_copy(update={**kinds, "confiscation": Decimal(500)}),
    )
    written = sent(case).fields
    assert written["CF_NR_WFFF"] == "0.050000"
    assert written["CF_CFLB"] == "罚款;没收违法所得"
    assert written["CF_NR"] == "罚款 1000 元；没收违法所得 500 元"


def test_a_permit_that_is_taken_away_must_be_named_and_we_do_not_hold_it():
    base = served()
    assert base.decision is not None
    case = a_case(
        party=an_organisation(number=USCC, representative="王五"),
        decision=base.decision.model_copy(update={"kinds": ("吊销许可证件",)}),
    )
    [fault] = faults(out_of(case), SPEC)
    assert "CF_NR_ZKDX" in fault


def test_a_foreigner_goes_by_the_paper_that_the_file_names():
    party = a_citizen(number="E12345678", number_kind="护照号码")
    assert sent(a_case(party=party)).fields["CF_XDR_ZJLX"] == "护照"
    assert sent(a_case(party=a_citizen())).fields["CF_XDR_ZJLX"] == ""


def test_duty_and_basis_are_told_as_the_law_prints_them():
    told = sent(a_case()).notice
    assert told.violated
    assert told.basis
    assert all(words.startswith("《") for words in (*told.violated, *told.basis))
    bare = changed(a_case(), proposal=None, publication=a_choice())
    nothing = sent(bare).notice
    assert (nothing.violated, nothing.basis) == ((), ())
    assert nothing.facts == bare.act.text


def test_what_is_confiscated_in_kind_has_no_amount():
    base = served()
    assert base.decision is not None
    kinds = base.decision.model_copy(update={"kinds": ("没收非法财物",), "fine": Decimal(0)})
    assert sent(a_case(decision=kinds)).fields["CF_NR"] == "没收非法财物"


def test_a_word_that_is_shorter_or_longer_than_the_platforms_is_known():
    assert record.category("吊销许可证") == "吊销许可证件"
    assert record.category("责令停产停业三个月") == "责令停产停业"


def test_people_read_an_amount_with_its_thousands_and_a_platform_without():
    told = sent(a_case())
    assert (told.notice.content, told.fields["CF_NR"]) == ("罚款 1,000 元", "罚款 1000 元")
