"""The register and the power list against the statutes' own texts, where these lie beside the checkout.

The texts do not ship. Where they are there, every article that a policy or a 案由 cites must stand in them,
with the words and the numbers that it is cited for.
"""

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest

import policies.checklists  # noqa: F401 - registers every policy
from policies.core import POLICIES
from policies.lawbook import han, register
from tests.policies.builders import OFFICE
from workflow.lawtexts import read, split

TEXTS = Path(__file__).resolve().parents[3] / "shared" / "law"

pytestmark = pytest.mark.skipif(not TEXTS.is_dir(), reason="the statutes' texts are not here")

CHINESE = re.compile("[\u4e00-\u9fff]+")
CITED = sorted({(c.statute, c.article) for p in POLICIES.values() for c in p.cites})
ITEMS = [p for p in OFFICE.power_list if register().statutes[p.penalty.statute].text == "verified"]
POWER_LIST = sorted(
    {(c.statute, c.article) for p in ITEMS for c in (p.duty, p.penalty)}
    | {(h.law.statute, h.law.article) for h in OFFICE.hand_over}
)


@cache
def text_of(key: str) -> dict[str, str]:
    """The articles of a statute; a code in parts is one text."""
    short = register().statutes[key].short
    court = "最高法-" + short.removeprefix("最高人民法院关于")
    names = (short, court, court.replace("若干问题的规定", "若干规定"))
    found: dict[str, str] = {}
    for folder in (TEXTS, TEXTS / "partial"):
        for file in (f for name in names for f in sorted(folder.glob(f"{name}[(\\[]*.md"))):
            found |= split(read(file))
    return found


def pairs(text: str) -> set[str]:
    return {a + b for run in CHINESE.findall(text) for a, b in pairwise(run)}


def money(amount: int, end: str) -> set[str]:
    """An end of a range as statutes print it: 五万元以上, 5万元以上."""
    if amount % 10_000 == 0:
        forms = {f"{han(amount // 10_000)}万元", f"{amount // 10_000}万元"}
    else:
        forms = {f"{han(amount)}元", f"{amount}元"}
    return {form + end for form in forms}


# — articles ——————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("cited", sorted({*CITED, *POWER_LIST}), ids=lambda c: f"{c[0]}-{c[1]}")
def test_a_cited_article_stands_in_the_text_and_our_summary_speaks_its_words(cited):
    key, number = cited
    statute = register().statutes[key]
    article = text_of(key).get(str(number))
    if article is None:
        assert statute.text == "partial", f"{statute.short} has no article {number}"
        return
    summary = pairs(statute.held[number].summary)
    shared = summary & pairs(article)
    assert len(shared) >= min(5, len(summary) // 4), (statute.held[number].summary, article)


SAID = {
    "law.article_numbers_current": "2021年7月15日起施行",
    "law.citations_valid": "由法律、法规、规章规定",
    "law.milder_compared": "新的规定处罚较轻",
    "evidence.dates_possible": "证据必须经查证属实",
    "evidence.photo_described": "视听资料",
    "party.number_checked": "必须查明事实",
    "publication.choice_recorded": "应当依法公开",
    "publication.receipt_back": "应当依法公开",
    "rectification.clerical_only": "发现有错误的，应当主动改正",
    "summary.within_limits": "对公民处以二百元以下",
}
"""Where a policy's title uses other words than the article: what of it stands there."""


@pytest.mark.parametrize(
    "policy", [p for p in POLICIES.values() if p.cites and not p.own_rule], ids=lambda p: p.id
)
def test_the_words_of_a_policy_stand_in_an_article_that_it_cites(policy):
    cited = "".join(text_of(c.statute).get(str(c.article), "") for c in policy.cites)
    if policy.id in SAID:
        assert SAID[policy.id] in cited
    else:
        held = "".join(register().statutes[c.statute].held[c.article].summary for c in policy.cites)
        assert pairs(policy.title) & pairs(cited or held), (policy.title, cited)


UNITS = {
    "wd": "(个工作)?日", "d": "日", "mo": "个?月", "year": "周?[年岁]", "h": "小时", "yuan": "元",
    "person": "[人名]",
}  # fmt: skip
"""How statutes write the units, after a number."""


def numbers() -> list[tuple[str, str, int, int, str]]:
    """Every confirmed number of the register with the article that gives it."""
    found = []
    for file in sorted(resources.files("policies.law").iterdir(), key=lambda f: f.name):
        body = tomllib.loads(file.read_text("utf-8")) if file.name.endswith(".toml") else {}
        home = body.get("statute", {}).get("key", "")
        for row in body.get("parameter", ()):
            if row.get("confirmed") and "article" in row and row.get("unit") in UNITS:
                key = row.get("statute", home)
                found.append((row["key"], key, row["article"], row["value"], row["unit"]))
    return found


@pytest.mark.parametrize("number", numbers(), ids=lambda n: n[0])
def test_a_number_of_the_law_stands_in_the_article_that_gives_it(number):
    _, key, article, value, unit = number
    text = unicodedata.normalize("NFKC", text_of(key)[str(article)])
    forms = {han(value), str(value)} | ({"两"} if value == 2 else set())
    assert any(re.search(f"{form}{UNITS[unit]}", text) for form in forms), (number, text)


# — the power list ——————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("item", ITEMS, ids=lambda p: p.code)
def test_the_amounts_of_an_item_stand_in_its_penalty_article(item):
    article = text_of(item.penalty.statute)[str(item.penalty.article)]
    ranges = [*item.range.values(), *(r for h in item.heavier for r in h.range.values())]
    for limits in (r for r in ranges if r):
        if limits.min is not None:
            assert any(m in article for m in money(int(limits.min), "以上")), (limits, article)
        if limits.max is not None:
            assert any(m in article for m in money(int(limits.max), "以下")), (limits, article)
    if item.share:
        percent = "一倍" if item.share.max == 100 else f"百分之{han(int(item.share.max))}"
        assert percent in article
        assert item.share.of in article


@pytest.mark.parametrize("item", ITEMS, ids=lambda p: p.code)
def test_an_item_without_an_amount_cites_an_article_without_one(item):
    open_ = [r for r in item.range.values() if r and r.min is None and r.max is None]
    article = text_of(item.penalty.statute)[str(item.penalty.article)]
    if open_ and not item.share:
        assert not re.search(r"[一二三四五六七八九十百千万\d]元以[上下]", article), article


@pytest.mark.parametrize("item", ITEMS, ids=lambda p: p.code)
def test_the_conditions_of_an_item_stand_in_its_penalty_article(item):
    article = text_of(item.penalty.statute)[str(item.penalty.article)]
    if item.needs_refusal:
        assert "拒不改正" in article or "逾期不改正" in article
    if item.condition:
        assert item.condition in article
    for heavier in item.heavier:
        for words in re.split("、|或者", heavier.when):
            assert words in article, words
    if item.fine_optional:
        assert re.search("可以(并处|处|对|并罚)|可并?处|可以并处|对(单位|个人)可以处", article)


@pytest.mark.parametrize("item", ITEMS, ids=lambda p: p.code)
def test_the_kinds_of_an_item_stand_in_its_penalty_article(item):
    article = text_of(item.penalty.statute)[str(item.penalty.article)]
    for kind in {*item.kinds, *(k for h in item.heavier for k in h.kinds)}:
        stem = kind.removeprefix("责令").removeprefix("没收")
        assert stem in article, (kind, article)


PARTS = re.compile(r"第([一二三四五六七八九十]+)款|第（([一二三四五六七八九十]+)）项")
ORDINAL = {han(n): n for n in range(1, 21)}


@pytest.mark.parametrize("item", ITEMS, ids=lambda p: p.code)
def test_the_paragraphs_and_items_that_are_named_are_there(item):
    for cited in (item.duty, item.penalty):
        article = text_of(cited.statute)[str(cited.article)].replace("(", "（").replace(")", "）")
        lines = [line for line in article.splitlines() if not line.startswith("（")]
        named = PARTS.findall(cited.paragraph)
        assert bool(named) == bool(cited.paragraph), cited
        for paragraph, point in named:
            assert not paragraph or ORDINAL[paragraph] <= len(lines), cited
            assert not point or f"（{point}）" in article, cited


@pytest.mark.parametrize("item", ITEMS, ids=lambda p: p.code)
def test_what_an_item_is_called_is_said_in_the_words_of_its_articles(item):
    said = "".join(text_of(c.statute)[str(c.article)] for c in (item.duty, item.penalty))
    named = pairs(item.title)
    assert len(named & pairs(said)) >= len(named) / 2, (item.title, said)
