"""申请与批准 — recusal, postponement of payment, extension and suspension: asked by one, decided by the head."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from pydantic import Field

from policies.document import Thing, Yuan
from policies.dues import unpaid
from policies.things import Deferral, Extension, Instalment, Recusal, Suspension
from workflow.change import Change
from workflow.desk import Desk, command
from workflow.forms import Day, Form, Line, Lines, OptionalLine, PastDay


class Deciding(Form):
    """批准或者不批准"""

    item: OptionalLine = Field(default="", description="哪一件申请（编号）；只有一件的不填")
    why: Lines = Field(description="理由")


def _decide(
    desk: Desk, where: str, things: Sequence[Thing], form: Deciding, **more: object
) -> Change:
    n, thing = desk.pick(things, form.item)
    update = {"decided_on": desk.as_of, "why": form.why, **more}
    changed = thing.model_copy(update=update)
    return desk.change().replace(f"{where}/{n}", changed).about(thing.id)


def _ask(desk: Desk, where: str, thing: Thing) -> Change:
    change = desk.change().append(where, thing).about(thing.id)
    change.made = thing.id
    return change


# — 回避 ——————————————————————————————————————————————————————————————————————————————————


class AskRecusal(Form):
    """申请回避"""

    person: Line = Field(description="谁应当回避（人员编号）")
    asked_by: Literal["当事人", "本人", "机关"] = Field(default="当事人", description="谁提出")
    reason: Lines = Field(description="理由")


@command(AskRecusal)
def ask_recusal(form: AskRecusal, desk: Desk) -> Change:
    """Somebody asks that an officer stay out; the investigation goes on meanwhile (行政处罚法 43)."""
    recusal = Recusal(
        id=f"c{len(desk.case.recusals) + 1}",
        person=desk.person("person", form.person).id,
        asked_by=form.asked_by,
        reason=form.reason,
        asked_on=desk.as_of,
    )
    return _ask(desk, "recusals", recusal)


@command(Deciding)
def grant_recusal(form: Deciding, desk: Desk) -> Change:
    """The head decides that the person stays out; somebody else must be assigned."""
    change = _decide(desk, "recusals", desk.case.recusals, form, decided_by=desk.actor.id)
    person = next(r.person for r in desk.case.recusals if r.id == change.item)
    needed = dict.fromkeys((*desk.case.recusal_needed, person))
    return change.set("recusal_needed", list(needed))


@command(Deciding)
def refuse_recusal(form: Deciding, desk: Desk) -> Change:
    """The head finds no reason to stay out."""
    return _decide(desk, "recusals", desk.case.recusals, form, decided_by=desk.actor.id)


# — 暂缓、分期 ————————————————————————————————————————————————————————————————————————————


class Part(Form):
    """一期"""

    due: Day = Field(description="缴纳日期")
    amount: Yuan = Field(gt=0, description="金额（元）")


class AskDeferral(Form):
    """申请暂缓分期"""

    reason: Lines = Field(description="确有经济困难的情况和证明")
    instalments: tuple[Part, ...] = Field(
        min_length=1, max_length=36, description="各期日期和金额；暂缓的写一期"
    )
    asked_on: PastDay | None = Field(default=None, description="申请日期；空为办理之日")


@command(AskDeferral)
def ask_deferral(form: AskDeferral, desk: Desk) -> Change:
    """The party asks to pay later or in parts (行政处罚法 66)."""
    parts = tuple(Instalment(due=p.due, amount=p.amount) for p in form.instalments)
    _make_up(desk, "instalments", parts)
    deferral = Deferral(
        id=f"d{len(desk.case.deferrals) + 1}",
        asked_on=form.asked_on or desk.as_of,
        reason=form.reason,
        instalments=parts,
    )
    return _ask(desk, "deferrals", deferral)


def _make_up(desk: Desk, field: str, parts: tuple[Instalment, ...]) -> None:
    """The parts are those of what is still to be paid, no more and no less."""
    total, open_ = sum((p.amount for p in parts), Decimal(0)), unpaid(desk.case)
    if total != open_:
        said = f"各期合计 {total} 元，还没有缴的罚款是 {open_} 元，两者应当相等"
        raise desk.refuse(field, f"{said}；已经缴的先登记，数额有变化的重新申请")


@command(Deciding)
def grant_deferral(form: Deciding, desk: Desk) -> Change:
    """The head approves; the plan's dates stand in place of the fifteen days."""
    _, asked = desk.pick(desk.case.deferrals, form.item)
    _make_up(desk, "item", asked.instalments)
    return _decide(desk, "deferrals", desk.case.deferrals, form, decided_by=desk.actor.id)


@command(Deciding)
def refuse_deferral(form: Deciding, desk: Desk) -> Change:
    """The head does not approve; the fifteen days go on."""
    return _decide(desk, "deferrals", desk.case.deferrals, form, decided_by=desk.actor.id)


# — 延期 ——————————————————————————————————————————————————————————————————————————————————


class AskExtension(Form):
    """申请延期"""

    days: int = Field(ge=1, le=365, description="延长的天数（自然日）")
    reason: Lines = Field(description="不能在期限内决定的理由")


@command(AskExtension)
def ask_extension(form: AskExtension, desk: Desk) -> Change:
    """The officers ask for more time, where a rule of the item gives it (行政处罚法 60)."""
    extension = Extension(
        id=f"t{len(desk.case.extensions) + 1}",
        days=form.days,
        reason=form.reason,
        asked_on=desk.as_of,
    )
    return _ask(desk, "extensions", extension)


class GrantExtension(Deciding):
    """批准延期"""

    collective: bool = Field(default=False, description="经负责人集体讨论")


@command(GrantExtension)
def grant_extension(form: GrantExtension, desk: Desk) -> Change:
    """More time, approved before the end; what the rule does not allow moves no date."""
    by = "collective" if form.collective else "head"
    return _decide(desk, "extensions", desk.case.extensions, form, approved_by=by)


@command(Deciding)
def refuse_extension(form: Deciding, desk: Desk) -> Change:
    """No more time."""
    return _decide(desk, "extensions", desk.case.extensions, form)


# — 中止 ——————————————————————————————————————————————————————————————————————————————————


class SuspendCase(Form):
    """中止调查"""

    reason: Line = Field(description="中止的事由：检测、鉴定、公告、须以另案结果为依据等")
    account: Lines = Field(description="情况说明")


@command(SuspendCase)
def suspend_case(form: SuspendCase, desk: Desk) -> Change:
    """The investigation cannot go on for now; whether the clock stops is another question (罚60)."""
    suspension = Suspension(
        id=f"p{len(desk.case.suspensions) + 1}",
        reason=form.reason,
        account=form.account,
        since=desk.as_of,
        approved_by=desk.actor.id,
    )
    return _ask(desk, "suspensions", suspension)


class ResumeCase(Form):
    """恢复调查"""

    item: OptionalLine = Field(default="", description="哪一次中止（编号）；只有一次的不填")
    because: Lines = Field(description="恢复的情况")
    proof: OptionalLine = Field(default="", description="证明起止的文书")


@command(ResumeCase)
def resume_case(form: ResumeCase, desk: Desk) -> Change:
    """On with the investigation; with the proof of both ends the days between may not count."""
    n, suspension = desk.pick(desk.case.suspensions, form.item)
    if desk.as_of < suspension.since:
        raise desk.refuse(
            "at", f"恢复的日期 {desk.as_of} 早于中止的 {suspension.since}，请改正发生时间"
        )
    update = {"until": desk.as_of, "resumed_because": form.because, "proof": form.proof}
    changed = suspension.model_copy(update=update)
    return desk.change().replace(f"suspensions/{n}", changed).about(suspension.id)
