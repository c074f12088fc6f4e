"""日历订阅 — the clocks in one person's hand as a calendar that other programs follow (RFC 5545).

It leaves the office, so of a case it says the number and what runs out, and of people nothing.
"""

from __future__ import annotations

from datetime import UTC, timedelta

from icalendar import Calendar, Event, vUri

from policies.office import Person
from workflow import __version__, upcoming
from workflow.database import reading
from workflow.order import label
from workflow.program import Fashen
from workflow.upcoming import Running

LOOK_AGAIN = timedelta(hours=1)
"""How often a calendar program is asked to come back."""


def address(fashen: Fashen, token: str) -> str:
    """Where a calendar program finds the calendar behind this token."""
    return f"{_site(fashen)}/calendar/{token}.ics"


def calendar(fashen: Fashen, office: str, person: Person) -> bytes:
    """An all-day event on the last day of every clock that this person has in hand; no alarms.

    An event keeps its UID as long as its clock runs, also when its last day moves.
    """
    with reading(fashen.engine) as tx:
        home = fashen.bureau(tx, office).office
    made = Calendar()
    made.add("prodid", f"-//Fashen//{__version__}//ZH")
    made.add("version", "2.0")
    made.add("name", f"法审期限 {home.team or home.name}")
    made.add("x-wr-calname", f"法审期限 {home.team or home.name}")
    made.add("refresh-interval", LOOK_AGAIN, {"value": "DURATION"})
    for running in upcoming.running(fashen, office, person=person):
        made.add_component(_event(fashen, running))
    told: bytes = made.to_ical()
    return told


def _event(fashen: Fashen, running: Running) -> Event:
    clock, changed = running.deadline, running.moved_at.astimezone(UTC)
    name = running.number or f"线索 {running.name}"
    made = Event()
    made.add("uid", f"{running.case_id}/{clock.clock}/{running.round}@{running.office}.fashen")
    made.add("dtstamp", changed)
    made.add("last-modified", changed)
    made.add("dtstart", clock.ends)
    made.add("dtend", clock.ends + timedelta(days=1))
    made.add("summary", f"届满：{running.what} {name}{'（暂定）' if clock.provisional else ''}")
    made.add("description", "\n".join(_said(running)))
    made.add("url", vUri(f"{_site(fashen)}/cases/{running.case_id}"))
    made.add("status", "TENTATIVE" if clock.provisional else "CONFIRMED")
    made.add("class", "PRIVATE")
    made.add("transp", "TRANSPARENT")
    return made


def _said(running: Running) -> list[str]:
    """What is to be done, what happens on the day after, and how sure the day is."""
    clock, term = running.deadline, running.term
    if term.on_lapse:
        said = ["当事人可以行使权利的期间，届满以前等候。"]
    else:
        first, *others = term.stops_at
        red = term.over(clock.ends, clock.rolled)
        said = [f"要办：{label(first)}{'等' if others else ''}。", f"没有办的，{red} 起红牌。"]
    if clock.provisional:
        said.append("暂定：放假安排尚未公布，公布后可能变动。")
    return said


def _site(fashen: Fashen) -> str:
    return fashen.settings.public_url.rstrip("/")
