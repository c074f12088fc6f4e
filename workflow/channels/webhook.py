"""A receiver of the office's own: JSON, signed, answered with the key.

The body is `{"key", "stage", "subject", "text", "to"}` in UTF-8. `X-Fashen-Timestamp` is the time of sending
in seconds since 1970, `X-Fashen-Signature` is `sha256=` and the hexadecimal HMAC-SHA256, with the secret as
key, over the timestamp, a full stop and the body byte for byte. A receiver computes it anew, compares in
constant time, refuses a timestamp more than five minutes off, throws away a key that it has, and answers
2xx with a JSON object whose `key` is the letter's. `Idempotency-Key` is the same key, percent-encoded where
a header cannot carry it.
"""

from __future__ import annotations

import hmac
import json
import time
from urllib.parse import quote

from workflow.channels.http import Receiver
from workflow.channels.letter import Letter
from workflow.channels.robot import json_bytes
from workflow.settings import Settings


class Webhook:
    """One receiver for everybody; whom a letter is for stands in it."""

    name = "webhook"

    def __init__(self, receiver: Receiver, secret: str) -> None:
        self._receiver = receiver
        self._secret = secret

    def send(self, letter: Letter) -> str:
        body = json_bytes(
            {
                "key": letter.key,
                "stage": letter.stage,
                "subject": letter.title,
                "text": letter.body,
                "to": letter.address,
            }
        )
        timestamp = str(round(time.time()))
        headers = {
            "Idempotency-Key": quote(letter.key, safe=":/._-~", errors="replace"),
            "X-Fashen-Timestamp": timestamp,
            "X-Fashen-Signature": f"sha256={signature(self._secret, timestamp, body)}",
        }
        answer = self._receiver.post(body, headers=headers)
        said = self._receiver.excerpt(json.dumps(answer, ensure_ascii=False))
        if "key" not in answer:
            raise self._receiver.not_delivered(
                f"对方的回答里没有通知的 key：{said}",
                "接收程序要在收好以后回答 {“key”: 通知的 key}；改好以后由管理员重新发送",
                again=False,
            )
        if answer["key"] != letter.key:
            raise self._receiver.not_delivered(
                f"对方回答的是另一份通知的 key：{said}",
                "检查接收程序是不是混淆了两份通知；程序过一会儿会再试",
                again=True,
            )
        return said


def signature(secret: str, timestamp: str, body: bytes) -> str:
    return hmac.digest(secret.encode(), f"{timestamp}.".encode() + body, "sha256").hex()


def channel(settings: Settings) -> Webhook | None:
    """The receiver of `FASHEN_WEBHOOK_URL`; None where there is no such setting."""
    if not settings.webhook_url:
        return None
    secret = settings.webhook_secret.get_secret_value()
    receiver = Receiver(
        "webhook 接收方",
        settings.webhook_url.get_secret_value(),
        settings.channel_timeout,
        secrets=(secret,),
        proxy=settings.channel_proxy.get_secret_value(),
    )
    return Webhook(receiver, secret)
