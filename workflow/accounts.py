"""账户 — a person's password and second factor.

Of a password only its argon2id hash is kept. The key of the second factor is not kept at all: it is derived from
the secret key of the installation, the person, and how many factors they have had, as a calendar's token is.
A try is spent before a password is looked at, so that many at once cannot try more often than one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import pyotp
import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.engine import Connection

from policies.office import SYSTEM, Office, Person
from workflow import access_log, sessions
from workflow.database import insert_new, reading
from workflow.errors import FashenError, FieldError, Malformed
from workflow.models import account as accounts
from workflow.program import Fashen

TRIES = 5
"""Wrong passwords in a row after which an account rests."""
RESTS = timedelta(minutes=15)
"""How long it rests: nobody guesses 480 a day, and nobody can shut a person out for good."""
FROM_ONE_PLACE, LATELY = 30, timedelta(minutes=15)
"""Failures from one address within a while after which nobody there is heard; an office shares one address."""
LEAST, MOST = 12, 128
"""Characters of a password: length resists guessing, so no mixture and no change by the calendar is asked for."""
STEP = 30
"""Seconds of one code of the second factor; one step of a slow watch is accepted."""
RECOVERY = 10

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


class SignInRefused(FashenError):
    """Nobody was let in; the same words whoever was meant."""

    status = 403
    title = "没有登录"


class TooManyTries(FashenError):
    """This account or this place must wait."""

    status = 429
    title = "请稍后再试"

    def __init__(self, said: str, seconds: int) -> None:
        self.headers = {"Retry-After": str(max(1, seconds))}
        super().__init__(said)


class NotConfirmed(FashenError):
    """What was to be signed is not signed: the password given with it is not this person's."""

    status = 403
    title = "没有签字"


@dataclass(frozen=True, slots=True)
class Account:
    """What may be known of an account: nothing secret."""

    person: str
    initial: bool
    changed_at: datetime
    rests_until: datetime | None
    factor_on: bool
    recovery_left: int


# — passwords —————————————————————————————————————————————————————————————————————————————


@lru_cache
def _hasher(memory: int, rounds: int) -> PasswordHasher:
    return PasswordHasher(time_cost=rounds, memory_cost=memory, parallelism=1)


def _hasher_of(fashen: Fashen) -> PasswordHasher:
    return _hasher(fashen.settings.password_memory, fashen.settings.password_rounds)


@lru_cache
def _nobodys(memory: int, rounds: int) -> str:
    """A hash to verify against where nobody is meant, so that it takes as long."""
    return _hasher(memory, rounds).hash(secrets.token_urlsafe())


def _is(fashen: Fashen, told: str, password: str) -> bool:
    try:
        return _hasher_of(fashen).verify(told, password[: 4 * MOST])
    except (VerificationError, InvalidHashError):
        return False


def fit(password: str, person: Person) -> str:
    """Why a password will not do; empty where it does."""
    plain = password.casefold()
    if not LEAST <= len(password) <= MOST:
        return f"密码要 {LEAST} 到 {MOST} 个字符，可以是一句话"
    if person.id.casefold() in plain or person.name in password:
        return "密码里不要有自己的名字或者账号"
    if plain in COMMON or len(set(plain)) < 5 or plain == SAMPLE_PASSWORD:
        return "这个密码太常见，请换一个"
    return ""


def give_initial(fashen: Fashen, office: str, person: str, *, by: str) -> str:
    """A fresh password that must be changed at the first sign-in; every session of the person ends."""
    made = "-".join(
        "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(4))
        for _ in range(4)
    )
    told = _hasher_of(fashen).hash(made)
    with fashen.engine.begin() as tx:
        _put(fashen, tx, office, person, told, initial=True)
        sessions.end_all(tx, office, person)
        access_log.note(tx, fashen.clock(), office, person, "initial", by=by)
    return made


def _put(
    fashen: Fashen, tx: Connection, office: str, person: str, told: str, *, initial: bool
) -> None:
    fresh = {"hash": told, "initial": initial, "changed_at": fashen.clock()}
    tx.execute(insert_new(tx, accounts), _row(office, person) | fresh)
    tx.execute(
        accounts.update().where(*_whose(office, person)).values(tries=0, rests_until=None, **fresh)
    )


def _row(office: str, person: str) -> dict[str, Any]:
    return {
        "office_id": office,
        "person_id": person,
        "tries": 0,
        "rests_until": None,
        "factors": 0,
        "factor_on": False,
        "last_step": 0,
        "recovery": "[]",
    }


def _whose(office: str, person: str) -> tuple[Any, Any]:
    return accounts.c.office_id == office, accounts.c.person_id == person


def change(
    fashen: Fashen, office: Office, person: Person, old: str, new: str, again: str, keep: str
) -> None:
    """An own password in place of the old one; every other session than `keep` ends."""
    if not _tried(fashen, office.office, person.id, old):
        raise Malformed("修改密码", [FieldError("old", "现在的密码不对")])
    wrong = fit(new, person) or ("新密码与现在的相同，请换一个" if new == old else "")
    if wrong:
        raise Malformed("修改密码", [FieldError("new", wrong)])
    if new != again:
        raise Malformed("修改密码", [FieldError("again", "两次填写的新密码不一样")])
    told = _hasher_of(fashen).hash(new)
    with fashen.engine.begin() as tx:
        _put(fashen, tx, office.office, person.id, told, initial=False)
        sessions.end_all(tx, office.office, person.id, keep=keep)
        access_log.note(tx, fashen.clock(), office.office, person.id, "password")


# — being let in ——————————————————————————————————————————————————————————————————————————


NOT_LET_IN = "账号、密码或者动态口令不对，没有登录。忘记密码的，请系统管理员重新发给初始密码。"


def sign_in(
    fashen: Fashen, office: Office, name: str, password: str, code: str, address: str
) -> Person:
    """The person whose password this is; whatever is wrong is answered with the same words after the same time."""
    now = fashen.clock()
    with reading(fashen.engine) as tx:
        if access_log.failures(tx, address, now, LATELY) >= FROM_ONE_PLACE:
            minutes = int(LATELY.total_seconds() // 60)
            raise TooManyTries(
                f"这个地址在 {minutes} 分钟内登录失败太多次，没有核对密码。请过 {minutes} 分钟再试。",
                int(LATELY.total_seconds()),
            )
    person = _named(office, name)
    if person is None or not _let_in(fashen, office, person, password, code):
        with fashen.engine.begin() as tx:
            access_log.note(
                tx, now, office.office, person.id if person else "?", "failed", address=address
            )
        raise SignInRefused(NOT_LET_IN)
    with fashen.engine.begin() as tx:
        access_log.note(tx, now, office.office, person.id, "signed_in", address=address)
    return person


def _named(office: Office, name: str) -> Person | None:
    """By the id, or by the name where only one has it."""
    told = name.strip()
    found = [p for p in office.people if told in (p.id, p.name) and p.id != SYSTEM.id]
    return found[0] if len(found) == 1 else None


def _let_in(fashen: Fashen, office: Office, person: Person, password: str, code: str) -> bool:
    if office.sample:
        _first_of_sample(fashen, office.office, person.id)
    right = _tried(fashen, office.office, person.id, password)
    row = _of(fashen, office.office, person.id)
    if not right or row is None:
        return False
    return not row.factor_on or _second(fashen, row, code)


def _first_of_sample(fashen: Fashen, office: str, person: str) -> None:
    """In a sample office everybody has an account with the password that the sign-in page tells."""
    if _of(fashen, office, person) is None:
        told = _hasher_of(fashen).hash(SAMPLE_PASSWORD)
        fresh = {"hash": told, "initial": True, "changed_at": fashen.clock()}
        with fashen.engine.begin() as tx:
            tx.execute(insert_new(tx, accounts), _row(office, person) | fresh)


def _tried(fashen: Fashen, office: str, person: str, password: str) -> bool:
    """Spend a try, then look: right gives the tries back, the last wrong one lets the account rest."""
    now = fashen.clock()
    whose = _whose(office, person)
    with fashen.engine.begin() as tx:
        over = accounts.c.rests_until <= now
        tx.execute(accounts.update().where(*whose, over).values(tries=0, rests_until=None))
        spent = tx.execute(
            accounts.update()
            .where(*whose, accounts.c.tries < TRIES)
            .values(tries=accounts.c.tries + 1)
        ).rowcount
        row = tx.execute(sa.select(accounts).where(*whose)).first()
    cost = fashen.settings.password_memory, fashen.settings.password_rounds
    right = _is(fashen, row.hash if row and spent else _nobodys(*cost), password)
    if row is None:
        return False
    if not spent:
        _rests(row, now)
    with fashen.engine.begin() as tx:
        if right:
            fresh = _fresher(fashen, row.hash, password)
            tx.execute(accounts.update().where(*whose).values(tries=0, **fresh))
        elif row.tries >= TRIES:
            tx.execute(accounts.update().where(*whose).values(rests_until=now + RESTS))
            access_log.note(tx, now, office, person, "rests")
    return right


def _rests(row: Any, now: datetime) -> None:
    until = row.rests_until or now + RESTS
    raise TooManyTries(
        f"连续输错 {TRIES} 次，账户暂停 {int(RESTS.total_seconds() // 60)} 分钟，没有核对密码。"
        "请到时再试，或者请安全管理员解除。",
        int((until - now).total_seconds()),
    )


def _fresher(fashen: Fashen, told: str, password: str) -> dict[str, str]:
    """The hash made again where the cost has been raised since."""
    hasher = _hasher_of(fashen)
    return {"hash": hasher.hash(password)} if hasher.check_needs_rehash(told) else {}


def confirm(fashen: Fashen, office: str, person: str, told: str) -> None:
    """Who signs says again who they are: their password, or the code of their second factor."""
    row = _of(fashen, office, person)
    code = told.strip()
    by_code = row is not None and row.factor_on and len(code) == 6 and code.isdigit()
    right = _second(fashen, row, code) if by_code else _tried(fashen, office, person, told)
    with fashen.engine.begin() as tx:
        what = "confirmed" if right else "not_confirmed"
        access_log.note(tx, fashen.clock(), office, person, what)
    if not right:
        raise NotConfirmed(
            "密码或者动态口令不对，没有签字，什么都没有改变，填写的内容已保留。请重新输入后再签。"
        )


# — the second factor —————————————————————————————————————————————————————————————————————


def _key(fashen: Fashen, office: str, person: str, number: int) -> str:
    plain = "\0".join(("factor", office, person, str(number))).encode()
    return base64.b32encode(hmac.digest(fashen.settings.key, plain, "sha256")[:20]).decode()


def factor(fashen: Fashen, office: Office, person: Person) -> tuple[str, str]:
    """The key that is offered to switch the second factor on: as text, and as the address in its QR code."""
    row = _of(fashen, office.office, person.id)
    made = _key(fashen, office.office, person.id, (row.factors if row else 0) + 1)
    totp = pyotp.TOTP(made)
    return made, totp.provisioning_uri(name=person.name, issuer_name=f"法审 {office.name}")


def switch_on(fashen: Fashen, office: str, person: str, code: str) -> list[str]:
    """Switch the second factor on with a code that shows that it works; the recovery codes are told once."""
    row = _of(fashen, office, person)
    assert row is not None  # who is signed in has an account
    step = _step_of(_key(fashen, office, person, row.factors + 1), code, fashen.clock(), 0)
    if not step:
        raise Malformed(
            "启用动态口令", [FieldError("code", "动态口令不对；请看手机上现在的六位数")]
        )
    codes = [
        "-".join((secrets.token_hex(2), secrets.token_hex(2), secrets.token_hex(2)))
        for _ in range(RECOVERY)
    ]
    fresh = {"factors": row.factors + 1, "factor_on": True, "last_step": step}
    with fashen.engine.begin() as tx:
        tx.execute(
            accounts.update().where(*_whose(office, person))
            .values(recovery=json.dumps([_digest(c) for c in codes]), **fresh)
        )  # fmt: skip
        access_log.note(tx, fashen.clock(), office, person, "factor_on")
    return codes


def switch_off(fashen: Fashen, office: str, person: str, *, by: str = "") -> None:
    """Without the second factor again: by the person, who has confirmed, or by who looks after the accounts."""
    with fashen.engine.begin() as tx:
        off = {"factor_on": False, "recovery": "[]"}
        tx.execute(accounts.update().where(*_whose(office, person)).values(**off))
        access_log.note(tx, fashen.clock(), office, person, "factor_off", by=by)


def _second(fashen: Fashen, row: Any, code: str) -> bool:
    """Whether the code is right, and was not used before: the same one is never accepted twice."""
    whose, told = _whose(row.office_id, row.person_id), code.strip().lower()
    step = _step_of(
        _key(fashen, row.office_id, row.person_id, row.factors), told, fashen.clock(), row.last_step
    )
    with fashen.engine.begin() as tx:
        if step:
            newer = accounts.c.last_step < step
            used = accounts.update().where(*whose, newer).values(last_step=step)
            return tx.execute(used).rowcount == 1
        left = [d for d in json.loads(row.recovery) if not hmac.compare_digest(d, _digest(told))]
        same = accounts.c.recovery == row.recovery
        fresh = accounts.update().where(*whose, same).values(recovery=json.dumps(left))
        right = len(left) < len(json.loads(row.recovery)) and tx.execute(fresh).rowcount == 1
        if right:
            access_log.note(tx, fashen.clock(), row.office_id, row.person_id, "recovery")
        return right


def _step_of(key: str, code: str, now: datetime, after: int) -> int:
    """Which step of time the code belongs to, one to either side of now; 0 for none or one used before."""
    totp, here = pyotp.TOTP(key, interval=STEP), int(now.timestamp()) // STEP
    return next(
        (
            step for step in (here, here - 1, here + 1)
            if step > after and hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
        ),
        0,
    )  # fmt: skip


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


# — looking after them ————————————————————————————————————————————————————————————————————


def _of(fashen: Fashen, office: str, person: str) -> Any:
    with reading(fashen.engine) as tx:
        return tx.execute(sa.select(accounts).where(*_whose(office, person))).first()


def of(fashen: Fashen, office: str, person: str) -> Account | None:
    row = _of(fashen, office, person)
    return _account(row) if row else None


def every(fashen: Fashen, office: str) -> dict[str, Account]:
    """The accounts of an office by person; who has none cannot sign in yet."""
    with reading(fashen.engine) as tx:
        rows = tx.execute(sa.select(accounts).where(accounts.c.office_id == office)).all()
    return {row.person_id: _account(row) for row in rows}


def _account(row: Any) -> Account:
    left = len(json.loads(row.recovery))
    return Account(row.person_id, row.initial, row.changed_at, row.rests_until, row.factor_on, left)


def free(fashen: Fashen, office: str, person: str, *, by: str) -> None:
    """An account that rests is let go on before its time."""
    with fashen.engine.begin() as tx:
        tx.execute(
            accounts.update().where(*_whose(office, person)).values(tries=0, rests_until=None)
        )
        access_log.note(tx, fashen.clock(), office, person, "freed", by=by)
