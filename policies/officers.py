"""执法人员 — who acts, who must stay out of it, and who may review whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from policies.articles import APL
from policies.casefile import CaseFile, EvidenceKind
from policies.core import Level, Verdict, does_not_apply, fails, holds, policy, unstated
from policies.facts import Facts
from policies.lawbook import LawBook
from policies.office import Person
from policies.parts import Borrowed

RECUSAL_TOLD = "告知申请回避的权利"
"""The words of the tick in an inquiry record."""


@policy(
    "officers.two_certified",
    title="两名以上持证执法人员",
    rules=["R040", "R041", "R043", "R044"],
    cites=[APL(42)],
    needs_form=True,
)
def two_certified(facts: Facts, law: LawBook) -> Verdict:
    """Face to face, at least two officers whose certificates are valid on the day of the act."""
    if not facts.face_to_face:
        return does_not_apply("这一步不需要当面执法。")
    if not facts.present and _handed_in(facts):
        return does_not_apply("没有在场执法人员，按当事人或者证人自行提交的材料登记。")
    if not facts.present and facts.case.silent:
        return unstated("在场的执法人员")
    day = _day_of_act(facts)
    least = int(law.on(day)["officers.min"].value)
    return _certified(facts, facts.present, least, day, day)


def _handed_in(facts: Facts) -> bool:
    """Receiving papers is no face-to-face act: a statement that the party or a witness wrote alone."""
    newest = facts.case.evidence[-1] if len(facts.case.evidence) > len(facts.was.evidence) else None
    return (
        newest is not None
        and newest.kind in (EvidenceKind.PARTY, EvidenceKind.WITNESS)
        and newest.certificate_shown == "not_needed"
    )


def _day_of_act(facts: Facts) -> date:
    """The day on which the certificates must be valid: the act's own, not the day of the entry."""
    case, was = facts.case, facts.was
    if len(case.evidence) > len(was.evidence):
        return case.evidence[-1].taken_on
    if len(case.services) > len(was.services):
        return case.services[-1].served_on
    if case.hearing and case.hearing.record and case.hearing != was.hearing:
        return case.hearing.held_on or facts.as_of
    return facts.as_of


@policy(
    "officers.assigned",
    title="指派两名以上执法人员承办",
    rules=["R067", "R040"],
    cites=[APL(42)],
)
def assigned(facts: Facts, law: LawBook) -> Verdict:
    """The case has at least two certified officers from its filing on.

    A certificate that ran out after the acts were done does not stop the decision; each act face to
    face is judged on its own day.
    """
    if not facts.case.officers and facts.case.silent:
        return unstated("承办人员")
    least = int(law.on(facts.as_of)["officers.min"].value)
    filed = facts.case.filing.approved_on if facts.case.filing else None
    since = min(filed or facts.as_of, facts.as_of)
    return _certified(facts, facts.case.officers, least, since, facts.as_of)


def _certified(facts: Facts, ids: Iterable[str], least: int, since: date, until: date) -> Verdict:
    named = list(dict.fromkeys(ids))
    people = [facts.office.person(i) for i in named]
    when = str(since) if since == until else f"{since} 至 {until} 间"
    valid = {
        p.certificate.no: p
        for p in people
        if p and (c := p.certificate) and c.valid_from <= until and since <= c.valid_to
    }
    if len(valid) >= least:
        shown = "、".join(f"{p.name}（{no}）" for no, p in valid.items())
        return holds(f"{when}有 {len(valid)} 名持有效执法证的人员：{shown}。")
    lacking = [_lack(p, valid) for p in people if p and p not in valid.values()]
    lacking += [f"“{i}”不在本机关人员名册" for i, p in zip(named, people, strict=True) if not p]
    why = f"：{'，'.join(lacking)}" if lacking else ""
    return fails(
        f"{when}有效持证人员只有 {len(valid)} 名，少于 {least} 名{why}。",
        remedy="由两名以上当日持有效执法证的人员重新进行，并如实填写在场人员。",
        by=facts.who("unit_head"),
    )


def _lack(person: Person, valid: Mapping[str, Person]) -> str:
    held = person.certificate
    if held is None:
        return f"{person.name}没有执法证"
    if held.no in valid:
        return f"{person.name}与{valid[held.no].name}登记的是同一个证号"
    return f"{person.name}的执法证有效期为 {held.valid_from} 至 {held.valid_to}"


@policy(
    "officers.no_assistant_signs",
    title="协管员不作为执法人员",
    rules=["R044", "R040"],
    cites=[APL(42)],
)
def no_assistant_signs(facts: Facts, law: LawBook) -> Verdict:
    """Assistants may help, but they are none of the two officers and sign as none."""
    proposal = facts.case.proposal
    acting = (*facts.case.officers, *facts.present, *(proposal.signed_by if proposal else ()))
    found = [
        p.name
        for i in dict.fromkeys(acting)
        if (p := facts.office.person(i))
        and p.has("assistant")
        and not p.has("officer", "unit_head")
    ]
    if not found:
        return holds("承办、在场和签名的执法人员中没有协管员。")
    return fails(
        f"{'、'.join(found)}是协管员，可以协助，不能作为执法人员承办、在场执法或者签名。",
        remedy="改由具有行政执法资格的人员承办和签名。",
        by=facts.who("unit_head"),
    )


@policy(
    "officers.certificate_covers",
    title="执法证的类别和区域与本案相符",
    rules=["R040"],
    cites=[APL(42)],
    level=Level.WARN,
)
def certificate_covers(facts: Facts, law: LawBook) -> Verdict:
    """A certificate limited to a field or an area is for that; the statute asks only for the qualification.

    Certificates that name no limits, and powers without a field, leave nothing to compare.
    """
    power = facts.power
    here = (facts.office.name, facts.office.superior.name, *facts.office.area)
    outside = []
    for person in filter(None, map(facts.office.person, facts.present or facts.case.officers)):
        held = person.certificate
        if held is None:
            continue
        if held.fields and power and power.field and power.field not in held.fields:
            outside.append(
                f"{person.name}的执法类别是{'、'.join(held.fields)}，本案是{power.field}"
            )
        if held.areas and not any(a in place for a in held.areas for place in here):
            outside.append(f"{person.name}的执法区域是{'、'.join(held.areas)}")
    if not outside:
        return holds("执法证的类别和区域没有不符。")
    return fails(
        f"{'；'.join(outside)}。",
        remedy="由证件相符的人员承办；证件确可跨类别、跨区域使用的，写明依据。",
        by=facts.who("unit_head"),
    )


@policy(
    "officers.present_without_interest",
    title="在场的执法人员没有应当回避的",
    rules=["R045"],
    cites=[APL(43, "第一款")],
    needs_form=True,
)
def present_without_interest(facts: Facts, law: LawBook) -> Verdict:
    """Who declared an interest takes no further part in the investigation, however urgent his help is."""
    if not facts.present:
        return does_not_apply("没有在场的执法人员。")
    involved = [i for i in facts.present if i in facts.case.recusal_needed]
    if not involved:
        return holds("在场的执法人员都没有声明应当回避。")
    names = "、".join(p.name for i in involved if (p := facts.office.person(i)))
    return fails(
        f"{names}声明与本案有利害关系，应当回避，不能再在场执法。",
        remedy="由其他持证人员进行；已经发生的，登记为不合规情况。",
        by=facts.who("unit_head"),
    )


@policy(
    "officers.recusal_right_told",
    title="询问时告知可以申请回避",
    rules=["R049"],
    cites=[APL(43, "第二款")],
    level=Level.WARN,
    needs_form=True,
)
def recusal_right_told(facts: Facts, law: LawBook) -> Verdict:
    """The party is told at the first inquiry that it may ask for an officer's recusal."""
    newest = facts.case.evidence[-1] if facts.case.evidence else None
    if newest is None or newest.kind is not EvidenceKind.PARTY or not newest.officers:
        return does_not_apply("不是对当事人的询问。")
    if any(RECUSAL_TOLD in e.formalities for e in facts.case.evidence):
        return holds("笔录记明已告知当事人申请回避的权利。")
    if facts.case.silent:
        return unstated("是否告知申请回避的权利")
    return fails(
        f"“{newest.name}”没有记明已告知当事人申请回避的权利。",
        remedy=f"告知后在形式要件中勾选“{RECUSAL_TOLD}”；没有告知的，补告知并写明。",
        by=facts.handlers,
    )


@policy(
    "officers.recusal_declared",
    title="承办人员已声明有无回避事由",
    rules=["R045"],
    cites=[APL(43)],
    level=Level.WARN,
)
def recusal_declared(facts: Facts, law: LawBook) -> Verdict:
    """A missing self-declaration is a warning; the law asks for withdrawal, not for a form."""
    missing = [i for i in facts.case.officers if i not in facts.case.recusal_declared]
    if facts.case.silent and (missing or not facts.case.officers):
        return unstated("回避声明")
    if not missing:
        return holds("承办人员均已声明没有应当回避的情形。")
    names = "、".join(p.name for i in missing if (p := facts.office.person(i)))
    return fails(f"{names}还没有作回避声明。", remedy="补签回避声明。", by=names)


@policy(
    "officers.no_interest",
    title="没有应当回避的人承办",
    rules=["R045"],
    cites=[APL(43)],
    gathers=["delegated"],
)
def no_interest(facts: Facts, law: LawBook) -> Verdict:
    """Who declared an interest may neither carry the case nor decide on it, nor have it done for him."""
    hit = facts.counting(facts.actor.id, facts.case.recusal_needed)
    acting = dict.fromkeys((*facts.case.officers, *([hit] if hit else ())))
    involved = [i for i in acting if i in facts.case.recusal_needed]
    if not involved:
        return holds("承办人和办理人都没有声明应当回避。")
    names = "、".join(p.name for i in involved if (p := facts.office.person(i)))
    return fails(
        f"{facts.as_one(facts.actor.id, hit or facts.actor.id)}{names}声明与本案有利害关系。",
        remedy="更换承办人；办理人本人应当回避的，由其他负责人办理。",
        by=facts.who("head", "deputy_head"),
    )


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Whose opinion it is: somebody of the office, or the borrowed reviewer whose paper is typed in."""

    id: str
    name: str
    qualified: bool
    borrowed: Borrowed | None = None


def reviewer_of(
    actor: Person, lent: Borrowed | None, on_behalf_of: Person | None = None
) -> Reviewer:
    """A reviewer, or whoever stands in for one, signs himself; anybody else enters a borrowed reviewer's."""
    signs = actor.has("reviewer") or (on_behalf_of is not None and on_behalf_of.has("reviewer"))
    if lent and not signs:
        qualified = bool(lent.licence) or lent.began_before_2018
        return Reviewer(f"borrowed:{lent.name}", lent.name, qualified, lent)
    held = actor.qualification
    qualified = bool(held and (held.licence or held.began_before_2018))
    return Reviewer(actor.id, actor.name, qualified)


def investigators(case: CaseFile) -> frozenset[str]:
    """Who investigated: the officers of the case, and whoever took part in its evidence before a handover."""
    return frozenset((*case.officers, *(i for e in case.evidence for i in e.officers)))


@policy(
    "separation.reviewer_not_officer",
    title="审核人不是本案承办人",
    rules=["R048", "R047"],
    cites=[APL(58)],
    gathers=["delegated"],
)
def reviewer_not_officer(facts: Facts, law: LawBook) -> Verdict:
    """Whoever investigated the case, or must withdraw from it, does not review it."""
    reviewer = reviewer_of(facts.actor, facts.case.borrowed, facts.on_behalf_of)
    involved = investigators(facts.case)
    if hit := facts.counting(reviewer.id, facts.case.recusal_needed):
        why = "声明与本案有利害关系，不能审核。"
        return _another(facts, _as_whom(facts, reviewer, hit) + why)
    if reviewer.borrowed and not reviewer.borrowed.no_interest:
        return _another(facts, f"借用的审核人{reviewer.name}没有声明与本案无利害关系。")
    # Only a borrowed reviewer has no number of his own; his name is all there is to compare.
    names = {p.name for i in involved if (p := facts.office.person(i))} if reviewer.borrowed else ()
    if reviewer.name in names:
        return _another(facts, f"{reviewer.name}是本案承办人，不能审核自己承办的案件。")
    if hit := facts.counting(reviewer.id, involved):
        why = "是本案承办人，不能审核自己承办的案件。"
        return _another(facts, _as_whom(facts, reviewer, hit) + why)
    return holds(f"审核人{reviewer.name}未参与承办。")


def _as_whom(facts: Facts, reviewer: Reviewer, hit: str) -> str:
    """The reviewer, or whom he counts as and why."""
    return facts.as_one(reviewer.id, hit) + facts.name(hit) if hit != reviewer.id else reviewer.name


def _another(facts: Facts, why: str) -> Verdict:
    return fails(
        why,
        remedy="由其他具备资格的法制审核人员审核；本机关没有的，商请区司法局或其他机关借用。",
        by=facts.who("reviewer", "head"),
    )


@policy(
    "separation.head_not_officer",
    title="批准人不是本案承办人",
    rules=["R048"],
    cites=[APL(57)],
    own_rule=True,
    gathers=["delegated"],
)
def head_not_officer(facts: Facts, law: LawBook) -> Verdict:
    """The office's own rule: the head who decides did not investigate."""
    own = law.on(facts.as_of).find("separation.head_not_officer")
    if own is None or not own.value:
        return does_not_apply("本机关没有这条规则。")
    if hit := facts.counting(facts.actor.id, facts.case.officers):
        return fails(
            f"{facts.as_one(facts.actor.id, hit)}{facts.name(hit)}是本案承办人，"
            "按本机关规则不批准自己承办的案件。",
            remedy="由其他负责人批准。",
            by=facts.who("head", "deputy_head"),
        )
    return holds(f"批准人{facts.actor.name}未承办本案。")


@policy(
    "reviewer.qualified",
    title="审核人具备资格",
    rules=["R113"],
    cites=[APL(58)],
)
def reviewer_qualified(facts: Facts, law: LawBook) -> Verdict:
    """Who reviews for the first time must have the legal professional qualification."""
    reviewer = reviewer_of(facts.actor, facts.case.borrowed, facts.on_behalf_of)
    if reviewer.qualified:
        lent = (
            f"（{reviewer.borrowed.office}，{reviewer.borrowed.letter}）"
            if reviewer.borrowed
            else ""
        )
        return holds(f"{reviewer.name}{lent}具备法制审核资格。")
    return fails(
        f"{reviewer.name}没有登记法律职业资格，也没有登记为早已从事审核的人员。",
        remedy="由具备资格的人员审核；本机关没有的，由负责人批准借用；漏登的由管理员补登资格证明。",
        by=facts.who("reviewer", "admin"),
    )


@policy(
    "separation.chair_not_investigator",
    title="听证主持人不是本案调查人员",
    rules=["R142", "R048"],
    cites=[APL(64, "第（四）项")],
    needs_form=True,
    gathers=["delegated"],
)
def chair_not_investigator(facts: Facts, law: LawBook) -> Verdict:
    """The hearing is led by somebody who did not investigate the case."""
    hearing = facts.case.hearing
    if hearing is None or not hearing.chair:
        return does_not_apply("还没有指定主持人。")
    involved = facts.counting(hearing.chair, facts.case.recusal_needed)
    if hit := involved or facts.counting(hearing.chair, investigators(facts.case)):
        name = hearing.chair_name if hit == hearing.chair else facts.name(hit)
        return fails(
            f"{facts.as_one(hearing.chair, hit)}{name}"
            f"{'声明与本案有利害关系' if involved else '是本案调查人员'}。",
            remedy="另行指定未参与调查的人员主持。",
            by=facts.who("head"),
        )
    return holds(f"主持人{hearing.chair_name}未参与调查。")
