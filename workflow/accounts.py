"""账户 — a person's password and second factor.

Of a password only its argon2id hash is kept. The key of the second factor is not kept at all: it is derived from
the secret key of the installation, the person, and a number drawn when it was offered, as a calendar's token is.
A try is spent before a password or a code is looked at, so that many at once cannot try more often than one.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.office import SYSTEM, Office, Person
from workflow import access_log, passwords, sessions, tokens
from workflow.database import insert_new, reading
from workflow.errors import FashenError, FieldError, Malformed, TooOften
from workflow.models import Moment
from workflow.models import account as accounts
from workflow.program import Fashen

LATELY = timedelta(minutes=15)
"""Within which the failures from one address are counted; in the database, so that all web processes share them."""
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Until when an account rests that the security administrator has shut."""
STEP = 30
"""Seconds of one code of the second factor; one step of a slow watch is accepted."""
RECOVERY = 10


class SignInRefused(FashenError):
    """Nobody was let in; the same words whoever was meant."""

    status = 403
    title = "没有登录"


class TooManyTries(TooOften):
    """This account or this place must wait."""


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

    @property
    def shut(self) -> bool:
        return self.rests_until is not None and self.rests_until >= NEVER


# — passwords —————————————————————————————————————————————————————————————————————————————


def _is_theirs(fashen: Fashen, row: Any, password: str) -> bool:
    """Whether it is the password of this account; the hash is made again where the cost has been raised since."""
    if not passwords.matches(fashen, row.hash, password):
        return False
    if passwords.outdated(fashen, row.hash):
        fresh = {"hash": passwords.hashed(fashen, password)}
        same = accounts.c.hash == row.hash
        with fashen.engine.begin() as tx:
            whose = _whose(row.office_id, row.person_id)
            tx.execute(accounts.update().where(*whose, same).values(**fresh))
    return True


def give_initial(fashen: Fashen, office: str, person: str, *, by: str) -> str:
    """A fresh password that must be changed at the first sign-in; every session of the person ends."""
    made = passwords.fresh()
    told = passwords.hashed(fashen, made)
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
    tx.execute(accounts.update().where(*_whose(office, person)).values(**_AWAKE, **fresh))


_AWAKE = {
    "tries": 0,
    "rests_until": sa.case((accounts.c.rests_until >= NEVER, accounts.c.rests_until), else_=None),
}
"""No wrong tries any more; who is shut stays so."""


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
    fashen: Fashen,
    office: Office,
    person: Person,
    old: str,
    new: str,
    again: str,
    *,
    keep: str = "",
    address: str = "",
) -> None:
    """An own password in place of the old one; every other session than `keep` ends."""
    if not _shown(fashen, office.office, person.id, lambda row: _is_theirs(fashen, row, old)):
        raise Malformed("修改密码", [FieldError("old", "现在的密码不对")])
    same = passwords.same(new, old)
    wrong = passwords.fit(fashen, new, person) or ("新密码与现在的相同，请换一个" if same else "")
    if wrong:
        raise Malformed("修改密码", [FieldError("new", wrong)])
    if new != again:
        raise Malformed("修改密码", [FieldError("again", "两次填写的新密码不一样")])
    told = passwords.hashed(fashen, new)
    with fashen.engine.begin() as tx:
        _put(fashen, tx, office.office, person.id, told, initial=False)
        sessions.end_all(tx, office.office, person.id, keep=keep)
        access_log.note(
            tx, fashen.clock(), office.office, person.id, "password", address=address
        )  # fmt: skip


# — being let in ——————————————————————————————————————————————————————————————————————————


def not_let_in(fashen: Fashen) -> str:
    """What whoever is not let in reads, whatever it was: not even that an account rests shows that there is one."""
    tries, rest = fashen.settings.password_tries, fashen.settings.password_rest
    return (
        f"账号、密码或者动态口令不对，没有登录。连续输错 {tries} 次的账户暂停 {rest} 分钟，到时再试；"
        "急用的，请安全管理员解除。忘记密码的，请安全管理员重新发给初始密码。"
    )


def sign_in(
    fashen: Fashen, office: Office, name: str, password: str, code: str, address: str
) -> Person:
    """The person whose password this is; whatever is wrong is answered with the same words after the same time."""
    now = fashen.clock()
    with reading(fashen.engine) as tx:
        failed = access_log.failures(tx, address, now, LATELY)
    if failed >= fashen.settings.address_failures:
        minutes = int(LATELY.total_seconds() // 60)
        raise TooManyTries(
            f"这个地址在 {minutes} 分钟内登录失败太多次，没有核对密码。请过 {minutes} 分钟再试。",
            int(LATELY.total_seconds()),
        )
    person = _named(office, name)
    right = (
        _let_in(fashen, office, person, password, code)
        if person
        else passwords.matches_nobody(fashen, password)
    )  # fmt: skip
    who, what = (person.id if person else "?"), ("signed_in" if right else "failed")
    with fashen.engine.begin() as tx:
        access_log.note(tx, now, office.office, who, what, address=address)
    if person is None or not right:
        raise SignInRefused(not_let_in(fashen))
    return person


def _named(office: Office, name: str) -> Person | None:
    """By the id, or by the name where only one has it."""
    told = name.strip()
    found = [p for p in office.people if told in (p.id, p.name) and p.id != SYSTEM.id]
    return found[0] if len(found) == 1 else None


def _let_in(fashen: Fashen, office: Office, person: Person, password: str, code: str) -> bool:
    if office.sample:
        _first_of_sample(fashen, office.office, person.id)

    def shown(row: Any) -> bool:
        if not _is_theirs(fashen, row, password):
            return False
        return not row.factor_on or _second(fashen, row, code)

    row = _spent(fashen, office.office, person.id)
    if row is None or _resting(row):
        return passwords.matches_nobody(fashen, password)
    return _settled(fashen, row, shown(row))


def _first_of_sample(fashen: Fashen, office: str, person: str) -> None:
    """In a sample office everybody has an account with the password that the sign-in page tells."""
    if _of(fashen, office, person) is None:
        told = passwords.hashed(fashen, passwords.SAMPLE_PASSWORD)
        fresh = {"hash": told, "initial": True, "changed_at": fashen.clock()}
        with fashen.engine.begin() as tx:
            tx.execute(insert_new(tx, accounts), _row(office, person) | fresh)


def _spent(fashen: Fashen, office: str, person: str) -> Any:
    """The account after a try was spent on it; with the last one it rests already, should this process die.

    `spent` says whether there was one to spend; None where there is no account.
    """
    now, whose = fashen.clock(), _whose(office, person)
    most, rest = fashen.settings.password_tries, timedelta(minutes=fashen.settings.password_rest)
    last = accounts.c.tries + 1 >= most
    until = sa.case((last, sa.literal(now + rest, Moment)), else_=None)
    with fashen.engine.begin() as tx:
        over = accounts.c.rests_until <= now
        tx.execute(accounts.update().where(*whose, over).values(**_AWAKE))
        spent = tx.execute(
            accounts.update()
            .where(*whose, accounts.c.rests_until.is_(None))
            .values(tries=accounts.c.tries + 1, rests_until=until)
        ).rowcount
        found = sa.select(accounts, sa.literal(spent > 0, sa.Boolean).label("spent"))
        return tx.execute(found.where(*whose)).first()


def _resting(row: Any) -> bool:
    return not row.spent


def _settled(fashen: Fashen, row: Any, right: bool) -> bool:
    """Right gives the tries back; after the last wrong one the log says that the account rests."""
    whose = _whose(row.office_id, row.person_id)
    with fashen.engine.begin() as tx:
        if right:
            tx.execute(accounts.update().where(*whose).values(**_AWAKE))
        elif row.rests_until is not None:
            access_log.note(tx, fashen.clock(), row.office_id, row.person_id, "rests")
    return right


def _shown(fashen: Fashen, office: str, person: str, shown: Callable[[Any], bool]) -> bool:
    """Whether somebody who is signed in shows that it is they; `TooManyTries` while their account rests."""
    row = _spent(fashen, office, person)
    if row is None:
        return False
    if _resting(row):
        _rests(fashen, row)
    return _settled(fashen, row, shown(row))


def _rests(fashen: Fashen, row: Any) -> None:
    if row.rests_until >= NEVER:
        raise TooManyTries("账户已被安全管理员停用，没有核对密码。请与安全管理员联系。", 3600)
    raise TooManyTries(
        f"连续输错 {fashen.settings.password_tries} 次，账户暂停 {fashen.settings.password_rest} 分钟，"
        "没有核对密码。请到时再试，或者请安全管理员解除。",
        int((row.rests_until - fashen.clock()).total_seconds()),
    )


def confirm(fashen: Fashen, office: str, person: str, told: str, *, address: str = "") -> None:
    """Who signs says again who they are: their password, or the code of their second factor."""
    code = "".join(told.split())

    def shown(row: Any) -> bool:
        by_code = row.factor_on and len(code) == 6 and code.isdigit()
        return _second(fashen, row, code) if by_code else _is_theirs(fashen, row, told)

    right = _shown(fashen, office, person, shown)
    with fashen.engine.begin() as tx:
        what = "confirmed" if right else "not_confirmed"
        access_log.note(tx, fashen.clock(), office, person, what, address=address)
    if not right:
        raise NotConfirmed(
            "密码或者动态口令不对，没有签字，什么都没有改变，填写的内容已保留。请重新输入后再签。"
        )


# — the second factor —————————————————————————————————————————————————————————————————————


def _key(fashen: Fashen, office: str, person: str, number: int) -> str:
    plain = "\0".join(("factor", office, person, str(number))).encode()
    return base64.b32encode(hmac.digest(fashen.settings.key, plain, "sha256")[:20]).decode()


def offer() -> int:
    """A number that makes a fresh key for somebody's second factor; by itself it tells nothing."""
    return secrets.randbelow(2**31 - 1) + 1


def factor(fashen: Fashen, office: Office, person: Person, number: int) -> tuple[str, str]:
    """The key that was offered with this number: as text, and as the address in its QR code."""
    made = _key(fashen, office.office, person.id, number)
    totp = pyotp.TOTP(made, interval=STEP)
    return made, totp.provisioning_uri(name=person.name, issuer_name=f"法审 {office.name}")


def switch_on(
    fashen: Fashen, office: str, person: str, number: int, code: str, *, address: str = ""
) -> list[str]:
    """Switch the offered factor on with a code that shows that it works; the recovery codes are told once."""
    step = _step_of(_key(fashen, office, person, number), code, fashen.clock(), 0)
    if not step:
        raise Malformed(
            "启用动态口令", [FieldError("code", "动态口令不对；请看手机上现在的六位数")]
        )
    codes = [
        "-".join((secrets.token_hex(2), secrets.token_hex(2), secrets.token_hex(2)))
        for _ in range(RECOVERY)
    ]
    kept = json.dumps([_digest(fashen, code) for code in codes])
    fresh = {"factors": number, "factor_on": True, "last_step": step, "recovery": kept}
    with fashen.engine.begin() as tx:
        tx.execute(accounts.update().where(*_whose(office, person)).values(**fresh))
        access_log.note(tx, fashen.clock(), office, person, "factor_on", address=address)
    return codes


def switch_off(
    fashen: Fashen, office: str, person: str, *, by: str = "", address: str = ""
) -> None:
    """Without the second factor again: by the person, who has confirmed, or by who looks after the accounts."""
    with fashen.engine.begin() as tx:
        off = {"factor_on": False, "recovery": "[]"}
        tx.execute(accounts.update().where(*_whose(office, person)).values(**off))
        access_log.note(tx, fashen.clock(), office, person, "factor_off", by=by, address=address)


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
        given = _digest(fashen, told)
        left = [d for d in json.loads(row.recovery) if not hmac.compare_digest(d, given)]
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


def _digest(fashen: Fashen, code: str) -> str:
    """Keyed, because a recovery code is short enough to be found from a plain digest."""
    return hmac.digest(fashen.settings.key, b"recovery\0" + code.encode(), "sha256").hex()


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
    """An account that rests or was shut is let go on."""
    with fashen.engine.begin() as tx:
        tx.execute(
            accounts.update().where(*_whose(office, person)).values(tries=0, rests_until=None)
        )
        access_log.note(tx, fashen.clock(), office, person, "freed", by=by)


def shut(fashen: Fashen, office: str, person: str, *, by: str) -> None:
    """Nobody comes in by this account or signs with it until it is freed; its sessions and tokens end."""
    for purpose in tokens.PURPOSES:
        tokens.revoke(fashen, office, person, purpose)
    with fashen.engine.begin() as tx:
        tx.execute(accounts.update().where(*_whose(office, person)).values(rests_until=NEVER))
        sessions.end_all(tx, office, person)
        access_log.note(tx, fashen.clock(), office, person, "shut", by=by)


def forget_others(tx: Connection, now: datetime, office: str, people: Iterable[str]) -> None:
    """Whoever is no longer in the office file keeps neither account, session nor token: an id may be given anew."""
    known = list(people)
    tokens.revoke_others(tx, now, office, known)
    gone = tx.scalars(
        sa.select(accounts.c.person_id).where(
            accounts.c.office_id == office, accounts.c.person_id.not_in(known)
        )
    ).all()
    for person in gone:
        tx.execute(accounts.delete().where(*_whose(office, person)))
        sessions.end_all(tx, office, person)
        access_log.note(tx, now, office, person, "left", by="机关文件")
