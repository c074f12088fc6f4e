"""What docs/channels.md tells administrators and programmers is what the program does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.services.outside import Web, says
from workflow.channels import Letter, NotDelivered, configured
from workflow.settings import Settings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "channels.md"
TEXT = PAGE.read_text("utf-8")
SECRET = "agreed-between-both"
LETTER = Letter("alert:c1:decision:1:yellow:zhang", "黄牌", "正文", "zhang", "yellow")


def told(nth: int) -> dict[str, Any]:
    """The names that the nth Python block of the page defines."""
    names: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.*?)```", TEXT, re.S)[nth], names)  # noqa: S102
    return names


def test_the_page_names_every_setting_of_the_channels_and_no_other():
    ways = ("channel_", "email_", "wecom_", "dingtalk_", "feishu_", "webhook_")
    there = {f"FASHEN_{f.upper()}" for f in Settings.model_fields if f.startswith(ways)}
    assert set(re.findall(r"FASHEN_[A-Z_]+", TEXT)) == there


def test_the_check_that_the_page_gives_takes_ours_and_nothing_else():
    genuine = told(0)["genuine"]
    with Web(says({"key": LETTER.key})) as web:
        settings = Settings(_env_file=None, webhook_url=web.url(), webhook_secret=SECRET)
        configured(settings)["webhook"].send(LETTER)
    names = ("X-Fashen-Timestamp", "X-Fashen-Signature")
    headers = {name: web.heard[0].headers[name.lower()] for name in names}
    body = web.heard[0].body
    old = str(int(headers["X-Fashen-Timestamp"]) - 301)

    assert genuine(headers, body, SECRET)
    assert not genuine(headers, body + b" ", SECRET)
    assert not genuine(headers, body, SECRET + "x")
    assert not genuine(headers | {"X-Fashen-Timestamp": old}, body, SECRET)
    assert not genuine(headers | {"X-Fashen-Timestamp": "soon"}, body, SECRET)


def test_the_channel_that_the_page_writes_delivers_and_refuses(monkeypatch):
    channel = told(1)["channel"]
    monkeypatch.delenv("GATEWAY_URL", raising=False)
    assert channel(Settings(_env_file=None)) is None
    with Web(says({"accepted": LETTER.mark})) as web:
        monkeypatch.setenv("GATEWAY_URL", web.url())
        assert LETTER.mark in channel(Settings(_env_file=None)).send(LETTER)
    with Web(says({"accepted": False})) as web:
        monkeypatch.setenv("GATEWAY_URL", web.url())
        with pytest.raises(NotDelivered, match=r"短信网关没有送到.*对方没有确认"):
            channel(Settings(_env_file=None)).send(LETTER)
