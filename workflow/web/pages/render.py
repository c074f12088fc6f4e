"""纸面 — what every page shares: the templates, and the words for days, money and articles."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import jinja2
from starlette.responses import HTMLResponse

from policies.calendar import Span
from policies.casefile import yuan_words
from policies.core import Policy
from policies.lawbook import Cite, register
from policies.publicity import platform_name
from workflow.files import notes
from workflow.files.kinds import in_words as size_in_words
from workflow.identifiers import masked
from workflow.times import beijing
from workflow.unconfirmed import in_words

WEB = Path(__file__).resolve().parent.parent
WEEK = "一二三四五六日"


def day(value: date | None) -> str:
    """2026-11-22（周日）."""
    return f"{value:%Y-%m-%d}（周{WEEK[value.weekday()]}）" if value else "—"


def minute(value: datetime) -> str:
    return f"{value:%Y-%m-%d %H:%M}"


def yuan(value: Decimal | str | int | None) -> str:
    """1000.50 reads 1,000.5 元."""
    if value is None or value == "":
        return "—"
    return f"{yuan_words(Decimal(str(value)))} 元"


def quantity(parameter: Any) -> str:
    """A parameter's value as people say it: 5 个工作日, 是."""
    return in_words(parameter.value, parameter.unit)


def receiver(value: str) -> str:
    """张三（邻居） reads 张某（邻居）; 本人 names nobody and stays."""
    name, mark, who = value.partition("（")
    return f"{name if name == '本人' else f'{name[:1]}某'}{mark}{who}"


def in_fours(value: str) -> str:
    """A digest as people compare it: 3F9A 71C2 …"""
    return " ".join(value[n : n + 4].upper() for n in range(0, len(value), 4)) or "—"


def span(value: str) -> str:
    return Span.parse(value).label


def summaries(policy: Policy) -> list[tuple[str, str]]:
    """Each article that a policy cites, with the register's one sentence about it."""
    return [(cite.text, _summary(cite)) for cite in policy.cites]


def _summary(cite: Cite) -> str:
    statute = register().statute(cite.statute)
    article = statute.held.get(cite.article) if statute else None
    return article.summary if article else ""


def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(WEB / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "day": day,
        "minute": minute,
        "beijing": beijing,
        "yuan": yuan,
        "in_fours": in_fours,
        "span": span,
        "quantity": quantity,
        "receiver": receiver,
        "masked": masked,
        "platform": platform_name,
        "bytes": size_in_words,
        "fours": lambda digest: " ".join(digest[n : n + 4] for n in range(0, 16, 4)),
        "summaries": summaries,
    }
    style = (WEB / "static" / "app.css").read_bytes()
    made.globals |= {"style": hashlib.sha256(style).hexdigest()[:12], "visit": None, "here": ""}
    made.globals |= {
        "file_notes": notes.notes,
        "file_lacking": notes.lacking,
        "file_taken": notes.taken,
    }
    return made


_templates = _environment()


def render(template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A page. What it shows is one person's own, so no cache may keep it."""
    body = _templates.get_template(template).render(**context)
    return HTMLResponse(body, status_code=status, headers={"Cache-Control": "no-store"})
