"""九项 — which machine checks stand under each item of a legal review, and what a passed one rests on.

A check that rests on a tick is as good as whoever ticked; one that rests on a document can be read again.
The reviewer's time belongs to the first kind (docs: practice of the review desk).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from policies import (
    amount,
    citations,
    decision,
    evidence,
    filing,
    formalities,
    hearing,
    jurisdiction,
    leniency,
    notice,
    officers,
    penalty,
    powers,
    recusals,
    review,
    review_desk,
    transfers,
)
from policies.core import Finding, Level, Outcome, Policy, evaluate
from policies.facts import Facts
from policies.lawbook import LawBook


class Rests(StrEnum):
    """What an answer rests on: somebody's tick, or a paper, a list, a text or a date that is on file."""

    TICK = "据勾选"
    DOCUMENT = "据文书"


@dataclass(frozen=True, slots=True)
class Check:
    """A policy as it stands under an item: what it rests on, and in a few words on whose tick or which paper.

    Where an answer needs both, the weaker one is named. `later`: nothing to judge before the notice.
    """

    policy: Policy
    rests: Rests
    on: str
    later: bool = False


def _tick(policy: Policy, on: str) -> Check:
    return Check(policy, Rests.TICK, on)


def _paper(policy: Policy, on: str, *, later: bool = False) -> Check:
    return Check(policy, Rests.DOCUMENT, on, later)


# fmt: off
CHECKS: Mapping[str, tuple[Check, ...]] = {
    "主体与职权": (
        _paper(jurisdiction.power_listed, "权力清单"),
        _paper(powers.delegated, "赋权决定"),
        _paper(powers.delegation_recorded, "赋权决定"),
        _paper(powers.entrusted, "委托书"),
    ),
    "人员资格": (
        _paper(officers.assigned, "执法证登记"),
        _paper(officers.no_assistant_signs, "人员名册"),
        _paper(officers.certificate_covers, "执法证登记"),
        _tick(officers.no_interest, "本人声明"),
        _tick(officers.recusal_declared, "承办人勾选没有利害关系"),
        _paper(recusals.decided, "回避决定"),
        _paper(officers.reviewer_not_officer, "承办人和取证人名单"),
        _paper(officers.reviewer_qualified, "资格证书登记"),
        _paper(review_desk.assigned, "指定记录"),
    ),
    "程序": (
        _paper(filing.approved, "立案审批"),
        _tick(filing.standard_met, "承办人勾选立案四项条件"),
        _paper(filing.check_in_time, "线索和立案的日期"),
        _paper(jurisdiction.limitation_not_expired, "行为和发现的日期"),
        _paper(jurisdiction.same_act, "本机关的案件登记"),
        _paper(evidence.correction_ordered, "责令改正文书"),
        _paper(review.points_answered, "逐条答复"),
        _tick(review_desk.missing_supplied, "收件时勾选的材料"),
        _paper(review_desk.questions_answered, "询问和答复"),
        _paper(notice.served, "告知书送达", later=True),
        _paper(review.notice_still_fits, "告知书与现在的意见", later=True),
        _tick(hearing.evidence_heard, "听证笔录登记时勾选的质证证据"),
    ),
    "事实": (
        _tick(evidence.elements_proved, "证据登记时勾选所证明的要件"),
        _paper(evidence.dates_possible, "取证和行为的日期"),
        _tick(decision.refusal_proved, "复查时勾选未改正"),
        _tick(leniency.slight_spared, "承办人勾选违法行为轻微"),
        _tick(leniency.first_time_weighed, "承办人勾选初次违法"),
        _tick(leniency.faultless_spared, "承办人勾选没有主观过错"),
        _tick(leniency.child_spared, "登记当事人时选的年龄"),
        _tick(leniency.incapable_spared, "登记当事人时选的责任能力"),
    ),
    "证据": (
        _tick(evidence.verified_and_lawful, "查证人勾选属实、合法"),
        _tick(evidence.certificate_shown, "承办人选“已出示”"),
        _tick(formalities.record_made, "承办人没有勾选“未制作笔录”"),
        _tick(formalities.formalities_sound, "查证时勾选的形式要件"),
        _tick(formalities.formalities_recorded, "查证时勾选的形式要件"),
        _paper(formalities.monitoring_reviewed, "监控设备清单"),
        _paper(formalities.before_lead, "取证和线索的日期"),
        _tick(formalities.identity_on_file, "登记证据时勾选“证明身份”"),
    ),
    "依据与裁量": (
        _paper(powers.basis_level, "法律登记簿"),
        _paper(decision.citations_valid, "法律登记簿"),
        _paper(citations.article_numbers_current, "拟处罚意见的文字"),
        _paper(decision.milder_compared, "新旧法比较的文字和对照表"),
        _paper(decision.amount_in_range, "权力清单的幅度"),
        _paper(amount.kinds_allowed, "权力清单的种类"),
        _paper(decision.discretion_reasoned, "裁量理由的文字"),
        _paper(amount.band_kept, "裁量基准"),
        _tick(leniency.lighter_applied, "承办人勾选从轻、减轻情形"),
        _tick(leniency.heavier_weighed, "承办人勾选从重情形"),
        _tick(leniency.not_fined_by_court, "承办人勾选没有判处罚金"),
        _tick(penalty.higher_fine_norm, "承办人勾选触犯的其他案由"),
        _paper(penalty.illegal_income, "登记的违法所得"),
        _paper(penalty.daily_fine, "处罚种类和依据"),
    ),
    "权限": (
        _tick(jurisdiction.place, "承办人选“在本辖区”"),
        _paper(jurisdiction.hand_over, "违法行为的文字"),
        _paper(jurisdiction.first_filed, "登记的管辖情况"),
        _paper(jurisdiction.dispute_settled, "登记的管辖情况"),
        _paper(powers.within_higher_norm, "上位法的清单项目"),
        _paper(powers.within_rule_limit, "规章限额"),
        _paper(penalty.no_freedom, "拟处罚的种类"),
    ),
    "文书": (
        _tick(review.proposal_signed, "调查终结时勾选的签名人"),
    ),
    "是否涉嫌犯罪": (
        _paper(transfers.not_replaced_by_penalty, "移送批准和公安机关的答复"),
    ),
}
# fmt: on
"""Each item in the order of the form (`policies.review.ITEMS`) with its checks in reading order."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A check and what it answered."""

    check: Check
    finding: Finding

    @property
    def passed(self) -> bool:
        return self.finding.outcome is Outcome.HOLDS

    @property
    def failed(self) -> bool:
        return self.finding.outcome is Outcome.FAILS and not self._only_noted

    @property
    def noted(self) -> bool:
        """It failed, and the failure is only recorded: a hint, no fault."""
        return self.finding.outcome is Outcome.FAILS and self._only_noted

    @property
    def _only_noted(self) -> bool:
        return self.finding.policy.level is Level.NOTE

    @property
    def open(self) -> bool:
        return self.finding.outcome is Outcome.NEEDS_JUDGEMENT


@dataclass(frozen=True, slots=True)
class Item:
    """One of the nine with what the machine found; what does not apply is left out."""

    name: str
    seen: tuple[Seen, ...]
    later: bool = False

    @property
    def failed(self) -> list[Seen]:
        return [s for s in self.seen if s.failed]

    @property
    def noted(self) -> list[Seen]:
        return [s for s in self.seen if s.noted]

    @property
    def open(self) -> list[Seen]:
        return [s for s in self.seen if s.open]

    @property
    def passed(self) -> list[Seen]:
        return [s for s in self.seen if s.passed]

    @property
    def rests(self) -> Rests | None:
        """What the item rests on as a whole: on a tick as soon as one of its passed checks does."""
        kinds = {s.check.rests for s in self.passed}
        return None if not kinds else Rests.TICK if Rests.TICK in kinds else Rests.DOCUMENT


def nine_items(facts: Facts, law: LawBook) -> tuple[Item, ...]:
    """Every check of the nine items asked about a case on the reviewer's desk.

    What comes only with the notice is not asked before it: the item says that it has not happened yet.
    """
    told = facts.case.notice is not None
    return tuple(
        Item(
            name,
            tuple(_seen([c for c in checks if told or not c.later], facts, law)),
            later=not told and any(c.later for c in checks),
        )
        for name, checks in CHECKS.items()
    )


def _seen(checks: list[Check], facts: Facts, law: LawBook) -> Iterator[Seen]:
    report = evaluate([c.policy for c in checks], facts, law)
    for check, finding in zip(checks, report.findings, strict=True):
        if finding.outcome is not Outcome.DOES_NOT_APPLY:
            yield Seen(check, finding)
