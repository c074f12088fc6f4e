"""What the pages tell whoever must act: what is missing, until when, and what was never needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from html import unescape

import pytest
from fastapi.testclient import TestClient

from policies.casefile import CaseFile, Correction, Decision, Publication
from tests.builders import a_case, a_party, day, office_at, set_clock, take
from tests.policies.builders import a_payment, a_revocation
from tests.web.visiting import enter
from workflow.deliveries import drain
from workflow.next_step import next_verbs
from workflow.web.app import make_app
from workflow.web.pages.render import receiver


class Reader:
    """A browser of one office."""

    def __init__(self, client: TestClient) -> None:
        self.fashen, self.client = client.app.state.fashen, client  # type: ignore[attr-defined]

    def page(
        self, path: str, by: str = "zhang", *, at: datetime | None = None, status: int = 200
    ) -> str:
        if at is not None:
            set_clock(self.fashen, at)
        enter(self.client, by)
        page = self.client.get(path)
        assert page.status_code == status, page.text
        return page.text

    def case(self, id: str, by: str = "zhang", *, at: datetime | None = None) -> str:
        return self.page(f"/cases/{id}", by, at=at)


def hidden(page: str, name: str) -> str:
    return unescape(re.findall(rf'name="{name}" value="([^"]*)"', page)[0])


@pytest.fixture
def reader() -> Iterator[Reader]:
    with TestClient(make_app(office_at(now=day(2026, 9, 1)))) as client:
        yield Reader(client)


# — the phase bar —————————————————————————————————————————————————————————————————————————


def test_a_finished_phase_says_which_step_ended_it_and_when(reader: Reader):
    case = a_case(reader.fashen, "investigating")
    page = reader.case(case)
    assert re.search(r"立案</b><small>09-01 <span>批准立案", page)
    assert re.search(r'aria-current="step"><b>取证</b><small>09-01 <span>调查取证', page)


def test_a_day_of_another_year_carries_its_year(reader: Reader):
    case = a_case(reader.fashen, "investigating")
    assert "<small>09-01 <span>" in reader.case(case, at=day(2026, 12, 31))
    assert "<small>2026-09-01 <span>" in reader.case(case, at=day(2027, 1, 1))


def test_the_summary_procedure_misses_no_phase(reader: Reader):
    case = a_case(reader.fashen, "in_effect", procedure="summary")
    page = reader.case(case)
    assert "没有经过" not in page
    assert page.count("简易程序不需要<") == 2  # 立案 and 法制审核
    assert re.search(r"决定</b><small>09-01 <span>当场处罚", page)


def test_what_a_published_text_does_not_say_is_never_shown_as_missed(reader: Reader):
    case = a_published_one(reader)
    page = reader.case(case, "inspector")
    assert re.search(r"法制审核</b><small>来源未载明", page)
    assert "没有经过" not in page
    assert "未载明：来源未载明法制审核。" in page
    assert "不符合：来源未载明" not in page


@pytest.mark.parametrize(("fine", "shown"), [(1000, "罚款 1,000 元"), (None, "罚款（数额未载明）")])
def test_a_fine_that_a_published_text_does_not_say_is_not_shown_as_nothing(
    reader: Reader, fine: int | None, shown: str
):
    page = reader.case(a_published_one(reader, fine=fine), "inspector")
    assert shown in page
    assert "罚款 0 元" not in page


def a_published_one(reader: Reader, fine: int | None = 1000) -> str:
    office, source = reader.fashen, "示例镇公开的处罚决定"
    case = take(office, "clerk", "register_lead", place="村西", published_at=source).case
    take(office, "zhang", "name_party", case, **a_party())
    take(
        office, "clerk", "record_issued_decision", case, irregular="照公开文本登记",
        fine=fine, facts="露天焚烧秸秆",
    )  # fmt: skip
    return case


# — until when ————————————————————————————————————————————————————————————————————————————


def test_a_period_of_working_days_is_overdue_in_working_days(reader: Reader):
    a_case(reader.fashen, "under_review")  # five working days from 1 September end on the 8th
    assert "今日届满" in reader.page("/?tab=mine", at=day(2026, 9, 8))
    assert "超期 1 个工作日" in reader.page("/?tab=mine", at=day(2026, 9, 9))
    assert "超期 4 个工作日" in reader.page("/?tab=mine", at=day(2026, 9, 14))


def test_over_a_weekend_a_period_of_working_days_is_overdue_in_natural_days(reader: Reader):
    set_clock(reader.fashen, day(2026, 9, 4))
    a_case(reader.fashen, "under_review")  # ends on Friday the 11th
    assert "超期 1 个自然日" in reader.page("/?tab=mine", at=day(2026, 9, 12))
    assert "超期 1 个工作日" in reader.page("/?tab=mine", at=day(2026, 9, 14))


def test_the_last_safe_day_for_the_notice_leaves_room_for_both_windows(reader: Reader):
    """Ninety days end on 30 November; five working days from Sunday the 22nd are over on the 27th."""
    case = a_case(reader.fashen, "noticing")
    page = reader.case(case, at=day(2026, 11, 20))
    assert re.search(r"最迟安全日</dt><dd><b class=\"fx-n\">2026-11-20（周五）", page)
    assert "已超过办案期限" not in reader.case(case, at=day(2026, 11, 22))
    late = reader.case(case, at=day(2026, 11, 23))
    assert re.search(
        r"最早 <b class=\"fx-n\">2026-12-01（周二）</b> 才能决定，已超过办案期限", late
    )
    assert "最迟安全日" not in late


def test_a_served_notice_has_no_last_day_until_a_new_one_is_owed(reader: Reader):
    for verb, shown in (("reopen_investigation", False), ("renew_notice", True)):
        case = a_case(reader.fashen, "notified")
        assert "最迟告知" not in reader.case(case)
        take(reader.fashen, "zhang", verb, case, reason="补充证据")
        assert ("最迟告知" in reader.case(case)) is shown


# — what is next, and whose it is —————————————————————————————————————————————————————————


def test_before_the_filing_the_page_says_what_the_file_still_lacks_and_where_to_add_it(
    reader: Reader,
):
    case = take(reader.fashen, "zhang", "register_lead", place="村西").case
    take(reader.fashen, "zhang", "start_check", case)
    assert f'<a href="/cases/{case}/do/name_party">当事人</a> 还没有' in reader.case(case)
    assert "还没有" in reader.case(case, "head")
    assert f"/cases/{case}/do/name_party" not in reader.case(case, "head")  # not hers to add
    take(reader.fashen, "zhang", "name_party", case, **a_party())
    assert "✓ 当事人" in reader.case(case)


def waiting(page: str) -> str:
    """The number on the tab of what waits for the visitor."""
    found: list[str] = re.findall(r'待办 <b class="fx-n">(\d+)', page)
    return found[0]


def test_the_workbench_counts_what_waits_for_the_visitor(reader: Reader):
    a_case(reader.fashen, "under_review")
    a_case(reader.fashen, "noticing")
    assert [waiting(reader.page("/", by)) for by in ("zhang", "shen", "head")] == ["1", "1", "0"]
    page = reader.page("/", "shen")
    assert "法制审核<small>普通程序" in page
    assert "共 1 件" in page


def test_a_hearing_waits_for_its_chair_and_for_nobody_else(reader: Reader):
    case = a_case(reader.fashen, after="arrange_hearing", hearing=True)
    assert waiting(reader.page("/", "chair")) == "1"
    assert waiting(reader.page("/", "head")) == "0"
    assert re.search(r"举行听证<small>韩静仪</small>", reader.page("/?tab=all"))
    assert "下一步　由您办" in reader.case(case, "chair")
    assert "下一步　由 韩静仪 办" in reader.case(case, "head")


def test_while_the_office_waits_the_steps_of_the_party_stand_beside(reader: Reader):
    case = a_case(reader.fashen, "notified")
    page = reader.case(case)
    box = page[page.index("fx-next") : page.index("fx-group")]
    for verb in ("record_statement", "request_hearing", "record_waiver"):
        assert f"/cases/{case}/do/{verb}" in box


def test_waiting_out_the_windows_needs_no_other_cure(reader: Reader):
    case = a_case(reader.fashen, "notified")
    page = reader.page(f"/cases/{case}/do/proceed")
    sent = {name: hidden(page, name) for name in ("csrf", "version", "key", "shown_at")}
    refusal = reader.client.post(f"/cases/{case}/do/proceed", data=sent)
    assert refusal.status_code == 409
    assert "期限届满即可，不用再补" in refusal.text
    assert "其他各项补正之后" not in refusal.text


def test_an_order_to_correct_is_checked_before_the_fine_is_waited_for():
    open_ = Correction(content="清理现场")
    chosen = Publication(
        publish=False, reason="轻微", chosen_by="clerk", chosen_on=date(2026, 9, 2)
    )
    made = Decision(date=date(2026, 9, 1), fine=Decimal(200), kinds=("罚款",))
    case = CaseFile(correction=open_, publication=chosen, decision=made)
    assert next_verbs(case, "in_effect")[0] == "check_correction"
    done = open_.model_copy(update={"checked_on": date(2026, 9, 2), "corrected": True})
    checked = case.model_copy(update={"correction": done})
    assert next_verbs(checked, "in_effect")[0] == "record_payment"


def test_what_is_waited_for_is_the_fine_that_stands():
    """A review left 100 of 200 yuan, and they are paid: nothing keeps the case from being closed."""
    chosen = Publication(
        publish=False, reason="轻微", chosen_by="clerk", chosen_on=date(2026, 9, 2)
    )
    made = Decision(date=date(2026, 9, 1), fine=Decimal(200), kinds=("罚款",))
    less = a_revocation(ended="changed", fine_after=Decimal(100))
    case = CaseFile(publication=chosen, decision=made, payments=(a_payment(100),))
    assert next_verbs(case, "in_effect")[0] == "record_payment"
    lowered = case.model_copy(update={"remedies": (less,)})
    assert next_verbs(lowered, "in_effect")[0] == "close"


def test_a_notice_says_where_its_case_is_now(reader: Reader):
    case = a_case(reader.fashen, "investigating")
    drain(reader.fashen)
    assert "案件现在：调查取证" in reader.page("/inbox")
    take(reader.fashen, "zhang", "conclude", case, facts="焚烧", fine=1000, signed_by=["zhang", "li"],
         discretion="轻微")  # fmt: skip
    assert "案件现在：调查终结" in reader.page("/inbox")


def test_the_notices_of_an_archived_case_ask_for_nothing(reader: Reader):
    a_case(reader.fashen, "archived")
    drain(reader.fashen)
    page = reader.page("/inbox")
    assert "已归档" in page
    assert "fx-card" not in page


# — forms —————————————————————————————————————————————————————————————————————————————————


def test_whoever_decides_has_the_case_above_the_form(reader: Reader):
    case = a_case(reader.fashen, "deciding")
    page = reader.page(f"/cases/{case}/do/decide", "head")
    assert "本案要点" in page
    assert "罚款 1,000 元（法定幅度 500 元 至 2,000 元）" in page
    assert "现场检查笔录、火点照片" in page
    assert "沈知远 通过：事实清楚，程序合法，裁量适当，同意" in page
    assert "办案 第 8/90 天" in page


def test_an_officer_who_fills_in_a_form_is_not_told_the_case_again(reader: Reader):
    case = a_case(reader.fashen, "noticing")
    assert "本案要点" not in reader.page(f"/cases/{case}/do/serve_notice")


def test_a_judgement_is_for_or_against_and_names_no_rule_by_its_id(reader: Reader):
    case = a_case(reader.fashen, "under_review")
    page = reader.page(f"/cases/{case}/do/judge", "shen")
    assert re.search(r'value="true" required> 符合', page)
    assert re.search(r'value="false" required> 不符合', page)
    assert re.search(r'<option value="hearing[^"]*">[^（<]*</option>', page)
    assert not re.search(r"（[a-z]+\.[a-z_]+）</option>", page)


def test_a_certificate_that_ran_out_says_when(reader: Reader):
    page = reader.page("/cases/do/start_on_spot")
    assert "执法证已于 2024-12-31 到期" in page


def test_articles_are_asked_for_and_shown_as_the_law_prints_them(reader: Reader):
    case = a_case(reader.fashen, "investigating")
    take(reader.fashen, "zhang", "conclude", case, facts="焚烧", fine=1000, discretion="轻微",
         signed_by=["zhang", "li"], basis=[{"statute": "APL", "article": 9}])  # fmt: skip
    take(reader.fashen, "zhang", "reopen_investigation", case, reason="补充")
    page = reader.page(f"/cases/{case}/do/conclude")
    assert "《行政处罚法》第九条</textarea>" in page
    assert "APL" not in page


def test_an_unreadable_article_is_named_beside_its_field(reader: Reader):
    case = a_case(reader.fashen, "investigating")
    path = f"/cases/{case}/do/conclude"
    page = reader.page(path)
    sent = {name: hidden(page, name) for name in ("csrf", "version", "key", "shown_at")}
    sent |= {"f.facts": "焚烧", "f.basis": "《行政处罚法》第九条\n见附件"}
    answer = reader.client.post(path, data=sent)
    assert answer.status_code == 422
    assert "“见附件”读不出来" in answer.text
    assert "“《行政处罚法》第九条”" not in answer.text


def test_a_receiver_is_named_by_surname_and_the_party_by_no_name():
    assert receiver("张三（邻居）") == "张某（邻居）"
    assert receiver("张三") == "张某"
    assert receiver("本人") == "本人"
