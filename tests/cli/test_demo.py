"""`fashen demo` — what it prints, what it leaves, and that a second time does no harm."""

from __future__ import annotations

import json
from typing import Any

from tests.builders import everything
from workflow import program
from workflow.settings import Settings


def kept(command) -> dict[str, list[tuple[Any, ...]]]:
    fashen = program.start(Settings(_env_file=None, data_dir=command.data, broker_url=None))
    try:
        return everything(fashen, without=("heartbeat",))
    finally:
        fashen.engine.dispose()


def test_it_tells_each_story_and_leaves_the_cases_and_a_second_time_does_no_harm(command):
    ran = command("demo")

    assert ran.code == 0, ran.said
    assert "✗" not in ran.out
    titles = [line for line in ran.out.splitlines() if line.startswith("通过　")]
    assert len(titles) == 10
    assert "露天焚烧秸秆" in titles[0]
    assert "线索 → 核查 checking" in ran.out
    assert "如何补正：" in ran.out, "each refusal says how it is cured"
    assert "来源未载明，不算违反" in ran.out
    assert "10 件案件已留在数据目录" in ran.out
    assert list((command.data / "published").iterdir())

    before = kept(command)
    again = command("demo")
    assert again.code == 0
    assert "没有再办一遍" in again.out
    told = command("demo", "--json").json
    assert (told["ok"], told["already"], len(told["cases"])) == (True, True, 10)
    assert kept(command) == before
    assert command("ledger", "verify").code == 0
    assert command("doctor", "--deep").code == 0


def test_it_plays_in_the_sample_office_only(command):
    from importlib import resources

    sample = (resources.files("workflow.sample") / "office.yaml").read_text("utf-8")
    file = command.file("office.yaml", sample.replace("sample: true", "sample: false", 1))
    assert command("init", "--office", file).code == 0

    ran = command("demo")
    assert ran.code == 1
    assert "演示只在示例机关里进行" in ran.err
    assert json.loads(command("explain", "--json").out) == []
