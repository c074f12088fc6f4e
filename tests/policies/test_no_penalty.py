"""行政处罚法 30, 31, 33, 57 — not to penalise: the ground fits the file, guardian, education, service.

Rules R150, R156, R157, R158, R159 and R160.
"""

import pytest

from policies import no_penalty
from policies.casefile import Correction
from policies.no_penalty import DOCUMENT, GROUNDS
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    NEEDS_JUDGEMENT,
    a_citizen,
    a_no_penalty,
    a_service,
    an_act,
    ask,
    facts,
    on,
    ready,
)


def fits(ground, **parts):
    case = ready(no_penalty=a_no_penalty(ground), **parts)
    return ask(no_penalty.ground_fits, facts(case)).outcome


def corrected(value):
    return Correction(ordered_on=on("2025-01-06"), content="立即熄灭", corrected=value)


@pytest.mark.parametrize(
    ("ground", "field", "fit", "unfit"),
    [("under_14", "age", "under_14", "under_18"), ("incapable", "capacity", "none", "reduced")],
)
def test_age_and_capacity_are_those_of_the_file_and_where_it_says_nothing_a_person_judges(
    ground, field, fit, unfit
):
    assert fits(ground, party=a_citizen(**{field: fit})) is HOLDS
    assert fits(ground, party=a_citizen(**{field: unfit})) is FAILS
    assert fits(ground) is NEEDS_JUDGEMENT


def test_slight_means_put_right_and_harmless_as_the_file_says():
    assert fits("slight", correction=corrected(True)) is HOLDS
    assert fits("slight", correction=corrected(False)) is FAILS
    assert fits("slight", correction=corrected(None)) is NEEDS_JUDGEMENT
    harmful, unknown = an_act(harm="environment"), an_act(harm="")
    assert fits("slight", correction=corrected(True), act=harmful) is FAILS
    assert fits("slight", correction=corrected(True), act=unknown) is NEEDS_JUDGEMENT
    assert fits("first_time", correction=corrected(True), act=harmful) is HOLDS


@pytest.mark.parametrize("ground", ["no_fault", "expired", "not_unlawful_now", "not_established"])
def test_the_other_grounds_rest_on_the_reasons_given(ground):
    assert fits(ground) is HOLDS


def test_a_case_without_such_a_decision_is_not_asked():
    for asked in (
        no_penalty.ground_fits,
        no_penalty.guardian_ordered,
        no_penalty.educated,
        no_penalty.served,
    ):
        assert ask(asked, facts(ready())).outcome is DOES_NOT_APPLY


@pytest.mark.parametrize("ground", GROUNDS)
def test_a_guardian_is_told_what_to_do_for_a_child_or_an_incapable_person_and_for_nobody_else(
    ground,
):
    def ordered(words):
        case = ready(no_penalty=a_no_penalty(ground, guardian_ordered=words))
        return ask(no_penalty.guardian_ordered, facts(case)).outcome

    guarded = ground in ("under_14", "incapable")
    assert ordered("") is (FAILS if guarded else DOES_NOT_APPLY)
    assert ordered("责令其父亲严加管教") is (HOLDS if guarded else DOES_NOT_APPLY)


def test_who_is_spared_is_educated_and_where_nothing_is_proved_nobody_is():
    def taught(ground, **how):
        return ask(
            no_penalty.educated, facts(ready(no_penalty=a_no_penalty(ground, **how)))
        ).outcome

    assert taught("slight") is FAILS
    assert taught("slight", educated_on=on("2025-01-20"), education="当面教育") is HOLDS
    assert taught("not_established") is DOES_NOT_APPLY


def test_the_party_is_told_before_the_case_is_closed():
    def told(*services):
        case = ready(no_penalty=a_no_penalty(), services=services)
        return ask(no_penalty.served, facts(case)).outcome

    assert told() is FAILS
    assert told(a_service(document="责令改正通知书")) is FAILS
    assert told(a_service(document=DOCUMENT)) is HOLDS


@pytest.mark.parametrize(
    ("ground", "parts", "against"),
    [
        ("under_14", {"party": a_citizen(age="under_18")}, "登记为已满十四周岁"),
        ("under_14", {"party": a_citizen(age="adult")}, "登记为已满十四周岁"),
        ("incapable", {"party": a_citizen(capacity="full")}, "登记为能够辨认或者控制"),
        ("incapable", {"party": a_citizen(capacity="reduced")}, "登记为能够辨认或者控制"),
        ("slight", {"correction": corrected(False)}, "登记为没有改正"),
        ("first_time", {"correction": corrected(False)}, "登记为没有改正"),
    ],
)
def test_what_the_file_says_against_the_ground_is_told_beside_it(ground, parts, against):
    case = ready(no_penalty=a_no_penalty(ground), **parts)
    said = ask(no_penalty.ground_fits, facts(case))
    assert (said.outcome, said.reason) == (FAILS, f"理由是{GROUNDS[ground]}，案卷却{against}。")


def test_a_first_offence_that_nobody_saw_put_right_is_for_a_person_to_judge():
    case = ready(no_penalty=a_no_penalty("first_time"), correction=corrected(None))
    said = ask(no_penalty.ground_fits, facts(case))
    assert said.outcome is NEEDS_JUDGEMENT
    assert "案卷没有登记改正的情况" in said.reason
