"""个人信息保护法 51 — a published file says what is seen on it, and not who made it, where and with what.

The files are made here, with what cameras and offices put into them; `SECRET` stands where a name would.
"""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image, ImageCms, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Text
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from workflow.publication import metadata
from workflow.publication.metadata import NotCleaned, clean

SECRET = "ZhangSanSecret"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{SECRET}</x:xmpmeta>'.encode()


# --- Pictures -----------------------------------------------------------------------------------


def picture(format: str, **saved) -> bytes:
    """Left half red, right half blue, with what a telephone writes beside it."""
    image = Image.new("RGB", (64, 32), "red")
    image.paste("blue", (32, 0, 64, 32))
    exif = Image.Exif()
    exif[0x010F] = SECRET
    exif[0x0112] = saved.pop("orientation", 1)
    exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 7.0, 12.0), 29: SECRET})
    out = io.BytesIO()
    image.save(out, format, exif=exif, **saved)
    return out.getvalue()


def noted_png() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", SECRET)
    notes.add_itxt("XML:com.adobe.xmp", SECRET, zip=True)
    return picture("PNG", pnginfo=notes)


PICTURES = {
    "jpeg": lambda: picture("JPEG", comment=SECRET, xmp=XMP) + f"motion {SECRET}".encode(),
    "png": noted_png,
    "webp": lambda: picture("WEBP", xmp=XMP),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_keeps_its_pixels_alone(kind):
    given = PICTURES[kind]()
    assert Image.open(io.BytesIO(given)).getexif()[0x010F] == SECRET

    cleaned = clean(given, "现场.jpg")

    assert SECRET.encode() not in cleaned
    image = Image.open(io.BytesIO(cleaned))
    assert image.format == Image.open(io.BytesIO(given)).format
    assert not dict(image.getexif())
    assert not image.getexif().get_ifd(0x8825)
    assert {"exif", "xmp", "comment", "Author", "XML:com.adobe.xmp"}.isdisjoint(image.info)
    assert image.size == (64, 32)
    red, blue = image.convert("RGB").getpixel((4, 16)), image.convert("RGB").getpixel((60, 16))
    assert red[0] > 200 > 60 > red[2]
    assert blue[2] > 200 > 60 > blue[0]


def test_a_picture_that_the_camera_noted_as_turned_is_turned():
    cleaned = Image.open(io.BytesIO(clean(picture("JPEG", orientation=6), "现场.jpg")))
    assert cleaned.size == (32, 64)


def test_a_jpeg_that_needs_nothing_keeps_its_tables():
    given = picture("JPEG", quality=61)
    tables = [Image.open(io.BytesIO(it)).quantization for it in (given, clean(given, "现场.jpg"))]
    assert tables[0] == tables[1]


def test_a_profile_goes_and_the_colours_stay():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = Image.open(io.BytesIO(clean(picture("PNG", icc_profile=profile), "现场.png")))
    assert "icc_profile" not in image.info
    assert image.convert("RGB").getpixel((4, 16))[0] > 200


def test_a_see_through_palette_stays_see_through():
    image = Image.new("P", (4, 4), 0)
    image.putpalette([255, 0, 0] + [0, 0, 0] * 255)
    out = io.BytesIO()
    image.save(out, "PNG", transparency=0)
    assert (
        Image.open(io.BytesIO(clean(out.getvalue(), "印章.png")))
        .convert("RGBA")
        .getpixel((0, 0))[3]
        == 0
    )


def test_a_moving_picture_is_refused():
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), c) for c in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(NotCleaned, match="动图"):
        clean(out.getvalue(), "现场.webp")


def test_a_picture_or_a_package_beyond_the_bound_is_refused_before_it_is_unpacked(monkeypatch):
    at_the_bound = clean(word(TEXT), "x")
    size = sum(map(len, parts(at_the_bound).values()))
    monkeypatch.setattr(metadata, "MOST_PIXELS", 64 * 32)
    monkeypatch.setattr(metadata, "LARGEST", size)
    assert clean(at_the_bound, "x")
    assert clean(picture("JPEG"), "x")

    monkeypatch.setattr(metadata, "MOST_PIXELS", 64 * 32 - 1)
    monkeypatch.setattr(metadata, "LARGEST", size - 1)
    with pytest.raises(NotCleaned, match="像素"):
        clean(picture("JPEG"), "现场.jpg")
    with pytest.raises(NotCleaned, match="解开后超过"):
        clean(at_the_bound, "决定书.docx")


def test_a_broken_picture_is_refused():
    with pytest.raises(NotCleaned, match="不完好"):
        clean(picture("JPEG")[:300], "现场.jpg")


# --- PDF ----------------------------------------------------------------------------------------


def pdf(change=lambda writer, page: None) -> bytes:
    """One page with a photograph on it, an author, an XMP packet, and what `change` adds."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 100)
    photo = StreamObject()
    photo._data = picture("JPEG", comment=SECRET)
    photo.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Filter"): NameObject("/DCTDecode"),
            NameObject("/Width"): NumberObject(64),
            NameObject("/Height"): NumberObject(32),
            NameObject("/BitsPerComponent"): NumberObject(8),
            NameObject("/ColorSpace"): NameObject("/DeviceRGB"),
        }
    )
    drawn = DecodedStreamObject()
    drawn.set_data(b"q 64 0 0 32 0 0 cm /P Do Q")
    page[NameObject("/Contents")] = writer._add_object(drawn)
    photos = DictionaryObject({NameObject("/P"): writer._add_object(photo)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): photos})
    page[NameObject("/PieceInfo")] = DictionaryObject(
        {NameObject("/Office"): TextStringObject(SECRET)}
    )
    packet = DecodedStreamObject()
    packet.set_data(XMP)
    writer.root_object[NameObject("/Metadata")] = writer._add_object(packet)
    writer.add_metadata({"/Author": SECRET, "/Company": SECRET, "/Title": SECRET})
    change(writer, page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_keeps_its_pages_and_loses_author_packet_and_the_place_of_its_photographs():
    given = pdf()
    assert given.count(SECRET.encode()) >= 5

    cleaned = clean(given, "决定书.pdf")

    assert SECRET.encode() not in cleaned
    reader = PdfReader(io.BytesIO(cleaned))
    assert not reader.metadata
    assert reader.xmp_metadata is None
    (page,) = reader.pages
    assert page.mediabox.width == 200
    (image,) = page.images
    assert image.image.size == (64, 32)
    assert not dict(image.image.getexif())


def test_an_earlier_version_in_a_pdf_is_gone():
    out = io.BytesIO(
        pdf(lambda writer, page: page.update({NameObject("/Note"): TextStringObject("BeforeIt")}))
    )
    writer = PdfWriter(out, incremental=True)
    del writer.pages[0]["/Note"]
    writer.write(out)
    assert b"BeforeIt" in out.getvalue()
    assert b"BeforeIt" not in clean(out.getvalue(), "决定书.pdf")


def _link(address: str):
    def change(writer: PdfWriter, page) -> None:
        action = {
            NameObject("/S"): NameObject("/URI"),
            NameObject("/URI"): TextStringObject(address),
        }
        link = {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/Rect"): ArrayObject([NumberObject(n) for n in (0, 0, 9, 9)]),
            NameObject("/A"): DictionaryObject(action),
        }
        page[NameObject("/Annots")] = ArrayObject([writer._add_object(DictionaryObject(link))])

    return change


def _annotated(writer: PdfWriter, page) -> None:
    writer.add_annotation(0, Text(text=SECRET, rect=(0, 0, 20, 20)))


def _field(writer: PdfWriter, page) -> None:
    _link("https://example.gov.cn")(writer, page)
    page["/Annots"][0].get_object()[NameObject("/Subtype")] = NameObject("/Widget")


def _layered(writer: PdfWriter, page) -> None:
    writer.root_object[NameObject("/OCProperties")] = DictionaryObject(
        {NameObject("/OCGs"): ArrayObject()}
    )


def _opening(action: str):
    def change(writer: PdfWriter, page) -> None:
        does = DictionaryObject({NameObject("/S"): NameObject(action)})
        writer.root_object[NameObject("/OpenAction")] = does

    return change


def _signed(writer: PdfWriter, page) -> None:
    page[NameObject("/V")] = DictionaryObject({NameObject("/Type"): NameObject("/Sig")})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda writer, page: writer.add_attachment("笔录.txt", SECRET.encode()), "附件"),
        (_opening("/JavaScript"), "脚本"),
        (lambda writer, page: writer.encrypt("x"), "加了密"),
        (_opening("/Launch"), "会自动执行"),
        (_annotated, "批注"),
        (_field, "表单"),
        (_layered, "图层"),
        (_signed, "电子签名"),
        (_link("file:///D:/x.docx"), "本机文件的链接"),
    ],
)
def test_a_pdf_with_more_in_it_than_pages_is_refused(change, said):
    with pytest.raises(NotCleaned, match=said):
        clean(pdf(change), "决定书.pdf")


def test_a_pdf_with_a_link_to_a_page_on_the_web_is_not_refused():
    assert PdfReader(io.BytesIO(clean(pdf(_link("https://example.gov.cn")), "决定书.pdf"))).pages


def test_a_broken_pdf_is_refused():
    with pytest.raises(NotCleaned, match="不完好"):
        clean(b"%PDF-1.7\nnothing", "决定书.pdf")


# --- Word and Excel -----------------------------------------------------------------------------

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def package(main: str, body: str, **more: str | bytes) -> bytes:
    """An Office file as Office packs it: the main part, who made it, and what points to both."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="m"/>'
        f'<Override PartName="/docProps/core.xml" ContentType="c"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELS}">'
        f'<Relationship Id="r1" Type="{KIND}/officeDocument" Target="{main}"/>'
        f'<Relationship Id="r2" Type="{RELS}/metadata/core-properties" Target="docProps/core.xml"/>'
        f'<Relationship Id="r3" Type="{KIND}/extended-properties" Target="docProps/app.xml"/></Relationships>',
        main: body,
        "docProps/core.xml": f"<c>{SECRET}</c>",
        "docProps/app.xml": f"<Company>{SECRET}</Company>",
        "docProps/custom.xml": f"<p>{SECRET}</p>",
        **{name.replace("__", "/"): part for name, part in more.items()},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.comment = SECRET.encode()
        for name, part in parts.items():
            packed.writestr(name, part)
    return out.getvalue()


def relation(kind: str, target: str, mode: str = "Internal") -> str:
    return (
        f'<Relationships xmlns="{RELS}">'
        f'<Relationship Id="r1" Type="{KIND}/{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    )


FOREIGN = relation("image", f"file:///C:/{SECRET}.png", "External")


def word(inside: str, **more: str | bytes) -> bytes:
    return package(
        "word/document.xml",
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W}"><w:body>{inside}</w:body></w:document>',
        **more,
    )


def excel(inside: str, sheet: str = "", **more: str | bytes) -> bytes:
    return package(
        "xl/workbook.xml",
        f'<workbook xmlns="{S}">{inside}</workbook>',
        **{"xl/worksheets/sheet1.xml": f'<worksheet xmlns="{S}">{sheet}</worksheet>'},
        **more,
    )


TEXT = '<w:p w:rsidR="00AB12CD"><w:r><w:t>罚款壹仟元</w:t></w:r></w:p>'


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.comment == b""
        assert archive.testzip() is None
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_word_file_keeps_its_text_and_loses_who_wrote_it():
    template = relation("attachedTemplate", f"file:///C:/{SECRET}.dotx", "External")
    given = word(
        TEXT,
        **{
            "word/people.xml": SECRET,
            "customXml/item1.xml": f"<a>{SECRET}</a>",
            "word/_rels/settings.xml.rels": template,
            "word/settings.xml": f'<w:settings xmlns:w="{W}"><w:attachedTemplate r:id="r1" xmlns:r="{KIND}"/>'
            f'<w:rsids><w:rsid w:val="00AB12CD"/></w:rsids>'
            f'<w:docVars><w:docVar w:val="{SECRET}"/></w:docVars></w:settings>',
            "word/media/image1.jpeg": picture("JPEG"),
        },
    )

    left = parts(clean(given, "决定书.docx"))

    assert not any(SECRET.encode() in name.encode() + part for name, part in left.items())
    assert "罚款壹仟元" in left["word/document.xml"].decode()
    assert b"rsid" not in left["word/document.xml"] + left["word/settings.xml"]
    assert b"attachedTemplate" not in left["word/settings.xml"]
    assert b"officeDocument" in left["_rels/.rels"]
    assert b"docProps" not in left["_rels/.rels"] + left["[Content_Types].xml"]
    assert Image.open(io.BytesIO(left["word/media/image1.jpeg"])).size == (64, 32)


@pytest.mark.parametrize(
    ("inside", "more", "said"),
    [
        (f'<w:ins w:author="{SECRET}">{TEXT}</w:ins>', {}, "修订"),
        (f'<w:p><w:del w:author="{SECRET}"><w:r><w:delText>x</w:delText></w:r></w:del></w:p>', {}, "修订"),
        ('<w:p><w:pPr><w:pPrChange/></w:pPr></w:p>', {}, "修订"),
        ('<w:p><w:commentRangeStart w:id="0"/></w:p>', {}, "批注"),
        (TEXT, {"word/comments.xml": "<c/>"}, "批注"),
        (TEXT, {"word/footer1.xml": f'<w:ftr xmlns:w="{W}"><w:ins/></w:ftr>'}, "修订"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r>", {}, "隐藏文字"),
        ('<w:style><w:name w:val="底稿"/><w:rPr><w:vanish/></w:rPr></w:style>', {}, "隐藏文字"),
        (TEXT, {"word/vbaProject.bin": "x"}, "宏"),
        (TEXT, {"word/embeddings/a.xlsx": "x"}, "嵌有别的文件"),
        (TEXT, {"word/media/a.tiff": "x"}, "插图"),
        (TEXT, {"word/x.xml": "<!DOCTYPE a><a/>"}, "文档类型声明"),
        (TEXT, {"word/x.xml": "<a/>".encode("utf-16")}, "不完好"),
        (TEXT, {"word/_rels/document.xml.rels": FOREIGN}, "断开链接"),
    ],
)  # fmt: skip
def test_a_word_file_that_says_more_than_it_shows_is_refused(inside, more, said):
    with pytest.raises(NotCleaned, match=said):
        clean(word(inside, **more), "决定书.docx")


@pytest.mark.parametrize(
    "inside",
    [
        "<w:r><w:rPr><w:vanish/></w:rPr></w:r>",
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>x</w:t></w:r>',
        "<w:r><w:rPr><w:webHidden/></w:rPr><w:t>3</w:t></w:r>",
        '<w:style><w:name w:val="z-Top of Form"/><w:rPr><w:vanish/></w:rPr></w:style>',
    ],
)
def test_what_word_hides_by_itself_is_not_hidden_text(inside):
    assert parts(clean(word(inside), "决定书.docx"))


def test_an_excel_file_loses_who_made_it_and_where_it_lay():
    path = (
        '<mc:AlternateContent xmlns:mc="m"><mc:Choice><x15ac:absPath '
        f'xmlns:x15ac="x" url="C:\\{SECRET}"/></mc:Choice></mc:AlternateContent>'
    )
    setup = f'<pageSetup orientation="portrait" r:id="r1" xmlns:r="{KIND}"/>'
    rels = relation("printerSettings", "../printerSettings/printerSettings1.bin")
    given = excel(
        f'<fileSharing userName="{SECRET}"/>{path}<sheets><sheet name="清单"/></sheets>',
        f"<row><c><v>1000</v></c></row>{setup}",
        **{
            "xl/printerSettings/printerSettings1.bin": SECRET,
            "xl/worksheets/_rels/sheet1.xml.rels": rels,
        },
    )

    left = parts(clean(given, "清单.xlsx"))

    assert not any(SECRET.encode() in name.encode() + part for name, part in left.items())
    assert "清单" in left["xl/workbook.xml"].decode()
    assert b"1000" in left["xl/worksheets/sheet1.xml"]
    assert b'r:id="r1"' not in left["xl/worksheets/sheet1.xml"]
    assert b"portrait" in left["xl/worksheets/sheet1.xml"]
    assert b"printerSettings" not in left["xl/worksheets/_rels/sheet1.xml.rels"]


@pytest.mark.parametrize(
    ("inside", "sheet", "more", "said"),
    [
        ('<sheets><sheet name="底稿" state="hidden"/></sheets>', "", {}, "隐藏的工作表“底稿”"),
        ("", '<row hidden="1"/>', {}, "隐藏的行"),
        ("", '<cols><col hidden="true"/></cols>', {}, "隐藏的行"),
        ("", "", {"xl/comments1.xml": "<c/>"}, "批注"),
        ("", "", {"xl/threadedComments/threadedComment1.xml": "<c/>"}, "批注"),
        ("", "", {"xl/externalLinks/externalLink1.xml": "<c/>"}, "连着别的文件"),
        ("", "", {"xl/pivotCache/pivotCacheRecords1.xml": "<c/>"}, "透视表"),
        ("", "", {"xl/vbaProject.bin": "x"}, "宏"),
    ],
)
def test_an_excel_file_that_says_more_than_it_shows_is_refused(inside, sheet, more, said):
    with pytest.raises(NotCleaned, match=said):
        clean(excel(inside, sheet, **more), "清单.xlsx")


# --- What it is ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空文件"),
        ("罚款壹仟元".encode(), "不认识的文件"),
        (b"\xd0\xcf\x11\xe0rest", "旧格式"),
        (b"PK\x03\x04rest", "压缩包"),
        (b"GIF89a", "不认识的文件"),
    ],
)
def test_what_is_not_known_is_refused_with_what_would_be_right(content, said):
    with pytest.raises(NotCleaned, match=f"决定书.pdf 是{said}.*请另存为"):
        clean(content, "决定书.pdf")


def test_the_kind_is_read_from_the_bytes_and_not_from_the_name():
    assert Image.open(io.BytesIO(clean(picture("PNG"), "决定书.pdf"))).format == "PNG"


@pytest.mark.parametrize("given", [*PICTURES.values(), pdf, lambda: word(TEXT), lambda: excel("")])
def test_what_is_clean_stays_clean(given):
    once = clean(given(), "x")
    assert SECRET.encode() not in clean(once, "x")
