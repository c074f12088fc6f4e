"""A scenario: what may stand in the file, what each expectation asks, and what is said when it is not met."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tests.command_line import CommandLine, Ran
from workflow import channels, scenario, scenario_file
from workflow.desk import COMMANDS
from workflow.publication import platforms
from workflow.scenario_file import ScenarioError
from workflow.settings import OUTWARD, Settings

HEAD = "title: 试验\noffice: sample\nsteps:\n"
LEAD = "- {at: 2025-03-03 09:00, by: zhang, do: register_lead, with: {place: 东杜庄村, text: 焚烧落叶}}\n"
CHECK = "- {at: 2025-03-03 09:05, by: zhang, do: start_check}\n"
PHOTO = (
    "- {at: 2025-03-03 09:20, by: zhang, do: add_evidence, as: photo, with: "
    "{kind: 视听资料, name: 照片, proves: 焚烧, place: 东杜庄村, maker: 张衡}}\n"
)


@pytest.fixture
def story(command: CommandLine):
    """Run the steps of a story, after a head that says nothing special, and see what is said."""

    def tell(steps: str, *options: str, head: str = HEAD) -> Ran:
        return command("scenario", command.file("story.yaml", head + steps), *options)

    return tell


def passes(ran: Ran) -> None:
    assert ran.code == 0, ran.said


def unmet(ran: Ran, *words: str) -> None:
    """Exit code 1, and the sentence that says what was expected and what came."""
    assert ran.code == 1, ran.said
    told = [line for line in ran.out.splitlines() if "✗" in line]
    assert told, ran.out
    for word in words:
        assert any(word in line for line in told), (word, told)


def malformed(ran: Ran, line: int, *words: str) -> None:
    """Exit code 2, nothing run, and one sentence with the line."""
    assert ran.code == 2, ran.said
    assert ran.out == ""
    assert f"第 {line} 行" in ran.err, ran.err
    for word in words:
        assert word in ran.err, ran.err


# — the keys of a step ————————————————————————————————————————————————————————————————


def test_entered_is_the_day_on_which_it_is_typed_in_and_at_the_day_on_which_it_happened(story):
    late = "{at: 2025-03-03 09:00, entered: 2025-03-10 09:00, by: zhang, do: register_lead, with: {place: 东杜庄村}"

    passes(story(f"- {late}, expect: {{deadlines: {{lead_check: 2025-03-18}}}}}}\n"))
    unmet(story(f"- {late}, expect: {{deadlines: {{lead_check: 2025-03-25}}}}}}\n"), "2025-03-18")


def test_what_happened_after_it_was_typed_in_is_refused(story):
    early = "{at: 2025-03-10 09:00, entered: 2025-03-03 09:00, by: zhang, do: register_lead, with: {place: 东杜庄村}"

    passes(story(f"- {early}, refused: [malformed], because: 还没有到}}\n"))


def test_a_day_without_an_hour_means_nine_o_clock_and_an_offset_is_kept(story):
    steps = (
        "- {at: 2025-03-03, by: zhang, do: register_lead, with: {place: 东杜庄村}}\n"
        "- {at: 2025-03-03 03:00+00:00, by: zhang, do: start_check}\n"
    )
    told = story(steps, "--json").json["scenarios"][0]["steps"]

    assert [s["at"] for s in told] == ["2025-03-03T09:00:00+08:00", "2025-03-03T11:00:00+08:00"]


def test_as_names_what_a_step_made_and_ref_puts_it_into_a_later_form(story):
    verify = (
        "- {at: 2025-03-03 10:00, by: li, do: verify_evidence, with: {evidence: [{ref: photo}]}}\n"
    )

    passes(story(LEAD + CHECK + PHOTO + verify))


def test_a_ref_to_what_nobody_named_is_refused_with_its_line(story):
    verify = "- at: 2025-03-03 10:00\n  by: li\n  do: verify_evidence\n  with: {evidence: [{ref: foto}]}\n"

    malformed(story(LEAD + CHECK + PHOTO + verify), 10, "foto", "最接近的是“photo”")


def test_case_tells_two_cases_apart(story):
    steps = (
        LEAD.replace("do:", "case: 甲, do:")
        + LEAD.replace("do:", "case: 乙, do:")
        + CHECK.replace("do:", "case: 乙, expect: {state: checking}, do:")
        + "- {at: 2025-03-03 10:00, sweep: true, case: 甲, expect: {state: lead}}\n"
    )

    passes(story(steps))
    malformed(story(steps.replace("case: 乙, expect", "case: 丙, expect")), 6, "丙", "甲、乙")
    malformed(story(steps.replace("case: 乙, expect", "expect")), 6, "要写 case")


def test_the_sweep_runs_before_each_step_unless_it_is_told_not_to(story):
    late = "{at: 2025-03-19 09:00, by: zhang, do: start_check, expect: {alerts: [lead_check.red]}"

    passes(story(LEAD + f"- {late}}}\n"))
    passes(story(LEAD + f"- {late}, sweep: true}}\n"))
    unmet(story(LEAD + f"- {late}, sweep: false}}\n"), "lead_check.red", "（无）")


def test_a_step_can_be_the_sweep_alone(story):
    told = story(LEAD + "- {at: 2025-03-19 08:00, sweep: true}\n", "--json").json

    step = told["scenarios"][0]["steps"][1]
    assert step["outcome"] == "swept"
    assert step["state"] == {"before": "lead", "after": "lead"}
    assert "lead_check.red" in step["alerts"]


def test_a_step_that_neither_does_nor_sweeps_is_refused(story):
    for other in ("{at: 2025-03-03 10:00}", "{at: 2025-03-03 10:00, sweep: false}"):
        malformed(story(f"{LEAD}- {other}\n"), 5, "没有写 do")
    sweep = "{at: 2025-03-03 10:00, sweep: true, with: {a: 1}}"
    malformed(story(f"{LEAD}- {sweep}\n"), 5, "不能写 with")


ALONE = (
    "- {at: 2025-03-03 09:20, by: zhang, do: add_evidence, with: {kind: 勘验笔录、现场笔录, name: 笔录, "
    "proves: 焚烧, place: 东杜庄村, maker: 张衡, officers: [zhang], certificate_shown: shown, recorder: JL-0101}"
)


@pytest.mark.parametrize("name", ["officers.two_certified", "R040"])
def test_refused_names_policies_or_rules(story, name):
    passes(story(f"{LEAD}{CHECK}{ALONE}, refused: [{name}]}}\n"))


def test_refused_for_something_else_says_what_came_and_the_whole_report(story):
    ran = story(f"{LEAD}{CHECK}{ALONE}, refused: [R117]}}\n")

    unmet(ran, "应当因 R117 拒绝", "officers.two_certified")
    assert "这一步问过的全部规则" in ran.out
    assert "evidence.photo_described" in ran.out, "a policy that holds is told as well"


def test_a_policy_that_does_not_exist_is_told_with_the_nearest(story):
    ran = story(f"{LEAD}{CHECK}{ALONE}, refused: [officers.two_certfied]}}\n")

    unmet(ran, "没有“officers.two_certfied”这条规则，最接近的是“officers.two_certified”")


def test_a_step_that_should_be_refused_and_is_not(story):
    check = CHECK.replace("}\n", ", refused: [R040]}\n")

    unmet(story(LEAD + check), "应当被拒绝（R040），却办成了")


def test_a_step_that_should_be_accepted_and_is_not(story):
    unmet(story(f"{LEAD}{CHECK}{ALONE}}}\n"), "应当办成，却被拒绝", "有效持证人员只有 1 名")


def test_refused_is_a_subset_unless_it_is_to_be_exact(story):
    alone = ALONE.replace(", recorder: JL-0101", "")

    passes(story(f"{LEAD}{CHECK}{alone}, refused: [R040]}}\n"))
    unmet(story(f"{LEAD}{CHECK}{alone}, refused: [R040], exactly: true}}\n"),
          "只应当因 R040 拒绝", "evidence.recorder_worn")  # fmt: skip
    passes(
        story(f"{LEAD}{CHECK}{alone}, refused: [R040, evidence.recorder_worn], exactly: true}}\n")
    )


@pytest.mark.parametrize("words", ["第四十二条", "有效持证人员只有 1 名"])
def test_because_must_stand_in_the_reasons(story, words):
    passes(story(f"{LEAD}{CHECK}{ALONE}, refused: [R040], because: {words}}}\n"))
    unmet(story(f"{LEAD}{CHECK}{ALONE}, refused: [R040], because: 第六十四条}}\n"), "第六十四条")


def test_a_warning_needs_a_written_reason_and_is_then_told(story):
    two = ALONE.replace("[zhang]", "[zhang, li]").replace(", recorder: JL-0101", "")
    excuse = "excuse: {evidence.recorder_worn: 记录仪故障，已附说明}"

    passes(story(f"{LEAD}{CHECK}{two}, refused: [evidence.recorder_worn]}}\n"))
    passes(
        story(f"{LEAD}{CHECK}{two}, {excuse}, warned: [evidence.recorder_worn], exactly: true}}\n")
    )
    unmet(story(f"{LEAD}{CHECK}{two}, {excuse}, warned: [R117]}}\n"), "应当因 R117 警示")
    malformed(
        story(f"{LEAD}{CHECK}{two}, {excuse.replace('worn', 'wron')}}}\n"), 6, "recorder_worn"
    )


@pytest.mark.parametrize("name", ["", "case: 甲, "])
def test_a_key_makes_a_repetition_harmless_and_the_same_case_keeps_its_name(story, name):
    lead = LEAD.replace("by:", f"key: 登记, {name}by:")
    told = story(lead + lead + CHECK, "--json").json["scenarios"][0]

    assert told["ok"], told
    assert [s["outcome"] for s in told["steps"]] == ["accepted", "repeated", "accepted"]
    assert {s["case"] for s in told["steps"]} == {"甲" if name else "case1"}


def test_a_version_makes_an_old_page_stale(story):
    stale = CHECK.replace("by:", "version: 9, by:")

    passes(story(LEAD + stale.replace("}\n", ", refused: [stale], because: 请刷新后再办}\n")))
    unmet(story(LEAD + stale), "应当办成，却被拒绝")


def test_irregular_records_what_really_happened(story):
    account = ", irregular: 当时只有一人在场}\n"

    passes(story(f"{LEAD}{CHECK}{ALONE}, expect: {{irregular: true}}{account}"))
    unmet(story(f"{LEAD}{CHECK.replace('}', ', expect: {irregular: true}}')}"), "irregular")


# — the head of the file ——————————————————————————————————————————————————————————————


def test_parameters_stand_before_the_offices_own_and_keep_their_unit(story):
    step = LEAD.replace("}\n", ", expect: {deadlines: {lead_check: 2025-03-08}}}\n", 1)
    step = step.replace("焚烧落叶}, expect", "焚烧落叶}, expect")

    assert story(step).code == 1
    passes(story(step, head="title: 五日\nparameters: {lead_check.default: 5}\nsteps:\n"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{lead_check.defualt: 5}", "最接近的是“lead_check.default”"),
        ("{lead_check.default: 五}", "应当像“15”这样"),
        ("{lead_check.default: -1}", "应当像“15”这样"),
        ("{separation.head_not_officer: 1}", "应当像“True”这样"),
        ("[a]", "parameters 要写成若干栏"),
    ],
)
def test_a_parameter_that_cannot_be_meant_is_refused_with_its_line(story, line, words):
    malformed(story(LEAD, head=f"title: 一\nparameters: {line}\nsteps:\n"), 2, words)


def test_an_office_file_is_named_from_where_the_scenario_lies(command):
    office = (Path(__file__).parents[1] / "scenarios/offices/borrowed-reviewer.yaml").read_text(
        "utf-8"
    )
    command.file("office.yaml", office)
    file = command.file("story.yaml", f"title: 一\noffice: office.yaml\nsteps:\n{LEAD}")

    passes(command("scenario", file))


@pytest.mark.parametrize(
    ("office", "words"), [("nowhere.yaml", "没有这个文件"), ("broken.yaml", "broken.yaml：第 1 行")]
)
def test_an_office_file_that_cannot_be_read_is_the_files_fault(command, office, words):
    command.file("broken.yaml", "office: [")
    file = command.file("story.yaml", f"title: 一\noffice: {office}\nsteps:\n{LEAD}")

    malformed(command("scenario", file), 2, words)


# — expectations ——————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("expect", "came"),
    [
        ("state: checking", "lead（线索）"),
        ("phase: 取证", "立案"),
        ("procedure: 简易程序", "普通程序"),
        ("irregular: true", "false"),
        ("deadlines: {lead_check: 2025-03-19}", "lead_check 2025-03-18"),
        ("deadlines: {decision: 2025-03-19}", "没有在计算"),
        ("alerts: [lead_check.red]", "（无）"),
        ("lapsed: [lapse_windows]", "（无）"),
    ],
)
def test_an_expectation_that_is_not_met_says_what_was_expected_and_what_came(story, expect, came):
    wanted = expect.split(": ", 1)[1].strip("{}[]")

    unmet(story(LEAD.replace("}\n", f", expect: {{{expect}}}}}\n")), wanted.split(": ")[-1], came)


@pytest.mark.parametrize(
    "expect",
    [
        "state: lead",
        "phase: 立案",
        "procedure: 普通程序",
        "irregular: false",
        "deadlines: {lead_check: 2025-03-18}",
        "deadlines: {}",
        "alerts: []",
    ],
)
def test_an_expectation_that_is_met(story, expect):
    passes(story(LEAD.replace("}\n", f", expect: {{{expect}}}}}\n")))


def test_lists_and_maps_are_complete_when_they_are_to_be_exact(story):
    late = "- {at: 2025-03-19 08:00, sweep: true, exactly: true, expect: "

    unmet(story(LEAD + late + "{deadlines: {}}}\n"), "只应当计算期限", "lead_check")
    passes(story(LEAD + late + "{deadlines: {lead_check: 2025-03-18}}}\n"))
    unmet(story(LEAD + late + "{alerts: [lead_check.yellow]}}\n"), "lead_check.red")
    passes(story(LEAD + late + "{alerts: [lead_check.yellow, lead_check.red]}}\n"))


def test_a_step_that_fails_is_told_and_not_the_one_that_needed_it(story):
    nowhere = LEAD.replace("place: 东杜庄村, ", "")
    ran = story(nowhere.replace("by:", "case: 甲, by:") + CHECK.replace("by:", "case: 甲, by:"))

    unmet(ran, "第 4 行：应当办成，却被拒绝", "没有做出 甲")


# — what the file may not say —————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("steps", "line", "words"),
    [
        ("- {at: 2025-03-03 09:00, by: zhang, do: register_laed}", 4,
         ["register_laed", "register_lead", "place（必填）"]),
        ("- {at: 2025-03-03 09:00, by: zhnag, do: register_lead, with: {place: 村}}", 4,
         ["zhnag", "最接近的是“zhang”", "shen"]),
        ("- at: 2025-03-03 09:00\n  by: zhang\n  do: register_lead\n  with:\n    source: 巡查\n    palce: 村", 9,
         ["palce", "最接近的是“place”", "place（必填）"]),
        ("- {at: 2025-03-03 09:00, by: zhang, do: register_lead, wiht: {}}", 4, ["wiht", "最接近的是“with”"]),
        ("- at: 2025-03-03 09:00\n  by: zhang\n  expcet: {}\n  do: register_lead", 6, ["最接近的是“expect”"]),
        ("- {by: zhang, do: register_lead}", 4, ["没有写 at"]),
        ("- {at: 昨天, by: zhang, do: register_lead}", 4, ["昨天", "2025-01-06 09:00"]),
        ("- {at: 2025-02-30, by: zhang, do: register_lead}", 4, ["2025-02-30"]),
        ("- {at: 2025-03-03 09:00, do: register_lead}", 4, ["没有写 by"]),
        ("- 登记线索", 3, ["第 1 步要写成若干栏"]),
        ("- {at: 2025-03-03, by: zhang, do: register_lead, refused: R040}", 4, ["refused 要写成列表"]),
        ("- {at: 2025-03-03, by: zhang, do: register_lead, exactly: 是}", 4, ["true 或 false"]),
        ("- {at: 2025-03-03, by: zhang, do: register_lead, version: 一}", 4, ["version 要写成整数"]),
        ("- {at: 2025-03-03, by: zhang, do: register_lead, irregular: true}", 4, ["irregular 要写成文字"]),
        ("- {at: 2025-03-03, by: zhang, do: register_lead, with: 村}", 4, ["with 要写成若干栏"]),
        ("- {at: 2025-03-03, by: zhang, do: register_lead, expect: {state: led}}", 4, ["最接近的是“lead”"]),
        ("- {at: 2025-03-03, by: zhang, do: register_lead, expect: {phase: 侦查}}", 4, ["侦查", "法制审核"]),
        ("- {at: 2025-03-03, by: zhang, do: register_lead, expect: {deadline: {}}}", 4,
         ["最接近的是“deadlines”"]),
        ("- {at: 2025-03-03, by: zhang, do: register_lead, expect: {deadlines: {lead_chek: 2025-03-18}}}", 4,
         ["最接近的是“lead_check”"]),
        ("- {at: 2025-03-03, by: zhang, do: register_lead, expect: {deadlines: {lead_check: 很快}}}", 4, ["很快"]),
        ("- {at: 2025-03-03, by: zhang, do: register_lead, expect: {alerts: [lead_check.rde]}}", 4,
         ["最接近的是“lead_check.red”"]),
        ("- {at: 2025-03-03, by: zhang, do: register_lead, excuse: {evidence.recorder_worn: ''}}", 4, ["不能为空"]),
        ("- {at: 2025-03-03, by: zhang, do: start_check, case: 甲}", 4, ["前面没有名为“甲”的案件"]),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_its_line_before_anything_runs(
    story, steps, line, words
):
    malformed(story(steps + "\n"), line, *words)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("title: [", 1, ["括号没有合上"]),
        ("title: 一\ntitel: 二\n", 2, ["最接近的是“title”"]),
        ("title: 一\ntitle: 二\n", 2, ["写了两次"]),
        ("title: 一\nsteps: []\n", 2, ["至少一步"]),
        ("title: 一\n", 1, ["至少一步"]),
        ("", 1, ["应当是 title"]),
        ("只有一句话", 1, ["应当是 title"]),
        ("title: 一\n\tsteps: []\n", 2, ["Tab"]),
        ("title: 甲: 乙\n", 1, ["冒号"]),
        ("title: 一\nnote: \x00\n", 2, ["U+0000"]),
        ("title: '一\n", 2, ["引号没有合上"]),
        ("title: !x 一\n", 1, ["! 开头"]),
    ],
)
def test_a_file_that_is_no_scenario_is_refused_with_its_line(command, text, line, words):
    malformed(command("scenario", command.file("story.yaml", text)), line, *words)


def test_a_file_that_cannot_be_read_is_said_in_one_sentence(command):
    (command.folder / "gbk.yaml").write_bytes("title: 法制审核".encode("gb18030"))
    for name, words in (
        ("nowhere.yaml", "没有这个文件"),
        ("gbk.yaml", "不是 UTF-8"),
        (".", "读不了"),
    ):
        ran = command("scenario", name)
        assert (ran.code, ran.out) == (2, "")
        assert words in ran.err
        assert ran.err.count("\n") == 1


def test_a_file_without_end_or_without_bottom_is_refused(command):
    long = command.file("long.yaml", "title: " + "长" * (5 * 1024 * 1024))
    deep = command.file("deep.yaml", "title: " + "[" * 20_000)

    assert "最多" in command("scenario", long).err
    assert "太深" in command("scenario", deep).err


# — the command ———————————————————————————————————————————————————————————————————————


def test_verbs_tells_who_may_do_each_and_the_schema_of_its_form(command):
    told = {v["verb"]: v for v in command("scenario", "--verbs", "--json").json}

    assert set(told) == set(COMMANDS)
    lead = told["register_lead"]
    assert lead["label"] == "登记线索"
    assert "officer" in lead["roles"]
    assert lead["form"]["properties"]["place"]["type"] == "string"
    assert "place" in lead["form"]["required"]
    assert told["lapse_windows"]["roles"] == ["system"]
    for verb, row in told.items():
        assert row["who"], verb
        assert row["form"]["type"] == "object", verb
        for name, field in row["form"].get("properties", {}).items():
            assert field.get("description"), f"{verb}.{name} does not say what it is"


def test_verbs_in_words_marks_what_must_be_filled_in(command):
    ran = command("scenario", "--verbs")

    assert ran.code == 0
    assert "register_lead　登记线索　由执法人员或内勤办" in ran.out
    assert "    place（必填）：" in ran.out


def test_json_tells_each_step_whole(story):
    ran = story(f"{LEAD}{CHECK}{ALONE}, refused: [R040]}}\n", "--json")

    told = ran.json
    assert (ran.code, told["ok"]) == (0, True)
    lead, check, alone = told["scenarios"][0]["steps"]
    assert lead["state"] == {"before": "(none)", "after": "lead"}
    assert lead["deadlines"]["opened"]["lead_check"]["ends"] == "2025-03-18"
    assert check["state"] == {"before": "lead", "after": "checking"}
    assert alone["state"] == {"before": "checking", "after": "checking"}
    assert alone["outcome"] == "refused"
    finding = next(f for f in alone["findings"] if f["id"] == "officers.two_certified")
    assert {"id", "rule", "outcome", "cite", "reason", "remedy"} <= set(finding)
    assert (finding["rule"], finding["outcome"]) == ("R040", "fails")
    assert finding["remedy"]
    assert {"messages", "deadlines"} <= set(alone)


def test_json_tells_the_deadlines_that_a_step_closes_and_the_messages_that_it_queues(story):
    steps = f"{LEAD}{CHECK}" + textwrap.dedent(
        """\
        - at: 2025-03-03 10:00
          by: head
          do: decline_filing
          with: {reason: 情节轻微并及时改正，没有造成危害后果}
        """
    )
    step = story(steps, "--json").json["scenarios"][0]["steps"][-1]

    assert step["deadlines"] == {"opened": {}, "closed": ["lead_check"]}
    assert isinstance(step["messages"], list)


def test_several_files_run_one_after_the_other_and_one_failure_is_a_failure(command):
    good = command.file("good.yaml", HEAD + LEAD)
    bad = command.file("bad.yaml", HEAD + LEAD + LEAD.replace("}\n", ", refused: [R001]}\n"))

    ran = command("scenario", good, bad)
    assert ran.code == 1
    assert "2 个情景，1 个通过。" in ran.out
    assert command("scenario", good, good).code == 0


def test_keep_leaves_the_office_in_the_data_directory_with_its_numbers(story, command):
    ran = story(
        LEAD, "--keep", head="title: 一\nparameters: {hearing.threshold.citizen: 500}\nsteps:\n"
    )

    passes(ran)
    cases = command("explain", "--json").json
    assert [c["state"] for c in cases] == ["lead"]
    assert command("doctor", "--deep").code == 0
    assert "没有较大数额" not in command("doctor").out


def test_keep_wants_a_data_directory_without_cases_and_one_file(story, command):
    passes(story(LEAD, "--keep"))
    again = story(LEAD, "--keep")

    assert again.code == 1
    assert "已有 1 件案件" in again.err
    assert len(command("explain", "--json").json) == 1
    assert story(LEAD, "--keep", str(command.folder / "story.yaml")).code == 2


def test_without_keep_nothing_is_left(story, command):
    passes(story(LEAD))

    assert not command.data.exists()


def test_no_file_is_wrong_usage(command):
    assert command("scenario").code == 2


def test_reading_again_gives_what_was_read(command):
    file = command.file("story.yaml", HEAD + LEAD)

    assert scenario_file.read(file) == scenario_file.read("anywhere", HEAD + LEAD)
    with pytest.raises(ScenarioError, match=r"anywhere.*没有这个文件"):
        scenario_file.read("anywhere")


# — a story stays indoors —

LEADS_OUT = {
    "FASHEN_EMAIL_URL": "smtp://u:p@mail.example:587",
    "FASHEN_EMAIL_FROM": "法审 <a@mail.example>",
    "FASHEN_WECOM_URL": "https://wecom.example/send?key=k",
    "FASHEN_DINGTALK_URL": "https://dingtalk.example/send?access_token=t",
    "FASHEN_FEISHU_URL": "https://feishu.example/hook/h",
    "FASHEN_WEBHOOK_URL": "https://hook.example/in",
    "FASHEN_WEBHOOK_SECRET": "only-for-tests-16",
    "FASHEN_PLATFORM_URL": "https://platform.example/api",
    "FASHEN_PLATFORM_TOKEN": "only-for-tests-16",
}


def test_a_story_reaches_no_channel_and_no_platform(monkeypatch, tmp_path):
    for name, value in LEADS_OUT.items():
        monkeypatch.setenv(name, value)
    settings = Settings(_env_file=None, data_dir=tmp_path / "data")
    assert channels.configured(settings)
    assert "http" in platforms.configured(settings)
    inside = settings.indoors(tmp_path / "scratch")
    assert channels.configured(inside) == {}
    assert set(platforms.configured(inside)) == {"directory", "spreadsheet"}


def test_every_address_that_leads_out_is_known():
    named = {name for name in Settings.model_fields if name.endswith("_url")}
    assert named - {"database_url", "broker_url", "public_url"} == set(OUTWARD)


def test_a_story_writes_its_returns_and_notices_nowhere_else(tmp_path):
    story = Path(__file__).parents[1] / "scenarios" / "117-taken-down-by-hand.yaml"
    result = scenario.run(story, Settings(_env_file=None, data_dir=tmp_path / "data"))
    assert result.ok
    assert not (tmp_path / "data").exists()
