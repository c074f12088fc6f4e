"""The one place that posts a letter over HTTP and says what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from workflow.addresses import secrets_of
from workflow.channels.connection import MOST_READ
from workflow.channels.exchange import Answer, NoAnswer, Why, exchange, phrase
from workflow.channels.letter import NotDelivered, redacted

_TRY_LATER = "程序过一会儿会再试"
_AMBIGUOUS = f"不知道对方收到没有；{_TRY_LATER}，对方可以凭通知编号去掉重复的"

_REFUSED: dict[int, str] = {
    400: "对方说请求不对：核对地址是不是复制完整、是不是这一种渠道的地址",
    401: "对方说没有通过认证：核对密钥",
    403: "对方说不允许：核对密钥，以及对方的 IP 白名单里有没有本机的出口地址",
    404: "对方说没有这个地址：重新复制地址",
    405: "对方说这个地址不接收通知：重新复制地址",
    407: "代理要求认证：核对 FASHEN_CHANNEL_PROXY",
    410: "对方说这个地址已经停用：换一个地址",
}
"""Status → what to do. No repetition cures these, nor any other 4xx that is not among `_LATER`."""

_LATER = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Receiver:
    """One address that letters are posted to. `seconds` is for all of one delivery together."""

    label: str
    url: str = field(repr=False)
    seconds: float
    secrets: tuple[str, ...] = field(default=(), repr=False)
    proxy: str = field(default="", repr=False)

    def post(
        self, body: bytes, *, query: str = "", headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The JSON object of a 2xx answer; `NotDelivered` for everything else.

        What the object says is for the channel to judge: a 2xx alone delivers nothing.
        """
        came = self._exchange(body, query, headers or {})
        if not 200 <= came.status < 300:
            raise self._refused(came.status, came.body)
        return self._object(came.status, came.body)

    def not_delivered(self, came_back: str, todo: str, *, again: bool) -> NotDelivered:
        """The refusal to believe that it arrived, without anything secret in it."""
        said = f"{self.label}没有送到：向 {self._host} 发送，{came_back}。{todo}。"
        return NotDelivered(redacted(said, self._hidden), again)

    def excerpt(self, answer: object, most: int = 200) -> str:
        """The beginning of what came back, fit to be kept and shown."""
        text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
        short = redacted(text, self._hidden)
        return short if len(short) <= most else short[:most] + "…"

    @property
    def _host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def _hidden(self) -> tuple[str, ...]:
        return (*self.secrets, *secrets_of(self.url), *secrets_of(self.proxy))

    def _exchange(self, body: bytes, query: str, headers: Mapping[str, str]) -> Answer:
        url = self.url + (("&" if "?" in self.url else "?") + query if query else "")
        sent = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
        try:
            return exchange(
                "POST",
                url,
                self.seconds,
                headers=[*sent.items(), *headers.items()],
                body=body,
                proxy=self.proxy,
            )
        except NoAnswer as none:
            came_back, todo = self._none(none)
            raise self.not_delivered(came_back, todo, again=True) from None

    def _none(self, none: NoAnswer) -> tuple[str, str]:
        """What happened, and what to do."""
        if none.why is Why.TOO_MUCH:
            return (
                f"回答超过 {MOST_READ // 1024} KiB，没有读完",
                f"核对地址是不是指向了一个网页；{_TRY_LATER}",
            )
        if none.why is Why.TIMEOUT:
            return f"{self.seconds:g} 秒内没有收到完整的回答", _AMBIGUOUS
        if none.why is Why.CERTIFICATE:
            return (
                f"对方的证书不可信（{none.detail}），什么都没有发出",
                f"核对主机名和证书；本单位自己的根证书要装进系统；{_TRY_LATER}",
            )
        if none.why is Why.NO_ADDRESS:
            return (
                "找不到这个主机的地址",
                f"核对主机名，以及本机能不能解析域名；{_TRY_LATER}",
            )
        if none.why is Why.PROXY:
            return f"代理没有接通（{none.detail}）", f"核对 FASHEN_CHANNEL_PROXY；{_TRY_LATER}"
        if none.why is Why.REFUSED:
            return "连接被拒绝", f"核对主机和端口，以及对方是否在运行；{_TRY_LATER}"
        return f"连接中断或者回答不完整（{none.detail}）", _AMBIGUOUS

    def _refused(self, status: int, answer: bytes) -> NotDelivered:
        came_back = f"对方回答 HTTP {status}{phrase(status)}"
        if text := self.excerpt(answer):
            came_back += f"：{text}"
        if status in _LATER or status >= 500:
            return self.not_delivered(came_back, f"对方一时收不下；{_TRY_LATER}", again=True)
        if 300 <= status < 400:
            return self.not_delivered(
                came_back,
                f"程序从不跟随跳转；核对地址，以及中间有没有要登录的网关；{_TRY_LATER}",
                again=True,
            )
        todo = _REFUSED.get(status, "对方不收：核对地址和密钥")
        return self.not_delivered(came_back, f"{todo}；改好以后由管理员重新发送", again=False)

    def _object(self, status: int, answer: bytes) -> dict[str, Any]:
        """A JSON object, or the reason why this answer is none."""
        try:
            found = json.loads(answer.decode("utf-8"))
        except UnicodeDecodeError:
            wrong = "不是 UTF-8 的文字"
        except (ValueError, RecursionError):
            wrong = _kind(answer)
        else:
            if isinstance(found, dict):
                return found
            wrong = "不是 JSON 对象"
        text = self.excerpt(answer)
        raise self.not_delivered(
            f"对方回答 HTTP {status}，但是内容{wrong}{f'：{text}' if text else ''}",
            f"只有对方自己说收到了才算送到；核对地址，以及中间有没有要登录的网关；{_TRY_LATER}",
            again=True,
        )


def _kind(answer: bytes) -> str:
    start = answer.lstrip()[:1]
    if not start:
        return "是空的"
    if start == b"<":
        return "是一个网页（可能是登录页）"
    return "不是完整的 JSON"
