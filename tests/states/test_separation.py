"""Whether an office can keep apart whom the law keeps apart: reviewer, chair and head from the officers."""

from datetime import date

import pytest

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
