"""`fashen demo` — published decisions replayed against the rules, and a lawful twin all the way.

The steps are taken at their own dates; clocks and messages are worked off by real Celery tasks in this
process. The cases stay in the data directory, for the page.
"""

from __future__ import annotations

import argparse
from importlib import resources

from workflow import queries, scenario, scenario_file
from workflow.cli import published
from workflow.cli.common import as_json, office_of, opened, say, say_table
from workflow.cli.scenarios import tell
from workflow.cli.worker_here import CeleryHands
from workflow.errors import FashenError
from workflow.offices import SAMPLE


def run(asked: argparse.Namespace) -> int:
    fashen = opened()
    office = office_of(fashen, SAMPLE if asked.command == "demo" else None)
    if not office.sample:
        raise FashenError("演示只在示例机关里进行：换一个空的 FASHEN_DATA_DIR 再运行 fashen demo。")
    rows, total = queries.list_cases(fashen, office.office)
    if total:
        return _already(asked, rows, total)
    results: list[scenario.Result] = []
    table: list[published.Row] = []
    files = sorted(
        resources.files("workflow.sample").joinpath("scenarios").iterdir(), key=lambda f: f.name
    )
    with CeleryHands(fashen) as hands:
        for file in files:
            text = file.read_text("utf-8")
            results.append(scenario.replay(file.name, text, fashen, hands))
            if published.MARK in file.name:
                table.append(published.row(scenario_file.read(file.name, text), results[-1]))
    if asked.json:
        as_json(
            {
                "ok": all(r.ok for r in results),
                "scenarios": [r.as_dict() for r in results],
                "published": [r.as_dict() for r in table],
            }
        )
    else:
        for result in results:
            tell(result)
        for line in published.lines(table):
            say(line)
        say()
        say(
            f"{len(results)} 件案件已留在数据目录 {fashen.settings.data_dir}；"
            f"公示的文件在 {fashen.settings.published}。"
        )
        say(
            "预警由 Celery 任务 tasks.notify.deadline_alert 送达，公示由 tasks.publish.publish_decision 发出。"
        )
        say("用 fashen serve 打开网页查看。")
    return 0 if all(r.ok for r in results) else 1


def _already(asked: argparse.Namespace, rows: list[queries.Row], total: int) -> int:
    if asked.json:
        as_json({"ok": True, "already": True, "cases": [r.as_dict() for r in rows]})
        return 0
    say(f"演示案件已经在数据目录里（共 {total} 件），没有再办一遍：")
    say_table(([r.name, r.party, r.state_label, r.title] for r in rows), "  ")
    say("想从头再看，换一个空的 FASHEN_DATA_DIR；用 fashen serve 打开网页。")
    return 0
