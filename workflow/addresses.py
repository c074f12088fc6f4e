"""Where letters go out to: what an address in a setting may look like, and what in it is secret.

Every complaint says the cure and never repeats the address, because most of these addresses are keys.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
"""An e-mail address as every server takes it; nothing in it can end a header or a command."""

Tls = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server as `FASHEN_EMAIL_URL` names it."""

    host: str
    port: int
    tls: Tls
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def check_web_address(url: str, plain_hosts: Collection[str] = ()) -> None:
    """`ValueError` unless letters may be posted there: https, or http to this machine or a host named."""
    parts, host = _split(url)
    if parts.scheme not in ("https", "http") or not host:
        raise ValueError("要写成 https://主机/路径")
    if parts.scheme == "http" and not (is_local(host) or host in plain_hosts):
        raise ValueError(
            "要用 https；只有本机，和 FASHEN_CHANNEL_PLAIN_HOSTS 里写明的内网测试主机，可以用 http"
        )
    if parts.username is not None or parts.fragment:
        raise ValueError("地址里不要写用户名、密码和 #；密钥写在对应的 SECRET 设置里")


def check_proxy(url: str) -> None:
    """`ValueError` unless it is the address of an HTTP proxy."""
    parts, host = _split(url)
    if parts.scheme != "http" or not host or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("要写成 http://主机:端口，或者 http://用户:密码@主机:端口")


def mail_server(url: str) -> MailServer:
    """The server of an address such as `smtp://user:password@host:587`; `ValueError` with the cure."""
    parts, host = _split(url)
    if parts.scheme not in ("smtp", "smtps") or not host or parts.path.strip("/"):
        raise ValueError("要写成 smtp://用户:密码@主机:587 或 smtps://用户:密码@主机:465")
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    if asked not in ({}, {"tls": "none"}) or parts.fragment:
        raise ValueError("问号后面只能写 tls=none；密码里的特殊字符写成 %XX（例如 @ 写成 %40）")
    if asked and (parts.scheme == "smtps" or not is_local(host)):
        raise ValueError("tls=none 只能用于本机的 smtp://；别的主机要加密，去掉 ?tls=none")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isascii():
        raise ValueError("用户名和密码只能用 ASCII 字符")
    if bool(user) != bool(password):
        raise ValueError("用户名和密码要一起写，或者都不写")
    tls: Tls = "none" if asked else "tls" if parts.scheme == "smtps" else "starttls"
    port = parts.port or (465 if parts.scheme == "smtps" else 587)
    return MailServer(host, port, tls, user, password)


def sender(text: str) -> Address:
    """The mailbox that letters come from, `名称 <a@b>` or `a@b`; `ValueError` with the cure."""
    name, mailbox = parseaddr(text)
    if not text.isprintable() or not MAILBOX.fullmatch(mailbox):
        raise ValueError("要写成 名称 <邮箱@域名> 或 邮箱@域名")
    return Address(display_name=name, addr_spec=mailbox)


def is_local(host: str) -> bool:
    """Whether a host is this machine, judged by its name alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def secrets_of(url: str) -> tuple[str, ...]:
    """What of an address gives power to whoever reads it: path, query values, password."""
    parts = urlsplit(url)
    path = parts.path if len(parts.path) > 1 else ""
    long = [piece for piece in path.split("/") if len(piece) >= 12]
    values = [value for _, value in parse_qsl(parts.query) if len(value) >= 4]
    found = [parts.query, path, *long, *values, parts.password or "", unquote(parts.password or "")]
    return tuple(dict.fromkeys(s for s in found if s))


def _split(url: str) -> tuple[SplitResult, str]:
    """The parts of an address and its host in lower case."""
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("地址里有空格、中文或者控制字符；中文域名写成 xn-- 开头的形式")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ValueError(
            "主机或者端口写得不对；密码里的特殊字符要写成 %XX（例如 / 写成 %2F）"
        ) from None
    return parts, parts.hostname or ""
