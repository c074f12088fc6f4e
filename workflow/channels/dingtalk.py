"""钉钉群机器人: one text into the group, signed, calling the person by mobile number.

Format, signature and limits: 钉钉开放平台《自定义机器人接入》 and 《自定义机器人安全设置》 (open.dingtalk.com): the
query carries `timestamp` in milliseconds, at most an hour off, and `sign`, the Base64 of HMAC-SHA256 with
the secret as key over timestamp, line feed and secret. Codes as the same pages and the platform's answers
give them.
"""

from __future__ import annotations

import base64
import hmac
import time
from urllib.parse import urlencode

from workflow.channels.http import Receiver
from workflow.channels.letter import Letter
from workflow.channels.robot import json_bytes, mobile, receipt, words
from workflow.settings import Settings

MOST = 15_000
"""Bytes of text; the robot refuses a message above 20 000 in all."""

_COPY = "在群里重新复制机器人的 webhook 地址，改 FASHEN_DINGTALK_URL"
INCURABLE = {
    300001: _COPY,
    300005: _COPY,
    400101: _COPY,
    40035: _COPY,
    400013: "这个群已经解散：在别的群里加机器人，改 FASHEN_DINGTALK_URL",
    400102: "机器人已停用：在群里重新启用它",
    400106: "机器人不存在：在群里重新添加，改 FASHEN_DINGTALK_URL",
    310000: "机器人的安全设置没有通过：核对 FASHEN_DINGTALK_SECRET 和本机的时钟；设了关键词的，把“通知编号”设为"
    "关键词；设了 IP 白名单的，加上本机的出口地址",
}


class Dingtalk:
    """The robot of one group. Without a secret nothing is signed."""

    name = "dingtalk"

    def __init__(self, receiver: Receiver, secret: str) -> None:
        self._receiver = receiver
        self._secret = secret

    def send(self, letter: Letter) -> str:
        called = mobile(self._receiver, letter)
        text = words(letter, MOST) + "".join(f" @{number}" for number in called)
        body = {"msgtype": "text", "text": {"content": text}, "at": {"atMobiles": called}}
        query = self._signature(round(time.time() * 1000)) if self._secret else ""
        answer = self._receiver.post(json_bytes(body), query=query)
        return receipt(self._receiver, answer, ("errcode",), INCURABLE)

    def _signature(self, timestamp: int) -> str:
        plain = f"{timestamp}\n{self._secret}".encode()
        sign = base64.b64encode(hmac.digest(self._secret.encode(), plain, "sha256"))
        return urlencode({"timestamp": timestamp, "sign": sign.decode()})


def channel(settings: Settings) -> Dingtalk | None:
    """The robot of `FASHEN_DINGTALK_URL`; None where there is no such setting."""
    if not settings.dingtalk_url:
        return None
    secret = settings.dingtalk_secret.get_secret_value()
    receiver = Receiver(
        "钉钉群机器人",
        settings.dingtalk_url.get_secret_value(),
        settings.channel_timeout,
        secrets=(secret,),
        proxy=settings.channel_proxy.get_secret_value(),
    )
    return Dingtalk(receiver, secret)
