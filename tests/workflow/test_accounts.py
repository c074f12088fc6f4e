"""What no page shows of accounts: how long a stranger is looked at, a process that dies, who may write the log."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import workflow
from tests.builders import day, office_at, sample_office, set_clock
from tests.web.visiting import PASSWORD, with_password
from workflow import accounts, models, offices, passwords, tokens
from workflow.database import reading
from workflow.errors import Unauthorised
from workflow.program import Fashen

MORNING = day(2026, 9, 1)


def knock(fashen: Fashen, name: str, password: str, address: str = "here") -> bool:
    try:
        accounts.sign_in(fashen, sample_office(), name, password, "", address)
    except accounts.SignInRefused:
        return False
    return True


def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes that passwords are verified against from now on."""
    verified: list[str] = []
    look = passwords.matches

    def counted(fashen: Fashen, told: str, password: str) -> bool:
        verified.append(told)
        return look(fashen, told, password)

    monkeypatch.setattr(passwords, "matches", counted)
    return verified


@pytest.fixture
def fashen(database_url: str) -> Fashen:
    made = office_at(database_url, now=MORNING)
    with_password(made, "zhang")
    return made


@pytest.mark.parametrize("name", ["zhang", "shen", "nobody", "system", ""])
def test_a_hash_is_verified_once_for_everybody(fashen: Fashen, monkeypatch, name: str):
    """`shen` has no account in this real office; `system` is no person."""
    real = sample_office().model_copy(update={"sample": False})
    verified = looks(monkeypatch)
    with pytest.raises(accounts.SignInRefused):
        accounts.sign_in(fashen, real, name, "no such password", "", "here")
    assert len(verified) == 1


def test_a_resting_account_is_looked_at_as_long(fashen: Fashen, monkeypatch):
    for n in range(5):
        assert not knock(fashen, "zhang", "wrong", f"place {n}")
    verified = looks(monkeypatch)
    assert not knock(fashen, "zhang", PASSWORD)
    cost = fashen.settings.password_memory, fashen.settings.password_rounds
    assert verified == [passwords._nobodys(*cost)]


def test_a_process_that_dies_while_it_looks_shuts_nobody_out_for_good(fashen: Fashen, monkeypatch):
    class Dead(Exception):
        pass

    def dies(*_: Any) -> bool:
        raise Dead

    with monkeypatch.context() as broken:
        broken.setattr(passwords, "matches", dies)
        for _ in range(5):
            with pytest.raises(Dead):
                knock(fashen, "zhang", PASSWORD)
    assert not knock(fashen, "zhang", PASSWORD)
    set_clock(fashen, day(2026, 9, 1, 9, 15))
    assert knock(fashen, "zhang", PASSWORD)


def test_who_rested_has_five_tries_again(fashen: Fashen):
    for _ in range(5):
        knock(fashen, "zhang", "wrong")
    set_clock(fashen, day(2026, 9, 1, 9, 15))
    for _ in range(4):
        assert not knock(fashen, "zhang", "wrong")
    assert knock(fashen, "zhang", PASSWORD)


def test_a_password_is_the_same_however_its_letters_are_wide(fashen: Fashen):
    assert knock(fashen, "zhang", PASSWORD.replace("2026", "２０２６"))


def test_the_numbers_are_settings(fashen: Fashen):
    told = {"password_tries": 3, "password_rest": 2, "address_failures": 10, "password_length": 20}
    fashen.settings = fashen.settings.model_copy(update=told)
    zhang = sample_office().person("zhang")
    assert zhang
    assert "20 到 128" in passwords.fit(fashen, "nineteen characters", zhang)
    for _ in range(3):
        knock(fashen, "zhang", "wrong")
    assert not knock(fashen, "zhang", PASSWORD)
    set_clock(fashen, day(2026, 9, 1, 9, 2))
    assert knock(fashen, "zhang", PASSWORD)
    for _ in range(6):
        knock(fashen, "nobody", "wrong")
    with pytest.raises(accounts.TooManyTries):
        knock(fashen, "zhang", PASSWORD)


def test_a_hash_is_made_again_when_its_cost_is_raised(fashen: Fashen):
    def kept() -> str:
        with reading(fashen.engine) as tx:
            return str(tx.scalar(sa.select(models.account.c.hash)))

    before = kept()
    fashen.settings = fashen.settings.model_copy(update={"password_rounds": 2})
    assert not knock(fashen, "zhang", "wrong")
    assert kept() == before
    assert knock(fashen, "zhang", PASSWORD)
    assert "t=2" in kept()
    assert knock(fashen, "zhang", PASSWORD)


def test_what_is_kept_of_a_second_factor_tells_neither_key_nor_codes(fashen: Fashen):
    import pyotp

    zhang, number = sample_office().person("zhang"), accounts.offer()
    assert zhang
    key, _ = accounts.factor(fashen, sample_office(), zhang, number)
    codes = accounts.switch_on(
        fashen, "sample", "zhang", number, pyotp.TOTP(key).at(fashen.clock())
    )
    with reading(fashen.engine) as tx:
        kept = repr([tuple(row) for t in (models.account, models.access_log)
                     for row in tx.execute(sa.select(t))])  # fmt: skip
    assert key not in kept
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]


def test_the_tokens_of_who_is_shut_or_gone_end(fashen: Fashen):
    theirs = {p: tokens.issue(fashen, "sample", p) for p in ("zhang", "li", "zhao")}
    tokens.renew_calendar(fashen, "sample", "zhang")
    accounts.shut(fashen, "sample", "zhang", by="security")
    rest = tuple(p for p in sample_office().people if p.id != "li")
    offices.load(fashen, sample_office().model_copy(update={"people": rest, "duty_roster": ()}))
    offices.load(fashen, sample_office())
    assert tokens.calendar(fashen, "sample", "zhang") is None
    for person in ("zhang", "li"):
        with pytest.raises(Unauthorised):
            tokens.bearer(fashen, theirs[person])
    assert tokens.bearer(fashen, theirs["zhao"]) == tokens.Bearer("sample", "zhao")


def test_nothing_in_the_program_changes_or_erases_the_log():
    """It is written by `access_log.note` alone."""
    for file in Path(workflow.__file__).parent.rglob("*.py"):
        if "migrations" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("update", "delete", "insert"):
                of = ast.unparse(node.value)
                if of in ("log", "access_log", "models.access_log"):
                    assert (file.name, node.attr) == ("access_log.py", "insert")
