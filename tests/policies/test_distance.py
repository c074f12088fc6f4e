"""民事诉讼法 88, 90, 91, 95 — post, public notice, electronic consent on file, and who may sign.

Rules R180, R181, R183, R185, R186, R189 and R190.
"""

import pytest

from policies import distance, service
from policies.casefile import PartyKind
from policies.core import Doubt, Level
from policies.distance import RECEIVERS
from policies.parts import AddressConfirmation, Dispatch
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    a_citizen,
    a_service,
    an_organisation,
    ask,
    changed,
    decided,
    facts,
    on,
    served,
    silent,
)


def sent(method="公告送达", day="2025-01-20", grounds="村委会出具的下落不明证明"):
    return Dispatch(
        document="行政处罚决定书", method=method, on=on(day), proof="示例日报", grounds=grounds
    )


def by(policy, *services, dispatches=(), **parts):
    case = served(services=services, dispatches=dispatches, **parts)
    return ask(policy, facts(case, at="2025-03-01"))


# — public notice —————————————————————————————————————————————————————————————————————


def test_a_public_notice_says_why_or_comes_after_another_attempt():
    grounded = distance.public_notice_grounded
    announced = a_service("公告送达", "2025-02-20", proof="示例日报")
    unknown = changed(announced, grounds="村委会出具的下落不明证明")
    assert by(grounded, announced).outcome is FAILS
    assert by(grounded, unknown).outcome is HOLDS
    assert by(grounded, announced, dispatches=(sent(),)).outcome is HOLDS
    assert by(grounded, changed(announced, proof="下落不明的证明")).outcome is HOLDS
    assert by(grounded, a_service("邮寄送达", proof="退件"), announced).outcome is HOLDS
    notice = a_service(document="行政处罚事先告知书")
    assert by(grounded, notice, announced).outcome is FAILS
    assert by(grounded, a_service()).outcome is DOES_NOT_APPLY


def test_the_reason_is_asked_when_the_notice_is_issued_and_not_only_when_it_is_over():
    for grounds, outcome in (("", FAILS), ("下落不明", HOLDS)):
        case = changed(decided(), dispatches=(sent(grounds=grounds),))
        given = facts(case, was=decided())
        assert ask(distance.public_notice_grounded, given).outcome is outcome
    posted = changed(decided(), dispatches=(sent("邮寄送达", grounds=""),))
    given = facts(posted, was=decided())
    assert ask(distance.public_notice_grounded, given).outcome is DOES_NOT_APPLY


@pytest.mark.parametrize(("day", "outcome"), [("2025-02-19", HOLDS), ("2025-02-18", FAILS)])
def test_a_document_announced_is_served_when_thirty_days_have_passed(day, outcome):
    announced = a_service("公告送达", day, proof="示例日报")
    assert by(distance.notice_period_over, announced, dispatches=(sent(),)).outcome is outcome
    told = changed(announced, begun_on=on("2025-01-20"))
    assert by(distance.notice_period_over, told).outcome is outcome


def test_where_only_the_proof_says_when_the_notice_was_issued_the_proof_counts():
    announced = a_service("公告送达", "2025-02-18", proof="1 月 20 日示例日报")
    assert by(distance.notice_period_over, announced).outcome is DOES_NOT_APPLY


def test_a_text_that_is_silent_on_the_reason_breaches_nothing():
    case = silent(services=(a_service("公告送达", proof="报纸"),))
    assert ask(distance.public_notice_grounded, facts(case)).doubt is Doubt.UNSTATED


# — post ——————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(("day", "outcome"), [("2025-01-20", HOLDS), ("2025-01-19", FAILS)])
def test_a_posted_document_is_received_on_the_day_of_posting_at_the_earliest(day, outcome):
    posted = a_service("邮寄送达", day, proof="EMS 1")
    given = by(distance.received_after_posting, posted, dispatches=(sent("邮寄送达"),))
    assert given.outcome is outcome


def test_post_and_notice_begun_on_the_seventh_working_day_are_in_time_whenever_they_arrive():
    # Decided on 16 January; the seventh working day is Sunday the 26th, which was worked.
    for begun, outcome in (("2025-01-26", HOLDS), ("2025-01-27", FAILS)):
        posted = a_service("邮寄送达", "2025-02-20", proof="EMS 1", begun_on=on(begun))
        assert by(service.in_time, posted).outcome is outcome
        other = sent("邮寄送达", begun)
        late = a_service("邮寄送达", "2025-02-20", proof="EMS 1")
        assert by(service.in_time, late, dispatches=(other,)).outcome is outcome


# — consent and receivers —————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("signed", "electronic", "outcome"),
    [
        ("2025-01-20", "sealed:1", HOLDS),
        ("2025-01-21", "sealed:1", FAILS),
        ("2025-01-10", "", FAILS),
    ],
)
def test_electronic_service_rests_on_a_consent_signed_before_it(signed, electronic, outcome):
    agreed = AddressConfirmation(on=on(signed), proof="确认书 1", electronic=electronic)
    sent_on = a_service("电子送达", "2025-01-20", proof="邮件已到达")
    assert by(service.electronic_consented, sent_on, address=agreed).outcome is outcome


@pytest.mark.parametrize("kind", PartyKind)
def test_whose_signature_is_a_service_depends_on_the_kind_of_party(kind):
    make = an_organisation if kind is PartyKind.ORGANISATION else a_citizen
    party = make(kind=kind) if kind is not PartyKind.ORGANISATION else make()
    for receiver in {r for fit in RECEIVERS.values() for r in fit} | {"其他人"}:
        said = by(distance.receiver_fits, a_service(receiver_kind=receiver), party=party)
        assert said.outcome is (HOLDS if receiver in RECEIVERS[kind] else FAILS)
    assert by(distance.receiver_fits, a_service()).outcome is DOES_NOT_APPLY
    assert distance.receiver_fits.level is Level.WARN


@pytest.mark.parametrize(
    ("policy", "field"),
    [(distance.publication_told, "publication_told"), (distance.repair_told, "repair_told")],
)
def test_what_goes_with_the_decision_is_only_noted(policy, field):
    assert by(policy, a_service(**{field: True})).outcome is HOLDS
    assert by(policy, a_service()).outcome is FAILS
    assert by(policy, a_service(document="行政处罚事先告知书")).outcome is DOES_NOT_APPLY
    assert policy.level is Level.NOTE


def test_only_another_way_of_sending_the_same_paper_was_an_attempt():
    announced = a_service("公告送达", "2025-02-20", proof="示例日报")
    posted = sent("邮寄送达", "2025-01-10", grounds="")
    grounded = distance.public_notice_grounded
    assert by(grounded, announced, dispatches=(posted,)).outcome is HOLDS
    other = changed(posted, document="行政处罚事先告知书")
    assert by(grounded, announced, dispatches=(other,)).outcome is FAILS


def test_a_public_notice_that_is_not_over_names_the_day_on_which_it_is():
    announced = a_service("公告送达", "2025-02-18", proof="示例日报")
    said = by(distance.notice_period_over, announced, dispatches=(sent(),))
    assert said.day == on("2025-02-19")


@pytest.mark.parametrize(
    ("policy", "words"),
    [(distance.publication_told, "处罚信息将公示"), (distance.repair_told, "信用修复的途径")],
)
def test_what_was_not_told_with_the_decision_is_named(policy, words):
    assert by(policy, a_service()).reason == f"没有登记随决定书告知{words}。"
    said = ask(policy, facts(silent(services=(a_service(),))))
    assert (said.doubt, said.reason) == (
        Doubt.UNSTATED,
        f"来源未载明是否随决定书告知{words}。",
    )
