"""Small files of every accepted kind, made here so that none has to be kept; and an upload in one line."""

from __future__ import annotations

import io
import struct
import wave
import zlib
from datetime import UTC, datetime
from typing import Any

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from policies.office import Person
from tests.builders import OFFICE
from workflow.database import reading
from workflow.files import uploads
from workflow.files.uploads import Upload
from workflow.program import Fashen


def picture(
    format: str = "JPEG", *, size: tuple[int, int] = (40, 30), taken: str = "", turned: int = 1,
    camera: str = "", gps: bool = False, colour: str = "red",
) -> bytes:  # fmt: skip
    exif = Image.Exif()
    if camera:
        exif[271], exif[272] = camera.split(" ", 1)
    exif[274] = turned
    if taken:
        exif.get_ifd(0x8769)[36867] = taken
    if gps:
        where = exif.get_ifd(0x8825)
        where[1], where[2], where[3], where[4] = "N", (39.0, 8.0, 30.0), "E", (117.0, 10.0, 0.0)
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, format, exif=exif)
    return out.getvalue()


def of_length(length: int) -> bytes:
    """A PNG with exactly so many bytes: what is missing stands in a chunk that nobody reads."""
    whole = picture("PNG")
    body = b"\0" * (length - len(whole) - 12)
    chunk = struct.pack(">I", len(body)) + b"tEXt" + body
    end = whole.rindex(b"IEND") - 4
    return whole[:end] + chunk + struct.pack(">I", zlib.crc32(chunk[4:])) + whole[end:]


def pdf(*, script: bool = False, password: str = "", pages: int = 1) -> bytes:
    made = PdfWriter()
    for _ in range(pages):
        made.add_blank_page(200, 300)
    if script:
        act = DictionaryObject(
            {
                NameObject("/S"): NameObject("/JavaScript"),
                NameObject("/JS"): TextStringObject("app.alert(1)"),
            }
        )
        made.root_object[NameObject("/OpenAction")] = act
    if password:
        made.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


def box(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def film(
    brand: bytes = b"isom", tracks: tuple[bytes, ...] = (b"vide", b"soun"),
    made: datetime | None = None, pixels: bytes = b"\0" * 64,
) -> bytes:  # fmt: skip
    seconds = int((made - datetime(1904, 1, 1, tzinfo=UTC)).total_seconds()) if made else 0
    inside = box(b"mvhd", b"\0" * 4 + struct.pack(">I", seconds) + b"\0" * 92)
    for track in tracks:
        inside += box(b"trak", box(b"mdia", box(b"hdlr", b"\0" * 8 + track + b"\0" * 12)))
    return box(b"ftyp", brand + b"\0" * 4 + b"isom") + box(b"mdat", pixels) + box(b"moov", inside)


def heic() -> bytes:
    return (
        box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", b"\0" * 40) + box(b"mdat", b"x" * 50)
    )


def wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 800)
    return out.getvalue()


def avi() -> bytes:
    body = b"AVI " + b"LIST" + struct.pack("<I", 4) + b"hdrl"
    return b"RIFF" + struct.pack("<I", len(body)) + body


def mp3() -> bytes:
    frame = b"\xff\xfb\x90\x64" + b"\0" * 413
    return b"ID3\x04\0\0\0\0\0\x0a" + b"\0" * 10 + frame * 3


def amr() -> bytes:
    return b"#!AMR\n" + b"\x3c" + b"\0" * 31


EVERY = {
    "照片.jpg": (picture(), "image/jpeg"),
    "IMG_1.JPEG": (picture(), "image/jpeg"),
    "a.png": (picture("PNG"), "image/png"),
    "a.webp": (picture("WEBP"), "image/webp"),
    "a.heic": (heic(), "image/heic"),
    "a.pdf": (pdf(), "application/pdf"),
    "a.mp3": (mp3(), "audio/mpeg"),
    "a.m4a": (film(b"M4A ", (b"soun",)), "audio/mp4"),
    "recorder.m4a": (film(b"mp42", (b"soun",)), "audio/mp4"),
    "a.wav": (wav(), "audio/wav"),
    "a.amr": (amr(), "audio/amr"),
    "a.mp4": (film(), "video/mp4"),
    "a.mov": (film(b"qt  "), "video/quicktime"),
    "a.3gp": (film(b"3gp4"), "video/3gpp"),
    "a.avi": (avi(), "video/x-msvideo"),
}
"""A file of every accepted kind under a name that it may bear, and the media type that we find in it."""


def person(fashen: Fashen, id: str = "zhang", office: str = OFFICE) -> Person:
    with reading(fashen.engine) as tx:
        found = fashen.bureau(tx, office).office.person(id)
    assert found is not None
    return found


def begun(
    fashen: Fashen, case: str, name: str, size: int, *, by: str = "zhang", declared: str = "",
    key: str = "",
) -> Upload:  # fmt: skip
    who = person(fashen, by)
    return uploads.begin(
        fashen, OFFICE, who, case, name=name, declared=declared, size=size, key=key
    )


def sent(fashen: Fashen, upload: Upload, *pieces: bytes) -> Upload:
    """Each piece behind what has come, and the end."""
    for piece in pieces:
        with uploads.receive(fashen, upload, uploads.offset(fashen, upload)) as part:
            part.write(piece)
    return uploads.finish(fashen, upload)


def uploaded(
    fashen: Fashen, case: str, name: str = "照片.jpg", content: bytes | None = None, **more: Any
) -> Upload:
    content = picture() if content is None else content
    return sent(fashen, begun(fashen, case, name, len(content), **more), content)
