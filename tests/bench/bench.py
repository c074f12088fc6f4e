"""make bench — moves per second through the whole path, beside its floor and beside the usual way.

Every variant writes the same rows for the same lawful case, one durable transaction a move, and they
take turns after every move, A B C A B C …, so that a noisy machine disturbs all three alike. It
measures and never asserts.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass

import psycopg

import workflow.commands  # noqa: F401 - registers every verb
from tests.bench import breakdown
from tests.bench.grounds import on_postgresql, on_sqlite
from tests.bench.mix import Counter, Script, record
from tests.bench.variants import Bare, ByHand, Real, Variant
from tests.services.server import GROUND, ServerFailed
from workflow.database import connect, migrate

AIMS = {"sqlite": 2.5, "postgresql": 2.0}
"""How many times the time of bare SQL a move may take."""

WARM = 3
PARTS = ("record", "real", "bare", "byhand")


def main() -> int:
    asked = _arguments()
    print(_machine())
    seconds = 5.5 if asked.quick else 38.0
    try:
        for engine, urls in (("sqlite", on_sqlite), ("postgresql", on_postgresql)):
            if asked.only in ("", engine):
                with urls(PARTS) as given:
                    _measure(engine, given, seconds, asked)
    except ServerFailed as no:
        print(f"bench: {no}", file=sys.stderr)
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="about 20 seconds instead of 90")
    parser.add_argument("--profile", action="store_true", help="print the top functions instead")
    parser.add_argument(
        "--keys", action="store_true", help="each move with a key, as a page sends it"
    )
    parser.add_argument("--only", choices=sorted(AIMS), default="", help="one database only")
    return parser.parse_args()


def _machine() -> str:
    fsync = _fsync() * 1e6
    told = (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, psycopg "
        f"{psycopg.__version__} ({psycopg.pq.__impl__}), {os.cpu_count()} processors, "
        f"one fdatasync in {GROUND} takes {fsync:.0f} µs"
    )
    return told if fsync > 20 else f"{told} — this disk does not really write: no figure is durable"


def _fsync() -> float:
    with tempfile.TemporaryFile(dir=GROUND) as file:
        took = []
        for n in range(100):
            os.pwrite(file.fileno(), b"x" * 4096, n * 4096)
            since = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - since)
    return statistics.median(took)


def _measure(engine: str, urls: dict[str, str], seconds: float, asked: argparse.Namespace) -> None:
    for url in urls.values():
        migrate(url)
    mix = Counter(keys=asked.keys)
    recorder = connect(urls["record"])
    script = Script(record(recorder, mix))
    recorder.dispose()
    real = Real(urls["real"], mix)
    moves = len(script.deeds)
    if asked.profile:
        deque(real.moves(real.prepare(1)), 0)
        print(f"\n{engine}: {moves} moves a case, by cProfile\n")
        print(breakdown.profile(real, 2, 10))
        real.close()
        return
    variants: list[Variant] = [real, Bare(urls["bare"], script), ByHand(urls["byhand"], script)]
    rounds = _rounds(variants, seconds)
    _table(engine, variants, rounds, moves)
    _where(real, len(rounds) + WARM + 1, 6 if asked.quick else 20)
    for variant in variants:
        variant.close()


@dataclass(frozen=True, slots=True)
class Round:
    """One case: seconds of each variant, by the clock on the wall and on our own processor."""

    wall: list[float]
    own: list[float]


def _rounds(variants: list[Variant], seconds: float) -> list[Round]:
    """Case after case in turns after every move, until the time is over."""
    taken = []
    gc.collect()
    gc.freeze()
    give_up = time.perf_counter() + seconds
    n = 0
    while time.perf_counter() < give_up or n < WARM + 5:
        n += 1
        running = [variant.moves(variant.prepare(n)) for variant in variants]
        one = Round([0.0] * len(variants), [0.0] * len(variants))
        gc.collect()
        going = True
        while going:
            for i, moves in enumerate(running):
                since, own = time.perf_counter(), time.process_time()
                going = next(moves, moves) is None
                one.own[i] += time.process_time() - own
                one.wall[i] += time.perf_counter() - since
        if n > WARM:
            taken.append(one)
    gc.unfreeze()
    return taken


def _table(engine: str, variants: list[Variant], rounds: list[Round], moves: int) -> None:
    """The medians; and the calmest rounds, for a disk that others keep busy flatters everybody."""
    print(f"\n{engine}: {moves} moves a case, {len(rounds)} cases each in turns; medians")
    print(f"  {'':20}{'moves/s':>9}{'ms/move':>9}{'own CPU':>9}{'× bare SQL':>12}{'× ORM':>8}")
    for i, variant in enumerate(variants):
        wall = statistics.median(r.wall[i] for r in rounds) / moves
        own = statistics.median(r.own[i] for r in rounds) / moves
        told = f"{1 / wall:9.0f}{wall * 1e3:9.3f}{own * 1e3:9.3f}"
        print(f"  {variant.name:20}{told}{_ratio(rounds, i, 1):12.2f}{_ratio(rounds, i, 2):8.2f}")
    calm = sorted(rounds, key=lambda r: sum(r.wall))[: max(3, len(rounds) // 4)]
    floor, orm = _ratio(calm, 0, 1), _ratio(calm, 0, 2)
    print(
        f"  calmest quarter: fashen takes {floor:.2f} × bare SQL, {orm:.2f} × ORM\n"
        f"  aim: ≤ {AIMS[engine]} × bare SQL {_met(floor <= AIMS[engine])}, "
        f"faster than the ORM {_met(orm < 1)}"
    )


def _ratio(rounds: list[Round], one: int, other: int) -> float:
    return statistics.median(r.wall[one] / r.wall[other] for r in rounds)


def _met(reached: bool) -> str:
    return "(reached)" if reached else "(missed)"


def _where(real: Real, first: int, cases: int) -> None:
    spent, missing = breakdown.where_time_goes(real, first, cases)
    whole = sum(spent.values())
    print("\n  where a move of fashen spends its time (own time, with the watches' own cost)")
    for kind, took in spent.items():
        print(f"  {kind:34}{took * 1e6:8.0f} µs{took / whole:7.0%}")
    print(f"  {'together':34}{whole * 1e6:8.0f} µs")
    if missing:
        print(f"  no probe found: {', '.join(missing)}")


if __name__ == "__main__":
    sys.exit(main())
