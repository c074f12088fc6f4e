"""`fashen init` — an office file becomes the office; a malformed one is refused with its line."""

from __future__ import annotations

from importlib import resources

import pytest

SAMPLE = (resources.files("workflow.sample") / "office.yaml").read_text("utf-8")


def changed(before: str, after: str) -> tuple[str, int]:
    """The sample office with one line changed, and that line's number."""
    assert before in SAMPLE
    return SAMPLE.replace(before, after, 1), SAMPLE[: SAMPLE.index(before)].count("\n") + 1


def test_an_office_file_is_loaded_from_its_path(command):
    text, _ = changed("office: sample", "office: ours")
    ran = command("init", "--office", command.file("office.yaml", text))

    assert ran.code == 0
    assert "（ours）第 1 版。" in ran.out
    assert "人员 14 人" in ran.out
    assert command("explain").out == "还没有案件。\n"


def test_numbers_that_nobody_has_confirmed_are_told(command):
    out = command("init").out

    assert "还没有人确认的数字" in out
    assert "statement_defence.period" in out
    assert "5 个工作日（参照市场监督管理行政处罚流程）" in out
    assert "hearing.threshold.*" in out


def test_the_same_file_again_changes_nothing_and_a_changed_one_is_a_new_version(command):
    assert "第 1 版" in command("init").out
    assert "没有变化，仍是第 1 版" in command("init").out
    text, _ = changed("张衡", "张恒")
    file = command.file("office.yaml", text)
    assert "已载入示例街道办事处（sample）第 2 版。" in command("init", "--office", file).out
    assert "没有变化，仍是第 2 版" in command("init", "--office", file).out


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("valid_from: 2020-01-01", "valid_from: 很久以前", "valid_from"),
        ("superior:", "supreior:", "没有这一栏"),
        ("roles: [clerk]", "roles: [clark]", "roles"),
        ("people:", "people: [", "不是合格的 YAML"),
    ],
)
def test_a_malformed_file_is_one_sentence_with_the_line_and_makes_nothing(
    command, before, after, words
):
    text, line = changed(before, after)
    ran = command("init", "--office", command.file("office.yaml", text))

    assert (ran.code, ran.out) == (1, "")
    assert words in ran.err
    if words != "不是合格的 YAML":  # an open bracket shows only where something else begins
        assert f"第 {line} 行" in ran.err
    assert "第 " in ran.err
    assert "Traceback" not in ran.err
    assert not command.data.exists()


def test_a_person_who_stands_twice_is_named(command):
    text, _ = (
        changed("id: li,", "id: zhang,")
        if "id: li," in SAMPLE
        else changed("id: li\n", "id: zhang\n")
    )

    assert "zhang 出现了两次" in command("init", "--office", command.file("o.yaml", text)).err


def test_a_file_that_is_not_there_is_said(command):
    ran = command("init", "--office", "nowhere.yaml")

    assert (ran.code, ran.out) == (1, "")
    assert "nowhere.yaml：没有这个文件" in ran.err
    assert not command.data.exists()
