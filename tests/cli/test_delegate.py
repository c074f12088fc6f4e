"""`fashen delegate` — given, listed, revoked, and used by `fashen do`."""

from __future__ import annotations

from datetime import timedelta

from workflow.times import beijing, utc_now

VERBS = ("--verbs", "submit_review,return_to_officers", "--reason", "外出培训")


def until(days: int = 13) -> tuple[str, str]:
    return "--until", (beijing(utc_now()).date() + timedelta(days=days)).isoformat()


def test_it_is_given_listed_and_revoked(office, command):
    ran = command("delegate", "wang", "li", *VERBS, *until(), "--json")
    assert ran.code == 0, ran.said
    made = ran.json
    assert made["verbs"] == ["submit_review", "return_to_officers"]
    assert made["given_by"] == "wang"

    listed = command("delegate", "list")
    assert "李薇（受 王立新 委托）" in listed.out
    assert "正在" in listed.out
    assert command("delegate", "list", "zhang").out.strip() == "没有委托。"

    ended = command("delegate", "revoke", made["id"][:8], "--by", "wang", "--reason", "提前回来")
    assert ended.code == 0, ended.said
    assert "已撤销" in ended.out
    assert command("delegate", "list", "li", "--json").json[0]["state"] == "past"
    again = command("delegate", "revoke", made["id"], "--by", "wang", "--reason", "再撤")
    assert (again.code, "不用再撤销" in again.err) == (1, True)


def test_a_refusal_says_every_reason_and_ends_with_1(office, command):
    ran = command(
        "delegate",
        "head",
        "clerk",
        "--verbs",
        "decide,discuss",
        "--reason",
        "出差",
        *until(200),
    )
    assert ran.code == 1
    for words in ("只能委托其他负责人", "由负责人本人参加", "最多 90 日"):
        assert words in ran.err


def test_wrong_usage_says_what_is_missing(office, command):
    assert command("delegate", "wang").code == 2
    ran = command("delegate", "revoke", "x")
    assert (ran.code, "--by PERSON" in ran.err) == (2, True)


def test_the_administrator_gives_with_the_order_named(office, command):
    words = ("delegate", "wang", "li", *VERBS, *until(), "--by", "admin")
    assert "文号" in command(*words).err
    assert command(*words, "--proof", "示街办〔2026〕6号").code == 0


def test_a_step_is_taken_for_another(office, command):
    opened = command(
        "do", "register_lead", "--by", "clerk", "--with", '{"place": "示例路"}', "--json"
    ).json
    command("delegate", "zhang", "wang", "--verbs", "officer", "--reason", "病假", *until())
    ran = command(
        "do", "start_check", "--case", opened["case"], "--by", "wang", "--for", "zhang", "--json"
    )
    assert ran.code == 0, ran.said
    assert ran.json["on_behalf_of"] == "zhang"
    shown = command("ledger", "show", opened["case"])
    assert "王立新（受 张衡 委托）" in shown.out
