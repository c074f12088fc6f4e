"""Every confirmed length of the law register stands in the article that it cites, where the texts are at hand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from policies.lawbook import han, register
from workflow import lawtexts

TEXTS = Path(__file__).resolve().parents[3] / "shared" / "law"
WORDS = {
    "d": ("日",), "wd": ("日", "个工作日"), "mo": ("个月",), "year": ("年", "周岁"), "h": ("小时",)
}  # fmt: skip

DIGITS = r"\d零一二三四五六七八九十百千"

pytestmark = pytest.mark.skipif(
    not TEXTS.is_dir(), reason=f"cross-check only: {TEXTS} is not beside this checkout"
)


def numbers() -> Iterator[tuple[str, dict[str, Any]]]:
    """The statute and the row of every confirmed period of the register."""
    for file in resources.files("policies.law").iterdir():
        if file.name.endswith(".toml"):
            body = tomllib.loads(file.read_text("utf-8"))
            for row in body.get("parameter", ()):
                key = row.get("statute", body.get("statute", {}).get("key", ""))
                if row.get("confirmed") and row.get("unit") in WORDS and "article" in row:
                    yield key, row


def article(key: str, no: int) -> str | None:
    """The text of an article, or None when the statute's text is not there."""
    name = register().statutes[key].name
    short = register().statutes[key].short
    for file in sorted(TEXTS.glob("*.md")):
        title = file.name.split("(")[0].removeprefix("最高法-")
        if title and (title in name or title in short or name.endswith(title)):
            found = lawtexts.split(lawtexts.read(file))
            if str(no) in found:
                return found[str(no)]
    if key == "ALI":
        file = TEXTS / "最高法-适用行政诉讼法的解释(2018).md"
        return lawtexts.split(lawtexts.read(file)).get(str(no))
    return None


@pytest.mark.parametrize(
    ("key", "row"), list(numbers()), ids=lambda x: x["key"] if isinstance(x, dict) else x
)
def test_the_article_gives_the_length_that_the_register_says(key, row):
    text = article(key, row["article"])
    if text is None:
        pytest.skip(f"the text of {key} is not among those at hand")
    wanted = {spelt + word for spelt in spellings(row["value"]) for word in WORDS[row["unit"]]}
    printed = normalize("NFKC", text)  # some print ３ for 3
    # 三日 must not be found in 十三日.
    said = re.search(rf"(?<![{DIGITS}])(?:{'|'.join(sorted(wanted))})", printed)
    assert said, (row["key"], wanted, text)


def spellings(value: int) -> set[str]:
    """As a text may print it; two is 二 or 两."""
    return {han(value), str(value), *(["两"] if value == 2 else [])}


def test_the_rate_of_the_addition_and_its_limit_stand_in_the_articles_too():
    text = article("APL", 72)
    assert text is not None
    assert "每日" in text
    assert "百分之三" in text
    assert "不得超出罚款的数额" in text
    law = register().on(register().statutes["APL"].in_force)
    assert (law["late_penalty.rate"].value, law["late_penalty.cap"].value) == (30, 100)
    assert "不得超出金钱给付义务的数额" in (article("AEL", 45) or "")


@pytest.mark.parametrize(
    ("key", "no", "says"),
    [
        ("APL", 85, "工作日"),
        ("AEL", 69, "十日以内"),
        ("ARL", 88, "是指工作日"),
    ],
)
def test_the_articles_that_make_days_working_days_are_what_the_units_rest_on(key, no, says):
    assert says in (article(key, no) or "")
    for statute, row in numbers():
        if statute == key and row["unit"] in ("d", "wd"):
            short = {"APL": (2, 3, 5, 7), "AEL": range(1, 11), "ARL": (3, 5, 7, 10)}[key]
            assert (row["unit"] == "wd") is (row["value"] in short), row["key"]
