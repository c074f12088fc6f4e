"""The robots of 企业微信, 钉钉 and 飞书, and the receiver of an office's own: what goes out, what counts as a yes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from types import SimpleNamespace

import pytest

from tests.services import outside
from tests.services.outside import Web, says
from workflow.channels import Letter, NotDelivered, configured
from workflow.channels.letter import shortened
from workflow.settings import Settings

SECRET = "SEC-0123456789abcdef"
TEXT = "黄牌：沪某执罚立字〔2026〕第7号的“办案期限”期限将于 2026-12-01 届满。"
ADDRESS = {
    "wecom": "13800000001",
    "dingtalk": "13800000001",
    "feishu": "ou_7d8a6e6df7621556ce0d21922b676706ccs",
    "webhook": "zhang",
}
YES: dict[str, dict[str, object]] = {
    "wecom": {"errcode": 0, "errmsg": "ok"},
    "dingtalk": {"errcode": 0, "errmsg": "ok"},
    "feishu": {"code": 0, "msg": "success", "data": {}},
    "webhook": {"key": "alert:c1:decision:1:yellow:zhang"},
}
YES_OF_ALL = {k: v for answer in YES.values() for k, v in answer.items()}
ROBOTS = ["wecom", "dingtalk", "feishu"]
ALL = [*ROBOTS, "webhook"]
PATHS = {
    "wecom": "/cgi-bin/webhook/send?key=693a91f6-7aoc-4bc4",
    "dingtalk": "/robot/send?access_token=566cc69da782ec",
    "feishu": "/open-apis/bot/v2/hook/f19d0e1c-8b7a-secret",
    "webhook": "/fashen",
}


def channel(name: str, web: Web, **parts):
    settings = {f"{name}_url": web.url(PATHS[name])}
    if name != "wecom":
        settings[f"{name}_secret"] = SECRET
    return configured(Settings(_env_file=None, channel_timeout=2, **{**settings, **parts}))[name]


def letter(name: str, **parts) -> Letter:
    return Letter(
        **{
            "key": "alert:c1:decision:1:yellow:zhang",
            "subject": "黄牌：办案期限",
            "text": TEXT,
            "address": ADDRESS[name],
            "stage": "yellow",
            **parts,
        }
    )


def refused(name: str, answer, **parts) -> NotDelivered:
    with Web(answer) as web, pytest.raises(NotDelivered) as no:
        channel(name, web).send(letter(name, **parts))
    for secret in (SECRET, "693a91f6", "566cc69d", "f19d0e1c", "sign=Z", ADDRESS[name] + "@"):
        assert secret not in no.value.reason
    return no.value


# — what goes out —————————————————————————————————————————————————————————————————————


def test_wecom_is_sent_the_text_and_whom_to_call():
    with Web(says(YES["wecom"])) as web:
        receipt = channel("wecom", web).send(letter("wecom"))
    assert json.loads(receipt) == YES["wecom"]
    assert web.heard[0].target == PATHS["wecom"]
    assert web.heard[0].json() == {
        "msgtype": "text",
        "text": {
            "content": f"黄牌：办案期限\n{TEXT}\n通知编号 {letter('wecom').mark}",
            "mentioned_mobile_list": ["13800000001"],
        },
    }


def test_dingtalk_is_signed_in_its_query_as_its_documentation_says():
    with Web(says(YES["dingtalk"])) as web:
        channel("dingtalk", web).send(letter("dingtalk"))
    heard = web.heard[0]
    body = heard.json()
    assert body["at"] == {"atMobiles": ["13800000001"]}
    assert TEXT in body["text"]["content"]
    assert "@13800000001" in body["text"]["content"]
    timestamp = heard.query["timestamp"]
    assert abs(int(timestamp) / 1000 - time.time()) < 60
    made = hmac.new(SECRET.encode(), f"{timestamp}\n{SECRET}".encode(), hashlib.sha256)
    assert heard.query["sign"] == base64.b64encode(made.digest()).decode()
    assert "%25" not in heard.target, "the signature was percent-encoded twice"
    assert heard.query["access_token"] == "566cc69da782ec"


def test_a_signature_with_signs_of_its_own_arrives_unharmed(monkeypatch):
    def sign(seconds: int) -> str:
        made = hmac.new(SECRET.encode(), f"{seconds}000\n{SECRET}".encode(), hashlib.sha256)
        return base64.b64encode(made.digest()).decode()

    now = next(n for n in range(1_800_000_000, 1_800_001_000) if {"+", "/"} <= set(sign(n)))
    monkeypatch.setattr("workflow.channels.dingtalk.time", SimpleNamespace(time=lambda: now))
    with Web(says(YES["dingtalk"])) as web:
        channel("dingtalk", web).send(letter("dingtalk"))
    assert web.heard[0].query["sign"] == sign(now)


def test_feishu_is_signed_in_its_body_with_the_text_to_be_signed_as_key():
    with Web(says(YES["feishu"])) as web:
        channel("feishu", web).send(letter("feishu"))
    body = web.heard[0].json()
    assert abs(int(body["timestamp"]) - time.time()) < 60
    made = hmac.new(f"{body['timestamp']}\n{SECRET}".encode(), b"", hashlib.sha256)
    assert body["sign"] == base64.b64encode(made.digest()).decode()
    assert body["msg_type"] == "text"
    assert body["content"]["text"].startswith(f'<at user_id="{ADDRESS["feishu"]}"></at>\n黄牌')
    assert TEXT in body["content"]["text"]


@pytest.mark.parametrize("name", ["dingtalk", "feishu"])
def test_a_robot_without_secret_is_not_signed(name):
    with Web(says(YES[name])) as web:
        channel(name, web, **{f"{name}_secret": ""}).send(letter(name))
    assert "sign" not in web.heard[0].query
    assert "sign" not in web.heard[0].json()


def test_the_webhook_is_signed_over_timestamp_and_body_and_carries_the_key():
    with Web(says(YES["webhook"])) as web:
        receipt = channel("webhook", web).send(letter("webhook"))
    heard = web.heard[0]
    assert json.loads(receipt) == YES["webhook"]
    assert heard.json() == {
        "key": "alert:c1:decision:1:yellow:zhang",
        "stage": "yellow",
        "subject": "黄牌：办案期限",
        "text": TEXT,
        "to": "zhang",
    }
    assert heard.headers["idempotency-key"] == "alert:c1:decision:1:yellow:zhang"
    timestamp = heard.headers["x-fashen-timestamp"]
    assert abs(int(timestamp) - time.time()) < 60
    made = hmac.new(SECRET.encode(), timestamp.encode() + b"." + heard.body, hashlib.sha256)
    assert heard.headers["x-fashen-signature"] == f"sha256={made.hexdigest()}"


def test_a_repeat_is_the_same_letter_byte_for_byte():
    with Web(says(YES["webhook"])) as web:
        for _ in range(2):
            channel("webhook", web).send(letter("webhook"))
    assert web.heard[0].body == web.heard[1].body


def test_a_key_that_no_header_can_carry_is_percent_encoded_there_and_whole_in_the_body():
    key = "alert:案\r\nX-Evil: 1"
    with Web(says({"key": key})) as web:
        channel("webhook", web).send(letter("webhook", key=key))
    assert "x-evil" not in web.heard[0].headers
    assert web.heard[0].headers["idempotency-key"] == "alert:%E6%A1%88%0D%0AX-Evil%3A%201".replace(
        "%3A", ":"
    )
    assert web.heard[0].json()["key"] == key


@pytest.mark.parametrize("name", ROBOTS)
def test_a_letter_to_the_group_calls_nobody(name):
    with Web(says(YES[name])) as web:
        channel(name, web).send(letter(name, address=""))
    body = web.heard[0].json()
    assert body.get("at", {}).get("atMobiles", []) == []
    assert body.get("text", {}).get("mentioned_mobile_list", []) == []
    assert "<at" not in str(body)


@pytest.mark.parametrize("name", ROBOTS)
@pytest.mark.parametrize("address", ["@all", "all", '"></at><at user_id="all', "zhang@example.cn"])
def test_an_address_that_would_call_everybody_or_nobody_is_refused_before_anything_goes_out(
    name, address
):
    with Web(says(YES[name])) as web, pytest.raises(NotDelivered, match="还没有发出") as no:
        channel(name, web).send(letter(name, address=address))
    assert web.heard == []
    assert not no.value.again


@pytest.mark.parametrize("name", ["wecom", "feishu"])
def test_a_tag_in_the_text_calls_nobody(name):
    with Web(says(YES[name])) as web:
        channel(name, web).send(letter(name, address="", text='<@all> <at user_id="all">'))
    assert "<" not in json.dumps(web.heard[0].json(), ensure_ascii=False)


def test_a_long_text_is_cut_between_characters_and_keeps_its_mark():
    with Web(says(YES["wecom"])) as web:
        channel("wecom", web).send(letter("wecom", text="期" * 2000))
    content = web.heard[0].json()["text"]["content"]
    assert 2040 <= len(content.encode()) <= 2048
    assert content.endswith(f"期……（全文见系统）\n通知编号 {letter('wecom').mark}")
    assert shortened("期限", 6) == "期限"


@pytest.mark.parametrize("name", ALL)
def test_control_characters_and_half_characters_do_not_go_out(name):
    with Web(says(YES[name])) as web:
        channel(name, web).send(
            letter(name, subject="黄牌\r\n二\x00行", text="一\ud800\x1b[2J\n二")
        )
    said = json.dumps(web.heard[0].json(), ensure_ascii=False)
    assert "黄牌 二 行" in said
    assert "一  [2J\\n二" in said


# — what counts as a yes ——————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("feishu", {"StatusCode": 0, "StatusMessage": "success"}),
        ("feishu", {"StatusCode": 0, "code": 0, "msg": "success"}),
        ("webhook", {"key": "alert:c1:decision:1:yellow:zhang", "id": 7}),
    ],
)
def test_other_ways_to_say_yes(name, answer):
    with Web(says(answer)) as web:
        assert json.loads(channel(name, web).send(letter(name))) == answer


@pytest.mark.parametrize(
    ("name", "answer", "todo"),
    [
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, "FASHEN_WECOM_URL"),
        ("dingtalk", {"errcode": 300005, "errmsg": "token is not exist"}, "FASHEN_DINGTALK_URL"),
        ("dingtalk", {"errcode": 300001, "errmsg": "token is not exist"}, "FASHEN_DINGTALK_URL"),
        ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}, "FASHEN_DINGTALK_SECRET"),
        ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}, "通知编号"),
        ("feishu", {"code": 19001, "msg": "access token invalid"}, "FASHEN_FEISHU_URL"),
        ("feishu", {"code": 19021, "msg": "sign match fail"}, "FASHEN_FEISHU_SECRET"),
        ("feishu", {"code": 19022, "msg": "Ip Not Allowed"}, "白名单"),
        ("feishu", {"code": 19024, "msg": "Key Words Not Found"}, "关键词"),
        ("feishu", {"StatusCode": 0, "code": 19001}, "FASHEN_FEISHU_URL"),
        ("webhook", {"ok": True}, "接收程序要在收好以后回答"),
    ],
)
def test_a_200_that_says_no_is_not_delivered_and_says_the_cure(name, answer, todo):
    no = refused(name, says(answer))
    assert not no.again
    assert todo in no.reason
    assert str(answer.get("errcode") or answer.get("code") or "ok") in no.reason


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("wecom", {"errcode": -1, "errmsg": "system busy"}),
        ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}),
        ("dingtalk", {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}),
        ("dingtalk", {"errcode": 987654}),
        ("feishu", {"code": 11232, "msg": "frequency limited psm"}),
        ("wecom", {}),
        ("wecom", {"errcode": "0"}),
        ("wecom", {"errcode": False}),
        ("wecom", {"errcode": None}),
        ("wecom", {"code": 0}),
        ("dingtalk", {"errmsg": "ok"}),
        ("feishu", {"errcode": 0}),
        ("feishu", {"code": 0.0}),
        ("webhook", {"key": "alert:another"}),
        ("webhook", {"key": None}),
    ],
)
def test_a_200_that_says_neither_yes_nor_a_known_no_is_tried_again(name, answer):
    assert refused(name, says(answer)).again


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    "answer",
    [
        says(b""),
        says(b"", "204 No Content"),
        says(b"<html>login</html>"),
        says(b'{"errcode":0,"code":0,"ke'),
        says(YES_OF_ALL, "302 Found", "Location: /ok\r\n"),
        says(YES_OF_ALL, "503 Service Unavailable"),
        says(YES_OF_ALL, whole=900),
        outside.resets,
    ],
    ids=["empty", "204", "page", "cut json", "redirect", "503", "short", "reset"],
)
def test_no_channel_takes_a_broken_answer_for_a_yes(name, answer):
    assert refused(name, answer).again


@pytest.mark.parametrize("name", ALL)
def test_neither_channel_nor_letter_shows_what_is_secret(name):
    with Web(says(YES[name])) as web:
        made = channel(name, web)
    shown = repr(made) + repr(vars(made)["_receiver"]) + repr(letter(name))
    for secret in (SECRET, PATHS[name], ADDRESS[name] if name != "webhook" else SECRET):
        assert secret not in shown
