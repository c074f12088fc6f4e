"""Everything a policy may know about one step, and the digests that tie a review to what it passed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from policies.calendar import Calendar
from policies.casefile import CaseFile, PartyKind, Proposal
from policies.lawbook import LawBook
from policies.office import Office, Person, PowerItem


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Facts outside this case that the command gathered because a checklist needs them.

    `same_number` are cases that already bear the number now used; `same_act` are cases of the same
    party for the same act; `publishing`: the record of this case has been handed to a platform.
    `identifying` is what a search of the text that goes out found of people, `record` what is wrong with
    the 双公示 record; both in words and without the value.
    """

    same_number: tuple[str, ...] = ()
    same_act: tuple[str, ...] = ()
    publishing: bool = False
    identifying: tuple[str, ...] = ()
    record: tuple[str, ...] = ()


def limits_of(kind: PartyKind | None, law: LawBook, day: date) -> Literal["citizen", "org"]:
    """Whose limits hold for this kind of party; `Facts.limits_of` says why."""
    if kind is None or kind is PartyKind.CITIZEN:
        return "citizen"
    if kind is PartyKind.ORGANISATION:
        return "org"
    own = law.on(day).find("individual_business.as_citizen")
    return "citizen" if own is None or own.value else "org"


@dataclass(frozen=True, slots=True)
class Facts:
    """One step of one case, seen by the law.

    `case` is the document as the step would leave it (in a preview without a form: as it is), `was`
    as it stands before. `as_of` is the Beijing date on which the step happened as stated; `entered`
    when it is typed in. `present` are the officers who took part face to face. `irregular`: the act
    happened against the rules and is recorded as what it is; what fails is written down.
    `item` is the id of the thing beside the case that the step is about (a measure, a remedy …), and
    `item_was` its state before.
    """

    case: CaseFile
    was: CaseFile
    state: str
    at: datetime
    entered: datetime
    actor: Person
    office: Office
    calendar: Calendar
    has_form: bool = True
    present: Sequence[str] = ()
    face_to_face: bool = False
    elsewhere: Elsewhere = Elsewhere()
    excuses: dict[str, str] = field(default_factory=dict)
    irregular: bool = False
    item: str = ""
    item_was: str = ""

    @property
    def as_of(self) -> date:
        return self.at.date()

    @property
    def power(self) -> PowerItem | None:
        return self.office.power(self.case.power)

    @property
    def fine(self) -> Decimal:
        """The fine that is decided, else the one that is proposed."""
        if self.case.decision:
            return self.case.decision.fine
        return self.case.proposal.fine if self.case.proposal else Decimal(0)

    def limits_of(self, law: LawBook) -> Literal["citizen", "org"]:
        """Whose limits and thresholds hold for the party.

        An individual business has a citizen's, unless the office's file says otherwise (unconfirmed:
        no article decides it). Before a party is named the lower ones hold.
        """
        party = self.case.party
        return limits_of(party.kind if party else None, law, self.as_of)

    @property
    def newly_served(self) -> date | None:
        """The day of the service that this step puts on file."""
        fresh = self.case.services[len(self.was.services) :]
        return fresh[-1].served_on if fresh else None

    @property
    def handlers(self) -> str:
        """The officers of the case by name, for "who can cure it"."""
        names = [p.name for i in self.case.officers if (p := self.office.person(i))]
        return "、".join(names) or "承办人"

    def who(self, *roles: str) -> str:
        """The people who hold one of these roles, by name."""
        return "、".join(p.name for p in self.office.with_role(*roles)) or "（机关未配备）"


def canonical(value: Any) -> str:
    """JSON in the one form that is hashed: RFC 8785 for documents without floats."""
    return _CANONICAL.encode(value)


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: Any) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def grounds_digest(proposal: Proposal) -> str:
    """What 行政处罚法 44 wants the party told, except the fine: facts, articles, kinds, confiscation."""
    told = proposal.model_dump(
        mode="json", include={"facts", "violated", "basis", "kinds", "confiscation"}
    )
    return digest(told)


def proposal_digest(case: CaseFile) -> str:
    """What a legal review passes, except the amount: facts, evidence, articles, kinds, confiscation.

    A receipt, a payment, the party's own papers or a corrected clerical error are not in it.
    """
    proposal = case.proposal
    if proposal is None:
        return ""
    reviewed = proposal.model_dump(
        mode="json",
        include={"facts", "elements", "violated", "basis", "kinds", "confiscation"},
    )
    reviewed["evidence"] = [
        [e.id, e.kind.value, e.name, e.proves, e.digest] for e in case.relied_on()
    ]
    return digest(reviewed)
