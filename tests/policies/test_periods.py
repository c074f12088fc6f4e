"""The periods of a case: 行政处罚法 60, 67; 行政复议法 20, 23; 行政诉讼法 45, 46; 行政强制法 25, 53, 54.

Rules R087, R105, R153, R170, R171, R201, R205, R207, R214, R215, R216, R217, R218.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from policies import decision as decisions
from policies import summary as summaries
from policies.casefile import Clock
from policies.late_penalty import Instalment, Plan
from policies.pauses import Grant, Pause
from policies.period import ROLLS, NoPeriod, Period, later, run
from policies.periods import (
    Beside,
    Seizure,
    bank_in,
    court_window,
    decision,
    demand,
    hand_in,
    payment,
    periods,
    registration,
    seizure,
)
from policies.remedies import REMEDIES, REVIEW_FIRST, Remedy, remedies_end, review, suit
from tests.policies.builders import (
    CALENDAR,
    LAW,
    a_decision,
    a_payment,
    a_service,
    changed,
    on,
    on_spot,
    ready,
    served,
    silent,
)

ORDINARY = served()
"""Filed on Monday 6 January 2025, served on Monday the 20th; the Spring Festival is until 4 February."""

ON_SPOT = on_spot()
"""Decided and handed over on Thursday 16 January 2025."""


def handed_over(day, case=ORDINARY):
    return changed(case, services=(a_service(served_on=day),))


def untold(case=ORDINARY):
    contents = tuple(c for c in case.decision.contents if c not in (REMEDIES, REVIEW_FIRST))
    return changed(case, decision=case.decision.model_copy(update={"contents": contents}))


def a_remedy(kind="review", ended="upheld", received="2025-04-30", **other):
    return Remedy(kind, on("2025-02-10"), ended, received and on(received), **other)


def ends(found):
    assert isinstance(found, Period), found
    return str(found.due), str(found.rolled), str(found.ends)


def window(*remedies, case=ORDINARY, **beside):
    return court_window(case, LAW, CALENDAR, beside=Beside(remedies=remedies, **beside))


def why_not(found):
    assert isinstance(found, NoPeriod), found
    return found.why


# — paying ————————————————————————————————————————————————————————————————————————————


def test_the_fifteen_days_to_pay_roll_over_the_holiday_at_their_end():
    assert ends(payment(ORDINARY, LAW, CALENDAR)) == ("2025-02-04", "2025-02-05", "2025-02-05")
    assert ends(payment(handed_over("2025-01-21"), LAW, CALENDAR))[2] == "2025-02-05"
    assert ends(payment(handed_over("2025-01-22"), LAW, CALENDAR))[2] == "2025-02-06"


def test_nothing_is_to_be_paid_before_service_nor_without_a_fine():
    assert payment(changed(ORDINARY, services=()), LAW, CALENDAR) is None
    warning = changed(ORDINARY, decision=a_decision(ORDINARY, fine=0))
    assert payment(warning, LAW, CALENDAR) is None


def test_an_approved_plan_puts_its_own_dates_in_the_place_of_the_fifteen_days():
    plan = Plan(on("2025-02-03"), (Instalment(on("2025-06-30"), 1000),))
    assert "按批准的日期缴纳，至 2025-06-30" in why_not(payment(ORDINARY, LAW, CALENDAR, plan=plan))


def test_money_taken_on_the_spot_reaches_the_office_and_then_the_bank_in_two_working_days_each():
    assert str(hand_in(on("2026-09-30"), LAW, CALENDAR).ends) == "2026-10-09"
    assert str(bank_in(on("2026-10-09"), LAW, CALENDAR).ends) == "2026-10-12"
    taken = changed(ON_SPOT, payments=(a_payment(200, "2025-01-16", on_spot=True),))
    beside = Beside(handed_in=(on("2025-01-20"),))
    found = [p.id for p in periods(taken, LAW, CALENDAR, as_of=on("2025-01-20"), beside=beside)]
    assert found == ["payment", "hand_in", "bank_in", "review", "suit", "court_window"]
    through_the_bank = changed(ON_SPOT, payments=(a_payment(200, "2025-01-16"),))
    found = [p.id for p in periods(through_the_bank, LAW, CALENDAR, as_of=on("2025-01-20"))]
    assert "hand_in" not in found


# — the party's remedies ——————————————————————————————————————————————————————————————


def test_sixty_days_for_a_review_and_six_months_for_a_suit_run_from_service_and_roll():
    assert ends(review(ORDINARY, LAW, CALENDAR)) == ("2025-03-21", "2025-03-21", "2025-03-21")
    assert ends(suit(ORDINARY, LAW, CALENDAR)) == ("2025-07-20", "2025-07-21", "2025-07-21")
    assert ends(review(handed_over("2025-02-03"), LAW, CALENDAR))[2] == "2025-04-07"  # 清明


def test_on_the_spot_the_review_comes_first_and_no_suit_before_it():
    assert ends(review(ON_SPOT, LAW, CALENDAR))[2] == "2025-03-17"
    assert "先申请行政复议" in why_not(suit(ON_SPOT, LAW, CALENDAR))
    after = suit(ON_SPOT, LAW, CALENDAR, remedies=[a_remedy()])
    assert ends(after)[2] == "2025-05-15"


def test_after_a_review_fifteen_days_remain_for_a_suit_and_while_it_goes_on_none():
    going_on = [a_remedy(ended="", received=None)]
    assert "还没有终结" in why_not(suit(ORDINARY, LAW, CALENDAR, remedies=going_on))
    assert ends(suit(ORDINARY, LAW, CALENDAR, remedies=[a_remedy()]))[2] == "2025-05-15"
    silent_body = [a_remedy(ended="unanswered", received="2025-04-30")]
    assert ends(suit(ORDINARY, LAW, CALENDAR, remedies=silent_body))[2] == "2025-05-15"


def test_a_review_withdrawn_leaves_the_six_months_to_sue_but_on_the_spot_nothing():
    withdrawn = [a_remedy(ended="withdrawn", received="2025-03-03")]
    assert ends(suit(ORDINARY, LAW, CALENDAR, remedies=withdrawn))[2] == "2025-07-21"
    assert "先申请" in why_not(suit(ON_SPOT, LAW, CALENDAR, remedies=withdrawn))


def test_a_review_refused_never_shortens_the_six_months():
    early, late = ([a_remedy(ended="refused", received=d)] for d in ("2025-03-03", "2025-07-14"))
    assert ends(suit(ORDINARY, LAW, CALENDAR, remedies=early))[2] == "2025-07-21"
    assert ends(suit(ORDINARY, LAW, CALENDAR, remedies=late))[2] == "2025-07-29"
    on_the_spot = suit(ON_SPOT, LAW, CALENDAR, remedies=early)
    assert ends(on_the_spot)[2] == "2025-03-18"
    assert on_the_spot.cite == "《行政复议法》第三十四条"


def test_a_review_can_be_asked_for_once_but_again_after_a_refusal():
    assert "已于 2025-02-10 申请复议" in why_not(
        review(ORDINARY, LAW, CALENDAR, remedies=[a_remedy()])
    )
    refused = [a_remedy(ended="refused", received="2025-02-17")]
    assert ends(review(ORDINARY, LAW, CALENDAR, remedies=refused))[2] == "2025-03-21"
    sued = [a_remedy("suit", ended="", received=None)]
    assert "已于 2025-02-10 起诉" in why_not(review(ORDINARY, LAW, CALENDAR, remedies=sued))
    turned_away = [a_remedy("suit", ended="refused", received="2025-02-17")]
    assert ends(review(ORDINARY, LAW, CALENDAR, remedies=turned_away))[2] == "2025-03-21"


def test_who_was_not_informed_has_at_most_a_year_from_knowing_the_decision():
    case = untold()
    assert ends(review(case, LAW, CALENDAR)) == ("2026-01-20", "2026-01-20", "2026-01-20")
    assert ends(suit(case, LAW, CALENDAR))[2] == "2026-01-20"
    informed = ("2025-11-20", "2025-11-21", "2025-11-22")  # sixty days later: 19, 20, 21 January
    found = [review(case, LAW, CALENDAR, told_later=on(d)) for d in informed]
    assert [ends(f)[2] for f in found] == ["2026-01-19", "2026-01-20", "2026-01-20"]
    assert [str(f.start) for f in found] == ["2025-11-20", "2025-11-21", "2025-01-20"]
    assert ends(suit(case, LAW, CALENDAR, told_later=on("2025-05-05")))[2] == "2025-11-05"


def test_a_summary_decision_that_prints_the_ordinary_remedies_has_not_informed_the_party():
    contents = tuple(REMEDIES if c == REVIEW_FIRST else c for c in ON_SPOT.decision.contents)
    wrong = changed(ON_SPOT, decision=ON_SPOT.decision.model_copy(update={"contents": contents}))
    assert ends(review(wrong, LAW, CALENDAR))[2] == "2026-01-16"


def test_a_published_text_that_is_silent_on_remedies_is_not_taken_to_have_kept_them_back():
    case = silent(decision=a_decision(contents=()), services=(a_service(),))
    assert ends(review(case, LAW, CALENDAR))[2] == "2025-03-21"


def test_what_tells_the_remedies_is_what_the_decision_must_carry():
    assert REMEDIES in decisions.CONTENTS
    assert REVIEW_FIRST in summaries.CONTENTS


def test_a_day_for_which_the_register_has_no_law_is_said_and_not_guessed():
    old = changed(
        ORDINARY,
        decision=a_decision(ORDINARY, date="2023-12-29"),
        services=(a_service(served_on="2023-12-31"),),
    )
    assert "法律登记簿没有 2023-12-31 的“review.period”" in why_not(review(old, LAW, CALENDAR))
    assert isinstance(review(handed_over("2024-01-01"), LAW, CALENDAR), Period)


# — the court ————————————————————————————————————————————————————————————————————————


def test_the_three_months_run_from_the_rolled_end_of_the_six_and_roll_themselves():
    found = window()
    assert str(found.start) == "2025-07-21"
    assert ends(found) == ("2025-10-21", "2025-10-21", "2025-10-21")
    assert "最早 2025-07-22" in found.why
    holiday = window(
        case=handed_over("2025-01-05")
    )  # until 5 July, a Saturday; 7 October is a holiday
    assert ends(holiday) == ("2025-10-07", "2025-10-09", "2025-10-09")


def test_on_the_spot_they_run_from_the_sixty_days_of_the_review():
    found = window(case=ON_SPOT)
    assert (str(found.start), ends(found)[2]) == ("2025-03-17", "2025-06-17")


def test_whom_nobody_informed_the_court_waits_for_a_year():
    assert str(window(case=untold()).start) == "2026-01-20"
    assert ends(window(case=untold()))[2] == "2026-04-20"


@pytest.mark.parametrize(
    ("last", "start", "told"),
    [
        ("2025-07-20", "2025-07-21", False),
        ("2025-07-21", "2025-07-21", False),
        ("2025-07-22", "2025-07-22", True),
    ],
)
def test_they_run_from_the_end_of_a_plan_when_it_is_the_later_one(last, start, told):
    found = window(plan=Plan(on("2025-02-03"), (Instalment(on(last), 1000),)))
    assert str(found.start) == start
    assert ("分期至" in found.why) is told


@pytest.mark.parametrize(
    ("ended", "received", "start"),
    [
        ("upheld", "2025-04-30", "2025-05-15"),  # fifteen days to sue
        ("unanswered", "2025-04-30", "2025-05-15"),
        ("refused", "2025-04-30", "2025-07-21"),  # the six months are still open
        ("refused", "2025-07-14", "2025-07-29"),
        ("withdrawn", "2025-04-30", "2025-07-21"),
        ("withdrawn", "2025-07-28", "2025-07-28"),
    ],
)
def test_each_end_of_a_review_has_its_own_start(ended, received, start):
    assert str(window(a_remedy(ended=ended, received=received)).start) == start


@pytest.mark.parametrize(
    ("ended", "received", "start"),
    [
        ("upheld", "2025-03-03", "2025-03-18"),
        (
            "refused",
            "2025-02-17",
            "2025-03-17",
        ),  # a proper application may still come within the sixty
        ("refused", "2025-03-03", "2025-03-18"),
        ("withdrawn", "2025-03-03", "2025-03-17"),
        ("withdrawn", "2025-03-20", "2025-03-20"),
    ],
)
def test_on_the_spot_the_start_is_never_before_the_sixty_days_unless_the_review_answered(
    ended, received, start
):
    assert str(window(a_remedy(ended=ended, received=received), case=ON_SPOT).start) == start


@pytest.mark.parametrize(
    ("remedy", "start"),
    [
        (a_remedy("suit", "upheld", "2025-08-29"), "2025-09-15"),  # 13 September is a Saturday
        (a_remedy("suit", "upheld", "2025-08-29", final=True), "2025-08-29"),
        (a_remedy("suit", "refused", "2025-08-29"), "2025-09-08"),  # ten days for a ruling
        (a_remedy("suit", "refused", "2025-03-03"), "2025-07-21"),
        (a_remedy("suit", "withdrawn", "2025-08-29"), "2025-08-29"),
    ],
)
def test_each_end_of_a_suit_has_its_own_start(remedy, start):
    assert str(window(remedy).start) == start


def test_a_suit_after_a_review_starts_from_its_own_judgment():
    found = window(a_remedy(), a_remedy("suit", "upheld", "2025-12-31", final=True))
    assert str(found.start) == "2025-12-31"
    withdrawn = window(a_remedy(), a_remedy("suit", "withdrawn", "2025-05-12"))
    assert str(withdrawn.start) == "2025-05-15"


def test_a_remedy_that_goes_on_keeps_the_window_shut():
    assert "复议还没有终结" in why_not(window(a_remedy(ended="", received=None)))
    sued = a_remedy("suit", ended="", received=None)
    assert "诉讼还没有终结" in why_not(window(a_remedy(), sued))


def test_what_a_review_changed_is_enforced_by_the_body_that_changed_it():
    assert "复议机关执行" in why_not(window(a_remedy(ended="changed")))
    assert "复议机关执行" in why_not(window(a_remedy(ended="mediated")))


def test_a_decision_that_is_gone_cannot_be_enforced():
    assert "没有可以申请执行的内容" in why_not(window(a_remedy(ended="revoked")))
    assert "没有可以申请执行的内容" in why_not(window(a_remedy("suit", ended="revoked")))


def test_a_judgment_that_changes_the_decision_has_two_years():
    found = window(a_remedy("suit", "changed", "2025-08-29", final=True))
    assert (str(found.start), ends(found)[0]) == ("2025-08-29", "2027-08-29")
    assert "第一百五十三条" in found.cite
    appealable = window(a_remedy("suit", "changed", "2025-08-29"))
    assert str(appealable.start) == "2025-09-15"


def test_an_outcome_and_the_day_it_was_received_go_together():
    with pytest.raises(ValueError, match="要么都写"):
        a_remedy(received=None)
    with pytest.raises(ValueError, match="要么都写"):
        a_remedy(ended="")


def test_nothing_is_over_before_the_decision_is_served():
    assert remedies_end(ready(), LAW, CALENDAR) is None
    assert window(case=ready()) is None


def test_ten_working_days_pass_after_a_demand_and_the_court_is_asked_on_the_day_after():
    found = demand(on("2026-09-22"), LAW, CALENDAR)
    assert (str(found.due), str(found.after)) == ("2026-10-13", "2026-10-14")


# — before the decision ———————————————————————————————————————————————————————————————


def test_the_ninety_days_show_both_ends_and_watch_the_earlier():
    found = decision(ORDINARY, LAW, CALENDAR)
    assert ends(found) == ("2025-04-06", "2025-04-07", "2025-04-06")
    assert found.disputed
    assert decision(changed(ORDINARY, filing=None), LAW, CALENDAR) is None


def test_a_running_clock_that_stood_still_says_when_the_ninety_days_end():
    clock = Clock(
        start=on("2025-01-06"), span="90d", due=on("2025-04-16"), rolled=on("2025-04-16"),
        ends=on("2025-04-16"), provisional=False, calendar=CALENDAR.version,
    )  # fmt: skip
    found = decision(changed(ORDINARY, clocks={"decision": clock}), LAW, CALENDAR)
    assert ends(found) == ("2025-04-16", "2025-04-16", "2025-04-16")


def test_what_was_registered_is_decided_on_within_seven_working_days():
    found = registration(on("2026-09-24"), LAW, CALENDAR)
    assert ends(found) == ("2026-10-12", "2026-10-12", "2026-10-12")
    assert "不会自行解除" in found.why


def a_seizure(*, pauses=(), grants=(), day="2026-09-02", as_of="2026-09-20"):
    return seizure(Seizure(on(day), pauses, grants), LAW, CALENDAR, as_of=on(as_of))


def test_thirty_days_of_seizure_do_not_roll_over_the_holiday():
    found = a_seizure()
    assert (ends(found)[0], ends(found)[2]) == ("2026-10-02", "2026-10-02")
    assert "不因节假日顺延" in found.why


def test_one_extension_by_the_head_and_the_days_of_expertise_lengthen_a_seizure():
    longer = Grant(30, "head", on("2026-10-02"))
    assert ends(a_seizure(grants=(longer,)))[2] == "2026-11-01"
    assert ends(a_seizure(grants=(Grant(31, "head", on("2026-10-02")),)))[2] == "2026-10-02"
    assert ends(a_seizure(grants=(Grant(30, "head", on("2026-10-03")),)))[2] == "2026-10-02"
    test = Pause("检测", on("2026-09-10"), on("2026-09-15"), "检测期间告知书")
    found = a_seizure(grants=(longer,), pauses=(test,))
    assert ends(found)[2] == "2026-11-06"
    assert "扣除 5 日，延长 30 日" in found.why


def test_expertise_that_nobody_was_told_of_does_not_lengthen_a_seizure_and_is_named():
    found = a_seizure(pauses=(Pause("检测", on("2026-09-10"), on("2026-09-15")),))
    assert ends(found)[2] == "2026-10-02"
    assert "没有证明文书" in found.why


@pytest.mark.parametrize("provisional", [True, False])
def test_a_running_clock_says_whether_its_end_is_provisional_and_the_readings_stay_in_dispute(
    provisional,
):
    clock = Clock(
        start=on("2025-01-06"), span="90d", due=on("2025-04-16"), rolled=on("2025-04-16"),
        ends=on("2025-04-16"), provisional=provisional, calendar=CALENDAR.version,
    )  # fmt: skip
    found = decision(changed(ORDINARY, clocks={"decision": clock}), LAW, CALENDAR)
    assert (found.provisional, found.disputed) == (provisional, True)


def test_expertise_that_goes_on_lengthens_a_seizure_day_by_day():
    testing = (Pause("检测", on("2026-09-10"), None, "检测期间告知书"),)
    assert "扣除 5 日" in a_seizure(pauses=testing, as_of="2026-09-15").why
    assert "扣除 6 日" in a_seizure(pauses=testing, as_of="2026-09-16").why


# — how each of them is told ——————————————————————————————————————————————————————————

EXACTLY = (
    "“不得超过”，不因节假日顺延；届满不会自行解除，应当及时作出解除决定（《行政强制法》第二十八条）"
)
AGREED = Plan(on("2025-02-03"), (Instalment(on("2025-07-22"), Decimal(1000)),))
FROM_THE_SUIT = "自提起诉讼的期限届满之日（2025-07-21）起"
FIRST_DEMAND = (
    "并须先催告；逾期申请须有正当理由（《最高人民法院关于适用行政诉讼法的解释》第一百五十六条）"
)


@pytest.mark.parametrize(
    ("counted", "label", "why", "cite"),
    [
        (
            lambda: decision(ORDINARY, LAW, CALENDAR), "办案",
            "行政处罚法没有规定期限的顺延，从严计算不顺延；顺延的算法有争议，以较早的为警戒，"
            "超期要说明并追责，仍应依法作出决定。",
            "《行政处罚法》第六十条",
        ),
        (
            lambda: registration(on("2026-09-24"), LAW, CALENDAR), "先行登记保存",
            "按工作日计算；届满不会自行解除，必须作出处理决定，逾期报警，不代为解除。",
            "《行政处罚法》第五十六条",
        ),
        (lambda: a_seizure(), "查封、扣押", f"{EXACTLY}。", "《行政强制法》第二十五条第一款"),
        (
            lambda: a_seizure(
                pauses=(
                    Pause("检测", on("2026-09-10"), on("2026-09-15"), "检测期间告知书"),
                    Pause("检验", on("2026-09-16"), on("2026-09-17")),
                    Pause("出差", on("2026-09-18"), on("2026-09-19"), "派遣单"),
                )
            ),
            "查封、扣押",
            f"{EXACTLY}；扣除 5 日，延长 0 日"
            "；检验（2026-09-16 至 2026-09-17）不计：没有证明文书，应当有写明期间并书面告知当事人的文书"
            "；出差（2026-09-18 至 2026-09-19）不计：《行政强制法》第二十五条没有规定扣除“出差”的期间。",
            "《行政强制法》第二十五条第一款",
        ),
        (
            lambda: payment(ORDINARY, LAW, CALENDAR), "缴款",
            f"自收到决定书之日起；{ROLLS}。", "《行政处罚法》第六十七条第三款",
        ),
        (
            lambda: payment(ORDINARY, LAW, CALENDAR, plan=AGREED), "缴款",
            "已批准延期、分期，2025-02-03 起按批准的日期缴纳，至 2025-07-22。",
            "《行政处罚法》第六十六条第二款",
        ),
        (
            lambda: hand_in(on("2026-09-30"), LAW, CALENDAR), "当场收缴的罚款交机关",
            "自当场收缴之日起（在水上收缴的自抵岸之日起），交至机关。", "《行政处罚法》第七十一条",
        ),
        (
            lambda: bank_in(on("2026-09-30"), LAW, CALENDAR), "当场收缴的罚款缴银行",
            "自机关收到之日起，缴付指定的银行。", "《行政处罚法》第七十一条",
        ),
        (
            lambda: demand(on("2026-09-22"), LAW, CALENDAR), "催告",
            "自催告书送达之日起，按工作日计算；届满之后仍未履行的，可以申请人民法院强制执行。",
            "《行政强制法》第五十四条",
        ),
        (
            lambda: window(), "申请法院强制执行",
            f"{FROM_THE_SUIT}；最早 2025-07-22，{FIRST_DEMAND}；{ROLLS}。", "《行政强制法》第五十三条",
        ),
        (
            lambda: window(plan=AGREED), "申请法院强制执行",
            f"{FROM_THE_SUIT}；延期、分期至 2025-07-22 结束，较晚，自该日起（《行政处罚法》第七十二条第二款）"
            f"；最早 2025-07-23，{FIRST_DEMAND}；{ROLLS}。",
            "《行政强制法》第五十三条",
        ),
        (
            lambda: window(a_remedy("suit", "changed", "2025-08-29", final=True)), "申请法院强制执行",
            "自裁判文书送达生效之日（2025-08-29）起；执行的是生效裁判，文书另定履行期间的自该期间最后一日起"
            f"；{ROLLS}。",
            "《最高人民法院关于适用行政诉讼法的解释》第一百五十三条第一款",
        ),
    ],
)  # fmt: skip
def test_each_period_says_what_it_is_from_when_it_runs_and_by_which_article(
    counted, label, why, cite
):
    found = counted()
    assert (found.label, found.why, found.cite) == (label, why, cite)


# — all of them ———————————————————————————————————————————————————————————————————————


def test_a_served_case_tells_its_periods_in_the_order_of_its_life():
    beside = Beside(
        demands=(on("2025-08-01"),),
        seizures=(Seizure(on("2025-01-06")),),
        registrations=(on("2025-01-06"),),
    )
    found = periods(ORDINARY, LAW, CALENDAR, as_of=on("2025-08-01"), beside=beside)
    assert [p.id for p in found] == [
        "decision", "registration", "seizure", "payment", "review", "suit", "demand", "court_window",
    ]  # fmt: skip
    assert all(p.why.endswith("。") for p in found)
    assert all("《" in p.cite for p in found)
    assert all(p.cite.count("未确认") == 0 for p in found if isinstance(p, Period))


def test_what_stands_beside_the_document_reaches_every_period_that_hangs_on_it():
    case = untold()
    testing = Seizure(on("2025-01-06"), (Pause("检测", on("2025-01-10"), None, "检测期间告知书"),))
    beside = Beside(plan=AGREED, seizures=(testing,), told_later=on("2025-05-05"))
    today = on("2025-01-20")
    found = {p.id: p for p in periods(case, LAW, CALENDAR, as_of=today, beside=beside)}
    assert found["seizure"] == seizure(testing, LAW, CALENDAR, as_of=today)
    assert "按批准的日期缴纳，至 2025-07-22" in why_not(found["payment"])
    ended = {name: str(found[name].ends) for name in ("review", "suit", "court_window")}
    assert ended == {"review": "2025-07-04", "suit": "2025-11-05", "court_window": "2026-02-05"}
    under_review = Beside(remedies=(a_remedy(ended="", received=None),))
    found = {p.id: p for p in periods(case, LAW, CALENDAR, as_of=today, beside=under_review)}
    assert "已于 2025-02-10 申请复议" in why_not(found["review"])
    for name in ("suit", "court_window"):
        assert "复议还没有终结" in why_not(found[name])


def test_a_case_that_has_only_been_filed_tells_of_the_ninety_days_alone():
    assert [p.id for p in periods(ready(), LAW, CALENDAR, as_of=on("2025-01-10"))] == ["decision"]


def test_a_period_that_reaches_an_unpublished_year_is_provisional_and_so_is_what_hangs_on_it():
    case = handed_over("2026-07-01")  # the six months end on the 4th of January 2027
    found = {p.id: p for p in periods(case, LAW, CALENDAR, as_of=on("2026-07-01"))}
    assert found["suit"].provisional
    assert found["court_window"].provisional
    assert not found["review"].provisional
    refused = [a_remedy(ended="refused", received="2026-08-03")]
    assert remedies_end(case, LAW, CALENDAR, remedies=refused).provisional


# — one period ————————————————————————————————————————————————————————————————————————————


def a_run(rolls, start="2025-01-20", key="payment.due"):
    return run("pay", "缴款", key, on(start), LAW, CALENDAR, why="从收到起算", rolls=rolls)


def test_a_period_says_why_it_ends_there_and_that_it_rolls_only_where_it_does():
    strict, rolled = a_run(False), a_run(True)
    assert (strict.id, strict.label, strict.why) == ("pay", "缴款", "从收到起算。")
    assert rolled.why == f"从收到起算；{ROLLS}。"
    assert (str(strict.ends), str(rolled.ends)) == ("2025-02-04", "2025-02-05")


def test_of_two_periods_the_one_that_runs_and_ends_later_counts():
    none = a_run(False, key="no.such.period")
    assert none == NoPeriod(
        "pay", "缴款", "法律登记簿没有 2025-01-20 的“no.such.period”，无法计算。"
    )
    early, late = a_run(False), a_run(True)
    assert later(early, late) == later(late, early) == late
    assert later(none, early) == later(early, none) == early
    assert later(none, none) == none
