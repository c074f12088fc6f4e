"""E-mail: encrypted, to one person, delivered when the server's reply to the letter says so, within its time."""

from __future__ import annotations

import email
import time
from email import policy

import pytest

from tests.services import outside
from tests.services.outside import Outside, Post
from workflow import addresses
from workflow.channels import Letter, NotDelivered
from workflow.channels.mail import Mail

SOON = 5
"""Seconds: far above every deadline here, far below what these servers would take without one."""

PASSWORD = "p@ss-word-4711"
WHO = "fashen:p%40ss-word-4711@"
TEXT = "黄牌：沪某执罚立字〔2026〕第7号的“办案期限”期限将于 2026-12-01 届满。\n.\n请办理。"
LETTER = Letter("alert:c1:decision:1:yellow:zhang", "黄牌：办案期限", TEXT, "zhang@example.cn")
PLAIN = "?tls=none"


def sent(url: str, letter: Letter = LETTER, seconds: float = 5) -> str:
    sender = addresses.sender("法审系统 <fashen@example.gov.cn>")
    return Mail(addresses.mail_server(url), sender, seconds).send(letter)


def refused(url: str, letter: Letter = LETTER, seconds: float = 5) -> NotDelivered:
    with pytest.raises(NotDelivered) as no:
        sent(url, letter, seconds)
    for secret in (PASSWORD, "p%40ss", "zhang@example.cn"):
        assert secret not in no.value.reason
    assert no.value.reason.startswith("邮件没有送到：经 ")
    return no.value


def read(raw: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(raw, policy=policy.default)


# — what goes out —————————————————————————————————————————————————————————————————————


def test_the_receipt_is_the_servers_reply_to_the_letter_and_the_letter_is_whole():
    with Post() as post:
        assert sent(post.url(PLAIN)) == "250 2.0.0 queued as 4711"
    (raw,) = post.letters
    message = read(raw)
    assert raw.isascii()
    assert message["Subject"] == "黄牌：办案期限"
    assert message["From"] == "法审系统 <fashen@example.gov.cn>"
    assert message["To"] == "zhang@example.cn"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"]
    assert message.get_content().replace("\r\n", "\n") == f"{TEXT}\n\n通知编号 {LETTER.mark}\n"
    assert "mail FROM:<fashen@example.gov.cn>" in " ".join(post.commands)


def test_a_repeat_has_the_same_message_id_and_another_letter_another():
    other = Letter("alert:c1:decision:1:red:zhang", "红牌", TEXT, "zhang@example.cn")
    with Post() as post:
        for one in (LETTER, LETTER, other):
            sent(post.url(PLAIN), one)
    ids = [read(raw)["Message-ID"] for raw in post.letters]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0].endswith("@example.gov.cn>")


def test_a_line_break_in_the_subject_adds_no_header():
    subject = "黄牌\r\nBcc: all@example.cn\n\n正文\u2028X: y\x85Z: w\x00"
    with Post() as post:
        sent(post.url(PLAIN), Letter("k", subject, TEXT, "zhang@example.cn"))
    message = read(post.letters[0])
    assert message["Subject"] == "黄牌 Bcc: all@example.cn 正文 X: y Z: w"
    assert "Bcc" not in message
    assert set(message.keys()) == {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "Content-Type",
        "Content-Transfer-Encoding",
        "MIME-Version",
    }


@pytest.mark.parametrize(
    "address",
    [
        "",
        "13800000001",
        "zhang@example.cn\r\nRCPT TO:<all@example.cn>",
        "zhang@example.cn, li@example.cn",
        "张 <zhang@example.cn>",
        "张@example.cn",
        "zhang@exa mple.cn",
        "zhang@example.cn>",
    ],
)
def test_what_is_no_mailbox_is_refused_before_anything_goes_out(address):
    with Post() as post:
        no = refused(post.url(PLAIN), Letter("k", "黄牌", TEXT, address))
    assert not no.again
    assert "收信地址不是邮箱" in no.reason
    assert post.commands == []


# — encryption and login ——————————————————————————————————————————————————————————————


def test_the_letter_goes_under_starttls_and_the_password_only_there(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(outside.CERTIFICATE))
    with Post() as post:
        assert sent(post.url(who=WHO)).startswith("250 ")
    assert post.encrypted
    verbs = [command.split(" ")[0].lower() for command in post.commands]
    assert verbs.index("starttls") < verbs.index("auth")
    assert len(post.letters) == 1


def test_the_letter_goes_under_tls_from_the_start(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(outside.CERTIFICATE))
    with Post(tls=True, offers=("AUTH LOGIN PLAIN",)) as post:
        assert sent(post.url(scheme="smtps", who=WHO)).startswith("250 ")
    assert len(post.letters) == 1


def test_a_server_that_offers_no_encryption_gets_neither_password_nor_letter():
    with Post(offers=("AUTH PLAIN",)) as post:
        no = refused(post.url(who=WHO))
    assert not no.again
    assert "加密（STARTTLS）" in no.reason
    assert "smtps://" in no.reason
    assert not [c for c in post.commands if c.lower().startswith(("auth", "mail"))]


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_that_the_system_does_not_know_stops_the_letter(scheme):
    with Post(tls=scheme == "smtps") as post:
        no = refused(post.url(scheme=scheme))
    assert no.again
    assert "证书不可信" in no.reason
    assert post.letters == []


def test_what_a_stranger_slipped_in_before_the_encryption_is_forgotten(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(outside.CERTIFICATE))
    with Post(replies={}) as post:
        post.replies = _Slipped()
        assert sent(post.url()) == "250 2.0.0 queued as 4711"
    assert len(post.letters) == 1


class _Slipped(dict[str, str]):
    """Says yes to STARTTLS with a forged reply behind it, in the same bytes."""

    def get(self, at, yes):
        return "220 go ahead\r\n250 forged" if at == "starttls" else yes


def test_a_server_that_knows_no_login_is_named(monkeypatch):
    with Post(offers=()) as post:
        no = refused(post.url(PLAIN, who=WHO))
    assert not no.again
    assert "“登录”" in no.reason


# — what counts as a yes ——————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("replies", "step", "todo"),
    [
        ({"auth": "535 5.7.8 bad credentials"}, "登录", "授权码"),
        ({"mail": "553 5.7.1 not yours"}, "报发信人", "FASHEN_EMAIL_FROM"),
        ({"rcpt": "550 5.1.1 <zhang@example.cn> unknown"}, "报收信人", "这个人的邮箱"),
        ({"data": "554 no"}, "交出邮件", "服务器的回答"),
        ({"end": "552 5.3.4 too big"}, "交出邮件", "服务器的回答"),
        ({"banner": "554 go away"}, "连接", "服务器的回答"),
    ],
)
def test_a_5xx_is_final_and_says_at_which_step_and_what_to_do(replies, step, todo):
    with Post(replies=replies) as post:
        no = refused(post.url(PLAIN, who=WHO))
    assert not no.again
    assert f"在“{step}”一步，服务器回答 {next(iter(replies.values()))[:3]}" in no.reason
    assert todo in no.reason


@pytest.mark.parametrize(
    "replies",
    [
        {"banner": "421 too busy"},
        {"auth": "454 4.7.0 later"},
        {"rcpt": "450 4.2.0 greylisted"},
        {"rcpt": "252 perhaps"},
        {"data": "451 4.3.0 later"},
        {"end": "452 4.3.1 full"},
        {"end": "251 hm"},
        {"end": "queued, honestly"},
        {"banner": "HTTP/1.1 200 OK"},
        {"starttls": "454 not now"},
    ],
)
def test_everything_else_that_is_no_yes_is_tried_again(replies):
    with Post(replies=replies) as post:
        no = refused(post.url("" if "starttls" in replies else PLAIN, who=WHO))
    assert no.again
    assert "再试" in no.reason


@pytest.mark.parametrize("at", ["banner", "ehlo", "mail", "rcpt", "data", "end"])
def test_a_talk_that_ends_too_early_is_not_delivered(at):
    with Post(ends_at=at) as post:
        no = refused(post.url(PLAIN))
    assert no.again
    assert "连接中断" in no.reason
    assert ("不知道服务器收下没有" in no.reason) == (at in ("data", "end"))


def test_a_yes_is_a_yes_when_the_server_is_gone_before_the_farewell():
    class Curt(Post):
        def _reply(self, sock, at, yes):
            return super()._reply(sock, at, yes) and at != "end"

    with Curt() as post:
        assert sent(post.url(PLAIN)).startswith("250 ")


def test_a_server_that_never_answers_the_farewell_costs_no_time():
    with Post(hangs_at="quit") as post:
        start = time.monotonic()
        sent(post.url(PLAIN))
    assert time.monotonic() - start < SOON


# — time ——————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("at", ["banner", "ehlo", "rcpt", "end"])
@pytest.mark.parametrize("how", ["drips_at", "hangs_at"])
def test_a_server_that_hangs_or_drips_ends_with_the_deadline(how, at):
    with Post(**{how: at}) as post:
        start = time.monotonic()
        no = refused(post.url(PLAIN), seconds=0.6)
    assert time.monotonic() - start < SOON
    assert no.again
    assert "0.6 秒已经用完" in no.reason


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_handshake_that_hangs_ends_with_the_deadline(scheme):
    class Silent(Outside):
        def talk(self, sock):
            if scheme == "smtp":
                sock.sendall(b"220 hi\r\n")
                sock.recv(1000)
                sock.sendall(b"250-hi\r\n250 STARTTLS\r\n")
                sock.recv(1000)
                sock.sendall(b"220 go ahead\r\n")
            self.over.wait(60)

    with Silent() as server:
        start = time.monotonic()
        no = refused(f"{scheme}://127.0.0.1:{server.port}", seconds=0.6)
    assert time.monotonic() - start < SOON
    assert no.again


def test_a_server_that_talks_without_end_is_not_heard_out():
    class Talker(Outside):
        def talk(self, sock):
            while not self.over.is_set():
                sock.sendall(b"220-" + b"a" * 1000 + b"\r\n")

    with Talker() as server:
        no = refused(f"smtp://127.0.0.1:{server.port}{PLAIN}")
    assert "说个没完" in no.reason


def test_a_port_without_server_is_said():
    with Post() as post:
        pass
    no = refused(post.url(PLAIN))
    assert no.again
    assert "“连接”" in no.reason
