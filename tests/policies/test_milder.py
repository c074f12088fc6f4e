"""行政处罚法 37; 法典 1057, 1242 — the law of the act, unless the new one is lighter: 2026-08-15 on both sides."""

import pytest

from policies import decision, milder
from policies.casefile import Correction
from policies.milder import Lighter
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    LAW,
    NEEDS_JUDGEMENT,
    OFFICE,
    a_citizen,
    a_decision,
    a_proposal,
    an_act,
    an_item,
    an_office_with,
    an_organisation,
    ask,
    changed,
    facts,
    on,
    ready,
)

REFUSED = Correction(ordered_on=on("2026-07-02"), checked_on=on("2026-07-09"), corrected=False)


def a_case(power, *, act="2026-07-01", began=None, party=None, **parts):
    return ready(
        act=an_act(began or act, act, continuing=act is None),
        power=power,
        party=party or a_citizen(),
        proposal=parts.pop("proposal", None) or a_proposal(power=power),
        **parts,
    )


def tables(power, *, at="2026-09-10", office=OFFICE, **parts):
    return milder.compare(a_case(power, **parts), office, LAW, on(at))


def answer(power, **parts):
    (table,) = tables(power, **parts)
    return table.answer


def row(table, what):
    return next(r for r in table.rows if r.what == what)


# — when there is something to compare ————————————————————————————————————————————————————


def test_an_act_of_july_decided_after_the_change_has_both_laws_and_the_day_before_it_has_one():
    assert tables("SL-WST-01-OLD", at="2026-08-14") == ()
    assert len(tables("SL-WST-01-OLD", at="2026-08-15")) == 1
    assert len(tables("SL-WST-01-OLD", at="2026-09-10")) == 1


def test_the_last_day_of_the_old_law_has_both_and_the_first_of_the_new_has_one():
    assert len(tables("SL-WST-01-OLD", act="2026-08-14")) == 1
    assert tables("SL-WST-01", act="2026-08-15") == ()


def test_an_act_that_went_on_until_after_the_change_is_governed_by_the_new_law():
    assert tables("SL-WST-01", began="2026-07-01", act="2026-08-20") == ()
    assert tables("SL-WST-01", began="2026-07-01", act=None) == ()
    assert len(tables("SL-WST-01", began="2026-07-01", act="2026-08-14")) == 1


def test_an_act_whose_end_nobody_recorded_is_of_the_day_on_which_it_began():
    """It is not one that goes on: whether it ended later is for whoever judges the limitation."""
    case = changed(a_case("SL-WST-01-OLD"), act=an_act("2026-07-01", None))
    assert milder.act_day(case, on("2026-09-10")) == on("2026-07-01")
    assert len(milder.compare(case, OFFICE, LAW, on("2026-09-10"))) == 1


def test_the_table_is_the_same_whichever_of_the_two_items_was_chosen():
    (of_old,), (of_new,) = tables("SL-WST-01-OLD"), tables("SL-WST-01")
    assert (of_old.old.code, of_old.new.code) == ("SL-WST-01-OLD", "SL-WST-01")
    assert of_old == of_new


def test_the_date_on_the_decision_counts_before_that_of_the_question():
    case = a_case("SL-WST-01-OLD")
    early = changed(case, decision=a_decision(case, date="2026-08-14"))
    assert milder.compare(early, OFFICE, LAW, on("2026-09-10")) == ()


def test_without_a_party_or_an_item_nobody_can_say():
    bare = changed(a_case("SL-WST-01-OLD"), party=None)
    assert milder.compare(bare, OFFICE, LAW, on("2026-09-10")) == ()
    assert tables("SL-RD-01") == ()


# — which is lighter ————————————————————————————————————————————————————————————————————


def test_littering_was_lighter_by_its_maximum():
    """固废法 111: 一百至五百元；法典 1169: 一百至一千元."""
    (table,) = tables("SL-WST-01-OLD")
    assert row(table, "罚款下限").lighter is Lighter.EQUAL
    assert row(table, "罚款上限").lighter is Lighter.OLD
    assert (row(table, "罚款上限").old, row(table, "罚款上限").new) == ("500 元", "1000 元")
    assert table.answer is Lighter.OLD


def test_confiscating_what_the_act_brought_in_is_no_difference_between_two_laws():
    """固废法 111 names it, 法典 1169(3) does not: 行政处罚法 28 orders it anyway."""
    (table,) = tables("SL-WST-01-OLD")
    assert row(table, "处罚种类").old != row(table, "处罚种类").new
    assert row(table, "处罚种类").lighter is Lighter.EQUAL


def test_what_cannot_be_said_by_numbers_alone_is_for_a_person():
    office = an_office_with(an_item("SL-WST-01", kinds=("警告",)))
    (table,) = tables("SL-WST-01-OLD", office=office)
    assert row(table, "处罚种类").lighter is Lighter.JUDGE
    assert table.answer is Lighter.JUDGE
    assert "由人判断" in table.says


def test_equal_means_the_old_law():
    assert answer("SL-NOI-01-OLD", party=an_organisation()) is Lighter.EQUAL
    assert "适用行为时的旧法" in milder.SAYS[Lighter.EQUAL]


def test_an_open_air_barbecue_is_lighter_under_the_code_until_the_party_refuses():
    """大气法 118: 五百至二万元；法典 1132: 五百至五千元，拒不改正的五千至二万元."""
    assert answer("SL-AIR-09-OLD") is Lighter.NEW
    (table,) = tables("SL-AIR-09-OLD", correction=REFUSED)
    assert row(table, "罚款下限").lighter is Lighter.OLD
    assert table.answer is Lighter.OLD


def test_another_condition_is_not_weighed_by_counting():
    """固废法 111: 情节严重的罚；法典 1174: 拒不改正的罚. The ranges are the same."""
    (table,) = tables("SL-WST-02-OLD", party=an_organisation())
    assert row(table, "条件").old == "情节严重才处罚"
    assert row(table, "条件").new == "拒不改正才处罚"
    assert table.answer is Lighter.JUDGE


@pytest.mark.parametrize(
    ("old", "new", "lighter"),
    [
        ({}, {"needs_refusal": True}, Lighter.NEW),
        ({"needs_refusal": True}, {}, Lighter.OLD),
        ({"fine_optional": True}, {"fine_optional": False}, Lighter.OLD),
        ({"condition": "情节严重"}, {"condition": "情节严重"}, Lighter.EQUAL),
    ],
)
def test_the_law_that_asks_for_more_before_it_punishes_is_lighter(old, new, lighter):
    codes = ("SL-WST-01-OLD", "SL-WST-01")
    same = {"kinds": ("罚款",), "range": OFFICE.power("SL-WST-01").range}
    office = an_office_with(
        *(an_item(c, **same, **parts) for c, parts in zip(codes, (old, new), strict=True))
    )
    assert answer("SL-WST-01-OLD", office=office) is lighter


def test_whoever_the_old_law_did_not_fine_at_all_has_the_lighter_one_there():
    """固废法 111 fined only the builders for building waste; 法典 1169 fines everybody."""
    (table,) = tables("SL-WST-03", party=a_citizen())
    assert row(table, "罚款上限").old == "不罚款"
    assert row(table, "罚款上限").lighter is Lighter.OLD


def test_a_company_is_compared_by_its_own_column():
    (table,) = tables("SL-WST-04", party=an_organisation())
    assert (row(table, "罚款上限").old, row(table, "罚款上限").new) == ("500000 元", "1000000 元")


def test_an_open_end_is_not_guessed():
    office = an_office_with(an_item("SL-AIR-09", range={"citizen": {"min": 500, "max": None}}))
    (table,) = tables("SL-AIR-09-OLD", office=office)
    assert row(table, "罚款上限").lighter is Lighter.JUDGE
    assert row(table, "罚款上限").new == "条文没有写"


@pytest.mark.parametrize("code", [p.code for p in OFFICE.power_list if p.predecessor], ids=str)
@pytest.mark.parametrize("party", [a_citizen(), an_organisation()], ids=["citizen", "org"])
def test_every_pair_of_the_power_list_gives_a_whole_table_and_one_answer(code, party):
    (table,) = tables(code, party=party)
    assert [r.what for r in table.rows][:7] == [
        "案由", "义务条款", "罚则", "处罚种类", "罚款下限", "罚款上限", "条件",
    ]  # fmt: skip
    assert all(r.old and r.new for r in table.rows)
    assert table.answer in Lighter
    assert table.says in table.text


# — row by row ——————————————————————————————————————————————————————————————————————————

SAME, OLDER, NEWER, PERSON = Lighter.EQUAL, Lighter.OLD, Lighter.NEW, Lighter.JUDGE
BARBECUE = "在当地人民政府禁止的时段和区域内露天烧烤食品或者为露天烧烤食品提供场地"
NOTHING = "没有另外的条件"


def rows(table):
    return [(r.what, r.old, r.new, r.lighter) for r in table.rows]


def test_the_table_of_a_barbecue_to_the_word():
    (table,) = tables("SL-AIR-09-OLD")
    tools = "没收烧烤工具、没收违法所得、罚款"
    assert rows(table) == [
        ("案由", BARBECUE, BARBECUE, None),
        ("义务条款", "《大气污染防治法》第八十一条第三款", "《生态环境法典》第二百五十条第四款", None),
        ("罚则", "《大气污染防治法》第一百一十八条第三款", "《生态环境法典》第一千一百三十二条第三款", None),
        ("处罚种类", tools, tools, SAME),
        ("罚款下限", "500 元", "500 元", SAME),
        ("罚款上限", "20000 元", "5000 元", NEWER),
        ("条件", NOTHING, NOTHING, SAME),
        ("加重", "没有", "拒不改正：罚款（5000 元至 20000 元）", SAME),
    ]  # fmt: skip
    assert (str(table.act), str(table.decided)) == ("2026-07-01", "2026-09-10")
    assert table.says == "新法较轻，适用新法"


def test_once_the_refusal_is_proved_its_range_is_the_range_and_there_is_no_more_on_top():
    (table,) = tables("SL-AIR-09-OLD", correction=REFUSED)
    assert rows(table)[4:] == [
        ("罚款下限", "500 元", "5000 元", OLDER),
        ("罚款上限", "20000 元", "20000 元", SAME),
        ("条件", NOTHING, NOTHING, SAME),
    ]
    (noise,) = tables("SL-NOI-01-OLD", party=an_organisation(), correction=REFUSED)
    assert rows(noise)[4:6] == [
        ("罚款下限", "50000 元", "50000 元", SAME),
        ("罚款上限", "200000 元", "200000 元", SAME),
    ]
    assert noise.rows[-1].what == "条件"


@pytest.mark.parametrize("correction", [None, REFUSED])
@pytest.mark.parametrize(
    ("code", "old", "new", "lighter"),
    [
        ("SL-WST-01-OLD", "没有", "没有", SAME),
        ("SL-WST-03", "没有", "情节严重：责令限制生产、责令停产整治", OLDER),
        ("SL-WST-04", "没有", "情节严重：责令限制生产、责令停产整治", OLDER),
        ("SL-AIR-02-OLD", "拒不改正：责令停工整治", "拒不改正：责令停工整治", SAME),
    ],
)
def test_what_a_refusal_opens_without_a_range_of_its_own_stays_a_row_of_its_own(
    code, old, new, lighter, correction
):
    for party in (a_citizen(), an_organisation()):
        (table,) = tables(code, party=party, correction=correction)
        assert rows(table)[-1] == ("加重", old, new, lighter)


def test_laws_that_describe_the_act_in_other_words_are_read_with_a_caution():
    (table,) = tables("SL-WST-01-OLD")
    assert table.says == "旧法较轻，适用行为时的旧法（案由的文字不同，构成要件由人核对）"


def an_office_of_two(old, new):
    """The two items of throwing rubbish away, made alike but for these parts."""
    same = {"kinds": ("罚款",), "heavier": ()}
    codes = ("SL-WST-01-OLD", "SL-WST-01")
    parts = zip(codes, (old, new), strict=True)
    return an_office_with(*(an_item(code, **{**same, **own}) for code, own in parts))


def limits(low, high):
    return {"citizen": {"min": low, "max": high}, "org": {"min": 10, "max": 20}}


NOBODY_FINED = {"citizen": None, "org": {"min": 10, "max": 20}}


@pytest.mark.parametrize(
    ("old", "new", "low", "high", "together"),
    [
        (limits(100, 500), limits(100, 500), SAME, SAME, SAME),
        (limits(100, 500), limits(101, 500), OLDER, SAME, OLDER),
        (limits(100, 500), limits(99, 500), NEWER, SAME, NEWER),
        (limits(100, 500), limits(200, 400), OLDER, NEWER, PERSON),
        (limits(None, 500), limits(1, 500), OLDER, SAME, OLDER),
        (NOBODY_FINED, limits(None, 1), SAME, OLDER, OLDER),
        (limits(100, None), limits(100, 500), SAME, PERSON, PERSON),
        (limits(100, None), limits(100, None), SAME, SAME, SAME),
    ],
)
def test_each_end_of_the_range_is_weighed_and_two_that_disagree_are_for_a_person(
    old, new, low, high, together
):
    (table,) = tables("SL-WST-01-OLD", office=an_office_of_two({"range": old}, {"range": new}))
    assert (row(table, "罚款下限").lighter, row(table, "罚款上限").lighter) == (low, high)
    assert table.answer is together


def more(*maxima, kinds=("罚款",), when="拒不改正"):
    """One consequence for refusing: up to so much for a citizen, and so much for a company."""
    citizen, org = ({"min": 600, "max": n} for n in maxima)
    return {"heavier": [{"when": when, "kinds": kinds, "range": {"citizen": citizen, "org": org}}]}


CLOSING = ("罚款", "责令停业")


@pytest.mark.parametrize(
    ("old", "new", "citizen", "org"),
    [
        (more(900, 5000), more(900, 5000), SAME, SAME),
        (more(900, 5000), more(901, 4999), OLDER, NEWER),
        (more(900, 5000), {}, NEWER, NEWER),
        (more(None, 5000), more(900, 5000), PERSON, SAME),  # an end that is not written
        (more(900, 5000), more(900, 5000, kinds=CLOSING), OLDER, OLDER),
        (more(900, 5000), more(800, 4000, kinds=CLOSING), PERSON, PERSON),
        # the first range goes further than what a refusal adds
        (more(700, 800), more(750, 850), SAME, SAME),
    ],
)
def test_what_each_law_can_come_to_at_most_is_weighed_by_the_partys_own_column(
    old, new, citizen, org
):
    base = {"range": {"citizen": {"min": 100, "max": 800}, "org": {"min": 1000, "max": 2000}}}
    office = an_office_of_two({**base, **old}, {**base, **new})
    for party, lighter in ((a_citizen(), citizen), (an_organisation(), org)):
        (table,) = tables("SL-WST-01-OLD", office=office, party=party)
        assert row(table, "加重").lighter is lighter


def test_what_a_refusal_adds_is_told_and_applied_by_the_partys_own_column():
    base = {"range": {"citizen": {"min": 100, "max": 500}, "org": {"min": 1000, "max": 2000}}}
    office = an_office_of_two({**base, **more(900, 5000)}, {**base, **more(901, 4999)})
    for party, old, new in ((a_citizen(), 900, 901), (an_organisation(), 5000, 4999)):
        (table,) = tables("SL-WST-01-OLD", office=office, party=party)
        told = row(table, "加重")
        assert told.old == f"拒不改正：罚款（600 元至 {old} 元）"
        assert told.new == f"拒不改正：罚款（600 元至 {new} 元）"
        (proved,) = tables("SL-WST-01-OLD", office=office, party=party, correction=REFUSED)
        assert (row(proved, "罚款上限").old, row(proved, "罚款上限").new) == (
            f"{old} 元",
            f"{new} 元",
        )
        assert proved.rows[-1].what == "条件"


# — what the policy says of it ———————————————————————————————————————————————————————————

NOTED = "旧法一百至五百元，法典一百至一千元，适用旧法"


def compared(power, *, at="2026-09-10", note=NOTED, basis=None, **parts):
    item = OFFICE.power(basis or power)
    proposal = a_proposal(
        power=power, violated=(item.duty,), basis=(item.penalty,), old_and_new_law=note
    )
    return ask(decision.milder_compared, facts(a_case(power, proposal=proposal, **parts), at=at))


def test_the_reason_shows_the_table_before_anybody_has_written_the_comparison():
    said = compared("SL-WST-01-OLD", note="")
    assert said.outcome is FAILS
    assert "罚款上限：旧 500 元，新 1000 元" in said.reason
    assert compared("SL-WST-01-OLD", note="", at="2026-08-14").outcome is DOES_NOT_APPLY


def test_the_repealed_act_is_cited_when_it_is_the_right_one():
    assert compared("SL-NOI-01-OLD", party=an_organisation()).outcome is HOLDS
    assert compared("SL-AIR-09-OLD", correction=REFUSED).outcome is HOLDS
    case = a_case("SL-NOI-01-OLD", proposal=a_proposal(power="SL-NOI-01-OLD"))
    assert ask(decision.citations_valid, facts(case, at="2026-09-10")).outcome is HOLDS


def test_the_other_law_than_the_table_says_is_for_a_person():
    equal = compared("SL-NOI-01", party=an_organisation())
    assert equal.outcome is NEEDS_JUDGEMENT
    assert "援引的却是新法" in equal.reason
    lighter = compared("SL-AIR-09-OLD")
    assert lighter.outcome is NEEDS_JUDGEMENT
    assert "援引的却是旧法" in lighter.reason
    assert compared("SL-AIR-09").outcome is HOLDS


def test_where_numbers_decide_nothing_the_written_comparison_is_enough_for_either_law():
    for code in ("SL-WST-02-OLD", "SL-WST-02"):
        assert compared(code, party=an_organisation()).outcome is HOLDS
    assert compared("SL-WST-01").outcome is NEEDS_JUDGEMENT  # there the numbers do decide


def test_an_act_that_no_older_item_punished_is_for_a_person():
    """法典 1169(3) on an individual's building waste has no counterpart in 固废法."""
    said = compared("SL-WST-05")
    assert said.outcome is NEEDS_JUDGEMENT
    assert "行为时不罚的不得处罚" in said.reason
    assert compared("SL-WST-05", act="2026-08-15").outcome is DOES_NOT_APPLY
