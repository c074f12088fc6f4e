"""公示 — the record that leaves the office, and the adapter that carries it out.

Only fields named here can leave: the type is the allow-list. No free text goes out yet.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from policies.casefile import CaseFile, PartyKind, yuan_text
from policies.facts import canonical
from policies.lawbook import LawBook
from policies.office import Office
from workflow.failpoints import failpoint
from workflow.identifiers import masked


class PublicRecord(BaseModel):
    """What the public may read of one decision."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    number: str
    title: str
    party: str
    party_kind: str
    violated: tuple[str, ...]
    basis: tuple[str, ...]
    kinds: tuple[str, ...]
    fine_yuan: str
    decided_on: str
    organ: str
    organ_code: str


class Adapter(Protocol):
    """Carries a record to where the public reads it. Sending the same key again changes nothing."""

    def send(self, record: PublicRecord) -> str:
        """Publish and return the receipt."""


def public_record(
    case: CaseFile, office: Office, law: LawBook, *, case_id: str, party_name: str
) -> PublicRecord:
    """The public form of a decision; a citizen's name is masked to the surname (行政处罚法 50, 个保法 34).

    Its key is the decision's number; one that was issued without a number goes by its case.
    """
    decision, party, choice, proposal = case.decision, case.party, case.publication, case.proposal
    assert decision is not None
    assert choice is not None
    kind = party.kind if party else PartyKind.CITIZEN
    shown = masked("name", party_name) if kind is not PartyKind.ORGANISATION else party_name
    organ = office.signs_as(case.power)
    return PublicRecord(
        key=f"{office.office}-{decision.number or case_id}",
        number=decision.number,
        title=choice.title,
        party=shown,
        party_kind=kind.value,
        violated=tuple(
            law.words(c.statute, c.article, c.paragraph)
            for c in (proposal.violated if proposal else ())
        ),
        basis=tuple(
            law.words(c.statute, c.article, c.paragraph)
            for c in (proposal.basis if proposal else ())
        ),
        kinds=decision.kinds,
        fine_yuan=yuan_text(decision.fine),
        decided_on=decision.date.isoformat(),
        organ=organ,
        organ_code=office.uscc if organ == office.name else "",
    )


class DirectoryAdapter:
    """Writes one JSON file per decision into a folder that a web server or a courier picks up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, record: PublicRecord) -> str:
        """Write the file whole or not at all; a second time the same bytes change nothing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        body = canonical(record.model_dump(mode="json")).encode()
        name = hashlib.sha256(record.key.encode()).hexdigest()[:24]
        target = self.folder / f"{name}.json"
        if not (target.exists() and target.read_bytes() == body):
            for left in self.folder.glob(f"{name}.*.part"):
                left.unlink(missing_ok=True)  # of one who died over it
            fresh = target.with_suffix(f".{os.getpid()}.part")
            with fresh.open("wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            failpoint("publish.before_rename")
            fresh.replace(target)
            _sync(self.folder)
        return f"directory:{name}:{hashlib.sha256(body).hexdigest()[:16]}"


def _sync(folder: Path) -> None:
    """Make the new name durable too, not only the bytes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
