"""An article as an officer writes it in a form."""

from __future__ import annotations

import pytest

from policies.lawbook import han
from workflow.web.pages.citations import number, read, read_all


@pytest.mark.parametrize(
    "line",
    [
        "《行政处罚法》第六十三条第一款",
        "行政处罚法第六十三条第一款",
        "《中华人民共和国行政处罚法》第 63 条 第一款",
        "APL 63 第一款",
        "APL 63条第一款",
    ],
)
def test_every_way_of_writing_an_article_reads_the_same(line: str):
    assert read(line) == {"statute": "APL", "article": 63, "paragraph": "第一款"}


def test_a_law_that_the_register_does_not_hold_keeps_its_printed_name():
    found = read("《示例市扬尘管理办法》第八十七条第（二）项")
    assert found == {"statute": "示例市扬尘管理办法", "article": 87, "paragraph": "第（二）项"}


@pytest.mark.parametrize(
    "line", ["行政处罚法", "第六十三条", "《行政处罚法》第条", "见附件", "APL 0"]
)
def test_what_names_no_law_or_no_article_is_not_read(line: str):
    assert read(line) is None


def test_each_unreadable_line_is_named():
    found, unread = read_all(["《行政处罚法》第六十三条", "见附件"])
    assert found[0]
    assert found[1] is None
    assert [said.split("”")[0] for said in unread] == ["“见附件"]


def test_every_article_number_reads_back_as_the_law_prints_it():
    assert all(number(han(n)) == n for n in range(1, 2001))
    assert number("六三") == 0
    assert number("条") == 0
