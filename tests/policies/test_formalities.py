"""行政处罚法 41, 46, 55; 行政诉讼证据规定 10-15 — what each kind of evidence must look like."""

import pytest

from policies import evidence, formalities
from policies.casefile import Evidence, EvidenceKind, Lead
from policies.core import Doubt, Level
from policies.formalities import GUARDIAN, INQUIRY, REQUIRED, WORDS
from policies.office import Device
from policies.officers import RECUSAL_TOLD, recusal_right_told
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    NEEDS_JUDGEMENT,
    a_citizen,
    a_photo,
    a_proposal,
    a_scene,
    an_inquiry,
    ask,
    facts,
    office_with,
    on,
    ready,
    silent,
)

WHOLE = (*REQUIRED[EvidenceKind.PARTY], *INQUIRY, RECUSAL_TOLD)


def registering(policy, *items, **parts):
    return ask(policy, facts(ready(evidence=items, **parts)))


def relying_on(policy, *items, office=None, **parts):
    proposal = a_proposal(evidence=tuple(e.id for e in items))
    other = {"office": office} if office else {}
    return ask(policy, facts(ready(evidence=items, proposal=proposal, **parts), **other))


# — the eight kinds (R081) ————————————————————————————————————————————————————————————————


def test_evidence_is_of_one_of_eight_kinds_and_each_has_its_requirements():
    assert len(EvidenceKind) == 8
    assert set(REQUIRED) == set(EvidenceKind)
    with pytest.raises(ValueError, match="kind"):
        Evidence(id="e1", kind="传闻", name="传闻", proves="焚烧", taken_on=on("2025-01-06"))


# — formal requirements (R084) ————————————————————————————————————————————————————————————


@pytest.mark.parametrize("kind", list(EvidenceKind))
def test_an_item_with_every_tick_is_in_form_and_with_one_fewer_is_not(kind):
    whole = a_scene(kind=kind, formalities=(*REQUIRED[kind], RECUSAL_TOLD))
    assert registering(formalities.formalities_met, whole).outcome is HOLDS
    assert relying_on(formalities.formalities_sound, whole).outcome is HOLDS
    fewer = a_scene(kind=kind, formalities=(*REQUIRED[kind][1:], RECUSAL_TOLD))
    said = registering(formalities.formalities_met, fewer)
    assert said.outcome is FAILS
    assert REQUIRED[kind][0] in said.reason
    assert relying_on(formalities.formalities_sound, fewer).outcome is FAILS


def test_an_item_that_nobody_looked_at_is_noted_and_stops_nothing():
    assert registering(formalities.formalities_met, a_scene()).outcome is DOES_NOT_APPLY
    assert relying_on(formalities.formalities_sound, a_scene()).outcome is HOLDS
    said = relying_on(formalities.formalities_recorded, a_scene())
    assert said.outcome is FAILS
    assert "现场检查笔录" in said.reason
    assert formalities.formalities_recorded.level is Level.NOTE
    looked_at = a_scene(formalities=REQUIRED[EvidenceKind.SCENE])
    assert relying_on(formalities.formalities_recorded, looked_at).outcome is HOLDS


def test_a_refused_signature_with_its_reason_is_no_fault_of_a_record():
    for kind in (EvidenceKind.SCENE, EvidenceKind.PARTY):
        unsigned = [w for w in REQUIRED[kind] if not w.startswith(("当事人", "陈述人"))]
        refused = a_scene(kind=kind, formalities=unsigned, lacking="当事人拒绝签名，李某见证")
        assert registering(formalities.formalities_met, refused).outcome is HOLDS
        assert relying_on(formalities.formalities_sound, refused).outcome is HOLDS
        without = refused.model_copy(update={"lacking": ""})
        assert relying_on(formalities.formalities_sound, without).outcome is FAILS


def test_any_other_fault_is_weighed_by_a_person_once_its_reason_stands_there():
    copy = a_photo(
        kind=EvidenceKind.DOCUMENT, formalities=("出处并由提供人签章",), lacking="原件已遗失"
    )
    assert relying_on(formalities.formalities_sound, copy).outcome is NEEDS_JUDGEMENT
    unsigned = a_scene(formalities=("时间、地点和事件",), lacking="执法人员漏签")
    assert relying_on(formalities.formalities_sound, unsigned).outcome is NEEDS_JUDGEMENT


def test_a_statement_written_alone_is_signed_by_its_author_and_by_no_officer():
    own = an_inquiry(officers=(), certificate_shown="not_needed", formalities=("陈述人签名",))
    assert relying_on(formalities.formalities_sound, own).outcome is HOLDS


def test_a_faulty_item_that_nobody_relies_on_spoils_nothing():
    spare = a_photo("e3", formalities=("原始载体或者复制件",))
    case = ready(evidence=(a_scene(), an_inquiry(), spare))
    assert ask(formalities.formalities_sound, facts(case)).outcome is HOLDS


def test_every_tick_can_be_chosen_on_the_form():
    assert {w for words in REQUIRED.values() for w in words} | {
        *INQUIRY,
        GUARDIAN,
        RECUSAL_TOLD,
    } == set(WORDS)
    assert len(set(WORDS)) == len(WORDS)


# — an inquiry (R049, R089) ———————————————————————————————————————————————————————————————


def test_the_party_is_told_at_the_first_inquiry_that_it_may_ask_for_recusal():
    assert registering(recusal_right_told, an_inquiry(formalities=WHOLE)).outcome is HOLDS
    said = registering(recusal_right_told, an_inquiry())
    assert said.outcome is FAILS
    assert recusal_right_told.level is Level.WARN
    again = (an_inquiry("e1", formalities=WHOLE), an_inquiry("e2"))
    assert registering(recusal_right_told, *again).outcome is HOLDS


def test_whoever_only_hands_in_a_paper_is_not_asked_anything():
    own = an_inquiry(officers=(), certificate_shown="not_needed")
    assert registering(recusal_right_told, own).outcome is DOES_NOT_APPLY
    assert registering(formalities.inquiry_kept_form, own).outcome is DOES_NOT_APPLY
    assert registering(recusal_right_told, a_scene()).outcome is DOES_NOT_APPLY


@pytest.mark.parametrize("word", INQUIRY)
def test_an_inquiry_is_of_one_person_known_and_signed_on_every_page(word):
    assert (
        registering(formalities.inquiry_kept_form, an_inquiry(formalities=WHOLE)).outcome is HOLDS
    )
    fewer = tuple(w for w in WHOLE if w != word)
    said = registering(formalities.inquiry_kept_form, an_inquiry(formalities=fewer))
    assert said.outcome is FAILS
    assert word in said.reason
    why = an_inquiry(formalities=fewer, lacking="当事人拒绝逐页签名")
    assert registering(formalities.inquiry_kept_form, why).outcome is HOLDS
    assert formalities.inquiry_kept_form.level is Level.WARN


def test_a_minor_is_asked_with_a_guardian():
    young = {"party": a_citizen(minor=True)}
    with_guardian = an_inquiry(formalities=(*WHOLE, GUARDIAN))
    assert registering(formalities.inquiry_kept_form, with_guardian, **young).outcome is HOLDS
    for alone in (an_inquiry(formalities=WHOLE), an_inquiry()):
        said = registering(formalities.inquiry_kept_form, alone, **young)
        assert said.outcome is FAILS
        assert GUARDIAN in said.reason
    grown = {"party": a_citizen(minor=False)}
    assert (
        registering(formalities.inquiry_kept_form, an_inquiry(formalities=WHOLE), **grown).outcome
        is HOLDS
    )


# — a record (R052) ———————————————————————————————————————————————————————————————————————


def test_an_inquiry_without_a_record_proves_nothing_as_such():
    assert relying_on(formalities.record_made, a_scene(), an_inquiry()).outcome is HOLDS
    said = relying_on(formalities.record_made, a_scene(), an_inquiry(no_record=True))
    assert said.outcome is FAILS
    assert "询问笔录" in said.reason


def test_a_picture_is_not_asked_for_a_record():
    assert relying_on(formalities.record_made, a_photo(no_record=True)).outcome is DOES_NOT_APPLY


# — monitors (R085) ———————————————————————————————————————————————————————————————————————


def monitored(*, device=None, reviewed=True, taken_on="2025-01-06"):
    made = {
        "id": "D1", "place": "示例路口", "legal_review_on": on("2024-06-01"),
        "technical_review_on": on("2024-06-01"), "published_on": on("2024-06-10"),
    }  # fmt: skip
    office = office_with(devices=(Device(**{**made, **(device or {})}),))
    item = a_photo(device="D1", device_reviewed=reviewed, taken_on=taken_on)
    return relying_on(formalities.monitoring_reviewed, item, office=office)


def test_a_record_of_a_reviewed_and_published_monitor_is_used_after_its_own_review():
    assert monitored().outcome is HOLDS
    assert monitored(reviewed=None).outcome is FAILS
    assert monitored(reviewed=False).outcome is FAILS


@pytest.mark.parametrize("what", ["legal_review_on", "technical_review_on", "published_on"])
def test_the_monitor_was_reviewed_and_published_before_it_recorded(what):
    assert monitored(device={what: on("2025-01-06")}).outcome is HOLDS
    assert monitored(device={what: on("2025-01-07")}).outcome is FAILS
    assert monitored(device={what: None}).outcome is FAILS


def test_a_monitor_that_is_not_on_the_list_or_was_retired_records_nothing():
    assert monitored(device={"id": "D2"}).outcome is FAILS
    assert monitored(device={"retired_on": on("2025-01-06")}).outcome is HOLDS
    assert monitored(device={"retired_on": on("2025-01-05")}).outcome is FAILS


def test_a_handheld_camera_is_no_monitor():
    assert relying_on(formalities.monitoring_reviewed, a_photo()).outcome is DOES_NOT_APPLY


# — before the filing, and who the party is (R066, defects 5 and 45) ——————————————————————


def test_what_was_gathered_between_lead_and_filing_may_be_used_and_older_wants_a_word():
    lead = Lead(source="巡查", found_on=on("2025-01-05"))
    assert relying_on(formalities.before_lead, a_scene(), lead=lead).outcome is HOLDS
    same_day = a_scene(taken_on="2025-01-05")
    assert relying_on(formalities.before_lead, same_day, lead=lead).outcome is HOLDS
    early = a_scene(taken_on="2025-01-04")
    said = relying_on(formalities.before_lead, early, lead=lead)
    assert said.outcome is FAILS
    assert formalities.before_lead.level is Level.NOTE
    paper = a_photo(kind=EvidenceKind.DOCUMENT, taken_on="2020-01-01")
    assert relying_on(formalities.before_lead, paper, lead=lead).outcome is HOLDS


def test_a_paper_on_file_says_who_the_party_is():
    proof = a_photo("e3", kind=EvidenceKind.DOCUMENT, proves_identity=True)
    with_proof = ready(evidence=(a_scene(), an_inquiry(), proof))
    assert ask(formalities.identity_on_file, facts(with_proof)).outcome is HOLDS
    assert ask(formalities.identity_on_file, facts(ready())).outcome is FAILS
    assert formalities.identity_on_file.level is Level.NOTE
    assert ask(formalities.identity_on_file, facts(ready(party=None))).outcome is DOES_NOT_APPLY


def test_a_published_text_that_is_silent_on_forms_breaks_nothing():
    case = silent(evidence=(a_scene(),), party=a_citizen(), proposal=a_proposal(evidence=("e1",)))
    for policy in (formalities.formalities_recorded, formalities.identity_on_file):
        assert ask(policy, facts(case)).doubt is Doubt.UNSTATED
    asked = silent(evidence=(an_inquiry(),), party=a_citizen(minor=True))
    assert ask(recusal_right_told, facts(asked)).doubt is Doubt.UNSTATED
    assert ask(formalities.inquiry_kept_form, facts(asked)).doubt is Doubt.UNSTATED


def test_the_means_that_spoil_evidence_are_cited_from_the_courts_rules():
    assert "第五十七条" in evidence.verified_and_lawful.cite
    assert "第六十条" in evidence.before_decision.cite


# — at the edges ——————————————————————————————————————————————————————————————————————————


def test_a_statement_written_alone_still_wants_its_authors_signature():
    own = an_inquiry(officers=(), certificate_shown="not_needed", formalities=("核对身份",))
    assert formalities.missing(own) == ["陈述人签名"]


@pytest.mark.parametrize(
    "other",
    [a_scene(formalities=("执法人员签名",)), an_inquiry(officers=(), formalities=("核对身份",))],
)
def test_what_is_no_inquiry_by_officers_keeps_to_no_form_of_one(other):
    assert registering(formalities.inquiry_kept_form, other).outcome is DOES_NOT_APPLY


def test_an_inquiry_on_which_nobody_ticked_anything_is_asked_only_for_a_minors_guardian():
    bare = an_inquiry()
    assert registering(formalities.inquiry_kept_form, bare).outcome is DOES_NOT_APPLY
    minor = registering(formalities.inquiry_kept_form, bare, party=a_citizen(minor=True))
    assert minor.reason == f"“询问笔录”没有记明：{GUARDIAN}。"


def test_an_inquiry_in_form_tells_what_it_kept_to_and_another_why_not():
    whole = an_inquiry(formalities=WHOLE)
    kept = registering(formalities.inquiry_kept_form, whole)
    assert kept.reason == "“询问笔录”：核对身份、个别询问、逐页签名。"
    short = an_inquiry(formalities=WHOLE[:-3], lacking="当事人拒绝逐页签名")
    assert registering(formalities.inquiry_kept_form, short).reason == (
        "“询问笔录”：当事人拒绝逐页签名。"
    )


def test_a_photograph_and_a_statement_handed_in_need_no_record():
    photo = a_photo(officers=("zhang", "li"))
    own = an_inquiry(officers=(), certificate_shown="not_needed")
    assert relying_on(formalities.record_made, photo, own).outcome is DOES_NOT_APPLY


def test_a_published_text_need_not_tell_of_the_form_of_an_inquiry_and_what_came_first():
    told = silent(
        lead=Lead(source="巡查", found_on=on("2025-01-07")),
        party=a_citizen(),
        evidence=(an_inquiry(id="e1", formalities=("核对身份",)),),
        proposal=a_proposal(evidence=("e1",)),
    )
    for policy, what in (
        (formalities.inquiry_kept_form, "询问的形式"),
        (formalities.before_lead, "发现线索与取证的先后"),
        (formalities.identity_on_file, "当事人的身份证明"),
    ):
        said = ask(policy, facts(told))
        assert (said.doubt, said.reason) == (Doubt.UNSTATED, f"来源未载明{what}。")
    bare = silent(evidence=(an_inquiry(id="e1"),), proposal=a_proposal(evidence=("e1",)))
    said = ask(formalities.formalities_recorded, facts(bare))
    assert (said.doubt, said.reason) == (Doubt.UNSTATED, "来源未载明证据的形式要件。")
