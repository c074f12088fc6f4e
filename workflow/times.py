"""Beijing time. The law counts Beijing days; the database keeps UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "北京时间")
"""China has had one zone and no summer time since 1991."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def beijing(moment: datetime) -> datetime:
    """A moment on Beijing's clock; a naive one is read as Beijing time."""
    return moment.replace(tzinfo=BEIJING) if moment.tzinfo is None else moment.astimezone(BEIJING)


def stamp(moment: datetime) -> str:
    """How a moment stands in the ledger: Beijing time to the second, with its offset."""
    return beijing(moment).isoformat(timespec="seconds")


def midnight(day: object) -> datetime:
    """The first moment of a Beijing day."""
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING)  # type: ignore[attr-defined]
