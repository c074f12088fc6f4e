"""援引 — whether the articles that a case cites exist, applied, and do what they are cited for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from policies.articles import APL
from policies.casefile import Citation, Proposal
from policies.core import Level, Verdict, does_not_apply, fails, holds, policy
from policies.facts import Facts
from policies.lawbook import Article, LawBook, Renumbered, Statute, han
from policies.office import PowerItem

LEVELS = ("法律", "行政法规", "地方性法规", "部门规章", "地方政府规章")
"""Where a penalty may be laid down (行政处罚法 4, 10-14, 16); nothing else can be its basis."""


def faults(proposal: Proposal, days: Iterable[date], law: LawBook) -> tuple[list[str], list[str]]:
    """What is wrong with the citations, and which of them nobody has read; `days`: of act and decision."""
    unknown, wrong = [], []
    known = tuple(days)
    for cited in (*proposal.violated, *proposal.basis):
        held = law.statute(cited.statute)
        words = _words(cited, law)
        if held and held.level not in LEVELS:
            wrong.append(f"{words}是{held.level}，不能作为处罚依据")
        elif held is None or not held.read(cited.article):
            unknown.append(words)
        elif cited.article > held.articles:
            wrong.append(f"{words}不存在（全文 {held.articles} 条）")
        elif not any(held.in_force_on(day) for day in known):
            until = f"至 {held.repealed} 废止" if held.repealed else "今"
            wrong.append(f"{words}在行为时和决定时都不适用（{held.in_force} 起施行，{until}）")
    wrong += _misplaced(proposal, law)
    wrong += _unpaired(proposal, law)
    return list(dict.fromkeys(unknown)), wrong


def _words(cited: Citation, law: LawBook) -> str:
    return law.words(cited.statute, cited.article, cited.paragraph)


def _article(cited: Citation, law: LawBook) -> Article | None:
    held = law.statute(cited.statute)
    return held.held.get(cited.article) if held else None


def _misplaced(proposal: Proposal, law: LawBook) -> Iterator[str]:
    """A liability clause cited as the duty that was broken, and the reverse."""
    for cited in proposal.violated:
        article = _article(cited, law)
        if article and article.is_liability and not article.duty:
            yield f"{_words(cited, law)}是罚则，不是当事人违反的义务条款"
    for cited in proposal.basis:
        article = _article(cited, law)
        if article and article.duty and not article.is_liability:
            yield f"{_words(cited, law)}是义务条款，不是可以据以处罚的罚则"


def _unpaired(proposal: Proposal, law: LawBook) -> Iterator[str]:
    """A duty whose liability article is another one of the same statute than those that are cited.

    Only what the register knows on both sides is said; a penalty that another statute lays down is not
    judged here.
    """
    for cited in proposal.violated:
        article, statute = _article(cited, law), law.statute(cited.statute)
        if article is None or statute is None or not isinstance(article.liability, tuple):
            continue
        punishing = [
            c.article
            for c in proposal.basis
            if c.statute == cited.statute and (a := _article(c, law)) and a.is_liability
        ]
        if punishing and not set(punishing) & set(article.liability):
            right = "、".join(f"第{han(n)}条" for n in article.liability)
            yield (
                f"{'、'.join(law.words(cited.statute, n) for n in punishing)}"
                f"不处罚违反{_words(cited, law)}的行为（罚则是{right}）"
            )


def item_faults(item: PowerItem, law: LawBook) -> Iterator[str]:
    """What is wrong with an item of the power list itself, on every day on which it can be used."""
    for what, cited in (("义务条款", item.duty), ("罚则", item.penalty)):
        held, words = law.statute(cited.statute), _words(cited, law)
        if held is None:
            yield f"{what}{words}不在法律登记簿中"
            continue
        if held.level not in LEVELS:
            yield f"{what}{words}是{held.level}，不能作为处罚依据"
        if cited.article > held.articles:
            yield f"{what}{words}不存在（全文 {held.articles} 条）"
        elif item.confirmed and not held.read(cited.article):
            yield f"{what}{words}没有收录文本，却标为已确认"
        if held.in_force > item.valid_from:
            yield f"{what}{words}自 {held.in_force} 起施行，该项却自 {item.valid_from} 有效"
        if held.repealed and (item.valid_to is None or item.valid_to >= held.repealed):
            yield f"{what}{words}已于 {held.repealed} 废止，该项没有在此之前结束"
    as_cited = Proposal(
        facts="权力事项", violated=(item.duty,), basis=(item.penalty,), made_on=item.valid_from
    )
    yield from _misplaced(as_cited, law)
    yield from _unpaired(as_cited, law)


def list_faults(items: Iterable[PowerItem]) -> Iterator[tuple[str, str]]:
    """Where old and new items do not follow each other day by day: the code of the item and what."""
    known = {item.code: item for item in items}
    for item in known.values():
        if item.predecessor is None:
            continue
        old = known.get(item.predecessor)
        if old is None:
            yield item.code, f"旧条款“{item.predecessor}”不在权力清单中"
        elif old.valid_to is None or old.valid_to + timedelta(days=1) != item.valid_from:
            yield (
                item.code,
                f"旧条款“{old.code}”至 {old.valid_to or '今'}，与 {item.valid_from} 不衔接",
            )


# — article numbers of an earlier edition —————————————————————————————————————————————————

_NUMBER = "零〇一二三四五六七八九十百千0-9"
_STOPS = re.compile(r"[。；;！\n]")


@policy(
    "law.article_numbers_current",
    title="没有沿用旧版行政处罚法的条号",
    rules=["R025"],
    cites=[APL(86)],
    level=Level.WARN,
)
def article_numbers_current(facts: Facts, law: LawBook) -> Verdict:
    """Templates still print the numbers of 1996 and 2017; since 2021-07-15 the articles count otherwise."""
    proposal = facts.case.proposal
    statute = law.statute("APL")
    if proposal is None or statute is None:
        return does_not_apply("还没有拟处罚意见。")
    texts = (proposal.facts, proposal.discretion, proposal.mitigation, proposal.old_and_new_law)
    found = list(dict.fromkeys(_old_numbers(texts, statute)))
    if found:
        return fails("；".join(found) + "。", remedy="按现行条号改正文字。", by=facts.handlers)
    return holds("文字中没有旧版的条号。")


def _old_numbers(texts: Iterable[str], statute: Statute) -> Iterator[str]:
    for sentence in (s for text in texts for s in _STOPS.split(text)):
        for row in statute.renumbered:
            if _names(sentence, statute, row) and any(w in sentence for w in row.words):
                now = "、".join(f"第{han(n)}条" for n in row.now)
                yield (
                    f"“{row.words[0]}”写作《{statute.short}》第{han(row.old)}条，那是旧版的条号，"
                    f"现行的是{now}"
                )


def _names(sentence: str, statute: Statute, row: Renumbered) -> bool:
    """Whether the sentence cites the old number right after the statute's name."""
    cited = rf"{statute.short}》?第(?:{han(row.old)}|{row.old})条(?![之{_NUMBER}])"
    return re.search(cited, sentence) is not None
