"""法律咨询: who is asked, who answers, who hears of it, and whose the case is from then on."""

from __future__ import annotations

import pytest

from policies.review import MATERIALS
from tests.builders import JUDGED, a_case, day, desk, document_of, office_at, sample_office, take
from workflow import errors, inbox, offices, workbench
from workflow.deliveries import drain
from workflow.oracle import check_all
from workflow.program import Fashen
from workflow.workbench import Asked


@pytest.fixture
def fashen(database_url: str) -> Fashen:
    """An office with two counsel."""
    fashen = office_at(database_url, now=day(2026, 3, 2))
    office = sample_office()
    counsel = office.person("counsel")
    assert counsel is not None
    second = counsel.model_copy(update={"id": "second", "name": "另一顾问"})
    offices.load(fashen, office.model_copy(update={"people": (*office.people, second)}))
    return fashen


def given(fashen: Fashen, person: str) -> list[str]:
    return [line.id for line in workbench.page(desk(fashen, person), Asked()).lines]


def told(fashen: Fashen, person: str) -> list[str]:
    drain(fashen)
    return [n["text"].partition("：")[2] for n in inbox.notices(fashen, "sample", person)]


def test_who_is_asked_has_the_case_and_hears_of_it_and_the_asker_of_the_opinion(fashen: Fashen):
    case = a_case(fashen, "under_review")
    take(fashen, "shen", "consult_counsel", case, counsel="counsel", question="定性恰当吗")
    assert (given(fashen, "counsel"), given(fashen, "second")) == ([case], [])
    assert told(fashen, "counsel") == ["请您提出法律意见。"]
    take(fashen, "counsel", "give_counsel_opinion", case, opinion="恰当")
    assert "法律顾问已提出意见。" in told(fashen, "shen")
    asked = document_of(fashen, case)["consultations"][0]
    assert (asked["state"], asked["opinion"]) == ("consultation.answered", "恰当")
    assert given(fashen, "counsel") == [case]  # also afterwards
    assert check_all(fashen) == []


def test_what_is_withdrawn_is_no_longer_given(fashen: Fashen):
    case = a_case(fashen, "under_review")
    take(fashen, "wang", "consult_counsel", case, counsel="counsel", question="定性恰当吗")
    take(fashen, "head", "withdraw_consultation", case, reason="已经查明")
    assert given(fashen, "counsel") == []
    assert told(fashen, "counsel")[0] == "法律咨询已撤回，不用再提意见。"
    with pytest.raises(errors.Malformed, match="没有可以这样办的"):
        take(fashen, "counsel", "give_counsel_opinion", case, opinion="恰当")
    assert check_all(fashen) == []


def test_only_the_counsel_who_was_asked_answers(fashen: Fashen):
    case = a_case(fashen, "under_review")
    take(fashen, "shen", "consult_counsel", case, counsel="counsel", question="定性恰当吗")
    with pytest.raises(errors.Malformed, match="这一件请的是许言笃"):
        take(fashen, "second", "give_counsel_opinion", case, opinion="恰当")
    with pytest.raises(errors.Malformed, match="张衡不是法律顾问，可以请：counsel（许言笃）"):
        take(fashen, "shen", "consult_counsel", case, counsel="zhang", question="定性恰当吗")
    for stranger in ("zhang", "clerk", "counsel", "inspector"):
        with pytest.raises(errors.NotYourMove):
            take(fashen, stranger, "consult_counsel", case, counsel="counsel", question="？")


def test_of_two_who_were_asked_each_answers_without_naming_which(fashen: Fashen):
    case = a_case(fashen, "under_review")
    for person in ("counsel", "second"):
        take(fashen, "shen", "consult_counsel", case, counsel=person, question="定性恰当吗")
    take(fashen, "second", "give_counsel_opinion", case, opinion="不恰当")
    take(fashen, "counsel", "give_counsel_opinion", case, opinion="恰当")
    asked = document_of(fashen, case)["consultations"]
    assert [(c["counsel"], c["opinion"]) for c in asked] == [
        ("counsel", "恰当"),
        ("second", "不恰当"),
    ]


def test_nothing_waits_for_an_opinion_and_it_is_no_review(fashen: Fashen):
    """行政处罚法 58: the decision waits for the review of the office's own people and for nothing else."""
    case = a_case(fashen, "unit_review")
    take(fashen, "wang", "consult_counsel", case, counsel="counsel", question="定性恰当吗")
    clocks = document_of(fashen, case)["clocks"]
    take(fashen, "counsel", "give_counsel_opinion", case, opinion="恰当")
    assert document_of(fashen, case)["clocks"] == clocks
    assert "reviews" not in document_of(fashen, case)
    take(fashen, "wang", "consult_counsel", case, counsel="second", question="还有一问")
    take(fashen, "wang", "submit_review", case, materials=list(MATERIALS[:5]))
    take(fashen, "shen", "pass_review", case, opinion="同意", items=JUDGED)
    assert check_all(fashen) == []
