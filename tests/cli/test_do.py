"""`fashen do` — any verb by any person, with the same checks as the web; bad input changes nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import a_case, day, everything, version_of
from workflow.times import beijing, utc_now

LEAD = {"place": "西杜庄村西侧", "text": "有人焚烧秸秆"}


def form(**fields: Any) -> str:
    return json.dumps(fields, ensure_ascii=False)


def lead(command) -> str:
    ran = command("do", "register_lead", "--by", "zhang", "--with", form(**LEAD), "--json")
    assert ran.code == 0, ran.err
    return str(ran.json["case"])


def test_a_step_is_taken_and_told(office, command):
    ran = command("do", "register_lead", "--by", "zhang", "--with", form(**LEAD))

    assert ran.code == 0
    assert "已办理“登记线索”：→ 线索 lead" in ran.out
    assert "期限开始　核查 lead_check" in ran.out


def test_json_has_the_outcome_whole(office, command):
    case = lead(command)
    told = command("do", "start_check", "--case", case, "--by", "zhang", "--json").json

    assert (told["case"], told["before"], told["after"]) == (case, "lead", "checking")
    assert told["version"] == 2
    assert {"findings", "opened", "closed", "messages", "dry_run"} <= set(told)


@pytest.mark.parametrize("ending", ["json", "yaml"])
def test_the_form_may_stand_in_a_file(office, command, ending):
    text = form(**LEAD) if ending == "json" else "place: 西杜庄村西侧\ntext: 有人焚烧秸秆\n"
    file = command.file(f"form.{ending}", text)

    assert command("do", "register_lead", "--by", "zhang", "--with", file).code == 0


def test_a_dry_run_judges_and_changes_nothing(office, command):
    case = lead(command)
    before = everything(office)

    may = command("do", "start_check", "--case", case, "--by", "zhang", "--dry-run")
    may_not = command("do", "start_check", "--case", case, "--by", "shen", "--dry-run")

    assert (may.code, may_not.code) == (0, 1)
    assert "可以办理（没有办）" in may.out
    assert everything(office) == before


def test_a_refusal_prints_every_reason_with_its_article_its_remedy_and_who_can_cure_it(
    office, command
):
    case = a_case(office, "deciding")
    wrong = form(number="示街罚决〔2025〕009号", fine=1200, contents=["事实和证据"])
    ran = command("do", "decide", "--case", case, "--by", "head", "--with", wrong)

    assert (ran.code, ran.out) == (1, "")
    assert "现在不能办理“作出处罚决定”，什么都没有改变。" in ran.err
    reasons = [n for n in range(1, 20) if f"\n{n}. " in ran.err]
    assert reasons == list(range(1, len(reasons) + 1))
    assert len(reasons) >= 2
    assert ran.err.count("   依据：") == len(reasons)
    assert ran.err.count("   如何补正：") == len(reasons)
    assert ran.err.count("由谁办：") == len(reasons)
    told = command("do", "decide", "--case", case, "--by", "head", "--with", wrong, "--json")
    refusing = [
        f
        for f in told.json["findings"]
        if f["level"] == "block" and f["outcome"] in ("fails", "needs_judgement")
    ]
    assert told.code == 1
    assert len(refusing) <= len(reasons)
    for finding in refusing:
        assert finding["reason"] in ran.err
        assert finding["id"] in ran.err


def test_a_warning_passes_with_a_written_reason(office, command):
    case = lead(command)
    party = form(kind="自然人", name="吴某某", number="110105194912310021")
    step = ["do", "name_party", "--case", case, "--by", "zhang", "--with", party]

    refused = command(*step)
    assert refused.code == 1
    assert "须写明理由方可继续" in refused.err
    assert "居民身份证号码的校验位不对" in refused.err
    assert command(*step, "--excuse", "party.number_checked=号码由其口述，待核对").code == 0


@pytest.mark.parametrize(
    ("kind", "number", "words"),
    [
        ("法人及非法人组织", "91110108MA0FAKE01B", "统一社会信用代码的校验位不对"),
        ("自然人", "110105194912310021", "居民身份证号码的校验位不对"),
    ],
)
def test_a_number_with_a_wrong_check_digit_warns_and_a_person_may_confirm_it(
    office, command, kind, number, words
):
    case = lead(command)
    step = ["do", "name_party", "--case", case, "--by", "zhang", "--with"]

    refused = command(*step, form(kind=kind, name="某某", number=number))
    assert refused.code == 1
    assert words in refused.err
    assert (
        command(*step, form(kind=kind, name="某某", number=number, number_confirmed=True)).code == 0
    )


# — bad input: one clear sentence, nothing changed ————————————————————————————————————————

FUTURE = (beijing(utc_now()) + timedelta(days=2)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["register_laed", "--by", "zhang"], 2, "最接近的是“register_lead”"),
        (["start_check", "--by", "zhang", "--with", "{"], 2, "--with 读不了"),
        (["start_check", "--by", "zhang", "--with", "[1]"], 2, "--with 读不了"),
        (["start_check", "--by", "zhang", "--with", "nowhere.json"], 2, "没有这个文件"),
        (["start_check", "--by", "zhang", "--at", "昨天"], 2, "--at 要写成"),
        (["start_check", "--by", "zhang", "--excuse", "无"], 2, "规则编号=理由"),
        (["start_check", "--by", "zhang", "--excuse", "party.number_chekced=是"], 2,
         "最接近的是“party.number_checked”"),
        (["start_check", "--by", "zhnag"], 1, "最接近的是“zhang”"),
        (["start_check", "--by", "system"], 1, "没有“system”这个人"),
        (["start_check", "--by", "shen"], 1, "由承办人办理"),
        (["decide", "--by", "head"], 1, "案件在“线索”，不能办理“作出处罚决定”"),
        (["start_check", "--by", "zhang", "--with", '{"palce": 1}'], 1, "没有这一栏"),
        (["start_check", "--by", "zhang", "--version", "9"], 1, "您看到的是第 9 步"),
        (["start_check", "--by", "zhang", "--at", FUTURE], 1, "还没有到"),
        (["start_check", "--by", "zhang", "--at", "1900-01-01 09:00"], 1, "年份不对"),
        (["start_check", "--by", "zhang", "--key", "k" * 201], 1, "最多 200 个字符"),
        (["start_check", "--by", "zhang", "--key", "a\x07b"], 1, "控制字符"),
        (["describe_act", "--by", "zhang", "--with", form(text="焚烧", began=FUTURE[:10])], 1, "还没有到"),
        (["describe_act", "--by", "zhang", "--with", form(text="焚\x00烧")], 1, "控制字符（U+0000）"),
        (["describe_act", "--by", "zhang", "--with", form(text="\x1b[31m")], 1, "控制字符（U+001B）"),
        (["describe_act", "--by", "zhang", "--with", form(text="长" * 20_001)], 1, "最多 20000 个"),
        (["describe_act", "--by", "zhang", "--with", form(text="焚烧", power="SL-NO-1")], 1, "SL-NO-1"),
        (["describe_act", "--by", "zhang", "--with", form(text=5)], 1, "要写成文字"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_sentence_and_changes_nothing(office, command, words, code, said):
    case = lead(command)
    before = everything(office, without=("refusal",))

    ran = command("do", *words, "--case", case)

    assert ran.code == code, ran.said
    assert ran.out == ""
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert everything(office, without=("refusal",)) == before
    assert version_of(office, case) == 1


@pytest.mark.parametrize("name", ["nope", "%", "_", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_case_is_said(office, command, name):
    lead(command)
    ran = command("do", "start_check", "--case", name, "--by", "zhang")

    assert ran.code == 1
    assert f"没有编号为“{name}”的案件" in ran.err


def test_ten_megabytes_in_one_field_are_refused_at_once(office, command):
    case = lead(command)
    before = everything(office)
    file = command.file("long.json", form(text="长" * (10 * 1024 * 1024)))
    ran = command("do", "describe_act", "--case", case, "--by", "zhang", "--with", file)

    assert ran.code == 2
    assert "个字符，最多" in ran.err
    assert ran.err.count("\n") == 1
    assert everything(office) == before


def test_an_amount_out_of_range_is_refused_with_its_limit(office, command):
    case = a_case(office, after="check_correction")
    said = {"facts": "焚烧", "discretion": "面积小", "signed_by": ["zhang", "li"]}
    step = ["do", "conclude", "--case", case, "--by", "zhang", "--with"]

    assert "高于" in command(*step, form(fine=2001, **said)).err
    assert "低于" in command(*step, form(fine=499, **said)).err
    for fine in (-1, "很多", 10**30):
        ran = command(*step, form(fine=fine, **said))
        assert ran.code == 1
        assert "Traceback" not in ran.err
    assert command(*step, form(fine=2000, **said)).code == 0


def test_a_key_makes_a_repetition_harmless_and_serves_one_content_only(office, command):
    case = lead(command)
    step = ["do", "start_check", "--case", case, "--by", "zhang", "--key", "一"]

    assert command(*step).code == 0
    again = command(*step)
    assert again.code == 0
    assert "早已办过（没有重复）" in again.out
    other = command("do", "describe_act", "--case", case, "--by", "zhang", "--key", "一",
                    "--with", form(text="焚烧", began="2025-01-01"))  # fmt: skip
    assert other.code == 1
    assert "换一个编号" in other.err
    assert version_of(office, case) == 2


def test_what_happened_against_the_rules_can_be_recorded_as_what_it_is(office, command):
    case = a_case(office, after="start_check")
    alone = form(kind="勘验笔录、现场笔录", name="笔录", proves="焚烧", place="村西", maker="张衡",
                 officers=["zhang"], certificate_shown="shown", recorder="JL-0101")  # fmt: skip
    step = ["do", "add_evidence", "--case", case, "--by", "zhang", "--with", alone]

    assert command(*step).code == 1
    ran = command(*step, "--irregular", "当时只有一人在场")
    assert ran.code == 0
    assert "违反" in ran.out
    assert "不合规情况" in command("ledger", "show", case).out


def test_the_moment_that_is_stated_is_the_moment_that_counts(office, command):
    told = command("do", "register_lead", "--by", "zhang", "--with", form(**LEAD),
                   "--at", "2025-03-03 09:00", "--json").json  # fmt: skip

    assert told["opened"]["lead_check"]["ends"] == "2025-03-18"
    assert day(2025, 3, 18).date().isoformat() == told["opened"]["lead_check"]["due"]
