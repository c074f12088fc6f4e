"""行政处罚法 43 — who was asked to stay out, and that it is decided before the decision (R046)."""

from policies import recusals
from policies.checklists import DECISION, EVIDENCE, RECUSAL
from policies.core import Level
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    a_recusal,
    ask,
    facts,
    on,
    ready,
)

REFUSED = a_recusal(id="c2", state="recusal.refused", decided_on=on("2025-01-10"))


def decided(*asked):
    return ask(recusals.decided, facts(ready(recusals=asked)))


def test_a_request_that_is_decided_lets_the_decision_be_made_and_one_that_waits_does_not():
    assert decided().outcome is DOES_NOT_APPLY
    assert decided(REFUSED).outcome is DOES_NOT_APPLY
    assert decided(a_recusal()).outcome is FAILS
    assert recusals.decided.level is Level.BLOCK


def test_each_request_that_waits_is_named_and_the_head_can_cure_it():
    said = decided(REFUSED, a_recusal(), a_recusal(id="c3", person="li"))
    assert "head：" in said.reason
    assert "li：" in said.reason
    assert said.by == facts().who("head")


def test_the_decision_waits_for_the_request_and_the_investigation_does_not():
    assert recusals.decided in DECISION
    assert recusals.decided not in EVIDENCE


def own(actor, item="c1"):
    return ask(recusals.not_ones_own, facts(ready(recusals=(a_recusal(),)), actor=actor, item=item))


def test_nobody_decides_about_himself_where_somebody_else_can():
    assert own("head").outcome is FAILS
    assert own("deputy").outcome is HOLDS
    assert recusals.not_ones_own in RECUSAL


def test_it_is_the_request_in_question_that_counts_and_not_another_one():
    both = ready(recusals=(a_recusal(), a_recusal(id="c2", person="li")))
    assert ask(recusals.not_ones_own, facts(both, item="c2")).outcome is HOLDS
    assert ask(recusals.not_ones_own, facts(both, item="c1")).outcome is FAILS


def test_an_office_with_one_head_can_still_decide_with_a_reason():
    """The text names the head and nobody for the head (I): a warning, the office's own rule."""
    assert recusals.not_ones_own.level is Level.WARN
    assert recusals.not_ones_own.own_rule
