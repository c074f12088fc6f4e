"""法律文本 — the official texts, imported by the office, beside the register's own summaries.

The program ships no statute text. `fashen law import` takes the official file (docx, txt, md), splits it
into articles and stores it with its digest; pages then show the article, and `check` holds every citation
of the program and of the cases against what is really there.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import sqlalchemy as sa

import policies.checklists  # noqa: F401 - registers every policy
from policies import milder
from policies.casefile import CaseFile
from policies.citations import faults as citation_faults
from policies.citations import item_faults, list_faults
from policies.core import POLICIES
from policies.lawbook import register
from workflow import models
from workflow.database import insert_new, reading
from workflow.errors import FashenError, NotFound
from workflow.program import Fashen
from workflow.times import beijing

LARGEST = 20 * 1024 * 1024
"""Bytes that an official file may have, unpacked; the longest code in force needs a tenth."""


class TextWrong(FashenError):
    """The file is not a statute text that can be read."""

    status = 422
    title = "文本没有导入"


@dataclass(frozen=True, slots=True)
class LawText:
    """One imported edition: its articles by number (`131` or `131-1` for 之一), and the file's digest."""

    statute: str
    title: str
    digest: str
    articles: Mapping[str, str]


_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_ARTICLE = re.compile(
    r"^[\s　*#]*第([零〇一二三四五六七八九十百千两\d]+)条(?:之([一二三四五六七八九十]+))?[*\s　]*(.*)$"
)


def number(han: str) -> int:
    """一百三十一 → 131; digits are taken as they are."""
    if han.isdigit():
        return int(han)
    total, digit = 0, 0
    for c in han:
        if c in _UNITS:
            total += (digit or 1) * _UNITS[c]
            digit = 0
        else:
            digit = _DIGITS[c]
    return total + digit


def split(lines: Iterable[str]) -> dict[str, str]:
    """The articles of a statute text, in order; what stands before the first one is its heading.

    A cross-reference inside a sentence ("依照本法第三条") never begins a line, so only line starts count;
    a number that goes backwards is a reference that a line break tore off, and stays text.
    """
    found: dict[str, list[str]] = {}
    current, last = "", 0
    for line in lines:
        text = line.strip().strip("*")
        if not text or text.startswith(("<!--", "-->", "#")):
            continue
        match = _ARTICLE.match(line)
        if match and number(match[1]) >= last:
            last = number(match[1])
            current = str(last) + (f"-{number(match[2])}" if match[2] else "")
            found.setdefault(current, [])
            text = match[3].strip().strip("*").strip()
        if current and text:
            found[current].append(text)
    return {key: "\n".join(parts) for key, parts in found.items()}


def read(path: Path) -> list[str]:
    """The lines of an official file; a docx is unpacked with a bound on what comes out."""
    try:
        raw = path.read_bytes()
    except OSError as wrong:
        raise TextWrong(f"读不了 {path.name}：{wrong.strerror}。") from None
    if len(raw) > LARGEST:
        raise TextWrong(f"{path.name} 超过 {LARGEST // 2**20} MB，不像一部法律的文本。")
    if path.suffix.lower() == ".docx":
        return list(_docx(path))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding).splitlines()
        except UnicodeDecodeError:
            continue
    raise TextWrong(f"{path.name} 既不是 UTF-8 也不是 GB18030 的文字，请另存为 txt 再导入。")


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _docx(path: Path) -> Iterator[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            part = archive.getinfo("word/document.xml")
            if part.file_size > LARGEST:
                raise TextWrong(f"{path.name} 解开后太大，没有导入。")
            body = archive.read(part)
    except (zipfile.BadZipFile, KeyError, OSError) as wrong:
        raise TextWrong(f"{path.name} 不是完好的 docx（{wrong}）。") from None
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise TextWrong(f"{path.name} 含有文档类型声明，不是 Word 写出的文件，没有导入。")
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as wrong:
        raise TextWrong(f"{path.name} 不是完好的 docx（{wrong}）。") from None
    for paragraph in root.iter(f"{_W}p"):
        yield "".join(t.text or "" for t in paragraph.iter(f"{_W}t"))


def import_text(fashen: Fashen, statute: str, path: Path, by: str = "admin") -> LawText:
    """Store an official text under a statute of the register; the same file again changes nothing."""
    held = register().statute(statute)
    if held is None:
        known = "、".join(f"{k}（{s.short}）" for k, s in register().statutes.items())
        raise NotFound(f"登记簿没有“{statute}”这部法，有：{known}。")
    lines = read(path)
    articles = split(lines)
    if not articles:
        raise TextWrong(f"{path.name} 里没有找到“第…条”开头的条文，没有导入。")
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    text = LawText(statute, held.name, digest, articles)
    with fashen.engine.begin() as tx:
        tx.execute(
            insert_new(tx, models.law_text),
            {
                "statute": statute,
                "digest": digest,
                "articles": json.dumps(articles, ensure_ascii=False),
                "source": path.name[:200],
                "imported_at": fashen.clock(),
                "imported_by": by,
            },
        )
    return text


def texts(fashen: Fashen) -> dict[str, LawText]:
    """Each statute's imported text; of several files (a code in parts) the newest word counts."""
    t = models.law_text.c
    with reading(fashen.engine) as tx:
        rows = tx.execute(sa.select(models.law_text).order_by(t.imported_at, t.digest)).all()
    found: dict[str, LawText] = {}
    for row in rows:
        held = register().statute(row.statute)
        before = found[row.statute].articles if row.statute in found else {}
        articles = {**before, **json.loads(row.articles)}
        name = held.name if held else row.statute
        found[row.statute] = LawText(row.statute, name, row.digest, articles)
    return found


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation and who makes it."""

    statute: str
    article: int
    where: str
    of_case: bool = False


def citations(fashen: Fashen) -> Iterator[Cited]:
    """Every citation of the program, of the office's power list and hand-over hints, and of the cases."""
    for policy in POLICIES.values():
        for cite in policy.cites:
            yield Cited(cite.statute, cite.article, f"规则 {policy.id}")
    with reading(fashen.engine) as tx:
        for office in tx.execute(sa.select(models.office.c.id)).scalars().all():
            bureau = fashen.bureau(tx, office)
            for power in bureau.office.power_list:
                for cited in (power.duty, power.penalty):
                    yield Cited(cited.statute, cited.article, f"权力事项 {power.code}")
            for hint in bureau.office.hand_over:
                yield Cited(hint.law.statute, hint.law.article, f"移交提示 {hint.code}")
    for case, named in _cases(fashen):
        for cited in (*case.proposal.violated, *case.proposal.basis) if case.proposal else ():
            yield Cited(cited.statute, cited.article, f"案件 {named}", of_case=True)


def _cases(fashen: Fashen) -> Iterator[tuple[CaseFile, str]]:
    """Every case with the number that people know it by."""
    c = models.cases.c
    with reading(fashen.engine) as tx:
        for id, named, doc in tx.execute(sa.select(c.id, c.number, c.doc)):
            yield CaseFile.model_validate_json(doc), named or id[:8]


def faults(fashen: Fashen) -> Iterator[str]:
    """What the register itself says against the power list and the cases, without any text imported."""
    with reading(fashen.engine) as tx:
        named = tx.execute(sa.select(models.office.c.id)).scalars().all()
        lists = [fashen.bureau(tx, office).office.power_list for office in named]
    for items in lists:
        for item in items:
            for fault in item_faults(item, register()):
                yield f"权力事项 {item.code}：{fault}。"
        for code, fault in list_faults(items):
            yield f"权力事项 {code}：{fault}。"
    today = beijing(fashen.clock()).date()
    for case, number in _cases(fashen):
        if case.proposal is None:
            continue
        decided = milder.decided_day(case, today)
        days = (milder.act_day(case, decided), decided)
        for fault in citation_faults(case.proposal, days, register())[1]:
            yield f"案件 {number}：{fault}。"


def check(fashen: Fashen) -> tuple[list[str], list[str]]:
    """Citations that the register or the imported texts contradict, and what nobody can compare yet."""
    held = texts(fashen)
    wrong, missing = set(faults(fashen)), set()
    for cited in citations(fashen):
        law = register().statute(cited.statute)
        if law is None and cited.of_case:
            missing.add(f"{cited.where}援引的“{cited.statute}”没有收录，无法对照。")
            continue
        if law is None:
            wrong.add(f"{cited.where}援引的“{cited.statute}”不在法律登记簿中。")
            continue
        words = register().words(cited.statute, cited.article)
        if law.text != "not_held" and cited.article > law.articles:
            wrong.add(f"{cited.where}援引{words}，登记簿说全文只有 {law.articles} 条。")
        text = held.get(cited.statute)
        if text is None:
            missing.add(f"《{law.short}》还没有导入正式文本，无法对照。")
        elif str(cited.article) not in text.articles:
            wrong.add(f"{cited.where}援引{words}，导入的文本里没有这一条。")
    return sorted(wrong), sorted(missing)
