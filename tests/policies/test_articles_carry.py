"""Each question of sections 1 to 5 stands on articles that say what it asks, and not on their neighbours.

One word per cited article, in the order of the citations, that its summary in the register must contain.
The whole texts were read beside it; whoever moves a citation has to say here what the new article carries.
"""

import pytest

from policies import checklists  # noqa: F401 - registers every policy
from policies.core import POLICIES
from policies.lawbook import register

FORMS = ("书证", "物证", "视听资料", "证人", "鉴定", "现场笔录")

CARRIES = {
    "measure.approved": ("先行登记", "报批", "二十四小时"),
    "measure.inventory": ("先行登记",),
    "measure.ended_in_time": ("七日", "三十日", "期限内"),
    "measure.scope": ("生活必需品",),
    "remedy.refunded": ("违法罚款", "返还"),
    "performance.still_undone": ("经催告仍不履行",),
    "performance.danger_named": ("危害交通安全",),
    "performance.disinterested": ("无利害关系的第三人",),
    "performance.order_complete": ("决定书",),
    "performance.party_unable": ("当事人不能清除的",),
    "performance.absent_told": ("事后立即通知",),
    "performance.demanded_before": ("三日前再催告", "工作日"),
    "enforcement.demolition_announced": ("公告限期自拆",),
    "enforcement.demolition_undisputed": ("不复议不起诉",),
    "enforcement.demolition_empowered": ("法律设定", "责成"),
    "enforcement.agreement_keeps_fine": ("减免加处",),
    "enforcement.agreement_put_right": ("补救",),
    "transfer.clue_received": ("职务犯罪",),
    "recusal.decided": ("回避",),
    "recusal.not_ones_own": ("负责人决定",),
    "jurisdiction.power_listed": ("处罚权", "街道"),
    "jurisdiction.place": ("哪里", "辖区"),
    "jurisdiction.first_filed": ("先立案",),
    "jurisdiction.dispute_settled": ("协商", "协商"),
    "power.delegated": ("街道",),
    "power.delegation_recorded": ("公布",),
    "power.entrusted": ("委托书",),
    "power.basis_level": ("法律、法规、规章", "规范性文件"),
    "power.within_higher_norm": ("幅度", "幅度", "幅度", "幅度"),
    "fine.within_rule_limit": ("限额",),
    "penalty.no_freedom": ("行政拘留", "限制人身自由"),
    "penalty.daily_fine": ("按日连续处罚",),
    "penalty.higher_fine_norm": ("罚款较高",),
    "penalty.illegal_income": ("违法所得",),
    "penalty.emergency_heavier": ("从重",),
    "limitation.not_expired": ("两年",),
    "duplicate.same_act": ("罚款两次",),
    "party.number_checked": ("查明事实", "外国"),
    "law.milder_compared": ("更轻",),
    "law.citations_valid": ("法律、法规、规章", "没有依据"),
    "correction.ordered": ("责令当事人改正",),
    "summary.correction_ordered": ("责令当事人改正",),
    "officers.two_certified": ("两名",),
    "officers.assigned": ("两名",),
    "officers.no_assistant_signs": ("执法资格",),
    "officers.certificate_covers": ("执法资格",),
    "officers.recusal_declared": ("回避",),
    "officers.no_interest": ("回避",),
    "officers.present_without_interest": ("回避",),
    "officers.recusal_right_told": ("申请回避",),
    "enforcement.fit_hours": ("夜间",),
    "filing.standard_met": ("立案标准",),
    "filing.check_in_time": ("十五日",),
    "filing.extension_in_time": ("延长十日",),
    "filing.approved": ("立案", "立案填审批表"),
    "filing.urgent_in_time": ("及时立案",),
    "filing.complainant_answered": ("立案",),
    "filing.decline_grounded": ("不予处罚", "立案标准"),
    "evidence.elements_proved": ("证据不足", "调查取证"),
    "evidence.verified_and_lawful": ("非法取得", "偷拍偷录", "禁止的方法"),
    "evidence.before_decision": ("调查取证", "调查终结", "作出行为之后"),
    "evidence.certificate_shown": ("出示执法证件",),
    "evidence.dates_possible": ("证据",),
    "evidence.photo_described": ("证据", "视听资料"),
    "evidence.formalities_met": FORMS,
    "evidence.formalities_sound": FORMS,
    "evidence.formalities_recorded": ("八类",),
    "evidence.inquiry_kept_form": ("笔录",),
    "evidence.record_made": ("笔录",),
    "evidence.monitoring_reviewed": ("电子监控",),
    "evidence.before_lead": ("立案之前依法取得的证据", "调查取证"),
    "evidence.identity_on_file": ("查明事实",),
}  # fmt: skip


@pytest.mark.parametrize("policy", CARRIES)
def test_every_article_that_a_question_cites_says_what_it_asks(policy):
    cites = POLICIES[policy].cites
    assert len(cites) == len(CARRIES[policy])
    for cite, word in zip(cites, CARRIES[policy], strict=True):
        held = register().statutes[cite.statute].held[cite.article]
        assert word in held.summary, f"{cite.text}: {held.summary}"


def test_no_question_of_sections_one_to_five_is_left_out():
    def of_ours(rule):
        return rule.startswith("R0")

    ours = {p.id for p in POLICIES.values() if of_ours(p.rules[0])}
    shared_with_others = {
        "decision.refusal_proved",
        "summary.facts_clear",
        "summary.certificate_shown",
        "origin.filed",
        "law.article_numbers_current",
    }
    judged_with_the_review = {
        p for p in ours if p.startswith(("separation.", "reviewer.", "correction.checked"))
    }
    assert ours - set(CARRIES) == shared_with_others | judged_with_the_review
