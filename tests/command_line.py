"""The command `fashen` as a test types it: what came out, and with which exit code."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True, slots=True)
class Ran:
    """One command, when it was over."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err

    @property
    def json(self) -> Any:
        """The one document on standard output."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class CommandLine:
    """`command("days", "2026-09-24", "+5wd")`; files are written beside the data directory."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def file(self, name: str, text: str) -> str:
        """A file for a command to read; its path as it is typed."""
        path = self.folder / name
        path.write_text(text, "utf-8")
        return str(path)

    def __call__(self, *words: str) -> Ran:
        # Imported late: most tests need no command line, nor what it pulls in.
        from workflow.cli import main

        self.capsys.readouterr()
        try:
            code = main(words)
        except SystemExit as ended:
            code = int(ended.code or 0)
        came = self.capsys.readouterr()
        return Ran(code, came.out, came.err)
