"""行政处罚法 48, 66-70 — publication, payment, and what must be settled before a case is closed."""

import pytest

from policies import closing, publication
from policies.casefile import Correction
from policies.closing import ENDED
from policies.core import Doubt, Level
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    a_closing,
    a_payment,
    a_publication,
    a_revocation,
    ask,
    changed,
    decided,
    elsewhere,
    facts,
    on,
    on_spot,
    ready,
    served,
    silent,
)

# — publication ———————————————————————————————————————————————————————————————————————


def test_each_case_gets_a_recorded_choice_and_either_choice_will_do():
    assert ask(publication.choice_recorded, facts(served())).outcome is FAILS
    for publish in (True, False):
        case = served(publication=a_publication(publish=publish))
        assert ask(publication.choice_recorded, facts(case)).outcome is HOLDS


def test_nothing_is_published_before_the_day_of_service():
    case = served(publication=a_publication())
    assert ask(publication.served_first, facts(case, at="2025-01-20")).outcome is HOLDS
    assert ask(publication.served_first, facts(case, at="2025-01-19")).outcome is FAILS
    unserved = decided(publication=a_publication())
    assert ask(publication.served_first, facts(unserved)).outcome is FAILS
    for choice in (None, a_publication(publish=False)):
        case = decided(publication=choice)
        assert ask(publication.served_first, facts(case)).outcome is DOES_NOT_APPLY


def test_what_was_chosen_to_be_published_came_back_with_a_receipt():
    waiting = served(publication=a_publication())
    assert ask(publication.receipt_back, facts(waiting)).outcome is FAILS
    assert publication.receipt_back.level is Level.WARN
    done = served(publication=a_publication(receipt="directory:1", published_on="2025-01-21"))
    assert ask(publication.receipt_back, facts(done)).outcome is HOLDS
    for choice in (None, a_publication(publish=False)):
        assert (
            ask(publication.receipt_back, facts(served(publication=choice))).outcome
            is DOES_NOT_APPLY
        )


# — payment ———————————————————————————————————————————————————————————————————————————


def paid(*amounts, how="已履行", text="", **parts):
    payments = tuple(a_payment(a) for a in amounts)
    case = served(payments=payments, closing=a_closing(how, text), **parts)
    return ask(closing.fine_paid, facts(case, at="2025-02-06"))


def test_the_whole_fine_is_paid_and_a_fen_less_is_not_the_whole():
    assert paid(1000).outcome is HOLDS
    assert paid(600, 400).outcome is HOLDS
    said = paid("999.99")
    assert said.outcome is FAILS
    assert "还差 0.01 元" in said.reason
    assert paid().outcome is FAILS


def test_a_payment_after_the_due_date_pays_all_the_same():
    case = served(payments=(a_payment(1000, "2025-06-01"),), closing=a_closing())
    assert ask(closing.fine_paid, facts(case, at="2025-06-01")).outcome is HOLDS


def test_an_enforced_fine_and_one_that_will_not_be_enforced_any_more_may_be_closed():
    assert paid(how="已强制执行", text="法院已执行到位").outcome is HOLDS
    for ground in ENDED:
        assert paid(400, how="其他", text=f"{ground}：法人终止，无财产可供执行").outcome is HOLDS


def test_other_reasons_do_not_close_over_an_open_obligation():
    said = paid(how="其他", text="当事人联系不上")
    assert said.outcome is FAILS
    assert "终结执行" in said.remedy


def test_a_case_without_a_fine_has_nothing_to_pay():
    assert ask(closing.fine_paid, facts(ready())).outcome is DOES_NOT_APPLY
    free = changed(decided(), decision=decided().decision.model_copy(update={"fine": 0}))
    assert ask(closing.fine_paid, facts(free)).outcome is DOES_NOT_APPLY


def test_what_has_to_be_paid_is_the_fine_that_stands():
    less = a_revocation(ended="changed", fine_after=400)
    assert paid(400, remedies=(less,)).outcome is HOLDS
    assert paid(399, remedies=(less,)).outcome is FAILS
    assert paid(400, remedies=(changed(less, final=False),)).outcome is FAILS
    assert paid(remedies=(a_revocation(),)).outcome is DOES_NOT_APPLY


# — collecting on the spot ————————————————————————————————————————————————————————————


def collected(fine=100, **payment):
    made = a_payment(fine, "2025-01-16", **{"on_spot": True, **payment})
    return ask(closing.not_self_collected, facts(on_spot(fine=fine, payments=(made,))))


def test_a_hundred_yuan_may_be_taken_on_the_spot_and_a_hundred_and_one_needs_a_reason():
    assert collected(100).outcome is HOLDS
    assert collected(101).outcome is FAILS
    assert collected(101, on_spot_reason="外地流动摊贩，事后难以执行").outcome is HOLDS


def test_what_counts_is_the_fine_and_not_the_part_that_was_taken():
    made = a_payment(50, "2025-01-16", on_spot=True)
    case = on_spot(fine=150, payments=(made,))
    assert ask(closing.not_self_collected, facts(case)).outcome is FAILS


def test_in_the_ordinary_procedure_officers_take_no_money():
    cash = a_payment(1000, on_spot=True, on_spot_reason="事后难以执行")
    assert ask(closing.not_self_collected, facts(served(payments=(cash,)))).outcome is FAILS
    bank = served(payments=(a_payment(1000),))
    assert ask(closing.not_self_collected, facts(bank)).outcome is DOES_NOT_APPLY


def test_where_banks_are_far_and_the_party_asks_they_may_in_either_procedure():
    def taken(reason):
        cash = a_payment(1000, on_spot=True, on_spot_reason=reason)
        return ask(closing.not_self_collected, facts(served(payments=(cash,)))).outcome

    assert taken("交通不便，到银行缴纳确有困难，当事人提出当场缴纳") is HOLDS
    assert taken("交通不便") is FAILS
    assert taken("当事人提出") is FAILS


@pytest.mark.parametrize(("receipt", "outcome"), [("津财 0001", HOLDS), ("", FAILS)])
def test_money_taken_on_the_spot_is_receipted_on_the_official_form(receipt, outcome):
    cash = a_payment(100, on_spot=True, receipt=receipt)
    case = on_spot(fine=100, payments=(cash,))
    assert ask(closing.lawful_receipt, facts(case)).outcome is outcome
    bank = served(payments=(a_payment(1000, receipt=receipt),))
    assert ask(closing.lawful_receipt, facts(bank)).outcome is DOES_NOT_APPLY


# — correction ————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(("corrected", "outcome"), [(True, HOLDS), (False, HOLDS), (None, FAILS)])
def test_an_order_to_correct_is_looked_after(corrected, outcome):
    order = Correction(
        ordered_on=on("2025-01-06"), checked_on=on("2025-01-07"), corrected=corrected
    )
    assert ask(closing.correction_checked, facts(served(correction=order))).outcome is outcome
    assert closing.correction_checked.level is Level.WARN


def test_where_nothing_was_ordered_nothing_is_checked():
    for correction in (None, Correction(nothing_left="已自行清理")):
        case = served(correction=correction)
        assert ask(closing.correction_checked, facts(case)).outcome is DOES_NOT_APPLY


def test_a_published_text_that_is_silent_on_what_followed_breaks_nothing():
    order = Correction(ordered_on=on("2025-01-06"))
    told = changed(silent(correction=order), decision=decided().decision)
    for policy in (closing.fine_paid, publication.choice_recorded, closing.correction_checked):
        assert ask(policy, facts(told)).doubt is Doubt.UNSTATED, policy.id
    cash = changed(told, payments=(a_payment(100, on_spot=True, receipt=""),))
    assert ask(closing.lawful_receipt, facts(cash)).doubt is Doubt.UNSTATED


# — enforcement by force (行政强制法 43) ———————————————————————————————————————————————————


def enforced(day, **other):
    done = a_closing("已强制执行", "已代履行", enforced_on=day, **other)
    return ask(closing.fit_hours, facts(served(closing=done))).outcome


def test_enforcement_keeps_off_the_holidays_and_a_plain_weekend_is_none():
    assert enforced("2025-01-27") is HOLDS  # the last working day before the Spring Festival
    assert enforced("2025-01-28") is FAILS
    assert enforced("2025-02-04") is FAILS
    assert enforced("2025-02-05") is HOLDS
    assert enforced("2025-01-18") is HOLDS  # a Saturday


def test_enforcement_keeps_off_the_night_unless_it_was_urgent():
    assert enforced("2025-01-22", enforced_at_night=False) is HOLDS
    assert enforced("2025-01-22", enforced_at_night=True) is FAILS
    assert enforced("2025-01-22", enforced_at_night=True, urgency="围墙即将倒塌") is HOLDS
    assert enforced("2025-01-29", urgency="围墙即将倒塌") is HOLDS
    assert closing.fit_hours.level is Level.WARN  # it is done: it is answered for


def test_a_payment_on_a_holiday_is_no_enforcement():
    paid = a_closing("已履行", enforced_on="2025-01-29")
    assert ask(closing.fit_hours, facts(served(closing=paid))).outcome is DOES_NOT_APPLY


# — the findings, in full —————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(("publish", "said"), [(True, "公示"), (False, "不公示")])
def test_the_choice_is_told_with_its_reason(publish, said):
    case = served(publication=a_publication(publish=publish))
    assert ask(publication.choice_recorded, facts(case)).reason == f"{said}：有一定社会影响"


@pytest.mark.parametrize(("corrected", "said"), [(True, "已改正"), (False, "未改正")])
def test_what_the_look_at_the_place_found_is_told_with_its_day(corrected, said):
    order = Correction(
        ordered_on=on("2025-01-06"), checked_on=on("2025-01-07"), corrected=corrected
    )
    found = ask(closing.correction_checked, facts(served(correction=order)))
    assert found.reason == f"2025-01-07 复查：{said}。"


def test_what_is_not_paid_any_more_is_told_to_the_yuan():
    assert paid(400, how="其他", text="终结执行").reason == "罚款还差 600 元，不再执行：终结执行"


def test_what_may_stand_on_the_platform_is_withdrawn_by_the_clerk_and_not_withheld():
    out = facts(served(publication=a_publication()), elsewhere=elsewhere(publishing=True))
    said = ask(publication.not_under_way, out)
    assert said.outcome is FAILS
    assert said.reason == "公示任务已经发出，平台可能已经登出，不能再改为不公示。"
    assert (said.remedy, said.by) == ("等回执登记后，确有依据的办理撤回公示。", "孟晓禾")
    assert ask(publication.not_under_way, facts(served())).outcome is HOLDS


def test_the_clerk_publishes_and_collects_and_the_head_may_choose_too():
    sent = a_publication(reviewed_on="2025-01-21", platforms=("directory",))
    assert ask(publication.receipt_back, facts(served(publication=sent))).by == "孟晓禾"
    assert paid(999).by == "孟晓禾"
    assert ask(publication.choice_recorded, facts(served())).by == "顾明、孟晓禾"
