"""机关文件的改动 — proposed by one, signed by another; whatever is refused changes nothing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from policies.office import Office
from tests.builders import OFFICE, a_case, day, everything, office_at, sample_office, set_clock
from workflow import inbox, models, officefile, offices, proposals
from workflow.database import reading
from workflow.deliveries import drain
from workflow.differences import differences
from workflow.errors import FashenError, Malformed, NotFound, NotYourMove
from workflow.program import Fashen

NOW = day(2026, 9, 1)
TEXT = offices.sample_text()
NEW_LINE = TEXT.replace("hotline: '12345'", "hotline: '8890'")
OTHER_LINE = TEXT.replace("hotline: '12345'", "hotline: '8891'")


@pytest.fixture
def fashen() -> Fashen:
    return office_at(now=NOW)


def who(fashen: Fashen, id: str, office: str = OFFICE) -> Any:
    return office_of(fashen, office).person(id)


def office_of(fashen: Fashen, office: str = OFFICE) -> Office:
    with reading(fashen.engine) as tx:
        return fashen.bureau(tx, office).office


def version(fashen: Fashen, office: str = OFFICE) -> int:
    with reading(fashen.engine) as tx:
        return fashen.bureau(tx, office).version


def propose(
    fashen: Fashen, text: str = NEW_LINE, *, by: str = "admin", base: int = 1, reason: str = "热线更正"
) -> int:  # fmt: skip
    return proposals.propose(fashen, OFFICE, who(fashen, by), base=base, text=text, reason=reason)


def sign(fashen: Fashen, id: int, by: str = "head") -> int:
    digest = proposals.read(fashen, OFFICE, id).proposal.digest
    return proposals.sign(fashen, OFFICE, who(fashen, by), id, digest)


def refused(fashen: Fashen, kind: type[FashenError], deed: Any) -> str:
    """What it says no with, when nothing at all has changed."""
    before = everything(fashen)
    with pytest.raises(kind) as no:
        deed()
    assert everything(fashen) == before
    return str(no.value)


# — two people ————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("signer", ["head", "security"])
def test_what_one_proposes_counts_when_another_has_signed(fashen: Fashen, signer: str):
    id = propose(fashen)
    assert office_of(fashen).hotline == "12345"

    assert sign(fashen, id, signer) == 2
    assert office_of(fashen).hotline == "8890"
    found = proposals.read(fashen, OFFICE, id)
    assert (found.proposal.state, found.proposal.version) == ("signed", 2)
    assert found.proposal.decided_by == signer


def test_both_databases_keep_who_proposed_and_who_signed(database_url: str):
    fashen = office_at(database_url, now=NOW)
    id = propose(fashen)
    sign(fashen, id)
    with reading(fashen.engine) as tx:
        row = tx.execute(sa.select(models.office_proposal)).one()
    assert (row.proposed_by, row.decided_by, row.version) == ("admin", "head", 2)
    assert row.text == NEW_LINE


@pytest.mark.parametrize("person", ["zhang", "head", "security", "inspector", "shen", "auditor"])
def test_only_the_system_administrator_proposes(fashen: Fashen, person: str):
    said = refused(fashen, NotYourMove, lambda: propose(fashen, by=person))
    assert "何守一" in said


@pytest.mark.parametrize("person", ["zhang", "deputy", "inspector", "auditor", "clerk"])
def test_nobody_signs_but_the_head_and_the_security_administrator(fashen: Fashen, person: str):
    id = propose(fashen)
    said = refused(fashen, NotYourMove, lambda: sign(fashen, id, person))
    assert "顾明" in said
    assert "程守安" in said


def test_who_proposed_does_not_sign_even_as_a_head(fashen: Fashen):
    both = TEXT.replace("name: 何守一, roles: [admin]", "name: 何守一, roles: [admin, head]")
    offices.load(fashen, offices.parsed(both, "两职"))
    id = propose(fashen, NEW_LINE, base=2)
    said = refused(fashen, proposals.OwnProposal, lambda: sign(fashen, id, "admin"))
    assert "另一个人" in said
    assert "何守一" not in said
    assert sign(fashen, id, "head") == 3


def test_who_becomes_head_only_by_the_proposal_does_not_sign_it(fashen: Fashen):
    more = TEXT.replace("name: 李薇, roles: [officer]", "name: 李薇, roles: [officer, head]")
    id = propose(fashen, more)
    refused(fashen, NotYourMove, lambda: sign(fashen, id, "li"))


# — one after the other ———————————————————————————————————————————————————————————————————


def test_of_two_proposals_on_one_version_the_second_is_stale(fashen: Fashen):
    first, second = propose(fashen), propose(fashen, OTHER_LINE)
    sign(fashen, first)
    assert proposals.read(fashen, OFFICE, second).label == "已过时"
    said = refused(fashen, proposals.Stale, lambda: sign(fashen, second))
    assert "第 1 版" in said
    assert "第 2 版" in said
    assert office_of(fashen).hotline == "8890"


def test_a_change_of_a_version_that_is_gone_is_not_even_proposed(fashen: Fashen):
    sign(fashen, propose(fashen))
    said = refused(fashen, proposals.Stale, lambda: propose(fashen, OTHER_LINE))
    assert "没有提出" in said


def test_a_file_loaded_at_the_command_line_makes_a_proposal_stale(fashen: Fashen):
    id = propose(fashen)
    offices.load(fashen, offices.parsed(OTHER_LINE, "别的"))
    refused(fashen, proposals.Stale, lambda: sign(fashen, id))


def test_the_same_file_handed_in_twice_is_one_proposal(fashen: Fashen):
    assert propose(fashen) == propose(fashen)
    assert len(proposals.listed(fashen, OFFICE)[0]) == 1


def test_a_signature_is_given_once(fashen: Fashen):
    id = propose(fashen)
    sign(fashen, id)
    refused(fashen, proposals.Decided, lambda: sign(fashen, id, "security"))


def test_two_who_sign_at_once_make_one_version(database_url: str):
    fashen = office_at(database_url, now=NOW)
    first, second = propose(fashen), propose(fashen, OTHER_LINE)
    together = threading.Barrier(2)

    def go(id: int) -> str:
        together.wait()
        try:
            return str(sign(fashen, id))
        except FashenError as no:
            return type(no).__name__

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(go, (first, second)))
    assert answers == ["2", "Stale"]
    assert version(fashen) == 2


def test_what_is_signed_is_what_was_shown(fashen: Fashen):
    id = propose(fashen)
    refused(
        fashen,
        Malformed,
        lambda: proposals.sign(fashen, OFFICE, who(fashen, "head"), id, "0" * 64),
    )


def test_a_signer_gives_it_back_with_a_reason_and_the_proposer_hears_of_it(fashen: Fashen):
    id = propose(fashen)
    head = who(fashen, "head")
    refused(fashen, Malformed, lambda: proposals.decline(fashen, OFFICE, head, id, "  "))
    proposals.decline(fashen, OFFICE, head, id, "先附通知")
    drain(fashen)
    assert "先附通知" in inbox.notices(fashen, OFFICE, "admin")[0]["text"]
    assert proposals.read(fashen, OFFICE, id).label == "已退回"
    refused(fashen, proposals.Decided, lambda: sign(fashen, id))


def test_who_proposed_takes_it_back(fashen: Fashen):
    id = propose(fashen)
    proposals.decline(fashen, OFFICE, who(fashen, "admin"), id, "")
    assert proposals.read(fashen, OFFICE, id).label == "已撤回"


def test_those_who_can_sign_are_told(fashen: Fashen):
    propose(fashen)
    drain(fashen)
    for person in ("head", "security"):
        assert "第 1 号" in inbox.notices(fashen, OFFICE, person)[0]["text"]
    assert not inbox.notices(fashen, OFFICE, "admin")


def test_a_proposal_of_another_office_is_not_there(fashen: Fashen):
    offices.load(fashen, sample_office().model_copy(update={"office": "other", "name": "另一街道"}))
    id = propose(fashen)
    head = who(fashen, "head", "other")
    refused(fashen, NotFound, lambda: proposals.read(fashen, "other", id))
    refused(fashen, NotFound, lambda: proposals.sign(fashen, "other", head, id, "x"))
    refused(fashen, NotFound, lambda: proposals.decline(fashen, "other", head, id, "不对"))
    assert proposals.listed(fashen, "other")[0] == []


def test_a_signed_file_touches_no_case(fashen: Fashen):
    a_case(fashen, "investigating")
    drain(fashen)
    tables = ("cases", "ledger", "refusal", "command_key")
    before = {t: rows for t, rows in everything(fashen).items() if t in tables}
    sign(fashen, propose(fashen))
    assert {t: rows for t, rows in everything(fashen).items() if t in tables} == before


# — a file that is refused ————————————————————————————————————————————————————————————————


def at(words: str) -> int:
    """The line of the sample's file on which these words stand first."""
    return next(n for n, line in enumerate(TEXT.splitlines(), 1) if words in line)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TEXT.replace("hotline: '12345'", "hotline: '12345"), ("第 ", " 行", "不是合格的 YAML")),
        (
            TEXT.replace("roles: [unit_head]", "roles: [boss]"),
            (f"第 {at('roles: [unit_head]')} 行", "只能是", "people.3"),
        ),
        (TEXT.replace("team:", "tema:"), (f"第 {at('team:')} 行", "没有这一栏")),
        (TEXT.replace("valid_from: 2020-01-01\n", "valid_from: soon\n", 1), ("写成 2026-01-31",)),
        (TEXT.replace("short: 示街", "short: 12"), (f"第 {at('short: 示街')} 行", "要写成文字")),
        (TEXT.replace("alerts: {}", "alerts: {stages: {dicision: {blue: -3d}}}"), ("decision",)),
        (TEXT.replace("office: sample", "office: mine"), ("office 不能在这里改", "sample")),
        (TEXT.replace("sample: true", "sample: false"), ("sample 不能在这里改", "true")),
        (TEXT, ("没有不同",)),
        ("", ("第 1 行",)),
    ],
)
def test_a_refused_file_says_where_and_how_and_changes_nothing(fashen, text, words):
    said = refused(fashen, Malformed, lambda: propose(fashen, text))
    assert not [word for word in words if word not in said], said
    assert "Input should" not in said


@pytest.mark.parametrize("reason", ["", "   ", "字" * 501, "a\x00b"])
def test_a_proposal_says_why_in_words(fashen: Fashen, reason: str):
    refused(fashen, Malformed, lambda: propose(fashen, reason=reason))


# — in words ——————————————————————————————————————————————————————————————————————————————


def without(id: str) -> str:
    return "".join(x for x in TEXT.splitlines(keepends=True) if f"{{id: {id}," not in x)


def test_the_differences_say_what_is_added_removed_and_changed_and_from_when():
    new = without("zhao").replace(
        "parameters:\n",
        "parameters:\n  - {key: summary.report, from: 2027-01-01, value: 2, unit: wd, source: 新通知}\n",
    )
    new = new.replace("hotline: '12345'", "hotline: '8890'")
    found = {(d.kind, d.part): d for d in differences(sample_office(), offices.parsed(new, "新"))}
    assert set(found) == {("改动", "机关"), ("增加", "参数"), ("删去", "人员")}
    assert found["删去", "人员"].title == "赵岩（zhao）"
    assert found["增加", "参数"].since == "2027-01-01 起"
    (line,) = found["改动", "机关"].lines
    assert (line.was, line.now) == ("12345", "8890")


def test_where_a_person_can_be_reached_is_named_by_channel_alone():
    new = TEXT.replace("post: 内勤}", "post: 内勤, reach: {email: meng@example.gov.cn}}")
    (found,) = differences(sample_office(), offices.parsed(new, "新"))
    assert "email" in str(found)
    assert "meng@" not in str(found)


def warned(fashen: Fashen, text: str) -> str:
    return "\n".join(proposals.read(fashen, OFFICE, propose(fashen, text)).warnings)


def test_dropping_somebody_with_an_open_case_is_warned_of(fashen: Fashen):
    assert "张衡" not in warned(fashen, without("zhang"))
    a_case(fashen, "investigating")
    said = "\n".join(proposals.read(fashen, OFFICE, 1).warnings)
    assert "张衡不在新的人员名单里" in said
    assert "1 件在办案件" in said
    assert "更换承办人" in said


def test_a_case_that_is_over_holds_nobody(fashen: Fashen):
    a_case(fashen, "archived")
    assert "张衡" not in warned(fashen, without("zhang"))


def test_who_is_no_officer_any_more_is_warned_of_too(fashen: Fashen):
    a_case(fashen, "investigating")
    said = warned(
        fashen, TEXT.replace("name: 张衡, roles: [officer]", "name: 张衡, roles: [clerk]")
    )
    assert "张衡不再是承办人" in said


def test_changing_a_number_that_is_in_force_is_warned_of_and_a_new_date_is_not(fashen: Fashen):
    old = "{key: summary.report, from: 2021-07-15, value: 3,"
    said = warned(fashen, TEXT.replace(old, old.replace("value: 3", "value: 2")))
    assert "summary.report" in said
    fresh = old.replace("2021-07-15", "2027-01-01") + " unit: wd, source: 新通知}\n  - "
    assert not warned(fashen, TEXT.replace(f"- {old}", f"- {fresh}{old}"))


def test_an_office_that_nobody_could_lead_or_look_after_is_warned_of(fashen: Fashen):
    assert "没有负责人" in warned(fashen, without("head"))
    assert "没有系统管理员" in warned(fashen, without("admin"))


def test_removing_an_item_that_cases_use_is_warned_of(fashen: Fashen):
    a_case(fashen, "investigating")
    code = sa.select(models.cases.c.power)
    with reading(fashen.engine) as tx:
        used = str(tx.scalar(code))
    fewer = tuple(p for p in sample_office().power_list if p.code != used)
    text = offices.written(sample_office().model_copy(update={"power_list": fewer}))
    assert f"权力事项 {used}" in warned(fashen, text)


# — what nobody has confirmed —————————————————————————————————————————————————————————————


def test_confirming_keeps_every_other_line_and_comment_of_the_file():
    picks = [
        "parameters statement_defence.period 2021-07-15",
        "publication",
        "power_list SL-AIR-01-TJ",
    ]
    made = officefile.confirmed(TEXT, picks)
    office, was = offices.parsed(made, "新"), sample_office()
    left = {row.pick for row in officefile.unconfirmed(was)} - set(picks)
    assert {row.pick for row in officefile.unconfirmed(office)} == left
    changed = [b for a, b in zip(TEXT.splitlines(), made.splitlines(), strict=True) if a != b]
    assert len(changed) == 3


def test_an_entry_that_does_not_say_confirmed_gets_a_line_of_its_own():
    text = TEXT.replace(
        "    confirmed: false\n    bands: []\n    clock_profile: null\n", "    bands: []\n", 1
    )
    code = next(
        row.pick
        for row in officefile.unconfirmed(offices.parsed(text, "旧"))
        if row.pick.startswith("power_list")
    )
    made = officefile.confirmed(text, [code])
    assert len(made.splitlines()) == len(text.splitlines()) + 1
    assert code not in {r.pick for r in officefile.unconfirmed(offices.parsed(made, "新"))}


def test_a_confirmed_parameter_counts_as_confirmed_once_two_have_signed(fashen: Fashen):
    picks = ["parameters statement_defence.period 2021-07-15"]
    base, text = proposals.text_of(fashen, OFFICE)
    assert (base, text) == (1, TEXT)
    id = propose(fashen, officefile.confirmed(text, picks), reason="见到规定原文")
    sign(fashen, id)
    assert {r.pick for r in officefile.unconfirmed(office_of(fashen))}.isdisjoint(picks)
    assert proposals.text_of(fashen, OFFICE)[0] == 2


# — the text to change ————————————————————————————————————————————————————————————————————


def test_a_version_without_a_text_is_written_out_and_reads_back_the_same(fashen: Fashen):
    offices.load(fashen, offices.parsed(OTHER_LINE, "别的"))
    base, text = proposals.text_of(fashen, OFFICE)
    assert base == 2
    assert offices.body_of(offices.parsed(text, "写出")) == offices.body_of(office_of(fashen))


def test_the_text_is_what_was_handed_in_comments_and_all(fashen: Fashen):
    sign(fashen, propose(fashen))
    set_clock(fashen, day(2026, 9, 2))
    assert proposals.text_of(fashen, OFFICE) == (2, NEW_LINE)
