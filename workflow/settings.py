"""Settings, read once at the edge from the environment or a `.env`; wrong values are refused at start."""

from __future__ import annotations

import hashlib
import secrets
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from workflow.errors import SettingsWrong


class Settings(BaseSettings):
    """Every setting, under its name in capitals after `FASHEN_`."""

    model_config = SettingsConfigDict(
        env_prefix="FASHEN_", env_file=".env", extra="ignore", frozen=True
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
    ledger_hash: Literal["sha256", "sm3"] = Field(default="sha256", description="大事记的杂凑算法")
    publication_dir: Path | None = Field(
        default=None, description="公示目录；空为数据目录下 published"
    )
    holidays_dir: Path | None = Field(
        default=None, description="放假通知（holiday-cn 格式的 JSON）；空为数据目录下 holidays"
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

    @field_validator("ledger_hash")
    @classmethod
    def _hash_available(cls, name: str) -> str:
        if name not in hashlib.algorithms_available:
            raise ValueError(
                f"这台机器的 OpenSSL 没有 {name}；改用 sha256，或换带国密算法的 OpenSSL"
            )
        return name

    @property
    def url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'fashen.db'}"

    @property
    def published(self) -> Path:
        return self.publication_dir or self.data_dir / "published"

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
