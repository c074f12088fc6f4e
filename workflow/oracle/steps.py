"""Each entry of a ledger: a row of its flow's table, by somebody who may, with its marks, sealed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from policies.casefile import CaseFile, PartyKind
from policies.office import Person
from states.case import FLOWS
from states.flow import NOWHERE, Move
from workflow.program import Bureau
from workflow.record import Entry, apply
from workflow.work import TOLERANCE


@dataclass(frozen=True, slots=True)
class Taken:
    """One step as the ledger tells it, with the case before and after."""

    name: str
    case_id: str
    seq: int
    body: dict[str, Any]
    move: Move | None
    was: CaseFile
    case: CaseFile

    @property
    def verb(self) -> str:
        return str(self.body["verb"])

    def name_of(self, id: str) -> str:
        return next(
            str(p["name"]) for p in (self.body["by"], self.body.get("for", {})) if p["id"] == id
        )

    @property
    def irregular(self) -> bool:
        return bool(self.body.get("irregular"))

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.body["at"])


def taken(case_id: str, entries: Sequence[Entry]) -> Iterator[Taken]:
    """Replay a case step by step."""
    document: dict[str, Any] = {}
    was, flow_name = CaseFile(), ""
    for entry in entries:
        body = json.loads(entry.body)
        verb = body["verb"]
        flow = FLOWS[flow_name or body["flow"]]
        move = flow.opening(verb) if entry.seq == 1 else flow.move(body["from"], verb)
        document = apply(document, body["change"])
        case = CaseFile.model_validate(document)
        name = f"{case_id} 第 {entry.seq} 步（{verb}）"
        yield Taken(name, case_id, entry.seq, body, move, was, case)
        was, flow_name = case, body["flow"]


def check(
    step: Taken, bureaus: Sequence[Bureau], above: Mapping[str, Sequence[Person]] = {}
) -> Iterator[str]:
    """`above` are the inspectors of the offices above, by the name under which they act here."""
    yield from _table(step)
    yield from _beside(step)
    yield from _report(step)
    yield from _by(step, bureaus, above)
    yield from _marks(step, bureaus)
    yield from _sealed(step)


def _table(step: Taken) -> Iterator[str]:
    body, move = step.body, step.move
    if move is None:
        yield f"{step.name}：流程表没有从“{body['from']}”出发的这一步。"
    elif body["to"] != (move.dest.value if move.dest else body["from"]):
        yield f"{step.name}：到了“{body['to']}”，流程表说是另一个环节。"
    elif move.irregular == "must" and not step.irregular:
        yield f"{step.name}：只能作为不合规情况登记，却登记成合规的。"


def _beside(step: Taken) -> Iterator[str]:
    """What the step did to a thing beside the case is a row of that thing's own table."""
    side = FLOWS[step.body["flow"]].beside.get(step.move.beside) if step.move else None
    if side is None:
        return
    item, row = step.body["item"], side.verbs[step.verb]
    allowed = {NOWHERE} if row.opens else {s.value for s in row.sources}
    if item["from"] not in allowed or item["to"] != (row.dest or item["from"]):
        yield f"{step.name}：{item['id']} 从“{item['from']}”到“{item['to']}”，流程表没有这一步。"
    things = getattr(step.case, side.items)
    if item["to"] != next((t.state for t in things if t.id == item["id"]), None):
        yield f"{step.name}：{item['id']} 在案卷里不是“{item['to']}”。"


def _report(step: Taken) -> Iterator[str]:
    """Nothing was done over a block, nor over a warning without its reason."""
    findings = step.body.get("findings", {})
    if findings.get("failed") and not step.irregular:
        yield f"{step.name}：有不能越过的理由，却办理了。"
    if any(not w["excuse"] for w in findings.get("warned", ())) and not step.irregular:
        yield f"{step.name}：有警示没有写明理由，却办理了。"


def _by(
    step: Taken, bureaus: Sequence[Bureau], above: Mapping[str, Sequence[Person]]
) -> Iterator[str]:
    """Somebody who may by the office's file, in some version, took it or had it taken; not before it happened."""
    by = step.body.get("for", step.body["by"])["id"]
    known = [p for b in bureaus if (p := b.office.person(by))] + list(above.get(by, ()))
    if step.move is not None and not any(step.move.who.allows(p, step.was) for p in known):
        yield f"{step.name}：{step.name_of(by)}按机关文件的任何一版都不能办。"
    if step.at > datetime.fromisoformat(step.body["entered"]) + TOLERANCE:
        yield f"{step.name}：写的是 {step.body['at']}，录入时还没有到。"


def _marks(step: Taken, bureaus: Sequence[Bureau]) -> Iterator[str]:
    """What was done against the rules is marked, told to the supervisor, and never made to look regular."""
    before, after = step.was.irregularities, step.case.irregularities
    if after[: len(before)] != before:
        yield f"{step.name}：从前的不合规标记被改动或者去掉了。"
    marked = [m.seq for m in after[len(before) :]]
    if step.irregular and marked != [step.seq]:
        yield f"{step.name}：不合规的登记没有标记。"
    if not step.irregular and marked:
        yield f"{step.name}：有不合规的标记，却不是不合规的登记。"
    decision, earlier = step.case.decision, step.was.decision
    owed = earlier.irregular if earlier else step.irregular
    if decision and decision.irregular != owed:
        yield f"{step.name}：决定上的不合规标记与这一步不符。"
    told = f"tell:{step.case_id}:{step.seq}:irregular:"
    if (
        step.irregular
        and all(b.office.with_role("inspector") for b in bureaus)
        and not any(m.startswith(told) for m in step.body.get("messages", ()))
    ):
        yield f"{step.name}：不合规的登记没有告诉监督员。"


def _sealed(step: Taken) -> Iterator[str]:
    """No personal identifier enters the ledger in the clear."""
    party = step.case.party if step.case.party != step.was.party else None
    values = [s.receiver for s in step.case.services if s not in step.was.services]
    if party:
        values += [party.number, party.address, party.phone]
        values += [party.name] if party.kind is PartyKind.CITIZEN else []
    if any(v and not v.startswith("sealed:") for v in values):
        yield f"{step.name}：大事记里有未加密的身份信息。"
