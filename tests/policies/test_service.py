"""行政处罚法 61; 民事诉讼法 87-91, 95 — delivered in time, in a lawful manner, with a receipt."""

import pytest

from policies import service
from policies.core import Doubt, Level
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    LAW,
    a_service,
    ask,
    changed,
    decided,
    facts,
    on,
    ready,
    served,
    silent,
)

PERSONAL = ("直接送达", "留置送达", "当场交付")
DISTANT = ("邮寄送达", "电子送达", "公告送达")


def by(policy, method, served_on="2025-01-20", **other):
    case = served(services=(a_service(method, served_on, **other),))
    return ask(policy, facts(case, at="2025-01-20"))


# — proof —————————————————————————————————————————————————————————————————————————————


def test_a_signed_receipt_proves_the_service():
    for method in ("直接送达", "当场交付"):
        assert by(service.proved, method).outcome is HOLDS
        assert by(service.proved, method, signed=False).outcome is FAILS


def test_a_refusal_noted_on_the_spot_is_enough_and_elsewhere_the_document_must_be_left():
    refused = {"signed": False, "refusal": "当事人拒绝签收"}
    assert by(service.proved, "当场交付", **refused).outcome is HOLDS
    said = by(service.proved, "直接送达", **refused)
    assert said.outcome is FAILS
    assert "留置送达" in said.remedy
    assert by(service.proved, "留置送达", **refused, proof="社区见证").outcome is HOLDS


@pytest.mark.parametrize("method", DISTANT)
def test_post_message_and_public_notice_need_their_own_proof(method):
    assert by(service.proved, method, proof="回执 123").outcome is HOLDS
    said = by(service.proved, method)
    assert said.outcome is FAILS
    assert method in said.reason


def test_post_needs_neither_signature_nor_officers():
    posted = {"signed": False, "officers": (), "proof": "EMS 1234567890"}
    assert by(service.proved, "邮寄送达", **posted).outcome is HOLDS


@pytest.mark.parametrize(("proof", "outcome"), [("社区代表见证", HOLDS), ("", FAILS)])
def test_a_document_is_left_behind_with_a_witness_or_a_video(proof, outcome):
    assert by(service.left_with_witness, "留置送达", proof=proof).outcome is outcome


@pytest.mark.parametrize(("proof", "outcome"), [("确认书 2025-3", HOLDS), ("微信已读", FAILS)])
def test_electronic_service_needs_the_signed_consent(proof, outcome):
    assert by(service.electronic_consented, "电子送达", proof=proof).outcome is outcome


def test_other_manners_are_not_asked_for_witness_or_consent():
    assert by(service.left_with_witness, "直接送达").outcome is DOES_NOT_APPLY
    assert by(service.electronic_consented, "邮寄送达", proof="EMS 1").outcome is DOES_NOT_APPLY


def test_the_newest_service_is_the_one_that_is_asked_about():
    good, bad = a_service(), a_service(signed=False)
    for services, outcome in (((bad, good), HOLDS), ((good, bad), FAILS)):
        assert ask(service.proved, facts(served(services=services))).outcome is outcome


# — time ——————————————————————————————————————————————————————————————————————————————


def test_a_decision_is_served_on_its_own_day_at_the_earliest():
    assert by(service.after_document, "直接送达", "2025-01-16").outcome is HOLDS
    said = by(service.after_document, "直接送达", "2025-01-15")
    assert said.outcome is FAILS
    assert "2025-01-15" in said.reason
    assert "2025-01-16" in said.reason


def test_the_seventh_working_day_is_in_time_and_the_eighth_is_answered_for():
    # 17, 20, 21, 22, 23, 24 and the worked Sunday 26; then the Spring Festival.
    assert by(service.in_time, "直接送达", "2025-01-26").outcome is HOLDS
    said = by(service.in_time, "直接送达", "2025-01-27")
    assert said.outcome is FAILS
    assert "2025-01-26" in said.reason
    assert service.in_time.level is Level.WARN


@pytest.mark.parametrize("method", ["邮寄送达", "公告送达"])
def test_post_and_public_notice_begun_in_time_may_arrive_late(method):
    assert by(service.in_time, method, "2025-03-20", proof="EMS 1").outcome is DOES_NOT_APPLY


def test_a_weekend_is_a_day_like_any_other_for_service():
    assert by(service.in_time, "直接送达", "2025-01-18").outcome is HOLDS
    assert by(service.after_document, "直接送达", "2025-01-18").outcome is HOLDS


def test_without_a_service_or_a_decision_there_is_nothing_to_ask():
    for policy in (service.proved, service.left_with_witness, service.electronic_consented):
        assert ask(policy, facts(decided())).outcome is DOES_NOT_APPLY
    early = changed(ready(), services=(a_service(document="告知书"),))
    for policy in (service.after_document, service.in_time):
        assert ask(policy, facts(early)).outcome is DOES_NOT_APPLY


def test_a_published_text_that_is_silent_on_the_receipt_breaks_nothing():
    for method in (*DISTANT, *PERSONAL):
        told = silent(services=(a_service(method, receiver=""),))
        assert ask(service.proved, facts(told)).doubt is Doubt.UNSTATED, method
    left = silent(services=(a_service("留置送达"),))
    assert ask(service.left_with_witness, facts(left)).doubt is Doubt.UNSTATED
    sent = silent(services=(a_service("电子送达"),))
    assert ask(service.electronic_consented, facts(sent)).doubt is Doubt.UNSTATED


def test_a_refusal_is_told_where_one_was_noted():
    for refusal, told in (("当事人拒绝签收", "（当事人拒绝签收）"), ("", "")):
        said = by(service.proved, "直接送达", signed=False, refusal=refusal)
        assert said.reason == f"送达回证没有签收{told}。"


def test_a_published_text_that_names_who_received_it_proves_the_service():
    told = silent(services=(a_service("直接送达", receiver="sealed:receiver:1"),))
    assert ask(service.proved, facts(told)).outcome is HOLDS
    unnamed = served(services=(a_service("直接送达", receiver=""),))
    assert ask(service.proved, facts(unnamed)).outcome is HOLDS  # signed, and it is our own file


@pytest.mark.parametrize(
    ("method", "did"), [("直接送达", "送达"), ("邮寄送达", "开始办理"), ("公告送达", "开始办理")]
)
def test_what_counts_in_time_is_told_by_what_was_done(method, did):
    begun = {} if did == "送达" else {"begun_on": on("2025-01-26"), "proof": "EMS 1"}
    cite = LAW.on(on("2025-01-16"))["service.decision"].cite
    in_time = by(service.in_time, method, "2025-01-26", **begun)
    assert in_time.reason == f"送达期限至 2025-01-26（{cite}），2025-01-26 已{did}。"
    begun = begun and {**begun, "begun_on": on("2025-01-27")}
    late = by(service.in_time, method, "2025-01-27", **begun)
    assert late.reason == f"送达期限至 2025-01-26（{cite}），2025-01-27 才{did}。"
