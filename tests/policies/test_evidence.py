"""行政处罚法 28, 40, 46, 47, 54, 55 — what may found the facts, and whether it is enough."""

import pytest

from policies import evidence
from policies.casefile import Correction, EvidenceKind
from policies.core import Doubt, Level
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    NEEDS_JUDGEMENT,
    a_decision,
    a_photo,
    a_proposal,
    a_scene,
    an_act,
    an_inquiry,
    ask,
    changed,
    decided,
    facts,
    on,
    ready,
    silent,
)


def relying_on(*items, **parts):
    """A case whose proposal relies on these items alone."""
    proposal = a_proposal(evidence=tuple(e.id for e in items))
    return facts(ready(evidence=items, proposal=proposal, **parts))


# — enough ————————————————————————————————————————————————————————————————————————————


def test_each_element_needs_an_item_that_the_proposal_relies_on():
    assert ask(evidence.elements_proved, facts(ready())).outcome is HOLDS
    said = ask(evidence.elements_proved, facts(ready(proposal=a_proposal(evidence=("e1",)))))
    assert said.outcome is FAILS
    assert "承认焚烧" in said.reason


def test_without_elements_nothing_is_proved():
    assert ask(evidence.elements_proved, facts(ready(proposal=None))).outcome is FAILS
    bare = ready(proposal=a_proposal(elements=()))
    assert ask(evidence.elements_proved, facts(bare)).outcome is FAILS


# — verified and lawful ———————————————————————————————————————————————————————————————


def test_verified_and_lawful_items_found_the_facts():
    assert ask(evidence.verified_and_lawful, facts(ready())).outcome is HOLDS


@pytest.mark.parametrize("fault", [{"lawful": False}, {"irregular": True}, {"verified_by": ""}])
def test_an_item_that_is_unlawful_irregular_or_unverified_does_not(fault):
    said = ask(evidence.verified_and_lawful, relying_on(a_scene(), an_inquiry(**fault)))
    assert said.outcome is FAILS
    assert "询问笔录" in said.reason


def test_an_item_on_file_that_nobody_relies_on_spoils_nothing():
    case = ready(evidence=(a_scene(), an_inquiry(), a_photo(irregular=True, verified_by="")))
    assert ask(evidence.verified_and_lawful, facts(case)).outcome is HOLDS


def test_a_proposal_that_relies_on_nothing_is_refused():
    assert ask(evidence.verified_and_lawful, relying_on()).outcome is FAILS


# — the certificate ———————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("shown", "outcome"),
    [("shown", HOLDS), ("on_video", NEEDS_JUDGEMENT), ("not_shown", FAILS), ("not_needed", FAILS)],
)
def test_a_record_says_that_the_certificate_was_shown_and_a_video_alone_is_a_doubt(shown, outcome):
    said = ask(evidence.certificate_shown, relying_on(a_scene(certificate_shown=shown)))
    assert said.outcome is outcome
    assert outcome is HOLDS or "现场检查笔录" in said.reason


def test_papers_and_pictures_need_no_certificate():
    paper = a_photo(kind=EvidenceKind.DOCUMENT)
    assert (
        ask(evidence.certificate_shown, relying_on(a_photo("e4"), paper)).outcome is DOES_NOT_APPLY
    )


def test_a_statement_handed_in_is_used_when_a_person_confirms_that_it_was():
    own = an_inquiry(officers=(), certificate_shown="not_needed")
    said = ask(evidence.certificate_shown, relying_on(a_scene(), own))
    assert said.outcome is NEEDS_JUDGEMENT
    assert "自行书写提交" in said.reason
    taken = an_inquiry(officers=("zhang", "li"), certificate_shown="not_needed")
    assert ask(evidence.certificate_shown, relying_on(a_scene(), taken)).outcome is FAILS


# — dates —————————————————————————————————————————————————————————————————————————————


def test_a_record_of_the_day_of_the_act_is_possible_and_of_the_day_before_is_not():
    assert ask(evidence.dates_possible, relying_on(a_scene())).outcome is HOLDS
    said = ask(evidence.dates_possible, relying_on(a_scene(taken_on="2025-01-05")))
    assert said.outcome is FAILS
    assert "2025-01-05" in said.reason
    assert "2025-01-06" in said.reason


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (EvidenceKind.DOCUMENT, HOLDS),
        (EvidenceKind.AUDIOVISUAL, NEEDS_JUDGEMENT),
        (EvidenceKind.ELECTRONIC, NEEDS_JUDGEMENT),
        (EvidenceKind.OBJECT, NEEDS_JUDGEMENT),
        (EvidenceKind.WITNESS, FAILS),
        (EvidenceKind.PARTY, FAILS),
        (EvidenceKind.EXPERT, FAILS),
        (EvidenceKind.SCENE, FAILS),
    ],
)
def test_an_older_paper_is_lawful_an_older_picture_is_a_doubt_an_older_inquiry_impossible(
    kind, outcome
):
    old = a_scene("e9", kind=kind, taken_on="2025-01-05")
    assert ask(evidence.dates_possible, relying_on(a_scene(), old)).outcome is outcome


def test_an_impossible_date_on_an_item_that_was_given_up_blocks_nothing():
    given_up = a_scene("e9", taken_on="2024-01-05")
    case = ready(evidence=(a_scene(), an_inquiry(), given_up))
    assert ask(evidence.dates_possible, facts(case)).outcome is HOLDS


def test_without_a_beginning_there_is_nothing_to_compare():
    case = ready(act=an_act(began=None))
    assert ask(evidence.dates_possible, facts(case)).outcome is DOES_NOT_APPLY


def test_evidence_of_the_day_of_the_decision_counts_and_of_the_day_after_does_not():
    def decided_with(day):
        items = (a_scene(), an_inquiry(taken_on=day))
        return facts(decided(evidence=items), at="2025-02-01")

    assert ask(evidence.before_decision, decided_with("2025-01-16")).outcome is HOLDS
    assert ask(evidence.before_decision, decided_with("2025-01-17")).outcome is FAILS


def test_evidence_from_a_patrol_before_the_filing_is_recorded_and_used():
    case = ready(act=an_act(began="2024-12-01", ended="2025-01-06"))
    early = changed(case, evidence=(a_scene(taken_on="2024-12-20"), an_inquiry()))
    for policy in (evidence.dates_possible, evidence.before_decision, evidence.elements_proved):
        assert ask(policy, facts(early)).outcome is HOLDS


# — how it was recorded ———————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("item", "outcome"),
    [(a_scene(), HOLDS), (a_scene(recorder=""), FAILS), (a_photo(), DOES_NOT_APPLY)],
)
def test_work_on_the_spot_without_a_recorder_is_a_warning(item, outcome):
    assert ask(evidence.recorder_worn, facts(ready(evidence=(item,)))).outcome is outcome
    assert evidence.recorder_worn.level is Level.WARN


@pytest.mark.parametrize(
    ("item", "outcome"),
    [
        (a_photo(), HOLDS),
        (a_photo(place=""), FAILS),
        (a_photo(maker=""), FAILS),
        (a_scene(), DOES_NOT_APPLY),
    ],
)
def test_a_picture_without_place_or_maker_is_a_warning(item, outcome):
    assert ask(evidence.photo_described, facts(ready(evidence=(item,)))).outcome is outcome
    assert evidence.photo_described.level is Level.WARN


def test_only_the_newest_item_is_asked_how_it_was_recorded():
    case = ready(evidence=(a_scene(recorder=""), a_photo()))
    assert ask(evidence.recorder_worn, facts(case)).outcome is DOES_NOT_APPLY


# — the order to correct ——————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("correction", "outcome"),
    [
        (Correction(ordered_on=on("2025-01-06"), content="立即熄灭"), HOLDS),
        (Correction(nothing_left="已自行熄灭并清理"), HOLDS),
        (Correction(), FAILS),
        (None, FAILS),
    ],
)
def test_the_party_is_ordered_to_correct_or_it_is_recorded_why_not(correction, outcome):
    assert ask(evidence.correction_ordered, facts(ready(correction=correction))).outcome is outcome


def test_the_order_may_stand_in_the_decision_itself():
    case = ready(correction=None)
    with_order = a_decision(case, contents=("责令立即改正", "事实和证据"))
    without = a_decision(case, contents=("事实和证据",))
    said = ask(evidence.correction_ordered, facts(changed(case, decision=with_order)))
    assert said.outcome is HOLDS
    said = ask(evidence.correction_ordered, facts(changed(case, decision=without)))
    assert said.outcome is FAILS


def test_a_published_text_that_is_silent_on_the_evidence_breaks_nothing():
    bare = facts(silent())
    for policy in (
        evidence.elements_proved,
        evidence.verified_and_lawful,
        evidence.correction_ordered,
    ):
        assert ask(policy, bare).doubt is Doubt.UNSTATED
    named = a_scene(certificate_shown="not_needed", verified_by="")
    listed = facts(silent(evidence=(named,), proposal=a_proposal(evidence=("e1",))))
    for policy in (evidence.verified_and_lawful, evidence.certificate_shown):
        assert ask(policy, listed).doubt is Doubt.UNSTATED


@pytest.mark.parametrize(
    ("contents", "outcome"),
    [(("责令立即改正",), HOLDS), (("责令停产停业",), FAILS), (("改正后复查",), FAILS), ((), FAILS)],
)
def test_a_decision_orders_correction_only_where_it_says_so(contents, outcome):
    case = decided(correction=None)
    case = changed(case, decision=a_decision(case, contents=contents))
    assert ask(evidence.correction_ordered, facts(case)).outcome is outcome


def test_a_published_text_names_neither_its_evidence_nor_always_the_day_of_the_decision():
    bare = silent(proposal=a_proposal(evidence=()))
    said = ask(evidence.elements_proved, facts(bare))
    assert (said.doubt, said.reason) == (Doubt.UNSTATED, "来源未载明证据。")
    case = decided()
    undated = changed(case, decision=case.decision.model_copy(update={"undated": True}))
    said = ask(evidence.before_decision, facts(undated))
    assert (said.doubt, said.reason) == (Doubt.UNSTATED, "来源未载明决定日期。")
