"""`fashen law` — import official texts, show them beside the summaries, and hold every citation against them."""

from __future__ import annotations

import pytest

from policies.lawbook import register

TEXT = "中华人民共和国示例法\n第一条　示例第一条。\n第二条　示例第二条。\n第二条之一　示例之一。\n"


def test_show_without_a_name_lists_every_statute(office, command):
    rows = command("law", "show", "--json").json
    lines = command("law", "show").out.splitlines()

    assert [r["key"] for r in rows] == list(register().statutes)
    assert [line.split()[0] for line in lines] == [r["key"] for r in rows]
    air = next(line for line in lines if line.startswith("APPL-AIR"))
    assert "2026-08-15 起废止" in air
    assert "未导入" in air


def test_show_puts_the_official_text_beside_our_summary(office, command):
    before = command("law", "show", "APL", "58").out
    assert "摘要：" in before
    assert "（没有导入正式文本）" in before

    ran = command("law", "import", "APL", command.file("法.txt", TEXT))
    assert ran.code == 0
    assert "3 条" in ran.out
    shown = command("law", "show", "APL", "2", "--json").json
    assert [r["text"] for r in shown] == ["示例第二条。"]
    assert "示例之一。" in command("law", "show", "APL", "2-1").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["APX"], "登记簿没有“APX”，最接近的是“APL”"),
        (["APL", "999"], "只有 86 条，没有第 999 条"),
        (["APL", "87"], "只有 86 条，没有第 87 条"),
        (["APL", "0"], "第几条要写成数字"),
        (["APL", "五十八"], "第几条要写成数字"),
    ],
)
def test_a_statute_or_an_article_that_is_not_there_is_said(office, command, words, said):
    ran = command("law", "show", *words)

    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err


def test_the_last_article_is_there(office, command):
    assert command("law", "show", "APL", "86").code == 0


def test_check_fails_where_an_imported_text_contradicts_a_citation(office, command):
    untold = command("law", "check", "--json")
    assert (untold.code, untold.json["wrong"]) == (0, [])
    assert any("行政处罚法" in line for line in untold.json["not_imported"])

    command("law", "import", "APL", command.file("法.txt", TEXT))
    told = command("law", "check")
    assert told.code == 1
    assert "处援引有误" in told.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["import"], 2, "请写代号和文件"),
        (["import", "APL"], 2, "请写代号和文件"),
        (["import", "APL", "nowhere.txt"], 1, "读不了 nowhere.txt"),
        (["import", "APX", "law.txt"], 1, "APX"),
        (["import", "APL", "empty.txt"], 1, ""),
        (["import", "APL", "fake.docx"], 1, ""),
    ],
)
def test_a_file_that_is_no_statute_is_not_imported(office, command, words, code, said):
    command.file("law.txt", TEXT)
    command.file("empty.txt", "")
    command.file("fake.docx", "no zip")
    ran = command("law", *words)

    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert all(row["imported"] == 0 for row in command("law", "show", "--json").json)
