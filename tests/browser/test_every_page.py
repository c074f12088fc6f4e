"""Every page, opened in a real browser by whoever may: nobody is shut out by how it is built.

The pages are found by following links, so that a new one is asked too: for each role every kind of page
(its route) once, at the office's screen and on a phone, light and dark.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Sits
from tests.browser.site import Site, Visitor, served
from tests.builders import PEOPLE, a_case, day, office_at
from workflow.program import Fashen

SERIOUS = ("serious", "critical")
HEAVIEST = 150_000
"""Bytes of a page, compressed, without fonts and pictures."""

NEVER = re.compile(
    r"^/(static|api|logout|metrics|supervise/ledger)|\.(ics|xlsx|zip|xml|atom|jsonl?|csv|pdf)(\?|$)|[?&]as="
)
"""What is no page: files, feeds, and the way out."""


def an_office() -> Fashen:
    """Cases in every part of the process, so that every page has something to show."""
    fashen = office_at(now=day(2026, 9, 1))
    for state in ("lead", "checking", "investigating", "under_review", "notified", "hearing"):
        a_case(fashen, state)
    for state in ("deciding", "in_effect", "archived"):
        a_case(fashen, state)
    a_case(fashen, "in_effect", procedure="summary")
    return fashen


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served(an_office()) as site:
        yield site


ID = re.compile(r"/(?:[0-9a-f]{8}-[0-9a-f-]{27}|\d+)(?=/|$)")


def kind_of(address: str) -> str:
    """Pages of one kind come from one template: all forms of one verb do, but each case looks different."""
    path = urlsplit(address).path
    form = re.fullmatch(r"/cases/(?:[^/]+/)?do/(\w+)", path)
    return f"form {form[1]}" if form else path if path.count("/") == 2 else ID.sub("/*", path)


def kinds_of_pages(visitor: Visitor) -> dict[str, str]:
    """Kind → one address of it, by following every link from the first page."""
    found: dict[str, str] = {}
    ahead = ["/"]
    while ahead:
        address = ahead.pop(0)
        kind = kind_of(address)
        if kind in found:
            continue
        found[kind] = address
        visitor.go(address)
        for href in visitor.page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)"):
            link = urldefrag(href)[0].removeprefix(visitor.site.url)
            if link.startswith("/") and not NEVER.search(link):
                ahead.append(link)
    return found


def faults(visitor: Visitor, address: str) -> list[str]:
    """What axe finds serious on the page that is open, and whether it must be pushed sideways."""
    told = Axe().run(visitor.page).response["violations"]
    found = [
        f"{address}: {v['id']} {node['target']} {node['failureSummary'][:200]}"
        for v in told if v["impact"] in SERIOUS for node in v["nodes"][:3]
    ]  # fmt: skip
    wide = visitor.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return [*found, *([f"{address}: {wide} px too wide"] if wide > 0 else [])]


ROLES = ("zhang", *(p for p in PEOPLE if p not in ("zhang", "li")))
"""Whoever may see most comes first; the pages of the next are those that nobody before them had."""

Asked = dict[tuple[bool, bool], set[str]]


@pytest.fixture(scope="module")
def asked() -> Asked:
    """What axe has already looked at: (phone, dark) → kinds of pages."""
    return {}


@pytest.mark.parametrize("person", ROLES)
def test_no_page_shuts_anybody_out(site: Site, sits: Sits, asked: Asked, person: str):
    pages = kinds_of_pages(sits(site, person))
    assert len(pages) >= 4, pages
    wrong: list[str] = []
    for phone, dark in ((False, False), (True, False), (False, True)):
        visitor = sits(site, person, phone=phone, dark=dark)
        before = asked.setdefault((phone, dark), set())
        for kind, address in pages.items():
            # All forms come from one template: in the dark and on the phone some of them tell of all.
            form = kind.startswith("form ")
            if kind in before or (form and (phone or dark) and len(kind) % 4):
                continue
            before.add(kind)
            visitor.go(address)
            wrong += faults(visitor, f"{address} phone={phone} dark={dark}")
    assert wrong == []


def test_no_page_is_heavy(site: Site, sits: Sits):
    visitor = sits(site, "zhang")
    get = visitor.context.request.get
    for address in kinds_of_pages(visitor).values():
        page = get(site.address(address)).text()
        needed = re.findall(r'<(?:link rel="stylesheet" href|script[^>]* src)="([^"]+)"', page)
        parts = [page.encode(), *(get(site.address(path)).body() for path in needed)]
        assert sum(len(gzip.compress(part)) for part in parts) < HEAVIEST, address
