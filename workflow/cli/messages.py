"""`fashen messages` — what is not done yet and why, what is dead, and who lets it be tried anew."""

from __future__ import annotations

import argparse
import json
from typing import Any

import sqlalchemy as sa

from workflow import models, outbox
from workflow.cli.common import as_json, complain, office_of, opened, person_of, say, say_table
from workflow.database import reading
from workflow.program import Fashen
from workflow.times import beijing, stamp

_STATES = {
    "ready": "待发",
    "leased": "正在发",
    "dead": "不再重试",
    "done": "已发",
    "cancelled": "不用再发",
}
_KINDS = {"alert": "预警", "tell": "通知", "send": "外发", "publish": "公示", "withdraw": "下架"}


def run(asked: argparse.Namespace) -> int:
    """List what waits and what is dead; `--requeue` lets dead messages be tried anew."""
    fashen = opened()
    office = office_of(fashen, asked.office).office
    if asked.requeue is not None:
        return _requeue(asked, fashen, office)
    rows = undone(fashen, office)
    if asked.json:
        as_json(rows)
        return 0
    say_table(
        [
            str(r["id"]),
            _STATES[r["status"]],
            _KINDS.get(r["kind"], r["kind"]),
            r["channel"] or "收件箱" * (r["kind"] in ("alert", "tell")),
            r["to"],
            f"试了 {r['attempts']} 次",
            f"{r['next'][:16].replace('T', ' ')} 再试" if r["status"] == "ready" else "",
            r["error"],
        ]
        for r in rows
    )
    dead = sum(r["status"] == "dead" for r in rows)
    if not rows:
        say("没有待发的消息。")
    if dead:
        say(
            f"{dead} 条不再重试：查明原因后写 fashen messages --requeue 编号 --by 人员 --because 理由"
        )
    return 0


def undone(fashen: Fashen, office: str) -> list[dict[str, Any]]:
    """The messages of an office that are neither done nor wanted no more, the dead first, then the oldest."""
    o = models.outbox.c
    found = []
    with reading(fashen.engine) as tx:
        rows = tx.execute(
            sa.select(models.outbox)
            .where(o.office_id == office, o.status.in_(("ready", "leased", "dead")))
            .order_by(o.status != "dead", o.available_at, o.id)
        )
        for row in rows:
            payload = json.loads(row.payload)
            found.append(
                {
                    "id": row.id,
                    "status": row.status,
                    "kind": row.kind,
                    "case": row.case_id,
                    "to": payload.get("to", ""),
                    "channel": payload.get("channel", ""),
                    "attempts": row.attempts,
                    "created": stamp(beijing(row.created_at)),
                    "next": stamp(beijing(row.available_at)),
                    "error": row.last_error or "",
                }
            )
    return found


def _requeue(asked: argparse.Namespace, fashen: Fashen, office: str) -> int:
    if not asked.by or not (asked.because or "").strip():
        complain(
            "fashen messages --requeue：写明 --by 人员编号 和 --because 理由，谁让它再试要留下名字。"
        )
        return 2
    person = person_of(office_of(fashen, office), asked.by)
    if not outbox.requeue(fashen, office, asked.requeue, by=person.id, reason=asked.because):
        complain(
            f"没有重新投递：{asked.requeue} 号不是本机关不再重试的消息，什么都没有改变；"
            "fashen messages 列出这样的消息。"
        )
        return 1
    say(f"{asked.requeue} 号消息已由{person.name}重新投递，几秒钟后再试。")
    return 0
