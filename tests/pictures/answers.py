"""python -m tests.pictures.answers — walk the acceptance questions in a browser and write docs/pages.md anew.

Clicks and keys are counted, the machine's seconds measured from a press to the painted page. What a person
needs besides is estimated by the keystroke-level model (Card, Moran, Newell 1980) and kept apart: nobody was
asked. `--out` writes elsewhere.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from playwright.sync_api import Browser, Locator, sync_playwright

from policies.calendar import ONE_DAY
from tests.browser.site import DESK, PHONE, Site, Visitor, launched, served
from tests.browser.test_clerk import LONG, SHORT, Strict
from tests.browser.test_roles import begun, sent_for_the_third_time
from tests.builders import a_case, day, office_at, set_clock, take
from tests.supervision import a_year
from tests.web.visiting import PASSWORD, with_password
from workflow import database
from workflow.deliveries import drain
from workflow.program import Fashen
from workflow.publication import errand
from workflow.times import BEIJING

PAGES = Path(__file__).parents[2] / "docs" / "pages.md"
FROM = "## 点几下"

KEY, POINT, HOME, THINK = 0.28, 1.1, 0.4, 1.35
"""Seconds of the model: a key or a press, pointing, a hand's way between mouse and keys, making up one's mind."""

PINYIN = 3
"""Keys for a Chinese character, its choice from the list included."""


@dataclass
class Walk:
    """One person on the way to one answer."""

    visitor: Visitor
    clicks: int = 0
    keys: int = 0
    thoughts: int = 0
    homes: int = 0
    machine: float = 0.0
    _typing: bool = field(default=False)

    def press(self, name: str, within: str = "body") -> Walk:
        self._hand(typing=False)
        self.clicks += 1
        begun = time.perf_counter()
        self.visitor.press(name, within)
        self._painted(begun)
        return self

    def tick(self, box: Locator, *, off: bool = False) -> Walk:
        self._hand(typing=False)
        self.clicks += 1
        box.set_checked(not off)
        return self

    def types(self, into: Locator, text: str, *, keys_lead_there: bool = False) -> Walk:
        """Write into a field that is pointed at first, unless a key leads there; the page may answer as it goes."""
        if not keys_lead_there:
            self._hand(typing=False)
            self.clicks += 1
        self._hand(typing=True)
        self.keys += keys_lead_there + sum(PINYIN if ord(sign) > 0x2E80 else 1 for sign in text)
        into.fill(text)
        return self

    def waits(self, until: Callable[[], None]) -> Walk:
        """What the page does by itself while somebody writes."""
        begun = time.perf_counter()
        until()
        self._painted(begun)
        return self

    def reads(self, *words: str, at_once: bool = True) -> Walk:
        """Each of these is to be found on the page, and without scrolling unless it is said otherwise."""
        screen = self.visitor.page.viewport_size
        assert screen
        for word in words:
            there = self.visitor.page.get_by_text(word).filter(visible=True).first
            box = there.bounding_box()
            assert box, word
            assert not at_once or box["y"] + box["height"] <= screen["height"], f"{word} is below"
            self.thoughts += 1
        return self

    @property
    def person(self) -> float:
        """Seconds of a practised person, by the model."""
        return (
            self.clicks * (POINT + KEY)
            + self.keys * KEY
            + self.homes * HOME
            + self.thoughts * THINK
        )

    def _hand(self, *, typing: bool) -> None:
        self.homes += typing != self._typing
        self._typing = typing

    def _painted(self, begun: float) -> None:
        self.visitor.page.evaluate(
            "new Promise(go => requestAnimationFrame(() => requestAnimationFrame(go)))"
        )
        self.machine += time.perf_counter() - begun


# — the questions ————————————————————————————————————————————————————————————————————————————


def yesterdays_case(walk: Walk, fashen: Fashen) -> None:
    page = walk.visitor.page
    walk.types(page.locator("#q"), "lsm", keys_lead_there=True)
    rows = page.locator(".fx-bench tbody tr")
    walk.waits(lambda: rows.nth(1).wait_for(state="detached"))
    walk.press("李四明", ".fx-bench").reads("报请立案", "还剩 14 个自然日", "证据 还没有")


def a_refusal(walk: Walk, fashen: Fashen) -> None:
    page = walk.visitor.page
    walk.press("示街罚案", ".fx-bench").press("送达决定书", ".fx-next")
    second = page.locator('[name="f.officers"][value="li"]')
    walk.types(page.locator('[name="f.receiver"]'), "本人").tick(second, off=True)
    walk.press("送达决定书", ".fx-dock").reads("什么都没有改变", "先做", "由谁办")
    walk.press("修改填写的内容", "main").tick(second)
    walk.press("送达决定书", ".fx-dock").reads("已办理")


def a_bounced_row(walk: Walk, fashen: Fashen) -> None:
    page = walk.visitor.page
    walk.press("公示退回", "main").reads("违法事实（CF_SS）：超过 20 个字")
    walk.press("更正公示", "section[aria-labelledby=h-out]")
    walk.types(page.locator('[name="f.reason"]'), "平台的违法事实栏只有二十个字")
    walk.types(page.locator('[name="f.facts"]'), SHORT)
    walk.press("更正公示", ".fx-dock").reads("已办理")


def the_third_return(walk: Walk, fashen: Fashen) -> None:
    walk.press("法制审核", "nav").press("审核", ".fx-queue")
    walk.reads("第 3 次送审", "自上次退回", "裁量理由")
    walk.reads("罚款", at_once=False)


def read_the_question(walk: Walk) -> None:
    walk.reads("法制审核　通过", "风险 ")
    walk.reads("1,000 元", "还剩", at_once=False)


def approve(walk: Walk, fashen: Fashen) -> None:
    page = walk.visitor.page
    walk.press("审批", "nav").press("审批　", "main")
    read_the_question(walk)
    walk.types(page.get_by_label("决定书文号"), "示街罚决〔2026〕001号")
    walk.tick(page.get_by_label("已核对，决定书载明了以下全部"))
    walk.types(page.locator("#signed_with"), PASSWORD)
    walk.press("同意", ".fx-dock").reads("已办理")


def send_back(walk: Walk, fashen: Fashen) -> None:
    walk.press("审批", "nav").press("审批　", "main")
    read_the_question(walk)
    walk.types(walk.visitor.page.get_by_label("意见（退回时必填）"), "复查照片没有入卷")
    walk.press("退回", ".fx-dock").reads("已办理")


def before_the_window_ended(walk: Walk, fashen: Fashen) -> None:
    walk.press("督察", "nav").press("听证、申辩期满前作出的决定", "main")
    walk.reads("2 项，1 件案件", "听证申请期限至 2026-03-09", at_once=False)
    walk.press("核验", ".fx-reds").reads("本案没有被改动", "末条摘要")


PAPER = {
    **{date(2026, 9, 25) + n * ONE_DAY: False for n in range(3)},
    **{date(2026, 10, 1) + n * ONE_DAY: False for n in range(7)},
    date(2026, 9, 20): True, date(2026, 10, 10): True,
}  # fmt: skip
"""中秋 and 国庆 2026 as 国办发明电〔2025〕7号 and every calendar on the wall have them: worked or not."""


def the_calendar_on_the_wall(walk: Walk, fashen: Fashen) -> None:
    walk.press("示街罚案", ".fx-bench").press("逐日核对", "#s-days")
    walk.reads(
        "2026-11-12（周四） 届满", "90 个自然日，其中 60 个工作日", "2026-09-20（周日）", "国庆节"
    )
    walk.reads("10 月", "11 月", at_once=False)
    # The same, counted without the program's calendar.
    start, end = date(2026, 8, 14), date(2026, 11, 12)
    days = [start + n * ONE_DAY for n in range(1, (end - start).days + 1)]
    worked = sum(PAPER.get(d, d.weekday() < 5) for d in days)
    assert (len(days), worked) == (90, 60)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of whom, within how many seconds (0: no bound given), and the office in which it is."""

    asked: str
    who: str
    within: int
    office: Callable[[Fashen], None]
    walk: Callable[[Walk, Fashen], None]
    way: str
    phone: bool = False
    at: datetime = field(default=day(2026, 9, 1))


def two_begun(fashen: Fashen) -> None:
    for n, name in enumerate(("李四明", "王五"), 7):
        begun(fashen, name, n)
    set_clock(fashen, fashen.clock() + timedelta(hours=16, minutes=30))


def one_returned(fashen: Fashen) -> None:
    sent_for_the_third_time(fashen)


def one_to_decide(fashen: Fashen) -> None:
    a_case(fashen, "deciding")


def one_decided(fashen: Fashen) -> None:
    a_case(fashen, after="decide")


def one_bounced(fashen: Fashen) -> None:
    case = a_case(fashen, after="serve_decision")
    take(fashen, "clerk", "choose_publication", case, reason="有一定社会影响", facts=LONG)
    take(fashen, "shen", "review_publication", case)
    drain(fashen)


def a_year_of_cases(fashen: Fashen) -> None:
    a_year(fashen)


def across_the_holiday(fashen: Fashen) -> None:
    a_case(fashen, "noticing")


QUESTIONS = (
    Question("1. 承办人：昨天的案件，下一步是什么、哪天以前、缺什么", "zhang", 10, two_begun, yesterdays_case,
             "按“/”，打 lsm，点开；三样都在第一屏", at=day(2026, 8, 31, 16)),
    Question("2. 承办人：被拒绝的步骤，只看这一页能不能补正", "zhang", 0, one_decided, a_refusal,
             "一人送达被拒，读“怎样最快办成”，修改、补上第二人、办成", at=day(2026, 5, 4)),
    Question("3. 内勤：一条被退回的公示记录，找到并改好", "clerk", 120, one_bounced, a_bounced_row,
             "工作台“公示退回” → 更正公示；再由另一人审查后发出", at=day(2026, 5, 4)),
    Question("4. 审核员：第三次送审，改了什么", "shen", 30, one_returned, the_third_return,
             "法制审核 → 审核；第一屏就是上次以来的变更", at=day(2026, 8, 31)),
    Question("5. 负责人在手机上：同意一件，知道风险", "head", 60, one_to_decide, approve,
             "审批 → 审批；文号、勾选、密码、同意", phone=True, at=day(2026, 5, 4)),
    Question("5. 负责人在手机上：退回一件", "head", 60, one_to_decide, send_back,
             "审批 → 审批；写一句意见、退回", phone=True, at=day(2026, 5, 4)),
    Question("6. 监督员：今年申辩、听证期满前作出的决定，附证明", "inspector", 60, a_year_of_cases,
             before_the_window_ended, "督察 → 常用查询 → 核验；清单可以导出 Excel", at=day(2026, 1, 1)),
    Question("7. 任何人：跨国庆的九十日，自然日、工作日与墙上的日历一致吗", "zhang", 0, across_the_holiday,
             the_calendar_on_the_wall, "案件 → 逐日核对；与 2026 年放假通知逐日相同", at=day(2026, 8, 14)),
)  # fmt: skip


# — walking and writing ——————————————————————————————————————————————————————————————————————


def walked(browser: Browser, question: Question, folder: Path) -> Walk:
    """The second of two walks, so that nothing is measured that happens once after a start."""
    for name in ("warm", "measured"):
        url = f"sqlite:///{folder / f'{name}.db'}"
        database.migrate(url)
        fashen = office_at(url, now=question.at)
        question.office(fashen)
        with_password(fashen, question.who)
        with served(fashen) as site:
            walk = _one(browser, question, site)
    return walk


def _one(browser: Browser, question: Question, site: Site) -> Walk:
    context = browser.new_context(
        viewport=PHONE if question.phone else DESK, is_mobile=question.phone, has_touch=question.phone,
        locale="zh-CN", timezone_id="Asia/Shanghai",
    )  # fmt: skip
    visitor = Visitor(site, context, context.new_page()).signs_in(question.who)
    walk = Walk(visitor)
    question.walk(walk, site.fashen)
    context.close()
    assert visitor.complaints == []
    return walk


def table(found: list[tuple[Question, Walk]], today: date) -> str:
    rows = [
        f"| {q.asked} | {w.clicks} | {w.keys} | {w.machine:.1f} | {w.person:.0f} | {w.machine + w.person:.0f} | "
        f"{f'{q.within} 秒' if q.within else '—'} | {q.way} |"
        for q, w in found
    ]
    return "\n".join([
        FROM,
        "",
        f"`python -m tests.pictures.answers` 于 {today} 在 Chromium 里走过一遍，从登录以后的第一页数起。"
        "点击和按键是数出来的，“机器”是从按下到画好页面量出来的（一台电脑，本机的服务器和 SQLite）。"
        f"**没有请真实的人计时**：“人”是按击键层级模型（KLM）估计的，"
        f"按一下 {KEY} 秒、指向 {POINT} 秒、手换位置 {HOME} 秒、找到并想好一样 {THINK} 秒，"
        f"一个汉字按 {PINYIN} 键算；它只算熟手，不算犹豫、读错和被打断。",
        "",
        "| 问题 | 点击 | 按键 | 机器（秒） | 人（秒，估计） | 合计 | 目标 | 怎样走 |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
        "",
    ])  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=PAGES)
    asked = parser.parse_args()
    strict = Strict()
    found: list[tuple[Question, Walk]] = []
    ways_out = patch.object(errand, "_ways_out", lambda settings: {strict.name: strict})
    with ways_out, sync_playwright() as playwright:
        browser = launched(playwright)
        for question in QUESTIONS:
            folder = Path(tempfile.mkdtemp(prefix="fashen-answers-"))
            found.append((question, walked(browser, question, folder)))
            shutil.rmtree(folder, ignore_errors=True)
            print(question.asked, found[-1][1].clicks, f"{found[-1][1].machine:.2f}")
        browser.close()
    before = asked.out.read_text().partition(FROM)[0] if asked.out.exists() else ""
    asked.out.write_text(before + table(found, datetime.now(BEIJING).date()))


if __name__ == "__main__":
    main()
