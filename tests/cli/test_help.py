"""`fashen --help`: what is advertised is there, and what is typed wrongly is answered with what is right."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMANDS = (
    "serve", "demo", "init", "scenario", "do", "map", "policies", "explain", "days", "deadlines",
    "ledger", "law", "token", "calendar", "messages", "doctor", "sweep",
)  # fmt: skip


def advertised(help: str) -> list[str]:
    return re.findall(r"^    (\w+)  ", help, re.MULTILINE)


def test_help_names_every_command_and_each_has_a_help_of_its_own(command):
    ran = command("--help")

    assert ran.code == 0
    told = advertised(ran.out)
    assert set(told) >= set(COMMANDS)
    for name in told:
        own = command(name, "--help")
        assert own.code == 0
        assert own.out.startswith(f"用法：fashen {name}")


def test_no_sentence_of_the_program_sends_people_to_a_command_that_does_not_exist(command):
    told = advertised(command("--help").out)
    sentences = "".join(f.read_text("utf-8") for f in (ROOT / "workflow").rglob("*.py"))

    named = set(re.findall(r"fashen ([a-z]+)\b", sentences))
    assert named >= {"serve", "token", "explain"}
    assert named - set(told) == set()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (["secnario"], "没有“secnario”，最接近的是“scenario”"),
        ([], "没有写 COMMAND"),
        (["token"], "没有写 PERSON"),
        (["days", "2026-09-24"], "没有写 +N"),
        (["doctor", "--depe"], "不认识 --depe"),
        (["do", "close", "--by"], "--by 后面要写一个值"),
        (["do", "close", "--by", "head", "--version", "x"], "--version 要写成整数，写的是“x”"),
        (["ledger", "shwo"], "最接近的是“show”"),
    ],
)
def test_wrong_usage_exits_with_2_and_one_sentence(command, typed, words):
    ran = command(*typed)

    assert ran.code == 2
    assert ran.out == ""
    assert words in ran.err
    assert ran.err.count("\n") == 1


def test_a_wrong_setting_is_refused_with_its_name_and_the_cure(command, monkeypatch):
    monkeypatch.setenv("FASHEN_SECRET_KEY", "short")
    ran = command("doctor")

    assert ran.code == 1
    assert "FASHEN_SECRET_KEY" in ran.err
    assert "至少 32 个字符" in ran.err
    assert not command.data.exists()


def test_a_database_that_does_not_answer_is_said_in_one_sentence(command, monkeypatch):
    monkeypatch.setenv(
        "FASHEN_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=2"
    )
    ran = command("doctor")

    assert ran.code == 1
    assert ran.err.startswith("数据库打不开或者正忙")
    assert ran.err.count("\n") == 1


def test_a_data_directory_that_cannot_be_made_is_said_in_one_sentence(command, monkeypatch):
    command.file("taken", "")
    monkeypatch.setenv("FASHEN_DATA_DIR", str(command.folder / "taken" / "data"))
    ran = command("doctor")

    assert ran.code == 1
    assert ran.err.startswith("读写文件失败")
    assert ran.err.count("\n") == 1


def test_bytes_that_are_no_text_are_refused(command):
    ran = command("explain", "\udcff")

    assert ran.code == 2
    assert "不是 UTF-8" in ran.err


def test_a_reader_who_has_seen_enough_ends_it_quietly(command):
    shell = f"{sys.executable} -c 'import sys; from workflow.cli import main; sys.exit(main())' policies"
    ran = subprocess.run(
        ["bash", "-c", f"{shell} --coverage | head -1; exit ${{PIPESTATUS[0]}}"],
        cwd=command.folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
    )  # fmt: skip

    assert ran.stderr == ""
    assert ran.stdout.startswith("R001")
