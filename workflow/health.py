"""运行情况 — whether everything that must go on does: parts at work, messages moving, channels open, numbers signed.

A part is asked for where it ever reported, or where a broker is set and so it must exist. An office that
runs `fashen sweep` alone has neither beat nor relay nor workers, and misses none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workflow import heartbeats, models, outbox
from workflow.database import reading
from workflow.heartbeats import WORKER, Heartbeat
from workflow.program import Fashen
from workflow.times import beijing
from workflow.unconfirmed import everywhere

Level = Literal["green", "yellow", "red"]

SILENT = timedelta(minutes=30)
"""A part that beats and did not for so long is red."""

MISSED = 3
"""So many periods without a heartbeat are yellow."""

WORKER_ALIVE = timedelta(seconds=60)

UNSETTLED = timedelta(days=1)
"""After so long somebody must ask the platform what became of a decision."""

STUCK = {"yellow": timedelta(minutes=5), "red": timedelta(minutes=30)}
"""How long a message may wait after it became available."""

MANY = 1000
"""More messages than this waiting at once are yellow."""

_O, _C, _D, _F = models.outbox.c, models.channel.c, models.deadline.c, models.file.c


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at. `text` and `cure` are for anybody; `detail` may quote what a receiver
    answered, or name a machine, and is for the office's own people."""

    name: str
    level: Level
    text: str
    cure: str = ""
    detail: str = ""

    def as_dict(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ("name", "level", "text", "cure", "detail")}

    def in_public(self) -> dict[str, str]:
        """What a watcher outside the office is told."""
        return {name: getattr(self, name) for name in ("name", "level", "text", "cure")}


@dataclass(frozen=True, slots=True)
class _Look:
    """One consistent picture of the database."""

    fashen: Fashen
    tx: Connection
    now: datetime
    beats: dict[str, Heartbeat]

    def asked_for(self, name: str) -> bool:
        return bool(self.fashen.settings.broker_url) or name in self.beats

    @property
    def workers(self) -> list[Heartbeat]:
        """Those that vanished an hour ago are forgotten, also where no sweep came to do it."""
        since = self.now - heartbeats.FORGOTTEN_AFTER
        return [b for n, b in self.beats.items() if n.startswith(WORKER) and b.at >= since]

    def alive(self, worker: Heartbeat) -> bool:
        return self.now - worker.at <= WORKER_ALIVE


def health(fashen: Fashen) -> list[Line]:
    """Every line, red, yellow or green, in the order in which people should read them."""
    try:
        with reading(fashen.engine) as tx:
            look = _Look(fashen, tx, fashen.now(tx), heartbeats.left(tx))
            name = fashen.engine.dialect.name
            found = [Line("database", "green", f"数据库（{name}）连得上。")]
            for part in (_parts, _messages, _channels, _publications, _files, _numbers, _calendar):
                found += part(look)
            return found
    except sa.exc.SQLAlchemyError as lost:
        return [
            Line(
                "database",
                "red",
                f"数据库连不上或者不答（{type(lost).__name__}），其他各项都看不到。",
                "检查数据库是否在运行、FASHEN_DATABASE_URL 是否写对、磁盘是否已满；恢复以后不需要补做什么。",
            )
        ]


def worst(lines: list[Line]) -> Level:
    levels = [line.level for line in lines]
    return "red" if "red" in levels else "yellow" if "yellow" in levels else "green"


# — parts at work ——————————————————————————————————————————————————————————————————————


def _parts(look: _Look) -> Iterator[Line]:
    yield _sweep(look)
    if look.asked_for("beat"):
        yield _beating(
            look,
            "beat",
            "定时任务（beat）",
            heartbeats.WRITTEN_EVERY,
            "看它的日志并重新启动：一台电脑上是 fashen serve，多进程时是 celery -A worker beat。",
        )
    if look.asked_for("relay"):
        yield _beating(
            look,
            "relay",
            "转交待发（relay）",
            heartbeats.WRITTEN_EVERY,
            "待发的消息没有交给任务进程：检查 Redis、beat 和任务进程，重新启动停住的那一个。",
        )
    if look.workers or look.fashen.settings.broker_url:
        yield from _workers(look)
    elif "sweep" in look.beats and not look.asked_for("beat"):
        yield Line("worker", "green", "没有任务进程；巡查期限和发送待发由 fashen sweep 定时做。")


def _sweep(look: _Look) -> Line:
    cure = (
        "启动 fashen serve；多进程时启动 celery -A worker beat 和 celery -A worker worker；"
        "不用 Celery 的，让 cron 或者 systemd 运行 fashen sweep。没有巡查的期间不会漏掉，下一次巡查一并补上。"
    )
    if "sweep" not in look.beats:
        level: Level = "red" if look.fashen.settings.broker_url else "yellow"
        return Line("sweep", level, "还没有巡查过期限。", cure)
    told = look.beats["sweep"].said.get("every")
    every = timedelta(seconds=told) if isinstance(told, int | float) else heartbeats.SWEEP_UNTOLD
    return _beating(look, "sweep", "巡查期限", every, cure)


def _beating(look: _Look, name: str, label: str, every: timedelta, cure: str) -> Line:
    beat = look.beats.get(name)
    if beat is None:
        return Line(name, "red", f"{label}没有报到过。", cure)
    silent = look.now - beat.at
    level: Level = "red" if silent > SILENT else "yellow" if silent > MISSED * every else "green"
    return Line(name, level, f"{label}：最近一次{_ago(silent)}。", "" if level == "green" else cure)


def _workers(look: _Look) -> Iterator[Line]:
    alive = [w for w in look.workers if look.alive(w)]
    vanished = [w for w in look.workers if not look.alive(w)]
    if alive:
        yield Line("worker", "green", f"任务进程 {len(alive)} 个在运行。", detail=_named(alive))
    else:
        yield Line(
            "worker",
            "red",
            "没有一个任务进程在运行。",
            "启动 celery -A worker worker；一台电脑上启动 fashen serve。",
        )
    if vanished:
        yield Line(
            "vanished",
            "yellow",
            f"任务进程 {len(vanished)} 个没有正常停止就不见了。",
            "看那台机器的日志：断电、内存不足或者被强行结束。它手上的消息到期后由别的进程接着办；"
            "不再用的，一小时后不再显示。",
            "；".join(f"{_node(w)}，最后在 {_clock(w.at, look.now)}" for w in vanished),
        )


def _named(workers: list[Heartbeat]) -> str:
    return "、".join(_node(w) for w in workers)


def _node(worker: Heartbeat) -> str:
    return worker.name.removeprefix(WORKER)


# — messages and channels ——————————————————————————————————————————————————————————————


def _messages(look: _Look) -> Iterator[Line]:
    waiting = outbox.waiting(look.tx, look.now)
    cure = "看任务进程是否在运行、渠道是否通；消息都在库里，恢复以后自动接着发。"
    level: Level = "yellow" if waiting.count > MANY else "green"
    yield Line("queue", level, f"待发 {waiting.count} 条。", cure if level == "yellow" else "")
    late = look.now - waiting.since if waiting.since else timedelta(0)
    stuck: Level = "red" if late > STUCK["red"] else "yellow" if late > STUCK["yellow"] else "green"
    if stuck == "green":
        yield Line("oldest", stuck, "没有到时候还没发的消息。")
    else:
        yield Line("oldest", stuck, f"最早的一条消息该发而没有发，已等了 {_span(late)}。", cure)
    dead = look.tx.scalar(sa.select(sa.func.count(_O.id)).where(_O.status == "dead"))
    if dead:
        yield Line(
            "dead",
            "yellow",
            f"有 {dead} 条消息多次没有办成，已不再重试。",
            "用 fashen messages 查看原因，排除以后重新投递。",
        )


def _channels(look: _Look) -> Iterator[Line]:
    failing = look.tx.execute(sa.select(models.channel).where(_C.failures > 0).order_by(_C.name))
    rows = failing.all()
    letters = _letters(look.tx) if rows else {}
    for row in rows:
        again = (
            f"{_clock(row.rests_until, look.now)} 再试"
            if row.rests_until and row.rests_until > look.now
            else "现在可以再试"
        )
        count, failed = letters.get(row.name, 0), f"连续 {row.failures} 次没有送到，{again}"
        if row.name.startswith("platform:"):
            said = f"平台“{row.name.removeprefix('platform:')}”{failed}，{count} 件在等它。"
            cure = "检查平台的设置和对方的服务（docs/platforms.md）；通了以后自动续报，不会重复。"
        else:
            said = f"渠道“{row.name}”{failed}，{count} 封信在等它。"
            cure = (
                "检查这个渠道的设置和对方的服务（docs/channels.md）；通了以后自动补送。"
                "站内通知不受影响。"
            )
        yield Line(f"channel:{row.name}", "yellow", said, cure, row.error or "")


def _letters(tx: Connection) -> dict[str, int]:
    """How much waits for each way out."""
    kinds = _O.kind.in_(["send", "publish", "withdraw"])
    waits = sa.select(_O.kind, _O.payload).where(_O.status.in_(["ready", "leased"]), kinds)
    found: dict[str, int] = {}
    for row in tx.execute(waits):
        told = json.loads(row.payload)
        platform = f"platform:{told.get('platform', 'directory')}"
        name = str(told.get("channel")) if row.kind == "send" else platform
        found[name] = found.get(name, 0) + 1
    return found


def _publications(look: _Look) -> Iterator[Line]:
    """Decisions on their way to a platform that did not come back as they should."""
    p = models.publication.c
    old = look.now - UNSETTLED
    unknown = look.tx.scalar(
        sa.select(sa.func.count()).where(
            p.state.in_(("sending", "unknown", "withdrawing")), p.tried_at < old
        )
    )
    if unknown:
        yield Line(
            "unsettled",
            "red",
            f"有 {unknown} 件公示报送以后一天还不知道平台收到没有。",
            "用 fashen publish list 查看；向平台要清单，用 fashen publish reconcile 核对。",
        )
    refused = look.tx.scalar(sa.select(sa.func.count()).where(p.state == "refused"))
    if refused:
        yield Line(
            "refused",
            "yellow",
            f"有 {refused} 件公示平台不收。",
            "用 fashen publish list 查看哪个数据项不对，在案卷里补正，再用 fashen messages 重新投递。",
        )


# — evidence files ————————————————————————————————————————————————————————————————————


def _files(look: _Look) -> Iterator[Line]:
    """What the sweep found when it last read the originals."""
    wrong = look.tx.execute(
        sa.select(_F.case_id, _F.id, _F.fault)
        .where(_F.state == "registered", _F.fault != "")
        .order_by(_F.case_id, _F.id)
    ).all()
    if wrong:
        yield Line(
            "files",
            "red",
            f"有 {len(wrong)} 个证据文件和大事记里的校验值不符，或者不见了。",
            "不要覆盖，先查明是谁动的；用 fashen ledger verify --files 逐个核对，从备份恢复原文件"
            "（docs/evidence.md）。",
            "；".join(f"{row.case_id} 的 {row.id}：{row.fault}" for row in wrong[:20]),
        )


# — numbers and calendar ———————————————————————————————————————————————————————————————


def _numbers(look: _Look) -> Iterator[Line]:
    lines = everywhere(look.fashen, look.tx)
    if lines:
        yield Line(
            "unconfirmed",
            "yellow",
            f"有 {len(lines)} 个数字还没有人确认，照安全的一侧执行。",
            "核对出处，在机关文件里写明由谁确认，再用 fashen init 载入。",
            "\n".join(lines),
        )


def _calendar(look: _Look) -> Iterator[Line]:
    """Clocks beyond the published year are as they must be until December; then the notice is out or due."""
    open_now = sa.select(sa.func.count()).select_from(models.deadline).where(_D.state == "open")
    count = look.tx.scalar(open_now.where(_D.provisional)) or 0
    through, today = look.fashen.calendar.published_through, beijing(look.now).date()
    late = today.year > through or (today.year == through and today.month == 12)
    if not count and not late:
        return
    text = f"{count} 个期限是暂定的，{through + 1} 年的放假安排还没有载入。"
    cure = "国务院办公厅的通知公布后，把放假文件放进数据目录的 holidays，期限自动重算。"
    yield Line("calendar", "yellow", text, cure) if late else Line("calendar", "green", text)


# — words ——————————————————————————————————————————————————————————————————————————————


def _ago(span: timedelta) -> str:
    return "就在刚才" if span < timedelta(seconds=60) else f"在 {_span(span)}以前"


def _span(span: timedelta) -> str:
    """In the largest unit that is full: 7 分钟, 3 小时, 2 天."""
    seconds = max(0, int(span.total_seconds()))
    for size, unit in ((86400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} 秒"


def _clock(moment: datetime, now: datetime) -> str:
    """The minute, with its day where that is not today."""
    at, today = beijing(moment), beijing(now).date()
    return f"{at:%H:%M}" if at.date() == today else f"{at:%m-%d %H:%M}"


def as_json(lines: list[Line]) -> dict[str, Any]:
    """For a watcher outside the office: nothing of what a receiver answered, and no machine's name."""
    return {"level": worst(lines), "lines": [line.in_public() for line in lines]}
