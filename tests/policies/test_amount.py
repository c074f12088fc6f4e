"""行政处罚法 9, 34, 76 — how much and what kind of penalty an article allows, and on which condition."""

import pytest

from policies import amount, decision
from policies.casefile import Correction
from policies.core import Doubt, Level
from policies.office import Range
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    NEEDS_JUDGEMENT,
    a_band,
    a_citizen,
    a_decision,
    a_proposal,
    an_item,
    an_office_with,
    an_office_with_bands,
    an_organisation,
    ask,
    changed,
    facts,
    on,
    ready,
)

REFUSED = Correction(ordered_on=on("2025-01-06"), checked_on=on("2025-01-09"), corrected=False)
CORRECTED = Correction(ordered_on=on("2025-01-06"), checked_on=on("2025-01-09"), corrected=True)


def a_case(power, fine, *, party=None, correction=CORRECTED, silent=False, **proposal):
    return ready(
        power=power,
        party=party or an_organisation(),
        correction=correction,
        proposal=a_proposal(fine=fine, **proposal),
        silent=silent,
    )


def ranged(*args, **parts):
    return ask(decision.amount_in_range, facts(a_case(*args, **parts)))


# — what an article says of money, in words ——————————————————————————————————————————————


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (500, 2_000, "500 元至 2000 元"),
        (0, 50, "0 元至 50 元"),
        (None, 50_000, "0 元至 50000 元"),
        (500, None, "500 元以上"),
        (None, None, "0 元以上"),
    ],
)
def test_an_end_that_the_article_leaves_open_is_said_as_such(low, high, words):
    assert amount.told(Range(min=low, max=high)) == words


# — a range that only a refusal opens —————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("fine", "unrefused", "refused"),
    [
        (4_999, FAILS, FAILS),
        (5_000, HOLDS, HOLDS),
        (50_000, HOLDS, HOLDS),
        (50_001, FAILS, HOLDS),
        (200_000, FAILS, HOLDS),
        (200_001, FAILS, FAILS),
    ],
)
def test_the_range_for_refusing_opens_with_the_refusal_on_file(fine, unrefused, refused):
    """噪声法 81: 五千至五万元；拒不改正的五万至二十万元."""
    assert ranged("SL-NOI-01-OLD", fine).outcome is unrefused
    assert ranged("SL-NOI-01-OLD", fine, correction=REFUSED).outcome is refused


def test_the_reason_names_the_condition_and_the_check_that_proves_it():
    said = ranged("SL-NOI-01-OLD", 60_000)
    assert "拒不改正" in said.reason
    proved = ranged("SL-NOI-01-OLD", 60_000, correction=REFUSED)
    assert "2025-01-09 复查" in proved.reason


def test_a_condition_that_the_file_cannot_prove_is_for_a_person():
    """排水条例 49: 警告；逾期不改正或者造成严重后果的才罚款."""
    assert ranged("SL-DRN-01", 100_000).outcome is NEEDS_JUDGEMENT
    assert ranged("SL-DRN-01", 100_000, correction=REFUSED).outcome is HOLDS
    assert ranged("SL-DRN-01", 99_999, correction=REFUSED).outcome is FAILS
    assert ranged("SL-DRN-01", 20_000, party=a_citizen(), correction=REFUSED).outcome is HOLDS
    assert ranged("SL-DRN-01", 0).outcome is DOES_NOT_APPLY


@pytest.mark.parametrize(
    ("power", "fine", "parts", "reason"),
    [
        (
            "SL-NOI-01-OLD",
            4_999,
            {},
            "罚款 4999 元，低于《噪声污染防治法》第八十一条第（二）项规定的下限 5000 元，没有写明减轻处罚的理由。",
        ),
        (
            "SL-DRN-01",
            200_001,
            {"correction": REFUSED},
            "罚款 200001 元，高于《城镇排水与污水处理条例》第四十九条对逾期不改正或者造成严重后果的规定的上限"
            " 200000 元。",
        ),
        (
            "SL-AIR-01",
            2_001,
            {},
            "罚款 2001 元，高于《生态环境法典》第一千一百三十一条第一款规定的上限 2000 元。",
        ),
    ],
)
def test_the_reason_names_the_provision_whose_range_was_left(power, fine, parts, reason):
    said = ranged(power, fine, **parts)
    assert said.outcome is FAILS
    assert said.reason == reason


def test_above_an_article_that_says_only_up_to_the_cure_begins_at_nothing():
    said = ranged("SL-PLN-02", 10_001, project_cost="100000")
    assert said.remedy == "改为 0 元至 10000.00 元之间。"
    assert ranged("SL-AIR-01", 2_001).remedy == "改为 500 元至 2000 元之间。"


def test_a_published_fine_below_the_range_whose_reasons_are_not_told_breaks_nothing():
    said = ranged("SL-NOI-01-OLD", 4_999, silent=True)
    assert said.doubt is Doubt.UNSTATED
    assert said.reason == "来源未载明减轻处罚的理由。"
    assert ranged("SL-NOI-01-OLD", 4_999, silent=True, mitigation="立功").outcome is HOLDS


def test_a_published_text_that_does_not_tell_of_a_refusal_breaks_nothing():
    said = ranged("SL-NOI-01-OLD", 60_000, silent=True, correction=None)
    assert said.doubt is Doubt.UNSTATED


# — a percentage of what was built —————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("power", "fine", "outcome"),
    [
        ("SL-PLN-01", "4999.99", FAILS),
        ("SL-PLN-01", 5_000, HOLDS),
        ("SL-PLN-01", 10_000, HOLDS),
        ("SL-PLN-01", "10000.01", FAILS),
        ("SL-PLN-02", "0.01", HOLDS),
        ("SL-PLN-02", 10_001, FAILS),
        ("SL-PLN-03", 100_000, HOLDS),
        ("SL-PLN-03", 100_001, FAILS),
    ],
)
def test_an_illegal_building_is_fined_by_what_it_cost(power, fine, outcome):
    """城乡规划法 64: 造价百分之五至十；66: 一倍以下. Here 100 000 元."""
    assert ranged(power, fine, project_cost="100000").outcome is outcome


def test_without_the_cost_nobody_can_say_whether_the_fine_is_in_range():
    said = ranged("SL-PLN-01", 5_000)
    assert said.outcome is NEEDS_JUDGEMENT
    assert "建设工程造价" in said.reason
    assert ranged("SL-PLN-01", 5_000, silent=True).doubt is Doubt.UNSTATED


# — kinds —————————————————————————————————————————————————————————————————————————————


def kinds(power, *names, **parts):
    return ask(amount.kinds_allowed, facts(a_case(power, 0, kinds=names, **parts)))


def test_only_kinds_that_the_article_gives():
    assert kinds("SL-CTY-02", "警告", "罚款").outcome is HOLDS
    said = kinds("SL-RD-01", "警告")
    assert said.outcome is FAILS
    assert "没有规定警告" in said.reason
    assert kinds("SL-RD-01", "行政拘留").outcome is FAILS


@pytest.mark.parametrize(
    ("given", "told"), [(("罚款", "警告"), "规定的是罚款、警告"), ((), "规定的是责令改正")]
)
def test_a_kind_that_the_article_does_not_give_is_told_beside_those_it_gives(given, told):
    office = an_office_with(an_item("SL-AIR-01", kinds=given))
    case = a_case("SL-AIR-01", 0, kinds=("责令关闭",))
    said = ask(amount.kinds_allowed, facts(case, office=office))
    assert said.outcome is FAILS
    assert said.reason == (f"《生态环境法典》第一千一百三十一条第一款没有规定责令关闭（{told}）。")


def test_what_the_act_brought_in_may_always_be_confiscated():
    assert kinds("SL-RD-01", "罚款", "没收违法所得").outcome is HOLDS
    assert kinds("SL-RD-01", "罚款", "没收烧烤工具").outcome is FAILS
    assert kinds("SL-AIR-09-OLD", "罚款", "没收烧烤工具").outcome is HOLDS


def test_closing_for_rectification_waits_for_the_refusal():
    """大气法 118: 拒不改正的，责令停业整治."""
    assert kinds("SL-AIR-07-OLD", "罚款", "责令停业整治").outcome is FAILS
    assert kinds("SL-AIR-07-OLD", "罚款", "责令停业整治", correction=REFUSED).outcome is HOLDS
    assert kinds("SL-AIR-07-OLD", "责令停业整治", silent=True).doubt is Doubt.UNSTATED


def test_a_grave_case_is_for_a_person_to_find():
    """法典 1169: 情节严重的，责令限制生产、停产整治."""
    said = kinds("SL-WST-03", "罚款", "责令停产整治")
    assert said.outcome is NEEDS_JUDGEMENT
    assert "情节严重" in said.reason


def test_the_decided_kinds_count_before_the_proposed_ones():
    case = ready()
    other = changed(case, decision=a_decision(case, kinds=("责令关闭",)))
    assert ask(amount.kinds_allowed, facts(other)).outcome is FAILS
    assert ask(amount.kinds_allowed, facts(ready(proposal=None))).outcome is DOES_NOT_APPLY


@pytest.mark.parametrize("missing", [{"power": "SL-XXX-01"}, {"proposal": None}])
def test_a_published_text_without_an_item_or_a_proposal_does_not_tell_on_what_its_kinds_rest(
    missing,
):
    said = ask(amount.kinds_allowed, facts(changed(ready(silent=True), **missing)))
    assert said.doubt is Doubt.UNSTATED
    assert said.reason == "来源未载明处罚种类的依据。"
    assert ask(amount.kinds_allowed, facts(ready(silent=True))).outcome is HOLDS


# — bands —————————————————————————————————————————————————————————————————————————————


def banded(fine, discretion, **parts):
    case = ready(proposal=a_proposal(fine=fine, discretion=discretion), **parts)
    return ask(amount.band_kept, facts(case, office=an_office_with_bands()))


@pytest.mark.parametrize(
    ("fine", "outcome"), [(799, FAILS), (800, HOLDS), (1500, HOLDS), (1501, FAILS)]
)
def test_the_fine_lies_in_the_band_that_the_reasons_name(fine, outcome):
    said = banded(fine, "初次，影响面小，适用一般档")
    assert said.outcome is outcome
    assert "一般" in said.reason


def test_where_there_are_bands_one_is_named_and_where_there_are_none_nothing_is_asked():
    said = banded(1000, "面积小")
    assert said.outcome is FAILS
    assert "轻微、一般、严重" in said.reason
    assert ask(amount.band_kept, facts(ready())).outcome is DOES_NOT_APPLY


def test_a_band_outside_is_answered_for_in_writing_and_not_stopped():
    assert amount.band_kept.level is Level.WARN
    assert banded(1000, "面积小", silent=True).doubt is Doubt.UNSTATED
    assert banded(0, "面积小").outcome is DOES_NOT_APPLY


def test_the_decided_fine_is_measured_and_not_the_one_proposed():
    case = ready(proposal=a_proposal(fine=1000, discretion="适用一般档"))
    heavier = changed(case, decision=a_decision(case, fine=1600))
    given = facts(heavier, office=an_office_with_bands())
    assert ask(amount.band_kept, given).outcome is FAILS


@pytest.mark.parametrize("missing", [{"party": None}, {"proposal": None}, {"power": "SL-XXX-01"}])
def test_without_a_party_a_proposal_or_an_item_there_is_no_band_to_keep(missing):
    case = ready()
    decided = changed(case, decision=a_decision(case), **missing)
    given = facts(decided, office=an_office_with_bands())
    assert ask(amount.band_kept, given).outcome is DOES_NOT_APPLY


@pytest.mark.parametrize(
    ("party", "fine", "outcome"),
    [
        (a_citizen(), 800, HOLDS),
        (a_citizen(), 801, FAILS),
        (an_organisation(), 800, FAILS),
        (an_organisation(), 801, HOLDS),
    ],
)
def test_each_kind_of_party_has_its_own_bands(party, fine, outcome):
    bands = (
        a_band("一般", 500, 800, "citizen"), a_band("严重", 801, 2000, "citizen"),
        a_band("轻微", 500, 800, "org"), a_band("一般", 801, 2000, "org"),
    )  # fmt: skip
    case = ready(party=party, proposal=a_proposal(fine=fine, discretion="适用一般档"))
    office = an_office_with(an_item(bands=bands))
    assert ask(amount.band_kept, facts(case, office=office)).outcome is outcome


@pytest.mark.parametrize(
    ("fine", "written", "outcome"),
    [
        (1500, "适用较重档", HOLDS),
        (1501, "适用较重档", FAILS),
        (1500, "适用特别较重档", FAILS),
        (1501, "适用特别较重档", HOLDS),
    ],
)
def test_the_longest_name_that_is_written_is_the_band_that_is_meant(fine, written, outcome):
    bands = (a_band("较轻", 500, 999), a_band("较重", 1000, 1500), a_band("特别较重", 1501, 2000))
    case = ready(proposal=a_proposal(fine=fine, discretion=written))
    office = an_office_with(an_item(bands=bands))
    said = ask(amount.band_kept, facts(case, office=office))
    assert said.outcome is outcome
    assert f"“{written[2:-1]}”档" in said.reason
