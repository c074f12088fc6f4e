"""平台 — the ways out of the office for a decision: a folder, an interface, a monthly return, an office's own.

A platform takes one record, or says why not, or leaves it open whether it has (docs/platforms.md). An
office adds one of its own by an entry point of the group `fashen.publication`, a callable that takes the
settings and returns a platform, or None where it is not set up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflow.plugged import plug_in
from workflow.publication.platforms import directory, http, spreadsheet
from workflow.publication.platforms.platform import (
    LONGEST_NAME,
    Duplicate,
    Held,
    Later,
    NotAccepted,
    Pending,
    Platform,
    PlatformSaid,
    Unknown,
    record_digest,
)
from workflow.settings import Settings

__all__ = [
    "GROUP",
    "Duplicate",
    "Held",
    "Later",
    "NotAccepted",
    "Pending",
    "Platform",
    "PlatformSaid",
    "Unknown",
    "configured",
    "named",
    "record_digest",
]

GROUP = "fashen.publication"

_OWN = (directory.platform, http.platform, spreadsheet.platform)


def configured(settings: Settings) -> dict[str, Platform]:
    """Every platform that is set up, by name; a broken one of the office's own does not stop the others."""
    found: dict[str, Platform] = {p.name: p for make in _OWN if (p := make(settings))}
    return plug_in(found, GROUP, settings, what="platform", lacks=_lacks)


def _lacks(made: Any) -> str:
    if not (isinstance(made.name, str) and 0 < len(made.name) <= LONGEST_NAME):
        return "it has no name, or too long a name"
    able = all(callable(getattr(made, verb)) for verb in ("send", "ask", "withdraw"))
    return "" if able else "it cannot send, ask and withdraw"


def named(platforms: Mapping[str, Platform], name: str) -> Platform:
    """The platform of that name; `NotAccepted` where it is not set up."""
    if name not in platforms:
        there = "、".join(sorted(platforms))
        raise NotAccepted(
            f"没有报送：平台“{name}”没有设置，什么都没有发出（已设置的：{there}）。"
            "设置这个平台（见 docs/platforms.md），或者改机关文件里的平台名，再由管理员重新发送。"
        )
    return platforms[name]
