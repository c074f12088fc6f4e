"""挂牌 — which yellow and red cards hang on a case today, by its running clocks and what was taken down."""

from __future__ import annotations

from datetime import date
from typing import Literal

from policies.calendar import Calendar
from policies.casefile import CaseFile
from policies.office import Office
from states.flow import kind_of
from states.terms import TERMS

Colour = Literal["yellow", "red"]


def hanging(case: CaseFile, office: Office, calendar: Calendar, today: date) -> dict[str, Colour]:
    """The running clocks on which a card hangs today, with its colour."""
    found: dict[str, Colour] = {}
    for name, clock in case.clocks.items():
        term = TERMS[kind_of(name)]
        stage = term.stage_on(today, clock.ends, clock.rolled, calendar, office.alerts)
        if stage in ("yellow", "red") and not case.taken_down(name, stage):
            found[name] = stage
    return found
