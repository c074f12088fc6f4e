"""上传 — one file from the first byte to the ledger: receiving, placing, ready, and registered by a step.

The row is there before the first byte, and says `placing` before the file gets its name: so whatever dies
where, the file is found again, and nothing lies in the store that no row names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from policies.casefile import CaseFile, EvidenceFile
from policies.office import Person
from states.case import CURRENT, FLOWS
from workflow import errors, models
from workflow.database import reading
from workflow.failpoints import failpoint
from workflow.files import kinds, views
from workflow.files.refused import NoRoom, NotAccepted, NotForYou, WrongOffset
from workflow.files.store import Receiving, Store, digest
from workflow.program import Fashen
from workflow.times import beijing, stamp

_F, _C = models.file.c, models.cases.c

VERB = "add_evidence"
"""Whoever may make this move from where the case is may upload to it."""

NO_CASE = ""
"""In place of a case: the form that brings the file opens it only when all of it is taken (简易程序)."""

VIEWERS = (
    "officer", "unit_head", "head", "deputy_head", "reviewer", "chair", "clerk", "counsel", "inspector",
)  # fmt: skip
"""Who may look at evidence: whoever prepares, judges or supervises cases, and nobody who only runs the machine."""

MOST_UNCLAIMED = 100
"""Files that one person may have uploaded to one case without registering them."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One row. `detail` is what was read in the file, `fault` what its bytes were last found to lack."""

    id: str
    office: str
    case: str
    sha256: str
    size: int
    media_type: str
    name: str
    declared: str
    by: str
    uploaded_at: datetime
    state: str
    detail: Mapping[str, Any]
    fault: str

    @property
    def whole(self) -> bool:
        """The bytes are in the store under their name."""
        return self.state in ("ready", "registered")

    @property
    def kind(self) -> kinds.Kind | None:
        return kinds.BY_TYPE.get(self.media_type)

    @property
    def picture(self) -> bool:
        return self.kind is not None and self.kind.group == "photo"

    @property
    def inline(self) -> bool:
        """Whether a browser may show it itself: never where it holds what acts by itself."""
        return bool(self.kind and self.kind.inline) and not self.detail.get("active")

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "size": self.size,
            "sha256": self.sha256,
            "media_type": self.media_type,
            "uploaded_by": self.by,
            "uploaded_at": stamp(beijing(self.uploaded_at)),
            "state": self.state,
            "detail": dict(self.detail),
            "fault": self.fault,
        }


def store_of(fashen: Fashen) -> Store:
    return Store(fashen.settings.files)


# — who ———————————————————————————————————————————————————————————————————————————————————


def may_view(person: Person) -> None:
    """`NotForYou` for those whose work does not need the evidence of a case."""
    if not person.has(*VIEWERS):
        raise NotForYou(f"证据文件由办案、审核、审批、监督的人看，{person.title}看不了。")


def may_upload(tx: Connection, office: str, case: str, person: Person) -> None:
    """Whether this person could register evidence in this case now; raises what the step itself would."""
    if not case:
        opening = CURRENT["summary"].opening("start_on_spot")
        if opening is None or not opening.who.allows(person, CaseFile()):
            raise errors.NotYourMove(f"{person.title}不办当场处罚，文件没有收下。")
        return
    row = tx.execute(
        sa.select(_C.flow, _C.state, _C.doc).where(_C.id == case, _C.office_id == office)
    ).first()
    if row is None:
        raise errors.NotFound(f"没有编号为“{case[:40]}”的案件。")
    flow = FLOWS[row.flow]
    move = flow.move(row.state, VERB)
    if move is None:
        verbs = tuple(m.verb for m in flow.moves_from(row.state))
        said = f"案件在“{flow.state(row.state).label}”，不能再登记证据，文件没有收下。"
        raise errors.NotFromHere(said, verbs)
    if not move.who.allows(person, CaseFile.model_validate_json(row.doc)):
        raise errors.NotYourMove(
            f"证据由{move.who.label}登记，{person.title}不能上传，文件没有收下。"
        )


# — taking it in ——————————————————————————————————————————————————————————————————————————


def begin(
    fashen: Fashen,
    office: str,
    person: Person,
    case: str,
    *,
    name: str,
    declared: str,
    size: int,
    key: str = "",
) -> Upload:
    """A place for a file that is to come; the same `key` again is the same place.

    Under `NO_CASE` that place may by now lie in the case that was opened meanwhile.
    """
    name = kinds.tidy(name)
    with fashen.engine.begin() as tx:
        may_upload(tx, office, case, person)
        if key and (known := _by_key(tx, office, person, key)):
            return _same(known, case, name, size)
        kinds.promised(name, declared, size, fashen.settings)
        _not_too_many(tx, office, case, person)
        store_of(fashen).room_for(size)
        now = fashen.now(tx)
        row = {
            "id": fashen.new_id(),
            "office_id": office,
            "case_id": case or None,
            "size": size,
            "name": name,
            "declared": declared[:80],
            "uploaded_by": person.id,
            "uploaded_at": now,
            "seen_at": now,
            "state": "receiving",
            "key": key or None,
        }
        try:
            with tx.begin_nested():
                tx.execute(models.file.insert(), row)
        except IntegrityError:  # the same request, sent twice at once
            known = _by_key(tx, office, person, key)
            if known is None:
                raise
            return _same(known, case, name, size)
        return _find(tx, office, case, str(row["id"]))


def _by_key(tx: Connection, office: str, person: Person, key: str) -> Upload | None:
    mine = _F.office_id == office, _F.uploaded_by == person.id, _F.key == key
    row = tx.execute(sa.select(models.file).where(*mine)).mappings().first()
    return _upload(row) if row else None


def _same(known: Upload, case: str, name: str, size: int) -> Upload:
    if (case and known.case != case) or (known.name, known.size) != (name, size):
        said = "这个编号已用于另一个文件，请换一个编号"
        raise errors.KeyReused("files", [errors.FieldError("key", said)])
    return known


def _not_too_many(tx: Connection, office: str, case: str, person: Person) -> None:
    count = sa.select(sa.func.count()).where(*_unclaimed(office, case, person.id))
    if (tx.scalar(count) or 0) >= MOST_UNCLAIMED:
        raise NoRoom(
            f"没有收下：您传到本案、还没有登记的文件已有 {MOST_UNCLAIMED} 个；"
            "请先登记或者去掉一些，再传别的。"
        )


def receive(fashen: Fashen, upload: Upload, offset: int) -> Receiving:
    """Open the upload for the piece that begins at `offset`; `WrongOffset` says how far it came."""
    if upload.state != "receiving":
        raise WrongOffset(f"“{upload.name}”已经全部收到（{upload.size} 字节），不再接收。")
    with fashen.engine.begin() as tx:
        tx.execute(models.file.update().where(_F.id == upload.id).values(seen_at=fashen.now(tx)))
    return Receiving(store_of(fashen), upload.id, offset)


def offset(fashen: Fashen, upload: Upload) -> int:
    """How many bytes have come."""
    if upload.state != "receiving":
        return upload.size
    return store_of(fashen).received(upload.id)


def finish(fashen: Fashen, upload: Upload) -> Upload:
    """All bytes have come: look at them, place them, and say so. Whoever died half-way is made up for.

    A file that is not accepted is forgotten, and `NotAccepted` says why.
    """
    store = store_of(fashen)
    if upload.whole:
        return upload
    if upload.state == "receiving" and store.received(upload.id) < upload.size:
        # More is to come, unless somebody else has just placed it.
        return find(fashen, upload.office, upload.case, upload.id)
    if upload.state == "placing" and not store.part(upload.id).exists():
        return _ready(fashen, upload)
    try:
        with store.holding(upload.id) as part:
            known = find(fashen, upload.office, upload.case, upload.id)
            return known if known.whole else _look_and_place(fashen, known, part)
    except FileNotFoundError:
        return find(fashen, upload.office, upload.case, upload.id)  # somebody else was faster


def _look_and_place(fashen: Fashen, upload: Upload, part: Path) -> Upload:
    """For whoever holds the part alone; else one might forget what another has just placed."""
    store = store_of(fashen)
    try:
        with part.open("rb") as file:
            seen = kinds.sniff(file, upload.size, upload.name, fashen.settings)
        with views.drawing(store) as folder:
            detail = views.open_up(part, seen.kind, folder)
            sha256 = digest(part)
            views.keep(store, sha256, folder)
    except views.Faulty as no:
        forget(fashen, upload)
        raise NotAccepted(f"“{upload.name}”没有收下：{no}。") from None
    except NotAccepted:
        forget(fashen, upload)
        raise
    if seen.made:
        detail = {**detail, "made": seen.made.isoformat()}
    _placing(fashen, upload, sha256, seen.kind.media_type, detail)
    failpoint("files.before_place")
    store.place(upload.id, sha256)
    failpoint("files.before_row")
    return _ready(fashen, upload)


def _placing(
    fashen: Fashen, upload: Upload, sha256: str, media_type: str, detail: Mapping[str, Any]
) -> None:
    with fashen.engine.begin() as tx:
        alone(tx, sha256)
        told = {"sha256": sha256, "media_type": media_type, "detail": json.dumps(detail)}
        mine = _F.id == upload.id, _F.state.in_(("receiving", "placing"))
        tx.execute(models.file.update().where(*mine).values(state="placing", **told))


def _ready(fashen: Fashen, upload: Upload) -> Upload:
    with fashen.engine.begin() as tx:
        now = fashen.now(tx)
        mine = _F.id == upload.id, _F.state == "placing"
        tx.execute(
            models.file.update()
            .where(*mine)
            .values(state="ready", uploaded_at=now, seen_at=now, checked_at=now)
        )
        return _find(tx, upload.office, upload.case, upload.id)


def alone(tx: Connection, sha256: str) -> None:
    """Until this transaction ends nobody else decides what becomes of these bytes.

    On SQLite a transaction that writes is alone anyway.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(sa.text("select pg_advisory_xact_lock(:key)"), {"key": int(sha256[:15], 16)})


def forget(fashen: Fashen, upload: Upload) -> None:
    """Take back an upload that no step has registered; its bytes stay if somebody else names them."""
    with fashen.engine.begin() as tx:
        drop(fashen, tx, upload.id)


def drop(fashen: Fashen, tx: Connection, id: str) -> bool:
    """Delete one unregistered row and what only it names. False where a step has registered it meanwhile."""
    mine = sa.select(_F.sha256, _F.case_id).where(_F.id == id, _F.state != "registered")
    row = tx.execute(mine.with_for_update()).first()
    if row is None:
        return False
    store = store_of(fashen)
    if row.sha256:
        alone(tx, row.sha256)
        others = sa.select(sa.func.count()).where(_F.sha256 == row.sha256, _F.id != id)
        if not tx.scalar(others) and not _in_ledger(tx, row.case_id or NO_CASE, row.sha256):
            store.forget(row.sha256)
            failpoint("files.after_forget")
    store.forget_part(id)
    tx.execute(models.file.delete().where(_F.id == id))
    return True


def _in_ledger(tx: Connection, case: str, sha256: str) -> bool:
    """Whether the case's ledger names these bytes, whatever the rows say."""
    e = models.ledger.c
    named = sa.select(e.seq).where(e.case_id == case, e.body.contains(sha256)).limit(1)
    return tx.scalar(named) is not None


# — reading and registering ———————————————————————————————————————————————————————————————


def _of(case: str) -> sa.ColumnElement[bool]:
    return _F.case_id == case if case else _F.case_id.is_(None)


def find(fashen: Fashen, office: str, case: str, id: str) -> Upload:
    """One file of one case of this office; anything else does not exist."""
    with reading(fashen.engine) as tx:
        return _find(tx, office, case, id)


def brought(fashen: Fashen, office: str, person: Person, id: str) -> Upload:
    """What this person brought whole, for a case that was to be opened: also when it has been meanwhile."""
    with reading(fashen.engine) as tx:
        whole = sa.or_(_F.state == "registered", sa.and_(_of(NO_CASE), _F.state == "ready"))
        theirs = _F.id == id, _F.office_id == office, _F.uploaded_by == person.id, whole
        row = tx.execute(sa.select(models.file).where(*theirs)).mappings().first()
        if row is None:
            raise errors.NotFound(f"您没有编号为“{id[:40]}”的文件。")
        return _upload(row)


def of_case(fashen: Fashen, office: str, case: str) -> dict[str, Upload]:
    """Every whole file of a case, by its id."""
    with reading(fashen.engine) as tx:
        mine = _F.office_id == office, _F.case_id == case, _F.state.in_(("ready", "registered"))
        rows = tx.execute(sa.select(models.file).where(*mine).order_by(_F.uploaded_at, _F.id))
        return {row["id"]: _upload(row) for row in rows.mappings()}


def unclaimed(fashen: Fashen, office: str, case: str, person: str) -> list[Upload]:
    """What this person has uploaded, or begun to, without registering it."""
    with reading(fashen.engine) as tx:
        rows = tx.execute(
            sa.select(models.file)
            .where(*_unclaimed(office, case, person))
            .order_by(_F.uploaded_at, _F.id)
        )
        return [_upload(row) for row in rows.mappings()]


def _unclaimed(office: str, case: str, person: str) -> tuple[sa.ColumnElement[bool], ...]:
    mine = _F.office_id == office, _of(case), _F.uploaded_by == person
    return (*mine, _F.state != "registered")


def claim(
    fashen: Fashen,
    tx: Connection,
    office: str,
    case: str,
    ids: Sequence[str],
    verb: str,
    person: str,
) -> dict[str, EvidenceFile]:
    """What a step registers, in the step's own transaction: from now on a ledger names these files.

    Files of the case, whoever of the office brought them, and what this person brought before it was opened.
    """
    theirs = sa.or_(_F.case_id == case, sa.and_(_of(NO_CASE), _F.uploaded_by == person))
    found = {}
    for id in dict.fromkeys(ids):
        mine = _F.id == id, _F.office_id == office, theirs
        row = tx.execute(sa.select(models.file).where(*mine).with_for_update()).mappings().first()
        if row is None:
            raise _unusable(verb, f"没有编号为“{id[:40]}”的文件，可能已经清理，请重新上传")
        upload = _upload(row)
        if upload.state == "registered":
            raise _unusable(verb, f"“{upload.name}”已经登记在本案的一份证据里，不能再登记一次")
        if upload.state != "ready":
            raise _unusable(verb, f"“{upload.name}”还没有传完，请传完再登记，或者先去掉")
        if not store_of(fashen).has(upload.sha256, upload.size):
            raise _unusable(verb, f"“{upload.name}”在服务器上找不到了，请重新上传")
        registered = {"state": "registered", "case_id": case}
        tx.execute(models.file.update().where(_F.id == id).values(registered))
        found[id] = EvidenceFile(
            file=id, sha256=upload.sha256, size=upload.size, media_type=upload.media_type
        )
    return found


def _unusable(verb: str, said: str) -> errors.Malformed:
    return errors.Malformed(verb, [errors.FieldError("files", said)])


def _find(tx: Connection, office: str, case: str, id: str) -> Upload:
    mine = _F.id == id, _of(case), _F.office_id == office
    row = tx.execute(sa.select(models.file).where(*mine)).mappings().first()
    if row is None:
        raise errors.NotFound(f"本案没有编号为“{id[:40]}”的文件。")
    return _upload(row)


def _upload(row: Any) -> Upload:
    same = ("id", "sha256", "size", "media_type", "name", "declared", "state", "fault")
    return Upload(
        office=row["office_id"],
        case=row["case_id"] or NO_CASE,
        by=row["uploaded_by"],
        uploaded_at=row["uploaded_at"],
        detail=json.loads(row["detail"] or "{}"),
        **{name: row[name] for name in same},
    )


def mine(upload: Upload, person: Person) -> Upload:
    """The upload, for whoever began it; for anybody else it is not there."""
    if upload.by != person.id:
        raise errors.NotFound(f"您没有编号为“{upload.id}”的上传。")
    return upload


def take_back(fashen: Fashen, upload: Upload) -> None:
    """Forget an upload at its sender's wish, unless a step has registered it."""
    with fashen.engine.begin() as tx:
        if not drop(fashen, tx, upload.id):
            raise WrongOffset(f"“{upload.name}”已经登记在证据里，不能取消。")
