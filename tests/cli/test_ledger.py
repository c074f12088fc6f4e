"""`fashen ledger` — show, export, verify, and against an older export."""

from __future__ import annotations

import json
from pathlib import Path

import sqlalchemy as sa

from tests.builders import a_case, a_photo, take
from tests.recordings import uploaded
from workflow import models
from workflow.files import uploads


def test_show_tells_a_case_in_words_and_as_json(office, command):
    case = a_case(office, "investigating")
    rows = command("ledger", "show", case, "--json").json
    lines = command("ledger", "show", case).out.splitlines()

    assert [r["seq"] for r in rows] == list(range(1, len(rows) + 1))
    assert rows[0]["verb"] == "register_lead"
    assert len(lines) == len(rows)
    assert "2025-01-06 09:00" in lines[0]
    assert "登记线索" in lines[0]
    assert "→ 线索 lead" in lines[0]
    assert lines[0].endswith(rows[0]["hash"][:8])


def test_show_wants_a_case_that_is_there(office, command):
    assert command("ledger", "show").code == 2
    ran = command("ledger", "show", "nope")
    assert ran.code == 1
    assert "没有编号为“nope”的案件" in ran.err


def test_export_writes_one_line_an_entry_and_says_where(office, command):
    case = a_case(office, "investigating")
    ran = command("ledger", "export", "ledger.jsonl")

    lines = [json.loads(n) for n in Path("ledger.jsonl").read_text("utf-8").splitlines()]
    entries = [n for n in lines if "body" in n]
    assert f"已导出 {len(entries)} 条到 ledger.jsonl。" in ran.out
    assert [n["stands"] for n in lines if "stands" in n] == [case]
    assert command("ledger", "export").out == Path("ledger.jsonl").read_text("utf-8")
    assert command("ledger", "export", "again.jsonl", "--json").json == {
        "file": "again.jsonl",
        "entries": len(entries),
    }


def test_export_to_a_place_that_cannot_be_written_is_said(office, command):
    ran = command("ledger", "export", "nowhere/ledger.jsonl")

    assert ran.code == 1
    assert ran.err.startswith("读写文件失败")
    assert ran.err.count("\n") == 1


def test_verify_finds_nothing_in_an_untouched_record_and_the_edit_in_an_edited_one(office, command):
    case = a_case(office, "investigating")
    assert command("ledger", "verify").code == 0
    assert command("ledger", "verify", "--json").json["ok"] is True

    with office.engine.begin() as tx:
        body = models.ledger.c.body
        tx.execute(
            models.ledger.update()
            .where(models.ledger.c.case_id == case, models.ledger.c.seq == 1)
            .values(body=sa.func.replace(body, "巡查", "举报"))
        )
    ran = command("ledger", "verify", "--json")
    assert ran.code == 1
    assert ran.json["ok"] is False
    assert any(case in fault and "第 1 条" in fault for fault in ran.json["faults"])


def test_against_an_older_export_a_record_may_only_have_grown(office, command):
    case = a_case(office, "investigating")
    command("ledger", "export", "old.jsonl")
    take(office, "zhang", "order_correction", case, content="立即熄灭")
    command("ledger", "export", "new.jsonl")

    assert command("ledger", "verify", "--against", "old.jsonl").code == 0
    assert command("ledger", "verify", "new.jsonl", "--against", "old.jsonl").code == 0
    shrunk = command("ledger", "verify", "old.jsonl", "--against", "new.jsonl")
    assert shrunk.code == 1
    assert "从前导出时有，现在没有了" in shrunk.out


def test_a_file_that_is_no_export_is_said_with_its_line(command):
    (command.folder / "gbk").write_bytes("法制审核".encode("gb18030"))
    for name, words in (
        (command.file("words", "不是大事记\n"), "第 1 行不是导出的大事记"),
        (command.file("number", "1\n"), "第 1 行不是导出的大事记"),
        ("gbk", "不是 UTF-8"),
        ("nowhere", "读不了 nowhere"),
        (".", "读不了 ."),
    ):
        ran = command("ledger", "verify", name)
        assert (ran.code, ran.out) == (1, "")
        assert words in ran.err
        assert ran.err.count("\n") == 1


def test_verify_reads_every_byte_of_the_files_here_and_beside_an_export(
    office, command, monkeypatch
):
    monkeypatch.setenv("FASHEN_FILES_DIR", str(office.settings.files))
    case = a_case(office, "investigating")
    upload = uploaded(office, case)
    files = [{"file": upload.id}]
    take(office, "zhang", "add_evidence", case, files=files, **a_photo(place="村西", maker="张明"))
    command("ledger", "export", "then.jsonl")
    blob = uploads.store_of(office).blob(upload.sha256)
    copied = Path("copied") / upload.sha256[:2] / upload.sha256[2:]
    copied.parent.mkdir(parents=True)
    copied.write_bytes(blob.read_bytes())

    assert command("ledger", "verify", "--files").code == 0
    assert command("ledger", "verify", "then.jsonl", "--files", "copied").code == 0
    assert "要写证据文件所在的目录" in command("ledger", "verify", "then.jsonl", "--files").err
    assert "没有证据文件的目录" in command("ledger", "verify", "--files", "nowhere").err

    blob.chmod(0o600)
    blob.write_bytes(blob.read_bytes()[:-1] + b"x")
    assert command("ledger", "verify").code == 0  # the ledger itself is whole
    ran = command("ledger", "verify", "--files")
    assert ran.code == 1
    assert "被改动或者调换过" in ran.out
    assert "被改动或者调换过" in command("doctor", "--deep").out
    copied.unlink()
    assert "文件不见了" in command("ledger", "verify", "then.jsonl", "--files", "copied").out
