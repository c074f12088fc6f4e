"""情景 — one or more cases told in steps, run in a fresh office, each step at its own date.

Readable by a legal reviewer; the format is in docs/scenarios.md, and `scenario_file` checks it. An
expectation that is not met says what was expected and what came.
"""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, cast

from policies.core import Report
from policies.office import Office
from states.case import FLOWS
from workflow import errors, heartbeats, holidays, offices, oracle, program, queries
from workflow.delegating import Give, Revoke, give, revoke
from workflow.deliveries import drain
from workflow.desk import COMMANDS
from workflow.forms import parse
from workflow.order import Done, Order, label
from workflow.program import Fashen
from workflow.scenario_file import (
    ABOUT_CASE,
    OFFICE_VERBS,
    OPENING,
    ScenarioError,
    moment,
    names_of_rules,
    office_of,
    read,
)
from workflow.settings import Settings
from workflow.sweep import sweep
from workflow.times import stamp
from workflow.work import perform
from workflow.yaml import Located

__all__ = ["OwnHands", "Result", "ScenarioError", "Told", "replay", "run", "verbs"]


@dataclass
class Told:
    """One step as it came out."""

    n: int
    line: int
    at: str
    by: str
    do: str
    case: str
    outcome: str = "swept"
    before: str = ""
    after: str = ""
    says: str = ""
    in_full: str = ""
    findings: list[dict[str, Any]] = field(default_factory=list)
    opened: dict[str, Any] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)
    lapsed: list[str] = field(default_factory=list)
    note: str = ""
    problems: list[str] = field(default_factory=list)
    on_behalf_of: str = ""

    def as_dict(self) -> dict[str, Any]:
        told = {
            k: v
            for k, v in self.__dict__.items()
            if k not in ("before", "after", "opened", "closed", "in_full")
        }
        told["state"] = {"before": self.before, "after": self.after}
        told["deadlines"] = {"opened": self.opened, "closed": self.closed}
        return told


@dataclass
class Result:
    """One scenario as it came out."""

    file: str
    title: str
    source: str
    note: str
    steps: list[Told] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.problems and not any(s.problems for s in self.steps)

    def as_dict(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "title": self.title,
            "source": self.source,
            "ok": self.ok,
            "problems": self.problems,
            "steps": [s.as_dict() for s in self.steps],
        }


class Hands(Protocol):
    """Who sweeps the clocks and works off the messages between steps."""

    def sweep(self) -> None: ...

    def work_off(self) -> None: ...


@dataclass(frozen=True, slots=True)
class OwnHands:
    """This process itself, without a queue."""

    fashen: Fashen

    def sweep(self) -> None:
        sweep(self.fashen)

    def work_off(self) -> None:
        drain(self.fashen)


def run(
    file: str | Path, settings: Settings, *, keep: bool = False, text: str | None = None
) -> Result:
    """Run one file in a fresh office in memory, or, to keep it, in a data directory without cases."""
    body = read(file, text)
    office = office_of(file, body)
    with tempfile.TemporaryDirectory(prefix="fashen-") as scratch:
        if keep:
            fashen = _empty(settings)
        else:
            alone = settings.indoors(Path(scratch)).model_copy(
                update={"secret_key": settings.secret_key or "scenario-" * 4}
            )
            fashen = program.in_memory(alone, calendar=holidays.calendar(settings))
        try:
            return _tell(file, body, office, fashen, OwnHands(fashen))
        finally:
            fashen.engine.dispose()


def replay(file: str | Path, text: str | None, fashen: Fashen, hands: Hands) -> Result:
    """Run a file in a program that stays, with somebody else's hands."""
    body = read(file, text)
    return _tell(file, body, office_of(file, body), fashen, hands)


def _empty(settings: Settings) -> Fashen:
    """The program on its data directory, where no case may be yet: a story begins in a fresh office."""
    fashen = program.start(settings)
    if cases := queries.count_cases(fashen):
        fashen.engine.dispose()
        raise errors.FashenError(
            f"数据目录 {settings.data_dir} 里已有 {cases} 件案件，情景要在全新的机关里运行："
            "换一个空的 FASHEN_DATA_DIR，或者不写 --keep。"
        )
    return fashen


def _tell(file: str | Path, body: Located, office: Office, fashen: Fashen, hands: Hands) -> Result:
    before = fashen.clock
    result = Result(
        str(file),
        str(body.get("title", "")),
        str(body.get("source", "")),
        str(body.get("note", "")),
        names={p.id: p.name for p in office.people},
    )
    try:
        # The office stands since before the story, whose clock goes its own way.
        offices.load(fashen, office)
        runner = Runner(fashen, office, hands)
        for n, step in enumerate(body["steps"], 1):
            result.steps.append(runner.step(n, step))
        result.problems += oracle.check_all(fashen)
    finally:
        fashen.clock = before
    # By the story's clock the last sweep may be years ago; whoever watches this office knows no story.
    with fashen.engine.begin() as tx:
        heartbeats.take_back(tx, "sweep")
    return result


class Runner:
    """Takes the steps one after the other; the clock stands where the step says."""

    def __init__(self, fashen: Fashen, office: Office, hands: Hands) -> None:
        self.fashen = fashen
        self.hands = hands
        self.office = office
        self.cases: dict[str, str] = {}
        self.made: dict[str, str] = {}

    def step(self, n: int, step: Located) -> Told:
        at = moment(step["at"])
        entered = moment(step["entered"]) if "entered" in step else at
        self.fashen.clock = lambda: entered
        told = Told(
            n, step.line, stamp(at), str(step.get("by", "")), str(step.get("do", "")),
            self._case_name(step), note=str(step.get("note", "")),
        )  # fmt: skip
        told.before = told.after = self._state(told.case)
        if step.get("sweep") is not False:
            told.alerts, told.lapsed = self._sweep()
            told.after = self._state(told.case)
        if "do" in step:
            told.before = told.after
            self._take(step, told, at)
        self.hands.work_off()
        self._expect(step, told)
        return told

    def _sweep(self) -> tuple[list[str], list[str]]:
        """Sweep, and read from the record which alerts it raised and which windows lapsed."""
        alerts, lapses = queries.marks(self.fashen)
        self.hands.sweep()
        raised, lapsed = queries.raised_since(self.fashen, alerts, lapses)
        return raised, lapsed

    def _case_name(self, step: Located) -> str:
        if "case" in step:
            return str(step["case"])
        if step.get("do") in OPENING:
            return f"case{len(self.cases) + 1}"
        return next(iter(self.cases), "")

    def _state(self, name: str) -> str:
        return self._row(name).state if name in self.cases else ""

    def _row(self, name: str) -> queries.Row:
        return queries.case_row(self.fashen, self.office.office, self.cases[name])

    def _take(self, step: Located, told: Told, at: datetime) -> None:
        opens = told.do in OPENING
        form, lost = self._filled(step.get("with") or {})
        if told.do in OFFICE_VERBS and not lost:
            self._of_the_office(step, told, form)
            return
        if "case" in step and not opens and told.case not in self.cases:
            lost.append(told.case)
        if lost:
            told.outcome = "not_tried"
            told.problems.append(f"没有办：前面的步骤没有做出 {_list(lost)}，先改正前面的步骤。")
            return
        order = Order(
            office=self.office.office,
            actor=str(step["by"]),
            verb=told.do,
            form=form,
            case=None if opens else self.cases.get(told.case),
            version=step.get("version"),
            at=at,
            key=str(step.get("key", "")),
            excuses={str(k): str(v) for k, v in (step.get("excuse") or {}).items()},
            irregular=str(step.get("irregular", "")),
            on_behalf_of=str(step.get("on_behalf_of", "")),
        )
        try:
            done = perform(self.fashen, order)
        except errors.FashenError as no:
            self._refused(step, told, no)
            return
        self._accepted(step, told, done)

    def _of_the_office(self, step: Located, told: Told, form: dict[str, Any]) -> None:
        """Give or end a delegation; `as` names it, and its cases are named as the story names them."""
        office, by, verb = self.office.office, str(step["by"]), told.do
        if "cases" in form:
            form = {**form, "cases": [self.cases.get(str(n), str(n)) for n in form["cases"]]}
        try:
            read = parse(OFFICE_VERBS[verb], form, verb=verb, now=self.fashen.clock())
            if isinstance(read, Give):
                made = give(self.fashen, office, by, read)
            else:
                made = revoke(self.fashen, office, by, cast(Revoke, read))
        except errors.FashenError as no:
            self._refused(step, told, no)
            return
        if "as" in step:
            self.made[str(step["as"])] = made.id
        told.outcome = "accepted"
        if "refused" in step:
            told.problems.append(f"应当被拒绝（{_list(step['refused'])}），却办成了。")

    def _filled(self, value: Any) -> tuple[Any, list[str]]:
        """The form with each `{ref: NAME}` replaced by what an earlier step made, and what is lost."""
        if isinstance(value, Mapping):
            if set(value) == {"ref"}:
                name = str(value["ref"])
                return (self.made[name], []) if name in self.made else ("", [name])
            parts = {k: self._filled(v) for k, v in value.items()}
            return {k: v for k, (v, _) in parts.items()}, [
                n for _, ns in parts.values() for n in ns
            ]
        if isinstance(value, list):
            filled = [self._filled(v) for v in value]
            return [v for v, _ in filled], [n for _, ns in filled for n in ns]
        return value, []

    def _accepted(self, step: Located, told: Told, done: Done) -> None:
        known = [name for name, case in self.cases.items() if case == done.case]
        if not known:
            self.cases[told.case] = done.case
        elif "case" not in step:
            told.case = known[0]  # the same opening, sent again, is the same case
        if "as" in step and done.made:
            self.made[str(step["as"])] = done.made
        told.outcome = "repeated" if done.repeated else "accepted"
        told.before, told.after = done.before, done.after
        told.findings = done.findings
        told.opened, told.closed = dict(done.opened), list(done.closed)
        told.messages = list(done.messages)
        told.on_behalf_of = done.on_behalf_of
        if "refused" in step:
            told.problems.append(f"应当被拒绝（{_list(step['refused'])}），却办成了。")
        warned = [
            f
            for f in done.findings
            if f["level"] == "warn" and f["outcome"] in ("fails", "needs_judgement")
        ]
        self._compare(step, told, "warned", "警示", [(f["id"], tuple(f["rules"])) for f in warned])

    def _refused(self, step: Located, told: Told, no: errors.FashenError) -> None:
        told.says = str(no)
        told.in_full = no.in_full if isinstance(no, errors.Blocked) else str(no)
        said = str(no).replace("\n", " ")
        report = no.report if isinstance(no, errors.Blocked) else Report()
        told.findings = [f.as_dict() for f in report.findings]
        kind = _KINDS.get(type(no), "refused")
        told.outcome = "refused" if kind == "blocked" else kind
        if "refused" not in step:
            told.problems.append(f"应当办成，却被拒绝：{said}")
            return
        came = [(f.policy.id, f.policy.rules) for f in report.reasons]
        wanted = [w for w in step["refused"] if w != kind]
        if kind != "blocked" and wanted:
            came.append((kind, ()))
        self._compare({**step, "refused": wanted}, told, "refused", "拒绝", came)
        because = str(step.get("because", ""))
        if because and because not in f"{no}\n{told.in_full}":
            told.problems.append(f"理由中应当有“{because}”，实际是：{said}")

    def _compare(
        self,
        step: Mapping[str, Any],
        told: Told,
        key: str,
        what: str,
        came: list[tuple[str, tuple[str, ...]]],
    ) -> None:
        """What was expected under a key against the policies that came, by their id or a rule's."""
        if key not in step:
            return
        wanted = [str(w) for w in step[key]]
        ids = [policy for policy, _ in came]
        missing = [w for w in wanted if not any(w in (policy, *rules) for policy, rules in came)]
        if missing:
            told.problems.append(
                f"应当因 {_list(missing)} {what}，实际{what}：{_list(ids)}。{_hints(missing)}"
            )
        extra = [policy for policy, rules in came if not {policy, *rules} & set(wanted)]
        if step.get("exactly") and extra:
            told.problems.append(f"只应当因 {_list(wanted)} {what}，还有：{_list(extra)}。")

    def _expect(self, step: Located, told: Told) -> None:
        expect, exactly = step.get("expect") or {}, bool(step.get("exactly"))
        for key, what in (("alerts", "预警"), ("lapsed", "届满")):
            if key in expect:
                wanted, came = expect[key], getattr(told, key)
                missing = [w for w in wanted if w not in came]
                extra = [c for c in came if c not in wanted] if exactly else []
                if missing or extra:
                    only = "只" if exactly else ""
                    told.problems.append(
                        f"{only}应当有{what} {_list(wanted)}，实际：{_list(came)}。"
                    )
        about_case = [key for key in expect if key in ABOUT_CASE]
        if not about_case:
            return
        if told.case not in self.cases:
            told.problems.append("还没有案件，无从核对 expect。")
            return
        row = self._row(told.case)
        for key in about_case:
            if key == "deadlines":
                _expect_deadlines(told, expect["deadlines"] or {}, row, exactly)
            elif getattr(row, key) != expect[key]:
                came = _state_label(row) if key == "state" else getattr(row, key)
                told.problems.append(f"{key} 应当是 {_word(expect[key])}，实际是 {_word(came)}。")


def _expect_deadlines(
    told: Told, wanted: Mapping[str, Any], row: queries.Row, exactly: bool
) -> None:
    open_ = {d.clock: d.ends.isoformat() for d in row.deadlines}
    all_open = _list(f"{clock} {day}" for clock, day in open_.items())
    for clock, day in wanted.items():
        if open_.get(clock) != str(day):
            told.problems.append(
                f"期限 {clock} 应当是 {day}，实际：{open_.get(clock, '没有在计算')}"
                f"（正在计算的：{all_open}）。"
            )
    extra = [clock for clock in open_ if clock not in wanted]
    if exactly and extra:
        told.problems.append(f"只应当计算期限 {_list(wanted)}，还有：{_list(extra)}。")


def _word(value: Any) -> str:
    return {True: "true", False: "false"}.get(value, str(value))


def _state_label(row: queries.Row) -> str:
    return f"{row.state}（{row.state_label}）"


_KINDS: dict[type[errors.FashenError], str] = {
    errors.Blocked: "blocked",
    errors.NotYourMove: "not_yours",
    errors.NotFromHere: "not_from_here",
    errors.ChangedMeanwhile: "stale",
    errors.KeyReused: "key_reused",
    errors.Malformed: "malformed",
    errors.NotFound: "not_found",
    errors.AlreadyOver: "already_over",
}
"""Refusals that no policy gives; `refused` may name them as it names a policy."""


def _hints(missing: Iterable[str]) -> str:
    """For each name that no rule bears, the nearest that one does."""
    known = [*names_of_rules(), *_KINDS.values()]
    told = []
    for name in missing:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            told.append(f"没有“{name}”这条规则" + (f"，最接近的是“{near[0]}”。" if near else "。"))
    return "".join(told)


def _list(values: Iterable[Any]) -> str:
    return "、".join(str(v) for v in values) or "（无）"


def verbs() -> list[dict[str, Any]]:
    """Every verb: its name, who may do it, and the JSON Schema of its form."""
    told = []
    for verb, command in COMMANDS.items():
        moves = [m for f in FLOWS.values() if (m := f.verbs.get(verb))]
        told.append(
            {
                "verb": verb,
                "label": label(verb),
                "who": moves[0].who.label,
                "roles": sorted(moves[0].who.roles),
                "from": sorted({s.value for m in moves for s in m.sources}),
                "irregular": moves[0].irregular,
                "form": command.form.model_json_schema(),
            }
        )
    return told
