"""文件的种类 — what is accepted as evidence, and what a file is: its name, its content and what it was sent as agree.

The content decides, and must begin with its own signature: a PDF behind some HTML is HTML. What a file is that
is not accepted, `puremagic` names for the sentence.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Literal

from workflow.files import boxes
from workflow.files.refused import NotAccepted, TooLarge
from workflow.settings import Settings

Group = Literal["photo", "pdf", "audio", "video"]

GROUPS: dict[Group, str] = {"photo": "照片", "pdf": "PDF", "audio": "录音", "video": "视频"}

MB = 1024 * 1024

LONGEST_NAME = 255
"""Bytes of a name in UTF-8: what file systems hold, should somebody save the file again."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One accepted format. `said` are the media types by which browsers and phones send it.

    Only what is `inline` may be shown inside a page; everything else is downloaded.
    """

    media_type: str
    label: str
    group: Group
    endings: tuple[str, ...]
    said: frozenset[str]
    inline: bool = True


def _kind(
    media_type: str, label: str, group: Group, endings: str, said: str = "", *, inline: bool = True
) -> Kind:
    return Kind(
        media_type,
        label,
        group,
        tuple(endings.split()),
        frozenset((media_type, *said.split())),
        inline,
    )


JPEG = _kind("image/jpeg", "JPEG 图片", "photo", ".jpg .jpeg .jfif", "image/jpg image/pjpeg")
PNG = _kind("image/png", "PNG 图片", "photo", ".png", "image/x-png")
WEBP = _kind("image/webp", "WebP 图片", "photo", ".webp")
HEIC = _kind("image/heic", "HEIC 图片", "photo", ".heic .heif", "image/heif", inline=False)
PDF = _kind("application/pdf", "PDF", "pdf", ".pdf", "application/x-pdf")
MP3 = _kind("audio/mpeg", "MP3 录音", "audio", ".mp3", "audio/mp3 audio/x-mp3 audio/mpeg3")
M4A = _kind("audio/mp4", "M4A 录音", "audio", ".m4a", "audio/m4a audio/x-m4a audio/aac video/mp4")
WAV = _kind("audio/wav", "WAV 录音", "audio", ".wav", "audio/x-wav audio/wave audio/vnd.wave")
AMR = _kind("audio/amr", "AMR 录音", "audio", ".amr", "audio/amr-wb audio/3gpp", inline=False)
MP4 = _kind("video/mp4", "MP4 视频", "video", ".mp4 .m4v", "video/x-m4v")
MOV = _kind("video/quicktime", "MOV 视频", "video", ".mov")
THREE_GP = _kind("video/3gpp", "3GP 视频", "video", ".3gp .3g2 .3gpp", "video/3gpp2")
AVI = _kind("video/x-msvideo", "AVI 视频", "video", ".avi", "video/avi video/msvideo", inline=False)

KINDS = (JPEG, PNG, WEBP, HEIC, PDF, MP3, M4A, WAV, AMR, MP4, MOV, THREE_GP, AVI)
BY_TYPE = {kind.media_type: kind for kind in KINDS}
_BY_ENDING = {ending: kind for kind in KINDS for ending in kind.endings}

ISO_VIDEO = (MP4, MOV, THREE_GP)
"""One container under three names: phones mix its brands and endings, and any of them is played the same."""

ACCEPT = ",".join(
    sorted({e for kind in KINDS for e in kind.endings} | {k.media_type for k in KINDS})
)
"""For the file field of a page."""

UNSAID = frozenset(("", "application/octet-stream", "binary/octet-stream"))


def accepted(settings: Settings) -> str:
    """照片 JPEG、PNG、WebP、HEIC（20 MB 以内）；……"""
    told = []
    for group, words in GROUPS.items():
        names = "、".join(k.label.split()[0] for k in KINDS if k.group == group)
        most = in_words(limit(group, settings))
        told.append(
            f"{words}（{most} 以内）" if group == "pdf" else f"{words} {names}（{most} 以内）"
        )
    return "；".join(told)


def limit(group: Group, settings: Settings) -> int:
    """Bytes of one file."""
    most: int = getattr(settings, f"files_{group}")
    return most * MB


def in_words(size: int) -> str:
    """1.5 MB, 4 GB, 812 字节."""
    for unit, words in ((1024 * MB, "GB"), (MB, "MB"), (1024, "KB")):
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0") + f" {words}"
    return f"{size} 字节"


def tidy(name: str) -> str:
    """A name as it may be shown and saved: no folders, nothing invisible, no longer than 255 bytes.

    It never names a file on this machine. A mark that turns the reading direction round goes, so that what
    ends in `gpj.exe` is seen to.
    """
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    kept = unicodedata.normalize("NFC", " ".join(kept.split())).strip(". ")
    end = ending(kept)
    stem, room = kept.removesuffix(kept[-len(end) :]) if end else kept, LONGEST_NAME - len(end)
    short = stem.encode()[:room].decode(errors="ignore")
    return f"{short or '未命名'}{kept[len(kept) - len(end) :]}"


def ending(name: str) -> str:
    """`.jpg` of `IMG_1.JPG`; empty where there is none."""
    stem, dot, last = name.rpartition(".")
    return f".{last.lower()}" if dot and stem and re.fullmatch(r"[A-Za-z0-9]{1,10}", last) else ""


def promised(name: str, declared: str, size: int, settings: Settings) -> Kind:
    """What a file would be by its name, before a byte of it has come; `NotAccepted` if that cannot be."""
    kind = _BY_ENDING.get(ending(name))
    if kind is None:
        what = f"名字以 {ending(name)} 结尾" if ending(name) else "名字没有扩展名，看不出是什么文件"
        raise NotAccepted(f"“{name}”没有收下：{what}。{_only(settings)}")
    if size <= 0:
        raise NotAccepted(f"“{name}”没有收下：是空文件，请重新选择。")
    most = limit(kind.group, settings)
    if size > most:
        raise TooLarge(
            f"“{name}”没有收下：有 {in_words(size)}（{size} 字节），"
            f"{GROUPS[kind.group]}一个最多 {in_words(most)}。{_SMALLER[kind.group]}"
        )
    told = declared.partition(";")[0].strip().lower()
    family = {t for k in (ISO_VIDEO if kind in ISO_VIDEO else (kind,)) for t in k.said}
    if told not in UNSAID and told not in family:
        raise NotAccepted(
            f"“{name}”没有收下：名字说是 {kind.label}，发送时写的类型却是 {told[:60]}，"
            "二者不符；请不要改扩展名，直接上传原来的文件。"
        )
    return kind


_SMALLER: dict[Group, str] = {
    "photo": "原片很重要，请不要压缩；确实更大的，请管理员调大 FASHEN_FILES_PHOTO。",
    "pdf": "请分成几个文件上传，或者请管理员调大 FASHEN_FILES_PDF。",
    "audio": "请按时段分成几段上传，或者请管理员调大 FASHEN_FILES_AUDIO。",
    "video": "请按时段分成几段上传，或者请管理员调大 FASHEN_FILES_VIDEO。",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file is by its bytes, and the moment that a recorder wrote into it."""

    kind: Kind
    made: datetime | None = None


def sniff(file: BinaryIO, size: int, name: str, settings: Settings) -> Seen:
    """What the bytes are, if name and content agree and its parts fit together; else `NotAccepted`."""
    file.seek(0)
    head = file.read(4096)
    wanted = _BY_ENDING[ending(name)]
    try:
        seen = _read(file, head, size)
    except boxes.Broken:
        raise NotAccepted(
            f"“{name}”没有收下：文件不完整，或者结构不对，可能没有录完或者没有传完；请重新导出原文件再传。"
        ) from None
    if seen is None:
        raise NotAccepted(
            f"“{name}”没有收下：名字说是 {wanted.label}，内容却是{_named(head)}。{_only(settings)}"
        )
    if _zip_behind(file, size):
        raise NotAccepted(
            f"“{name}”没有收下：是 {seen.kind.label}，后面却接着一个压缩包，"
            "一个文件有两种读法；请上传没有处理过的原文件。"
        )
    if seen.kind is not wanted and not (seen.kind in ISO_VIDEO and wanted in ISO_VIDEO):
        raise NotAccepted(
            f"“{name}”没有收下：名字说是 {wanted.label}，内容却是 {seen.kind.label}，二者不符；"
            f"请把扩展名改成 {seen.kind.endings[0]} 再传，或者上传原来的文件。"
        )
    return seen


def _only(settings: Settings) -> str:
    return f"可以上传的：{accepted(settings)}。"


def _read(file: BinaryIO, head: bytes, size: int) -> Seen | None:
    if head.startswith(b"\xff\xd8\xff"):
        return None if b"%PDF-" in head[:1024] else Seen(JPEG)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Seen(PNG)
    if re.match(rb"%PDF-\d\.\d", head):
        return Seen(PDF)
    if head.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return Seen(AMR)
    if head.startswith(b"RIFF"):
        return _riff(file, head, size)
    if head[4:8] == b"ftyp":
        return _iso(file, head, size)
    return Seen(MP3) if _mpeg_sound(file, head, size) else None


def _riff(file: BinaryIO, head: bytes, size: int) -> Seen | None:
    form = head[8:12]
    if form == b"WEBP":
        return Seen(WEBP)
    if form in (b"WAVE", b"AVI "):
        chunks = boxes.riff(file, size)
        if form == b"WAVE" and b"fmt " in chunks and b"data" in chunks:
            return Seen(WAV)
        return Seen(AVI) if form == b"AVI " and chunks[:1] == [b"LIST"] else None
    return None


_PICTURES = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx")


def _iso(file: BinaryIO, head: bytes, size: int) -> Seen | None:
    brand = head[8:12]
    if brand in (b"avif", b"avis"):
        return None
    found = boxes.media(file, size)
    if brand in _PICTURES:
        return Seen(HEIC)
    if not found.tracks & {"vide", "soun"}:
        raise boxes.Broken  # no recording in it: its table of contents is missing
    if "vide" not in found.tracks:
        return Seen(M4A, found.made)
    kind = MOV if brand == b"qt  " else THREE_GP if brand.startswith(b"3g") else MP4
    return Seen(kind, found.made)


_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_FULL = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_HALF = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


def _mpeg_sound(file: BinaryIO, head: bytes, size: int) -> bool:
    """Two frames of MPEG layer III, one right after the other, behind the tags that may stand before them."""
    at = 0
    if head.startswith(b"ID3") and len(head) >= 10:
        at = 10 + sum(
            (byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True)
        )
    for _ in range(2):
        file.seek(at)
        length = _frame(file.read(4))
        if not length or at + length > size:
            return False
        at += length
    return True


def _frame(head: bytes) -> int:
    """The length of the frame that begins so; 0 if none does."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:  # sync, and layer III
        return 0
    version, rate, index = head[1] >> 3 & 3, head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or rate == 3 or index in (0, 15):
        return 0
    bits, samples = (_FULL[index], 144) if version == 3 else (_HALF[index], 72)
    return samples * bits * 1000 // _RATES[version][rate] + (head[2] >> 1 & 1)


def _zip_behind(file: BinaryIO, size: int) -> bool:
    """Whether an archive ends exactly where the file ends: then another program opens it as one."""
    tail = min(size, 22 + 0xFFFF)
    file.seek(size - tail)
    last = file.read(tail)
    at = last.rfind(b"PK\x05\x06")
    while at >= 0:
        if (
            len(last) - at >= 22
            and at + 22 + int.from_bytes(last[at + 20 : at + 22], "little") == tail
        ):
            return True
        at = last.rfind(b"PK\x05\x06", 0, at)
    return False


_WORDS = {
    ".exe": "可执行程序", ".elf": "可执行程序", ".html": "网页（HTML）", ".htm": "网页（HTML）",
    ".svg": "SVG 图形", ".xml": "XML 文件", ".gif": "GIF 图片", ".bmp": "BMP 图片", ".tif": "TIFF 图片",
    ".tiff": "TIFF 图片", ".psd": "Photoshop 文件", ".doc": "旧格式的 Office 文件",
    ".docx": "Office 文件或者压缩包", ".zip": "压缩包", ".rar": "RAR 压缩包", ".7z": "7z 压缩包",
    ".gz": "gzip 压缩包", ".avif": "AVIF 图片", ".mkv": "MKV 视频", ".webm": "WebM 视频",
    ".flv": "FLV 视频", ".wmv": "WMV 视频", ".asf": "WMV 视频", ".ogg": "Ogg 录音", ".flac": "FLAC 录音",
}  # fmt: skip


def _named(head: bytes) -> str:
    """What the content is, in words, as well as it can be told."""
    plain = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for start, words in (
        (b"<svg", "SVG 图形"),
        (b"<html", "网页（HTML）"),
        (b"<!doctype html", "网页（HTML）"),
    ):
        if plain.startswith(start):
            return words
    if b"%PDF-" in head[:1024]:
        return "别的东西，PDF 的开头在后面"
    if head[:4] == b"PK\x03\x04":
        return _WORDS[".docx"]
    import puremagic  # reads its whole table of signatures: only who refuses needs it

    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        found = []
    for guess in found:
        if known := _WORDS.get(guess.extension):
            return known
    if found and found[0].confidence >= 0.5:
        return f"{found[0].extension} 文件"
    return "文字" if head.isascii() and b"\0" not in head else "认不出的内容"
