"""委托 — which verbs may be done for another, and what whoever does them must have."""

from __future__ import annotations

from datetime import date

import pytest

from states.case import CURRENT
from states.delegation import (
    LEADERS,
    LED,
    RESERVED,
    excluded,
    moves_of,
    need_of,
    own_verbs,
    unfit,
)
from tests.policies.builders import OFFICE, a_certificate

VERBS = {m.verb: m for flow in CURRENT.values() for m in flow.moves}
DAY = date(2025, 3, 3)


def person(id: str, **other: object):
    found = OFFICE.person(id)
    assert found is not None
    return found.model_copy(update=other)


@pytest.mark.parametrize("verb", [*RESERVED, *LED])
def test_every_verb_of_the_tables_is_a_verb(verb: str):
    assert verb in VERBS


@pytest.mark.parametrize("verb", RESERVED)
def test_a_reserved_verb_says_its_article_or_that_it_is_our_own_rule(verb: str):
    told = RESERVED[verb].told
    assert "》第" in told or "本机关规则，未确认" in told


@pytest.mark.parametrize("verb", LED)
def test_what_an_article_gives_to_the_head_belongs_to_heads_alone(verb: str):
    assert VERBS[verb].who.roles <= LEADERS


def test_whoever_chairs_a_hearing_cannot_be_chosen_by_whoever_chairs_it():
    chaired = {
        v for v, m in VERBS.items() if "chair" in m.who.roles and m.who.label == "听证主持人"
    }
    assert chaired <= set(RESERVED)


def test_nobody_can_pass_on_what_the_system_does():
    system = {v for v, m in VERBS.items() if m.who.roles == {"system"}}
    assert system
    for someone in OFFICE.people:
        assert not system & set(own_verbs(someone))


@pytest.mark.parametrize(
    ("verb", "principal", "need"),
    [
        ("decide", "head", "leader"),
        ("approve_filing", "deputy", "leader"),
        ("pass_review", "shen", "qualification"),
        ("judge", "shen", "qualification"),
        ("judge", "head", "leader"),
        ("conclude", "wang", "certificate"),
        ("serve_notice", "zhang", "certificate"),
        ("submit_review", "wang", ""),
        ("record_payment", "zhang", ""),
        ("choose_publication", "head", ""),
    ],
)
def test_what_a_delegate_must_have_follows_from_whose_verb_it_is(verb, principal, need):
    assert need_of(VERBS[verb], person(principal)) == need


def test_a_head_can_be_signed_for_by_a_head_alone():
    assert unfit(VERBS["decide"], person("deputy"), person("head"), DAY) == ""
    assert "第五十七条" in unfit(VERBS["decide"], person("wang"), person("head"), DAY)
    assert "未确认" in unfit(VERBS["close"], person("wang"), person("head"), DAY)


def test_a_reviewer_is_stood_in_for_by_whoever_is_qualified():
    shen, counsel = person("shen"), person("counsel")
    assert "没有登记" in unfit(VERBS["pass_review"], counsel, shen, DAY)
    trained = person("counsel", qualification=shen.qualification)
    assert unfit(VERBS["pass_review"], trained, shen, DAY) == ""


def test_a_certificate_counts_on_its_last_day_and_not_on_the_next():
    last = person("clerk", certificate=a_certificate(valid_to=date(2025, 3, 3)))
    officer = person("zhang")
    assert unfit(VERBS["conclude"], last, officer, date(2025, 3, 3)) == ""
    assert "没有有效的" in unfit(VERBS["conclude"], last, officer, date(2025, 3, 4))


@pytest.mark.parametrize(
    ("roles", "out"),
    [
        (("inspector",), True),
        (("inspector", "officer"), True),
        (("admin",), True),
        (("assistant",), True),
        (("admin", "clerk"), False),
        (("counsel",), False),
        (("officer",), False),
    ],
)
def test_who_watches_or_administers_only_signs_for_nobody(roles, out):
    assert bool(excluded(person("zhang", roles=roles))) is out


def test_a_verb_that_is_none_has_no_rows():
    assert moves_of("sign_for_another") == []
