"""飞书自定义机器人: one text into the group, signed, calling the person by open_id.

Format, signature and limits: 飞书开放平台《自定义机器人使用指南》 (open.feishu.cn): the body carries `timestamp` in
seconds, at most an hour off, and `sign`, the Base64 of HMAC-SHA256 over nothing, whose key is timestamp,
line feed and secret. Codes: the same page.
"""

from __future__ import annotations

import base64
import hmac
import re
import time
from typing import Any

from workflow.channels.http import Receiver
from workflow.channels.letter import Letter
from workflow.channels.robot import json_bytes, receipt, words
from workflow.settings import Settings

MOST = 15_000
"""Bytes of text; the robot refuses a body above 20 KB."""

OPEN_ID = re.compile(r"ou_[A-Za-z0-9]{1,64}")

INCURABLE = {
    9499: "对方说请求不对：核对 FASHEN_FEISHU_URL 是不是飞书自定义机器人的地址",
    19001: "在群里重新复制机器人的 webhook 地址，改 FASHEN_FEISHU_URL",
    19021: "签名没有通过：核对 FASHEN_FEISHU_SECRET 和本机的时钟",
    19022: "本机的出口地址不在机器人的 IP 白名单里：加上它",
    19024: "机器人设了关键词：把“通知编号”设为关键词",
}


class Feishu:
    """The robot of one group. Without a secret nothing is signed."""

    name = "feishu"

    def __init__(self, receiver: Receiver, secret: str) -> None:
        self._receiver = receiver
        self._secret = secret

    def send(self, letter: Letter) -> str:
        if letter.address and not OPEN_ID.fullmatch(letter.address):
            raise self._receiver.not_delivered(
                "还没有发出：这个人的收信地址不是飞书的 open_id（ou_ 开头）",
                "把机关文件里这个人在这个渠道的地址改成 open_id，由管理员重新发送",
                again=False,
            )
        called = f'<at user_id="{letter.address}"></at>\n' if letter.address else ""
        body: dict[str, Any] = {
            "msg_type": "text",
            "content": {"text": called + words(letter, MOST)},
        }
        if self._secret:
            body |= self._signature(round(time.time()))
        answer = self._receiver.post(json_bytes(body))
        return receipt(self._receiver, answer, ("code", "StatusCode"), INCURABLE)

    def _signature(self, timestamp: int) -> dict[str, str]:
        key = f"{timestamp}\n{self._secret}".encode()
        sign = base64.b64encode(hmac.digest(key, b"", "sha256"))
        return {"timestamp": str(timestamp), "sign": sign.decode()}


def channel(settings: Settings) -> Feishu | None:
    """The robot of `FASHEN_FEISHU_URL`; None where there is no such setting."""
    if not settings.feishu_url:
        return None
    secret = settings.feishu_secret.get_secret_value()
    receiver = Receiver(
        "飞书群机器人",
        settings.feishu_url.get_secret_value(),
        settings.channel_timeout,
        secrets=(secret,),
        proxy=settings.channel_proxy.get_secret_value(),
    )
    return Feishu(receiver, secret)
