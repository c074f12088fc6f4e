"""What each platform is given, and what each of its answers means: there, not there, or nobody knows."""

from __future__ import annotations

import json
import socket
import ssl
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pydantic import ValidationError

from tests.services import outside
from tests.services.outside import CERTIFICATE, Web, says
from workflow import plugged
from workflow.publication import platforms
from workflow.publication.notice import PublicNotice
from workflow.publication.parcel import Parcel, Withdrawal
from workflow.publication.platforms import (
    Duplicate,
    Held,
    Later,
    NotAccepted,
    Pending,
    Unknown,
    record_digest,
)
from workflow.publication.platforms.directory import Directory
from workflow.publication.platforms.http import Http
from workflow.publication.platforms.spreadsheet import Spreadsheet
from workflow.settings import Settings

ID = "110105194912310029"
TOKEN = "0f3c9a77-secret-token"


def a_parcel(number: str = "示街罚决〔2025〕001号", version: int = 1, **fields: str) -> Parcel:
    told = {"CF_WSH": number, "CF_XDR_MC": "杜长明", "CF_XDR_ZJHM": ID, "CF_NR": "罚款 1000 元"}
    notice = PublicNotice(
        key=f"sample-{number}", version=version, number=number, title="露天焚烧", party="杜某",
        party_kind="自然人", kinds=("罚款",), fine_yuan="1000", decided_on=date(2025, 1, 14),
        organ="示例街道办事处", published_on=date(2025, 1, 15),
    )  # fmt: skip
    return Parcel(
        key=notice.key, version=version, number=number, profile="2018", fields={**told, **fields},
        notice=notice,
    )  # fmt: skip


PARCEL = a_parcel()
DOWN = Withdrawal(
    key=PARCEL.key, version=1, number=PARCEL.number, on=date(2025, 2, 1), reason="决定已被撤销"
)


# — directory ——————————————————————————————————————————————————————————————————————————————


def test_the_folder_holds_the_public_notice_and_nothing_else(tmp_path: Path):
    Directory(tmp_path).send(PARCEL)
    [file] = tmp_path.iterdir()
    assert json.loads(file.read_text("utf-8")) == PARCEL.notice.model_dump(mode="json")
    assert ID not in file.read_text("utf-8")
    assert "杜长明" not in file.read_text("utf-8")


def test_the_same_again_is_the_same_file_and_receipt(tmp_path: Path):
    there = Directory(tmp_path)
    receipt = there.send(PARCEL)
    assert there.ask(PARCEL.key) == Held(PARCEL.key, 1, PARCEL.number, receipt, "published")
    assert there.send(PARCEL) == receipt
    assert len(list(tmp_path.iterdir())) == 1
    assert there.ask("another") is None


def test_a_withdrawal_leaves_key_number_reason_and_day(tmp_path: Path):
    there = Directory(tmp_path)
    there.send(PARCEL)
    receipt = there.withdraw(DOWN)
    [file] = tmp_path.iterdir()
    assert json.loads(file.read_text("utf-8")) == {
        "key": PARCEL.key, "version": 1, "number": PARCEL.number, "on": "2025-02-01",
        "reason": "决定已被撤销", "state": "withdrawn",
    }  # fmt: skip
    held = there.ask(PARCEL.key)
    assert held is not None
    assert (held.state, held.withdrawal) == ("withdrawn", receipt)
    with pytest.raises(NotAccepted, match="已经撤回"):
        there.send(PARCEL)


def test_a_newer_version_takes_the_place_and_an_older_one_does_not(tmp_path: Path):
    there = Directory(tmp_path)
    there.send(PARCEL)
    there.send(a_parcel(version=2))
    with pytest.raises(NotAccepted, match="已经是第 2 版"):
        there.send(PARCEL)
    held = there.ask(PARCEL.key)
    assert held is not None
    assert held.version == 2


def test_a_file_that_somebody_else_wrote_is_left_to_a_person(tmp_path: Path):
    there = Directory(tmp_path)
    there.send(PARCEL)
    next(tmp_path.iterdir()).write_text("{}", "utf-8")
    with pytest.raises(NotAccepted, match="读不出来"):
        there.ask(PARCEL.key)


# — http ———————————————————————————————————————————————————————————————————————————————————

TAKEN = {"key": PARCEL.key, "version": 1, "receipt": "回执-1"}


def at(web: Web, seconds: float = 5, **parts: Any) -> Http:
    return Http(web.url("/api/"), seconds, TOKEN, **parts)


def test_a_record_goes_out_with_its_key_and_the_receipt_comes_back():
    with Web(says(TAKEN, "201 Created")) as web:
        assert at(web).send(PARCEL) == "回执-1"
    [heard] = web.heard
    assert (heard.method, heard.target) == ("POST", "/api/records")
    assert heard.headers["authorization"] == f"Bearer {TOKEN}"
    assert heard.headers["idempotency-key"].endswith("/1")
    assert heard.headers["idempotency-key"].isascii()
    assert heard.json() == {
        "key": PARCEL.key, "version": 1, "number": PARCEL.number, "profile": "2018",
        "fields": PARCEL.fields,
    }  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        says(b""), says(b"", "204 No Content"), says(b"<html>"), says(b'{"key": "', whole=400),
        says([TAKEN]), says(TAKEN | {"key": "another"}), says(TAKEN | {"version": 2}),
        says(TAKEN | {"receipt": ""}), says(TAKEN | {"receipt": 7}), says(TAKEN | {"receipt": "a\n"}),
        says(TAKEN | {"receipt": "r" * 201}), says(TAKEN | {"digest": "0" * 64}),
        says(TAKEN, "500 Internal Server Error"), says(TAKEN, "502 Bad Gateway"),
        says(TAKEN, "503 Service Unavailable"), says({"taken": True}, "503 Service Unavailable"),
        says(TAKEN, "302 Found", "Location: /elsewhere\r\n"), says(b"no", "400 Bad Request"),
        says(TAKEN, "408 Request Timeout"), outside.resets, outside.hangs_up, outside.floods,
    ],
)  # fmt: skip
def test_nobody_knows_after_any_other_answer(answer):
    with Web(answer) as web, pytest.raises(Unknown) as said:
        at(web).send(PARCEL)
    assert TOKEN not in str(said.value)
    assert len(web.heard) == 1


@pytest.mark.parametrize("answer", [outside.hangs, outside.drips])
def test_nobody_knows_when_the_time_is_over(answer):
    with Web(answer) as web, pytest.raises(Unknown, match="在时限内没有收到"):
        at(web, 0.3).send(PARCEL)


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (says({}, "429 Too Many Requests", "Retry-After: 120\r\n"), 120),
        (says({}, "429 Too Many Requests", "Retry-After: Fri, 01 Jan 2100 00:00:00 GMT\r\n"), 86_400),
        (says({}, "429 Too Many Requests", "Retry-After: soon\r\n"), None),
        (says({"taken": False}, "503 Service Unavailable"), None),
        (says({}, "401 Unauthorized"), None),
        (says({}, "404 Not Found"), None),
    ],
)  # fmt: skip
def test_nothing_was_taken_where_the_platform_says_so(answer, seconds):
    with Web(answer) as web, pytest.raises(Later) as said:
        at(web).send(PARCEL)
    assert said.value.seconds == seconds


def test_nothing_was_taken_where_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Later, match="什么都没有发出"):
        Http(f"http://127.0.0.1:{port}", 1, TOKEN).send(PARCEL)


def test_nothing_was_taken_where_the_certificate_is_not_trusted():
    with Web(says(TAKEN), tls=True) as web, pytest.raises(Later, match="证书不可信"):
        Http(web.url("/", "https"), 2, TOKEN).send(PARCEL)


@pytest.mark.parametrize("status", ["400 Bad Request", "422 Unprocessable Content"])
def test_what_is_wrong_with_which_field_is_told(status: str):
    answer = {"errors": [{"field": "CF_SY", "message": "不少于 10 字"}, "junk"]}
    with Web(says(answer, status)) as web, pytest.raises(NotAccepted) as said:
        at(web).send(PARCEL)
    assert said.value.errors == (("CF_SY", "不少于 10 字"),)


def test_a_number_that_is_there_already_names_whose_it_is():
    answer = says({"error": "duplicate", "key": "another-1"}, "409 Conflict")
    with Web(answer) as web, pytest.raises(Duplicate) as said:
        at(web).send(PARCEL)
    assert said.value.key == "another-1"


def test_the_platform_is_asked_for_what_it_has():
    told = {
        "key": PARCEL.key, "version": 1, "number": PARCEL.number, "receipt": "r", "state": "published",
        "digest": record_digest(PARCEL), "on": "2025-01-15",
    }  # fmt: skip
    with Web(says(told)) as web:
        held = at(web).ask(PARCEL.key)
    assert held == Held(
        PARCEL.key, 1, PARCEL.number, "r", "published", record_digest(PARCEL), date(2025, 1, 15)
    )
    assert web.heard[0].target.startswith("/api/records/sample-%E7%A4%BA")


def test_only_the_platforms_own_word_means_that_it_has_nothing():
    with Web(says({"key": PARCEL.key}, "404 Not Found")) as web:
        assert at(web).ask(PARCEL.key) is None


@pytest.mark.parametrize(
    "answer",
    [
        says(b"<html>no such page", "404 Not Found"), says({"key": "another"}, "404 Not Found"),
        says({}, "404 Not Found"), says({}, "500 Internal Server Error"), says({}),
        says({"key": PARCEL.key}), says({"key": PARCEL.key, "version": "1", "number": "n", "state": "published"}),
        says({"key": PARCEL.key, "version": 1, "number": "n", "state": "strange"}),
        says(b"{", whole=40), outside.resets, says({"key": PARCEL.key}, "302 Found", "Location: /\r\n"),
    ],
)  # fmt: skip
def test_a_question_without_a_usable_answer_is_asked_again_later(answer):
    with Web(answer) as web, pytest.raises(Later):
        at(web).ask(PARCEL.key)


def test_a_withdrawal_goes_to_the_record_with_its_reason():
    with Web(says(TAKEN | {"receipt": "下架-1"})) as web:
        assert at(web).withdraw(DOWN) == "下架-1"
    [heard] = web.heard
    assert heard.target.endswith("/withdrawal")
    assert heard.json()["reason"] == "决定已被撤销"
    with Web(says({"key": PARCEL.key}, "404 Not Found")) as web, pytest.raises(NotAccepted):
        at(web).withdraw(DOWN)


def test_a_platform_that_knows_us_by_our_certificate(tmp_path: Path):
    class Knows(Web):
        def __init__(self) -> None:
            super().__init__(says(TAKEN), tls=True)
            assert self._tls
            self._tls.verify_mode = ssl.CERT_REQUIRED
            self._tls.load_verify_locations(CERTIFICATE)

    def settings(**parts: Any) -> Settings:
        return Settings(_env_file=None, platform_url=web.url("", "https"), **parts)

    with Knows() as web:
        known = settings(platform_cert=CERTIFICATE, platform_ca=CERTIFICATE)
        assert platforms.configured(known)["http"].send(PARCEL) == "回执-1"
        unknown = settings(platform_token=TOKEN, platform_ca=CERTIFICATE)
        with pytest.raises((Later, Unknown)):
            platforms.configured(unknown)["http"].send(PARCEL)


# — spreadsheet ————————————————————————————————————————————————————————————————————————————


def rows_of(folder: Path, sheet: str = "报送") -> list[tuple[Any, ...]]:
    [file] = folder.glob("*.xlsx")
    return list(load_workbook(file)[sheet].iter_rows(values_only=True))


def test_a_record_is_a_row_in_the_platforms_order_once_however_often_it_is_sent(tmp_path: Path):
    there = Spreadsheet(tmp_path)
    for parcel in (PARCEL, a_parcel("示街罚决〔2025〕002号"), PARCEL):
        with pytest.raises(Pending, match="月报表"):
            there.send(parcel)
    header, first, second = rows_of(tmp_path)
    assert header == tuple(PARCEL.fields)
    assert (first[0], second[0]) == ("示街罚决〔2025〕001号", "示街罚决〔2025〕002号")
    held = there.ask(PARCEL.key)
    assert held is not None
    assert (held.state, held.digest) == ("pending", record_digest(PARCEL))
    assert there.ask("another") is None


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])
def test_no_cell_begins_a_formula(tmp_path: Path, start: str):
    with pytest.raises(Pending):
        Spreadsheet(tmp_path).send(a_parcel(CF_NR=f"{start}cmd|' /C calc'!A0"))
    [file] = tmp_path.glob("*.xlsx")
    cell = load_workbook(file)["报送"].cell(2, 4)
    assert cell.data_type == "s"
    assert str(cell.value).startswith("'")


def test_a_number_of_eighteen_digits_stays_text(tmp_path: Path):
    with pytest.raises(Pending):
        Spreadsheet(tmp_path).send(PARCEL)
    [file] = tmp_path.glob("*.xlsx")
    cell = load_workbook(file)["报送"].cell(2, 3)
    assert (cell.value, cell.data_type, cell.number_format) == (ID, "s", "@")


def test_a_withdrawal_is_a_row_of_its_own(tmp_path: Path):
    there = Spreadsheet(tmp_path)
    with pytest.raises(Pending):
        there.send(PARCEL)
    for _ in range(2):
        with pytest.raises(Pending, match="撤回"):
            there.withdraw(DOWN)
    assert rows_of(tmp_path, "撤回")[1:] == [(PARCEL.number, "2025-02-01", "决定已被撤销")]
    held = there.ask(PARCEL.key)
    assert held is not None
    assert held.state == "withdrawn"


# — settings —————————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("given", "cure"),
    [
        ({"platform_url": "https://p.example"}, "就要设令牌"),
        ({"platform_url": "http://p.example", "platform_token": TOKEN}, "要用 https"),
        ({"platform_url": "https://p.example?k=1", "platform_token": TOKEN}, "不要写 ?"),
        ({"platform_token": "short"}, "至少 16 个字符"),
        ({"platform_cert": "nowhere.pem"}, "没有这个文件"),
        ({"platform_key": CERTIFICATE}, "FASHEN_PLATFORM_CERT"),
        ({"platform_cert": __file__}, "对不上"),
        ({"platform_ca": __file__}, "不是 PEM 证书"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_with_its_cure(given: dict[str, Any], cure: str):
    with pytest.raises(ValidationError) as no:
        Settings(_env_file=None, **given)
    assert cure in str(no.value).replace("\\", "")


def test_the_platforms_that_are_set_up():
    assert set(platforms.configured(Settings(_env_file=None))) == {"directory", "spreadsheet"}
    url = {"platform_url": "https://p.example", "platform_token": TOKEN}
    assert "http" in platforms.configured(Settings(_env_file=None, **url))
    with pytest.raises(NotAccepted, match="没有设置"):
        platforms.named({}, "http")


class _Entry:
    def __init__(self, name: str, made: Any) -> None:
        self.name, self.value, self._made = name, f"package:{name}", made

    def load(self) -> Any:
        if isinstance(self._made, Exception):
            raise self._made
        return lambda _: self._made


def test_an_offices_own_platform_is_found_and_a_broken_one_stops_nobody(monkeypatch, caplog):
    class Own(Directory):
        name = "district"

    class Long(Directory):
        name = "x" * 32

    made = [
        _Entry("a", Own(Path())), _Entry("b", ImportError(TOKEN)), _Entry("c", None),
        _Entry("d", Long(Path())), _Entry("e", Directory(Path())), _Entry("f", object()),
    ]  # fmt: skip
    monkeypatch.setattr(plugged, "entry_points", lambda group: made)
    found = platforms.configured(Settings(_env_file=None))
    assert set(found) == {"directory", "spreadsheet", "district"}
    assert [r.levelname for r in caplog.records] == ["ERROR"] * 4
    assert TOKEN not in caplog.text
