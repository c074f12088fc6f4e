"""Which policies are asked at which step, in the order a lawyer would read them."""

from policies import (
    closing,
    decision,
    distance,
    documents,
    evidence,
    extension,
    filing,
    hearing,
    jurisdiction,
    leniency,
    no_penalty,
    notice,
    officers,
    rectification,
    remedies,
    review,
    review_desk,
    service,
    summary,
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
    leniency.band_applied,
)

PARTY: Checklist = (jurisdiction.number_checked,)

FILING: Checklist = (
    jurisdiction.power_listed,
    jurisdiction.place,
    jurisdiction.limitation_not_expired,
    jurisdiction.same_act,
    filing.standard_met,
    filing.check_in_time,
    officers.assigned,
    officers.no_interest,
    officers.recusal_declared,
    officers.head_not_officer,
    documents.number_unique,
)

EVIDENCE: Checklist = (
    officers.two_certified,
    evidence.recorder_worn,
    evidence.photo_described,
)

CONCLUSION: Checklist = (
    review.proposal_signed,
    decision.citations_valid,
    decision.amount_in_range,
)

SUBMISSION: Checklist = (
    review.proposal_signed,
    evidence.elements_proved,
    evidence.dates_possible,
    decision.citations_valid,
    decision.milder_compared,
    decision.amount_in_range,
    decision.discretion_reasoned,
    *_WEIGHED,
    review.points_answered,
    review.package_complete,
)

_SOUND: Checklist = (
    officers.reviewer_not_officer,
    officers.reviewer_qualified,
    review.not_backdated,
    jurisdiction.power_listed,
    jurisdiction.limitation_not_expired,
    evidence.elements_proved,
    evidence.verified_and_lawful,
    evidence.certificate_shown,
    evidence.dates_possible,
    decision.citations_valid,
    decision.milder_compared,
    decision.amount_in_range,
    decision.refusal_proved,
    review.nine_items_judged,
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
    jurisdiction.place,
    jurisdiction.limitation_not_expired,
    jurisdiction.same_act,
    officers.assigned,
    officers.no_interest,
    officers.head_not_officer,
    evidence.elements_proved,
    evidence.verified_and_lawful,
    evidence.certificate_shown,
    evidence.dates_possible,
    evidence.before_decision,
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
    decision.milder_compared,
    decision.amount_in_range,
    decision.refusal_proved,
    decision.discretion_reasoned,
    *_WEIGHED,
    decision.discussed_collectively,
    decision.within_time,
    decision.date_follows_steps,
    decision.contents_complete,
    remedies.remedy_told,
    documents.number_unique,
)

ISSUED_DECISION: Checklist = tuple(p for p in DECISION if p is not officers.head_not_officer)

NO_PENALTY: Checklist = (
    officers.no_interest,
    officers.head_not_officer,
    no_penalty.ground_fits,
    no_penalty.guardian_ordered,
    documents.number_unique,
)

NO_PENALTY_CLOSING: Checklist = (no_penalty.served, no_penalty.educated)

RECTIFICATION: Checklist = (rectification.clerical_only, documents.number_unique)

EXTENSION: Checklist = (extension.extension_allowed,)

DISPATCH: Checklist = (distance.public_notice_grounded,)

SERVICE: Checklist = (
    officers.two_certified,
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

PUBLICATION: Checklist = (closing.served_first,)

WITHHOLDING: Checklist = (closing.not_under_way,)

PAYMENT: Checklist = (closing.not_self_collected, closing.lawful_receipt)

CLOSING: Checklist = (
    closing.fine_paid,
    closing.correction_checked,
    closing.choice_recorded,
    closing.receipt_back,
)

ON_SPOT: Checklist = (
    jurisdiction.power_listed,
    jurisdiction.place,
    jurisdiction.limitation_not_expired,
    officers.two_certified,
    officers.no_interest,
    summary.certificate_shown,
    summary.facts_clear,
    summary.told_and_heard,
    summary.within_limits,
    decision.amount_in_range,
    decision.refusal_proved,
    leniency.child_spared,
    leniency.incapable_spared,
    summary.contents_complete,
    remedies.remedy_told,
    service.proved,
    documents.number_unique,
)

REPORT_ON_SPOT: Checklist = (summary.reported_in_time,)

CLOSING_ON_SPOT: Checklist = (
    closing.fine_paid,
    summary.reported,
    closing.choice_recorded,
    closing.receipt_back,
)
