"""行政处罚法 4, 37, 38 — an article is cited for what it does, by the number it has now."""

import pytest

from policies import citations, decision
from policies.citations import item_faults, list_faults
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
    an_item,
    ask,
    cite,
    facts,
    on,
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


def test_a_citation_that_does_not_apply_is_named_as_it_was_cited_with_its_days():
    said = cited([cite("EEC", 246)], [cite("APPL-AIR", 119, "第一款")])
    assert said.reason == (
        "《大气污染防治法》第一百一十九条第一款在行为时和决定时都不适用"
        "（2018-10-26 起施行，至 2026-08-15 废止）。"
    )
    early = cited([cite("EEC", 246)], [cite("EEC", 1131)], act="2026-08-01", at="2026-08-14")
    assert (
        "《生态环境法典》第一千一百三十一条在行为时和决定时都不适用（2026-08-15 起施行，今）"
        in early.reason
    )


def test_one_duty_of_which_nothing_is_known_does_not_hide_the_next_that_is_not_punished_so():
    said = cited([cite("APL", 28), cite("EEC", 240)], [cite("EEC", 1129)])
    assert said.outcome is FAILS
    assert said.reason == (
        "《生态环境法典》第一千一百二十九条不处罚违反《生态环境法典》第二百四十条的行为"
        "（罚则是第一千一百二十八条）。"
    )


# — the power list itself ———————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({}, []),
        (
            {"penalty": cite("EEC", 1129)},
            [
                "《生态环境法典》第一千一百二十九条不处罚违反《生态环境法典》第二百四十条第三款的行为"
                "（罚则是第一千一百二十八条）"
            ],
        ),
        (
            {"penalty": cite("EEC", 240)},
            ["《生态环境法典》第二百四十条是义务条款，不是可以据以处罚的罚则"],
        ),
        (
            {"duty": cite("EEC", 1128)},
            ["《生态环境法典》第一千一百二十八条是罚则，不是当事人违反的义务条款"],
        ),
        ({"duty": cite("EEC", 1242)}, []),  # the last one
        (
            {"duty": cite("EEC", 1243)},
            ["义务条款《生态环境法典》第一千二百四十三条不存在（全文 1242 条）"],
        ),
        (
            {"duty": cite("EEC", 700)},
            ["义务条款《生态环境法典》第七百条没有收录文本，却标为已确认"],
        ),
        ({"duty": cite("EEC", 700), "confirmed": False}, []),
        (
            {"duty": cite("某市条例", 3, "第二款"), "penalty": cite("某市条例", 9)},
            [
                "义务条款《某市条例》第三条第二款不在法律登记簿中",
                "罚则《某市条例》第九条不在法律登记簿中",
            ],
        ),
        (
            {"penalty": cite("GD-REVIEW", 18), "confirmed": False},
            ["罚则《广东省重大行政执法决定法制审核办法》第十八条是规范性文件，不能作为处罚依据"],
        ),
        (
            {"valid_from": on("2026-08-14")},
            [
                f"{what}自 2026-08-15 起施行，该项却自 2026-08-14 有效"
                for what in (
                    "义务条款《生态环境法典》第二百四十条第三款",
                    "罚则《生态环境法典》第一千一百二十八条第一款",
                )
            ],
        ),
    ],
)
def test_every_fault_of_an_item_is_named_and_nothing_else(parts, told):
    assert list(item_faults(an_item("SL-AIR-02", **parts), register())) == told


@pytest.mark.parametrize(
    ("until", "sound"), [("2026-08-14", True), ("2026-08-15", False), (None, False)]
)
def test_an_item_of_a_repealed_act_ends_the_day_before(until, sound):
    item = an_item("SL-AIR-02-OLD", valid_to=until and on(until))
    assert list(item_faults(item, register())) == (
        []
        if sound
        else [
            f"{what}已于 2026-08-15 废止，该项没有在此之前结束"
            for what in (
                "义务条款《大气污染防治法》第六十九条第三款",
                "罚则《大气污染防治法》第一百一十五条第一款",
            )
        ]
    )


@pytest.mark.parametrize(
    ("until", "told"),
    [
        ("2026-08-14", None),
        ("2026-08-13", "旧条款“SL-AIR-02-OLD”至 2026-08-13，与 2026-08-15 不衔接"),
        ("2026-08-15", "旧条款“SL-AIR-02-OLD”至 2026-08-15，与 2026-08-15 不衔接"),
        (None, "旧条款“SL-AIR-02-OLD”至 今，与 2026-08-15 不衔接"),
    ],
)
def test_old_and_new_items_follow_each_other_day_by_day(until, told):
    old = an_item("SL-AIR-02-OLD", valid_to=until and on(until))
    found = list(list_faults([old, an_item("SL-AIR-02")]))
    assert found == ([("SL-AIR-02", told)] if told else [])


def test_an_item_names_an_older_one_of_the_same_list():
    assert list(list_faults([an_item("SL-AIR-02")])) == [
        ("SL-AIR-02", "旧条款“SL-AIR-02-OLD”不在权力清单中")
    ]


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
