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
        stages = TERMS[kind_of(name)].stages(clock.ends, clock.rolled, calendar, office.alerts)
        reached = [stage for stage, day in stages if day <= today]
        if reached and reached[-1] in ("yellow", "red") and not case.taken_down(name, reached[-1]):
            found[name] = reached[-1]
    return found
