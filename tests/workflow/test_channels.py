"""Which channels there are: settings refused with the cure, an office's own channels, names that nobody set up."""

from __future__ import annotations

import logging
from importlib.metadata import EntryPoint

import pytest

from workflow import channels, outbox, plugged, settings
from workflow.channels import Letter, NotDelivered, configured, named
from workflow.errors import SettingsWrong
from workflow.settings import Settings, load

SECRET = "SEC-0123456789abcdef"
EVERY = {
    "email_url": f"smtps://fashen:{SECRET}@mail.example.gov.cn",
    "email_from": "法审系统 <fashen@example.gov.cn>",
    "wecom_url": f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={SECRET}",
    "dingtalk_url": f"https://oapi.dingtalk.com/robot/send?access_token={SECRET}",
    "dingtalk_secret": SECRET,
    "feishu_url": f"https://open.feishu.cn/open-apis/bot/v2/hook/{SECRET}",
    "feishu_secret": SECRET,
    "webhook_url": f"https://notices.example.gov.cn/{SECRET}",
    "webhook_secret": SECRET,
    "channel_proxy": f"http://fashen:{SECRET}@proxy.lan:3128",
}


def made(**parts) -> Settings:
    return Settings(_env_file=None, **parts)


# — settings ——————————————————————————————————————————————————————————————————————————


def test_without_settings_there_is_no_channel():
    assert configured(made()) == {}


def test_every_setting_makes_its_channel():
    found = configured(made(**EVERY))
    assert list(found) == ["email", "wecom", "dingtalk", "feishu", "webhook"]
    assert all(channel.name == name for name, channel in found.items())


def test_no_secret_shows_in_the_settings():
    assert SECRET not in repr(made(**EVERY)) + str(made(**EVERY).model_dump())


@pytest.mark.parametrize(
    ("parts", "name", "cure"),
    [
        ({"channel_timeout": "0.5"}, "CHANNEL_TIMEOUT", "1 到 29"),
        ({"channel_timeout": "30"}, "CHANNEL_TIMEOUT", "1 到 29"),
        ({"channel_timeout": "nan"}, "CHANNEL_TIMEOUT", "1 到 29"),
        ({"channel_timeout": "十"}, "CHANNEL_TIMEOUT", "1 到 29"),
        ({"lease": "49"}, "LEASE", "50 到 3600"),
        ({"lease": "nan"}, "LEASE", "50 到 3600"),
        ({"lease": "87", "channel_timeout": "29"}, "LEASE", "88 到 3600"),
        ({"sweep_every": "0.5"}, "SWEEP_EVERY", ""),
        ({"channel_proxy": f"socks5://{SECRET}:1080"}, "CHANNEL_PROXY", "http://主机:端口"),
        ({"channel_plain_hosts": "http://test.lan/"}, "CHANNEL_PLAIN_HOSTS", "只写主机名"),
        ({"channel_plain_hosts": "*"}, "CHANNEL_PLAIN_HOSTS", "只写主机名"),
        ({"wecom_url": SECRET}, "WECOM_URL", "https://主机/路径"),
        ({"wecom_url": f"http://qyapi.weixin.qq.com/?key={SECRET}"}, "WECOM_URL", "要用 https"),
        ({"wecom_url": f"http://localhost.evil.example/{SECRET}"}, "WECOM_URL", "要用 https"),
        ({"dingtalk_url": f"https://主机/{SECRET}"}, "DINGTALK_URL", "中文"),
        ({"dingtalk_url": f"https://host/{SECRET}\nX: y"}, "DINGTALK_URL", "控制字符"),
        ({"feishu_url": f"https://user:{SECRET}@host/"}, "FEISHU_URL", "不要写用户名"),
        ({"feishu_url": f"https://host:port/{SECRET}"}, "FEISHU_URL", "端口写得不对"),
        ({"feishu_url": f"https://[::1/{SECRET}"}, "FEISHU_URL", "主机或者端口"),
        (
            {"webhook_url": f"https://host/{SECRET}"},
            "WEBHOOK_SECRET",
            "设了 FASHEN_WEBHOOK_URL 就要设",
        ),
        ({"webhook_secret": "short"}, "WEBHOOK_SECRET", "至少 16 个字符"),
        ({"email_url": f"mail.example.cn:{SECRET}"}, "EMAIL_URL", "smtp://用户:密码@主机:587"),
        ({"email_url": f"smtp://u:{SECRET}/x@host"}, "EMAIL_URL", "%XX"),
        ({"email_url": f"smtp://u:{SECRET}@host?tls=none"}, "EMAIL_URL", "只能用于本机"),
        ({"email_url": f"smtp://u:{SECRET}@host?tls=off"}, "EMAIL_URL", "只能写 tls=none"),
        ({"email_url": f"smtp://u:{SECRET}%E5%AF%86@host"}, "EMAIL_URL", "ASCII"),
        ({"email_url": "smtp://u@host"}, "EMAIL_URL", "一起写"),
        ({"email_url": f"smtp://u:{SECRET}@host", "email_from": ""}, "EMAIL_FROM", "邮箱@域名"),
        ({"email_from": "法审系统"}, "EMAIL_FROM", "邮箱@域名"),
        ({"email_from": "a@example.cn\nBcc: b@example.cn"}, "EMAIL_FROM", "邮箱@域名"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_its_name_and_the_cure(
    monkeypatch, tmp_path, parts, name, cure
):
    monkeypatch.chdir(tmp_path)
    for key, value in parts.items():
        monkeypatch.setenv(f"FASHEN_{key.upper()}", value)
    with pytest.raises(SettingsWrong, match=f"FASHEN_{name}：") as refused:
        load()
    assert cure in str(refused.value)
    assert SECRET not in str(refused.value)
    with pytest.raises(ValueError, match=name.lower()) as raw:
        made(**parts)
    assert SECRET not in str(raw.value)


def test_a_test_host_named_on_purpose_is_reached_without_encryption():
    made(wecom_url="http://TEST.lan/send?key=1234", channel_plain_hosts="other.lan, test.lan")
    made(wecom_url="http://[::1]:8080/send?key=1234")
    made(email_url="smtp://localhost:25?tls=none", email_from="a@localhost")


def test_twice_all_waits_of_a_letter_stay_below_the_lease_of_its_message():
    longest = made(channel_timeout=str(settings.LONGEST_CHANNEL_TIMEOUT))
    assert outbox.lease_of(longest).total_seconds() == 90 > 2 * longest.channel_timeout + 30


def test_a_lease_just_long_enough_is_accepted():
    assert outbox.lease_of(made(lease="50", channel_timeout="10")).total_seconds() == 50


# — names —————————————————————————————————————————————————————————————————————————————


def test_a_channel_that_nobody_set_up_is_said_with_those_that_are():
    with pytest.raises(NotDelivered, match=r"渠道“sms”没有设置.*wecom") as no:
        named(configured(made(wecom_url=EVERY["wecom_url"])), "sms")
    assert not no.value.again
    with pytest.raises(NotDelivered, match="已设置的：没有"):
        named({}, "sms")


def test_the_channel_asked_for_is_the_one_that_comes():
    assert named(configured(made(**EVERY)), "feishu").name == "feishu"


# — channels of the office's own ——————————————————————————————————————————————————————


class Pager:
    """What an office might add."""

    name = "pager"

    def send(self, letter: Letter) -> str:
        return f"paged {letter.mark}"


class Impostor(Pager):
    name = "wecom"


def page(_: Settings) -> Pager:
    return Pager()


def impersonate(_: Settings) -> Impostor:
    return Impostor()


def not_set_up(_: Settings) -> None:
    return None


def quarrel(given: Settings) -> None:
    raise RuntimeError(f"no {given.wecom_url.get_secret_value()}")


def mute(_: Settings) -> object:
    return object()


def test_an_office_adds_a_channel_and_broken_ones_are_named_and_stop_nobody(monkeypatch, caplog):
    here = __name__
    wanted = {
        "a-missing": "no_such_module:channel",
        "b-quarrel": f"{here}:quarrel",
        "c-mute": f"{here}:mute",
        "d-impostor": f"{here}:impersonate",
        "e-idle": f"{here}:not_set_up",
        "f-pager": f"{here}:page",
    }
    monkeypatch.setattr(
        plugged,
        "entry_points",
        lambda group: [
            EntryPoint(n, v, group) for n, v in wanted.items() if group == channels.GROUP
        ],
    )
    with caplog.at_level(logging.ERROR):
        found = configured(made(**EVERY))
    assert list(found) == ["email", "wecom", "dingtalk", "feishu", "webhook", "pager"]
    assert type(found["pager"]).__name__ == "Pager"
    assert type(found["wecom"]).__name__ == "Wecom"
    said = [record.getMessage() for record in caplog.records]
    assert [s.split(" ")[2] for s in said] == ["a-missing", "b-quarrel", "c-mute", "d-impostor"]
    assert SECRET not in caplog.text


def test_a_letter_is_frozen_and_hides_its_address():
    letter = Letter("k", "黄牌", "正文", "13800000001")
    with pytest.raises(AttributeError):
        letter.key = "other"
    assert "13800000001" not in repr(letter)
    assert letter.mark == Letter("k", "红牌", "别的", "x").mark != Letter("j", "", "", "").mark
