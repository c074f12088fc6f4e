"""`fashen init`, `token`, `calendar`, `doctor` — setting up and looking after."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from workflow import feed, models, offices, oracle, program, tokens
from workflow.cli import words
from workflow.cli.common import as_json, office_of, opened, person_of, say, say_table
from workflow.database import reading
from workflow.program import Fashen
from workflow.settings import load
from workflow.times import stamp


def init(asked: argparse.Namespace) -> int:
    """Make the database and load an office file; a changed file becomes a new version."""
    office = offices.read(asked.office)
    fashen = program.start(load())
    before = _version(fashen, office.office)
    version = offices.load(fashen, office)
    if version == before:
        say(f"{office.name}（{office.office}）没有变化，仍是第 {version} 版。")
    else:
        say(f"已载入{office.name}（{office.office}）第 {version} 版。")
    say(f"人员 {len(office.people)} 人，权力事项 {len(office.power_list)} 项。")
    _tell_unconfirmed(_unconfirmed(fashen, office.office))
    return 0


def _version(fashen: Fashen, office: str) -> int | None:
    with reading(fashen.engine) as tx:
        found: int | None = tx.scalar(
            sa.select(models.office.c.version).where(models.office.c.id == office)
        )
        return found


def token(asked: argparse.Namespace) -> int:
    """Print a fresh token alone, so that a script can take it."""
    fashen = opened()
    office = office_of(fashen, asked.office)
    person = person_of(office, asked.person)
    say(tokens.issue(fashen, office.office, person.id))
    return 0


def calendar(asked: argparse.Namespace) -> int:
    """Print the address of a person's calendar alone, or end it."""
    fashen = opened()
    office = office_of(fashen, asked.office)
    person = person_of(office, asked.person)
    if asked.revoke:
        ended = tokens.revoke(fashen, office.office, person.id, tokens.CALENDAR)
        say(
            f"{person.title}的日历地址已经停用，订阅它的日历不再更新。"
            if ended
            else f"{person.title}没有在用的日历地址。"
        )
        return 0
    token = tokens.calendar(fashen, office.office, person.id)
    say(feed.address(fashen, token or tokens.renew_calendar(fashen, office.office, person.id)))
    return 0


def doctor(asked: argparse.Namespace) -> int:
    """What a person should look at: faults, messages that do not move, numbers nobody signed for."""
    fashen = opened()
    report = _health(fashen)
    report["faults"] = oracle.check_all(fashen) if asked.deep else []
    report["deep"] = bool(asked.deep)
    if asked.json:
        as_json(report)
    else:
        say(
            f"数据库：{fashen.engine.dialect.name}，案件 {report['cases']} 件，大事记 {report['entries']} 条。"
        )
        say(f"待发 {report['waiting']} 条，失败 {report['dead']} 条。")
        say_table(
            [f"最近一次{_BEATS.get(name, name)}", datetime.fromisoformat(at).strftime("%F %R")]
            for name, at in report["heartbeats"].items()
        )
        _tell_unconfirmed(report["unconfirmed"])
        if asked.deep:
            faults = report["faults"]
            say("逐案核对：" + (f"发现 {len(faults)} 处问题。" if faults else "没有发现问题。"))
        for fault in report["faults"]:
            say(f"  ✗ {fault}")
    return 1 if report["faults"] or report["dead"] else 0


_BEATS = {"sweep": "巡查期限", "relay": "发送待发"}


def _tell_unconfirmed(lines: list[str]) -> None:
    if lines:
        say("还没有人确认的数字（照安全的一侧执行）：")
        say_table(([key, *rest] for key, *rest in (line.split(" = ", 1) for line in lines)), "  ")


def _health(fashen: Fashen) -> dict[str, Any]:
    o = models.outbox.c
    count = sa.func.count()
    with reading(fashen.engine) as tx:
        offices_here = list(tx.execute(sa.select(models.office.c.id)).scalars())
        return {
            "cases": tx.scalar(sa.select(count).select_from(models.cases)),
            "entries": tx.scalar(sa.select(count).select_from(models.ledger)),
            "waiting": tx.scalar(
                sa.select(count).select_from(models.outbox).where(o.status.in_(["ready", "leased"]))
            ),
            "dead": tx.scalar(
                sa.select(count).select_from(models.outbox).where(o.status == "dead")
            ),
            "heartbeats": {r.name: stamp(r.at) for r in tx.execute(sa.select(models.heartbeat))},
            "unconfirmed": [
                line for office in offices_here for line in _unconfirmed(fashen, office)
            ],
        }


def _unconfirmed(fashen: Fashen, office: str) -> list[str]:
    """Numbers of this office that work on the safe side until somebody signs for them."""
    with reading(fashen.engine) as tx:
        bureau = fashen.bureau(tx, office)
    told = [
        f"{p.key} = {words.number(p.value, p.unit)}（{p.source}）"
        for p in bureau.office.parameters
        if not p.confirmed
    ]
    told += [
        f"时限规则 {p.name}（{p.source}），确认之前不扣除、不延长"
        for p in bureau.office.clock_profiles
        if not p.confirmed
    ]
    today = bureau.law.on(fashen.clock().date())
    if today.find("hearing.threshold.citizen") is None:
        told.append("hearing.threshold.* = 没有较大数额罚款的标准，罚款案件一律告知听证权利")
    return told
