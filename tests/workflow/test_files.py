"""证据文件 — what is taken in and what is not, how it lies in the store, and how it is proved."""

from __future__ import annotations

import io
import stat
import threading
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from policies.casefile import Evidence
from tests import recordings as make
from tests.builders import OFFICE, a_case, a_photo, day, document_of, office_at, set_clock, take
from tests.recordings import begun, sent, uploaded
from workflow import models, offices
from workflow.errors import FashenError, Malformed, NotFound, NotFromHere, NotYourMove
from workflow.files import kinds, look, notes, store, uploads, views
from workflow.files.refused import Busy, NoRoom, NotAccepted, TooLarge, WrongOffset
from workflow.files.store import digest
from workflow.health import health
from workflow.oracle import check_all
from workflow.program import Fashen
from workflow.settings import Settings
from workflow.sweep import sweep

MB = 1024 * 1024


@pytest.fixture
def fashen() -> Fashen:
    return office_at(now=day(2026, 9, 1))


@pytest.fixture
def case(fashen: Fashen) -> str:
    return a_case(fashen, "investigating")


def registered(fashen: Fashen, case: str, *files: uploads.Upload, **form: Any) -> str:
    attached = [{"file": file.id} for file in files]
    form = a_photo(place="西杜庄村西侧", maker="张明", **form)
    return take(fashen, "zhang", "add_evidence", case, files=attached, **form).made


def rows(fashen: Fashen) -> list[Any]:
    with fashen.engine.connect() as tx:
        return list(tx.execute(sa.select(models.file)))


def lying(fashen: Fashen) -> list[Path]:
    """Every file in the store, previews apart."""
    root = fashen.settings.files
    return sorted(f for f in root.rglob("*") if f.is_file() and "previews" not in f.parts)


# — what it is ————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("name", make.EVERY)
def test_every_kind_is_taken_in_as_what_its_bytes_are(fashen: Fashen, case: str, name: str):
    content, media_type = make.EVERY[name]
    found = uploaded(fashen, case, name, content)
    assert (found.state, found.media_type) == ("ready", media_type)
    assert (
        fashen.settings.files.joinpath(found.sha256[:2], found.sha256[2:]).read_bytes() == content
    )


def office_file(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(name, "x")
    return out.getvalue()


FALSE = [
    ("a.jpg", make.picture("PNG"), "内容却是 PNG 图片"),
    ("a.png", make.picture(), "内容却是 JPEG 图片"),
    ("a.jpg", b"<html><script>alert(1)</script>", "网页（HTML）"),
    ("a.jpg", b"<svg xmlns='x'><script/></svg>", "SVG 图形"),
    ("a.pdf", b"<html><!-- \n%PDF-1.7\n", "网页（HTML）"),
    ("a.pdf", b"\0\0junk" + make.pdf(), "PDF 的开头在后面"),
    ("a.jpg", make.picture()[:20] + b"%PDF-1.7" + make.picture()[20:], "PDF 的开头在后面"),
    ("a.pdf", b"MZ\x90\0" + b"\0" * 200, "可执行程序"),
    ("a.pdf", office_file("word/vbaProject.bin"), "Office 文件或者压缩包"),
    ("a.jpg", b"GIF89a" + b"\0" * 30, "GIF 图片"),
    ("a.mp4", b"Rar!\x1a\x07\x01\0" + b"\0" * 30, "RAR 压缩包"),
    ("a.jpg", make.picture() + office_file("x.class"), "后面却接着一个压缩包"),
    ("a.pdf", make.pdf() + office_file("x"), "后面却接着一个压缩包"),
    ("a.mp4", make.film(tracks=(b"soun",)), "内容却是 M4A 录音"),
    ("a.m4a", make.film(), "内容却是 MP4 视频"),
    ("a.mp4", make.film()[:-3], "不完整"),
    ("a.mp4", make.film(tracks=()), "不完整"),
    ("a.jpg", make.picture(size=(400, 300))[:-400], "打不开或者不完整"),
    ("a.pdf", b"%PDF-1.7\nnothing", "PDF 打不开"),
    ("a.pdf", make.pdf(password="secret"), "有口令"),
    ("a.mp3", b"\xff\xfb\x90\x64" + b"\0" * 30, "内容却是"),
    ("a.txt", b"x", "名字以 .txt 结尾"),
    ("a.docm", office_file("word/document.xml"), "名字以 .docm 结尾"),
    ("照片", make.picture(), "没有扩展名"),
    ("a.jpg", b"", "是空文件"),
]


@pytest.mark.parametrize(("name", "content", "said"), FALSE, ids=[f"{n}-{s}" for n, _, s in FALSE])
def test_what_is_not_what_it_says_is_refused_in_words_and_leaves_nothing(
    fashen: Fashen, case: str, name: str, content: bytes, said: str
):
    with pytest.raises(NotAccepted, match="没有收下") as no:
        uploaded(fashen, case, name, content)
    assert said in str(no.value)
    assert rows(fashen) == []
    assert lying(fashen) == []


def test_the_declared_type_must_be_that_of_the_name(fashen: Fashen, case: str):
    with pytest.raises(NotAccepted, match="发送时写的类型却是 text/html"):
        begun(fashen, case, "a.jpg", 9, declared="text/html; charset=utf-8")
    for told in ("", "application/octet-stream", "image/pjpeg"):
        assert begun(fashen, case, "a.jpg", 9, declared=told)


def test_a_decompression_bomb_is_refused_before_it_is_unpacked(fashen: Fashen, case: str):
    out = io.BytesIO()
    Image.new("1", (11_000, 11_000)).save(out, "PNG", optimize=True)
    assert len(out.getvalue()) < 100_000
    with pytest.raises(NotAccepted, match="像素超过 100 百万"):
        uploaded(fashen, case, "a.png", out.getvalue())
    assert lying(fashen) == []


def test_whatever_kills_the_one_who_looks_is_a_refusal(
    fashen: Fashen, case: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(NotAccepted, match="超出了限度"):
        uploaded(fashen, case)


def test_a_pdf_with_a_script_is_kept_and_never_shown_inline(fashen: Fashen, case: str):
    plain = uploaded(fashen, case, "a.pdf", make.pdf())
    acting = uploaded(fashen, case, "b.pdf", make.pdf(script=True))
    assert plain.inline
    assert acting.detail["active"]
    assert not acting.inline


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\Users\\x\\照片 1.jpg", "照片 1.jpg"),
        ("a\0b\r\n.jpg", "ab.jpg"),
        ("x\u202egpj.jpg", "xgpj.jpg"),
        ("\u200b.jpg", "jpg"),
        ("照" * 200 + ".jpg", "照" * 83 + ".jpg"),
        ("..", "未命名"),
    ],
)
def test_a_name_loses_everything_that_deceives(name: str, kept: str):
    assert kinds.tidy(name) == kept
    assert len(kinds.tidy(name).encode()) <= 255


def test_a_name_that_reads_backwards_is_seen_for_what_it_is(fashen: Fashen, case: str):
    with pytest.raises(NotAccepted, match=r"以 \.exe 结尾"):
        begun(fashen, case, "photo\u202egpj.exe", 9)


# — how large —————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("name", "group"),
    [("a.png", "photo"), ("a.pdf", "pdf"), ("a.wav", "audio"), ("a.mp4", "video")],
)
def test_each_kind_has_its_own_limit_to_the_byte(fashen: Fashen, case: str, name: str, group: Any):
    most = kinds.limit(group, fashen.settings)
    assert begun(fashen, case, name, most).size == most
    with pytest.raises(TooLarge, match=kinds.in_words(most)):
        begun(fashen, case, name, most + 1)


def test_a_photograph_of_exactly_the_limit_is_taken_in(fashen: Fashen, case: str):
    fashen.settings = fashen.settings.model_copy(update={"files_photo": 1})
    assert uploaded(fashen, case, "a.png", make.of_length(MB)).state == "ready"
    with pytest.raises(TooLarge):
        uploaded(fashen, case, "a.png", make.of_length(MB + 1))


def test_where_the_disk_is_nearly_full_nothing_is_begun(
    fashen: Fashen, case: str, monkeypatch: pytest.MonkeyPatch
):
    free = store.RESERVE + 100
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Disk", (), {"free": free}))
    assert begun(fashen, case, "a.jpg", 100)
    with pytest.raises(NoRoom, match="磁盘快满了"):
        begun(fashen, case, "a.jpg", 101)


def test_a_disk_that_fills_up_loses_only_the_piece(
    fashen: Fashen, case: str, monkeypatch: pytest.MonkeyPatch
):
    content = make.picture()
    upload = begun(fashen, case, "a.jpg", len(content))
    sent(fashen, upload, content[:10])

    def full(*_: Any) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken, uploads.receive(fashen, upload, 10) as part:
        broken.setattr("os.pwrite", full)
        with pytest.raises(NoRoom):
            part.write(content[10:])
    assert uploads.offset(fashen, upload) == 10
    assert sent(fashen, upload, content[10:]).state == "ready"


def test_nobody_piles_up_what_nobody_registers(
    fashen: Fashen, case: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(uploads, "MOST_UNCLAIMED", 2)
    first = uploaded(fashen, case)
    begun(fashen, case, "a.jpg", 9)
    with pytest.raises(NoRoom, match="还没有登记的文件已有 2 个"):
        begun(fashen, case, "a.jpg", 9)
    registered(fashen, case, first)
    assert begun(fashen, case, "a.jpg", 9)


# — piece by piece ————————————————————————————————————————————————————————————————————————


def test_pieces_of_any_size_make_the_same_file(fashen: Fashen, case: str):
    content = make.picture(size=(300, 200))
    upload = begun(fashen, case, "a.jpg", len(content))
    assert uploads.finish(fashen, upload).state == "receiving"
    found = sent(fashen, upload, content[:1], content[1:700], content[700:])
    assert found.state == "ready"
    assert digest(uploads.store_of(fashen).blob(found.sha256)) == found.sha256


@pytest.mark.parametrize("offset", [0, 9, 11])
def test_a_piece_that_does_not_follow_says_where_to_go_on(fashen: Fashen, case: str, offset: int):
    upload = begun(fashen, case, "a.jpg", 100)
    sent(fashen, upload, b"\xff" * 10)
    with pytest.raises(WrongOffset, match="已收到 10 字节"):
        uploads.receive(fashen, upload, offset)


def test_two_connections_do_not_write_the_same_upload(fashen: Fashen, case: str):
    upload = begun(fashen, case, "a.jpg", 100)
    with uploads.receive(fashen, upload, 0), pytest.raises(Busy):
        uploads.receive(fashen, upload, 0)
    uploads.receive(fashen, upload, 0).close()


def test_two_who_finish_at_once_leave_one_whole_file(database_url: str):
    fashen = office_at(database_url, now=day(2026, 9, 1))
    case, content = a_case(fashen, "investigating"), make.picture(size=(2000, 1500))
    upload = begun(fashen, case, "a.jpg", len(content))
    with uploads.receive(fashen, upload, 0) as part:
        part.write(content)
    told: list[str] = []

    def finish() -> None:
        try:
            told.append(uploads.finish(fashen, upload).state)
        except Busy:
            told.append("busy")

    several = [threading.Thread(target=finish) for _ in range(4)]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert set(told) <= {"ready", "busy"}
    assert "ready" in told
    assert uploads.finish(fashen, upload).state == "ready"
    assert len(lying(fashen)) == 1


def test_the_same_key_twice_at_once_is_the_same_place(database_url: str):
    fashen = office_at(database_url, now=day(2026, 9, 1))
    case, made = a_case(fashen, "investigating"), []
    several = [
        threading.Thread(target=lambda: made.append(begun(fashen, case, "a.jpg", 9, key="k").id))
        for _ in range(4)
    ]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert (len(made), len(set(made))) == (4, 1)


def test_the_same_key_is_the_same_place(fashen: Fashen, case: str):
    first = begun(fashen, case, "a.jpg", 100, key="k")
    assert begun(fashen, case, "a.jpg", 100, key="k").id == first.id
    with pytest.raises(Malformed, match="另一个文件"):
        begun(fashen, case, "a.jpg", 101, key="k")
    assert len(rows(fashen)) == 1


def test_the_same_bytes_from_two_people_lie_there_once(database_url: str):
    fashen = office_at(database_url, now=day(2026, 9, 1))
    case, content, made = a_case(fashen, "investigating"), make.picture(size=(600, 400)), []

    def upload(by: str) -> None:
        made.append(uploaded(fashen, case, f"{by}.jpg", content, by=by))

    both = [threading.Thread(target=upload, args=(by,)) for by in ("zhang", "li")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len({upload.id for upload in made}) == 2
    assert len(lying(fashen)) == 1
    uploads.forget(fashen, made[0])
    assert len(lying(fashen)) == 1
    uploads.forget(fashen, made[1])
    assert lying(fashen) == []


def test_the_original_is_read_only_and_only_ours(fashen: Fashen, case: str):
    uploaded(fashen, case)
    [file] = lying(fashen)
    assert stat.S_IMODE(file.stat().st_mode) == 0o400
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


# — who ———————————————————————————————————————————————————————————————————————————————————


def test_only_who_may_register_evidence_may_upload(fashen: Fashen, case: str):
    for by in ("shen", "clerk", "inspector", "admin"):
        with pytest.raises(NotYourMove, match="没有收下"):
            begun(fashen, case, "a.jpg", 9, by=by)
    decided = a_case(fashen, "in_effect")
    with pytest.raises(NotFromHere, match="没有收下"):
        begun(fashen, decided, "a.jpg", 9)
    with pytest.raises(NotFound):
        begun(fashen, "nowhere", "a.jpg", 9)


def test_a_foreign_office_finds_neither_case_nor_file(fashen: Fashen, case: str):
    other = offices.read("sample").model_copy(update={"office": "other"})
    offices.load(fashen, other)
    upload = uploaded(fashen, case)
    with pytest.raises(NotFound):
        uploads.find(fashen, "other", case, upload.id)
    who = make.person(fashen, office="other")
    with pytest.raises(NotFound):
        uploads.begin(fashen, "other", who, case, name="a.jpg", declared="", size=9)
    assert uploads.of_case(fashen, "other", case) == {}


# — in the ledger —————————————————————————————————————————————————————————————————————————


def test_the_ledger_names_digest_size_and_type_and_no_name(fashen: Fashen, case: str):
    upload = uploaded(fashen, case, "张某身份证.jpg")
    made = registered(fashen, case, upload)
    item = next(e for e in document_of(fashen, case)["evidence"] if e["id"] == made)
    assert item["files"] == [
        {
            "file": upload.id,
            "sha256": upload.sha256,
            "size": upload.size,
            "media_type": "image/jpeg",
        }
    ]
    assert "张某身份证" not in str(document_of(fashen, case))
    assert check_all(fashen) == []


def test_a_refused_step_registers_nothing(fashen: Fashen, case: str):
    upload = uploaded(fashen, case)
    form: dict[str, Any] = {
        "kind": "视听资料",
        "name": "照片",
        "proves": "焚烧",
        "files": [{"file": upload.id}],
    }
    with pytest.raises(FashenError):
        take(fashen, "zhang", "add_evidence", case, **form)  # no place, no maker, no reason
    assert uploads.find(fashen, OFFICE, case, upload.id).state == "ready"
    registered(fashen, case, upload)
    with pytest.raises(Malformed, match="已经登记在本案的一份证据里"):
        registered(fashen, case, upload)


def test_what_is_not_whole_or_not_there_or_not_of_this_case_is_not_registered(
    fashen: Fashen, case: str
):
    for upload, said in (
        (begun(fashen, case, "a.jpg", 9), "还没有传完"),
        (uploaded(fashen, a_case(fashen, "investigating")), "没有编号为"),
    ):
        with pytest.raises(Malformed, match=said):
            registered(fashen, case, upload)
    gone = uploaded(fashen, case)
    uploads.store_of(fashen).blob(gone.sha256).unlink()
    with pytest.raises(Malformed, match="找不到了"):
        registered(fashen, case, gone)


def test_a_digest_that_is_none_of_the_files_is_a_mistake(fashen: Fashen, case: str):
    upload = uploaded(fashen, case)
    with pytest.raises(Malformed, match="都不符"):
        registered(fashen, case, upload, digest="0" * 64)
    registered(fashen, case, upload, digest=upload.sha256)


# — proof —————————————————————————————————————————————————————————————————————————————————


def altered(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.chmod(0o600)
    file.write_bytes(content)


def cut(file: Path) -> None:
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:-1])


@pytest.mark.parametrize(
    ("happens", "said"),
    [(altered, "被改动或者调换过"), (cut, "现在"), (Path.unlink, "文件不见了")],
)
def test_an_altered_cut_or_missing_file_is_found(
    fashen: Fashen, case: str, happens: Any, said: str
):
    upload = uploaded(fashen, case)
    registered(fashen, case, upload)
    happens(uploads.store_of(fashen).blob(upload.sha256))
    [fault] = check_all(fashen)
    assert said in fault


def test_two_files_that_were_swapped_are_found(fashen: Fashen, case: str):
    one = uploaded(fashen, case, "a.png", make.of_length(5000))
    two = uploaded(fashen, case, "b.jpg", make.picture(colour="blue"))
    registered(fashen, case, one, two)
    first, second = (uploads.store_of(fashen).blob(f.sha256) for f in (one, two))
    first.rename(first.with_suffix(".x"))
    second.rename(first)
    first.with_suffix(".x").rename(second)
    assert len(check_all(fashen)) == 2


def test_a_row_that_was_turned_to_another_file_is_found(fashen: Fashen, case: str):
    one, two = uploaded(fashen, case), uploaded(fashen, case, "b.jpg", make.picture(colour="blue"))
    registered(fashen, case, one)
    with fashen.engine.begin() as tx:
        mine = models.file.update().where(models.file.c.id == one.id)
        tx.execute(mine.values(sha256=two.sha256, size=two.size))
    assert any("被换过" in fault for fault in check_all(fashen))
    with fashen.engine.begin() as tx:
        tx.execute(models.file.delete().where(models.file.c.id == one.id))
    assert any("没有这一行" in fault for fault in check_all(fashen))


def test_the_sweep_reads_originals_again_and_health_says_what_it_found(fashen: Fashen, case: str):
    upload = uploaded(fashen, case)
    registered(fashen, case, upload)
    altered(uploads.store_of(fashen).blob(upload.sha256))
    set_clock(fashen, fashen.clock() + timedelta(days=29))
    sweep(fashen)
    assert not any(line.name == "files" for line in health(fashen))
    set_clock(fashen, fashen.clock() + timedelta(days=2))
    sweep(fashen)
    [line] = [line for line in health(fashen) if line.name == "files"]
    assert line.level == "red"
    altered(uploads.store_of(fashen).blob(upload.sha256))  # the last bit is as it was
    set_clock(fashen, fashen.clock() + timedelta(hours=2))
    sweep(fashen)
    assert not any(line.name == "files" for line in health(fashen))


def test_a_machine_that_does_not_see_the_folder_judges_nothing(fashen: Fashen, case: str):
    registered(fashen, case, uploaded(fashen, case))
    fashen.settings = fashen.settings.model_copy(update={"files_dir": Path("nowhere")})
    set_clock(fashen, fashen.clock() + timedelta(days=40))
    sweep(fashen)
    assert not any(line.name == "files" for line in health(fashen))


# — what nobody claimed ———————————————————————————————————————————————————————————————————


def test_what_nobody_registered_goes_after_a_day_and_what_a_ledger_names_stays(
    fashen: Fashen, case: str
):
    kept, orphan = (
        uploaded(fashen, case),
        uploaded(fashen, case, "b.jpg", make.picture(colour="blue")),
    )
    same = uploaded(fashen, case, "c.jpg")
    half = begun(fashen, case, "d.jpg", 100)
    sent(fashen, half, b"\xff" * 10)
    registered(fashen, case, kept)
    set_clock(fashen, fashen.clock() + timedelta(hours=23, minutes=59))
    sweep(fashen)
    assert len(rows(fashen)) == 4
    set_clock(fashen, fashen.clock() + timedelta(minutes=2))
    sweep(fashen)
    assert [row.id for row in rows(fashen)] == [kept.id]
    assert lying(fashen) == [uploads.store_of(fashen).blob(kept.sha256)]
    assert same.sha256 == kept.sha256
    assert not uploads.store_of(fashen).preview(orphan.sha256, "320").exists()
    assert check_all(fashen) == []


def test_who_goes_on_sending_is_not_swept_away(fashen: Fashen, case: str):
    upload = begun(fashen, case, "d.jpg", 100)
    for _ in range(3):
        set_clock(fashen, fashen.clock() + timedelta(hours=20))
        sent(fashen, upload, b"\xff")
        sweep(fashen)
    assert uploads.offset(fashen, upload) == 3


def test_bytes_that_the_ledger_names_stay_even_where_the_row_says_otherwise(
    fashen: Fashen, case: str
):
    upload = uploaded(fashen, case)
    registered(fashen, case, upload)
    with fashen.engine.begin() as tx:
        tx.execute(models.file.update().values(state="ready"))
    set_clock(fashen, fashen.clock() + timedelta(days=2))
    sweep(fashen)
    assert uploads.store_of(fashen).has(upload.sha256, upload.size)


# — what stands in it —————————————————————————————————————————————————————————————————————


def test_previews_are_upright_small_and_say_nothing(fashen: Fashen, case: str):
    content = make.picture(size=(800, 400), turned=6, camera="ACME P1", gps=True)
    upload = uploaded(fashen, case, "a.jpg", content)
    for size, shape in (("320", (160, 320)), ("1600", (400, 800))):
        with Image.open(uploads.store_of(fashen).preview(upload.sha256, size)) as drawn:
            assert drawn.size == shape
            assert dict(drawn.getexif()) == {}
            assert set(drawn.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert uploads.store_of(fashen).blob(upload.sha256).read_bytes() == content


def test_a_preview_that_was_lost_is_drawn_again(fashen: Fashen, case: str):
    for name, content in (("a.jpg", make.picture()), ("a.pdf", make.pdf())):
        upload = uploaded(fashen, case, name, content)
        place = uploads.store_of(fashen).preview(upload.sha256, "320")
        place.unlink()
        assert upload.kind
        assert views.preview(uploads.store_of(fashen), upload.sha256, upload.kind, "320") == place


def test_time_place_and_camera_are_read(fashen: Fashen, case: str):
    content = make.picture(taken="2026:08:31 10:53:00", camera="ACME P1", gps=True)
    told = uploaded(fashen, case, "a.jpg", content).detail
    assert told["taken"] == "2026-08-31T10:53:00"
    assert (told["camera"], told["lat"], told["lon"]) == ("ACME P1", "39.14167", "117.16667")


def test_nonsense_in_a_picture_is_left_out(fashen: Fashen, case: str):
    told = uploaded(fashen, case, "a.jpg", make.picture(taken="0000:00:00 99:99:99")).detail
    assert "taken" not in told


@pytest.mark.parametrize(
    ("taken", "on", "time", "said"),
    [
        ("2026:09:01 10:53:00", "2026-09-01", "", ""),
        ("2026:09:01 10:53:00", "2026-09-01", "11:03", ""),
        ("2026:09:01 10:53:00", "2026-09-01", "11:04", "相差 11 分钟"),
        ("2026:08:31 10:53:00", "2026-09-01", "", "相差 1 个自然日"),
        ("2026:08:30 10:53:00", "2026-09-01", "10:53", "相差 2 个自然日"),
    ],
)
def test_two_times_that_disagree_are_told_and_block_nothing(
    fashen: Fashen, case: str, taken: str, on: str, time: str, said: str
):
    upload = uploaded(fashen, case, "a.jpg", make.picture(taken=taken))
    registered(fashen, case, upload, taken_on=on, taken_time=time)
    [*_, item] = document_of(fashen, case)["evidence"]
    told = notes.notes(upload, Evidence.model_validate(item))
    assert ([said] if said else []) == [s[s.index("相差") :] for s in told]


def test_what_a_recording_still_lacks_by_article_12_is_told(fashen: Fashen, case: str):
    sound = uploaded(fashen, case, "a.wav", make.wav())
    registered(fashen, case, sound, medium="录音笔")
    [*_, item] = document_of(fashen, case)["evidence"]
    told = notes.lacking(Evidence.model_validate(item))
    assert "还没有记明：时刻、录音的文字记录" in told
    written = uploaded(fashen, case, "a.pdf", make.pdf())
    registered(fashen, case, written, kind="书证")
    [*_, item] = document_of(fashen, case)["evidence"]
    assert notes.lacking(Evidence.model_validate(item)) == ""


@pytest.mark.parametrize(("hour", "said"), [(2, 0), (10, 0), (13, 1)])
def test_a_video_may_count_in_utc_or_in_beijing(fashen: Fashen, case: str, hour: int, said: int):
    content = make.film(made=datetime(2026, 9, 1, hour, 53, tzinfo=UTC))
    upload = uploaded(fashen, case, "a.mp4", content)
    item = Evidence(
        id="e1", kind="视听资料", name="x", proves="x", taken_on="2026-09-01", taken_time="10:53"
    )
    assert len(notes.notes(upload, item)) == said


def test_a_poster_is_drawn_only_where_ffmpeg_is(
    fashen: Fashen, case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    upload, at = uploaded(fashen, case, "a.mp4", make.film()), uploads.store_of(fashen)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert views.preview(at, upload.sha256, kinds.MP4, "320") is None
    shot = tmp_path / "shot.jpg"
    shot.write_bytes(make.picture())
    fake = tmp_path / "ffmpeg"
    fake.write_text(f'#!/bin/sh\nfor last; do :; done\n/bin/cp "{shot}" "$last"\n')
    fake.chmod(0o755)
    drawn = views.preview(at, upload.sha256, kinds.MP4, "320")
    assert drawn
    assert drawn.read_bytes() == make.picture()


def test_the_one_who_looks_writes_nothing_to_the_original(tmp_path: Path):
    file = tmp_path / "a.jpg"
    file.write_bytes(make.picture())
    file.chmod(0o400)
    assert look.look(file, "image/jpeg", tmp_path)["width"] == 40
    assert file.read_bytes() == make.picture()


def test_a_story_that_is_only_told_keeps_its_files_to_itself(tmp_path: Path):
    there = Settings(_env_file=None, files_dir=tmp_path / "shared")
    assert there.indoors(tmp_path / "story").files == tmp_path / "story" / "files"
