"""`fashen law` — the official texts beside the register's summaries."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

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
    fashen = opened()
    if not asked.statute:
        return _list(asked, lawtexts.texts(fashen))
    held = register().statute(asked.statute)
    if held is None:
        known = register().statutes
        hint = nearest(asked.statute, known)
        raise NotFound(f"登记簿没有“{asked.statute}”，{hint}有：{'、'.join(known)}。")
    text = lawtexts.texts(fashen).get(asked.statute)
    numbers = [asked.place] if asked.place else [str(n) for n in sorted(held.held)]
    if asked.place:
        _known_article(held, text, asked.place)
    rows = [_row(held, text, n) for n in numbers]
    if asked.json:
        as_json(rows)
        return 0
    for row in rows:
        say(f"《{held.short}》第 {row['article']} 条")
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


def _row(held: Statute, text: lawtexts.LawText | None, number: str) -> dict[str, str]:
    summary = (
        held.held[int(number)].summary if number.isdigit() and int(number) in held.held else ""
    )
    return {
        "article": number,
        "summary": summary,
        "text": text.articles.get(number, "") if text else "",
    }


def _list(asked: argparse.Namespace, texts: dict[str, lawtexts.LawText]) -> int:
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
    """Exit code 1 when a citation is contradicted; a text that nobody imported is only said."""
    wrong, missing = lawtexts.check(opened())
    if asked.json:
        as_json({"ok": not wrong, "wrong": wrong, "not_imported": missing})
    else:
        for line in wrong:
            say(f"✗ {line}")
        for line in missing:
            say(f"  {line}")
        say("援引与导入的文本没有矛盾。" if not wrong else f"{len(wrong)} 处援引有误。")
    return 1 if wrong else 0
