"""送达 — delivered in time, in a lawful manner, with a receipt."""

from __future__ import annotations

from policies.articles import APL, CPL
from policies.core import Level, Verdict, does_not_apply, fails, holds, policy, unstated
from policies.distance import begun_on, fresh_service
from policies.facts import Facts
from policies.lawbook import LawBook


@policy(
    "service.proved",
    title="送达有回证",
    rules=["R182", "R183", "R187"],
    cites=[CPL(87)],
    needs_form=True,
)
def proved(facts: Facts, law: LawBook) -> Verdict:
    """A receipt with date and signature, or the proof that its manner of service asks for."""
    service = fresh_service(facts)
    if service is None:
        return does_not_apply("没有送达记录。")
    # Only what is handed over on the spot is served by noting the refusal (行政处罚法 52); elsewhere a
    # refused document must be left behind in one of the two ways of 民事诉讼法 89.
    if service.method == "直接送达" and not service.signed:
        return fails(
            "送达回证没有签收" + (f"（{service.refusal}）。" if service.refusal else "。"),
            remedy="由受送达人签收；拒收的，按留置送达办理并登记见证或者录像。",
            by=facts.handlers,
        )
    if service.method == "当场交付" and not service.signed and not service.refusal:
        return fails(
            "决定书没有签收，也没有注明拒绝签收。",
            remedy="由当事人签收；拒绝签收的，在决定书上注明。",
            by=facts.handlers,
        )
    needs_proof = service.method in ("邮寄送达", "电子送达", "公告送达")
    if needs_proof and not service.proof and facts.case.silent:
        return unstated(f"{service.method}的凭证")
    if needs_proof and not service.proof:
        return fails(
            f"{service.method}没有登记凭证。",
            remedy="登记邮寄回执号、到达系统的记录或者公告的载体和日期。",
            by=facts.handlers,
        )
    if facts.case.silent and not service.receiver:
        return unstated("送达回证")
    return holds(f"{service.served_on} {service.method}，有回证。")


@policy(
    "service.left_with_witness",
    title="留置送达有见证或者录像",
    rules=["R184"],
    cites=[CPL(89)],
    needs_form=True,
)
def left_with_witness(facts: Facts, law: LawBook) -> Verdict:
    """Leaving the document needs witnesses and a record, or pictures of the process."""
    service = fresh_service(facts)
    if service is None or service.method != "留置送达":
        return does_not_apply("不是留置送达。")
    if service.proof:
        return holds(f"留置送达的证明：{service.proof}")
    if facts.case.silent:
        return unstated("留置送达的见证或者录像")
    return fails(
        "留置送达没有见证人，也没有照片、录像。",
        remedy="邀请基层组织或者单位代表见证，或者拍照、录像记录过程。",
        by=facts.handlers,
    )


@policy(
    "service.electronic_consented",
    title="电子送达有确认书",
    rules=["R181"],
    cites=[APL(61, "第二款"), CPL(90)],
    needs_form=True,
)
def electronic_consented(facts: Facts, law: LawBook) -> Verdict:
    """Fax, e-mail and the like only after the party signed for them."""
    service = fresh_service(facts)
    if service is None or service.method != "电子送达":
        return does_not_apply("不是电子送达。")
    if "确认书" in service.proof:
        return holds(f"当事人已签确认书：{service.proof}")
    agreed = facts.case.address
    if agreed and agreed.electronic and agreed.on <= service.served_on:
        return holds(f"当事人于 {agreed.on} 签确认书同意电子送达（{agreed.proof}）。")
    if facts.case.silent:
        return unstated("电子送达的确认书")
    return fails(
        "没有当事人签订的电子送达确认书。",
        remedy="取得签订的确认书并登记，或者改用其他方式送达。",
        by=facts.handlers,
    )


@policy(
    "service.after_document",
    title="送达不早于文书日期",
    rules=["R187"],
    cites=[APL(61)],
    needs_form=True,
)
def after_document(facts: Facts, law: LawBook) -> Verdict:
    """Nothing is served before it exists."""
    service, decision = fresh_service(facts), facts.case.decision or facts.case.no_penalty
    if service is None or decision is None:
        return does_not_apply("没有可以比较的日期。")
    if service.served_on < decision.date:
        return fails(
            f"送达日期 {service.served_on} 早于决定书日期 {decision.date}。",
            remedy="核对送达回证上的日期。",
            by=facts.handlers,
        )
    return holds(f"决定书 {decision.date} 作出，{service.served_on} 送达。")


@policy(
    "service.in_time",
    title="决定书在七个工作日内送达",
    rules=["R180"],
    cites=[APL(61), APL(85)],
    level=Level.WARN,
    needs_form=True,
)
def in_time(facts: Facts, law: LawBook) -> Verdict:
    """Seven working days from the decision; late is answered for."""
    service, decision = fresh_service(facts), facts.case.decision
    if service is None or decision is None:
        return does_not_apply("没有可以比较的日期。")
    distant = service.method in ("邮寄送达", "公告送达")
    day = begun_on(facts, service) if distant else service.served_on
    if day is None:
        return does_not_apply("邮寄、公告以开始办理的日期为准，没有另行登记。")
    period = law.on(decision.date)["service.decision"]
    last = facts.calendar.count(decision.date, period.span).due
    did = "开始办理" if distant else "送达"
    if day <= last:
        return holds(f"送达期限至 {last}（{period.cite}），{day} 已{did}。")
    return fails(
        f"送达期限至 {last}（{period.cite}），{day} 才{did}。",
        remedy="写明逾期原因。",
        by=facts.handlers,
    )
