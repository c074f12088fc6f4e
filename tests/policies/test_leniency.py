"""行政处罚法 30-35; 生态环境法典 1056 — who is spared, what lightens, what weighs heavier.

Rules R156, R157, R159, R160, R161, R162, R164 and R166.
"""

import pytest

from policies import leniency
from policies.casefile import Correction
from policies.core import Level
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    a_citizen,
    a_decision,
    a_proposal,
    an_act,
    an_item,
    an_office_with,
    an_organisation,
    ask,
    changed,
    cite,
    facts,
    on,
    ready,
)

DONE = Correction(ordered_on=on("2025-01-06"), content="立即熄灭", corrected=True)
NOT_DONE = DONE.model_copy(update={"corrected": False})


@pytest.mark.parametrize(
    ("age", "outcome"),
    [("", DOES_NOT_APPLY), ("under_14", FAILS), ("under_18", HOLDS), ("adult", HOLDS)],
)
def test_a_child_under_fourteen_is_not_penalised_and_one_of_fourteen_is(age, outcome):
    assert ask(leniency.child_spared, facts(ready(party=a_citizen(age=age)))).outcome is outcome


@pytest.mark.parametrize(
    ("capacity", "outcome"),
    [("", DOES_NOT_APPLY), ("none", FAILS), ("reduced", HOLDS), ("full", HOLDS)],
)
def test_who_could_not_control_himself_is_not_penalised(capacity, outcome):
    party = a_citizen(capacity=capacity)
    assert ask(leniency.incapable_spared, facts(ready(party=party))).outcome is outcome


@pytest.mark.parametrize(
    ("slight", "correction", "harm", "outcome"),
    [
        (True, DONE, "none", FAILS),
        (True, Correction(nothing_left="已清理"), "none", FAILS),
        (False, DONE, "none", DOES_NOT_APPLY),
        (True, NOT_DONE, "none", HOLDS),
        (True, None, "none", HOLDS),
        (True, DONE, "environment", HOLDS),
        (True, DONE, "", HOLDS),
    ],
)
def test_slight_corrected_and_harmless_is_not_penalised_and_two_of_the_three_may_be(
    slight, correction, harm, outcome
):
    case = ready(proposal=a_proposal(slight=slight), correction=correction, act=an_act(harm=harm))
    assert ask(leniency.slight_spared, facts(case)).outcome is outcome


def test_a_first_time_put_right_may_be_spared_and_whoever_penalises_says_that_he_thought_of_it():
    def weighed(words, first=True, correction=DONE):
        case = ready(proposal=a_proposal(first_time=first, weighed=words), correction=correction)
        return ask(leniency.first_time_weighed, facts(case)).outcome

    assert weighed("") is FAILS
    assert weighed("火点邻近加油站，仍应处罚") is HOLDS
    assert weighed("", first=False) is DOES_NOT_APPLY
    assert weighed("", correction=NOT_DONE) is DOES_NOT_APPLY
    assert leniency.first_time_weighed.level is Level.NOTE


def test_who_proved_that_he_was_not_at_fault_is_not_penalised():
    for proved, outcome in ((True, FAILS), (False, DOES_NOT_APPLY)):
        given = facts(ready(proposal=a_proposal(no_fault=proved)))
        assert ask(leniency.faultless_spared, given).outcome is outcome


@pytest.mark.parametrize("ground", leniency.LIGHTER)
def test_what_shall_lighten_must_have_lightened_and_the_file_says_how(ground):
    def lightened(fine=1000, **other):
        case = ready(proposal=a_proposal(fine, lighter=(ground,), **other))
        return ask(leniency.lighter_applied, facts(case))

    assert lightened().outcome is FAILS
    assert lightened().reason.startswith(f"{leniency.LIGHTER[ground]}的，应当从轻或者减轻")
    for how in ("weighed", "mitigation"):
        said = lightened(**{how: "在幅度内从轻"})
        assert said.outcome is HOLDS
        assert said.reason == f"{leniency.LIGHTER[ground]}：在幅度内从轻"
    assert lightened(1999, weighed="在幅度内从轻").outcome is HOLDS
    assert lightened(2000, weighed="在幅度内从轻").outcome is FAILS


COLUMNS = {"citizen": {"min": 100, "max": 500}, "org": {"min": 1000, "max": 5000}}


@pytest.mark.parametrize(
    ("party", "fine", "outcome"),
    [
        (a_citizen(), 499, HOLDS),
        (a_citizen(), 500, FAILS),
        (an_organisation(), 4999, HOLDS),
        (an_organisation(), 5000, FAILS),
        (None, 5000, HOLDS),
    ],
)
def test_lighter_is_below_the_top_of_the_partys_own_column(party, fine, outcome):
    office = an_office_with(an_item(range=COLUMNS))
    case = ready(party=party, proposal=a_proposal(fine, lighter=("merit",), weighed="从轻"))
    said = ask(leniency.lighter_applied, facts(case, office=office))
    assert said.outcome is outcome
    if outcome is FAILS:
        assert said.remedy == f"改为低于 {fine} 元。"


def test_without_an_item_there_is_no_top_to_stay_below():
    case = ready(power="SL-XXX-01", proposal=a_proposal(2000, lighter=("merit",), weighed="从轻"))
    assert ask(leniency.lighter_applied, facts(case)).outcome is HOLDS


def test_a_ground_that_the_table_does_not_have_is_told_as_it_was_written():
    proposal = a_proposal(
        lighter=("某规章的情形",), heavier=("某情节",), basis=(cite("EEC", 1131),)
    )
    given = facts(ready(proposal=proposal), at="2026-09-01")
    for policy, told in (
        (leniency.lighter_applied, "某规章的情形的，"),
        (leniency.heavier_weighed, "某情节的，"),
    ):
        assert ask(policy, given).reason.startswith(told)


def test_a_minor_of_fourteen_to_eighteen_is_punished_more_lightly():
    def minor(age, **other):
        case = ready(party=a_citizen(age=age), proposal=a_proposal(**other))
        return ask(leniency.lighter_applied, facts(case)).outcome

    assert minor("under_18") is FAILS
    assert minor("under_18", weighed="未成年，从轻") is HOLDS
    assert minor("adult") is DOES_NOT_APPLY


def test_the_amount_decided_counts_and_not_only_the_one_proposed():
    case = ready(proposal=a_proposal(1000, lighter=("merit",), weighed="从轻"))
    top = changed(case, decision=a_decision(case, fine=2000))
    assert ask(leniency.lighter_applied, facts(top)).outcome is FAILS


def test_under_the_environmental_code_malice_and_the_like_weigh_heavier_or_the_file_says_why_not():
    def heavier(statute, weighed=""):
        basis = (cite(statute, 1131 if statute == "EEC" else 119),)
        both = ("malice", "repeated")
        case = ready(proposal=a_proposal(heavier=both, weighed=weighed, basis=basis))
        return ask(leniency.heavier_weighed, facts(case, at="2026-09-01"))

    assert heavier("EEC").outcome is FAILS
    assert heavier("EEC").reason.startswith("恶意损害、多次受到处罚的，")
    assert heavier("EEC", "从重，取上限").outcome is HOLDS
    assert heavier("EEC", "从重，取上限").reason == "恶意损害、多次受到处罚：从重，取上限"
    assert heavier("APPL-AIR").outcome is DOES_NOT_APPLY
    assert leniency.heavier_weighed.level is Level.WARN


def test_what_a_court_has_fined_is_not_fined_again():
    def fined(by_court, fine):
        case = ready(proposal=a_proposal(fine, fined_by_court=by_court))
        return ask(leniency.not_fined_by_court, facts(case)).outcome

    assert fined(True, 1000) is FAILS
    assert fined(True, 0) is HOLDS
    assert fined(False, 1000) is DOES_NOT_APPLY
