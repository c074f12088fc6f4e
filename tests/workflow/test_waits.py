"""另等: for whom a case waits besides its next step, from which day on, and that rows, list and number agree."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from policies.casefile import CaseFile
from policies.enforcement import DEMAND
from policies.measures import SCOPE, STEPS
from states.case import BESIDE
from tests.builders import (
    a_case,
    a_delegation,
    day,
    desk,
    document_of,
    office_at,
    sample_office,
    set_clock,
    take,
)
from workflow import approving, lines, models, offices, workbench
from workflow.line_shown import Also
from workflow.oracle import check_all
from workflow.program import Fashen
from workflow.waits import NOBODY, RULES, waits
from workflow.workbench import Asked, counts

PEOPLE = [p.id for p in sample_office().people]


def also(fashen: Fashen, case: str, person: str) -> list[Also]:
    """What of this case waits for somebody besides its next step, as the list of all cases shows it."""
    (line,) = (x for x in workbench.page(desk(fashen, person), Asked()).lines if x.id == case)
    return [one for one in line.also if one.yours]


def waiting(fashen: Fashen, verb: str, case: str) -> set[str]:
    """For whom this verb waits besides; their 待办 has the case, and says as many as it lists."""
    found = set()
    for person in PEOPLE:
        of = desk(fashen, person)
        todo = [line.id for line in workbench.page(of, Asked(tab="todo")).lines]
        assert counts(of).tabs["todo"] == len(todo), person
        if any(one.yours and one.verb == verb for line in workbench.page(of, Asked(tab="todo")).lines
               for one in line.also):  # fmt: skip
            assert case in todo, person
            found.add(person)
    assert check_all(fashen) == []
    return found


def on(fashen: Fashen, month: int, of: int) -> None:
    set_clock(fashen, day(2025, month, of))


def ask_for_more_days(fashen: Fashen, case: str) -> None:
    told: dict[str, Any] = {"days": 30, "reason": "等待鉴定意见", "irregular": "已口头申请"}
    take(fashen, "zhang", "ask_extension", case, **told)


OFFICERS = {"zhang", "li", "wang"}
HEADS = {"head", "deputy"}


def a_measure(**other: Any) -> dict[str, Any]:
    return {
        "kind": "扣押", "objects": "水泥二十袋", "reason": "可能被转移", "basis": "某条例第二十条",
        "officers": ["zhang", "li"], "list_handed_over": True, "number": "示街扣决〔2025〕1号",
        "steps": list(STEPS), "scope": list(SCOPE), **other,
    }  # fmt: skip


# — the tables ————————————————————————————————————————————————————————————————————————————


def test_every_open_state_of_what_stands_beside_a_case_has_a_rule_or_says_why_nobody_is_waited_for():
    open_ = {s for side in BESIDE.values() for s in side.states if s not in side.finals}
    assert set(RULES) | set(NOBODY) == open_
    assert not set(RULES) & set(NOBODY)
    assert all(why.endswith("。") for why in NOBODY.values())


# — each kind —————————————————————————————————————————————————————————————————————————————


def test_a_question_of_the_reviewer_waits_for_the_officers_until_it_is_answered():
    fashen = office_at()
    case = a_case(fashen, "under_review")
    assert waiting(fashen, "answer_question", case) == set()
    take(fashen, "shen", "ask_officer", case, text="称重单在哪里")
    assert waiting(fashen, "answer_question", case) == OFFICERS
    take(fashen, "zhang", "answer_question", case, no=1, answer="见证据三")
    assert waiting(fashen, "answer_question", case) == set()


def test_an_extension_that_is_asked_waits_for_the_heads_while_the_officers_go_on():
    fashen = office_at()
    case = a_case(fashen, "investigating")
    ask_for_more_days(fashen, case)
    assert waiting(fashen, "grant_extension", case) == HEADS
    (one,) = also(fashen, case, "head")
    assert (one.item, one.words) == ("t1", "批准延期")
    assert "申请延长 30 日" in one.about
    (line,) = workbench.page(desk(fashen, "zhang"), Asked(tab="todo")).lines
    assert line.next == "conclude"  # the next step is still theirs
    assert [x.yours for x in line.also] == [False]
    take(fashen, "head", "refuse_extension", case, item="t1", why="不需要")
    assert waiting(fashen, "grant_extension", case) == set()


def test_a_recusal_waits_for_the_heads():
    fashen = office_at()
    case = a_case(fashen, "investigating")
    take(fashen, "clerk", "ask_recusal", case, person="deputy", asked_by="当事人", reason="亲属")
    assert "head" in waiting(fashen, "grant_recusal", case)


def test_the_head_who_was_named_answers_the_supervision_and_no_other():
    fashen = office_at()
    case = a_case(fashen, "investigating")
    take(fashen, "inspector", "open_supervision", case, content="说明原因", to="deputy", workdays=5)
    assert waiting(fashen, "answer_supervision", case) == {"deputy"}
    assert also(fashen, case, "deputy")[0].holder == sample_office().person("deputy").name


def test_an_opinion_waits_for_the_counsel_who_was_asked():
    fashen = office_at()
    case = a_case(fashen, "under_review")
    take(fashen, "wang", "consult_counsel", case, counsel="counsel", question="定性恰当吗")
    assert waiting(fashen, "give_counsel_opinion", case) == {"counsel"}
    take(fashen, "counsel", "give_counsel_opinion", case, opinion="恰当")
    assert waiting(fashen, "give_counsel_opinion", case) == set()


def test_what_was_taken_in_a_hurry_waits_for_approval_at_once_and_for_an_end_when_the_card_comes():
    fashen = office_at()
    case = a_case(fashen, "investigating")
    on(fashen, 2, 10)
    take(fashen, "zhang", "take_measure", case, **a_measure(urgent=True))
    assert waiting(fashen, "approve_measure", case) == HEADS
    assert waiting(fashen, "end_measure", case) == set()
    take(fashen, "head", "approve_measure", case, item="m1", how="书面")
    assert waiting(fashen, "approve_measure", case) == set()
    clock = document_of(fashen, case)["clocks"]["seizure:m1"]
    assert clock["ends"] == "2025-03-12"
    on(fashen, 3, 6)
    assert waiting(fashen, "end_measure", case) == set()
    on(fashen, 3, 7)  # five days before, when the yellow card comes
    assert waiting(fashen, "end_measure", case) == HEADS
    take(fashen, "head", "end_measure", case, item="m1", how="退还", proof="退还清单")
    assert waiting(fashen, "end_measure", case) == set()


def test_a_demand_waits_for_the_party_first_and_for_the_head_on_the_day_after_its_end():
    fashen = office_at()
    case = a_case(fashen, "in_effect", after="serve_decision")
    set_clock(fashen, day(2025, 12, 1))
    take(
        fashen,
        "zhang",
        "serve_demand",
        case,
        served_on="2025-12-01",
        demand=list(DEMAND),
        proof="送达回证",
    )
    (clock,) = (c for name, c in document_of(fashen, case)["clocks"].items() if "demand:" in name)
    ends = date.fromisoformat(clock["ends"])
    set_clock(fashen, day(ends.year, ends.month, ends.day))
    assert waiting(fashen, "apply_to_court", case) == set()
    set_clock(fashen, day(ends.year, ends.month, ends.day + 1))
    assert waiting(fashen, "apply_to_court", case) == HEADS


def test_a_copy_of_a_remedy_waits_for_the_answer_and_a_result_for_its_effect():
    fashen = office_at()
    case = a_case(fashen, "in_effect")
    now = fashen.clock().date().isoformat()
    take(fashen, "clerk", "record_remedy", case, kind="review", began=now, body="区政府",
         copy_received=now)  # fmt: skip
    assert waiting(fashen, "answer_remedy", case) == {*OFFICERS, "clerk"}
    take(fashen, "clerk", "answer_remedy", case, item="r1", answered_with="答复书")
    assert waiting(fashen, "answer_remedy", case) == set()
    take(fashen, "clerk", "record_remedy_result", case, item="r1", ended="upheld", received=now,
         document="复议决定书1号")  # fmt: skip
    assert waiting(fashen, "settle_remedy", case) == {*OFFICERS, "clerk"}


def test_loose_ends_wait_side_by_side_each_for_its_own_people():
    """The head's choice does not hide from the clerk that the fine is to be recorded."""
    fashen = office_at()
    case = a_case(fashen, "in_effect", after="serve_decision")
    (line,) = workbench.page(desk(fashen, "zhang"), Asked(tab="todo")).lines
    assert line.next == "choose_publication"
    assert [(one.verb, one.yours) for one in line.also] == [("record_payment", True)]
    assert waiting(fashen, "record_payment", case) == {*OFFICERS, "clerk"}


def test_whoever_reported_an_act_is_told_when_it_is_decided():
    fashen = office_at()
    case = take(fashen, "clerk", "register_lead", place="村口", text="焚烧", source="12345").case
    take(fashen, "zhang", "start_check", case)
    assert waiting(fashen, "answer_complainant", case) == set()
    take(fashen, "head", "decline_filing", case, reason="没有违法事实")
    assert waiting(fashen, "answer_complainant", case) == {*OFFICERS, "zhao", "clerk"}
    take(fashen, "clerk", "answer_complainant", case, answer="已电话告知")
    assert waiting(fashen, "answer_complainant", case) == set()


def test_of_a_case_made_from_a_published_text_nobody_is_owed_an_answer():
    told = {"lead": {"source": "12345", "found_on": "2025-01-06", "text": "焚烧"}}
    office, calendar = sample_office(), office_at().calendar
    for silent in (False, True):
        case = CaseFile.model_validate({**told, "silent": silent})
        found = waits(case, "decided", "ordinary", office, calendar)
        assert ["answer_complainant"] * (not silent) == [wait.verb for wait in found]


def test_a_case_without_a_penalty_is_served_then_taught_then_closed():
    fashen = office_at()
    case = a_case(fashen, "deciding")
    take(fashen, "head", "decide_no_penalty", case, number="示街不罚〔2025〕1号", ground="slight",
         reasons="违法行为轻微并及时改正，没有造成危害后果")  # fmt: skip
    assert next_of(fashen, case) == "serve_no_penalty"
    take(fashen, "zhang", "serve_no_penalty", case, method="直接送达", receiver="李四", signed=True,
         officers=["zhang", "li"])  # fmt: skip
    assert next_of(fashen, case) == "record_education"
    take(fashen, "zhang", "record_education", case, education="当面教育")
    assert next_of(fashen, case) == "close_without_penalty"
    assert check_all(fashen) == []


def next_of(fashen: Fashen, case: str) -> str:
    (line,) = (x for x in workbench.page(desk(fashen, "head"), Asked()).lines if x.id == case)
    return line.next


# — for whom else ——————————————————————————————————————————————————————————————————————————


def test_a_delegate_finds_what_waits_for_the_principal_of_the_verbs_that_were_given():
    fashen = office_at()
    case = a_case(fashen, "investigating")
    ask_for_more_days(fashen, case)
    take(fashen, "clerk", "ask_recusal", case, person="wang", asked_by="当事人", reason="亲属")
    office = sample_office()
    second = office.person("deputy")
    assert second is not None
    a_delegation(fashen, "head", "deputy", "grant_extension")
    found, _ = approving.pending(fashen, "sample", second)
    assert [p.through for p in found] == [(), ()]  # their own
    a_delegation(fashen, "wang", "li", "return_to_officers")
    li = office.person("li")
    assert li is not None
    assert approving.pending(fashen, "sample", li) == ([], 0)  # no verb of a question is theirs
    a_delegation(fashen, "wang", "li", "submit_review")
    assert approving.pending(fashen, "sample", li) == ([], 0)
    waiting_there = a_case(fashen, "unit_review")
    (one,), cases = approving.pending(fashen, "sample", li)
    assert cases == 1
    assert (one.row.id, one.ask.yes, one.through) == (waiting_there, "submit_review", ("王立新",))


def test_rows_made_again_are_those_that_the_steps_wrote(database_url: str):
    fashen = office_at(database_url)
    case = a_case(fashen, "investigating")
    ask_for_more_days(fashen, case)
    take(fashen, "zhang", "take_measure", case, **a_measure(urgent=True))
    before = kept(fashen)
    assert {row["verb"] for row in before} == {"grant_extension", "approve_measure", "end_measure"}
    with fashen.engine.begin() as tx:
        lines.rebuild(tx, {"sample": sample_office()}, fashen.calendar)
    assert kept(fashen) == before


def kept(fashen: Fashen) -> list[dict[str, Any]]:
    with fashen.engine.connect() as tx:
        key = models.case_wait.primary_key
        chosen = sa.select(models.case_wait).order_by(*key)
        return [dict(row) for row in tx.execute(chosen).mappings()]


def test_other_alerts_of_the_office_bring_the_end_of_a_seizure_sooner():
    fashen = office_at()
    case = a_case(fashen, "investigating")
    on(fashen, 2, 10)
    approved = {
        "approved_at": fashen.clock().isoformat(),
        "approved_by": "head",
        "approved_how": "电话",
    }
    take(fashen, "zhang", "take_measure", case, **a_measure(**approved))
    assert waiting(fashen, "end_measure", case) == set()
    alerts = sample_office().alerts.model_validate({"stages": {"seizure": {"yellow": "-30d"}}})
    offices.load(fashen, sample_office().model_copy(update={"alerts": alerts}))
    assert waiting(fashen, "end_measure", case) == HEADS
