"""公开的处罚决定对照表 — each published case of the demo against the rules, as the replay found it.

What was done, what the law says of it, at which step this program would have stopped it, and what cannot
be judged and why: a text that is silent is no breach, and a law that is not held judges nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from policies.core import POLICIES, Doubt, Level
from policies.lawbook import register
from states.case import CURRENT
from workflow.scenario import Result, Told

MARK = "-published"
"""In the name of a demonstration file that replays a published case."""

VERB = "record_issued_decision"


@dataclass(frozen=True, slots=True)
class Breach:
    """Something really wrong: the law that says so, and where the program would have stopped it."""

    id: str
    title: str
    rules: tuple[str, ...]
    cite: str
    reason: str
    stopped: str


@dataclass(frozen=True, slots=True)
class Row:
    """One published case."""

    case: str
    done: str
    breaches: tuple[Breach, ...]
    unstated: tuple[str, ...]
    no_law: tuple[str, ...]
    judgement: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def row(body: Mapping[str, Any], result: Result) -> Row:
    """The row of one file, from what it tells and what came out."""
    told = next(s for s in reversed(result.steps) if s.do == VERB)
    found = [*_failed(told), *_late(body, result)]
    doubts = {d: list(_doubts(told, d)) for d in Doubt}
    return Row(
        result.title,
        _done(body),
        tuple(found),
        tuple(doubts[Doubt.UNSTATED]),
        tuple(dict.fromkeys(doubts[Doubt.NO_LAW])),
        tuple(doubts[Doubt.JUDGEMENT]),
    )


def _forms(body: Mapping[str, Any], verb: str) -> Iterator[Mapping[str, Any]]:
    return (s.get("with") or {} for s in body["steps"] if s.get("do") == verb)


def _done(body: Mapping[str, Any]) -> str:
    """The steps that the document tells of, with their days and the penalty."""
    form = next(_forms(body, VERB))
    only_tried = all(s.get("refused") for s in body["steps"] if s.get("do") == VERB)
    said = [
        f"{form[key]} {what}"
        for key, what in (("filed_on", "立案"), ("notice_served_on", "送达告知书"))
        if form.get(key)
    ]
    what = "提出拟处罚意见" if only_tried else "决定"
    said.append(f"{'最迟 ' if form.get('undated') and not only_tried else ''}{form['date']} {what}")
    kinds = "、".join(form.get("kinds", ("罚款",)))
    amount = f" {form['fine']} 元" if form.get("fine") else "（数额未载明）"
    return f"{'，'.join(said)}：{kinds}{amount}"


def _failed(told: Told) -> Iterator[Breach]:
    for finding in told.findings:
        if finding["outcome"] == "fails":
            yield Breach(
                finding["id"],
                finding["title"],
                tuple(finding["rules"]),
                finding["cite"],
                finding["reason"],
                _stopped(finding["id"]),
            )


def _stopped(policy: str) -> str:
    """The first step of the ordinary procedure at which the question is asked, and what a no does there."""
    asked = POLICIES[policy]
    first = next(m for m in CURRENT["ordinary"].moves if asked in m.checklist and m.verb != VERB)
    does = {
        Level.BLOCK: "不能办理",
        Level.WARN: "须写明理由才能办理",
        Level.NOTE: "办理时记录在案",
    }
    return f"{does[asked.level]}“{first.label}”"


def _late(body: Mapping[str, Any], result: Result) -> Iterator[Breach]:
    """The clocks that the story says ran out."""
    terms = {t.clock: t for t in CURRENT["ordinary"].terms}
    for step, told in zip(body["steps"], result.steps, strict=True):
        day = date.fromisoformat(told.at[:10])
        for alert in (step.get("expect") or {}).get("alerts", ()):
            clock, _, stage = str(alert).partition(".")
            term = terms.get(clock)
            if stage != "red" or term is None or not isinstance(term.span, str):
                continue
            number = register().on(day)[term.span]
            yield Breach(
                alert,
                f"{term.label}期限",
                number.rules,
                number.cite,
                f"到 {day} 还没有办理“{term.label}”，{number.value} 个"
                f"{'工作日' if number.unit == 'wd' else '自然日'}已过。",
                f"期限届满前亮黄牌，届满次日亮红牌（{term.label}）",
            )


def _doubts(told: Told, doubt: Doubt) -> Iterator[str]:
    for finding in told.findings:
        if finding.get("doubt") == doubt.value:
            yield finding["title"] if doubt is Doubt.UNSTATED else finding["reason"]


def lines(rows: list[Row]) -> Iterator[str]:
    """The table as the command line prints it, a block a case."""
    yield f"公开的处罚决定对照表（{len(rows)} 件）"
    for n, found in enumerate(rows, 1):
        yield f"{n}. {found.case}"
        yield f"   做了什么　　　{found.done}"
        for breach in found.breaches:
            yield f"   法律怎么说　　{breach.title}：{breach.reason}"
            yield f"   　　　　　　　依据{breach.cite}（{breach.id}，{'、'.join(breach.rules)}）"
            yield f"   会在哪里拦住　{breach.stopped}"
        if not found.breaches:
            yield "   法律怎么说　　在公开的文字里没有发现违反规则之处"
        if found.unstated:
            yield f"   未载明　　　　{'；'.join(found.unstated)}"
        for reason in found.no_law:
            yield f"   无法判断　　　{reason}"
        for reason in found.judgement:
            yield f"   由人判断　　　{reason}"
    yield "未载明的不算违反；法律没有收录的不作评价。"
