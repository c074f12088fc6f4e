"""期限重算 — what a notice of holidays makes of the clocks that run."""

from __future__ import annotations

from policies.casefile import Clock
from policies.pauses import recounted
from states.flow import kind_of
from states.terms import TERMS
from workflow.change import Change
from workflow.commands.intake import Nothing
from workflow.desk import Desk, command


@command(Nothing)
def recount_clocks(form: Nothing, desk: Desk) -> Change:
    """Count every running clock anew by the calendar in use; taken by the sweep when a notice is loaded.

    Start and span stay what they were (民事诉讼法 85, 行政处罚法 85). The entry says which dates moved.
    """
    change, moved = desk.change(), []
    for name, clock in desk.case.clocks.items():
        term = TERMS[kind_of(name)]
        anew = recounted(clock, desk.calendar, rolls=term.rolls)
        if anew is None:
            continue
        change.recount(name, anew)
        if (anew.ends, anew.provisional) != (clock.ends, clock.provisional):
            moved.append(f"“{term.label}”由 {_told(clock)} 改为 {_told(anew)}")
    if not change.recounted:
        raise desk.refuse("", "各项期限都已按现行的放假安排计算，没有可以重算的")
    said = "；".join(moved) or "各项期限届满的日期没有变"
    return change.say(f"按新的放假安排（{desk.calendar.version}）重算：{said}。")


def _told(clock: Clock) -> str:
    return f"{clock.ends}{'（暂定）' * clock.provisional}"
