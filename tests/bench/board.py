"""make bench — how long the board takes with 100,000 notices: list, search and page, beside a bare page.

The pages are asked over HTTP from a real server (uvicorn, one process) on a database on a disk; the floor is
`/healthz` of the same server, which reaches the database and shows nothing. It measures and never asserts.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from urllib.parse import quote

import httpx2
import uvicorn

from policies.lawbook import register
from tests.bench.grounds import on_postgresql, on_sqlite
from tests.builders import day, sample_office
from tests.notices import Board, a_public_notice
from tests.services.server import ServerFailed
from workflow.database import migrate
from workflow.publication import board
from workflow.publication.board import slug_of
from workflow.web.app import make_app

MANY, AIM = 100_000, 0.150
HOME = "/public/sample/"
NOW = day(2026, 11, 23)
SPREAD = 3 * 365
"""Days over which the decisions are spread."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the notices and requests")
    parser.add_argument("--only", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    notices, rounds = (MANY // 10, 30) if asked.quick else (MANY, 300)
    try:
        with ExitStack() as stack:
            place = on_sqlite if asked.only == "sqlite" else on_postgresql
            url = stack.enter_context(place(("board",)))["board"]
            since = time.perf_counter()
            street = _filled(url, notices)
            print(
                f"\nboard, {asked.only}: {notices:,} notices, put in {time.perf_counter() - since:.0f} s"
            )
            _measure(stack.enter_context(_served(street)), notices, rounds)
    except ServerFailed as no:
        print(f"bench: {no}", file=sys.stderr)
        return 1
    return 0


def _filled(url: str, notices: int) -> Board:
    """One office whose notices were put one by one, as moves put them, each with its own words."""
    migrate(url)
    street = Board(url, now=NOW)
    office, chance = sample_office(), random.Random(7)
    law = office.law(register())
    powers = [
        (
            p.title,
            law.words(p.duty.statute, p.duty.article),
            law.words(p.penalty.statute, p.penalty.article),
        )
        for p in office.power_list
    ]
    for start in range(0, notices, 5000):
        with street.fashen.engine.begin() as tx:
            for n in range(start, min(start + 5000, notices)):
                title, duty, basis = chance.choice(powers)
                decided = NOW.date() - timedelta(days=1 + n * SPREAD // notices)
                told = a_public_notice(
                    f"k{n}",
                    number=f"示街罚决〔{decided.year}〕{n:06}号",
                    title=title,
                    party=f"示例{_name(chance)}有限公司",
                    facts=f"当事人在示例路{chance.randint(1, 999)}号{title}，{_name(chance, 120)}。",
                    violated=(duty,),
                    basis=(basis,),
                    decided_on=decided,
                    published_on=decided + timedelta(days=5),
                    until=date(2030, 1, 1),
                )
                board.put(tx, "sample", street.case, told)
    return street


def _name(chance: random.Random, length: int = 4) -> str:
    """Characters that stand beside each other by chance: harder on an index than language is."""
    return "".join(chr(chance.randint(0x4E00, 0x4E00 + 3000)) for _ in range(length))


@contextmanager
def _served(street: Board) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(make_app(street.fashen), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def _paths(notices: int, chance: random.Random) -> dict[str, list[str]]:
    """What is asked for, by kind: words that stand everywhere, seldom, once and nowhere."""
    some = [chance.randrange(notices) for _ in range(50)]
    words = [
        "罚款",
        "露天焚烧",
        "噪声",
        "焚",
        "第一千一百三十一条",
        "有限公司 示例路77号",
        "没有的词组",
        "〔2025〕",
    ]
    periods = [f"&from=2025-0{m}-01&to=2025-0{m}-28" for m in range(1, 10)]
    return {
        "list": [HOME, *(f"{HOME}?before={_place(n, notices)}" for n in some)],
        "list of a period": [f"{HOME}?{period[1:]}" for period in periods],
        "search": [
            f"{HOME}?q={quote(word)}" for word in (*words, *(f"{n:06}号" for n in some[:8]))
        ],
        "search in a period": [f"{HOME}?q={quote(w)}{p}" for w in words for p in periods[:3]],
        "page": [f"{HOME}decisions/{slug_of('sample', f'k{n}')}" for n in some],
        "decisions.json": [f"{HOME}decisions.json"],
        "feed.atom": [f"{HOME}feed.atom"],
        "about": [f"{HOME}about"],
        "floor: /healthz": ["/healthz"],
    }


def _place(n: int, notices: int) -> int:
    """Somewhere in the middle of the list."""
    return board._floor(NOW.date() - timedelta(days=1 + n * SPREAD // notices))


def _measure(site: str, notices: int, rounds: int) -> None:
    chance, took = random.Random(11), dict[str, list[float]]()
    paths = _paths(notices, chance)
    with httpx2.Client(base_url=site, timeout=60) as client:
        for kind, addresses in paths.items():
            client.get(addresses[0]).raise_for_status()
            took[kind] = []
        for _ in range(rounds):  # kinds in turns, so that a noisy moment meets them all
            for kind, addresses in paths.items():
                address = chance.choice(addresses)
                since = time.perf_counter()
                client.get(address).raise_for_status()
                took[kind].append(time.perf_counter() - since)
    floor = statistics.median(took["floor: /healthz"])
    print(f"  {rounds} requests of each, in turns, over HTTP")
    print(f"  {'':22}{'median':>10}{'95th':>10}{'longest':>10}{'median ÷ floor':>16}")
    for kind, times in took.items():
        times.sort()
        middle, late = statistics.median(times), times[int(len(times) * 0.95)]
        met = "" if kind.startswith("floor") else f"  {'reached' if late <= AIM else 'missed'}"
        print(
            f"  {kind:22}{middle * 1e3:7.1f} ms{late * 1e3:7.1f} ms{times[-1] * 1e3:7.1f} ms{middle / floor:16.1f}{met}"
        )
    print(f"  aim: 95th percentile ≤ {AIM * 1e3:.0f} ms")


if __name__ == "__main__":
    sys.exit(main())
