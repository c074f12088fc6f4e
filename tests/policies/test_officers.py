"""行政处罚法 42, 43, 58, 64 — who acts, who must stay out of it, who may review whom."""

import pytest

from policies import officers
from policies.core import Doubt, Level
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    OFFICE,
    a_certificate,
    a_filing,
    a_hearing,
    a_proposal,
    a_reviewer,
    a_scene,
    a_service,
    an_inquiry,
    an_officer,
    ask,
    changed,
    facts,
    office_with,
    ready,
    silent,
)

# — two certified officers ————————————————————————————————————————————————————————————


def present(*people, at="2025-01-06", office=OFFICE, **other):
    return ask(
        officers.two_certified, facts(ready(), at=at, present=people, office=office, **other)
    )


def test_two_officers_are_enough_and_one_is_not():
    assert present("zhang", "li").outcome is HOLDS
    said = present("zhang")
    assert said.outcome is FAILS
    assert "只有 1 名，少于 2 名" in said.reason


def test_the_same_officer_twice_is_one():
    assert present("zhang", "zhang").outcome is FAILS


def test_two_accounts_with_one_certificate_are_one_officer():
    double = an_officer("double").model_copy(
        update={"certificate": OFFICE.person("zhang").certificate}
    )
    said = present("zhang", "double", office=office_with(double))
    assert said.outcome is FAILS
    assert "同一个证号" in said.reason


def test_a_certificate_is_good_on_its_last_day_and_not_on_the_day_after():
    assert present("zhang", "zhao", at="2024-12-31").outcome is HOLDS
    said = present("zhang", "zhao", at="2025-01-01")
    assert said.outcome is FAILS
    assert "赵岩的执法证有效期为 2020-01-01 至 2024-12-31" in said.reason


def test_a_certificate_is_good_from_its_first_day_and_not_before():
    fresh = office_with(an_officer("fresh", since="2025-01-06"))
    assert present("zhang", "fresh", at="2025-01-06", office=fresh).outcome is HOLDS
    assert present("zhang", "fresh", at="2025-01-05", office=fresh).outcome is FAILS


def test_what_counts_is_the_day_of_the_act_and_not_the_day_of_the_step():
    was = ready(evidence=())
    scene = a_scene(taken_on="2024-12-31", officers=("zhang", "zhao"))
    told_later = facts(
        changed(was, evidence=(scene,)), was=was, at="2025-01-06", present=("zhang", "zhao")
    )
    assert ask(officers.two_certified, told_later).outcome is HOLDS

    too_late = a_service(served_on="2025-01-02", officers=("zhang", "zhao"))
    before = ready()
    given = facts(
        changed(before, services=(too_late,)), was=before, at="2024-12-31",
        present=("zhang", "zhao"),
    )  # fmt: skip
    assert ask(officers.two_certified, given).outcome is FAILS

    arranged = ready(hearing=a_hearing(record="", held_on="2024-12-31"))
    held = changed(arranged, hearing=a_hearing(held_on="2024-12-31"))
    given = facts(held, was=arranged, at="2025-01-06", present=("zhang", "zhao"))
    assert ask(officers.two_certified, given).outcome is HOLDS


def test_a_hearing_that_is_only_arranged_is_no_act_of_its_future_day():
    was = ready()
    arranged = changed(was, hearing=a_hearing(record="", held_on="2025-01-02"))
    given = facts(arranged, was=was, at="2024-12-31", present=("zhang", "zhao"))
    assert ask(officers.two_certified, given).outcome is HOLDS


def test_who_was_there_is_told_with_his_number_and_the_day_or_the_days():
    assert present("zhang", "li").reason == (
        "2025-01-06有 2 名持有效执法证的人员：张衡（示12019900101）、李薇（示12019900102）。"
    )
    assert assigned("zhang", filed="2025-01-06").reason == (
        "2025-01-06 至 2025-01-16 间有效持证人员只有 1 名，少于 2 名。"
    )
    assert assigned(filed="2025-01-16").reason == "2025-01-16有效持证人员只有 0 名，少于 2 名。"


def test_helpers_without_a_certificate_and_strangers_do_not_count():
    said = present("zhang", "clerk", "nobody")
    assert said.outcome is FAILS
    assert "孟晓禾没有执法证" in said.reason
    assert "“nobody”不在本机关人员名册" in said.reason


def test_a_unit_head_with_a_certificate_is_an_officer_like_any_other():
    assert present("zhang", "wang").outcome is HOLDS


def test_what_is_not_done_face_to_face_needs_nobody():
    assert ask(officers.two_certified, facts(ready())).outcome is DOES_NOT_APPLY


def test_a_statement_that_the_party_wrote_alone_is_received_and_not_taken():
    was = ready(evidence=())
    alone = an_inquiry(officers=(), certificate_shown="not_needed")
    given = facts(changed(was, evidence=(alone,)), was=was, present=())
    assert ask(officers.two_certified, given).outcome is DOES_NOT_APPLY

    scene = a_scene(officers=(), certificate_shown="not_needed")
    given = facts(changed(was, evidence=(scene,)), was=was, present=())
    assert ask(officers.two_certified, given).outcome is FAILS


def test_a_published_text_that_names_no_officers_breaks_nothing():
    assert ask(officers.two_certified, facts(silent(), present=())).doubt is Doubt.UNSTATED
    assert ask(officers.two_certified, facts(silent(), present=("zhang",))).outcome is FAILS


# — the officers of the case ——————————————————————————————————————————————————————————


def assigned(*people, filed="2024-12-31", at="2025-01-16", office=OFFICE):
    case = ready(officers=people, filing=a_filing(filed))
    return ask(officers.assigned, facts(case, at=at, office=office))


def test_a_filing_names_two_certified_officers():
    assert assigned("zhang", "li").outcome is HOLDS
    assert assigned("zhang").outcome is FAILS
    assert assigned().outcome is FAILS


def test_a_certificate_that_ran_out_after_the_filing_does_not_stop_the_decision():
    assert assigned("zhang", "zhao", filed="2024-12-31", at="2025-03-01").outcome is HOLDS
    assert assigned("zhang", "zhao", filed="2025-01-01", at="2025-03-01").outcome is FAILS


def test_an_officer_who_came_later_needs_his_certificate_by_the_day_of_the_question():
    fresh = office_with(an_officer("fresh", since="2025-02-01"))
    given = {"filed": "2025-01-06", "office": fresh}
    assert assigned("zhang", "fresh", at="2025-02-01", **given).outcome is HOLDS
    assert assigned("zhang", "fresh", at="2025-01-31", **given).outcome is FAILS


def test_a_published_text_need_not_name_who_carried_the_case():
    assert ask(officers.assigned, facts(silent())).doubt is Doubt.UNSTATED
    assert ask(officers.recusal_declared, facts(silent())).doubt is Doubt.UNSTATED
    inquired = silent(evidence=(an_inquiry(),))
    assert ask(officers.recusal_right_told, facts(inquired)).doubt is Doubt.UNSTATED


# — recusal ———————————————————————————————————————————————————————————————————————————


def test_a_missing_declaration_is_a_warning_that_names_who_owes_it():
    said = ask(officers.recusal_declared, facts(ready(recusal_declared=("zhang",))))
    assert said.outcome is FAILS
    assert said.by == "李薇"
    assert officers.recusal_declared.level is Level.WARN
    assert ask(officers.recusal_declared, facts(ready())).outcome is HOLDS


def test_an_officer_with_an_interest_may_not_carry_the_case_and_one_who_was_replaced_may_have_one():
    said = ask(officers.no_interest, facts(ready(recusal_needed=("li",))))
    assert said.outcome is FAILS
    assert said.reason == "李薇声明与本案有利害关系。"
    assert said.by == "顾明、陆承泽"  # either head may put another in his place
    assert ask(officers.no_interest, facts(ready(recusal_needed=("zhao",)))).outcome is HOLDS


def test_a_head_with_an_interest_does_not_decide():
    case = ready(recusal_needed=("head",))
    assert ask(officers.no_interest, facts(case, actor="head")).outcome is FAILS
    assert ask(officers.no_interest, facts(case, actor="deputy")).outcome is HOLDS


# — separation ————————————————————————————————————————————————————————————————————————


def test_an_officer_of_the_case_does_not_review_it():
    both = an_officer("both", roles=("officer", "reviewer"))
    office = office_with(both)
    for case, outcome in ((ready(officers=("zhang", "both")), FAILS), (ready(), HOLDS)):
        given = facts(case, actor=both, office=office)
        assert ask(officers.reviewer_not_officer, given).outcome is outcome


def test_two_people_of_one_name_are_told_apart_by_their_number():
    namesake = an_officer("namesake", name="张衡", roles=("reviewer",))
    given = facts(ready(), actor=namesake, office=office_with(namesake))
    assert ask(officers.reviewer_not_officer, given).outcome is HOLDS


def test_whoever_took_the_evidence_before_a_handover_is_an_investigator_still():
    both = an_officer("both", roles=("officer", "reviewer", "chair"))
    office = office_with(both)
    case = ready(
        evidence=(a_scene(officers=("zhang", "both")), an_inquiry()),
        hearing=a_hearing(chair="both", chair_name="both"),
    )
    given = facts(case, actor=both, office=office)
    assert ask(officers.reviewer_not_officer, given).outcome is FAILS
    assert ask(officers.chair_not_investigator, given).outcome is FAILS


def test_a_reviewer_with_an_interest_withdraws():
    case = ready(recusal_needed=("shen",))
    said = ask(officers.reviewer_not_officer, facts(case, actor="shen"))
    assert said.outcome is FAILS
    assert "区司法局" in said.remedy  # a borrowed reviewer is lawful
    assert said.by == "沈知远、顾明"  # another reviewer, or the head who borrows one


def test_the_head_does_not_decide_a_case_of_his_own_where_the_office_has_that_rule():
    acting = an_officer("acting", roles=("officer", "head"))
    office = office_with(acting)
    case = ready(officers=("zhang", "acting"))
    given = facts(case, actor=acting, office=office)
    said = ask(officers.head_not_officer, given)
    assert said.outcome is FAILS
    assert said.by == "顾明、陆承泽、acting"
    assert (
        ask(officers.head_not_officer, facts(ready(), actor=acting, office=office)).outcome is HOLDS
    )
    off = {"separation.head_not_officer": False}
    assert ask(officers.head_not_officer, given, off).outcome is DOES_NOT_APPLY


@pytest.mark.parametrize(
    ("qualification", "outcome"),
    [
        ({"licence": "示A1"}, HOLDS),
        ({"began_before_2018": True}, HOLDS),
        ({"note": "借调"}, FAILS),
        ({}, FAILS),
    ],
)
def test_a_reviewer_has_the_licence_or_began_before_it_was_asked_for(qualification, outcome):
    person = a_reviewer(**qualification)
    given = facts(ready(), actor=person, office=office_with(person))
    said = ask(officers.reviewer_qualified, given)
    assert said.outcome is outcome
    if outcome is HOLDS:
        assert said.reason == "jie具备法制审核资格。"
    else:
        assert said.by == "沈知远、何守一、jie"


@pytest.mark.parametrize(
    ("chair", "outcome"),
    [("chair", HOLDS), ("shen", HOLDS), ("wang", HOLDS), ("zhang", FAILS), ("", DOES_NOT_APPLY)],
)
def test_the_chair_did_not_investigate_but_may_have_reviewed(chair, outcome):
    name = OFFICE.person(chair).name if chair else ""
    case = ready(hearing=a_hearing(chair=chair, chair_name=name))
    assert ask(officers.chair_not_investigator, facts(case)).outcome is outcome


def test_a_unit_head_who_is_an_officer_of_the_case_does_not_chair():
    case = ready(officers=("zhang", "wang"), hearing=a_hearing(chair="wang", chair_name="王立新"))
    said = ask(officers.chair_not_investigator, facts(case))
    assert said.outcome is FAILS
    assert said.reason == "王立新是本案调查人员。"


def test_a_chair_with_an_interest_withdraws():
    case = ready(recusal_needed=("chair",), hearing=a_hearing())
    said = ask(officers.chair_not_investigator, facts(case))
    assert said.outcome is FAILS
    assert said.reason == "韩静仪声明与本案有利害关系。"


# — assistants, limits of a certificate, an interest declared (R040, R044, R045) ——————————

ASSISTANT = an_officer("xie", roles=("assistant",))


def with_assistant(*, present=None, **parts):
    given = facts(ready(**parts), present=present, office=office_with(ASSISTANT))
    return ask(officers.no_assistant_signs, given)


def test_an_assistant_is_none_of_the_officers_whatever_card_he_holds():
    assert with_assistant().outcome is HOLDS
    assert with_assistant(officers=("zhang", "li", "xie")).outcome is FAILS
    assert with_assistant(present=("zhang", "li", "xie")).outcome is FAILS
    said = with_assistant(proposal=a_proposal(signed_by=("zhang", "xie")))
    assert said.outcome is FAILS
    assert "xie是协管员" in said.reason


@pytest.mark.parametrize("role", ["officer", "unit_head"])
def test_whoever_was_an_assistant_and_became_an_officer_acts_as_one(role):
    both = office_with(an_officer("xie", roles=("assistant", role)))
    given = facts(ready(officers=("zhang", "xie")), office=both)
    assert ask(officers.no_assistant_signs, given).outcome is HOLDS


def certified(*, field="", **limits):
    item = OFFICE.power("SL-AIR-01-OLD").model_copy(update={"field": field})
    limited = an_officer("zhang", certificate=a_certificate(**limits))
    office = office_with(limited, power_list=(item,))
    return ask(officers.certificate_covers, facts(ready(), office=office)).outcome


def test_a_certificate_for_another_field_warns_and_one_without_limits_does_not():
    assert certified(field="生态环境", fields=("生态环境",)) is HOLDS
    assert certified(field="生态环境", fields=("市容环卫",)) is FAILS
    assert certified(field="生态环境") is HOLDS
    assert certified(fields=("市容环卫",)) is HOLDS  # the list does not say which field it is
    assert officers.certificate_covers.level is Level.WARN


def test_a_certificate_for_another_district_warns():
    assert certified(areas=("示例区",)) is HOLDS
    assert certified(areas=("邻区",)) is FAILS


def test_whoever_has_no_certificate_does_not_hide_the_limits_of_the_next_one():
    limited = an_officer("zhang", certificate=a_certificate(areas=("邻区",)))
    given = facts(ready(officers=("clerk", "zhang")), office=office_with(limited))
    said = ask(officers.certificate_covers, given)
    assert said.outcome is FAILS
    assert said.reason == "zhang的执法区域是邻区。"


def test_whoever_declared_an_interest_takes_no_further_part():
    def said(*involved):
        case = ready(recusal_needed=involved)
        return ask(officers.present_without_interest, facts(case, present=("zhang", "li")))

    assert said().outcome is HOLDS
    assert said("zhao").outcome is HOLDS  # not among those present
    assert said("li").outcome is FAILS
    assert said("li").reason.startswith("李薇声明与本案有利害关系")
    alone = facts(ready(recusal_needed=("li",)))
    assert ask(officers.present_without_interest, alone).outcome is DOES_NOT_APPLY
