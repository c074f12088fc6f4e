"""公示目录 — a folder with one JSON a decision, which a web server or a courier picks up.

It holds the public notice and nothing else; what was withdrawn leaves key, number, reason and day.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

from policies.facts import canonical
from workflow.publication.parcel import Parcel, Withdrawal
from workflow.publication.platforms import files
from workflow.publication.platforms.platform import Held, NotAccepted
from workflow.settings import Settings


class Directory:
    """Always there, and answers at once."""

    name = "directory"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, parcel: Parcel) -> str:
        """Write the notice; what is newer than it, or was withdrawn, stays as it is."""
        there = self.ask(parcel.key)
        if there and _stands_before(there, parcel):
            raise NotAccepted(
                f"没有写入公示目录：{parcel.number} 在目录里已经是第 {there.version} 版"
                f"{'，并且已经撤回' if there.state == 'withdrawn' else ''}，"
                f"第 {parcel.version} 版不能代替它。"
            )
        return self._put(parcel.key, parcel.notice.model_dump(mode="json"))

    def ask(self, key: str) -> Held | None:
        found = self._read(key)
        if found is None:
            return None
        receipt = self._receipt(key, found)
        if found.get("state") == "withdrawn":
            on = date.fromisoformat(found["on"])
            return Held(
                key, found["version"], found["number"], "", "withdrawn", on=on, withdrawal=receipt
            )
        return Held(key, found["version"], found["number"], receipt, "published")

    def withdraw(self, withdrawal: Withdrawal) -> str:
        told = withdrawal.model_dump(mode="json") | {"state": "withdrawn"}
        return self._put(withdrawal.key, told)

    def _put(self, key: str, body: dict[str, Any]) -> str:
        files.write(self._file(key), canonical(body).encode())
        return self._receipt(key, body)

    def _read(self, key: str) -> dict[str, Any] | None:
        file = self._file(key)
        try:
            found: dict[str, Any] = json.loads(file.read_text("utf-8"))
            if found["key"] != key:
                raise ValueError(key)
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError):
            raise NotAccepted(
                f"公示目录里的 {file.name} 读不出来，不是本系统写的样子；"
                "查明是谁改的，把它移走，系统会再写一份。"
            ) from None
        return found

    def _file(self, key: str) -> Path:
        return self.folder / f"{files.name_of(key)}.json"

    def _receipt(self, key: str, body: dict[str, Any]) -> str:
        said = hashlib.sha256(canonical(body).encode()).hexdigest()
        return f"directory:{files.name_of(key)}:{said[:16]}"


def _stands_before(there: Held, parcel: Parcel) -> bool:
    if there.state == "withdrawn":
        return there.version >= parcel.version
    return there.version > parcel.version


def platform(settings: Settings) -> Directory:
    return Directory(settings.published)
