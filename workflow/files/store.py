"""存放 — the bytes under their own SHA-256, never half-written, read-only, each once however often it came.

Several web processes, on one machine or on many, share one folder; nothing in it is named by a person.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from workflow.failpoints import failpoint
from workflow.files.refused import Busy, NoRoom, WrongOffset

RESERVE = 256 * 1024 * 1024
"""Bytes that stay free for the database, whatever is uploaded."""

BLOCK = 1024 * 1024


class Store:
    """One folder: `ab/cdef…` the originals, `incoming` what is still coming, `previews` what can be made again."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def blob(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError(f"not a SHA-256: {sha256!r}")
        return self.root / sha256[:2] / sha256[2:]

    def part(self, id: str) -> Path:
        return self.root / "incoming" / f"{id}.part"

    def preview(self, sha256: str, size: str) -> Path:
        return self.root / "previews" / sha256[:2] / f"{sha256[2:]}-{size}.jpg"

    def has(self, sha256: str, size: int) -> bool:
        """Whether the original is there and as long as it must be; its bytes are not read."""
        try:
            found = self.blob(sha256).lstat()
        except OSError:
            return False
        return found.st_size == size

    def received(self, id: str) -> int:
        """How much of an upload has come."""
        try:
            return self.part(id).stat().st_size
        except OSError:
            return 0

    def room_for(self, size: int) -> None:
        """`NoRoom` if the disk would be full with so much more."""
        _folder(self.root)
        if shutil.disk_usage(self.root).free < size + RESERVE:
            raise NoRoom(
                "没有收下：服务器的磁盘快满了，放不下这个文件。请告诉管理员，清出空间以后再传。"
            )

    @contextlib.contextmanager
    def holding(self, id: str) -> Iterator[Path]:
        """What has come of an upload, while nobody else writes to it, looks at it or places it."""
        file = os.open(self.part(id), os.O_RDONLY | os.O_NOFOLLOW)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield self.part(id)
        except BlockingIOError:
            raise Busy("这个文件正在由另一个连接传或者查看，过一会儿再问。") from None
        finally:
            os.close(file)

    def place(self, id: str, sha256: str) -> None:
        """Give a whole upload its name for ever. Doing it twice, or after dying half-way, changes nothing."""
        part, blob = self.part(id), self.blob(sha256)
        if blob.exists():
            part.unlink(missing_ok=True)
            return
        _folder(blob.parent)
        with part.open("rb") as whole:
            os.fsync(whole.fileno())
        part.chmod(0o400)
        failpoint("files.before_rename")
        part.rename(blob)
        failpoint("files.after_rename")
        for folder in (blob.parent, part.parent, self.root):
            _sync(folder)

    def forget_part(self, id: str) -> None:
        self.part(id).unlink(missing_ok=True)

    def forget(self, sha256: str) -> None:
        """Remove an original that nobody names, and what was drawn from it."""
        self.blob(sha256).unlink(missing_ok=True)
        drawn = self.preview(sha256, "*")
        for file in drawn.parent.glob(drawn.name) if drawn.parent.exists() else ():
            file.unlink(missing_ok=True)


def digest(file: Path) -> str:
    """The SHA-256 of what lies on the disk now."""
    made = hashlib.sha256()
    with file.open("rb") as whole:
        while block := whole.read(BLOCK):
            made.update(block)
    return made.hexdigest()


class Receiving:
    """One piece being written behind what has come; nobody else writes to the same upload meanwhile."""

    def __init__(self, store: Store, id: str, offset: int) -> None:
        file = store.part(id)
        _folder(file.parent)
        # Not append: a piece that proves wrong is cut off again.
        made = os.O_CREAT if offset == 0 else 0
        try:
            self._file = os.open(file, os.O_RDWR | made | os.O_NOFOLLOW, 0o600)
        except FileNotFoundError:
            raise WrongOffset(_elsewhere(0, offset)) from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.begun = self.at = os.fstat(self._file).st_size
            if offset != self.at:
                raise WrongOffset(_elsewhere(self.at, offset))
        except BlockingIOError:
            os.close(self._file)
            raise Busy("没有写入：另一个连接正在传同一个文件，过一会儿自动接着传。") from None
        except BaseException:
            os.close(self._file)
            raise

    def write(self, data: bytes) -> None:
        try:
            while data:
                done = os.pwrite(self._file, data, self.at)
                self.at += done
                data = data[done:]
        except OSError as full:
            self.drop()
            if full.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise
            raise NoRoom(
                "没有写入：服务器的磁盘满了。已收到的都在，请告诉管理员，清出空间以后接着传。"
            ) from None

    def drop(self) -> None:
        """As if this piece had never come."""
        os.ftruncate(self._file, self.begun)
        self.at = self.begun

    def __enter__(self) -> Receiving:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        os.close(self._file)


def _elsewhere(at: int, offset: int) -> str:
    return f"没有写入：服务器已收到 {at} 字节，送来的是从 {offset} 开始的；请从 {at} 接着传。"


def _folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _sync(folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
