"""补正 — which step supplies what a rule misses, so that a "no" leads to the step and not only to a sentence.

The rule itself says in words what is missing and who supplies it (policies/); here stands the move.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from policies.core import Finding, Outcome
from workflow.preview import Choice

_REVIEWS = (
    "answer_point", "submit_to_unit", "submit_review", "submit_final_review", "pass_review", "pass_final_review",
)  # fmt: skip
_EVIDENCE = ("add_evidence", "verify_evidence")
_HEARING = ("arrange_hearing", "hold_hearing", "report_hearing", "end_hearing", "withdraw_hearing")
_PROPOSAL = ("conclude", "reopen_investigation", "return_to_officers", "return_case")

CURES: Mapping[str, Sequence[str]] = {
    "officers.assigned": ("assign_officers",),
    "officers.two_certified": ("assign_officers",),
    "officers.no_assistant_signs": ("assign_officers",),
    "officers.no_interest": ("assign_officers", "grant_recusal"),
    "officers.recusal_declared": ("declare_no_interest",),
    "recusal.decided": ("grant_recusal", "refuse_recusal"),
    "party.number_checked": ("name_party", "change_party"),
    "jurisdiction.place": ("record_jurisdiction", "transfer_out"),
    "jurisdiction.dispute_settled": ("record_jurisdiction",),
    "jurisdiction.first_filed": ("record_jurisdiction", "transfer_out"),
    "jurisdiction.hand_over": ("transfer_out",),
    "jurisdiction.power_listed": ("describe_act", "transfer_out"),
    "filing.standard_met": ("name_party", "describe_act", "add_evidence"),
    "filing.approved": ("propose_filing", "approve_filing"),
    "filing.complainant_answered": ("answer_complainant",),
    "evidence.elements_proved": _EVIDENCE,
    "evidence.verified_and_lawful": ("verify_evidence", "add_evidence"),
    "evidence.formalities_sound": _EVIDENCE,
    "evidence.formalities_met": _EVIDENCE,
    "evidence.monitoring_reviewed": _EVIDENCE,
    "evidence.record_made": _EVIDENCE,
    "evidence.certificate_shown": _EVIDENCE,
    "evidence.recorder_worn": _EVIDENCE,
    "evidence.before_decision": _EVIDENCE,
    "evidence.dates_possible": _EVIDENCE,
    "correction.ordered": ("order_correction",),
    "correction.checked": ("check_correction",),
    "decision.refusal_proved": ("check_correction", "add_evidence"),
    "review.passed": _REVIEWS,
    "review.before_notice": _REVIEWS,
    "review.after_hearing": ("submit_final_review", "pass_final_review"),
    "review.amount_covered": ("confirm_reduction", *_REVIEWS),
    "review.notice_still_fits": ("renew_notice", "serve_notice"),
    "review.points_answered": ("answer_point",),
    "review.questions_answered": ("answer_question",),
    "review.missing_supplied": ("answer_question", "return_case"),
    "review.proposal_signed": _PROPOSAL,
    "review.closing_check": ("check_procedure",),
    "reviewer.assigned": ("assign_reviewer", "borrow_reviewer"),
    "reviewer.qualified": ("borrow_reviewer", "assign_reviewer"),
    "separation.reviewer_not_officer": ("assign_reviewer", "borrow_reviewer"),
    "notice.served": ("serve_notice", "renew_notice"),
    "notice.matches_decision": ("renew_notice", "serve_notice"),
    "hearing.right_told": ("renew_notice", "serve_notice"),
    "defence.reply_given": ("reply_statement",),
    "defence.window_closed": ("record_waiver",),
    "hearing.request_window_closed": ("record_waiver",),
    "hearing.held_when_requested": _HEARING,
    "hearing.recorded": ("hold_hearing",),
    "hearing.record_signed": ("hold_hearing",),
    "hearing.evidence_heard": ("request_hearing", "resume_hearing", "hold_hearing"),
    "decision.discussed_collectively": ("discuss",),
    "decision.amount_in_range": _PROPOSAL,
    "decision.band_kept": _PROPOSAL,
    "decision.kinds_allowed": _PROPOSAL,
    "decision.discretion_reasoned": _PROPOSAL,
    "decision.heavier_weighed": _PROPOSAL,
    "decision.lighter_applied": _PROPOSAL,
    "decision.child_spared": ("decide_no_penalty",),
    "decision.incapable_spared": ("decide_no_penalty",),
    "decision.faultless_spared": ("decide_no_penalty",),
    "decision.slight_spared": ("decide_no_penalty",),
    "decision.not_fined_by_court": _PROPOSAL,
    "fine.within_rule_limit": _PROPOSAL,
    "penalty.daily_fine": _PROPOSAL,
    "penalty.emergency_heavier": _PROPOSAL,
    "penalty.higher_fine_norm": _PROPOSAL,
    "penalty.illegal_income": _PROPOSAL,
    "penalty.no_freedom": _PROPOSAL,
    "law.citations_valid": _PROPOSAL,
    "law.article_numbers_current": _PROPOSAL,
    "law.milder_compared": _PROPOSAL,
    "power.within_higher_norm": _PROPOSAL,
    "limitation.not_expired": ("decide_no_penalty", "withdraw_filing", "decline_filing"),
    "duplicate.same_act": ("join_into", "withdraw_filing", "decline_filing"),
    "transfer.not_replaced_by_penalty": ("report_crime",),
    "measure.approved": ("approve_measure", "lift_measure"),
    "measures.settled": ("end_measure", "lift_measure"),
    "suspension.over": ("resume_case",),
    "no_penalty.served": ("serve_no_penalty",),
    "no_penalty.educated": ("record_education",),
    "fulfilment.fine_paid": ("record_payment", "record_execution", "end_execution", "serve_demand"),
    "enforcement.concluded": ("record_execution", "end_execution", "record_payment"),
    "enforcement.not_stayed": ("lift_stay",),
    "publication.served_first": ("serve_decision",),
    "publication.choice_recorded": ("choose_publication", "withhold_publication"),
    "publication.receipt_back": ("review_publication", "record_publication"),
    "publication.record_complete": ("return_publication", "correct_publication"),
    "publication.minor_party": ("withhold_publication",),
    "publication.withdrawn": ("withdraw_publication",),
    "remedy.ended": ("record_remedy_result", "settle_remedy"),
    "remedy.refunded": ("record_refund",),
    "summary.reported": ("report_on_spot",),
    "supervision.answered": ("answer_supervision",),
}  # fmt: skip
"""Rule → the moves that supply what it misses, the plainest first."""

NO_STEP: Mapping[str, str] = {
    "anew.not_the_same": "要有新的事实、证据或者理由，写在要办的这一步里。",
    "decision.within_time": "已经超过的期限补不回来，写明理由。",
    "officers.certificate_covers": "证件由发证机关核发，登记在机关文件里。",
    "power.basis_level": "权力清单由机关文件登记。",
    "power.delegated": "赋权决定由上级人民政府作出，登记在机关文件里。",
    "power.entrusted": "委托书由委托机关作出，登记在机关文件里。",
    "publication.not_under_way": "已经发出的等回执，之后更正或者撤回。",
    "publication.second_person": "换一个人来办同一步。",
    "separation.head_not_officer": "换一个人来办同一步。",
}
"""Rules that no step of the case cures, and why; what the form itself brings is mended in the form."""


def cures(finding: Finding, choices: Iterable[Choice], but: str = "") -> list[Choice]:
    """The steps that whoever looks may take now to cure this, in the order of the table.

    `but` is the step that was refused. What only a person can judge is answered by a written judgement.
    """
    verbs = list(CURES.get(finding.policy.id, ()))
    if finding.outcome is Outcome.NEEDS_JUDGEMENT:
        verbs.append("judge")
    open_ = [
        c
        for c in choices
        if c.mine and c.move.verb in verbs and c.move.verb != but and not c.report.blocks
    ]
    return sorted(open_, key=lambda c: verbs.index(c.move.verb))
