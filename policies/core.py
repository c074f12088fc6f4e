"""A policy is one legal question about one case; a report is every answer.

`evaluate` asks all policies of a checklist, never just the first that fails, so nobody mends one
defect only to meet the next. The same report feeds the page, the refusal and the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from policies.calendar import BeforeCalendar
from policies.lawbook import Cite, LawBook, NoLaw

if TYPE_CHECKING:
    from policies.facts import Facts


class Outcome(StrEnum):
    """What a policy can answer. `NEEDS_FORM` is the report's own word for "not asked yet"."""

    HOLDS = "holds"
    FAILS = "fails"
    DOES_NOT_APPLY = "does_not_apply"
    NEEDS_JUDGEMENT = "needs_judgement"
    NEEDS_FORM = "needs_form"


class Level(StrEnum):
    """What a failure does. A block needs a text; a habit is a warning; a note is only recorded."""

    BLOCK = "block"
    WARN = "warn"
    NOTE = "note"


class Doubt(StrEnum):
    """Why a policy leaves the answer to a person."""

    JUDGEMENT = "需人工判断"
    UNSTATED = "未载明"
    NO_LAW = "无法判断"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One answer with the facts that decided it; `remedy` and `by` say how and by whom it is cured.

    `cite` names a source of its own, where not the policy's article decided but the office's document.
    """

    outcome: Outcome
    reason: str
    remedy: str = ""
    by: str = ""
    day: date | None = None
    doubt: Doubt | None = None
    cite: str = ""


def holds(reason: str) -> Verdict:
    return Verdict(Outcome.HOLDS, reason)


def fails(reason: str, *, remedy: str, by: str, day: date | None = None, cite: str = "") -> Verdict:
    """`day` is the first day on which it would hold, where a date alone decides."""
    return Verdict(Outcome.FAILS, reason, remedy, by, day, cite=cite)


def does_not_apply(reason: str) -> Verdict:
    return Verdict(Outcome.DOES_NOT_APPLY, reason)


def needs_judgement(reason: str, *, by: str = "法制审核员") -> Verdict:
    """Only a named person can say; their reasoned answer then stands among the facts."""
    remedy = "由有权的人作出书面判断并说明理由。"
    return Verdict(Outcome.NEEDS_JUDGEMENT, reason, remedy, by, doubt=Doubt.JUDGEMENT)


def unstated(what: str) -> Verdict:
    """The file was made from a text that is silent here: unknown, never a breach."""
    return Verdict(Outcome.NEEDS_JUDGEMENT, f"来源未载明{what}。", doubt=Doubt.UNSTATED)


def no_law(what: str) -> Verdict:
    """The register does not hold the law that would decide it."""
    remedy = "导入该法的正式文本后再核，或由法制审核员书面判断。"
    return Verdict(
        Outcome.NEEDS_JUDGEMENT,
        f"法律登记簿未收录{what}，无法判断。",
        remedy,
        "法制审核员",
        doubt=Doubt.NO_LAW,
    )


Asks = Callable[["Facts", LawBook], Verdict]


@dataclass(frozen=True, slots=True)
class Policy:
    """One rule as a question.

    `rules` are the ids of the rule digest that it carries, `cites` the articles a lawyer looks up;
    `needs_form` marks a question about what the form brings, which nobody can answer before it is
    filled in; `judge` is the role that may answer it when only a person can; `gathers` names the facts
    of other cases that the command must fetch for it; `any_edition` marks what is the
    same question under every edition of the law.
    """

    id: str
    title: str
    rules: tuple[str, ...]
    cites: tuple[Cite, ...]
    level: Level
    asks: Asks
    needs_form: bool = False
    judge: str = "reviewer"
    own_rule: bool = False
    gathers: tuple[str, ...] = ()
    any_edition: bool = False

    @property
    def cite(self) -> str:
        """The articles in words, or the office's own rule where no article says it."""
        text = "、".join(c.text for c in self.cites)
        return f"本机关规则（参照{text}）" if self.own_rule and text else text or "本机关规则"


POLICIES: dict[str, Policy] = {}


def policy(
    id: str,
    *,
    title: str,
    rules: Sequence[str],
    cites: Sequence[Cite] = (),
    level: Level = Level.BLOCK,
    needs_form: bool = False,
    judge: str = "reviewer",
    own_rule: bool = False,
    gathers: Sequence[str] = (),
    any_edition: bool = False,
) -> Callable[[Asks], Policy]:
    """Register a question under its id; the function's docstring says the rule in one sentence."""

    def register(asks: Asks) -> Policy:
        if id in POLICIES:
            raise ValueError(f"policy {id!r} is defined twice: give one of them another id")
        if not cites and not own_rule:
            raise ValueError(f"policy {id!r} cites nothing: name its article or mark it own_rule")
        made = Policy(
            id,
            title,
            tuple(rules),
            tuple(cites),
            level,
            asks,
            needs_form,
            judge,
            own_rule,
            tuple(gathers),
            any_edition,
        )
        POLICIES[id] = made
        return made

    return register


@dataclass(frozen=True, slots=True)
class Finding:
    """A policy and what it answered about this case."""

    policy: Policy
    verdict: Verdict
    judged: str = ""

    @property
    def outcome(self) -> Outcome:
        return self.verdict.outcome

    @property
    def cite(self) -> str:
        """What the answer rests on: its own source where it names one, else the policy's articles."""
        return self.verdict.cite or self.policy.cite

    @property
    def refuses(self) -> bool:
        """A failed block, or a blocking question that nobody has answered yet."""
        return self.policy.level is Level.BLOCK and self.outcome in _OPEN

    @property
    def warns(self) -> bool:
        """Allowed, but only with a written reason."""
        return self.policy.level is Level.WARN and self.outcome in _OPEN

    def as_dict(self) -> dict[str, Any]:
        """The contract's fields for machines; empty ones are left out, except the first six."""
        v, p = self.verdict, self.policy
        told = {
            "id": p.id,
            "rule": p.rules[0],
            "rules": list(p.rules),
            "outcome": v.outcome.value,
            "cite": self.cite,
            "reason": v.reason,
            "remedy": v.remedy,
            "title": p.title,
            "level": p.level.value,
            "by": v.by,
        }
        if v.day:
            told["day"] = v.day.isoformat()
        if v.doubt:
            told["doubt"] = v.doubt.value
        if self.judged:
            told["judged"] = self.judged
        return told


_OPEN = frozenset({Outcome.FAILS, Outcome.NEEDS_JUDGEMENT})


@dataclass(frozen=True, slots=True)
class Report:
    """Every finding of one checklist, in reading order."""

    findings: tuple[Finding, ...] = ()
    excuses: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Finding]:
        return [f for f in self.findings if f.refuses]

    @property
    def unexcused(self) -> list[Finding]:
        """Warnings that nobody has answered for in writing."""
        return [f for f in self.findings if f.warns and not self.excuses.get(f.policy.id)]

    @property
    def warnings(self) -> list[Finding]:
        return [f for f in self.findings if f.warns]

    @property
    def notes(self) -> list[Finding]:
        return [f for f in self.findings if f.policy.level is Level.NOTE and f.outcome in _OPEN]

    @property
    def needs_form(self) -> list[Finding]:
        return [f for f in self.findings if f.outcome is Outcome.NEEDS_FORM]

    @property
    def refuses(self) -> bool:
        return any(f.refuses for f in self.findings) or bool(self.unexcused)

    @property
    def reasons(self) -> list[Finding]:
        """What stands in the way, blocks first."""
        return self.blocks + self.unexcused


_NOT_ASKED = Verdict(Outcome.NEEDS_FORM, "填写表单后判断。")


def evaluate(checklist: Iterable[Policy], facts: Facts, law: LawBook) -> Report:
    """Ask every policy of the checklist about these facts, and return every answer."""
    judgements = facts.case.judgements
    found = []
    for asked in checklist:
        if asked.needs_form and not facts.has_form:
            found.append(Finding(asked, _NOT_ASKED))
            continue
        verdict = _answer(asked, facts, law)
        judged = ""
        # What a published text is silent about cannot be judged into existence.
        if (
            judgements
            and verdict.outcome is Outcome.NEEDS_JUDGEMENT
            and verdict.doubt is not Doubt.UNSTATED
        ):
            answer = judgements.get(asked.id)
            if answer is not None:
                judged = f"{answer.by}：{answer.reasons}"
                verdict = Verdict(
                    Outcome.HOLDS if answer.holds else Outcome.FAILS,
                    f"{verdict.reason} 经{answer.name}判断：{answer.reasons}",
                    verdict.remedy,
                    verdict.by,
                )
        found.append(Finding(asked, verdict, judged))
    return Report(tuple(found), facts.excuses)


def _answer(asked: Policy, facts: Facts, law: LawBook) -> Verdict:
    """The policy's own answer; a published decision older than the law we hold is not judged by it."""
    gap = _before_our_law(asked, facts, law)
    if gap is None:
        return asked.asks(facts, law)
    try:
        said = asked.asks(facts, law)
    except (NoLaw, BeforeCalendar):
        return gap
    silent = said.outcome is Outcome.DOES_NOT_APPLY or said.doubt is Doubt.UNSTATED
    return said if silent else gap


def _before_our_law(asked: Policy, facts: Facts, law: LawBook) -> Verdict | None:
    if not facts.case.silent or asked.any_edition or not asked.cites:
        return None
    day = facts.case.decision.date if facts.case.decision else facts.as_of
    held = [s for c in asked.cites if (s := law.statute(c.statute))]
    if not held or any(s.in_force <= day for s in held):
        return None
    first = held[0]
    return no_law(f"{day} 时的《{first.short}》（登记的一版自 {first.in_force} 起施行）")


def not_asked(checklist: Iterable[Policy]) -> Report:
    """The report of a checklist that is wholly about a form that nobody has filled in yet."""
    return Report(tuple(Finding(asked, _NOT_ASKED) for asked in checklist))
