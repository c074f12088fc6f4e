"""What somebody wants done, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from policies.core import Report
from policies.facts import canonical, digest
from states.case import FLOWS
from workflow.forms import check_text

LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Order:
    """One verb by one person. `at` is when it happened as stated; empty means now.

    `version` is the number of the step that the person saw last, `key` makes a repetition harmless,
    `excuses` answer warnings by policy id, `irregular` is the account of an act against the rules.
    `on_behalf_of` is the 委托人; empty, the only one there is is found where the actor alone may not.
    """

    office: str
    actor: str
    verb: str
    form: Mapping[str, Any] = field(default_factory=dict)
    case: str | None = None
    version: int | None = None
    at: datetime | None = None
    key: str = ""
    excuses: Mapping[str, str] = field(default_factory=dict)
    irregular: str = ""
    on_behalf_of: str = ""
    dry_run: bool = False

    def unreadable(self) -> tuple[str, str] | None:
        """The first part that cannot be stored or shown, and why; None when all can."""
        parts = {
            "verb": self.verb, "by": self.actor, "case": self.case or "", "key": self.key,
            "irregular": self.irregular, "excuse": self.excuses, "on_behalf_of": self.on_behalf_of,
            "form": self.form,
        }  # fmt: skip
        for name, value in parts.items():
            try:
                check_text(value, "" if name == "form" else name)
            except ValueError as wrong:
                return ("" if name == "form" else name), str(wrong)
        if len(self.key) > LONGEST_KEY:
            return "key", f"最多 {LONGEST_KEY} 个字符，请缩短"
        return None

    def request_digest(self) -> str:
        """What a repeated key is compared by."""
        return digest(
            [
                self.case,
                self.verb,
                json.loads(json.dumps(self.form, default=str)),
                self.at.isoformat() if self.at else None,
                dict(self.excuses),
                self.irregular,
                *([self.on_behalf_of] if self.on_behalf_of else []),
            ]
        )


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an order. `repeated`: it had been done before under the same key.

    `on_behalf_of` is for whom it was done, also where nobody had named him.
    """

    case: str
    version: int
    verb: str
    before: str
    after: str
    made: str = ""
    report: Report = field(default_factory=Report)
    opened: Mapping[str, Any] = field(default_factory=dict)
    closed: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    repeated: bool = False
    dry_run: bool = False
    told: Mapping[str, Any] | None = None
    on_behalf_of: str = ""

    @property
    def findings(self) -> list[dict[str, Any]]:
        """Every finding, as programs read it."""
        if self.told is not None:
            return list(self.told["findings"])
        return [f.as_dict() for f in self.report.findings]

    def as_dict(self) -> dict[str, Any]:
        """The outcome as JSON; also what is kept under an idempotency key."""
        return {
            "case": self.case,
            "version": self.version,
            "verb": self.verb,
            "before": self.before,
            "after": self.after,
            "made": self.made,
            "findings": self.findings,
            "opened": dict(self.opened),
            "closed": list(self.closed),
            "messages": list(self.messages),
            "repeated": self.repeated,
            "dry_run": self.dry_run,
            **({"on_behalf_of": self.on_behalf_of} if self.on_behalf_of else {}),
        }

    def kept(self) -> str:
        return canonical(self.as_dict())

    @classmethod
    def again(cls, kept: str) -> Done:
        """The outcome of an order that had been carried out before."""
        told = json.loads(kept)
        names = ("case", "version", "verb", "before", "after", "made", "opened")
        return cls(
            **{name: told[name] for name in names},
            closed=tuple(told["closed"]),
            messages=tuple(told["messages"]),
            repeated=True,
            told=told,
            on_behalf_of=told.get("on_behalf_of", ""),
        )


def label(verb: str) -> str:
    """The Chinese name of a verb, or the verb itself."""
    for flow in FLOWS.values():
        if move := flow.verbs.get(verb):
            return move.label
    return verb
