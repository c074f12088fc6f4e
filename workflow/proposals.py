"""机关文件的改动 — one person proposes a new version of the office file; only when another has signed is it loaded.

A proposal is never changed: it is signed, declined or withdrawn, or another version came first and it is stale.
Nothing here touches a case.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.office import Office, Person
from workflow import access_log, offices
from workflow.database import reading
from workflow.differences import Difference, differences
from workflow.errors import FashenError, FieldError, Malformed, NotFound, NotYourMove, SettingsWrong
from workflow.follow_ups import to_person
from workflow.models import office as office_table
from workflow.models import office_proposal as proposals
from workflow.officefile import warnings
from workflow.program import Fashen
from workflow.writing import queue

PROPOSERS = ("admin",)
SIGNERS = ("head", "security_admin")
"""One of these signs, never who proposed."""

LONGEST_REASON = 500
PROPOSED = "提出的机关文件"

_P = proposals.c


class Stale(FashenError):
    """Another version of the file came first."""

    status = 409
    title = "机关文件已有新版"


class Decided(FashenError):
    """It is signed, declined or withdrawn already."""

    status = 409
    title = "这份改动已经办结"


class OwnProposal(NotYourMove):
    """Who proposed does not sign."""

    title = "须由另一个人签字"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A changed office file as it was handed in; `base` is the version that it changes."""

    id: int
    base: int
    reason: str
    text: str
    digest: str
    state: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    said: str
    version: int | None

    def stale(self, newest: int) -> bool:
        return self.state == "open" and self.base != newest

    def label(self, newest: int) -> str:
        return "已过时" if self.stale(newest) else STATES[self.state]


STATES = {"open": "等待签字", "signed": "已签字载入", "declined": "已退回", "withdrawn": "已撤回"}


@dataclass(frozen=True, slots=True)
class Read:
    """A proposal with what it changes and what to think of before signing."""

    proposal: Proposal
    newest: int
    differences: Sequence[Difference]
    warnings: Sequence[str]

    @property
    def stale(self) -> bool:
        return self.proposal.stale(self.newest)

    @property
    def label(self) -> str:
        return self.proposal.label(self.newest)


def propose(
    fashen: Fashen, office: str, person: Person, *, base: int, text: str, reason: str
) -> int:
    """Hand in a changed file; returns its number. The same file once more is the same proposal."""
    _must(fashen, office, person, PROPOSERS, "提出机关文件的改动")
    reason = reason.strip()
    if not reason:
        raise _malformed("reason", "请写明为什么改、依据什么文件")
    if len(reason) > LONGEST_REASON or re.search(r"[\x00-\x08\x0b-\x1f\x7f]", reason):
        raise _malformed("reason", f"最多 {LONGEST_REASON} 个字，不能有控制字符")
    new = checked(text)
    now, digest = fashen.clock(), hashlib.sha256(text.encode()).hexdigest()
    with fashen.engine.begin() as tx:
        newest = _lock(tx, office)
        old = fashen.bureau(tx, office, newest).office
        _same_office(old, new)
        if base != newest:
            raise Stale(
                f"没有提出，什么都没有改变：您改的是第 {base} 版，现行的已经是第 {newest} 版。"
                "请打开现行版，把改动重新写上再提出。"
            )
        if offices.body_of(new) == offices.stored_body(tx, office, newest):
            raise _malformed("text", f"和现行的第 {newest} 版没有不同，请先改再提出")
        same = tx.scalar(
            sa.select(_P.id).where(
                _P.office_id == office, _P.state == "open", _P.base == base, _P.digest == digest
            )
        )
        if same is not None:
            return int(same)
        row = {
            "office_id": office, "base": base, "reason": reason, "text": text, "digest": digest,
            "state": "open", "proposed_by": person.id, "proposed_at": now,
        }  # fmt: skip
        made = tx.execute(proposals.insert().values(**row)).inserted_primary_key
        id = int(made[0]) if made else 0
        access_log.note(tx, now, office, person.id, "office_proposed")
        said = f"{person.title}提出了机关文件的改动（第 {id} 号）：{reason[:100]}。请看过以后签字或者退回。"
        for signer in old.with_role(*SIGNERS):
            if signer.id != person.id:
                key = f"proposal:{office}:{id}:{signer.id}"
                queue(tx, to_person("tell", key, signer, said), office, "", now)
        return id


def checked(text: str) -> Office:
    """The office of a text that somebody handed in; what is wrong with it with its line and the cure."""
    try:
        office = offices.parsed(text, PROPOSED)
        offices.check_clocks(office)
    except SettingsWrong as wrong:
        said = str(wrong).removeprefix(f"机关文件 {PROPOSED}").lstrip("： ")
        raise _malformed("text", said.removeprefix("有误，没有载入。")) from None
    return office


def _same_office(old: Office, new: Office) -> None:
    """What makes the office this one stays; a sample's accounts open with a password that everybody knows."""
    for name, was, now in (("office", old.office, new.office), ("sample", old.sample, new.sample)):
        if was != now:
            kept = str(was).lower() if isinstance(was, bool) else was
            raise _malformed(
                "text", f"{name} 不能在这里改，请写回 {kept}；另一个机关用 fashen init"
            )


def sign(fashen: Fashen, office: str, person: Person, id: int, digest: str) -> int:
    """Load what was proposed, as the second person; whoever calls has made sure who signs. Returns the version."""
    now = fashen.clock()
    with fashen.engine.begin() as tx:
        newest = _lock(tx, office)
        found = _open(tx, office, id, newest)
        bureau = fashen.bureau(tx, office, newest)
        may_sign(bureau.office, person, found)
        if digest != found.digest:
            raise _malformed("digest", "签的不是这份文件，请重新打开页面看过再签", "签字")
        new = checked(found.text)
        _same_office(bureau.office, new)
        version = offices.store(fashen, tx, new, person.id[:64])
        _decide(tx, found, person, now, "signed", version=version)
        access_log.note(tx, now, office, person.id, "office_signed")
        said = (
            f"您提出的机关文件的改动（第 {id} 号）已由{person.title}签字，载入为第 {version} 版。"
        )
        _answer(tx, bureau.office, found, said, now)
    return version


def decline(fashen: Fashen, office: str, person: Person, id: int, said: str) -> None:
    """A signer gives it back with a reason; who proposed it withdraws it, with or without one."""
    now, said = fashen.clock(), said.strip()[:LONGEST_REASON]
    with fashen.engine.begin() as tx:
        newest = _lock(tx, office)
        found = _of(tx, office, id)
        if found.state != "open":
            raise _decided(found)
        bureau = fashen.bureau(tx, office, newest)
        if found.proposed_by == person.id:
            _decide(tx, found, person, now, "withdrawn", said=said)
            access_log.note(tx, now, office, person.id, "office_withdrawn")
            return
        may_sign(bureau.office, person, found)
        if not said:
            raise _malformed("said", "请写明为什么退回、要怎样改", "退回")
        _decide(tx, found, person, now, "declined", said=said)
        access_log.note(tx, now, office, person.id, "office_declined")
        told = f"您提出的机关文件的改动（第 {id} 号）被{person.title}退回：{said}"
        _answer(tx, bureau.office, found, told, now)


def may_sign(office: Office, person: Person, proposal: Proposal) -> None:
    """Refuse who proposed it, and who holds no office that signs in the version that is in force."""
    able = [p for p in office.with_role(*SIGNERS) if p.id != proposal.proposed_by]
    names = "、".join(p.title for p in able) or "（机关没有别的负责人和安全管理员）"
    if person.id == proposal.proposed_by:
        raise OwnProposal(
            f"没有签字，什么都没有改变：自己提出的改动须由另一个人签字。可以签的人：{names}。"
        )
    if not person.has(*SIGNERS):
        raise NotYourMove(
            f"没有签字，什么都没有改变：机关文件的改动不由{person.title}签字。可以签的人：{names}。"
        )


# — reading ———————————————————————————————————————————————————————————————————————————————


def listed(
    fashen: Fashen, office: str, limit: int = 100, offset: int = 0
) -> tuple[list[Proposal], int]:
    """The newest first, and the version that is in force."""
    with reading(fashen.engine) as tx:
        asked = sa.select(proposals).where(_P.office_id == office).order_by(_P.id.desc())
        rows = tx.execute(asked.limit(limit).offset(offset))
        return [_proposal(row) for row in rows], fashen.bureau(tx, office).version


def count(fashen: Fashen, office: str) -> int:
    """How many were ever handed in."""
    asked = sa.select(sa.func.count()).select_from(proposals).where(_P.office_id == office)
    with reading(fashen.engine) as tx:
        return tx.scalar(asked) or 0


def read(fashen: Fashen, office: str, id: int) -> Read:
    """One proposal, beside the version that it changes."""
    with reading(fashen.engine) as tx:
        found, newest = _of(tx, office, id), fashen.bureau(tx, office).version
        old, new = fashen.bureau(tx, office, found.base).office, checked(found.text)
        open = found.state == "open"
        told = warnings(tx, old, new, fashen.clock()) if open else []
        return Read(found, newest, differences(old, new), told)


def text_of(fashen: Fashen, office: str) -> tuple[int, str]:
    """The version in force and the text to change: as it was handed in, or else written out anew."""
    with reading(fashen.engine) as tx:
        bureau = fashen.bureau(tx, office)
        version = bureau.version
        kept = tx.scalar(sa.select(_P.text).where(_P.office_id == office, _P.version == version))
        return version, str(kept) if kept else offices.written(bureau.office)


# — rows ——————————————————————————————————————————————————————————————————————————————————


def _must(fashen: Fashen, office: str, person: Person, roles: tuple[str, ...], what: str) -> None:
    if not person.has(*roles):
        with reading(fashen.engine) as tx:
            able = fashen.bureau(tx, office).office.with_role(*roles)
        names = "、".join(p.title for p in able) or "（机关未配备）"
        raise NotYourMove(f"{what}不由{person.title}办理，什么都没有改变。可以办的人：{names}。")


def _malformed(field: str, said: str, verb: str = "提出改动") -> Malformed:
    return Malformed(verb, [FieldError(field, said)])


def _lock(tx: Connection, office: str) -> int:
    """The version in force, which nobody else replaces meanwhile."""
    o = office_table.c
    found = tx.scalar(sa.select(o.version).where(o.id == office).with_for_update())
    if found is None:
        raise NotFound(f"没有“{office}”这个机关。")
    return int(found)


def _of(tx: Connection, office: str, id: int) -> Proposal:
    known = 0 < id < 2**63
    row = (
        known
        and tx.execute(sa.select(proposals).where(_P.id == id, _P.office_id == office)).first()
    )
    if not row:
        raise NotFound(f"本机关没有第 {str(id)[:20]} 号改动。")
    return _proposal(row)


def _open(tx: Connection, office: str, id: int, newest: int) -> Proposal:
    found = _of(tx, office, id)
    if found.state != "open":
        raise _decided(found)
    if found.stale(newest):
        raise Stale(
            f"没有签字，什么都没有改变：这份改动是对第 {found.base} 版提出的，现行的已经是第 {newest} 版。"
            "请提出的人在现行版上重新写上改动再提出。"
        )
    return found


def _decided(found: Proposal) -> Decided:
    made = f"，是第 {found.version} 版" if found.version else ""
    return Decided(f"第 {found.id} 号改动{STATES[found.state]}{made}，不能再办。什么都没有改变。")


def _decide(
    tx: Connection, found: Proposal, person: Person, at: datetime, state: str, **more: Any
) -> None:
    fresh = {"state": state, "decided_by": person.id, "decided_at": at, **more}
    tx.execute(proposals.update().where(_P.id == found.id).values(**fresh))


def _answer(tx: Connection, office: Office, found: Proposal, said: str, at: datetime) -> None:
    proposer = office.person(found.proposed_by)
    if proposer is not None:
        key = f"proposal:{office.office}:{found.id}:answer"
        queue(tx, to_person("tell", key, proposer, said[:LONGEST_REASON]), office.office, "", at)


def _proposal(row: Any) -> Proposal:
    return Proposal(
        row.id, row.base, row.reason, row.text, row.digest, row.state, row.proposed_by,
        row.proposed_at, row.decided_by, row.decided_at, row.said, row.version,
    )  # fmt: skip
