"""证据的形式 — what each kind of evidence must look like, and what an inquiry must keep to.

The lists follow the rules of evidence in administrative suits (articles 10–15): they bind the court, and
what cannot stand there cannot found a decision here. Which requirements were seen to be met is ticked when
an item is registered or verified; an item on which nobody ticked anything is unknown, not faulty.
"""

from __future__ import annotations

from collections.abc import Iterable

from policies.articles import ALE, APL, HPR
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
from policies.evidence import FACE_TO_FACE
from policies.facts import Facts
from policies.lawbook import LawBook
from policies.officers import RECUSAL_TOLD

REQUIRED: dict[EvidenceKind, tuple[str, ...]] = {
    EvidenceKind.DOCUMENT: ("原件或者核对无异的复制件", "出处并由提供人签章"),
    EvidenceKind.OBJECT: ("原物或者核对无异的照片、复制件",),
    EvidenceKind.AUDIOVISUAL: ("原始载体或者复制件", "制作方法、时间和制作人"),
    EvidenceKind.ELECTRONIC: ("原始载体或者复制件", "来源和提取方法"),
    EvidenceKind.WITNESS: ("证人基本情况和身份证明", "证人签名和日期"),
    EvidenceKind.PARTY: ("执法人员签名", "陈述人签名"),
    EvidenceKind.EXPERT: ("委托事项和依据方法", "鉴定资格和签名盖章"),
    EvidenceKind.SCENE: ("时间、地点和事件", "执法人员签名", "当事人签名"),
}
"""What each kind must show; the exact words are the ticks of the form."""

INQUIRY = ("核对身份", "个别询问", "逐页签名")
"""What an inquiry keeps to by the forms in use."""

GUARDIAN = "法定代理人在场"
"""Besides, where a minor is asked."""

WORDS = (
    *dict.fromkeys(w for words in REQUIRED.values() for w in words),
    RECUSAL_TOLD,
    *INQUIRY,
    GUARDIAN,
)
"""Every tick there is."""


def missing(item: Evidence) -> list[str]:
    """Requirements of its kind that somebody looked for and did not tick; none where nobody looked."""
    if not item.formalities:
        return []
    wanted = REQUIRED[item.kind]
    if item.kind is EvidenceKind.PARTY and not item.officers:
        wanted = wanted[1:]  # written alone and handed in: no officer signs it
    return [w for w in wanted if w not in item.formalities]


def _named(items: Iterable[Evidence]) -> str:
    return "、".join(f"“{e.name}”缺{'、'.join(missing(e))}" for e in items)


def _newest(facts: Facts) -> Evidence | None:
    return facts.case.evidence[-1] if facts.case.evidence else None


@policy(
    "evidence.formalities_met",
    title="证据的形式要件齐全",
    rules=["R084"],
    cites=[ALE(10), ALE(11), ALE(12), ALE(13), ALE(14), ALE(15)],
    level=Level.WARN,
    needs_form=True,
)
def formalities_met(facts: Facts, law: LawBook) -> Verdict:
    """A formal fault is cheapest to cure on the day it is made: it warns when the item is registered."""
    newest = _newest(facts)
    if newest is None or not newest.formalities:
        return does_not_apply("没有登记形式要件。")
    if not missing(newest):
        return holds(f"“{newest.name}”的形式要件齐全。")
    if newest.lacking:
        return holds(f"{_named([newest])}：{newest.lacking}")
    return fails(
        f"{_named([newest])}。",
        remedy="当场补齐；不能补的（例如拒绝签名），写明原因和在场见证人。",
        by=facts.handlers,
    )


@policy(
    "evidence.formalities_sound",
    title="据以定案的证据没有形式缺陷",
    rules=["R084"],
    cites=[ALE(10), ALE(11), ALE(12), ALE(13), ALE(14), ALE(15)],
)
def formalities_sound(facts: Facts, law: LawBook) -> Verdict:
    """Before the review a formal fault is cured, or its reason is weighed by a person.

    A refused signature with its reason is no fault of a record made on the spot or of an inquiry.
    """
    faulty = [e for e in facts.case.relied_on() if missing(e)]
    if not faulty:
        return holds("引用的证据没有登记到形式缺陷。")
    bare = [e for e in faulty if not e.lacking]
    if bare:
        return fails(
            f"{_named(bare)}。",
            remedy="查证时补登已补齐的要件或者缺少的原因，或者不再引用。",
            by=facts.handlers,
        )
    unsigned = (EvidenceKind.SCENE, EvidenceKind.PARTY)
    weighed = [
        e for e in faulty
        if e.kind not in unsigned or any(not w.startswith(("当事人", "陈述人")) for w in missing(e))
    ]  # fmt: skip
    if weighed:
        return needs_judgement(f"{_named(weighed)}，已写明原因，能否采用须由人判断。")
    return holds(f"{_named(faulty)}，已注明原因。")


@policy(
    "evidence.formalities_recorded",
    title="已登记证据的形式要件",
    rules=["R084", "R081"],
    cites=[APL(46)],
    level=Level.NOTE,
)
def formalities_recorded(facts: Facts, law: LawBook) -> Verdict:
    """The reviewer sees which items nobody has looked at for the form that their kind must have."""
    relied = facts.case.relied_on()
    if not relied:
        return does_not_apply("没有引用证据。")
    open_ = [f"{e.name}（{e.kind.value}）" for e in relied if not e.formalities]
    if not open_:
        return holds(f"引用的 {len(relied)} 份证据均登记了形式要件。")
    if facts.case.silent:
        return unstated("证据的形式要件")
    return fails(
        f"没有登记形式要件：{'、'.join(open_)}。",
        remedy="查证时逐份核对并勾选。",
        by=facts.handlers,
    )


@policy(
    "evidence.inquiry_kept_form",
    title="询问个别进行、核对身份、逐页签名",
    rules=["R089"],
    cites=[APL(55)],
    level=Level.WARN,
    own_rule=True,
    needs_form=True,
)
def inquiry_kept_form(facts: Facts, law: LawBook) -> Verdict:
    """One person at a time, identity checked, signed page by page; a minor with a guardian.

    The statute asks for a record; the rest is the form in use, so it warns.
    """
    newest = _newest(facts)
    if newest is None or newest.kind is not EvidenceKind.PARTY or not newest.officers:
        return does_not_apply("不是对当事人的询问。")
    party = facts.case.party
    wanted = list(INQUIRY) if newest.formalities else []
    if party and party.minor:
        wanted.append(GUARDIAN)
    lack = [w for w in wanted if w not in newest.formalities]
    if not wanted:
        return does_not_apply("没有登记询问笔录的形式要件。")
    if not lack or newest.lacking:
        return holds(f"“{newest.name}”：{newest.lacking or '、'.join(wanted)}。")
    if facts.case.silent:
        return unstated("询问的形式")
    return fails(
        f"“{newest.name}”没有记明：{'、'.join(lack)}。",
        remedy="补正笔录；不能补的，写明原因。",
        by=facts.handlers,
    )


@policy(
    "evidence.record_made",
    title="询问、检查制作了笔录",
    rules=["R052"],
    cites=[APL(55, "第二款")],
)
def record_made(facts: Facts, law: LawBook) -> Verdict:
    """An inquiry or inspection of which no record was made proves nothing as such."""
    relied = [e for e in facts.case.relied_on() if e.kind in FACE_TO_FACE and e.officers]
    if not relied:
        return does_not_apply("没有引用询问或者检查。")
    bare = [e.name for e in relied if e.no_record]
    if bare:
        return fails(
            f"没有制作笔录：{'、'.join(bare)}。",
            remedy="补作询问、检查并制作笔录；已有的录音录像作为视听资料另行登记。",
            by=facts.handlers,
        )
    return holds(f"引用的 {len(relied)} 次询问、检查均有笔录。")


@policy(
    "evidence.monitoring_reviewed",
    title="电子监控记录合法设置并经审核",
    rules=["R085"],
    cites=[APL(41)],
)
def monitoring_reviewed(facts: Facts, law: LawBook) -> Verdict:
    """A monitor's record is evidence only if the equipment was reviewed and published, and the record checked."""
    recorded = [e for e in facts.case.relied_on() if e.device]
    if not recorded:
        return does_not_apply("没有引用电子技术监控设备的记录。")
    wrong = [why for e in recorded for why in _monitored(facts, e)]
    if wrong:
        return fails(
            f"{'；'.join(wrong)}。",
            remedy="审核记录内容；设备未经法制和技术审核或者未公布地点的，不得引用其记录。",
            by=facts.who("unit_head"),
        )
    return holds(f"{len(recorded)} 份监控记录的设备已审核并公布，记录内容已审核。")


def _monitored(facts: Facts, item: Evidence) -> Iterable[str]:
    device = facts.office.device(item.device)
    if device is None:
        yield f"“{item.name}”的设备 {item.device} 不在本机关公布的设备清单"
    else:
        for on, what in (
            (device.legal_review_on, "法制审核"),
            (device.technical_review_on, "技术审核"),
            (device.published_on, "公布设置地点"),
        ):
            if on is None or on > item.taken_on:
                yield f"“{item.name}”取得于 {item.taken_on}，设备 {item.device} 当时没有{what}"
        if device.retired_on and item.taken_on > device.retired_on:
            yield f"“{item.name}”取得于 {item.taken_on}，设备 {item.device} 已于 {device.retired_on} 停用"
    if not item.device_reviewed:
        yield f"“{item.name}”的记录内容还没有审核"


@policy(
    "evidence.before_lead",
    title="调查笔录不早于发现线索",
    rules=["R066"],
    cites=[HPR(15), APL(54)],
    level=Level.NOTE,
)
def before_lead(facts: Facts, law: LawBook) -> Verdict:
    """What was lawfully gathered before filing may be used; older than the lead itself it wants a word.

    A patrol often finds first and is registered as a lead afterwards, so this is recorded and no more.
    """
    lead = facts.case.lead
    relied = facts.case.relied_on()
    if lead is None or not relied:
        return does_not_apply("没有线索日期，或者没有引用证据。")
    early = [e for e in relied if e.kind in FACE_TO_FACE and e.taken_on < lead.found_on]
    if not early:
        return holds("引用的证据不早于发现线索之日；立案前依法取得的可以使用。")
    if facts.case.silent:
        return unstated("发现线索与取证的先后")
    return fails(
        f"早于发现线索的 {lead.found_on}：{'、'.join(f'{e.name}（{e.taken_on}）' for e in early)}。",
        remedy="说明当时因何检查、询问；确是巡查中发现的，可以使用。",
        by=facts.handlers,
    )


@policy(
    "evidence.identity_on_file",
    title="当事人身份证明在卷",
    rules=["R080"],
    cites=[APL(40)],
    level=Level.NOTE,
    own_rule=True,
)
def identity_on_file(facts: Facts, law: LawBook) -> Verdict:
    """A copy of the licence or the identity card ties every document to one and the same party."""
    if facts.case.party is None:
        return does_not_apply("还没有登记当事人。")
    proof = [e.name for e in facts.case.evidence if e.proves_identity]
    if proof:
        return holds(f"当事人身份：{'、'.join(proof)}。")
    if facts.case.silent:
        return unstated("当事人的身份证明")
    return fails(
        "案卷没有标明哪一份材料证明当事人的身份。",
        remedy="登记营业执照、居民身份证件的复制件或者查询记录，勾选“证明当事人身份”。",
        by=facts.handlers,
    )
