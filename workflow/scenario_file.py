"""情景文件 — a scenario as it is written, its shape checked to the last key before anything runs.

The format is in docs/scenarios.md. What cannot be meant is refused with its line and the nearest known
word, so that a reviewer mends the file and not the program.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import workflow.commands  # noqa: F401 - registers every verb
from policies.core import POLICIES
from policies.lawbook import register
from policies.office import LocalParameter, Office
from states.case import FLOWS
from states.flow import Phase, kind_of
from states.terms import TERMS
from workflow import errors, offices, yaml
from workflow.delegating import Give, Revoke
from workflow.desk import COMMANDS
from workflow.forms import Form
from workflow.order import label
from workflow.times import BEIJING, beijing

_TEXT, _LIST, _MAP, _FLAG, _NUMBER, _TIME = (
    "文字", "列表，例如 [甲, 乙]", "若干栏", "true 或 false", "整数", "2025-01-06 09:00 的样子",
)  # fmt: skip

TOP = {
    "title": _TEXT, "source": _TEXT, "office": _TEXT, "parameters": _MAP, "note": _TEXT,
    "steps": _LIST,
}  # fmt: skip
STEP = {
    "at": _TIME, "entered": _TIME, "by": _TEXT, "do": _TEXT, "case": _TEXT, "with": _MAP,
    "as": _TEXT, "refused": _LIST, "exactly": _FLAG, "because": _TEXT, "sweep": _FLAG,
    "excuse": _MAP, "warned": _LIST, "expect": _MAP, "key": _TEXT, "version": _NUMBER,
    "irregular": _TEXT, "on_behalf_of": _TEXT, "note": _TEXT,
}  # fmt: skip
EXPECT = {
    "state": _TEXT, "phase": _TEXT, "procedure": _TEXT, "irregular": _FLAG, "deadlines": _MAP,
    "alerts": _LIST, "lapsed": _LIST,
}  # fmt: skip
ABOUT_CASE = ("state", "phase", "procedure", "irregular", "deadlines")
"""Expectations that ask where a case stands; the other two ask what the sweep did."""

_ONLY_SWEEPS = frozenset({"at", "entered", "case", "sweep", "expect", "exactly", "note"})

_STATES = {str(s.value) for flow in FLOWS.values() for s in flow.states}
_ALERTS = {f"{clock}.{stage}" for clock in TERMS for stage in ("blue", "yellow", "red")}
OFFICE_VERBS: Mapping[str, type[Form]] = {"delegate": Give, "revoke_delegation": Revoke}
"""What a step can do to the office instead of a case."""

OPENING = {m.verb for flow in FLOWS.values() for m in flow.moves if m.opens}


class ScenarioError(ValueError):
    """The file cannot be run; the text names the line and the cure."""


def read(file: str | Path, text: str | None = None) -> yaml.Located:
    """A scenario file, or `ScenarioError`."""
    try:
        body = yaml.load(yaml.read(file) if text is None else text)
    except yaml.YamlError as wrong:
        raise ScenarioError(f"{file}：{wrong}") from None
    if not isinstance(body, yaml.Located):
        raise ScenarioError(f"{file} 第 1 行：应当是 title、office、steps 等各栏。")
    return _Checked(file, body).body


class _Checked:
    """One file under check; `cases` and `made` are the names that the steps so far have given."""

    def __init__(self, file: str | Path, body: yaml.Located) -> None:
        self.file = file
        self.body = body
        self.cases: list[str] = []
        self.made: list[str] = []
        self.opened: set[str] = set()
        self._shape(body, TOP, "情景")
        steps = body.get("steps")
        if not steps:
            raise self._wrong(body.line_of("steps"), "steps 要写成步骤的列表，至少一步。")
        for n, step in enumerate(steps, 1):
            if not isinstance(step, yaml.Located):
                said = f"第 {n} 步要写成若干栏，例如 at、by、do。"
                raise self._wrong(body.line_of("steps"), said)
            self._step(step)

    def _wrong(self, line: int, said: str) -> ScenarioError:
        return ScenarioError(f"{self.file} 第 {line} 行：{said}")

    def _shape(self, body: yaml.Located, known: Mapping[str, str], what: str) -> None:
        for key, value in body.items():
            if key not in known:
                said = f"{what}没有“{key}”这一栏，{nearest(key, known)}可写：{_list(known)}。"
                raise self._wrong(body.line_of(key), said)
            if not _FITS[known[key]](value):
                said = f"{key} 要写成{known[key]}，写的是“{str(value)[:40]}”。"
                raise self._wrong(body.line_of(key), said)

    def _step(self, step: yaml.Located) -> None:
        self._shape(step, STEP, "步骤")
        if "at" not in step:
            raise self._wrong(step.line, "这一步没有写 at（发生时间）。")
        if "do" in step:
            self._verb(step)
        elif step.get("sweep") is not True:
            raise self._wrong(step.line, "这一步没有写 do，也不是 sweep: true。")
        elif extra := [key for key in step if key not in _ONLY_SWEEPS]:
            said = f"只巡查期限的一步（没有 do）不能写 {_list(extra)}。"
            raise self._wrong(step.line_of(extra[0]), said)
        for policy, reason in (step.get("excuse") or {}).items():
            line = step["excuse"].line_of(policy)
            if policy not in POLICIES:
                said = f"没有“{policy}”这条规则，{nearest(policy, POLICIES)}全部规则见 fashen policies。"
                raise self._wrong(line, said)
            if not isinstance(reason, str) or not reason.strip():
                raise self._wrong(line, f"对 {policy} 的书面理由要写成文字，不能为空。")
        if "expect" in step:
            self._expect(step["expect"])
        self._names(step)

    def _verb(self, step: yaml.Located) -> None:
        verb, line = str(step["do"]), step.line_of("do")
        if verb not in COMMANDS and verb not in OFFICE_VERBS:
            near = difflib.get_close_matches(verb, COMMANDS, 1, 0.3)
            hint = f"最接近的是“{near[0]}”，它{takes(near[0])}" if near else ""
            said = f"没有“{verb}”这个动作。{hint}全部动作见 fashen scenario --verbs。"
            raise self._wrong(line, said)
        if "by" not in step:
            raise self._wrong(step.line, "这一步没有写 by（谁来办）。")
        form = step.get("with") or yaml.Located()
        fields = _form_of(verb).model_fields
        for name in form:
            if name not in fields:
                said = f"“{verb}”没有“{name}”这一栏，{nearest(name, fields)}“{verb}”{takes(verb)}"
                raise self._wrong(form.line_of(name), said)
        self._references(form, step.line_of("with"))

    def _references(self, value: Any, line: int) -> None:
        if isinstance(value, Mapping):
            line = getattr(value, "line", line)
            if set(value) == {"ref"}:
                name = str(value["ref"])
                if name not in self.made:
                    said = f"ref “{name}”前面没有 as 过，{nearest(name, self.made)}有：{_list(self.made)}。"
                    raise self._wrong(line, said)
                return
            value = list(value.values())
        if isinstance(value, list):
            for part in value:
                self._references(part, line)

    def _expect(self, expect: yaml.Located) -> None:
        self._shape(expect, EXPECT, "expect")
        for key, known, what in (
            ("state", _STATES, "状态"),
            ("phase", {p.value for p in Phase}, "阶段"),
        ):
            if key in expect and str(expect[key]) not in known:
                self._unknown(expect.line_of(key), expect[key], known, what)
        for clock, day in (expect.get("deadlines") or {}).items():
            line = expect["deadlines"].line_of(clock)
            if kind_of(clock) not in TERMS:
                self._unknown(line, clock, TERMS, "期限")
            if not _is_day(day):
                said = f"期限 {clock} 要写成日期，例如 2025-02-05，写的是“{day}”。"
                raise self._wrong(line, said)
        for alert in expect.get("alerts") or ():
            if alert not in _ALERTS:
                self._unknown(expect.line_of("alerts"), alert, _ALERTS, "预警", list_all=False)
        for verb in expect.get("lapsed") or ():
            if verb not in COMMANDS:
                self._unknown(expect.line_of("lapsed"), verb, COMMANDS, "动作", list_all=False)

    def _unknown(
        self, line: int, word: Any, known: Iterable[str], what: str, *, list_all: bool = True
    ) -> None:
        known = sorted(known)
        rest = f"有：{_list(known)}。" if list_all else ""
        raise self._wrong(line, f"没有“{word}”这个{what}，{nearest(str(word), known)}{rest}")

    def _names(self, step: yaml.Located) -> None:
        """The case that a step is about has been opened before, and what it makes is named."""
        verb, name = str(step.get("do", "")), str(step.get("case", ""))
        if verb in OPENING:
            key = str(step.get("key", ""))
            if "refused" not in step and not (key and key in self.opened):
                self.cases.append(name or f"case{len(self.cases) + 1}")
            self.opened.add(key)
        elif name and name not in self.cases:
            said = (
                f"前面没有名为“{name}”的案件，{nearest(name, self.cases)}有：{_list(self.cases)}。"
            )
            raise self._wrong(step.line_of("case"), said)
        elif (
            not name
            and len(self.cases) > 1
            and ((verb and verb not in OFFICE_VERBS) or _asks_about_case(step))
        ):
            said = f"有 {len(self.cases)} 件案件，这一步要写 case：{_list(self.cases)}。"
            raise self._wrong(step.line, said)
        if "as" in step and "refused" not in step:
            self.made.append(str(step["as"]))


def _asks_about_case(step: yaml.Located) -> bool:
    return any(key in ABOUT_CASE for key in step.get("expect") or ())


def _is_text(value: Any) -> bool:
    return isinstance(value, (str, int, float, date)) and not isinstance(value, bool)


def _is_time(value: Any) -> bool:
    try:
        moment(value)
    except ValueError:
        return False
    return True


def _is_day(value: Any) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


_FITS: Mapping[str, Callable[[Any], bool]] = {
    _TEXT: _is_text,
    _LIST: lambda value: isinstance(value, list),
    _MAP: lambda value: value is None or isinstance(value, yaml.Located),
    _FLAG: lambda value: isinstance(value, bool),
    _NUMBER: lambda value: isinstance(value, int) and not isinstance(value, bool),
    _TIME: _is_time,
}


def moment(value: Any) -> datetime:
    """When a step happened, on Beijing's clock; a day alone means nine o'clock."""
    if isinstance(value, datetime):
        return beijing(value)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, 9, tzinfo=BEIJING)
    return beijing(datetime.fromisoformat(str(value)))


def _form_of(verb: str) -> type[Form]:
    return OFFICE_VERBS.get(verb) or COMMANDS[verb].form


def step_label(verb: str) -> str:
    """What a step does, in Chinese."""
    form = OFFICE_VERBS.get(verb)
    return (form.__doc__ or verb) if form else label(verb)


def takes(verb: str) -> str:
    """What a verb's form asks for, for the end of a sentence."""
    fields = _form_of(verb).model_fields
    told = [f"{n}{'（必填）' if f.is_required() else ''}" for n, f in fields.items()]
    return f"可填：{_list(told)}。"


def nearest(word: str, known: Iterable[str]) -> str:
    """`最接近的是“…”；`, or nothing where nothing is near."""
    near = difflib.get_close_matches(word, list(known), 1, 0.5)
    return f"最接近的是“{near[0]}”；" if near else ""


def _list(values: Iterable[str]) -> str:
    return "、".join(values) or "（无）"


def office_of(file: str | Path, body: yaml.Located) -> Office:
    """The office in which the story plays, with the story's own numbers and all of its people."""
    name = str(body.get("office", offices.SAMPLE))
    source = name if name == offices.SAMPLE else Path(file).parent / name
    try:
        office = offices.read(source)
    except errors.SettingsWrong as wrong:
        raise ScenarioError(f"{file} 第 {body.line_of('office')} 行：{wrong}") from None
    _check_people(file, body, office)
    return _with_numbers(file, body, office)


def _check_people(file: str | Path, body: yaml.Located, office: Office) -> None:
    known = [p.id for p in office.people]
    for step in body["steps"]:
        for key in ("by", "on_behalf_of"):
            person = str(step.get(key, "system"))
            if person not in (*known, "system"):
                raise ScenarioError(
                    f"{file} 第 {step.line_of(key)} 行：{office.name}没有“{person}”这个人，"
                    f"{nearest(person, known)}有：{_list(known)}。"
                )


_LEFT_OPEN = {"hearing.threshold.citizen": "yuan", "hearing.threshold.org": "yuan"}
"""Numbers that the register leaves open on purpose, and their unit."""

_ALWAYS = date(1949, 10, 1)


def _with_numbers(file: str | Path, body: yaml.Located, office: Office) -> Office:
    """The office with `parameters:` in the place of its own and of the register's numbers."""
    given = body.get("parameters") or yaml.Located()
    numbers = {p.key: (p.value, p.unit) for p in register().parameters()}
    numbers |= {p.key: (p.value, p.unit) for p in office.parameters}
    numbers |= {key: (0, unit) for key, unit in _LEFT_OPEN.items()}
    made = []
    for key, value in given.items():
        where = f"{file} 第 {given.line_of(key)} 行"
        if key not in numbers:
            raise ScenarioError(f"{where}：没有“{key}”这个参数，{nearest(key, numbers)}请核对。")
        usual, unit = numbers[key]
        if not _same_kind(value, usual):
            raise ScenarioError(f"{where}：{key} 的值“{value}”不对，应当像“{usual}”这样。")
        made.append(
            LocalParameter.model_validate(
                {"key": key, "from": _ALWAYS, "value": value, "unit": unit,
                 "source": "本情景设定", "confirmed": True}
            )
        )  # fmt: skip
    kept = [p for p in office.parameters if p.key not in given]
    return office.model_copy(update={"parameters": (*kept, *made)})


def _same_kind(value: Any, usual: Any) -> bool:
    if isinstance(usual, bool) or isinstance(value, bool):
        return isinstance(usual, bool) and isinstance(value, bool)
    if isinstance(usual, (int, float)):
        return isinstance(value, (int, float)) and value >= 0
    return isinstance(value, type(usual))


def names_of_rules() -> Collection[str]:
    """What `refused` and `warned` may name: policy ids and rule ids."""
    return [*POLICIES, *dict.fromkeys(rule for p in POLICIES.values() for rule in p.rules)]
