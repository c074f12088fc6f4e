"""证据 — what may found the facts, and whether it is enough."""

from __future__ import annotations

from policies.articles import ALE, APL
from policies.casefile import Evidence, EvidenceKind
from policies.core import (
    Level,
    Verdict,
    does_not_apply,
    fails,
    holds,
    needs_judgement,
    policy,
    unstated,
)
from policies.facts import Facts
from policies.lawbook import LawBook

FACE_TO_FACE = frozenset({EvidenceKind.SCENE, EvidenceKind.PARTY, EvidenceKind.WITNESS})
"""Kinds that are taken from people or on the spot, with the certificate shown."""

MADE_BY_US = FACE_TO_FACE | {EvidenceKind.EXPERT}
"""Kinds that come into being in the investigation, so that none can be older than the act."""


@policy(
    "evidence.elements_proved",
    title="每项违法事实都有证据",
    rules=["R080"],
    cites=[APL(40), APL(54)],
    needs_form=False,
)
def elements_proved(facts: Facts, law: LawBook) -> Verdict:
    """Facts that are unclear or thinly proved cannot found a penalty."""
    proposal = facts.case.proposal
    if proposal is None or not proposal.elements:
        if facts.case.silent:
            return unstated("逐项的违法事实要素")
        return fails("没有列出要证明的违法事实。", remedy="逐项列出违法事实。", by=facts.handlers)
    relied = facts.case.relied_on()
    proved = {element for item in relied for element in item.elements}
    bare = [e for e in proposal.elements if e not in proved]
    if bare and not relied and facts.case.silent:
        return unstated("证据")
    if bare:
        return fails(
            f"没有证据证明：{'、'.join(bare)}。",
            remedy="补充证据，或从拟认定的事实中删去。",
            by=facts.handlers,
        )
    return holds(f"{len(proposal.elements)} 项事实各有证据，共 {len(relied)} 份。")


@policy(
    "evidence.verified_and_lawful",
    title="据以定案的证据已查证属实且合法",
    rules=["R082", "R083"],
    cites=[APL(46), ALE(57), ALE(58)],
)
def verified_and_lawful(facts: Facts, law: LawBook) -> Verdict:
    """Only evidence that was verified and lawfully obtained founds the facts."""
    relied = facts.case.relied_on()
    if not relied:
        if facts.case.silent:
            return unstated("据以定案的证据")
        return fails("拟处罚意见没有引用证据。", remedy="引用据以定案的证据。", by=facts.handlers)
    unlawful = [e.name for e in relied if not e.lawful or e.irregular]
    open_ = [e.name for e in relied if not e.verified_by]
    if unlawful:
        return fails(
            f"不得作为依据的证据：{'、'.join(unlawful)}。",
            remedy="不再引用这些证据，合法地重新取证。",
            by=facts.handlers,
        )
    if open_ and facts.case.silent:
        return unstated("证据的查证")
    if open_:
        return fails(f"尚未查证：{'、'.join(open_)}。", remedy="逐份查证属实。", by=facts.handlers)
    return holds(f"引用的 {len(relied)} 份证据均已查证。")


@policy(
    "evidence.certificate_shown",
    title="笔录记明已出示执法证件",
    rules=["R042"],
    cites=[APL(55)],
)
def certificate_shown(facts: Facts, law: LawBook) -> Verdict:
    """A record taken without showing the certificate cannot be used; shown only on video is a doubt."""
    relied = [e for e in facts.case.relied_on() if e.kind in FACE_TO_FACE]
    if not relied:
        return does_not_apply("没有引用当面制作的笔录。")
    handed_in = [e.name for e in relied if _handed_in(e)]
    missing = [
        e.name
        for e in relied
        if e.certificate_shown in ("not_shown", "not_needed") and e.name not in handed_in
    ]
    if (missing or handed_in) and facts.case.silent:
        return unstated("亮证情况")
    if missing:
        return fails(
            f"没有记明出示执法证件：{'、'.join(missing)}。",
            remedy="不再引用，或出示证件后重新制作笔录。",
            by=facts.handlers,
        )
    video = [e.name for e in relied if e.certificate_shown == "on_video"]
    if video:
        return needs_judgement(f"只有录像显示出示了证件：{'、'.join(video)}。")
    if handed_in:
        return needs_judgement(
            f"没有在场执法人员，须确认是自行书写提交的：{'、'.join(handed_in)}。"
        )
    return holds("当面制作的笔录均记明出示了执法证件。")


def _handed_in(item: Evidence) -> bool:
    """A statement without officers: written alone and handed in, if a person confirms it."""
    return (
        item.kind is not EvidenceKind.SCENE
        and not item.officers
        and item.certificate_shown == "not_needed"
    )


@policy(
    "evidence.dates_possible",
    title="取证日期不早于违法行为",
    rules=["R084"],
    cites=[APL(46)],
    any_edition=True,
)
def dates_possible(facts: Facts, law: LawBook) -> Verdict:
    """An inquiry dated before the violation is impossible; an older picture or thing may be lawful."""
    act = facts.case.act
    began = act.began if act else None
    if began is None:
        return does_not_apply("没有记录行为开始的日期。")
    early = [
        e
        for e in facts.case.relied_on()
        if e.kind is not EvidenceKind.DOCUMENT and e.taken_on < began
    ]
    named = "、".join(f"{e.name}（{e.taken_on}）" for e in early)
    if any(e.kind in MADE_BY_US for e in early):
        return fails(
            f"取证日期早于行为开始的 {began}：{named}。",
            remedy="核对原件上的日期；写错的，重新登记该份证据并说明，拟处罚意见不再引用原来的一份。",
            by=facts.handlers,
        )
    if early:
        return needs_judgement(f"取得日期早于行为开始的 {began}，是否用于对比须由人判断：{named}。")
    return holds(f"取证日期均不早于 {began}。")


@policy(
    "evidence.recorder_worn",
    title="现场执法有音像记录",
    rules=["R291", "R290"],
    cites=[APL(47)],
    level=Level.WARN,
    needs_form=True,
)
def recorder_worn(facts: Facts, law: LawBook) -> Verdict:
    """Work on the spot is recorded in picture and sound; without it, say why."""
    newest = facts.case.evidence[-1] if facts.case.evidence else None
    if newest is None or newest.kind is not EvidenceKind.SCENE:
        return does_not_apply("不是现场执法记录。")
    if newest.recorder:
        return holds(f"记录仪 {newest.recorder}。")
    return fails(
        f"“{newest.name}”没有登记执法记录仪编号。",
        remedy="补登记录仪编号；没有音像记录的，写明原因。",
        by=facts.handlers,
    )


@policy(
    "evidence.photo_described",
    title="照片、录像注明时间地点和拍摄人",
    rules=["R084"],
    cites=[APL(46), ALE(12)],
    level=Level.WARN,
    needs_form=True,
)
def photo_described(facts: Facts, law: LawBook) -> Verdict:
    """A picture without time, place and maker proves little."""
    newest = facts.case.evidence[-1] if facts.case.evidence else None
    if newest is None or newest.kind is not EvidenceKind.AUDIOVISUAL:
        return does_not_apply("不是照片、录像。")
    if newest.place and newest.maker:
        return holds(f"{newest.taken_on}，{newest.place}，{newest.maker}摄。")
    return fails(
        f"“{newest.name}”没有注明拍摄地点或者拍摄人。",
        remedy="补注时间、地点、拍摄人。",
        by=facts.handlers,
    )


@policy(
    "evidence.before_decision",
    title="证据在决定之前取得",
    rules=["R083"],
    cites=[APL(54), APL(57), ALE(60)],
)
def before_decision(facts: Facts, law: LawBook) -> Verdict:
    """Evidence gathered after the decision cannot support it."""
    decision = facts.case.decision
    day = decision.date if decision else facts.as_of
    late = [e.name for e in facts.case.relied_on() if e.taken_on > day]
    if decision and decision.undated and not late:
        return unstated("决定日期")
    if late:
        return fails(
            f"取得日期晚于 {day}：{'、'.join(late)}。",
            remedy="不得引用决定之后取得的证据。",
            by=facts.handlers,
        )
    return holds(f"引用的证据均取得于 {day} 以前。")


@policy(
    "correction.ordered",
    title="已责令改正",
    rules=["R028"],
    cites=[APL(28)],
)
def correction_ordered(facts: Facts, law: LawBook) -> Verdict:
    """The party is ordered to correct, unless nothing is left to correct and that is recorded."""
    correction = facts.case.correction
    if correction and correction.ordered_on:
        return holds(f"{correction.ordered_on} 责令改正：{correction.content}")
    if correction and correction.nothing_left:
        return holds(f"没有需要改正的：{correction.nothing_left}")
    decision = facts.case.decision
    if decision and any("责令" in c and "改正" in c for c in decision.contents):
        return holds(f"{decision.date} 的决定书同时责令改正。")
    if facts.case.silent:
        return unstated("责令改正")
    return fails(
        "案卷没有责令改正的记录。",
        remedy="送达责令改正通知书，或者在决定书中一并责令改正；行为已终了、无可改正的，记明理由。",
        by=facts.handlers,
    )
