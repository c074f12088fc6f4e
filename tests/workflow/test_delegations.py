"""委托 — given, acted under, ended: what is recorded, what is refused and in which words, on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.office import LocalParameter, Office
from policies.officers import investigators
from tests.builders import (
    DECISION_SAYS,
    JUDGED,
    OFFICE,
    PEOPLE,
    a_case,
    a_delegation,
    an_order,
    day,
    document_of,
    entries_of,
    everything,
    office_at,
    sample_office,
    set_clock,
    state_of,
    take,
)
from workflow import database, delegations, errors, inbox, models, offices, queries
from workflow.delegating import Revoke, revoke
from workflow.delegations import not_over, pairs
from workflow.deliveries import drain
from workflow.oracle import check_all
from workflow.program import Fashen
from workflow.record import verify
from workflow.sweep import sweep
from workflow.work import perform

MONDAY = day(2025, 3, 3)
MATERIALS = ["调查终结报告", "拟处罚意见", "证据材料", "执法依据", "程序材料"]
OPINION: dict[str, Any] = {"opinion": "事实清楚，程序合法，裁量适当，同意", "items": JUDGED}


@pytest.fixture
def fashen(database_url: str) -> Iterator[Fashen]:
    made = office_at(database_url, now=MONDAY)
    yield made
    assert check_all(made) == []


@pytest.fixture
def here() -> Iterator[Fashen]:
    """In memory, where the database is not what is asked about."""
    made = office_at(now=MONDAY)
    yield made
    assert check_all(made) == []


def qualified(fashen: Fashen, *ids: str) -> Office:
    """The sample office in which these people may review too, if somebody delegates it to them."""
    licence = sample_office().person("shen").qualification  # type: ignore[union-attr]
    people = tuple(
        p.model_copy(update={"qualification": licence}) if p.id in ids else p
        for p in sample_office().people
    )
    made = sample_office().model_copy(update={"people": people})
    offices.load(fashen, made)
    return made


def refused(
    call: Callable[[], Any], *words: str, kind: type[Exception] = errors.NotYourMove
) -> str:
    with pytest.raises(kind) as no:
        call()
    said = str(no.value)
    for word in words:
        assert word in said, said
    return said


def last(fashen: Fashen, case: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(entries_of(fashen, case)[-1].body)
    return body


def end(fashen: Fashen, id: str, by: str = "wang") -> None:
    revoke(fashen, OFFICE, by, Revoke(delegation=id, reason="提前回来"))


# — acting ————————————————————————————————————————————————————————————————————————————————


def test_both_names_stand_in_the_ledger_the_file_and_the_history(fashen: Fashen):
    case = a_case(fashen, "unit_review")
    made = a_delegation(fashen, "wang", "li", "submit_review")
    done = take(fashen, "li", "submit_review", case, materials=MATERIALS)

    assert done.on_behalf_of == "wang"
    body = last(fashen, case)
    assert body["by"]["id"] == "li"
    assert body["for"] == {
        "id": "wang", "name": "王立新", "post": "综合行政执法大队大队长",
        "delegation": made.id, "terms": made.terms,
    }  # fmt: skip
    acted = document_of(fashen, case)["delegated"]
    assert acted == [
        {"seq": body["seq"], "verb": "submit_review", "by": "li", "principal": "wang",
         "delegation": made.id}
    ]  # fmt: skip
    person = sample_office().person("zhang")
    assert person is not None
    view = queries.view_case(fashen, OFFICE, case, person)
    assert view.history[-1].by == "李薇（受 王立新 委托）"
    assert not verify(entries_of(fashen, case))
    with fashen.engine.connect() as tx:
        assert delegations.find(tx, OFFICE, made.id).terms == made.terms  # as the database gives it


def test_an_entry_without_a_delegation_says_nothing_of_one(here: Fashen):
    case = a_case(here, "under_review")
    body = last(here, case)
    assert "for" not in body
    assert "delegated" not in document_of(here, case)


def test_whoever_has_the_role_acts_for_himself_unless_he_says_otherwise(here: Fashen):
    case = a_case(here, "filing", after="propose_filing")
    a_delegation(here, "head", "deputy", "approve_filing")
    order = an_order("deputy", "approve_filing", case, dry_run=True, number="示街罚案〔2025〕9号")
    assert perform(here, order).on_behalf_of == ""
    done = take(here, "deputy", "approve_filing", case, on_behalf_of="head",
                number="示街罚案〔2025〕9号")  # fmt: skip
    assert done.on_behalf_of == "head"


def test_two_who_are_away_are_a_question_back(here: Fashen):
    """A second unit head of the same office."""
    second = sample_office().person("wang")
    assert second is not None
    people = (*sample_office().people, second.model_copy(update={"id": "qi", "name": "齐岳"}))
    offices.load(here, sample_office().model_copy(update={"people": people}))
    case = a_case(here, "unit_review")
    a_delegation(here, "wang", "li", "submit_review")
    a_delegation(here, "qi", "li", "submit_review")
    call = lambda **more: take(here, "li", "submit_review", case, materials=MATERIALS, **more)  # noqa: E731
    refused(call, "同时受", "王立新（wang）", "齐岳（qi）", "写明代谁", kind=errors.Malformed)
    assert call(on_behalf_of="qi").on_behalf_of == "qi"


def test_a_stand_in_signs_the_opinion_with_both_names(here: Fashen):
    qualified(here, "counsel")
    case = a_case(here, "under_review")
    a_delegation(here, "shen", "counsel", "pass_review", "return_case")
    take(here, "counsel", "pass_review", case, **OPINION)
    review = document_of(here, case)["reviews"][-1]
    assert (review["by"], review["name"]) == ("counsel", "许言笃（受 沈知远 委托）")


def test_what_was_done_in_the_period_stays_when_it_is_revoked(here: Fashen):
    case = a_case(here, "unit_review")
    made = a_delegation(here, "wang", "li", "submit_review", "submit_final_review")
    take(here, "li", "submit_review", case, materials=MATERIALS)
    end(here, made.id)
    take(here, "shen", "pass_review", case, **OPINION)
    assert state_of(here, case) == "noticing"


def test_the_same_key_in_another_name_is_another_order(here: Fashen):
    case = a_case(here, "filing", after="propose_filing")
    a_delegation(here, "head", "deputy", "approve_filing")
    form: dict[str, Any] = {"number": "示街罚案〔2025〕9号", "key": "k1"}
    take(here, "deputy", "approve_filing", case, on_behalf_of="head", **form)
    again = take(here, "deputy", "approve_filing", case, on_behalf_of="head", **form)
    assert (again.repeated, again.on_behalf_of) == (True, "head")
    with pytest.raises(errors.KeyReused):
        take(here, "deputy", "approve_filing", case, **form)


# — the period, the scope, the end ————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        (day(2025, 3, 4, 23, 59), False),
        (day(2025, 3, 5, 0, 0), True),
        (day(2025, 3, 14, 23, 59), True),
        (day(2025, 3, 15, 0, 0), False),
    ],
)
def test_both_days_belong_to_the_period(here: Fashen, at: datetime, allowed: bool):
    case = a_case(here, "unit_review")
    a_delegation(here, "wang", "li", "submit_review", from_on=date(2025, 3, 5),
                 until_on=date(2025, 3, 14))  # fmt: skip
    call = lambda: take(here, "li", "submit_review", case, at=at, materials=MATERIALS)  # noqa: E731
    if allowed:
        call()
    else:
        refused(
            call, "李薇（受 王立新 委托）", "2025-03-05 至 2025-03-14", "不在期间内", "另行委托",
            "王立新（综合行政执法大队大队长）",
        )  # fmt: skip


def test_a_backdated_act_is_judged_by_the_delegation_of_that_moment(here: Fashen):
    case = a_case(here, "unit_review")
    given_at = here.clock()
    made = a_delegation(here, "wang", "li", "submit_review", days=3)
    set_clock(here, given_at + timedelta(hours=2))
    end(here, made.id)
    set_clock(here, given_at + timedelta(days=5))

    def at(moment: datetime, **more: Any) -> Any:
        order = an_order("li", "submit_review", case, at=moment, materials=MATERIALS, **more)
        return lambda: perform(here, order)

    refused(at(given_at - timedelta(minutes=1)), "才登记", "不能补给过去")
    refused(at(given_at + timedelta(hours=2)), "撤销")
    at(given_at + timedelta(minutes=30), dry_run=True)()


def test_outside_the_scope_is_refused_with_the_scope(here: Fashen):
    case = a_case(here, "unit_review")
    other = a_case(here, "unit_review")
    a_delegation(here, "wang", "li", "submit_review", cases=(other,))
    refused(
        lambda: take(here, "li", "submit_review", case, materials=MATERIALS),
        "只限 1 件案件，不包括本案",
    )
    refused(
        lambda: take(here, "li", "return_to_officers", other, reason="再核"), "范围里没有“机构退回”"
    )
    take(here, "li", "submit_review", other, materials=MATERIALS)


def test_a_delegated_power_is_no_role_and_goes_no_further(here: Fashen):
    a_delegation(here, "wang", "li", "submit_review")
    refused(lambda: a_delegation(here, "li", "zhang", "submit_review"), "不得转托",
            kind=errors.Malformed)  # fmt: skip


def test_nobody_does_more_for_another_than_the_other_could(here: Fashen):
    """An officer who does not carry this case cannot have it carried for him."""
    zhang = sample_office().person("zhang")
    assert zhang is not None
    people = (*sample_office().people, zhang.model_copy(update={"id": "sun", "name": "孙启"}))
    offices.load(here, sample_office().model_copy(update={"people": people}))
    case = a_case(here, "concluded")
    a_delegation(here, "sun", "wang", "submit_to_unit")
    refused(lambda: take(here, "wang", "submit_to_unit", case, on_behalf_of="sun"),
            "孙启自己也不能办理", "不能转托")  # fmt: skip


def test_a_reserved_step_is_refused_with_its_reason_whatever_the_record_says(here: Fashen):
    """Also where somebody wrote the verb into the table by hand."""
    case = a_case(here, "hearing", after="arrange_hearing")
    row = a_delegation(here, "wang", "li", "submit_review")
    d = models.delegation.c
    with here.engine.begin() as tx:
        tx.execute(
            models.delegation.update()
            .where(d.id == row.id)
            .values(principal="chair", verbs='["hold_hearing"]')
        )
    said = refused(
        lambda: take(here, "li", "hold_hearing", case, on_behalf_of="chair"),
        "不能委托他人：听证主持人由机关指定", "第六十四条",
    )  # fmt: skip
    assert "韩静仪" in said


def test_the_system_is_nobodys_delegate_and_nobodys_principal(here: Fashen):
    case = a_case(here, "notified", after="serve_notice")
    refused(
        lambda: take(here, "li", "lapse_windows", case, on_behalf_of="system"),
        "不能受 系统 委托",
    )


def test_a_certificate_that_ran_out_meanwhile_counts(here: Fashen):
    """It was valid when the delegation was given, and is not on the day of the act."""
    held = sample_office().person("zhang")
    assert held is not None
    assert held.certificate is not None
    short = held.certificate.model_copy(update={"no": "短1", "valid_to": date(2025, 3, 5)})
    people = tuple(
        p.model_copy(update={"certificate": short}) if p.id == "clerk" else p
        for p in sample_office().people
    )
    offices.load(here, sample_office().model_copy(update={"people": people}))
    case = a_case(here, "investigating")
    a_delegation(here, "zhang", "clerk", "order_correction")
    form: dict[str, Any] = {"content": "立即停止"}
    order = an_order("clerk", "order_correction", case, at=day(2025, 3, 5), dry_run=True, **form)
    set_clock(here, day(2025, 3, 5))
    assert perform(here, order).on_behalf_of == "zhang"
    refused(
        lambda: take(here, "clerk", "order_correction", case, at=day(2025, 3, 6), **form),
        "要有执法证", "2025-03-06",
    )  # fmt: skip


def test_who_must_stay_out_cannot_act_through_another(here: Fashen):
    case = a_case(here, "under_review")
    qualified(here, "counsel", "clerk")
    a_delegation(here, "shen", "counsel", "pass_review")
    take(here, "shen", "recuse_reviewer", case, reason="与当事人是亲属")
    refused(
        lambda: take(here, "counsel", "pass_review", case, **OPINION), "沈知远应当回避", "其他人"
    )
    refused(
        lambda: a_delegation(here, "shen", "clerk", "pass_review", cases=(case,)), "应当回避案件",
        kind=errors.Malformed,
    )  # fmt: skip


def test_a_refusal_is_on_record_and_changes_nothing(here: Fashen):
    case = a_case(here, "unit_review")
    before = everything(here, without=("refusal",))
    refused(lambda: take(here, "li", "submit_review", case, on_behalf_of="wang",
                         materials=MATERIALS), "没有 王立新 给 李薇 的委托")  # fmt: skip
    assert everything(here, without=("refusal",)) == before
    with here.engine.connect() as tx:
        kinds = tx.execute(sa.select(models.refusal.c.kind)).scalars().all()
    assert kinds == ["not_yours"]


def test_what_can_have_happened_anyway_says_how_to_record_it(here: Fashen):
    case = a_case(here, "noticing")
    a_delegation(here, "zhang", "wang", "conclude")
    people = tuple(p for p in sample_office().people if p.id != "wang")
    third = sample_office().person("li")
    assert third is not None
    extra = third.model_copy(update={"id": "sun", "name": "孙启"})
    offices.load(here, sample_office().model_copy(update={"people": (*people, extra)}))
    a_delegation(here, "zhang", "sun", "conclude")
    refused(lambda: take(here, "sun", "serve_notice", case), "范围里没有", "作为不合规情况如实登记")


# — keeping duties apart, all the way ——————————————————————————————————————————————————————


def test_a_head_who_carries_the_case_has_not_his_reviewer_sign_for_him(here: Fashen):
    """Both names stand in the words, and the end of the delegation ends it."""
    case = a_case(here, "under_review")
    take(here, "wang", "assign_officers", case, officers=["wang", "li"])
    made = a_delegation(here, "wang", "shen", "return_to_officers")
    call = lambda: take(here, "shen", "pass_review", case, **OPINION)  # noqa: E731
    refused(call, "沈知远与王立新有委托关系，按一人计；王立新是本案承办人", kind=errors.Blocked)
    end(here, made.id)
    call()


def test_whoever_acted_for_an_officer_never_reviews_that_case(here: Fashen):
    """The delegation is over, what was done under it is not."""
    qualified(here, "wang")
    case = a_case(here, "concluded")
    other = a_case(here, "under_review")
    a_delegation(here, "zhang", "wang", "answer_point", "submit_to_unit", days=1)
    take(here, "wang", "submit_to_unit", case, on_behalf_of="zhang")
    take(here, "wang", "submit_review", case, materials=MATERIALS)
    set_clock(here, MONDAY + timedelta(days=2))
    a_delegation(here, "shen", "wang", "pass_review")
    refused(
        lambda: take(here, "wang", "pass_review", case, on_behalf_of="shen", **OPINION),
        "王立新与张衡有委托关系", kind=errors.Blocked,
    )  # fmt: skip
    take(here, "wang", "pass_review", other, on_behalf_of="shen", **OPINION)


def test_who_carries_a_case_takes_no_card_down_through_another(here: Fashen):
    case = a_case(here, "investigating")
    set_clock(here, day(2025, 5, 28))
    sweep(here)
    card: dict[str, Any] = {"clock": "decision", "reason": "等检测"}
    made = a_delegation(here, "zhang", "wang", "order_correction", days=30)
    refused(lambda: take(here, "wang", "take_down_card", case, **card), "有委托关系",
            kind=errors.Malformed)  # fmt: skip
    end(here, made.id, "zhang")
    take(here, "wang", "take_down_card", case, **card)


# — giving and ending ——————————————————————————————————————————————————————————————————————


def test_everything_that_is_wrong_is_said_at_once(here: Fashen):
    with pytest.raises(errors.Malformed) as no:
        a_delegation(here, "head", "clerk", "decide", "discuss", "pass_review",
                     from_on=date(2025, 3, 1), until_on=date(2025, 7, 1))  # fmt: skip
    fields = {e.field for e in no.value.errors}
    assert fields == {"verbs", "from_on", "until_on", "delegate"}


@pytest.mark.parametrize(("days", "allowed"), [(90, True), (91, False)])
def test_no_delegation_is_longer_than_the_office_allows(here: Fashen, days: int, allowed: bool):
    if allowed:
        a_delegation(here, "wang", "li", "submit_review", days=days)
    else:
        refused(lambda: a_delegation(here, "wang", "li", "submit_review", days=days), "最多 90 日",
                kind=errors.Malformed)  # fmt: skip


def test_an_office_sets_its_own_longest_period(here: Fashen):
    own = LocalParameter.model_validate(
        {"key": "delegation.max_days", "from": "2020-01-01", "value": 14, "unit": "d",
         "source": "本机关规程", "confirmed": True}
    )  # fmt: skip
    office = sample_office()
    offices.load(here, office.model_copy(update={"parameters": (*office.parameters, own)}))
    a_delegation(here, "wang", "li", "submit_review", days=14)
    refused(lambda: a_delegation(here, "wang", "li", "submit_review", days=15), "最多 14 日",
            kind=errors.Malformed)  # fmt: skip


def test_a_role_brings_what_may_be_passed_on_and_leaves_the_rest(here: Fashen):
    made = a_delegation(here, "head", "deputy", "head")
    assert "decide" in made.verbs
    assert "approve_transfer" not in made.verbs
    assert "discuss" not in made.verbs


@pytest.mark.parametrize(
    ("principal", "delegate", "verb", "words"),
    [
        ("wang", "wang", "submit_review", "不能委托自己"),
        ("wang", "inspector", "submit_review", "监督员"),
        ("wang", "admin", "submit_review", "管理员不办理案件"),
        ("wang", "nobody", "submit_review", "没有“nobody”这个人"),
        ("wang", "system", "submit_review", "没有“system”这个人"),
        ("wang", "li", "sign_everything", "没有“sign_everything”这个动作或者角色"),
        ("wang", "li", "reviewer", "没有“法制审核员”这个角色"),
        ("counsel", "li", "counsel", "没有可以委托的动作"),
    ],
)
def test_who_and_what_cannot_be_meant(here: Fashen, principal, delegate, verb, words):
    refused(lambda: a_delegation(here, principal, delegate, verb), words, kind=errors.Malformed)


def test_the_administrator_gives_on_a_written_order_and_not_to_himself(here: Fashen):
    refused(lambda: a_delegation(here, "wang", "li", "submit_review", by="zhang"), "本人（王立新")
    refused(lambda: a_delegation(here, "wang", "li", "submit_review", by="admin"), "文号",
            kind=errors.Malformed)  # fmt: skip
    people = tuple(
        p.model_copy(update={"roles": ("admin", "clerk")}) if p.id == "admin" else p
        for p in sample_office().people
    )
    offices.load(here, sample_office().model_copy(update={"people": people}))
    order: dict[str, Any] = {"by": "admin", "proof": "示街办〔2025〕6号"}
    refused(lambda: a_delegation(here, "wang", "admin", "submit_review", **order),
            "受托人不能是何守一自己", kind=errors.Malformed)  # fmt: skip
    made = a_delegation(here, "wang", "li", "submit_review", **order)
    assert (made.given_by, made.proof) == ("admin", "示街办〔2025〕6号")


def test_a_case_that_is_named_must_exist_and_be_reviewed_by_another(here: Fashen):
    qualified(here, "zhang")
    case = a_case(here, "under_review")
    refused(lambda: a_delegation(here, "shen", "zhang", "pass_review", cases=("x",)),
            "没有编号为“x”的案件", kind=errors.Malformed)  # fmt: skip
    refused(lambda: a_delegation(here, "shen", "zhang", "pass_review", cases=(case,)),
            "张衡是案件", "承办人", kind=errors.Malformed)  # fmt: skip


def test_both_hear_of_it_and_who_is_away_hears_what_was_signed(fashen: Fashen):
    case = a_case(fashen, "unit_review")
    made = a_delegation(fashen, "wang", "li", "submit_review")
    take(fashen, "li", "submit_review", case, materials=MATERIALS)
    end(fashen, made.id)
    drain(fashen)
    texts = {
        who: [n["text"] for n in inbox.notices(fashen, OFFICE, who) if "委托" in n["text"]]
        for who in ("wang", "li", "zhang")
    }
    assert [t.count("撤销") for t in texts["wang"]] == [1, 0, 0]
    assert "李薇（受 王立新 委托）办理了“送法制审核”" in texts["wang"][1]
    assert len(texts["li"]) == 2
    assert texts["zhang"] == []


def test_it_is_ended_by_those_whom_it_concerns_and_once(here: Fashen):
    made = a_delegation(here, "wang", "li", "submit_review")
    refused(lambda: end(here, made.id, "zhang"), "由委托人撤销")
    refused(lambda: end(here, "none"), "没有编号", kind=errors.NotFound)
    end(here, made.id[:8], "li")
    refused(lambda: end(here, made.id), "不用再撤销", kind=errors.AlreadyOver)
    over = a_delegation(here, "wang", "li", "submit_review", days=1)
    set_clock(here, MONDAY + timedelta(days=1))
    refused(lambda: end(here, over.id), "已经期满", kind=errors.AlreadyOver)


def test_another_office_does_not_see_it(fashen: Fashen):
    offices.load(fashen, sample_office().model_copy(update={"office": "next"}))
    made = a_delegation(fashen, "wang", "li", "submit_review")
    assert delegations.every(fashen, "next") == []
    with fashen.engine.connect() as tx:
        assert not_over(tx, "next", MONDAY.date()) == ()
    refused(
        lambda: revoke(fashen, "next", "wang", Revoke(delegation=made.id, reason="x")), "没有编号",
        kind=errors.NotFound,
    )  # fmt: skip


# — what it costs ——————————————————————————————————————————————————————————————————————————


def asked_of_delegations(
    monkeypatch: pytest.MonkeyPatch, fashen: Fashen, call: Callable[[], Any]
) -> int:
    """How often the table is read."""
    seen: list[str] = []
    run = database._run

    def counting(tx: Any, text: str, rows: list[Any]) -> Any:
        seen.append(text)
        return run(tx, text, rows)

    with monkeypatch.context() as patch:
        patch.setattr(database, "_run", counting)
        call()
    return sum("FROM delegation" in text for text in seen)


def test_a_step_reads_delegations_once_and_only_where_it_must(
    here: Fashen, monkeypatch: pytest.MonkeyPatch
):
    def reads(by: str, verb: str, case: str, **form: Any) -> int:
        return asked_of_delegations(monkeypatch, here, lambda: take(here, by, verb, case, **form))

    case = a_case(here, "unit_review")
    assert reads("wang", "submit_review", case, materials=MATERIALS) == 0
    assert reads("shen", "pass_review", case, **OPINION) == 1  # duties are kept apart
    other = a_case(here, "under_review")
    qualified(here, "counsel")
    a_delegation(here, "shen", "counsel", "pass_review")
    assert reads("counsel", "pass_review", other, **OPINION) == 1  # for both questions


def test_the_question_goes_by_the_index(fashen: Fashen):
    if fashen.engine.dialect.name != "sqlite":
        return
    with fashen.engine.connect() as tx:
        plan = tx.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT * FROM delegation WHERE office_id = 'sample'"
            " AND until_on >= '2025-03-03' ORDER BY given_at, id"
        ).all()
    assert "ix_delegation_office_id_until_on" in str(plan)


# — nothing is widened —————————————————————————————————————————————————————————————————————

STAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "filing": ("approve_filing", {"number": "示街罚案〔2025〕99号"}),
    "under_review": ("pass_review", OPINION),
    "deciding": ("decide", {"number": "示街罚决〔2025〕99号", "contents": DECISION_SAYS}),
}
SCOPES = [
    "approve_filing",
    "pass_review",
    "decide",
    "submit_review",
    "conclude",
    "choose_publication",
]

person = st.sampled_from(PEOPLE)
wishes = st.lists(
    st.tuples(
        person, person, st.lists(st.sampled_from(SCOPES), min_size=1, max_size=3, unique=True)
    ),
    max_size=4,
)


@pytest.fixture(scope="module")
def town() -> tuple[Fashen, dict[str, str]]:
    fashen = office_at(now=MONDAY)
    qualified(fashen, "counsel", "zhang", "wang", "clerk")
    cases = {
        "filing": a_case(fashen, "filing"),
        "under_review": a_case(fashen, "under_review"),
        "deciding": a_case(fashen, "deciding"),
    }
    take(fashen, "wang", "assign_officers", cases["under_review"], officers=["wang", "li"])
    return fashen, cases


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=wishes, stage=st.sampled_from(list(STAGES)), actor=person, named=st.none() | person)
def test_no_delegation_widens_what_separation_of_duties_allows(town, wanted, stage, actor, named):
    """Whatever anybody delegates: what passes is done by hands that did nothing they must be apart from."""
    fashen, cases = town
    with fashen.engine.begin() as tx:
        tx.execute(models.delegation.delete())
    for principal, delegate, verbs in wanted:
        try:
            a_delegation(fashen, principal, delegate, *verbs)
        except errors.FashenError:
            continue
    verb, form = STAGES[stage]
    case = cases[stage]
    order = an_order(actor, verb, case, on_behalf_of=named or "", dry_run=True, **form)
    try:
        done = perform(fashen, order)
    except (errors.Refused, errors.Malformed):
        return
    with fashen.engine.connect() as tx:
        bound = pairs(not_over(tx, OFFICE, fashen.clock().date()), case, fashen.clock())
    row = queries.case_row(fashen, OFFICE, case)
    both = {actor, *([done.on_behalf_of] if done.on_behalf_of else [])}
    hands = both | {other for pair in bound if both & {*pair} for other in pair}
    apart = investigators(row.case) if stage == "under_review" else {*row.case.officers}
    if stage != "filing":  # 行政处罚法 58, and the office's own rule for who decides
        assert not hands & apart
    allowed = {
        "filing": {"head", "deputy"},
        "under_review": {"shen"},
        "deciding": {"head", "deputy"},
    }
    assert both & allowed[stage]
    if done.on_behalf_of:
        assert (done.on_behalf_of, actor) in bound
