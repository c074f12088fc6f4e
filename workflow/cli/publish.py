"""`fashen publish` — how each decision stands on each platform, and the platform's own list beside it."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from policies.publicity import platform_name
from workflow import models
from workflow.cli.common import as_json, complain, office_of, opened, person_of, say, say_table
from workflow.database import reading
from workflow.program import Fashen
from workflow.publication import lists, reconcile
from workflow.publication.overview import STATES
from workflow.times import beijing, stamp


def add(actions: Any) -> None:
    """The subcommands `list` and `reconcile`."""
    told = "每一件、每一版在各平台上怎样"
    it = actions.add_parser("list", help=told, description=told)
    it.set_defaults(run=listing)
    _common(it)
    told = "与平台自己的清单对账：两边都有的、只在一边的、不一致的；有差的以 1 结束"
    it = actions.add_parser("reconcile", help=told, description=told)
    it.set_defaults(run=reconciling)
    it.add_argument("file", metavar="FILE", help="平台清单，csv、xlsx、json")
    _common(it)
    it.add_argument("--settle", action="store_true", help="把清单上的回执登记进案卷")
    it.add_argument("--by", metavar="PERSON", help="谁登记（人员编号）")


def _common(it: argparse.ArgumentParser) -> None:
    it.add_argument("--platform", metavar="NAME", help="哪个平台；不写为本机关的第一个平台")
    it.add_argument("--office", help="机关；只有一个时不写")
    it.add_argument("--json", action="store_true", help="输出一份 JSON")


def listing(asked: argparse.Namespace) -> int:
    """How each decision stands on each platform."""
    fashen = opened()
    office = office_of(fashen, asked.office)
    rows = listed(fashen, office.office, asked.platform)
    if asked.json:
        as_json(rows)
        return 0
    say_table(
        [
            r["key"],
            platform_name(r["platform"]),
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


def reconciling(asked: argparse.Namespace) -> int:
    """The platform's list beside ours; ends with 1 where the two differ."""
    if asked.settle and not asked.by:
        complain("fashen publish reconcile --settle：写明 --by 人员编号，谁登记的回执要留下名字。")
        return 2
    fashen = opened()
    office = office_of(fashen, asked.office)
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
