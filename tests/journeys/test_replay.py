"""Ten thousand real fines: every alert that six years of dates ask for, each once, and no other.

The log (data/eventlogs of ../shared) tells of fines of an Italian town: when each was made out, sent, notified
and paid. Two clocks of the office are laid over it:

- `decision`, 90 days from Create Fine to Send Fine. One that is paid in full before is not sent any more: the
  payment ends it.
- `payment`, 60 days from Insert Fine Notification to the payment in full, or to what takes its place: Send for
  Credit Collection, Insert Date Appeal to Prefecture, Appeal to Judge. Where one of these came before, there
  is nothing to wait for. In full means that `totalpaymentamount` reaches the last `amount` (Create Fine, and
  Add penalty, which replaces it) and the `expense` of sending. A case without any of them runs to the end of
  the log.

The log is no case of ours, so clocks are written as rows, with a case document that names its officer and
nothing else; what is entered on a day is entered before that day's sweep. What must be told is worked out
from the dates alone. The whole log takes minutes (FASHEN_REPLAY_CASES=10000); otherwise each way takes a sample
of its own, always the same. The digest of the day is left out, by an hour that never comes.
"""

from __future__ import annotations

import contextlib
import csv
import gzip
import os
import random
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from policies.casefile import CaseFile
from policies.office import Office
from states.case import CURRENT
from tests.builders import OFFICE, office_at, sample_office, set_clock
from tests.journeys.test_killed_half_way import Nursery
from tests.journeys.test_killed_half_way import Office as Mortal
from workflow import database, models, offices
from workflow.database import reading
from workflow.deliveries import drain
from workflow.program import Fashen
from workflow.sweep import Swept, sweep
from workflow.times import BEIJING, beijing, midnight

LOG = Path(__file__).resolve().parents[3] / "shared/data/eventlogs/traffic_fines_10k_cases.csv.gz"

pytestmark = pytest.mark.skipif(
    not LOG.exists(),
    reason=f"{LOG.name} is not beside this checkout: see data/README.md of ../shared",
)

CASES = int(os.environ.get("FASHEN_REPLAY_CASES", "400"))
"""So many of the ten thousand in the daily replay."""

DAYS = {"decision": 90, "payment": 60}
BEFORE = {"decision": {"blue": 30, "yellow": 15}, "payment": {"yellow": 5}}
"""Days before the end; red is told on the day after it."""

HEARERS = {"blue": (), "yellow": ("wang",), "red": ("wang", "inspector")}
"""Besides the officer of the case."""

OFFICERS = ("zhang", "li")
ENDED = ("Send for Credit Collection", "Insert Date Appeal to Prefecture", "Appeal to Judge")

Told = tuple[str, str, str, date]
"""Case, clock, stage, and the day on which it was told."""


# — what the log says ——————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, slots=True)
class Run:
    """One clock of one case: the day it began, and the day from which it ran no more."""

    case: str
    clock: str
    begun: date
    over: date | None

    @property
    def ends(self) -> date:
        return self.begun + timedelta(days=DAYS[self.clock])

    @property
    def stages(self) -> dict[str, date]:
        before = BEFORE[self.clock].items()
        return {
            **{stage: self.ends - timedelta(days=n) for stage, n in before},
            "red": self.ends + timedelta(days=1),
        }

    def runs_on(self, day: date) -> bool:
        return self.begun <= day and (self.over is None or day < self.over)

    @property
    def officer(self) -> str:
        return OFFICERS[int(self.case.strip("ACNPSV") or 0) % 2]


@cache
def log() -> tuple[list[Run], date, date]:
    """The clocks of all cases, and the first and the last day of the log."""
    with gzip.open(LOG, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    runs: list[Run] = []
    for case, events in groupby(rows, key=lambda row: row["case_id"]):
        runs += _clocks(case, list(events))
    days = [date.fromisoformat(row["timestamp"]) for row in rows]
    return runs, min(days), max(days)


def _clocks(case: str, events: Sequence[dict[str, str]]) -> Iterator[Run]:
    days: dict[str, date] = {}
    amount = expense = 0.0
    for event in events:
        what, on = event["activity"], date.fromisoformat(event["timestamp"])
        if what in ("Create Fine", "Add penalty"):
            amount = float(event["amount"])
        if what == "Send Fine":
            expense = float(event["expense"])
        if what == "Payment":
            if float(event["totalpaymentamount"]) < amount + expense - 0.005:
                continue
            what = "paid"
        days.setdefault(what, on)

    def first(*names: str) -> date | None:
        return min((days[name] for name in names if name in days), default=None)

    yield Run(case, "decision", days["Create Fine"], first("Send Fine", "paid"))
    notified, over = days.get("Insert Fine Notification"), first("paid", *ENDED)
    if notified and not (over and over < notified):
        yield Run(case, "payment", notified, over)


def some(cases: int, seed: int) -> list[Run]:
    """The clocks of so many cases."""
    runs, _, _ = log()
    known = sorted({run.case for run in runs})
    chosen = set(known if cases >= len(known) else random.Random(seed).sample(known, cases))
    return [run for run in runs if run.case in chosen]


def every_day() -> list[date]:
    _, first, last = log()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def with_gaps(longest: int, seed: int) -> list[date]:
    """The first and the last day, and days between them that are at most so far apart."""
    _, first, last = log()
    chance, days = random.Random(seed), [first]
    while days[-1] < last:
        days.append(min(last, days[-1] + timedelta(days=chance.randint(1, longest))))
    return days


def must_be_told(runs: Iterable[Run], sweeps: Iterable[date]) -> list[Told]:
    """Each stage on the day of the first sweep on or after its own, where the clock then still runs."""
    sweeps = list(sweeps)
    first = {}
    for run in runs:
        for stage, due in run.stages.items():
            day = next((d for d in sweeps[_index(sweeps, due) :]), None)
            if day is not None and run.runs_on(day):
                first[run.case, run.clock, stage] = day
    return sorted((*alert, day) for alert, day in first.items())


def _index(days: Sequence[date], day: date) -> int:
    """Where the first of these days is that is not before this one."""
    low, high = 0, len(days)
    while low < high:
        middle = (low + high) // 2
        if days[middle] < day:
            low = middle + 1
        else:
            high = middle
    return low


def must_be_shown(
    runs: Iterable[Run], told: Iterable[Told], rounds: Sequence[date]
) -> list[tuple[str, str, str, str]]:
    """Case, clock, stage, person: who finds it in the inbox, where the clock still ran when the post went round."""
    by_name = {(run.case, run.clock): run for run in runs}
    shown = []
    for case, clock, stage, day in told:
        run, at = by_name[case, clock], _index(rounds, day)
        if at < len(rounds) and run.runs_on(rounds[at]):
            shown += [(case, clock, stage, who) for who in (run.officer, *HEARERS[stage])]
    return sorted(shown)


# — the log as rows ————————————————————————————————————————————————————————————————————————


def the_office() -> Office:
    body = sample_office().model_dump(mode="json", by_alias=True)
    stages = {c: {s: f"-{n}d" for s, n in before.items()} for c, before in BEFORE.items()}
    hears = {"blue": [], "yellow": ["unit_head"], "red": ["unit_head", "inspector"]}
    alerts = {"stages": stages, "hears": hears, "digest_at": "23:59"}
    return Office.model_validate({**body, "alerts": alerts})


class Book:
    """Enters what the log says, day by day, as rows."""

    def __init__(self, fashen: Fashen, runs: Sequence[Run]) -> None:
        self.version = fashen.calendar.version
        self.begin = sorted(runs, key=lambda run: run.begun, reverse=True)
        over = [(run.over, run.case, run.clock) for run in runs if run.over]
        self.end = sorted(over, reverse=True)
        self.cases: dict[str, int] = {}

    def enter(self, fashen: Fashen, until: date) -> None:
        """Everything up to and with this day that is not entered yet."""
        begun, over = [], []
        while self.begin and self.begin[-1].begun <= until:
            begun.append(self.begin.pop())
        while self.end and self.end[-1][0] <= until:
            over.append(self.end.pop())
        new = [run for run in begun if run.clock == "decision"]
        with fashen.engine.begin() as tx:
            if new:
                tx.execute(models.cases.insert(), [self._case(run) for run in new])
            if begun:
                tx.execute(models.deadline.insert(), [self._deadline(run) for run in begun])
            if over:
                tx.execute(_CLOSE, [{"of": case, "which": clock} for _, case, clock in over])

    def _case(self, run: Run) -> dict[str, Any]:
        self.cases[run.case] = len(self.cases) + 1
        document = CaseFile(officers=(run.officer,))
        return {
            "id": run.case, "office_id": OFFICE, "ordinal": self.cases[run.case], "version": 1,
            "flow": str(CURRENT["ordinary"]), "state": "investigating", "head": "0" * 64,
            "doc": document.model_dump_json(exclude_defaults=True),
            "opened_at": midnight(run.begun), "moved_at": midnight(run.begun),
        }  # fmt: skip

    def _deadline(self, run: Run) -> dict[str, Any]:
        return {
            "case_id": run.case, "clock": run.clock, "round": 1, "office_id": OFFICE,
            "start": run.begun, "span": f"{DAYS[run.clock]}d", "due": run.ends, "rolled": run.ends,
            "ends": run.ends, "provisional": False, "calendar": self.version, "state": "open",
            "wake_at": midnight(min(run.stages.values())),
        }  # fmt: skip


_CLOSE = (
    models.deadline.update()
    .where(
        models.deadline.c.case_id == sa.bindparam("of"),
        models.deadline.c.clock == sa.bindparam("which"),
    )
    .values(state="closed", closed_seq=2, wake_at=None)
)


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BEIJING)


def told(fashen: Fashen) -> list[Told]:
    a = models.alert.c
    with reading(fashen.engine) as tx:
        rows = tx.execute(sa.select(a.case_id, a.clock, a.stage, a.raised_at)).all()
    return sorted((r.case_id, r.clock, r.stage, beijing(r.raised_at).date()) for r in rows)


def shown(fashen: Fashen) -> list[tuple[str, str, str, str]]:
    """What stands in the inbox; the clock stands in the key alone."""
    n = models.inbox.c
    with reading(fashen.engine) as tx:
        rows = tx.execute(sa.select(n.dedup, n.case_id, n.stage, n.person_id)).all()
    return sorted((r.case_id, r.dedup.split(":")[2], r.stage, r.person_id) for r in rows)


def same(found: Sequence[Any], wanted: Sequence[Any]) -> None:
    """Both hold the same, each as often."""
    lacking, surplus = set(wanted) - set(found), set(found) - set(wanted)
    assert (sorted(lacking)[:5], sorted(surplus)[:5]) == ([], [])
    assert len(found) == len(wanted)


def raised(swept: Iterable[Swept]) -> list[tuple[str, str]]:
    """Case and alert id of every alert that a sweep says it raised."""
    return sorted(alert for one in swept for alert in one.alerts)


def named(wanted: Iterable[Told]) -> list[tuple[str, str]]:
    return sorted((case, f"{clock}.{stage}") for case, clock, stage, _ in wanted)


def opened(url: str | None) -> Fashen:
    fashen = office_at(url, now=at(log()[1]))
    offices.load(fashen, the_office())
    return fashen


def another(fashen: Fashen, url: str) -> Fashen:
    """The program anew, as after a restart: nothing of the old one is in it but its settings."""
    return Fashen(fashen.settings, database.connect(url), fashen.calendar, fashen.clock)


# — three ways —————————————————————————————————————————————————————————————————————————————


def test_a_sweep_every_day_tells_every_stage_on_its_day():
    """Of the days on which nothing is due some are left out: the sweep of such a day finds nothing to do."""
    runs, chance = some(CASES, 1), random.Random(1)
    due = {day for run in runs for day in run.stages.values()}
    days = [day for day in every_day() if day in due or chance.random() < 0.2]
    fashen = opened(None)
    book, swept = Book(fashen, runs), []
    for day in days:
        book.enter(fashen, day)
        set_clock(fashen, at(day))
        swept.append(sweep(fashen))
        drain(fashen)
    wanted = must_be_told(runs, days)
    by_name = {(run.case, run.clock): run for run in runs}
    assert all(by_name[case, clock].stages[stage] == day for case, clock, stage, day in wanted)
    assert {stage for _, _, stage, _ in wanted} == {"blue", "yellow", "red"}
    same(told(fashen), wanted)
    same(raised(swept), named(wanted))
    same(shown(fashen), must_be_shown(runs, wanted, days))


@pytest.mark.parametrize(("engine", "cases"), [("sqlite", 40), ("postgresql", 60)])
def test_two_at_once_on_some_days_with_a_slow_post_that_comes_twice(
    request: pytest.FixtureRequest, engine: str, cases: int
):
    url = request.getfixturevalue(f"{engine}_url")
    runs, days, chance = some(cases, 2), with_gaps(40, 2), random.Random(2)
    rounds = [day for day in days if chance.random() < 0.6 or day == days[-1]]
    one = opened(url)
    two = another(one, url)
    book, swept = Book(one, runs), []
    for day in days:
        book.enter(one, day)
        set_clock(one, at(day))
        set_clock(two, at(day))
        swept += both(sweep, one, two)
        if chance.random() < 0.2:
            swept.append(sweep(one))
        if day in rounds:
            both(drain, one, two)
            forget_some(one, chance)
            both(drain, two, one)
    wanted = must_be_told(runs, days)
    same(told(one), wanted)
    same(raised(swept), named(wanted))
    same(shown(one), must_be_shown(runs, wanted, rounds))
    two.engine.dispose()
    one.engine.dispose()


def both(act: Callable[[Fashen], Any], one: Fashen, two: Fashen) -> list[Any]:
    """Two programs do the same, as nearly at once as two threads can."""
    gate = threading.Barrier(2)

    def go(fashen: Fashen) -> Any:
        gate.wait(30)
        return act(fashen)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(go, (one, two)))


def forget_some(fashen: Fashen, chance: random.Random) -> None:
    """Of some messages nobody remembers that they were delivered: they come once more."""
    o = models.outbox
    with fashen.engine.begin() as tx:
        done = tx.execute(sa.select(o.c.id).where(o.c.status == "done").order_by(o.c.id)).scalars()
        again = [id for id in done if chance.random() < 0.2][-40:]
        tx.execute(
            o.update()
            .where(o.c.id.in_(again))
            .values(status="ready", available_at=fashen.now(tx), sent_at=None, done_at=None)
        )


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with contextlib.closing(Nursery()) as made:
        yield made


PLACES = ("sweep.before_commit", "sweep.after_commit")
POST = ("deliver.after_lease", "show.before_commit", "show.after_commit")


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_whoever_dies_in_the_middle_of_a_sweep_or_of_the_post_leaves_no_trace(
    request: pytest.FixtureRequest, tmp_path: Path, nursery: Nursery, engine: str
):
    url = request.getfixturevalue(f"{engine}_url")
    runs, days, chance = some(50, 3), with_gaps(40, 3), random.Random(3)
    wanted = must_be_told(runs, days)
    due: dict[date, set[tuple[str, str]]] = defaultdict(set)
    for case, clock, _, day in wanted:
        due[day].add((case, clock))
    fashen = opened(url)
    book, deaths = Book(fashen, runs), 0
    for day in days:
        book.enter(fashen, day)
        set_clock(fashen, at(day))
        died = bool(due[day]) and chance.random() < 0.4
        if died:
            mortal = Mortal(fashen, url, tmp_path, nursery)
            nth = chance.randint(1, len(due[day]))
            mortal.dies(f"{chance.choice(PLACES)}@{nth}", "sweep")
            set_clock(fashen, at(day, 10, 5))
            sweep(fashen)
            mortal.dies(f"{chance.choice(POST)}@{nth}", "deliver")
            deaths += 2
        set_clock(fashen, at(day, 10, 10))
        if died or chance.random() < 0.2:
            fashen.engine.dispose()
            fashen = another(fashen, url)
        sweep(fashen)
        drain(fashen)
    assert deaths >= 10, deaths
    same(told(fashen), wanted)
    same(shown(fashen), must_be_shown(runs, wanted, days))
    fashen.engine.dispose()
