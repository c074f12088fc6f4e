"""python -m tests.pictures.board — take the pictures of docs/board.md again, with the browser of this machine.

The board of the sample office with thirty invented decisions on its own power list; one is withdrawn. `--out`
writes elsewhere, `--all` takes every page in both widths, light and dark.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import uvicorn

from policies.casefile import PartyKind
from policies.lawbook import register
from policies.office import PowerItem
from tests.builders import day, sample_office
from tests.notices import Board
from workflow.publication.board import slug_of
from workflow.web.app import make_app

ROOT = Path(__file__).parents[2]
TODAY = day(2026, 11, 23, 9, 12)
FIRMS = ("远山再生资源有限公司", "福来餐饮店", "安居物业服务有限公司", "泰和建筑劳务有限公司",
         "锦程广告有限公司", "青禾建设工程有限公司", "北辰运输有限公司", "晨光便利店")  # fmt: skip
PEOPLE = ("周某", "田某", "杜某")


def fill(board: Board, notices: int = 30) -> None:
    """Invented decisions, one every five days back from 12 November 2026."""
    office = sample_office()
    powers = [p for p in office.power_list if p.confirmed and p.in_force_on(TODAY.date())]
    for n in range(notices, 0, -1):
        decided = date(2026, 11, 12) - timedelta(days=5 * (notices - n))
        board.put(f"k{n}", **_decision(powers[n * 7 % len(powers)], n, decided))
    board.withdraw(f"k{notices - 3}", "行政复议决定撤销原行政处罚决定", date(2026, 11, 9))


def _decision(power: PowerItem, n: int, decided: date) -> dict[str, Any]:
    citizen = power.range.get("org") is None and power.range.get("citizen") is not None
    kind = PartyKind.CITIZEN if citizen else PartyKind.ORGANISATION
    limits = power.range_for(kind)
    fine = (
        (limits.min or limits.max or Decimal(1000)) if limits and not power.share else Decimal(1000)
    )
    law = sample_office().law(register())
    duty, basis = (
        law.words(c.statute, c.article, c.paragraph) for c in (power.duty, power.penalty)
    )
    also = [kind for kind in power.kinds if kind == "警告"]
    return {
        "number": f"示街罚决〔2026〕{n:03}号",
        "title": power.title,
        "party": PEOPLE[n % 3] if citizen else f"示例{FIRMS[n % 8]}",
        "party_kind": "自然人" if citizen else "法人及非法人组织",
        "facts": f"{decided - timedelta(days=21):%Y年%-m月%-d日}，执法人员在示例大街巡查时发现当事人有下列行为："
        f"{power.title}。以上事实有现场检查笔录、询问笔录和现场照片证实。",
        "violated": (duty,),
        "basis": (basis,),
        "kinds": (*also, "罚款"),
        "fine_yuan": str(fine),
        "content": "、".join([*also, f"罚款 {int(fine):,} 元"]),
        "decided_on": decided,
        "published_on": decided + timedelta(days=7),
        "until": decided + timedelta(days=365 if fine >= 10000 else 92),
        "organ_code": "11120199000000019A",
        "gravity": "一般",
    }


@contextmanager
def served(board: Board) -> Iterator[str]:
    """The site on a free port of this machine."""
    config = uvicorn.Config(make_app(board.fashen), port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def take(browser: str, address: str, to: Path, size: str, *more: str) -> None:
    subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
         f"--screenshot={to}", f"--window-size={size}", *more, address],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    print(f"{to}: {to.stat().st_size // 1000} kB")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--all", action="store_true")
    asked = parser.parse_args()
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        print("没有找到 chromium，不能拍图；安装以后再试。", file=sys.stderr)
        return 1
    board = Board(now=TODAY)
    fill(board)
    asked.out.mkdir(parents=True, exist_ok=True)
    with served(board) as site:
        home = f"{site}/public/sample/"
        paths = {
            "board": home,
            "board-decision": f"{home}decisions/{slug_of('sample', 'k30')}",
            "board-about": f"{home}about",
            "board-withdrawn": f"{home}decisions/{slug_of('sample', 'k27')}",
            "board-none": f"{home}?q=没有的词",
            "board-wrong": f"{home}?from=2026-11-02&to=2026-11-01",
        }
        for name in list(paths) if asked.all else ["board", "board-decision"]:
            take(browser, paths[name], asked.out / f"{name}.png", "1280,720")
            if asked.all:
                take(browser, paths[name], asked.out / f"{name}-390.png", "500,2400")
                dark = "--blink-settings=preferredColorScheme=0"
                take(browser, paths[name], asked.out / f"{name}-dark.png", "1280,720", dark)
    return 0


if __name__ == "__main__":
    sys.exit(main())
