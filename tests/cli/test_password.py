"""`fashen password` — one initial password for one person, printed alone."""

from __future__ import annotations

import pytest

from tests.builders import sample_office
from tests.web.visiting import PASSWORD, cookie_of
from workflow import access_log, accounts, sessions
from workflow.database import reading


def test_it_prints_the_password_alone_and_it_is_good_until_it_is_changed(office, command):
    _, running = cookie_of(office, "shen")
    ran = command("password", "shen")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.count("\n") == 1
    made = ran.out.strip()
    assert accounts.sign_in(office, sample_office(), "shen", made, "", "here").id == "shen"
    with pytest.raises(accounts.SignInRefused):
        accounts.sign_in(office, sample_office(), "shen", PASSWORD, "", "here")
    kept = accounts.of(office, "sample", "shen")
    assert kept
    assert kept.initial
    assert sessions.find(office, running) is None
    assert command("password", "shen").out.strip() != made


@pytest.mark.parametrize(("words", "still"), [((), True), (("--no-totp",), False)])
def test_a_lost_second_factor_goes_only_when_it_is_said(office, command, words, still):
    import pyotp

    cookie_of(office, "shen")
    shen, number = sample_office().person("shen"), accounts.offer()
    assert shen
    key, _ = accounts.factor(office, sample_office(), shen, number)
    accounts.switch_on(office, "sample", "shen", number, pyotp.TOTP(key).at(office.clock()))
    made = command("password", "shen", *words).out.strip()

    kept = accounts.of(office, "sample", "shen")
    assert kept
    assert kept.factor_on is still
    with reading(office.engine) as tx:
        lines, _ = access_log.lines(tx, "sample", person="shen")
    assert [line.by for line in lines if line.what == "initial"] == ["服务器命令"]
    assert made not in repr(lines)


def test_nobody_else_gets_one(office, command):
    ran = command("password", "shne")

    assert (ran.code, ran.out) == (1, "")
    assert "最接近的是“shen”" in ran.err
