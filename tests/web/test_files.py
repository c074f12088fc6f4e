"""证据文件 over HTTP — the tus protocol, the form without a script, what is served how, and to whom."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import html
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient
from httpx2 import Response

from tests import recordings as make
from tests.builders import a_case, a_photo, day, document_of, office_at, take, version_of
from tests.recordings import uploaded
from tests.services.server import wait_until
from tests.web.visiting import enter
from workflow import offices, tokens
from workflow.deliveries import drain
from workflow.files import uploads, views
from workflow.web import transfer
from workflow.web.app import LARGEST, make_app

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = TUS | {"Content-Type": "application/offset+octet-stream"}


class Sender:
    """A program with zhang's token, and a browser for whoever signs in."""

    def __init__(self, client: TestClient) -> None:
        self.client, self.fashen = client, client.app.state.fashen  # type: ignore[attr-defined]
        self.case = a_case(self.fashen, "investigating")
        self.csrf = ""

    def bearer(self, by: str = "zhang", office: str = "sample") -> dict[str, str]:
        return {"Authorization": f"Bearer {tokens.issue(self.fashen, office, by)}"}

    def ask(
        self, method: str, path: str, *, by: str = "zhang", office: str = "sample", **more: Any
    ) -> Response:
        headers = self.bearer(by, office) | more.pop("headers", {})
        answer: Response = self.client.request(method, path, headers=headers, **more)
        return answer

    @property
    def files(self) -> str:
        return f"/api/v1/cases/{self.case}/files"

    def begin(self, size: int, name: str = "a.jpg", **headers: str) -> Response:
        named = base64.b64encode(name.encode()).decode()
        told = {"Upload-Length": str(size), "Upload-Metadata": f"filename {named}"}
        return self.ask("POST", self.files, headers=TUS | told | headers)

    def piece(self, at: str, offset: int, content: bytes, **headers: str) -> Response:
        told = PIECE | {"Upload-Offset": str(offset)} | headers
        return self.ask("PATCH", at, headers=told, content=content)

    # — the browser

    def sign_in(self, by: str) -> None:
        enter(self.client, by)
        page = self.client.get("/inbox").text
        self.csrf = hidden(page, "csrf")

    def form(self, **fields: Any) -> dict[str, Any]:
        page = self.client.get(f"/cases/{self.case}/do/add_evidence").text
        names = ("csrf", "version", "key", "shown_at")
        told = {
            "kind": "视听资料",
            "name": "照片",
            "proves": "焚烧",
            "place": "村西",
            "maker": "张明",
        }
        told |= {"lawful": "true", **fields}
        return {n: hidden(page, n) for n in names} | {f"f.{n}": v for n, v in told.items()}

    def post(self, sent: dict[str, Any], *files: tuple[str, bytes, str]) -> Response:
        return self.client.post(
            f"/cases/{self.case}/do/add_evidence",
            data=sent,
            files=[("f.files.new", file) for file in files],
            follow_redirects=False,
        )


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return html.unescape(found[1]) if found else ""


@pytest.fixture
def sender() -> Iterator[Sender]:
    with TestClient(
        make_app(office_at(now=day(2026, 9, 1))), raise_server_exceptions=False
    ) as client:
        yield Sender(client)


def problem(answer: Response, status: int, *said: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    for words in said:
        assert words in answer.json()["detail"], answer.text
    told: dict[str, Any] = answer.json()
    return told


# — tus ———————————————————————————————————————————————————————————————————————————————————


def test_a_file_is_announced_sent_in_pieces_and_registered(sender: Sender):
    content = make.picture(size=(300, 200))
    begun = sender.begin(len(content), "照片 1.jpg")
    assert begun.status_code == 201
    assert begun.headers["upload-offset"] == "0"
    at = begun.headers["location"]
    first = sender.piece(at, 0, content[:700])
    assert (first.status_code, first.headers["upload-offset"]) == (204, "700")
    far = sender.ask("HEAD", at, headers=TUS)
    assert (far.headers["upload-offset"], far.headers["upload-length"]) == (
        "700",
        str(len(content)),
    )
    assert far.headers["cache-control"] == "no-store"
    last = sender.piece(at, 700, content[700:])
    assert (last.status_code, last.headers["upload-state"]) == (204, "ready")
    [item] = sender.ask("GET", sender.files).json()["items"]
    assert (item["name"], item["sha256"]) == ("照片 1.jpg", hashlib.sha256(content).hexdigest())
    registered = sender.ask(
        "POST",
        f"/api/v1/cases/{sender.case}/add_evidence",
        headers={"If-Match": str(version_of(sender.fashen, sender.case))},
        json=a_photo(place="村西", maker="张明", files=[{"file": item["id"], "caption": "全貌"}]),
    )
    assert registered.status_code == 200, registered.text
    [*_, evidence] = document_of(sender.fashen, sender.case)["evidence"]
    assert evidence["files"][0]["caption"] == "全貌"
    assert sender.ask("GET", at).content == content
    assert sender.ask("DELETE", at, headers=TUS).status_code == 409


def test_what_is_spoken_is_said(sender: Sender):
    told = sender.ask("OPTIONS", sender.files)
    assert told.status_code == 204
    assert told.headers["tus-extension"] == "creation,checksum,termination"
    assert told.headers["tus-max-size"] == str(4 * 1024**3)
    problem(sender.begin(9, **{"Tus-Resumable": "0.2.2"}), 412, "1.0.0")


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"Upload-Length": "-1"}, "Upload-Length"),
        ({"Upload-Length": "1e9"}, "Upload-Length"),
        ({"Upload-Metadata": "filename ***"}, "Base64"),
        ({"Upload-Metadata": ""}, "filename"),
    ],
)
def test_an_announcement_that_cannot_be_read_is_malformed(
    sender: Sender, headers: dict[str, str], said: str
):
    problem(sender.begin(9, **headers), 422, said)


def test_announcing_twice_under_one_key_is_one_file(sender: Sender):
    places = [sender.begin(9, **{"Idempotency-Key": "k"}).headers["location"] for _ in range(2)]
    assert places[0] == places[1]
    problem(sender.begin(10, **{"Idempotency-Key": "k"}), 422, "另一个文件")


def test_more_than_was_announced_is_thrown_away(sender: Sender):
    at = sender.begin(10).headers["location"]
    sender.piece(at, 0, b"\xff" * 4)
    problem(sender.piece(at, 4, b"\xff" * 7), 413, "比说好的 10 字节")
    assert sender.ask("HEAD", at, headers=TUS).headers["upload-offset"] == "4"


def test_a_piece_larger_than_a_request_may_be_is_refused(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(transfer, "LARGEST_PIECE", 1000)
    at = sender.begin(5000).headers["location"]
    assert sender.piece(at, 0, b"\xff" * 1000).status_code == 204
    problem(sender.piece(at, 1000, b"\xff" * 1001), 413, "一段最多 1000 字节")

    def unsaid() -> Iterator[bytes]:
        yield from (b"\xff" * 600, b"\xff" * 600)

    answer = sender.piece(at, 1000, unsaid())  # type: ignore[arg-type]
    problem(answer, 413, "一段最多 1000 字节")


def test_everything_else_keeps_its_limit(sender: Sender):
    big = b"x" * (LARGEST + 1)
    for path in (
        f"/cases/{sender.case}/do/describe_act",
        f"/api/v1/cases/{sender.case}/add_evidence",
        f"/api/v1/cases/{sender.case}/files",
        f"/cases/{sender.case}/files",
        "/login",
    ):
        assert sender.ask("POST", path, content=big).status_code == 413, path
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    path = f"/cases/{sender.case}/do/add_evidence"
    assert sender.ask("POST", path, headers=kind, content=big).status_code == 413


def test_a_checksum_that_does_not_fit_throws_the_piece_away(sender: Sender):
    content = make.picture()
    at = sender.begin(len(content)).headers["location"]
    right = base64.b64encode(hashlib.sha256(content).digest()).decode()
    wrong = base64.b64encode(b"\0" * 32).decode()
    problem(sender.piece(at, 0, content, **{"Upload-Checksum": f"sha256 {wrong}"}), 460)
    problem(sender.piece(at, 0, content, **{"Upload-Checksum": "crc9 AA=="}), 422, "sha256")
    assert sender.ask("HEAD", at, headers=TUS).headers["upload-offset"] == "0"
    done = sender.piece(at, 0, content, **{"Upload-Checksum": f"sha256 {right}"})
    assert done.headers["upload-state"] == "ready"


def test_a_piece_at_the_wrong_place_or_of_the_wrong_kind_is_refused(sender: Sender):
    at = sender.begin(10).headers["location"]
    problem(sender.piece(at, 3, b"x"), 409, "已收到 0 字节")
    problem(sender.piece(at, 0, b"x", **{"Content-Type": "text/plain"}), 422, "offset+octet-stream")


def test_a_file_that_is_not_accepted_is_refused_with_the_last_piece_and_forgotten(sender: Sender):
    content = b"<html><script>alert(1)</script>"
    at = sender.begin(len(content)).headers["location"]
    problem(sender.piece(at, 0, content), 422, "没有收下", "网页（HTML）", "可以上传的")
    assert sender.ask("HEAD", at, headers=TUS).status_code == 404


def test_an_upload_can_be_cancelled(sender: Sender):
    at = sender.begin(10).headers["location"]
    assert sender.ask("DELETE", at, headers=TUS).status_code == 204
    assert sender.ask("HEAD", at, headers=TUS).status_code == 404


# — a connection that breaks ——————————————————————————————————————————————————————————————


@pytest.fixture
def port(sender: Sender) -> Iterator[int]:
    """The same app behind a real socket, which can be cut."""
    server = uvicorn.Server(
        uvicorn.Config(sender.client.app, port=0, log_level="critical", lifespan="off")
    )
    sock = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([sock])))
    thread.start()
    assert wait_until(lambda: server.started, 30)
    yield sock.getsockname()[1]
    server.should_exit = True
    thread.join()


def cut_off(port: int, sender: Sender, at: str, sent: bytes, promised: int, **headers: str) -> None:
    """Promise more than is sent, and hang up in the middle."""
    told = PIECE | {"Upload-Offset": "0", "Content-Length": str(promised), "Host": "x"}
    told |= sender.bearer() | headers
    lines = [f"PATCH {at} HTTP/1.1", *(f"{n}: {v}" for n, v in told.items()), "", ""]
    with socket.create_connection(("127.0.0.1", port)) as wire:
        wire.sendall("\r\n".join(lines).encode() + sent)
        time.sleep(0.2)  # so that what was sent has left before the line goes dead


def test_a_connection_cut_in_the_middle_of_a_piece_goes_on_where_it_broke(
    sender: Sender, port: int
):
    content = make.picture(size=(600, 400))
    at = sender.begin(len(content)).headers["location"]
    cut_off(port, sender, at, content[:1234], len(content))
    file = at.rpartition("/")[2]

    def came() -> int:
        return uploads.store_of(sender.fashen).received(file)

    assert wait_until(lambda: came() == 1234, 30)
    far = sender.ask("HEAD", at, headers=TUS)
    assert far.headers["upload-offset"] == "1234"

    def goes_on() -> bool:
        answer = sender.piece(at, 1234, content[1234:])
        return answer.status_code == 204 and answer.headers.get("upload-state") == "ready"

    assert wait_until(goes_on, 30)
    assert sender.ask("GET", at).content == content


def test_a_cut_piece_with_a_checksum_leaves_nothing_of_itself(sender: Sender, port: int):
    content = make.picture(size=(600, 400))
    at = sender.begin(len(content)).headers["location"]
    sum_ = base64.b64encode(hashlib.sha256(content).digest()).decode()
    cut_off(port, sender, at, content[:1234], len(content), **{"Upload-Checksum": f"sha256 {sum_}"})

    def whole() -> bool:
        # It can only begin at 0 again, and does so as soon as the dead connection has let go.
        return sender.piece(at, 0, content).status_code == 204

    assert wait_until(whole, 30)


def test_a_length_that_lies_is_not_believed(sender: Sender, port: int):
    """More bytes than the request said belong to no request; the file gets what was announced, no more."""
    content = make.picture()
    at = sender.begin(len(content) + 5).headers["location"]
    cut_off(port, sender, at, content + b"GET / HTTP/1.1\r\n\r\n", len(content))
    file = at.rpartition("/")[2]
    assert wait_until(lambda: uploads.store_of(sender.fashen).received(file) == len(content), 30)


# — without a script ——————————————————————————————————————————————————————————————————————


def test_several_photographs_in_one_form_become_one_item(sender: Sender):
    sender.sign_in("zhang")
    done = sender.post(
        sender.form(),
        ("a.jpg", make.picture(), "image/jpeg"),
        ("b.png", make.picture("PNG"), "image/png"),
    )
    assert done.status_code == 303, done.text
    [*_, item] = document_of(sender.fashen, sender.case)["evidence"]
    assert [f["media_type"] for f in item["files"]] == ["image/jpeg", "image/png"]
    page = sender.client.get(f"/cases/{sender.case}").text
    digest = item["files"][0]["sha256"]
    assert " ".join(digest[n : n + 4] for n in (0, 4, 8, 12)) in page
    assert page.count("/preview/320") == 2


def test_what_was_taken_in_stays_attached_whatever_else_was_wrong(sender: Sender):
    sender.sign_in("zhang")
    page = sender.post(
        sender.form(name=""),
        ("a.jpg", make.picture(), "image/jpeg"),
        ("b.jpg", b"<html>", "image/jpeg"),
    )
    assert page.status_code == 422
    assert "内容却是网页（HTML）" in html.unescape(page.text)
    [kept] = re.findall(r'name="f.files" value="([^"]+)" checked', page.text)
    sent = sender.form() | {"f.files": kept, f"f.files.caption.{kept}": "全貌"}
    done = sender.post(sent)
    assert done.status_code == 303
    [*_, item] = document_of(sender.fashen, sender.case)["evidence"]
    assert [(f["file"], f["caption"]) for f in item["files"]] == [(kept, "全貌")]


def test_a_warning_keeps_the_files_for_the_next_attempt(sender: Sender):
    sender.sign_in("zhang")
    page = sender.post(sender.form(place=""), ("a.jpg", make.picture(), "image/jpeg"))
    assert page.status_code == 409
    kept = hidden(page.text, "f.files")
    assert uploads.find(sender.fashen, "sample", sender.case, kept).state == "ready"


def test_the_same_form_sent_twice_makes_one_item_and_one_file(sender: Sender):
    sender.sign_in("zhang")
    sent = sender.form()
    photo = ("a.jpg", make.picture(), "image/jpeg")
    places = [sender.post(sent, photo).headers["location"] for _ in range(2)]
    assert places[0] == places[1]
    assert len(uploads.of_case(sender.fashen, "sample", sender.case)) == 1


def test_a_form_larger_than_forms_may_be_says_what_to_do(sender: Sender):
    sender.fashen.settings = sender.fashen.settings.model_copy(update={"files_form": 1})
    sender.sign_in("zhang")
    page = sender.post(sender.form(), ("a.mp4", b"\0" * (1024 * 1024 + 1), "video/mp4"))
    assert page.status_code == 413
    assert "分几次登记" in page.text


def test_an_unfinished_upload_is_shown_with_how_far_it_came(sender: Sender):
    sender.sign_in("zhang")
    at = sender.begin(1000, "录像.mp4").headers["location"]
    sender.piece(at, 0, b"\0" * 400)
    page = sender.client.get(f"/cases/{sender.case}/do/add_evidence").text
    assert "没有传完，到了 40%" in page


# — with a script —————————————————————————————————————————————————————————————————————————


def scripted(sender: Sender, csrf: str, **more: str) -> Response:
    named = base64.b64encode(b"a.jpg").decode()
    told = {"Upload-Length": "9", "Upload-Metadata": f"filename {named}", "X-CSRF-Token": csrf}
    return sender.client.post(f"/cases/{sender.case}/files", headers=TUS | told | more)


def test_the_script_of_our_page_uploads_and_a_page_elsewhere_does_not(sender: Sender):
    sender.sign_in("zhang")
    assert scripted(sender, sender.csrf).status_code == 201
    problem(scripted(sender, ""), 403)
    problem(scripted(sender, "forged"), 403)
    problem(scripted(sender, sender.csrf, **{"Sec-Fetch-Site": "cross-site"}), 403, "另一个网站")
    sender.client.cookies.clear()
    problem(scripted(sender, sender.csrf), 401)


def test_the_script_sends_a_piece_and_gets_the_row_of_the_form(sender: Sender):
    sender.sign_in("zhang")
    content = make.picture()
    named = base64.b64encode("现场.jpg".encode()).decode()
    mine = TUS | {"X-CSRF-Token": sender.csrf}
    told = {"Upload-Length": str(len(content)), "Upload-Metadata": f"filename {named}"}
    at = sender.client.post(f"/cases/{sender.case}/files", headers=mine | told).headers["location"]
    sent = mine | PIECE | {"Upload-Offset": "0"}
    assert sender.client.patch(at, headers=sent, content=content).status_code == 204
    row = sender.client.get(f"{at}/row").text
    assert 'name="f.files"' in row
    assert "现场.jpg" in row


# — who sees what —————————————————————————————————————————————————————————————————————————


def test_a_foreign_office_finds_nothing_on_any_route(sender: Sender):
    upload = uploaded(sender.fashen, sender.case)
    other = offices.read("sample").model_copy(update={"office": "other"})
    offices.load(sender.fashen, other)
    at = f"{sender.files}/{upload.id}"
    for method, path in (
        ("GET", sender.files), ("POST", sender.files), ("GET", at), ("HEAD", at), ("PATCH", at),
        ("DELETE", at), ("GET", f"{at}/preview"),
    ):  # fmt: skip
        told = PIECE | {"Upload-Offset": "0", "Upload-Length": "9"}
        assert sender.ask(method, path, office="other", headers=told).status_code == 404, path
    another = a_case(sender.fashen, "investigating")
    wrong = at.replace(sender.case, another)
    assert sender.ask("GET", wrong).status_code == 404
    sender.sign_in("zhang")
    for path in ("", "?inline=1", "/preview/320", "/row"):
        page = f"/cases/{another}/files/{upload.id}{path}"
        assert sender.client.get(page).status_code == 404, path


def test_nobody_goes_on_with_what_a_colleague_began(sender: Sender):
    at = sender.begin(9).headers["location"]
    told = PIECE | {"Upload-Offset": "0"}
    for method in ("HEAD", "PATCH", "DELETE"):
        assert sender.ask(method, at, by="li", headers=told).status_code == 404


def test_the_administrator_of_the_machine_sees_no_evidence(sender: Sender):
    upload = uploaded(sender.fashen, sender.case)
    take(sender.fashen, "zhang", "add_evidence", sender.case,
         files=[{"file": upload.id}], **a_photo(place="村西", maker="张明"))  # fmt: skip
    problem(sender.ask("GET", sender.files, by="admin"), 403)
    problem(sender.ask("GET", f"{sender.files}/{upload.id}", by="admin"), 403)
    sender.sign_in("admin")
    assert sender.client.get(f"/cases/{sender.case}/files/{upload.id}").status_code == 403
    assert "/preview/" not in sender.client.get(f"/cases/{sender.case}").text
    sender.sign_in("shen")
    assert "/preview/" in sender.client.get(f"/cases/{sender.case}").text


# — how it is served ——————————————————————————————————————————————————————————————————————


def test_an_original_comes_as_a_download_that_can_do_nothing(sender: Sender):
    sender.sign_in("zhang")
    upload = uploaded(sender.fashen, sender.case, '坏"名\r\n字.jpg')
    got = sender.client.get(f"/cases/{sender.case}/files/{upload.id}")
    assert got.content == make.picture()
    assert got.headers["content-type"] == "image/jpeg"
    assert got.headers["content-disposition"].startswith("attachment; filename*=utf-8''")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert got.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("name", "content", "inline"),
    [
        ("a.jpg", make.picture(), True),
        ("a.pdf", make.pdf(), True),
        ("a.mp4", make.film(), True),
        ("b.pdf", make.pdf(script=True), False),
        ("a.avi", make.avi(), False),
        ("a.heic", make.heic(), False),
    ],
)
def test_only_what_is_safe_is_shown_in_the_browser(
    sender: Sender, name: str, content: bytes, inline: bool
):
    sender.sign_in("zhang")
    upload = uploaded(sender.fashen, sender.case, name, content)
    got = sender.client.get(f"/cases/{sender.case}/files/{upload.id}?inline=1")
    assert got.headers["content-disposition"].startswith("inline" if inline else "attachment")


def test_a_part_of_a_video_can_be_asked_for(sender: Sender):
    content = make.film(pixels=b"0123456789" * 20)
    upload = uploaded(sender.fashen, sender.case, "a.mp4", content)
    at = f"{sender.files}/{upload.id}"
    got = sender.ask("GET", at, headers={"Range": "bytes=40-49"})
    assert (got.status_code, got.content) == (206, content[40:50])
    assert got.headers["content-range"] == f"bytes 40-49/{len(content)}"
    assert sender.ask("GET", at, headers={"Range": "bytes=99999-"}).status_code == 416


def test_a_preview_is_ours_and_what_has_none_says_so(sender: Sender):
    upload = uploaded(sender.fashen, sender.case, "a.jpg", make.picture(gps=True, camera="ACME P1"))
    got = sender.ask("GET", f"{sender.files}/{upload.id}/preview")
    assert got.headers["content-type"] == "image/jpeg"
    assert b"ACME" not in got.content
    problem(sender.ask("GET", f"{sender.files}/{upload.id}/preview?size=9"), 422)
    other = uploaded(sender.fashen, sender.case, "a.heic", make.heic())
    problem(sender.ask("GET", f"{sender.files}/{other.id}/preview"), 404, "没有预览")


def test_a_lost_original_is_said_and_not_served(sender: Sender):
    upload = uploaded(sender.fashen, sender.case)
    uploads.store_of(sender.fashen).blob(upload.sha256).unlink()
    problem(sender.ask("GET", f"{sender.files}/{upload.id}"), 404, "找不到了")


def test_the_sheet_of_photographs_says_when_where_by_whom_and_what_for(sender: Sender):
    sender.sign_in("zhang")
    form = sender.form(taken_time="10:53", recorder="JL-7", medium="执法记录仪内存卡")
    sender.post(form, ("a.jpg", make.picture(taken="2026:08:31 10:53:00"), "image/jpeg"))
    case = sender.client.get(f"/cases/{sender.case}").text
    assert "相差 1 个自然日" in case
    page = sender.client.get(f"/cases/{sender.case}/photos").text
    for words in ("焚烧", "2026-09-01 10:53", "村西", "张明", "JL-7", "执法记录仪内存卡"):
        assert words in page
    assert "/preview/1600" in page


# — what stays inside —————————————————————————————————————————————————————————————————————


def test_nothing_of_the_files_goes_public_or_to_a_platform(sender: Sender):
    """Neither a file nor a trace of one: no id, digest, name, caption or place of taking."""
    case = a_case(sender.fashen, after="serve_decision")
    # A decided case takes no more evidence, so the files are put where a registration would have put them.
    early = a_case(sender.fashen, "investigating")
    upload = uploaded(sender.fashen, early, "秘密文件名.jpg", make.picture(gps=True))
    take(sender.fashen, "zhang", "add_evidence", early,
         files=[{"file": upload.id, "caption": "秘密说明"}], **a_photo(place="村西", maker="张明"))  # fmt: skip
    secret = (upload.id, upload.sha256, "秘密文件名", "秘密说明", "39.14167", "/files/")
    carry_evidence_over(sender, early, case)
    take(sender.fashen, "clerk", "choose_publication", case, reason="有一定社会影响")
    take(sender.fashen, "head", "review_publication", case)
    drain(sender.fashen)
    told = [f.read_text("utf-8") for f in sender.fashen.settings.published.rglob("*.json")]
    assert told
    with sender.fashen.engine.connect() as tx:
        from sqlalchemy import select

        from workflow import models

        told += [json.dumps([str(v) for v in row]) for t in (models.publication, models.notice, models.outbox)
                 for row in tx.execute(select(t))]  # fmt: skip
    told.append(sender.client.get("/public").text)
    for link in re.findall(r'href="(/public/[^"]+)"', told[-1]):
        told.append(sender.client.get(html.unescape(link)).text)
    leaked = [word for word in secret if any(word in text for text in told)]
    assert leaked == []


def carry_evidence_over(sender: Sender, source: str, target: str) -> None:
    """The evidence of one case stands in the document of another, as if it had been registered there."""
    from workflow import models

    c, document = models.cases, document_of(sender.fashen, target)
    document["evidence"] = document_of(sender.fashen, source)["evidence"]
    with sender.fashen.engine.begin() as tx:
        tx.execute(c.update().where(c.c.id == target).values(doc=json.dumps(document)))


def test_looking_at_a_file_passes_no_secret_on(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FASHEN_SECRET_KEY", "k" * 32)
    assert not any(name.startswith("FASHEN_") for name in views._around())
    with contextlib.suppress(KeyError):
        assert "FASHEN_SECRET_KEY" not in views._around()["PATH"]
