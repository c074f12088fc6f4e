"""法律登记簿 — how a TOML of the register becomes statutes, articles and dated parameters."""

from __future__ import annotations

from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from policies import lawbook
from policies.lawbook import Article, LawBook, NoLaw, Renumbered

STATUTE = """
[statute]
key = "ABC"
short = "甲法"
name = "中华人民共和国甲法"
issuer = "全国人民代表大会常务委员会"
level = "法律"
number = "主席令第1号"
in_force = 2021-07-15
articles = 40
text = "verified"
replaced_by = "乙法"
note = "虚构"
held = [[1, 20], [30, 40]]

[[article]]
no = 3
summary = "不得乱放。"
duty = true
liability = [33, 34]

[[article]]
no = 33
summary = "乱放的罚款。"
liability = true

[[article]]
no = 4
summary = "说明用语。"

[[renumbered]]
old = 2
now = [3, 4]
words = ["乱放", "用语"]

[[parameter]]
key = "abc.days"
from = 2021-07-15
value = 15
unit = "wd"
article = 33
paragraph = "第二款"
rules = ["R001", "R002"]
confirmed = true

[[parameter]]
key = "abc.days"
from = 2024-01-01
value = 10
unit = "d"
article = 33

[[parameter]]
key = "abc.plain"
from = 2021-07-15
value = 7
"""

ELSEWHERE = """
[[parameter]]
key = "loose.named"
from = 2020-01-01
value = 1
source = "某办法（虚构）"

[[parameter]]
key = "loose.nowhere"
from = 2020-01-01
value = 2

[[parameter]]
key = "loose.of_abc"
from = 2020-01-01
value = 3
statute = "ABC"
article = 4

[[parameter]]
key = "loose.of_nobody"
from = 2020-01-01
value = 4
statute = "XYZ"
article = 4
"""


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LawBook:
    """A register of two files, read as the shipped one is; what is no TOML in the folder is passed over."""
    for name, text in (("abc.toml", STATUTE), ("zz.toml", ELSEWHERE), ("__init__.py", "x = ")):
        (tmp_path / name).write_text(text, "utf-8")

    def folder(package: str) -> Path:
        assert package == "policies.law"
        return tmp_path

    monkeypatch.setattr(resources, "files", folder)
    return lawbook.register.__wrapped__()


def test_a_statute_is_what_its_file_says(book: LawBook):
    abc = book.statute("ABC")
    assert abc is not None
    assert (abc.key, abc.short, abc.name) == ("ABC", "甲法", "中华人民共和国甲法")
    assert (abc.issuer, abc.level, abc.number) == (
        "全国人民代表大会常务委员会", "法律", "主席令第1号",
    )  # fmt: skip
    assert (abc.in_force, abc.repealed, abc.replaced_by) == (date(2021, 7, 15), None, "乙法")
    assert (abc.articles, abc.text, abc.note) == (40, "verified", "虚构")
    assert abc.seen == ((1, 20), (30, 40))


def test_its_articles_are_duties_or_penalties_as_marked(book: LawBook):
    abc = book.statute("ABC")
    assert abc is not None
    assert abc.held == {
        3: Article(3, "不得乱放。", duty=True, liability=(33, 34)),
        33: Article(33, "乱放的罚款。", liability=True),
        4: Article(4, "说明用语。"),
    }
    assert [abc.held[n].is_liability for n in (3, 33, 4)] == [False, True, False]
    assert abc.held[3].duty
    assert not abc.held[4].duty


def test_only_the_runs_that_were_seen_were_read(book: LawBook):
    abc = book.statute("ABC")
    assert abc is not None
    assert [n for n in (1, 20, 21, 29, 30, 40, 41) if abc.read(n)] == [1, 20, 30, 40, 41]


def test_an_article_with_an_older_number_keeps_the_words_that_it_is_known_by(book: LawBook):
    abc = book.statute("ABC")
    assert abc is not None
    assert abc.renumbered == (Renumbered(2, (3, 4), ("乱放", "用语")),)


def test_a_number_belongs_to_the_statute_of_its_file_and_to_its_day(book: LawBook):
    early, late = (book.on(date(*d))["abc.days"] for d in ((2023, 12, 31), (2024, 1, 1)))
    assert (early.value, early.unit, early.since) == (15, "wd", date(2021, 7, 15))
    assert (early.source, early.rules, early.confirmed, early.local) == (
        "《甲法》第三十三条第二款", ("R001", "R002"), True, False,
    )  # fmt: skip
    assert (late.value, late.unit, late.source) == (10, "d", "《甲法》第三十三条")
    assert (late.rules, late.confirmed) == ((), False)
    with pytest.raises(NoLaw):
        book.on(date(2021, 7, 14))["abc.days"]


def test_a_number_says_where_it_is_from_however_little_its_file_says(book: LawBook):
    found = book.on(date(2024, 1, 1))
    assert {key: found[key].source for key in found if key.startswith(("loose", "abc.plain"))} == {
        "abc.plain": "《甲法》",
        "loose.named": "某办法（虚构）",
        "loose.nowhere": "无明文",
        "loose.of_abc": "《甲法》第四条",
        "loose.of_nobody": "无明文",
    }
    assert found["abc.plain"].unit == ""
