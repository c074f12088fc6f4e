"""Each mark of the proof is what its policy says: break it in a lawful case, and just that policy refuses.

For each step and each mark that it needs or bars there is a lawful case that the step accepts and the same
case with one thing wrong. A mark without such a pair, or a pair without a mark, fails.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from policies.casefile import CaseFile, Correction
from policies.core import POLICIES, Level, Outcome, Report
from policies.no_penalty import DOCUMENT
from states import marks
from states.case import CURRENT, FLOWS
from states.flow import Step
from tests.policies.builders import (
    LAW,
    a_closing,
    a_decision,
    a_discussion,
    a_hearing,
    a_measure,
    a_no_penalty,
    a_notice,
    a_payment,
    a_proposal,
    a_publication,
    a_recusal,
    a_review,
    a_revocation,
    a_service,
    a_summary,
    a_suspension,
    a_transfer,
    an_enforcement,
    changed,
    decided,
    facts,
    moment,
    on,
    on_spot,
    ready,
    served,
)

DONE = Correction(ordered_on=on("2025-01-06"), checked_on=on("2025-01-07"), corrected=True)
HERE = ("zhang", "li")


@dataclass(frozen=True)
class Pair:
    """A lawful case for a step, and what is changed in it so that one mark is wrong."""

    state: str
    lawful: CaseFile
    broken: dict[str, Any]
    step: dict[str, Any] = field(default_factory=dict)


def spared() -> CaseFile:
    """Not penalised, told and educated: ready to be closed."""
    made = a_no_penalty(educated_on=on("2025-01-20"), education="已说明")
    return ready(no_penalty=made, correction=DONE, services=(a_service(document=DOCUMENT),))


def settled(**parts: Any) -> CaseFile:
    """Paid, corrected, and not published: ready to be closed."""
    made = {
        "payments": (a_payment(),),
        "publication": a_publication(publish=False),
        "correction": DONE,
    }
    return served(**{**made, **parts})


def settled_on_spot(**parts: Any) -> CaseFile:
    made = {
        "payments": (a_payment(200, "2025-01-16"),),
        "publication": a_publication(publish=False),
        "summary": a_summary(reported_on=on("2025-01-17")),
    }
    return on_spot(**{**made, **parts})


def after_hearing() -> CaseFile:
    """Heard on 22 January, reviewed again on the 24th, discussed on the 26th."""
    bare = ready(hearing=a_hearing(), discussion=a_discussion("2025-01-26"))
    again = a_review(bare, "2025-01-24", after_hearing=True)
    case = changed(bare, reviews=(*bare.reviews, again))
    return changed(case, decision=a_decision(case, "2025-01-26"))


def reviews(case: CaseFile, **last: Any) -> dict[str, Any]:
    """The reviews with something else about the last one."""
    return {"reviews": (*case.reviews[:-1], case.reviews[-1].model_copy(update=last))}


def notice(served_on: str = "2025-01-08", *, proposal: Any = None, **other: Any) -> dict[str, Any]:
    return {"notices": (a_notice(proposal or a_proposal(), served_on, **other),)}


DECIDED, HEARD, READY, SPARED, CLOSING = decided(), after_hearing(), ready(), spared(), settled()
ON_SPOT = settled_on_spot()
WITHDRAWN = reviews(READY, withdrawn_at=moment("2025-01-15"), withdrawal="另有事实")
OTHER_FACTS = a_proposal(facts="另一事实")
TAKEN = {"measures": (a_measure(taken_at=moment("2025-01-06")),)}
FORCED = {
    "payments": (),
    "closing": a_closing("已强制执行", "已代履行"),
    "enforcements": (an_enforcement(),),
}
NOT_WITHDRAWN = {
    "publication": a_publication(receipt="示公 1", published_on="2025-01-22"),
    "remedies": (a_revocation(),),
    "refunds": (a_payment(),),
}
REVIEWER, FACE = {"actor": "shen"}, {"at": "2025-01-08", "actor": "zhang", "present": HERE}
LATER = {"at": "2025-03-06"}
TO_PUBLISH = {"publication": a_publication()}

PAIRS: dict[tuple[str, str, str], Pair] = {
    ("ordinary", "decide", "reviewed"): Pair("deciding", DECIDED, WITHDRAWN),
    ("ordinary", "decide", "covered"): Pair("deciding", DECIDED, reviews(DECIDED, fine=999)),
    ("ordinary", "decide", "reviewed_since_hearing"): Pair(
        "deciding", HEARD, reviews(HEARD, after_hearing=False), {"at": "2025-01-26"}
    ),
    ("ordinary", "decide", "notified"): Pair(
        "deciding", changed(DECIDED, waivers=()), {"notices": ()}
    ),
    ("ordinary", "decide", "matched"): Pair("deciding", DECIDED, notice(proposal=OTHER_FACTS)),
    ("ordinary", "decide", "windows_over"): Pair("deciding", DECIDED, notice(defence_days=10)),
    ("ordinary", "decide", "request_over"): Pair(
        "deciding", DECIDED, notice("2025-01-09", defence_days=3)
    ),
    ("ordinary", "decide", "hearing_open"): Pair(
        "deciding", DECIDED, {"hearing": a_hearing(held_on=None, reported_on=None, ended_as="")}
    ),
    ("ordinary", "decide", "recusal_asked"): Pair(
        "deciding", DECIDED, {"recusals": (a_recusal(),)}
    ),
    ("ordinary", "decide", "standing"): Pair(
        "deciding", DECIDED, {"suspensions": (a_suspension(),)}
    ),
    ("ordinary", "decide", "at_police"): Pair("deciding", DECIDED, {"transfer": a_transfer()}),
    ("ordinary", "pass_final_review", "notified"): Pair(
        "under_review", READY, {"notices": ()}, REVIEWER
    ),
    ("ordinary", "pass_final_review", "matched"): Pair(
        "under_review", READY, notice(proposal=OTHER_FACTS), REVIEWER
    ),
    ("ordinary", "check_procedure", "reviewed"): Pair("notified", READY, WITHDRAWN, REVIEWER),
    ("ordinary", "serve_notice", "reviewed"): Pair("noticing", READY, WITHDRAWN, FACE),
    ("ordinary", "serve_notice", "covered"): Pair(
        "noticing", READY, reviews(READY, fine=999), FACE
    ),
    ("ordinary", "decline_filing", "held"): Pair(
        "checking", ready(filing=None, declined="违法行为轻微并及时改正"), TAKEN
    ),
    ("ordinary", "decide_no_penalty", "held"): Pair("deciding", SPARED, TAKEN),
    ("ordinary", "close_without_penalty", "told_spared"): Pair(
        "no_penalty", SPARED, {"services": ()}
    ),
    ("ordinary", "close_without_penalty", "educated"): Pair(
        "no_penalty", SPARED, {"no_penalty": a_no_penalty()}
    ),
    ("ordinary", "close_without_penalty", "held"): Pair("no_penalty", SPARED, TAKEN),
    ("ordinary", "transfer_out", "held"): Pair("investigating", READY, TAKEN),
    ("ordinary", "withdraw_filing", "held"): Pair("investigating", READY, TAKEN),
    ("ordinary", "terminate", "held"): Pair("investigating", READY, TAKEN),
    ("ordinary", "join_into", "held"): Pair("investigating", READY, TAKEN),
    ("ordinary", "archive_transferred", "held"): Pair("transferred", READY, TAKEN),
    ("ordinary", "choose_publication", "served"): Pair(
        "in_effect", served(**TO_PUBLISH), {"services": ()}, LATER
    ),
    ("ordinary", "review_publication", "served"): Pair(
        "in_effect", served(**TO_PUBLISH), {"services": ()}, LATER
    ),
    ("ordinary", "correct_publication", "served"): Pair(
        "in_effect", served(**TO_PUBLISH), {"services": ()}, LATER
    ),
    ("ordinary", "record_publication", "served"): Pair(
        "in_effect", served(**TO_PUBLISH), {"services": ()}, LATER
    ),
    ("ordinary", "close", "paid"): Pair("in_effect", CLOSING, {"payments": ()}, LATER),
    ("ordinary", "close", "chosen"): Pair("in_effect", CLOSING, {"publication": None}, LATER),
    ("ordinary", "close", "held"): Pair("in_effect", CLOSING, TAKEN, LATER),
    ("ordinary", "close", "enforcing"): Pair("in_effect", CLOSING, FORCED, LATER),
    ("ordinary", "close", "fallen"): Pair("in_effect", CLOSING, NOT_WITHDRAWN, LATER),
    ("summary", "choose_publication", "served"): Pair(
        "in_effect", on_spot(**TO_PUBLISH), {"services": ()}, LATER
    ),
    ("summary", "review_publication", "served"): Pair(
        "in_effect", on_spot(**TO_PUBLISH), {"services": ()}, LATER
    ),
    ("summary", "correct_publication", "served"): Pair(
        "in_effect", on_spot(**TO_PUBLISH), {"services": ()}, LATER
    ),
    ("summary", "record_publication", "served"): Pair(
        "in_effect", on_spot(**TO_PUBLISH), {"services": ()}, LATER
    ),
    ("summary", "close", "paid"): Pair("in_effect", ON_SPOT, {"payments": ()}, LATER),
    ("summary", "close", "chosen"): Pair("in_effect", ON_SPOT, {"publication": None}, LATER),
    ("summary", "close", "reported"): Pair("in_effect", ON_SPOT, {"summary": a_summary()}, LATER),
    ("summary", "close", "enforcing"): Pair("in_effect", ON_SPOT, FORCED, LATER),
    ("summary", "close", "fallen"): Pair("in_effect", ON_SPOT, NOT_WITHDRAWN, LATER),
}

ALONE = {("decide", "notified"): {"hearing.right_told"}}
"""What a case without a notice lacks besides: the notice is where the right to a hearing is told."""


def asked_for() -> dict[tuple[str, str, str], marks.Mark]:
    """Every mark that a move of a case needs or bars."""
    found: dict[tuple[str, str, str], marks.Mark] = {}
    for flow in FLOWS.values():
        for move in flow.moves:
            made = marks.effect(flow, move)
            found |= {(flow.name, move.verb, m.name): m for m in made.needs | made.bars}
    return found


def test_each_mark_that_a_move_needs_or_bars_has_its_pair_of_cases():
    assert set(PAIRS) == set(asked_for())
    assert {m for m in asked_for().values()} == set(marks.MARKS)


@pytest.mark.parametrize("key", PAIRS, ids="-".join)
def test_a_case_with_one_mark_wrong_is_refused_by_just_the_policy_of_that_mark(key):
    flow, verb, name = key
    pair, mark = PAIRS[key], asked_for()[key]

    def taken(case: CaseFile) -> object:
        return CURRENT[flow].take(pair.state, verb, facts(case, **pair.step), LAW)

    accepted = taken(pair.lawful)
    assert isinstance(accepted, Step), accepted
    refused = taken(changed(pair.lawful, **pair.broken))
    assert isinstance(refused, Report), refused
    because = {f.policy.id for f in refused.blocks} - ALONE.get((verb, name), set())
    assert len(because) == 1
    assert because <= {mark.policy, *marks.ALSO.get(mark.policy, ())}
    assert not refused.unexcused


def test_every_mark_but_the_watched_ones_stands_for_a_policy_that_blocks():
    for mark in marks.MARKS:
        assert POLICIES[mark.policy].level is Level.BLOCK, mark
    assert not [m.name for m in marks.WATCHED if m.policy]
    names = [m.name for m in (*marks.MARKS, *marks.WATCHED)]
    assert len(set(names)) == len(names)


def test_a_verb_of_which_marks_are_told_is_a_verb_of_some_table():
    verbs = {m.verb for flow in FLOWS.values() for m in flow.moves}
    assert set(marks.EFFECTS) <= verbs
    assert set(marks.CLOSING) == {flow.name for flow in FLOWS.values()}


# — what takes a mark away ————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("last", "outcome"),
    [
        ({}, Outcome.HOLDS),
        ({"passed": False}, Outcome.FAILS),
        ({"withdrawn_at": moment("2025-01-15")}, Outcome.FAILS),
        ({"digest": "of something else"}, Outcome.FAILS),
    ],
    ids=["a pass", "return_case", "withdraw_pass", "conclude with something else"],
)
def test_what_the_table_says_clears_a_review_does_clear_it(last, outcome):
    case = changed(READY, **reviews(READY, **last))
    assert POLICIES["review.passed"].asks(facts(case), LAW).outcome is outcome


def test_the_end_of_a_recusal_of_a_suspension_and_of_a_transfer_clears_its_mark():
    ended = {
        "recusal.decided": {"recusals": (a_recusal(decided_on=on("2025-01-09")),)},
        "suspension.over": {"suspensions": (a_suspension(until=on("2025-01-10")),)},
        "transfer.not_replaced_by_penalty": {
            "transfer": a_transfer(answer="不予立案", answered_on=on("2025-03-07"))
        },
        "measures.settled": {"measures": (a_measure(ended_on=on("2025-01-10"), ended_as="退还"),)},
        "hearing.held_when_requested": {"hearing": a_hearing()},
        "publication.withdrawn": {
            **NOT_WITHDRAWN,
            "publication": a_publication(
                receipt="示公 1", published_on="2025-01-22", withdrawn_on=on("2025-03-05")
            ),
        },
        "enforcement.concluded": {
            **FORCED,
            "enforcements": (an_enforcement(ended_on=on("2025-09-01")),),
        },
    }
    assert set(ended) == {m.policy for m in marks.BARRED}
    for policy, parts in ended.items():
        said = POLICIES[policy].asks(facts(served(**parts)), LAW)
        assert said.outcome in (Outcome.HOLDS, Outcome.DOES_NOT_APPLY), policy
