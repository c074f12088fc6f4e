"""`fashen scenario` — run stories, and say which expectation was not met."""

from __future__ import annotations

import argparse

from workflow import scenario
from workflow.cli import layout, words
from workflow.cli.common import as_json, complain, say, say_table
from workflow.delegations import signed
from workflow.order import label
from workflow.scenario import Result, ScenarioError, Told
from workflow.scenario_file import step_label
from workflow.settings import load

_OUTCOMES = {
    "accepted": "办成",
    "refused": "拒绝",
    "swept": "",
    "repeated": "重复",
    "not_yours": "不由其办理",
    "not_from_here": "此时不能办",
    "stale": "案件已有变化",
    "malformed": "填写有误",
    "key_reused": "编号已用",
    "not_found": "没有找到",
    "already_over": "早已结束",
    "not_tried": "没有办",
}
_IN = " " * 7


def run(asked: argparse.Namespace) -> int:
    if asked.verbs:
        return _verbs(asked)
    if not asked.files:
        complain("fashen scenario：请写情景文件，或 --verbs。")
        return 2
    if asked.keep and len(asked.files) > 1:
        complain("fashen scenario：--keep 一次只能留下一个情景，请只写一个文件。")
        return 2
    settings = load()
    results = []
    try:
        for file in asked.files:
            results.append(scenario.run(file, settings, keep=asked.keep))
    except ScenarioError as wrong:
        complain(f"情景有误：{wrong}")
        return 2
    if asked.json:
        as_json({"ok": all(r.ok for r in results), "scenarios": [r.as_dict() for r in results]})
        return 0 if all(r.ok for r in results) else 1
    for result in results:
        tell(result)
    if len(results) > 1:
        good = sum(1 for r in results if r.ok)
        say(f"{len(results)} 个情景，{good} 个通过。")
    if asked.keep:
        say(f"案件已留在数据目录 {settings.data_dir}，用 fashen serve 打开网页查看。")
    return 0 if all(r.ok for r in results) else 1


def tell(result: Result) -> None:
    """The story as it came out, a line a step."""
    say(f"{'通过' if result.ok else '没有通过'}　{result.title or result.file}")
    if result.source:
        say(f"  来源：{result.source}")
    if result.note:
        say(f"  {result.note}")
    for step, line in zip(
        result.steps, layout.table(_line(result, s) for s in result.steps), strict=True
    ):
        say("  " + line)
        _tell_rest(step)
    for problem in result.problems:
        say(f"  ✗ {problem}")
    good = sum(1 for s in result.steps if not s.problems)
    say(f"  {len(result.steps)} 步，{good} 步如所预期。")
    say()


def _line(result: Result, step: Told) -> list[str]:
    who = result.names.get(step.by, step.by) if step.by not in ("", "system") else "系统"
    who = signed(who, result.names.get(step.on_behalf_of, ""))
    return [
        f"{step.n:>3}.",
        step.at[:16].replace("T", " "),
        who,
        step_label(step.do) if step.do else "巡查期限",
        _OUTCOMES.get(step.outcome, step.outcome),
        words.moved(step.before, step.after),
    ]


def _tell_rest(step: Told) -> None:
    for alert in step.alerts:
        say(_IN + words.alert(alert))
    for verb in step.lapsed:
        say(f"{_IN}届满　{label(verb)} {verb}")
    if step.in_full and step.outcome not in ("accepted", "repeated"):
        say("\n".join(_IN + line for line in step.in_full.split("\n")))
    for finding in step.findings:
        if step.outcome == "accepted" and finding["outcome"] in ("fails", "needs_judgement"):
            say(f"{_IN}{words.verdict(finding)}　{finding['reason']}（{finding['cite']}）")
    for clock, running in step.opened.items():
        say(f"{_IN}期限　{words.clock(clock)} 至 {running['ends']}")
    if step.note:
        say(f"{_IN}※ {step.note}")
    for problem in step.problems:
        say(f"{_IN}✗ 第 {step.line} 行：{problem}")
    if step.problems and step.findings:
        say(f"{_IN}这一步问过的全部规则：")
        say_table(
            (
                [
                    words.verdict(f),
                    f["title"],
                    f"{f['id']}（{'、'.join(f['rules'])}）：{f['reason']}",
                ]
                for f in step.findings
            ),
            _IN + "  ",
        )


def _verbs(asked: argparse.Namespace) -> int:
    verbs = scenario.verbs()
    if asked.json:
        as_json(verbs)
        return 0
    for verb in verbs:
        fields = verb["form"].get("properties", {})
        must = set(verb["form"].get("required", ()))
        say(f"{verb['verb']}　{verb['label']}　由{verb['who']}办")
        for name, told in fields.items():
            say(f"    {name}{'（必填）' if name in must else ''}：{told.get('description', '')}")
    return 0
