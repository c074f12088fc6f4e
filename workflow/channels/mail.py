"""E-mail by SMTP: encrypted, one recipient a letter, and the server's reply to the letter as receipt."""

from __future__ import annotations

import hashlib
import smtplib
import socket
import ssl
from contextlib import closing, suppress
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import localtime
from typing import Any

import httpcore2

from workflow import addresses
from workflow.addresses import MailServer
from workflow.channels.connection import Connection, Deadline, TooMuch
from workflow.channels.letter import Letter, NotDelivered, redacted
from workflow.settings import Settings

_LATER = "程序过一会儿会再试"
_AMBIGUOUS = f"不知道服务器收下没有；{_LATER}，重复的邮件 Message-ID 相同"

_CURES = {
    "加密（STARTTLS）": "服务器要支持 STARTTLS；只支持直接加密的，FASHEN_EMAIL_URL 用 smtps://主机:465",
    "登录": "核对 FASHEN_EMAIL_URL 里的用户名和密码（有的邮箱要用授权码）",
    "报发信人": "核对 FASHEN_EMAIL_FROM 是不是这个用户可以使用的地址",
    "报收信人": "核对机关文件里这个人的邮箱",
}


class Mail:
    """Letters through one mail server. `seconds` is for all of one delivery together."""

    name = "email"

    def __init__(self, server: MailServer, sender: Address, seconds: float) -> None:
        self._server = server
        self._sender = sender
        self._seconds = seconds

    def send(self, letter: Letter) -> str:
        if not addresses.MAILBOX.fullmatch(letter.address):
            raise self._not_delivered(
                letter, "还没有发出：这个人的收信地址不是邮箱", _CURES["报收信人"], again=False
            )
        deadline = Deadline(self._seconds)
        message = self._message(letter).as_bytes()
        with closing(_Dialogue(self._server, deadline)) as server:
            try:
                code, reply = server.hand_over(self._sender.addr_spec, letter.address, message)
            except smtplib.SMTPResponseException as no:
                raise self._refused(letter, server.step, no.smtp_code, no.smtp_error) from None
            except smtplib.SMTPNotSupportedError:
                raise self._not_delivered(
                    letter,
                    f"在“{server.step}”一步，服务器没有这项功能，什么都没有发出",
                    _CURES.get(server.step, "核对主机和端口") + "；改好以后由管理员重新发送",
                    again=False,
                ) from None
            except (OSError, smtplib.SMTPException) as wrong:
                raise self._broken(letter, server, deadline, wrong) from None
        if code != 250:
            raise self._refused(letter, server.step, code, reply)
        return self._said(letter, f"{code} {_text(reply)}")

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=policy.SMTP)
        message["From"] = self._sender
        message["To"] = Address(addr_spec=letter.address)
        message["Subject"] = letter.title
        message["Date"] = localtime()
        digest = hashlib.sha256(letter.key.encode("utf-8", "surrogatepass")).hexdigest()
        message["Message-ID"] = f"<{digest[:40]}@{self._sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(f"{letter.body}\n\n通知编号 {letter.mark}\n", cte="base64")
        return message

    def _refused(
        self, letter: Letter, step: str, code: int, reply: bytes | str | object
    ) -> NotDelivered:
        came_back = f"在“{step}”一步，服务器回答 {code} {_text(reply)}"
        if code < 0:
            came_back = f"在“{step}”一步，对方回答的不是邮件协议"
        if code >= 500:
            todo = _CURES.get(step, "按服务器的回答查明原因")
            return self._not_delivered(
                letter, came_back, f"{todo}；改好以后由管理员重新发送", again=False
            )
        return self._not_delivered(letter, came_back, f"服务器一时收不下；{_LATER}", again=True)

    def _broken(
        self, letter: Letter, server: _Dialogue, deadline: Deadline, wrong: Exception
    ) -> NotDelivered:
        """What to say when there was no reply that could be a yes or a no."""
        if isinstance(wrong, ssl.SSLCertVerificationError):
            came_back = f"服务器的证书不可信（{wrong.verify_message}），什么都没有发出"
            todo = f"核对主机名和证书；本单位自己的根证书要装进系统；{_LATER}"
        elif deadline.over or isinstance(wrong, TimeoutError):
            came_back = f"到“{server.step}”一步，{self._seconds:g} 秒已经用完"
            todo = _AMBIGUOUS if server.sent else _LATER
        elif isinstance(wrong, socket.gaierror):
            came_back = "找不到这个主机的地址"
            todo = f"核对主机名，以及本机能不能解析域名；{_LATER}"
        elif isinstance(wrong.__context__, TooMuch):
            came_back, todo = "服务器说个没完", f"核对主机和端口是不是邮件服务器；{_LATER}"
        else:
            came_back = f"在“{server.step}”一步连接中断（{type(wrong).__name__}）"
            todo = _AMBIGUOUS if server.sent else f"核对主机和端口；{_LATER}"
        return self._not_delivered(letter, came_back, todo, again=True)

    def _not_delivered(
        self, letter: Letter, came_back: str, todo: str, *, again: bool
    ) -> NotDelivered:
        where = f"{self._server.host}:{self._server.port}"
        said = f"邮件没有送到：经 {where} 发送，{came_back}。{todo}。"
        return NotDelivered(self._said(letter, said), again)

    def _said(self, letter: Letter, text: str) -> str:
        """Without password and mailbox: whom it was for stands in the message's own row."""
        return redacted(text, (self._server.password, letter.address))[:400]


class _Dialogue(smtplib.SMTP):
    """One talk with a mail server, under one deadline. `step` is where it is, `sent` whether text went out."""

    def __init__(self, server: MailServer, deadline: Deadline) -> None:
        # Named here, or smtplib asks the resolver for this machine's name without any time-out.
        super().__init__(local_hostname="localhost")
        self.step = "连接"
        self.sent = False
        self._server = server
        self._deadline = deadline

    def hand_over(self, sender: str, to: str, message: bytes) -> tuple[int, bytes]:
        """The server's final reply to the letter; what is not that is raised."""
        server = self._server
        _expect(self.connect(server.host, server.port), 220)
        self.step = "问候"
        self.ehlo_or_helo_if_needed()
        if server.tls == "starttls":
            self.step = "加密（STARTTLS）"
            tls: Any = _Tls(server.host)
            self.starttls(context=tls)
            self.ehlo_or_helo_if_needed()
        if server.user:
            self.step = "登录"
            self._log_in()
        self.step = "报发信人"
        _expect(self.mail(sender), 250)
        self.step = "报收信人"
        _expect(self.rcpt(to), 250, 251)
        self.step = "交出邮件"
        self.sent = True
        reply = self.data(message)
        with suppress(OSError, smtplib.SMTPException):
            self.putcmd("quit")  # politely; its reply is not waited for
        return reply

    def _log_in(self) -> None:
        try:
            self.login(self._server.user, self._server.password)
        except (smtplib.SMTPResponseException, smtplib.SMTPServerDisconnected):
            raise
        except smtplib.SMTPException as none:
            raise smtplib.SMTPNotSupportedError(str(none)) from None

    def _get_socket(self, host: str, port: int, timeout: float) -> Connection:
        connection = Connection(host, port, self._deadline)
        if self._server.tls == "tls":
            connection.secure(httpcore2.default_ssl_context(), host)
        own = connection.own_address()
        self.local_hostname = f"[IPv6:{own}]" if ":" in own else f"[{own}]"
        return connection


class _Tls:
    """What smtplib takes for a TLS context: it secures our own connection, under its deadline."""

    def __init__(self, host: str) -> None:
        self._host = host

    def wrap_socket(self, connection: Connection, *, server_hostname: str) -> Connection:
        return connection.secure(httpcore2.default_ssl_context(), self._host)


def _expect(reply: tuple[int, bytes], *codes: int) -> None:
    if reply[0] not in codes:
        raise smtplib.SMTPResponseException(*reply)


def _text(reply: object) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else str(reply)


def channel(settings: Settings) -> Mail | None:
    """The mail server of `FASHEN_EMAIL_URL`; None where there is no such setting."""
    if not settings.email_url:
        return None
    return Mail(
        addresses.mail_server(settings.email_url.get_secret_value()),
        addresses.sender(settings.email_from),
        settings.channel_timeout,
    )
