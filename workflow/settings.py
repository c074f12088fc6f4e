"""Settings, read once at the edge from the environment or a `.env`; wrong values are refused at start."""

from __future__ import annotations

import hashlib
import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from workflow import addresses
from workflow.certificates import tls_of
from workflow.errors import SettingsWrong

UNSET = SecretStr("")

LONGEST_CHANNEL_TIMEOUT = 29
"""Seconds; twice as much and 30 s more stay below the lease of a message (docs/decisions/0005)."""


OUTWARD = (
    "email_url", "wecom_url", "dingtalk_url", "feishu_url", "webhook_url", "platform_url",
)  # fmt: skip
"""What leads out of the office; a story that is only told must not."""


class Settings(BaseSettings):
    """Every setting, under its name in capitals after `FASHEN_`."""

    model_config = SettingsConfigDict(
        env_prefix="FASHEN_",
        env_file=".env",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    data_dir: Path = Field(default=Path("var"), description="数据目录")
    database_url: str = Field(default="", description="数据库；空为数据目录中的 SQLite")
    broker_url: str | None = Field(default=None, description="消息队列；空为进程内")
    secret_key: str = Field(
        default="", description="密钥，至少 32 个字符；空为数据目录中的密钥文件"
    )
    public_url: str = Field(
        default="http://127.0.0.1:8000", description="本站地址；期限日历的订阅地址以它开头"
    )
    session_idle: int = Field(
        default=60,
        ge=5,
        le=720,
        description="多少分钟不操作就要重新登录，5 到 720；无论如何 12 小时后重新登录",
    )
    password_memory: int = Field(
        default=65536,
        ge=8,
        description="核对一个密码用的内存（KiB，argon2id）；越大越难猜，每次登录越慢",
    )
    password_rounds: int = Field(default=3, ge=1, description="核对一个密码的遍数（argon2id）")
    password_length: int = Field(
        default=12, ge=8, le=64, description="自己的密码至少多少个字符，8 到 64"
    )
    password_tries: int = Field(
        default=5, ge=3, le=10, description="密码或者动态口令连续输错几次后账户暂停，3 到 10"
    )
    password_rest: int = Field(
        default=15, ge=1, le=60, description="账户暂停多少分钟，1 到 60；到时自动恢复"
    )
    address_failures: int = Field(
        default=30,
        ge=10,
        le=10_000,
        description="同一个地址 15 分钟内登录失败多少次后不再核对；很多人共用一个出口地址的可以加大",
    )
    api_per_minute: int = Field(
        default=6000, ge=10, description="一个接口令牌每分钟最多请求多少次（每个网页进程各自计数）"
    )
    ledger_hash: Literal["sha256", "sm3"] = Field(default="sha256", description="大事记的杂凑算法")
    publication_dir: Path | None = Field(
        default=None, description="公示目录；空为数据目录下 published"
    )
    holidays_dir: Path | None = Field(
        default=None, description="放假通知（holiday-cn 格式的 JSON）；空为数据目录下 holidays"
    )
    files_dir: Path | None = Field(
        default=None, description="证据文件的目录；空为数据目录下 files，多台机器要用同一个共享目录"
    )
    files_photo: int = Field(default=20, ge=1, le=1000, description="一张照片最多多少 MB")
    files_pdf: int = Field(default=50, ge=1, le=2000, description="一个 PDF 最多多少 MB")
    files_audio: int = Field(default=200, ge=1, le=10_000, description="一段录音最多多少 MB")
    files_video: int = Field(default=4096, ge=1, le=100_000, description="一段视频最多多少 MB")
    files_form: int = Field(
        default=300, ge=1, le=2000, description="不用脚本时，一张表单连同文件最多多少 MB"
    )
    files_unclaimed: float = Field(
        default=24, ge=1, le=720, description="传上来没有登记的文件，多少小时以后清理"
    )
    sweep_every: float = Field(
        default=30, ge=1, le=600, description="巡查期限的间隔（秒），1 到 600"
    )
    metrics_token: SecretStr = Field(
        default=UNSET,
        description="取 /metrics 的令牌，至少 16 个字符；空为只答本机直接的连接",
    )
    channel_timeout: float = Field(
        default=10, description="向外送一份通知总共最多几秒，1 到 29（见 docs/channels.md）"
    )
    lease: float = Field(
        default=90,
        description="一条消息最多办多久（秒），过后别人可以接手；不少于向外发送最多几秒的两倍加 30",
    )
    channel_proxy: SecretStr = Field(
        default=UNSET, description="向外送通知经过的代理，http://主机:端口；空为直接连接"
    )
    channel_plain_hosts: str = Field(
        default="", description="可以不加密（http）送通知的内网测试主机，用逗号隔开；本机总是可以"
    )
    email_url: SecretStr = Field(
        default=UNSET, description="邮件服务器，smtp://用户:密码@主机:587 或 smtps://…:465"
    )
    email_from: str = Field(
        default="", description="发信人，名称 <邮箱@域名>", validate_default=True
    )
    wecom_url: SecretStr = Field(default=UNSET, description="企业微信群机器人的 webhook 地址")
    dingtalk_url: SecretStr = Field(default=UNSET, description="钉钉群机器人的 webhook 地址")
    dingtalk_secret: SecretStr = Field(default=UNSET, description="钉钉群机器人的加签密钥")
    feishu_url: SecretStr = Field(default=UNSET, description="飞书自定义机器人的 webhook 地址")
    feishu_secret: SecretStr = Field(default=UNSET, description="飞书自定义机器人的签名密钥")
    webhook_url: SecretStr = Field(default=UNSET, description="本单位自己的接收程序的地址")
    webhook_secret: SecretStr = Field(
        default=UNSET, description="与接收程序约定的签名密钥，至少 16 个字符", validate_default=True
    )

    platform_url: str = Field(
        default="", description="信用平台接口的地址（见 docs/platforms.md）；空为没有联网的平台"
    )
    platform_cert: Path | None = Field(default=None, description="报送用的客户端证书（PEM）")
    platform_key: Path | None = Field(
        default=None, description="客户端证书的私钥（PEM，没有口令）；空为与证书在同一文件"
    )
    platform_ca: Path | None = Field(
        default=None, description="只信任由它签发的平台证书（PEM）；空为系统信任的"
    )
    platform_token: SecretStr = Field(
        default=UNSET,
        description="报送用的令牌，至少 16 个字符；与客户端证书至少要有一样",
        validate_default=True,
    )
    platform_settle: float = Field(
        default=60,
        ge=1,
        le=86400,
        description="不知道平台收下没有时，查询没有，还要等多少秒才可以重发；要比平台办完一个请求的时间长",
    )

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url and not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError(
                "要写成 postgresql+psycopg://用户@主机/库 或 sqlite:///文件；不设则用数据目录中的 SQLite"
            )
        return url

    @field_validator("broker_url")
    @classmethod
    def _known_broker(cls, url: str | None) -> str | None:
        if url and not url.startswith(("redis://", "rediss://", "redis+socket://", "inproc://")):
            raise ValueError("要写成 redis://主机:6379/0；不设则在进程内运行")
        return url or None

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, key: str) -> str:
        if key and len(key) < 32:
            raise ValueError("至少 32 个字符；不设则自动生成并保存在数据目录")
        return key

    @field_validator("metrics_token")
    @classmethod
    def _hard_to_guess(cls, token: SecretStr) -> SecretStr:
        told = token.get_secret_value()
        if told and (len(told) < 16 or not told.isascii() or not told.isprintable() or " " in told):
            raise ValueError("至少 16 个字符，只用 ASCII，没有空格；不设则只答本机直接的连接")
        return token

    @field_validator("ledger_hash")
    @classmethod
    def _hash_available(cls, name: str) -> str:
        if name not in hashlib.algorithms_available:
            raise ValueError(
                f"这台机器的 OpenSSL 没有 {name}；改用 sha256，或换带国密算法的 OpenSSL"
            )
        return name

    @field_validator("channel_timeout", mode="before")
    @classmethod
    def _within_the_lease(cls, seconds: object) -> float:
        try:
            number = float(str(seconds))
        except ValueError:
            number = 0
        if not 1 <= number <= LONGEST_CHANNEL_TIMEOUT:
            raise ValueError(f"要写 1 到 {LONGEST_CHANNEL_TIMEOUT} 之间的秒数；不设则为 10")
        return number

    @field_validator("channel_proxy")
    @classmethod
    def _known_proxy(cls, proxy: SecretStr) -> SecretStr:
        if proxy:
            addresses.check_proxy(proxy.get_secret_value())
        return proxy

    @field_validator("channel_plain_hosts")
    @classmethod
    def _only_hosts(cls, hosts: str) -> str:
        named = [host.strip() for host in hosts.split(",") if host.strip()]
        if any("/" in host or "*" in host or " " in host for host in named):
            raise ValueError("只写主机名或者 IP 地址，用逗号隔开，例如 test.lan,test2.lan")
        return ",".join(named).lower()

    @field_validator("lease")
    @classmethod
    def _long_enough_for_a_letter(cls, lease: float, info: ValidationInfo) -> float:
        least = 2 * info.data.get("channel_timeout", 10) + 30
        if not least <= lease <= 3600:
            raise ValueError(
                f"要写 {least:g} 到 3600 之间的秒数（至少是向外发送最多几秒的两倍加 30）；不设则为 90"
            )
        return lease

    @field_validator("email_url")
    @classmethod
    def _known_mail_server(cls, url: SecretStr) -> SecretStr:
        if url:
            addresses.mail_server(url.get_secret_value())
        return url

    @field_validator("email_from")
    @classmethod
    def _known_sender(cls, sender: str, info: ValidationInfo) -> str:
        if sender or info.data.get("email_url"):
            addresses.sender(sender)
        return sender

    @field_validator("wecom_url", "dingtalk_url", "feishu_url", "webhook_url")
    @classmethod
    def _known_receiver(cls, url: SecretStr, info: ValidationInfo) -> SecretStr:
        if url:
            plain = info.data.get("channel_plain_hosts", "").split(",")
            addresses.check_web_address(url.get_secret_value(), plain)
        return url

    @field_validator("webhook_secret")
    @classmethod
    def _signs_webhooks(cls, secret: SecretStr, info: ValidationInfo) -> SecretStr:
        if (info.data.get("webhook_url") or secret) and len(secret) < 16:
            raise ValueError("设了 FASHEN_WEBHOOK_URL 就要设，至少 16 个字符，双方相同")
        return secret

    @field_validator("platform_url")
    @classmethod
    def _known_platform(cls, url: str, info: ValidationInfo) -> str:
        if url:
            addresses.check_web_address(url, info.data.get("channel_plain_hosts", "").split(","))
            if "?" in url:
                raise ValueError("地址里不要写 ?；密钥写在 FASHEN_PLATFORM_TOKEN 里")
        return url

    @field_validator("platform_cert", "platform_key", "platform_ca")
    @classmethod
    def _readable(cls, file: Path | None) -> Path | None:
        if file is not None and not (file.is_file() and os.access(file, os.R_OK)):
            raise ValueError("没有这个文件，或者运行程序的用户不能读；要写 PEM 文件的完整路径")
        return file

    @field_validator("platform_token")
    @classmethod
    def _shows_who_we_are(cls, token: SecretStr, info: ValidationInfo) -> SecretStr:
        told = token.get_secret_value()
        if told and (len(told) < 16 or not told.isascii() or not told.isprintable() or " " in told):
            raise ValueError("至少 16 个字符，只用 ASCII，没有空格")
        if info.data.get("platform_url") and not (told or info.data.get("platform_cert")):
            raise ValueError(
                "设了 FASHEN_PLATFORM_URL 就要设令牌，或者设客户端证书 FASHEN_PLATFORM_CERT"
            )
        if info.data.get("platform_key") and not info.data.get("platform_cert"):
            raise ValueError("设了 FASHEN_PLATFORM_KEY 就要设它的证书 FASHEN_PLATFORM_CERT")
        tls_of(*(info.data.get(f"platform_{what}") for what in ("cert", "key", "ca")))
        return token

    @property
    def url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'fashen.db'}"

    @property
    def published(self) -> Path:
        return self.publication_dir or self.data_dir / "published"

    @property
    def files(self) -> Path:
        return self.files_dir or self.data_dir / "files"

    def indoors(self, folder: Path) -> Settings:
        """The same with nothing that leads out: every file in this folder, no channel, no platform."""
        shut = {name: type(self).model_fields[name].default for name in OUTWARD}
        return self.model_copy(
            update={**shut, "data_dir": folder, "publication_dir": None, "files_dir": None}
        )

    @cached_property
    def key(self) -> bytes:
        """The secret key; without a setting it is made once and kept in the data directory."""
        if self.secret_key:
            return self.secret_key.encode()
        file = self.data_dir / "secret.key"
        if not file.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            fresh = file.with_suffix(f".{secrets.token_hex(4)}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_hex(32), "ascii")
            try:
                file.hardlink_to(fresh)  # the first of two starters wins, whole
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return file.read_text("ascii").strip().encode()


def load() -> Settings:
    """The settings of this process, or a refusal that names the variable and the cure."""
    try:
        return Settings()
    except ValidationError as wrong:
        said = "；".join(
            f"FASHEN_{'_'.join(str(p) for p in e['loc']).upper()}："
            f"{str(e.get('ctx', {}).get('error', '')) or e['msg']}"
            for e in wrong.errors()
        )
        raise SettingsWrong(f"设置有误，没有启动。{said}") from None
