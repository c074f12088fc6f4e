"""清理和复核 — what nobody registered goes after a day; what a ledger names is read again, a little each time."""

from __future__ import annotations

import logging
import shutil
import time
from datetime import timedelta

import sqlalchemy as sa

from workflow import models
from workflow.database import reading
from workflow.files.proof import fault
from workflow.files.uploads import drop, store_of
from workflow.program import Fashen

log = logging.getLogger(__name__)

_F = models.file.c

AGAIN = timedelta(days=30)
"""After so long an original is read again."""

SOON = timedelta(hours=1)
"""After so long one with a fault is: somebody may have brought the original back."""

AT_A_TIME = 256 * 1024 * 1024
"""Bytes that one sweep reads before it leaves the rest to the next."""

LEFT_OVER = timedelta(days=2)
"""A folder in which somebody was drawing so long ago belongs to a process that died."""


def sweep_files(fashen: Fashen) -> tuple[int, int]:
    """Clear what nobody claimed and compare what is due: how many of each.

    On a machine that does not see the folder nothing is judged: there every file would be missing.
    """
    if not store_of(fashen).root.is_dir():
        return 0, 0
    _clear_left_over(fashen)
    return _clear(fashen), _compare(fashen)


def _clear(fashen: Fashen) -> int:
    with reading(fashen.engine) as tx:
        since = fashen.now(tx) - timedelta(hours=fashen.settings.files_unclaimed)
        old = sa.select(_F.id).where(_F.state != "registered", _F.seen_at < since)
        ids = tx.execute(old.order_by(_F.seen_at).limit(500)).scalars().all()
    cleared = 0
    for id in ids:
        try:
            with fashen.engine.begin() as tx:
                cleared += drop(fashen, tx, id)
        except Exception:
            log.exception("the unclaimed file %s could not be cleared", id)
    return cleared


def _compare(fashen: Fashen) -> int:
    store, read, compared = store_of(fashen), 0, 0
    with reading(fashen.engine) as tx:
        due, soon = fashen.now(tx) - AGAIN, fashen.now(tx) - SOON
        rows = tx.execute(
            sa.select(_F.id, _F.sha256, _F.size)
            .where(
                _F.state == "registered",
                sa.or_(_F.checked_at < due, sa.and_(_F.fault != "", _F.checked_at < soon)),
            )
            .order_by(_F.checked_at)
            .limit(500)
        ).all()
    for row in rows:
        if read >= AT_A_TIME:
            break
        found = fault(store, row.sha256, row.size)
        if found:
            log.error("evidence file %s: %s", row.id, found)
        with fashen.engine.begin() as tx:
            told = {"checked_at": fashen.now(tx), "fault": found[:200]}
            tx.execute(models.file.update().where(_F.id == row.id).values(**told))
        read, compared = read + row.size, compared + 1
    return compared


def _clear_left_over(fashen: Fashen) -> None:
    """Folders of dead processes in `incoming`; a part without a row cannot be, its row comes first."""
    incoming = store_of(fashen).root / "incoming"
    for folder in incoming.glob("look-*") if incoming.is_dir() else ():
        if time.time() - folder.stat().st_mtime > LEFT_OVER.total_seconds():
            shutil.rmtree(folder, ignore_errors=True)
