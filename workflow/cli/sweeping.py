"""`fashen sweep` — the clocks and the outbox without Celery, for cron or systemd."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import time
from datetime import timedelta
from types import FrameType

from workflow import heartbeats
from workflow.cli.common import opened, say
from workflow.deliveries import drain
from workflow.program import Fashen
from workflow.sweep import sweep

log = logging.getLogger(__name__)

LOOKS_UP = 0.5
"""Seconds after which a pause looks whether it should end."""


def run(asked: argparse.Namespace) -> int:
    """Sweep and deliver once, or with `--loop` until SIGTERM or SIGINT, which let the current round finish."""
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    fashen = opened()
    if asked.loop is None:
        say(_round(fashen, heartbeats.SWEEP_UNTOLD)[0])
        return 0
    _loop(fashen, asked.loop)
    return 0


def _loop(fashen: Fashen, seconds: int) -> None:
    stop = _Stop()
    say(f"每 {seconds} 秒巡查一次；SIGTERM 或者 Ctrl-C 停止。")
    while True:
        try:
            told, did = _round(fashen, timedelta(seconds=seconds))
        except Exception:
            log.exception("this round was not finished; the next one takes it up again")
        else:
            if did:
                say(told)
        sys.stdout.flush()
        if stop.asked_within(seconds):
            return


def _round(fashen: Fashen, every: timedelta) -> tuple[str, int]:
    """What was done, in a sentence, and how many things that were."""
    swept = sweep(fashen, every=every)
    sent = drain(fashen)
    alerts, lapsed, recounted = len(swept.alerts), len(swept.lapsed), len(swept.recounted)
    told = (
        f"巡查期限：提醒 {alerts} 项，期满 {lapsed} 项，重算 {recounted} 件；办成待发 {sent} 条。"
    )
    return told, alerts + lapsed + recounted + sent


class _Stop:
    """Whether somebody asked this process to end. The signal only says so; whatever runs finishes first."""

    def __init__(self) -> None:
        self._asked = False
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, self._ask)

    def _ask(self, _sign: int, _frame: FrameType | None) -> None:
        self._asked = True

    def asked_within(self, seconds: float) -> bool:
        """Wait so long, or until asked to stop. An Event would not do: a handler may not take its lock."""
        until = time.monotonic() + seconds
        while not self._asked and (left := until - time.monotonic()) > 0:
            time.sleep(min(LOOKS_UP, left))
        return self._asked
