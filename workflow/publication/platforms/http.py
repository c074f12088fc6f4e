"""联网接口 — a platform that takes records over HTTPS, by the interface of docs/platforms.md.

JSON with an idempotency key; a token or a certificate of our own; one host, no redirect, a bounded answer,
one deadline over the whole exchange.
"""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass, field
from datetime import UTC, date
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlsplit

from policies.facts import canonical
from workflow.addresses import secrets_of
from workflow.certificates import tls_of
from workflow.channels.connection import MOST_READ
from workflow.channels.exchange import Answer, NoAnswer, Why, exchange, phrase
from workflow.channels.letter import redacted
from workflow.publication.parcel import Parcel, Withdrawal
from workflow.publication.platforms.platform import (
    Duplicate,
    Held,
    Later,
    NotAccepted,
    PlatformSaid,
    Unknown,
    record_bytes,
    record_digest,
)
from workflow.settings import Settings
from workflow.times import utc_now

LONGEST_WAIT = 86_400
"""Seconds; a platform that asks for a longer pause is asked again after a day."""

_SETUP = {
    401: "核对 FASHEN_PLATFORM_TOKEN 或者客户端证书",
    403: "核对令牌或者证书，以及对方的 IP 白名单里有没有本机的出口地址",
    404: "核对 FASHEN_PLATFORM_URL",
    405: "核对 FASHEN_PLATFORM_URL",
    407: "核对 FASHEN_CHANNEL_PROXY",
    410: "核对 FASHEN_PLATFORM_URL：对方说这个地址已经停用",
}
"""Status → what to do. These are about us and not about the record, and nothing was taken."""

_NOT_YET = frozenset({425, 429})

_ASK_FIRST = "平台可能已经收下，系统先查询再决定要不要重发"
_NOTHING_TAKEN = "平台什么都没有收下，程序过一会儿会再试"


@dataclass(frozen=True, slots=True)
class Http:
    """One platform at one address. `seconds` is for all of one exchange together."""

    url: str
    seconds: float
    token: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = None
    proxy: str = field(default="", repr=False)
    name: str = "http"

    def send(self, parcel: Parcel) -> str:
        answer = self._post("/records", record_bytes(parcel), parcel.idempotency_key)
        said = self._taken(answer, parcel.number)
        self._ours(answer, said, parcel.key, parcel.version)
        if said.get("digest", record_digest(parcel)) != record_digest(parcel):
            raise self._unknown(answer, "平台收下的内容和送出的不一样")
        return self._receipt(answer, said)

    def ask(self, key: str) -> Held | None:
        try:
            answer = self._exchange("GET", f"/records/{quote(key, safe='')}")
        except NoAnswer as none:
            raise Later(self._said(f"查询没有结果（{_why(none)}）", "过一会儿再查")) from None
        said = _object(answer.body)
        if answer.status == 404 and said is not None and said.get("key") == key:
            return None
        if answer.status != 200 or said is None or said.get("key") != key:
            raise self._later(answer, "查询没有得到可用的回答")
        try:
            return Held(
                key,
                _whole(said["version"]),
                _text(said["number"]),
                _text(said.get("receipt", ""), empty=True),
                _known(said["state"]),
                _text(said.get("digest", ""), empty=True),
                date.fromisoformat(said["on"]) if said.get("on") else None,
                _text(said.get("withdrawal", ""), empty=True),
            )
        except (KeyError, TypeError, ValueError):
            raise self._later(answer, "查询的回答缺少内容") from None

    def withdraw(self, withdrawal: Withdrawal) -> str:
        body = canonical(withdrawal.model_dump(mode="json")).encode()
        path = f"/records/{quote(withdrawal.key, safe='')}/withdrawal"
        answer = self._post(path, body, withdrawal.idempotency_key)
        said = _object(answer.body)
        if answer.status == 404 and said is not None and said.get("key") == withdrawal.key:
            raise NotAccepted(
                self._said(f"平台上没有 {withdrawal.number}，没有可以撤回的", "到平台上核对")
            )
        said = self._taken(answer, withdrawal.number)
        self._ours(answer, said, withdrawal.key, withdrawal.version)
        return self._receipt(answer, said)

    # — one exchange —

    def _post(self, path: str, body: bytes, idempotency_key: str) -> Answer:
        more = (
            ("Content-Type", "application/json; charset=utf-8"),
            ("Idempotency-Key", quote(idempotency_key, safe=":/._-~")),
        )
        try:
            return self._exchange("POST", path, body, more)
        except NoAnswer as none:
            if none.sent:
                raise Unknown(self._said(_why(none), _ASK_FIRST)) from None
            raise Later(self._said(f"{_why(none)}，什么都没有发出", _NOTHING_TAKEN)) from None

    def _exchange(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        more: tuple[tuple[str, str], ...] = (),
    ) -> Answer:
        headers = [("Accept", "application/json"), *more]
        if self.token:
            headers.append(("Authorization", f"Bearer {self.token}"))
        return exchange(
            method,
            self.url.rstrip("/") + path,
            self.seconds,
            headers=headers,
            body=body,
            proxy=self.proxy,
            tls=self.tls,
        )

    # — what an answer means —

    def _taken(self, answer: Answer, number: str) -> dict[str, Any]:
        """The object of an answer that says yes; otherwise what it says instead."""
        said, status = _object(answer.body), answer.status
        if 200 <= status < 300:
            if said is None:
                raise self._unknown(answer, "回答不是完整的 JSON 对象")
            return said
        if status == 409:
            key = said.get("key", "") if said else ""
            whose = f"，在 {key} 名下" if key else ""
            raise Duplicate(
                self._came_back(answer, f"平台说文号 {number} 已经有了{whose}", "先查询是不是本件"),
                key if isinstance(key, str) else "",
            )
        if status in (400, 413, 422) and (errors := _errors(said)):
            raise NotAccepted(self._said("平台不收", "改好以后由管理员重新发送："), errors)
        if status in _NOT_YET:
            raise self._later(answer, "平台要求稍后再来")
        if status == 503 and said is not None and said.get("taken") is False:
            raise self._later(answer, "平台现在不收")
        if status in _SETUP:
            raise Later(self._came_back(answer, "平台不收本机关的请求", _SETUP[status]))
        raise self._unknown(answer, "不能从这个回答知道平台收下没有")

    def _ours(self, answer: Answer, said: dict[str, Any], key: str, version: int) -> None:
        """An answer about another record says nothing of this one."""
        if (said.get("key"), said.get("version")) != (key, version):
            raise self._unknown(answer, "平台回答的是另一条记录")

    def _receipt(self, answer: Answer, said: dict[str, Any]) -> str:
        try:
            return _text(said.get("receipt"))
        except ValueError:
            raise self._unknown(answer, "回答里没有可用的回执") from None

    def _unknown(self, answer: Answer, what: str) -> PlatformSaid:
        return Unknown(self._came_back(answer, what, _ASK_FIRST))

    def _later(self, answer: Answer, what: str) -> Later:
        return Later(self._came_back(answer, what, "过一会儿再试"), _retry_after(answer))

    def _came_back(self, answer: Answer, what: str, todo: str) -> str:
        text = answer.body.decode(errors="replace")[:200].strip()
        came = f"{what}（HTTP {answer.status}{phrase(answer.status)}{f'：{text}' if text else ''}）"
        return self._said(came, todo)

    def _said(self, what: str, todo: str) -> str:
        said = f"向平台 {urlsplit(self.url).netloc} 报送，{what}。{todo}"
        return redacted(
            said if said.endswith("：") else f"{said}。", (self.token, *secrets_of(self.proxy))
        )


def _why(none: NoAnswer) -> str:
    return {
        Why.TOO_MUCH: f"回答超过 {MOST_READ // 1024} KiB，没有读完",
        Why.TIMEOUT: "在时限内没有收到完整的回答",
        Why.CERTIFICATE: f"对方的证书不可信（{none.detail}）",
        Why.NO_ADDRESS: "找不到这个主机的地址",
        Why.PROXY: f"代理没有接通（{none.detail}）",
        Why.REFUSED: "连接被拒绝",
        Why.BROKEN: f"连接中断或者回答不完整（{none.detail}）",
    }[none.why]


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _errors(said: dict[str, Any] | None) -> list[tuple[str, str]]:
    listed = said.get("errors") if said else None
    if not isinstance(listed, list):
        return []
    return [
        (str(e.get("field", ""))[:40], " ".join(str(e.get("message", "")).split())[:200])
        for e in listed[:30]
        if isinstance(e, dict)
    ]


def _retry_after(answer: Answer) -> float | None:
    """Seconds or a date, as HTTP allows both; None where neither can be read."""
    told = answer.headers.get("retry-after", "").strip()
    if not told:
        return None
    try:
        if told.isdecimal():
            seconds = float(told)
        else:
            when = parsedate_to_datetime(told)
            seconds = (when.replace(tzinfo=when.tzinfo or UTC) - utc_now()).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 1), LONGEST_WAIT)


def _whole(value: object) -> int:
    if type(value) is not int:
        raise ValueError(value)
    return value


def _text(value: object, *, empty: bool = False) -> str:
    if not isinstance(value, str) or not value.isprintable() or len(value) > 200:
        raise ValueError(value)
    if not (value.strip() or empty):
        raise ValueError(value)
    return value


def _known(value: object) -> Any:
    if value not in ("published", "withdrawn", "pending"):
        raise ValueError(value)
    return value


def platform(settings: Settings) -> Http | None:
    """The platform of `FASHEN_PLATFORM_URL`; None where there is no such setting."""
    if not settings.platform_url:
        return None
    return Http(
        settings.platform_url,
        settings.channel_timeout,
        settings.platform_token.get_secret_value(),
        tls_of(settings.platform_cert, settings.platform_key, settings.platform_ca),
        settings.channel_proxy.get_secret_value(),
    )
