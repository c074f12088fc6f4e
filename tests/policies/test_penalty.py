"""行政处罚法 9, 18, 28, 29, 38, 49; 生态环境法典 1060 — kinds, one fine for one act, confiscation."""

import pytest

from policies import penalty
from policies.casefile import Correction
from policies.core import Doubt, Level
from policies.office import Range
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
    decided,
    facts,
    office_with,
    on,
    ready,
)


def proposing(
    policy, *, office=OFFICE, party=None, act=None, correction=None, silent=False, **proposal
):
    parts = {"party": party, "act": act, "correction": correction}
    given = {name: part for name, part in parts.items() if part is not None}
    case = ready(proposal=a_proposal(**proposal), silent=silent, **given)
    return ask(policy, facts(case, office=office))


# — personal freedom (R009) ———————————————————————————————————————————————————————————————


@pytest.mark.parametrize("kind", ["行政拘留", "拘留五日", "限制人身自由", "限期出境"])
def test_what_restricts_personal_freedom_is_never_this_offices(kind):
    assert proposing(penalty.no_freedom, kinds=("罚款", kind)).outcome is FAILS


def test_a_fine_a_warning_and_a_closure_restrict_no_freedom():
    assert proposing(penalty.no_freedom, kinds=("罚款", "警告", "责令停产停业")).outcome is HOLDS


def test_the_kinds_of_the_decision_go_before_those_proposed():
    case = decided(decision=a_decision(kinds=("行政拘留",)))
    assert ask(penalty.no_freedom, facts(case)).outcome is FAILS
    assert ask(penalty.no_freedom, facts(ready(proposal=None))).outcome is DOES_NOT_APPLY


# — kinds that the list gives (R012) ——————————————————————————————————————————————————————


# — daily fines (R030) ————————————————————————————————————————————————————————————————————


def daily(*, listed=True, party=None, corrected=False, ordered="2025-01-06", silent=False):
    item = OFFICE.power("SL-AIR-01-OLD")
    kinds = (*item.kinds, penalty.DAILY) if listed else item.kinds
    office = office_with(power_list=(item.model_copy(update={"kinds": kinds}),))
    order = Correction(ordered_on=ordered and on(ordered), corrected=corrected)
    return proposing(
        penalty.daily_fine, office=office, party=party or an_organisation(), correction=order,
        kinds=(penalty.DAILY,), silent=silent,
    )  # fmt: skip


def test_daily_fines_follow_a_re_inspection_that_found_the_act_going_on():
    assert daily().outcome is HOLDS
    assert daily(corrected=True).outcome is FAILS
    assert daily(corrected=None).outcome is FAILS
    assert daily(corrected=None, silent=True).doubt is Doubt.UNSTATED


def test_daily_fines_need_the_power_and_an_operator():
    assert daily(listed=False).outcome is FAILS
    assert daily(party=a_citizen()).outcome is FAILS


def test_a_single_fine_is_no_daily_fine():
    assert proposing(penalty.daily_fine).outcome is DOES_NOT_APPLY


# — one act under several norms (R026) ————————————————————————————————————————————————————


def test_one_act_under_several_norms_is_fined_by_the_one_with_the_higher_fine():
    """Burning straw up to 2 000 yuan, spilling from a lorry up to 20 000."""
    said = proposing(penalty.higher_fine_norm, also_under=("SL-AIR-03-OLD",))
    assert said.outcome is FAILS
    assert "20000" in said.reason
    chosen = {"power": "SL-AIR-03-OLD", "proposal": a_proposal(also_under=("SL-AIR-01-OLD",))}
    assert ask(penalty.higher_fine_norm, facts(ready(**chosen))).outcome is HOLDS


def test_equal_maxima_leave_the_choice_to_the_office():
    assert proposing(penalty.higher_fine_norm, also_under=("SL-AIR-01",)).outcome is HOLDS


def test_a_norm_without_a_sum_cannot_be_compared_by_a_machine():
    said = proposing(penalty.higher_fine_norm, also_under=("SL-CTY-01",))
    assert said.outcome is NEEDS_JUDGEMENT


def test_a_norm_that_does_not_fine_this_kind_of_party_is_not_the_higher_one():
    assert proposing(penalty.higher_fine_norm, also_under=("SL-AIR-02-OLD",)).outcome is HOLDS


def test_without_another_norm_or_without_a_fine_there_is_nothing_to_compare():
    assert proposing(penalty.higher_fine_norm).outcome is DOES_NOT_APPLY
    nothing = proposing(penalty.higher_fine_norm, fine=0, also_under=("SL-AIR-03-OLD",))
    assert nothing.outcome is DOES_NOT_APPLY


# — illegal income (R029) —————————————————————————————————————————————————————————————————


def test_illegal_income_is_confiscated_less_what_is_refunded():
    def said(**money):
        return proposing(penalty.illegal_income, **money).outcome

    assert said(illegal_income=800, confiscation=800) is HOLDS
    assert said(illegal_income=800, confiscation=799) is FAILS
    assert said(illegal_income=800, confiscation=801) is FAILS
    assert said(illegal_income=800, refunded=300, confiscation=500) is HOLDS
    assert said(illegal_income=800, refunded=800, confiscation=0) is HOLDS
    more = proposing(penalty.illegal_income, illegal_income=800, refunded=801)
    assert more.outcome is FAILS
    assert "多于违法所得" in more.reason
    assert said(confiscation=800) is DOES_NOT_APPLY  # things of value, not income
    assert penalty.illegal_income.level is Level.WARN  # a law may count it otherwise


# — emergencies (R027) ————————————————————————————————————————————————————————————————————


def test_breaking_the_measures_against_an_emergency_is_weighed_as_such():
    during = an_act(emergency="某次疫情")
    said = proposing(penalty.emergency_heavier, act=during, discretion="初次违法")
    assert said.outcome is FAILS
    heavier = proposing(penalty.emergency_heavier, act=during, discretion="疫情期间，依法从重")
    assert heavier.outcome is HOLDS
    assert proposing(penalty.emergency_heavier).outcome is DOES_NOT_APPLY
    unsaid = proposing(penalty.emergency_heavier, act=during, discretion="", silent=True)
    assert unsaid.doubt is Doubt.UNSTATED


# — at the edges ——————————————————————————————————————————————————————————————————————————


def test_a_daily_fine_needs_an_order_that_was_given_on_some_day():
    assert daily(ordered=None).outcome is FAILS
    unordered = penalty.daily_fine.asks(
        facts(ready(correction=None, proposal=a_proposal(kinds=(penalty.DAILY,)))), LAW
    )
    assert "没有责令改正之后复查发现继续违法的记录" in unordered.reason


@pytest.mark.parametrize("lacks", [{"party": None}, {"power": ""}, {"proposal": None}])
def test_without_party_item_or_proposal_no_two_fines_are_compared(lacks):
    case = ready(**{"proposal": a_proposal(also_under=("SL-AIR-03-OLD",)), **lacks})
    assert ask(penalty.higher_fine_norm, facts(case)).outcome is DOES_NOT_APPLY


@pytest.mark.parametrize(
    ("party", "outcome"), [(a_citizen(), HOLDS), (an_organisation(), FAILS)], ids=["citizen", "org"]
)
def test_each_norm_counts_with_what_it_asks_of_this_kind_of_party(party, outcome):
    """The article on building sites fines organisations up to 100 000 yuan and no citizen at all."""
    said = proposing(penalty.higher_fine_norm, party=party, also_under=("SL-AIR-02-OLD",))
    assert said.outcome is outcome
    title, top = OFFICE.power("SL-AIR-02-OLD").title, OFFICE.power("SL-AIR-01-OLD").title
    assert said.reason == (
        f"同一行为触犯 2 个案由，已选罚款数额高的“{top}”。"
        if outcome is HOLDS
        else f"所选案由的罚款上限是 2000 元，低于同一行为触犯的“{title}”（上限 100000 元）。"
    )


@pytest.mark.parametrize(("top", "outcome"), [(1, FAILS), (None, HOLDS)])
def test_one_yuan_is_more_than_what_does_not_fine_this_party_and_nothing_is_not(top, outcome):
    limits = Range(max=top) if top else None
    other = an_item("SL-AIR-03-OLD", range={"citizen": limits, "org": limits})
    chosen = an_item("SL-AIR-01-OLD", range={"citizen": None, "org": None})
    office = an_office_with(chosen, other)
    said = proposing(penalty.higher_fine_norm, office=office, also_under=("SL-AIR-03-OLD",))
    assert said.outcome is outcome


@pytest.mark.parametrize(
    ("party", "outcome"), [(a_citizen(), FAILS), (an_organisation(), HOLDS)], ids=["citizen", "org"]
)
def test_the_chosen_norm_too_counts_with_what_it_asks_of_this_kind_of_party(party, outcome):
    """Noise: citizens up to 1 000 yuan and organisations up to 20 000; burning straw: 2 000 for both."""
    proposal = a_proposal(power="SL-NOI-02-OLD", also_under=("SL-AIR-01-OLD",))
    case = ready(power="SL-NOI-02-OLD", party=party, proposal=proposal)
    assert ask(penalty.higher_fine_norm, facts(case)).outcome is outcome


@pytest.mark.parametrize(
    ("party", "outcome"),
    [(a_citizen(), NEEDS_JUDGEMENT), (an_organisation(), HOLDS)],
    ids=["citizen", "org"],
)
def test_a_sum_that_the_article_names_for_the_other_kind_alone_is_unknown_here(party, outcome):
    other = an_item("SL-AIR-03-OLD", range={"citizen": Range(), "org": Range(max=1)})
    office = an_office_with(other)
    said = proposing(
        penalty.higher_fine_norm, office=office, party=party, also_under=("SL-AIR-03-OLD",)
    )
    assert said.outcome is outcome
