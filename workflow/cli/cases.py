"""`fashen do`, `explain`, `deadlines` — one case from the command line, with the same checks as the web."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from policies.review_desk import desk_record
from workflow import errors, queries, yaml
from workflow.cli.common import as_json, office_of, opened, person_of, say
from workflow.order import Done, Order, label
from workflow.preview import Choice
from workflow.times import beijing
from workflow.work import perform

_MARKS = {"refused": "不能办", "excuse": "须写明理由", "form": "填表后判断", "open": "可办"}


def do(asked: argparse.Namespace) -> int:
    """Any verb, by any person of the office; a refusal says every reason and exits with 1."""
    try:
        form, at, excuses = _form(asked.form), _moment(asked.at), _excuses(asked.excuse)
    except ValueError as wrong:
        print(f"fashen do：{wrong}", file=sys.stderr)
        return 2
    fashen = opened()
    office = office_of(fashen, asked.office)
    person = person_of(office, asked.by)
    case = queries.find_case(fashen, office.office, asked.case) if asked.case else None
    version = asked.version
    if case and version is None:
        version = queries.version_of(fashen, office.office, case)
    order = Order(
        office=office.office,
        actor=person.id,
        verb=asked.verb,
        form=form,
        case=case,
        version=version,
        at=at,
        key=asked.key,
        excuses=excuses,
        irregular=asked.irregular,
        dry_run=asked.dry_run,
    )
    try:
        done = perform(fashen, order)
    except errors.FashenError as no:
        if asked.json:
            as_json({"refused": True, "title": no.title, "detail": str(no), **no.details()})
        else:
            print(no, file=sys.stderr)
        return 1
    if asked.json:
        as_json(done.as_dict())
    else:
        _tell(done)
    return 0


def _tell(done: Done) -> None:
    what = (
        "可以办理（没有办）"
        if done.dry_run
        else "早已办过（没有重复）"
        if done.repeated
        else "已办理"
    )
    say(
        f"{what}“{label(done.verb)}”：{done.before} → {done.after}，案件 {done.case} 第 {done.version} 步。"
    )
    for clock, running in done.opened.items():
        say(f"  期限开始：{clock}，至 {running['ends']}")
    for clock in done.closed:
        say(f"  期限结束：{clock}")


def _form(text: str) -> dict[str, Any]:
    if not text.lstrip().startswith("{"):
        path = Path(text)
        if not path.is_file():
            raise ValueError(f"--with 要写成 JSON（以 {{ 开头）或者一个文件，没有“{text}”这个文件")
        text = path.read_text("utf-8")
    try:
        form = yaml.load(text)  # JSON is YAML; a form may be kept as either
    except yaml.YamlError as wrong:
        raise ValueError(f"--with 读不了：{wrong}") from None
    if not isinstance(form, dict):
        raise ValueError('--with 应当是若干栏，例如 {"place": "示例路"}')
    return form


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return beijing(datetime.fromisoformat(text))
    except ValueError:
        raise ValueError(f"--at 要写成 2026-01-05 09:00 的样子，写的是“{text}”") from None


def _excuses(pairs: list[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        policy, equals, reason = pair.partition("=")
        if not equals or not reason.strip():
            raise ValueError(f"--excuse 要写成 规则编号=理由，写的是“{pair}”")
        found[policy.strip()] = reason.strip()
    return found


def explain(asked: argparse.Namespace) -> int:
    """Every move of a case, and for each that is refused why, which article, how and by whom it is cured."""
    fashen = opened()
    office = office_of(fashen, asked.office)
    person = person_of(office, asked.by) if asked.by else office.people[0]
    case = queries.find_case(fashen, office.office, asked.case)
    view = queries.view_case(fashen, office.office, case, person)
    desk = desk_record(view.case, fashen.calendar, beijing(fashen.clock()).date())
    if asked.json:
        as_json(
            {
                **view.row.as_dict(),
                "review": desk.as_dict(),
                "moves": [c.as_dict() for c in view.choices],
                "history": [
                    {
                        "seq": s.seq,
                        "verb": s.verb,
                        "by": s.by,
                        "at": s.at.isoformat(),
                        "to": s.after,
                    }
                    for s in view.history
                ],
            }
        )
        return 0
    row = view.row
    say(f"{row.number or row.id}　{row.party}　{row.title}")
    say(
        f"现在：{row.phase} · {row.state_label}（第 {row.version} 步）　法制审核：{row.review}　公示：{row.publication}"
    )
    if desk.words:
        say(f"法制审核：{desk.words}")
    for d in row.deadlines:
        left = f"还剩 {d.left} 个自然日" if d.left >= 0 else f"超期 {-d.left} 个自然日"
        say(f"期限 {d.label}：至 {d.ends}，{left}{'（暂定）' if d.provisional else ''}")
    say(f"以{person.title}的身份：")
    for choice in view.choices:
        _explain(choice)
    return 0


def _explain(choice: Choice) -> None:
    whose = "" if choice.mine else f"（由{'、'.join(choice.able) or choice.move.who.label}办）"
    say(f"  {_MARKS[choice.verdict]}　{choice.move.label} {choice.move.verb}{whose}")
    for n, finding in enumerate(choice.reasons, 1):
        verdict = finding.verdict
        say(f"      {n}. {finding.policy.title}：{verdict.reason}")
        say(
            f"         依据：{finding.cite}（{finding.policy.id}，{'、'.join(finding.policy.rules)}）"
        )
        if verdict.remedy:
            day = f"（{verdict.day}）" if verdict.day else ""
            say(f"         如何补正：{verdict.remedy}{day}　由谁办：{verdict.by}")


def deadlines(asked: argparse.Namespace) -> int:
    """The clocks that run, the nearest first."""
    fashen = opened()
    office = office_of(fashen, asked.office)
    rows, _ = queries.list_cases(fashen, office.office, limit=10_000)
    if asked.case:
        wanted = queries.find_case(fashen, office.office, asked.case)
        rows = [r for r in rows if r.id == wanted]
    running = sorted(((d, r) for r in rows for d in r.deadlines), key=lambda pair: pair[0].ends)
    if asked.json:
        as_json(
            [
                {
                    "case": r.id,
                    "number": r.number,
                    "clock": d.clock,
                    "label": d.label,
                    "start": d.start.isoformat(),
                    "span": d.span,
                    "due": d.due.isoformat(),
                    "rolled": d.rolled.isoformat(),
                    "ends": d.ends.isoformat(),
                    "left": d.left,
                    "stage": d.stage,
                    "provisional": d.provisional,
                }
                for d, r in running
            ]
        )
        return 0
    for d, r in running:
        left = f"还剩 {d.left} 个自然日" if d.left >= 0 else f"超期 {-d.left} 个自然日"
        mark = {"blue": "提醒", "yellow": "黄牌", "red": "红牌"}.get(d.stage, "")
        say(f"{d.ends}　{left}　{mark}　{d.label}　{r.number or r.id[:8]}　{r.party}")
    if not running:
        say("没有正在计算的期限。")
    return 0
