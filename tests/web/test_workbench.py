"""工作台, as people with a browser and no script meet it: tabs, tiles, search, filters, Excel."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import unescape

import openpyxl
import pytest
from fastapi.testclient import TestClient

from tests.builders import a_case, day, office_at, set_clock, take
from tests.web.test_reading import Reader, hidden
from workflow import tokens, workbench
from workflow.web.app import make_app

TABS = ["待办", "已办", "我的案件", "督办", "预警", "通知"]


@pytest.fixture
def reader() -> Iterator[Reader]:
    with TestClient(make_app(office_at(now=day(2026, 9, 1)))) as client:
        yield Reader(client)


def tabs(page: str) -> dict[str, int]:
    bar = page[page.index('aria-label="工作台"') :]
    bar = bar[: bar.index("</nav>")]
    return {word: int(n) for word, n in re.findall(r'>(\S+) <b class="fx-n">(\d+)</b>', bar)}


def rows(page: str) -> list[str]:
    """The case numbers of the list."""
    return re.findall(r'class="fx-no" href="/cases/[^"]+">([^<]*)', page)


@pytest.mark.parametrize(
    "by", ["zhang", "wang", "shen", "head", "deputy", "chair", "clerk", "counsel", "inspector"]
)  # fmt: skip
def test_everybody_has_the_six_tabs_in_their_order_and_one_heading(reader: Reader, by: str):
    a_case(reader.fashen, "under_review")
    for path in ("/", "/?tab=all", "/?tab=alerts", "/inbox"):
        page = reader.page(path, by)
        assert list(tabs(page)) == TABS
        assert page.count("<h1") == 1
        assert page.count("btn-primary") <= 1


def test_the_number_on_a_tab_is_the_number_of_its_rows(reader: Reader):
    for state in ("investigating", "under_review", "noticing", "decided"):
        a_case(reader.fashen, state)
    set_clock(reader.fashen, day(2026, 11, 25))
    for by in ("zhang", "shen", "head", "clerk", "inspector"):
        told = tabs(reader.page("/", by))
        for tab, word in (
            ("todo", "待办"),
            ("done", "已办"),
            ("mine", "我的案件"),
            ("alerts", "预警"),
        ):
            assert len(rows(reader.page(f"/?tab={tab}", by))) == told[word], (by, word)


def test_a_row_says_what_lacks_how_far_the_review_is_and_when_to_publish(reader: Reader):
    a_case(reader.fashen, "under_review")
    a_case(reader.fashen, "decided")
    page = reader.page("/?tab=all")
    for said in (
        "法制审核意见书",
        "审核中",
        "第 1 次送审",
        "决定书送达回证",
        "第 8/90 天",
        "还剩 82 个自然日",
    ):
        assert said in page
    assert re.search(r"应于 <time[^>]*>\d\d-\d\d</time> 前", page)


def test_what_runs_out_first_stands_first_in_what_waits(reader: Reader):
    late = a_case(reader.fashen, "investigating")
    set_clock(reader.fashen, day(2026, 9, 20))
    a_case(reader.fashen, "investigating")
    page = reader.page("/", at=day(2026, 9, 21))
    assert page.index(late) == min(
        page.index(id) for id in re.findall(r'/cases/([0-9a-f-]{36})"', page)
    )


def test_the_clerk_sees_what_the_books_ask_and_an_officer_does_not(reader: Reader):
    a_case(reader.fashen, "closed")
    page = reader.page("/", "clerk")
    assert re.search(r">1</strong><span><b>未归档", page)
    assert re.search(r"本季已决定</b>简易 0 \+ 普通 1 = 1", page)
    assert "赵岩 " in page
    assert "已到期" in page
    assert "未归档" not in reader.page("/", "zhang")


def test_whoever_only_looks_begins_with_every_case(reader: Reader):
    a_case(reader.fashen, "under_review")
    assert len(rows(reader.page("/", "inspector"))) == 1
    assert rows(reader.page("/", "counsel")) == []
    assert "没有您承办或者交给您的案件" in reader.page("/", "counsel")


# — finding ————————————————————————————————————————————————————————————————————————————————


def test_filters_stand_in_the_address_and_in_their_fields(reader: Reader):
    a_case(reader.fashen, "under_review")
    a_case(reader.fashen, "investigating")
    page = reader.page("/?tab=all&state=under_review&officer=zhang&flow=ordinary&sort=number")
    assert len(rows(page)) == 1
    for chosen in ("under_review", "zhang", "ordinary", "number"):
        assert f'value="{chosen}" selected' in page
    assert rows(reader.page("/?tab=all&flow=summary")) == []
    assert rows(reader.page("/?tab=all&officer=zhao")) == []
    assert len(rows(reader.page("/?tab=all&from=2026-09-01&to=2026-09-01"))) == 2
    assert rows(reader.page("/?tab=all&from=2026-09-02")) == []
    assert rows(reader.page("/?tab=all&to=2026-08-31")) == []


@pytest.mark.parametrize(
    "query",
    ["tab=x", "state=x", "page=0", "page=-1", "page=%EF%BC%91", "page=99999", "from=2026-13-01", "to=9999-12-31",
     "from=0001-01-01", "sort=;drop", "only=x", "tone=x", "q=%00", "q=" + "x" * 500, "officer=nobody"],
)  # fmt: skip
def test_an_address_that_says_nonsense_still_shows_a_list(reader: Reader, query: str):
    a_case(reader.fashen, "under_review")
    assert "工作台" in reader.page(f"/?{query}")


def test_a_search_that_finds_nothing_here_offers_every_case(reader: Reader):
    a_case(reader.fashen, "under_review")
    page = reader.page("/?tab=todo&q=焚烧")
    assert "没有符合条件的案件" in page
    assert "在全部案件里找“焚烧”" in page
    assert len(rows(reader.page("/?q=焚烧"))) == 1


def test_a_long_list_has_pages_and_none_is_shown_twice(reader: Reader):
    for n in range(27):
        take(reader.fashen, "zhang", "register_lead", place=f"村{n}")
    first, second = reader.page("/?tab=all"), reader.page("/?tab=all&page=2")
    ids = [re.findall(r'class="fx-no" href="/cases/([^"]+)"', page) for page in (first, second)]
    assert [len(i) for i in ids] == [25, 2]
    assert not set(ids[0]) & set(ids[1])
    assert "第 1/2 页" in first
    assert "下一页" in first
    assert "下一页" not in second
    assert "没有第 3 页" in reader.page("/?tab=all&page=3")


def test_a_search_that_finds_very_much_says_so_and_leads_on(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(workbench, "COUNTED", 25)
    for n in range(27):
        take(reader.fashen, "zhang", "register_lead", place=f"西杜庄{n}")
    first, second = reader.page("/?tab=all&q=西杜庄"), reader.page("/?tab=all&q=西杜庄&page=2")
    assert "超过 25 件" in first
    assert "第 1 页" in first
    assert "下一页" in first
    assert ("共 27 件" in second, "第 2/2 页" in second, "下一页" in second) == (True, True, False)


def test_what_people_typed_is_shown_as_text(reader: Reader):
    page = reader.page("/?tab=all&q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in page


# — filters of one's own ———————————————————————————————————————————————————————————————————


def test_a_filter_is_kept_listed_and_deleted(reader: Reader):
    a_case(reader.fashen, "under_review")
    page = reader.page("/?tab=all&state=under_review")
    sent = {"csrf": hidden(page, "csrf"), "query": hidden(page, "query"), "name": "在审的"}
    done = reader.client.post("/filters", data=sent, follow_redirects=False)
    assert done.status_code == 303
    page = reader.client.get("/").text
    link = unescape(re.findall(r'href="(/\?[^"]*)"[^>]*>在审的<', page)[0])
    assert link == "/?tab=all&state=under_review"
    assert len(rows(reader.client.get(link).text)) == 1
    id = re.findall(r'name="filter" value="(\d+)"', page)[0]
    sent = {"csrf": sent["csrf"], "filter": id, "query": ""}
    reader.client.post("/filters/delete", data=sent)
    assert "在审的" not in reader.client.get("/").text


def test_a_filter_without_a_name_is_refused_and_one_from_elsewhere_too(reader: Reader):
    page = reader.page("/?tab=all&q=x")
    csrf = hidden(page, "csrf")
    refused = reader.client.post("/filters", data={"csrf": csrf, "query": "q=x", "name": " "})
    assert refused.status_code == 422
    assert "名称" in refused.text
    forged = reader.client.post("/filters", data={"csrf": "x", "query": "q=x", "name": "a"})
    assert forged.status_code == 403


# — Excel ——————————————————————————————————————————————————————————————————————————————————


def test_the_list_goes_out_as_it_is_filtered_and_says_which_it_is(reader: Reader):
    a_case(reader.fashen, "under_review")
    a_case(reader.fashen, "investigating")
    page = reader.page("/?tab=all&state=under_review&q=焚烧")
    link = unescape(re.findall(r'href="(/cases\.xlsx\?[^"]*)"', page)[0])
    answer = reader.client.get(link)
    assert "spreadsheetml" in answer.headers["content-type"]
    assert "attachment" in answer.headers["content-disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    told = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(told) == 3
    for said in (
        "示例",
        "全部案件",
        "搜索“焚烧”",
        "环节：法制审核",
        "共 1 件",
        "2026-09-01 09:",
        "张衡",
    ):
        assert said in str(told[0][0])


def test_nobody_takes_a_list_away_without_signing_in(reader: Reader):
    reader.client.cookies.clear()
    answer = reader.client.get("/cases.xlsx", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")


# — the API asks the same ——————————————————————————————————————————————————————————————————


def test_the_api_has_the_same_filters(reader: Reader):
    case = a_case(reader.fashen, "under_review")
    a_case(reader.fashen, "investigating")
    token = tokens.issue(reader.fashen, "sample", "shen")
    auth = {"Authorization": f"Bearer {token}"}

    def ask(query: str) -> list[str]:
        answer = reader.client.get(f"/api/v1/cases?{query}", headers=auth)
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["items"]]

    assert len(ask("")) == 2
    assert ask("tab=todo") == [case]
    assert ask("state=under_review&officer=zhang&flow=ordinary") == [case]
    assert ask("q=ltfs") == []
    assert len(ask("since=2026-09-01&until=2026-09-01")) == 2
    assert ask("until=9999-12-31&since=9999-12-31") == []
    (item,) = reader.client.get("/api/v1/cases?tab=todo", headers=auth).json()["items"]
    assert (item["next"], item["missing"], item["holder"]) == (
        "pass_review",
        ["法制审核意见书"],
        "沈知远",
    )
