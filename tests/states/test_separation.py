"""Whether an office can keep apart whom the law keeps apart: reviewer, chair and head from the officers."""

from datetime import date

import pytest

from policies.office import Person
from states.separation import reminders, separation
from workflow import offices

TODAY = date(2026, 11, 22)


def sample(*ids, **roles):
    """The sample office with these people only, some of them with other roles."""
    office = offices.read("sample")
    people = (p for p in office.people if p.id in ids)
    return office.model_copy(
        update={
            "people": tuple(
                p.model_copy(update={"roles": roles[p.id]}) if p.id in roles else p for p in people
            )
        }
    )


def test_an_office_that_cannot_keep_people_apart_is_told_what_lacks():
    office = offices.read("sample")

    assert separation(office, TODAY) == []
    assert len(separation(sample("zhang"), TODAY)) == 4
    assert separation(office, date(2031, 1, 1))[0].startswith("2031-01-01 只有 0 名")


def test_four_people_are_enough_and_three_are_not():
    assert separation(sample("zhang", "li", "shen", "head"), TODAY) == []
    assert separation(sample("zhang", "li", "head"), TODAY) == [
        "没有承办人以外的、具备资格的法制审核人员。"
    ]


def test_a_reviewer_who_is_an_officer_too_reviews_what_two_others_handle():
    both = {"shen": ("officer", "reviewer")}
    office = sample("shen", "zhang", "li", "head", **both)
    card = office.person("zhang").certificate
    people = tuple(
        p.model_copy(update={"certificate": card}) if p.id == "shen" else p for p in office.people
    )

    assert separation(office.model_copy(update={"people": people}), TODAY) == []
    alone = tuple(p for p in people if p.id != "li")
    assert "没有承办人以外的、具备资格的法制审核人员。" in separation(
        office.model_copy(update={"people": alone}), TODAY
    )


@pytest.mark.parametrize(("officers", "told"), [(20, False), (21, True)])
def test_one_reviewer_is_a_twentieth_of_twenty_officers_and_not_of_twenty_one(officers, told):
    """R114, only a reminder."""
    office = offices.read("sample")
    card = office.person("zhang").certificate
    crowd = tuple(
        office.person("zhang").model_copy(
            update={"id": f"o{n}", "certificate": card.model_copy(update={"no": f"示{n}"})}
        )
        for n in range(officers)
    )
    others = tuple(p for p in office.people if not p.has("officer", "unit_head"))
    found = reminders(office.model_copy(update={"people": crowd + others}), TODAY)

    assert bool(found) is told


def people(*rows):
    """An office of these people: id, roles, and whether certificate and qualification are held."""
    office = offices.read("sample")
    card, licence = office.person("zhang").certificate, office.person("shen").qualification
    made = tuple(
        Person(
            id=id,
            name=id,
            roles=roles.split(),
            certificate=card.model_copy(update={"no": f"示{id}"}) if "card" in held else None,
            qualification=licence if "licence" in held else None,
        )
        for id, roles, held in rows
    )
    return office.model_copy(update={"people": made})


OFFICERS = (("a", "officer", "card"), ("b", "unit_head", "card"))
REVIEWER = ("r", "reviewer", "licence")
NO_REVIEWER = "没有承办人以外的、具备资格的法制审核人员。"
NO_HEAD = "没有承办人以外的负责人。"
NO_CHAIR = "没有未参与调查的听证主持人。"


@pytest.mark.parametrize(
    ("others", "lacks"),
    [
        ([REVIEWER, ("h", "head", "")], []),
        ([REVIEWER, ("h", "deputy_head", "")], []),
        ([REVIEWER], [NO_HEAD]),
        ([("r", "reviewer", ""), ("h", "head", "")], [NO_REVIEWER]),  # without a licence
        ([("c", "chair", "")], [NO_REVIEWER, NO_HEAD]),
        ([("c", "clerk", "")], [NO_REVIEWER, NO_HEAD]),
        ([("r", "reviewer", "")], [NO_REVIEWER, NO_HEAD]),  # unlicensed, may still chair
        ([("h", "deputy_head", "")], [NO_REVIEWER]),
        ([("i", "inspector", "")], [NO_REVIEWER, NO_HEAD, NO_CHAIR]),
    ],
)
def test_reviewer_head_and_chair_are_others_than_the_officers(others, lacks):
    assert separation(people(*OFFICERS, *others), TODAY) == lacks


def test_the_head_of_the_unit_is_one_of_the_two_officers_only_with_a_certificate():
    office = people(OFFICERS[0], ("b", "unit_head", ""), REVIEWER, ("h", "head", ""))
    assert separation(office, TODAY) == [
        "2026-11-22 只有 1 名持有效执法证的人员，凑不齐两名承办人。"
    ]


def test_the_pair_that_leaves_least_undone_is_the_one_that_counts():
    """With the reviewer as officer all three lack; with the two others only a head does."""
    third = ("r", "officer reviewer", "card licence")
    assert separation(people(third, *OFFICERS), TODAY) == [NO_HEAD]


@pytest.mark.parametrize(("officers", "told"), [(100, False), (101, True)])
def test_five_reviewers_are_a_twentieth_of_a_hundred_officers(officers, told):
    """Unit heads with a certificate count as officers; whoever has none, or one that is over, does not."""
    staff = [(f"o{n}", "officer", "card") for n in range(officers - 1)]
    reviewers = [(f"r{n}", "reviewer", "") for n in range(5)]
    office = people(*staff, OFFICERS[1], ("x", "officer", ""), *reviewers)
    assert bool(reminders(office, TODAY)) is told
    assert reminders(office, date(2031, 1, 1)) == []


def test_an_office_without_a_reviewer_is_reminded():
    said = reminders(people(*OFFICERS), TODAY)
    assert len(said) == 1
    assert said[0].startswith("法制审核员 0 名，不到执法人员 2 名的百分之5")
