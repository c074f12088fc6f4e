"""Delivered means that the receiver's own answer said so; nothing else does, and nothing takes for ever."""

from __future__ import annotations

import logging
import re
import socket
import threading
import time
from contextlib import suppress

import pytest

from tests.services import outside
from tests.services.outside import Web, says
from workflow.channels.http import Receiver
from workflow.channels.letter import NotDelivered

SOON = 5
"""Seconds: far above every deadline here, far below what these servers would take without one."""

TOKEN = "0f3c9a77-secret-token-51ab"


def refused(url: str, seconds: float = 5, **parts) -> NotDelivered:
    with pytest.raises(NotDelivered) as no:
        Receiver("接收方", url, seconds, **parts).post(b"{}")
    assert no.value.reason == str(no.value)
    assert TOKEN not in no.value.reason
    assert "没有送到" in no.value.reason
    return no.value


def test_the_json_object_of_a_good_answer_comes_back():
    with Web(says({"errcode": 0, "errmsg": "好"})) as web:
        assert Receiver("接收方", web.url("/a?b=c"), 2).post(b'{"a":1}', query="d=e") == {
            "errcode": 0,
            "errmsg": "好",
        }
    heard = web.heard[0]
    assert (heard.method, heard.target, heard.body) == ("POST", "/a?b=c&d=e", b'{"a":1}')
    assert heard.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (says(b""), "内容是空的"),
        (says(b"", "204 No Content"), "内容是空的"),
        (says(b"<!DOCTYPE html><title>\xe7\x99\xbb\xe5\xbd\x95</title>"), "是一个网页.*登录"),
        (says(b'{"errcode": 0'), "不是完整的 JSON"),
        (says(b'{"errcode": 0', whole=40), "连接中断或者回答不完整"),
        (says(b"ok"), "不是完整的 JSON：ok"),
        (says([0]), "不是 JSON 对象"),
        (says(b"[" * 60_000), "不是完整的 JSON"),
        (says('{"errmsg": "成功"}'.encode("gbk")), "不是 UTF-8"),
        (says({"errcode": 0}, "429 Too Many Requests"), "HTTP 429 Too Many Requests"),
        (says({"errcode": 0}, "503 Service Unavailable"), "HTTP 503"),
        (says({"errcode": 0}, "500 Internal Server Error"), "HTTP 500"),
        (says({"errcode": 0}, "302 Found", "Location: /elsewhere\r\n"), "302 Found.*从不跟随跳转"),
        (says({"errcode": 0}, "308 Permanent Redirect", "Location: /else\r\n"), "从不跟随跳转"),
        (says({"errcode": 0, "errmsg": "a" * 65_536}), "超过 64 KiB"),
        (outside.floods, "超过 64 KiB"),
        (outside.floods_its_head, "超过 64 KiB"),
        (outside.resets, "连接中断.*不知道对方收到没有.*再试"),
        (outside.hangs_up, "连接中断.*不知道对方收到没有.*再试"),
    ],
)
def test_what_is_no_answer_is_not_delivered_and_tried_again(answer, sentence):
    with Web(answer) as web:
        no = refused(web.url(f"/{TOKEN}"))
    assert len(web.heard) == 1, "a redirect was followed, or it was sent twice"
    assert no.again
    assert re.search(sentence, no.reason), no.reason


def test_a_long_answer_that_fits_is_read():
    with Web(says({"errcode": 0, "errmsg": "a" * 65_000})) as web:
        assert Receiver("接收方", web.url(), 5).post(b"{}")["errcode"] == 0


@pytest.mark.parametrize(
    ("status", "todo"),
    [
        ("400 Bad Request", "请求不对"),
        ("401 Unauthorized", "核对密钥"),
        ("403 Forbidden", "白名单"),
        ("404 Not Found", "重新复制地址"),
        ("410 Gone", "停用"),
        ("418 I'm a teapot", "核对地址和密钥"),
    ],
)
def test_a_refusal_that_no_repetition_cures_says_which_it_was_and_what_to_do(status, todo):
    with Web(says({"errcode": 0, "why": "本来如此"}, status)) as web:
        no = refused(web.url())
    assert not no.again
    assert f"HTTP {status[:3]}" in no.reason
    assert todo in no.reason
    assert "本来如此" in no.reason
    assert "由管理员重新发送" in no.reason


@pytest.mark.parametrize("answer", [outside.hangs, outside.drips, outside.drips_its_body])
def test_a_server_that_hangs_or_drips_ends_with_the_deadline(answer):
    with Web(answer) as web:
        start = time.monotonic()
        no = refused(web.url(), seconds=0.6)
    assert time.monotonic() - start < SOON
    assert no.again
    assert "0.6 秒内没有收到完整的回答" in no.reason


def test_an_early_refusal_of_the_body_is_heard():
    def refuses(web, sock):
        sock.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nzhao")

    class Impatient(Web):
        def talk(self, sock):
            sock.recv(10)
            self.answer(self, sock)
            sock.recv(100_000)

    with Impatient(refuses) as web, pytest.raises(NotDelivered, match="HTTP 413") as no:
        Receiver("接收方", web.url(), 2).post(b" " * 50_000)
    assert not no.value.again


def test_a_name_without_address_and_a_port_without_server_are_said():
    assert "找不到这个主机的地址" in refused("http://no-such-host.invalid/").reason
    with Web(says({})) as web:
        pass
    assert "连接被拒绝" in refused(web.url()).reason


def test_a_look_up_that_takes_too_long_ends_with_the_deadline(monkeypatch):
    over = threading.Event()

    def slow(*_, **__):
        over.wait(60)
        return []

    monkeypatch.setattr("workflow.channels.connection.socket.getaddrinfo", slow)
    start = time.monotonic()
    assert refused("http://slow.example/", seconds=0.3).again
    over.set()
    assert time.monotonic() - start < SOON


# — encryption ————————————————————————————————————————————————————————————————————————


def test_a_certificate_that_the_system_does_not_know_stops_the_letter():
    with Web(says({"errcode": 0}), tls=True) as web:
        no = refused(web.url(f"/{TOKEN}", "https"))
    assert web.heard == []
    assert no.again
    assert "证书不可信（self-signed certificate）" in no.reason


def test_a_certificate_for_another_name_stops_the_letter(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(outside.CERTIFICATE))
    with Web(says({"errcode": 0}), tls=True) as web:
        no = refused(f"https://127.1:{web.port}/")
    assert web.heard == []
    assert "证书不可信（Hostname mismatch" in no.reason


def test_a_certificate_that_the_system_knows_lets_it_through(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(outside.CERTIFICATE))
    with Web(says({"errcode": 0}), tls=True) as web:
        assert Receiver("接收方", web.url(scheme="https"), 5).post(b"{}") == {"errcode": 0}


def test_a_handshake_that_hangs_ends_with_the_deadline():
    class Silent(Web):
        def talk(self, sock):
            self.over.wait(60)

    with Silent(says({})) as web:
        start = time.monotonic()
        no = refused(web.url(scheme="https"), seconds=0.5)
    assert no.again
    assert time.monotonic() - start < SOON


def test_a_server_without_encryption_behind_https_is_not_delivered():
    with Web(says({"errcode": 0})) as web:
        assert refused(web.url(scheme="https"), seconds=2).again


# — proxies ———————————————————————————————————————————————————————————————————————————


class Relay(Web):
    """A proxy that connects whom it is asked for."""

    def talk(self, sock):
        self.heard.append(outside.hear(sock))
        host, _, port = self.heard[0].target.partition(":")
        with socket.create_connection((host, int(port))) as beyond:
            sock.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            back = threading.Thread(target=pass_on, args=(beyond, sock), daemon=True)
            back.start()
            pass_on(sock, beyond)
            with suppress(OSError):
                beyond.shutdown(socket.SHUT_RDWR)  # ends what still reads from it
            back.join()


def pass_on(one: socket.socket, other: socket.socket) -> None:
    """What one says to the other, until either has gone."""
    with suppress(OSError):
        while part := one.recv(65_536):
            other.sendall(part)


def test_the_environment_names_no_proxy(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with Web(says({"errcode": 0})) as web:
        assert Receiver("接收方", web.url(), 2).post(b"{}") == {"errcode": 0}


def test_a_proxy_set_on_purpose_carries_the_letter_and_never_sees_it(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(outside.CERTIFICATE))
    with Web(says({"errcode": 0}), tls=True) as web, Relay(says({})) as relay:
        proxy = f"http://zhang:{TOKEN}@127.0.0.1:{relay.port}"
        receiver = Receiver("接收方", web.url(f"/{TOKEN}", "https"), 5, proxy=proxy)
        assert receiver.post(b"{}") == {"errcode": 0}
    assert relay.heard[0].method == "CONNECT"
    assert TOKEN not in str(relay.heard[0])
    assert relay.heard[0].headers["proxy-authorization"].startswith("Basic ")


def test_a_proxy_that_refuses_is_named_without_its_password():
    with Web(says(b"", "407 Proxy Authentication Required")) as relay:
        proxy = f"http://zhang:{TOKEN}@127.0.0.1:{relay.port}"
        no = refused("https://outside.example/", proxy=proxy)
    assert no.again
    assert "FASHEN_CHANNEL_PROXY" in no.reason


# — secrets ———————————————————————————————————————————————————————————————————————————


def test_what_a_server_repeats_of_our_secrets_is_not_repeated():
    echo = f"wrong key={TOKEN} at /hook/{TOKEN}?key={TOKEN}&access_token=abc, sign=Zm9v%3D"
    with Web(says({"errmsg": echo}, "403 Forbidden")) as web:
        url = web.url(f"/hook/{TOKEN}?key={TOKEN}")
        no = refused(url, secrets=("SECmagic",))
    assert "wrong … at …?…&access_token=… sign=…" in no.reason
    assert f"127.0.0.1:{web.port}" in no.reason


def test_neither_repr_nor_log_nor_traceback_shows_an_address(caplog):
    caplog.set_level(logging.DEBUG)
    with Web(says({"errcode": 0}), tls=True) as web:
        receiver = Receiver(
            "接收方", web.url(f"/{TOKEN}", "https"), 5, (TOKEN,), f"http://{TOKEN}:1"
        )
        direct = Receiver("接收方", web.url(f"/{TOKEN}?key={TOKEN}", "https"), 5)
        with pytest.raises(NotDelivered):
            direct.post(b"{}")
    with Web(says({"errcode": 0})) as web:
        Receiver("接收方", web.url(f"/{TOKEN}?key={TOKEN}"), 5).post(b"{}")
    assert TOKEN not in repr(receiver)
    assert TOKEN not in caplog.text
    assert caplog.records
