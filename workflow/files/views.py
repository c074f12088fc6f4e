"""预览 — has a file looked at in a process of its own, and keeps what that drew beside the original.

A preview is made once and can be made again; where none can be made, the page shows a word instead.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workflow.files.kinds import HEIC, Kind
from workflow.files.look import SIZES
from workflow.files.store import Store

PATIENCE = 120
"""Seconds until whoever looks at a file is stopped: more than it takes, less than somebody waits."""

AT_ONCE = threading.BoundedSemaphore(2)
"""Looking takes memory; the others wait."""


class Faulty(Exception):
    """The file cannot be opened as what it is; the text says why, and what to do."""


def open_up(file: Path, kind: Kind, folder: Path) -> dict[str, Any]:
    """What stands in a picture or a PDF, with its previews drawn into `folder`; `Faulty` if it does not open."""
    if kind.group not in ("photo", "pdf") or kind is HEIC:
        return {}
    command = [sys.executable, "-m", "workflow.files.look", str(file), kind.media_type, str(folder)]
    try:
        with AT_ONCE:
            told = subprocess.run(
                command, capture_output=True, timeout=PATIENCE, env=_around(), check=False
            )
        answer: dict[str, Any] = json.loads(told.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        # Ended by one of its bounds, or by a fault in what reads it: nothing that we should keep opening.
        raise Faulty("打开它用的时间或者内存超出了限度，可能做过手脚；请重新导出再传") from None
    if "faulty" in answer:
        raise Faulty(answer["faulty"])
    return answer


def _around() -> dict[str, str]:
    """No secret of ours goes along."""
    kept = ("PATH", "PYTHONPATH", "LANG", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "TMPDIR")
    return {name: os.environ[name] for name in kept if name in os.environ}


@contextlib.contextmanager
def drawing(store: Store) -> Iterator[Path]:
    """A folder for what is being drawn, on the store's own disk; gone afterwards."""
    incoming = store.root / "incoming"
    incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="look-", dir=incoming) as made:
        yield Path(made)


def keep(store: Store, sha256: str, folder: Path) -> None:
    """Put what was drawn in its place."""
    for size in SIZES:
        drawn = folder / f"{size}.jpg"
        if drawn.exists():
            place = store.preview(sha256, size)
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            drawn.replace(place)


def preview(store: Store, sha256: str, kind: Kind, size: str) -> Path | None:
    """The preview, drawn now if it is not there; None where this kind, or this machine, has none."""
    place = store.preview(sha256, size)
    if place.exists():
        return place
    original = store.blob(sha256)
    if not original.exists() or not can_show(kind):
        return None
    with drawing(store) as folder:
        if kind.group == "video":
            _poster(original, folder)
        else:
            with contextlib.suppress(Faulty):
                open_up(original, kind, folder)
        keep(store, sha256, folder)
    return place if place.exists() else None


def can_show(kind: Kind) -> bool:
    """Whether this machine can draw such a file: a video needs ffmpeg, HEIC what Pillow does not have."""
    if kind.group == "video":
        return shutil.which("ffmpeg") is not None
    return kind.group in ("photo", "pdf") and kind is not HEIC


def _poster(original: Path, folder: Path) -> None:
    """One frame of a video, by ffmpeg, which may open nothing but this file."""
    for name, side in SIZES.items():
        command = [
            "ffmpeg", "-nostdin", "-loglevel", "error", "-protocol_whitelist", "file,pipe",
            "-i", str(original), "-frames:v", "1",
            "-vf", f"scale={side}:{side}:force_original_aspect_ratio=decrease",
            "-map_metadata", "-1", "-y", str(folder / f"{name}.jpg"),
        ]  # fmt: skip
        with contextlib.suppress(subprocess.TimeoutExpired, OSError), AT_ONCE:
            subprocess.run(
                command, capture_output=True, timeout=PATIENCE / 4, env=_around(), check=False
            )
