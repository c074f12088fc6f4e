"""机关文件 — the power list holds what the statutes say, and a file with faulty bands is refused."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from policies.casefile import PartyKind
from policies.lawbook import Parameter, register
from policies.office import LocalParameter, Person, Range, Share
from tests.policies.builders import OFFICE, a_band, a_certificate, an_item, office_with, on

BOTH, NO_AMOUNT, NOBODY = "both", (None, None), None

A: dict[str, tuple[tuple[str, str, int, str, int, Any, Any], ...]] = {
    # 编号: (code, duty, penalty, citizen's range, organisation's range)
    "A01": (("SL-AIR-02", "EEC", 240, "EEC", 1128, NOBODY, (10_000, 100_000)),
            ("SL-AIR-04", "EEC", 240, "EEC", 1128, NOBODY, (10_000, 100_000))),
    "A02": (("SL-AIR-05", "EEC", 240, "EEC", 1128, NOBODY, (10_000, 100_000)),),
    "A03": (("SL-AIR-03", "EEC", 241, "EEC", 1129, (2_000, 20_000), BOTH),),
    "A04": (("SL-AIR-01", "EEC", 246, "EEC", 1131, (500, 2_000), BOTH),),
    "A05": (("SL-AIR-06", "EEC", 251, "EEC", 1131, (500, 2_000), (10_000, 100_000)),),
    "A06": (("SL-AIR-07", "EEC", 250, "EEC", 1132, (5_000, 50_000), BOTH),),
    "A07": (("SL-AIR-08", "EEC", 250, "EEC", 1132, (10_000, 100_000), BOTH),),
    "A08": (("SL-AIR-09", "EEC", 250, "EEC", 1132, (500, 5_000), BOTH),),
    "A09": (("SL-AIR-10", "EEC", 253, "EEC", 1133, (2_000, 20_000), BOTH),),
    "A10": (("SL-WST-03", "EEC", 518, "EEC", 1169, (100_000, 1_000_000), BOTH),
            ("SL-WST-04", "EEC", 506, "EEC", 1169, NOBODY, (100_000, 1_000_000))),
    "A11": (("SL-WST-01", "EEC", 506, "EEC", 1169, (100, 1_000), NOBODY),
            ("SL-WST-05", "EEC", 518, "EEC", 1169, (100, 1_000), NOBODY)),
    "A12": (("SL-WST-02", "EEC", 506, "EEC", 1174, NOBODY, (50_000, 500_000)),),
    "A13": (("SL-WST-06", "EEC", 514, "EEC", 1174, (100, 500), (100_000, 1_000_000)),),
    "A14": (("SL-WST-07", "EEC", 520, "EEC", 1174, NOBODY, (100_000, 1_000_000)),),
    "A15": (("SL-NOI-03", "EEC", 572, "EEC", 1185, NOBODY, (10_000, 100_000)),
            ("SL-NOI-11", "EEC", 151, "EEC", 1185, NOBODY, (10_000, 100_000))),
    "A16": (("SL-NOI-04", "EEC", 569, "EEC", 1186, NOBODY, (5_000, 50_000)),
            ("SL-NOI-05", "EEC", 572, "EEC", 1186, NOBODY, (5_000, 50_000))),
    "A17": (("SL-NOI-01", "EEC", 592, "EEC", 1189, (5_000, 50_000), BOTH),
            ("SL-NOI-06", "EEC", 151, "EEC", 1189, (5_000, 50_000), BOTH),
            ("SL-NOI-07", "EEC", 592, "EEC", 1189, (5_000, 50_000), BOTH)),
    "A18": (("SL-NOI-02", "EEC", 593, "EEC", 1190, (200, 1_000), (2_000, 20_000)),
            ("SL-NOI-08", "EEC", 593, "EEC", 1190, (200, 1_000), (2_000, 20_000)),
            ("SL-NOI-09", "EEC", 595, "EEC", 1190, (200, 1_000), (2_000, 20_000))),
    "A19": (("SL-NOI-10", "EEC", 597, "EEC", 1191, NOBODY, (5_000, 50_000)),),
    "A20": (("SL-CTY-02", "CAER", 32, "CAER", 34, NO_AMOUNT, BOTH),),
    "A21": (("SL-CTY-03", "CAER", 17, "CAER", 34, NO_AMOUNT, BOTH),),
    "A22": (("SL-CTY-04", "CAER", 10, "CAER", 34, NO_AMOUNT, BOTH),),
    "A23": (("SL-CTY-05", "CAER", 28, "CAER", 34, NO_AMOUNT, BOTH),),
    "A24": (("SL-CTY-06", "CAER", 25, "CAER", 34, NO_AMOUNT, BOTH),),
    "A25": (("SL-CTY-07", "CAER", 15, "CAER", 34, NO_AMOUNT, BOTH),
            ("SL-CTY-08", "CAER", 16, "CAER", 34, NO_AMOUNT, BOTH)),
    "A26": (("SL-CTY-09", "CAER", 11, "CAER", 36, NO_AMOUNT, BOTH),),
    "A27": (("SL-CTY-01", "CAER", 14, "CAER", 36, NO_AMOUNT, BOTH),),
    "A28": (("SL-CTY-10", "CAER", 22, "CAER", 36, NO_AMOUNT, BOTH),
            ("SL-CTY-11", "CAER", 38, "CAER", 38, NO_AMOUNT, BOTH)),
    "A29": (("SL-RD-01", "ROAD", 27, "ROAD", 42, (None, 20_000), BOTH),
            ("SL-RD-02", "ROAD", 27, "ROAD", 42, (None, 20_000), BOTH),
            ("SL-RD-03", "ROAD", 27, "ROAD", 42, (None, 20_000), BOTH)),
    "A30": (("SL-RD-04", "ROAD", 23, "ROAD", 42, (None, 20_000), BOTH),
            ("SL-RD-05", "ROAD", 35, "ROAD", 42, (None, 20_000), BOTH),
            ("SL-RD-06", "ROAD", 31, "ROAD", 42, (None, 20_000), BOTH)),
    "A31": (("SL-GRN-01", "GREEN", 20, "GREEN", 26, NO_AMOUNT, BOTH),
            ("SL-GRN-02", "GREEN", 20, "GREEN", 26, NO_AMOUNT, BOTH)),
    "A32": (("SL-GRN-03", "GREEN", 19, "GREEN", 27, NO_AMOUNT, BOTH),),
    "A33": (("SL-GRN-04", "GREEN", 21, "GREEN", 28, NO_AMOUNT, BOTH),),
    "A34": (("SL-TREE-01", "TREE", 17, "TREE", 27, (None, 10_000), BOTH),),
    "A35": (("SL-PLN-01", "PLAN", 40, "PLAN", 64, NO_AMOUNT, BOTH),
            ("SL-PLN-02", "PLAN", 40, "PLAN", 64, NO_AMOUNT, BOTH)),
    "A36": (("SL-PLN-03", "PLAN", 44, "PLAN", 66, NO_AMOUNT, BOTH),),
    "A37": (("SL-FIRE-01", "FIRE", 28, "FIRE", 60, (None, 500), (5_000, 50_000)),
            ("SL-FIRE-02", "FIRE", 28, "FIRE", 60, (None, 500), (5_000, 50_000))),
    "A38": (("SL-PROP-01", "PROP", 50, "PROP", 63, (1_000, 10_000), (50_000, 200_000)),
            ("SL-PROP-02", "PROP", 49, "PROP", 63, (1_000, 10_000), (50_000, 200_000)),
            ("SL-PROP-03", "PROP", 54, "PROP", 63, (1_000, 10_000), (50_000, 200_000))),
    "A39": (("SL-DRN-01", "DRAIN", 20, "DRAIN", 49, NOBODY, NOBODY),),
    "A40": (("SL-DRN-02", "DRAIN", 21, "DRAIN", 50, (None, 500_000), BOTH),),
    "A41": (("SL-DRN-03", "DRAIN", 42, "DRAIN", 56, NOBODY, NOBODY),),
    "A42": (("SL-GAS-01", "GAS", 28, "GAS", 49, (None, 1_000), (None, 100_000)),),
    "A43": (("SL-GAS-02", "GAS", 33, "GAS", 50, (5_000, 50_000), (50_000, 100_000)),),
    "A44": (("SL-BIZ-01", "UNL", 2, "UNL", 13, (None, 10_000), BOTH),
            ("SL-BIZ-02", "UNL", 14, "UNL", 14, (None, 5_000), BOTH)),
    "A45": (("SL-FUN-01", "FUN", 21, "FUN", 21, NOBODY, NOBODY),),
}  # fmt: skip
"""The 案由 of the trade, written a second time from the statutes' texts."""

ROWS = [row for rows in A.values() for row in rows]
OLD_ACTS = {"APPL-AIR", "NOISE", "SOLID"}


def ends(limits):
    if limits is None:
        return None
    return tuple(int(n) if n is not None else None for n in (limits.min, limits.max))


def test_all_forty_five_are_there():
    assert list(A) == [f"A{n:02}" for n in range(1, 46)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_an_item_has_the_articles_and_the_range_of_the_statute(row):
    code, duty, breached, penalty, punished, citizen, org = row
    item = OFFICE.power(code)
    assert item is not None
    assert (item.duty.statute, item.duty.article) == (duty, breached)
    assert (item.penalty.statute, item.penalty.article) == (penalty, punished)
    assert ends(item.range_for(PartyKind.CITIZEN)) == citizen
    assert ends(item.range_for(PartyKind.ORGANISATION)) == (citizen if org is BOTH else org)


def test_every_item_of_the_code_begins_with_it_and_its_counterpart_ends_the_day_before():
    for item in OFFICE.power_list:
        if item.penalty.statute == "EEC":
            assert item.valid_from == on("2026-08-15"), item.code
        if item.penalty.statute in OLD_ACTS:
            assert item.valid_to == on("2026-08-14"), item.code
            assert OFFICE.successors(item.code), item.code
        if item.predecessor:
            old = OFFICE.power(item.predecessor)
            assert old is not None
            assert old.penalty.statute in OLD_ACTS


def test_only_an_individuals_own_building_waste_is_new_with_the_code():
    fresh = {p.code for p in OFFICE.power_list if p.penalty.statute == "EEC" and not p.predecessor}
    assert fresh == {"SL-WST-05"}


def test_the_liability_article_of_every_item_punishes_its_duty_article_in_the_register():
    for item in OFFICE.power_list:
        statute = register().statute(item.duty.statute)
        assert statute is not None
        duty = statute.held.get(item.duty.article)
        if duty and item.duty.statute == item.penalty.statute:
            assert isinstance(duty.liability, tuple), item.code
            assert item.penalty.article in duty.liability, item.code


def test_what_was_only_quoted_elsewhere_is_not_confirmed():
    for item in OFFICE.power_list:
        statute = register().statute(item.penalty.statute)
        assert statute is not None
        assert statute.text == "verified" or not item.confirmed, item.code


def test_the_refusal_is_a_condition_where_the_article_says_so():
    by_refusal = {p.code for p in OFFICE.power_list if p.needs_refusal}
    assert {"SL-AIR-08", "SL-WST-02", "SL-NOI-02", "SL-NOI-08", "SL-NOI-09", "SL-GAS-01"} <= (
        by_refusal
    )
    more = OFFICE.power("SL-AIR-09").heavier[0]
    assert (more.when, ends(more.range_for(PartyKind.CITIZEN))) == ("拒不改正", (5_000, 20_000))
    assert OFFICE.power("SL-AIR-09-OLD").heavier == ()


def test_what_the_street_must_hand_over_names_a_law_that_we_hold_and_whose_it_is():
    assert {h.code for h in OFFICE.hand_over} >= {"HO-NOISE", "HO-ANIMAL", "HO-FIREWORK"}
    for hint in OFFICE.hand_over:
        statute = register().statute(hint.law.statute)
        assert statute is not None
        assert hint.law.article in statute.held, hint.code
        assert hint.to
        assert hint.words or hint.items


# — bands —————————————————————————————————————————————————————————————————————————————


def test_no_benchmark_was_found_so_the_sample_has_no_bands():
    assert [p.code for p in OFFICE.power_list if p.bands] == []


def refused(*bands, code="SL-AIR-01-OLD"):
    with pytest.raises(ValidationError) as wrong:
        an_item(code, bands=bands)
    return str(wrong.value)


def test_bands_may_touch_or_be_one_yuan_apart_and_leave_no_more_between_them():
    low = a_band("轻", 500, 1000)
    for start in (1000, 1001):
        assert len(an_item(bands=(low, a_band("重", start, 2000))).bands) == 2
    assert "没有档次" in refused(low, a_band("重", 1002, 2000))
    assert "重叠" in refused(low, a_band("重", 999, 2000))


@pytest.mark.parametrize(("low", "high"), [(499, 1000), (500, 2001)])
def test_a_band_lies_inside_the_range_of_the_article(low, high):
    assert "超出条文的幅度" in refused(a_band("一般", low, high))
    assert an_item(bands=(a_band("一般", 500, 2000),)).bands


def test_the_order_in_the_file_does_not_matter_and_upside_down_is_refused():
    assert an_item(bands=(a_band("重", 1000, 2000), a_band("轻", 500, 1000))).bands
    assert "高于上限" in refused(a_band("一般", 1000, 999))


def test_each_kind_of_party_has_its_own_bands():
    code = "SL-NOI-02-OLD"  # citizens 200 to 1 000, organisations 2 000 to 20 000
    both = (a_band("一般", 200, 1000, "citizen"), a_band("一般", 2000, 20_000, "org"))
    item = an_item(code, bands=both)
    assert [b.min for b in item.bands_for("org")] == [Decimal(2000)]
    assert "超出条文的幅度" in refused(a_band("一般", 200, 1000, "org"), code=code)
    assert "不罚款的一类当事人" in refused(
        a_band("一般", 10_000, 20_000, "citizen"), code="SL-AIR-02"
    )


def test_a_band_may_be_one_sum_and_an_item_without_a_fine_may_have_bands_of_none():
    assert an_item(bands=(a_band("一般", 500, 500),)).bands
    only_org = an_item("SL-AIR-02-OLD", bands=(a_band("一般", 10_000, 20_000),))
    assert [b.name for b in only_org.bands_for("citizen")] == ["一般"]


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (Range(min=Decimal(500)), "（500 元至不限）"),
        (Range(max=Decimal(2000)), "（0 元至 2000 元）"),
        (Range(min=Decimal(500), max=Decimal(2000)), "（500 元至 2000 元）"),
    ],
)
def test_a_band_outside_is_refused_with_the_range_of_the_article(limits, told):
    band = a_band("一般", 499, 2001)
    with pytest.raises(ValidationError) as wrong:
        an_item(range={"citizen": limits, "org": limits}, bands=(band,))
    assert f"SL-AIR-01-OLD 的裁量档次：“一般”（499 至 2001 元）超出条文的幅度{told}。" in str(
        wrong.value
    )


# — people, hints, numbers ——————————————————————————————————————————————————————————————————


def test_a_certificate_is_valid_from_its_first_day_to_its_last():
    held = a_certificate(valid_from=on("2020-01-01"), valid_to=on("2024-12-31"))
    days = ("2019-12-31", "2020-01-01", "2024-12-31", "2025-01-01")
    assert [held.valid_on(on(day)) for day in days] == [False, True, True, False]


def test_a_person_is_shown_with_the_post_else_with_the_first_role():
    assert OFFICE.person("zhang").title == "张衡（执法人员）"
    assert Person(id="x", name="甲", roles=("clerk", "admin")).title == "甲（内勤）"
    assert Person(id="x", name="甲", roles=("clerk",), post="档案员").title == "甲（档案员）"


def test_a_hint_is_given_from_its_first_day_to_its_last():
    hint = OFFICE.hand_over[0].model_copy(
        update={
            "words": (("喇叭", "广场"),), "since": on("2025-01-06"), "until": on("2025-01-10"),
        }
    )  # fmt: skip
    days = ("2025-01-05", "2025-01-06", "2025-01-10", "2025-01-11")
    assert [hint.matches("广场上的喇叭", "", on(day)) for day in days] == [
        False, True, True, False,
    ]  # fmt: skip
    assert not hint.matches("广场", "", on("2025-01-06"))


def test_the_limits_follow_the_cost_only_where_the_article_gives_a_percentage():
    """A hundredth to a tenth of a cost of 1 234.56 yuan, to the fen."""
    plain = an_item("SL-AIR-01-OLD")
    assert plain.limits_for(PartyKind.CITIZEN, Decimal(1000)) == plain.range_for(PartyKind.CITIZEN)
    share = Share(min=Decimal(1), max=Decimal(10), of="工程造价")
    shared = an_item("SL-AIR-02-OLD", share=share)
    assert shared.limits_for(PartyKind.CITIZEN, Decimal(1000)) is None
    assert shared.limits_for(PartyKind.ORGANISATION) == shared.range_for(PartyKind.ORGANISATION)
    found = shared.limits_for(PartyKind.ORGANISATION, Decimal("1234.56"))
    assert found == Range(min=Decimal("12.35"), max=Decimal("123.46"))


def test_a_number_of_the_office_is_known_by_its_key_source_rules_and_whether_it_was_confirmed():
    own = LocalParameter.model_validate(
        {
            "key": "payment.due", "from": "2024-01-01", "value": 20, "unit": "wd",
            "source": "《示例规程》第三条", "confirmed": True, "rules": ("R205",),
        }
    )  # fmt: skip
    book = office_with(parameters=(own,)).law(register())
    assert book.on(on("2024-01-01"))["payment.due"] == Parameter(
        "payment.due", 20, "wd", on("2024-01-01"), "《示例规程》第三条", True, ("R205",), True
    )
    assert not book.on(on("2023-12-31"))["payment.due"].local
