"""Which policies are asked at which step, in the order a lawyer would read them."""

from policies import (
    amount,
    citations,
    closing,
    decision,
    distance,
    documents,
    enforcement,
    evidence,
    filing,
    formalities,
    hearing,
    jurisdiction,
    leniency,
    measures,
    no_penalty,
    notice,
    officers,
    origins,
    penalty,
    performance,
    powers,
    publication,
    rectification,
    recusals,
    relief,
    remedy_clause,
    review,
    review_desk,
    service,
    standstill,
    summary,
    supervision,
    transfers,
)
from policies.core import Policy

Checklist = tuple[Policy, ...]

_WEIGHED: Checklist = (
    leniency.child_spared,
    leniency.incapable_spared,
    leniency.slight_spared,
    leniency.faultless_spared,
    leniency.first_time_weighed,
    leniency.lighter_applied,
    leniency.heavier_weighed,
    leniency.not_fined_by_court,
)

PARTY: Checklist = (jurisdiction.number_checked,)

CHECK_EXTENSION: Checklist = (filing.extension_in_time,)

NOT_FILING: Checklist = (
    filing.decline_grounded,
    filing.complainant_answered,
    measures.settled,
)

FILING: Checklist = (
    jurisdiction.power_listed,
    jurisdiction.hand_over,
    powers.delegated,
    powers.delegation_recorded,
    powers.entrusted,
    powers.basis_level,
    jurisdiction.place,
    jurisdiction.first_filed,
    jurisdiction.limitation_not_expired,
    jurisdiction.same_act,
    filing.standard_met,
    filing.check_in_time,
    filing.urgent_in_time,
    officers.assigned,
    officers.no_assistant_signs,
    officers.certificate_covers,
    officers.no_interest,
    officers.recusal_declared,
    officers.head_not_officer,
    documents.number_unique,
)

EVIDENCE: Checklist = (
    officers.two_certified,
    officers.no_assistant_signs,
    officers.certificate_covers,
    officers.present_without_interest,
    officers.recusal_right_told,
    evidence.recorder_worn,
    evidence.photo_described,
    formalities.formalities_met,
    formalities.inquiry_kept_form,
)

CONCLUSION: Checklist = (
    review.proposal_signed,
    officers.no_assistant_signs,
    decision.citations_valid,
    decision.amount_in_range,
    amount.kinds_allowed,
    penalty.no_freedom,
    penalty.daily_fine,
    penalty.higher_fine_norm,
    penalty.illegal_income,
    penalty.emergency_heavier,
    powers.within_rule_limit,
)

SUBMISSION: Checklist = (
    review.proposal_signed,
    evidence.elements_proved,
    evidence.dates_possible,
    formalities.record_made,
    formalities.formalities_sound,
    formalities.formalities_recorded,
    formalities.before_lead,
    formalities.identity_on_file,
    decision.citations_valid,
    citations.article_numbers_current,
    decision.milder_compared,
    decision.amount_in_range,
    amount.kinds_allowed,
    decision.discretion_reasoned,
    amount.band_kept,
    *_WEIGHED,
    review.points_answered,
    review.package_complete,
)

_SOUND: Checklist = (
    officers.reviewer_not_officer,
    officers.reviewer_qualified,
    review.not_backdated,
    jurisdiction.power_listed,
    powers.delegated,
    powers.entrusted,
    jurisdiction.limitation_not_expired,
    evidence.elements_proved,
    evidence.verified_and_lawful,
    evidence.certificate_shown,
    evidence.dates_possible,
    formalities.record_made,
    formalities.monitoring_reviewed,
    formalities.formalities_sound,
    formalities.formalities_recorded,
    formalities.before_lead,
    decision.citations_valid,
    citations.article_numbers_current,
    decision.milder_compared,
    decision.amount_in_range,
    amount.kinds_allowed,
    powers.within_higher_norm,
    penalty.no_freedom,
    penalty.higher_fine_norm,
    decision.refusal_proved,
    review.nine_items_judged,
    review.points_settled,
    review_desk.assigned,
    review_desk.missing_supplied,
    review_desk.questions_answered,
)

REVIEW: Checklist = _SOUND

FINAL_REVIEW: Checklist = (*_SOUND, notice.served, review.notice_still_fits, hearing.evidence_heard)

RETURN: Checklist = (
    officers.reviewer_not_officer,
    officers.reviewer_qualified,
    review.not_backdated,
)

CLOSING_CHECK: Checklist = (*RETURN, review.review_passed)

BORROWING: Checklist = (officers.reviewer_not_officer, officers.reviewer_qualified)

NOTICE: Checklist = (
    officers.two_certified,
    officers.present_without_interest,
    review.before_notice,
    review.amount_covered,
    notice.contents_told,
    hearing.right_told,
    notice.not_heavier_for_defence,
    notice.leaves_time,
    service.proved,
    distance.receiver_fits,
    service.left_with_witness,
    service.electronic_consented,
    distance.public_notice_grounded,
    distance.notice_period_over,
    distance.received_after_posting,
    documents.number_unique,
)

WINDOWS: Checklist = (
    notice.defence_window_closed,
    hearing.request_window_closed,
)

HEARING_REQUEST: Checklist = (hearing.requested_in_time,)

HEARING_NOTICE: Checklist = (
    officers.chair_not_investigator,
    hearing.notice_in_time,
    hearing.others_told,
)

HEARING: Checklist = (
    officers.chair_not_investigator,
    hearing.notice_in_time,
    hearing.others_told,
    hearing.agents_at_most_two,
    officers.two_certified,
)

HEARING_REPORT: Checklist = (hearing.recorded, hearing.record_signed)

DECISION: Checklist = (
    jurisdiction.power_listed,
    powers.delegated,
    powers.entrusted,
    powers.basis_level,
    jurisdiction.place,
    jurisdiction.first_filed,
    jurisdiction.dispute_settled,
    jurisdiction.limitation_not_expired,
    jurisdiction.same_act,
    filing.approved,
    officers.assigned,
    officers.no_assistant_signs,
    officers.no_interest,
    officers.head_not_officer,
    evidence.elements_proved,
    evidence.verified_and_lawful,
    evidence.certificate_shown,
    evidence.dates_possible,
    evidence.before_decision,
    formalities.record_made,
    formalities.monitoring_reviewed,
    formalities.formalities_sound,
    evidence.correction_ordered,
    review.review_passed,
    review.amount_covered,
    review.after_hearing,
    review_desk.closing_check,
    notice.served,
    notice.matches_decision,
    hearing.right_told,
    notice.defence_window_closed,
    notice.reply_given,
    hearing.request_window_closed,
    hearing.held_when_requested,
    hearing.evidence_heard,
    decision.citations_valid,
    citations.article_numbers_current,
    decision.milder_compared,
    decision.amount_in_range,
    amount.kinds_allowed,
    powers.within_higher_norm,
    powers.within_rule_limit,
    penalty.no_freedom,
    penalty.daily_fine,
    penalty.higher_fine_norm,
    penalty.illegal_income,
    decision.refusal_proved,
    decision.discretion_reasoned,
    amount.band_kept,
    *_WEIGHED,
    decision.discussed_collectively,
    decision.within_time,
    decision.date_follows_steps,
    decision.contents_complete,
    remedy_clause.remedy_told,
    documents.number_unique,
    transfers.not_replaced_by_penalty,
    origins.not_the_same,
    recusals.decided,
    standstill.over,
)

DISCUSSION: Checklist = (decision.views_recorded,)

ISSUED_DECISION: Checklist = tuple(p for p in DECISION if p is not officers.head_not_officer)

NO_PENALTY: Checklist = (
    officers.no_interest,
    officers.head_not_officer,
    no_penalty.ground_fits,
    no_penalty.guardian_ordered,
    measures.settled,
    documents.number_unique,
)

NO_PENALTY_CLOSING: Checklist = (no_penalty.served, no_penalty.educated, measures.settled)

RECTIFICATION: Checklist = (rectification.clerical_only, documents.number_unique)

DISPATCH: Checklist = (distance.public_notice_grounded,)

SERVICE: Checklist = (
    officers.two_certified,
    officers.present_without_interest,
    service.proved,
    distance.receiver_fits,
    service.left_with_witness,
    service.electronic_consented,
    distance.public_notice_grounded,
    distance.notice_period_over,
    distance.received_after_posting,
    distance.publication_told,
    distance.repair_told,
    service.after_document,
    service.in_time,
)

PUBLICATION: Checklist = (
    publication.served_first,
    publication.nothing_identifying,
    publication.minor_party,
    publication.minor_needed,
)

PUBLICATION_REVIEW: Checklist = (
    publication.served_first,
    publication.second_person,
    publication.nothing_identifying,
    publication.record_complete,
)

RECEIPT: Checklist = (publication.served_first,)

REPAIR: Checklist = (publication.repair_due,)

WITHHOLDING: Checklist = (publication.not_under_way, publication.exemption_approved)

PAYMENT: Checklist = (closing.not_self_collected, closing.lawful_receipt)

CLOSING: Checklist = (
    filing.complainant_answered,
    closing.fine_paid,
    closing.fit_hours,
    closing.correction_checked,
    publication.choice_recorded,
    publication.receipt_back,
    measures.settled,
    relief.ended,
    supervision.answered,
    publication.withdrawn,
    relief.refunded,
    enforcement.concluded,
)

ON_SPOT: Checklist = (
    jurisdiction.power_listed,
    jurisdiction.hand_over,
    powers.delegated,
    powers.entrusted,
    powers.basis_level,
    jurisdiction.place,
    jurisdiction.limitation_not_expired,
    officers.two_certified,
    officers.no_assistant_signs,
    officers.certificate_covers,
    officers.no_interest,
    officers.present_without_interest,
    summary.certificate_shown,
    summary.facts_clear,
    summary.told_and_heard,
    summary.correction_ordered,
    summary.within_limits,
    decision.amount_in_range,
    amount.kinds_allowed,
    decision.refusal_proved,
    leniency.child_spared,
    leniency.incapable_spared,
    summary.contents_complete,
    remedy_clause.remedy_told,
    service.proved,
    documents.number_unique,
)

MEASURE: Checklist = (
    measures.power,
    measures.approved,
    officers.two_certified,
    measures.steps_taken,
    measures.scope,
    measures.documents,
    measures.inventory,
)

MEASURE_APPROVAL: Checklist = (measures.approved,)

MEASURE_EXTENSION: Checklist = (measures.extension,)

MEASURE_END: Checklist = (measures.ended_in_time,)

RECUSAL: Checklist = (recusals.not_ones_own,)

SUSPENSION: Checklist = (standstill.counts,)

EXTENSION: Checklist = (standstill.allowed, standstill.before_the_end)

REMEDY_ANSWER: Checklist = (relief.answered_in_time,)
SUPERVISION_ANSWER: Checklist = (supervision.answered_in_time,)

SETTLEMENT: Checklist = (relief.appeal_over,)

WITHDRAWAL: Checklist = (publication.withdrawn_in_time, publication.nothing_identifying)

DEMAND: Checklist = (enforcement.overdue, enforcement.demand_complete, enforcement.not_stayed)

COURT_APPLICATION: Checklist = (
    enforcement.overdue,
    enforcement.demand_waited,
    enforcement.window_open,
    enforcement.window_kept,
    enforcement.package,
    enforcement.not_stayed,
)

PERFORMANCE: Checklist = (
    performance.still_undone,
    performance.danger_named,
    performance.disinterested,
    performance.order_complete,
    performance.demanded_before,
    enforcement.not_stayed,
)

AT_ONCE: Checklist = (performance.party_unable, performance.absent_told)

DEMOLITION: Checklist = (
    enforcement.demolition_announced,
    enforcement.demolition_undisputed,
    enforcement.demolition_empowered,
    enforcement.not_stayed,
)

AGREEMENT: Checklist = (enforcement.agreement_keeps_fine, enforcement.agreement_put_right)

CRIME_REPORT: Checklist = (transfers.team,)

TRANSFER: Checklist = (transfers.by_the_head, transfers.decided_in_time)

HAND_OVER: Checklist = (transfers.materials, transfers.handed_over_in_time)

CLUE: Checklist = (transfers.clue_received,)

EXIT: Checklist = (measures.settled,)

SPLIT: Checklist = (jurisdiction.number_checked, origins.filed)

ANEW: Checklist = (origins.filed,)

REPORT_ON_SPOT: Checklist = (summary.reported_in_time,)

CLOSING_ON_SPOT: Checklist = (
    closing.fine_paid,
    summary.reported,
    publication.choice_recorded,
    publication.receipt_back,
    relief.ended,
    supervision.answered,
    publication.withdrawn,
    relief.refunded,
    enforcement.concluded,
)
