"""打开看 — opens one picture or PDF, says what stands in it, and draws the previews. A program of its own.

    python -m workflow.files.look FILE MEDIA_TYPE FOLDER

Files come from strangers, and what reads them has had faults: so it runs apart, with bounds on memory, time
and what it may write, and answers in JSON. It reads the original and never writes to it.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

MEMORY = 2 * 1024**3
SECONDS = 60
WRITES = 64 * 1024 * 1024

MOST_PIXELS = 100_000_000
"""Far more than a telephone takes; a small file can claim any number, and the memory would be ours."""

SIZES = {"320": 320, "1600": 1600}
"""The longer side of each preview."""

MOST_OBJECTS = 200_000
ACTIVE = frozenset(
    (
        "/JS",
        "/JavaScript",
        "/Launch",
        "/EmbeddedFile",
        "/EmbeddedFiles",
        "/RichMedia",
        "/XFA",
        "/SubmitForm",
        "/ImportData",
    )
)


class Faulty(Exception):
    """It cannot be opened as what it is, or must not be; the text is for the sender."""


def look(file: Path, media_type: str, folder: Path) -> dict[str, Any]:
    if media_type == "application/pdf":
        return _pdf(file, folder)
    return _picture(file, media_type, folder)


# — pictures ——————————————————————————————————————————————————————————————————————————————


def _picture(file: Path, media_type: str, folder: Path) -> dict[str, Any]:
    from PIL import Image, ImageOps

    formats = {"image/jpeg": ("JPEG", "MPO"), "image/png": ("PNG",), "image/webp": ("WEBP",)}
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    too_many = f"像素超过 {MOST_PIXELS // 10**6} 百万，打开会占满内存；请上传相机或者手机拍的原片"
    try:
        image: Image.Image = Image.open(file, formats=formats[media_type])
        if image.width * image.height > MOST_PIXELS:
            raise Faulty(too_many)
        exif = image.getexif()
        told: dict[str, Any] = {"width": image.width, "height": image.height, **_exif(exif)}
        image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise Faulty(too_many) from None
    except Faulty:
        raise
    except Exception:
        raise Faulty("图片打不开或者不完整，请重新传原片") from None
    image = ImageOps.exif_transpose(image)
    for name, side in sorted(SIZES.items(), key=lambda size: -size[1]):
        image.thumbnail((side, side))
        _plain(image).save(folder / f"{name}.jpg", "JPEG", quality=82)
    return told


def _plain(image: Any) -> Any:
    """The pixels alone, on white: nothing that the file says of itself goes along."""
    from PIL import Image

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    plain = image.convert("RGB")
    plain.info = {}
    return plain


def _exif(exif: Any) -> dict[str, Any]:
    """When, where and with what it was taken, as far as it can be read; nonsense is left out."""
    found: dict[str, Any] = {}
    with contextlib.suppress(Exception):
        make, model = (str(exif.get(tag, "")).strip("\0 ") for tag in (271, 272))
        camera = model if model.startswith(make) else f"{make} {model}"
        if _readable(camera):
            found["camera"] = camera[:80]
    with contextlib.suppress(Exception):
        inner = exif.get_ifd(0x8769)
        said = str(inner.get(36867) or inner.get(36868) or exif.get(306) or "").strip("\0 ")
        found["taken"] = datetime.fromisoformat(said.replace(":", "-", 2)).isoformat()
        zone = str(inner.get(36881) or "").strip("\0 ")
        found["taken"] = datetime.fromisoformat(f"{found['taken']}{zone}").isoformat()
    with contextlib.suppress(Exception):
        gps = exif.get_ifd(0x8825)
        lat, lon = _degrees(gps[2], gps[1], "S"), _degrees(gps[4], gps[3], "W")
        if abs(lat) <= 90 and abs(lon) <= 180 and (lat or lon):
            found |= {"lat": f"{lat:.5f}", "lon": f"{lon:.5f}"}
    return found


def _readable(words: str) -> bool:
    return bool(words.strip()) and words.isprintable()


def _degrees(parts: Any, ref: str, minus: str) -> float:
    degrees: float = sum(float(part) / 60**n for n, part in enumerate(parts))
    return -degrees if str(ref).upper().startswith(minus) else degrees


# — PDF ———————————————————————————————————————————————————————————————————————————————————


def _pdf(file: Path, folder: Path) -> dict[str, Any]:
    from pypdf import PdfReader

    try:
        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Faulty("PDF 有口令，别人打不开；请上传去掉口令的，口令写在纸上没有用")
        pages = len(reader.pages)
    except Faulty:
        raise
    except Exception:
        raise Faulty("PDF 打不开或者不完整，请重新导出或者重新扫描") from None
    if pages == 0:
        raise Faulty("PDF 里一页也没有")
    _first_page(file, folder)
    return {"pages": pages, "active": _acts(reader)}


def _acts(reader: Any) -> bool:
    """Whether it holds scripts, other files, or what starts something; what cannot be read counts as if."""
    try:
        for number, value in enumerate(_objects(reader)):
            if number > MOST_OBJECTS or any(name in ACTIVE for name in _names(value, 0)):
                return True
    except Exception:
        return True
    return False


def _objects(reader: Any) -> Iterator[Any]:
    from pypdf.generic import IndirectObject

    yield reader.trailer
    numbers = {n for generation in reader.xref.values() for n in generation} | set(
        reader.xref_objStm
    )
    for number in sorted(numbers):
        generation = next((g for g, held in reader.xref.items() if number in held), 0)
        yield reader.get_object(IndirectObject(number, generation, reader))


def _names(value: Any, depth: int) -> Iterator[str]:
    """Keys and names in one object, without following what it points to."""
    if depth > 50:
        raise ValueError("too deep")
    if isinstance(value, dict):
        for key, part in dict.items(value):
            yield str(key)
            yield from _names(part, depth + 1)
    elif isinstance(value, list):
        for part in list.__iter__(value):
            yield from _names(part, depth + 1)
    elif isinstance(value, str) and value.startswith("/"):
        yield str(value)


def _first_page(file: Path, folder: Path) -> None:
    """Without a preview a PDF is still evidence: whatever stops the drawing stops nothing else."""
    with contextlib.suppress(Exception):
        import pypdfium2

        document = pypdfium2.PdfDocument(file)
        page = document[0]
        image = page.render(scale=min(1600 / max(page.get_size()), 4)).to_pil()
        for name, side in sorted(SIZES.items(), key=lambda size: -size[1]):
            image.thumbnail((side, side))
            _plain(image).save(folder / f"{name}.jpg", "JPEG", quality=82)


def _bounded() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, WRITES),
        (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    _bounded()
    try:
        answer = look(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
    except Faulty as no:
        answer = {"faulty": str(no)}
    json.dump(answer, sys.stdout)
