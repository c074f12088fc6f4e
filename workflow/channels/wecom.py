"""企业微信群机器人: one text into the group, calling the person by mobile number.

Format and the limit of 2048 bytes: 企业微信开发者中心《群机器人配置说明》(developer.work.weixin.qq.com,
path/91770); codes: the same place, 《全局错误码》 (path/90455).
"""

from __future__ import annotations

from workflow.channels.http import Receiver
from workflow.channels.letter import Letter
from workflow.channels.robot import json_bytes, mobile, receipt, words
from workflow.settings import Settings

MOST = 2048
"""Bytes of text that the robot takes."""

_COPY = "在群里重新复制机器人的 webhook 地址，改 FASHEN_WECOM_URL"
INCURABLE = {
    93000: _COPY,
    40001: _COPY,
    40008: "对方不认识这种消息：核对 FASHEN_WECOM_URL 是不是企业微信群机器人的地址",
    40058: "对方说参数不合法：核对这个人的手机号码",
}


class Wecom:
    """The robot of one group."""

    name = "wecom"

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    def send(self, letter: Letter) -> str:
        called = mobile(self._receiver, letter)
        text = {"content": words(letter, MOST), "mentioned_mobile_list": called}
        answer = self._receiver.post(json_bytes({"msgtype": "text", "text": text}))
        return receipt(self._receiver, answer, ("errcode",), INCURABLE)


def channel(settings: Settings) -> Wecom | None:
    """The robot of `FASHEN_WECOM_URL`; None where there is no such setting."""
    if not settings.wecom_url:
        return None
    return Wecom(
        Receiver(
            "企业微信群机器人",
            settings.wecom_url.get_secret_value(),
            settings.channel_timeout,
            proxy=settings.channel_proxy.get_secret_value(),
        )
    )
