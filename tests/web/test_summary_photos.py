"""照片 of the form of 简易程序 — refused before anything is decided, or evidence of it; and the preview."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from httpx2 import Response

from tests import recordings as make
from tests.builders import day, document_of, office_at, row_of, set_clock, state_of
from tests.web.test_summary_page import Street, beside, case_of, hidden, plain
from tests.web.visiting import enter
from workflow import models
from workflow.files.kinds import MB
from workflow.files.sweeping import sweep_files
from workflow.files.uploads import store_of
from workflow.oracle import check_all
from workflow.web.app import make_app
from workflow.web.pages.summary_photos import MOST

File = tuple[str, bytes, str]

A_PHOTO: File = ("IMG_0012.jpg", make.picture(size=(300, 200)), "image/jpeg")
ANOTHER: File = ("IMG_0013.jpg", make.picture(size=(200, 300)), "image/jpeg")
A_FILM: File = ("VID_0001.mp4", make.film(), "video/mp4")
A_CARD: File = ("card.jpg", make.picture(size=(320, 200)), "image/jpeg")


class Scene(Street):
    """The street, with a camera."""

    def send_with(self, *photos: File, **changed: Any) -> Response:
        cards = changed.pop("cards", ())
        files = [("photo.new", photo) for photo in photos] + [("card.new", card) for card in cards]
        real = self.client.post

        def with_files(url: str, **more: Any) -> Response:
            return real(url, files=files, **more)

        self.client.post = with_files  # type: ignore[method-assign, assignment]
        try:
            return self.send(**changed)
        finally:
            self.client.post = real  # type: ignore[method-assign]

    def files(self) -> list[tuple[str, str]]:
        """Of each upload its name and state."""
        f = models.file.c
        with self.fashen.engine.begin() as tx:
            return [tuple(row) for row in tx.execute(sa.select(f.name, f.state).order_by(f.name))]

    def same(self) -> dict[str, str]:
        """What a form sent twice has in common."""
        page = self.page().text
        same = {name: hidden(page, name) for name in ("key", "shown_at", "shown_decision")}
        return same | {"at": same["shown_at"], "decision": same["shown_decision"]}


@pytest.fixture
def scene() -> Iterator[Scene]:
    fashen = office_at(now=day(2026, 9, 1, 12))
    with TestClient(make_app(fashen)) as client:
        enter(client, "zhang")
        yield Scene(fashen, client)


def taken(page: str, album: str = "photo") -> list[str]:
    """The ids of what the form that came back says is taken in already."""
    return re.findall(rf'name="{album}" value="([^"]+)" checked', page)


# — registered with the decision ———————————————————————————————————————————————————————————


def test_each_photo_is_evidence_with_time_place_maker_and_what_it_proves(scene: Scene):
    stated = {"photo.new.at": ["2026-09-01T11:51", "2026-09-01T11:52"],
              "photo.new.maker": ["zhang", "li"], "photo.new.proves": ["", "垃圾的来源"]}  # fmt: skip
    case = case_of(scene.send_with(A_PHOTO, A_FILM, **stated))
    document = document_of(scene.fashen, case)
    told = [
        (e["name"], e["kind"], e["taken_on"], e["taken_time"], e["place"], e["maker"], e["proves"])
        for e in document["evidence"]
    ]
    kind, today, place = "视听资料", "2026-09-01", "示例路 12 号门前"
    assert told == [
        ("现场照片 1", kind, today, "11:51", place, "张衡", "现场情况"),
        ("现场录像 1", kind, today, "11:52", place, "李薇", "垃圾的来源"),
    ]
    assert document["summary"]["records"].splitlines() == [
        "现场照片 1：2026-09-01 11:51，示例路 12 号门前，张衡拍摄，证明现场情况",
        "现场录像 1：2026-09-01 11:52，示例路 12 号门前，李薇拍摄，证明垃圾的来源",
    ]
    assert scene.files() == [("IMG_0012.jpg", "registered"), ("VID_0001.mp4", "registered")]
    assert check_all(scene.fashen) == []


def test_the_original_lies_in_the_store_untouched_and_is_not_swept(scene: Scene):
    case = case_of(scene.send_with(A_PHOTO))
    set_clock(scene.fashen, day(2026, 9, 4))
    sweep_files(scene.fashen)
    (held,) = document_of(scene.fashen, case)["evidence"][0]["files"]
    assert store_of(scene.fashen).blob(held["sha256"]).read_bytes() == A_PHOTO[1]


def test_without_a_stated_time_the_file_says_it_and_else_the_form(scene: Scene):
    own = make.picture(size=(310, 200), taken="2026:09:01 11:40:00")
    case = case_of(scene.send_with(("a.jpg", own, "image/jpeg"), ANOTHER))
    times = [e["taken_time"] for e in document_of(scene.fashen, case)["evidence"]]
    assert times == ["11:40", "12:00"]


def test_a_card_proves_identity_and_stands_on_no_paper(scene: Scene):
    answer = scene.send_with(cards=(A_CARD,))
    document = document_of(scene.fashen, case_of(answer))
    (item,) = document["evidence"]
    assert (item["proves"], item["proves_identity"]) == ("当事人身份", True)
    assert "身份证件" not in document["summary"].get("records", "")
    paper = scene.client.get(answer.headers["location"]).text
    article = paper[paper.index("<article") : paper.index("</article>")]
    assert "身份证件" not in article
    assert (
        item["files"][0]["file"] not in paper
    )  # not even its address: the party looks at this screen
    assert item["files"][0]["file"] in scene.client.get(f"/cases/{case_of(answer)}").text


def test_photos_stand_beside_the_decision_and_the_case_leads_to_it(scene: Scene):
    answer = scene.send_with(A_PHOTO)
    case = case_of(answer)
    page = scene.client.get(f"/summary/{case}").text
    address = re.search(rf'src="(/cases/{case}/files/[^"]+/preview/320)"', page)
    assert address
    assert scene.client.get(address[1]).headers["content-type"] == "image/jpeg"
    assert f'href="/summary/{case}"' in scene.client.get(f"/cases/{case}").text


def test_whoever_sees_no_evidence_is_not_shown_the_photos(scene: Scene):
    case = case_of(scene.send_with(A_PHOTO))
    enter(scene.client, "clerk")
    seen = scene.client.get(f"/summary/{case}")
    enter(scene.client, "finance")
    unseen = scene.client.get(f"/summary/{case}")
    assert "/preview/320" in seen.text
    assert "/preview/320" not in unseen.text


# — refused, and nothing decided ———————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("photo", "said"),
    [
        (("a.jpg", b"<html><script>alert(1)</script>", "image/jpeg"), "内容却是网页"),
        (("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"), "名字以 .svg 结尾"),
        (("a.pdf", make.pdf(), "application/pdf"), "这里只收照片、视频"),
        (("a.mp4", make.film()[:-40], "video/mp4"), "文件不完整"),
        (("a.jpg", b"", "image/jpeg"), "是空文件"),
    ],
)  # fmt: skip
def test_a_photo_that_is_refused_is_told_beside_its_field_and_nothing_is_decided(
    scene: Scene, photo: File, said: str
):
    answer = scene.send_with(A_PHOTO, photo)
    assert answer.status_code == 422
    assert said in beside(answer.text, "photos"), plain(answer.text)
    assert scene.cases() == 0
    assert scene.files() == [("IMG_0012.jpg", "ready")]
    with scene.fashen.engine.begin() as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(models.refusal)) == 0
    # What is filled in and the photo that was taken in are still there; without the other one it goes.
    (kept,) = taken(answer.text)
    again = scene.send_with(photo=kept, key=hidden(answer.text, "key"))
    assert len(document_of(scene.fashen, case_of(again))["evidence"]) == 1


def test_a_card_takes_no_film(scene: Scene):
    answer = scene.send_with(cards=(A_FILM,))
    assert "这里只收照片" in beside(answer.text, "card")
    assert scene.cases() == 0


def test_a_photo_as_large_as_may_be_is_taken_and_a_byte_more_is_not(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    most = len(A_PHOTO[1])
    monkeypatch.setattr("workflow.files.kinds.limit", lambda group, settings: most)
    longer = ("b.jpg", A_PHOTO[1] + b"\0", "image/jpeg")
    assert "照片一个最多" in beside(scene.send_with(longer).text, "photos")
    assert scene.cases() == 0
    case_of(scene.send_with(A_PHOTO))


def test_as_many_as_may_be_are_taken_and_one_more_is_not(scene: Scene):
    many = [(f"{n}.jpg", make.picture(size=(100 + n, 80)), "image/jpeg") for n in range(MOST + 1)]
    answer = scene.send_with(*many)
    assert f"最多 {MOST} 份" in beside(answer.text, "photos")
    assert scene.files() == []
    case = case_of(scene.send_with(*many[:MOST]))
    assert len(document_of(scene.fashen, case)["evidence"]) == MOST


def test_a_form_larger_than_its_address_takes_is_refused_in_words(scene: Scene):
    csrf = hidden(scene.page().text, "csrf")
    most = scene.fashen.settings.files_form * MB
    answer = scene.client.post(
        "/summary",
        content=b"",
        headers={
            "content-type": "multipart/form-data; boundary=x",
            "content-length": str(most + 1),
            "x-csrf-token": csrf,
        },
    )
    assert answer.status_code == 413
    assert "一张表单连同文件最多 300 MB，什么都没有改变" in plain(answer.text)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"photo.new.at": "昨天"}, "读不懂"),
        ({"photo.new.at": "2026-09-01T12:06"}, "还没有到"),
        ({"photo.new.maker": "nobody"}, "请选择拍摄人"),
        ({"photo.new.proves": "长" * 201}, "最多 200 个字"),
    ],
)
def test_what_is_stated_of_a_photo_and_cannot_be_is_told_beside_it(
    scene: Scene, changed: dict[str, Any], said: str
):
    answer = scene.send_with(A_PHOTO, **changed)
    assert answer.status_code == 422
    assert said in beside(answer.text, "photos"), plain(answer.text)
    assert scene.cases() == 0
    assert len(taken(answer.text)) == 1


def test_five_minutes_ahead_is_a_camera_whose_clock_is_a_little_fast(scene: Scene):
    case_of(scene.send_with(A_PHOTO, **{"photo.new.at": "2026-09-01T12:05"}))


def test_a_decision_that_the_law_refuses_registers_no_photo_and_loses_none(scene: Scene):
    answer = scene.send_with(A_PHOTO, fine="200.01")
    assert answer.status_code == 409
    assert scene.cases() == 0
    assert scene.files() == [("IMG_0012.jpg", "ready")]
    (kept,) = taken(answer.text)
    case = case_of(scene.send_with(photo=kept, key=hidden(answer.text, "key")))
    assert [e["files"][0]["file"] for e in document_of(scene.fashen, case)["evidence"]] == [kept]


def test_one_that_was_left_for_a_day_is_swept_and_said(scene: Scene):
    answer = scene.send_with(A_PHOTO, fine="200.01")
    (kept,) = taken(answer.text)
    set_clock(scene.fashen, day(2026, 9, 3, 12))
    sweep_files(scene.fashen)
    enter(scene.client, "zhang")
    again = scene.send_with(photo=kept, at="2026-09-01T12:00")
    assert "已经清理" in beside(again.text, "photos")
    assert scene.cases() == 0


def test_nobody_registers_what_somebody_else_brought(scene: Scene):
    (kept,) = taken(scene.send_with(A_PHOTO, fine="200.01").text)
    enter(scene.client, "li")
    answer = scene.send_with(photo=kept)
    assert "已经清理" in beside(answer.text, "photos")
    assert scene.cases() == 0


def test_nobody_registers_somebody_elses_photo_through_a_case_either(scene: Scene):
    (kept,) = taken(scene.send_with(A_PHOTO, fine="200.01").text)
    enter(scene.client, "li")
    case = case_of(scene.send())
    page = scene.client.get(f"/cases/{case}/do/add_evidence").text
    sent = {name: hidden(page, name) for name in ("csrf", "version", "key", "shown_at")}
    told = {"kind": "视听资料", "name": "现场照片", "proves": "地点", "lawful": "true", "place": "路",
            "maker": "李薇", "files": kept}  # fmt: skip
    answer = scene.client.post(
        f"/cases/{case}/do/add_evidence",
        data=sent | {f"f.{name}": value for name, value in told.items()},
        follow_redirects=False,
    )
    assert answer.status_code == 422
    assert "evidence" not in document_of(scene.fashen, case)


# — twice ——————————————————————————————————————————————————————————————————————————————————


def test_the_same_form_sent_twice_stores_one_set_of_files(scene: Scene):
    same = scene.same()
    first = scene.send_with(A_PHOTO, ANOTHER, cards=(A_CARD,), **same)
    second = scene.send_with(A_PHOTO, ANOTHER, cards=(A_CARD,), **same)
    case = case_of(first)
    assert case_of(second) == case
    assert [state for _, state in scene.files()] == ["registered"] * 3
    assert len(document_of(scene.fashen, case)["evidence"]) == 3
    assert check_all(scene.fashen) == []


@pytest.mark.parametrize("more", [((ANOTHER,), ()), ((), (A_CARD,))])
def test_the_same_form_with_another_photo_in_it_adds_nothing_to_what_is_decided(
    scene: Scene, more: tuple[tuple[File, ...], tuple[File, ...]]
):
    same = scene.same()
    case = case_of(scene.send_with(A_PHOTO, **same))
    before = row_of(scene.fashen, case)["version"]
    answer = scene.send_with(A_PHOTO, *more[0], cards=more[1], **same)
    assert answer.status_code == 422
    assert row_of(scene.fashen, case)["version"] == before
    assert scene.cases() == 1


def test_the_same_picture_chosen_twice_is_one(scene: Scene):
    case = case_of(scene.send_with(A_PHOTO, A_PHOTO))
    assert len(document_of(scene.fashen, case)["evidence"]) == 1


# — the other way ——————————————————————————————————————————————————————————————————————————


def test_what_becomes_an_ordinary_case_takes_its_photos_along(scene: Scene):
    case = case_of(scene.send_with(A_PHOTO, cards=(A_CARD,), way="ordinary", fine="800"))
    assert state_of(scene.fashen, case) == "checking"
    assert [e["proves"] for e in document_of(scene.fashen, case)["evidence"]] == [
        "现场情况", "当事人身份",
    ]  # fmt: skip
    assert check_all(scene.fashen) == []


def test_who_has_photos_and_no_party_has_begun_to_check(scene: Scene):
    case = case_of(scene.send_with(A_PHOTO, way="ordinary", name="", number=""))
    assert state_of(scene.fashen, case) == "checking"
    assert len(document_of(scene.fashen, case)["evidence"]) == 1


# — without a script ———————————————————————————————————————————————————————————————————————


def test_photos_may_be_taken_in_first_and_described_one_by_one(scene: Scene):
    answer = scene.send_with(A_PHOTO, ANOTHER, way="look")
    assert answer.status_code == 200
    one, other = taken(answer.text)
    assert scene.cases() == 0
    described = {f"photo.proves.{one}": "地点", f"photo.at.{other}": "2026-09-01T09:15"}
    case = case_of(scene.send_with(photo=[one, other], **described))
    evidence = document_of(scene.fashen, case)["evidence"]
    assert [(e["proves"], e["taken_time"]) for e in evidence] == [
        ("地点", "12:00"),
        ("现场情况", "09:15"),
    ]


def test_one_that_is_not_ticked_is_not_registered(scene: Scene):
    one, _ = taken(scene.send_with(A_PHOTO, ANOTHER, way="look").text)
    case = case_of(scene.send_with(photo=one))
    assert len(document_of(scene.fashen, case)["evidence"]) == 1
    assert sorted(state for _, state in scene.files()) == ["ready", "registered"]


# — the preview ————————————————————————————————————————————————————————————————————————————


def stored(scene: Scene) -> dict[str, list[Any]]:
    """Every row of every table, but for when somebody was last here."""
    with scene.fashen.engine.begin() as tx:
        return {
            table.name: sorted(map(repr, tx.execute(sa.select(table))))
            for table in models.metadata.sorted_tables
            if table.name != "session"
        }


def test_the_preview_shows_the_paper_and_writes_nothing(scene: Scene):
    before = stored(scene)
    answer = scene.send_with(A_PHOTO, way="preview", signed_with="", received="")
    assert answer.status_code == 200
    paper = plain(answer.text)
    for words in ("预览 未生效", "田某某", "随意倾倒生活垃圾", "罚款 200 元", "示街罚当〔2026〕001号",
                  "现场照片 1：2026-09-01 12:00", "至迟2026年9月16日"):  # fmt: skip
        assert words in paper, words
    assert stored(scene) == before
    assert list(store_of(scene.fashen).root.rglob("*.part")) == []
    # Its number is still free.
    assert document_of(scene.fashen, case_of(scene.send()))["decision"]["number"].endswith("001号")


def test_the_paper_of_the_preview_is_the_paper(scene: Scene):
    def article(page: str) -> str:
        found = page[page.index("<article") : page.index("</article>")]
        words = " ".join(re.sub(r"<[^>]+>", " ", html.unescape(found)).split())
        return words.replace("预览 未生效", "").strip()

    same = scene.same()
    seen = scene.send_with(A_PHOTO, way="preview", **same).text
    done = scene.send_with(A_PHOTO, **same)
    assert article(seen) == article(scene.client.get(done.headers["location"]).text)


def test_what_could_not_be_decided_has_no_preview_and_is_no_refusal(scene: Scene):
    before = stored(scene)
    answer = scene.send_with(way="preview", fine="200.01", signed_with="")
    assert answer.status_code == 422
    assert "还不能作出" in plain(answer.text)
    assert "转为普通程序立案" in plain(answer.text)
    answer = scene.send_with(way="preview", correction="", signed_with="")
    assert "请选择责令改正的情况" in plain(answer.text)
    assert stored(scene) == before


def test_a_clerk_previews_nothing(scene: Scene):
    enter(scene.client, "clerk")
    csrf = scene.client.get("/me").text
    answer = scene.client.post("/summary", data={"csrf": hidden(csrf, "csrf"), "way": "preview"})
    assert answer.status_code == 403
