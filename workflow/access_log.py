"""登录日志 — who came in, who was turned away, whose account was touched by whom. Nothing is changed or erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workflow.models import access_log as log

WHAT = {
    "signed_in": "登录",
    "failed": "登录未成功",
    "rests": "连续输错，账户暂停",
    "signed_out": "退出",
    "others_ended": "结束其他设备的登录",
    "password": "修改密码",
    "initial": "发给初始密码",
    "factor_on": "启用动态口令",
    "factor_off": "停用动态口令",
    "recovery": "用恢复码登录",
    "confirmed": "签字前确认身份",
    "not_confirmed": "签字前确认身份未成功",
    "office_proposed": "提出机关文件的改动",
    "office_signed": "签字，载入机关文件",
    "office_declined": "退回机关文件的改动",
    "office_withdrawn": "撤回机关文件的改动",
    "token": "领取令牌",
    "token_ended": "停用令牌",
    "freed": "解除暂停或者停用",
    "shut": "停用账户",
    "left": "离开机关，账户删除",
}


READERS = ("audit_admin", "inspector")
"""Who reads it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, with the name of the person whose account it is about and of who did it."""

    at: datetime
    person: str
    what: str
    by: str
    address: str

    @property
    def label(self) -> str:
        return WHAT.get(self.what, self.what)


def note(
    tx: Connection, at: datetime, office: str, person: str, what: str, *, by: str = "", address: str = ""
) -> None:  # fmt: skip
    """Add a line; `by` is empty where the person did it. No secret and no wrong password is ever in it."""
    tx.execute(
        log.insert().values(
            office_id=office,
            person_id=person[:64],
            at=at,
            what=what,
            by=(by or person)[:64],
            address=address[:64],
        )
    )


def failures(tx: Connection, address: str, now: datetime, within: timedelta) -> int:
    """How often somebody at this address was turned away lately."""
    return int(
        tx.scalar(
            sa.select(sa.func.count()).where(
                log.c.address == address, log.c.what == "failed", log.c.at > now - within
            )
        )
        or 0
    )


def lines(
    tx: Connection, office: str, *, person: str = "", what: str = "", limit: int = 100, offset: int = 0
) -> tuple[Sequence[Line], int]:  # fmt: skip
    """The newest first, and how many there are."""
    wanted = [log.c.office_id == office]
    wanted += [log.c.person_id == person] if person else []
    wanted += [log.c.what == what] if what else []
    total = tx.scalar(sa.select(sa.func.count()).select_from(log).where(*wanted)) or 0
    rows = tx.execute(
        sa.select(log).where(*wanted).order_by(log.c.id.desc()).limit(limit).offset(offset)
    )
    return [Line(r.at, r.person_id, r.what, r.by, r.address) for r in rows], int(total)
