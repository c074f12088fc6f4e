"""密码 — which will do, how their hashes are made, and how long anybody takes to look at.

NIST SP 800-63B asks for length, no mixture of signs and no change by the calendar; 等级保护 gives no number.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from policies.office import Person
from workflow.program import Fashen

LONGEST = 128
"""Characters of a password. How short it may be is a setting."""
AT_ONCE = threading.BoundedSemaphore(4)
"""Passwords looked at together in one process: each takes 64 MiB, and strangers decide how many come."""

SAMPLE_PASSWORD = "fashen-sample"
"""What everybody of a sample office has at first; the sign-in page says it."""

COMMON = frozenset({
    "123456789012", "1234567890123", "111111111111", "000000000000", "888888888888", "666666666666",
    "password1234", "password12345", "passwordpassword", "qwertyuiop123", "qwerty123456", "qwer1234asdf",
    "1qaz2wsx3edc", "1q2w3e4r5t6y", "abc123456789", "abcd12345678", "aa1234567890", "a12345678910",
    "woaini1314520", "woaini520520", "5201314520131", "admin1234567", "administrator", "adminadminadmin",
    "iloveyou1314", "zhonghua1949", "wangyut2wangyut2", "changeme1234", "letmein12345", "p@ssw0rd1234",
})  # fmt: skip
"""The passwords of twelve and more characters that lists of stolen ones begin with, and their like."""


@lru_cache
def _hasher(memory: int, rounds: int) -> PasswordHasher:
    return PasswordHasher(time_cost=rounds, memory_cost=memory, parallelism=1)


def _hasher_of(fashen: Fashen) -> PasswordHasher:
    return _hasher(fashen.settings.password_memory, fashen.settings.password_rounds)


@lru_cache
def _nobodys(memory: int, rounds: int) -> str:
    """A hash to verify against where nobody is meant, so that it takes as long."""
    return _hasher(memory, rounds).hash(secrets.token_urlsafe())


def _plain(password: str) -> str:
    """One password for one sentence, however the keyboard wrote its full-width letters."""
    return unicodedata.normalize("NFKC", password[: 4 * LONGEST])


def hashed(fashen: Fashen, password: str) -> str:
    with AT_ONCE:
        return _hasher_of(fashen).hash(_plain(password))


def matches(fashen: Fashen, told: str, password: str) -> bool:
    try:
        with AT_ONCE:
            return _hasher_of(fashen).verify(told, _plain(password))
    except (VerificationError, InvalidHashError):
        return False


def matches_nobody(fashen: Fashen, password: str) -> bool:
    """Takes as long as looking at somebody's password, and is never right."""
    cost = fashen.settings.password_memory, fashen.settings.password_rounds
    matches(fashen, _nobodys(*cost), password)
    return False


def outdated(fashen: Fashen, told: str) -> bool:
    """Whether a hash was made when looking cost less than now."""
    return _hasher_of(fashen).check_needs_rehash(told)


def same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def fit(fashen: Fashen, password: str, person: Person) -> str:
    """Why a password will not do; empty where it does."""
    plain, least = _plain(password).casefold(), fashen.settings.password_length
    if not least <= len(password) <= LONGEST:
        return f"密码要 {least} 到 {LONGEST} 个字符，可以是一句话"
    if person.id.casefold() in plain or person.name in plain:
        return "密码里不要有自己的名字或者账号"
    if plain in COMMON or len(set(plain)) < 5 or plain == SAMPLE_PASSWORD:
        return "这个密码太常见，请换一个"
    return ""


def fresh() -> str:
    """A password to be given to somebody, and changed by them: 79 bits that can be read out."""
    signs = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(signs) for _ in range(4)) for _ in range(4))
