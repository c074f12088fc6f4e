"""`fashen publish` — how each decision stands on the platforms, and the platform's list beside it."""

from __future__ import annotations

import pytest

from tests.builders import a_case, document_of

NUMBER = "示街罚决〔2025〕001号"


@pytest.fixture
def published(office) -> str:
    return a_case(office, "in_effect", publish=True)


def test_a_decision_with_its_receipt_is_listed(office, command, published):
    receipt = document_of(office, published)["publication"]["receipt"]
    [row] = command("publish", "list", "--json").json
    assert (row["state"], row["receipt"], row["version"]) == ("confirmed", receipt, 1)
    assert "已有回执" in command("publish", "list").out
    assert command("publish", "list", "--platform", "http").out == "没有报送过的决定。\n"


def test_a_list_that_agrees_ends_well(office, command, published):
    ran = command("publish", "reconcile", command.file("list.csv", f"文号\n{NUMBER}\n"))
    assert (ran.code, ran.out) == (0, "系统 1 件，平台 1 件，一致。\n")


def test_a_list_that_differs_ends_with_1_and_names_what(office, command, published):
    list = command.file("list.csv", f"文号,罚款金额\n{NUMBER},7\n别的〔2025〕1号,1\n")
    ran = command("publish", "reconcile", list)
    assert ran.code == 1
    assert "系统 1 件，平台 2 件，差：只在平台的 1 件（别的〔2025〕1号）" in ran.out
    assert "罚款金额（万元）：系统 0.100000，平台 7" in ran.out
    told = command("publish", "reconcile", list, "--json")
    assert (told.code, told.json["agrees"]) == (1, False)
    assert told.json["only_there"] == ["别的〔2025〕1号"]


@pytest.mark.parametrize(
    ("words", "said"),
    [(("reconcile",), "没有写 FILE"), (("reconcile", "x.csv", "--settle"), "写明 --by")],
)
def test_what_is_missing_is_said(office, command, words, said):
    ran = command("publish", *words)
    assert (ran.code, said in ran.err) == (2, True)


def test_a_list_that_cannot_be_read_is_said(office, command):
    ran = command("publish", "reconcile", "nowhere.csv")
    assert ran.code == 1
    assert "核对路径" in ran.err


def test_the_board_is_written_as_files(office, command, published, tmp_path):
    ran = command("publish", "board", "--out", str(tmp_path / "site"), "--json")
    assert (ran.code, ran.json["shown"]) == (0, 1)
    assert (tmp_path / "site" / "index.html").exists()


def test_a_file_that_is_no_document_is_refused_in_words(office, command, tmp_path):
    ran = command(
        "publish", "clean", command.file("x.docx", "no document"), "-o", tmp_path / "y.docx"
    )
    assert ran.code == 1
    assert "没有" in ran.err
    assert not (tmp_path / "y.docx").exists()
