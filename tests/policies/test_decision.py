"""行政处罚法 37, 57, 59, 60; 罚缴分离办法 7 — basis, range, time limit and contents of the decision."""

from dataclasses import replace
from datetime import timedelta

import pytest

from policies import decision
from policies.casefile import Correction, PartyKind
from policies.core import Doubt, Level
from policies.decision import CONTENTS, FINE_CONTENTS
from policies.parts import Spoken
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    LAW,
    NEEDS_JUDGEMENT,
    a_citizen,
    a_decision,
    a_discussion,
    a_filing,
    a_hearing,
    a_proposal,
    a_review,
    an_act,
    an_item,
    an_office_with,
    an_organisation,
    ask,
    changed,
    cite,
    decided,
    facts,
    office_with,
    on,
    ready,
    silent,
)

BURNING = (cite("EEC", 246), cite("EEC", 1131, "第一款"))
BURNING_OLD = (cite("APPL-AIR", 77), cite("APPL-AIR", 119, "第一款"))


def citing(duty, penalty, *, act="2026-09-01", at="2026-09-10", began=None, **proposal):
    began, ended = (began or act, act) if act else (began, None)
    return facts(
        ready(
            act=an_act(began, ended, continuing=act is None),
            proposal=a_proposal(violated=(duty,), basis=(penalty,), **proposal),
        ),
        at=at,
    )


# — citations —————————————————————————————————————————————————————————————————————————


def test_articles_that_exist_and_apply_may_be_cited():
    assert ask(decision.citations_valid, citing(*BURNING)).outcome is HOLDS


def test_nothing_cited_is_refused():
    for other in ({"violated": ()}, {"basis": ()}):
        case = ready(proposal=a_proposal(**other))
        assert ask(decision.citations_valid, facts(case)).outcome is FAILS
    assert ask(decision.citations_valid, facts(ready(proposal=None))).outcome is FAILS


def test_the_last_article_of_a_statute_exists_and_the_next_does_not():
    assert (
        ask(decision.citations_valid, citing(cite("EEC", 246), cite("EEC", 1242))).outcome is HOLDS
    )
    said = ask(decision.citations_valid, citing(cite("EEC", 246), cite("EEC", 1243)))
    assert said.outcome is FAILS
    assert "第一千二百四十三条不存在" in said.reason


def test_a_repealed_act_may_be_cited_for_an_act_of_its_last_day_and_not_for_one_of_the_day_after():
    assert ask(decision.citations_valid, citing(*BURNING_OLD, act="2026-08-14")).outcome is HOLDS
    said = ask(decision.citations_valid, citing(*BURNING_OLD, act="2026-08-15"))
    assert said.outcome is FAILS
    assert "至 2026-08-15 废止" in said.reason


def test_the_code_may_be_cited_for_an_older_act_only_once_it_is_in_force():
    old = {"act": "2026-07-01"}
    assert ask(decision.citations_valid, citing(*BURNING, at="2026-08-15", **old)).outcome is HOLDS
    assert ask(decision.citations_valid, citing(*BURNING, at="2026-08-14", **old)).outcome is FAILS


def test_an_act_that_goes_on_is_governed_by_the_law_of_the_decision():
    goes_on = {"act": None, "began": "2026-08-01", "at": "2026-09-10"}
    assert ask(decision.citations_valid, citing(*BURNING, **goes_on)).outcome is HOLDS
    assert ask(decision.milder_compared, citing(*BURNING, **goes_on)).outcome is DOES_NOT_APPLY


def test_a_liability_clause_is_not_the_duty_that_was_broken():
    said = ask(decision.citations_valid, citing(cite("EEC", 1131), BURNING[1]))
    assert said.outcome is FAILS
    assert "是罚则" in said.reason


@pytest.mark.parametrize("statute", ["GD-REVIEW", "ALE"])
def test_only_law_regulation_and_rule_can_be_the_basis(statute):
    said = ask(decision.citations_valid, citing(BURNING[0], cite(statute, 5)))
    assert said.outcome is FAILS
    assert "不能作为处罚依据" in said.reason


@pytest.mark.parametrize(
    "unread",
    [
        cite("TJ-AIR", 59),  # the register knows the regulation and has no text of it
        cite("某市街道管理条例", 3),  # the register does not know it
        cite("HPR", 30),  # only excerpts were seen
        cite("CRR", 1),
    ],
)
def test_a_law_that_nobody_has_read_cannot_be_judged(unread):
    said = ask(decision.citations_valid, citing(unread, unread, act="2025-01-06", at="2025-01-16"))
    assert (said.outcome, said.doubt) == (NEEDS_JUDGEMENT, Doubt.NO_LAW)
    assert "无法判断" in said.reason


# — the milder law ————————————————————————————————————————————————————————————————————


def milder(duty, penalty, act, at, **proposal):
    return ask(decision.milder_compared, citing(duty, penalty, act=act, at=at, **proposal))


def test_old_and_new_law_are_compared_when_the_law_changed_between_act_and_decision():
    said = milder(*BURNING_OLD, "2026-08-14", "2026-08-15")
    assert said.outcome is FAILS
    assert "大气污染防治法" in said.reason
    noted = {"old_and_new_law": "两法幅度相同，适用行为时的法"}
    assert milder(*BURNING_OLD, "2026-08-14", "2026-08-15", **noted).outcome is HOLDS
    assert milder(*BURNING, "2026-08-14", "2026-08-15").outcome is FAILS


def test_on_the_same_side_of_the_change_there_is_nothing_to_compare():
    assert milder(*BURNING_OLD, "2026-08-14", "2026-08-14").outcome is DOES_NOT_APPLY
    assert milder(*BURNING, "2026-08-15", "2026-08-15").outcome is DOES_NOT_APPLY
    road = (cite("ROAD", 27), cite("ROAD", 42))
    assert milder(*road, "2026-08-14", "2026-08-15").outcome is DOES_NOT_APPLY


def test_a_duty_that_was_repealed_asks_for_the_comparison_too():
    assert milder(BURNING_OLD[0], cite("ROAD", 42), "2026-08-14", "2026-08-15").outcome is FAILS


def test_what_counts_is_the_date_of_the_decision_and_not_of_the_question():
    case = citing(*BURNING_OLD, act="2026-08-14", at="2026-09-10").case
    dated = changed(case, decision=a_decision(case, date="2026-08-14"))
    assert ask(decision.milder_compared, facts(dated, at="2026-09-10")).outcome is DOES_NOT_APPLY


def test_before_a_proposal_nothing_is_compared():
    assert ask(decision.milder_compared, facts(ready(proposal=None))).outcome is DOES_NOT_APPLY


# — the range —————————————————————————————————————————————————————————————————————————


def ranged(fine, power="SL-AIR-01-OLD", party=None, **proposal):
    case = ready(
        power=power, party=party or a_citizen(), proposal=a_proposal(fine=fine, **proposal)
    )
    return ask(decision.amount_in_range, facts(case))


@pytest.mark.parametrize(
    ("fine", "outcome"),
    [("499.99", FAILS), (500, HOLDS), (2000, HOLDS), ("2000.01", FAILS), (0, DOES_NOT_APPLY)],
)
def test_both_ends_of_the_range_belong_to_it(fine, outcome):
    said = ranged(fine)
    assert said.outcome is outcome
    assert outcome is not FAILS or str(fine) in said.reason


def test_below_the_minimum_only_with_a_ground_and_above_the_maximum_never():
    assert ranged(499, mitigation="主动消除危害后果（第三十二条第一项）").outcome is HOLDS
    assert ranged(2001, mitigation="主动消除危害后果").outcome is FAILS


def test_an_article_that_fines_only_organisations_fines_no_citizen():
    assert ranged(10_000, "SL-AIR-02-OLD", an_organisation()).outcome is HOLDS
    for kind in (PartyKind.CITIZEN, PartyKind.BUSINESS):
        said = ranged(10_000, "SL-AIR-02-OLD", a_citizen(kind=kind))
        assert said.outcome is FAILS
        assert "没有对" in said.reason
        assert kind.value in said.reason


def test_an_article_without_a_minimum_has_only_its_maximum():
    assert ranged("0.01", "SL-RD-01").outcome is HOLDS
    assert ranged(20_000, "SL-RD-01").outcome is HOLDS
    assert ranged(20_001, "SL-RD-01").outcome is FAILS


def test_an_article_without_any_number_is_for_a_person_to_judge():
    assert ranged(50, "SL-CTY-01").outcome is NEEDS_JUDGEMENT


def test_the_decided_amount_counts_before_the_proposed_one():
    case = ready()
    heavier = changed(case, decision=a_decision(case, fine=2001))
    assert ask(decision.amount_in_range, facts(heavier)).outcome is FAILS


def test_nobody_is_fined_before_somebody_is_named():
    said = ask(decision.amount_in_range, facts(ready(party=None)))
    assert said.outcome is FAILS
    assert "当事人" in said.reason
    assert ask(decision.amount_in_range, facts(ready(proposal=None))).outcome is DOES_NOT_APPLY


# — refusal to correct ————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(("corrected", "outcome"), [(False, HOLDS), (True, FAILS), (None, FAILS)])
def test_an_article_that_fines_only_refusal_needs_the_refusal_on_file(corrected, outcome):
    looked = None if corrected is None else on("2025-01-07")
    order = Correction(
        ordered_on=on("2025-01-06"), content="关闭喇叭", checked_on=looked, corrected=corrected
    )
    case = ready(power="SL-NOI-02-OLD", correction=order)
    assert ask(decision.refusal_proved, facts(case)).outcome is outcome


def test_other_articles_do_not_ask_for_refusal():
    assert ask(decision.refusal_proved, facts(ready())).outcome is DOES_NOT_APPLY
    assert ask(decision.refusal_proved, facts(ready(proposal=None))).outcome is DOES_NOT_APPLY


def test_a_mere_warning_needs_the_refusal_as_well_where_the_article_says_so():
    """法典 1190、噪声法 82: 说服教育、责令改正在先，拒不改正的才给予警告."""
    warning = {"power": "SL-NOI-02-OLD", "proposal": a_proposal(fine=0, kinds=("警告",))}
    assert ask(decision.refusal_proved, facts(ready(**warning))).outcome is FAILS
    refused = Correction(ordered_on=on("2025-01-06"), checked_on=on("2025-01-07"), corrected=False)
    said = ask(decision.refusal_proved, facts(ready(correction=refused, **warning)))
    assert said.outcome is HOLDS


# — discretion and discussion —————————————————————————————————————————————————————————


def test_the_amount_is_explained_or_a_warning_asks_why_not():
    assert ask(decision.discretion_reasoned, facts(ready())).outcome is HOLDS
    bare = ready(proposal=a_proposal(discretion=""))
    assert ask(decision.discretion_reasoned, facts(bare)).outcome is FAILS
    assert decision.discretion_reasoned.level is Level.WARN
    assert ask(decision.discretion_reasoned, facts(ready(proposal=None))).outcome is DOES_NOT_APPLY


def discussed(discussion=None, *, fine=None, **parts):
    case = ready(**{"proposal": a_proposal(grave=True), "discussion": discussion, **parts})
    if fine is not None:
        case = changed(case, decision=a_decision(case, fine=fine))
    return ask(decision.discussed_collectively, facts(case))


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"proposal": a_proposal(grave=True)}, "情节复杂或者违法行为重大"),
        ({"proposal": a_proposal(fine=300, mitigation="立功")}, "拟减轻处罚"),
        ({"proposal": a_proposal(), "hearing": a_hearing()}, "举行了听证"),
    ],
)
def test_grave_mitigated_and_heard_cases_are_discussed_by_the_heads(parts, why):
    said = discussed(**parts)
    assert said.outcome is FAILS
    assert why in said.reason
    assert discussed(a_discussion("2025-01-23"), **parts).outcome is HOLDS


def test_a_plain_case_needs_no_discussion_nor_does_a_hearing_that_the_party_stayed_away_from():
    assert discussed(proposal=a_proposal()).outcome is DOES_NOT_APPLY
    away = a_hearing(ended_as="party_absent")
    assert discussed(proposal=a_proposal(), hearing=away).outcome is DOES_NOT_APPLY


@pytest.mark.parametrize(
    "attendees", [("head",), ("head", "head"), ("head", "zhang"), ("zhang", "li", "wang")]
)
def test_a_discussion_is_one_of_the_heads_and_not_of_one_head_with_his_officers(attendees):
    assert discussed(a_discussion(attendees=attendees)).outcome is FAILS
    assert discussed(a_discussion(attendees=(*attendees, "deputy", "head"))).outcome is HOLDS


def test_a_discussion_of_the_day_of_the_hearing_counts_and_an_older_one_is_about_something_else():
    heard = {"proposal": a_proposal(), "hearing": a_hearing()}
    assert discussed(a_discussion("2025-01-22"), **heard).outcome is HOLDS
    assert discussed(a_discussion("2025-01-21"), **heard).outcome is FAILS
    assert discussed(a_discussion("2025-01-07")).outcome is HOLDS
    assert discussed(a_discussion("2025-01-06")).outcome is FAILS  # the proposal is of the 7th


def test_what_the_heads_concluded_is_what_is_decided():
    assert discussed(a_discussion(fine=800), fine=800).outcome is HOLDS
    said = discussed(a_discussion(fine=800), fine=1000)
    assert said.outcome is FAILS
    assert "800" in said.reason
    assert "1000" in said.reason
    assert discussed(a_discussion(), fine=1000).outcome is HOLDS


# — ninety days ———————————————————————————————————————————————————————————————————————


def in_time(date, filed="2025-01-06"):
    case = changed(decided(filing=a_filing(filed)), decision=a_decision(ready(), date=date))
    return ask(decision.within_time, facts(case, at=date))


def test_the_ninetieth_day_is_in_time_and_the_ninety_first_is_late():
    ninetieth = on("2025-01-07") + timedelta(days=90)
    assert str(ninetieth) == "2025-04-07"  # a Monday
    assert in_time("2025-04-07", "2025-01-07").outcome is HOLDS
    late = in_time("2025-04-08", "2025-01-07")
    assert late.outcome is FAILS
    assert "已超期" in late.reason
    assert decision.within_time.level is Level.WARN  # a late decision is answered for, not stopped


def test_between_the_strict_and_the_rolled_end_it_is_disputed():
    assert in_time("2025-10-01", "2025-07-03").outcome is HOLDS
    for day in ("2025-10-02", "2025-10-09"):
        said = in_time(day, "2025-07-03")
        assert said.outcome is FAILS
        assert "有争议" in said.reason
    assert "有争议" not in in_time("2025-10-10", "2025-07-03").reason


def test_the_date_on_the_document_counts_and_not_the_day_of_the_entry():
    case = decided(filing=a_filing("2025-01-06"))
    assert ask(decision.within_time, facts(case, at="2025-05-01")).outcome is HOLDS


def test_an_unfiled_case_has_no_ninety_days():
    for filing in (None, a_filing(None)):
        assert ask(decision.within_time, facts(ready(filing=filing))).outcome is DOES_NOT_APPLY


# — the document ——————————————————————————————————————————————————————————————————————


def test_a_decision_says_everything_that_the_law_lists():
    assert ask(decision.contents_complete, facts(decided())).outcome is HOLDS
    assert ask(decision.contents_complete, facts(ready())).outcome is DOES_NOT_APPLY


@pytest.mark.parametrize("missing", [*CONTENTS, *FINE_CONTENTS])
def test_a_decision_to_fine_that_leaves_an_item_out_is_refused_and_the_item_named(missing):
    rest = tuple(c for c in (*CONTENTS, *FINE_CONTENTS) if c != missing)
    case = ready()
    said = ask(
        decision.contents_complete, facts(changed(case, decision=a_decision(case, contents=rest)))
    )
    assert said.outcome is FAILS
    assert missing in said.reason


def test_a_warning_needs_no_bank():
    case = ready(proposal=a_proposal(fine=0, kinds=("警告",)))
    said = changed(case, decision=a_decision(case, contents=CONTENTS, kinds=("警告",)))
    assert ask(decision.contents_complete, facts(said)).outcome is HOLDS


def follows(date="2025-01-16", at="2025-01-16", irregular=False, **parts):
    case = ready(**parts)
    case = changed(case, decision=a_decision(case, date=date))
    return ask(decision.date_follows_steps, facts(case, at=at, irregular=irregular))


@pytest.mark.parametrize(
    ("parts", "step"),
    [
        ({"discussion": a_discussion("2025-01-17")}, "集体讨论"),
        ({"hearing": a_hearing(reported_on="2025-01-17")}, "听证报告"),
        ({"reviews": (a_review(ready(), at="2025-01-17"),)}, "审核通过"),
        ({"filing": a_filing("2025-01-17")}, "立案"),
    ],
)
def test_the_date_on_the_document_is_not_earlier_than_any_step_that_it_rests_on(parts, step):
    said = follows(**parts)
    assert said.outcome is FAILS
    assert step in said.reason
    assert follows("2025-01-17", "2025-01-17", **parts).outcome is HOLDS


def test_a_document_is_not_dated_before_the_head_approved_it():
    assert follows("2025-01-16", "2025-01-16").outcome is HOLDS
    said = follows("2025-01-15", "2025-01-16")
    assert said.outcome is FAILS
    assert "负责人批准" in said.reason
    assert follows("2025-01-17", "2025-01-16").outcome is HOLDS  # sealed the day after


def test_somebody_elses_document_typed_in_later_was_not_approved_on_the_day_of_the_entry():
    assert follows("2025-01-15", "2025-01-20", irregular=True).outcome is HOLDS


def test_a_weekend_is_a_day_like_any_other_for_a_decision():
    from policies.checklists import DECISION
    from policies.core import evaluate

    case = decided()
    saturday = changed(case, decision=a_decision(case, date="2025-01-18"))
    report = evaluate(DECISION, facts(saturday, at="2025-01-18"), LAW)
    assert not report.refuses, [f.verdict.reason for f in report.reasons]


# — the findings, in full —————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("discussion", "remedy"),
    [
        (None, "集体讨论，记录出席、意见和结论。"),
        (a_discussion(attendees=("head",)), "由机关负责人集体讨论。"),
        (a_discussion("2025-01-06"), "就现在的处罚意见再次集体讨论。"),
        (a_discussion(fine=800), "按集体讨论的结论作出决定，或者再次讨论。"),
    ],
)
def test_what_lacks_at_a_discussion_is_cured_by_the_head(discussion, remedy):
    said = discussed(discussion, fine=1000)
    assert (said.outcome, said.remedy, said.by) == (FAILS, remedy, "顾明")


def test_a_hearing_alone_asks_for_a_discussion_of_its_day_or_later():
    heard = {"proposal": None, "hearing": a_hearing()}
    assert discussed(a_discussion("2025-01-22"), **heard).outcome is HOLDS
    assert discussed(a_discussion("2025-01-21"), **heard).outcome is FAILS


def test_a_date_before_a_step_is_mended_by_the_head():
    said = follows("2025-01-15", "2025-01-16")
    assert (said.remedy, said.by) == ("决定书的日期应当是作出决定之日，不得倒签。", "顾明")


def test_the_comparison_in_the_file_is_told_before_that_of_the_table():
    noted = {"old_and_new_law": "两法幅度相同，适用行为时的法"}
    said = milder(*BURNING_OLD, "2026-08-14", "2026-08-15", **noted)
    assert said.outcome is HOLDS
    assert said.reason.startswith("已比较新旧规定：两法幅度相同，适用行为时的法；对照：")
    assert "XX" not in said.reason
    no_table = citing(*BURNING_OLD, act="2026-08-14", at="2026-08-15", **noted)
    no_table = replace(no_table, case=changed(no_table.case, power="SL-RD-01"))
    assert ask(decision.milder_compared, no_table).reason == (
        "已比较新旧规定：两法幅度相同，适用行为时的法"
    )


def test_a_law_that_is_not_held_does_not_hide_that_another_one_changed():
    said = milder(cite("某市条例", 3), BURNING_OLD[1], "2026-08-14", "2026-08-15")
    assert said.outcome is FAILS
    assert "《大气污染防治法》已变更" in said.reason


@pytest.mark.parametrize(
    ("since", "outcome"), [("2026-08-14", HOLDS), ("2026-08-15", NEEDS_JUDGEMENT)]
)
def test_an_item_without_a_forerunner_that_is_younger_than_the_act_may_be_a_new_offence(
    since, outcome
):
    """An act of 14 August 2026: an item of that very day was there, one of the next day was not."""
    item = an_item("SL-AIR-01", predecessor=None, valid_from=on(since))
    asked = citing(*BURNING, act="2026-08-14", at="2026-08-15", old_and_new_law="适用新法")
    asked = replace(asked, case=changed(asked.case, power="SL-AIR-01"), office=an_office_with(item))
    assert ask(decision.milder_compared, asked).outcome is outcome


def test_an_item_that_has_a_forerunner_is_no_new_offence():
    """Without the forerunner in the list there is no table; the item itself still names it."""
    young = an_item("SL-AIR-01", valid_from=on("2026-08-15"))
    asked = citing(*BURNING_OLD, act="2026-08-14", at="2026-08-15", old_and_new_law="适用旧法")
    office = office_with(power_list=(young,))
    asked = replace(asked, case=changed(asked.case, power="SL-AIR-01"), office=office)
    assert ask(decision.milder_compared, asked).outcome is HOLDS
    unnamed = replace(asked, case=changed(asked.case, power=""))
    assert ask(decision.milder_compared, unnamed).outcome is HOLDS


@pytest.mark.parametrize(
    ("lacks", "what"),
    [
        ({"power": ""}, "法定幅度"),
        ({"party": None}, "法定幅度"),
        ({"proposal": None}, "法定幅度"),
        ({"proposal": a_proposal(fine=0)}, "罚款数额"),
        ({}, None),
    ],
)
def test_a_published_text_without_party_item_proposal_or_sum_tells_no_range(lacks, what):
    told = {"power": "SL-AIR-01-OLD", "party": a_citizen(), "proposal": a_proposal()}
    said = ask(decision.amount_in_range, facts(silent(**(told | lacks))))
    assert (said.doubt, said.reason) == (
        (Doubt.UNSTATED, f"来源未载明{what}。") if what else (None, said.reason)
    )
    assert what or said.outcome is HOLDS


def test_a_file_without_an_item_has_no_range_yet():
    said = ask(decision.amount_in_range, facts(ready(power="")))
    assert (said.outcome, said.reason) == (DOES_NOT_APPLY, "还没有选定案由。")


def test_a_published_decision_without_a_date_may_have_been_in_time():
    told = silent(
        act=an_act("2026-08-14", "2026-08-14"),
        filing=a_filing("2025-01-06"),
        proposal=a_proposal(violated=BURNING_OLD[:1], basis=BURNING_OLD[1:]),
    )
    made = a_decision(told, date="2026-08-20", undated=True)
    step = facts(changed(told, decision=made), at="2026-08-20")
    for policy in (
        decision.milder_compared,
        decision.within_time,
        decision.date_follows_steps,
    ):
        said = ask(policy, step)
        assert (said.doubt, said.reason) == (Doubt.UNSTATED, "来源未载明决定日期。"), policy.id


def test_a_published_text_that_is_silent_on_the_decision_breaks_nothing():
    bare = facts(silent())
    for policy in (decision.citations_valid, decision.amount_in_range, decision.within_time):
        assert ask(policy, bare).doubt is Doubt.UNSTATED
    thin = a_proposal(fine=300, discretion="", grave=True)
    told = silent(
        power="SL-NOI-02-OLD", party=a_citizen(), proposal=a_proposal(fine=100, grave=True)
    )
    told = changed(told, decision=a_decision(told, contents=()))
    for policy in (
        decision.contents_complete,
        decision.refusal_proved,
        decision.discussed_collectively,
        decision.amount_in_range,
    ):
        assert ask(policy, facts(told)).doubt is Doubt.UNSTATED, policy.id
    assert ask(decision.discretion_reasoned, facts(silent(proposal=thin))).doubt is Doubt.UNSTATED
    crossed = replace(
        citing(*BURNING_OLD, act="2026-08-14"),
        case=changed(citing(*BURNING_OLD, act="2026-08-14").case, silent=True),
    )
    assert ask(decision.milder_compared, crossed).doubt is Doubt.UNSTATED


def test_in_a_discussion_everybody_who_attended_has_a_view_on_record():
    def said(**parts):
        case = ready(discussion=a_discussion(**parts))
        return ask(decision.views_recorded, facts(case))

    assert ask(decision.views_recorded, facts(ready())).outcome is DOES_NOT_APPLY
    assert said(views="均同意").outcome is HOLDS  # all in one text, as before
    both = (
        Spoken(person="head", text="同意"),
        Spoken(person="deputy", text="不同意", dissents=True),
    )
    assert said(views="", opinions=both).outcome is HOLDS
    one = said(views="", opinions=both[:1])
    assert one.outcome is FAILS
    assert "陆承泽没有记录意见" in one.reason
