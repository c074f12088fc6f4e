"""What is made public of a decision names a citizen by surname only (行政处罚法 48, 50)."""

from __future__ import annotations

from tests.policies.builders import (
    OFFICE,
    a_citizen,
    a_publication,
    an_organisation,
    changed,
    law,
    served,
)
from workflow.publishing import PublicRecord, public_record

NUMBER = "11010519491231002X"


def made_public(party, name: str) -> PublicRecord:
    case = changed(served(), party=party, publication=a_publication())
    return public_record(case, OFFICE, law(), case_id="case-1", party_name=name)


def test_a_citizen_is_named_by_surname_and_neither_number_nor_address_goes_out():
    party = a_citizen(number=NUMBER, address="示例区东杜庄村 3 号")
    record = made_public(party, "吴长明")
    assert record.party == "吴某"
    said = record.model_dump_json()
    for private in ("吴长明", NUMBER, "东杜庄村 3 号"):
        assert private not in said


def test_an_organisation_is_named_in_full():
    assert made_public(an_organisation(), "示例建筑有限公司").party == "示例建筑有限公司"


def test_decisions_that_were_issued_without_a_number_are_published_apart():
    decision = served().decision
    assert decision is not None
    bare = changed(
        served(), decision=decision.model_copy(update={"number": ""}), publication=a_publication()
    )
    keys = {
        public_record(bare, OFFICE, law(), case_id=id, party_name="甲").key for id in ("one", "two")
    }
    assert keys == {"sample-one", "sample-two"}
