"""一步 — the only way a case changes: one order in, one transaction, one ledger entry out.

Load, ask, judge, write. A refused order changes nothing and is recorded afterwards in a transaction of
its own. The path is lean: plain statements, no object mapper (docs/decisions/0003).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from policies.casefile import CaseFile, Clock, Irregularity
from policies.core import Doubt, Finding, Level, Outcome, Report
from policies.facts import Elsewhere, Facts, canonical, digest
from policies.office import Person
from states.case import CURRENT, FLOWS
from states.flow import Flow, Move, NotFromHere, Step
from workflow import errors, models
from workflow.change import Change
from workflow.database import insert_new
from workflow.desk import COMMANDS, Desk
from workflow.failpoints import failpoint
from workflow.follow_ups import Message, follow_ups
from workflow.forms import parse
from workflow.program import Bureau, Fashen
from workflow.record import GENESIS, Document, seal_entry
from workflow.times import beijing, midnight, stamp

TOLERANCE = timedelta(minutes=5)
"""How far a stated time may lie ahead of the program's clock: two clocks never agree exactly."""


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants done. `at` is when it happened as stated; empty means now."""

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
    dry_run: bool = False

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
            ]
        )


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it."""

    case: str
    version: int
    verb: str
    before: str
    after: str
    made: str = ""
    findings: tuple[dict[str, Any], ...] = ()
    opened: dict[str, Any] = field(default_factory=dict)
    closed: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    repeated: bool = False
    dry_run: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


# Statements of the hot path, built once: SQLAlchemy then compiles each of them once.
_C, _D = models.cases.c, models.deadline.c
_LOCK = (
    sa.select(
        _C.id, _C.ordinal, _C.flow, _C.state, _C.version, _C.head, _C.doc, _C.party_name,
        models.office.c.version.label("office_version"),
    )
    .join(models.office, models.office.c.id == _C.office_id)
    .where(_C.id == sa.bindparam("id"), _C.office_id == sa.bindparam("office"))
)  # fmt: skip
_LOCK_ROW = _LOCK.with_for_update(of=models.cases)
_MOVE = (
    models.cases.update()
    .where(_C.id == sa.bindparam("case"), _C.version == sa.bindparam("was"))
    .values(
        {
            name: sa.bindparam(name)
            for name in (
                "flow", "state", "version", "head", "doc", "title", "number", "party_name",
                "party_key", "power", "act_on", "moved_at",
            )
        }
    )
)  # fmt: skip
_OPEN_CASE = models.cases.insert()
_APPEND = models.ledger.insert()
_OPEN = models.deadline.insert()
_CLOSE = (
    models.deadline.update()
    .where(
        _D.case_id == sa.bindparam("case"),
        _D.clock == sa.bindparam("which"),
        _D.state == "open",
    )
    .values(state=sa.bindparam("how"), closed_seq=sa.bindparam("seq"), wake_at=None)
)
_KEY = sa.select(models.command_key).where(
    models.command_key.c.office_id == sa.bindparam("office"),
    models.command_key.c.person_id == sa.bindparam("person"),
    models.command_key.c.key == sa.bindparam("key"),
)


def perform(fashen: Fashen, order: Order) -> Done:
    """Carry out one order, wholly or not at all.

    Raises `Malformed`, `NotFound`, `ChangedMeanwhile`, or a `Refused`, which is then on record.
    """
    entered = fashen.clock()
    for last in (False, False, True):
        try:
            return _once(fashen, order, entered)
        except IntegrityError:
            # Two orders wanted the same unique thing (a key, a number): the second looks again.
            if last:
                raise
        except errors.Refused as refused:
            if not order.dry_run:
                _record_refusal(fashen, order, entered, refused)
            raise
    raise AssertionError("the loop above returns or raises")


class _Undone(Exception):
    """Leaves the transaction of a dry run with its result."""

    def __init__(self, done: Done) -> None:
        self.done = done


def _once(fashen: Fashen, order: Order, entered: datetime) -> Done:
    try:
        with fashen.engine.begin() as tx:
            done = _Stage(fashen, order, entered, tx).run()
            if order.dry_run:
                raise _Undone(done)
            failpoint("move.before_commit")
    except _Undone as undone:
        return replace(undone.done, dry_run=True)
    failpoint("move.after_commit")
    return done


class _Stage:
    """One order inside its transaction."""

    def __init__(self, fashen: Fashen, order: Order, entered: datetime, tx: Connection) -> None:
        self.fashen = fashen
        self.order = order
        self.entered = beijing(entered)
        self.at = beijing(order.at) if order.at else self.entered
        self.tx = tx

    def run(self) -> Done:
        order = self.order
        if order.key and (done := self._repeated()):
            return done
        row = self._lock() if order.case else None
        bureau = self.fashen.bureau(self.tx, order.office, row.office_version if row else None)
        actor = bureau.office.person(order.actor)
        if actor is None:
            raise errors.NotFound(f"{bureau.office.name}没有“{order.actor}”这个人。")
        flow, move, state = self._move(row)
        before: Document = json.loads(row.doc) if row else {}
        was = CaseFile.model_validate(before)
        self._permit(move, actor, was, bureau)
        desk = self._desk(bureau, actor, before, was, state, row.version + 1 if row else 1)
        change = self._change(desk)
        case = CaseFile.model_validate(change.document)
        facts = self._facts(bureau, actor, was, case, state, change)
        step = self._take(flow, move, state, facts, bureau)
        self._write_clocks(change, step)
        if facts.irregular:
            self._mark_irregular(change, step, desk.seq)
        return self._write(row, flow, step, change, desk, bureau, facts)

    # — before judging ————————————————————————————————————————————————————————————————

    def _repeated(self) -> Done | None:
        order = self.order
        found = self.tx.execute(
            _KEY, {"office": order.office, "person": order.actor, "key": order.key}
        ).first()
        if found is None:
            return None
        if found.request != order.request_digest():
            raise errors.KeyReused(
                order.verb,
                [errors.FieldError("key", f"编号“{order.key}”已用于另一份内容，请换一个编号")],
            )
        told = json.loads(found.outcome)
        return Done(**{**told, "findings": tuple(told["findings"]), "repeated": True})

    def _lock(self) -> Any:
        order = self.order
        locked = _LOCK_ROW if self.tx.dialect.name == "postgresql" else _LOCK
        row: Any = self.tx.execute(locked, {"id": order.case, "office": order.office}).first()
        if row is None:
            raise errors.NotFound(f"没有编号为“{order.case}”的案件。")
        if order.version is not None and row.version != order.version:
            raise self._stale(row.version)
        return row

    def _stale(self, version: int) -> errors.ChangedMeanwhile:
        seen = self.order.version or 0
        rows = self.tx.execute(
            sa.select(models.ledger.c.body)
            .where(models.ledger.c.case_id == self.order.case, models.ledger.c.seq > seen)
            .order_by(models.ledger.c.seq)
            .limit(20)
        )
        since = [_glance(json.loads(body)) for (body,) in rows]
        told = "；".join(
            f"{s['by']}于 {s['entered'][:16].replace('T', ' ')} 办理了“{s['label']}”" for s in since
        )
        text = f"您看到的是第 {seen} 步，案件现在是第 {version} 步，没有办理。"
        if told:
            text += f"其间：{told}。"
        return errors.ChangedMeanwhile(f"{text}请刷新后再办。", version, since)

    def _move(self, row: Any) -> tuple[Flow, Move, str]:
        verb = self.order.verb
        if verb not in COMMANDS:
            raise self._unknown_verb()
        if row is None:
            for flow in CURRENT.values():
                if move := flow.opening(verb):
                    return flow, move, NOWHERE
            opening = [m.verb for f in CURRENT.values() for m in f.moves if m.opens]
            raise errors.NotFromHere(
                f"“{label(verb)}”要在一件案件上办理；新开案件用：{'、'.join(opening)}。", opening
            )
        flow = FLOWS[row.flow]
        found = flow.move(row.state, verb)
        if found is None:
            here = flow.state(row.state)
            verbs = tuple(m.verb for m in flow.moves_from(row.state))
            raise errors.NotFromHere(
                f"案件在“{here.label}”，不能办理“{label(verb)}”。现在可以办的："
                f"{'、'.join(f'{label(v)}（{v}）' for v in verbs) or '无'}。",
                verbs,
            )
        return flow, found, row.state

    def _unknown_verb(self) -> errors.Malformed:
        import difflib

        near = difflib.get_close_matches(self.order.verb, COMMANDS, 1)
        hint = f"最接近的是“{near[0]}”。" if near else "用 fashen scenario --verbs 列出全部。"
        return errors.Malformed(
            self.order.verb, [errors.FieldError("", f"没有“{self.order.verb}”这个动作，{hint}")]
        )

    def _permit(self, move: Move, actor: Person, case: CaseFile, bureau: Bureau) -> None:
        if move.who.allows(actor, case):
            return
        able = [p.title for p in bureau.office.people if move.who.allows(p, case)]
        raise errors.NotYourMove(
            f"“{move.label}”由{move.who.label}办理，{actor.title}不能办。"
            f"可以办的人：{'、'.join(able) or '（机关未配备）'}。"
        )

    def _desk(
        self, bureau: Bureau, actor: Person, document: Document, was: CaseFile, state: str, seq: int
    ) -> Desk:
        order = self.order
        if self.at > self.entered + TOLERANCE:
            raise errors.Malformed(
                order.verb,
                [
                    errors.FieldError(
                        "at",
                        f"{stamp(self.at)} 还没有到（现在是 {stamp(self.entered)}），请改正时间",
                    )
                ],
            )
        return Desk(
            case=was,
            document=document,
            state=state,
            actor=actor,
            office=bureau.office,
            law=bureau.law,
            calendar=self.fashen.calendar,
            at=self.at,
            entered=self.entered,
            seq=seq,
            verb=order.verb,
            seal_with=self.fashen.seal,
            irregular=bool(order.irregular),
        )

    def _change(self, desk: Desk) -> Change:
        command = COMMANDS[self.order.verb]
        form = parse(command.form, self.order.form, verb=self.order.verb, now=self.entered)
        return command.run(form, desk)

    def _facts(
        self,
        bureau: Bureau,
        actor: Person,
        was: CaseFile,
        case: CaseFile,
        state: str,
        change: Change,
    ) -> Facts:
        return Facts(
            case=case,
            was=was,
            state=state,
            at=self.at,
            entered=self.entered,
            actor=actor,
            office=bureau.office,
            calendar=self.fashen.calendar,
            present=change.present,
            face_to_face=change.face_to_face,
            excuses=dict(self.order.excuses),
            irregular=bool(self.order.irregular),
            elsewhere=gather(self.tx, self.order.office, self.order.case, case, change.number),
        )

    # — judging ———————————————————————————————————————————————————————————————————————

    def _take(self, flow: Flow, move: Move, state: str, facts: Facts, bureau: Bureau) -> Step:
        if facts.irregular and move.irregular == "no":
            raise errors.Malformed(
                move.verb, [errors.FieldError("irregular", f"“{move.label}”不能作为不合规情况登记")]
            )
        taken = flow.take(state, move.verb, facts, bureau.law)
        assert not isinstance(taken, NotFromHere), taken
        if isinstance(taken, Report) or (move.irregular == "must" and not facts.irregular):
            report = taken if isinstance(taken, Report) else taken.report
            raise errors.Blocked(refusal_text(move, report), report)
        if move.becomes:
            opened, closed = CURRENT[move.becomes].clocks(move, facts, bureau.law)
            return Step(move, taken.report, {**taken.opened, **opened}, (*taken.closed, *closed))
        return taken

    def _write_clocks(self, change: Change, step: Step) -> None:
        for clock in step.closed:
            change.drop(f"clocks/{clock}")
        for clock, running in step.opened.items():
            change.entry("clocks", clock, running)

    def _mark_irregular(self, change: Change, step: Step, seq: int) -> None:
        failed = [f for f in step.report.findings if f.outcome is Outcome.FAILS]
        mark = Irregularity(
            seq=seq,
            verb=self.order.verb,
            at=self.at,
            account=self.order.irregular,
            rules=tuple(f.policy.id for f in failed if f.policy.level is not Level.NOTE),
        )
        change.append("irregularities", mark)

    # — writing ———————————————————————————————————————————————————————————————————————

    def _write(
        self,
        row: Any,
        flow: Flow,
        step: Step,
        change: Change,
        desk: Desk,
        bureau: Bureau,
        facts: Facts,
    ) -> Done:
        order, tx = self.order, self.tx
        seq = desk.seq
        case_id = row.id if row else self.fashen.new_id()
        before = row.state if row else NOWHERE
        after = step.move.dest.value if step.move.dest else before
        goes_on = str(CURRENT[step.move.becomes]) if step.move.becomes else str(flow)
        ordinal = row.ordinal if row else self._next_ordinal()
        messages = follow_ups(
            order.verb, seq, case_id, facts.case, bureau.office, irregular=facts.irregular
        )
        doc = canonical(change.document)
        body = canonical(
            lean_entry(
                {
                    "v": 1,
                    "alg": self.fashen.settings.ledger_hash,
                    "office": order.office,
                    "case": case_id,
                    "ordinal": ordinal,
                    "seq": seq,
                    "flow": goes_on,
                    "verb": order.verb,
                    "by": {
                        "id": desk.actor.id,
                        "name": desk.actor.name,
                        "post": desk.actor.post,
                    },
                    "at": stamp(self.at),
                    "entered": stamp(self.entered),
                    "from": before,
                    "to": after,
                    "change": change.operations,
                    "facts": _facts_digest(doc, bureau.version, facts.elsewhere),
                    "findings": _told(step.report),
                    "messages": [m.dedup for m in messages],
                    "irregular": order.irregular,
                }
            )
        )
        prev = row.head if row else GENESIS
        head = seal_entry(body, prev, self.fashen.settings.ledger_hash)
        values = {
            "flow": goes_on,
            "state": after,
            "version": seq,
            "head": head,
            "doc": doc,
            "moved_at": self.entered,
            **_projection(facts.case, bureau, desk, row.party_name if row else ""),
        }
        if row is None:
            tx.execute(
                _OPEN_CASE,
                {
                    "id": case_id,
                    "office_id": order.office,
                    "ordinal": ordinal,
                    "opened_at": self.entered,
                    **values,
                },
            )
        else:
            moved = tx.execute(_MOVE, {"case": case_id, "was": row.version, **values})
            if moved.rowcount != 1:
                raise self._stale(row.version + 1)
        failpoint("move.between_row_and_ledger")
        tx.execute(
            _APPEND,
            {
                "case_id": case_id,
                "seq": seq,
                "office_id": order.office,
                "prev": prev,
                "hash": head,
                "body": body,
            },
        )
        self._project(case_id, seq, flow, step, change, desk)
        if messages:
            queue(tx, messages, order.office, case_id, self.entered)
        done = Done(
            case=case_id,
            version=seq,
            verb=order.verb,
            before=before,
            after=after,
            made=change.made or (case_id if row is None else ""),
            findings=tuple(f.as_dict() for f in step.report.findings),
            opened={name: clock.model_dump(mode="json") for name, clock in step.opened.items()},
            closed=step.closed,
            messages=tuple(m.dedup for m in messages),
        )
        if order.key:
            self._keep_key(done)
        return done

    def _next_ordinal(self) -> int:
        number: int = self.tx.execute(
            models.office.update()
            .where(models.office.c.id == self.order.office)
            .values(cases_opened=models.office.c.cases_opened + 1)
            .returning(models.office.c.cases_opened)
        ).scalar_one()
        return number

    def _project(
        self, case_id: str, seq: int, flow: Flow, step: Step, change: Change, desk: Desk
    ) -> None:
        tx = self.tx
        how = "lapsed" if step.move.verb.startswith("lapse_") else "closed"
        for clock in step.closed:
            tx.execute(_CLOSE, {"case": case_id, "which": clock, "how": how, "seq": seq})
        if step.opened:
            own = CURRENT[step.move.becomes] if step.move.becomes else flow
            tx.execute(
                _OPEN,
                [
                    self._deadline_row(own, case_id, seq, name, clock)
                    for name, clock in step.opened.items()
                ],
            )
        if desk.sealed:
            _keep_identifiers(tx, self.order.office, desk.sealed)
        if change.number:
            kind, number = change.number
            tx.execute(
                models.document_number.insert(),
                {
                    "office_id": self.order.office,
                    "kind": kind,
                    "number": number,
                    "case_id": case_id,
                },
            )

    def _deadline_row(
        self, flow: Flow, case_id: str, seq: int, name: str, clock: Clock
    ) -> dict[str, Any]:
        first = flow.term(name).stages(clock.ends, self.fashen.calendar)[0][1]
        return {
            "case_id": case_id,
            "clock": name,
            "round": seq,
            "office_id": self.order.office,
            "state": "open",
            "stages": 0,
            "wake_at": midnight(first),
            **clock.model_dump(),
        }

    def _keep_key(self, done: Done) -> None:
        self.tx.execute(
            models.command_key.insert(),
            {
                "office_id": self.order.office,
                "person_id": self.order.actor,
                "key": self.order.key,
                "request": self.order.request_digest(),
                "case_id": done.case,
                "seq": done.version,
                "outcome": canonical(done.as_dict()),
            },
        )


NOWHERE = "(none)"


def label(verb: str) -> str:
    """The Chinese name of a verb, or the verb itself."""
    for flow in FLOWS.values():
        if move := flow.verbs.get(verb):
            return move.label
    return verb


def gather(
    tx: Connection, office: str, case_id: str | None, case: CaseFile, number: tuple[str, str] | None
) -> Elsewhere:
    """The facts of other cases that this step's questions need."""
    c = models.cases.c
    same_number: tuple[str, ...] = ()
    if number:
        n = models.document_number.c
        rows = tx.execute(
            sa.select(c.number, c.id)
            .join(models.document_number, n.case_id == c.id)
            .where(n.office_id == office, n.kind == number[0], n.number == number[1])
        )
        same_number = tuple(r.number or r.id for r in rows if r.id != case_id)
    same_act: tuple[str, ...] = ()
    key = _party_key(case)
    if key and case.act and case.act.began and case.power:
        rows = tx.execute(
            sa.select(c.number, c.id).where(
                c.office_id == office,
                c.party_key == key,
                c.act_on == case.act.began.isoformat(),
                c.power == case.power,
                c.id != (case_id or ""),
            )
        )
        same_act = tuple(r.number or r.id for r in rows)
    return Elsewhere(same_number, same_act)


def queue(
    tx: Connection, messages: Sequence[Message], office: str, case_id: str, at: datetime
) -> None:
    """Put messages into the outbox of the transaction that causes them; each stands there once."""
    tx.execute(
        insert_new(tx, models.outbox),
        [
            {
                "kind": m.kind,
                "dedup": m.dedup,
                "office_id": office,
                "case_id": case_id,
                "payload": canonical(m.payload),
                "status": "ready",
                "attempts": 0,
                "created_at": at,
                "available_at": at,
            }
            for m in messages
        ],
    )


def refusal_text(move: Move, report: Report) -> str:
    """The refusal in one breath; the page shows each reason with its remedy."""
    blocks = [f for f in report.blocks if f.verdict.doubt is not Doubt.UNSTATED]
    warned = [f for f in report.unexcused if f.verdict.doubt is not Doubt.UNSTATED]
    unstated = [f for f in report.reasons if f.verdict.doubt is Doubt.UNSTATED]
    parts = [f"现在不能办理“{move.label}”，什么都没有改变。"]
    parts += [f"{n}. {f.verdict.reason}（{f.policy.cite}）" for n, f in enumerate(blocks, 1)]
    if warned:
        parts.append("须写明理由方可继续：")
        parts += [f"{f.policy.title}：{f.verdict.reason}" for f in warned]
    if unstated:
        parts.append(f"来源未载明，不算违反：{'、'.join(f.policy.title for f in unstated)}。")
    if move.irregular != "no":
        parts.append("如果确已这样发生，写明经过，作为不合规情况如实登记。")
    return "\n".join(parts)


def _record_refusal(
    fashen: Fashen, order: Order, entered: datetime, refused: errors.Refused
) -> None:
    reasons = (
        [f.as_dict() for f in refused.report.reasons] if isinstance(refused, errors.Blocked) else []
    )
    told = reasons or [{"reason": str(refused)}]
    with fashen.engine.begin() as tx:
        tx.execute(
            models.refusal.insert(),
            {
                "office_id": order.office,
                "case_id": order.case or "",
                "person_id": order.actor,
                "verb": order.verb,
                "kind": refused.kind,
                "at": beijing(order.at) if order.at else entered,
                "entered": entered,
                "reasons": canonical(told),
            },
        )


def lean_entry(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry without its empty parts; the change is kept as it is."""
    return {k: v for k, v in entry.items() if v not in ("", [], {}) or k == "change"}


def _told(report: Report) -> dict[str, Any]:
    """Every finding that failed, warned or was judged, in words; the ids of the rest."""
    told: dict[str, Any] = {"failed": [], "warned": [], "noted": [], "judged": [], "rest": {}}
    for finding in report.findings:
        if finding.judged:
            told["judged"].append(_words(finding) | {"judged": finding.judged})
        elif finding.refuses:
            told["failed"].append(_words(finding))
        elif finding.warns:
            excuse = report.excuses.get(finding.policy.id, "")
            told["warned"].append(_words(finding) | {"excuse": excuse})
        elif finding.outcome in (Outcome.FAILS, Outcome.NEEDS_JUDGEMENT):
            told["noted"].append(_words(finding))
        else:
            told["rest"].setdefault(finding.outcome.value, []).append(finding.policy.id)
    return {k: v for k, v in told.items() if v}


def _words(finding: Finding) -> dict[str, Any]:
    said = {
        "id": finding.policy.id,
        "rule": finding.policy.rules[0],
        "cite": finding.policy.cite,
        "reason": finding.verdict.reason,
    }
    if finding.verdict.doubt:
        said["doubt"] = finding.verdict.doubt.value
    return said


def _facts_digest(doc: str, office_version: int, elsewhere: Elsewhere) -> str:
    seen = hashlib.sha256(doc.encode())
    seen.update(
        canonical([office_version, list(elsewhere.same_number), list(elsewhere.same_act)]).encode()
    )
    return seen.hexdigest()


def _party_key(case: CaseFile) -> str:
    party = case.party
    return (party.number or party.name) if party else ""


def _projection(case: CaseFile, bureau: Bureau, desk: Desk, shown: str) -> dict[str, str]:
    """What lists show and search; the name of a citizen stays outside the ledger."""
    party, power = case.party, bureau.office.power(case.power)
    name = shown
    if party is not None and (party != desk.case.party or not shown):
        name = desk.sealed.get(party.name, ("", party.name))[1]
    text = power.title if power else (case.act.text if case.act else "")
    return {
        "title": text[:200],
        "number": (case.filing.number if case.filing else "")
        or (case.decision.number if case.decision and case.summary else ""),
        "party_name": name,
        "party_key": _party_key(case)[:80],
        "power": case.power,
        "act_on": case.act.began.isoformat() if case.act and case.act.began else "",
    }


def _keep_identifiers(tx: Connection, office: str, sealed: dict[str, tuple[str, str]]) -> None:
    rows = [
        {"office_id": office, "digest": d, "kind": kind, "value": value}
        for d, (kind, value) in sealed.items()
    ]
    tx.execute(insert_new(tx, models.identifier), rows)


def _glance(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "seq": entry["seq"],
        "verb": entry["verb"],
        "label": label(entry["verb"]),
        "by": entry["by"]["name"],
        "entered": entry["entered"],
    }
