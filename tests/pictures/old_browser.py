"""python -m tests.pictures.old_browser BINARY OUT — open every main page in a given Chromium and keep the pictures.

By hand, to see with one's own eyes how the pages look in Chromium 109, the last one for Windows 7: the linter
of `tests/shape/test_old_browsers.py` knows what is too new, not what is ugly. A build of 109 is in the npm package
`@sparticuz/chromium` 109.0.6 (`npm pack`; its bin/*.br unpack with brotli). What the page complains of is printed.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.site import Site, Visitor, served
from tests.pictures.pages import an_office, seat


def looked_at(
    browser: Browser, site: Site, told: str, to: Path, *, phone: bool, dark: bool
) -> list[str]:
    """A picture of the page, and what is wrong with it: complaints, and whether it must be pushed sideways."""
    person, _, path = told.partition(" ")
    context = seat(browser, site, person, phone=phone, dark=dark)
    visitor = Visitor(site, context, context.new_page()).go(path)
    visitor.page.screenshot(path=to, full_page=True)
    wide = visitor.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    context.close()
    return [*visitor.complaints, *([f"{wide} px too wide"] if wide > 0 else [])]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("binary", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--dark", action="store_true")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    fashen, pages = an_office()
    quiet = ["--no-sandbox", "--disable-gpu", "--single-process", "--no-zygote", "--headless"]
    beside: dict[str, str | float | bool] = {
        **os.environ,
        "LD_LIBRARY_PATH": str(asked.binary.parent),
    }
    with served(fashen) as site, sync_playwright() as playwright:
        # A browser for each picture: the small builds run in one process and do not outlive many pages.
        for name, told in pages.items():
            for phone in (False, True):
                browser = playwright.chromium.launch(
                    executable_path=asked.binary, args=quiet, env=beside
                )
                to = (
                    asked.out
                    / f"{name}-{390 if phone else 1366}{'-dark' if asked.dark else ''}.png"
                )
                wrong = looked_at(browser, site, told, to, phone=phone, dark=asked.dark)
                print(
                    f"{to}  Chromium {browser.version}  {'；'.join(wrong) or 'nothing to complain of'}"
                )
                browser.close()


if __name__ == "__main__":
    main()
