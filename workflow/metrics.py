"""指标 — the office's figures for Prometheus, read from the database when they are asked for.

No label carries a case, a number or a person: states, stages, kinds, channels and the parts of the program.
What is done is only counted where an index does it; the outbox keeps every message for good.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy.engine import Connection

from workflow import heartbeats, models, outbox
from workflow.database import reading
from workflow.program import Fashen
from workflow.times import beijing, midnight

CONTENT_TYPE = CONTENT_TYPE_LATEST

_A, _C, _D, _O = models.alert.c, models.cases.c, models.deadline.c, models.outbox.c
_count = sa.func.count


def exposition(fashen: Fashen) -> bytes:
    """Every figure in Prometheus's text format; a database that does not answer raises SQLAlchemy's error."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Office(fashen))
    return generate_latest(registry)


class Office(Collector):
    """The figures of one database, of all its offices together, in one consistent picture."""

    def __init__(self, fashen: Fashen) -> None:
        self._fashen = fashen

    def describe(self) -> Iterable[Metric]:
        """Nothing is read to be registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        with reading(self._fashen.engine) as tx:
            yield from _messages(self._fashen, tx)
            yield from _clocks(self._fashen, tx)
            yield from _parts(self._fashen, tx)
            yield _by_label(
                GaugeMetricFamily("fashen_cases", "Cases by state.", labels=["state"]),
                tx.execute(sa.select(_C.state, _count()).group_by(_C.state)),
            )


def _messages(fashen: Fashen, tx: Connection) -> Iterator[Metric]:
    now = fashen.now(tx)
    yield _by_label(
        GaugeMetricFamily(
            "fashen_outbox_messages",
            "Messages that are not done: ready, leased, dead.",
            labels=["status", "kind"],
        ),
        tx.execute(
            sa.select(_O.status, _O.kind, _count())
            .where(_O.status.in_(["ready", "leased", "dead"]))
            .group_by(_O.status, _O.kind)
        ),
    )
    queued = tx.scalar(sa.select(sa.func.max(_O.id)))
    yield CounterMetricFamily("fashen_outbox_queued", "Messages ever queued.", value=queued or 0)
    since = outbox.waiting(tx, now).since
    yield GaugeMetricFamily(
        "fashen_outbox_oldest_seconds",
        "How long the oldest message has waited since it could have been delivered; 0 when none has.",
        value=max(0.0, (now - since).total_seconds()) if since else 0,
    )
    dead = tx.scalar(sa.select(_count()).select_from(models.outbox).where(_O.status == "dead"))
    yield GaugeMetricFamily("fashen_outbox_dead", "Messages that are tried no more.", value=dead)


def _clocks(fashen: Fashen, tx: Connection) -> Iterator[Metric]:
    today = beijing(fashen.now(tx)).date()
    running = sa.select(_count()).select_from(models.deadline).where(_D.state == "open")
    yield GaugeMetricFamily("fashen_deadlines_open", "Running clocks.", value=tx.scalar(running))
    yield GaugeMetricFamily(
        "fashen_deadlines_overdue",
        "Running clocks whose last day is over.",
        value=tx.scalar(running.where(_D.ends < today)),
    )
    raised = sa.select(_A.stage, _count()).group_by(_A.stage)
    offices = sa.select(models.office.c.id)
    yield _by_label(
        GaugeMetricFamily(
            "fashen_alerts_today", "Stages of clocks told today, Beijing time.", labels=["stage"]
        ),
        tx.execute(raised.where(_A.office_id.in_(offices), _A.raised_at >= midnight(today))),
    )
    yield _by_label(
        CounterMetricFamily("fashen_alerts", "Stages of clocks ever told.", labels=["stage"]),
        tx.execute(raised),
    )


def _parts(fashen: Fashen, tx: Connection) -> Iterator[Metric]:
    now, beats = fashen.now(tx), heartbeats.left(tx)
    ages = [(name, max(0.0, (now - beat.at).total_seconds())) for name, beat in beats.items()]
    yield _by_label(
        GaugeMetricFamily(
            "fashen_heartbeat_age_seconds", "Since a part was last at work.", labels=["name"]
        ),
        ages,
    )
    if "sweep" in beats and isinstance(took := beats["sweep"].said.get("seconds"), int | float):
        yield GaugeMetricFamily(
            "fashen_sweep_duration_seconds", "How long the last sweep took.", value=took
        )
    channel = models.channel.c
    yield _by_label(
        GaugeMetricFamily(
            "fashen_channel_failures",
            "How often a channel failed since it last delivered.",
            labels=["channel"],
        ),
        tx.execute(sa.select(channel.name, channel.failures)),
    )


Labelled = TypeVar("Labelled", GaugeMetricFamily, CounterMetricFamily)


def _by_label(family: Labelled, rows: Iterable[Sequence[Any]]) -> Labelled:
    """The family with a figure for each row: the values of its labels, then the figure."""
    for *labels, value in rows:
        family.add_metric(labels, value)
    return family
