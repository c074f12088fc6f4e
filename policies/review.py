"""法制审核 — no penalty in the ordinary procedure without a passed review of what is decided."""

from __future__ import annotations

from dataclasses import dataclass

from policies.articles import APL
from policies.core import (
    Level,
    Outcome,
    Verdict,
    does_not_apply,
    fails,
    holds,
    policy,
    unstated,
)
from policies.facts import Facts, proposal_digest
from policies.lawbook import LawBook

ITEMS = (
    "主体与职权",
    "人员资格",
    "程序",
    "事实",
    "证据",
    "依据与裁量",
    "权限",
    "文书",
    "是否涉嫌犯罪",
)
"""The nine items that an opinion answers, in the order of the form."""

MATERIALS = ("调查终结报告", "拟处罚意见", "证据材料", "执法依据", "程序材料")
"""What a complete package holds."""


RETURNS = {
    "correct": "建议改正",
    "investigate": "建议补充调查",
    "transfer": "建议移送",
    "disagree": "不同意",
}
"""What a return can ask for; a pass says 同意."""


@policy(
    "review.proposal_signed",
    title="调查终结报告由两名以上承办人签名",
    rules=["R110"],
    cites=[APL(57)],
)
def proposal_signed(facts: Facts, law: LawBook) -> Verdict:
    """The investigation ends with a report that at least two officers sign."""
    proposal = facts.case.proposal
    if proposal is None:
        if facts.case.silent:
            return unstated("调查终结报告")
        return fails("没有调查终结报告。", remedy="写出报告和拟处罚意见。", by=facts.handlers)
    signed = [i for i in dict.fromkeys(proposal.signed_by) if i in facts.case.officers]
    if len(signed) >= 2:
        return holds("调查终结报告已由两名承办人签名。")
    if facts.case.silent:
        return unstated("调查终结报告的签名")
    return fails(
        f"调查终结报告只有 {len(signed)} 名承办人签名。",
        remedy="由两名以上承办人签名。",
        by=facts.handlers,
    )


@policy(
    "review.package_complete",
    title="送审材料齐全",
    rules=["R116"],
    cites=[APL(58)],
    level=Level.WARN,
    own_rule=True,
    needs_form=True,
)
def package_complete(facts: Facts, law: LawBook) -> Verdict:
    """An incomplete file may be received, but with the reason on record."""
    submission = facts.case.submissions[-1] if facts.case.submissions else None
    if submission is None:
        return does_not_apply("尚未送审。")
    missing = list(submission.missing) or [m for m in MATERIALS if m not in submission.materials]
    if submission.received_on and not submission.missing:
        return holds(f"{submission.received_on} 收齐送审材料。")
    if missing and facts.case.silent:
        return unstated("送审材料中的" + "、".join(missing))
    if missing:
        return fails(
            f"送审材料缺：{'、'.join(missing)}（{facts.office.review_policy.document}）。",
            remedy="补齐后送审；先行收件的，写明收件日期和原因。",
            by=facts.handlers,
        )
    return holds(f"{len(MATERIALS)} 项送审材料齐全。")


@policy(
    "review.points_answered",
    title="退回意见已逐条答复",
    rules=["R120", "R118"],
    cites=[APL(58)],
    level=Level.WARN,
    own_rule=True,
)
def points_answered(facts: Facts, law: LawBook) -> Verdict:
    """A returned file comes back with an answer to every numbered point."""
    review = facts.case.review
    if review is None or review.passed or not review.points:
        return does_not_apply("没有待答复的退回意见。")
    open_ = [str(p.no) for p in review.points if not p.answer]
    if open_ and facts.case.silent:
        return unstated("对退回意见的答复")
    if open_:
        return fails(
            f"退回意见第 {'、'.join(open_)} 条还没有答复。",
            remedy="逐条答复如何改正，或者为什么不改。",
            by=facts.handlers,
        )
    return holds(f"{len(review.points)} 条退回意见均已答复。")


@policy(
    "review.points_settled",
    title="审核人认为退回意见已解决",
    rules=["R120"],
    cites=[APL(58)],
    level=Level.WARN,
    own_rule=True,
    needs_form=True,
)
def points_settled(facts: Facts, law: LawBook) -> Verdict:
    """Whoever passes a file although a point of his return is not settled says why."""
    review = facts.case.review
    if review is None or not (review.settled or review.unsettled):
        return does_not_apply("审核意见没有逐条说明上次退回的意见是否解决。")
    if not review.passed or not review.unsettled:
        return holds(f"已解决 {len(review.settled)} 条，未解决 {len(review.unsettled)} 条。")
    named = "、".join(map(str, review.unsettled))
    return fails(
        f"上次退回意见第 {named} 条，审核人认为还没有解决。",
        remedy="退回补正；不再要求的，写明理由。",
        by=facts.who("reviewer"),
    )


@policy(
    "review.nine_items_judged",
    title="九项审核内容逐项判断",
    rules=["R117", "R121"],
    cites=[APL(58)],
    own_rule=True,
    needs_form=True,
)
def nine_items_judged(facts: Facts, law: LawBook) -> Verdict:
    """An opinion that just says "agree" is none; what has not happened yet may be said so."""
    review = facts.case.review
    if review is None:
        return does_not_apply("没有审核意见。")
    blank = [i for i in ITEMS if not review.items.get(i, "").strip()]
    if blank and facts.case.silent:
        return unstated("审核意见对各项的判断：" + "、".join(blank))
    if blank:
        return fails(
            f"未判断：{'、'.join(blank)}。",
            remedy="逐项写明审核结论；尚未发生的程序写“尚未发生”。",
            by=facts.who("reviewer"),
        )
    objected = [i for i in ITEMS if review.items[i].startswith("有意见")]
    if review.passed and objected:
        return fails(
            f"仍有意见的项目：{'、'.join(objected)}，不能通过。",
            remedy="退回补正，或者改判该项。",
            by=facts.who("reviewer"),
        )
    return holds("九项内容均已判断。")


@policy(
    "review.not_backdated",
    title="审核意见不倒签",
    rules=["R121"],
    cites=[APL(58)],
    level=Level.WARN,
    own_rule=True,
    needs_form=True,
)
def not_backdated(facts: Facts, law: LawBook) -> Verdict:
    """An opinion bears the day on which it is given; one signed earlier on paper says why it comes late."""
    if facts.entered.date() == facts.as_of:
        return holds("审核意见当日录入。")
    return fails(
        f"审核意见写的是 {facts.as_of}，{facts.entered.date()} 才录入。",
        remedy="改用录入之日；确系当日已在纸上签署的，写明原因。",
        by=facts.actor.name,
    )


@policy(
    "review.passed",
    title="拟作出的处罚已通过法制审核",
    rules=["R112", "R111", "R122", "R115"],
    cites=[APL(58)],
)
def review_passed(facts: Facts, law: LawBook) -> Verdict:
    """No decision without a passed review of exactly what is decided; nobody can skip it."""
    review, duty = facts.case.review, review_duty(facts)
    if review is None:
        if not duty.owed:
            return does_not_apply(duty.words)
        if facts.case.silent:
            return unstated("法制审核")
        return fails(
            f"本案没有通过法制审核（{duty.words}）。",
            remedy="送法制审核，通过后再办。",
            by=facts.who("unit_head", "reviewer"),
            cite=duty.cite,
        )
    if not review.passed:
        return fails(
            f"{review.name}于 {review.at.date()} 退回，尚未通过审核（{duty.words}）。",
            remedy="按退回意见补正后重新送审。",
            by=facts.handlers,
            cite=duty.cite,
        )
    if review.withdrawn_at:
        return fails(
            f"{review.name}的审核通过已于 {review.withdrawn_at.date()} 撤回：{review.withdrawal}",
            remedy="重新送审，通过后再办。",
            by=facts.who("unit_head", "reviewer"),
            cite=duty.cite,
        )
    if review.digest != proposal_digest(facts.case):
        return fails(
            "审核通过之后，事实、证据、依据或者处罚种类又有变更，原审核意见已失效。",
            remedy="就变更后的处罚意见重新送审。",
            by=facts.who("unit_head", "reviewer"),
            cite=duty.cite,
        )
    return holds(f"{review.name}于 {review.at.date()} 审核通过，所审内容没有变更（{duty.words}）。")


BY_LAW = {
    "public_interest": ("涉及重大公共利益", "第一款第（一）项"),
    "complex": ("情况疑难复杂、涉及多个法律关系", "第一款第（三）项"),
    "other_law": ("法律、法规规定应当审核的其他情形", "第一款第（四）项"),
}
"""The classes of 行政处罚法 58(1) that a person must see in the case; item 2 follows from the hearing."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Why a case must be reviewed, in words, and the source that says so."""

    owed: bool
    words: str
    cite: str = ""


def review_duty(facts: Facts) -> Duty:
    """By law in the four classes of article 58; in every other case only as the office's document says."""
    case, own = facts.case, facts.office.review_policy
    named = case.proposal.must_review if case.proposal else ()
    found = [BY_LAW[c] for c in named if c in BY_LAW]
    if case.hearing and case.hearing.ended_as == "held":
        found.append(("直接关系当事人或者第三人重大权益并经过听证", "第一款第（二）项"))
    if case.proposal and case.proposal.grave and "complex" not in named:
        found.append(("情节复杂或者重大", "第一款第（三）项"))
    if found:
        cite = "、".join(APL(58, item).text for item in dict.fromkeys(i for _, i in found))
        return Duty(True, f"{'；'.join(w for w, _ in found)}，属于法定审核范围", cite)
    if own.every_case:
        cite = f"本机关规则{own.document}（参照{APL(58).text}）"
        return Duty(True, f"{own.document}要求普通程序的处罚一律审核", cite)
    return Duty(False, "不属于法定审核范围，本机关也没有要求审核。")


@policy(
    "review.amount_covered",
    title="罚款数额在审核通过的范围内",
    rules=["R122", "R112"],
    cites=[APL(58)],
    needs_form=True,
)
def amount_covered(facts: Facts, law: LawBook) -> Verdict:
    """A heavier fine was never reviewed; a lighter one needs the reviewer's confirmation."""
    review, proposal, decision = facts.case.review, facts.case.proposal, facts.case.decision
    if review is None or not review.counts or proposal is None:
        return does_not_apply("没有通过的审核。")
    amount = decision.fine if decision else proposal.fine
    top = review.fine if review.cap is None else min(review.fine, review.cap)
    if amount > top:
        return fails(
            f"罚款 {amount} 元，高于审核通过的 {top} 元。",
            remedy=f"改为不高于 {top} 元，或者重新送审。",
            by=facts.who("unit_head", "reviewer"),
        )
    if amount < top and review.cap is None and facts.case.reduction_confirmed != amount:
        return fails(
            f"罚款 {amount} 元，低于审核通过的 {review.fine} 元，审核人尚未确认。",
            remedy="由审核人确认减少后的数额。",
            by=facts.who("reviewer"),
        )
    return holds(f"罚款 {amount} 元，在审核通过的范围内。")


@policy(
    "review.after_hearing",
    title="听证后再次审核",
    rules=["R147", "R123"],
    cites=[APL(58, "第一款第（二）项")],
)
def after_hearing(facts: Facts, law: LawBook) -> Verdict:
    """After a hearing a review is compulsory, however often the case was reviewed before."""
    hearing = facts.case.hearing
    if hearing is None or hearing.ended_as != "held":
        return does_not_apply("本案没有举行听证。")
    review = facts.case.review
    if review and review.counts and review.after_hearing:
        return holds(f"听证后已由{review.name}于 {review.at.date()} 再次审核通过。")
    if facts.case.silent:
        return unstated("听证后的法制审核")
    return fails(
        "听证之后还没有再次通过法制审核。",
        remedy="附听证笔录和听证报告再次送审。",
        by=facts.who("unit_head", "reviewer"),
    )


@policy(
    "review.before_notice",
    title="告知之前通过法制审核",
    rules=["R123", "R115"],
    cites=[APL(58)],
    own_rule=True,
)
def before_notice(facts: Facts, law: LawBook) -> Verdict:
    """The office's own order of steps: review first, then the notice."""
    if not facts.office.review_policy.before_notice:
        return does_not_apply("本机关没有要求先审核后告知。")
    passed = review_passed.asks(facts, law)
    review, served = facts.case.review, facts.newly_served
    if passed.outcome is Outcome.HOLDS and review and served and served < review.at.date():
        return fails(
            f"告知书于 {served} 送达，早于 {review.at.date()} 的审核通过。",
            remedy="核对送达回证上的日期；确在审核之前送达的，如实登记为不合规情况。",
            by=facts.handlers,
        )
    return passed


@policy(
    "review.notice_still_fits",
    title="已告知的内容没有变更",
    rules=["R134"],
    cites=[APL(44)],
)
def notice_still_fits(facts: Facts, law: LawBook) -> Verdict:
    """A review after the notice leads straight to the decision only if the notice still says it all."""
    return _fits(facts)


def _fits(facts: Facts) -> Verdict:
    from policies.notice import notice_matches  # one comparison, two places that ask it

    return notice_matches(facts)
