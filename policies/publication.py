"""公示 — whether a decision is published, who looks at it first, for how long, and when it is taken back."""

from __future__ import annotations

from datetime import date

from policies.articles import APL, OGI, PIPL
from policies.calendar import Calendar
from policies.casefile import CaseFile, PartyKind, yuan_text
from policies.core import Level, Verdict, does_not_apply, fails, holds, policy, unstated
from policies.dues import unpaid
from policies.facts import Facts
from policies.lawbook import LawBook
from policies.publicity import OPEN_TO_ANY, Gravity, Publication, platform_name
from policies.relief import fallen_on

REVIEWERS = ("reviewer", "head", "deputy_head", "unit_head", "clerk")
"""Who may look over what goes out, as long as they did not put it together."""

PERIOD = {"轻微": "minor", "一般": "general", "严重": "serious"}
"""公示类别 → the middle of the names of its parameters (R239)."""

MINOR_KINDS = frozenset({"警告", "通报批评"})
SERIOUS_KINDS = ("吊销", "限制从业", "责令关闭")


def gravity(case: CaseFile, law: LawBook) -> Gravity | None:
    """轻微、一般、严重 by procedure, kind and amount; None before a law that knows these classes.

    The texts name “较大” and “数额巨大” fines without amounts: unless the office's file gives one
    (`publication_class.serious_fine.citizen`, `.org`), no fine alone is 严重, and nobody is shown for longer
    than is sure.
    """
    decision = case.decision
    if decision is None or law.on(decision.date).find("publication_period.general.max") is None:
        return None
    if any(word in kind for kind in decision.kinds for word in SERIOUS_KINDS):
        return "严重"
    who = "citizen" if case.party and case.party.kind is PartyKind.CITIZEN else "org"
    huge = law.on(decision.date).find(f"publication_class.serious_fine.{who}")
    if huge is not None and decision.fine >= huge.value:
        return "严重"
    if case.summary is not None or set(decision.kinds) <= MINOR_KINDS:
        return "轻微"
    return "一般"


def period(
    case: CaseFile, choice: Publication, law: LawBook, calendar: Calendar, which: str
) -> date | None:
    """The last day of the shortest ("min") or longest ("max") time of display, counted from the decision."""
    decision = case.decision
    if choice.gravity is None or decision is None:
        return None
    span = law.on(decision.date).find(f"publication_period.{PERIOD[choice.gravity]}.{which}")
    return calendar.count(decision.date, span.span).due if span else None


@policy("publication.choice_recorded", title="已登记是否公示", rules=["R230"], cites=[APL(48)])
def choice_recorded(facts: Facts, law: LawBook) -> Verdict:
    """Each decision gets a recorded choice whether it is published; publishing is not always a must."""
    choice = facts.case.publication
    if choice is None and facts.case.silent:
        return unstated("是否公示")
    if choice is None:
        return fails(
            "还没有登记本案是否公示及理由。",
            remedy="登记公示或者不公示，写明理由。",
            by=facts.who("clerk", "head"),
        )
    return holds(f"{'公示' if choice.publish else '不公示'}：{choice.reason}")


@policy(
    "publication.served_first",
    title="送达之后公示",
    rules=["R232"],
    cites=[APL(48), APL(61)],
    own_rule=True,
    needs_form=True,
    any_edition=True,
)
def served_first(facts: Facts, law: LawBook) -> Verdict:
    """Nothing is made public before the party has it in hand."""
    if facts.case.publication is None or not facts.case.publication.publish:
        return does_not_apply("不公示。")
    served = facts.case.decision_served
    if served and served.served_on <= facts.as_of:
        return holds(f"决定书已于 {served.served_on} 送达。")
    return fails("决定书还没有送达。", remedy="送达后再公示。", by=facts.handlers)


@policy(
    "publication.not_under_way",
    title="公示还没有发出",
    rules=["R230"],
    cites=[APL(48)],
    own_rule=True,
    gathers=["publishing"],
)
def not_under_way(facts: Facts, law: LawBook) -> Verdict:
    """What may already stand on the platform is withdrawn, not withheld."""
    if facts.elsewhere.publishing:
        return fails(
            "公示任务已经发出，平台可能已经登出，不能再改为不公示。",
            remedy="等回执登记后，确有依据的办理撤回公示。",
            by=facts.who("clerk"),
        )
    return holds("公示还没有发出。")


@policy(
    "publication.receipt_back",
    title="已公示的有平台回执",
    rules=["R230", "R232"],
    cites=[APL(48)],
    level=Level.WARN,
)
def receipt_back(facts: Facts, law: LawBook) -> Verdict:
    """What was chosen to be published has come back with a receipt from every platform."""
    choice = facts.case.publication
    if choice is None or not choice.publish:
        return does_not_apply("没有选择公示。")
    if choice.over:
        return does_not_apply("公示已经撤回或者停止。")
    if choice.awaits_review:
        return fails(
            "已选择公示，将要公开的内容还没有通过审查。",
            remedy="请另一人审查；不再公示的，登记不公示。",
            by=facts.who("clerk", "head"),
        )
    if not choice.unanswered:
        return holds(f"已于 {choice.published_on} 公示，回执 {choice.receipt}。")
    owed = "、".join(platform_name(name) for name in choice.unanswered)
    return fails(
        f"已选择公示，还没有收到平台回执（{owed}）。",
        remedy="等待公示任务完成，或者查明未公示的原因。",
        by=facts.who("clerk"),
    )


# — 审查 ————————————————————————————————————————————————————————————————————————————————


@policy(
    "publication.second_person",
    title="公示审查由拟公示人以外的人办理",
    rules=["R236"],
    cites=[OGI(17)],
    own_rule=True,
    gathers=["delegated"],
    any_edition=True,
)
def second_person(facts: Facts, law: LawBook) -> Verdict:
    """The law asks for a review before disclosure with named responsibility; that it be another is ours."""
    choice = facts.case.publication
    if choice is None or not choice.publish:
        return does_not_apply("没有拟公示的内容。")
    chose = choice.chosen_by
    choosers = {chose, *facts.case.principals(chose, "choose_publication", "correct_publication")}
    hit = facts.counting(facts.actor.id, choosers)
    if not hit:
        return holds(f"由 {facts.actor.name} 审查，不是拟公示的人。")
    others = [p.name for p in facts.office.people if p.has(*REVIEWERS) and p.id not in choosers]
    return fails(
        f"{facts.as_one(facts.actor.id, hit)}{facts.name(hit)} 自己拟定了公示内容，不能自己审查。",
        remedy="请另一人核对将要公开的内容。",
        by="、".join(others) or "另一人",
    )


@policy(
    "publication.nothing_identifying",
    title="公开的内容没有个人信息",
    rules=["R242", "R237"],
    cites=[APL(50), PIPL(34)],
    gathers=["identifying"],
    needs_form=True,
    any_edition=True,
)
def nothing_identifying(facts: Facts, law: LawBook) -> Verdict:
    """What goes out names nobody by number, address, telephone or name; a person takes out what was found."""
    found = facts.elsewhere.identifying
    if not found:
        return holds("没有发现可以识别到个人的内容。")
    return fails(
        f"将要公开的内容里发现：{'；'.join(found)}。",
        remedy="改写公示的违法事实和标题，删去或者隐去这些内容。",
        by=facts.who("clerk", "head"),
    )


@policy(
    "publication.record_complete",
    title="双公示数据项齐全、合乎格式",
    rules=["R232"],
    cites=[APL(48)],
    own_rule=True,
    level=Level.WARN,
    gathers=["record"],
    any_edition=True,
)
def record_complete(facts: Facts, law: LawBook) -> Verdict:
    """The record as the platform's interface asks for it; what is wrong is named with where to mend it."""
    wrong = facts.elsewhere.record
    if not wrong:
        return holds("数据项齐全。")
    return fails(
        f"平台会退回：{'；'.join(wrong)}。",
        remedy="在案卷里补正所列的数据项；平台确实不要求的，写明。",
        by=facts.handlers,
    )


@policy(
    "publication.minor_party",
    title="当事人不是未成年人",
    rules=["R235"],
    cites=[OGI(15), PIPL(28)],
    level=Level.WARN,
    any_edition=True,
)
def minor_party(facts: Facts, law: LawBook) -> Verdict:
    """A minor's penalty is shown to nobody unless somebody says in writing why it must be."""
    party, choice = facts.case.party, facts.case.publication
    if choice is None or not choice.publish:
        return does_not_apply("不公示。")
    if party and (party.minor or party.age in ("under_14", "under_18")):
        return fails(
            "当事人是未成年人，处罚信息一般不公开。",
            remedy="改为不公示，理由选“当事人是未成年人”；确需公开的，写明理由。",
            by=facts.who("head"),
        )
    return holds("当事人不是未成年人。")


@policy(
    "publication.minor_needed",
    title="轻微的处罚确有必要公示",
    rules=["R239"],
    own_rule=True,
    level=Level.WARN,
    needs_form=True,
)
def minor_needed(facts: Facts, law: LawBook) -> Verdict:
    """信用修复管理办法, from 2026-04-01: minor cases are normally not shown (its articles were not seen)."""
    choice = facts.case.publication
    if choice is None or not choice.publish or choice.gravity != "轻微":
        return does_not_apply("不是轻微的处罚。")
    if choice.necessity:
        return holds(f"确有必要：{choice.necessity}")
    return fails(
        "简易程序、警告、通报批评等轻微的处罚，2026-04-01 起原则上不公示（条文未见，未确认）。",
        remedy="改为不公示；确有必要的，写明必要性。",
        by=facts.who("clerk", "head"),
    )


@policy(
    "publication.exemption_approved",
    title="不公开的理由经负责人批准",
    rules=["R235"],
    cites=[OGI(14), OGI(15), OGI(17)],
    needs_form=True,
    any_edition=True,
)
def exemption_approved(facts: Facts, law: LawBook) -> Verdict:
    """That something is secret, private or dangerous to show is for a named head to say."""
    choice = facts.case.publication
    if choice is None or choice.publish or choice.ground is None or choice.ground in OPEN_TO_ANY:
        return does_not_apply("不是依法不得公开的情形。")
    head = facts.office.person(choice.approved_by)
    if head and head.has("head", "deputy_head"):
        return holds(f"{choice.ground}，{head.name} 批准。")
    return fails(
        f"以“{choice.ground}”不公示，没有负责人批准。",
        remedy="由负责人办理，或者写明批准的负责人。",
        by=facts.who("head"),
    )


# — 期限、修复、撤回 ——————————————————————————————————————————————————————————————————————


@policy(
    "publication.repair_due",
    title="信用修复的最短公示期已满，义务已履行",
    rules=["R240", "R239"],
    own_rule=True,
    level=Level.WARN,
    needs_form=True,
)
def repair_due(facts: Facts, law: LawBook) -> Verdict:
    """A repair is granted when the shortest time is over and the duty is done (text not seen, unconfirmed)."""
    choice = facts.case.publication
    asked = choice.repairs[-1] if choice and choice.repairs else None
    if choice is None or asked is None or not asked.granted:
        return does_not_apply("没有同意修复。")
    wrong = []
    shortest = period(facts.case, choice, law, facts.calendar, "min")
    if shortest is not None and asked.decided_on <= shortest:
        wrong.append(f"最短公示期至 {shortest}，还没有届满")
    if owed := unpaid(facts.case):
        wrong.append(f"罚款还有 {yuan_text(owed)} 元没有缴")
    if not wrong:
        return holds("最短公示期已满，义务已履行。")
    return fails(
        f"{'；'.join(wrong)}。",
        remedy="待期满、履行完毕后再同意；应当提前的，写明依据。",
        by=facts.who("head"),
    )


@policy(
    "publication.withdrawn",
    title="决定变更、撤销后公示已撤回",
    rules=["R234"],
    cites=[APL(48, "第二款")],
)
def withdrawn(facts: Facts, law: LawBook) -> Verdict:
    """A published decision that has fallen is withdrawn within three working days, with the reason."""
    choice = facts.case.publication
    fallen = [r for r in facts.case.remedies if r.falls]
    if choice is not None and choice.withdrawn_on:
        return holds(f"{choice.withdrawn_on} 已撤回公示：{choice.withdrawn_because}")
    if not fallen or choice is None or not choice.shown:
        return does_not_apply("没有应当撤回的公示。")
    before = next((c for c in reversed(choice.corrections) if c.withdrawn_on), None)
    if before:
        return holds(f"{before.withdrawn_on} 已撤回公示，{before.on} 照变更后的决定重新拟定。")
    return fails(
        "决定已被变更、撤销、确认违法或者确认无效，公示还没有撤回。",
        remedy="三个工作日内撤回公示信息，公开说明理由。",
        by=facts.who("clerk"),
    )


@policy(
    "publication.withdrawn_in_time",
    title="三个工作日内撤回公示",
    rules=["R234"],
    cites=[APL(48, "第二款"), APL(85)],
    level=Level.WARN,
    needs_form=True,
)
def withdrawn_in_time(facts: Facts, law: LawBook) -> Verdict:
    """Counted from the day on which the change took effect, not from a judgment that can be appealed."""
    choice, since = facts.case.publication, fallen_on(facts, law)
    if choice is None or not choice.withdrawn_on or since is None:
        return does_not_apply("没有应当撤回的公示。")
    last = facts.calendar.count(since, law.on(since)["publication.withdraw"].span).due
    if choice.withdrawn_on <= last:
        return holds(f"{since} 生效，至 {last} 撤回。")
    return fails(
        f"应当在 {last} 前撤回，{choice.withdrawn_on} 才撤回。",
        remedy="写明原因；向收到信息的平台逐一通报。",
        by=facts.who("clerk"),
    )
