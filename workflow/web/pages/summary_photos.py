"""现场照片 — the pictures and short videos of the form of 简易程序, and the picture of the party's identity card.

They are evidence like any other: taken in as soon as they come (attaching.py, workflow/files), so that one that
is refused is told before anything is decided, and registered by the very transaction that decides. Their case
is opened by that transaction too; until then they are uploads of whoever sent them, and go after a day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData, UploadFile

from policies.casefile import EvidenceKind
from workflow import errors
from workflow.files import kinds, notes, uploads
from workflow.files.kinds import Group
from workflow.files.refused import NoRoom, NotAccepted
from workflow.files.uploads import NO_CASE, Upload
from workflow.times import beijing
from workflow.web.pages import attaching
from workflow.web.pages.session import Visit
from workflow.work import TOLERANCE

MOST = 20
"""Pictures in one field of the form; whoever has more registers them on the page of the case."""


LONGEST = 200
"""Characters of what one of them proves: it stands in one line of the decision."""


class Wrong(Exception):
    """One field that the page itself finds wanting."""

    def __init__(self, field: str, said: str) -> None:
        super().__init__(said)
        self.field, self.said = field, said


@dataclass(frozen=True, slots=True)
class Album:
    """One file field of the form: `name` in the form, `beside` where what is wrong is told."""

    name: str
    beside: str
    groups: tuple[Group, ...]
    kind: EvidenceKind
    proves: str
    called: str


SCENE = Album("photo", "photos", ("photo", "video"), EvidenceKind.AUDIOVISUAL, "现场情况", "现场")
CARD = Album("card", "card", ("photo",), EvidenceKind.DOCUMENT, "当事人身份", "当事人身份证件")
ALBUMS = (SCENE, CARD)


@dataclass(frozen=True, slots=True)
class Picture:
    """One file with what is stated of it; `at` as typed, `maker` somebody of the office.

    Only in a preview there is no upload.
    """

    album: Album
    at: str
    maker: str
    proves: str
    film: bool
    upload: Upload | None

    @property
    def word(self) -> str:
        return f"{self.album.called}{'录像' if self.film else '照片'}"

    @property
    def waits(self) -> bool:
        """It is still to be registered; one that is already is not offered again."""
        return self.upload is not None and self.upload.state == "ready"


def of_form(
    visit: Visit, form: FormData, *, dry: bool = False
) -> tuple[list[Picture], dict[str, list[str]]]:
    """Every picture that came with the form or before, taken in, and what is wrong with the others by field.

    `dry` takes nothing in: only how many there are and what is stated of them counts.
    """
    found: dict[tuple[str, str], Picture] = {}
    wrong: dict[str, list[str]] = {}
    for album in ALBUMS:
        told = [_before(visit, album, form), _fresh(visit, album, form, dry)]
        for made in (one for part in told for one in part):
            if isinstance(made, str):
                wrong.setdefault(album.beside, []).append(made)
            else:
                id = made.upload.id if made.upload else str(len(found))
                found.setdefault((album.name, id), made)
    return list(found.values()), wrong


def _before(visit: Visit, album: Album, form: FormData) -> Iterable[Picture | str]:
    """Those that came with an earlier press: the form that came back names them by their ids."""
    for id in dict.fromkeys(v for v in form.getlist(album.name) if isinstance(v, str)):
        try:
            upload = uploads.brought(visit.fashen, visit.office.office, visit.person, id)
        except errors.NotFound:
            yield "先前收下的照片放了一天没有登记，已经清理：请重新拍照或者选择，再提交。"
        else:
            stated = [_one(form, f"{album.name}.{what}.{id}") for what in ("at", "maker", "proves")]
            yield _picture(visit, album, form, upload, *stated)


def _fresh(visit: Visit, album: Album, form: FormData, dry: bool) -> Iterable[Picture | str]:
    """Those in the form itself, the nth with the nth of what is stated; one statement stands for all."""
    name = f"{album.name}.new"
    sent = [v for v in form.getlist(name) if isinstance(v, UploadFile) and v.filename]
    stated = [form.getlist(f"{name}.{what}") for what in ("at", "maker", "proves")]
    count = len(sent) + len(set(form.getlist(album.name)))
    if sent and count > MOST:
        yield (
            f"一张表单最多 {MOST} 份，现在有 {count} 份，新选的都没有收下："
            "请少选一些，其余的办完以后在案件里登记。"
        )
        return
    for n, file in enumerate(sent):
        words = [str((v[n] if n < len(v) else v[-1]) if v else "") for v in stated]
        if dry:
            film = (file.content_type or "").startswith("video/")
            at = words[0] or _one(form, "at")
            yield Picture(album, at, *_said(visit, album, *words[1:]), film, None)
            continue
        try:
            yield _picture(
                visit, album, form, _taken(visit, album, file, _one(form, "key")), *words
            )
        except (NotAccepted, NoRoom) as no:
            yield str(no)
        except errors.KeyReused:
            yield f"“{kinds.tidy(file.filename or '')}”和另一份的内容完全相同，没有收下：选一份就够。"


def _taken(visit: Visit, album: Album, file: UploadFile, key: str) -> Upload:
    settings = visit.fashen.settings
    name, declared = kinds.tidy(file.filename or ""), file.content_type or ""
    kind = kinds.promised(name, declared, file.file.seek(0, 2), settings)
    if kind.group not in album.groups:
        words = "、".join(kinds.GROUPS[group] for group in album.groups)
        raise NotAccepted(
            f"“{name}”没有收下：是 {kind.label}，这里只收{words}；别的证据办完以后在案件里登记。"
        )
    return attaching.take(visit, NO_CASE, file, f"{key[:64]}.{album.name}" if key else "")


def _picture(
    visit: Visit, album: Album, form: FormData, upload: Upload, at: str, maker: str, proves: str
) -> Picture:
    # A card is photographed while the form is filled in; nobody is asked when.
    own = notes.taken(upload) if album is SCENE else None
    shown = at or (f"{own:%Y-%m-%dT%H:%M}" if own else _one(form, "at"))
    shown = shown or f"{beijing(upload.uploaded_at):%Y-%m-%dT%H:%M}"
    return Picture(album, shown, *_said(visit, album, maker, proves), not upload.picture, upload)


def _said(visit: Visit, album: Album, maker: str, proves: str) -> tuple[str, str]:
    return maker or visit.person.id, proves.strip() or album.proves


def _one(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


# — what the case records of them ——————————————————————————————————————————————————————————


def called(pictures: Sequence[Picture]) -> list[str]:
    """Their names: 现场照片 1, 现场照片 2, 现场录像 1."""
    count: Counter[str] = Counter()
    names = []
    for one in pictures:
        count[one.word] += 1
        names.append(f"{one.word} {count[one.word]}")
    return names


def evidence(
    visit: Visit, pictures: Sequence[Picture], told: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """One form of `add_evidence` for each; `Wrong` where what is stated of one cannot be."""
    made: list[dict[str, Any]] = []
    for name, one in zip(called(pictures), pictures, strict=True):
        at = _moment(visit, name, one)
        if len(one.proves) > LONGEST:
            said = f"{name}：“证明什么”最多 {LONGEST} 个字，现在 {len(one.proves)} 个，请缩短"
            raise Wrong(one.album.beside, said)
        form = {
            "files": [{"file": one.upload.id}] if one.upload else [],
            "kind": one.album.kind.value,
            "name": name,
            "proves": one.proves,
            "taken_on": at.date().isoformat(),
            "taken_time": f"{at:%H:%M}",
            "place": told["place"],
            "maker": _maker(visit, name, one),
            "officers": list(told["officers"]),
        }
        made.append(form | ({"proves_identity": True} if one.album is CARD else {}))
    return made


def lines(visit: Visit, pictures: Sequence[Picture], told: Mapping[str, Any]) -> str:
    """What the decision says of them, from the same values; the card is nobody's business but the file's."""
    said = []
    for name, one in zip(called(pictures), pictures, strict=True):
        if one.album is SCENE:
            at, maker = _moment(visit, name, one), _maker(visit, name, one)
            where = f"{at:%Y-%m-%d %H:%M}，{told['place']}"
            said.append(f"{name}：{where}，{maker}拍摄，证明{one.proves}")
    return "\n".join(said)


def _maker(visit: Visit, name: str, one: Picture) -> str:
    person = visit.office.person(one.maker)
    if person is None:
        raise Wrong(one.album.beside, f"{name}：请选择拍摄人")
    return person.name


def _moment(visit: Visit, name: str, one: Picture) -> datetime:
    try:
        at = beijing(datetime.fromisoformat(one.at).replace(tzinfo=None)) if one.at else visit.now
    except ValueError:
        said = f"{name}：拍摄时间“{one.at[:40]}”读不懂，请写成 2026-01-31T09:30 这样"
        raise Wrong(one.album.beside, said) from None
    if at > visit.now + TOLERANCE:
        now = f"现在是 {visit.now:%Y-%m-%d %H:%M}"
        raise Wrong(
            one.album.beside, f"{name}：拍摄时间 {at:%Y-%m-%d %H:%M} 还没有到，请改正（{now}）"
        )
    return at
