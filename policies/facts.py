"""Everything a policy may know about one step, and the digests that tie a review to what it passed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from policies.calendar import Calendar
from policies.casefile import CaseFile, PartyKind, Proposal
from policies.lawbook import LawBook
from policies.office import Office, Person, PowerItem

NAMED = 20
"""So many other cases a reason names; that there are more is said with 等."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Facts outside this case that the command gathered because a checklist needs them.

    `same_number` are cases that already bear the number now used; `same_act` are cases of the same
    party for the same act, newest first and no more than one beyond `NAMED`; `publishing`: the record of
    this case has been handed to a platform. `identifying` is what a search of the text that goes out found
    of people, `record` what is wrong with the 双公示 record; both in words and without the value.
    `delegated` are the delegations that run for this case at this moment, each as 委托人 and 受托人.
    """

    same_number: tuple[str, ...] = ()
    same_act: tuple[str, ...] = ()
    publishing: bool = False
    identifying: tuple[str, ...] = ()
    record: tuple[str, ...] = ()
    delegated: tuple[tuple[str, str], ...] = ()


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
    `on_behalf_of` is the 委托人 for whom the actor does it.
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
    on_behalf_of: Person | None = None

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

    def counted_with(self, id: str) -> frozenset[str]:
        """Everybody who counts as this person where duties are kept apart.

        委托人 and 受托人 are one while the delegation runs for this case, and for good in a case in
        which one has acted for the other. It goes from one to the other and no further.
        """
        both = {id}
        if self.on_behalf_of is not None and id == self.actor.id:
            both.add(self.on_behalf_of.id)
        acted = ((d.principal, d.by) for d in self.case.delegated)
        return counted(both, (*self.elsewhere.delegated, *acted))

    def counting(self, id: str, among: Collection[str]) -> str:
        """Which of these this person is or counts as, himself first; empty where none."""
        found = [other for other in self.counted_with(id) if other in among]
        return id if id in found else min(found, default="")

    def as_one(self, id: str, other: str) -> str:
        """Why one is judged by what the other did, as the beginning of a sentence; empty for oneself."""
        if id == other:
            return ""
        return f"{self.name(id)}与{self.name(other)}有委托关系，按一人计；"

    def name(self, id: str) -> str:
        person = self.office.person(id)
        return person.name if person else id

    @property
    def handlers(self) -> str:
        """The officers of the case by name, for "who can cure it"."""
        names = [p.name for i in self.case.officers if (p := self.office.person(i))]
        return "、".join(names) or "承办人"

    def who(self, *roles: str) -> str:
        """The people who hold one of these roles, by name."""
        return "、".join(p.name for p in self.office.with_role(*roles)) or "（机关未配备）"


def counted(both: Collection[str], pairs: Iterable[tuple[str, str]]) -> frozenset[str]:
    """These people and whoever stands in a pair with one of them."""
    partners = (other for pair in pairs if not {*pair}.isdisjoint(both) for other in pair)
    return frozenset((*both, *partners))


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
