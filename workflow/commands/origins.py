"""案件之间 — splitting a case, deciding anew after a revocation, and a party that changes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from policies.casefile import Anew, CaseFile, Filing, PartyChange, PartyKind
from policies.facts import grounds_digest
from workflow.change import Change
from workflow.commands.intake import NameParty, name_party
from workflow.desk import Desk, command
from workflow.forms import Day, Form, Line, Lines, OptionalLine, PastDay

_SHARED = (
    "lead", "act", "power", "officers", "recusal_declared", "check", "evidence", "correction",
)  # fmt: skip


class SplitOff(NameParty):
    """分案"""

    origin: Line = Field(description="原案编号")


@command(SplitOff)
def split_off(form: SplitOff, desk: Desk) -> Change:
    """A further offender of the same matter: the same filing and evidence, its own notice and decision."""
    named = NameParty(**form.model_dump(include=set(NameParty.model_fields)))
    return _inherit(name_party(named, desk), desk, form.origin, filing=_origin(desk).filing)


class DecideAnew(Form):
    """重新处理"""

    origin: Line = Field(description="原案编号")
    because: Lines = Field(description="撤销原决定、责令重作的文书和理由")
    procedural: bool = Field(default=False, description="原决定因违反法定程序被撤销")
    ordered_on: PastDay = Field(description="文书送达本机关的日期")
    until: Day | None = Field(default=None, description="文书限定重新作出的日期；没有的不填")


@command(DecideAnew)
def decide_anew(form: DecideAnew, desk: Desk) -> Change:
    """The decision was revoked and the office must decide again (行政诉讼法 70, 行政复议法 64)."""
    before = _origin(desk)
    if before.decision is None or before.proposal is None:
        raise desk.refuse("origin", "原案没有作出过决定，没有可以重新作出的")
    if form.until and form.until < form.ordered_on:
        raise desk.refuse("until", f"{form.until} 早于 {form.ordered_on}，请改正日期")
    filing = before.filing or Filing(proposed_on=form.ordered_on)
    anew = Anew(
        **form.model_dump(),
        grounds=grounds_digest(before.proposal),
        fine=before.decision.fine,
    )
    change = desk.change().set("anew", anew)
    if before.party is not None:
        change.set("party", before.party)
    # The ninety days of the first decision are over; the document says until when this one is due.
    refiled = filing.model_copy(update={"approved_on": None})
    return _inherit(change, desk, form.origin, filing=refiled)


def _origin(desk: Desk) -> CaseFile:
    assert desk.origin is not None  # the form names it, and it was found
    return desk.origin


def _inherit(change: Change, desk: Desk, origin: str, *, filing: Filing | None) -> Change:
    """What the two cases have in common is written into the new one; each then goes its own way."""
    before = _origin(desk)
    for name in _SHARED:
        value = getattr(before, name)
        if value:
            change.set(name, list(value) if isinstance(value, tuple) else value)
    if filing is not None:
        change.set("filing", filing)
    return change.set("related", [origin])


class ChangeParty(Form):
    """当事人变更"""

    what: Literal["更名", "合并分立承继", "死亡", "终止"] = Field(description="变更的情形")
    name: OptionalLine = Field(default="", description="更名或者承继后的名称")
    proof: Line = Field(description="证明变更的文书")
    on: PastDay | None = Field(default=None, description="变更日期；空为办理之日")


@command(ChangeParty)
def change_party(form: ChangeParty, desk: Desk) -> Change:
    """The party has a new name, a successor, or none; the file shows both and the paper."""
    party = desk.case.party
    if party is None:
        raise desk.refuse("what", "还没有登记当事人；先办“登记当事人”")
    renamed = form.what in ("更名", "合并分立承继")
    if renamed and not form.name:
        raise desk.refuse("name", "请填写更名或者承继后的名称")
    after = form.name
    if form.name and party.kind is PartyKind.CITIZEN:
        after = desk.seal("name", form.name)
    change = desk.change().append(
        "party_changes",
        PartyChange(
            on=form.on or desk.as_of,
            what=form.what,
            before=party.name,
            after=after,
            proof=form.proof,
        ),
    )
    return change.set("party/name", after) if renamed else change
