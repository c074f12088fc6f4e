"""Two people at one case at the same time: exactly one wins, the other changes nothing and hears why.

Each of the two reads the page, locks the case, writes, commits and has an answer. Every order in which
these steps can follow each other is played with two real sessions; nothing is left to luck, because the
one who locks first is held at named places (`workflow/failpoints.py`) until the other has come as far as
the order says. On PostgreSQL the other then really waits for the row, which the server is asked; on
SQLite it waits to begin. What must come of it is not written down but lived: the same office, put back
to where it was, with one step, or with the two steps one after the other.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pytest
from fastapi.testclient import TestClient

from policies.office import Person, Qualification
from policies.review import MATERIALS
from states.case import ORDINARY
from tests.builders import (
    DECISION_SAYS,
    JUDGED,
    OFFICE,
    a_case,
    an_order,
    office_at,
    sample_office,
    take,
    version_of,
)
from tests.journeys.interleaving import BLIND, ORDERS, Gates, Stage, Steps, differences
from workflow import offices, tokens, work, writing
from workflow.errors import Blocked, ChangedMeanwhile, KeyReused, NotFromHere
from workflow.order import Done, Order, label
from workflow.program import Fashen
from workflow.web.app import make_app
from workflow.work import perform

# — what two people can want ———————————————————————————————————————————————————————————————


@dataclass(frozen=True)
class Hand:
    """What one of the two wants done."""

    by: str
    verb: str
    form: Mapping[str, Any] = field(default_factory=dict)
    irregular: str = ""

    def order(self, case: str, version: int | None = None, key: str = "") -> Order:
        made = an_order(self.by, self.verb, case, version=version, key=key, **self.form)
        return replace(made, irregular=self.irregular)


SECOND_REVIEWER = Person(
    id="lin", name="林慎行", roles=("reviewer",), post="法制审核员",
    qualification=Qualification(licence="示A2019120199002"),
)  # fmt: skip

_PASS = {"opinion": "事实清楚，程序合法，裁量适当，同意", "items": JUDGED}
_DECISION = {"contents": DECISION_SAYS}
_BOTH_ACT = ("day.one", "day.two")

HANDS: dict[str, tuple[Hand, Hand]] = {
    hands[0].verb: hands
    for hands in (
        (Hand("shen", "pass_review", _PASS), Hand("lin", "pass_review", _PASS)),
        (Hand("shen", "pass_final_review", _PASS), Hand("lin", "pass_final_review", _PASS)),
        (
            Hand("shen", "return_case", {"opinion": "证据不足", "points": ["补充面积的测量"]}),
            Hand("lin", "return_case", {"opinion": "程序有误", "points": ["补签回避声明"]}),
        ),
        (
            Hand("head", "decide", {"number": "示街罚决〔2025〕001号", **_DECISION}),
            Hand("deputy", "decide", {"number": "示街罚决〔2025〕002号", **_DECISION}),
        ),
        (
            Hand("zhang", "record_issued_decision", {"number": "示街罚决〔2025〕003号"}, "已在纸上作出"),
            Hand("clerk", "record_issued_decision", {"number": "示街罚决〔2025〕004号"}, "已在纸上作出"),
        ),
        (
            Hand("wang", "submit_final_review", {"materials": list(MATERIALS)}),
            Hand("wang", "submit_final_review", {"materials": list(MATERIALS), "opinion": "同意"}),
        ),
        (
            Hand("shen", "judge", {"policy": "jurisdiction.place", "holds": True, "reasons": "在辖区内"}),
            Hand("head", "judge", {"policy": "hearing.right_told", "holds": True, "reasons": "已告知"}),
        ),
        (
            Hand("shen", "confirm_reduction", {"fine": 800}),
            Hand("lin", "confirm_reduction", {"fine": 700}),
        ),
        (
            Hand("zhang", "record_statement", {"text": "面积没有那么大"}),
            Hand("clerk", "record_statement", {"text": "家庭困难，请从轻"}),
        ),
        (
            Hand("zhang", "answer_point", {"no": 1, "answer": "已测量，十平方米"}),
            Hand("li", "answer_point", {"no": 2, "answer": "已补签"}),
        ),
        (
            Hand("zhang", "describe_act", {"text": "露天焚烧秸秆约十平方米"}),
            Hand("li", "describe_act", {"text": "露天焚烧秸秆约十一平方米"}),
        ),
    )
}  # fmt: skip
"""Signing off, returning, deciding, and edits that are possible meanwhile; each by two people."""

STAGES = {
    "under_review": lambda fashen: a_case(fashen, after="submit_final_review"),
    "deciding": lambda fashen: a_case(fashen, "deciding"),
    "investigating": lambda fashen: _returned(fashen),
}
"""Where a case stands when both reach for it; reviewed a second time, every sign-off is possible."""


def _returned(fashen: Fashen) -> str:
    """A case that came back from review with two points to answer."""
    case = a_case(fashen, "under_review")
    points = ["补充面积的测量", "补签回避声明"]
    take(fashen, "shen", "return_case", case, opinion="证据不足", points=points)
    return case


def sources(verb: str) -> set[str]:
    return {state.value for state in ORDINARY.verbs[verb].sources}


PAIRS = tuple(itertools.combinations_with_replacement(HANDS, 2))
TOGETHER = {
    (one, other): next(iter(s for s in STAGES if s in sources(one) & sources(other)))
    for one, other in PAIRS
    if sources(one) & sources(other)
}
"""Pairs that are lawful in one and the same state, each with a stage where it can be played."""

APART = {
    *itertools.product(("pass_review", "pass_final_review", "return_case"), ("decide",)),
    *itertools.product(
        ("pass_review", "pass_final_review", "return_case"),
        ("submit_final_review", "confirm_reduction", "record_statement", "answer_point", "describe_act"),
    ),
    *itertools.product(
        ("decide", "submit_final_review", "confirm_reduction", "record_statement"),
        ("answer_point", "describe_act"),
    ),
}  # fmt: skip
"""Pairs that the flow keeps in different states, so that they can never meet."""

REFUSED_BY_LAW = {("record_statement", "decide"): "复核"}
"""Possible by the flow after the other, and still refused: by which word of the reason."""

# — in which order ————————————————————————————————————————————————————————————

IN_EVERY_ORDER = (
    ("pass_review", "pass_review"),
    ("pass_review", "return_case"),
    ("pass_review", "judge"),
    ("decide", "decide"),
    ("decide", "record_statement"),
    ("confirm_reduction", "record_statement"),
)
"""Sign-off, return, decision and edit against each other."""


def some(orders: tuple[Steps, ...], pair: tuple[str, str]) -> Iterator[Steps]:
    """All of them, or for the many other pairs two: in one the other waits, in one it comes too late."""
    yield from orders if pair in IN_EVERY_ORDER else (orders[0], orders[-1])


def both_ways(pair: tuple[str, str]) -> Iterator[tuple[Hand, Hand]]:
    """Two different people's orders, and the same the other way round unless both want the same."""
    one, other = HANDS[pair[0]][0], HANDS[pair[1]][1]
    yield one, other
    if one.verb != other.verb:
        yield other, one


@pytest.fixture(scope="module")
def hands() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def stages(
    request: pytest.FixtureRequest,
    hands: ThreadPoolExecutor,
    new_database: Callable[[str], str],
) -> Iterator[Callable[[str], Stage]]:
    """A stage by its name, built when first asked for, on each of the two databases."""
    built: dict[str, Stage] = {}

    def stage(name: str) -> Stage:
        if name not in built:
            fashen = office_at(new_database(request.param))
            people = (*sample_office().people, SECOND_REVIEWER)
            offices.load(fashen, sample_office().model_copy(update={"people": people}))
            case = STAGES[name](fashen)
            built[name] = Stage(fashen, case, hands)
        return built[name]

    yield stage
    for made in built.values():
        made.waiting.close()
        made.fashen.engine.dispose()


@pytest.fixture
def at(
    stages: Callable[[str], Stage], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Stage]]:
    """A stage whose sessions can be held, and which is put back whatever happened there."""
    used: list[Stage] = []

    def hold(gates: Gates) -> None:
        for module in (work, writing):
            monkeypatch.setattr(module, "failpoint", gates)

    def stage(name: str) -> Stage:
        used.append(stages(name))
        used[-1].hold = hold
        return used[-1]

    yield stage
    monkeypatch.undo()
    for one in used:
        one.put_back()


# — who wins, and what the other is told ————————————————————————————————————————————————————


def test_the_flow_lets_a_pair_meet_or_keeps_it_in_different_states():
    """Sign-off and decision, for one, can never be wanted at the same moment."""
    met = {frozenset(pair) for pair in TOGETHER}
    apart = {frozenset(pair) for pair in APART}

    assert met.isdisjoint(apart)
    assert met | apart == {frozenset(pair) for pair in PAIRS}
    for pair in APART:
        for state in sources(pair[0]):
            assert ORDINARY.move(state, pair[1]) is None


def test_every_order_is_played():
    """In half of them the other really waits, in a third it is answered before the winner is."""
    assert len(ORDERS) == len(set(ORDERS)) == 26
    assert sum(o.index("ASKS") < o.index("commits") for o in ORDERS) == 14
    assert sum(o.index("ANSWERS") < o.index("answers") for o in ORDERS) == 11
    assert len(BLIND) == len(set(BLIND)) == 7
    assert {frozenset(pair) for pair in IN_EVERY_ORDER} <= {frozenset(pair) for pair in TOGETHER}


@pytest.mark.parametrize("pair", TOGETHER, ids="-".join)
def test_of_two_who_saw_the_same_page_one_wins_and_the_other_hears_of_it(
    at: Callable[[str], Stage], pair: tuple[str, str]
):
    stage = at(TOGETHER[pair])
    for winner, loser in both_ways(pair):
        alone = stage.after(winner.order(stage.case))
        for order in some(ORDERS, pair):
            done, told = stage.play(
                order,
                sends(stage, winner),
                sends(stage, loser),
                lambda: version_of(stage.fashen, stage.case),
            )

            assert isinstance(done, Done), (order, done)
            assert isinstance(told, ChangedMeanwhile), (order, told)
            hears(stage, told, winner)
            assert differences(stage.put_back(), alone) == [], order


def sends(stage: Stage, hand: Hand) -> Callable[[int], Done]:
    """The order of one hand, once it has seen a version."""
    return lambda version: perform(stage.fashen, hand.order(stage.case, version))


def hears(stage: Stage, told: ChangedMeanwhile, winner: Hand) -> None:
    """The one who came too late is told who did what, in words and as data."""
    [since] = told.since
    name = next(p.name for p in (*sample_office().people, SECOND_REVIEWER) if p.id == winner.by)
    assert (told.status, told.version) == (412, stage.version + 1)
    assert (since["seq"], since["verb"], since["by"]) == (told.version, winner.verb, name)
    assert f"第 {stage.version} 步，案件现在是第 {told.version} 步，没有办理" in str(told)
    when = stage.fashen.clock().strftime("%Y-%m-%d %H:%M")
    assert f"其间：{name}于 {when} 办理了“{label(winner.verb)}”。请刷新后再办" in str(told)


@pytest.mark.parametrize("pair", TOGETHER, ids="-".join)
def test_of_two_who_saw_no_page_what_contradicts_is_refused_and_what_agrees_lands(
    at: Callable[[str], Stage], pair: tuple[str, str]
):
    stage = at(TOGETHER[pair])
    for hands in both_ways(pair):
        first, second = (hand.order(stage.case) for hand in hands)
        alone = stage.after(first)
        agrees = lands(stage, first.verb, second.verb)
        wanted = stage.after(first, second) if agrees else alone
        for order in some(BLIND, pair):
            done, other = stage.play(
                order,
                performs(stage, first),
                performs(stage, second),
                lambda: 0,
            )

            assert isinstance(done, Done), (order, done)
            if agrees:
                assert isinstance(other, Done), (order, other)
            else:
                assert isinstance(other, (NotFromHere, Blocked)), (order, other)
                why = REFUSED_BY_LAW.get(
                    (first.verb, second.verb), f"不能办理“{label(second.verb)}”"
                )
                assert why in str(other)
            found = stage.put_back()
            assert differences(found, wanted, but="refusal") == [], order
            assert len(found["refusal"]) == (not agrees)


def performs(stage: Stage, order: Order) -> Callable[[int], Done]:
    """This very order, whatever anybody saw."""
    return lambda _: perform(stage.fashen, order)


def lands(stage: Stage, first: str, second: str) -> bool:
    """Whether the flow and the law let the second follow the first where that one leads."""
    [state] = [s for s in STAGES if stage.before["cases"][(stage.case,)]["state"] == s]
    move = ORDINARY.verbs[first]
    there = move.dest.value if move.dest else state
    return ORDINARY.move(there, second) is not None and (first, second) not in REFUSED_BY_LAW


# — one order, sent twice at once ————————————————————————————————————————————————————————————


@pytest.mark.parametrize("seen", [True, False], ids=["with the version", "without"])
@pytest.mark.parametrize("verb", ["decide", "record_statement", "return_case"])
def test_the_same_order_sent_twice_at_once_acts_once_and_both_hear_of_it(
    at: Callable[[str], Stage], verb: str, seen: bool
):
    stage = at(TOGETHER[verb, verb])
    sent = HANDS[verb][0].order(stage.case, stage.version if seen else None, key="page-1")
    alone = stage.after(sent)
    for order in BLIND:
        done, again = stage.play(
            order,
            performs(stage, sent),
            performs(stage, sent),
            lambda: 0,
        )

        assert isinstance(done, Done), (order, done)
        assert isinstance(again, Done), (order, again)
        assert (done.repeated, again.repeated) == (False, True)
        assert {**again.as_dict(), "repeated": False} == done.as_dict()
        assert differences(stage.put_back(), alone) == [], order


@pytest.mark.parametrize("seen", [True, False], ids=["with the version", "without"])
def test_another_order_under_the_same_key_at_once_is_told_so(
    at: Callable[[str], Stage], seen: bool
):
    stage = at("deciding")
    version = stage.version if seen else None
    first, second = (
        an_order("zhang", "record_statement", stage.case, version=version, key="page-1", text=text)
        for text in ("面积没有那么大", "家庭困难")
    )
    alone = stage.after(first)
    for order in BLIND:
        done, told = stage.play(
            order,
            performs(stage, first),
            performs(stage, second),
            lambda: 0,
        )

        assert isinstance(done, Done), (order, done)
        assert isinstance(told, KeyReused), (order, told)
        assert differences(stage.put_back(), alone) == [], order


# — through two browsers ————————————————————————————————————————————————————————————————————


@dataclass
class Client:
    """A program that acts for one person over HTTP."""

    http: TestClient
    headers: dict[str, str]

    def read(self, case: str) -> str:
        """The mark of the page as it is now, as it must come back in If-Match."""
        return str(self.http.get(f"/api/v1/cases/{case}", headers=self.headers).headers["etag"])

    def acts(self, case: str, hand: Hand) -> Callable[[str], Any]:
        """What the client does once it has seen a page."""
        return lambda etag: self.act(case, hand, etag)

    def act(self, case: str, hand: Hand, etag: str) -> Any:
        sent = {**self.headers, "If-Match": etag}
        return self.http.post(
            f"/api/v1/cases/{case}/{hand.verb}", json=dict(hand.form), headers=sent
        )


def test_two_clients_at_one_case_one_acts_and_one_is_answered_412(at: Callable[[str], Stage]):
    pair = ("decide", "submit_final_review")
    stage = at(TOGETHER[pair])
    app = make_app(stage.fashen)
    with TestClient(app) as one, TestClient(app) as two:
        for winner, loser in both_ways(pair):
            mine, other = (
                Client(
                    http, {"Authorization": f"Bearer {tokens.issue(stage.fashen, OFFICE, h.by)}"}
                )
                for http, h in ((one, winner), (two, loser))
            )
            answer = mine.act(stage.case, winner, mine.read(stage.case))
            assert answer.status_code == 200, answer.text
            alone = stage.put_back()
            for order in ORDERS:
                done, told = stage.play(
                    order,
                    mine.acts(stage.case, winner),
                    other.acts(stage.case, loser),
                    partial(other.read, stage.case),
                )

                assert done.status_code == 200, (order, done.text)
                assert told.status_code == 412, (order, told.text)
                said = told.json()
                assert [s["verb"] for s in said["since"]] == [winner.verb]
                assert f"办理了“{label(winner.verb)}”" in said["detail"]
                assert differences(stage.put_back(), alone) == [], order
