"""The board as anybody meets it: without sign-in or script, as a reader, a feed reader, a cache or a program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from fastapi.testclient import TestClient

from policies.office import Office
from tests.builders import day, sample_office
from tests.notices import SECRET, Board, secrets
from tests.web.visiting import enter
from workflow import offices
from workflow.publication import board as queries
from workflow.publication.notice import PublicNotice
from workflow.web.app import SECURITY, make_app

NOW = day(2026, 6, 10)
HOME = "/public/sample/"
ATOM = "{http://www.w3.org/2005/Atom}"
EVERYWHERE = (HOME, f"{HOME}decisions.json", f"{HOME}feed.atom")


class Street(Board):
    """The board, and a browser before it."""

    def __init__(self) -> None:
        super().__init__(now=NOW)
        self.browser = TestClient(make_app(self.fashen), follow_redirects=False)
        self.get = self.browser.get

    def keys(self, query: str = "") -> list[str]:
        told = self.get(f"{HOME}decisions.json{query}").json()["notices"]
        return [(one.get("notice") or one["withdrawn"])["key"] for one in told]


@pytest.fixture
def street() -> Iterator[Street]:
    made = Street()
    with made.browser:
        yield made


def page_of(slug: str) -> str:
    return f"{HOME}decisions/{slug}"


def changed(**fields) -> Office:
    return sample_office().model_copy(update=fields)


# — what is read ———————————————————————————————————————————————————————————————————————


def test_the_list_and_the_page_show_a_decision(street: Street):
    slug = street.put()
    listed = street.get(HOME).text
    assert page_of(slug) in listed
    for word in (
        "示街罚决〔2026〕1号",
        "示例甲有限公司",
        "露天焚烧秸秆",
        "罚款 1,000 元",
        "2026-03-02",
    ):
        assert word in listed
    page = street.get(page_of(slug)).text
    for word in (
        "在示例路东侧",
        "第二百四十六条",
        "第一千一百三十一条第一款",
        "2026年3月2日",
        "2027-03-02",
    ):
        assert word in page


def test_the_address_without_an_office_leads_to_the_only_one(street: Street):
    for path in ("/public", "/public/", "/public/sample"):
        assert street.get(path).headers["location"] == HOME
    offices.load(street.fashen, changed(office="other"))
    assert street.get("/public/").status_code == 404
    assert street.get(HOME).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/public/nowhere/",
        f"{HOME}nothing",
        f"{HOME}decisions/aaaaaaaaaaaa",
        "/public/nowhere/about",
    ],
)
def test_what_there_is_not_is_404_in_words(street: Street, path: str):
    answer = street.get(path)
    assert answer.status_code == 404
    assert "没有" in answer.text
    assert "set-cookie" not in answer.headers


def test_a_search_works_without_script_and_says_what_was_asked(street: Street):
    street.put("k1")
    street.put("k2", title="夜间施工噪声", organ="示例区城市管理局")
    answer = street.get(HOME, params={"q": "噪声"})
    assert "〔2026〕2号" in answer.text
    assert "〔2026〕1号" not in answer.text
    assert 'value="噪声"' in answer.text
    assert "<option selected>示例区城市管理局" in street.get(f"{HOME}?unit=示例区城市管理局").text
    assert street.keys("?unit=示例区城市管理局") == ["k2"]
    assert "没有符合条件的决定" in street.get(f"{HOME}?q=没有的词").text


def test_a_period_reaches_from_its_first_day_to_its_last(street: Street):
    for n, decided in enumerate((date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)), 1):
        street.put(f"k{n}", decided_on=decided)
    assert street.keys("?from=2026-03-02") == ["k3", "k2"]
    assert street.keys("?to=2026-03-02") == ["k2", "k1"]
    assert street.keys("?from=2026-03-02&to=2026-03-02") == ["k2"]
    assert street.keys("?to=9999-12-31") == street.keys("?from=0001-01-01") == ["k3", "k2", "k1"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=2026-02-30", "起始日期“2026-02-30”读不出来"),
        ("to=gestern", "截止日期“gestern”读不出来"),
        ("from=2026-03-02&to=2026-03-01", "晚于"),
    ],
)
def test_a_period_that_cannot_be_is_said_and_nothing_listed(street: Street, query: str, said: str):
    street.put()
    for path in (HOME, f"{HOME}decisions.json"):
        answer = street.get(f"{path}?{query}")
        assert answer.status_code == 422
        assert said in answer.text
        assert "〔2026〕" not in answer.text


def test_pages_lead_on_and_back_by_links(street: Street):
    for n in range(1, queries.SIZE + 2):
        street.put(f"k{n}")
    first = street.get(f"{HOME}?q=秸秆").text
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    assert 'rel="prev"' not in first
    second = street.get(older[1].replace("&amp;", "&")).text
    assert "〔2026〕1号" in second
    assert "〔2026〕2号" not in second
    newer = re.search(r'rel="prev" href="([^"]+)"', second)
    assert newer
    assert "〔2026〕21号" in street.get(newer[1].replace("&amp;", "&")).text
    told = street.get(f"{HOME}decisions.json?q=秸秆").json()
    assert (told["total"], len(told["notices"])) == (21, 20)
    last = street.get(told["next"].removeprefix(street.fashen.settings.public_url)).json()
    assert ([n["notice"]["key"] for n in last["notices"]], last["next"]) == (["k1"], None)


@pytest.mark.parametrize(
    "place", ["before=x", "before=-1", "after=99999999999999999999", "before=٣"]
)
def test_a_place_that_no_page_has_written_is_the_beginning_or_the_end(street: Street, place: str):
    street.put()
    assert street.keys(f"?{place}") == ["k1"]


# — what was taken down ————————————————————————————————————————————————————————————————


def test_of_a_withdrawn_notice_the_reason_is_shown_and_nothing_else(street: Street):
    slug = street.put(**SECRET)
    before = street.get(page_of(slug)).text
    hidden = {"7654321", "7,654,321", "2019-03-14"}  # the decision's own words go before the amount
    assert [word for word in secrets() if word not in before and word not in hidden] == []
    street.withdraw()
    for path in (*EVERYWHERE, page_of(slug)):
        answer = street.get(path)
        assert answer.status_code == 200
        assert not [word for word in secrets() if word in answer.text], path
        for word in ("示街罚决〔2026〕1号", "行政复议撤销原决定", "2026-06-01"):
            assert word in answer.text, path
    assert street.keys() == street.keys("?q=〔2026〕1号") == ["k1"]
    for word in secrets():
        assert street.get(f"{HOME}decisions.json", params={"q": word}).json()["notices"] == []


def test_an_ended_notice_is_410_and_says_only_that_it_is_over(street: Street):
    slug = street.put(**SECRET)
    street.end()
    for path in (*EVERYWHERE, page_of(slug)):
        answer = street.get(path)
        assert answer.status_code == (410 if path == page_of(slug) else 200)
        assert not [word for word in (*secrets(), "〔2026〕") if word in answer.text]
    assert "公示期已满" in street.get(page_of(slug)).text


@pytest.mark.parametrize(("days", "status"), [(0, 200), (1, 410)])
def test_the_page_goes_with_the_last_day_in_beijing(street: Street, days: int, status: int):
    slug = street.put(until=NOW.date())
    street.fashen.clock = lambda: NOW.replace(hour=23, minute=59) + timedelta(days=days)
    assert street.get(page_of(slug)).status_code == status
    assert (street.keys() == ["k1"]) is (status == 200)


def test_another_offices_notices_are_never_shown(street: Street):
    offices.load(street.fashen, changed(office="other", name="别处街道办事处"))
    slug = street.put("k2", office="other", party="别处的当事人")
    for path in EVERYWHERE:
        assert "别处的当事人" not in street.get(path).text
        assert "别处的当事人" in street.get(path.replace("sample", "other")).text
    assert street.get(page_of(slug)).status_code == 404
    assert street.get(f"/public/other/decisions/{slug}").status_code == 200
    assert street.keys("?q=别处的当事人") == []


# — safety —————————————————————————————————————————————————————————————————————————————

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;{{7*7}}\x0b"


def test_what_a_field_holds_is_text_and_never_markup(street: Street):
    fields: dict[str, Any] = {
        name: (EVIL,) if name in ("violated", "basis", "kinds") else EVIL
        for name in (
            "number", "title", "party", "party_kind", "party_code", "facts", "violated", "basis",
            "kinds", "fine_yuan", "content", "organ", "organ_code", "gravity",
        )
    }  # fmt: skip
    slug = street.put("k1", **fields)
    street.put("k2", **{**fields, "organ": EVIL * 2, "content": ""})
    street.put("k3")
    street.withdraw("k3", reason=EVIL)
    evil_office = changed(name=EVIL, team=EVIL, hotline=EVIL, area=(EVIL,))
    offices.load(street.fashen, evil_office)
    for path in (HOME, page_of(slug), f"{HOME}about", page_of(queries.slug_of("sample", "k3"))):
        text = street.get(path).text
        assert "<script" not in text, path
        assert "<img" not in text, path
        assert "&lt;script&gt;" in text, path
        assert "{{7*7}}" in text, path
    asked = street.get(HOME, params={"q": EVIL, "unit": EVIL, "from": EVIL}).text
    assert "<script" not in asked
    assert "<img" not in asked
    ET.fromstring(street.get(f"{HOME}feed.atom").content)
    assert street.get(f"{HOME}decisions.json").json()["notices"][1]["notice"]["title"] == EVIL


def test_no_page_has_a_script_or_a_style_of_its_own(street: Street):
    slug = street.put()
    for path in (HOME, page_of(slug), f"{HOME}about"):
        text = street.get(path).text
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", text), path
        assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text), path


@pytest.mark.parametrize(
    "path", [*EVERYWHERE, f"{HOME}about", f"{HOME}decisions/nothing", "/public/"]
)
def test_nobody_gets_a_cookie_and_everybody_the_guards(street: Street, path: str):
    street.put()
    answer = street.get(path)
    assert "set-cookie" not in answer.headers
    for name, value in SECURITY.items():
        assert answer.headers[name] == value


def test_whoever_is_signed_in_sees_the_same_as_everybody(street: Street):
    slug = street.put()
    before = [street.get(path).content for path in (HOME, page_of(slug), f"{HOME}about")]
    enter(street.browser, "zhang")
    after = [street.get(path).content for path in (HOME, page_of(slug), f"{HOME}about")]
    assert after == before


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", [HOME, f"{HOME}about", f"{HOME}decisions/x"])
def test_nothing_can_be_sent(street: Street, path: str, method: str):
    assert street.browser.request(method, path).status_code == 405


# — caches —————————————————————————————————————————————————————————————————————————————


def test_a_reader_that_has_the_page_gets_304_until_it_changes(street: Street):
    slug = street.put()
    for path in (*EVERYWHERE, page_of(slug), f"{HOME}about"):
        first = street.get(path)
        assert first.headers["cache-control"] == "public, max-age=60"
        assert first.headers["last-modified"] == "Sun, 08 Mar 2026 16:00:00 GMT"
        tag = first.headers["etag"]
        for said in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            again = street.get(path, headers={"If-None-Match": said})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
        assert street.get(path, headers={"If-None-Match": '"x"'}).status_code == 200
    tag = street.get(page_of(slug)).headers["etag"]
    street.withdraw()
    answer = street.get(page_of(slug), headers={"If-None-Match": tag})
    assert (answer.status_code, answer.headers["etag"] != tag) == (200, True)


@pytest.mark.parametrize("path", [*EVERYWHERE, f"{HOME}about", f"{HOME}decisions/nothing"])
def test_head_answers_like_get_without_the_body(street: Street, path: str):
    street.put()
    whole, head = street.get(path), street.browser.head(path)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers == whole.headers


def test_search_engines_keep_no_copy_of_what_may_be_taken_down(street: Street):
    slug = street.put()
    for path in (*EVERYWHERE, page_of(slug)):
        assert street.get(path).headers["x-robots-tag"] == "noindex, noarchive"
    assert '<meta name="robots" content="noindex, noarchive">' in street.get(page_of(slug)).text
    about = street.get(f"{HOME}about")
    assert "x-robots-tag" not in about.headers
    assert "noindex" not in about.text


# — for programs ———————————————————————————————————————————————————————————————————————


def test_json_holds_the_fields_of_the_allow_list_and_no_others(street: Street):
    slug = street.put("k1")
    street.put("k2")
    street.withdraw("k2")
    told = street.get(f"{HOME}decisions.json").json()
    assert set(told) == {"office", "organ", "total", "more", "next", "notices"}
    withdrawn, shown = told["notices"]
    assert set(shown) == {"url", "state", "notice"}
    assert set(shown["notice"]) == set(PublicNotice.model_fields)
    assert shown["url"].endswith(page_of(slug))
    assert set(withdrawn) == {"url", "state", "withdrawn"}
    assert set(withdrawn["withdrawn"]) == {"key", "number", "reason", "on"}
    assert street.case not in street.get(f"{HOME}decisions.json").text


def test_the_feed_is_atom_and_says_what_was_withdrawn(street: Street):
    street.put("k1")
    slug = street.put("k2", published_on=date(2026, 3, 10))
    street.withdraw("k2")
    answer = street.get(f"{HOME}feed.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{name}"), name
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "示例街道办事处"
    assert feed.findtext(f"{ATOM}updated") == "2026-06-01T00:00:00+08:00"
    withdrawn, shown = feed.findall(f"{ATOM}entry")
    for entry in (withdrawn, shown):
        for name in ("id", "title", "updated", "summary"):
            assert entry.findtext(f"{ATOM}{name}"), name
    assert withdrawn.findtext(f"{ATOM}title") == "示街罚决〔2026〕2号（已撤回）"
    assert "行政复议撤销原决定" in str(withdrawn.findtext(f"{ATOM}summary"))
    link = withdrawn.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == f"{street.fashen.settings.public_url}{page_of(slug)}"


def test_an_empty_board_still_answers_everywhere(street: Street):
    assert "现在没有公示中的行政处罚决定" in street.get(HOME).text
    assert street.get(f"{HOME}decisions.json").json()["notices"] == []
    assert ET.fromstring(street.get(f"{HOME}feed.atom").content).findall(f"{ATOM}entry") == []


# — 事前公示 ———————————————————————————————————————————————————————————————————————————


def test_what_must_be_public_beforehand_is_there(street: Street):
    text = street.get(f"{HOME}about").text
    for word in (
        "示例街道办事处", "张衡", "示12019900101", "2030-12-31", "12345", "示例区人民政府", "示例区人民法院",
        "《行政处罚法》第三十九条", "90 个自然日", "5 个工作日", "60日内", "6个月内", "3%",
        "《示例市人民政府关于街道行使行政处罚权的决定》（虚构）",
        "露天焚烧秸秆、落叶等产生烟尘污染的物质", "可以处 500 元以上 2,000 元以下的罚款",
    ):  # fmt: skip
        assert word in text, word


def test_whose_certificate_is_over_is_not_among_the_enforcers(street: Street):
    """赵岩's ran until 31 December 2024."""
    street.fashen.clock = lambda: day(2024, 12, 31, 23)
    assert "赵岩" in street.get(f"{HOME}about").text
    street.fashen.clock = lambda: day(2025, 1, 1, 0)
    text = street.get(f"{HOME}about").text
    assert "赵岩" not in text
    assert "何守一" not in text  # the administrator has none
    assert text.count("示120199001") == 3


def test_powers_are_those_in_force_on_the_day(street: Street):
    street.fashen.clock = lambda: day(2026, 8, 14, 23)
    assert "《大气污染防治法》第七十七条" in street.get(f"{HOME}about").text
    street.fashen.clock = lambda: day(2026, 8, 15, 0)
    text = street.get(f"{HOME}about").text
    assert "《大气污染防治法》第七十七条" not in text
    assert "《生态环境法典》第二百四十六条" in text
