"""行政处罚法 51, 52; 行政复议法 23 — the decision on the spot, its limits and its duties."""

import pytest

from policies import summary
from policies.casefile import PartyKind
from policies.checklists import ON_SPOT
from policies.core import Level, evaluate
from policies.summary import CONTENTS
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    LAW,
    a_citizen,
    a_decision,
    a_summary,
    ask,
    changed,
    facts,
    on_spot,
    ready,
)

CITIZEN, BUSINESS, ORGANISATION = PartyKind.CITIZEN, PartyKind.BUSINESS, PartyKind.ORGANISATION


def limits(fine, kind=CITIZEN, parameters=None, **decision):
    case = on_spot(fine=fine, kind=kind)
    given = facts(changed(case, decision=case.decision.model_copy(update=decision)))
    return ask(summary.within_limits, given, parameters)


@pytest.mark.parametrize(
    ("kind", "fine", "outcome"),
    [
        (CITIZEN, 200, HOLDS),
        (CITIZEN, "200.01", FAILS),
        (CITIZEN, 201, FAILS),
        (BUSINESS, 200, HOLDS),
        (BUSINESS, 201, FAILS),
        (ORGANISATION, 3_000, HOLDS),
        (ORGANISATION, 3_001, FAILS),
    ],
)
def test_two_hundred_for_a_citizen_and_three_thousand_for_an_organisation(kind, fine, outcome):
    said = limits(fine, kind)
    assert said.outcome is outcome
    assert outcome is HOLDS or "转为普通程序" in said.remedy


def test_an_office_may_count_an_individual_business_as_an_organisation():
    as_org = {"individual_business.as_citizen": False}
    assert limits(3_000, BUSINESS, as_org).outcome is HOLDS
    assert limits(3_001, BUSINESS, as_org).outcome is FAILS


@pytest.mark.parametrize(
    ("kinds", "outcome"),
    [
        (("警告",), HOLDS),
        (("警告", "罚款"), HOLDS),
        (("罚款", "没收违法所得"), FAILS),
        (("通报批评",), FAILS),
    ],
)
def test_only_warnings_and_fines_are_decided_on_the_spot(kinds, outcome):
    assert limits(0, kinds=kinds).outcome is outcome


@pytest.mark.parametrize(
    ("policy", "fault"),
    [
        (summary.facts_clear, {"facts_undisputed": False}),
        (summary.certificate_shown, {"certificate_shown": False}),
        (summary.told_and_heard, {"told": False}),
        (summary.told_and_heard, {"defence": "不是我扔的"}),
    ],
)
def test_clear_facts_a_shown_certificate_and_a_heard_party_come_first(policy, fault):
    assert ask(policy, facts(on_spot())).outcome is HOLDS
    assert ask(policy, facts(on_spot(summary=a_summary(**fault)))).outcome is FAILS


def test_a_defence_is_answered_there_and_then():
    answered = a_summary(defence="不是我扔的", defence_answer="有录像，不予采纳")
    assert ask(summary.told_and_heard, facts(on_spot(summary=answered))).outcome is HOLDS


@pytest.mark.parametrize("missing", CONTENTS)
def test_the_form_says_everything_and_reconsideration_comes_first(missing):
    assert ask(summary.contents_complete, facts(on_spot())).outcome is HOLDS
    case = on_spot()
    short = a_decision(fine=200, contents=tuple(c for c in CONTENTS if c != missing))
    said = ask(summary.contents_complete, facts(changed(case, decision=short)))
    assert said.outcome is FAILS
    assert missing in said.reason
    assert any("复议" in c for c in CONTENTS)


def test_a_decision_on_the_spot_is_reported_to_the_office():
    assert ask(summary.reported, facts(on_spot())).outcome is FAILS
    done = on_spot(summary=a_summary(reported_on="2025-01-16"))
    assert ask(summary.reported, facts(done)).outcome is HOLDS


def test_the_third_working_day_is_in_time_and_the_fourth_is_only_noted():
    def reported(day):
        return ask(
            summary.reported_in_time, facts(on_spot(summary=a_summary(reported_on=day)), at=day)
        )

    assert reported("2025-01-21").outcome is HOLDS
    assert reported("2025-01-22").outcome is FAILS
    assert "未确认" in reported("2025-01-21").reason
    assert summary.reported_in_time.level is Level.NOTE


def test_a_minor_is_not_barred_from_the_summary_procedure_as_such():
    case = on_spot(party=a_citizen(minor=True))
    report = evaluate(ON_SPOT, facts(case, present=("li", "zhang"), actor="li"), LAW)
    assert not report.refuses, [f.verdict.reason for f in report.reasons]


def test_in_the_ordinary_procedure_none_of_this_is_asked():
    for policy in (
        summary.within_limits,
        summary.facts_clear,
        summary.told_and_heard,
        summary.certificate_shown,
        summary.contents_complete,
        summary.reported,
        summary.reported_in_time,
    ):
        assert ask(policy, facts(ready())).outcome is DOES_NOT_APPLY


def test_also_on_the_spot_the_order_to_correct_is_noted():
    told = on_spot(summary=a_summary(correction="当场捡拾清理"))
    assert ask(summary.correction_ordered, facts(told)).outcome is HOLDS
    assert ask(summary.correction_ordered, facts(on_spot())).outcome is FAILS
    assert summary.correction_ordered.level is Level.NOTE
    assert ask(summary.correction_ordered, facts(ready())).outcome is DOES_NOT_APPLY
