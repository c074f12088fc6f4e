"""渠道 — the ways out of the office to people's phones and mail.

A channel delivers one letter, or says why not. Delivered means that the receiver's own answer said so.
An office adds a channel of its own by an entry point of the group `fashen.channels`, a callable that takes
the settings and returns a channel, or None where it is not set up (docs/channels.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflow.channels import dingtalk, feishu, mail, webhook, wecom
from workflow.channels.letter import Channel, Letter, NotDelivered
from workflow.plugged import plug_in
from workflow.settings import Settings

__all__ = ["GROUP", "Channel", "Letter", "NotDelivered", "configured", "named"]

GROUP = "fashen.channels"

_OWN = (mail.channel, wecom.channel, dingtalk.channel, feishu.channel, webhook.channel)


def configured(settings: Settings) -> dict[str, Channel]:
    """Every channel that is set up, by name; a broken one of the office's own does not stop the others."""
    found: dict[str, Channel] = {c.name: c for make in _OWN if (c := make(settings))}
    return plug_in(found, GROUP, settings, what="channel", lacks=_lacks)


def _lacks(made: Any) -> str:
    whole = isinstance(made.name, str) and made.name and callable(made.send)
    return "" if whole else "it has no name or cannot send"


def named(channels: Mapping[str, Channel], name: str) -> Channel:
    """The channel of that name; `NotDelivered` where it is not set up."""
    if name not in channels:
        there = "、".join(sorted(channels)) or "没有"
        raise NotDelivered(
            f"没有送到：渠道“{name}”没有设置，什么都没有发出（已设置的：{there}）。"
            "设置这个渠道（见 docs/channels.md），或者改机关文件里的渠道名，再由管理员重新发送。",
            again=False,
        )
    return channels[name]
