"""行政处罚法 63-65 — who must be told of a hearing, when it may be asked for, how it binds the decision."""

import pytest

from policies import hearing
from policies.casefile import PartyKind
from policies.core import Doubt, Level
from policies.hearing import GRAVE_KINDS
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    NEEDS_JUDGEMENT,
    a_citizen,
    a_hearing,
    a_notice,
    a_photo,
    a_postponement,
    a_proposal,
    a_third_party,
    a_waiver,
    an_inquiry,
    an_organisation,
    ask,
    changed,
    decided,
    facts,
    on,
    ready,
    silent,
)

CASE = ready()
LOCAL = {"hearing.threshold.citizen": 10_000, "hearing.threshold.org": 100_000}


def right(fine, parameters=LOCAL, *, party=None, told=False, **proposal):
    proposal = a_proposal(fine=fine, **proposal)
    case = ready(
        proposal=proposal,
        party=party or a_citizen(),
        notices=(a_notice(proposal, hearing_told=told),),
    )
    return ask(hearing.right_told, facts(case), parameters)


# — the right to be told —————————————————————————————————————————————————————————————————


def test_one_yuan_below_the_threshold_nobody_need_be_told_and_on_it_everybody():
    assert right(9_999).outcome is DOES_NOT_APPLY
    said = right(10_000)
    assert said.outcome is FAILS
    assert "10000 元" in said.reason
    assert "已达 10000 元" in said.reason
    assert right(10_000, told=True).outcome is HOLDS


def test_an_organisation_has_its_own_threshold():
    party = an_organisation()
    assert right(99_999, party=party).outcome is DOES_NOT_APPLY
    assert right(100_000, party=party).outcome is FAILS


def test_an_individual_business_counts_as_a_citizen_unless_the_office_says_otherwise():
    shop = a_citizen(kind=PartyKind.BUSINESS)
    assert right(10_000, party=shop).outcome is FAILS
    as_org = {**LOCAL, "individual_business.as_citizen": False}
    assert right(10_000, as_org, party=shop).outcome is DOES_NOT_APPLY
    assert right(100_000, as_org, party=shop).outcome is FAILS


def test_where_nobody_set_a_threshold_every_fine_is_told_and_a_warning_is_not():
    said = right(1, None)
    assert said.outcome is FAILS
    assert "没有确认较大数额的标准" in said.reason
    assert right(0, None, kinds=("警告",)).outcome is DOES_NOT_APPLY


@pytest.mark.parametrize("kind", sorted(GRAVE_KINDS))
def test_the_grave_kinds_are_told_whatever_the_amount(kind):
    said = right(0, kinds=(kind,))
    assert said.outcome is FAILS
    assert kind in said.reason


def test_a_case_without_notice_or_told_only_by_an_irregular_one_was_not_told():
    assert ask(hearing.right_told, facts(changed(CASE, notices=()))).outcome is FAILS
    irregular = changed(CASE, notices=(a_notice(CASE.proposal, irregular=True),))
    assert ask(hearing.right_told, facts(irregular)).outcome is FAILS


def test_without_a_proposal_there_is_nothing_to_tell():
    assert ask(hearing.right_told, facts(ready(proposal=None))).outcome is DOES_NOT_APPLY


# — the window ————————————————————————————————————————————————————————————————————————


def window(at, **parts):
    return ask(hearing.request_window_closed, facts(changed(CASE, **parts), at=at))


def test_a_hearing_may_be_asked_for_until_the_end_of_the_fifth_working_day():
    said = window("2025-01-15 23:59")
    assert said.outcome is FAILS
    assert (said.day, said.by) == (on("2025-01-16"), "当事人")
    assert "第六十四条" in said.reason
    assert window("2025-01-16").outcome is HOLDS


def test_the_window_runs_over_the_national_holiday_and_a_worked_sunday():
    proposal = CASE.proposal
    autumn = (a_notice(proposal, served_on="2025-09-26"),)  # Friday; Sunday 28 September is worked
    assert window("2025-10-10", notices=autumn).outcome is FAILS
    assert window("2025-10-11", notices=autumn).outcome is HOLDS


def test_three_days_as_in_the_old_law_are_not_enough():
    assert window("2025-01-14").outcome is FAILS


def test_waiving_the_defence_is_not_waiving_the_hearing():
    assert window("2025-01-09", waivers=(a_waiver("defence"),)).outcome is FAILS
    assert window("2025-01-09", waivers=(a_waiver("hearing"),)).outcome is HOLDS


def test_a_request_or_a_waiver_about_an_earlier_notice_does_not_close_the_window_of_a_new_one():
    notices = (*CASE.notices, a_notice(CASE.proposal, served_on="2025-02-10"))
    early = {"notices": notices, "waivers": (a_waiver("hearing", "2025-02-09"),)}
    assert window("2025-02-17", **early).outcome is FAILS
    assert window("2025-02-18", **early).outcome is HOLDS
    heard = {"notices": notices, "hearing": a_hearing()}
    assert window("2025-02-17", **heard).outcome is FAILS
    assert window("2025-02-11", **{**heard, "hearing": a_hearing("2025-02-10")}).outcome is HOLDS


def test_a_party_that_was_not_told_has_no_window():
    untold = (a_notice(CASE.proposal, hearing_told=False),)
    assert window("2025-01-09", notices=untold).outcome is DOES_NOT_APPLY
    assert window("2025-01-09", notices=()).outcome is DOES_NOT_APPLY


def test_the_date_on_the_document_must_lie_after_the_window():
    for day, outcome in (("2025-01-15", FAILS), ("2025-01-16", HOLDS)):
        decision = decided().decision.model_copy(update={"date": on(day)})
        assert window("2025-02-01", decision=decision).outcome is outcome


def test_a_late_request_may_be_granted_with_a_reason():
    def asked(day):
        case = changed(CASE, hearing=a_hearing(day))
        return ask(hearing.requested_in_time, facts(case, at="2025-01-17"))

    assert asked("2025-01-15").outcome is HOLDS
    assert asked("2025-01-16").outcome is FAILS
    assert hearing.requested_in_time.level is Level.WARN
    assert ask(hearing.requested_in_time, facts(CASE)).outcome is DOES_NOT_APPLY


# — the hearing itself ————————————————————————————————————————————————————————————————


def notified(held_on, told="2025-01-13"):
    case = changed(CASE, hearing=a_hearing(held_on=held_on, notified_on=told))
    return ask(hearing.notice_in_time, facts(case))


def test_seven_working_days_lie_between_the_notice_and_the_hearing():
    assert notified("2025-01-22").outcome is HOLDS
    said = notified("2025-01-21")
    assert said.outcome is FAILS
    assert said.day == on("2025-01-22")


def test_the_national_holiday_does_not_count_towards_them_and_a_worked_saturday_does():
    assert notified("2025-10-14", "2025-09-28").outcome is HOLDS  # Saturday 11 October is worked
    assert notified("2025-10-13", "2025-09-28").outcome is FAILS


def test_an_unscheduled_hearing_has_no_notice_to_ask_about():
    case = changed(CASE, hearing=a_hearing(held_on=None, notified_on=None))
    assert ask(hearing.notice_in_time, facts(case)).outcome is DOES_NOT_APPLY


def held(**other):
    return ask(
        hearing.held_when_requested,
        facts(changed(CASE, hearing=a_hearing(**other)), at="2025-01-24"),
    )


def test_who_asks_for_a_hearing_gets_one_with_a_report():
    assert ask(hearing.held_when_requested, facts(CASE)).outcome is DOES_NOT_APPLY
    assert held().outcome is HOLDS
    assert held(ended_as="", reported_on=None, report="").outcome is FAILS


def test_a_party_that_stays_away_from_a_hearing_it_was_told_of_ends_it():
    assert held(ended_as="party_absent").outcome is HOLDS


@pytest.mark.parametrize(
    "never",
    [
        {"notified_on": None},
        {"held_on": None},
        {"held_on": "2025-01-24", "reported_on": "2025-01-23"},
    ],
)
def test_nobody_stays_away_from_a_hearing_that_was_not_announced_or_has_not_come(never):
    said = held(ended_as="party_absent", **never)
    assert said.outcome is FAILS
    assert "不能算当事人缺席" in said.reason


def test_a_report_rests_on_a_hearing_with_a_record():
    for other, outcome in (({}, HOLDS), ({"record": ""}, FAILS), ({"held_on": None}, FAILS)):
        case = changed(CASE, hearing=a_hearing(**other))
        assert ask(hearing.recorded, facts(case)).outcome is outcome


# — the decision rests on its record ——————————————————————————————————————————————————


def heard(*extra, held="held", proposal=("e1", "e2"), **other):
    case = changed(
        CASE,
        evidence=(*CASE.evidence, *extra),
        proposal=a_proposal(evidence=proposal),
        hearing=a_hearing(ended_as=held, **other),
    )
    return ask(hearing.evidence_heard, facts(case, at="2025-02-01"))


def test_what_was_on_file_and_not_shown_at_the_hearing_cannot_found_the_decision():
    assert heard().outcome is HOLDS
    said = heard(heard_evidence=("e1",))
    assert said.outcome is FAILS
    assert "询问笔录" in said.reason


def test_what_came_after_the_hearing_is_for_a_person_to_judge_because_it_may_favour_the_party():
    for day, outcome in (("2025-01-22", FAILS), ("2025-01-23", NEEDS_JUDGEMENT)):
        late = a_photo("e3", taken_on=day)
        assert heard(late, proposal=("e1", "e2", "e3")).outcome is outcome
        assert heard(late).outcome is HOLDS  # on file only


def test_a_hearing_that_did_not_take_place_binds_nothing():
    assert heard(held="party_absent", heard_evidence=()).outcome is DOES_NOT_APPLY


def test_a_published_text_that_is_silent_on_the_hearing_breaks_nothing():
    told = silent(
        proposal=a_proposal(),
        evidence=(an_inquiry(),),
        notices=(a_notice(CASE.proposal, hearing_told=False),),
        hearing=a_hearing(record="", heard_evidence=(), reported_on=None),
    )
    for policy in (
        hearing.right_told,
        hearing.held_when_requested,
        hearing.evidence_heard,
        hearing.recorded,
    ):
        assert ask(policy, facts(told)).doubt is Doubt.UNSTATED, policy.id


# — who comes, who is told, who signs ———————————————————————————————————————————————————————


def hearing_with(third_parties=(), **how):
    return facts(changed(CASE, hearing=a_hearing(**how), third_parties=third_parties))


@pytest.mark.parametrize(
    ("agents", "mandate", "outcome"),
    [
        ((), "", DOES_NOT_APPLY),
        (("甲",), "委托书", HOLDS),
        (("甲", "乙"), "委托书", HOLDS),
        (("甲", "乙", "丙"), "委托书", FAILS),
        (("甲",), "", FAILS),
    ],
)
def test_one_or_two_agents_with_a_mandate_and_not_three(agents, mandate, outcome):
    given = hearing_with(agents=agents, mandate=mandate)
    assert ask(hearing.agents_at_most_two, given).outcome is outcome


def test_third_parties_on_file_are_told_of_time_and_place():
    third = (a_third_party(),)
    assert ask(hearing.others_told, hearing_with(third, others_told=True)).outcome is HOLDS
    assert ask(hearing.others_told, hearing_with(third)).outcome is FAILS
    assert ask(hearing.others_told, hearing_with()).outcome is DOES_NOT_APPLY
    unannounced = hearing_with(third, notified_on=None)
    assert ask(hearing.others_told, unannounced).outcome is DOES_NOT_APPLY


@pytest.mark.parametrize(
    ("signed", "noted", "outcome"),
    [
        ("signed", "", HOLDS),
        ("refused", "主持人注明拒签", HOLDS),
        ("refused", "", FAILS),
        ("", "", DOES_NOT_APPLY),
    ],
)
def test_the_record_is_signed_or_the_chair_notes_the_refusal(signed, noted, outcome):
    given = hearing_with(record_signed=signed, refusal_noted=noted)
    assert ask(hearing.record_signed, given).outcome is outcome


# — another day ———————————————————————————————————————————————————————————————————————


def test_a_hearing_that_is_moved_is_announced_seven_working_days_before_the_new_day():
    # Told on Monday 13 January: the seventh working day is the 22nd.
    moved = (a_postponement(),)
    assert ask(hearing.notice_in_time, hearing_with(postponed=moved)).outcome is HOLDS
    early = hearing_with(postponed=moved, held_on="2025-01-21")
    assert ask(hearing.notice_in_time, early).outcome is FAILS


def test_whether_a_party_that_wished_another_day_may_have_fewer_is_for_a_person_to_say():
    wished = hearing_with(postponed=(a_postponement(wished=True),), held_on="2025-01-21")
    assert ask(hearing.notice_in_time, wished).outcome is NEEDS_JUDGEMENT
    other_notice = hearing_with(
        postponed=(a_postponement("2025-01-10", wished=True),), held_on="2025-01-21"
    )
    assert ask(hearing.notice_in_time, other_notice).outcome is FAILS


def test_a_party_that_takes_its_request_back_in_writing_has_no_hearing_to_wait_for():
    back = hearing_with(ended_as="withdrawn", held_on=None, record="当事人签名的撤回申请")
    assert ask(hearing.held_when_requested, back).outcome is HOLDS
    open_ = hearing_with(ended_as="", reported_on=None)
    assert ask(hearing.held_when_requested, open_).outcome is FAILS


# — at the edges ——————————————————————————————————————————————————————————————————————————


def test_a_regular_notice_after_an_irregular_one_tells_of_the_hearing_and_the_other_way_round():
    proper = a_notice(CASE.proposal)
    wrong = a_notice(CASE.proposal, served_on="2025-01-09", irregular=True, hearing_told=False)
    both = changed(CASE, notices=(proper, wrong))
    assert ask(hearing.right_told, facts(both)).outcome is HOLDS
    # Whoever records the irregular notice is asked about that one.
    assert ask(hearing.right_told, facts(both, irregular=True)).outcome is FAILS


def test_an_irregular_notice_that_is_being_recorded_is_judged_by_what_it_says():
    told = changed(CASE, notices=(a_notice(CASE.proposal, irregular=True),))
    assert ask(hearing.right_told, facts(told, irregular=True)).outcome is HOLDS


def test_a_hearing_may_be_waived_on_the_day_of_the_notice_and_not_before_it():
    assert window("2025-01-09", waivers=(a_waiver("hearing", "2025-01-08"),)).outcome is HOLDS
    assert window("2025-01-09", waivers=(a_waiver("hearing", "2025-01-07"),)).outcome is FAILS


def test_a_decision_without_a_date_may_have_waited_for_the_window():
    undated = decided().decision.model_copy(update={"undated": True})
    said = window("2025-02-01", decision=undated)
    assert (said.doubt, said.reason) == (Doubt.UNSTATED, "来源未载明决定日期。")


def test_a_party_stays_away_on_the_very_day_of_the_hearing():
    assert held(ended_as="party_absent", reported_on="2025-01-22").outcome is HOLDS
    assert held(ended_as="party_absent", reported_on="2025-01-21").outcome is FAILS


def test_a_withdrawn_request_is_told_with_the_paper_that_withdrew_it():
    back = hearing_with(ended_as="withdrawn", held_on=None, record="当事人签名的撤回申请")
    assert ask(hearing.held_when_requested, back).reason == (
        "当事人于 2025-01-23 撤回听证申请（当事人签名的撤回申请）。"
    )


@pytest.mark.parametrize("lacks", ["held_on", "notified_on"])
def test_a_hearing_of_which_one_day_is_not_known_has_no_seven_days_to_count(lacks):
    assert ask(hearing.notice_in_time, hearing_with(**{lacks: None})).outcome is DOES_NOT_APPLY


@pytest.mark.parametrize(
    ("policy", "how", "by"),
    [
        (hearing.requested_in_time, {"requested_on": "2025-01-16"}, "顾明"),
        (hearing.held_when_requested, {"ended_as": "party_absent", "held_on": None}, "顾明"),
        (hearing.held_when_requested, {"ended_as": "", "reported_on": None}, "韩静仪"),
        (
            hearing.held_when_requested,
            {"ended_as": "", "reported_on": None, "chair_name": ""},
            "顾明",
        ),
        (hearing.notice_in_time, {"held_on": "2025-01-21"}, "顾明、韩静仪"),
        (hearing.recorded, {"record": ""}, "顾明、韩静仪"),
        (hearing.others_told, {"third_parties": (a_third_party(),)}, "顾明、韩静仪"),
        (hearing.record_signed, {"record_signed": "refused"}, "韩静仪"),
        (hearing.record_signed, {"record_signed": "refused", "chair_name": ""}, "韩静仪"),
    ],
)
def test_what_lacks_at_a_hearing_is_cured_by_its_chair_or_the_head(policy, how, by):
    said = ask(policy, hearing_with(**how))
    assert (said.outcome, said.by) == (FAILS, by)
