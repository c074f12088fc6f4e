"""python -m tests.pictures.pages — take the pictures of the main pages in docs/images again, at both widths.

One office with cases in every part of the process. `--out` writes elsewhere, `--dark` takes them in the dark.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.site import DESK, PHONE, Site, launched, served
from tests.builders import a_case, a_photo, a_proposal, day, office_at, set_clock, take
from tests.web.visiting import cookie_of
from workflow.program import Fashen

ROOT = Path(__file__).parents[2]


def an_office() -> tuple[Fashen, dict[str, str]]:
    """The office, and page → who looks at which address."""
    fashen = office_at(now=day(2026, 9, 1))
    for state in ("lead", "checking", "in_effect", "archived"):
        a_case(fashen, state)
    investigating = a_case(fashen, "investigating")
    returned = a_case(fashen, "under_review", fine=1500)
    points = ["裁量理由与裁量档不符", "复查结论没有入卷"]
    take(fashen, "shen", "return_case", returned, opinion="请补正", points=points, kind="correct")
    take(fashen, "zhang", "add_evidence", returned, **a_photo(name="复查照片"))
    take(fashen, "li", "verify_evidence", returned)
    for no in (1, 2):
        take(fashen, "zhang", "answer_point", returned, no=no, answer="已补正，见复查照片")
    take(fashen, "zhang", "conclude", returned, **a_proposal(1000, discretion="主动消除危害后果"))
    take(fashen, "zhang", "submit_to_unit", returned)
    take(
        fashen, "wang", "submit_review", returned,
        materials=["调查终结报告", "拟处罚意见", "证据材料", "执法依据", "程序材料"],
    )  # fmt: skip
    notified, deciding = a_case(fashen, "notified"), a_case(fashen, "deciding")
    set_clock(fashen, day(2026, 11, 20, 9, 12))
    return fashen, {
        "workbench": "zhang /",
        "case": f"zhang /cases/{notified}",
        "map": f"zhang /cases/{returned}/map",
        "days": f"zhang /cases/{notified}/days",
        "review-queue": "shen /review",
        "review": f"shen /cases/{returned}/review",
        "approvals": "head /approvals",
        "approval": f"head /cases/{deciding}/approve/decide",
        "discussion": f"head /cases/{deciding}/discussion",
        "summary": "zhang /summary",
        "evidence": f"zhang /cases/{investigating}/do/add_evidence",
        "publication": "clerk /publication",
        "supervise": "inspector /supervise",
        "dossiers": "inspector /supervise/draws",
        "admin": "admin /admin",
        "accounts": "security /admin/accounts",
        "delegations": "wang /delegations",
        "login": " /login",
    }


def seat(browser: Browser, site: Site, person: str, *, phone: bool, dark: bool) -> BrowserContext:
    """A browser of this width and light, in which this person is signed in; nobody where none is named."""
    context = browser.new_context(
        viewport=PHONE if phone else DESK,
        is_mobile=phone,
        color_scheme="dark" if dark else "light",
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    if person:
        name, value = cookie_of(site.fashen, person)
        context.add_cookies([{"name": name, "value": value, "url": site.url}])
    return context


def picture(browser: Browser, site: Site, told: str, to: Path, *, phone: bool, dark: bool) -> None:
    person, _, path = told.partition(" ")
    context = seat(browser, site, person, phone=phone, dark=dark)
    page = context.new_page()
    page.goto(site.address(path))
    page.screenshot(path=to)
    context.close()
    print(f"{to}: {to.stat().st_size // 1000} kB")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--dark", action="store_true")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    fashen, pages = an_office()
    with served(fashen) as site, sync_playwright() as playwright:
        browser = launched(playwright)
        for name, told in pages.items():
            for phone in (False, True):
                width = "390" if phone else "1366"
                end = "-dark" if asked.dark else ""
                to = asked.out / f"{name}-{width}{end}.png"
                picture(browser, site, told, to, phone=phone, dark=asked.dark)
        browser.close()


if __name__ == "__main__":
    main()
