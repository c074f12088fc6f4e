"""怎样最快办成 — of all the reasons why not, what to do first, and since when and until when it can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from policies import checklists
from policies.core import Finding, Report
from workflow.cures import cures
from workflow.preview import Choice
from workflow.queries import View
from workflow.web.pages.countdown import Countdown


@dataclass(frozen=True, slots=True)
class Way:
    """What to do first, which cures `finding`, and who does it.

    `cures` numbers the reasons that go with it, `latest` is 办案期限.
    """

    finding: Finding
    first: str
    by: str
    cures: str
    earliest: date | None
    waits: bool
    latest: Countdown | None


def fastest(report: Report, at: date, latest: Countdown | None) -> Way:
    """The cure that removes most reasons goes first; waiting is only a way when nothing else is left."""
    reasons = report.reasons
    cures: dict[str, list[int]] = {}
    for number, finding in enumerate(reasons, 1):
        cures.setdefault(_cure(finding), []).append(number)
    acts = [f for f in reasons if f.policy not in checklists.WINDOWS] or reasons
    first = max(acts, key=lambda f: len(cures[_cure(f)]))
    together = cures[_cure(first)]
    days = [d for f in reasons if (d := f.verdict.day) and d > at]
    return Way(
        finding=first,
        first=_cure(first),
        by=first.verdict.by or "承办人",
        cures="、".join(str(n) for n in together) if len(together) > 1 else "",
        earliest=max(days, default=None),
        waits=all(f.verdict.day for f in reasons),
        latest=latest,
    )


def _cure(finding: Finding) -> str:
    return finding.verdict.remedy or finding.policy.title


def curing(view: View | None, but: str = "") -> dict[str, Any]:
    """For the templates: the steps that cure a reason for whoever looks, and where each is taken."""
    choices = view.choices if view else ()
    case = view.row.id if view else ""

    def path(choice: Choice, finding: Finding) -> str:
        told = {"item": choice.item, "policy": finding.policy.id * (choice.move.verb == "judge")}
        query = urlencode({name: value for name, value in told.items() if value})
        return f"/cases/{case}/do/{choice.move.verb}{'?' * bool(query)}{query}"

    return {"cures": lambda finding: cures(finding, choices, but), "cure_path": path}
