"""公示 — whether, reviewed by whom, what must not be in it, and for how long."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from policies import publication
from policies.casefile import CaseFile
from policies.core import Level, Verdict
from policies.facts import Elsewhere
from policies.publication import gravity, period
from policies.publicity import OPEN_TO_ANY, Correction, Publication, Receipt
from states.clocks import answered_everywhere, down_everywhere
from tests.policies.builders import (
    CALENDAR,
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    LAW,
    a_citizen,
    a_payment,
    a_publication,
    a_repair,
    a_revocation,
    an_organisation,
    changed,
    facts,
    law,
    on,
    on_spot,
    served,
)

BEFORE, SINCE = "2026-03-31", "2026-04-01"
"""The day before and the day on which the classes of 信用修复管理办法 begin."""


def decided_on(day: str, case: CaseFile | None = None, **decision: Any) -> CaseFile:
    case = case or served()
    assert case.decision is not None
    return changed(case, decision=case.decision.model_copy(update={"date": on(day), **decision}))


def ask(policy: Any, case: CaseFile, at: str = "2026-05-06", **other: Any) -> Verdict:
    verdict: Verdict = policy.asks(facts(case, at=at, **other), LAW)
    return verdict


# — 类别 —


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (decided_on(BEFORE), None),
        (decided_on(SINCE), "一般"),
        (decided_on(SINCE, on_spot()), "轻微"),
        (decided_on(SINCE, kinds=("警告",)), "轻微"),
        (decided_on(SINCE, kinds=("警告", "通报批评")), "轻微"),
        (decided_on(SINCE, kinds=("警告", "罚款")), "一般"),
        (decided_on(SINCE, kinds=("吊销许可证件",)), "严重"),
        (decided_on(SINCE, on_spot(), kinds=("责令关闭",)), "严重"),
        (CaseFile(), None),
    ],
)
def test_the_class_follows_procedure_and_kind_from_the_day_that_knows_classes(case, told):
    assert gravity(case, LAW) == told


@pytest.mark.parametrize(("fine", "told"), [(99_999, "一般"), (100_000, "严重")])
def test_an_office_may_say_what_a_huge_fine_is(fine: int, told: str):
    book = law({"publication_class.serious_fine.org": Decimal(100_000)})
    case = decided_on(SINCE, served(party=an_organisation()), fine=Decimal(fine))
    assert gravity(case, book) == told
    assert gravity(changed(case, party=a_citizen()), book) == "一般"


@pytest.mark.parametrize(
    ("of", "which", "day"),
    [
        ("轻微", "min", "2026-04-01"), ("轻微", "max", "2026-07-01"),
        ("一般", "min", "2026-07-01"), ("一般", "max", "2027-04-01"),
        ("严重", "min", "2027-04-01"), ("严重", "max", "2029-04-01"),
    ],
)  # fmt: skip
def test_the_time_of_display_is_counted_from_the_decision(of: Any, which: str, day: str):
    choice = a_publication(gravity=of)
    assert period(decided_on(SINCE), choice, LAW, CALENDAR, which) == on(day)


def test_before_the_law_no_end_is_set():
    assert period(decided_on(BEFORE), a_publication(gravity="一般"), LAW, CALENDAR, "max") is None
    assert period(decided_on(SINCE), a_publication(), LAW, CALENDAR, "max") is None


# — 审查 —


def test_nobody_reviews_what_he_put_together():
    case = served(publication=a_publication(chosen_by="clerk"))
    own = ask(publication.second_person, case, actor="clerk")
    assert own.outcome is FAILS
    assert "沈知远" in own.by
    assert "孟晓禾" not in own.by
    assert ask(publication.second_person, case, actor="shen").outcome is HOLDS
    withheld = served(publication=a_publication(publish=False))
    for other in (withheld, served()):
        assert ask(publication.second_person, other).outcome is DOES_NOT_APPLY


def test_what_a_search_found_of_people_stops_the_publication():
    case = served(publication=a_publication())
    found = Elsewhere(identifying=("违法事实里的姓名（第 3 字起）",))
    said = ask(publication.nothing_identifying, case, elsewhere=found)
    assert said.outcome is FAILS
    assert "第 3 字起" in said.reason
    assert publication.nothing_identifying.level is Level.BLOCK
    assert ask(publication.nothing_identifying, case).outcome is HOLDS


def test_a_record_that_the_platform_would_send_back_is_told_and_can_be_answered_for():
    case = served(publication=a_publication())
    said = ask(publication.record_complete, case, elsewhere=Elsewhere(record=("文号没有填",)))
    assert said.outcome is FAILS
    assert "文号没有填" in said.reason
    assert publication.record_complete.level is Level.WARN
    assert ask(publication.record_complete, case).outcome is HOLDS


@pytest.mark.parametrize(
    ("party", "outcome"),
    [
        (a_citizen(age="under_14"), FAILS), (a_citizen(age="under_18"), FAILS),
        (a_citizen(minor=True), FAILS), (a_citizen(age="adult"), HOLDS), (a_citizen(), HOLDS),
    ],
)  # fmt: skip
def test_a_minor_is_shown_only_for_a_written_reason(party: Any, outcome: Any):
    case = served(party=party, publication=a_publication())
    assert ask(publication.minor_party, case).outcome is outcome
    withheld = changed(case, publication=a_publication(publish=False))
    assert ask(publication.minor_party, withheld).outcome is DOES_NOT_APPLY


def test_a_minor_case_is_shown_only_where_it_is_needed():
    bare = served(publication=a_publication(gravity="轻微"))
    assert ask(publication.minor_needed, bare).outcome is FAILS
    needed = changed(bare, publication=a_publication(gravity="轻微", necessity="群众反映强烈"))
    assert ask(publication.minor_needed, needed).outcome is HOLDS
    for other in (a_publication(gravity="一般"), a_publication(), a_publication(publish=False)):
        assert ask(publication.minor_needed, served(publication=other)).outcome is DOES_NOT_APPLY


def test_a_secret_is_for_a_head_to_say():
    def said(ground: Any, approved_by: str = "") -> Any:
        choice = a_publication(publish=False, ground=ground, approved_by=approved_by)
        return ask(publication.exemption_approved, served(publication=choice)).outcome

    for ground in ("国家秘密或者依法禁止公开", "商业秘密", "个人隐私", "当事人是未成年人"):
        assert said(ground) is FAILS
        assert said(ground, "clerk") is FAILS
        assert said(ground, "head") is HOLDS
        assert said(ground, "deputy") is HOLDS
    for ground in (*OPEN_TO_ANY, None):
        assert said(ground) is DOES_NOT_APPLY


# — 修复 —


@pytest.mark.parametrize(("day", "outcome"), [("2026-07-01", FAILS), ("2026-07-02", HOLDS)])
def test_a_repair_waits_for_the_shortest_time(day: str, outcome: Any):
    choice = a_publication(gravity="一般", repairs=(a_repair("2026-06-01", day),))
    case = decided_on(SINCE, served(publication=choice, payments=(a_payment(1000),)))
    assert ask(publication.repair_due, case, at=day).outcome is outcome


def test_a_repair_waits_for_what_is_owed():
    choice = a_publication(gravity="一般", repairs=(a_repair("2026-06-01", "2026-08-03"),))
    case = decided_on(SINCE, served(publication=choice))
    said = ask(publication.repair_due, case)
    assert said.outcome is FAILS
    assert "1000 元" in said.reason
    refused = changed(case, publication=a_publication(repairs=(a_repair(granted=False),)))
    for other in (
        refused,
        changed(case, publication=a_publication()),
        changed(case, publication=None),
    ):
        assert ask(publication.repair_due, other).outcome is DOES_NOT_APPLY


# — 是否在外 —


def test_what_is_out_and_what_is_shown():
    choice = a_publication()
    assert not choice.went_out
    reviewed = a_publication(reviewed_on="2025-01-22")
    assert reviewed.shown
    legacy = a_publication(receipt="示公 1", published_on="2025-01-22")
    assert legacy.shown
    for update in ({"withdrawn_on": date(2025, 3, 1)}, {"ended_on": date(2025, 3, 1)}):
        down = reviewed.model_copy(update=update)
        assert down.over
        assert not down.shown
        assert down.went_out


def test_receipts_are_counted_by_platform_and_version():
    first = Receipt(platform="directory", version=1, receipt="1", on=date(2025, 1, 22))
    choice = a_publication(reviewed_on="2025-01-22", receipts=(first,), platforms=("directory",))
    assert answered_everywhere(facts(served(publication=choice)))
    second = choice.model_copy(update={"version": 2})
    assert not answered_everywhere(facts(served(publication=second)))
    elsewhere = first.model_copy(update={"platform": "http"})
    other = choice.model_copy(update={"receipts": (elsewhere,)})
    assert not answered_everywhere(facts(served(publication=other)))
    both = choice.model_copy(update={"platforms": ("directory", "http")})
    assert both.unanswered == ("http",)
    assert not answered_everywhere(facts(served(publication=both)))
    said = ask(publication.receipt_back, served(publication=both))
    assert said.outcome is FAILS
    assert "（联网平台）" in said.reason
    assert ask(publication.receipt_back, served(publication=choice)).outcome is HOLDS
    assert answered_everywhere(facts(served(publication=a_publication(publish=False))))
    assert answered_everywhere(facts(served()))


def test_a_correction_answers_for_a_fallen_decision_only_after_a_withdrawal():
    fell = (a_revocation(ended="changed", fine_after=300),)
    plain = Correction(version=2, on=date(2026, 5, 6), by="clerk", reason="写错")
    shown = a_publication(reviewed_on="2025-01-22", corrections=(plain,))
    case = served(remedies=fell, publication=shown)
    assert ask(publication.withdrawn, case).outcome is FAILS
    again = plain.model_copy(update={"withdrawn_on": date(2026, 5, 5), "withdrawn_because": "变更"})
    case = changed(case, publication=shown.model_copy(update={"corrections": (again,)}))
    assert ask(publication.withdrawn, case).outcome is HOLDS


def down(**update: Any) -> Publication:
    """Two versions on two platforms, withdrawn."""
    receipts = tuple(
        Receipt(platform=platform, version=version, receipt="1", on=date(2026, 5, 6))
        for version in (1, 2)
        for platform in ("directory", "http")
    )
    made: Publication = a_publication(
        reviewed_on="2026-05-06", withdrawn_on="2026-05-20", receipts=receipts
    )
    shown: Publication = made.model_copy(update={"version": 2, **update})
    return shown


def confirmed(choice: Publication, platform: str, version: int = 2) -> Publication:
    receipts = tuple(
        r.model_copy(update={"withdrawn_on": date(2026, 5, 21)})
        if (r.platform, r.version) == (platform, version)
        else r
        for r in choice.receipts
    )
    return choice.model_copy(update={"receipts": receipts})


def test_a_withdrawal_is_over_when_every_platform_took_down_what_it_showed():
    choice = down()
    assert choice.still_up == ("directory", "http")
    assert not down_everywhere(facts(served(publication=choice)))
    one = confirmed(choice, "http")
    assert one.still_up == ("directory",)
    assert confirmed(one, "directory", version=1).still_up == ("directory",)
    both = confirmed(one, "directory")
    assert both.still_up == ()
    assert down_everywhere(facts(served(publication=both)))
    assert down_everywhere(facts(served(publication=a_publication(reviewed_on="2026-05-06"))))


def test_what_is_shown_again_after_a_withdrawal_still_owes_the_old_ones_end():
    again = Correction(
        version=3, on=date(2026, 5, 22), by="clerk", reason="变更", withdrawn_on=date(2026, 5, 20)
    )
    choice = down(withdrawn_on=None, version=3, corrections=(again,))
    third = Receipt(platform="http", version=3, receipt="3", on=date(2026, 5, 23))
    choice = choice.model_copy(update={"receipts": (*choice.receipts, third)})
    assert choice.still_up == ("directory", "http")
    assert confirmed(confirmed(choice, "http"), "directory").still_up == ()
    assert down(withdrawn_on=None).still_up == ()
