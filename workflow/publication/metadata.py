"""去元数据 — what a file says that is not to be seen on it comes off before the file is published.

The original stays as it is in the dossier; what goes out is a copy: without author, company, place of the
photograph, earlier versions. What somebody may have meant to be read (comments, tracked changes, hidden
text, attachments) or what acts by itself is not thrown away silently: the file is refused, with the cure.
"""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from workflow.errors import FashenError

LARGEST = 200 * 1024 * 1024
"""Bytes of an Office file, unpacked."""
MOST_PIXELS = 100_000_000


class NotCleaned(FashenError):
    """The file cannot go out as it is; the sentence says what stands in it and what to do."""

    status = 422
    title = "文件没有处理"


def clean(content: bytes, name: str) -> bytes:
    """The same file without metadata, of the same kind; `name` is only for the sentence of a refusal.

    The kind is read from the bytes: a name can say anything.
    """
    kind, cleaned = _kind(content)
    if cleaned is None:
        raise NotCleaned(
            f"{name} 是{kind}，没有处理，不能公开：只处理 PDF、JPEG、PNG、WebP、docx、xlsx，"
            "请另存为其中一种再试。"
        )
    try:
        return cleaned(content)
    except NotCleaned as no:
        raise NotCleaned(f"{name}（{kind}）没有处理，不能公开：{no}") from None


def _kind(content: bytes) -> tuple[str, Callable[[bytes], bytes] | None]:
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG 图片", _picture
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG 图片", _picture
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WebP 图片", _picture
    if content.startswith(b"%PDF-"):
        return "PDF", _pdf
    if content.startswith(b"PK\x03\x04"):
        names = _names(content)
        if "word/document.xml" in names:
            return "Word 文件", _word
        if "xl/workbook.xml" in names:
            return "Excel 文件", _excel
        return "压缩包或者不认识的 Office 文件", None
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "旧格式（doc、xls）或者加密的 Office 文件", None
    return "空文件" if not content else "不认识的文件", None


# --- Pictures -----------------------------------------------------------------------------------


def _picture(content: bytes) -> bytes:
    """The pixels alone, upright, in common colours; what follows the picture in the file goes too."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image: Image.Image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
            if image.width * image.height > MOST_PIXELS:
                raise NotCleaned(f"图片超过 {MOST_PIXELS // 10**6} 百万像素，请缩小再试。")
            if getattr(image, "n_frames", 1) > 1 and image.format in ("PNG", "WEBP"):
                raise NotCleaned("是动图，看不全每一帧，请截取要公开的那一帧另存。")
            format = "JPEG" if image.format == "MPO" else str(image.format)
            image.load()
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,
        struct.error,
    ):
        raise NotCleaned("图片不完好，打不开，请重新导出。") from None
    keep = _as_encoded(image)
    image = _upright(image, format)
    image.info = {}
    out = io.BytesIO()
    if format == "JPEG":
        image.save(out, "JPEG", quality="keep" if keep else 95)
    elif format == "WEBP":
        image.save(out, "WEBP", quality=90, exact=True)
    else:
        image.save(out, "PNG")
    return out.getvalue()


def _as_encoded(image: Image.Image) -> bool:
    """A JPEG that needs neither turning nor other colours keeps its own tables and loses nothing."""
    turned = image.getexif().get(0x0112, 1) != 1
    return image.format == "JPEG" and not turned and "icc_profile" not in image.info


def _upright(image: Image.Image, format: str) -> Image.Image:
    """Turned as the camera noted, and in sRGB, since a profile can carry the name of a machine."""
    profile = image.info.get("icc_profile")
    if not (format == "JPEG" and _as_encoded(image)):
        image = ImageOps.exif_transpose(image)
    if image.mode == "P" or "transparency" in image.info:
        image = image.convert("RGBA")
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            wanted = image.mode if image.mode in ("RGB", "RGBA") else "RGB"
            done = ImageCms.profileToProfile(
                image, given, ImageCms.createProfile("sRGB"), outputMode=wanted
            )
            image = done or image
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile says nothing about the colours
    if format == "JPEG" and image.mode not in ("L", "RGB", "CMYK"):
        image = image.convert("RGB")
    return image


def _bare_jpeg(data: bytes) -> bytes:
    """A JPEG inside a PDF without its EXIF, XMP and comments, its picture data byte for byte."""
    if not data.startswith(b"\xff\xd8"):
        return data
    kept, at = [b"\xff\xd8"], 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        marker = data[at + 1]
        # APP0 is JFIF, APP14 tells how the colours are coded; the other APPn and COM are metadata.
        if not (0xE1 <= marker <= 0xEF or marker == 0xFE) or marker == 0xEE:
            kept.append(data[at:end])
        at = end
    return b"".join([*kept, data[at:]])


# --- PDF ----------------------------------------------------------------------------------------

_ACTS = {
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/GoToR",
    "/GoToE",
    "/Rendition",
    "/Movie",
    "/Sound",
}
_FORM = "是可填写的表单，填写的内容会留在里面，请打印成 PDF 拼合。"
_DROPPED = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb")


def _pdf(content: bytes) -> bytes:
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise NotCleaned("文件加了密，请解除密码另存。")
        writer = PdfWriter(clone_from=reader)
        for part in _parts(writer.root_object):
            _allowed(part)
            for key in _DROPPED:
                part.pop(key, None)
            if isinstance(part, StreamObject) and _is_jpeg(part):
                part._data = _bare_jpeg(part._data)
        writer.metadata = None
        writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
        out = io.BytesIO()
        writer.write(out)
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        OSError,
    ) as wrong:
        raise NotCleaned(f"PDF 不完好（{wrong}），请重新打印成 PDF。") from None
    return out.getvalue()


def _parts(root: DictionaryObject) -> Iterator[DictionaryObject]:
    """Every dictionary and stream that can be reached, once."""
    seen: set[tuple[int, int]] = set()
    waiting: list[Any] = [root]
    while waiting:
        it = waiting.pop()
        if isinstance(it, IndirectObject):
            if (it.idnum, it.generation) in seen:
                continue
            seen.add((it.idnum, it.generation))
            it = it.get_object()
        if isinstance(it, DictionaryObject):
            yield it
            waiting += [it.raw_get(key) for key in it]
        elif isinstance(it, ArrayObject):
            waiting += list(it)


def _allowed(part: DictionaryObject) -> None:
    kind, action = part.get("/Subtype"), part.get("/S")
    if "/EmbeddedFiles" in part or "/AF" in part or "/Collection" in part or "/EF" in part:
        raise NotCleaned("里面夹带附件，请去掉附件另存。")
    if "/JS" in part or "/JavaScript" in part or "/AA" in part or action in _ACTS:
        raise NotCleaned("带有脚本或者会自动执行的动作，请重新打印成 PDF。")
    if part.get("/Type") == "/Sig" or "/ByteRange" in part:
        raise NotCleaned("带有电子签名，去掉元数据会使签名失效，请用未签名的文本另存。")
    if "/XFA" in part:
        raise NotCleaned(_FORM)
    if "/OCGs" in part:
        raise NotCleaned("带有图层，看不见的层里可能还有内容，请打印成 PDF 拼合。")
    if part.get("/Type") == "/Annot" or ("/Rect" in part and kind is not None):
        _annotation(str(kind))
    if "/URI" in part and not re.match(r"https?:|mailto:", str(part["/URI"]), re.IGNORECASE):
        raise NotCleaned("有指向本机文件的链接，请去掉链接另存。")


def _annotation(kind: str) -> None:
    if kind == "/Widget":
        raise NotCleaned(_FORM)
    if kind in ("/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"):
        raise NotCleaned("里面夹带附件，请去掉附件另存。")
    if kind != "/Link":
        raise NotCleaned("带有批注，请处理完批注、删去批注另存。")


def _is_jpeg(stream: StreamObject) -> bool:
    filters = stream.get("/Filter")
    named = list(filters) if isinstance(filters, ArrayObject) else [filters]
    if "/DCTDecode" in named and len(named) > 1:
        raise NotCleaned("插图的编码去不掉元数据，请重新打印成 PDF。")
    return named == ["/DCTDecode"]


# --- Word and Excel -----------------------------------------------------------------------------

_ABOUT = re.compile(
    r"docProps/|customXml/|word/people\.xml$|xl/printerSettings/|.*/thumbnail\.\w+$", re.IGNORECASE
)
"""Parts that say who and with what; they go, and what points to them."""
_REFUSED_PARTS = (
    (r".*vbaProject|.*/activeX/|.*\.bin$", "带有宏或者控件，请另存为不带宏的文件"),
    (r".*/embeddings/|.*/ink/", "里面嵌有别的文件，请改为图片或者文字"),
    (r"word/comments|xl/comments|xl/threadedComments|xl/persons/", "带有批注，请处理完批注、删去批注另存"),
    (r"xl/revisions/", "带有修订记录，请取消共享工作簿另存"),
    (r"xl/externalLinks/|xl/connections\.xml|xl/queryTables/", "连着别的文件或者数据库，请粘贴为数值另存"),
    (r"xl/pivotCache/", "数据透视表里存着全部原始数据，请粘贴为数值另存"),
    (r".*/media/.*\.(?:tiff?|gif|bmp|svg)$", "插图是去不掉元数据的格式，请改用 JPEG 或者 PNG"),
)  # fmt: skip
_CHANGES = frozenset(
    {
        *("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge", "numberingChange"),
        *("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tcPrChange", "trPrChange"),
        *("tblGridChange", "tblPrExChange"),
    }
)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def _names(content: bytes) -> set[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return set()


def _word(content: bytes) -> bytes:
    return _repacked(content, _word_part)


def _excel(content: bytes) -> bytes:
    return _repacked(content, _excel_part)


def _repacked(content: bytes, look: Callable[[ElementTree.Element], None]) -> bytes:
    """Every part looked at and written again, in order, without the times of the day it was packed."""
    out = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(content)) as archive,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
        ):
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                raise NotCleaned(f"解开后超过 {LARGEST // 2**20} MB，请缩小插图再试。")
            for entry in archive.infolist():
                if _ABOUT.match(entry.filename):
                    continue
                for sign, why in _REFUSED_PARTS:
                    if re.match(sign, entry.filename, re.IGNORECASE):
                        raise NotCleaned(f"{why}。")
                part = _part(entry.filename, archive.read(entry), look)
                packed.writestr(zipfile.ZipInfo(entry.filename, _EPOCH), part, zipfile.ZIP_DEFLATED)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
        raise NotCleaned("文件不完好或者加了密，请另存再试。") from None
    return out.getvalue()


def _part(name: str, data: bytes, look: Callable[[ElementTree.Element], None]) -> bytes:
    if "/media/" in name:
        return _picture(data) if _kind(data)[1] is _picture else data
    if not name.endswith((".xml", ".rels")):
        return data
    root = _tree(data)
    if name.endswith(".rels"):
        return _relations(root)
    if name == "[Content_Types].xml":
        return _content_types(root)
    look(root)
    return _without_traces(data)


def _tree(data: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise NotCleaned("含有文档类型声明，不是 Office 写出的文件，请用 Office 或者 WPS 另存。")
    try:
        data.decode("utf-8")
        return ElementTree.fromstring(data)
    except (UnicodeDecodeError, ElementTree.ParseError):
        raise NotCleaned("文件不完好，请用 Office 或者 WPS 另存。") from None


def _word_part(root: ElementTree.Element) -> None:
    for it in root.iter():
        word = it.tag.removeprefix(_W)
        if it.tag.startswith(_W) and word in _CHANGES:
            raise NotCleaned("带有修订，请接受或者拒绝全部修订另存。")
        if it.tag.startswith(_W) and word in ("commentReference", "commentRangeStart"):
            raise NotCleaned("带有批注，请处理完批注、删去批注另存。")
        if it.tag in (f"{_W}r", f"{_W}style") and _hidden(it):
            raise NotCleaned("带有隐藏文字，请显示出来，删去或者保留后另存。")


def _hidden(it: ElementTree.Element) -> bool:
    """A run with text, or a style that somebody made, which does not show. Word hides empty paragraphs and
    two styles of its own (z-窗体顶端, z-窗体底端) by itself."""
    mark = it.find(f"{_W}rPr/{_W}vanish")
    if mark is None or mark.get(f"{_W}val", "1") in ("0", "false", "off"):
        return False
    if it.tag == f"{_W}style":
        name = it.find(f"{_W}name")
        return name is None or not name.get(f"{_W}val", "").startswith(("z-", "HTML "))
    return any(t.text for t in it.iter(f"{_W}t"))


def _excel_part(root: ElementTree.Element) -> None:
    for it in root.iter():
        if it.tag == f"{_S}sheet" and it.get("state", "visible") != "visible":
            raise NotCleaned(f"有隐藏的工作表“{it.get('name', '')}”，请删去或者取消隐藏另存。")
        if it.tag in (f"{_S}row", f"{_S}col") and it.get("hidden") in ("1", "true"):
            raise NotCleaned("有隐藏的行或者列，请删去或者取消隐藏另存。")


_TRACES = re.compile(
    r"""\s\w+:rsid\w*="[0-9A-Fa-f]*"|<w:rsids>.*?</w:rsids>|<w:docVars>.*?</w:docVars>|<w:attachedTemplate\s[^>]*/>|"""
    r"""<mc:AlternateContent[^>]*>(?:(?!</mc:AlternateContent>).)*?absPath.*?</mc:AlternateContent>|<fileSharing\s[^>]*/>"""
    r"""|(?<=<pageSetup)(?P<page>\s[^>]*?)\sr:id="[^"]*\"""",
    re.DOTALL,
)


def _without_traces(data: bytes) -> bytes:
    """Without what tells one sitting from another, where the file lay, and who had it open."""
    return _TRACES.sub(lambda m: m["page"] or "", data.decode("utf-8")).encode()


def _relations(root: ElementTree.Element) -> bytes:
    for it in list(root):
        kind, target = it.get("Type", ""), it.get("Target", "")
        about = kind.rpartition("/")[2].lower() in (
            "core-properties", "extended-properties", "custom-properties", "thumbnail", "customxml", "customxmlprops",
            "people", "printersettings", "attachedtemplate",
        )  # fmt: skip
        if about:
            root.remove(it)
        elif it.get("TargetMode") == "External" and not re.match(
            r"https?:|mailto:", target, re.IGNORECASE
        ):
            raise NotCleaned("连着本机或者网络上的文件，请断开链接另存。")
    return _written(root)


def _content_types(root: ElementTree.Element) -> bytes:
    for it in list(root):
        if _ABOUT.match(it.get("PartName", "").lstrip("/")):
            root.remove(it)
    return _written(root)


def _written(root: ElementTree.Element) -> bytes:
    """A flat list of elements with attributes, as the package's own parts are."""
    space, _, tag = root.tag[1:].partition("}")
    rows = [
        f"<{it.tag.rpartition('}')[2]} {' '.join(f'{k}={quoteattr(v)}' for k, v in it.items())}/>"
        for it in root
    ]
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}\n<{tag} xmlns="{space}">{"".join(rows)}</{tag}>'.encode()
