"""静态公示栏 — the board as files, for an office that may not put a server before the public.

The pages are those of the served board, with links from file to file and without what needs an answer: the
search and the sign-in. They are made anew each time, so that of a withdrawn notice only its reason remains
and of an ended one no file; the same board on the same day makes the same bytes.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from workflow.database import reading
from workflow.errors import FashenError
from workflow.program import Fashen
from workflow.publication import board
from workflow.publication.board import EVERYTHING, Asked, Line, Page
from workflow.publication.pages import STYLES, Board, Links, style_folder
from workflow.times import beijing

SIZE = 100
"""Notices on one page: without a search, readers look through pages."""

MARK = ".fashen-board"
"""Says that a folder is ours to replace."""


class NotReplaced(FashenError):
    """The folder was left as it was."""

    title = "没有导出"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: notices that are shown, notices that were withdrawn, files in all."""

    shown: int
    withdrawn: int
    files: int


@dataclass(frozen=True, slots=True)
class FileLinks(Links):
    """From one file to another; `up` leads from its folder to the top."""

    up: str = ""

    def index(self, asked: Asked | None = None, **place: int) -> str:
        return f"{self.up}index.html"

    def notice(self, slug: str) -> str:
        return f"{self.up}decisions/{slug}.html"

    def about(self) -> str:
        return f"{self.up}about.html"

    def feed(self) -> str:
        return f"{self.up}feed.atom"

    def json(self, asked: Asked | None = None, **place: int) -> str:
        return f"{self.up}decisions.json"

    def static(self, name: str) -> str:
        return f"{self.up}static/{name}"

    @property
    def served(self) -> bool:
        return False


def export(fashen: Fashen, office: str, out: Path) -> Exported:
    """Write the board of this office to the folder `out`, whole or not at all.

    A folder that an export has made is replaced; any other that holds something is refused. Between the two
    renames of a replacement there is no folder for an instant; who copies it elsewhere should wait for the end.
    """
    out = out.resolve()
    _check(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    for left in out.parent.glob(f".{out.name}.fashen-*"):
        shutil.rmtree(left)  # of a run that was killed; it may hold what has been withdrawn since
    made = Path(tempfile.mkdtemp(prefix=f".{out.name}.fashen-", dir=out.parent))
    try:
        told = _write(fashen, office, made)
        made.chmod(0o755)  # a web server under another name must read it
        _replace(out, made)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return told


def _check(out: Path) -> None:
    if not out.exists() or (out / MARK).is_file():
        return
    if not out.is_dir() or any(out.iterdir()):
        raise NotReplaced(
            f"{out} 不是公示栏导出的文件夹，里面有别的内容，没有动它；请换一个空的或者还不存在的文件夹。"
        )


def _replace(out: Path, made: Path) -> None:
    if not out.exists():
        made.rename(out)
        return
    former = Path(tempfile.mkdtemp(prefix=f".{out.name}.fashen-", dir=out.parent))
    os.replace(out, former)
    try:
        made.rename(out)
    except OSError:
        with contextlib.suppress(OSError):
            former.rename(out)
        raise
    shutil.rmtree(former)


def _write(fashen: Fashen, office: str, folder: Path) -> Exported:
    today = beijing(fashen.clock()).date()
    with reading(fashen.engine) as tx:
        bureau = fashen.bureau(tx, office)
        changed = board.changed_on(tx, office)
        lines = list(board.every(tx, office, today))
        newest = board.newest(tx, office, today)
    top = Board(bureau.office, FileLinks(office), changed)
    below = Board(bureau.office, FileLinks(office, up="../"), changed)
    files = {
        MARK: f"{bureau.office.name}行政处罚公示栏\n".encode(),
        "about.html": top.about(bureau.law, today),
        "feed.atom": top.feed(newest),
        **{
            f"static/{name}": (style_folder() / name).read_bytes() for name in (*STYLES, "icon.svg")
        },
        **_lists(top, lines),
    }
    for place in ("static", "decisions"):
        (folder / place).mkdir()
    for name, body in files.items():
        (folder / name).write_bytes(body)
    for line in lines:
        (folder / "decisions" / f"{line.slug}.html").write_bytes(below.notice(line))
    shown = sum(1 for line in lines if line.notice is not None)
    return Exported(shown, len(lines) - shown, len(files) + len(lines))


def _lists(top: Board, lines: list[Line]) -> dict[str, bytes]:
    """The list in pages, as HTML and as JSON."""
    parts = [lines[n : n + SIZE] for n in range(0, len(lines), SIZE)] or [[]]
    html = [f"index{_nth(n)}.html" for n in range(len(parts))]
    data = [f"decisions{_nth(n)}.json" for n in range(len(parts))]
    files: dict[str, bytes] = {}
    for n, part in enumerate(parts):
        last = n == len(parts) - 1
        files[html[n]] = top.index(
            Page(tuple(part), len(lines)),
            EVERYTHING,
            newer=html[n - 1] if n else "",
            older="" if last else html[n + 1],
        )
        files[data[n]] = top.json(part, total=len(lines), next="" if last else data[n + 1])
    return files


def _nth(n: int) -> str:
    return f"-{n + 1}" if n else ""
