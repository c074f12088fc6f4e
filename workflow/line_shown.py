"""案件行的样子 — one row of the workbench as it is shown: what is kept of the case, and what the day makes of it.

The row itself is made by workflow/lines.py in the step's transaction; no case is opened here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from policies.calendar import Calendar
from policies.casefile import CaseFile, Clock
from policies.office import Office
from states.case import CURRENT
from states.where import CaseState
from workflow.next_step import WORDS, holder, named
from workflow.order import label
from workflow.queries import Deadline, deadline
from workflow.reach import Reach
from workflow.times import beijing

FLOWS = {"ordinary": "普通程序", "summary": "简易程序"}

_STATES = {state.value: state for state in CaseState}
_BLANK = CaseFile()


@dataclass(frozen=True, slots=True)
class Also:
    """One thing that waits besides the next step; `yours` when it waits for whoever looks."""

    verb: str
    words: str
    item: str
    about: str
    holder: str
    yours: bool

    def as_dict(self) -> dict[str, Any]:
        return {
            "verb": self.verb, "label": self.words, "item": self.item, "about": self.about,
            "holder": self.holder, "yours": self.yours,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One case as the workbench shows it. `did` is the person's own last step, where they took one."""

    id: str
    number: str
    party: str
    citizen: bool
    title: str
    flow: str
    state: CaseState
    version: int
    opened_at: datetime
    moved_at: datetime
    irregular: bool
    officers: tuple[str, ...]
    next: str
    next_words: str
    holder: str
    lacking: tuple[str, ...]
    review: str
    publication: str
    due_on: date | None
    publish_by: date | None
    deadlines: tuple[Deadline, ...]
    about: Mapping[str, str]
    supervisions: tuple[Mapping[str, str], ...]
    also: tuple[Also, ...] = ()
    did: str = ""
    did_at: datetime | None = None

    @property
    def procedure(self) -> str:
        return FLOWS[self.flow]

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "number": self.number,
            "party": self.party,
            "title": self.title,
            "state": self.state.value,
            "state_label": self.state.label,
            "phase": self.state.phase.value,
            "procedure": self.procedure,
            "version": self.version,
            "irregular": self.irregular,
            "deadlines": {d.clock: d.ends.isoformat() for d in self.deadlines},
            "next": self.next,
            "next_label": self.next_words,
            "holder": self.holder,
            "also": [one.as_dict() for one in self.also],
            "missing": list(self.lacking),
            "review": self.review,
            "publication": self.publication,
            "due_on": self.due_on.isoformat() if self.due_on else None,
        }


Besides = Mapping[tuple[str, str], Sequence[str]]
"""Verb and item of what waits besides the next step → for whom."""


def line_shown(
    row: Mapping[str, Any],
    office: Office,
    calendar: Calendar,
    today: date,
    besides: Besides = MappingProxyType({}),
    reach: Sequence[Reach] = (),
) -> Line:
    """The row as somebody of this office who answers to `reach` sees it on this day, in Beijing."""
    shown = json.loads(row["shown"])
    move = CURRENT[row["flow"]].verbs.get(row["next_verb"])
    return Line(
        id=row["case_id"],
        number=row["number"],
        party=row["party"] or "（当事人未登记）",
        citizen=shown["citizen"],
        title=row["title"],
        flow=row["flow"],
        state=_STATES[row["state"]],
        version=shown["version"],
        opened_at=beijing(row["opened_at"]),
        moved_at=beijing(row["moved_at"]),
        irregular=shown["irregular"],
        officers=tuple(p.name for i in shown["officers"] if (p := office.person(i))),
        next=row["next_verb"],
        next_words=WORDS.get(move.verb, move.label) if move else "无",
        holder=holder(move, shown["officers"], shown["chair"], office) if move else "",
        lacking=tuple(shown["lacking"]),
        review=row["review"],
        publication=row["publication"],
        due_on=row["due_on"],
        publish_by=row["publish_by"],
        deadlines=tuple(sorted(_deadlines(shown, office, calendar, today), key=lambda d: d.ends)),
        about=shown["about"],
        supervisions=tuple(s for s in shown["supervisions"] if not s["answered_on"]),
        also=_also(row, shown, office, besides, reach),
        did=label(row["did"]) if row.get("did") else "",
        did_at=beijing(row["did_at"]) if row.get("did_at") else None,
    )


def _also(
    row: Mapping[str, Any],
    shown: Mapping[str, Any],
    office: Office,
    besides: Besides,
    reach: Sequence[Reach],
) -> tuple[Also, ...]:
    """What waits besides, that first which waits for whoever looks."""
    found = []
    for (verb, item), wanted in besides.items():
        move = CURRENT[row["flow"]].verbs[verb]
        found.append(
            Also(
                verb=verb,
                words=WORDS.get(verb, move.label),
                item=item,
                about=shown["items"].get(item, ""),
                holder=named(wanted, office) or holder(move, shown["officers"], "", office),
                yours=any(one.meets(verb, wanted, row["case_id"]) for one in reach),
            )
        )
    return tuple(sorted(found, key=lambda also: (not also.yours, also.words, also.item)))


def _deadlines(
    shown: Mapping[str, Any], office: Office, calendar: Calendar, today: date
) -> list[Deadline]:
    found = []
    for name, told in shown["clocks"].items():
        clock = Clock.model_validate(told)
        one = deadline(name, clock, _BLANK, calendar, office.alerts, today)
        down = [name, one.stage] in shown["down"]
        found.append(replace(one, stage="") if down else one)
    return found
