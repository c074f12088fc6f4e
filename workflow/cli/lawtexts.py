"""`fashen law` — the official texts beside the register's summaries."""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path
from typing import Any

from policies.lawbook import Statute, register
from workflow import lawtexts
from workflow.cli.common import as_json, complain, nearest, opened, say, say_table
from workflow.errors import NotFound


def run(asked: argparse.Namespace) -> int:
    return {"import": _import, "show": _show, "check": _check}[asked.action](asked)


def _import(asked: argparse.Namespace) -> int:
    if not asked.statute or not asked.place:
        complain("fashen law import：请写代号和文件，例如 fashen law import APL 行政处罚法.docx")
        return 2
    text = lawtexts.import_text(opened(), asked.statute, Path(asked.place))
    say(f"已导入《{text.title}》{len(text.articles)} 条，摘要 {text.digest[:16]}。")
    return 0


def _show(asked: argparse.Namespace) -> int:
    try:
        day = date.fromisoformat(asked.on) if asked.on else None
    except ValueError:
        complain(f"fashen law show：--on 要写成 2026-08-14 的样子，写的是“{asked.on}”。")
        return 2
    fashen = opened()
    if not asked.statute:
        return _list(asked, lawtexts.texts(fashen), day)
    held = register().statute(asked.statute)
    if held is None:
        known = register().statutes
        hint = nearest(asked.statute, known)
        raise NotFound(f"登记簿没有“{asked.statute}”，{hint}有：{'、'.join(known)}。")
    if day and not held.in_force_on(day):
        raise NotFound(f"《{held.short}》{day} 不施行（{_dates(held)}）。")
    text = lawtexts.texts(fashen).get(asked.statute)
    numbers = [asked.place] if asked.place else [str(n) for n in sorted(held.held)]
    if asked.place:
        _known_article(held, text, asked.place)
    rows = [_row(held, text, n) for n in numbers]
    if asked.json:
        as_json(rows)
        return 0
    for row in rows:
        say(f"《{held.short}》第 {row['article']} 条{_role(row)}（{_dates(held)}）")
        say(f"  摘要：{row['summary'] or '（登记簿没有摘要）'}")
        say(f"  原文：{row['text'] or '（没有导入正式文本）'}")
    return 0


def _known_article(held: Statute, text: lawtexts.LawText | None, number: str) -> None:
    if text and number in text.articles:
        return
    if not re.fullmatch(r"[1-9]\d{0,3}(-\d{1,2})?", number):
        raise NotFound(f"第几条要写成数字，例如 58，第五十八条之一写成 58-1；写的是“{number}”。")
    if int(number.partition("-")[0]) > held.articles:
        raise NotFound(f"《{held.short}》只有 {held.articles} 条，没有第 {number} 条。")


def _dates(held: Statute) -> str:
    until = ""
    if held.repealed:
        after = register().statute(held.replaced_by)
        until = f"，{held.repealed} 废止" + (f"，由《{after.short}》取代" if after else "")
    return f"{held.in_force} 起施行{until}"


def _role(row: dict[str, Any]) -> str:
    """What an article is cited for: a duty with the articles that punish it, or a 罚则 with its duties."""
    said = []
    if row["duty"]:
        said.append("义务条款" + _numbers("，罚则是", row["punished_by"]))
    if row["liability"]:
        said.append("罚则" + _numbers("，处罚违反", row["punishes"]))
    return f"　{'；'.join(said)}" if said else ""


def _numbers(words: str, articles: list[int]) -> str:
    return words + "、".join(f"第 {n} 条" for n in articles) if articles else ""


def _row(held: Statute, text: lawtexts.LawText | None, number: str) -> dict[str, Any]:
    article = held.held.get(int(number)) if number.isdigit() else None
    links = {n: a.liability for n, a in held.held.items() if isinstance(a.liability, tuple)}
    no = article.no if article else 0
    return {
        "article": number,
        "summary": article.summary if article else "",
        "duty": bool(article and article.duty),
        "liability": bool(article and article.is_liability),
        "punished_by": list(links.get(no, ())),
        "punishes": [n for n, by in links.items() if no in by],
        "text": text.articles.get(number, "") if text else "",
    }


def _list(asked: argparse.Namespace, texts: dict[str, lawtexts.LawText], day: date | None) -> int:
    rows = [
        {
            "key": s.key,
            "name": s.name,
            "in_force": s.in_force.isoformat(),
            "repealed": s.repealed.isoformat() if s.repealed else "",
            "summaries": len(s.held),
            "imported": len(texts[s.key].articles) if s.key in texts else 0,
            "checked": s.text,
        }
        for s in register().statutes.values()
        if day is None or s.in_force_on(day)
    ]
    if asked.json:
        as_json(rows)
        return 0
    say_table(
        [
            str(row["key"]),
            f"{row['in_force']} 起施行",
            f"{row['repealed']} 起废止" if row["repealed"] else "",
            f"摘要 {row['summaries']} 条",
            f"已导入 {row['imported']} 条" if row["imported"] else "未导入",
            f"《{row['name']}》",
        ]
        for row in rows
    )
    return 0


def _check(asked: argparse.Namespace) -> int:
    """Exit code 1 when a citation is contradicted by the register or by a text; the rest is only said."""
    wrong, missing = lawtexts.check(opened())
    if asked.json:
        as_json({"ok": not wrong, "wrong": wrong, "not_imported": missing})
    else:
        for line in wrong:
            say(f"✗ {line}")
        for line in missing:
            say(f"  {line}")
        say("援引与登记簿、导入的文本没有矛盾。" if not wrong else f"{len(wrong)} 处援引有误。")
    return 1 if wrong else 0
