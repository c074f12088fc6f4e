"""法律登记簿 — which statutes we use, in force when, and the numbers they give, by date.

What the law says is data (`policies/law/*.toml`): a change of law adds a block and never edits one,
so an old case stays judged by old law. Official texts are not kept here; each article has one
sentence of our own.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from policies.calendar import Span

_DIGITS = "零一二三四五六七八九"
_UNITS = ((1000, "千"), (100, "百"), (10, "十"))


def han(number: int) -> str:
    """An article number as the law prints it: 63 → 六十三, 1131 → 一千一百三十一.

    Raises ValueError for what is no article number: less than 1 or more than 9999.
    """
    if not 1 <= number <= 9999:
        raise ValueError(f"no article has the number {number}")
    if number < 10:
        return _DIGITS[number]
    if number < 20:
        return "十" + (_DIGITS[number - 10] if number > 10 else "")
    unit, word = next((u, w) for u, w in _UNITS if number >= u)
    head, rest = divmod(number, unit)
    if not rest:
        return _DIGITS[head] + word
    gap = "零" if rest < unit // 10 else ""
    tail = "一" + han(rest) if 10 <= rest < 20 else han(rest)
    return _DIGITS[head] + word + gap + tail


@dataclass(frozen=True, slots=True)
class Article:
    """`liability`: true of a 罚则; of a duty, the articles that punish whoever breaks it."""

    no: int
    summary: str
    duty: bool = False
    liability: bool | tuple[int, ...] = False

    @property
    def is_liability(self) -> bool:
        """A 罚则, also one that holds its own duty, as 无证无照经营查处办法 14 does."""
        if isinstance(self.liability, tuple):
            return self.no in self.liability
        return self.liability


@dataclass(frozen=True, slots=True)
class Renumbered:
    """An article that an earlier edition numbered otherwise: known by the words of its subject."""

    old: int
    now: tuple[int, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statute:
    """One edition of one statute. `repealed` is the first day on which it no longer applies.

    `seen` are the runs of articles whose text was seen, where that is not all of them.
    """

    key: str
    short: str
    name: str
    issuer: str
    level: str
    number: str
    in_force: date
    articles: int
    text: str
    repealed: date | None = None
    replaced_by: str = ""
    note: str = ""
    held: Mapping[int, Article] = field(default_factory=dict)
    seen: tuple[tuple[int, int], ...] = ()
    renumbered: tuple[Renumbered, ...] = ()

    def read(self, article: int) -> bool:
        """Whether the article's text was seen; of excerpts only what the register sums up was."""
        if self.text == "verified":
            ranges = self.seen or ((1, self.articles),)
            return article > self.articles or any(a <= article <= b for a, b in ranges)
        return self.text != "not_held" and article in self.held

    def in_force_on(self, day: date) -> bool:
        return self.in_force <= day and (self.repealed is None or day < self.repealed)

    def __call__(self, article: int, paragraph: str = "") -> Cite:
        """`APL(63)`: a citation of an article that this register holds."""
        if article not in self.held:
            raise KeyError(
                f"《{self.short}》第{article}条 is cited but the register holds no summary of it: "
                f"add an [[article]] to policies/law ({self.key}) after reading its text"
            )
        return Cite(self.key, article, paragraph, f"《{self.short}》第{han(article)}条{paragraph}")


@dataclass(frozen=True, slots=True)
class Cite:
    """An article. `text` is how a lawyer writes it."""

    statute: str
    article: int
    paragraph: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of the law or of the office, with its source and whether somebody has confirmed it."""

    key: str
    value: Any
    unit: str
    since: date
    source: str
    confirmed: bool
    rules: tuple[str, ...] = ()
    local: bool = False

    @property
    def span(self) -> Span:
        """The value as a period to count: wd, d, mo or h, and a year as twelve months."""
        if self.unit == "year":
            return Span(int(self.value) * 12, "mo")
        return Span(int(self.value), self.unit)

    @property
    def cite(self) -> str:
        return self.source if self.confirmed else f"{self.source}，未确认"


class NoLaw(KeyError):
    """Neither the register nor the office's file gives this number on this day.

    The text is for people; `key` and `day` are for programs.
    """

    def __init__(self, key: str, day: date, near: str = "") -> None:
        self.key = key
        self.day = day
        hint = f"；最接近的是“{near}”" if near else ""
        self.said = f"法律登记簿没有 {day} 的“{key}”{hint}"
        super().__init__(self.said)


class LawOn(Mapping[str, Parameter]):
    """The parameters as they stand on one day."""

    def __init__(self, rows: Mapping[str, list[Parameter]], day: date) -> None:
        self._rows = rows
        self._found: dict[str, Parameter | None] = {}
        self.day = day

    def __getitem__(self, key: str) -> Parameter:
        found = self.find(key)
        if found is None:
            near = [] if key in self._rows else difflib.get_close_matches(key, self._rows, 1)
            raise NoLaw(key, self.day, *near)
        return found

    def find(self, key: str) -> Parameter | None:
        """The parameter on this day, or None where neither the law nor the office gives one."""
        if key not in self._found:
            rows = [row for row in self._rows.get(key, ()) if row.since <= self.day]
            # The office's own number goes before the register's, however old it is.
            self._found[key] = max(rows, key=lambda row: (row.local, row.since), default=None)
        return self._found[key]

    def __iter__(self) -> Iterator[str]:
        return (k for k in self._rows if self.find(k) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class LawBook:
    """Statutes and dated parameters: the register of the program, and on top the office's own."""

    def __init__(
        self, statutes: Mapping[str, Statute], rows: Mapping[str, list[Parameter]]
    ) -> None:
        self.statutes = statutes
        self._rows = rows
        self._days: dict[date, LawOn] = {}

    def on(self, day: date) -> LawOn:
        """The numbers in force on a day."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = LawOn(self._rows, day)
        return found

    def statute(self, key: str) -> Statute | None:
        return self.statutes.get(key)

    def parameters(self) -> Iterable[Parameter]:
        return (row for rows in self._rows.values() for row in rows)

    def with_local(self, local: Iterable[Parameter]) -> LawBook:
        """This register with an office's own parameters, each from its date on."""
        rows = {key: list(found) for key, found in self._rows.items()}
        for row in local:
            rows.setdefault(row.key, []).append(replace(row, local=True))
        return LawBook(self.statutes, rows)

    def words(self, statute: str, article: int, paragraph: str = "") -> str:
        """A citation in words, also of a statute that is not held."""
        held = self.statutes.get(statute)
        name = f"《{held.short}》" if held else f"《{statute}》"
        return f"{name}第{han(article)}条{paragraph}"


def _statute(body: Mapping[str, Any]) -> Statute:
    held = {
        a["no"]: Article(
            a["no"],
            a["summary"],
            a.get("duty", False),
            tuple(a["liability"])
            if isinstance(a.get("liability"), list)
            else a.get("liability", False),
        )
        for a in body.get("article", ())
    }
    return Statute(
        **{k: v for k, v in body["statute"].items() if k in _FIELDS},
        held=held,
        seen=tuple((a, b) for a, b in body["statute"].get("held", ())),
        renumbered=tuple(
            Renumbered(r["old"], tuple(r["now"]), tuple(r["words"]))
            for r in body.get("renumbered", ())
        ),
    )


_FIELDS = frozenset(Statute.__dataclass_fields__) - {"held", "seen", "renumbered"}


def _parameter(
    row: Mapping[str, Any], statutes: Mapping[str, Statute], home: str | None
) -> Parameter:
    key = row.get("statute", home)
    if "article" in row and key in statutes:
        source = f"《{statutes[key].short}》第{han(row['article'])}条{row.get('paragraph', '')}"
    else:
        source = row.get("source") or (
            f"《{statutes[key].short}》" if key in statutes else "无明文"
        )
    return Parameter(
        row["key"],
        row["value"],
        row.get("unit", ""),
        row["from"],
        source,
        row.get("confirmed", False),
        tuple(row.get("rules", ())),
    )


@cache
def register() -> LawBook:
    """The law register that ships with the program, read once."""
    bodies = []
    for file in sorted(resources.files("policies.law").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            bodies.append(tomllib.loads(file.read_text("utf-8")))
    statutes = {b["statute"]["key"]: _statute(b) for b in bodies if "statute" in b}
    rows: dict[str, list[Parameter]] = {}
    for body in bodies:
        home = body["statute"]["key"] if "statute" in body else None
        for row in body.get("parameter", ()):
            rows.setdefault(row["key"], []).append(_parameter(row, statutes, home))
    return LawBook(statutes, rows)


def statute(key: str) -> Statute:
    """A statute of the register by its key, for `APL = statute("APL")`."""
    return register().statutes[key]
