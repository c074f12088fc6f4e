"""Files that are there whole or not at all, whoever dies while writing them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from workflow.failpoints import failpoint


def name_of(key: str) -> str:
    """A file name for any key."""
    return hashlib.sha256(key.encode()).hexdigest()[:24]


def write(target: Path, body: bytes) -> None:
    """The same bytes again change nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists() and target.read_bytes() == body:
        return
    for left in target.parent.glob(f"{target.stem}.*.part"):
        left.unlink(missing_ok=True)  # of one who died over it
    fresh = target.with_suffix(f".{os.getpid()}.part")
    with fresh.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    failpoint("publish.before_rename")
    fresh.replace(target)
    _sync(target.parent)


def _sync(folder: Path) -> None:
    """Make the new name durable too, not only the bytes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
