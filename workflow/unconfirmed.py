"""还没有人确认的 — numbers and rules of an office that work on the safe side until somebody signs for them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workflow import models
from workflow.program import Fashen
from workflow.publication.profile import of


def unconfirmed(fashen: Fashen, tx: Connection, office: str) -> list[str]:
    """One line for each, `key = value（source）`."""
    bureau = fashen.bureau(tx, office)
    told = [
        f"{p.key} = {in_words(p.value, p.unit)}（{p.source}）"
        for p in bureau.office.parameters
        if not p.confirmed
    ]
    told += [
        f"时限规则 {p.name}（{p.source}），确认之前不扣除、不延长"
        for p in bureau.office.clock_profiles
        if not p.confirmed
    ]
    target = bureau.office.publication
    if not target.confirmed:
        told.append(
            f"publication.profile = {of(target).label}，字段、长度、必填以所在区的接口文件为准"
        )
    today = bureau.law.on(fashen.clock().date())
    if today.find("hearing.threshold.citizen") is None:
        told.append("hearing.threshold.* = 没有较大数额罚款的标准，罚款案件一律告知听证权利")
    return told


def everywhere(fashen: Fashen, tx: Connection) -> list[str]:
    """Those of every office of this database."""
    offices = tx.execute(sa.select(models.office.c.id).order_by(models.office.c.id)).scalars().all()
    return [line for office in offices for line in unconfirmed(fashen, tx, office)]


def in_words(value: Any, unit: str) -> str:
    """A parameter's value as people say it: 5 个工作日, 是."""
    if isinstance(value, bool):
        return "是" if value else "否"
    units = {
        "wd": "个工作日",
        "d": "个自然日",
        "mo": "个月",
        "h": "小时",
        "year": "年",
        "yuan": "元",
    }
    return f"{value} {units.get(unit, unit)}".rstrip()
