"""What programs read of the office file, and how they propose, sign and give back a changed one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field, model_validator

from policies.office import Person
from workflow import accounts, administration, proposals
from workflow.database import reading
from workflow.errors import NotYourMove
from workflow.forms import Form, OptionalLines, check_text
from workflow.times import beijing
from workflow.web.api.bodies import Body, read_form
from workflow.web.api.calling import Caller, Who
from workflow.web.api.openapi import ALWAYS, responses, writing
from workflow.web.api.paging import Asked, page
from workflow.web.numbers import Number

router = APIRouter(prefix="/office", responses=ALWAYS, tags=["office"])


def reader(who: Who) -> Person:
    """The caller, who may read what the office is made of."""
    person = who.person()
    if not person.has(*administration.READERS):
        raise NotYourMove(f"机关文件不给{person.title}看。")
    return person


Reader = Annotated[Person, Depends(reader)]


class Exact(Form):
    """A form whose texts are taken as they are, spaces and all."""

    model_config = ConfigDict(str_strip_whitespace=False)


class Changed(Exact):
    """A changed office file, which is longer than any other text; `base` is the version that it changes."""

    base: int = Field(ge=1, le=1_000_000_000, description="改的是第几版")
    text: str = Field(min_length=1, description="整份机关文件，YAML")
    reason: OptionalLines = Field(default="", description="为什么改，依据什么文件；必填")

    @model_validator(mode="before")
    @classmethod
    def _readable(cls, data: Any) -> Any:
        check_text({key: value for key, value in dict(data).items() if key != "text"})
        return data


class Signature(Exact):
    """Who signs, for exactly which file."""

    digest: str = Field(min_length=64, max_length=64, description="所签文件的摘要")
    signed_with: str = Field(min_length=1, max_length=512, description="签字人的密码或者动态口令")


class Answer(Form):
    """Why it is given back."""

    said: OptionalLines = Field(default="", description="为什么退回、要怎样改；撤回自己的可以不写")


@router.get("", summary="机关文件")
def read_office(who: Who, person: Reader) -> JSONResponse:
    """The version in force, without the addresses of its people: of each only which channels they have."""
    with reading(who.fashen.engine) as tx:
        bureau = who.fashen.bureau(tx, who.office)
    told = bureau.office.model_dump(mode="json", by_alias=True)
    for row in told["people"]:
        row["reach"] = sorted(row["reach"])
    return JSONResponse({"version": bureau.version, "office": told})


@router.get("/proposals", summary="提出的改动")
def list_proposals(who: Who, person: Reader, asked: Asked) -> JSONResponse:
    """The newest first, without their texts."""
    found, newest = proposals.listed(who.fashen, who.office, limit=asked.limit, offset=asked.offset)
    items = [_told(p, newest) for p in found]
    return page(items, proposals.count(who.fashen, who.office), asked, version=newest)


@router.post(
    "/proposals", summary="提出改动", status_code=201,
    responses=responses(409, 413, 415), openapi_extra=writing([], Changed),
)  # fmt: skip
def propose(request: Request, who: Who, person: Reader, body: Body) -> JSONResponse:
    """Hand in a changed file; it counts only when somebody else has signed."""
    form = read_form(request, who, body, Changed, "提出改动")
    made = proposals.propose(
        who.fashen, who.office, person, base=form.base, text=form.text, reason=form.reason
    )
    headers = {"Location": f"{request.url.path}/{made}"}
    return JSONResponse(_read(who, person, made), 201, headers)


@router.get("/proposals/{proposal}", summary="一份改动", responses=responses(404))
def read_proposal(who: Who, person: Reader, proposal: Number) -> JSONResponse:
    """What it changes in words; the whole text for who proposes or signs."""
    return JSONResponse(_read(who, person, proposal))


@router.post(
    "/proposals/{proposal}/sign", summary="签字载入",
    responses=responses(404, 409, 413, 415), openapi_extra=writing([], Signature),
)  # fmt: skip
def sign(request: Request, who: Who, person: Reader, proposal: Number, body: Body) -> JSONResponse:
    """As the second person, with the password beside the token; it is loaded at once."""
    form = read_form(request, who, body, Signature, "签字")
    found = proposals.read(who.fashen, who.office, proposal)
    with reading(who.fashen.engine) as tx:
        proposals.may_sign(who.fashen.bureau(tx, who.office).office, person, found.proposal)
    accounts.confirm(who.fashen, who.office, person.id, form.signed_with)
    proposals.sign(who.fashen, who.office, person, proposal, form.digest)
    return JSONResponse(_read(who, person, proposal))


@router.post(
    "/proposals/{proposal}/decline", summary="退回或者撤回",
    responses=responses(404, 409, 413, 415), openapi_extra=writing([], Answer),
)  # fmt: skip
def decline(
    request: Request, who: Who, person: Reader, proposal: Number, body: Body
) -> JSONResponse:
    """A signer gives it back with a reason; who proposed it takes it back."""
    form = read_form(request, who, body, Answer, "退回")
    proposals.decline(who.fashen, who.office, person, proposal, form.said)
    return JSONResponse(_read(who, person, proposal))


def _read(who: Caller, person: Person, id: int) -> dict[str, Any]:
    found = proposals.read(who.fashen, who.office, id)
    told = _told(found.proposal, found.newest)
    told["differences"] = [d.as_dict() for d in found.differences]
    told["warnings"] = list(found.warnings)
    if person.has(*proposals.PROPOSERS, *proposals.SIGNERS):
        told["text"] = found.proposal.text
    return told


def _told(p: proposals.Proposal, newest: int) -> dict[str, Any]:
    return {
        "id": p.id,
        "base": p.base,
        "reason": p.reason,
        "digest": p.digest,
        "state": "stale" if p.stale(newest) else p.state,
        "label": p.label(newest),
        "proposed_by": p.proposed_by,
        "proposed_at": beijing(p.proposed_at).isoformat(),
        "decided_by": p.decided_by,
        "decided_at": beijing(p.decided_at).isoformat() if p.decided_at else None,
        "said": p.said,
        "version": p.version,
    }
