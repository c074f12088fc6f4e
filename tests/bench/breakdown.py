"""Where a move spends its time: watches around named functions, each counting only its own time.

The functions are the real ones, wrapped while the measurement runs. One that is no longer there is
named in a note, and its time falls to whoever called it.
"""

from __future__ import annotations

import contextlib
import cProfile
import importlib
import io
import pstats
import statistics
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from functools import reduce, wraps
from typing import Any

from sqlalchemy.engine import Connection, Engine

from tests.bench.variants import Real

COMMIT = "commit (fsync)"
READS, WRITES = "SQL round trips, reading", "SQL round trips, writing"
MAPPER = "SQLAlchemy"
DOCUMENT = "read and validate the document"
FORM, CHANGE = "form", "command: change and apply"
GUARDS = "guards, clocks, state machine"
HASH = "canonical JSON and digests"
TELL = "findings and messages in words"
REST = "rest of perform()"
ORDER = (COMMIT, READS, WRITES, MAPPER, DOCUMENT, FORM, CHANGE, GUARDS, HASH, TELL, REST)

PROBES = (
    ("sqlalchemy.engine", "Connection.execute", MAPPER),
    ("sqlalchemy.engine", "Connection.scalar", MAPPER),
    ("sqlalchemy.engine", "Connection.exec_driver_sql", MAPPER),
    ("workflow.database", "Plain.run", MAPPER),
    ("workflow.database", "Plain.first", MAPPER),
    ("workflow.work", "from_json", DOCUMENT),
    ("policies.casefile", "CaseFile.model_validate", DOCUMENT),
    ("policies.casefile", "CaseFile.amended", DOCUMENT),
    ("workflow.work", "parse", FORM),
    ("workflow.work", "_Attempt._change", CHANGE),
    ("workflow.work", "_Attempt._complete", CHANGE),
    ("workflow.work", "_Attempt._judge", GUARDS),
    ("workflow.writing", "_first_look", GUARDS),
    ("workflow.writing", "canonical", HASH),
    ("workflow.writing", "seal_entry", HASH),
    ("workflow.writing", "facts_digest", HASH),
    ("workflow.writing", "follow_ups", TELL),
    ("workflow.writing", "findings", TELL),
)
"""Module, function in it, and what its own time counts as."""


class Watch:
    """A stack of what is running; time is charged to its top."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._running = [""]
        self._since = time.perf_counter()

    def enter(self, kind: str) -> None:
        self._charge()
        self._running.append(kind)

    def leave(self) -> None:
        self._charge()
        self._running.pop()

    def _charge(self) -> None:
        now = time.perf_counter()
        self.spent[self._running[-1]] += now - self._since
        self._since = now

    def around(self, function: Callable[..., Any], kind: str) -> Callable[..., Any]:
        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            self.enter(kind)
            try:
                return function(*args, **kwargs)
            finally:
                self.leave()

        return timed

    def around_statement(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(cursor: Any, statement: str, *rest: Any, **kwargs: Any) -> Any:
            reads = statement.startswith(("SELECT", "BEGIN"))
            self.enter(READS if reads else WRITES)
            try:
                return function(cursor, statement, *rest, **kwargs)
            finally:
                self.leave()

        return timed


def _part(owner: Any, name: str) -> Any:
    return getattr(owner, name, None)


def where_time_goes(real: Real, first: int, cases: int) -> tuple[dict[str, float], list[str]]:
    """Seconds per move by kind, the median of so many cases, and the probes that found no function."""
    watch, missing = Watch(), []
    seen = []
    with contextlib.ExitStack() as stack:
        for module, path, kind in PROBES:
            *outer, name = path.split(".")
            owner = reduce(_part, outer, importlib.import_module(module))
            if hasattr(owner, name):
                timed = watch.around(getattr(owner, name), kind)
                stack.enter_context(_replaced(owner, name, timed))
            else:
                missing.append(f"{module}.{path}")
        stack.enter_context(_engine_watched(real.fashen.engine, watch))
        for n in range(first, first + cases):
            orders = real.prepare(n)
            watch.spent.clear()
            watch.enter(REST)
            deque(real.moves(orders), 0)
            watch.leave()
            seen.append({kind: watch.spent[kind] / len(orders) for kind in ORDER})
    return {kind: statistics.median(s[kind] for s in seen) for kind in ORDER}, missing


@contextlib.contextmanager
def _replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    own = name in vars(owner)
    was = vars(owner).get(name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        if own:
            setattr(owner, name, was)
        else:
            delattr(owner, name)


@contextlib.contextmanager
def _engine_watched(engine: Engine, watch: Watch) -> Iterator[None]:
    dialect: Any = engine.dialect
    begin = engine.begin

    @contextlib.contextmanager
    def watched_begin() -> Iterator[Connection]:
        watch.enter(MAPPER)
        try:
            with begin() as connection:
                watch.enter(REST)
                try:
                    yield connection
                finally:
                    watch.leave()
        finally:
            watch.leave()

    with contextlib.ExitStack() as stack:
        for name in ("do_execute", "do_executemany", "do_execute_no_params"):
            stack.enter_context(
                _replaced(dialect, name, watch.around_statement(getattr(dialect, name)))
            )
        for name, kind in (("do_commit", COMMIT), ("do_ping", READS)):
            stack.enter_context(
                _replaced(dialect, name, watch.around(getattr(dialect, name), kind))
            )
        stack.enter_context(_replaced(engine, "begin", watched_begin))
        yield


def profile(real: Real, first: int, cases: int, lines: int = 30) -> str:
    """The functions that take most of the time, by cProfile."""
    prepared = [real.prepare(first + i) for i in range(cases)]
    profiler = cProfile.Profile()
    profiler.enable()
    for orders in prepared:
        deque(real.moves(orders), 0)
    profiler.disable()
    told = io.StringIO()
    stats = pstats.Stats(profiler, stream=told).strip_dirs()
    stats.sort_stats("tottime").print_stats(lines)
    stats.sort_stats("cumulative").print_stats(lines)
    return told.getvalue()
