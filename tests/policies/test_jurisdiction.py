"""行政处罚法 17, 22, 24, 29, 36; 生态环境法典 1054 — may this office deal with this act, and in time?"""

import pytest

from policies import jurisdiction
from policies.casefile import Lead
from policies.core import Doubt, Level
from policies.facts import NAMED
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    NEEDS_JUDGEMENT,
    OFFICE,
    a_citizen,
    a_claim,
    a_filing,
    an_act,
    an_item,
    an_office_with,
    ask,
    changed,
    elsewhere,
    facts,
    office_with,
    on,
    ready,
    silent,
)

# — the power list ————————————————————————————————————————————————————————————————————


def listed(power, filed, *, office=OFFICE, at="2026-09-01"):
    case = ready(power=power, filing=a_filing(filed))
    return ask(jurisdiction.power_listed, facts(case, at=at, office=office))


def test_a_power_on_the_list_of_the_day_of_filing_is_there():
    assert listed("SL-AIR-01", "2026-08-15").outcome is HOLDS


def test_the_day_before_a_power_begins_it_is_not_there():
    said = listed("SL-AIR-01", "2026-08-14")
    assert said.outcome is FAILS
    assert "2026-08-15" in said.reason
    assert "2026-08-14" in said.reason


def test_an_old_power_serves_on_its_last_day_and_after_it_while_a_successor_is_there():
    assert listed("SL-AIR-01-OLD", "2026-08-14").outcome is HOLDS
    assert listed("SL-AIR-01-OLD", "2026-08-15").outcome is HOLDS  # for acts of before: article 37


def test_a_power_taken_back_without_a_successor_may_be_filed_on_its_last_day_and_not_after():
    assert listed("SL-AIR-01-TJ", "2026-08-14").outcome is HOLDS
    assert listed("SL-AIR-01-TJ", "2026-08-15").outcome is FAILS


def test_a_case_filed_under_a_power_keeps_it_when_the_power_is_taken_back_later():
    assert listed("SL-AIR-01-TJ", "2026-08-14", at="2026-10-01").outcome is HOLDS


def test_before_filing_the_day_of_the_question_counts():
    case = ready(power="SL-AIR-01", filing=None)
    assert ask(jurisdiction.power_listed, facts(case, at="2026-08-14")).outcome is FAILS
    assert ask(jurisdiction.power_listed, facts(case, at="2026-08-15")).outcome is HOLDS


def test_a_power_that_nobody_granted_or_chose_is_refused():
    assert listed("SL-XXX-01", "2025-01-06").outcome is FAILS
    assert listed("", "2025-01-06").outcome is FAILS


def test_a_power_that_the_office_has_not_confirmed_says_so():
    assert "未经本机关确认" in listed("SL-AIR-01-TJ", "2025-01-06").reason
    said = listed("SL-AIR-01", "2026-08-15")
    title = OFFICE.power("SL-AIR-01").title
    assert said.reason == f"“{title}”在 2026-08-15 的权力清单内。"


@pytest.mark.parametrize(
    ("until", "told"), [("2026-08-20", "2026-08-15 至 2026-08-20"), (None, "2026-08-15 至 今")]
)
def test_a_power_that_is_not_in_force_tells_from_when_till_when_it_is(until, told):
    office = an_office_with(an_item("SL-AIR-01", valid_to=until and on(until)))
    said = listed("SL-AIR-01", "2026-08-14", office=office)
    assert said.outcome is FAILS
    assert f"自 {told} 有效，2026-08-14 不在其内" in said.reason


# — the place —————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(("inside", "outcome"), [(True, HOLDS), (False, FAILS), (None, FAILS)])
def test_the_act_must_have_happened_in_the_area_and_somebody_must_have_said_so(inside, outcome):
    case = ready(act=an_act(inside_area=inside))
    assert ask(jurisdiction.place, facts(case)).outcome is outcome


# — limitation ————————————————————————————————————————————————————————————————————————


def limitation(found, *, began="2023-01-06", ended="2023-01-06", at=None, **act):
    case = ready(
        lead=Lead(source="巡查", found_on=on(found)),
        act=an_act(began=began, ended=ended, **act),
    )
    return ask(jurisdiction.limitation_not_expired, facts(case, at=at or found))


def test_an_act_found_on_the_last_day_of_two_years_is_in_time_and_a_day_later_is_not():
    assert limitation("2025-01-06").outcome is HOLDS
    said = limitation("2025-01-07")
    assert said.outcome is FAILS
    assert "2023-01-06" in said.reason
    assert "2025-01-07" in said.reason
    assert "2 年" in said.reason


def test_what_counts_is_the_first_lead_and_not_the_filing_or_the_decision():
    assert limitation("2025-01-06", at="2025-06-01").outcome is HOLDS


def test_the_29th_of_february_expires_on_the_28th():
    assert limitation("2026-02-28", began="2024-02-29", ended="2024-02-29").outcome is HOLDS
    assert limitation("2026-03-01", began="2024-02-29", ended="2024-02-29").outcome is FAILS


def test_harm_to_life_health_or_finance_gives_five_years():
    act = {"began": "2021-07-20", "ended": "2021-07-20", "harm": "life_health_finance"}
    assert limitation("2026-07-20", **act).outcome is HOLDS
    assert limitation("2026-07-21", **act).outcome is FAILS
    assert limitation("2026-07-20", **{**act, "harm": "other"}).outcome is FAILS


def test_a_continuing_act_runs_from_its_end():
    assert limitation("2025-06-01", began="2020-01-01", ended="2023-06-01").outcome is HOLDS
    assert limitation("2025-06-02", began="2020-01-01", ended="2023-06-01").outcome is FAILS
    assert (
        limitation("2025-06-02", began="2020-01-01", ended=None, continuing=True).outcome is HOLDS
    )


def test_an_end_that_nobody_recorded_is_unknown_and_not_the_beginning():
    said = limitation("2025-01-07", ended=None)
    assert said.outcome is NEEDS_JUDGEMENT
    assert "没有记录何时终了" in said.reason
    assert (
        limitation("2025-01-06", ended=None).outcome is HOLDS
    )  # whenever it ended, this is in time
    assert limitation("2025-01-06", began=None, ended=None).outcome is NEEDS_JUDGEMENT


def test_the_code_gives_five_years_to_environmental_harm_only_from_the_day_it_is_in_force():
    act = {"began": "2024-08-20", "ended": "2024-08-20", "harm": "environment"}
    assert limitation("2026-09-01", **act).outcome is HOLDS
    assert limitation("2026-09-01", **{**act, "harm": "none"}).outcome is FAILS
    older = {**act, "began": "2024-08-01", "ended": "2024-08-01"}
    assert limitation("2026-08-14", **older).outcome is FAILS


def test_five_years_do_not_revive_what_two_years_had_ended_before_the_code():
    revived = {"began": "2024-08-14", "ended": "2024-08-14", "harm": "environment"}
    said = limitation("2026-09-01", **revived)
    assert said.outcome is NEEDS_JUDGEMENT
    assert "复活" in said.reason
    assert "2026-08-14" in said.reason
    assert (
        limitation("2026-08-14", **revived).outcome is HOLDS
    )  # found on the last day of the two years
    alive = {**revived, "began": "2024-08-15", "ended": "2024-08-15"}
    assert limitation("2026-09-01", **alive).outcome is HOLDS

    on_the_day = limitation("2026-08-14", at="2026-09-01", **revived)
    assert on_the_day.outcome is HOLDS  # the two years were not over when it was found
    assert "5 年" in on_the_day.reason


@pytest.mark.parametrize("missing", ["lead", "act"])
def test_without_a_lead_or_an_act_there_is_nothing_to_ask_and_in_a_published_text_it_is_unknown(
    missing,
):
    asked = jurisdiction.limitation_not_expired
    assert ask(asked, facts(ready(**{missing: None}))).outcome is DOES_NOT_APPLY
    said = ask(asked, facts(silent(**{missing: None})))
    assert said.doubt is Doubt.UNSTATED
    assert said.reason == "来源未载明行为和发现的日期。"


# — the same act ——————————————————————————————————————————————————————————————————————


def test_another_case_of_the_same_party_day_and_kind_is_for_a_person_to_judge():
    alone = ask(jurisdiction.same_act, facts(ready()))
    assert alone.outcome is HOLDS
    other = facts(ready(), elsewhere=elsewhere(same_act=("示街罚案〔2025〕002号",)))
    said = ask(jurisdiction.same_act, other)
    assert (said.outcome, said.doubt) == (NEEDS_JUDGEMENT, Doubt.JUDGEMENT)
    assert "示街罚案〔2025〕002号" in said.reason


@pytest.mark.parametrize(
    ("cases", "said"), [(NAMED, f"案{NAMED}，是否"), (NAMED + 1, f"案{NAMED}等，是否")]
)
def test_of_many_cases_for_the_same_act_a_readable_number_is_named(cases: int, said: str):
    many = tuple(f"案{n}" for n in range(1, cases + 1))
    assert (
        said
        in ask(jurisdiction.same_act, facts(ready(), elsewhere=elsewhere(same_act=many))).reason
    )


# — the party's number ————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("check", "outcome"),
    [("none", DOES_NOT_APPLY), ("ok", HOLDS), ("confirmed", HOLDS), ("wrong", FAILS)],
)
def test_a_wrong_check_digit_is_a_doubt_until_a_person_has_seen_the_original(check, outcome):
    party = a_citizen(number="sealed:number:1", number_kind="居民身份证号码", number_check=check)
    assert ask(jurisdiction.number_checked, facts(ready(party=party))).outcome is outcome


@pytest.mark.parametrize(
    ("party", "reason"),
    [
        (None, "没有填写证件号码。"),
        (a_citizen(), "没有填写证件号码。"),
        (a_citizen(number="sealed:1", number_kind="护照"), "护照没有校验位可以核对。"),
    ],
)
def test_a_number_without_a_check_digit_is_told_apart_from_none_at_all(party, reason):
    said = ask(jurisdiction.number_checked, facts(ready(party=party)))
    assert said.outcome is DOES_NOT_APPLY
    assert said.reason == reason


def test_a_confirmed_number_is_not_called_right():
    party = a_citizen(
        number="sealed:number:1", number_kind="统一社会信用代码", number_check="confirmed"
    )
    said = ask(jurisdiction.number_checked, facts(ready(party=party)))
    assert "校验位不对" in said.reason
    assert "已核对原件" in said.reason


def test_a_published_text_that_is_silent_on_power_place_and_dates_breaks_nothing():
    case = silent(act=an_act(began=None, ended=None, inside_area=None))
    for policy in (
        jurisdiction.power_listed,
        jurisdiction.place,
        jurisdiction.limitation_not_expired,
    ):
        assert ask(policy, facts(case)).doubt is Doubt.UNSTATED
    late = changed(case, act=an_act(began="2020-01-01", ended=None))
    assert ask(jurisdiction.limitation_not_expired, facts(late)).doubt is Doubt.UNSTATED


# — what belongs to another organ ———————————————————————————————————————————————————————


def handed(text, *, at="2026-09-01", power="SL-NOI-02", lead="巡查发现"):
    told = Lead(source="巡查", found_on=on("2026-09-01"), text=lead)
    case = ready(act=an_act(text=text), power=power, lead=told)
    return ask(jurisdiction.hand_over, facts(case, at=at))


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("在小区遛狗不牵绳，犬只伤人", "第八十九条"),
        ("音响噪声经劝阻后仍然扰民", "第八十八条"),
        ("在禁放区燃放烟花", "第四十二条"),
        ("殴打环卫工人", "第三十九条"),
    ],
)
def test_a_look_alike_of_the_police_is_pointed_out_before_filing(text, whose):
    said = handed(text)
    assert said.outcome is FAILS
    assert whose in said.reason
    assert "公安机关" in said.reason
    assert (
        jurisdiction.hand_over.level is Level.WARN
    )  # the street may still have its own part in it


def test_an_item_that_belongs_elsewhere_is_pointed_out_whatever_the_words():
    own = next(h for h in OFFICE.hand_over if h.code == "HO-FIREWORK")
    office = office_with(hand_over=(own.model_copy(update={"items": ("SL-NOI-02",)}),))
    case = ready(power="SL-NOI-02", act=an_act(text="噪声"))
    said = ask(jurisdiction.hand_over, facts(case, office=office))
    assert said.outcome is FAILS
    assert f"“{own.title}”归公安机关（《烟花爆竹安全管理条例》第四十二条第二款）" in said.reason
    other = ready(power="SL-RD-01", act=an_act(text="噪声"))
    assert ask(jurisdiction.hand_over, facts(other, office=office)).outcome is HOLDS


def test_noise_that_nobody_has_tried_to_stop_stays_with_the_street():
    assert handed("使用高音喇叭叫卖，产生噪声").outcome is HOLDS


def test_what_the_lead_says_counts_too():
    assert handed("噪声扰民", lead="经居委会多次调解仍不改，噪声很大").outcome is FAILS


def test_the_police_law_of_2026_is_not_pointed_out_for_the_year_before():
    assert handed("音响噪声经劝阻后仍然扰民", at="2026-01-01").outcome is FAILS
    assert handed("音响噪声经劝阻后仍然扰民", at="2025-12-31").outcome is HOLDS


# — another organ (R006, R007) ————————————————————————————————————————————————————————————


def claimed(policy, **claim):
    return ask(policy, facts(ready(jurisdiction=a_claim(**claim))))


def test_whoever_filed_first_has_the_case():
    """This office filed on 6 January."""
    assert claimed(jurisdiction.first_filed, other_filed_on=on("2025-01-07")).outcome is HOLDS
    for day in ("2025-01-05", "2025-01-06"):
        said = claimed(jurisdiction.first_filed, other_filed_on=on(day))
        assert said.outcome is FAILS
        assert "邻街道办事处" in said.reason
    assert jurisdiction.first_filed.level is Level.WARN
    assert claimed(jurisdiction.first_filed).outcome is DOES_NOT_APPLY


def test_before_this_office_has_filed_its_day_is_the_day_of_the_question():
    case = ready(filing=None, jurisdiction=a_claim(other_filed_on=on("2025-01-07")))
    for at, outcome in (("2025-01-06", HOLDS), ("2025-01-07", FAILS)):
        said = ask(jurisdiction.first_filed, facts(case, at=at))
        assert said.outcome is outcome
        assert at in said.reason


def test_an_agreement_or_a_designation_goes_before_the_first_filing():
    settled = {"other_filed_on": on("2025-01-05"), "settled": "协商一致", "document": "协商记录"}
    assert claimed(jurisdiction.first_filed, **settled, ours=True).outcome is HOLDS
    assert claimed(jurisdiction.first_filed, **settled, ours=False).outcome is FAILS


def test_a_dispute_is_settled_before_anybody_decides():
    disputed = {"disputed_on": on("2025-01-08")}
    said = claimed(jurisdiction.dispute_settled, **disputed)
    assert said.outcome is FAILS
    assert "，协商期限至 2025-01-15（" in said.reason  # seven days to consult
    before = facts(ready(jurisdiction=a_claim(**disputed)), at="2022-04-30")
    said = ask(jurisdiction.dispute_settled, before)  # no number is held for that day
    assert said.reason == "与邻街道办事处自 2025-01-08 起有管辖争议，还没有解决。"
    settled = {**disputed, "settled": "指定管辖", "document": "指定管辖决定书"}
    assert claimed(jurisdiction.dispute_settled, **settled, ours=True).outcome is HOLDS
    assert claimed(jurisdiction.dispute_settled, **settled, ours=False).outcome is FAILS
    assert claimed(jurisdiction.dispute_settled).outcome is DOES_NOT_APPLY
    assert jurisdiction.dispute_settled.level is Level.WARN


def test_a_designation_by_a_superior_replaces_the_place_of_the_act():
    outside = an_act(inside_area=False)

    def said(**claim):
        case = ready(act=outside, jurisdiction=a_claim(**claim))
        return ask(jurisdiction.place, facts(case)).outcome

    designated = {"settled": "指定管辖", "document": "指定管辖决定书"}
    assert said(**designated, ours=True) is HOLDS
    assert said(**designated, ours=False) is FAILS
    assert (
        said(settled="协商一致", document="协商记录", ours=True) is FAILS
    )  # art. 22 is not theirs to change


def test_a_fine_by_another_organ_for_the_same_act_is_for_a_person_to_judge():
    fined = an_act(fined_elsewhere="区城市管理委员会 2025-01-03 罚款 200 元")
    said = ask(jurisdiction.same_act, facts(ready(act=fined)))
    assert said.outcome is NEEDS_JUDGEMENT
    assert "区城市管理委员会" in said.reason
