"""情景 — one or more cases told in steps, run in a fresh office, each step at its own date.

Readable by a legal reviewer; the format is in docs/scenarios.md. A file that cannot be meant is refused
before anything runs, with its line; an expectation that is not met says what was expected and what came.
"""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

import workflow.commands  # noqa: F401 - registers every verb
from policies.core import Report
from policies.lawbook import Parameter
from policies.office import Office
from states.case import FLOWS
from workflow import errors, holidays, offices, oracle, program, queries, yaml
from workflow.deliveries import drain
from workflow.desk import COMMANDS
from workflow.order import Done, Order, label
from workflow.program import Fashen
from workflow.settings import Settings
from workflow.sweep import sweep
from workflow.times import BEIJING, stamp
from workflow.work import perform

TOP = ("title", "source", "office", "parameters", "note", "steps")
STEP = (
    "at", "entered", "by", "do", "case", "with", "as", "refused", "exactly", "because", "sweep",
    "excuse", "warned", "expect", "key", "version", "irregular", "note",
)  # fmt: skip
EXPECT = ("state", "phase", "deadlines", "alerts", "lapsed", "procedure", "irregular")


class ScenarioError(ValueError):
    """The file cannot be run; the text names the line and the cure."""


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
    findings: list[dict[str, Any]] = field(default_factory=list)
    opened: dict[str, Any] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)
    lapsed: list[str] = field(default_factory=list)
    note: str = ""
    problems: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        told = {
            k: v
            for k, v in self.__dict__.items()
            if k not in ("before", "after", "opened", "closed")
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


def read(file: str | Path, text: str | None = None) -> Mapping[str, Any]:
    """A scenario file, its shape checked to the last key."""
    try:
        body = yaml.load(Path(file).read_text("utf-8") if text is None else text)
    except (OSError, UnicodeDecodeError) as wrong:
        raise ScenarioError(f"{file}：读不了（{wrong}）。") from None
    except yaml.YamlError as wrong:
        raise ScenarioError(f"{file}：{wrong}") from None
    if not isinstance(body, yaml.Located):
        raise ScenarioError(f"{file} 第 1 行：应当是 title、office、steps 等各栏。")
    _known(file, body, TOP, "情景")
    steps = body.get("steps")
    if not isinstance(steps, list) or not steps:
        raise ScenarioError(f"{file} 第 {body.line} 行：steps 要写成步骤的列表，至少一步。")
    for step in steps:
        if not isinstance(step, yaml.Located):
            raise ScenarioError(
                f"{file} 第 {body.line} 行起：每一步要写成若干栏，例如 at、by、do。"
            )
        _check_step(file, step)
    return body


def _check_step(file: str | Path, step: yaml.Located) -> None:
    _known(file, step, STEP, "步骤")
    if "at" not in step:
        raise ScenarioError(f"{file} 第 {step.line} 行：这一步没有写 at（发生时间）。")
    for name in ("at", "entered"):
        if name in step:
            _moment(file, step, name)
    if "do" not in step:
        if step.get("sweep") is not True:
            raise ScenarioError(f"{file} 第 {step.line} 行：这一步没有写 do，也不是 sweep: true。")
    else:
        verb = str(step["do"])
        if verb not in COMMANDS:
            near = difflib.get_close_matches(verb, COMMANDS, 1, 0.3)
            hint = f"最接近的是“{near[0]}”，它{_takes(near[0])}" if near else ""
            raise ScenarioError(
                f"{file} 第 {step.line} 行：没有“{verb}”这个动作。{hint}"
                "全部动作见 fashen scenario --verbs。"
            )
        if "by" not in step:
            raise ScenarioError(f"{file} 第 {step.line} 行：这一步没有写 by（谁来办）。")
        form = step.get("with") or {}
        if not isinstance(form, Mapping):
            raise ScenarioError(f"{file} 第 {step.line} 行：with 要写成若干栏。")
        for name in form:
            fields = COMMANDS[verb].form.model_fields
            if name not in fields:
                near = difflib.get_close_matches(name, fields, 1, 0.3)
                hint = f"最接近的是“{near[0]}”。" if near else ""
                raise ScenarioError(
                    f"{file} 第 {getattr(form, 'line', step.line)} 行：“{verb}”没有“{name}”这一栏，"
                    f"{hint}“{verb}”{_takes(verb)}"
                )
    if isinstance(step.get("expect"), yaml.Located):
        _known(file, step["expect"], EXPECT, "expect")
    for name, kind, words in (
        ("refused", list, "列表"),
        ("warned", list, "列表"),
        ("excuse", Mapping, "规则编号: 理由"),
        ("expect", Mapping, "若干栏"),
    ):
        if name in step and not isinstance(step[name], kind):
            raise ScenarioError(f"{file} 第 {step.line} 行：{name} 要写成{words}。")


def _takes(verb: str) -> str:
    fields = COMMANDS[verb].form.model_fields
    told = [f"{n}{'（必填）' if f.is_required() else ''}" for n, f in fields.items()]
    return f"可填：{'、'.join(told) or '（无）'}。"


def _known(file: str | Path, body: yaml.Located, names: Iterable[str], what: str) -> None:
    for name in body:
        if name not in names:
            near = difflib.get_close_matches(name, list(names), 1)
            hint = f"最接近的是“{near[0]}”；" if near else ""
            raise ScenarioError(
                f"{file} 第 {body.line} 行起：{what}没有“{name}”这一栏，{hint}可写：{'、'.join(names)}。"
            )


def _moment(file: str | Path, step: yaml.Located, name: str) -> datetime:
    value = step[name]
    try:
        if isinstance(value, datetime):
            return value.replace(tzinfo=BEIJING) if value.tzinfo is None else value
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, 9, tzinfo=BEIJING)
        return datetime.fromisoformat(str(value)).replace(tzinfo=BEIJING)
    except ValueError:
        raise ScenarioError(
            f"{file} 第 {step.line} 行：{name} 要写成 2025-01-06 09:00 的样子，写的是“{value}”。"
        ) from None


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
    """Run one file in a fresh office in memory, or, to keep it, in the data directory."""
    body = read(file, text)
    with tempfile.TemporaryDirectory(prefix="fashen-") as scratch:
        if keep:
            fashen = program.start(settings)
        else:
            alone = settings.model_copy(
                update={
                    "publication_dir": Path(scratch) / "published",
                    "secret_key": settings.secret_key or "scenario-" * 4,
                }
            )
            fashen = program.in_memory(alone, calendar=holidays.calendar(settings))
        try:
            return _tell(file, body, fashen, OwnHands(fashen))
        finally:
            fashen.engine.dispose()


def replay(file: str, text: str, fashen: Fashen, hands: Hands) -> Result:
    """Run a file in a program that stays, with somebody else's hands."""
    return _tell(file, read(file, text), fashen, hands)


def _tell(file: str | Path, body: Mapping[str, Any], fashen: Fashen, hands: Hands) -> Result:
    office = offices.read(_office(file, str(body.get("office", offices.SAMPLE))))
    _check_people(file, body, office)
    before = fashen.clock
    fashen.override(_overrides(file, body))
    offices.load(fashen, office)
    runner = Runner(fashen, office, str(file), hands)
    result = Result(
        str(file),
        str(body.get("title", "")),
        str(body.get("source", "")),
        str(body.get("note", "")),
    )
    try:
        for n, step in enumerate(body["steps"], 1):
            result.steps.append(runner.step(n, step))
        result.problems += oracle.check_all(fashen)
    finally:
        fashen.clock = before
        fashen.override(())
    return result


def _office(file: str | Path, name: str) -> str | Path:
    return name if name == offices.SAMPLE else Path(file).parent / name


def _check_people(file: str | Path, body: Mapping[str, Any], office: Office) -> None:
    known = [p.id for p in office.people]
    for step in body["steps"]:
        person = step.get("by")
        if person is not None and person not in (*known, "system"):
            near = difflib.get_close_matches(str(person), known, 1)
            hint = f"最接近的是“{near[0]}”；" if near else ""
            raise ScenarioError(
                f"{file} 第 {step.line} 行：{office.name}没有“{person}”这个人，{hint}"
                f"有：{'、'.join(known)}。"
            )


def _overrides(file: str | Path, body: Mapping[str, Any]) -> Iterable[Parameter]:
    for key, value in (body.get("parameters") or {}).items():
        if not isinstance(value, (int, str, bool)):
            raise ScenarioError(f"{file}：parameters 的 {key} 要写成一个值。")
        yield Parameter(key, value, "", date(1949, 10, 1), "本情景设定", True)


class Runner:
    """Takes the steps one after the other; the clock stands where the step says."""

    def __init__(self, fashen: Fashen, office: Office, file: str, hands: Hands) -> None:
        self.fashen = fashen
        self.hands = hands
        self.office = office
        self.file = file
        self.cases: dict[str, str] = {}
        self.made: dict[str, str] = {}

    def step(self, n: int, step: yaml.Located) -> Told:
        at = _moment(self.file, step, "at")
        entered = _moment(self.file, step, "entered") if "entered" in step else at
        self.fashen.clock = lambda: entered
        told = Told(
            n, step.line, stamp(at), str(step.get("by", "")), str(step.get("do", "")), "",
            note=str(step.get("note", "")),
        )  # fmt: skip
        if step.get("sweep") is not False:
            told.alerts, told.lapsed = self._sweep()
        name = self._case_name(step)
        told.case = name
        if "do" in step:
            self._take(step, told, name, at)
        self.hands.work_off()
        self._expect(step, told, name)
        return told

    def _sweep(self) -> tuple[list[str], list[str]]:
        """Sweep, and read from the record which alerts it raised and which windows lapsed."""
        alerts, lapses = queries.marks(self.fashen)
        self.hands.sweep()
        raised, lapsed = queries.raised_since(self.fashen, alerts, lapses)
        return raised, lapsed

    def _case_name(self, step: yaml.Located) -> str:
        if "case" in step:
            return str(step["case"])
        verb = str(step.get("do", ""))
        opening = any(flow.opening(verb) for flow in FLOWS.values())
        if opening:
            return f"case{len(self.cases) + 1}"
        if len(self.cases) > 1 and verb:
            raise ScenarioError(
                f"{self.file} 第 {step.line} 行：有 {len(self.cases)} 件案件，这一步要写 case："
                f"{'、'.join(self.cases)}。"
            )
        return next(iter(self.cases), "")

    def _take(self, step: yaml.Located, told: Told, name: str, at: datetime) -> None:
        case_id = self.cases.get(name)
        if "case" in step and case_id is None:
            verb = str(step["do"])
            if not any(flow.opening(verb) for flow in FLOWS.values()):
                raise ScenarioError(f"{self.file} 第 {step.line} 行：前面没有名为“{name}”的案件。")
        order = Order(
            office=self.office.office,
            actor=str(step["by"]),
            verb=str(step["do"]),
            form=self._filled(step.get("with") or {}, step),
            case=case_id,
            version=step.get("version"),
            at=at,
            key=str(step.get("key", "")),
            excuses={str(k): str(v) for k, v in (step.get("excuse") or {}).items()},
            irregular=str(step.get("irregular", "")),
        )
        before = queries.case_row(self.fashen, self.office.office, case_id) if case_id else None
        told.before = told.after = before.state if before else ""
        try:
            done = perform(self.fashen, order)
        except errors.FashenError as no:
            self._refused(step, told, no)
            return
        self._accepted(step, told, name, done)

    def _filled(self, value: Any, step: yaml.Located) -> Any:
        """The form with each `{ref: NAME}` replaced by what an earlier step made."""
        if isinstance(value, Mapping):
            if set(value) == {"ref"}:
                if value["ref"] not in self.made:
                    raise ScenarioError(
                        f"{self.file} 第 {step.line} 行：ref “{value['ref']}”前面没有 as 过，"
                        f"有：{'、'.join(self.made) or '（无）'}。"
                    )
                return self.made[value["ref"]]
            return {k: self._filled(v, step) for k, v in value.items()}
        if isinstance(value, list):
            return [self._filled(v, step) for v in value]
        return value

    def _accepted(self, step: yaml.Located, told: Told, name: str, done: Done) -> None:
        self.cases[name] = done.case
        if "as" in step:
            self.made[str(step["as"])] = done.made
        told.outcome = "repeated" if done.repeated else "accepted"
        told.before, told.after = done.before, done.after
        told.findings = done.findings
        told.opened, told.closed = dict(done.opened), list(done.closed)
        told.messages = list(done.messages)
        if "refused" in step:
            told.problems.append(f"应当被拒绝（{_list(step['refused'])}），却办成了。")
        warned = {
            x
            for f in done.findings
            if f["level"] == "warn" and f["outcome"] in ("fails", "needs_judgement")
            for x in (f["id"], *f["rules"])
        }
        missing = [w for w in step.get("warned", ()) if w not in warned]
        if missing:
            told.problems.append(f"应当警示 {_list(missing)}，实际警示：{_list(sorted(warned))}。")

    def _refused(self, step: yaml.Located, told: Told, no: errors.FashenError) -> None:
        told.says = str(no)
        report = no.report if isinstance(no, errors.Blocked) else Report()
        told.findings = [f.as_dict() for f in report.findings]
        ids = [f.policy.id for f in report.reasons]
        names = set(ids) | {r for f in report.reasons for r in f.policy.rules}
        kind = _KINDS.get(type(no), "refused")
        told.outcome = "refused" if kind == "blocked" else kind
        if "refused" not in step:
            told.problems.append(f"应当办成，却被拒绝：{no}")
            return
        wanted = [str(w) for w in step["refused"]]
        missing = [w for w in wanted if w not in names | {kind}]
        if missing:
            told.problems.append(
                f"应当因 {_list(missing)} 被拒绝，实际是：{_list(ids or [kind])}。{no}"
            )
        if step.get("exactly"):
            extra = [
                f.policy.id
                for f in report.reasons
                if f.policy.id not in wanted and not set(f.policy.rules) & set(wanted)
            ]
            if extra:
                told.problems.append(f"只应当因 {_list(wanted)} 被拒绝，还有：{_list(extra)}。")
        because = str(step.get("because", ""))
        if because and because not in str(no):
            told.problems.append(f"理由中应当有“{because}”，实际是：{no}")

    def _expect(self, step: yaml.Located, told: Told, name: str) -> None:
        expect = step.get("expect") or {}
        if "alerts" in expect:
            missing = [a for a in expect["alerts"] if a not in told.alerts]
            if missing:
                told.problems.append(f"应当有预警 {_list(missing)}，实际：{_list(told.alerts)}。")
        if "lapsed" in expect:
            missing = [v for v in expect["lapsed"] if v not in told.lapsed]
            if missing:
                told.problems.append(f"应当届满 {_list(missing)}，实际：{_list(told.lapsed)}。")
        about_case = [k for k in expect if k not in ("alerts", "lapsed")]
        if not about_case:
            return
        if name not in self.cases:
            told.problems.append("还没有案件，无从核对 expect。")
            return
        row = queries.case_row(self.fashen, self.office.office, self.cases[name])
        came = {
            "state": row.state,
            "phase": row.phase,
            "procedure": row.procedure,
            "irregular": row.irregular,
        }
        for key in about_case:
            if key == "deadlines":
                open_ = {d.clock: d.ends.isoformat() for d in row.deadlines}
                for clock, day in (expect["deadlines"] or {}).items():
                    if open_.get(clock) != str(day):
                        told.problems.append(
                            f"期限 {clock} 应当是 {day}，实际：{open_.get(clock, '没有')}"
                            f"（开着的：{open_}）。"
                        )
            elif came[key] != expect[key]:
                told.problems.append(f"{key} 应当是 {expect[key]}，实际是 {came[key]}。")


_KINDS: dict[type[errors.FashenError], str] = {
    errors.Blocked: "blocked",
    errors.NotYourMove: "not_yours",
    errors.NotFromHere: "not_from_here",
    errors.ChangedMeanwhile: "stale",
    errors.KeyReused: "key_reused",
    errors.Malformed: "malformed",
    errors.NotFound: "not_found",
}


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
