"""公示审查表 — what stands in the file beside what goes out, for the second pair of eyes (政府信息公开条例 17).

`until` and the class are as the review would set them; the digest is what the reviewer signs for. No number
or address of a person is shown in full, here as elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from policies.calendar import Calendar
from policies.casefile import CaseFile, PartyKind
from policies.publication import period
from workflow.identifiers import masked, resolve
from workflow.program import Bureau
from workflow.publication import profile, record
from workflow.publication.looked_over import looked_over

KEPT_BACK = "不公开"

SHOWN_MASKED = ("identity_number",)
"""What goes to a platform in full and need not be read in full to be checked."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing: as the file has it, and as everybody will read it."""

    name: str
    inside: str
    outside: str

    @property
    def changed(self) -> bool:
        return self.inside != self.outside


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that a reviewer must see. `sent` is code, name and text of what the platforms get."""

    lines: tuple[Line, ...]
    sent: tuple[tuple[str, str, str], ...]
    interface: str
    platforms: tuple[str, ...]
    identifying: tuple[str, ...]
    faults: tuple[str, ...]
    until: date | None
    version: int
    digest: str


def sheet(
    tx: Connection, bureau: Bureau, case_id: str, case: CaseFile, calendar: Calendar
) -> Sheet:
    """The sheet of a case whose publication was chosen and whose decision stands."""
    choice, office = case.publication, bureau.office
    assert choice is not None
    assert case.decision is not None
    sealed = record.outgoing(case, office, bureau.law)
    values = resolve(tx, office.office, record.sealed_in(case.model_dump(mode="json")))
    out = record.opened(sealed, values)
    until = period(case, choice, bureau.law, calendar, "max")
    told = record.notice(
        out, choice.model_copy(update={"until": until}), record.key_of(case, office, case_id)
    )
    spec = profile.of(office.publication)
    written = record.fields(out, spec)
    identifying, faults = looked_over(tx, case, bureau, ("identifying", "record"))
    party, proposal = case.party, case.proposal
    person = party is None or party.kind is not PartyKind.ORGANISATION
    power = office.power(case.power)

    def _hidden(kind: str, sealed: str) -> str:
        return masked(kind, values.get(sealed, ""))

    kept = (("address", party.address), ("phone", party.phone)) if party else ()
    lines = (
        Line("当事人", out.values["party"], told.party),
        Line("证件或者代码", _hidden("number", party.number) if party else "",
             KEPT_BACK if person else told.party_code),
        Line("住址、电话", "、".join(_hidden(kind, v) for kind, v in kept if v), KEPT_BACK),
        Line("案件名称", power.title if power else "", told.title),
        Line("违法事实", proposal.facts if proposal else "", told.facts),
        Line("违反", "、".join(told.violated), "、".join(told.violated)),
        Line("依据", "、".join(told.basis), "、".join(told.basis)),
        Line("决定", told.content, told.content),
        Line("文号", told.number, told.number),
        Line("决定日期", f"{told.decided_on}", f"{told.decided_on}"),
        Line("机关", told.organ, told.organ),
    )  # fmt: skip
    return Sheet(
        lines=tuple(line for line in lines if line.inside or line.outside not in ("", KEPT_BACK)),
        sent=tuple(
            (
                f.code,
                f.name,
                masked("number", written[f.code]) if f.value in SHOWN_MASKED else written[f.code],
            )
            for f in spec.fields
        ),
        interface=spec.label + ("" if spec.confirmed else "，未确认"),
        platforms=office.publication.targets,
        identifying=identifying,
        faults=faults,
        until=until,
        version=choice.version,
        digest=sealed.digest,
    )
