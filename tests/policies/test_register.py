"""法律登记簿 — how a TOML of the register becomes statutes, articles and dated parameters."""

from __future__ import annotations

from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from policies import lawbook
from policies.lawbook import Article, Cite, LawBook, NoLaw, Parameter, Renumbered, Statute, han

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

BARE = """
[statute]
key = "BARE"
short = "乙法"
name = "中华人民共和国乙法"
issuer = "全国人民代表大会常务委员会"
level = "法律"
number = ""
in_force = 2022-01-01
articles = 5
text = "not_held"
"""


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LawBook:
    """A register of three files, read as the shipped one is; what is no TOML in the folder is passed over."""
    for name, text in (("abc.toml", STATUTE), ("zz.toml", ELSEWHERE), ("bare.toml", BARE)):
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "__init__.py").write_text("x = ", "utf-8")

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


def test_a_statute_of_which_nothing_is_summed_up_is_known_by_its_name_alone(book: LawBook):
    bare = book.statute("BARE")
    assert bare is not None
    assert (bare.short, dict(bare.held), bare.seen, bare.renumbered) == ("乙法", {}, (), ())


# — what of a statute was read ——————————————————————————————————————————————————————————


def a_statute(text: str, seen: tuple[tuple[int, int], ...] = ()) -> Statute:
    """Twenty articles, of which the register sums up the third."""
    return Statute(
        "ABC", "甲法", "甲法", "某机关", "法律", "", date(2020, 1, 1), 20, text,
        held={3: Article(3, "不得乱放。")}, seen=seen,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "seen", "read"),
    [
        ("verified", (), [1, 3, 4, 19, 20, 21]),
        ("verified", ((2, 10),), [3, 4, 21]),  # nobody need read on to know that there is no 21st
        ("excerpts", (), [3]),
        ("not_held", (), []),
    ],
)
def test_an_article_was_read_with_the_whole_text_or_the_run_or_the_excerpt(text, seen, read):
    abc = a_statute(text, seen)
    assert [n for n in (1, 3, 4, 19, 20, 21) if abc.read(n)] == read


def test_an_article_is_cited_as_a_lawyer_writes_it_and_only_where_it_is_summed_up():
    abc = a_statute("verified")
    assert abc(3) == Cite("ABC", 3, "", "《甲法》第三条")
    assert abc(3, "第二款") == Cite("ABC", 3, "第二款", "《甲法》第三条第二款")
    with pytest.raises(KeyError, match=r"《甲法》第4条 .*add an \[\[article\]\].*\(ABC\)"):
        abc(4)


def test_a_citation_in_words_names_a_statute_by_its_short_name_or_as_it_was_cited(book: LawBook):
    assert book.words("ABC", 33, "第二款") == "《甲法》第三十三条第二款"
    assert book.words("某某条例", 12) == "《某某条例》第十二条"


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (1, "一"), (9, "九"), (10, "十"), (11, "十一"), (19, "十九"), (20, "二十"), (21, "二十一"),
        (99, "九十九"), (100, "一百"), (101, "一百零一"), (109, "一百零九"), (110, "一百一十"),
        (111, "一百一十一"), (119, "一百一十九"), (120, "一百二十"), (121, "一百二十一"),
        (200, "二百"), (1000, "一千"), (1001, "一千零一"), (1010, "一千零一十"),
        (1099, "一千零九十九"), (1100, "一千一百"), (1110, "一千一百一十"), (1131, "一千一百三十一"),
        (9999, "九千九百九十九"),
    ],
)  # fmt: skip
def test_an_article_number_is_printed_as_the_law_prints_it(number, printed):
    assert han(number) == printed


@pytest.mark.parametrize("number", [-1, 0, 10_000])
def test_what_is_no_article_number_is_refused(number):
    with pytest.raises(ValueError, match=f"no article has the number {number}$"):
        han(number)


# — numbers on a day ————————————————————————————————————————————————————————————————————


def test_a_number_that_there_never_was_is_refused_with_the_nearest_key(book: LawBook):
    day = date(2024, 1, 1)
    with pytest.raises(NoLaw) as raised:
        book.on(day)["loose.of_abd"]
    assert (raised.value.key, raised.value.day) == ("loose.of_abd", day)
    assert raised.value.said == (
        "法律登记簿没有 2024-01-01 的“loose.of_abd”；最接近的是“loose.of_abc”"
    )
    assert raised.value.args == (raised.value.said,)


@pytest.mark.parametrize(
    ("key", "day"), [("abc.days", date(2021, 7, 14)), ("quite.other", date(2024, 1, 1))]
)
def test_a_number_not_yet_in_force_or_like_no_other_is_refused_without_a_guess(book, key, day):
    with pytest.raises(NoLaw) as raised:
        book.on(day)[key]
    assert raised.value.said == f"法律登记簿没有 {day} 的“{key}”"


def test_a_day_is_worked_out_once_and_counts_only_what_is_in_force(book: LawBook):
    day = date(2021, 7, 14)
    assert book.on(day) is book.on(day)
    assert len(book.on(day)) == len(list(book.on(day))) == 4
    assert len(book.on(date(2021, 7, 15))) == 6


def test_the_offices_own_number_goes_before_a_younger_one_of_the_register(book: LawBook):
    own = Parameter("abc.days", 5, "d", date(2022, 1, 1), "本机关规定", True)
    with_own = book.with_local([own])
    for day, value, local in (
        (date(2021, 12, 31), 15, False),
        (date(2022, 1, 1), 5, True),
        (date(2024, 1, 1), 5, True),
    ):
        found = with_own.on(day)["abc.days"]
        assert (found.value, found.local) == (value, local)
    assert book.on(date(2024, 1, 1))["abc.days"].value == 10
    assert with_own.statute("ABC") is book.statute("ABC")
    assert {row.key for row in with_own.parameters()} == {row.key for row in book.parameters()} == {
        "abc.days", "abc.plain", "loose.named", "loose.nowhere", "loose.of_abc", "loose.of_nobody",
    }  # fmt: skip
