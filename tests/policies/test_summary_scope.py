"""APL art. 51 — what is left of an item's range for a decision on the spot."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from policies.casefile import PartyKind
from policies.lawbook import register
from policies.office import PowerItem, Range
from policies.summary_scope import Scope, between, scope

CITIZEN, ORGANISATION = PartyKind.CITIZEN, PartyKind.ORGANISATION
DAY = date(2026, 9, 1)


@cache
def an_item() -> PowerItem:
    cited = {"statute": "EEC", "article": 1169, "paragraph": "第三款"}
    return PowerItem.model_validate(
        {"code": "X", "title": "某行为", "duty": cited, "penalty": cited, "kinds": ("罚款",),
         "valid_from": date(2026, 8, 15)}
    )  # fmt: skip


def told(low: int | None, high: int | None, kind: PartyKind = CITIZEN, **parts: object) -> Scope:
    ends = Range(
        min=low if low is None else Decimal(low), max=high if high is None else Decimal(high)
    )
    item = an_item().model_copy(update={"range": {"citizen": ends, "org": ends}, **parts})
    return scope(item, kind, register(), DAY)


def test_the_ceiling_of_a_citizen_cuts_the_range():
    made = told(100, 1000)
    assert (made.fits, made.least, made.most) == (True, 100, 200)


def test_the_ceiling_of_an_organisation_is_higher():
    assert told(100, 5000, ORGANISATION).most == 3000
    assert told(100, 1000, ORGANISATION).most == 1000


def test_a_minimum_at_the_ceiling_still_fits():
    made = told(200, 1000)
    assert made.fits
    assert "本表可填 200 元" in made.said


def test_a_minimum_above_the_ceiling_does_not():
    made = told(201, 1000)
    assert not made.fits
    assert "法定最低罚款 201 元，超过当场处罚的上限 200 元" in made.said
    assert "第五十一条" in made.cite


def test_where_the_fine_is_too_high_a_warning_remains():
    assert told(201, 1000, kinds=("警告", "罚款")).kinds == ("警告",)


def test_an_article_without_an_amount_allows_no_fine():
    assert not told(None, None).fits


def test_whoever_is_penalised_only_for_not_correcting_is_not_on_the_spot():
    made = told(100, 200, needs_refusal=True)
    assert not made.fits
    assert "复查" in made.said


@pytest.mark.parametrize(
    ("least", "most", "words"), [(0, 200, "不超过 200 元"), (200, 200, "200 元"), (50, 200, "50–200 元")]
)  # fmt: skip
def test_a_range_in_words(least: int, most: int, words: str):
    assert between(Decimal(least), Decimal(most)) == words
