"""`fashen publish clean` — a copy of a file without its metadata."""

from __future__ import annotations

import argparse
import io

import pytest
from PIL import Image

from workflow.cli import cleaning
from workflow.publication.metadata import NotCleaned

SECRET = "zhangsan-secret"


def photograph() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = SECRET
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    cleaning.add(parser.add_subparsers(dest="action", required=True))
    asked = parser.parse_args(["clean", *words])
    return int(asked.run(asked))


def test_the_command_writes_a_copy_and_leaves_the_original(tmp_path, capsys):
    source, out = tmp_path / "现场.jpg", tmp_path / "公开.jpg"
    source.write_bytes(photograph())

    assert run(str(source), "-o", str(out)) == 0

    assert SECRET.encode() in source.read_bytes()
    assert SECRET.encode() not in out.read_bytes()
    assert "原件没有改动" in capsys.readouterr().out


def test_the_command_writes_over_nothing(tmp_path, capsys):
    source = tmp_path / "现场.jpg"
    source.write_bytes(photograph())

    assert run(str(source), "-o", str(source)) == 2

    assert SECRET.encode() in source.read_bytes()
    assert "没有覆盖" in capsys.readouterr().err


def test_the_command_writes_nothing_of_a_file_that_is_refused(tmp_path):
    source, out = tmp_path / "现场.jpg", tmp_path / "公开.jpg"
    source.write_bytes(b"GIF89a")

    with pytest.raises(NotCleaned):
        run(str(source), "-o", str(out))

    assert not out.exists()
