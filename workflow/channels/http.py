"""The one place that posts a letter over HTTP and says what came of it.

It uses httpcore2, the engine beneath httpx2, because that lets every read and write run under one deadline,
follows no redirect, takes no proxy from the environment, unpacks nothing and writes no address into a log.
"""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urlsplit

import httpcore2

from workflow.addresses import secrets_of
from workflow.channels.connection import MOST_READ, Connection, Deadline, TooMuch
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
        status, answer = self._exchange(body, query, headers or {})
        if not 200 <= status < 300:
            raise self._refused(status, answer)
        return self._object(status, answer)

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

    def _exchange(self, body: bytes, query: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
        deadline = Deadline(self.seconds)
        url = self.url + (("&" if "?" in self.url else "?") + query if query else "")
        sent = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
        try:
            with (
                self._pool(deadline) as pool,
                pool.stream(
                    "POST", url, headers=[*sent.items(), *headers.items()], content=body
                ) as response,
            ):
                return response.status, b"".join(response.iter_stream())
        except TooMuch:
            raise self.not_delivered(
                f"回答超过 {MOST_READ // 1024} KiB，没有读完",
                f"核对地址是不是指向了一个网页；{_TRY_LATER}",
                again=True,
            ) from None
        except TimeoutError:
            raise self.not_delivered(
                f"{self.seconds:g} 秒内没有收到完整的回答", _AMBIGUOUS, again=True
            ) from None
        except ssl.SSLCertVerificationError as wrong:
            raise self.not_delivered(
                f"对方的证书不可信（{wrong.verify_message}），什么都没有发出",
                f"核对主机名和证书；本单位自己的根证书要装进系统；{_TRY_LATER}",
                again=True,
            ) from None
        except socket.gaierror:
            raise self.not_delivered(
                "找不到这个主机的地址",
                f"核对主机名，以及本机能不能解析域名；{_TRY_LATER}",
                again=True,
            ) from None
        except httpcore2.ProxyError as wrong:
            raise self.not_delivered(
                f"代理没有接通（{wrong}）", f"核对 FASHEN_CHANNEL_PROXY；{_TRY_LATER}", again=True
            ) from None
        except ConnectionRefusedError:
            raise self.not_delivered(
                "连接被拒绝", f"核对主机和端口，以及对方是否在运行；{_TRY_LATER}", again=True
            ) from None
        except (OSError, httpcore2.NetworkError, httpcore2.ProtocolError) as wrong:
            raise self.not_delivered(
                f"连接中断或者回答不完整（{type(wrong).__name__}）", _AMBIGUOUS, again=True
            ) from None

    def _pool(self, deadline: Deadline) -> httpcore2.ConnectionPool:
        return httpcore2.ConnectionPool(
            proxy=self._way() if self.proxy and self.url.startswith("https://") else None,
            network_backend=_Network(deadline),
        )

    def _way(self) -> httpcore2.Proxy:
        """The proxy, which is trusted with encrypted letters only."""
        parts = urlsplit(self.proxy)
        auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        return httpcore2.Proxy(f"http://{parts.netloc.rpartition('@')[2]}", auth=auth)

    def _refused(self, status: int, answer: bytes) -> NotDelivered:
        came_back = f"对方回答 HTTP {status}{_phrase(status)}"
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


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


class _Network(httpcore2.NetworkBackend):
    """Connections under the deadline of one delivery; the time-outs of httpcore2 stay unused."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: object = None,
    ) -> httpcore2.NetworkStream:
        return _Stream(Connection(host, port, self._deadline))


class _Stream(httpcore2.NetworkStream):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._connection.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self._connection.sendall(buffer)
        except ConnectionError as wrong:
            # Who refuses early may have said why; httpcore2 reads that after this error and no other.
            raise httpcore2.WriteError(wrong) from wrong

    def close(self) -> None:
        self._connection.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        return _Stream(self._connection.secure(ssl_context, server_hostname or ""))
