"""公示台账页 and the review form — what waits, what goes out beside the file, the platform's list beside ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from tests.builders import a_case, day, document_of, office_at, take
from tests.web.test_reading import Reader, hidden
from workflow import models
from workflow.deliveries import drain
from workflow.web.app import make_app

PLAIN = "当事人露天焚烧秸秆约五平方米"


class Browser(Reader):
    """A reader who also sends forms and files."""

    def send(self, path: str, by: str, **sent: Any) -> httpx2.Response:
        page = self.page("/publication", by)
        data = {"csrf": hidden(page, "csrf"), **sent.pop("data", {})}
        return self.client.post(path, data=data, follow_redirects=False, **sent)

    def compare(self, name: str, content: bytes) -> httpx2.Response:
        return self.send("/publication/reconcile", "clerk", files={"list": (name, content)})


@pytest.fixture
def browser() -> Iterator[Browser]:
    with TestClient(make_app(office_at(now=day(2026, 5, 4)))) as client:
        yield Browser(client)


def chosen(browser: Browser, **form: Any) -> str:
    case = a_case(browser.fashen, after="serve_decision")
    take(
        browser.fashen,
        "clerk",
        "choose_publication",
        case,
        reason="有一定社会影响",
        facts=PLAIN,
        **form,
    )
    return case


def section(page: str, name: str) -> str:
    return page[page.index(f'id="h-{name}"') :].split("</section>")[0]


def test_what_waits_stands_at_its_step_and_moves_on(browser: Browser):
    case = a_case(browser.fashen, after="serve_decision")
    page = browser.page("/publication", "clerk")
    assert f"/cases/{case}/do/choose_publication" in section(page, "unchosen")
    take(browser.fashen, "clerk", "choose_publication", case, reason="有一定社会影响", facts=PLAIN)
    page = browser.page("/publication", "shen")
    assert f"/cases/{case}/do/review_publication" in section(page, "unreviewed")
    assert case not in section(page, "unchosen")
    take(browser.fashen, "shen", "review_publication", case)
    drain(browser.fashen)
    page = browser.page("/publication", "clerk")
    assert case not in section(page, "unreviewed")
    assert document_of(browser.fashen, case)["publication"]["receipt"] in section(page, "out")


def test_whoever_put_it_together_is_not_offered_the_review(browser: Browser):
    case = chosen(browser)
    told = section(browser.page("/publication", "clerk"), "unreviewed")
    assert "由另一人审查" in told
    assert f"/cases/{case}/do/review_publication" not in told


def test_what_was_withheld_and_chosen_after_all_waits_with_its_clock(browser: Browser):
    case = a_case(browser.fashen, after="withhold_publication")
    assert case not in browser.page("/publication", "shen")
    take(browser.fashen, "clerk", "choose_publication", case, reason="有一定社会影响", facts=PLAIN)
    assert case in section(browser.page("/publication", "shen"), "unreviewed")
    assert "publication" in document_of(browser.fashen, case)["clocks"]


def test_a_correction_waits_for_its_review_too(browser: Browser):
    case = chosen(browser)
    take(browser.fashen, "shen", "review_publication", case)
    drain(browser.fashen)
    take(browser.fashen, "clerk", "correct_publication", case, reason="地点写错", facts="更正后的")
    assert case in section(browser.page("/publication", "shen"), "unreviewed")
    take(browser.fashen, "shen", "review_publication", case)
    assert case not in section(browser.page("/publication", "shen"), "unreviewed")


@pytest.mark.parametrize(
    ("state", "word"),
    [("refused", "平台不收"), ("unknown", "不知道收到没有"), ("pending", "等平台清单")],
)
def test_what_a_platform_said_is_told_with_the_field(browser: Browser, state: str, word: str):
    case = chosen(browser)
    take(browser.fashen, "shen", "review_publication", case)
    drain(browser.fashen)
    with browser.fashen.engine.begin() as tx:
        said = {"state": state, "error": "处罚依据（CF_YJ）没有填"}
        tx.execute(models.publication.update().values(**said))
    told = section(browser.page("/publication", "clerk"), "out")
    assert word in told
    assert "处罚依据（CF_YJ）没有填" in told


# — the review —


def test_the_review_shows_the_file_beside_what_goes_out_and_no_number(browser: Browser):
    case = chosen(browser)
    page = unescape(browser.page(f"/cases/{case}/do/review_publication", "shen"))
    told = section(page, "sheet")
    assert PLAIN in told
    assert "不公开" in told
    assert "11010519491231" not in page
    assert re.search(r'name="f.digest" value="[0-9a-f]{64}"', page)


def test_what_changed_since_it_was_shown_is_not_passed(browser: Browser):
    case = chosen(browser)
    page = browser.page(f"/cases/{case}/do/review_publication", "shen")
    take(
        browser.fashen,
        "clerk",
        "choose_publication",
        case,
        reason="有一定社会影响",
        facts="换了内容",
    )
    fields = ("csrf", "version", "key", "shown_at", "f.digest")
    sent = {name: hidden(page, re.escape(name)) for name in fields}
    answer = browser.client.post(f"/cases/{case}/do/review_publication", data=sent)
    assert answer.status_code in (409, 412, 422)
    assert "reviewed_on" not in document_of(browser.fashen, case)["publication"]


def test_the_first_draft_has_nobody_in_it(browser: Browser):
    case = a_case(browser.fashen, after="serve_decision")
    name = browser.page(f"/cases/{case}", "clerk")
    assert "杜某" in name
    page = browser.page(f"/cases/{case}/do/choose_publication", "clerk")
    draft = re.search(r'name="f.facts"[^>]*>\s*([^<]*)</textarea>', page)
    assert draft
    assert "露天焚烧秸秆" in draft[1]


# — the platform's list —


def published(browser: Browser) -> str:
    case = chosen(browser)
    take(browser.fashen, "shen", "review_publication", case)
    drain(browser.fashen)
    return str(document_of(browser.fashen, case)["decision"]["number"])


def test_a_list_that_agrees_and_one_that_does_not(browser: Browser):
    number = published(browser)
    same = browser.compare("平台.csv", f"文号\n{number}\n".encode())
    assert same.status_code == 200
    assert "系统 1 件，平台 1 件" in same.text
    other = browser.compare("平台.csv", "文号\n别的〔2026〕1号\n".encode("gb18030"))
    assert "只在系统" in other.text
    assert "别的〔2026〕1号" in other.text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("平台.exe", b"MZ", "只认 csv"), ("平台.xlsx", b"no workbook", "不是 xlsx"),
        ("平台.json", b"{", "JSON"), ("平台.csv", "名称\n甲\n".encode(), "文号一栏"),
        ("<b>.csv", b"\xff\xfe\xfd", "&lt;b&gt;"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_read_is_said(browser: Browser, name: str, content: bytes, said: str):
    answer = browser.compare(name, content)
    assert answer.status_code == 422
    assert said in answer.text


def test_without_a_file_one_is_asked_for(browser: Browser):
    answer = browser.send("/publication/reconcile", "clerk", data={"list": "text"})
    assert answer.status_code == 422
    assert "请选择平台导出的清单" in answer.text


def test_a_list_from_another_site_is_not_read(browser: Browser):
    browser.page("/publication", "clerk")
    answer = browser.client.post(
        "/publication/reconcile", data={"csrf": "x"}, files={"list": ("a.csv", b"x")}
    )
    assert answer.status_code == 403
    browser.client.cookies.clear()
    assert browser.client.get("/publication", follow_redirects=False).status_code in (303, 401)


# — the case page —


def test_the_case_page_tells_the_whole_story_of_a_publication(browser: Browser):
    fashen, case = browser.fashen, chosen(browser)
    take(fashen, "shen", "return_publication", case, reason="写明地点")
    told = section(browser.page(f"/cases/{case}", "clerk"), "service")
    assert "待审查" in told
    assert "退回：写明地点" in told
    take(fashen, "shen", "review_publication", case)
    drain(fashen)
    take(fashen, "clerk", "correct_publication", case, reason="地点写错", facts="更正后的")
    take(fashen, "head", "review_publication", case)
    take(fashen, "head", "withdraw_publication", case, reason="决定已撤销")
    drain(fashen)
    told = section(browser.page(f"/cases/{case}", "clerk"), "service")
    for said in (
        "顾明 审查通过",
        "公示至 2027-05-12",
        "第 1 版",
        "更正为第 2 版：地点写错",
        "已撤回",
        "决定已撤销",
        "下架",
    ):
        assert said in told, said


def test_the_case_page_says_on_which_ground_nothing_is_published(browser: Browser):
    case = a_case(browser.fashen, after="serve_decision")
    take(browser.fashen, "clerk", "withhold_publication", case, reason="涉及健康状况", ground="个人隐私",
         approved_by="head")  # fmt: skip
    told = section(browser.page(f"/cases/{case}", "clerk"), "service")
    assert "不公示：涉及健康状况（个人隐私，顾明 批准）" in told


# — the forms —


def test_the_choice_asks_first_for_its_reason_and_says_which_class_follows(browser: Browser):
    case = a_case(browser.fashen, after="serve_decision")
    page = browser.page(f"/cases/{case}/do/choose_publication", "clerk")
    assert page.index('name="f.reason"') < page.index('name="f.party_number"')
    assert "按处罚的种类和数额：一般" in page


def test_whoever_approves_is_chosen_and_not_typed(browser: Browser):
    case = a_case(browser.fashen, after="serve_decision")
    page = browser.page(f"/cases/{case}/do/withhold_publication", "clerk")
    field = page[page.index('name="f.approved_by"') :].split("</select>")[0]
    assert re.findall(r'<option value="([^"]*)"', field) == ["", "head", "deputy"]


def test_the_only_platform_is_told_and_not_asked(browser: Browser):
    case = chosen(browser)
    take(browser.fashen, "shen", "review_publication", case)
    page = browser.page(f"/cases/{case}/do/record_publication", "clerk")
    assert '<input type="hidden" name="f.platform" value="directory">' in page
