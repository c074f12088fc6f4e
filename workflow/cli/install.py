"""`fashen init`, `token`, `password`, `calendar`, `doctor` — setting up and looking after."""

from __future__ import annotations

import argparse
from typing import Any

import sqlalchemy as sa

from workflow import accounts, feed, heartbeats, models, offices, oracle, program, tokens
from workflow.cli.common import as_json, office_of, opened, person_of, say, say_table
from workflow.database import reading
from workflow.health import Line, health
from workflow.program import Fashen
from workflow.scopes import EVERYTHING, READ, chosen
from workflow.settings import load
from workflow.times import stamp
from workflow.unconfirmed import everywhere, unconfirmed

SERVER = "服务器命令"
"""Who did it, in the log, where somebody at the server's own command line did."""


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
    with reading(fashen.engine) as tx:
        _tell_unconfirmed(unconfirmed(fashen, tx, office.office))
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
    wanted = READ if asked.read_only else asked.scope
    held = EVERYTHING if wanted is None else chosen(wanted.split(","))
    say(tokens.issue(fashen, office.office, person.id, scopes=held))
    return 0


def password(asked: argparse.Namespace) -> int:
    """Print a fresh initial password alone; every session of the person ends."""
    fashen = opened()
    office = office_of(fashen, asked.office)
    person = person_of(office, asked.person)
    if asked.no_totp:
        accounts.switch_off(fashen, office.office, person.id, by=SERVER)
    say(accounts.give_initial(fashen, office.office, person.id, by=SERVER))
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
    """What a person should look at: faults, silent parts, messages that do not move, unsigned numbers."""
    fashen = opened()
    report, lines = _counted(fashen), health(fashen)
    report["health"] = [line.as_dict() for line in lines]
    report["faults"] = oracle.check_all(fashen) if asked.deep else []
    report["deep"] = bool(asked.deep)
    if asked.json:
        as_json(report)
    else:
        say(
            f"数据库：{fashen.engine.dialect.name}，案件 {report['cases']} 件，大事记 {report['entries']} 条。"
        )
        say(f"待发 {report['waiting']} 条，失败 {report['dead']} 条。")
        _tell_health(lines)
        _tell_unconfirmed(report["unconfirmed"])
        if asked.deep:
            faults = report["faults"]
            say("逐案核对：" + (f"发现 {len(faults)} 处问题。" if faults else "没有发现问题。"))
        for fault in report["faults"]:
            say(f"  ✗ {fault}")
    red = any(line.level == "red" for line in lines)
    return 1 if report["faults"] or report["dead"] or red else 0


_MARKS = {"green": "✓", "yellow": "!", "red": "✗"}


def _tell_health(lines: list[Line]) -> None:
    """Each line with its mark, and the cure under what is not green."""
    for line in lines:
        if line.name == "unconfirmed":
            continue  # told in full below
        say(f"  {_MARKS[line.level]} {line.text}")
        if line.detail and line.level != "green":
            say(f"    {line.detail}")
        if line.cure:
            say(f"    → {line.cure}")


def _tell_unconfirmed(lines: list[str]) -> None:
    if lines:
        say("还没有人确认的数字（照安全的一侧执行）：")
        say_table(([key, *rest] for key, *rest in (line.split(" = ", 1) for line in lines)), "  ")


def _counted(fashen: Fashen) -> dict[str, Any]:
    o = models.outbox.c
    count = sa.func.count()
    with reading(fashen.engine) as tx:
        return {
            "cases": tx.scalar(sa.select(count).select_from(models.cases)),
            "entries": tx.scalar(sa.select(count).select_from(models.ledger)),
            "waiting": tx.scalar(
                sa.select(count).select_from(models.outbox).where(o.status.in_(["ready", "leased"]))
            ),
            "dead": tx.scalar(
                sa.select(count).select_from(models.outbox).where(o.status == "dead")
            ),
            "heartbeats": {n: stamp(b.at) for n, b in heartbeats.left(tx).items()},
            "unconfirmed": everywhere(fashen, tx),
        }
