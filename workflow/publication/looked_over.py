"""审前核对 — what a search of everything that would go out finds: people in the text, faults of the record.

It opens the seals to look, and tells only what kind of thing stands where; no value leaves it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.casefile import CaseFile, PartyKind
from workflow.models import identifier
from workflow.program import Bureau
from workflow.publication import profile, record
from workflow.publication.disguised import Known, find

TEXTS = {"title": "案件名称", "facts": "违法事实", "reason": "公开说明的理由"}

SHORTEST_HOME = 6
"""Characters; a village alone is no home."""


def looked_over(
    tx: Connection, case: CaseFile, bureau: Bureau, wanted: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What identifies people in the texts, and what is wrong with the 双公示 record; each only where asked for."""
    choice = case.publication
    asked = {"identifying", "record"} & set(wanted)
    if not asked or choice is None or not choice.publish or case.decision is None:
        return (), ()
    out = record.outgoing(case, bureau.office, bureau.law)
    held = _sealed(tx, bureau.office.office, case)
    identifying: tuple[str, ...] = ()
    if "identifying" in asked:
        # Of a withdrawal only its reason goes out; what was shown before must not keep it from being taken down.
        reason = choice.withdrawn_because
        texts = {"reason": reason} if reason else out.texts
        identifying = _people_in(texts, case, held)
    faults: tuple[str, ...] = ()
    if "record" in asked:
        values = {digest: value for digest, (_, value) in held.items()}
        spec = profile.of(bureau.office.publication)
        faults = tuple(record.faults(record.opened(out, values), spec))
    return identifying, faults


def _people_in(
    texts: Mapping[str, str], case: CaseFile, held: Mapping[str, tuple[str, str]]
) -> tuple[str, ...]:
    """Everybody of the file by name, every number, and the home that the file has of a citizen.

    An organisation that is penalised is named to the public, and where it trades is no secret.
    """
    party = case.party.name if case.party else ""
    known = [
        Known(value, "当事人" if digest == party else "有关人员")
        for digest, (kind, value) in held.items()
        if kind == "name"
    ]
    citizen = case.party is not None and case.party.kind is PartyKind.CITIZEN
    homes = [value for kind, value in held.values() if kind == "address" and citizen]
    found = []
    for name, text in texts.items():
        for hit in find(text, known):
            found.append(f"{TEXTS[name]}里的{hit.kind}（第 {hit.start + 1} 字起）")
        if any(len(home) >= SHORTEST_HOME and _plain(home) in _plain(text) for home in homes):
            found.append(f"{TEXTS[name]}里的当事人住址（与案卷登记的一样）")
    return tuple(found)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _sealed(tx: Connection, office: str, case: CaseFile) -> dict[str, tuple[str, str]]:
    """Digest → kind and value of everything that the case keeps sealed."""
    wanted = sorted(record.sealed_in(case.model_dump(mode="json")))
    rows = tx.execute(
        sa.select(identifier.c.digest, identifier.c.kind, identifier.c.value).where(
            identifier.c.office_id == office, identifier.c.digest.in_(wanted)
        )
    )
    return {digest: (kind, value) for digest, kind, value in rows}
