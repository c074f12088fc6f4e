"""行政处罚法 4, 37, 38 — an article is cited for what it does, by the number it has now."""

import pytest

from policies import citations, decision
from policies.core import Doubt, Level
from policies.lawbook import register
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    NEEDS_JUDGEMENT,
    OFFICE,
    a_proposal,
    an_act,
    ask,
    cite,
    facts,
    ready,
)


def cited(violated, basis, *, act="2026-09-01", at="2026-09-10"):
    case = ready(
        act=an_act(act, act), proposal=a_proposal(violated=tuple(violated), basis=tuple(basis))
    )
    return ask(decision.citations_valid, facts(case, at=at))


# — duty and liability ——————————————————————————————————————————————————————————————————


def test_a_duty_with_the_liability_article_that_punishes_it():
    assert cited([cite("EEC", 240)], [cite("EEC", 1128)]).outcome is HOLDS


def test_a_duty_cannot_be_the_basis_of_a_penalty():
    said = cited([cite("EEC", 240)], [cite("EEC", 240)])
    assert said.outcome is FAILS
    assert "是义务条款，不是可以据以处罚的罚则" in said.reason


def test_a_liability_article_cannot_be_what_was_violated():
    assert "是罚则" in cited([cite("EEC", 1128)], [cite("EEC", 1128)]).reason


def test_a_liability_article_that_punishes_another_duty_is_named_with_the_right_one():
    said = cited([cite("EEC", 240)], [cite("EEC", 1129)])
    assert said.outcome is FAILS
    assert "第一千一百二十九条不处罚违反" in said.reason
    assert "罚则是第一千一百二十八条" in said.reason


def test_a_duty_that_two_articles_punish_goes_with_either():
    for penalty in (1169, 1174):
        assert cited([cite("EEC", 506)], [cite("EEC", penalty)]).outcome is HOLDS
    assert cited([cite("EEC", 506)], [cite("EEC", 1131)]).outcome is FAILS


def test_an_article_that_holds_duty_and_liability_is_cited_for_both():
    assert cited([cite("UNL", 14)], [cite("UNL", 14)]).outcome is HOLDS
    assert cited([cite("CAER", 38)], [cite("CAER", 38)]).outcome is HOLDS
    assert cited([cite("UNL", 2)], [cite("UNL", 13)]).outcome is HOLDS
    assert cited([cite("UNL", 2)], [cite("UNL", 14)]).outcome is FAILS


def test_general_articles_beside_the_liability_and_a_penalty_of_another_statute_are_not_held_against_it():
    general = [cite("EEC", 1128), cite("APL", 28), cite("APL", 32)]
    assert cited([cite("EEC", 240)], general).outcome is HOLDS
    assert cited([cite("CAER", 16)], [cite("EEC", 1128)]).outcome is HOLDS
    assert cited([cite("EEC", 240)], [cite("CAER", 34)]).outcome is HOLDS


@pytest.mark.parametrize("item", OFFICE.power_list, ids=lambda p: p.code)
def test_every_item_of_the_power_list_can_be_decided_under_its_own_articles(item):
    day = str(item.valid_to or "2026-09-01")
    said = cited([item.duty], [item.penalty], act=day, at=day)
    if register().statutes[item.penalty.statute].text == "verified":
        assert said.outcome is HOLDS, said
    else:
        assert said.doubt is Doubt.NO_LAW, said


# — what was read ——————————————————————————————————————————————————————————————————————


def test_a_part_of_a_code_that_nobody_has_read_cannot_be_judged():
    for article, outcome in ((673, HOLDS), (674, NEEDS_JUDGEMENT), (1051, NEEDS_JUDGEMENT)):
        assert cited([cite("EEC", article)], [cite("EEC", 1190)]).outcome is outcome, article
    assert cited([cite("EEC", 1052)], [cite("EEC", 1190)]).outcome is HOLDS


# — numbers of an earlier edition ———————————————————————————————————————————————————————


def numbers(**proposal):
    return ask(citations.article_numbers_current, facts(ready(proposal=a_proposal(**proposal))))


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("依据《行政处罚法》第三十二条听取了陈述申辩", "第四十五条"),
        ("根据行政处罚法第42条告知听证权利", "第六十三条、第六十四条"),
        ("逾期依《中华人民共和国行政处罚法》第五十一条加处罚款", "第七十二条"),
    ],
)
def test_an_old_number_is_told_with_the_present_one(text, now):
    said = numbers(discretion=text)
    assert said.outcome is FAILS
    assert now in said.reason
    assert citations.article_numbers_current.level is Level.WARN


@pytest.mark.parametrize(
    "text",
    [
        "依照行政处罚法第三十二条从轻处罚",  # the present article 32
        "依照行政处罚法第三十七条适用行为时的规定",
        "依照行政处罚法第五十一条当场处罚。逾期加处罚款",
        "依照行政处罚法第四十五条听取申辩",
        "依照大气污染防治法第三十二条听取申辩",
        "面积小",
    ],
)
def test_the_same_number_for_what_the_present_article_says_is_right(text):
    assert numbers(mitigation=text).outcome is HOLDS


def test_before_a_proposal_there_is_no_text():
    said = ask(citations.article_numbers_current, facts(ready(proposal=None)))
    assert said.outcome is DOES_NOT_APPLY


def test_every_present_number_of_the_table_is_an_article_that_we_hold():
    act = register().statutes["APL"]
    assert {r.old for r in act.renumbered} == {31, 32, 37, 42, 51}
    assert all(n in act.held for r in act.renumbered for n in r.now)
