"""Numbers of the register that clocks count or that stand there to be looked up, each with its unit and source.

key, day, value and unit, a word of the source, whether somebody confirmed it
"""

from datetime import date

import pytest

from policies.lawbook import register

NUMBERS = [
    # — other organs (R008)
    ("assistance.reply", "2026-01-01", 15, "wd", "市场监督管理", False),
    # — the police (R107, R274, R276)
    ("criminal_transfer.police_answer", "2026-01-01", 3, "d", "第八条", True),
    ("criminal_transfer.reconsideration", "2026-01-01", 3, "d", "第九条", True),
    ("criminal_transfer.goods", "2026-01-01", 3, "d", "第十二条", True),
    # — the court (R213, R220)
    ("self_enforcement.wait", "2026-01-01", 30, "d", "第四十六条", True),
    ("court_enforcement.acceptance", "2026-01-01", 5, "wd", "第五十六条", True),
    ("court_enforcement.ruling", "2026-01-01", 7, "wd", "第五十七条", True),
    ("court_enforcement.ruling_extended", "2026-01-01", 30, "d", "第五十八条", True),
    ("court_enforcement.objection", "2026-01-01", 15, "d", "第五十六条", True),
    # — publication (R231, R233, R239)
    ("publication.other", "2026-01-01", 20, "wd", "第二十六条", True),
    ("publication.HPR", "2026-01-01", 7, "d", "住房和城乡建设", False),
    ("publication_period.minor.max", "2026-04-01", 3, "mo", "信用修复", False),
    ("publication_period.general.min", "2026-04-01", 3, "mo", "信用修复", False),
    ("publication_period.general.max", "2026-04-01", 1, "year", "信用修复", False),
    ("publication_period.serious.min", "2026-04-01", 1, "year", "信用修复", False),
    ("publication_period.serious.max", "2026-04-01", 3, "year", "信用修复", False),
    # — the body of review (R252, R255), and deciding anew (R257)
    ("review.forward", "2026-01-01", 5, "wd", "第三十二条", True),
    ("review.decision", "2026-01-01", 60, "d", "第六十二条", True),
    ("review.decision.extension", "2026-01-01", 30, "d", "第六十二条", True),
    ("review.decision.summary", "2026-01-01", 30, "d", "第六十二条", True),
    ("anew.default", "2026-01-01", 60, "d", "第四十九条", False),
    # — recordings and the archive (R292, R295)
    ("recording.upload", "2026-01-01", 1, "wd", "全过程记录", False),
    ("archive.retention", "2026-01-01", 30, "year", "装订", False),
]


@pytest.mark.parametrize(("key", "day", "value", "unit", "source", "confirmed"), NUMBERS)
def test_a_number_has_its_value_its_unit_its_source_and_somebody_who_confirmed_it_or_not(
    key, day, value, unit, source, confirmed
):
    found = register().on(date.fromisoformat(day))[key]
    assert (found.value, found.unit, found.confirmed) == (value, unit, confirmed)
    assert source in f"{found.cite}{found.source}"


@pytest.mark.parametrize(
    ("key", "before", "since"),
    [
        ("review.forward", "2023-12-31", "2024-01-01"),
        ("publication_period.serious.max", "2026-03-31", "2026-04-01"),
        ("court_enforcement.acceptance", "2011-12-31", "2012-01-01"),
    ],
)
def test_a_number_is_in_force_from_its_day_and_not_the_day_before(key, before, since):
    assert register().on(date.fromisoformat(before)).find(key) is None
    assert register().on(date.fromisoformat(since)).find(key) is not None
