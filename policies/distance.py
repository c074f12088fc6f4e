"""邮寄、公告送达与送达地址 — what is served without anybody being there, and to whom it may be handed."""

from __future__ import annotations

from datetime import date

from policies.articles import CPL
from policies.casefile import PartyKind, Service
from policies.core import Level, Verdict, does_not_apply, fails, holds, policy, unstated
from policies.facts import Facts
from policies.lawbook import LawBook
from policies.parts import Dispatch

RECEIVERS = {
    PartyKind.CITIZEN: ("本人", "同住成年家属", "代理人", "指定代收人"),
    PartyKind.BUSINESS: ("本人", "同住成年家属", "代理人", "指定代收人", "负责收件的人"),
    PartyKind.ORGANISATION: ("法定代表人", "主要负责人", "负责收件的人", "代理人", "指定代收人"),
}
"""Whose signature is a service (民事诉讼法 88)."""


def fresh_service(facts: Facts) -> Service | None:
    """The service that the step puts on file, or in a bare look at the file its latest."""
    return facts.case.services[-1] if facts.case.services else None


def dispatch_of(facts: Facts, service: Service) -> Dispatch | None:
    """The posting or the public notice by which this document was served."""
    return next(
        (
            d
            for d in reversed(facts.case.dispatches)
            if (d.document, d.method) == (service.document, service.method)
        ),
        None,
    )


def begun_on(facts: Facts, service: Service) -> date | None:
    """The day on which the office posted the document or issued the notice, where it is recorded."""
    sent = dispatch_of(facts, service)
    return service.begun_on or (sent.on if sent else None)


@policy(
    "service.public_notice_grounded",
    title="公告送达有依据",
    rules=["R186"],
    cites=[CPL(95)],
    needs_form=True,
)
def public_notice_grounded(facts: Facts, law: LawBook) -> Verdict:
    """Public notice is for whoever cannot be found, or could not be reached in any other way.

    Where the whereabouts are proved unknown nothing else need be tried first.
    """
    grounds = _public_notice(facts)
    if grounds is None:
        return does_not_apply("不是公告送达。")
    if grounds:
        return holds(f"公告送达的原因和经过：{grounds}")
    # That another paper once reached the party does not show that this one could not.
    document = _announced(facts)
    tried = any(s.method != "公告送达" for s in facts.case.services if s.document == document)
    if tried or any(
        d.method != "公告送达" for d in facts.case.dispatches if d.document == document
    ):
        return holds("同一文书用其他方式送达过，见卷内送达记录。")
    if facts.case.silent:
        return unstated("公告送达的原因和经过")
    return fails(
        "公告送达没有记明原因和经过：既没有下落不明的证明，也没有用其他方式送达过。",
        remedy="登记下落不明的证明，或者先用其他方式送达；写明原因和经过。",
        by=facts.handlers,
    )


def _announced(facts: Facts) -> str:
    fresh = facts.case.dispatches[len(facts.was.dispatches) :]
    return fresh[-1].document if fresh else facts.case.services[-1].document


def _public_notice(facts: Facts) -> str | None:
    """The grounds on file, "" where there are none, None where there is no public notice."""
    fresh = facts.case.dispatches[len(facts.was.dispatches) :]
    if fresh:
        return fresh[-1].grounds if fresh[-1].method == "公告送达" else None
    service = fresh_service(facts)
    if service is None or service.method != "公告送达":
        return None
    sent = dispatch_of(facts, service)
    named = service.proof if "下落不明" in service.proof or "无法送达" in service.proof else ""
    return service.grounds or (sent.grounds if sent else "") or named


@policy(
    "service.notice_period_over",
    title="公告满三十日",
    rules=["R186", "R187"],
    cites=[CPL(95)],
    needs_form=True,
)
def notice_period_over(facts: Facts, law: LawBook) -> Verdict:
    """A document announced publicly is served when thirty days have passed since the notice."""
    service = fresh_service(facts)
    if service is None or service.method != "公告送达":
        return does_not_apply("不是公告送达。")
    begun = begun_on(facts, service)
    period = law.on(service.served_on).find("service.public_notice")
    if begun is None or period is None:
        return does_not_apply(f"没有另行登记发出公告的日期，以凭证为准：{service.proof}")
    last = facts.calendar.count(begun, period.span).due
    if service.served_on >= last:
        return holds(f"{begun} 发出公告，{last} 满 {period.value} 日。")
    return fails(
        f"{begun} 发出公告，到 {last} 才满 {period.value} 日（{period.cite}），{service.served_on} 还不算送达。",
        remedy="公告期满后登记送达。",
        by=facts.handlers,
        day=last,
    )


@policy(
    "service.received_after_posting",
    title="回执日期不早于交寄",
    rules=["R185"],
    cites=[CPL(91)],
    needs_form=True,
)
def received_after_posting(facts: Facts, law: LawBook) -> Verdict:
    """Posted documents are served on the day that the return receipt names."""
    service = fresh_service(facts)
    if service is None or service.method != "邮寄送达":
        return does_not_apply("不是邮寄送达。")
    begun = begun_on(facts, service)
    if begun is None or service.served_on >= begun:
        return holds(f"以回执注明的收件日期 {service.served_on} 为送达日期。")
    return fails(
        f"回执日期 {service.served_on} 早于交寄日期 {begun}。",
        remedy="核对回执上的收件日期。",
        by=facts.handlers,
    )


@policy(
    "service.receiver_fits",
    title="签收人可以代收",
    rules=["R183"],
    cites=[CPL(88)],
    level=Level.WARN,
    needs_form=True,
)
def receiver_fits(facts: Facts, law: LawBook) -> Verdict:
    """Family of age who live with a citizen; for an organisation who represents it or takes its mail."""
    service, party = fresh_service(facts), facts.case.party
    if service is None or not service.receiver_kind or party is None:
        return does_not_apply("没有登记签收人的身份。")
    fit = RECEIVERS[party.kind]
    if service.receiver_kind in fit:
        return holds(f"由{service.receiver_kind}签收。")
    return fails(
        f"{party.kind.value}的文书由{service.receiver_kind}签收；可以签收的：{'、'.join(fit)}。",
        remedy="由可以签收的人补签；确有授权的，写明理由。",
        by=facts.handlers,
    )


def _told_with_decision(facts: Facts, told: bool, words: str) -> Verdict:
    service = fresh_service(facts)
    if service is None or service.document != "行政处罚决定书":
        return does_not_apply("还没有送达决定书。")
    if told:
        return holds(f"已随决定书告知{words}。")
    if facts.case.silent:
        return unstated(f"是否随决定书告知{words}")
    return fails(
        f"没有登记随决定书告知{words}。", remedy="随决定书一并送达，或者补送。", by=facts.handlers
    )


@policy(
    "service.publication_told",
    title="已告知处罚信息将公示",
    rules=["R189"],
    level=Level.NOTE,
    own_rule=True,
    needs_form=True,
)
def publication_told(facts: Facts, law: LawBook) -> Verdict:
    """A custom from market supervision: with the decision the party hears that it will be published."""
    service = fresh_service(facts)
    return _told_with_decision(facts, bool(service and service.publication_told), "处罚信息将公示")


@policy(
    "service.repair_told",
    title="信用修复告知书已一并送达",
    rules=["R190"],
    level=Level.NOTE,
    own_rule=True,
    needs_form=True,
)
def repair_told(facts: Facts, law: LawBook) -> Verdict:
    """两书同达: with the decision the party gets the paper on how its credit can be repaired."""
    service = fresh_service(facts)
    return _told_with_decision(facts, bool(service and service.repair_told), "信用修复的途径")
