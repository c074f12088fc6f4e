"""`fashen do`, `explain` — one case from the command line, with the same checks as the web."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

from policies import alongside, milder, periods
from policies.core import POLICIES
from policies.lawbook import register
from policies.office import Office
from policies.review_desk import desk_record
from workflow import errors, queries, yaml
from workflow.cli import latest, words
from workflow.cli import periods as until
from workflow.cli.common import (
    as_json,
    complain,
    nearest,
    office_of,
    opened,
    person_of,
    say,
    say_table,
)
from workflow.desk import COMMANDS
from workflow.latest import latest_of
from workflow.order import Done, Order, label
from workflow.preview import Choice
from workflow.program import Fashen
from workflow.refusals import reason_in_full
from workflow.times import beijing
from workflow.work import perform

_MARKS = {"refused": "不能办", "excuse": "须写明理由", "form": "填表后判断", "open": "可办"}


def do(asked: argparse.Namespace) -> int:
    """Any verb, by any person of the office; a refusal says every reason and exits with 1."""
    try:
        if asked.verb not in COMMANDS:
            near = nearest(asked.verb, COMMANDS)
            raise ValueError(
                f"没有“{asked.verb}”这个动作，{near}全部动作见 fashen scenario --verbs"
            )
        form, at, excuses = _form(asked.form), _moment(asked.at), _excuses(asked.excuse)
    except ValueError as wrong:
        complain(f"fashen do：{wrong}。")
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
        on_behalf_of=asked.on_behalf_of,
        dry_run=asked.dry_run,
    )
    try:
        done = perform(fashen, order)
    except errors.FashenError as no:
        if asked.json:
            as_json({"refused": True, "title": no.title, "detail": str(no), **no.details()})
        else:
            complain(no.in_full if isinstance(no, errors.Blocked) else str(no))
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
    moved = words.moved(done.before, done.after)
    say(f"{what}“{label(done.verb)}”{f'：{moved}' if moved else ''}")
    say(f"  案件 {done.case}，第 {done.version} 步")
    for finding in done.findings:
        if finding["outcome"] in ("fails", "needs_judgement"):
            say(f"  {words.verdict(finding)}　{finding['reason']}（{finding['cite']}）")
    for clock, running in done.opened.items():
        say(f"  期限开始　{words.clock(clock)}，至 {running['ends']}")
    for clock in done.closed:
        say(f"  期限结束　{words.clock(clock)}")


def _form(text: str) -> dict[str, Any]:
    """The form from JSON or YAML on the line, or from a file that holds either (JSON is YAML)."""
    try:
        if not text.lstrip().startswith("{"):
            text = yaml.read(text)
        form = yaml.load(text)
    except yaml.YamlError as wrong:
        raise ValueError(
            f"--with 读不了，要写成 JSON（以 {{ 开头）或者一个文件：{str(wrong).removesuffix('。')}"
        ) from None
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
        if policy.strip() not in POLICIES:
            near = nearest(policy.strip(), POLICIES)
            raise ValueError(f"没有“{policy.strip()}”这条规则，{near}全部规则见 fashen policies")
        found[policy.strip()] = reason.strip()
    return found


def explain(asked: argparse.Namespace) -> int:
    """Every move of a case, and for each that is refused why, which article, how and by whom it is cured."""
    fashen = opened()
    office = office_of(fashen, asked.office)
    if not asked.case:
        return _list_cases(asked, fashen, office)
    person = person_of(office, asked.by) if asked.by else office.people[0]
    case = queries.find_case(fashen, office.office, asked.case)
    view = queries.view_case(fashen, office.office, case, person)
    today = beijing(fashen.clock()).date()
    last = latest_of(fashen, office.office, view.case)
    law = office.law(register())
    beside = alongside.beside(view.case, law)
    open_ = periods.periods(view.case, law, fashen.calendar, as_of=today, beside=beside)
    tables = milder.compare(view.case, office, law, today)
    desk = desk_record(view.case, fashen.calendar, today)
    if asked.json:
        as_json(
            {
                **view.row.as_dict(),
                "old_and_new_law": [_as_table(t) for t in tables],
                "review": desk.as_dict(),
                "moves": [c.as_dict() for c in view.choices],
                "latest": latest.as_dicts(last),
                "periods": until.as_dicts(open_),
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
    say_table(
        [f"期限 {d.label}", f"至 {d.ends}", words.left(d.left), "暂定" if d.provisional else ""]
        for d in row.deadlines
    )
    for line in (*latest.lines(last, today), *until.lines(open_)):
        say(line)
    for table in tables:
        _compared(table)
    say(f"以{person.title}的身份：")
    for choice in view.choices:
        _explain(choice)
    if not view.choices:
        say("  没有可以办的事。")
    return 0


def _list_cases(asked: argparse.Namespace, fashen: Fashen, office: Office) -> int:
    """Which cases there are, for somebody who does not know what to ask about."""
    rows, _ = queries.list_cases(fashen, office.office, limit=10_000)
    if asked.json:
        as_json([row.as_dict() for row in rows])
        return 0
    say_table([r.name, f"{r.phase} · {r.state_label}", r.party, r.title] for r in rows)
    say("写上案号再看一件：fashen explain 案号" if rows else "还没有案件。")
    return 0


def _as_table(table: milder.Comparison) -> dict[str, Any]:
    return {
        "old": table.old.code,
        "new": table.new.code,
        "act": table.act.isoformat(),
        "decided": table.decided.isoformat(),
        "rows": [
            {"what": r.what, "old": r.old, "new": r.new, "lighter": r.lighter or ""}
            for r in table.rows
        ],
        "answer": table.answer,
        "says": table.says,
    }


def _compared(table: milder.Comparison) -> None:
    """Old and new law side by side, for a case that a change of law lies in the middle of."""
    say(
        f"新旧法对照（行政处罚法第三十七条；行为 {table.act}，决定 {table.decided}，"
        f"{table.new.valid_from} 变更）："
    )
    for row in table.rows:
        say(f"  {row.what}：旧 {row.old}｜新 {row.new}{f'　{row.lighter}' if row.lighter else ''}")
    say(f"  结论：{table.says}")
    for which, item in (("旧", table.old), ("新", table.new)):
        if item.note:
            say(f"  {which}法的说明：{item.note}")


def _explain(choice: Choice) -> None:
    whose = "" if choice.mine else f"（由{'、'.join(choice.able) or choice.move.who.label}办）"
    say(f"  {_MARKS[choice.verdict]}　{choice.move.label} {choice.move.verb}{whose}")
    for n, finding in enumerate(choice.reasons, 1):
        say("\n".join("      " + line for line in reason_in_full(n, finding)))
