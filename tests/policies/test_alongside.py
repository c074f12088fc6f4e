"""行政处罚法 60, 66, 73, 行政强制法 25, 53, 行政诉讼法 85 — what runs beside a case, as periods and sums count it.

Rules R105, R154, R155, R207, R210, R214 and R215.
"""

import pytest

from policies import alongside
from policies.late_penalty import Instalment
from policies.period import NoPeriod
from policies.things import Interval
from tests.policies.builders import (
    CALENDAR,
    LAW,
    a_deferral,
    a_measure,
    a_remedy,
    a_revocation,
    a_suspension,
    an_enforcement,
    an_extension,
    changed,
    decided,
    facts,
    on,
    ready,
    served,
)


def test_a_case_with_nothing_beside_it_counts_from_nothing():
    bare = alongside.beside(served(), LAW)
    assert (bare.remedies, bare.plan, bare.demands, bare.seizures, bare.registrations) == (
        (), None, (), (), (),
    )  # fmt: skip


def test_what_stands_beside_a_case_is_found_in_its_place():
    kept = a_measure(id="m2", kind="先行登记保存")
    case = served(
        remedies=(a_remedy(),),
        enforcements=(an_enforcement(),),
        measures=(a_measure(), kept),
        deferrals=(a_deferral("2025-03-05"),),
    )
    found = alongside.beside(case, LAW)
    assert [r.kind for r in found.remedies] == ["suit"]
    assert found.demands == (on("2025-08-04"),)
    assert [s.on for s in found.seizures] == [on("2026-03-02")]
    assert found.registrations == (on("2026-03-02"),)
    assert found.plan
    assert found.plan.ends == on("2025-03-05")


# — remedies ——————————————————————————————————————————————————————————————————————————


def test_the_offices_own_correction_is_no_remedy_of_the_party():
    own = a_revocation(id="r2", kind="own")
    assert [r.began for r in alongside.sought(served(remedies=(a_remedy(), own)))] == [
        on("2025-02-10")
    ]


@pytest.mark.parametrize(
    ("how", "final"),
    [
        ({"appealed": True}, True),
        ({"appealed": True, "final": False}, False),
        ({}, False),
        ({"kind": "review"}, False),
        ({"kind": "review", "appealed": True}, False),
    ],
    ids=[
        "second judgment",
        "not settled",
        "first judgment",
        "review",
        "review by mistake so called",
    ],
)
def test_only_a_judgment_of_second_instance_has_no_days_left_to_be_attacked(how, final):
    (taken,) = alongside.sought(served(remedies=(a_revocation(**how),)))
    assert taken.final is final


def test_a_remedy_is_pending_until_its_result_stands():
    def pending(*remedies):
        return [r.id for r in alongside.pending(served(remedies=remedies))]

    assert pending(a_remedy(), a_revocation(id="r2", final=False)) == ["r1", "r2"]
    assert pending(a_revocation()) == []


@pytest.mark.parametrize(
    ("how", "day"),
    [
        ({"appealed": True}, "2025-03-03"),
        ({"kind": "review"}, "2025-03-03"),
        ({"kind": "own"}, "2025-03-03"),
        ({}, "2025-03-18"),
        ({"ended": "refused"}, "2025-03-13"),
        ({"ended": "withdrawn"}, "2025-03-03"),
    ],
    ids=["second judgment", "review", "own", "first judgment", "first ruling", "withdrawn"],
)
def test_a_result_takes_effect_when_nobody_can_appeal_any_more(how, day):
    remedy = a_revocation(**how)
    assert alongside.in_force_on(remedy, LAW, CALENDAR) == on(day)
    assert alongside.in_force_on(changed(remedy, final=False), LAW, CALENDAR) is None


def test_the_end_of_the_remedies_is_that_of_what_the_party_took():
    def end(*remedies):
        return alongside.end_of_remedies(facts(served(remedies=remedies)), LAW)

    assert end().on == on("2025-07-21")
    assert end(a_revocation(ended="upheld")).on == on("2025-03-18")
    assert isinstance(end(a_remedy()), NoPeriod)
    assert alongside.end_of_remedies(facts(decided()), LAW) is None


# — a plan ————————————————————————————————————————————————————————————————————————————


def test_the_plan_that_holds_is_the_last_one_that_was_granted():
    asked = a_deferral("2025-06-02", id="d2", state="deferral.asked", decided_on=None)
    refused = a_deferral("2025-06-02", id="d3", state="deferral.refused")
    later = a_deferral("2025-05-06", id="d4", amount=200, decided_on=on("2025-03-03"))
    first = a_deferral("2025-03-05", "2025-04-07")
    assert alongside.plan(served()) is None
    assert alongside.plan(served(deferrals=(asked, refused))) is None
    held = alongside.plan(served(deferrals=(first, asked, refused)))
    assert (held.since, held.ends) == (on("2025-01-23"), on("2025-04-07"))
    held = alongside.plan(served(deferrals=(first, later)))
    assert held.instalments == (Instalment(on("2025-05-06"), 200),)


# — standing still, longer ————————————————————————————————————————————————————————————


def test_each_stop_is_a_pause_with_its_proof_and_an_open_one_has_no_end():
    over = a_suspension(id="p2", until=on("2025-02-10"), proof="鉴定意见")
    open_, closed = alongside.pauses(ready(suspensions=(a_suspension(), over)))
    assert (open_.reason, open_.first, open_.last) == ("鉴定", on("2025-01-09"), None)
    assert (closed.last, closed.proof) == (on("2025-02-10"), "鉴定意见")


def test_only_an_extension_that_was_granted_makes_the_days_more():
    asked = an_extension(id="t2", state="extension.asked", decided_on=None, approved_by="")
    refused = an_extension(id="t3", state="extension.refused")
    (grant,) = alongside.grants(ready(extensions=(asked, refused, an_extension())))
    assert (grant.days, grant.approved_by, grant.on) == (30, "head", on("2025-03-05"))


def test_a_seizure_brings_its_testing_and_its_one_extension_and_no_other():
    tested = Interval(since=on("2026-03-05"), until=on("2026-03-15"), proof="告知书")
    (plain,) = alongside.beside(served(measures=(a_measure(),)), LAW).seizures
    assert (plain.pauses, plain.grants) == ((), ())
    more = a_measure(testing=(tested,), extended_on=on("2026-03-30"))
    (longer,) = alongside.beside(served(measures=(more,)), LAW).seizures
    assert [(p.first, p.last, p.proof) for p in longer.pauses] == [
        (on("2026-03-05"), on("2026-03-16"), "告知书")  # the 15th was a day of testing too
    ]
    assert [(g.days, g.on) for g in longer.grants] == [(30, on("2026-03-30"))]
