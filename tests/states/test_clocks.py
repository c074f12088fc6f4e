"""Clocks whose length or end hangs on what else is in the file: deciding anew, and a demand that is met."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from policies.casefile import CaseFile, Clock, Correction
from policies.lawbook import Parameter
from policies.office import ClockProfile, Pausable
from policies.office import Extension as Longer
from states.beside.enforcement import ENFORCEMENT
from states.beside.measure import MEASURE
from states.beside.remedy import REMEDY
from states.beside.supervision import SUPERVISION
from states.case import ORDINARY, SUMMARY
from tests.policies.builders import (
    CALENDAR,
    LAW,
    a_closing,
    a_deferral,
    a_filing,
    a_measure,
    a_notice,
    a_paper,
    a_payment,
    a_publication,
    a_remedy,
    a_revocation,
    a_submission,
    a_suspension,
    an_anew,
    an_enforcement,
    an_extension,
    an_item,
    changed,
    facts,
    law,
    office_with,
    on,
    on_spot,
    ready,
    served,
)

# — deciding anew (行政复议法实施条例 49) ————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("until", "due"),
    [("2025-05-02", "2025-05-02"), (None, "2025-05-02"), ("2025-04-01", "2025-04-01")],
)
def test_the_office_decides_anew_until_the_day_it_was_set_or_within_sixty_days(until, due):
    """3 March 2025 and sixty days more is 2 May."""
    case = ready(anew=an_anew(until=until and on(until)))
    opened, _ = ORDINARY.clocks(
        ORDINARY.verbs["decide_anew"],
        facts(case, was=changed(case, clocks={}), at="2025-03-03"),
        LAW,
    )

    assert opened["anew"].due == date.fromisoformat(due)


# — a demand (行政强制法 54) ————————————————————————————————————————————————————————————————


def waiting(*, items=1, **parts):
    """A case with its demands, each with its clock."""
    clock = Clock(
        start=on("2025-08-04"), span="10wd", due=on("2025-08-18"), rolled=on("2025-08-18"),
        ends=on("2025-08-18"), provisional=False, calendar="",
    )  # fmt: skip
    names = [f"x{n}" for n in range(1, items + 1)]
    return served(
        enforcements=tuple(an_enforcement(id=name) for name in names),
        clocks={f"demand:{name}": clock for name in names},
        **parts,
    )


def stopped(verb, was, flow=ORDINARY, **parts):
    step = facts(changed(was, **parts), was=was, at="2025-08-08")
    return flow.clocks(flow.verbs[verb], step, LAW)[1]


@pytest.mark.parametrize(("paid", "closed"), [(999, ()), (1000, ("demand:x1", "demand:x2"))])
@pytest.mark.parametrize("flow", [ORDINARY, SUMMARY], ids=str)
def test_a_demand_waits_until_the_whole_fine_is_paid(flow, paid, closed):
    was = waiting(items=2)

    assert stopped("record_payment", was, flow, payments=(a_payment(paid),)) == closed


def test_a_demand_to_correct_waits_on_after_the_payment_until_somebody_saw_the_correction():
    left = Correction(ordered_on=on("2025-01-06"), corrected=False)
    was = waiting(correction=left)
    paid = changed(was, payments=(a_payment(),))

    assert stopped("record_payment", was, payments=paid.payments) == ()
    done = left.model_copy(update={"corrected": True})
    assert stopped("check_correction", paid, correction=done) == ("demand:x1",)


def test_no_demand_runs_on_in_a_closed_case():
    case = waiting()

    assert stopped("close", case, closing=a_closing("其他", "不再执行")) == ("demand:x1",)


def test_a_step_about_one_demand_leaves_the_clock_of_the_other_alone():
    was = waiting(items=2)
    ended = tuple(
        e.model_copy(update={"ended_on": on("2025-08-08")}) if e.id == "x1" else e
        for e in was.enforcements
    )
    step = facts(
        changed(was, enforcements=ended), was=was, at="2025-08-08", item="x1",
        item_was="enforcement.demanded",
    )  # fmt: skip
    taken = ORDINARY.take("in_effect", "end_execution", step, LAW)

    assert "demand:x1" in taken.closed
    assert "demand:x2" not in taken.closed


# — what a step turns: by its own day, by the day that the record gives, or by hours ——————————————————————


def opened(verb, case, *, was=None, at, flow=ORDINARY, state="deciding", item=""):
    before = was or changed(case, clocks={})
    step = replace(facts(case, was=before, at=at, item=item), state=state)
    return flow.clocks(flow.verbs[verb], step, LAW)[0]


def test_the_reviewers_days_run_from_the_day_the_whole_package_came():
    """Sent on Monday 6 January 2025, whole on Wednesday the 8th: five working days end on the 15th."""
    sent = ready(submissions=(a_submission(),))
    whole = changed(sent, submissions=(a_submission(received_on=on("2025-01-08")),))
    clock = opened("receive_package", whole, was=sent, at="2025-01-09", state="under_review")
    days = LAW.on(on("2025-01-08"))["legal_review.turnaround"].span
    assert clock["legal_review"].start == on("2025-01-08")
    assert clock["legal_review"].span == str(days)


def test_a_package_that_is_only_sent_runs_from_the_day_of_the_step():
    sent = ready(submissions=(a_submission(),))
    clock = opened("submit_review", sent, was=ready(), at="2025-01-07", state="unit_review")
    assert clock["legal_review"].start == on("2025-01-07")


def test_a_package_received_long_ago_does_not_set_the_day_of_a_later_step():
    held = ready(submissions=(a_submission(received_on=on("2025-01-08")),))
    clock = opened("withdraw_pass", held, was=held, at="2025-01-20", state="noticing")
    assert clock["legal_review"].start == on("2025-01-20")


def test_a_package_with_something_missing_starts_nothing():
    sent = ready(submissions=(a_submission(),))
    lacking = changed(sent, submissions=(a_submission(missing=("程序材料",)),))
    assert "legal_review" not in opened(
        "receive_package", lacking, was=sent, at="2025-01-08", state="under_review"
    )


@pytest.mark.parametrize(
    ("state", "runs"),
    [("noticing", True), ("deciding", True), ("notified", False), ("hearing", False)],
)
def test_a_pass_that_is_taken_back_gives_days_only_where_the_file_is_on_the_desk(state, runs):
    held = ready(submissions=(a_submission(),))
    found = opened("withdraw_pass", held, was=held, at="2025-01-20", state=state)
    assert ("legal_review" in found) is runs


def test_the_file_goes_to_the_police_within_a_day_of_the_approval():
    """移送规定 5: twenty-four hours, counted as one day."""
    clock = opened("approve_transfer", ready(), at="2025-01-20")["transfer_hand_over"]
    assert (clock.start, clock.span, clock.due) == (on("2025-01-20"), "1d", on("2025-01-21"))


@pytest.mark.parametrize("before", [True, False])
def test_only_what_was_taken_unapproved_waits_for_approval_a_day(before):
    """行政强制法 19: twenty-four hours after a seizure on the spot."""
    parts = {} if before else {"approved_at": None, "approved_by": "", "urgent": True}
    case = ready(measures=(a_measure(**parts),))
    found = opened("take_measure", case, at="2026-03-02", flow=MEASURE, item="m1")
    assert ("seizure_report:m1" in found) is not before
    if not before:
        clock = found["seizure_report:m1"]
        assert (clock.span, clock.due) == ("1d", on("2026-03-03"))


def test_an_agreement_runs_until_its_last_day():
    made = an_enforcement(agreed_on=on("2025-08-06"), agreed_until=on("2025-10-09"))
    case = served(enforcements=(made,))
    found = opened("agree_execution", case, at="2025-08-06", flow=ENFORCEMENT, item="x1")
    assert found["agreement:x1"].due == on("2025-10-09")
    assert found["agreement:x1"].start == on("2025-08-06")


@pytest.mark.parametrize(
    ("publication", "fallen", "runs"),
    [
        ({"receipt": "回执1"}, True, True),
        ({"receipt": "回执1"}, False, False),
        ({"receipt": ""}, True, False),
        ({"receipt": "回执1", "withdrawn_on": "2025-03-04"}, True, False),
        (None, True, False),
    ],
)
def test_a_published_decision_that_fell_is_taken_back_in_three_working_days(
    publication, fallen, runs
):
    choice = a_publication(**publication) if publication is not None else None
    remedy = (
        a_revocation()
        if fallen
        else a_remedy(state="remedy.final", ended="upheld", received=on("2025-03-03"), final=True)
    )
    case = served(publication=choice, remedies=(remedy,))
    found = opened("settle_remedy", case, at="2025-03-20", item="r1")
    assert ("withdrawal" in found) is runs


# — without a first day —————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("flow", "clock"),
    [
        (ORDINARY, "decision"),
        (ORDINARY, "statement_defence"),
        (ORDINARY, "hearing_request"),
        (ORDINARY, "anew"),
        (ORDINARY, "service"),
        (ORDINARY, "publication"),
        (ORDINARY, "payment"),
        (SUMMARY, "summary_report"),
        (ENFORCEMENT, "demand"),
    ],
)
def test_what_has_not_happened_yet_starts_no_clock(flow, clock):
    assert flow.term(clock).open(facts(CaseFile()), LAW) is None


def test_an_unsent_file_would_give_the_reviewer_days_from_the_day_of_the_step():
    term = ORDINARY.term("legal_review")
    step = facts(CaseFile(), at="2025-01-07")
    assert term.when(step)
    opened = term.open(step, LAW)
    assert opened is not None
    assert opened.start == on("2025-01-07")


def test_a_penalty_on_the_spot_is_reported_within_days_of_the_day_it_was_imposed():
    clock = SUMMARY.term("summary_report").open(facts(on_spot(), at="2025-01-20"), LAW)
    assert clock is not None
    assert clock.start == on("2025-01-16")


# — the windows, the decision, the payment ——————————————————————————————————————————————————


@pytest.mark.parametrize("told", [7, None])
def test_the_party_defends_itself_within_the_days_that_it_was_told_else_the_offices(told):
    case = ready()
    case = changed(case, notices=(a_notice(case.proposal, defence_days=told),))
    clock = opened("serve_notice", case, at="2025-01-08")["statement_defence"]
    offices = LAW.on(on("2025-01-08"))["statement_defence.period"].span
    assert clock.span == (f"{told}wd" if told else str(offices))


HALTS = ClockProfile(
    name="halts", title="示例时限", source="《示例规章》第六十四条", confirmed=True,
    extensions=(Longer(days=30, approved_by="head"),),
    pausable=(Pausable(reason="鉴定", proof="委托书和鉴定意见"),),
)  # fmt: skip
ALLOWING = office_with(
    power_list=(an_item(clock_profile="halts"),), clock_profiles=(HALTS,)
)  # fmt: skip


@pytest.mark.parametrize(
    ("stood", "longer", "allowed", "span"),
    [
        (True, True, True, "130d"),
        (True, False, True, "100d"),
        (False, True, True, "120d"),
        (False, False, True, "90d"),
        (True, True, False, "90d"),
    ],
)
def test_only_the_rule_of_the_item_lets_the_ninety_days_stand_still_or_be_longer(
    stood, longer, allowed, span
):
    """Ten days of 鉴定, and thirty days that the head grants; what still stands is counted when it is over."""
    ten = a_suspension(since=on("2025-02-03"), until=on("2025-02-13"), proof="委托书、鉴定意见")
    open_ = a_suspension(id="p2", since=on("2025-02-20"), proof="委托书")
    case = ready(
        filing=a_filing("2025-01-06"),
        suspensions=(ten, open_) if stood else (),
        extensions=(an_extension(),) if longer else (),
    )
    office = {"office": ALLOWING} if allowed else {}
    step = facts(case, at="2025-03-10", **office)
    clock = ORDINARY.term("decision").open(step, LAW)
    assert clock is not None
    assert (clock.start, clock.span) == (on("2025-01-06"), span)
    assert clock.due == on("2025-01-06") + timedelta(days=int(span[:-1]))


@pytest.mark.parametrize(
    ("ends", "span"), [("2025-03-20", "59d"), ("2025-01-21", "1d"), ("2025-01-20", "15d")]
)
def test_the_fine_is_due_on_the_last_date_of_a_plan_that_goes_beyond_the_service(ends, span):
    """Served on 20 January; a plan that ends on that very day gives no time and takes none away."""
    case = served(deferrals=(a_deferral(ends, amount=1000),))
    clock = ORDINARY.term("payment").open(facts(case, at="2025-01-23"), LAW)
    assert clock is not None
    assert (clock.start, clock.span) == (on("2025-01-20"), span)


@pytest.mark.parametrize(
    ("verb", "parts", "closed"),
    [
        ("record_payment", {"payments": (a_payment(999),)}, ()),
        ("record_payment", {"payments": (a_payment(1000),)}, ("court_window", "payment")),
        ("close", {"closing": a_closing("其他", "不再执行")}, ("court_window", "payment")),
        ("apply_to_court", {"enforcements": (an_enforcement(),)}, ()),
        (
            "apply_to_court",
            {"enforcements": (an_enforcement(decided_on=on("2025-08-08")),)},
            ("court_window",),
        ),
    ],
)
def test_the_clocks_after_service_stop_with_the_last_yuan_the_closing_or_the_application(
    verb, parts, closed
):
    clock = waiting().clocks["demand:x1"]
    was = served(clocks={"payment": clock, "court_window": clock})
    assert sorted(stopped(verb, was, **parts)) == list(closed)


@pytest.mark.parametrize(("hours", "span"), [(24, "1d"), (25, "2d"), (48, "2d"), (49, "3d")])
def test_hours_are_kept_as_days_and_a_day_that_has_begun_is_one(hours, span):
    book = law({"criminal_transfer.hand_over": hours, "seizure.emergency_report": hours})
    step = facts(ready(measures=(a_measure(),)), at="2026-03-02", item="m1")
    for flow, clock in ((ORDINARY, "transfer_hand_over"), (MEASURE, "seizure_report")):
        found = flow.term(clock).open(step, book)
        assert found is not None
        assert found.span == span


# — a remedy, a paper of a supervisor, a demand ———————————————————————————————————————————————


@pytest.mark.parametrize(
    ("remedy", "key"),
    [
        ({"kind": "suit"}, "defendant.evidence.suit"),
        ({"kind": "review"}, "defendant.evidence.review_ordinary"),
        ({"kind": "review", "summary": True}, "defendant.evidence.review_summary"),
    ],
)
def test_the_office_answers_a_remedy_from_the_day_its_copy_came(remedy, key):
    case = served(remedies=(a_remedy(id="r0", copy_received=None), a_remedy(**remedy)))
    found = opened("record_remedy", case, at="2025-02-20", flow=REMEDY, item="r1")
    clock = found["remedy_answer:r1"]
    span = LAW.on(on("2025-02-17"))[key].span
    assert (clock.start, clock.span) == (on("2025-02-17"), str(span))
    assert clock.ends == CALENDAR.count(on("2025-02-17"), span).rolled


def test_a_remedy_is_answered_within_the_days_of_the_day_its_copy_came():
    """A number that changes between the copy and its entry is not yet that of this remedy."""
    later = LAW.with_local(
        [Parameter("defendant.evidence.suit", 99, "d", on("2025-02-18"), "本测试设定", True)]
    )
    step = facts(served(remedies=(a_remedy(),)), at="2025-02-20", item="r1")
    clock = REMEDY.term("remedy_answer").open(step, later)
    assert clock is not None
    assert clock.span == str(LAW.on(on("2025-02-17"))["defendant.evidence.suit"].span)


def test_things_that_are_still_held_do_not_move_the_days_to_ask_the_court():
    """The six months to sue end on 21 July 2025, three months later the days to ask."""
    for measures in ((), (a_measure(),)):
        case = served(measures=measures)
        clock = ORDINARY.term("court_window").open(facts(case, at="2025-01-20"), LAW)
        assert clock is not None
        assert (clock.start, clock.ends) == (on("2025-07-21"), on("2025-10-21"))


def test_a_remedy_of_which_no_copy_has_come_waits_for_no_answer():
    case = served(remedies=(a_remedy(copy_received=None),))
    assert opened("record_remedy", case, at="2025-02-20", flow=REMEDY, item="r1") == {}


@pytest.mark.parametrize(
    ("paper", "span", "ends"),
    [
        ({}, "60d", "2025-05-06"),  # the sixtieth day, 2 May, is a holiday
        ({"kind": "检察建议书", "due": on("2025-04-01")}, "29d", "2025-04-01"),
    ],
)
def test_a_supervisors_paper_is_answered_within_sixty_days_or_by_its_own_date(paper, span, ends):
    other = a_paper(id="v0", received=on("2025-01-02"))
    case = served(supervisions=(other, a_paper(**paper)))
    found = opened("record_supervision", case, at="2025-03-10", flow=SUPERVISION, item="v1")
    clock = found["supervision:v1"]
    assert (clock.start, clock.span, clock.ends) == (on("2025-03-03"), span, on(ends))


def test_a_demand_waits_from_the_day_on_which_it_was_served():
    other = an_enforcement(id="x0", demanded_on=on("2025-07-01"))
    case = served(enforcements=(other, an_enforcement()))
    found = opened("serve_demand", case, at="2025-08-05", flow=ENFORCEMENT, item="x1")
    assert found["demand:x1"].start == on("2025-08-04")
