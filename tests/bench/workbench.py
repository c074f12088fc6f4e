"""make bench — the workbench, the case page and the search with 100,000 cases and 20 people who think between clicks.

The pages are asked over HTTP from a real server (uvicorn, one process of its own) on a database on a disk; the
floor is `/healthz` of the same server among the same clicks. It measures and never asserts. The cases are copies
of a few that really went through the program, each with its own number, party, officers and days; the ledger,
which only a case page reads, is copied for those that are opened and those still being worked on.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx2
import sqlalchemy as sa

from policies.casefile import CaseFile
from policies.office import Office
from tests.bench.grounds import on_postgresql, on_sqlite
from tests.builders import a_case, day, office_at, sample_office, set_clock, take
from tests.services.server import ServerFailed
from tests.web.visiting import cookie_of
from workflow import lines, models, offices
from workflow.database import connect, migrate
from workflow.program import Fashen
from workflow.settings import Settings

MANY, AIM, HEAVIEST = 100_000, 0.150, 150_000
USERS, THINKS = 20, 2.0
NOW = day(2026, 11, 23)
OPEN = 50
"""One case in so many is still being worked on; the others are archived."""

RUNNING = (
    "investigating",
    "under_review",
    "noticing",
    "notified",
    "deciding",
    "decided",
    "in_effect",
    "closed",
)
OFFICERS = 40
"""Officers of the office besides those of the sample: 100,000 cases are not the work of two."""

PEOPLE = ("o1", "o2", "o3", "o4", "wang", "shen", "head", "deputy", "clerk", "inspector")
FAMILY, GIVEN = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张",
    "四明国强建华晓红志伟丽娟文斌春生玉兰海涛",
)
TABLES = (
    models.cases, models.ledger, models.deadline, models.case_line, models.case_person, models.case_wait,
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the cases, a short while")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--serve", nargs=2, metavar=("URL", "PORT"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        return _serve(*asked.serve)
    cases, seconds = (MANY // 10, 15) if asked.quick else (MANY, asked.seconds)
    try:
        for name, place in (("sqlite", on_sqlite), ("postgresql", on_postgresql)):
            if asked.only in (None, name):
                with ExitStack() as stack:
                    _run(
                        stack, name, stack.enter_context(place(("bench",)))["bench"], cases, seconds
                    )
    except ServerFailed as no:
        print(f"bench: {no}", file=sys.stderr)
        return 1
    return 0


def _run(stack: ExitStack, name: str, url: str, cases: int, seconds: int) -> None:
    migrate(url)
    since = time.perf_counter()
    fashen = office_at(url, now=NOW)
    offices.load(fashen, _large_office())
    some = _fill(fashen, cases)
    print(f"\nworkbench, {name}: {cases:,} cases, put in {time.perf_counter() - since:.0f} s")
    cookies = [dict([cookie_of(fashen, person)]) for person in PEOPLE]
    site = stack.enter_context(_served(url))
    _measure(site, cookies, some, seconds)


# — the cases ——————————————————————————————————————————————————————————————————————————————


def _large_office() -> Office:
    """The sample office with forty more officers."""
    office = sample_office()
    zhang = office.person("zhang")
    assert zhang is not None
    more = [
        zhang.model_copy(update={"id": f"o{n}", "name": f"张{n}"}) for n in range(1, OFFICERS + 1)
    ]
    return office.model_copy(update={"people": (*office.people, *more)})


def _fill(fashen: Fashen, many: int) -> list[str]:
    """Rows of a few real cases, copied with a number, a party and days of their own; some of their ids."""
    archived = _recorded("archived")
    running = [_recorded(state) for state in RUNNING]
    running += [_recorded("in_effect", "serve_decision"), _recorded("under_review", asked=True)]
    chance, some = random.Random(5), []
    office = _large_office()
    for start in range(0, many, 2000):
        rows: dict[str, list[dict[str, Any]]] = {table.name: [] for table in TABLES}
        for n in range(start + 1, min(start + 2000, many) + 1):
            open_ = n % OPEN == 0
            case = chance.choice(running) if open_ else archived
            back = chance.randrange(100) if open_ else chance.randrange(200, 3000)
            opened = n % (many // 200) == 0 or (open_ and chance.random() < 0.05)
            id = _copy(rows, case, n, back, chance, fashen, office, whole=opened or open_)
            some += [id] * opened
        with fashen.engine.begin() as tx:
            for table in TABLES:
                if rows[table.name]:
                    tx.execute(table.insert(), rows[table.name])
    with fashen.engine.begin() as tx:
        tx.execute(models.office.update().values(cases_opened=many))
    if (
        fashen.engine.dialect.name == "postgresql"
    ):  # which does so by itself; nobody does it on SQLite
        with fashen.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return some


def _recorded(
    state: str, after: str = "", *, asked: bool = False
) -> dict[str, list[dict[str, Any]]]:
    """The rows of one case that was walked to this state by its people; `asked`: the reviewer has a question."""
    fashen = office_at(now=day(2026, 9, 1))
    set_clock(fashen, day(2026, 9, 1))
    case = a_case(fashen, state, after=after)
    if asked:
        take(fashen, "shen", "ask_officer", case, text="称重单在哪里")
    with fashen.engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in TABLES
        }


def _copy(
    rows: dict[str, list[dict[str, Any]]], case: dict[str, list[dict[str, Any]]], n: int, back: int,
    chance: random.Random, fashen: Fashen, office: Any, *, whole: bool,
) -> str:  # fmt: skip
    """One more case: the same steps, `back` days before now; its ledger too where it is `whole`."""
    row = dict(case["cases"][0])
    id, shift = (
        str(uuid.UUID(int=chance.getrandbits(128))),
        NOW - timedelta(days=back) - row["moved_at"],
    )
    party = chance.choice(FAMILY) + "".join(chance.sample(GIVEN, 2))
    number = f"示街罚案〔{(NOW - timedelta(days=back)).year}〕{n:06}号"
    moved, opened = row["moved_at"] + shift, row["opened_at"] + shift
    own = dict(zip(("zhang", "li"), chance.sample(range(1, OFFICERS + 1), 2), strict=True))
    document = json.loads(re.sub(r'"(zhang|li)"', lambda m: f'"o{own[m[1]]}"', row["doc"]))
    for clock in document.get("clocks", {}).values():
        for name in ("start", "due", "rolled", "ends"):
            on = day(*map(int, clock[name].split("-"))) + shift
            clock[name] = f"{on:%Y-%m-%d}"
    row |= {
        "id": id, "ordinal": n, "number": number, "party_name": party, "doc": json.dumps(document, ensure_ascii=False),
        "opened_at": opened, "moved_at": moved,
    }  # fmt: skip
    rows["cases"].append(row)
    if whole:
        rows["ledger"] += [{**e, "case_id": id} for e in case["ledger"]]
    for d in case["deadline"]:
        days = {k: d[k] + timedelta(days=shift.days) for k in ("start", "due", "rolled", "ends")}
        rows["deadline"].append({**d, "case_id": id, **days})
    act = document["act"]
    act["began"] = f"{day(*map(int, act['began'].split('-'))) + shift:%Y-%m-%d}"
    read = CaseFile.model_validate(document)
    rows["case_line"].append(lines.line_of(row, read, office, fashen.calendar))
    rows["case_wait"] += lines.waits_of(row, read, office, fashen.calendar)
    for p in case["case_person"]:
        person = p["person_id"]
        who = f"o{own[person]}" if person in own else person
        at = p["at"] + shift if p["at"] else None
        rows["case_person"].append({**p, "case_id": id, "person_id": who, "at": at})
    return id


# — the clicks —————————————————————————————————————————————————————————————————————————————


def _serve(url: str, port: str) -> int:
    import uvicorn

    from workflow.web.app import make_app

    uvicorn.run(make_app(_standing(url)), port=int(port), log_level="warning")
    return 0


def _standing(url: str) -> Fashen:
    """The program on a database that is filled already; its clock stands."""
    fashen = Fashen(Settings(_env_file=None, secret_key="only-for-tests-" * 3), connect(url))
    set_clock(fashen, NOW)
    return fashen


@contextmanager
def _served(url: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.bench.workbench", "--serve", url, str(port)]
    server = subprocess.Popen(command)
    try:
        site = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                httpx2.get(f"{site}/healthz", timeout=5)
                break
            except httpx2.TransportError:
                time.sleep(0.1)
        else:
            raise ServerFailed("the server for the measurement did not come up")
        yield site
    finally:
        server.terminate()
        server.wait()


def _paths(some: list[str]) -> dict[str, list[str]]:
    """What is asked for, by kind; searches for what stands everywhere, seldom, once and nowhere."""
    words = [
        "李四明",
        "lsm",
        "zgq",
        "焚烧",
        "012345号",
        "示街罚案[2026]",
        "没有的人",
        "津A12345",
        "华",
        "西杜庄",
    ]
    return {
        "workbench": [
            "/", "/?tab=todo", "/?tab=mine", "/?tab=done", "/?tab=alerts", "/?tab=all", "/?tab=all&state=under_review"],
        "case page": [f"/cases/{id}" for id in some],
        "search": [f"/?tab=all&q={quote(word)}" for word in words] + [f"/?tab=mine&q={quote(w)}" for w in words[:3]],
        "floor: /healthz": ["/healthz"],
    }  # fmt: skip


def _measure(site: str, cookies: list[dict[str, str]], some: list[str], seconds: int) -> None:
    paths = _paths(some)
    took: dict[str, list[tuple[float, str]]] = {kind: [] for kind in paths}
    weighs: dict[str, int] = {}
    end = time.perf_counter() + seconds

    def click(user: int) -> None:
        chance = random.Random(user)
        with httpx2.Client(
            base_url=site, timeout=60, cookies=cookies[user % len(cookies)]
        ) as client:
            client.get("/").raise_for_status()
            time.sleep(chance.random() * THINKS)
            while time.perf_counter() < end:
                kind = chance.choice([*paths, "workbench"])
                path = chance.choice(paths[kind])
                since = time.perf_counter()
                page = client.get(path)
                took[kind].append((time.perf_counter() - since, path))
                page.raise_for_status()
                weighs[kind] = max(weighs.get(kind, 0), len(gzip.compress(page.content)))
                time.sleep(chance.uniform(0.5, 1.5) * THINKS)

    people = [threading.Thread(target=click, args=(user,)) for user in range(USERS)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    _tell(took, weighs, seconds)


def _tell(took: dict[str, list[tuple[float, str]]], weighs: dict[str, int], seconds: int) -> None:
    floor = statistics.median(t for t, _ in took["floor: /healthz"])
    print(f"  {USERS} people, {THINKS:.0f} s between clicks, {seconds} s, over HTTP")
    print(
        f"  {'':18}{'clicks':>7}{'median':>11}{'95th':>11}{'longest':>11}{'median ÷ floor':>16}{'page, gzip':>12}"
    )
    for kind, all_ in took.items():
        times = sorted(t for t, _ in all_)
        late = times[int(len(times) * 0.95)]
        met = "" if kind.startswith("floor") else f"  {'reached' if late <= AIM else 'missed'}"
        print(
            f"  {kind:18}{len(times):7}{statistics.median(times) * 1e3:8.1f} ms{late * 1e3:8.1f} ms"
            f"{times[-1] * 1e3:8.1f} ms{statistics.median(times) / floor:16.1f}{weighs[kind] / 1e3:9.1f} kB{met}"
        )
        if not kind.startswith("floor"):
            slow = max(all_)
            print(f"  {'':18}the longest was {slow[1]}")
    print(f"  aim: 95th percentile ≤ {AIM * 1e3:.0f} ms, pages ≤ {HEAVIEST / 1e3:.0f} kB")


if __name__ == "__main__":
    sys.exit(main())
