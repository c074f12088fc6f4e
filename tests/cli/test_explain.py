"""`fashen explain` — what can be done with a case, and for the rest why not, by which article, how cured."""

from __future__ import annotations

import re

import pytest

from tests.builders import a_case, everything, row_of


def test_without_a_case_it_lists_them(office, command):
    assert command("explain").out == "还没有案件。\n"
    assert command("explain", "--json").json == []
    case = a_case(office, "investigating")

    ran = command("explain")
    number = row_of(office, case)["number"]
    assert ran.code == 0
    assert number in ran.out
    assert "取证 · 调查取证" in ran.out
    assert [c["id"] for c in command("explain", "--json").json] == [case]


@pytest.mark.parametrize("name", ["id", "number", "beginning"])
def test_a_case_is_found_by_id_by_number_and_by_the_beginning_of_its_id(office, command, name):
    case = a_case(office, "investigating")
    typed = {"id": case, "number": row_of(office, case)["number"], "beginning": case[:8]}[name]

    assert command("explain", typed, "--json").json["id"] == case


def test_a_beginning_that_two_cases_share_is_asked_back(office, command):
    ids = iter(["aaaa0000-1", "aaaa0000-2"])
    office.new_id = lambda: next(ids)
    for _ in range(2):
        a_case(office, "lead")

    ran = command("explain", "aaaa")
    assert ran.code == 1
    assert "对应 2 件案件，请写完整的编号" in ran.err
    assert command("explain", "aaaa0000-1").code == 0


@pytest.mark.parametrize("name", ["%", "_", "aaa_"])
def test_what_a_database_takes_for_a_pattern_is_taken_as_it_is(office, command, name):
    office.new_id = lambda: "aaaa0000"
    a_case(office, "lead")

    assert f"没有编号为“{name}”的案件" in command("explain", name).err


def test_what_is_refused_says_why_which_article_how_and_by_whom_it_is_cured(office, command):
    case = a_case(office, after="serve_decision")
    ran = command("explain", case, "--by", "head")

    assert ran.code == 0
    lines = ran.out.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("  不能办　结案 close"))
    assert lines[at + 1].startswith("      1. ")
    assert lines[at + 2].startswith("         依据：《行政处罚法》")
    assert lines[at + 3].startswith("         如何补正：")
    assert "由谁办：" in lines[at + 3]
    assert "期限 缴款" in ran.out


def test_moves_of_others_name_who_can_make_them(office, command):
    case = a_case(office, "filing")

    assert (
        "批准立案 approve_filing（由顾明、陆承泽办）"
        in command("explain", case, "--by", "zhang").out
    )
    assert "批准立案 approve_filing\n" in command("explain", case, "--by", "head").out


def test_json_has_the_case_its_moves_with_findings_and_its_history(office, command):
    case = a_case(office, after="serve_decision")
    told = command("explain", case, "--by", "head", "--json").json

    assert (told["state"], told["phase"]) == ("in_effect", "公示")
    close = next(m for m in told["moves"] if m["verb"] == "close")
    assert (close["verdict"], close["yours"]) == ("refused", True)
    assert {"id", "rule", "outcome", "cite", "reason", "remedy"} <= set(close["findings"][0])
    assert told["history"][0]["verb"] == "register_lead"


def test_it_changes_nothing(office, command):
    case = a_case(office, after="serve_notice")
    before = everything(office)
    command("explain", case)
    assert everything(office) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [(["nope"], "没有编号为“nope”的案件"), (["x", "--by", "zhnag"], "最接近的是“zhang”")],
)
def test_what_is_not_there_is_said(office, command, words, said):
    ran = command("explain", *words)

    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err


# — until when others can still go on —————————————————————————————————————————————————————


def test_after_service_it_says_until_when_the_party_can_go_to_review_and_to_court(office, command):
    ran = command("explain", a_case(office, after="serve_decision"))
    told = ran.out[ran.out.index("期间：") :]
    assert re.search(r"申请复议\s+至 \d{4}-\d\d-\d\d\s", told)
    assert re.search(r"提起诉讼\s+至 \d{4}-\d\d-\d\d\s", told)
    assert "《行政复议法》第二十条" in told
    assert not re.search(r"^  缴款", told, re.M), "that is a deadline of the case, told above"


def test_before_service_no_such_period_is_told_and_machines_get_all_of_them(office, command):
    case = a_case(office, "investigating")
    assert "期间：" not in command("explain", case).out
    assert [p["id"] for p in command("explain", case, "--json").json["periods"]] == ["decision"]

    served = command("explain", a_case(office, after="serve_decision"), "--json").json["periods"]
    assert [p["id"] for p in served] == ["decision", "payment", "review", "suit", "court_window"]
    assert all(p["ends"] for p in served)
