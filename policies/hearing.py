"""听证 — who must be told of it, when it may be asked for, and how it binds the decision."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from policies.articles import APL
from policies.calendar import ONE_DAY
from policies.casefile import Hearing
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
from policies.lawbook import LawBook, Parameter

GRAVE_KINDS = frozenset(
    {
        "没收违法所得",
        "没收非法财物",
        "降低资质等级",
        "吊销许可证件",
        "责令停产停业",
        "责令关闭",
        "限制从业",
        # The same as the articles of the power list word them; 停工 too, to be safe.
        "没收烧烤工具",
        "没收实物",
        "没收违法收入",
        "责令停业",
        "责令停业整治",
        "责令停产整治",
        "责令限制生产",
        "责令停工整治",
        "责令暂停施工",
    }
)
"""Kinds beside a large fine for which the right must be told; small confiscations too, to be safe."""


def threshold(facts: Facts, law: LawBook) -> Parameter | None:
    """What counts as a large fine for this party, or None where nobody has set it."""
    return law.on(facts.as_of).find(f"hearing.threshold.{facts.limits_of(law)}")


def right_reason(facts: Facts, law: LawBook) -> str | None:
    """Why the party must be told of the right to a hearing; None when it need not be."""
    proposal = facts.case.proposal
    if proposal is None:
        return None
    grave = [k for k in proposal.kinds if k in GRAVE_KINDS]
    if grave:
        return f"拟处罚种类有{'、'.join(grave)}"
    limit = threshold(facts, law)
    if limit is None:
        return "本机关没有确认较大数额的标准，罚款案件一律告知听证权利" if proposal.fine else None
    if proposal.fine >= Decimal(str(limit.value)):
        return f"拟罚 {proposal.fine} 元，已达 {limit.value} 元（{limit.cite}）"
    return None


@policy(
    "hearing.right_told",
    title="听证权利已告知",
    rules=["R136", "R137"],
    cites=[APL(63)],
    needs_form=True,
)
def right_told(facts: Facts, law: LawBook) -> Verdict:
    """A large fine or another grave penalty may follow only after the party was told of the hearing."""
    why = right_reason(facts, law)
    if why is None:
        return does_not_apply("不属于应当告知听证权利的处罚。")
    notice = facts.case.notices[-1] if facts.case.notices else None
    if notice and notice.irregular and not facts.irregular:
        notice = facts.case.notice
    if notice and notice.hearing_told:
        return holds(f"{why}；{notice.served_on} 的告知书已告知听证权利。")
    if facts.case.silent:
        return unstated("听证权利的告知")
    return fails(
        f"{why}，但没有告知听证权利。",
        remedy="送达听证告知书。",
        by=facts.handlers,
    )


def request_ends(facts: Facts, law: LawBook) -> tuple[date, str] | None:
    """The last day to ask for a hearing; None when the party was not told of one."""
    notice = facts.case.notice
    if notice is None or not notice.hearing_told:
        return None
    period = law.on(notice.served_on)["hearing.request"]
    return facts.calendar.count(notice.served_on, period.span).rolled, period.cite


@policy(
    "hearing.request_window_closed",
    title="听证申请期限已满",
    rules=["R139"],
    cites=[APL(64, "第（一）项"), APL(85)],
)
def request_window_closed(facts: Facts, law: LawBook) -> Verdict:
    """The party has five working days after the notice to ask for a hearing."""
    case = facts.case
    ends = request_ends(facts, law)
    if ends is None:
        return does_not_apply("没有告知听证权利，期限没有起算。")
    assert case.notice is not None
    # A request or a waiver made before this notice was about another one.
    told = case.notice.served_on
    if case.hearing is not None and case.hearing.requested_on >= told:
        return holds(f"当事人已于 {case.hearing.requested_on} 申请听证。")
    waiver = case.waived("hearing")
    if waiver and waiver.on >= told:
        return holds(f"当事人于 {waiver.on} 明确放弃听证（{waiver.proof}）。")
    last, cite = ends
    day = case.decision.date if case.decision else facts.as_of
    if day > last and case.decision and case.decision.undated:
        return unstated("决定日期")
    if day > last:
        return holds(f"听证申请期限至 {last}（{cite}），已满，当事人没有申请。")
    return fails(
        f"告知书于 {told} 送达，听证申请期限至 {last}（{cite}），还没有届满。",
        remedy="等期限届满，或由当事人书面放弃听证。",
        by="当事人",
        day=last + ONE_DAY,
    )


@policy(
    "hearing.requested_in_time",
    title="在期限内申请听证",
    rules=["R139"],
    cites=[APL(64, "第（一）项")],
    level=Level.WARN,
    needs_form=True,
)
def requested_in_time(facts: Facts, law: LawBook) -> Verdict:
    """A late request may still be granted, with the reason on record."""
    hearing, ends = facts.case.hearing, request_ends(facts, law)
    if hearing is None or ends is None:
        return does_not_apply("没有可以比较的期限。")
    last, cite = ends
    if hearing.requested_on <= last:
        return holds(f"申请期限至 {last}（{cite}），{hearing.requested_on} 提出。")
    return fails(
        f"申请期限至 {last}（{cite}），{hearing.requested_on} 才提出。",
        remedy="仍然准许的，写明理由。",
        by=facts.who("head"),
    )


@policy(
    "hearing.held_when_requested",
    title="当事人申请的听证已结束",
    rules=["R136", "R144", "R145"],
    cites=[APL(63), APL(65)],
)
def held_when_requested(facts: Facts, law: LawBook) -> Verdict:
    """Who asks for a hearing gets one before the decision; staying away from it ends it."""
    hearing = facts.case.hearing
    if hearing is None:
        return does_not_apply("当事人没有申请听证。")
    if hearing.ended_as == "withdrawn":
        return holds(f"当事人于 {hearing.reported_on} 撤回听证申请（{hearing.record}）。")
    if hearing.ended_as == "party_absent" and _could_attend(hearing):
        return holds(f"当事人无正当理由未出席 {hearing.held_on} 的听证，听证终止。")
    if hearing.ended_as != "party_absent" and hearing.reported_on:
        return holds(f"听证已于 {hearing.held_on} 举行，{hearing.reported_on} 写出报告。")
    if facts.case.silent:
        return unstated("听证的举行")
    if hearing.ended_as == "party_absent":
        return fails(
            "听证还没有安排、通知或者还没有到日期，不能算当事人缺席。",
            remedy="重新告知，当事人要求的，通知时间、地点后举行听证。",
            by=facts.who("head"),
        )
    return fails(
        "当事人申请了听证，听证还没有举行完毕。",
        remedy="组织听证，制作笔录和报告。",
        by=hearing.chair_name or facts.who("head"),
    )


def _could_attend(hearing: Hearing) -> bool:
    """Whoever was never told of a day, or whose day has not come, has not stayed away (罚64(六))."""
    days = hearing.notified_on, hearing.held_on, hearing.reported_on
    return all(days) and hearing.held_on <= hearing.reported_on  # type: ignore[operator]


@policy(
    "hearing.notice_in_time",
    title="听证七个工作日前通知",
    rules=["R140"],
    cites=[APL(64, "第（二）项"), APL(85)],
    needs_form=True,
)
def notice_in_time(facts: Facts, law: LawBook) -> Verdict:
    """Time and place are notified at least seven working days before the hearing."""
    hearing = facts.case.hearing
    if hearing is None or hearing.held_on is None or hearing.notified_on is None:
        return does_not_apply("还没有听证日期。")
    period = law.on(hearing.notified_on)["hearing.notice_before"]
    earliest = facts.calendar.count(hearing.notified_on, period.span).due
    if hearing.held_on >= earliest:
        return holds(f"{hearing.notified_on} 通知，{hearing.held_on} 听证，间隔符合规定。")
    moved = hearing.postponed[-1] if hearing.postponed else None
    if moved and moved.wished and moved.on == hearing.notified_on:
        # The seven days are the party's time to prepare; whether it may shorten them no text says.
        return needs_judgement(
            f"当事人书面要求改期，{hearing.notified_on} 通知，{hearing.held_on} 听证，"
            f"不足 {period.value} 个工作日（{period.cite}）。"
        )
    return fails(
        f"{hearing.notified_on} 通知，听证定在 {hearing.held_on}，"
        f"不足 {period.value} 个工作日（{period.cite}）。",
        remedy=f"听证改在 {earliest} 以后。",
        by=facts.who("chair", "head"),
        day=earliest,
    )


@policy(
    "hearing.evidence_heard",
    title="不利证据经过听证质证",
    rules=["R146"],
    cites=[APL(65)],
)
def evidence_heard(facts: Facts, law: LawBook) -> Verdict:
    """After a hearing the decision rests on its record; only what favours the party may come later."""
    hearing = facts.case.hearing
    if hearing is None or hearing.ended_as != "held":
        return does_not_apply("本案没有举行听证。")
    unheard = [e for e in facts.case.relied_on() if e.id not in hearing.heard_evidence]
    names = "、".join(e.name for e in unheard)
    if unheard and facts.case.silent:
        return unstated("听证会上出示的证据")
    if any(hearing.held_on is None or e.taken_on <= hearing.held_on for e in unheard):
        return fails(
            f"没有在听证会上出示：{names}。",
            remedy="不引用这些证据，或再次听证质证。",
            by=facts.handlers,
        )
    if unheard:
        return needs_judgement(
            f"听证之后取得、没有质证：{names}；对当事人有利的，或者已重新告知听证权利的，可以采用。"
        )
    return holds("引用的证据均经过听证质证。")


@policy(
    "hearing.recorded",
    title="听证已举行并有笔录",
    rules=["R145"],
    cites=[APL(64, "第（八）项")],
)
def recorded(facts: Facts, law: LawBook) -> Verdict:
    """A report rests on a hearing that took place and was recorded."""
    hearing = facts.case.hearing
    if hearing and hearing.held_on and hearing.record:
        return holds(f"听证于 {hearing.held_on} 举行，有笔录。")
    if facts.case.silent:
        return unstated("听证笔录")
    return fails(
        "还没有听证笔录。",
        remedy="举行听证并制作笔录；当事人无正当理由不到的，终止听证。",
        by=facts.who("chair", "head"),
    )


@policy(
    "hearing.agents_at_most_two",
    title="代理人不超过两名，有委托书",
    rules=["R143"],
    cites=[APL(64, "第（五）项")],
    needs_form=True,
)
def agents_at_most_two(facts: Facts, law: LawBook) -> Verdict:
    """The party comes itself or sends one or two agents with a mandate."""
    hearing = facts.case.hearing
    if hearing is None or not hearing.agents:
        return does_not_apply("当事人没有委托代理人。")
    most = int(law.on(facts.as_of)["hearing.agents_max"].value)
    if len(hearing.agents) > most:
        return fails(
            f"委托了 {len(hearing.agents)} 名代理人，最多 {most} 名。",
            remedy=f"由当事人确定其中不超过 {most} 名参加。",
            by="当事人",
        )
    if not hearing.mandate:
        return fails(
            "没有代理人的委托书。",
            remedy="提交委托书，或者由当事人当场委托并记入笔录。",
            by="当事人",
        )
    return holds(f"{len(hearing.agents)} 名代理人，{hearing.mandate}。")


@policy(
    "hearing.others_told",
    title="第三人已通知听证的时间、地点",
    rules=["R140"],
    cites=[APL(64, "第（二）项")],
    needs_form=True,
)
def others_told(facts: Facts, law: LawBook) -> Verdict:
    """Time and place are told to the party and to the others concerned who are on file."""
    hearing = facts.case.hearing
    if hearing is None or not facts.case.third_parties or hearing.notified_on is None:
        return does_not_apply("没有登记第三人。")
    if hearing.others_told:
        return holds(f"{len(facts.case.third_parties)} 名第三人已通知。")
    return fails(
        f"登记了 {len(facts.case.third_parties)} 名第三人，没有通知听证的时间、地点。",
        remedy="七个工作日前一并通知第三人。",
        by=facts.who("chair", "head"),
    )


@policy(
    "hearing.record_signed",
    title="听证笔录已签名或者注明拒签",
    rules=["R145"],
    cites=[APL(64, "第（八）项")],
)
def record_signed(facts: Facts, law: LawBook) -> Verdict:
    """The party checks and signs the record; where it refuses the chair notes so."""
    hearing = facts.case.hearing
    if hearing is None or not hearing.record or not hearing.record_signed:
        return does_not_apply("没有登记听证笔录的签名情况。")
    if hearing.record_signed == "signed":
        return holds("当事人或者代理人核对笔录后已签名。")
    if hearing.refusal_noted:
        return holds(f"拒绝签名，主持人注明：{hearing.refusal_noted}")
    return fails(
        "当事人拒绝在笔录上签名，主持人没有注明。",
        remedy="由主持人在笔录中注明拒签的情况。",
        by=hearing.chair_name or facts.who("chair"),
    )
