"""执法人员 — who acts, who must stay out of it, and who may review whom."""

from __future__ import annotations

from policies.articles import APL
from policies.core import Level, Verdict, does_not_apply, fails, holds, policy, unstated
from policies.facts import Facts
from policies.lawbook import LawBook


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
    least = int(law.on(facts.as_of)["officers.min"].value)
    return _certified(facts, facts.present, least)


@policy(
    "officers.assigned",
    title="指派两名以上执法人员承办",
    rules=["R067", "R040"],
    cites=[APL(42)],
)
def assigned(facts: Facts, law: LawBook) -> Verdict:
    """The filing names at least two certified officers."""
    if not facts.case.officers and facts.case.silent:
        return unstated("承办人员")
    least = int(law.on(facts.as_of)["officers.min"].value)
    return _certified(facts, facts.case.officers, least)


def _certified(facts: Facts, ids: object, least: int) -> Verdict:
    named = list(dict.fromkeys(ids))  # type: ignore[call-overload]
    people = [facts.office.person(i) for i in named]
    valid = {
        p.certificate.no: p
        for p in people
        if p and p.certificate and p.certificate.valid_on(facts.as_of)
    }
    if len(valid) >= least:
        shown = "、".join(f"{p.name}（{no}）" for no, p in valid.items())
        return holds(f"{facts.as_of} 有 {len(valid)} 名持有效执法证的人员：{shown}。")
    lacking = [
        f"{p.name}没有执法证"
        if p.certificate is None
        else f"{p.name}的执法证有效期为 {p.certificate.valid_from} 至 {p.certificate.valid_to}"
        for p in people
        if p and not (p.certificate and p.certificate.valid_on(facts.as_of))
    ]
    lacking += [f"“{i}”不在本机关人员名册" for i, p in zip(named, people, strict=True) if not p]
    why = f"：{'，'.join(lacking)}" if lacking else ""
    return fails(
        f"{facts.as_of} 在场的有效持证人员只有 {len(valid)} 名，少于 {least} 名{why}。",
        remedy="由两名以上当日持有效执法证的人员重新进行，并如实填写在场人员。",
        by=facts.who("unit_head"),
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
    if not missing:
        return holds("承办人员均已声明没有应当回避的情形。")
    names = "、".join(p.name for i in missing if (p := facts.office.person(i)))
    if facts.case.silent:
        return unstated("回避声明")
    return fails(f"{names}还没有作回避声明。", remedy="补签回避声明。", by=names)


@policy(
    "officers.no_interest",
    title="没有应当回避的人承办",
    rules=["R045", "R046"],
    cites=[APL(43)],
)
def no_interest(facts: Facts, law: LawBook) -> Verdict:
    """An officer who declared an interest may not carry the case."""
    involved = [i for i in facts.case.officers if i in facts.case.recusal_needed]
    if not involved:
        return holds("没有人声明应当回避。")
    names = "、".join(p.name for i in involved if (p := facts.office.person(i)))
    return fails(f"{names}声明与本案有利害关系。", remedy="更换承办人。", by=facts.who("head"))


@policy(
    "separation.reviewer_not_officer",
    title="审核人不是本案承办人",
    rules=["R048", "R047"],
    cites=[APL(58)],
)
def reviewer_not_officer(facts: Facts, law: LawBook) -> Verdict:
    """Whoever investigated the case does not review it."""
    if facts.actor.id in facts.case.officers:
        return fails(
            f"{facts.actor.name}是本案承办人，不能审核自己承办的案件。",
            remedy="由其他具备资格的法制审核人员审核；本机关没有的，商请区司法局或其他机关借用。",
            by=facts.who("reviewer"),
        )
    return holds(f"审核人{facts.actor.name}未参与承办。")


@policy(
    "separation.head_not_officer",
    title="批准人不是本案承办人",
    rules=["R048"],
    cites=[APL(57)],
    own_rule=True,
)
def head_not_officer(facts: Facts, law: LawBook) -> Verdict:
    """The office's own rule: the head who decides did not investigate."""
    own = law.on(facts.as_of).find("separation.head_not_officer")
    if own is None or not own.value:
        return does_not_apply("本机关没有这条规则。")
    if facts.actor.id in facts.case.officers:
        return fails(
            f"{facts.actor.name}是本案承办人，按本机关规则不批准自己承办的案件。",
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
    held = facts.actor.qualification
    if held and (held.licence or held.began_before_2018):
        return holds(f"{facts.actor.name}具备法制审核资格。")
    return fails(
        f"{facts.actor.name}没有登记法律职业资格，也没有登记为早已从事审核的人员。",
        remedy="由具备资格的人员审核，或由管理员补登资格证明。",
        by=facts.who("reviewer", "admin"),
    )


@policy(
    "separation.chair_not_investigator",
    title="听证主持人不是本案调查人员",
    rules=["R142", "R048"],
    cites=[APL(64, "第（四）项")],
    needs_form=True,
)
def chair_not_investigator(facts: Facts, law: LawBook) -> Verdict:
    """The hearing is led by somebody who did not investigate the case."""
    hearing = facts.case.hearing
    if hearing is None or not hearing.chair:
        return does_not_apply("还没有指定主持人。")
    if hearing.chair in facts.case.officers:
        return fails(
            f"{hearing.chair_name}是本案调查人员。",
            remedy="另行指定未参与调查的人员主持。",
            by=facts.who("head"),
        )
    return holds(f"主持人{hearing.chair_name}未参与调查。")
