"""二次筛查 — identifiers of people in free text, however they are disguised, before it is published.

What is asked for a notice is masked where it is typed; a number can still stand in the facts or in the
content of a decision, by carelessness or because somebody wrote it so that a filter would not see it. A hit
stops the publication until a person has decided (个人信息保护法 28, 34; 行政处罚法 50).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workflow.publication.numbers import CARD, ID, PASSPORT, PHONE, Found, numbers
from workflow.publication.undisguised import Reading
from workflow.publication.wording import ACCOUNT, BIRTH, EMAIL, HOME, NAME, PLATE, names, wording

KINDS = (EMAIL, ID, PASSPORT, CARD, PHONE, PLATE, ACCOUNT, HOME, BIRTH, NAME)
"""What can be found; where two would cover the same characters, the earlier is meant."""

_SEARCHES = 12


@dataclass(frozen=True, slots=True)
class Known:
    """A person of the file by the real name, and what part he has in it (当事人, 证人, 投诉举报人 …)."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One identifier: `text[start:end]` of the text that was searched, and how it was known."""

    kind: str
    start: int
    end: int
    why: str


def find(text: str, people: Iterable[Known] = ()) -> list[Hit]:
    """Every identifier in a text, in order, none overlapping another; nothing means it may go out.

    What is found is taken out and the rest searched again, since two numbers run together are each seen
    only when the other is gone; so the redacted text has nothing left to find. A text made so that each
    search uncovers one more is left after a dozen: it is stopped all the same.
    """
    known = sorted({(p.name, p.role) for p in people}, key=lambda p: (-len(p[0]), p))
    hits: list[Hit] = []
    for _ in range(_SEARCHES):
        shown, places = _redaction(text, hits)
        fresh = [
            Hit(hit.kind, places[hit.start][0], places[hit.end - 1][1], hit.why)
            for hit in _search(shown, known)
        ]
        fresh = [f for f in fresh if not any(h.start <= f.start and f.end <= h.end for h in hits)]
        if not fresh:
            break
        hits = _apart([*fresh, *(h for h in hits if not any(_meet(h, f) for f in fresh))])
    return hits


def redacted(text: str, hits: Iterable[Hit]) -> str:
    """The text as it could be published: of a name the surname stays, of a number only what it was."""
    return _redaction(text, hits)[0]


# --- How ----------------------------------------------------------------------------------------


def _search(text: str, known: Iterable[tuple[str, str]]) -> list[Hit]:
    reading = Reading.of(text)

    def all_found() -> Iterator[Found]:
        yield from numbers(reading)
        yield from wording(reading)
        yield from names(reading, known)

    return _apart(Hit(kind, *span, why) for kind, span, why in all_found())


def _apart(hits: Iterable[Hit]) -> list[Hit]:
    """Those that overlap no better one: a kind that comes first, then the longer, then the earlier."""
    taken: list[Hit] = []
    covered: set[int] = set()
    for hit in sorted(hits, key=lambda h: (KINDS.index(h.kind), h.start - h.end, h.start)):
        if covered.isdisjoint(range(hit.start, hit.end)):
            covered.update(range(hit.start, hit.end))
            taken.append(hit)
    return sorted(taken, key=lambda h: h.start)


def _meet(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _redaction(text: str, hits: Iterable[Hit]) -> tuple[str, list[tuple[int, int]]]:
    """The redacted text, and for each of its characters what it stands for in the text."""
    shown: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    for hit in sorted(hits, key=lambda h: h.start):
        kept, instead = text[at : hit.start], _instead(hit, text)
        shown += [kept, instead]
        places += [(k, k + 1) for k in range(at, hit.start)]
        places += [(hit.start, hit.end)] * len(instead)
        at = hit.end
    shown.append(text[at:])
    places += [(k, k + 1) for k in range(at, len(text))]
    return "".join(shown), places


_DOUBLE = frozenset({
    "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙",
    "慕容", "令狐", "宇文", "长孙", "司徒", "夏侯", "端木",
    "百里", "呼延", "南宫", "独孤", "拓跋",
})  # fmt: skip


def _instead(hit: Hit, text: str) -> str:
    if hit.kind != NAME:
        return f"（{hit.kind}略）"
    name = Reading.of(text[hit.start : hit.end]).letters.text
    if name.isascii():
        return "某某"
    surname = name[:2] if name[:2] in _DOUBLE and len(name) > 2 else name[:1]
    return surname + "某" * min(len(name) - len(surname), 2)
