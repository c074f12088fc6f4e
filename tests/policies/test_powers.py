"""行政处罚法 4, 11-14, 16, 20, 24 — by what paper a power is held, and what its basis can carry."""

import pytest
from pydantic import ValidationError

from policies import powers
from policies.casefile import PartyKind
from policies.core import Doubt, Level
from policies.lawbook import LawBook
from policies.office import Grant
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    LAW,
    NEEDS_JUDGEMENT,
    OFFICE,
    WITH_RULE,
    a_citizen,
    a_decision,
    a_filing,
    a_proposal,
    an_act,
    an_organisation,
    ask,
    cite,
    decided,
    facts,
    office_with,
    on,
    ready,
    silent,
)


def granted(since="2021-07-15", until=None, published="2021-07-15", **other):
    made = {
        "document": "示例市赋权决定", "valid_from": on(since), "valid_to": until and on(until),
        "published_on": published and on(published),
    }  # fmt: skip
    return Grant(**{**made, **other})


def an_office(**wrong):
    """The sample office whose power to punish burning straw is held differently."""
    item = OFFICE.power("SL-AIR-01-OLD").model_copy(update=wrong)
    others = [p for p in OFFICE.power_list if p.code != item.code]
    return office_with(power_list=(item, *others))


def asked(policy, case=None, *, at="2025-01-16", **wrong):
    return ask(policy, facts(case or ready(), at=at, office=an_office(**wrong)))


# — delegated by the province (24) ————————————————————————————————————————————————————————


def test_the_delegation_is_in_force_on_the_day_of_filing_and_not_the_day_after_its_end():
    assert asked(powers.delegated, delegated_by=granted(until="2025-01-06")).outcome is HOLDS
    said = asked(powers.delegated, delegated_by=granted(until="2025-01-05"))
    assert said.outcome is FAILS
    assert "2025-01-06" in said.reason
    assert "2025-01-05" in said.reason


def test_a_case_filed_before_the_power_was_taken_back_keeps_it():
    case = ready(filing=a_filing("2025-01-06"))
    grant = granted(until="2025-01-06")
    assert asked(powers.delegated, case, at="2025-03-01", delegated_by=grant).outcome is HOLDS


def test_before_filing_the_day_of_the_question_counts():
    case = ready(filing=None)
    grant = granted(since="2025-01-07", published=None)
    assert asked(powers.delegated, case, at="2025-01-06", delegated_by=grant).outcome is FAILS
    assert asked(powers.delegated, case, at="2025-01-07", delegated_by=grant).outcome is HOLDS


def test_a_decision_that_is_not_yet_published_gives_no_power():
    assert asked(powers.delegated, delegated_by=granted(published="2025-01-06")).outcome is HOLDS
    said = asked(powers.delegated, delegated_by=granted(published="2025-01-07"))
    assert said.outcome is FAILS
    assert "公布" in said.reason


def test_a_list_that_names_no_delegation_is_noted_and_stops_nothing():
    assert asked(powers.delegated, delegated_by=None).outcome is DOES_NOT_APPLY
    assert powers.delegation_recorded.level is Level.NOTE
    assert asked(powers.delegation_recorded, delegated_by=None).outcome is FAILS
    unpublished = granted(published=None)
    assert asked(powers.delegation_recorded, delegated_by=unpublished).outcome is FAILS
    assert asked(powers.delegation_recorded, delegated_by=granted()).outcome is HOLDS


def test_an_office_with_the_power_in_its_own_right_needs_no_delegation():
    own = {"mode": "法定职权", "delegated_by": granted(until="2022-01-01")}
    assert asked(powers.delegated, **own).outcome is DOES_NOT_APPLY
    assert asked(powers.delegation_recorded, **own).outcome is DOES_NOT_APPLY


# — entrusted by another organ (20) ———————————————————————————————————————————————————————

ENTRUSTED = {"mode": "委托", "delegated_by": None}


def test_a_power_that_is_not_entrusted_needs_no_entrustment():
    assert asked(powers.entrusted).outcome is DOES_NOT_APPLY


def test_an_entrusted_power_needs_a_published_paper_of_a_named_organ():
    whole = granted(by="示例区城市管理委员会")
    assert asked(powers.entrusted, **ENTRUSTED, entrusted_by=whole).outcome is HOLDS
    for paper in (None, granted(), granted(by="某局", published=None)):
        assert asked(powers.entrusted, **ENTRUSTED, entrusted_by=paper).outcome is FAILS


def test_the_entrustment_ends_with_its_last_day():
    def until(day):
        grant = granted(by="某局", until=day)
        return asked(powers.entrusted, **ENTRUSTED, entrusted_by=grant).outcome

    assert until("2025-01-06") is HOLDS
    assert until("2025-01-05") is FAILS


def test_the_penalty_is_imposed_in_the_name_of_the_organ_that_entrusts():
    said = asked(powers.entrusted, **ENTRUSTED, entrusted_by=granted(by="示例区城市管理委员会"))
    assert "以示例区城市管理委员会的名义" in said.reason


def test_what_is_published_names_the_organ_that_entrusts():
    ours = an_office()
    theirs = an_office(**ENTRUSTED, entrusted_by=granted(by="示例区城市管理委员会"))
    assert ours.signs_as("SL-AIR-01-OLD") == ours.signs_as("") == "示例街道办事处"
    assert theirs.signs_as("SL-AIR-01-OLD") == "示例区城市管理委员会"
    assert theirs.signs_as("SL-AIR-01") == "示例街道办事处"


def test_the_power_to_seize_cannot_be_entrusted():
    """R011, 行政强制法 17: refused when the office's file is read, before any case."""
    assert an_office(may_seize=True).power("SL-AIR-01-OLD").may_seize
    with pytest.raises(ValidationError, match="行政强制法第十七条"):
        an_office(mode="委托", may_seize=True)


# — the level of the basis (4, 16) ————————————————————————————————————————————————————————


def test_a_paper_below_a_rule_lays_down_no_penalty():
    assert asked(powers.basis_level).outcome is HOLDS
    said = asked(powers.basis_level, penalty=cite("GD-REVIEW", 12))
    assert said.outcome is FAILS
    assert "规范性文件" in said.reason


def test_a_law_that_the_register_does_not_hold_is_not_called_too_low():
    unknown = asked(powers.basis_level, penalty=cite("某市某条例", 3))
    assert unknown.outcome is DOES_NOT_APPLY


# — inside the higher norm (11-14) ————————————————————————————————————————————————————————


def within(fine, *, decision=None, **proposal):
    made = {"power": "SL-AIR-01-TJ", "proposal": a_proposal(fine, **proposal)}
    case = decided(**made, decision=a_decision(fine=decision)) if decision else ready(**made)
    return ask(powers.within_higher_norm, facts(case))


def test_a_local_range_is_used_only_as_far_as_the_law_above_it_reaches():
    """The local item allows 200 to 2 000 yuan, the law above it 500 to 2 000."""
    assert within(500).outcome is HOLDS
    said = within(499)
    assert said.outcome is FAILS
    assert "下限 500 元" in said.reason
    assert within(2000).outcome is HOLDS
    assert within(2001).outcome is FAILS


def test_below_the_higher_minimum_with_a_ground_for_mitigation_is_lawful():
    assert within(300, mitigation="主动消除危害后果").outcome is HOLDS


def test_what_counts_is_the_fine_that_is_decided():
    assert within(500, decision=499).outcome is FAILS


def test_a_kind_that_the_higher_norm_does_not_list_is_for_a_person_to_judge():
    assert within(500, kinds=("罚款", "警告")).outcome is NEEDS_JUDGEMENT


def test_a_party_whom_the_higher_norm_does_not_fine_is_not_fined():
    office = an_office(higher_norm="SL-WST-01-OLD")
    case = ready(party=an_organisation())
    assert ask(powers.within_higher_norm, facts(case, office=office)).outcome is FAILS


def test_an_item_without_a_higher_norm_has_nothing_to_compare():
    assert ask(powers.within_higher_norm, facts(ready())).outcome is DOES_NOT_APPLY


# — a municipal rule alone (14, R015) —————————————————————————————————————————————————————


def by_rule(fine, *, business=None, basis=("RULE",), silent=False, **proposal):
    cited = tuple(cite(key, 1) for key in basis)
    case = ready(
        act=an_act(business=business),
        proposal=a_proposal(fine, basis=cited, **proposal),
        silent=silent,
    )
    return powers.within_rule_limit.asks(facts(case), WITH_RULE)


@pytest.mark.parametrize(
    ("business", "income", "limit"),
    [(None, None, 1000), (False, None, 1000), (True, None, 10_000), (True, 1, 30_000)],
)
def test_a_fine_by_a_municipal_rule_alone_has_its_ceiling(business, income, limit):
    told = {"business": business, "illegal_income": income}
    assert by_rule(limit, **told).outcome is HOLDS
    said = by_rule(limit + 1, **told)
    assert said.outcome is FAILS
    assert "未确认" in said.reason


def test_the_ceiling_warns_until_somebody_has_confirmed_it():
    assert powers.within_rule_limit.level is Level.WARN


def test_with_a_law_beside_the_rule_the_ceiling_is_not_asked():
    assert by_rule(5000, basis=("RULE", "APPL-AIR")).outcome is DOES_NOT_APPLY
    assert by_rule(0).outcome is DOES_NOT_APPLY


def test_a_published_text_that_does_not_say_whether_it_was_business_breaks_nothing():
    assert by_rule(5000, silent=True).doubt is Doubt.UNSTATED
    bare = ask(
        powers.delegation_recorded,
        facts(silent(power="SL-AIR-01-OLD"), office=an_office(delegated_by=None)),
    )
    assert bare.doubt is Doubt.UNSTATED


# — the findings, in full —————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("policy", "wrong", "by"),
    [
        (powers.delegated, {"delegated_by": granted(until="2025-01-05")}, "顾明"),
        (powers.delegation_recorded, {"delegated_by": None}, "何守一"),
        (powers.entrusted, {**ENTRUSTED, "entrusted_by": None}, "顾明、何守一"),
        (
            powers.entrusted,
            {**ENTRUSTED, "entrusted_by": granted(by="某局", published=None)},
            "顾明",
        ),
    ],
)
def test_a_paper_is_entered_by_the_administrator_and_a_power_is_the_heads_affair(policy, wrong, by):
    said = asked(policy, **wrong)
    assert (said.outcome, said.by) == (FAILS, by)


@pytest.mark.parametrize(
    ("penalty", "reason"),
    [
        (cite("APPL-AIR", 119, "第一款"), "《大气污染防治法》第一百一十九条第一款是法律。"),
        (
            cite("某市某条例", 3, "第二款"),
            "登记簿没有收录《某市某条例》第三条第二款，级别在核对条文时判断。",
        ),
    ],
)
def test_the_level_of_a_basis_is_told_of_the_very_article(penalty, reason):
    assert asked(powers.basis_level, penalty=penalty).reason == reason


def test_the_higher_norm_is_told_by_its_article_and_for_the_kind_of_the_party():
    assert within(500).reason == (
        "在上位法《大气污染防治法》第一百一十九条第一款规定的种类和幅度之内。"
    )
    higher = OFFICE.power("SL-WST-01-OLD")
    limits = {kind: higher.range_for(kind) for kind in (PartyKind.CITIZEN, PartyKind.ORGANISATION)}
    assert limits[PartyKind.CITIZEN]
    assert limits[PartyKind.ORGANISATION] is None
    office = an_office(higher_norm=higher.code)
    for party, outcome in ((a_citizen(), HOLDS), (an_organisation(), FAILS)):
        fine = limits[PartyKind.CITIZEN].max
        case = ready(party=party, proposal=a_proposal(fine))
        assert ask(powers.within_higher_norm, facts(case, office=office)).outcome is outcome


@pytest.mark.parametrize("lacks", ["party", "proposal"])
def test_without_a_party_or_a_proposal_there_is_nothing_to_hold_against_the_higher_norm(lacks):
    case = ready(power="SL-AIR-01-TJ", **{lacks: None})
    assert ask(powers.within_higher_norm, facts(case)).outcome is DOES_NOT_APPLY


def test_a_published_fine_below_the_higher_minimum_may_have_been_mitigated():
    told = silent(power="SL-AIR-01-TJ", party=a_citizen(), proposal=a_proposal(499))
    said = ask(powers.within_higher_norm, facts(told))
    assert (said.doubt, said.reason) == (Doubt.UNSTATED, "来源未载明减轻处罚的理由。")


def test_a_ceiling_is_told_with_its_source_and_asked_only_where_there_is_one():
    limit = LAW.on(on("2025-01-16"))["rule_fine_max.non_business"]
    assert by_rule(1000).reason == f"罚款 1000 元，不超过 1000 元（{limit.cite}）。"
    case = ready(act=an_act(), proposal=a_proposal(5000, basis=(cite("RULE", 1),)))
    said = powers.within_rule_limit.asks(facts(case), LawBook(WITH_RULE.statutes, {}))
    assert (said.outcome, said.reason) == (DOES_NOT_APPLY, "登记簿没有规章罚款的限额。")


@pytest.mark.parametrize(("act", "doubt"), [(None, Doubt.UNSTATED), (an_act(business=False), None)])
def test_a_published_text_that_says_that_it_was_no_business_is_held_to_that_ceiling(act, doubt):
    case = ready(act=act, proposal=a_proposal(5000, basis=(cite("RULE", 1),)), silent=True)
    said = powers.within_rule_limit.asks(facts(case), WITH_RULE)
    assert said.doubt is doubt
    assert said.reason == "来源未载明是否在经营活动中违法。" or said.outcome is FAILS
