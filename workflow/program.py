"""The assembled program: database, settings, calendar, law and clock, made once per process."""

from __future__ import annotations

import hmac
import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from policies.calendar import Calendar
from policies.lawbook import LawBook, Parameter, register
from policies.office import Office
from workflow import database, holidays, models
from workflow.errors import NotFound
from workflow.settings import Settings
from workflow.times import utc_now

_OFFICE = sa.select(models.office_version.c.body).where(
    models.office_version.c.office_id == sa.bindparam("office"),
    models.office_version.c.version == sa.bindparam("version"),
)


@dataclass(frozen=True, slots=True)
class Bureau:
    """An office on one version of its file, with the law as it applies there."""

    version: int
    office: Office
    law: LawBook


@dataclass
class Fashen:
    """What every way in shares. `clock` and `new_id` are replaced by scenarios and tests."""

    settings: Settings
    engine: Engine
    calendar: Calendar = field(default_factory=Calendar.published)
    clock: Callable[[], datetime] = utc_now
    new_id: Callable[[], str] = lambda: str(uuid.uuid4())
    overrides: tuple[Parameter, ...] = ()
    _bureaus: dict[tuple[str, int], Bureau] = field(default_factory=dict)

    def bureau(self, connection: Connection, office: str, version: int | None = None) -> Bureau:
        """The office as its file says; a signed version never changes, so it is read once."""
        if version is None:
            version = connection.scalar(
                sa.select(models.office.c.version).where(models.office.c.id == office)
            )
            if version is None:
                raise NotFound(f"没有“{office}”这个机关；先用 fashen init --office 载入机关文件。")
        found = self._bureaus.get((office, version))
        if found is None:
            body = connection.scalar(_OFFICE, {"office": office, "version": version})
            made = Office.model_validate(json.loads(body or "{}"))
            law = made.law(register()).with_local(self.overrides)
            found = self._bureaus[office, version] = Bureau(version, made, law)
        return found

    def override(self, parameters: Iterable[Parameter]) -> None:
        """Let these numbers stand before every other, for a scenario; empty takes them back."""
        self.overrides = tuple(parameters)
        self._bureaus.clear()

    def now(self, connection: Connection) -> datetime:
        """The clock of leases and sweeps: the database's, unless a test or scenario keeps its own."""
        return database.now(connection) if self.clock is utc_now else self.clock()

    def seal(self, kind: str, value: str) -> str:
        """The keyed digest under which a personal identifier stands in the ledger."""
        plain = f"{kind}\0{value.strip()}".encode()
        return f"sealed:{kind}:{hmac.digest(self.settings.key, plain, 'sha256').hex()[:40]}"


def start(settings: Settings, *, migrate: bool = True) -> Fashen:
    """Open the database of these settings, brought to the newest schema."""
    calendar = holidays.calendar(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if migrate:
        database.migrate(settings.url)
    return Fashen(settings, database.connect(settings.url), calendar)


def in_memory(settings: Settings, **parts: Any) -> Fashen:
    """A fresh program that leaves nothing behind, for scenarios and previews."""
    engine = database.connect("sqlite://")
    database.create(engine)
    return Fashen(settings, engine, **parts)
