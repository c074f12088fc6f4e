"""What a command finds on its desk, and the register of all commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from policies.calendar import Calendar
from policies.casefile import CaseFile
from policies.document import Thing
from policies.facts import counted
from policies.lawbook import LawBook
from policies.office import Office, Person
from policies.officers import Reviewer, reviewer_of
from workflow.change import Change
from workflow.delegations import Behalf, signed
from workflow.errors import FieldError, Malformed
from workflow.forms import Form
from workflow.record import Document

F = TypeVar("F", bound=Form)
T = TypeVar("T", bound=Thing)


@dataclass
class Desk:
    """One case under one person's hand at one moment; nothing here can write.

    `at` is when the step happened as stated, `entered` when it is typed in, `seq` the number that its
    ledger entry will have. `origin` is the case that a form names as the one it comes from, `starts` are
    the states from which a thing beside the case can make this move. `sealed` collects the identifiers
    that the command replaced by digests. `behalf` is for whom the actor does it, `delegated` asks which
    delegations run for the case.
    """

    case: CaseFile
    document: Document
    state: str
    actor: Person
    office: Office
    law: LawBook
    calendar: Calendar
    at: datetime
    entered: datetime
    seq: int
    verb: str
    seal_with: Callable[[str, str], str]
    irregular: bool = False
    starts: frozenset[str] = frozenset()
    origin: CaseFile | None = None
    behalf: Behalf | None = None
    delegated: Callable[[], tuple[tuple[str, str], ...]] = tuple
    sealed: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def as_of(self) -> date:
        return self.at.date()

    @property
    def on_behalf_of(self) -> Person | None:
        return self.behalf.principal if self.behalf else None

    @property
    def signature(self) -> str:
        """The actor's name as it stands under a document."""
        return signed(self.actor.name, self.behalf.principal.name if self.behalf else "")

    @property
    def reviewer(self) -> Reviewer:
        """Whose legal opinion this is, by the name under which it stands."""
        found = reviewer_of(self.actor, self.case.borrowed, self.on_behalf_of)
        return found if found.borrowed else replace(found, name=self.signature)

    def counted(self) -> frozenset[str]:
        """The actor and everybody who counts as the actor where duties are kept apart."""
        both = {self.actor.id, *([self.behalf.principal.id] if self.behalf else ())}
        acted = ((d.principal, d.by) for d in self.case.delegated)
        return counted(both, (*self.delegated(), *acted))

    def change(self) -> Change:
        return Change(self.document)

    def seal(self, kind: str, value: str) -> str:
        """The digest for the document; the value itself is kept beside it, outside the ledger."""
        if not value:
            return ""
        digest = self.seal_with(kind, value)
        self.sealed[digest] = (kind, value)
        return digest

    def refuse(self, name: str, message: str) -> Malformed:
        """A field that reads well but cannot be meant, for `raise desk.refuse(…)`."""
        return Malformed(self.verb, [FieldError(name, message)])

    def person(self, name: str, id: str) -> Person:
        """Somebody of this office, or a sentence that names who there is."""
        found = self.office.person(id)
        if found is None or found.id == "system":
            known = "、".join(f"{p.id}（{p.name}）" for p in self.office.people)
            raise self.refuse(name, f"本机关没有“{id}”这个人，只有：{known}")
        return found

    def pick(self, items: Sequence[T], id: str) -> tuple[int, T]:
        """A thing beside the case with its place in the list: by its id, or the only one there can be."""
        able = [n for n, x in enumerate(items) if (x.id == id if id else x.state in self.starts)]
        if len(able) == 1:
            return able[0], items[able[0]]
        known = "、".join(f"{x.id}（{x.told}）" for x in items) or "（无）"
        said = f"没有编号为“{id}”的" if id else "写明是哪一个" if able else "没有可以这样办的"
        raise self.refuse("item", f"{said}，只有：{known}")

    def people(self, name: str, ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.person(name, id).id for id in ids))


@dataclass(frozen=True, slots=True)
class Command:
    """A verb's form and the pure function that says what it writes."""

    verb: str
    form: type[Form]
    run: Callable[[Any, Desk], Change]


COMMANDS: dict[str, Command] = {}


def command(form: type[F]) -> Callable[[Callable[[F, Desk], Change]], Callable[[F, Desk], Change]]:
    """Register a function under its own name: verb, function, URL and ledger entry share one stem."""

    def register(run: Callable[[F, Desk], Change]) -> Callable[[F, Desk], Change]:
        verb = run.__name__
        if verb in COMMANDS:
            raise ValueError(f"command {verb!r} is defined twice")
        COMMANDS[verb] = Command(verb, form, run)
        return run

    return register
