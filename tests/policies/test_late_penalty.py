"""行政处罚法 art. 72 and 73, 行政强制法 art. 45 — what lateness adds to a fine, and when it adds nothing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.late_penalty import Exempt, Instalment, Plan, Reading, late_penalty
from tests.policies.builders import LAW, a_payment, law, on

DUE = on("2025-02-05")
"""The last day to pay; day one of the addition is 6 February, day 34 is 11 March."""


def added(*payments, fine=1000, as_of="2025-02-15", announced=True, **other):
    return late_penalty(
        Decimal(str(fine)), DUE, payments, LAW, as_of=on(as_of), announced=announced, **other
    )


def yuan(found):
    return str(found.amount)


def a_plan(*instalments, since="2025-02-03"):
    return Plan(on(since), tuple(Instalment(on(day), Decimal(n)) for day, n in instalments))


# — the days ——————————————————————————————————————————————————————————————————————————


def test_nothing_is_added_on_the_last_day_to_pay_and_three_per_cent_on_the_day_after():
    assert (yuan(added(as_of="2025-02-05")), added(as_of="2025-02-05").days) == ("0.00", 0)
    assert (yuan(added(as_of="2025-02-06")), added(as_of="2025-02-06").days) == ("30.00", 1)


def test_a_fine_paid_on_the_due_date_is_not_late_and_one_paid_the_day_after_is_one_day_late():
    assert yuan(added(a_payment(1000, "2025-02-05"))) == "0.00"
    late = added(a_payment(1000, "2025-02-06"))
    assert (yuan(late), late.days) == ("30.00", 1)
    assert str(late.owed) == "30.00"  # the fine is paid, the addition is not


def test_the_addition_reaches_the_fine_on_day_34_and_stays_there():
    before, at, after = (added(as_of=d) for d in ("2025-03-10", "2025-03-11", "2025-06-01"))
    assert (yuan(before), before.days, before.capped) == ("990.00", 33, False)
    assert (yuan(at), at.days, at.unpaid.capped_on) == ("1000.00", 34, on("2025-03-11"))
    assert (yuan(after), after.days, after.unpaid.capped_on) == ("1000.00", 34, on("2025-03-11"))
    assert "2025-03-11 起已达上限 1000 元" in after.explanation


def test_a_part_of_a_fen_is_never_asked():
    assert yuan(added(fine="0.50", as_of="2025-02-06")) == "0.01"
    assert yuan(added(fine="66.50", as_of="2025-02-06")) == "1.99"  # 1.995
    assert yuan(added(fine="66.50", as_of="2025-02-07")) == "3.99"  # not twice 1.99


# — payments in between ———————————————————————————————————————————————————————————————


def test_after_a_part_is_paid_the_rest_is_the_base_and_the_whole_fine_the_other_reading():
    found = added(a_payment(400, "2025-02-10"))
    # Five days on 1000, the day of payment among them, and five on 600.
    assert [(i.days, str(i.base), str(i.amount)) for i in found.unpaid.intervals] == [
        (5, "1000", "150.00"),
        (5, "600", "90.00"),
    ]
    assert (yuan(found), str(found.whole.amount)) == ("240.00", "300.00")
    assert str(found.owed) == "840.00"
    assert "那样是 300 元；法律没有写明，取对当事人有利的算法" in found.explanation


def test_what_was_paid_in_time_is_neither_base_nor_part_of_the_limit():
    found = added(a_payment(900, "2025-02-05"), as_of="2025-12-31")
    assert (yuan(found), str(found.unpaid.cap)) == ("100.00", "100")
    assert (str(found.whole.amount), str(found.whole.cap)) == ("1000.00", "1000")


def test_both_readings_agree_while_nothing_is_paid_and_then_only_one_is_told():
    found = added()
    assert found.unpaid.amount == found.whole.amount
    assert "也可以理解" not in found.explanation


def test_a_fine_paid_in_full_adds_nothing_further():
    assert yuan(added(a_payment(1000, "2025-02-10"), as_of="2025-12-31")) == "150.00"
    assert yuan(added(a_payment(1200, "2025-02-10"), as_of="2025-12-31")) == "150.00"
    assert str(added(a_payment(1200, "2025-02-10"), as_of="2025-12-31").owed) == "0.00"


# — days on which nothing is added ————————————————————————————————————————————————————


def test_a_remedy_in_the_middle_stops_the_days_on_both_its_ends():
    review = Exempt("行政复议期间（第七十三条第三款）", on("2025-02-08"), on("2025-02-12"))
    found = added(exempt=[review])
    assert [(str(i.first), i.days, bool(i.exempt)) for i in found.unpaid.intervals] == [
        ("2025-02-06", 2, False),
        ("2025-02-08", 5, True),
        ("2025-02-13", 3, False),
    ]
    assert (yuan(found), found.days) == ("150.00", 5)
    assert (
        "2025-02-08 至 2025-02-12，5 日：行政复议期间（第七十三条第三款），不计算。"
        in found.explanation
    )


def test_a_remedy_that_still_goes_on_stops_every_day_from_its_first():
    assert yuan(added(exempt=[Exempt("诉讼期间", on("2025-02-06"))], as_of="2026-02-15")) == "0.00"
    assert yuan(added(exempt=[Exempt("诉讼期间", on("2025-02-07"))], as_of="2026-02-15")) == "30.00"


def test_days_that_two_remedies_share_are_left_out_once():
    review = Exempt("行政复议期间", on("2025-02-08"), on("2025-02-10"))
    suit = Exempt("行政诉讼期间", on("2025-02-10"), on("2025-02-11"))
    assert added(exempt=[review, suit]).days == 6


def test_the_limit_is_reached_later_by_as_many_days_as_were_free():
    review = Exempt("行政复议期间", on("2025-02-08"), on("2025-02-12"))
    found = added(exempt=[review], as_of="2025-06-01")
    assert found.unpaid.capped_on == on("2025-03-16")


# — postponement and instalments ——————————————————————————————————————————————————————


def test_a_fine_postponed_before_it_was_due_is_late_only_after_the_new_date():
    plan = a_plan(("2025-03-05", 1000))
    assert yuan(added(as_of="2025-03-05", plan=plan)) == "0.00"
    assert yuan(added(as_of="2025-03-06", plan=plan)) == "30.00"


def test_of_instalments_only_the_one_that_is_missed_is_late():
    plan = a_plan(("2025-02-10", 400), ("2025-03-10", 600))
    paid = added(a_payment(400, "2025-02-10"), as_of="2025-03-10", plan=plan)
    missed = added(as_of="2025-02-15", plan=plan)
    assert yuan(paid) == "0.00"
    assert (yuan(missed), str(missed.whole.amount)) == ("60.00", "150.00")
    assert [str(i.base) for i in missed.unpaid.intervals] == ["400"]


def test_a_late_instalment_is_set_against_the_oldest_and_the_limit_is_what_was_late():
    plan = a_plan(("2025-02-10", 400), ("2025-03-10", 600))
    payments = a_payment(400, "2025-02-12"), a_payment(600, "2025-03-10")
    found = added(*payments, as_of="2026-01-01", plan=plan)
    assert (yuan(found), str(found.unpaid.cap)) == ("24.00", "400")


def test_what_was_paid_before_the_plan_is_not_set_against_its_instalments():
    plan = a_plan(("2025-02-10", 400), ("2025-03-10", 500))
    found = added(a_payment(100, "2025-02-02"), as_of="2025-02-11", plan=plan)
    assert (yuan(found), str(found.unpaid.cap)) == ("12.00", "400")


def test_what_was_added_before_the_plan_stays_and_nothing_more_comes_while_it_is_kept():
    plan = a_plan(("2025-03-10", 1000), since="2025-02-09")
    found = added(as_of="2025-03-10", plan=plan)
    assert (yuan(found), found.days) == ("90.00", 3)
    assert yuan(added(as_of="2025-03-11", plan=plan)) == "120.00"


def test_the_limit_holds_across_the_plan():
    plan = a_plan(("2025-03-10", 1000), since="2025-02-09")
    assert yuan(added(as_of="2026-01-01", plan=plan)) == "1000.00"


def test_a_plan_that_does_not_add_up_to_what_is_unpaid_is_refused():
    with pytest.raises(ValueError, match="合计 900 元，2025-02-03 未缴的罚款是 1000 元"):
        added(plan=a_plan(("2025-03-05", 900)))
    assert added(a_payment(100, "2025-02-02"), plan=a_plan(("2025-03-05", 900)))


def test_a_plan_ends_with_its_last_instalment_in_whatever_order_it_was_written():
    assert a_plan(("2025-04-10", 1), ("2025-03-10", 1)).ends == on("2025-04-10")


# — what the decision said ————————————————————————————————————————————————————————————


def test_nothing_is_added_unless_the_decision_announced_it():
    found = added(as_of="2025-12-31", announced=False)
    assert (yuan(found), str(found.whole.amount), str(found.owed)) == ("0.00", "0.00", "1000.00")
    assert "没有写明逾期加处罚款" in found.explanation
    assert "第四十五条第一款" in found.explanation


def test_the_sentences_can_be_copied_into_the_file():
    assert added(a_payment(400, "2025-02-10")).explanation.splitlines() == [
        "罚款 1000 元，应当在 2025-02-05 之前（含当日）缴纳，逾期每日加处 3%"
        "（《行政处罚法》第七十二条第一款第（一）项）。",
        "2025-02-06 至 2025-02-10，5 日：按未缴的 1000 元，加处 150 元。",
        "2025-02-11 至 2025-02-15，5 日：按未缴的 600 元，加处 90 元。",
        "截至 2025-02-15，共 10 日，加处罚款 240 元。",
        "“罚款数额”也可以理解为全部罚款，那样是 300 元；法律没有写明，取对当事人有利的算法。",
    ]


def test_the_rate_and_the_limit_come_from_the_law_book():
    own = law({"late_penalty.rate": 10, "late_penalty.cap": 50})
    found = late_penalty(Decimal(1000), DUE, (), own, as_of=on("2025-12-31"), announced=True)
    assert (yuan(found), found.days) == ("500.00", 50)


# — what always holds —————————————————————————————————————————————————————————————————

paying = st.lists(
    st.builds(lambda n, days: a_payment(n, str(DUE + timedelta(days=days))),
              st.integers(1, 400), st.integers(-5, 60)),
    max_size=4,
)  # fmt: skip


@given(paying, st.integers(0, 120))
def test_no_reading_exceeds_the_fine_and_the_default_never_exceeds_the_other(payments, days):
    found = added(*payments, as_of=str(DUE + timedelta(days=days)))
    assert 0 <= found.unpaid.amount <= found.whole.amount <= 1000
    assert found.unpaid.amount <= found.unpaid.cap <= 1000


@given(paying, st.integers(0, 120))
def test_the_intervals_add_up_to_the_total_and_to_the_days(payments, days):
    found = added(*payments, as_of=str(DUE + timedelta(days=days)))
    for reading in (found.unpaid, found.whole):
        assert sum(i.amount for i in reading.intervals) == reading.amount
        assert sum(i.days for i in reading.intervals) == reading.days


@given(paying, st.integers(0, 60), st.integers(0, 30))
def test_a_remedy_never_makes_it_more(payments, first, n):
    free = Exempt("复议", DUE + timedelta(days=first), DUE + timedelta(days=first + n))
    with_remedy = added(*payments, exempt=[free], as_of="2025-05-01")
    assert with_remedy.amount <= added(*payments, as_of="2025-05-01").amount


# — the two readings, in full —————————————————————————————————————————————————————————————


def test_both_readings_bear_their_names_and_the_whole_says_what_it_was_counted_from():
    found = added(a_payment(400, "2025-02-10"))
    assert (found.due, found.as_of, str(found.rate), found.announced) == (
        DUE, on("2025-02-15"), "0.03", True,
    )  # fmt: skip
    assert (found.unpaid.name, found.whole.name) == ("按未缴数额", "按全部罚款数额")
    assert [i.exempt for i in found.unpaid.intervals] == ["", ""]
    assert found.unpaid.capped_on is None


def test_of_what_was_not_announced_either_reading_is_empty():
    found = added(as_of="2025-12-31", announced=False)
    zero = Decimal("0.00")
    assert found.unpaid == Reading("按未缴数额", 0, zero, Decimal(0), None, ())
    assert found.whole == Reading("按全部罚款数额", 0, zero, Decimal(0), None, ())
    assert (found.announced, found.capped) == (False, False)
    assert found.explanation == (
        "罚款 1000 元，应当在 2025-02-05 之前（含当日）缴纳。决定书没有写明逾期加处罚款，也没有告知标准，"
        "不得加处（《罚款决定与罚款收缴分离实施办法》第七条、《行政强制法》第四十五条第一款）。"
    )


def test_by_the_other_reading_too_nothing_is_added_once_all_is_paid():
    late = added(a_payment(1000, "2025-02-10"), as_of="2025-12-31")
    assert (str(late.whole.amount), late.whole.days) == ("150.00", 5)
    in_time = added(a_payment(1000, "2025-02-05"), as_of="2025-12-31")
    assert (in_time.whole.cap, in_time.whole.days, in_time.capped) == (0, 0, False)
    assert in_time.whole.capped_on is None


def test_a_plan_approved_on_the_first_day_of_lateness_counts_from_that_very_day():
    """Nothing was late before it, so the limit is the instalment that was missed and not the fine."""
    plan = a_plan(("2025-02-10", 400), ("2025-03-10", 600), since="2025-02-06")
    found = added(a_payment(600, "2025-03-10"), as_of="2026-01-01", plan=plan)
    assert found.unpaid.intervals[0].first == on("2025-02-11")
    kept = added(a_payment(400, "2025-02-10"), as_of="2025-02-20", plan=plan)
    assert (yuan(kept), kept.unpaid.cap) == ("0.00", 0)


def test_the_dates_and_parts_of_a_plan_are_told():
    plan = a_plan(("2025-02-10", 400), ("2025-03-10", 600))
    said = added(as_of="2025-02-15", plan=plan).explanation.splitlines()
    assert said[1] == (
        "2025-02-03 起按批准的延期、分期：2025-02-10 400 元、2025-03-10 600 元"
        "（《行政处罚法》第六十六条第二款）。"
    )
