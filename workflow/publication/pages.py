"""公示栏的页面 — what the board serves and what it exports: the same bytes, only the links differ.

Nothing here knows who reads: a page is made from the board, the office's file and a day.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import jinja2

from policies.casefile import yuan_words
from policies.lawbook import LawBook
from policies.office import Office
from workflow.publication.beforehand import beforehand
from workflow.publication.board import COUNTED, EVERYTHING, Asked, Line, Page
from workflow.publication.notice import PublicNotice
from workflow.times import BEIJING

STYLES = ("app.css", "public.css")
ENDED = "这条公示信息的公示期已满，或者已经依法修复信用，内容已经撤下。"


@dataclass(frozen=True, slots=True)
class Links:
    """Where things are, as one page of the served board writes it."""

    office: str
    site: str = ""
    """Before every address that has to be whole, as in the feed."""

    def index(self, asked: Asked | None = None, **place: int) -> str:
        return f"/public/{self.office}/{_query(asked, place)}"

    def notice(self, slug: str) -> str:
        return f"/public/{self.office}/decisions/{slug}"

    def about(self) -> str:
        return f"/public/{self.office}/about"

    def feed(self) -> str:
        return f"/public/{self.office}/feed.atom"

    def json(self, asked: Asked | None = None, **place: int) -> str:
        return f"/public/{self.office}/decisions.json{_query(asked, place)}"

    def static(self, name: str) -> str:
        return f"/static/{name}{f'?v={_version(name)}' if name in STYLES else ''}"

    def whole(self, address: str) -> str:
        return self.site + address

    @property
    def served(self) -> bool:
        """Whether somebody answers: there is a search, and people of the office can sign in."""
        return True


def _query(asked: Asked | None, place: Mapping[str, int]) -> str:
    given: dict[str, object] = {**place}
    if asked is not None:
        given |= {"q": asked.words, "unit": asked.organ, "from": asked.since, "to": asked.until}
    told = urlencode({name: str(value) for name, value in given.items() if value})
    return f"?{told}" if told else ""


@dataclass(frozen=True, slots=True)
class Board:
    """The office whose board it is, and how its pages lead to each other."""

    office: Office
    links: Links
    changed: date | None = None

    def _page(self, template: str, **context: Any) -> bytes:
        text = (
            _templates()
            .get_template(template)
            .render(office=self.office, links=self.links, changed=self.changed, **context)
        )
        return text.encode()

    def index(
        self,
        page: Page,
        asked: Asked = EVERYTHING,
        organs: Sequence[str] = (),
        *,
        wrong: str = "",
        given: Mapping[str, str] | None = None,
        newer: str = "",
        older: str = "",
    ) -> bytes:
        """The list. `given` is what the form shows again; `newer` and `older` are addresses."""
        given = given or {
            "q": asked.words,
            "unit": asked.organ,
            "from": str(asked.since or ""),
            "to": str(asked.until or ""),
        }
        return self._page(
            "index.html", page=page, asked=asked, organs=organs, wrong=wrong, given=given,
            newer=newer, older=older, counted=COUNTED,
        )  # fmt: skip

    def notice(self, line: Line) -> bytes:
        """One decision, or that it was withdrawn and why, or that it is over."""
        if line.notice is not None:
            return self._page("notice.html", line=line, n=line.notice)
        if line.state == "withdrawn":
            return self._page("withdrawn.html", line=line)
        return self.message("公示已经结束", ENDED)

    def about(self, law: LawBook, day: date) -> bytes:
        return self._page("about.html", told=beforehand(self.office, law, day))

    def message(self, title: str, text: str) -> bytes:
        return self._page("message.html", title=title, text=text)

    def json(
        self, lines: Iterable[Line], *, total: int, more: bool = False, next: str = ""
    ) -> bytes:
        """Some of the list for programs: of a decision the fields of `PublicNotice` and nothing else."""
        told = {
            "office": self.office.office,
            "organ": self.office.name,
            "total": total,
            "more": more,
            "next": self.links.whole(next) if next else None,
            "notices": [self._entry(line) for line in lines],
        }
        return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()

    def _entry(self, line: Line) -> dict[str, Any]:
        told: dict[str, Any] = {"url": self.links.whole(self.links.notice(line.slug))}
        if line.notice is not None:
            return told | {"state": "shown", "notice": line.notice.model_dump(mode="json")}
        withdrawn = {
            "key": line.key,
            "number": line.number,
            "reason": line.reason,
            "on": line.changed_on.isoformat(),
        }
        return told | {"state": "withdrawn", "withdrawn": withdrawn}

    def feed(self, lines: Sequence[Line]) -> bytes:
        """What was put up or withdrawn last (RFC 4287)."""
        links = self.links
        feed = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "zh-CN"})
        _add(feed, "title", f"{self.office.name}行政处罚公示")
        _add(feed, "id", f"urn:fashen:board:{self.office.office}")
        _add(feed, "updated", _moment(self.changed or self.office.valid_from))
        ET.SubElement(feed, "link", rel="self", href=links.whole(links.feed()))
        ET.SubElement(feed, "link", rel="alternate", href=links.whole(links.index()))
        _add(ET.SubElement(feed, "author"), "name", self.office.name)
        for line in lines:
            entry = ET.SubElement(feed, "entry")
            title, text = _told(line)
            _add(entry, "title", title)
            _add(entry, "id", f"urn:fashen:notice:{line.slug}")
            _add(entry, "updated", _moment(line.changed_on))
            if line.notice is not None:
                _add(entry, "published", _moment(line.notice.published_on))
            ET.SubElement(entry, "link", rel="alternate", href=links.whole(links.notice(line.slug)))
            _add(entry, "summary", text)
        ET.indent(feed)
        made: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
        return made + b"\n"


def _told(line: Line) -> tuple[str, str]:
    """Title and summary of an entry."""
    if line.notice is None:
        return f"{line.number}（已撤回）", f"公示信息已撤回：{line.reason}"
    n = line.notice
    return f"{n.number}　{n.title}", f"{n.party}：{punished(n)}（{n.organ}，{n.decided_on}）"


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _NOT_IN_XML.sub("", text)


_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _moment(day: date) -> str:
    """The first moment of the day in Beijing: the board knows days."""
    return datetime.combine(day, time(), BEIJING).isoformat()


def punished(notice: PublicNotice) -> str:
    """What was imposed, in one line: as the decision words it, or kinds and amount."""
    if notice.content:
        return notice.content
    kinds = "、".join(notice.kinds)
    return f"{kinds} {fine}" if (fine := fine_words(notice.fine_yuan)) else kinds


def fine_words(yuan: str) -> str:
    """1000.50 reads 1,000.5 元; nothing where nothing is to be paid."""
    try:
        amount = Decimal(yuan)
    except InvalidOperation:
        return yuan
    if not amount.is_finite() or amount == 0:
        return ""
    return f"{yuan_words(amount)} 元"


def _han(day: date) -> str:
    """As a document dates itself: 2026年11月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


# — templates ——————————————————————————————————————————————————————————————————————————


def style_folder() -> Path:
    """Where the style sheets and the icon of all pages are."""
    return Path(str(resources.files("workflow"))) / "web" / "static"


@cache
def _version(name: str) -> str:
    return hashlib.sha256((style_folder() / name).read_bytes()).hexdigest()[:12]


@cache
def _templates() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(style_folder().with_name("templates") / "public"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"punished": punished, "fine": fine_words, "han": _han}
    return made
