"""行政处罚法 44, 45, 62 — the party is told, and heard, before anything is decided."""

import pytest

from policies import notice
from policies.core import Doubt, Level
from policies.notice import TOLD
from policies.parts import Plea
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    NEEDS_JUDGEMENT,
    a_decision,
    a_notice,
    a_proposal,
    a_scene,
    a_statement,
    a_waiver,
    an_inquiry,
    ask,
    changed,
    facts,
    on,
    ready,
    silent,
)

CASE = ready()


def with_notice(**told):
    return changed(CASE, notices=(a_notice(CASE.proposal, **told),))


# — told ——————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("missing", TOLD)
def test_a_notice_that_leaves_out_one_of_its_items_is_refused_and_the_item_named(missing):
    said = ask(
        notice.contents_told, facts(with_notice(told=tuple(t for t in TOLD if t != missing)))
    )
    assert said.outcome is FAILS
    assert missing in said.reason


def test_a_notice_with_all_its_items_is_complete():
    assert ask(notice.contents_told, facts(CASE)).outcome is HOLDS
    assert ask(notice.contents_told, facts(changed(CASE, notices=()))).outcome is DOES_NOT_APPLY


def test_without_a_notice_or_with_an_irregular_one_the_party_was_not_told():
    said = ask(notice.served, facts(CASE))
    assert said.outcome is HOLDS
    assert said.reason == "示街罚告〔2025〕001号已于 2025-01-08 送达。"
    assert "告知书已于 2025-01-08" in ask(notice.served, facts(with_notice(number=""))).reason
    assert ask(notice.served, facts(changed(CASE, notices=()))).outcome is FAILS
    said = ask(notice.served, facts(with_notice(irregular=True)))
    assert said.outcome is FAILS
    assert "送达不符合规定" in said.reason


# — the same as decided ———————————————————————————————————————————————————————————————


def matches(proposal=None, fine=None, told=1000):
    case = with_notice(fine=told)
    case = changed(case, proposal=proposal or CASE.proposal)
    decision = a_decision(case, fine=case.proposal.fine if fine is None else fine)
    return ask(notice.matches_decision, facts(changed(case, decision=decision)))


def test_the_fine_that_was_told_and_not_a_yuan_more():
    assert matches(fine=1000).outcome is HOLDS
    said = matches(fine=1001)
    assert said.outcome is FAILS
    assert "1001" in said.reason
    assert "1000" in said.reason
    assert "不得因申辩加重" in said.remedy


def test_a_pure_reduction_needs_no_new_notice():
    assert matches(fine=999).outcome is HOLDS
    assert matches(fine=0).outcome is HOLDS


@pytest.mark.parametrize(
    "other",
    [
        {"facts": "焚烧落叶"},
        {"violated": a_proposal(power="SL-AIR-01").violated},
        {"basis": a_proposal(power="SL-AIR-01").basis},
        {"kinds": ("警告",)},
        {"confiscation": 50},
    ],
)
def test_another_fact_basis_kind_or_confiscation_needs_one_even_if_nothing_gets_heavier(other):
    said = matches(a_proposal(fine=500, **other))
    assert said.outcome is FAILS
    assert "重新告知" in said.remedy


def test_the_comparison_is_with_the_latest_valid_notice():
    first = a_notice(CASE.proposal, fine=1000)
    heavier = a_notice(CASE.proposal, served_on="2025-01-20", fine=1500)
    wrongly = a_notice(CASE.proposal, served_on="2025-01-21", fine=2000, irregular=True)
    case = changed(CASE, notices=(first, heavier, wrongly))
    for fine, outcome in ((1500, HOLDS), (1501, FAILS)):
        given = facts(changed(case, decision=a_decision(case, fine=fine)))
        assert ask(notice.matches_decision, given).outcome is outcome


def test_before_a_decision_the_proposal_is_compared():
    case = changed(CASE, proposal=a_proposal(fine=1001))
    assert notice.notice_matches(facts(case)).outcome is FAILS
    assert notice.notice_matches(facts(changed(CASE, notices=()))).outcome is DOES_NOT_APPLY


# — the window ————————————————————————————————————————————————————————————————————————


def window(at, *, case=CASE, parameters=None):
    return ask(notice.defence_window_closed, facts(case, at=at), parameters)


def test_the_fifth_working_day_is_still_open_and_the_next_day_is_not():
    said = window("2025-01-15 23:59")
    assert said.outcome is FAILS
    assert said.day == on("2025-01-16")
    assert said.by == "当事人"
    assert window("2025-01-16 00:00").outcome is HOLDS


def test_what_the_notice_told_the_party_goes_before_the_offices_number():
    short = with_notice(defence_days=3)
    assert window("2025-01-13", case=short).outcome is FAILS
    assert window("2025-01-14", case=short).outcome is HOLDS
    assert "告知书写明的期限" in window("2025-01-14", case=short).reason


def test_without_a_number_in_the_notice_the_offices_own_counts():
    ten = {"statement_defence.period": 10}
    assert window("2025-01-22", parameters=ten).outcome is FAILS
    assert window("2025-01-23", parameters=ten).outcome is HOLDS
    assert "本测试设定" in window("2025-01-23", parameters=ten).reason


def test_the_date_on_the_document_must_lie_after_the_window_and_not_the_day_of_the_entry():
    for day, outcome in (("2025-01-15", FAILS), ("2025-01-16", HOLDS)):
        case = changed(CASE, decision=a_decision(CASE, date=day))
        assert window("2025-02-01", case=case).outcome is outcome


def test_the_window_of_a_holiday_ends_after_it_and_a_worked_sunday_counts():
    before_spring = with_notice(
        served_on="2025-01-24"
    )  # Friday; the 26th is worked, then eight days off
    assert window("2025-02-07", case=before_spring).outcome is FAILS
    assert window("2025-02-08", case=before_spring).outcome is HOLDS


def test_only_an_express_waiver_or_a_signed_nothing_to_add_ends_it_early():
    waived = changed(CASE, waivers=(a_waiver("defence"),))
    assert window("2025-01-09", case=waived).outcome is HOLDS
    only_hearing = changed(CASE, waivers=(a_waiver("hearing"),))
    assert window("2025-01-09", case=only_hearing).outcome is FAILS
    spoke = changed(CASE, statements=(a_statement("2025-01-09"),))
    assert window("2025-01-09", case=spoke).outcome is FAILS
    finished = changed(CASE, statements=(a_statement("2025-01-09", nothing_to_add=True),))
    assert window("2025-01-09", case=finished).outcome is HOLDS


def test_what_was_signed_about_an_earlier_notice_does_not_shorten_the_window_of_a_new_one():
    renewed = changed(
        CASE,
        notices=(*CASE.notices, a_notice(CASE.proposal, served_on="2025-01-14")),
        waivers=(a_waiver("defence", "2025-01-13"),),
        statements=(a_statement("2025-01-13", nothing_to_add=True),),
    )
    assert window("2025-01-16", case=renewed).outcome is FAILS
    again = changed(renewed, waivers=(*renewed.waivers, a_waiver("defence", "2025-01-14")))
    assert window("2025-01-16", case=again).outcome is HOLDS


def test_nothing_to_add_signed_on_the_day_of_the_notice_is_about_that_notice():
    for day, outcome in (("2025-01-08", HOLDS), ("2025-01-07", FAILS)):
        signed = changed(CASE, statements=(a_statement(day, nothing_to_add=True),))
        assert window("2025-01-09", case=signed).outcome is outcome


def test_a_published_decision_without_its_date_is_not_known_to_lie_after_the_window():
    undated = silent(
        notices=(a_notice(CASE.proposal, defence_days=5),),
        decision=a_decision(CASE, undated=True),
    )
    assert window("2025-02-01", case=undated).doubt is Doubt.UNSTATED


def test_without_a_valid_notice_no_window_runs():
    assert window("2025-01-16", case=changed(CASE, notices=())).outcome is DOES_NOT_APPLY
    assert window("2025-01-16", case=with_notice(irregular=True)).outcome is DOES_NOT_APPLY


# — the answer ————————————————————————————————————————————————————————————————————————


def test_every_statement_is_answered():
    case = changed(CASE, statements=(a_statement(), a_statement(reply="")))
    said = ask(notice.reply_given, facts(case))
    assert said.outcome is FAILS
    assert "第 2 份" in said.reason
    answered = changed(CASE, statements=(a_statement(),))
    assert ask(notice.reply_given, facts(answered)).outcome is HOLDS
    assert ask(notice.reply_given, facts(CASE)).outcome is DOES_NOT_APPLY


def test_a_published_text_that_is_silent_on_the_notice_breaks_nothing():
    assert ask(notice.served, facts(silent())).doubt is Doubt.UNSTATED
    told = silent(notices=(a_notice(CASE.proposal, told=()),), statements=(a_statement(reply=""),))
    for policy in (notice.contents_told, notice.defence_window_closed, notice.reply_given):
        assert ask(policy, facts(told)).doubt is Doubt.UNSTATED


# — a new notice ——————————————————————————————————————————————————————————————————————


def renewed(fine, *, facts_too=False, heard="2025-01-10", evidence=None, earlier=()):
    """First told 1 000 元 on 8 January, then this on the 13th, with a defence of the 10th between."""
    first = a_proposal(1000)
    second = a_proposal(fine, facts="另一事实") if facts_too else a_proposal(fine)
    case = ready(
        proposal=second,
        notices=(*earlier, a_notice(first), a_notice(second, "2025-01-13")),
        statements=(a_statement(heard),) if heard else (),
        **({"evidence": evidence} if evidence else {}),
    )
    return ask(notice.not_heavier_for_defence, facts(case)).outcome


def test_after_a_defence_a_new_notice_asks_for_more_only_on_new_facts():
    assert renewed(1000) is HOLDS
    assert renewed(999) is HOLDS
    assert renewed(1001) is FAILS
    assert renewed(1001, facts_too=True) is HOLDS
    assert renewed(1001, heard="") is HOLDS


def test_a_defence_or_evidence_of_the_day_of_the_first_notice_came_after_it():
    """What was found the day before was weighed in it already."""
    assert renewed(1001, heard="2025-01-08") is FAILS
    assert renewed(1001, heard="2025-01-07") is HOLDS
    for day, outcome in (("2025-01-08", NEEDS_JUDGEMENT), ("2025-01-07", FAILS)):
        found = (a_scene(), an_inquiry("e2", taken_on=day))
        assert renewed(1001, evidence=found) is outcome


def test_a_third_notice_is_compared_with_the_second():
    lower = a_notice(a_proposal(500), "2025-01-07")
    assert renewed(1000, earlier=(lower,)) is HOLDS
    assert renewed(1001, earlier=(lower,)) is FAILS


def test_with_new_evidence_for_the_same_facts_a_person_says_whether_the_defence_was_the_reason():
    later = (a_scene(), an_inquiry("e2", taken_on="2025-01-11"))
    assert renewed(1001, evidence=later) is NEEDS_JUDGEMENT


def test_a_first_notice_has_nothing_to_be_heavier_than():
    assert ask(notice.not_heavier_for_defence, facts(CASE)).outcome is DOES_NOT_APPLY


def test_each_point_of_the_defence_is_answered_and_not_only_the_whole():
    def answered(*answers):
        pleas = tuple(Plea(no=n, text="理由", answer=a) for n, a in enumerate(answers, 1))
        case = changed(CASE, statements=(a_statement(pleas=pleas),))
        return ask(notice.reply_given, facts(case)).outcome

    assert answered("不采纳，理由一", "采纳") is HOLDS
    assert answered("不采纳，理由一", "") is FAILS
    assert answered() is HOLDS


# — in time to decide —————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(("day", "outcome"), [("2025-03-27", HOLDS), ("2025-03-28", FAILS)])
def test_a_notice_so_late_that_nobody_can_decide_in_time_is_noted_and_still_served(day, outcome):
    # Filed on 6 January: ninety days end on Sunday 6 April; the window must be over on the 5th. Friday
    # 4 April is a holiday, so five working days after Thursday 27 March end on the 3rd, after the 28th later.
    case = changed(CASE, notices=(a_notice(CASE.proposal, day),))
    said = ask(notice.leaves_time, facts(case, at=day))
    assert said.outcome is outcome
    assert "2025-03-27" in said.reason
    assert notice.leaves_time.level is Level.NOTE
