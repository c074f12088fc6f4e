"""公示日 — the clerk's day: from the served decision to its receipt, over a row that came back; and the two lists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Comes
from tests.browser.forms import fill
from tests.browser.site import Site, served
from tests.builders import a_case, day, document_of, office_at, take
from workflow.deliveries import drain
from workflow.oracle import check_all
from workflow.publication import errand
from workflow.publication.parcel import Parcel
from workflow.publication.platforms import Held, NotAccepted

LONG = "当事人露天焚烧秸秆约十平方米，执法人员到场后熄灭"
SHORT = "当事人露天焚烧秸秆约十平方米"


class Strict:
    """A platform whose 违法事实 has room for twenty characters."""

    name = "directory"

    def __init__(self) -> None:
        self.taken: list[Parcel] = []

    def send(self, parcel: Parcel) -> str:
        if len(parcel.notice.facts) > 20:
            said = "平台没有收下这一条记录："
            raise NotAccepted(said, [("违法事实（CF_SS）", "超过 20 个字")])
        self.taken.append(parcel)
        return f"HZ-{len(self.taken):04}"

    def ask(self, key: str) -> Held | None:
        return None

    def withdraw(self, withdrawal: object) -> str:
        raise AssertionError("nothing is withdrawn here")


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Strict:
    made = Strict()
    monkeypatch.setattr(errand, "_ways_out", lambda settings: {made.name: made})
    return made


@pytest.fixture
def site(sqlite_url: str, platform: Strict) -> Iterator[Site]:
    with served(office_at(sqlite_url, now=day(2026, 5, 4))) as site:
        yield site


def test_a_clerk_publishes_mends_the_row_that_came_back_and_lays_the_lists_together(
    site: Site, comes: Comes, platform: Strict, tmp_path: Path
):
    fashen = site.fashen
    sent_back, fresh = (a_case(fashen, after="serve_decision") for _ in range(2))
    take(fashen, "clerk", "choose_publication", sent_back, reason="有一定社会影响", facts=LONG)
    take(fashen, "shen", "review_publication", sent_back)
    drain(fashen)

    # One waits to be chosen: the clerk puts together what goes out, the reviewer looks at it.
    clerk = comes("clerk")
    clerk.press("公示", "nav")
    clerk.press("公示", "section[aria-labelledby=h-unchosen]")
    fill(clerk.page, {"reason": "有一定社会影响", "facts": SHORT})
    clerk.press("决定公示", ".fx-dock")
    shen = comes("shen")
    shen.press("公示", "nav").press("核对并审查", "main")
    shen.signs("公示审查")
    drain(fashen)

    # One came back: which field, and from there to where it is mended.
    clerk.press("工作台", "nav")
    clerk.press("公示退回", "main")
    back = clerk.page.locator("section[aria-labelledby=h-out]")
    expect(back).to_contain_text("违法事实（CF_SS）：超过 20 个字")
    clerk.press("更正公示", "section[aria-labelledby=h-out]")
    fill(clerk.page, {"reason": "平台的违法事实栏只有二十个字", "facts": SHORT})
    clerk.press("更正公示", ".fx-dock")
    shen.press("公示", "nav").press("核对并审查", "main").signs("公示审查")
    drain(fashen)
    for case in (sent_back, fresh):
        assert document_of(fashen, case)["publication"]["receipt"]
    assert [p.version for p in platform.taken] == [1, 2]

    # The platform has one of the two: the page says which is missing there.
    clerk.press("公示", "nav")
    listed = tmp_path / "平台.csv"
    listed.write_text(f"文号,回执\n{platform.taken[0].number},HZ-0001\n", encoding="utf-8-sig")
    clerk.page.get_by_label("平台导出的清单").set_input_files(listed)
    clerk.press("对账", "#reconcile")
    found = clerk.page.locator("#reconcile [role=status]")
    expect(found).to_contain_text(platform.taken[1].number)
    expect(found).to_contain_text("系统 2 件，平台 1 件")
    assert check_all(fashen) == []
