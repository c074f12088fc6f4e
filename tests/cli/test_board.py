"""`fashen publish board` — the board as files: whole or not at all, and nothing of what was withdrawn."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from urllib.parse import urldefrag
from xml.etree import ElementTree as ET

import pytest

from tests.builders import day, set_clock
from tests.command_line import CommandLine, Ran
from tests.notices import SECRET, Board, secrets
from workflow.cli import board as subcommand
from workflow.cli.common import complain
from workflow.errors import FashenError
from workflow.publication import pages, static_site
from workflow.publication.static_site import MARK, export

NOW = day(2026, 6, 10)


@pytest.fixture
def street(command: CommandLine, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Board:
    monkeypatch.setenv("FASHEN_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("FASHEN_SECRET_KEY", "only-for-tests-" * 3)
    made = Board(sqlite_url, now=NOW)
    made.put("k1")
    made.put("k2", **SECRET)
    return made


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "site" / "board"


def typed(capsys: pytest.CaptureFixture[str], *words: str) -> Ran:
    """The subcommand, as the command `publish` will offer it."""
    parser = argparse.ArgumentParser()
    subcommand.add(parser.add_subparsers())
    asked = parser.parse_args(["board", *words])
    try:
        code = asked.run(asked)
    except FashenError as no:
        complain(str(no))
        code = 1
    came = capsys.readouterr()
    return Ran(code, came.out, came.err)


def written(out: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(out)): file.read_bytes()
        for file in sorted(out.rglob("*"))
        if file.is_file()
    }


def test_the_command_says_what_it_wrote(street: Board, out: Path, capsys):
    street.withdraw("k2")
    ran = typed(capsys, "--out", str(out), "--json")
    assert ran.code == 0
    assert ran.json == {"out": str(out), "shown": 1, "withdrawn": 1, "files": 10}
    assert len(written(out)) == 10
    assert "公示中 1 条，已撤回 1 条" in typed(capsys, "--out", str(out)).out


def test_every_link_leads_to_a_file_and_no_page_needs_a_server(street: Board, out: Path):
    export(street.fashen, "sample", out)
    for name, body in written(out).items():
        if not name.endswith((".html", ".atom")):
            continue
        text = body.decode()
        for link in re.findall(r'(?:href|src)="([^"]*)"', text):
            path, anchor = urldefrag(link)
            assert not re.match(r"/|[a-z]+:", link), f"{name} → {link}"
            target = (out / name).parent / path if path else out / name
            assert target.is_file(), f"{name} → {link}"
            assert not anchor or f'id="{anchor}"' in target.read_text("utf-8")
        assert "<form" not in text
        assert "/login" not in text


def test_the_same_board_makes_the_same_bytes(street: Board, out: Path, tmp_path: Path):
    export(street.fashen, "sample", out)
    first = written(out)
    export(street.fashen, "sample", out)
    assert written(out) == first
    set_clock(street.fashen, day(2026, 6, 10, 23, 59))
    export(street.fashen, "sample", tmp_path / "again")
    assert written(tmp_path / "again") == first


def test_of_a_withdrawn_notice_the_reason_remains_and_of_an_ended_one_nothing(
    street: Board, out: Path
):
    withdrawn, ended = street.put("k2"), street.put("k3", **SECRET)
    export(street.fashen, "sample", out)
    assert f"decisions/{ended}.html" in written(out)
    assert any(str(SECRET["facts"]).encode() in body for body in written(out).values())
    street.withdraw("k2")
    street.end("k3")
    export(street.fashen, "sample", out)
    files = written(out)
    told = "\n".join(body.decode() for body in files.values())
    assert not [word for word in secrets() if word in told]
    assert f"decisions/{ended}.html" not in files
    assert "行政复议撤销原决定" in files[f"decisions/{withdrawn}.html"].decode()
    assert "行政复议撤销原决定" in files["index.html"].decode()
    assert [p.name for p in out.parent.iterdir()] == ["board"]


def test_long_lists_go_over_several_files(street: Board, out: Path, monkeypatch):
    monkeypatch.setattr(static_site, "SIZE", 2)
    for n in range(3, 6):
        street.put(f"k{n}")
    export(street.fashen, "sample", out)
    name, found, pages_seen = "decisions.json", [], 0
    while name:
        told = json.loads((out / name).read_text("utf-8"))
        found += [one["notice"]["key"] for one in told["notices"]]
        name, pages_seen = told["next"], pages_seen + 1
    assert (found, pages_seen, told["total"]) == (["k5", "k4", "k3", "k1", "k2"], 3, 5)
    assert 'href="index-2.html"' in (out / "index.html").read_text("utf-8")
    middle = (out / "index-2.html").read_text("utf-8")
    assert 'rel="prev" href="index.html"' in middle
    assert 'rel="next" href="index-3.html"' in middle
    assert 'rel="next"' not in (out / "index-3.html").read_text("utf-8")


def test_the_feed_of_the_files_is_xml(street: Board, out: Path):
    export(street.fashen, "sample", out)
    assert ET.parse(out / "feed.atom").getroot().tag.endswith("feed")


def test_when_it_fails_the_former_export_stands_as_it_was(street: Board, out: Path, monkeypatch):
    export(street.fashen, "sample", out)
    before = written(out)
    street.withdraw("k1")

    def no(*_: object, **__: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pages.Board, "notice", no)
    with pytest.raises(OSError, match="No space"):
        export(street.fashen, "sample", out)
    assert written(out) == before
    assert [p.name for p in out.parent.iterdir()] == ["board"]


def test_when_it_cannot_take_its_place_the_former_comes_back(street: Board, out: Path, monkeypatch):
    export(street.fashen, "sample", out)
    before, rename = written(out), Path.rename

    def once(self: Path, to: Path) -> Path:
        if (self / "index.html").exists() and "新的案由" in (self / "index.html").read_text(
            "utf-8"
        ):
            raise OSError(5, "Input/output error")
        return rename(self, to)

    street.put("k9", title="新的案由")
    monkeypatch.setattr(Path, "rename", once)
    with pytest.raises(OSError, match="Input/output"):
        export(street.fashen, "sample", out)
    assert written(out) == before


def test_a_folder_with_something_else_in_it_is_not_touched(street: Board, out: Path, capsys):
    out.mkdir(parents=True)
    (out / "letter.txt").write_text("mine")
    ran = typed(capsys, "--out", str(out))
    assert ran.code == 1
    assert "没有动它" in ran.err
    assert written(out) == {"letter.txt": b"mine"}
    (out / "letter.txt").unlink()
    assert typed(capsys, "--out", str(out)).code == 0
    assert MARK in written(out)


def test_what_a_killed_run_left_is_cleared_away(street: Board, out: Path):
    left = out.parent / ".board.fashen-abc"
    left.mkdir(parents=True)
    (left / "old.html").write_text("withdrawn since")
    other = out.parent / ".board2.fashen-abc"
    other.mkdir()
    export(street.fashen, "sample", out)
    assert (left.exists(), other.exists()) == (False, True)


def test_an_empty_board_is_a_site_too(command: CommandLine, sqlite_url: str, out: Path):
    empty = Board(sqlite_url, now=NOW)
    assert export(empty.fashen, "sample", out).shown == 0
    assert "现在没有公示中的行政处罚决定" in (out / "index.html").read_text("utf-8")
    assert json.loads((out / "decisions.json").read_text("utf-8"))["notices"] == []
