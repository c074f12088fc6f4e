"""公示的各步 — chosen, reviewed, corrected, repaired, run out: what each leaves behind and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from policies.facts import canonical
from tests.builders import a_case, day, document_of, office_at, set_clock, take
from workflow import errors, models
from workflow.deliveries import drain
from workflow.oracle import check_all
from workflow.program import Fashen
from workflow.sweep import sweep

NOW = day(2026, 5, 4)
PLAIN = "当事人露天焚烧秸秆"


@pytest.fixture
def fashen(database_url: str) -> Iterator[Fashen]:
    made = office_at(database_url, now=NOW)
    yield made
    drain(made)
    faults = check_all(made)
    made.engine.dispose()
    assert faults == []


def choice_of(fashen: Fashen, case: str) -> dict[str, Any]:
    told: dict[str, Any] = document_of(fashen, case)["publication"]
    return told


def chosen(fashen: Fashen, **form: Any) -> str:
    case = a_case(fashen, "in_effect")
    take(fashen, "clerk", "choose_publication", case, reason="有一定社会影响", facts=PLAIN, **form)
    return case


def published(fashen: Fashen) -> str:
    case = chosen(fashen)
    take(fashen, "shen", "review_publication", case)
    drain(fashen)
    return case


def board(fashen: Fashen) -> list[Any]:
    n = models.notice.c
    with fashen.engine.connect() as tx:
        return list(tx.execute(sa.select(n.state, n.version, n.body, n.reason)))


def sent(fashen: Fashen) -> list[Any]:
    p = models.publication.c
    with fashen.engine.connect() as tx:
        rows = sa.select(p.version, p.state).order_by(p.version)
        return [tuple(row) for row in tx.execute(rows)]


def refused(fashen: Fashen, by: str, verb: str, case: str, **form: Any) -> str:
    before = document_of(fashen, case)
    with pytest.raises(errors.FashenError) as no:
        take(fashen, by, verb, case, **form)
    assert document_of(fashen, case) == before
    return str(no.value)


def test_nothing_goes_out_before_the_review(fashen: Fashen):
    case = chosen(fashen)
    drain(fashen)
    assert board(fashen) == []
    assert sent(fashen) == []
    assert "receipt" not in choice_of(fashen, case)


def test_a_review_shows_it_and_sends_it_once(fashen: Fashen):
    case = published(fashen)
    [(state, version, body, _)] = board(fashen)
    assert (state, version) == ("shown", 1)
    assert PLAIN in body
    assert sent(fashen) == [(1, "confirmed")]
    assert choice_of(fashen, case)["until"] == "2027-05-12"
    assert "publication" not in document_of(fashen, case)["clocks"]


def test_a_review_holds_for_what_was_shown_and_nothing_else(fashen: Fashen):
    case = chosen(fashen)
    assert "重新核对" in refused(fashen, "shen", "review_publication", case, digest="0" * 64)
    assert board(fashen) == []


def test_what_was_sent_back_is_put_together_anew(fashen: Fashen):
    case = chosen(fashen)
    take(fashen, "shen", "return_publication", case, reason="写明地点")
    assert choice_of(fashen, case)["returned"] == "写明地点"
    take(fashen, "clerk", "choose_publication", case, reason="有一定社会影响", facts="另一种写法")
    take(fashen, "shen", "review_publication", case)
    assert "另一种写法" in board(fashen)[0].body


def test_once_reviewed_it_is_corrected_or_withdrawn_and_not_chosen_again(fashen: Fashen):
    case = published(fashen)
    for verb, form in (
        ("choose_publication", {"reason": "再选一次"}),
        ("withhold_publication", {"reason": "不公示了"}),
        ("review_publication", {}),
        ("return_publication", {"reason": "再看看"}),
    ):
        by = "head" if "publication" in verb and verb[:2] == "re" else "clerk"
        assert refused(fashen, by, verb, case, **form)


def test_a_correction_takes_the_place_of_the_old_once_another_has_reviewed_it(fashen: Fashen):
    case = published(fashen)
    take(fashen, "clerk", "correct_publication", case, reason="地点写错", facts="更正后的写法")
    assert PLAIN in board(fashen)[0].body
    drain(fashen)
    assert sent(fashen) == [(1, "confirmed")]
    assert "clerk" not in refused(fashen, "clerk", "review_publication", case)
    take(fashen, "shen", "review_publication", case)
    [(state, version, body, _)] = board(fashen)
    assert (state, version) == ("shown", 2)
    assert "更正后的写法" in body
    assert PLAIN not in body
    drain(fashen)
    assert sent(fashen) == [(1, "confirmed"), (2, "confirmed")]
    assert [r["version"] for r in choice_of(fashen, case)["receipts"]] == [1, 2]


def test_a_second_correction_before_the_review_is_still_the_same_version(fashen: Fashen):
    case = published(fashen)
    for text in ("第一次更正", "第二次更正"):
        take(fashen, "clerk", "correct_publication", case, reason="写错", facts=text)
    assert choice_of(fashen, case)["version"] == 2
    assert len(choice_of(fashen, case)["corrections"]) == 2


def test_a_withdrawal_takes_it_down_everywhere_and_leaves_the_reason(fashen: Fashen):
    case = published(fashen)
    take(fashen, "head", "withdraw_publication", case, reason="决定已被撤销")
    [(state, _, body, reason)] = board(fashen)
    assert (state, reason) == ("withdrawn", "决定已被撤销")
    assert PLAIN not in body
    drain(fashen)
    assert sent(fashen) == [(1, "withdrawn")]
    assert choice_of(fashen, case)["receipts"][0]["withdrawn_on"]
    [file] = fashen.settings.published.glob("*.json")
    assert PLAIN not in file.read_text("utf-8")
    assert "决定已被撤销" in file.read_text("utf-8")


def test_a_withdrawal_before_anything_was_sent_sends_nothing(fashen: Fashen):
    case = chosen(fashen)
    take(fashen, "shen", "review_publication", case)
    take(fashen, "head", "withdraw_publication", case, reason="决定已被撤销")
    drain(fashen)
    assert [state for _, state in sent(fashen)] in ([], ["cancelled"])
    assert not list(fashen.settings.published.glob("*.json"))


def test_a_reason_that_names_somebody_does_not_go_out(fashen: Fashen):
    case = published(fashen)
    said = refused(
        fashen, "head", "withdraw_publication", case, reason="当事人电话 13800138000 打不通"
    )
    assert "电话" in said
    assert board(fashen)[0].state == "shown"


def until(fashen: Fashen, moment: datetime) -> None:
    set_clock(fashen, moment)
    sweep(fashen)
    drain(fashen)


def test_it_runs_out_on_the_day_after_its_last(fashen: Fashen):
    case = published(fashen)
    until(fashen, day(2027, 5, 12) + timedelta(hours=14))
    assert board(fashen)[0].state == "shown"
    until(fashen, day(2027, 5, 13))
    assert board(fashen)[0].state == "ended"
    assert sent(fashen) == [(1, "withdrawn")]
    assert choice_of(fashen, case)["ended_on"] == "2027-05-13"
    take(fashen, "head", "withdraw_publication", case, reason="决定后来被撤销")
    assert board(fashen)[0].state == "withdrawn"


def test_a_repair_that_is_refused_changes_nothing_outside(fashen: Fashen):
    case = published(fashen)
    take(
        fashen, "head", "repair_credit", case, asked_on="2026-05-12", granted=False, reason="未缴清"
    )
    assert board(fashen)[0].state == "shown"
    assert "display" in document_of(fashen, case)["clocks"]


def test_a_repair_takes_it_down(fashen: Fashen):
    case = published(fashen)
    why = {"publication.repair_due": "上级决定提前修复"}
    take(fashen, "head", "repair_credit", case, asked_on="2026-05-12", granted=True,
         reason="已履行", excuses=why)  # fmt: skip
    assert board(fashen)[0].state == "ended"
    assert "display" not in document_of(fashen, case)["clocks"]
    drain(fashen)
    assert sent(fashen) == [(1, "withdrawn")]


def test_what_the_file_lacks_for_the_platform_is_written_down_with_the_choice(fashen: Fashen):
    case = a_case(fashen, "in_effect")
    assert "不能" in refused(
        fashen, "clerk", "choose_publication", case, reason="有一定社会影响", facts=PLAIN,
        party_number="11010519491231002X",
    )  # fmt: skip
    assert "没有法定代表人" in refused(
        fashen, "clerk", "choose_publication", case, reason="有一定社会影响", facts=PLAIN,
        representative="王五",
    )  # fmt: skip


def test_a_receipt_can_be_put_down_by_hand_and_only_once(fashen: Fashen):
    case = chosen(fashen)
    form: Any = {"receipt": "平台 1", "published_on": "2026-05-12"}
    assert "审查" in refused(fashen, "clerk", "record_publication", case, **form)
    take(fashen, "shen", "review_publication", case)
    take(fashen, "clerk", "record_publication", case, **form)
    assert "不能改写" in refused(fashen, "clerk", "record_publication", case, **form)
    assert choice_of(fashen, case)["receipt"] == "平台 1"
    drain(fashen)
    assert choice_of(fashen, case)["receipt"] == "平台 1"


def test_what_a_platform_never_had_it_does_not_take_down(fashen: Fashen):
    case = published(fashen)
    down = {"receipt": "下架 1", "withdrawn_on": "2026-05-12"}
    assert "没有撤回" in refused(fashen, "clerk", "record_withdrawal", case, **down)
    take(fashen, "head", "withdraw_publication", case, reason="决定已被撤销")
    said = refused(fashen, "clerk", "record_withdrawal", case, platform="http", **down)
    assert "没有收到过" in said


def of_before(fashen: Fashen) -> str:
    """A case that was published when choosing sent it, and its one receipt stood alone."""
    case = published(fashen)
    c, p = models.cases.c, models.publication.c
    document = document_of(fashen, case)
    for name in ("reviewed_by", "reviewed_on", "digest", "until", "gravity", "receipts", "facts"):
        document["publication"].pop(name, None)
    with fashen.engine.begin() as tx:
        tx.execute(models.cases.update().where(c.id == case).values(doc=canonical(document)))
        tx.execute(models.publication.update().where(p.case_id == case).values(body=""))
        tx.execute(models.notice.delete())
    return case


def test_what_was_published_before_there_were_reviews_is_taken_down_too(sqlite_url: str):
    fashen = office_at(sqlite_url, now=NOW)
    case = of_before(fashen)
    take(fashen, "head", "withdraw_publication", case, reason="决定已被撤销")
    drain(fashen)
    [receipt] = choice_of(fashen, case)["receipts"]
    assert receipt["withdrawn_on"]
    assert sent(fashen) == [(1, "withdrawn")]


def test_what_was_published_before_there_were_reviews_can_be_corrected(sqlite_url: str):
    fashen = office_at(sqlite_url, now=NOW)
    case = of_before(fashen)
    assert "没有待审查" in refused(fashen, "head", "review_publication", case)
    take(fashen, "clerk", "correct_publication", case, reason="补全内容", facts=PLAIN)
    take(fashen, "shen", "review_publication", case)
    drain(fashen)
    assert board(fashen)[0].version == 2
    assert sent(fashen) == [(1, "confirmed"), (2, "confirmed")]


def test_what_a_platform_sent_back_for_want_of_a_field_is_mended_with_the_correction(
    sqlite_url: str,
):
    fashen = office_at(sqlite_url, now=NOW)
    case = published(fashen)
    document = document_of(fashen, case)
    document["party"].pop("number")
    with fashen.engine.begin() as tx:
        c = models.cases.c
        tx.execute(models.cases.update().where(c.id == case).values(doc=canonical(document)))
    form: Any = {"reason": "平台不收：没有证件号码", "party_number": "11010519491231002X"}
    wrong = refused(
        fashen, "clerk", "correct_publication", case, **form | {"party_number": "11010519491231002"}
    )
    assert "校验位" in wrong
    take(fashen, "clerk", "correct_publication", case, **form)
    assert document_of(fashen, case)["party"]["number"].startswith("sealed:")
    assert choice_of(fashen, case)["version"] == 2


def test_what_should_never_have_been_shown_can_be_taken_down(sqlite_url: str):
    fashen = office_at(sqlite_url, now=NOW)
    case = published(fashen)
    document = document_of(fashen, case)
    document["publication"]["facts"] = "当事人电话 13800138000"
    with fashen.engine.begin() as tx:
        c = models.cases.c
        tx.execute(models.cases.update().where(c.id == case).values(doc=canonical(document)))
    take(fashen, "head", "withdraw_publication", case, reason="公开了个人信息")
    assert board(fashen)[0].state == "withdrawn"


def test_the_home_that_the_file_has_of_a_citizen_does_not_go_out(sqlite_url: str):
    fashen = office_at(sqlite_url, now=NOW)
    case = a_case(fashen, after="serve_decision")
    form: Any = {"reason": "有一定社会影响", "facts": "当事人在示例区西杜庄村１号院内焚烧秸秆"}
    said = refused(fashen, "clerk", "choose_publication", case, **form)
    assert "当事人住址" in said
    take(
        fashen, "clerk", "choose_publication", case, **form | {"facts": "当事人在西杜庄村焚烧秸秆"}
    )


CHANGED: Any = {
    "ended": "changed",
    "fine_after": 300,
    "document": "示街改〔2026〕1号",
    "reason": "裁量过重",
}


def test_a_decision_that_was_changed_is_withdrawn_and_may_be_shown_as_it_stands(sqlite_url: str):
    fashen = office_at(sqlite_url, now=NOW)
    case = published(fashen)
    take(fashen, "head", "correct_own_decision", case, **CHANGED)
    assert "withdrawal" in document_of(fashen, case)["clocks"]
    take(fashen, "clerk", "correct_publication", case, reason="只改了错字", facts="只改了错字")
    take(fashen, "shen", "review_publication", case)
    said = refused(fashen, "head", "close", case, how="其他", text="决定已变更")
    assert "公示还没有撤回" in said
    take(fashen, "head", "withdraw_publication", case, reason="处罚决定已变更")
    drain(fashen)
    assert board(fashen)[0].state == "withdrawn"
    take(fashen, "clerk", "correct_publication", case, reason="照变更后的决定", facts=PLAIN)
    take(fashen, "shen", "review_publication", case)
    drain(fashen)
    [(state, version, body, _)] = board(fashen)
    assert (state, version) == ("shown", 3)
    assert '"fine_yuan":"300"' in body
    assert sent(fashen)[-1] == (3, "confirmed")
    assert "公示还没有撤回" not in refused(fashen, "head", "close", case)
    assert check_all(fashen) == []


def test_a_decision_that_was_revoked_is_not_shown_again(sqlite_url: str):
    fashen = office_at(sqlite_url, now=NOW)
    case = published(fashen)
    take(fashen, "head", "correct_own_decision", case,
         ended="revoked", document="示街撤〔2026〕1号", reason="查明不是当事人所为")  # fmt: skip
    take(fashen, "head", "withdraw_publication", case, reason="处罚决定已撤销")
    said = refused(fashen, "clerk", "correct_publication", case, reason="再公示", facts=PLAIN)
    assert "撤回" in said


def test_the_days_of_a_withdrawal_run_until_the_platform_says_that_it_is_down(sqlite_url: str):
    fashen = office_at(sqlite_url, now=NOW)
    case = published(fashen)
    take(fashen, "head", "correct_own_decision", case, **CHANGED)
    take(fashen, "head", "withdraw_publication", case, reason="处罚决定已变更")
    assert "withdrawal" in document_of(fashen, case)["clocks"]
    drain(fashen)
    assert "withdrawal" not in document_of(fashen, case)["clocks"]
    assert check_all(fashen) == []
