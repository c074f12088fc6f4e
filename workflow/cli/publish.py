"""`fashen publish` — how each decision stands on each platform, and the platform's own list beside it."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from policies.office import Office
from workflow import models
from workflow.cli.common import as_json, complain, office_of, opened, person_of, say, say_table
from workflow.database import reading
from workflow.program import Fashen
from workflow.publication import lists, reconcile
from workflow.times import beijing, stamp

STATES = {
    "intent": "待报送",
    "sending": "正在报送",
    "unknown": "不知道收到没有",
    "pending": "等平台清单",
    "confirmed": "已有回执",
    "refused": "平台不收",
    "cancelled": "不再报送",
    "withdrawing": "正在下架",
    "withdrawn": "已下架",
}


def run(asked: argparse.Namespace) -> int:
    """`list` or `reconcile FILE`; reconciling ends with 1 where the two differ."""
    fashen = opened()
    office = office_of(fashen, asked.office)
    if asked.action == "list":
        return _list(asked, fashen, office.office)
    if not asked.file:
        complain("fashen publish reconcile：写明平台清单的文件，csv、xlsx 或者 json。")
        return 2
    if asked.settle and not asked.by:
        complain("fashen publish reconcile --settle：写明 --by 人员编号，谁登记的回执要留下名字。")
        return 2
    return _reconcile(asked, fashen, office)


def _list(asked: argparse.Namespace, fashen: Fashen, office: str) -> int:
    rows = listed(fashen, office, asked.platform)
    if asked.json:
        as_json(rows)
        return 0
    say_table(
        [
            r["key"],
            r["platform"],
            f"第 {r['version']} 版",
            STATES.get(r["state"], r["state"]),
            r["receipt"],
            f"{r['tried'][:16].replace('T', ' ')} 报送" if r["tried"] else "",
            r["error"],
        ]
        for r in rows
    )
    if not rows:
        say("没有报送过的决定。")
    return 0


def listed(fashen: Fashen, office: str, platform: str | None = None) -> list[dict[str, Any]]:
    """Every version on every platform, the newest try first."""
    p = models.publication.c
    wanted = sa.select(models.publication).where(p.office_id == office)
    if platform:
        wanted = wanted.where(p.platform == platform)
    with reading(fashen.engine) as tx:
        found = tx.execute(wanted.order_by(p.intended_at.desc(), p.key, p.platform, p.version))
        return [
            {
                "case": r.case_id,
                "key": r.key,
                "platform": r.platform,
                "version": r.version,
                "state": r.state,
                "receipt": r.receipt or "",
                "tried": stamp(beijing(r.tried_at)) if r.tried_at else "",
                "error": r.error or "",
            }
            for r in found
        ]


def _reconcile(asked: argparse.Namespace, fashen: Fashen, office: Office) -> int:
    platform = asked.platform or office.publication.target
    lines = lists.read(Path(asked.file))
    settled: tuple[str, ...] = ()
    unsettled: dict[str, str] = {}
    if asked.settle:
        by = person_of(office, asked.by).id
        settled, unsettled = reconcile.settle(fashen, office.office, platform, lines, by=by)
    ours = reconcile.ours(fashen, office.office, platform)
    found = replace(reconcile.compare(ours, lines, platform), settled=settled, unsettled=unsettled)
    if asked.json:
        as_json(found.as_dict())
    else:
        _say(found)
    return 0 if found.agrees else 1


def _say(found: reconcile.Comparison) -> None:
    say(found.sentence)
    rows = [
        *(("只在系统", number, "") for number in found.only_here),
        *(("只在平台", number, "") for number in found.only_there),
        *(
            ("不一致", d.number, f"{d.field}：系统 {d.ours or '空'}，平台 {d.theirs or '空'}")
            for d in found.different
        ),
        *(("重复", number, f"平台上 {n} 条") for number, n in found.twice.items()),
        *(("已登记回执", number, "") for number in found.settled),
        *(("没有登记回执", number, why) for number, why in found.unsettled.items()),
    ]
    say_table(rows, "  ")
