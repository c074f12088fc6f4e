"""机关文件 — propose a changed office file, read in words what it changes, and sign for it as a second person."""

from __future__ import annotations

import re

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from workflow import administration, officefile, proposals
from workflow.errors import FashenError, FieldError, Malformed
from workflow.web.numbers import Number
from workflow.web.pages import signing
from workflow.web.pages.account import only
from workflow.web.pages.admin import page
from workflow.web.pages.session import Posted, Signed, Visit, text

router = APIRouter()


@router.get("/admin/office")
def show(visit: Signed) -> Response:
    """The versions so far, and what was proposed."""
    only(visit, *administration.READERS, what="管理页")
    office = visit.office.office
    every, newest = proposals.listed(visit.fashen, office)
    return page(
        visit, "office", "/admin/office", proposals=every, newest=newest,
        versions=administration.versions(visit.fashen, office), may=_may_propose(visit),
    )  # fmt: skip


def _may_propose(visit: Visit) -> bool:
    return visit.person.has(*proposals.PROPOSERS)


@router.get("/admin/office/propose")
def form(visit: Signed) -> Response:
    only(visit, *proposals.PROPOSERS, what="提出机关文件的改动")
    base, told = proposals.text_of(visit.fashen, visit.office.office)
    return _form(visit, base, told)


def _form(
    visit: Visit, base: int, told: str, reason: str = "", wrong: FashenError | None = None
) -> Response:
    errors = {e.field: e.message for e in wrong.errors} if isinstance(wrong, Malformed) else {}
    if wrong and not errors:
        errors = {"": str(wrong)}
    return page(
        visit, "propose", "/admin/office", status=wrong.status if wrong else 200, base=base,
        text=told, reason=reason, wrong=errors, excerpt=_excerpt(told, errors.get("text", "")),
    )  # fmt: skip


def _excerpt(told: str, said: str) -> list[tuple[int, str]]:
    """The line that is meant, between its neighbours."""
    found = re.search(r"第 (\d+) 行", said)
    lines, at = told.splitlines(), int(found[1]) if found else 0
    around = range(max(1, at - 1), min(len(lines), at + 1) + 1) if 0 < at <= len(lines) else ()
    return [(n, lines[n - 1][:200]) for n in around]


@router.post("/admin/office/propose")
async def propose(visit: Signed, form: Posted) -> Response:
    """From the text, or from the file where one was chosen."""
    try:
        told = await _uploaded(form) or text(form, "text").replace("\r\n", "\n")
    except Malformed as wrong:
        told = text(form, "text").replace("\r\n", "\n")
        return await run_in_threadpool(
            _form, visit, _number(form, "base"), told, text(form, "reason"), wrong
        )
    return await run_in_threadpool(_propose, visit, form, told)


async def _uploaded(form: FormData) -> str:
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return ""
    try:
        return (await file.read()).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        said = "上传的文件不是 UTF-8 编码的文字，请另存为 UTF-8 再上传"
        raise Malformed("提出改动", [FieldError("file", said)]) from None


def _propose(visit: Visit, form: FormData, told: str) -> Response:
    base, reason = _number(form, "base"), text(form, "reason")
    try:
        made = proposals.propose(
            visit.fashen, visit.office.office, visit.person, base=base, text=told, reason=reason
        )
    except (Malformed, proposals.Stale) as wrong:
        return _form(visit, base, told, reason, wrong)
    return RedirectResponse(f"/admin/proposals/{made}", 303)


def _number(form: FormData, name: str) -> int:
    told = text(form, name)
    return int(told) if re.fullmatch(r"\d{1,9}", told) else 0


# — one proposal ——————————————————————————————————————————————————————————————————————————


@router.get("/admin/proposals/{proposal}")
def read(visit: Signed, proposal: Number) -> Response:
    return _read(visit, proposal)


def _read(visit: Visit, id: int, wrong: FashenError | None = None) -> Response:
    only(visit, *administration.READERS, what="管理页")
    found = proposals.read(visit.fashen, visit.office.office, id)
    mine = found.proposal.proposed_by == visit.person.id
    open = found.proposal.state == "open"
    return page(
        visit, "proposal", "/admin/office", status=wrong.status if wrong else 200, read=found,
        p=found.proposal, mine=mine, signers=_signers(visit, found),
        may_sign=open and not mine and visit.person.has(*proposals.SIGNERS),
        may_withdraw=open and mine, wrong=_told(wrong),
        full=visit.person.has(*proposals.PROPOSERS, *proposals.SIGNERS),
    )  # fmt: skip


def _signers(visit: Visit, found: proposals.Read) -> str:
    able = visit.office.with_role(*proposals.SIGNERS)
    return "、".join(p.title for p in able if p.id != found.proposal.proposed_by)


def _told(wrong: FashenError | None) -> str:
    if isinstance(wrong, Malformed):
        return "；".join(error.message for error in wrong.errors)
    return str(wrong) if wrong else ""


@router.post("/admin/proposals/{proposal}/sign")
def sign(visit: Signed, form: Posted, proposal: Number) -> Response:
    """As the second person, with the password; what is refused leaves everything as it was."""
    only(visit, *administration.READERS, what="管理页")
    office = visit.office.office
    found = proposals.read(visit.fashen, office, proposal)
    try:
        proposals.may_sign(visit.office, visit.person, found.proposal)
        signing.confirm(visit, form)
        digest = text(form, "digest")
        proposals.sign(visit.fashen, office, visit.person, proposal, digest)
    except FashenError as wrong:
        return _read(visit, proposal, wrong)
    return RedirectResponse(f"/admin/proposals/{proposal}", 303)


@router.post("/admin/proposals/{proposal}/decline")
def decline(visit: Signed, form: Posted, proposal: Number) -> Response:
    """Given back with a reason; who proposed it takes it back."""
    only(visit, *administration.READERS, what="管理页")
    said = text(form, "said")
    try:
        proposals.decline(visit.fashen, visit.office.office, visit.person, proposal, said)
    except Malformed as wrong:
        return _read(visit, proposal, wrong)
    return RedirectResponse(f"/admin/proposals/{proposal}", 303)


# — what nobody has confirmed —————————————————————————————————————————————————————————————


@router.get("/admin/unconfirmed")
def unconfirmed(visit: Signed) -> Response:
    return _unconfirmed(visit)


def _unconfirmed(
    visit: Visit, picks: tuple[str, ...] = (), reason: str = "", wrong: FashenError | None = None
) -> Response:
    signers = visit.office.with_role(*proposals.SIGNERS)
    return page(
        visit, "unconfirmed", "/admin/unconfirmed", status=wrong.status if wrong else 200,
        rows=officefile.unconfirmed(visit.office), picks=picks, reason=reason, wrong=_told(wrong),
        may=_may_propose(visit), signers="、".join(p.title for p in signers),
    )  # fmt: skip


@router.post("/admin/unconfirmed")
def confirm(visit: Signed, form: Posted) -> Response:
    """Propose that these are confirmed; a second person signs as for any other change."""
    only(visit, *proposals.PROPOSERS, what="提出机关文件的改动")
    known = {row.pick for row in officefile.unconfirmed(visit.office)}
    picks = tuple(p for p in form.getlist("pick") if isinstance(p, str) and p in known)
    reason = text(form, "reason")
    base, told = proposals.text_of(visit.fashen, visit.office.office)
    try:
        if not picks:
            said = "请勾选至少一项看过依据的"
            raise Malformed("提出确认", [FieldError("pick", said)])
        made = proposals.propose(
            visit.fashen, visit.office.office, visit.person, base=base,
            text=officefile.confirmed(told, picks), reason=reason,
        )  # fmt: skip
    except (Malformed, proposals.Stale) as wrong:
        return _unconfirmed(visit, picks, reason, wrong)
    return RedirectResponse(f"/admin/proposals/{made}", 303)
