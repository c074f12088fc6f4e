"""渠道 — the ways out of the office to people's phones and mail.

A channel delivers one letter, or says why not. Delivered means that the receiver's own answer said so.
An office adds a channel of its own by an entry point of the group `fashen.channels`, a callable that takes
the settings and returns a channel, or None where it is not set up (docs/channels.md).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from importlib.metadata import entry_points

from workflow.channels import dingtalk, feishu, mail, webhook, wecom
from workflow.channels.letter import Channel, Letter, NotDelivered
from workflow.settings import Settings

__all__ = ["GROUP", "Channel", "Letter", "NotDelivered", "configured", "named"]

log = logging.getLogger(__name__)

GROUP = "fashen.channels"

_OWN = (mail.channel, wecom.channel, dingtalk.channel, feishu.channel, webhook.channel)


def configured(settings: Settings) -> dict[str, Channel]:
    """Every channel that is set up, by name; a broken one of the office's own does not stop the others."""
    found: dict[str, Channel] = {c.name: c for make in _OWN if (c := make(settings))}
    for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name):
        try:
            made = entry.load()(settings)
            if made is None:
                continue
            name = made.name
            if not (isinstance(name, str) and name and callable(made.send)):
                raise TypeError("it has no name or cannot send")
        except Exception as wrong:
            # Its own words stay out of the log: whoever was given the settings may quote a secret.
            kind = type(wrong).__name__
            log.error("the channel %s (%s) is broken: %s", entry.name, entry.value, kind)
            continue
        if name in found:
            log.error("the channel %s (%s) is left out: %s is taken", entry.name, entry.value, name)
            continue
        found[name] = made
    return found


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
