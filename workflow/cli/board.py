"""`fashen publish board` — the notice board as a folder of files."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from workflow.cli.common import as_json, office_of, opened, say
from workflow.publication.static_site import export


def add(commands: Any) -> None:
    """The subcommand `board` under what `add_subparsers` gave."""
    told = "把公示栏导出为静态网页：一个文件夹，不需要服务器"
    it = commands.add_parser("board", help=told, description=told)
    it.set_defaults(run=run)
    it.add_argument(
        "--out", type=Path, required=True, metavar="DIR",
        help="写到哪个文件夹；从前导出的整个替换，别的内容不动",
    )  # fmt: skip
    it.add_argument("--office", help="机关；只有一个时不写")
    it.add_argument("--json", action="store_true", help="输出一份 JSON")


def run(asked: argparse.Namespace) -> int:
    fashen = opened()
    office = office_of(fashen, asked.office)
    told = export(fashen, office.office, asked.out)
    if asked.json:
        as_json({"out": str(asked.out), **asdict(told)})
    else:
        say(
            f"已导出到 {asked.out}：公示中 {told.shown} 条，已撤回 {told.withdrawn} 条，"
            f"共 {told.files} 个文件。把整个文件夹复制到网站即可。"
        )
    return 0
