"""行政复议法 76, 77; 行政诉讼法 25 — papers of those who supervise the office are answered in time. Rule R306."""

import pytest

from policies import supervision
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    a_paper,
    ask,
    facts,
    on,
    ready,
    served,
)


def a_proposal_of_the_prosecutor(**other):
    return a_paper(kind="检察建议书", sender="示例区人民检察院", due=on("2025-04-18"), **other)


@pytest.mark.parametrize(
    ("paper", "answered_on", "outcome"),
    [
        (a_paper, "2025-05-06", HOLDS),  # the first working day after the holidays
        (a_paper, "2025-05-07", FAILS),
        (a_proposal_of_the_prosecutor, "2025-04-18", HOLDS),  # the day that it names
        (a_proposal_of_the_prosecutor, "2025-04-19", FAILS),
    ],
)
def test_an_answer_is_in_time_on_the_last_day_and_late_on_the_next(paper, answered_on, outcome):
    case = ready(supervisions=(paper(answered_on=on(answered_on), answer="已改正"),))
    assert ask(supervision.answered_in_time, facts(case, item="v1")).outcome is outcome


def test_what_is_not_answered_yet_or_is_another_paper_is_not_asked():
    case = ready(supervisions=(a_paper(),))
    assert ask(supervision.answered_in_time, facts(case, item="v1")).outcome is DOES_NOT_APPLY
    assert ask(supervision.answered_in_time, facts(ready(), item="v1")).outcome is DOES_NOT_APPLY


def test_a_file_is_not_closed_over_a_paper_that_waits_for_its_answer():
    def closing(*papers):
        return ask(supervision.answered, facts(served(supervisions=papers)))

    assert closing().outcome is DOES_NOT_APPLY
    assert closing(a_paper(answered_on=on("2025-03-10"))).outcome is DOES_NOT_APPLY
    said = closing(
        a_paper(answered_on=on("2025-03-10")), a_paper(id="v2", number="示复意〔2025〕2号")
    )
    assert said.outcome is FAILS
    assert "示复意〔2025〕2号" in said.reason
    assert "示复意〔2025〕1号" not in said.reason
