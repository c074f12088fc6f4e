"""证据文件的核对 — rows and store held against what the ledgers say: altered, missing, swapped, or never told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workflow import models
from workflow.files.store import Store, digest

_F = models.file.c


@dataclass(frozen=True, slots=True)
class Named:
    """A file as a case's document names it."""

    case: str
    evidence: str
    file: str
    sha256: str
    size: int
    media_type: str

    @property
    def told(self) -> str:
        return f"{self.case} 证据 {self.evidence} 的文件 {self.sha256[:12]}…"


def named(documents: Mapping[str, Mapping[str, Any]]) -> Iterator[Named]:
    """Every file that these cases' documents name; what cannot be read others say."""
    for case, document in documents.items():
        for item in document.get("evidence", ()):
            for held in item.get("files", ()):
                told = (held[name] for name in ("file", "sha256", "size", "media_type"))
                yield Named(case, item.get("id", ""), *told)


def rows(tx: Connection, files: Iterable[Named]) -> Iterator[str]:
    """Each row says what the ledger says, and no row is registered of which no ledger knows."""
    known = {row.id: row for row in tx.execute(sa.select(models.file))}
    told = set()
    for file in files:
        told.add(file.file)
        row = known.get(file.file)
        if row is None:
            yield f"{file.told}：文件表里没有这一行。"
        elif (row.case_id, row.sha256, row.size, row.media_type) != (
            file.case, file.sha256, file.size, file.media_type,
        ):  # fmt: skip
            yield f"{file.told}：文件表里写的和大事记不同，被换过。"
        elif row.state != "registered":
            yield f"{file.told}：大事记里有，文件表却说没有登记过。"
    for id, row in known.items():
        if row.state == "registered" and id not in told:
            yield f"{row.case_id} 的文件 {id}：文件表说登记过，大事记里没有。"


def content(store: Store, files: Iterable[Named]) -> Iterator[str]:
    """The bytes are there and are those of the ledger. Each file is read once, however often it is named."""
    seen: dict[str, str] = {}
    for file in files:
        if file.sha256 not in seen:
            seen[file.sha256] = fault(store, file.sha256, file.size)
        if seen[file.sha256]:
            yield f"{file.told}：{seen[file.sha256]}。"


def fault(store: Store, sha256: str, size: int) -> str:
    """What is wrong with one original; empty when every byte is as it was."""
    try:
        place = store.blob(sha256)
        found = place.lstat().st_size
        if found != size:
            return f"原来 {size} 字节，现在 {found} 字节，被改动过"
        return "" if digest(place) == sha256 else "内容与大事记里的校验值不符，被改动或者调换过"
    except ValueError:
        return "大事记里的校验值读不懂"
    except FileNotFoundError:
        return "文件不见了"
    except OSError as wrong:
        return f"读不出来（{wrong.strerror}）"
