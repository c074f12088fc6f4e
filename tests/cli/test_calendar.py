"""`fashen calendar` — the address of one person's calendar, printed alone, and its end."""

from __future__ import annotations

from workflow import tokens


def test_it_prints_the_address_alone_and_the_same_again(office, command, monkeypatch):
    monkeypatch.setenv("FASHEN_PUBLIC_URL", "https://fashen.example/")
    ran = command("calendar", "shen")

    token = tokens.calendar(office, "sample", "shen")
    assert (ran.code, ran.out, ran.err) == (0, f"https://fashen.example/calendar/{token}.ics\n", "")
    assert command("calendar", "shen").out == ran.out


def test_revoked_it_is_dead_and_the_next_one_is_another(office, command):
    first = command("calendar", "shen").out
    ran = command("calendar", "shen", "--revoke")

    assert (ran.code, ran.out) == (
        0,
        "沈知远（法制审核员）的日历地址已经停用，订阅它的日历不再更新。\n",
    )
    assert tokens.calendar(office, "sample", "shen") is None
    assert (
        command("calendar", "shen", "--revoke").out == "沈知远（法制审核员）没有在用的日历地址。\n"
    )
    assert command("calendar", "shen").out != first


def test_nobody_else_gets_one(office, command):
    ran = command("calendar", "shne")

    assert (ran.code, ran.out) == (1, "")
    assert "最接近的是“shen”" in ran.err
