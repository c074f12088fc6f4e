"""督察 — who sees what, what stands on the red list, samples that can be drawn again, proofs that find a byte."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from policies import scoring
from policies.scoring import ITEMS, Lost, Seen
from tests.builders import OFFICE, a_case, day, document_of, everything, office_at, set_clock, take
from tests.supervision import DISTRICT, INSPECTOR, a_year, add_district, issued_on_paper
from workflow import dossiers, errors, inbox, integrity, models, supervising, trail
from workflow.database import reading
from workflow.deliveries import drain
from workflow.errors import Malformed
from workflow.oracle import check_all
from workflow.order import Order
from workflow.outliers import outliers
from workflow.program import Bureau, Fashen
from workflow.sight import Sight, sight
from workflow.supervising import Asked
from workflow.work import perform


@pytest.fixture
def district(database_url: str) -> Fashen:
    fashen = office_at(database_url, now=day(2026, 1, 5))
    add_district(fashen)
    return fashen


def seen_by(fashen: Fashen, office: str, person: str) -> Sight:
    with reading(fashen.engine) as tx:
        home = fashen.bureau(tx, office)
        who = home.office.person(person)
        assert who is not None
        return sight(fashen, tx, home, who)


def home_of(fashen: Fashen, office: str) -> Bureau:
    with reading(fashen.engine) as tx:
        return fashen.bureau(tx, office)


# — the tree ——————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("office", "person", "ids"),
    [
        (DISTRICT, "he", (DISTRICT, OFFICE)),
        (DISTRICT, "head", (DISTRICT,)),
        (DISTRICT, "zhang", (DISTRICT,)),
        (OFFICE, "inspector", (OFFICE,)),
        (OFFICE, "head", (OFFICE,)),
        ("town", "inspector", ("town",)),
    ],
)
def test_only_the_inspector_sees_the_offices_below(
    district: Fashen, office: str, person: str, ids: tuple[str, ...]
):
    assert seen_by(district, office, person).ids == ids


def order_supervision(fashen: Fashen, case: str, actor: str = INSPECTOR, **form: object) -> None:
    told = {"content": "说明原因", "to": "head", **form}
    perform(fashen, Order(OFFICE, actor, "open_supervision", told, case=case))


def test_the_inspector_from_above_acts_here_and_nobody_else_from_outside(district: Fashen):
    case = a_case(district, "under_review")
    order_supervision(district, case)
    assert check_all(district) == []
    for stranger in ("zhang@district", "head@district", "inspector@town", "he@nowhere", "he"):
        with pytest.raises(errors.NotFound):
            order_supervision(district, case, stranger)
    with pytest.raises(errors.NotYourMove):
        perform(district, Order(OFFICE, INSPECTOR, "pass_review", {}, case=case))


# — 督办 ——————————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("sent", "workdays", "due"),
    [
        (date(2025, 9, 29), 2, "2025-10-09"),  # the 30th, then 国庆 and 中秋 until the 8th
        (date(2025, 9, 29), 3, "2025-10-10"),
        (date(2025, 9, 29), 4, "2025-10-11"),  # a Saturday that is worked
        (date(2025, 9, 26), 1, "2025-09-28"),  # a Sunday that is worked
    ],
)
def test_the_days_of_an_order_are_working_days_also_over_the_national_holiday(
    sent: date, workdays: int, due: str
):
    fashen = office_at(now=day(2025, 9, 1))
    case = a_case(fashen, "under_review")
    take(fashen, "inspector", "open_supervision", case, at=day(sent.year, sent.month, sent.day),
         content="说明原因", to="head", workdays=workdays)  # fmt: skip
    assert document_of(fashen, case)["clocks"]["supervision:v1"]["ends"] == due
    seen = seen_by(fashen, OFFICE, "inspector")
    with reading(fashen.engine) as tx:
        (issued,) = supervising.issued(fashen, tx, seen, Asked())
    assert issued.ends == date.fromisoformat(due)


def test_an_order_is_open_then_overdue_then_answered(district: Fashen):
    set_clock(district, day(2026, 3, 2))
    case = a_case(district, "under_review")
    order_supervision(district, case, workdays=2, about=["legal_review"])

    def now() -> supervising.Issued:
        seen = seen_by(district, DISTRICT, "he")
        with reading(district.engine) as tx:
            return supervising.issued(district, tx, seen, Asked())[0]

    assert (now().open, now().overdue, now().left, now().by) == (True, False, 2, "何静")
    set_clock(district, day(2026, 3, 5))
    assert (now().overdue, now().left) == (True, -1)
    with pytest.raises(errors.Blocked):
        take(district, "head", "answer_supervision", case, answer="已办")
    take(district, "head", "answer_supervision", case, answer="已办",
         excuses={"supervision.answered_in_time": "负责人出差"})  # fmt: skip
    assert not now().open
    assert check_all(district) == []


@pytest.mark.parametrize(
    ("actor", "home", "person", "text"),
    [
        ("inspector", OFFICE, "inspector", "督办 "),
        (INSPECTOR, DISTRICT, "he", "示例街道办事处　"),
    ],
)
def test_whoever_opened_an_order_hears_of_its_answer_once(
    district: Fashen, actor: str, home: str, person: str, text: str
):
    """The inspector from above reads it at home; nobody hears of the answer to another's order."""
    case = a_case(district, "under_review")
    order_supervision(district, case, actor)
    other = INSPECTOR if actor == "inspector" else "inspector"
    order_supervision(district, case, other, number="督办二号")
    drain(district)
    take(district, "head", "answer_supervision", case, item="v1", answer="已办")
    for _ in range(2):
        drain(district)
    (told,) = [n for n in inbox.notices(district, home, person) if "已报送办理情况" in n["text"]]
    assert text in told["text"]
    assert told["case_id"] == case
    elsewhere = ((OFFICE, "inspector"), (DISTRICT, "he"))
    assert not [
        n
        for office, who in elsewhere
        if who != person
        for n in inbox.notices(district, office, who)
        if "已报送办理情况" in n["text"]
    ]
    assert check_all(district) == []


def test_an_order_goes_to_somebody_who_can_answer_and_names_rules_that_exist(district: Fashen):
    case = a_case(district, "under_review")
    with pytest.raises(Malformed, match="张衡不能答复督办"):
        order_supervision(district, case, to="zhang")
    with pytest.raises(Malformed, match="没有编号为"):
        order_supervision(district, case, about=["no.rule"])


# — the red list ——————————————————————————————————————————————————————————————————————————


def test_decisions_before_the_window_ended_are_found_by_one_question(district: Fashen):
    cases = a_year(district)
    seen = seen_by(district, DISTRICT, "he")
    with reading(district.engine) as tx:
        found, total = supervising.defects(tx, seen, Asked(group="window", year=2026), limit=50)
        none, _ = supervising.defects(tx, seen, Asked(group="window", year=2025), limit=50)
        other, _ = supervising.defects(
            tx, seen, Asked(group="window", office=DISTRICT, year=2026), limit=50
        )
    assert {d.case_id for d in found} == {cases["early"]}
    assert total == len(found) == 2
    assert {d.key for d in found} == {"hearing.request_window_closed", "defence.window_closed"}
    assert none == other == []


def test_an_office_that_is_not_seen_is_no_office(district: Fashen):
    a_year(district)
    mine = seen_by(district, "town", "inspector")
    with reading(district.engine) as tx:
        for asked in (Asked(), Asked(office=OFFICE)):
            assert supervising.defects(tx, mine, asked, limit=9) == ([], 0)
            assert supervising.running(district, tx, mine, asked) == []
            assert trail.trail(tx, mine, trail.Asked(office=asked.office), limit=9) == ([], 0)


def test_the_list_narrows_to_a_person_and_a_state(district: Fashen):
    a_year(district)
    seen = seen_by(district, DISTRICT, "he")
    with reading(district.engine) as tx:

        def found(**asked: str) -> int:
            return supervising.defects(tx, seen, Asked(year=2026, **asked), limit=50)[1]

        assert found(person="clerk") == found(state="decided") == found() == 2
        assert found(person="zhang") == found(state="archived") == found(rule="review.passed") == 0


def test_a_clock_over_its_end_stands_there_until_its_card_is_taken_down(district: Fashen):
    """R305, and R301: the card taken down stands on the trail with its reason."""
    case = a_year(district)["late"]
    seen = seen_by(district, DISTRICT, "he")
    asked = Asked(rule="legal_review")
    with reading(district.engine) as tx:
        (red,) = supervising.running(district, tx, seen, asked)
    assert (red.case_id, red.person, red.on) == (case, "沈知远", date(2026, 9, 8))
    take(district, "head", "take_down_card", case, clock="legal_review", reason="审核人住院")
    with reading(district.engine) as tx:
        assert supervising.running(district, tx, seen, asked) == []
        lines, _ = trail.trail(tx, seen, trail.Asked(kind="card"), limit=9)
    assert [(x.person, x.why) for x in lines] == [("顾明", "审核人住院")]


def test_a_fine_far_from_the_usual_is_pointed_out_only_among_enough(district: Fashen):
    seen = seen_by(district, DISTRICT, "he")

    def decided(number: int, cents: int) -> None:
        with district.engine.begin() as tx:
            tx.execute(
                models.finding.insert(),
                {"case_id": case, "seq": 900 + number, "kind": "decided", "key": "P", "office_id": OFFICE,
                 "on": date(2026, 2, 1), "verb": "decide", "person_id": "head", "person": "顾明", "rule": "",
                 "cite": "", "reason": "", "excuse": "", "cents": cents},
            )  # fmt: skip

    def far() -> list[int]:
        with reading(district.engine) as tx:
            return sorted(o.cents for o in outliers(tx, seen, Asked(year=2026), 3))

    case = a_case(district, "under_review")
    for n, cents in enumerate((100, 100, 100, 300)):
        decided(n, cents)
    assert far() == []
    decided(4, 100)
    assert far() == [300]
    decided(5, 299)
    decided(6, 34)
    decided(7, 33)
    assert far() == [33, 300]


def test_the_trail_tells_refused_attempts_and_overridden_warnings(district: Fashen):
    case = a_case(district, "under_review")
    with pytest.raises(errors.NotYourMove):
        take(district, "zhang", "pass_review", case, opinion="同意")
    seen = seen_by(district, DISTRICT, "he")
    with reading(district.engine) as tx:
        refused, total = trail.trail(tx, seen, trail.Asked(kind="refused"), limit=9)
        every, all_of_them = trail.trail(tx, seen, trail.Asked(year=2026), limit=1)
    assert total == all_of_them == 1
    assert [(x.person, x.case_id) for x in refused] == [("张衡", case)]
    assert [x.kind for x in every] == ["refused"]


# — samples ———————————————————————————————————————————————————————————————————————————————


def a_draw(fashen: Fashen, seed: str = "2026", wanted: int = 2) -> dossiers.Draw:
    he = home_of(fashen, DISTRICT).office.person("he")
    assert he is not None
    return dossiers.make_draw(
        fashen, seen_by(fashen, DISTRICT, "he"), he, offices=(OFFICE,), since=date(2026, 1, 1),
        until=date(2026, 12, 31), wanted=wanted, per_procedure=True, seed=seed,
    )  # fmt: skip


def test_a_draw_is_the_same_again_and_alters_no_case(district: Fashen):
    a_year(district)
    a_case(district, "archived")
    tables = ("dossier_draw",)
    before = everything(district, without=tables)
    first, second = a_draw(district), a_draw(district)
    assert first.drawn == second.drawn == first.again()
    assert first.size == 3
    assert everything(district, without=tables) == before
    with reading(district.engine) as tx:
        kept = dossiers.draw_of(tx, DISTRICT, first.id)
        assert kept is not None
        assert (kept.again(), kept.seed) == (first.drawn, "2026")
        assert dossiers.draw_of(tx, OFFICE, first.id) is None


def test_the_rank_of_a_case_is_what_the_page_says_it_is():
    """sha256 of `seed LF office LF ordinal`, so that it can be checked with any other tool."""
    assert dossiers.rank("2026", ("sample", 7)).startswith("b97de78b")


def test_another_seed_draws_others():
    strata = {"全部": [("sample", n) for n in range(1, 101)]}
    assert dossiers.draw(strata, "a", 10) != dossiers.draw(strata, "b", 10)
    assert len(set(dossiers.draw(strata, "a", 10))) == 10


@pytest.mark.parametrize(
    ("sizes", "wanted", "shares"),
    [
        ({"普通": 90, "简易": 10}, 10, {"普通": 9, "简易": 1}),
        ({"普通": 99, "简易": 1}, 10, {"普通": 9, "简易": 1}),
        ({"普通": 99, "简易": 1}, 1, {"普通": 1, "简易": 0}),
        ({"普通": 2, "简易": 1}, 10, {"普通": 2, "简易": 1}),
        ({}, 5, {}),
    ],
)
def test_strata_share_in_proportion_and_none_is_left_out(
    sizes: dict[str, int], wanted: int, shares: dict[str, int]
):
    assert dossiers.share(sizes, wanted) == shares


def test_a_population_is_kept_in_ranges():
    assert dossiers.packed([5, 1, 2, 3, 9]) == "1-3,5,9"
    assert dossiers.unpacked("1-3,5,9") == [1, 2, 3, 5, 9]


def test_nothing_finished_is_a_sentence_and_no_draw(district: Fashen):
    with pytest.raises(Malformed, match="没有已结案的处罚决定"):
        a_draw(district)


def test_the_points_of_the_sheet_make_a_hundred_and_each_rule_stands_once():
    assert sum(item.points for item in ITEMS) == 100
    rules = [rule for item in ITEMS for rule in item.rules]
    assert len(rules) == len(set(rules))


def test_the_machine_takes_off_what_it_saw_and_a_void_item_takes_all():
    told = scoring.prefilled(
        [
            Seen("service.in_time", "迟了两日送达。", "第六十一条"),
            Seen("service", "逾期"),
            Seen("x", "?"),
        ]
    )
    assert set(told) == {"service"}
    assert (told["service"].points, "第六十一条" in told["service"].reason) == (4, True)
    assert scoring.total(told) == 96
    void = scoring.prefilled([Seen("hearing.request_window_closed", "期限未满。")])
    assert scoring.total(void) == 0


@pytest.mark.parametrize(
    ("points", "grade"), [(90, "优秀"), (89, "合格"), (60, "合格"), (59, "不合格")]
)
def test_a_grade_begins_with_its_own_number_of_points(points: int, grade: str):
    assert scoring.grade(points, 90, 60) == grade


def test_sheets_are_added_and_the_case_stays_as_it_is(district: Fashen):
    a_year(district)
    made, home = a_draw(district), home_of(district, DISTRICT)
    he = home.office.person("he")
    assert he is not None
    before = everything(district, without=("dossier_score",))

    def one() -> dossiers.Dossier:
        with reading(district.engine) as tx:
            return dossiers.dossiers(tx, made)[0]

    with pytest.raises(Malformed, match="请写明理由"):
        dossiers.save_sheet(district, home, he, made, one(), {"service": Lost(2, " ")}, "")
    assert one().sheet is None
    dossiers.save_sheet(district, home, he, made, one(), {"service": Lost(2, "回证无签名")}, "")
    dossiers.save_sheet(district, home, he, made, one(), {"law": Lost(100, "引用废止条款")}, "")
    sheet = one().sheet
    assert sheet is not None
    assert (sheet.round, sheet.total, sheet.grade) == (2, 0, "不合格")
    with reading(district.engine) as tx:
        n = tx.scalar(sa.select(sa.func.count()).select_from(models.dossier_score))
    assert n == 2
    assert everything(district, without=("dossier_score",)) == before


# — proofs ————————————————————————————————————————————————————————————————————————————————


def tamper(fashen: Fashen, statement: str, **values: object) -> None:
    with fashen.engine.begin() as tx:
        assert tx.execute(sa.text(statement), values).rowcount == 1


def proof_of(fashen: Fashen, case: str) -> integrity.Proof:
    with reading(fashen.engine) as tx:
        return integrity.prove_case(fashen, tx, OFFICE, case)


def test_a_sound_case_is_proved_with_what_was_checked(district: Fashen):
    case = a_case(district, "archived", publish=True)
    proof = proof_of(district, case)
    assert proof.holds
    assert (proof.cases, proof.faults) == (1, ())
    assert len(proof.head) == 64
    assert proof.since <= proof.until


def test_one_altered_byte_is_told_with_the_number_of_its_entry(district: Fashen):
    case = a_case(district, "archived")
    tamper(district, "UPDATE ledger SET body = replace(body, '杜庄', '杜壮') WHERE case_id = :c AND seq = 1",
           c=case)  # fmt: skip
    assert any("第 1 条：摘要与内容不符" in fault for fault in proof_of(district, case).faults)


def test_a_row_that_the_ledger_does_not_give_is_told(district: Fashen):
    case = issued_on_paper(district)
    assert proof_of(district, case).holds
    tamper(district, "DELETE FROM finding WHERE case_id = :c AND kind = 'irregular'", c=case)
    assert any("督察台账" in fault for fault in proof_of(district, case).faults)


def run(fashen: Fashen, seconds: float = 30.0) -> integrity.Check:
    he = home_of(fashen, DISTRICT).office.person("he")
    assert he is not None
    seen = seen_by(fashen, DISTRICT, "he")
    id = integrity.begin(fashen, seen, he, seen.ids)
    integrity.advance(fashen, id, seconds)
    with reading(fashen.engine) as tx:
        check = integrity.check_of(tx, DISTRICT, id)
    assert check is not None
    return check


def test_whole_offices_are_checked_and_the_digest_repeats(district: Fashen):
    a_year(district)
    first, second = run(district), run(district)
    assert first.done
    assert first.proof.holds
    assert (first.proof.cases, first.total) == (4, 4)
    assert first.proof.head == second.proof.head
    tamper(
        district,
        "UPDATE cases SET head = :h WHERE ordinal = 2 AND office_id = 'sample'",
        h="0" * 64,
    )
    third = run(district)
    assert third.proof.broken
    assert third.proof.head != first.proof.head


def test_slices_come_to_the_same_as_one_go(district: Fashen, monkeypatch: pytest.MonkeyPatch):
    a_year(district)
    whole = run(district).proof
    he = home_of(district, DISTRICT).office.person("he")
    assert he is not None
    seen = seen_by(district, DISTRICT, "he")
    id = integrity.begin(district, seen, he, seen.ids)
    monkeypatch.setattr(integrity, "SLICE", 0.0)  # one case a slice
    slices = integrity.advance(district, id, 30.0)
    with reading(district.engine) as tx:
        check = integrity.check_of(tx, DISTRICT, id)
    assert check is not None
    assert check.done
    assert slices >= 4
    assert (check.proof.cases, check.proof.entries, check.proof.head) == (
        whole.cases, whole.entries, whole.head,
    )  # fmt: skip


def test_a_case_that_vanished_is_told_by_its_number(district: Fashen):
    a_year(district)
    with district.engine.connect() as tx:
        gone = tx.scalar(sa.text("SELECT id FROM cases WHERE ordinal = 4 AND office_id = 'sample'"))
    with district.engine.begin() as tx:
        if tx.dialect.name == "postgresql":
            tx.exec_driver_sql("SET session_replication_role = replica")
        else:
            tx.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for table in (
            models.deadline,
            models.finding,
            models.ledger,
            models.alert,
            models.case_line,
            models.case_person,
            models.precedent,
        ):
            tx.execute(table.delete().where(table.c.case_id == gone))
        tx.execute(models.document_number.delete().where(models.document_number.c.case_id == gone))
        tx.execute(sa.text("DELETE FROM cases WHERE id = :c"), {"c": gone})
    assert "sample 第 4 件案件：登记开过，现在没有。" in run(district).proof.faults
