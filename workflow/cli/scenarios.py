"""`fashen scenario` — run stories, and say which expectation was not met."""

from __future__ import annotations

import argparse
import sys

from workflow import scenario
from workflow.cli.common import as_json, say
from workflow.order import label
from workflow.scenario import Result, ScenarioError, Told
from workflow.settings import load

_OUTCOMES = {
    "accepted": "办成",
    "refused": "拒绝",
    "swept": "巡查",
    "repeated": "重复",
    "not_yours": "不由其办理",
    "not_from_here": "此时不能办",
    "stale": "案件已有变化",
    "malformed": "填写有误",
    "key_reused": "编号已用",
    "not_found": "没有找到",
}


def run(asked: argparse.Namespace) -> int:
    if asked.verbs:
        return _verbs(asked)
    if not asked.files:
        print("fashen scenario：请写情景文件，或 --verbs。", file=sys.stderr)
        return 2
    settings = load()
    results = []
    try:
        for file in asked.files:
            results.append(scenario.run(file, settings, keep=asked.keep))
    except ScenarioError as wrong:
        print(f"情景有误：{wrong}", file=sys.stderr)
        return 2
    if asked.json:
        as_json({"ok": all(r.ok for r in results), "scenarios": [r.as_dict() for r in results]})
    else:
        for result in results:
            tell(result)
    return 0 if all(r.ok for r in results) else 1


def tell(result: Result) -> None:
    """The story as it came out, a line a step."""
    say(f"{'通过' if result.ok else '没有通过'}　{result.title or result.file}")
    if result.source:
        say(f"  来源：{result.source}")
    if result.note:
        say(f"  {result.note}")
    for step in result.steps:
        tell_step(step)
    for problem in result.problems:
        say(f"  ✗ {problem}")
    good = sum(1 for s in result.steps if not s.problems)
    say(f"  {len(result.steps)} 步，{good} 步如所预期。")
    say()


def tell_step(step: Told) -> None:
    what = label(step.do) if step.do else "（只巡查期限）"
    moved = f"　{step.before} → {step.after}" if step.after and step.after != step.before else ""
    who, came = step.by or "系统", _OUTCOMES.get(step.outcome, step.outcome)
    say(f"  {step.n:>3}. {step.at[:16].replace('T', ' ')}　{who}　{what}　{came}{moved}")
    for alert in step.alerts:
        say(f"       预警 {alert}")
    for verb in step.lapsed:
        say(f"       届满 {label(verb)}")
    if step.says and step.outcome != "accepted":
        say("       " + step.says.replace("\n", "\n       "))
    for finding in step.findings:
        if step.outcome == "accepted" and finding["outcome"] in ("fails", "needs_judgement"):
            word = (
                finding.get("doubt")
                or {"block": "违反", "warn": "警示", "note": "记录"}[finding["level"]]
            )
            say(f"       {word}　{finding['reason']}（{finding['cite']}）")
    for clock, running in step.opened.items():
        say(f"       期限 {clock} 至 {running['ends']}")
    if step.note:
        say(f"       ※ {step.note}")
    for problem in step.problems:
        say(f"       ✗ 第 {step.line} 行：{problem}")


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
